//! A sealed office for the examples and the walkthroughs: a new directory, no settings of git but the ones made here,
//! and a clock and chance that are set by hand.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// The built program.
pub const CSODS: &str = env!("CARGO_BIN_EXE_csods");

/// The repository, for the files that tests compare and write.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Whether a variable asks a test to write its files anew.
#[expect(clippy::disallowed_methods, reason = "a switch of the tests alone")]
pub fn asked(switch: &str) -> bool {
    std::env::var_os(switch).is_some()
}

/// Writes a file of the repository or of the office, with the directories above it.
#[expect(clippy::disallowed_methods, reason = "not a file of a store")]
pub fn write(path: &Path, text: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A directory in which nothing outside is known.
pub struct Office {
    dir: TempDir,
}

impl Office {
    /// An empty one.
    pub fn new() -> Office {
        let dir = TempDir::new().unwrap();
        fs::create_dir(dir.path().join("home")).unwrap();
        fs::create_dir(dir.path().join("desk")).unwrap();
        Office { dir }
    }

    /// Where the commands run.
    pub fn desk(&self) -> PathBuf {
        self.dir.path().join("desk")
    }

    /// A command that knows nothing of this machine but where programs are.
    #[expect(
        clippy::disallowed_methods,
        reason = "the path to the programs is the one thing that is passed on"
    )]
    pub fn command(&self, program: &str) -> Command {
        let programs = std::env::var_os("PATH").unwrap_or_default();
        let built = Path::new(CSODS).parent().unwrap().to_owned();
        let path = std::env::join_paths([built].into_iter().chain(std::env::split_paths(&programs))).unwrap();
        let mut command = Command::new(program);
        command.current_dir(self.desk()).env_clear().env("PATH", path).stdin(Stdio::null());
        command.env("HOME", self.dir.path().join("home")).env("TMPDIR", self.dir.path());
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("LC_ALL", "C").env("TZ", "UTC").env("COLUMNS", "100");
        command
    }

    /// `csods` as one person at one moment, with text on standard input.
    pub fn csods(&self, email: &str, now: &str, seed: usize, words: &[&str], input: &str) -> Output {
        let mut command = self.command(CSODS);
        command.env("GIT_AUTHOR_EMAIL", email).env("CSODS_NOW", now).env("CSODS_SEED", seed.to_string());
        command.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }
}
