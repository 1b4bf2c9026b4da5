//! Valid case files, hurt by chance: each is refused with a place and without a word of what it holds, or read as a case
//! that is written and read the same. Always in time, and never by a panic.

use std::path::Path;
use std::time::Duration;

use csods::store::{answers, files, yaml};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::support::walk;
use crate::work::spent;

/// What is put into a file.
const BITS: &[&str] = &[
    " ",
    "  ",
    "\n",
    "\n\n",
    "\t",
    ":",
    ": ",
    "- ",
    "-",
    "#",
    " # ",
    "'",
    "\"",
    "[",
    "]",
    "{",
    "}",
    ",",
    "&a ",
    "*a",
    "!b ",
    "|",
    "|2\n",
    ">-\n",
    "? ",
    "<<: ",
    "---\n",
    "...\n",
    "%",
    "\\",
    "\r",
    "\r\n",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "\0",
    "é",
    "null",
    "true",
    "yes",
    "1",
    "0x1",
    "12:30",
    "2026-01-02",
    "2026-13-40",
    "2026-03-02T09:15:00Z",
    "~",
    "id: ",
    "format: 2\n",
    "stage: closed\n",
    "../",
    "9999999999999999999999",
];

/// One hurt.
#[derive(Debug, Clone)]
enum Hurt {
    Insert(Index, usize),
    Replace(Index, u8),
    Delete(Index, usize),
    Cut(Index),
    Repeat(Index, Index),
    Swap(Index, Index),
    Indent(Index, usize),
    Borrow(Index, Index, Index),
}

fn hurt() -> impl Strategy<Value = Hurt> {
    let place = any::<Index>;
    prop_oneof![
        4 => (place(), 0..BITS.len()).prop_map(|(at, bit)| Hurt::Insert(at, bit)),
        2 => (place(), any::<u8>()).prop_map(|(at, byte)| Hurt::Replace(at, byte)),
        2 => (place(), 1..12_usize).prop_map(|(at, count)| Hurt::Delete(at, count)),
        1 => place().prop_map(Hurt::Cut),
        2 => (place(), place()).prop_map(|(from, to)| Hurt::Repeat(from, to)),
        2 => (place(), place()).prop_map(|(one, other)| Hurt::Swap(one, other)),
        1 => (place(), 0..6_usize).prop_map(|(line, by)| Hurt::Indent(line, by)),
        2 => (place(), place(), place()).prop_map(|(file, from, to)| Hurt::Borrow(file, from, to)),
    ]
}

impl Hurt {
    fn apply(&self, bytes: &mut Vec<u8>, others: &[Vec<u8>]) {
        let at = |index: &Index, bytes: &[u8]| index.index(bytes.len() + 1).min(bytes.len());
        match self {
            Hurt::Insert(place, bit) => {
                let at = at(place, bytes);
                bytes.splice(at..at, BITS[*bit].bytes());
            }
            Hurt::Replace(place, byte) if !bytes.is_empty() => {
                let at = place.index(bytes.len());
                bytes[at] = *byte;
            }
            Hurt::Delete(place, count) => {
                let at = at(place, bytes);
                bytes.drain(at..(at + count).min(bytes.len()));
            }
            Hurt::Cut(place) => bytes.truncate(at(place, bytes)),
            Hurt::Replace(..) => {}
            lines => {
                let mut all: Vec<Vec<u8>> =
                    bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
                if all.is_empty() {
                    return;
                }
                let line = |index: &Index| index.index(all.len());
                match lines {
                    Hurt::Repeat(from, to) => {
                        let (from, to) = (line(from), line(to));
                        all.insert(to, all[from].clone());
                    }
                    Hurt::Swap(one, other) => {
                        let (one, other) = (line(one), line(other));
                        all.swap(one, other);
                    }
                    Hurt::Indent(which, by) => {
                        let which = line(which);
                        let text = all[which].trim_ascii_start().to_vec();
                        all[which] = [&b"      "[..*by], &text].concat();
                    }
                    Hurt::Borrow(file, from, to) => {
                        let to = line(to);
                        let other = file.get(others);
                        let theirs: Vec<&[u8]> = other.split_inclusive(|byte| *byte == b'\n').collect();
                        all.insert(to, from.get(&theirs).to_vec());
                    }
                    _ => {}
                }
                *bytes = all.concat();
            }
        }
    }
}

/// The case files of the example store.
fn examples() -> Vec<Vec<u8>> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases.example/cases");
    walk(&cases).into_iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// The names that stand in the example cases.
fn names(examples: &[Vec<u8>]) -> Vec<String> {
    let lines = examples.iter().flat_map(|bytes| std::str::from_utf8(bytes).unwrap().lines());
    let mut names: Vec<String> = lines
        .filter_map(|line| line.trim_start().trim_start_matches("- ").strip_prefix("family: "))
        .map(str::to_owned)
        .collect();
    names.sort();
    names.dedup();
    names
}

#[test]
fn a_case_file_hurt_by_chance_is_refused_or_read_whole() {
    let examples = examples();
    let names = names(&examples);
    assert!(examples.len() > 20 && names.len() > 20, "{names:?}");
    let strategy = (any::<Index>(), prop::collection::vec(hurt(), 1..5));
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(2_000));
    let tried = std::cell::Cell::new([0_usize; 2]);
    let run = runner.run(&strategy, |(which, hurts)| {
        let mut bytes = which.get(&examples).clone();
        for hurt in &hurts {
            hurt.apply(&mut bytes, &examples);
        }
        let (read, work) = spent(|| {
            // As answers too, which are let do more.
            let _ = answers::parse_any(&bytes);
            files::read_case(&bytes)
        });
        prop_assert!(work < Duration::from_secs(5), "took {:?}", work);
        let mut counts = tried.get();
        counts[usize::from(read.is_ok())] += 1;
        tried.set(counts);
        match read {
            Ok(case) => {
                let written = files::write_case(&case).unwrap();
                prop_assert_eq!(files::read_case(&written).unwrap(), case);
                prop_assert!(yaml::parse_stored(&written).is_ok());
            }
            Err(findings) => {
                prop_assert!(!findings.is_empty());
                let lines = bytes.iter().filter(|byte| **byte == b'\n').count() + 1;
                for finding in findings {
                    let place = (finding.line, finding.column);
                    prop_assert!(
                        place.0 >= 1 && place.0 <= lines && place.1 >= 1,
                        "{:?} of {} lines",
                        place,
                        lines
                    );
                    let said = finding.problem.to_string();
                    prop_assert!(!names.iter().any(|name| said.contains(name.as_str())), "{}", said);
                }
            }
        }
        Ok(())
    });
    run.unwrap();
    let [refused, read] = tried.get();
    assert!(refused > 200 && read > 50, "{refused} refused, {read} read");
}
