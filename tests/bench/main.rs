//! The speed of the tool on stores of up to 100,000 cases, side by side with plain git.
//!
//! `cargo bench --bench store -- compare` measures; `--cases N` (again and again) says on stores of which size,
//! `--rounds N` how often. `cargo bench --bench store -- volume` measures very many changes at once. `cargo bench --bench store -- generate DIR --cases N --seed S` only makes a store. Without a
//! word it runs everything once on a small store, to see that it works.

mod caseload;
mod compare;
mod dice;
mod generate;
mod life;
mod office;
mod opening;
mod outcome;
mod sealed;
mod table;
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
        None => compare::run(&compare::Wanted::small())
            .and_then(|text| Ok(format!("{text}\n{}", volume::run(&volume::Wanted::small())?))),
    };
    let (text, code) = match done {
        Ok(text) => (text, ExitCode::SUCCESS),
        Err(error) => (format!("error: {error}"), ExitCode::FAILURE),
    };
    // Where nobody reads, nothing is to be done about it.
    let _ = writeln!(std::io::stdout(), "{text}");
    code
}
