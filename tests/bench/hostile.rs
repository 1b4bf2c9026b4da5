//! What every command takes on every hostile store: time, memory, and how it ended.

#[expect(clippy::unwrap_used, reason = "a benchmark ends where its stores cannot be made")]
#[path = "../hostile/mod.rs"]
mod stores;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

use super::table::{in_words, table};
use super::{generate, sealed};
use stores::{ANSWERS, COMMANDS, STORES, Store, words};

/// The most that a command may take.
const MOST: Duration = Duration::from_secs(2);
/// The most memory that it may hold, in KiB.
const MOST_MEMORY: u64 = 200 << 10;
/// After this time it is ended.
const PATIENCE: Duration = Duration::from_secs(30);

/// How a command ended.
struct Ended {
    took: Duration,
    memory: u64,
    status: ExitStatus,
}

impl Ended {
    /// Whether it kept the bounds and ended by itself.
    fn is_right(&self) -> bool {
        self.took <= MOST && self.memory <= MOST_MEMORY && matches!(self.status.code(), Some(0 | 3..=12))
    }

    fn words(&self) -> String {
        let how = self.status.code().map_or("a signal".to_owned(), |code| format!("code {code}"));
        format!("{}, {} MiB, {how}", in_words(self.took), self.memory >> 10)
    }
}

/// Runs everything: a table with the slowest and the largest command of each store, and every one beyond the bounds.
pub fn run() -> Result<String, String> {
    let dir = PathBuf::from(concat!(env!("CARGO_TARGET_TMPDIR"), "/bench-hostile"));
    let answers = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let header = ["store", "slowest command", "took", "at most", "largest", "memory", "at most", ""];
    let header = header.map(str::to_owned);
    let (mut rows, mut wrong) = (Vec::new(), Vec::new());
    for (name, spoil) in STORES {
        absent(&dir)?;
        let made = generate::store(&dir, 20, 7)?;
        spoil(&Store::at(&dir));
        for (name, text) in ANSWERS {
            generate::answers(&answers.join(name), text)?;
        }
        let mut all = Vec::new();
        for line in COMMANDS {
            let mut command = sealed::command(&sealed::CSODS, &dir);
            command.args(words(line, made.references[0].as_str(), answers));
            command.stderr(std::process::Stdio::null());
            let ended = watched(&mut command).map_err(|error| error.to_string())?;
            if !ended.is_right() {
                wrong.push(format!("- `{line}` on {name}: {}", ended.words()));
            }
            all.push((line, ended));
        }
        let slowest = all.iter().max_by_key(|(_, ended)| ended.took).ok_or("no command")?;
        let largest = all.iter().max_by_key(|(_, ended)| ended.memory).ok_or("no command")?;
        let met = if all.iter().all(|(_, ended)| ended.is_right()) { "met" } else { "missed" };
        rows.push(vec![
            (*name).to_owned(),
            format!("`{}`", slowest.0),
            in_words(slowest.1.took),
            in_words(MOST),
            format!("`{}`", largest.0),
            format!("{} MiB", largest.1.memory >> 10),
            format!("{} MiB", MOST_MEMORY >> 10),
            met.to_owned(),
        ]);
    }
    absent(&dir)?;
    Ok(format!("{}\n{}", table(&header, &rows), wrong.join("\n")))
}

fn absent(dir: &Path) -> Result<(), String> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.to_string()),
        _ => Ok(()),
    }
}

fn watched(command: &mut Command) -> io::Result<Ended> {
    let begun = Instant::now();
    let mut child = command.spawn()?;
    let place = format!("/proc/{}/status", child.id());
    let mut memory = 0;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Ended { took: begun.elapsed(), memory, status });
        }
        let text = fs::read_to_string(&place).unwrap_or_default();
        let held = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let held = held.and_then(|line| line.trim().split(' ').next()?.parse().ok());
        memory = memory.max(held.unwrap_or(0));
        if begun.elapsed() > PATIENCE {
            child.kill()?;
        }
        thread::sleep(Duration::from_millis(1));
    }
}
