//! The store against plain git: what it writes git understands, and what people do with git it understands.

mod changes;
#[cfg(debug_assertions)]
mod crash;
mod gc;
mod git_index;
mod lost_index;
mod reading;
mod refusals;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use csods::error::Error;
use csods::store::{Author, Change, CommitId, CommitText, Store};
use tempfile::TempDir;

const CASE: &str = "cases/2026/7/KP-26-7K3QF4.yaml";
const OTHER: &str = "cases/2026/8/KP-26-8AAAAA.yaml";

/// Runs git in a sealed world; its output.
pub(crate) fn git(dir: &Path, args: &[&str]) -> String {
    let out = Command::new("git")
        .current_dir(dir)
        .args(["-c", "user.name=Plain Git", "-c", "user.email=git@example.org"])
        .args(args)
        .env("HOME", "")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_EDITOR", "true")
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(out.status.success(), "git {args:?}: {}{}", text(&out.stdout), text(&out.stderr));
    text(&out.stdout)
}

fn author() -> Author {
    Author {
        name: "D. Osei".to_owned(),
        email: "d.osei@example.org".to_owned(),
        at_unix: 1_772_442_900,
        offset_minutes: 60,
    }
}

fn text(subject: &str) -> CommitText {
    CommitText {
        subject: subject.to_owned(),
        trailers: vec![("Case", "KP-26-7K3QF4".to_owned()), ("Action", subject.to_owned())],
    }
}

/// A new store with two cases.
fn store() -> (TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let files = [("csods.toml", "format = 1\n"), (CASE, "stage: a\n"), (OTHER, "stage: b\n")]
        .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
    let (store, _) = Store::init(&dir.path().join("store"), &files, &text("init"), &author()).unwrap();
    (dir, store)
}

/// Long enough for whatever is sure to end.
const PATIENCE: Duration = Duration::from_secs(600);

fn change(store: &Store, make: impl FnOnce(&mut Change<'_>)) -> Result<CommitId, Error> {
    change_within(PATIENCE, store, make)
}

fn change_within(
    wait: Duration,
    store: &Store,
    make: impl FnOnce(&mut Change<'_>),
) -> Result<CommitId, Error> {
    let mut change = store.change(wait, "a test")?;
    make(&mut change);
    change.commit(&text("note"), &author())
}

fn put(store: &Store, path: &str, bytes: &str) -> Result<CommitId, Error> {
    change(store, |change| change.put(path, bytes.as_bytes().to_vec()))
}

/// That git finds nothing wrong: clean, sound, and a commit by hand would hold exactly what HEAD holds.
fn sound(store: &Store) {
    let root = store.root();
    assert_eq!(git(root, &["--no-optional-locks", "status", "--porcelain"]), "");
    assert_eq!(git(root, &["diff", "--cached"]), "");
    assert_eq!(git(root, &["write-tree"]), git(root, &["rev-parse", "HEAD^{tree}"]));
    git(root, &["fsck", "--strict", "--no-dangling"]);
    assert_eq!(store.status().unwrap(), []);
    assert!(!root.join(".git/index.lock").exists());
    assert!(!root.join(".git/csods/change").exists());
}

fn commits(store: &Store) -> usize {
    git(store.root(), &["rev-list", "--count", "HEAD"]).trim().parse().unwrap()
}

fn write(store: &Store, path: &str, bytes: &str) {
    let path = store.root().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    #[expect(clippy::disallowed_methods, reason = "a person's editor takes no care either")]
    fs::write(path, bytes).unwrap();
}
