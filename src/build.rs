//! Computes the fingerprint of the sources that give the index its meaning, so that an index written by other sources
//! is never read.
//!
//! What a row of the index says depends on nearly everything in `domain/` and `store/`: how a case is read, which clock
//! presses, how a word is folded, how a value is encoded. A list of those modules would sooner or later miss one. So all
//! of `src/` counts except what is named in [`WITHOUT_MEANING`]: the layers above, which only read the index.
//! `tests/it/index/meaning.rs` checks that the counted sources do not use the layers above.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

/// The name of the environment variable that hands the fingerprint to the compiler.
const VARIABLE: &str = "CSODS_INDEX_MEANING";

/// Files and folders of `src/` that the sources behind the index do not use.
pub const WITHOUT_MEANING: [&str; 7] =
    ["ask", "cli.rs", "commands", "context.rs", "lib.rs", "main.rs", "output"];

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "cargo::rerun-if-changed=src")?;
    writeln!(out, "cargo::rerun-if-changed=Cargo.lock")?;
    writeln!(out, "cargo::rustc-env={VARIABLE}={}", fingerprint(Path::new("."))?)
}

/// The fingerprint of the sources of the package at `root`, as 16 hexadecimal digits.
///
/// `Cargo.lock` counts because dependencies decide as well (time zones, for one), and so does the standard library's
/// version of Unicode, which decides what a lower-case letter is.
///
/// # Errors
/// Where a source cannot be read.
pub fn fingerprint(root: &Path) -> io::Result<String> {
    let mut digest = Sha256::new();
    digest.update(format!("{:?}\n", char::UNICODE_VERSION));
    for (path, bytes) in sources(root)? {
        digest.update(format!("{path} {}\n", bytes.len()));
        digest.update(bytes);
    }
    let digest = digest.finalize();
    Ok(digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect())
}

/// The files that count, each with its path from `root`, ordered by path.
///
/// # Errors
/// Where one cannot be read.
pub fn sources(root: &Path) -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut found = vec![("Cargo.lock".to_owned(), fs::read(root.join("Cargo.lock"))?)];
    for name in names(&root.join("src"))? {
        if !WITHOUT_MEANING.contains(&name.as_str()) {
            collect(root, &format!("src/{name}"), &mut found)?;
        }
    }
    Ok(found)
}

fn collect(root: &Path, path: &str, found: &mut Vec<(String, Vec<u8>)>) -> io::Result<()> {
    let place = root.join(path);
    if place.is_dir() {
        return names(&place)?.iter().try_for_each(|name| collect(root, &format!("{path}/{name}"), found));
    }
    found.push((path.to_owned(), fs::read(place)?));
    Ok(())
}

/// The names in a folder, in order. Hidden files, which editors leave behind, are none of the package's.
fn names(dir: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.retain(|name| !name.starts_with('.'));
    names.sort();
    Ok(names)
}
