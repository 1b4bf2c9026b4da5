//! When a store is not changed: what people did by hand, what git is in the middle of, what is not supported.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use csods::error::{Error, Kind};
use csods::store::{How, Store};

use super::*;

/// How long is waited for what is not going to end.
const SOON: Duration = Duration::from_millis(100);

fn refused(store: &Store, kind: Kind) -> Error {
    let before = git(store.root(), &["for-each-ref"]);
    let index = fs::read(store.root().join(".git/index")).ok();
    let change = change_within(SOON, store, |change| change.put(CASE, b"stage: refused\n".to_vec()));
    let error = change.unwrap_err();
    assert_eq!(error.kind, kind, "{error}");
    assert!(error.hint.is_some(), "{error}");
    assert_eq!(git(store.root(), &["for-each-ref"]), before);
    assert_eq!(fs::read(store.root().join(".git/index")).ok(), index);
    assert!(!store.root().join(".git/csods/change").exists());
    error
}

/// What a person does to a store.
type Edit = fn(&Store);

#[test]
fn a_file_edited_by_hand_is_never_overwritten() {
    let (_dir, store) = store();
    let by_hand: [(&str, Edit); 5] = [
        ("edited", |store| write(store, CASE, "by hand\n")),
        ("staged", |store| {
            write(store, CASE, "by hand\n");
            git(store.root(), &["add", CASE]);
            write(store, CASE, "stage: a\n");
        }),
        ("deleted", |store| {
            fs::remove_file(store.root().join(CASE)).unwrap();
        }),
        ("a link", |store| {
            fs::remove_file(store.root().join(CASE)).unwrap();
            symlink("/etc/passwd", store.root().join(CASE)).unwrap();
        }),
        ("behind a link", |store| {
            fs::rename(store.root().join("cases/2026/7"), store.root().join("elsewhere")).unwrap();
            symlink("../../elsewhere", store.root().join("cases/2026/7")).unwrap();
        }),
    ];
    for (how, edit) in by_hand {
        edit(&store);
        let error = refused(&store, Kind::Damaged);
        assert!(error.place.is_some(), "{how}");
        assert!(!error.to_string().contains("by hand\n"), "{how}");
        assert_ne!(store.status().unwrap(), [], "{how}");
        put(&store, OTHER, how).unwrap();
        git(store.root(), &["reset", "-q", "--hard"]);
        git(store.root(), &["clean", "-qfd"]);
        sound(&store);
    }
    put(&store, CASE, "stage: again\n").unwrap();
}

#[test]
fn a_repository_in_the_middle_of_something_is_not_changed() {
    let (_dir, store) = store();
    let root = store.root();
    git(root, &["checkout", "-q", "--detach"]);
    assert!(refused(&store, Kind::Conflict).message.contains("branch"));
    git(root, &["checkout", "-q", "-b", "side", "main"]);
    put(&store, CASE, "stage: side\n").unwrap();
    assert_eq!(git(root, &["branch", "--show-current"]), "side\n");
    git(root, &["checkout", "-q", "main"]);
    put(&store, CASE, "stage: main\n").unwrap();
    let merged = std::panic::catch_unwind(|| git(root, &["merge", "-q", "side"]));
    assert!(merged.is_err(), "the merge must stop");
    assert!(refused(&store, Kind::Conflict).message.contains("merge"));
    assert_eq!(store.status().unwrap()[0].how, How::Unmerged);
    fs::remove_file(root.join(".git/MERGE_HEAD")).unwrap();
    assert!(refused(&store, Kind::Conflict).message.contains("merge"), "the index is still unmerged");
    git(root, &["reset", "-q", "--hard"]);
    git(root, &["bisect", "start"]);
    refused(&store, Kind::Conflict);
    git(root, &["bisect", "reset"]);
    git(root, &["checkout", "-q", "--orphan", "empty"]);
    refused(&store, Kind::Conflict);
    git(root, &["checkout", "-q", "-f", "main"]);
    put(&store, CASE, "stage: after\n").unwrap();
    sound(&store);
}

#[test]
fn configuration_names_no_programs_to_run() {
    let (dir, store) = store();
    let (root, marker) = (store.root(), dir.path().join("ran"));
    let program = dir.path().join("program");
    write(&store, "../program", &format!("#!/bin/sh\ntouch {}\n", marker.display()));
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let hooks = dir.path().join("hooks");
    fs::create_dir(&hooks).unwrap();
    for hook in
        ["pre-commit", "post-commit", "reference-transaction", "post-index-change", "fsmonitor-watchman"]
    {
        fs::copy(&program, hooks.join(hook)).unwrap();
    }
    let path = program.to_string_lossy().into_owned();
    for key in
        ["core.fsmonitor", "core.pager", "core.editor", "core.askPass", "core.sshCommand", "gpg.program"]
    {
        git(root, &["config", key, &path]);
    }
    for key in ["filter.x.clean", "filter.x.smudge", "filter.x.process", "diff.x.textconv", "diff.x.command"]
    {
        git(root, &["config", key, &path]);
    }
    git(root, &["config", "core.hooksPath", &hooks.to_string_lossy()]);
    git(root, &["config", "commit.gpgSign", "true"]);
    git(root, &["config", "core.autocrlf", "true"]);
    write(&store, ".git/info/attributes", "* filter=x diff=x\n");
    put(&store, CASE, "stage: x\r\nand: y\n").unwrap();
    write(&store, CASE, "by hand\n");
    assert_eq!(store.status().unwrap().len(), 1);
    assert_eq!(store.history(Some(CASE)).unwrap().len(), 2);
    assert!(!marker.exists());
    fs::remove_file(root.join(".git/info/attributes")).unwrap();
    git(root, &["config", "core.worktree", &dir.path().to_string_lossy()]);
    assert_eq!(Store::find(None, None, root).map(|_| ()).unwrap_err().kind, Kind::System);
}

