//! The speed of the tool on stores of up to 100,000 cases, side by side with plain git.
//!
//! `cargo bench --bench store -- compare` measures; `--cases N` (again and again) says on stores of which size,
//! `--rounds N` how often. `cargo bench --bench store -- volume` measures very many changes at once, and `-- import DIR
//! --rows N` the import of a register; `-- letters` a batch of letters and their pages. `cargo bench --bench store --
//! generate DIR --cases N --seed S` only makes a store, and `-- hostile` runs every command on stores that were made to
//! stop it. Without a word it runs everything once on a small store, to see
//! that it works.

mod caseload;
mod compare;
mod dice;
mod generate;
mod hostile;
mod import;
mod letters;
mod life;
mod office;
#[path = "../import/mod.rs"]
mod old_register;
mod opening;
mod outcome;
mod sealed;
mod table;
mod took;
mod volume;
mod words;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Measures csods
#[derive(Debug, Parser)]
struct Arguments {
    /// Given by cargo
    #[arg(long, hide = true, global = true)]
    bench: bool,
    #[command(subcommand)]
    word: Option<Word>,
}

#[derive(Debug, Subcommand)]
enum Word {
    /// Makes a store of invented cases
    Generate {
        /// The directory, absent
        dir: PathBuf,
        /// How many cases
        #[arg(long, default_value_t = 1000)]
        cases: usize,
        /// Chance
        #[arg(long, default_value_t = 7)]
        seed: u64,
    },
    /// Measures, side by side with git, and prints tables in Markdown
    Compare(compare::Wanted),
    /// Measures very many changes at once, against as many commits of git's own
    Volume(volume::Wanted),
    /// Measures the import of a register
    Import {
        /// Where the store is made; absent
        dir: PathBuf,
        /// How many rows
        #[arg(long, default_value_t = 50_000)]
        rows: usize,
        /// Chance
        #[arg(long, default_value_t = 7)]
        seed: u64,
    },
    /// Measures every letter that is due in one batch, and pages of one
    Letters(letters::Wanted),
    /// Measures every command on every hostile store
    Hostile,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().word {
        Some(Word::Generate { dir, cases, seed }) => generate::store(&dir, cases, seed).map(|made| {
            format!(
                "{} cases, {} bytes each",
                made.references.len(),
                made.bytes / made.references.len().max(1)
            )
        }),
        Some(Word::Compare(wanted)) => compare::run(&wanted),
        Some(Word::Volume(wanted)) => volume::run(&wanted),
        Some(Word::Import { dir, rows, seed }) => import::run(&dir, rows, seed),
        Some(Word::Letters(wanted)) => letters::run(&wanted),
        Some(Word::Hostile) => hostile::run(),
        None => small(),
    };
    let (text, code) = match done {
        Ok(text) => (text, ExitCode::SUCCESS),
        Err(error) => (format!("error: {error}"), ExitCode::FAILURE),
    };
    // Where nobody reads, nothing is to be done about it.
    let _ = writeln!(std::io::stdout(), "{text}");
    code
}

/// As little as shows that all of it works.
fn small() -> Result<String, String> {
    let compared = compare::run(&compare::Wanted::small())?;
    let dir = PathBuf::from(concat!(env!("CARGO_TARGET_TMPDIR"), "/bench-import"));
    match std::fs::remove_dir_all(&dir) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.to_string()),
        _ => {}
    }
    let volume = volume::run(&volume::Wanted::small())?;
    let letters = letters::run(&letters::Wanted::small())?;
    Ok(format!("{compared}\n{volume}\n{letters}\n{}", import::run(&dir, 300, 7)?))
}
