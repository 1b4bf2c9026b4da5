//! Hostile bytes for whatever reads bytes: a fixed corpus, changed at random. See `tests/fuzz/README.md`.

mod texts;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::domain::reference::Chance;
use crate::store::ObjectId;

/// Changes of each file of the corpus in a short run.
const ROUNDS: usize = 24;
/// No input is longer.
const LONGEST: usize = 1 << 16;
/// Numbers at which readers of binary files go wrong.
const NUMBERS: [u32; 8] = [0, 1, 0x7f, 0xff, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff];

/// The files below a folder of the repository, in the order of their names.
pub fn files(folder: &str) -> Vec<Vec<u8>> {
    let mut paths = vec![root().join(folder)];
    let mut found = Vec::new();
    while let Some(path) = paths.pop() {
        if path.is_dir() {
            paths.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Case files, whole and damaged.
pub fn cases() -> Vec<Vec<u8>> {
    let mut all = files("tests/fuzz/corpus/case_file");
    all.extend(files("tests/broken").into_iter().filter(|input| input.len() < 10_000));
    all.extend(files("cases.example/cases"));
    all
}

/// Words of YAML, and characters with which something goes on, ends or hides.
pub const YAML: [&str; 24] = [
    ": ", "- ", "? ", "|\n", "|2-\n", ">", "'", "\"", "\\", "\n", "\n  ", "\r\n", "\t", "#", "&a ", "*a",
    "!!str ", "[", "{", "---\n", "...\n", "\u{85}", "\u{2028}", "\u{feff}",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[expect(clippy::disallowed_methods, reason = "switches of the tests alone")]
fn number(switch: &str) -> Option<u64> {
    std::env::var(switch).ok().map(|value| value.parse().unwrap())
}

/// Tries `holds`, which panics where something does not hold, with each file of the corpus and with changes of them.
/// `words` are what may be put in beside what the corpus has.
pub fn run(name: &str, corpus: &[Vec<u8>], words: &[&str], holds: impl Fn(&[u8])) {
    assert!(!corpus.is_empty(), "{name} has no corpus");
    corpus.iter().for_each(|input| tried(name, input, &holds));
    let Some(seconds) = number("CSODS_FUZZ_SECONDS") else {
        let mut changes = Changes { chance: Chance::from_seed(1), corpus, words };
        // So many in all, whichever file they begin with.
        (0..ROUNDS * corpus.len().min(40)).for_each(|_| tried(name, &changes.next(), &holds));
        return;
    };
    let seed = number("CSODS_FUZZ_SEED").unwrap_or_else(|| getrandom::u64().unwrap());
    say(&format!("{name}: seed {seed}"));
    let mut changes = Changes { chance: Chance::from_seed(seed), corpus, words };
    let (end, mut count) = (Instant::now() + Duration::from_secs(seconds), 0_u64);
    while Instant::now() < end {
        let input = changes.next();
        // Should it end the process, it is there to be looked at.
        keep(&format!("{name}.now"), &input);
        tried(name, &input, &holds);
        count += 1;
    }
    say(&format!("{name}: {count} inputs"));
}

#[expect(clippy::print_stderr, reason = "how to repeat a run must be seen")]
fn say(line: &str) {
    eprintln!("{line}");
}

fn tried(name: &str, input: &[u8], holds: &impl Fn(&[u8])) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| holds(input))) {
        let place = keep(&format!("{name}-{:.12}", ObjectId::of_blob(input).to_string()), input);
        say(&format!("{name}: the input is in {}", place.display()));
        resume_unwind(panic);
    }
}

#[expect(clippy::disallowed_methods, reason = "not a file of a store")]
fn keep(name: &str, input: &[u8]) -> PathBuf {
    let folder = root().join("target/fuzz");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    fs::write(&path, input).unwrap();
    path
}

/// Draws one input after the other.
struct Changes<'c> {
    chance: Chance,
    corpus: &'c [Vec<u8>],
    words: &'c [&'c str],
}

impl Changes<'_> {
    /// A number below `bound`, which may be 0.
    fn below(&mut self, bound: usize) -> usize {
        if bound == 0 { 0 } else { self.chance.below(1 << 20) % bound }
    }

    fn next(&mut self) -> Vec<u8> {
        let mut input = self.corpus[self.below(self.corpus.len())].clone();
        for _ in 0..=self.below(4) {
            self.change(&mut input);
        }
        input.truncate(LONGEST);
        input
    }

    /// A stretch of the input: most are short.
    fn stretch(&mut self, length: usize) -> std::ops::Range<usize> {
        let begin = self.below(length + 1);
        let most = if self.below(4) == 0 { length } else { 16 };
        begin..(begin + self.below(most + 1)).min(length)
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let at = self.below(input.len() + 1);
        match self.below(10) {
            0 if at < input.len() => input[at] ^= 1 << self.below(8),
            1 if at < input.len() => input[at] = self.below(256) as u8,
            2 => drop(input.drain(self.stretch(input.len()))),
            3 => input.truncate(at),
            // Said once more, there or elsewhere, once or very often.
            4 => {
                let piece = input[self.stretch(input.len())].to_vec();
                let often = if self.below(8) == 0 { self.below(2_000) } else { 1 };
                let room = LONGEST / piece.len().max(1);
                input.splice(at..at, piece.repeat(often.min(room)));
            }
            5 => {
                let other = &self.corpus[self.below(self.corpus.len())];
                let piece = other[self.stretch(other.len())].to_vec();
                input.splice(at..at, piece);
            }
            6 => {
                let other = &self.corpus[self.below(self.corpus.len())];
                input.truncate(at);
                input.extend_from_slice(&other[self.below(other.len())..]);
            }
            7 if at + 4 <= input.len() => {
                let number = NUMBERS[self.below(NUMBERS.len())];
                input[at..at + 4].copy_from_slice(&number.to_be_bytes());
            }
            _ if !self.words.is_empty() => {
                let word = self.words[self.below(self.words.len())];
                let often = if self.below(16) == 0 { self.below(5_000) } else { 1 };
                input.splice(at..at, word.repeat(often).into_bytes());
            }
            _ => {
                let byte = self.below(256) as u8;
                input.insert(at, byte);
            }
        }
    }
}
