//! The programs and rights beside csods that some tests need. Where one is absent its tests cannot be made, and say so:
//! `not tried here: ...`. In CI (`CI` is set) an absent program fails them instead.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use crate::office::asked;

/// What a test may need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tool {
    /// Traces system calls.
    Strace,
    /// Reads YAML as many other programs do.
    PyYaml,
    /// Reads YAML as others do who write no Python.
    Yq,
    /// `pdftotext`, `pdfinfo` and `pdffonts`.
    Poppler,
    /// Reads the structure of a PDF.
    Pikepdf,
    /// The right to mount a file system.
    Mounts,
    /// Makes an ext4 file system in a file, which may be mounted.
    Ext4,
}

/// Whether something is to be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Works,
    /// It is there, and may not do its work here.
    Forbidden,
    Absent,
}

/// What was found, once for all tests.
static FOUND: LazyLock<BTreeMap<Tool, Found>> =
    LazyLock::new(|| Tool::ALL.iter().map(|tool| (*tool, tool.look())).collect());

impl Tool {
    const ALL: [Tool; 7] =
        [Tool::Strace, Tool::PyYaml, Tool::Yq, Tool::Poppler, Tool::Pikepdf, Tool::Mounts, Tool::Ext4];

    /// What it is called, what shows that it is there, and what is not tried without it.
    fn told(self) -> (&'static str, &'static [&'static str], &'static str) {
        match self {
            Tool::Strace => {
                ("strace", &["strace", "-V"], "the order of syncs, and a disk on which calls fail")
            }
            Tool::PyYaml => ("PyYAML", &["python3", "-c", "import yaml"], "what PyYAML reads in our files"),
            Tool::Yq => ("yq", &["yq", "--version"], "what yq reads in our files"),
            Tool::Poppler => ("pdftotext", &["pdftotext", "-v"], "the words, fonts and order of PDFs"),
            Tool::Pikepdf => ("pikepdf", &["python3", "-c", "import pikepdf"], "the structure of PDFs"),
            Tool::Mounts => {
                ("mount", &["mount", "--version"], "a full disk, and one that cannot be written to")
            }
            Tool::Ext4 => ("mkfs.ext4", &["mkfs.ext4", "-V"], "power cuts on ext4"),
        }
    }

    /// Whether a CI machine must have it. Of yq there are several programs, and Debian's is but one; `mkfs.ext4` is on the
    /// path of the system's account only.
    fn is_needed_in_ci(self) -> bool {
        !matches!(self, Tool::Yq | Tool::Ext4)
    }

    fn look(self) -> Found {
        let (_, words, _) = self.told();
        let allowed = match self {
            _ if !succeeds(words) => return Found::Absent,
            Tool::Strace => succeeds(&["strace", "-o", "/dev/null", "true"]),
            Tool::Mounts => {
                let dir = tempfile::tempdir().unwrap();
                let at = dir.path().display().to_string();
                let steps: [&[&str]; 5] = [
                    &["mount", "-t", "tmpfs", "-o", "size=64k", "none", &at],
                    &["mount", "--bind", &at, &at],
                    &["mount", "-o", "remount,ro,bind", &at],
                    &["umount", &at],
                    &["umount", &at],
                ];
                steps.iter().all(|words| succeeds(words))
            }
            Tool::Ext4 => {
                let dir = tempfile::tempdir().unwrap();
                let (at, image) = (dir.path().join("at"), dir.path().join("disk"));
                std::fs::create_dir(&at).unwrap();
                let (at, image) = (at.display().to_string(), image.display().to_string());
                let steps: [&[&str]; 4] = [
                    &["truncate", "-s", "8M", &image],
                    &["mkfs.ext4", "-q", &image],
                    &["mount", "-o", "loop", &image, &at],
                    &["umount", &at],
                ];
                steps.iter().all(|words| succeeds(words))
            }
            _ => true,
        };
        if allowed { Found::Works } else { Found::Forbidden }
    }

    /// Whether the tests that need it can be made; where not, says so past the capture of the test runner.
    ///
    /// # Panics
    /// In CI, where it is absent.
    pub fn is_here(self) -> bool {
        let found = FOUND[&self];
        if found == Found::Works {
            return true;
        }
        let (name, _, what) = self.told();
        let absent_in_ci = found == Found::Absent && self.is_needed_in_ci() && asked("CI");
        assert!(!absent_in_ci, "{name} is not installed: {what} could not be tried");
        say(&format!("not tried here: {what} ({name} {})", found.why()));
        false
    }
}

impl Found {
    fn why(self) -> &'static str {
        match self {
            Found::Works => "works",
            Found::Forbidden => "may not work here",
            Found::Absent => "is not installed",
        }
    }
}

/// Says something past the capture of the test runner.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

fn succeeds(words: &[&str]) -> bool {
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// The end of every run in CI names it once more: see `.ci/run`.
#[test]
fn what_is_not_tried_here_is_counted_and_named() {
    let lacking: Vec<&Tool> = Tool::ALL.iter().filter(|tool| FOUND[tool] != Found::Works).collect();
    let named = lacking.iter().map(|tool| {
        let (name, _, what) = tool.told();
        format!("; {what} ({name} {})", FOUND[tool].why())
    });
    say(&format!("not tried here: {} of {}{}", lacking.len(), Tool::ALL.len(), named.collect::<String>()));
    let absent = |tool: &&&Tool| FOUND[**tool] == Found::Absent && tool.is_needed_in_ci();
    let absent: Vec<_> = lacking.iter().filter(absent).collect();
    assert!(!asked("CI") || absent.is_empty(), "not installed: {absent:?}");
}
