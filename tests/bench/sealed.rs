//! Programs run in a world of their own: no configuration of this machine or its user, a fixed person, a fixed day.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use super::generate::TODAY;
use super::office;

/// The program that is measured: a copy of it, as an installed one is. As the linker leaves it, it lies in memory in small
/// pieces, which each start of it pays for (1.4 ms were seen).
pub static CSODS: LazyLock<String> = LazyLock::new(|| {
    let linked = env!("CARGO_BIN_EXE_csods");
    let copy = concat!(env!("CARGO_TARGET_TMPDIR"), "/csods");
    // Another one may be running.
    let _ = fs::remove_file(copy);
    let copied = fs::copy(linked, copy);
    copied.map_or(linked, |_| copy).to_owned()
});

/// A program in `dir`, silent.
pub fn command(program: &str, dir: &Path) -> Command {
    let email = office::email(office::SUPERVISOR);
    let mut command = Command::new(program);
    command
        .current_dir(dir)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .env("HOME", dir)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        // What is looked at between measurements must not write the index.
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("CSODS_NOW", TODAY);
    for who in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{who}_NAME"), "M. Reid").env(format!("GIT_{who}_EMAIL"), &email);
    }
    command
}

/// Runs a program to its end: how long it took.
pub fn time(mut command: Command) -> Result<Duration, String> {
    let start = Instant::now();
    let ended = command.status().map_err(|error| error.to_string())?;
    let took = start.elapsed();
    if ended.success() { Ok(took) } else { Err(format!("{command:?}: {ended}")) }
}

/// Runs git; what it printed.
pub fn git(dir: &Path, args: &[&str]) -> Result<String, String> {
    let mut command = command("git", dir);
    let out = command.args(args).stdout(Stdio::piped()).output().map_err(|error| error.to_string())?;
    if !out.status.success() {
        return Err(format!("git {args:?}: {}", String::from_utf8_lossy(&out.stderr)));
    }
    Ok(String::from_utf8_lossy(&out.stdout).into_owned())
}

/// Sees that git finds nothing changed.
pub fn clean(dir: &Path) -> Result<(), String> {
    let changed = git(dir, &["status", "--porcelain"])?;
    if changed.is_empty() { Ok(()) } else { Err(format!("{}: not clean:\n{changed}", dir.display())) }
}