#[test]
fn formats_that_libgit2_cannot_read_are_named() {
    let (dir, store) = store();
    for (format, word) in [("--object-format=sha256", "SHA-256"), ("--ref-format=reftable", "reftable")] {
        let other = dir.path().join(word);
        fs::create_dir(&other).unwrap();
        let made = std::panic::catch_unwind(|| git(&other, &["init", "-q", format, "."]));
        if made.is_err() {
            continue; // An older git does not know the format.
        }
        fs::copy(store.root().join("csods.toml"), other.join("csods.toml")).unwrap();
        let error = Store::find(None, None, &other).map(|_| ()).unwrap_err();
        assert_eq!(error.kind, Kind::System);
        assert!(error.message.contains(word), "{error}");
    }
    git(store.root(), &["update-index", "--split-index"]);
    assert!(refused(&store, Kind::System).message.contains("split"));
    git(store.root(), &["update-index", "--no-split-index"]);
    put(&store, CASE, "stage: whole\n").unwrap();
    git(store.root(), &["sparse-checkout", "set", "--cone", "--sparse-index", "cases/2026/7"]);
    assert!(refused(&store, Kind::System).message.contains("sparse"));
    git(store.root(), &["sparse-checkout", "set", "--cone", "--no-sparse-index", "cases/2026/7"]);
    let error = refused(&store, Kind::System);
    assert!(error.message.contains("sparse checkout") && error.hint.unwrap().contains("disable"));
    git(store.root(), &["sparse-checkout", "disable"]);
    put(&store, CASE, "stage: dense\n").unwrap();
    sound(&store);
}

#[test]
fn a_partial_clone_is_named_and_a_shallow_one_is_a_store() {
    let (dir, store) = store();
    put(&store, CASE, "stage: later\n").unwrap();
    git(store.root(), &["config", "uploadpack.allowFilter", "true"]);
    let from = format!("file://{}", store.root().display());
    git(dir.path(), &["clone", "-q", "--filter=blob:none", "--no-checkout", &from, "partial"]);
    let partial = dir.path().join("partial");
    fs::copy(store.root().join("csods.toml"), partial.join("csods.toml")).unwrap();
    let partial = Store::find(None, None, &partial).unwrap();
    let error = partial.head().unwrap().read(CASE).unwrap_err();
    assert_eq!(error.kind, Kind::System);
    assert!(error.message.contains("partial clone") && error.hint.unwrap().contains("--filter"));
    git(dir.path(), &["clone", "-q", "--depth=1", &from, "shallow"]);
    let shallow = Store::find(None, None, &dir.path().join("shallow")).unwrap();
    put(&shallow, CASE, "stage: on\n").unwrap();
    sound(&shallow);
    assert_eq!(shallow.history(None).unwrap().len(), 2);
}

#[test]
fn a_configuration_that_cannot_be_read_is_named_with_what_to_do() {
    let (_dir, store) = store();
    let root = store.root().to_owned();
    let config = fs::read_to_string(root.join(".git/config")).unwrap();
    crate::support::write(&root.join(".git/config"), format!("{config}[core\n").as_bytes());
    let error = Store::find(None, None, &root).map(|_| ()).unwrap_err();
    assert_eq!(error.kind, Kind::System);
    assert!(error.hint.as_ref().unwrap().contains("mend that file"), "{error:?}");
}

#[test]
fn gits_own_locks_are_waited_for_and_never_removed() {
    let (_dir, store) = store();
    for lock in [".git/index.lock", ".git/refs/heads/main.lock"] {
        write(&store, lock, "");
        let error = refused(&store, Kind::Busy);
        assert!(error.hint.unwrap().contains(lock));
        assert!(store.root().join(lock).exists());
        let path: PathBuf = store.root().join(lock);
        // The change waits for git, and not for ours: it holds what is its own already.
        let waits = store.root().join(".git/csods/change");
        let freed = thread::spawn(move || {
            while !waits.exists() {
                thread::yield_now();
            }
            fs::remove_file(path).unwrap();
        });
        put(&store, CASE, lock).unwrap();
        freed.join().unwrap();
        sound(&store);
    }
    let held = store.change(PATIENCE, "csods decide KP-26-7K3QF4").unwrap();
    let error = change_within(SOON, &store, |change| change.put(CASE, b"x\n".to_vec())).unwrap_err();
    assert_eq!(error.kind, Kind::Busy);
    assert!(error.message.contains("csods decide KP-26-7K3QF4"));
    drop(held);
}

#[test]
fn a_branch_moved_by_git_meanwhile_is_a_conflict() {
    let (_dir, store) = store();
    let mut late = store.change(PATIENCE, "a test").unwrap();
    late.put(CASE, b"stage: late\n".to_vec());
    git(store.root(), &["commit", "-q", "--allow-empty", "-m", "meanwhile"]);
    assert_eq!(late.commit(&text("note"), &author()).unwrap_err().kind, Kind::Conflict);
    sound(&store);
}
