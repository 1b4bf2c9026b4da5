//! The store against plain git: what it writes git understands, and what people do with git it understands.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use csods::error::{Error, Kind};
use csods::store::{Author, Change, CommitId, CommitText, How, Store};
use tempfile::TempDir;

pub(crate) const CASE: &str = "cases/2026/7/KP-26-7K3QF4.yaml";
pub(crate) const OTHER: &str = "cases/2026/8/KP-26-8AAAAA.yaml";

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
    assert!(
        out.status.success(),
        "git {args:?}: {}{}",
        text(&out.stdout),
        text(&out.stderr)
    );
    text(&out.stdout)
}

pub(crate) fn author() -> Author {
    Author {
        name: "D. Osei".to_owned(),
        email: "d.osei@example.org".to_owned(),
        at_unix: 1_772_442_900,
        offset_minutes: 60,
    }
}

pub(crate) fn text(subject: &str) -> CommitText {
    CommitText {
        subject: subject.to_owned(),
        trailers: vec![
            ("Case", "KP-26-7K3QF4".to_owned()),
            ("Action", subject.to_owned()),
        ],
    }
}

/// A new store with two cases.
pub(crate) fn store() -> (TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let files = [
        ("csods.toml", "format = 1\n"),
        (CASE, "stage: a\n"),
        (OTHER, "stage: b\n"),
    ]
    .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
    let (store, _) = Store::init(&dir.path().join("store"), &files, &text("init"), &author()).unwrap();
    (dir, store)
}

pub(crate) fn change(store: &Store, make: impl FnOnce(&mut Change<'_>)) -> Result<CommitId, Error> {
    let mut change = store.change(Duration::from_millis(100), "a test")?;
    make(&mut change);
    change.commit(&text("note"), &author())
}

pub(crate) fn put(store: &Store, path: &str, bytes: &str) -> Result<CommitId, Error> {
    change(store, |change| change.put(path, bytes.as_bytes().to_vec()))
}

/// That git finds nothing wrong: clean, sound, and a commit by hand would hold exactly what HEAD holds.
pub(crate) fn sound(store: &Store) {
    let root = store.root();
    assert_eq!(git(root, &["--no-optional-locks", "status", "--porcelain"]), "");
    assert_eq!(git(root, &["diff", "--cached"]), "");
    assert_eq!(
        git(root, &["write-tree"]),
        git(root, &["rev-parse", "HEAD^{tree}"])
    );
    git(root, &["fsck", "--strict", "--no-dangling"]);
    assert_eq!(store.status().unwrap(), []);
    assert!(!root.join(".git/index.lock").exists());
    assert!(!root.join(".git/csods/change").exists());
}

fn commits(store: &Store) -> usize {
    git(store.root(), &["rev-list", "--count", "HEAD"])
        .trim()
        .parse()
        .unwrap()
}

fn refused(store: &Store, kind: Kind) -> Error {
    let before = git(store.root(), &["for-each-ref"]);
    let index = fs::read(store.root().join(".git/index")).ok();
    let error = put(store, CASE, "stage: refused\n").unwrap_err();
    assert_eq!(error.kind, kind, "{error}");
    assert!(error.hint.is_some(), "{error}");
    assert_eq!(git(store.root(), &["for-each-ref"]), before);
    assert_eq!(fs::read(store.root().join(".git/index")).ok(), index);
    assert!(!store.root().join(".git/csods/change").exists());
    error
}

fn write(store: &Store, path: &str, bytes: &str) {
    let path = store.root().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    #[expect(clippy::disallowed_methods, reason = "a person's editor takes no care either")]
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_new_store_is_a_plain_repository() {
    let (dir, store) = store();
    sound(&store);
    assert_eq!(git(store.root(), &["branch", "--show-current"]), "main\n");
    assert_eq!(git(store.root(), &["show", "HEAD:.gitattributes"]), "* -text\n");
    assert!(!store.root().join(".git/hooks").exists());
    assert_eq!(
        fs::metadata(store.private_dir()).unwrap().permissions().mode() & 0o777,
        0o700
    );
    assert_eq!(
        fs::read_dir(dir.path()).unwrap().count(),
        1,
        "nothing is left beside the store"
    );
    let again = |at: &str| Store::init(&store.root().join(at), &[], &text("init"), &author()).map(|_| ());
    assert_eq!(again("").unwrap_err().kind, Kind::Usage);
    assert_eq!(again("inside").unwrap_err().kind, Kind::Usage);
    let empty = dir.path().join("empty");
    fs::create_dir(&empty).unwrap();
    Store::init(&empty, &[], &text("init"), &author()).unwrap();
}

#[test]
fn a_store_is_found_from_inside_by_name_and_from_the_environment() {
    let (dir, store) = store();
    let here = |cwd: &Path| Store::find(None, None, cwd).map(|found| found.root().to_owned());
    assert_eq!(here(&store.root().join("cases/2026")).unwrap(), store.root());
    assert_eq!(here(dir.path()).unwrap_err().kind, Kind::NotFound);
    let named = Store::find(Some(Path::new("store")), Some(Path::new("elsewhere")), dir.path()).unwrap();
    assert_eq!(named.root(), store.root());
    assert_eq!(
        Store::find(None, Some(store.root()), dir.path()).unwrap().root(),
        store.root()
    );
    let error = Store::find(Some(dir.path()), None, store.root())
        .map(|_| ())
        .unwrap_err();
    assert_eq!(error.kind, Kind::NotFound);
}

#[test]
fn every_change_is_one_commit_and_leaves_git_clean() {
    let (_dir, store) = store();
    let before = store.head().unwrap();
    put(&store, CASE, "stage: c\n").unwrap();
    sound(&store);
    put(
        &store,
        "letters/2026/7/KP-26-7K3QF4/2026-03-02-acknowledgement.md",
        "words\n",
    )
    .unwrap();
    sound(&store);
    change(&store, |change| {
        change.remove(OTHER);
        change.put("cases/2026/7-a", b"sorts between\n".to_vec());
        change.put("cases/2027/1/new.yaml", b"new\n".to_vec());
    })
    .unwrap();
    sound(&store);
    assert!(!store.root().join("cases/2026/8").exists());
    assert_eq!(commits(&store), 4);
    assert_eq!(
        put(&store, CASE, "stage: c\n").unwrap(),
        store.head().unwrap().commit()
    );
    assert_eq!(commits(&store), 4, "what was already so is no change");
    assert_eq!(
        before.read(CASE).unwrap().unwrap(),
        b"stage: a\n",
        "a snapshot stays what it was"
    );
    assert_eq!(git(store.root(), &["reflog", "--format=%gs"]).lines().count(), 4);
    git(store.root(), &["reflog", "show", "main"]);
    let log = git(
        store.root(),
        &[
            "log",
            "-1",
            "--format=%an <%ae> %ad|%s|%(trailers:key=Case)",
            "--date=iso",
        ],
    );
    assert_eq!(
        log,
        "D. Osei <d.osei@example.org> 2026-03-02 10:15:00 +0100|note|Case: KP-26-7K3QF4\n\n"
    );
}

#[test]
fn a_commit_by_hand_after_a_change_holds_both() {
    let (_dir, store) = store();
    for round in 0..3 {
        put(&store, CASE, &format!("stage: {round}\n")).unwrap();
        write(&store, OTHER, &format!("by hand: {round}\n"));
        git(store.root(), &["commit", "-qam", "by hand"]);
        sound(&store);
        let head = store.head().unwrap();
        assert_eq!(
            head.read(CASE).unwrap().unwrap(),
            format!("stage: {round}\n").as_bytes()
        );
        assert_eq!(
            head.read(OTHER).unwrap().unwrap(),
            format!("by hand: {round}\n").as_bytes()
        );
    }
    // Other edits, staged or not, are nobody's business but their owner's, and stay.
    write(&store, OTHER, "staged\n");
    git(store.root(), &["add", "."]);
    git(store.root(), &["write-tree"]);
    put(&store, CASE, "stage: later\n").unwrap();
    assert_eq!(
        git(store.root(), &["status", "--porcelain"]),
        format!("M  {OTHER}\n")
    );
    git(store.root(), &["commit", "-qm", "by hand"]);
    sound(&store);
    assert_eq!(
        store.head().unwrap().read(CASE).unwrap().unwrap(),
        b"stage: later\n"
    );
}

#[test]
fn an_edit_of_the_same_moment_and_length_is_seen() {
    let (_dir, store) = store();
    for round in 0..40 {
        put(&store, OTHER, &format!("x{round:03}\n")).unwrap();
        write(&store, OTHER, &format!("y{round:03}\n"));
        put(&store, CASE, &format!("stage: {round}\n")).unwrap();
        assert_eq!(
            git(store.root(), &["status", "--porcelain"]),
            format!(" M {OTHER}\n")
        );
        git(store.root(), &["restore", OTHER]);
    }
}

#[test]
fn changes_at_once_come_one_after_another() {
    let (_dir, store) = store();
    let root = store.root();
    thread::scope(|scope| {
        for worker in 0..4 {
            scope.spawn(move || {
                let store = Store::find(Some(root), None, root).unwrap();
                for round in 0..50 {
                    let mut change = store.change(Duration::from_secs(60), "a worker").unwrap();
                    let seen = change.head().read(CASE).unwrap().unwrap();
                    let path = format!("cases/2026/{worker}/{}.yaml", round % 5);
                    change.put(&path, format!("{round}\n").into_bytes());
                    change.put(CASE, [&seen[..], b"x"].concat());
                    change.commit(&text("note"), &author()).unwrap();
                }
            });
        }
    });
    assert_eq!(commits(&store), 201);
    assert_eq!(store.head().unwrap().read(CASE).unwrap().unwrap().len(), 9 + 200);
    sound(&store);
}

#[test]
fn a_file_edited_by_hand_is_never_overwritten() {
    let (_dir, store) = store();
    let by_hand: [(&str, fn(&Store)); 5] = [
        ("edited", |store| write(store, CASE, "by hand\n")),
        ("staged", |store| {
            write(store, CASE, "by hand\n");
            git(store.root(), &["add", CASE]);
            write(store, CASE, "stage: a\n");
        }),
        ("deleted", |store| {
            fs::remove_file(store.root().join(CASE)).unwrap()
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
fn an_edit_by_hand_is_taken_in_as_it_was_read() {
    let (_dir, store) = store();
    write(&store, CASE, "by   hand\n");
    write(&store, "cases/2026/9/added.yaml", "added\n");
    git(store.root(), &["add", CASE]);
    fs::remove_file(store.root().join(OTHER)).unwrap();
    let status: Vec<_> = store
        .status()
        .unwrap()
        .into_iter()
        .map(|edit| (edit.path, edit.how, edit.staged))
        .collect();
    assert_eq!(
        status,
        [
            (CASE.to_owned(), How::Edited, true),
            (OTHER.to_owned(), How::Deleted, false),
            ("cases/2026/9/added.yaml".to_owned(), How::Added, false),
        ]
    );
    let seen = store.working(CASE).unwrap().unwrap();
    write(&store, CASE, "by hand, once more\n");
    let stale = change(&store, |change| {
        change.accept_edit(CASE, &seen, b"by hand\n".to_vec())
    });
    assert_eq!(stale.unwrap_err().kind, Kind::Conflict);
    write(&store, CASE, "by   hand\n");
    change(&store, |change| {
        change.accept_edit(CASE, &seen, b"by hand\n".to_vec());
        change.accept_edit("cases/2026/9/added.yaml", b"added\n", b"added\n".to_vec());
        change.accept_deletion(OTHER);
    })
    .unwrap();
    sound(&store);
    assert_eq!(store.working(CASE).unwrap().unwrap(), b"by hand\n");
    assert_eq!(commits(&store), 2);
    // An edit that says nothing new is put back without a commit.
    write(&store, CASE, "by  hand\n");
    change(&store, |change| {
        change.accept_edit(CASE, b"by  hand\n", b"by hand\n".to_vec())
    })
    .unwrap();
    sound(&store);
    assert_eq!(commits(&store), 2);
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
    let merged = std::panic::catch_unwind(|| git(store_root(root), &["merge", "-q", "side"]));
    assert!(merged.is_err(), "the merge must stop");
    assert!(refused(&store, Kind::Conflict).message.contains("merge"));
    assert_eq!(store.status().unwrap()[0].how, How::Unmerged);
    fs::remove_file(root.join(".git/MERGE_HEAD")).unwrap();
    assert!(
        refused(&store, Kind::Conflict).message.contains("merge"),
        "the index is still unmerged"
    );
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

fn store_root(root: &Path) -> &Path {
    root
}

#[test]
fn packed_branches_and_objects_are_changed_too() {
    let (_dir, store) = store();
    put(&store, CASE, "stage: x\n").unwrap();
    for tidy in [&["pack-refs", "--all"][..], &["gc", "-q"], &["repack", "-adq"]] {
        git(store.root(), tidy);
        put(&store, CASE, &format!("stage: {}\n", tidy[0])).unwrap();
        sound(&store);
    }
    git(store.root(), &["checkout", "-q", "-b", "a/b/c"]);
    git(store.root(), &["pack-refs", "--all"]);
    put(&store, CASE, "stage: slash\n").unwrap();
    sound(&store);
}

#[test]
fn a_linked_work_tree_is_a_store_of_its_own() {
    let (dir, store) = store();
    let linked = dir.path().join("linked");
    git(
        store.root(),
        &["worktree", "add", "-q", "-b", "other", &linked.to_string_lossy()],
    );
    let other = Store::find(None, None, &linked).unwrap();
    put(&other, CASE, "stage: other\n").unwrap();
    put(&store, CASE, "stage: main\n").unwrap();
    assert_eq!(git(&linked, &["status", "--porcelain"]), "");
    assert_eq!(
        other.head().unwrap().read(CASE).unwrap().unwrap(),
        b"stage: other\n"
    );
    sound(&store);
}

#[test]
fn configuration_names_no_programs_to_run() {
    let (dir, store) = store();
    let (root, marker) = (store.root(), dir.path().join("ran"));
    let program = dir.path().join("program");
    write(
        &store,
        "../program",
        &format!("#!/bin/sh\ntouch {}\n", marker.display()),
    );
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let hooks = dir.path().join("hooks");
    fs::create_dir(&hooks).unwrap();
    for hook in [
        "pre-commit",
        "post-commit",
        "reference-transaction",
        "post-index-change",
        "fsmonitor-watchman",
    ] {
        fs::copy(&program, hooks.join(hook)).unwrap();
    }
    let path = program.to_string_lossy().into_owned();
    for key in [
        "core.fsmonitor",
        "core.pager",
        "core.editor",
        "core.askPass",
        "core.sshCommand",
        "gpg.program",
    ] {
        git(root, &["config", key, &path]);
    }
    for key in [
        "filter.x.clean",
        "filter.x.smudge",
        "filter.x.process",
        "diff.x.textconv",
        "diff.x.command",
    ] {
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
    assert_eq!(
        Store::find(None, None, root).map(|_| ()).unwrap_err().kind,
        Kind::System
    );
}

#[test]
fn formats_that_libgit2_cannot_read_are_named() {
    let (dir, store) = store();
    for (format, word) in [
        ("--object-format=sha256", "SHA-256"),
        ("--ref-format=reftable", "reftable"),
    ] {
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
    git(
        store.root(),
        &[
            "sparse-checkout",
            "set",
            "--cone",
            "--sparse-index",
            "cases/2026/7",
        ],
    );
    assert!(refused(&store, Kind::System).message.contains("sparse"));
    git(store.root(), &["sparse-checkout", "disable"]);
    put(&store, CASE, "stage: dense\n").unwrap();
    sound(&store);
}

#[test]
fn every_form_of_index_is_kept() {
    let (_dir, store) = store();
    let forms: [&[&str]; 4] = [
        &["update-index", "--index-version", "4"],
        &["config", "index.skipHash", "true"],
        &["update-index", "--untracked-cache"],
        &["update-index", "--index-version", "2"],
    ];
    for (round, form) in forms.iter().enumerate() {
        git(store.root(), form);
        put(&store, CASE, &format!("stage: {round}\n")).unwrap();
        sound(&store);
        put(&store, &format!("cases/2026/7/KP-26-7K3QF4-{round}.yaml"), "x\n").unwrap();
        sound(&store);
        change(&store, |change| {
            change.remove(&format!("cases/2026/7/KP-26-7K3QF4-{round}.yaml"))
        })
        .unwrap();
        sound(&store);
    }
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
        let freed = thread::spawn(move || {
            thread::sleep(Duration::from_millis(30));
            fs::remove_file(path).unwrap();
        });
        put(&store, CASE, lock).unwrap();
        freed.join().unwrap();
        sound(&store);
    }
    let held = store.change(Duration::ZERO, "csods decide KP-26-7K3QF4").unwrap();
    let error = put(&store, CASE, "x\n").unwrap_err();
    assert_eq!(error.kind, Kind::Busy);
    assert!(error.message.contains("csods decide KP-26-7K3QF4"));
    drop(held);
}

#[test]
fn a_branch_moved_by_git_meanwhile_is_a_conflict() {
    let (_dir, store) = store();
    let mut late = store.change(Duration::ZERO, "a test").unwrap();
    late.put(CASE, b"stage: late\n".to_vec());
    git(
        store.root(),
        &["commit", "-q", "--allow-empty", "-m", "meanwhile"],
    );
    assert_eq!(
        late.commit(&text("note"), &author()).unwrap_err().kind,
        Kind::Conflict
    );
    sound(&store);
}

#[test]
fn what_is_no_plain_file_in_a_commit_is_damage() {
    let (_dir, store) = store();
    symlink("/etc/passwd", store.root().join("cases/2026/7/link.yaml")).unwrap();
    git(store.root(), &["add", "."]);
    git(store.root(), &["commit", "-qm", "a link"]);
    let head = store.head().unwrap();
    assert_eq!(
        head.read("cases/2026/7/link.yaml").unwrap_err().kind,
        Kind::Damaged
    );
    assert_eq!(head.case_paths().unwrap_err().kind, Kind::Damaged);
    assert_eq!(head.read("../csods.toml").unwrap_err().kind, Kind::Usage);
    assert_eq!(head.read("cases/2026/7").unwrap_err().kind, Kind::Damaged);
    assert_eq!(head.read("cases/nothing").unwrap(), None);
}

#[test]
fn many_files_are_read_in_order() {
    let (_dir, store) = store();
    change(&store, |change| {
        for number in 0..300 {
            change.put(
                &format!("cases/2025/{}/{number}.yaml", number % 7),
                number.to_string().into_bytes(),
            );
        }
    })
    .unwrap();
    sound(&store);
    let head = store.head().unwrap();
    let paths = head.case_paths().unwrap();
    assert_eq!(paths.len(), 302);
    assert!(paths.is_sorted());
    let read = head
        .read_many(&paths, |path, bytes| (path.to_owned(), bytes.to_vec()))
        .unwrap();
    for ((path, bytes), (wanted, _)) in read.iter().zip(&paths) {
        assert_eq!(path, wanted);
        assert_eq!(head.read(path).unwrap().as_ref(), Some(bytes));
    }
    assert_eq!(head.names_in("cases").unwrap(), ["2025", "2026"]);
    assert_eq!(head.names_in("nothing").unwrap(), [""; 0]);
}

#[test]
fn history_is_gits() {
    let (_dir, store) = store();
    let root = store.root();
    for round in 0..5 {
        put(&store, CASE, &format!("stage: {round}\n")).unwrap();
        put(&store, OTHER, &format!("stage: {round}\n")).unwrap();
    }
    git(root, &["checkout", "-q", "-b", "side", "HEAD~3"]);
    put(&store, "cases/2026/9/x.yaml", "x\n").unwrap();
    git(root, &["checkout", "-q", "main"]);
    git(root, &["merge", "-q", "--no-ff", "side"]);
    change(&store, |change| change.remove(OTHER)).unwrap();
    for path in [
        None,
        Some(CASE),
        Some(OTHER),
        Some("cases/2026/9/x.yaml"),
        Some("never"),
    ] {
        let ours = store.history(path).unwrap();
        let mut args = vec!["log", "--format=%H"];
        args.extend(path.map(|_| "--").into_iter().chain(path));
        let mut theirs: Vec<String> = git(root, &args).lines().map(str::to_owned).collect();
        let mut ids: Vec<String> = ours.iter().map(|entry| entry.commit.to_string()).collect();
        assert!(path.is_none() || ids.first() == theirs.first(), "{path:?}");
        ids.sort();
        theirs.sort();
        assert_eq!(ids, theirs, "{path:?}");
    }
    let entry = &store.history(Some(CASE)).unwrap()[0];
    assert_eq!(
        (entry.subject.as_str(), entry.trailer("Case")),
        ("note", Some("KP-26-7K3QF4"))
    );
    assert_eq!((entry.at_unix, entry.offset_minutes), (1_772_442_900, 60));
    assert_eq!(
        store
            .snapshot_at(&entry.commit)
            .unwrap()
            .read(CASE)
            .unwrap()
            .unwrap(),
        b"stage: 4\n"
    );
}

#[test]
fn a_damaged_object_is_named() {
    let (_dir, store) = store();
    let blob = store.head().unwrap().blob(CASE).unwrap().unwrap().to_string();
    let object = store
        .root()
        .join(".git/objects")
        .join(&blob[..2])
        .join(&blob[2..]);
    fs::remove_file(&object).unwrap();
    let error = store.head().unwrap().read(CASE).unwrap_err();
    assert_eq!(error.kind, Kind::Damaged);
    assert!(error.message.contains(&blob));
}
