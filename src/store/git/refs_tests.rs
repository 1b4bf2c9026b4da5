//! HEAD, branches and logs that somebody else wrote.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

/// A repository with one commit.
fn repo() -> (tempfile::TempDir, Repo, CommitId) {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("store");
    fs::create_dir(&root).unwrap();
    let repo = Repo::create(&root).unwrap();
    let commit = written(&repo, "Sam", "made");
    (dir, repo, commit)
}

/// A commit as others may have made it, of the empty tree.
fn written(repo: &Repo, name: &str, message: &str) -> CommitId {
    let tree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
    let text = format!("tree {tree}\nauthor A <a> 1 +0000\ncommitter {name} <a> 1 +0000\n\n{message}\n");
    let id = repo.git().odb().unwrap().write(git2::ObjectType::Commit, text.as_bytes()).unwrap();
    ObjectId::from_slice(id.as_bytes()).unwrap()
}

fn put(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    File::create(path).unwrap().write_all(bytes).unwrap();
}

/// Everything below a directory, links not followed, and what the files hold.
fn all(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.is_symlink() {
            found.extend(all(&path));
        } else {
            found.insert(path.display().to_string(), fs::read(&path).unwrap_or_default());
        }
    }
    found
}

#[test]
fn a_branch_is_named_as_git_names_it() {
    for name in ["refs/heads/main", "refs/heads/a/b-c", "refs/heads/ä"] {
        assert!(is_branch(name), "{name}");
    }
    for name in [
        "",
        "main",
        "HEAD",
        "refs/tags/x",
        "refs/heads/",
        "refs/heads/../x",
        "refs/heads/a/../../../x",
        "../refs/heads/x",
        "refs/heads//x",
        "refs/heads/.x",
        "refs/heads/x.lock",
        "refs/heads/a b",
        "refs/heads/a\n",
        "refs/heads/a\0",
        "/refs/heads/x",
    ] {
        assert!(!is_branch(name), "{name:?}");
    }
    assert!(!is_branch(&format!("refs/heads/{}", "x".repeat(2000))));
}

#[test]
fn no_log_leads_elsewhere() {
    for log in ["logs/HEAD", "logs/refs/heads/main", "logs/refs/heads", "logs"] {
        let (dir, repo, commit) = repo();
        let outside = dir.path().join("outside");
        fs::create_dir(&outside).unwrap();
        put(&outside.join("file"), b"mine\n");
        let at = dir.path().join("store/.git").join(log);
        fs::create_dir_all(at.parent().unwrap()).unwrap();
        let to = if log.ends_with("s") { outside.clone() } else { outside.join("file") };
        symlink(to, &at).unwrap();
        let error = repo.log_move("refs/heads/main", ObjectId::ZERO, commit).unwrap_err();
        assert_eq!(error.kind, Kind::Damaged, "{log}: {error}");
        assert!(error.hint.is_some() && error.place.is_some());
        assert_eq!(all(&outside).len(), 1, "{log}");
        assert_eq!(fs::read(outside.join("file")).unwrap(), b"mine\n", "{log}");
    }
}

#[test]
fn a_commit_that_others_made_is_one_line_of_the_log() {
    let (dir, repo, _) = repo();
    let id = written(&repo, "A\rB\x1b[2J", "first\rsecond\x07");
    repo.log_move("refs/heads/main", ObjectId::ZERO, id).unwrap();
    let log = fs::read_to_string(dir.path().join("store/.git/logs/HEAD")).unwrap();
    assert!(log.ends_with(" AB[2J <a> 1 +0000\tcommit (initial): firstsecond\n"), "{log:?}");
    assert_eq!(log.matches(|c: char| c.is_control()).count(), 2);
}

#[test]
fn a_name_that_is_not_utf_8_is_not_taken_for_another() {
    let (dir, repo, commit) = repo();
    let git = dir.path().join("store/.git");
    put(&git.join("HEAD"), b"ref: refs/heads/main\xe5\n");
    assert_eq!(repo.head().unwrap_err().kind, Kind::Damaged);
    let line = |name: &[u8]| [commit.to_string().as_bytes(), b" ", name, b"\n"].concat();
    put(&git.join("packed-refs"), &line(b"refs/heads/x\xff"));
    assert_eq!(repo.branch("refs/heads/x\u{fffd}").unwrap(), None);
    put(
        &git.join("packed-refs"),
        &[line(b"refs/heads/x\xff"), line("refs/heads/\u{e4}".as_bytes())].concat(),
    );
    assert_eq!(repo.branch("refs/heads/\u{e4}").unwrap(), Some(commit));
    put(&git.join("packed-refs"), b"4b825dc refs/heads/x\n");
    assert_eq!(repo.branch("refs/heads/x").unwrap_err().kind, Kind::Damaged);
    put(&git.join("packed-refs"), &line(b"refs/replace/\xff"));
    assert!(repo.packs_replacements().unwrap());
}

#[test]
fn a_file_of_references_that_is_too_large_is_not_read_in_part() {
    let (dir, repo, _) = repo();
    let git = dir.path().join("store/.git");
    let fill = |name: &str, length| File::create(git.join(name)).unwrap().set_len(length).unwrap();
    fill("packed-refs", LARGEST_LIST + 1);
    assert_eq!(repo.branch("refs/heads/x").unwrap_err().kind, Kind::Damaged);
    assert_eq!(repo.packs_replacements().unwrap_err().kind, Kind::Damaged);
    fill("packed-refs", LARGEST_LIST);
    assert_eq!(repo.branch("refs/heads/x").unwrap(), None);
    for name in ["HEAD", "refs/heads/x"] {
        fill(name, LONGEST + 1);
    }
    assert_eq!(repo.head().unwrap_err().kind, Kind::Damaged);
    assert_eq!(repo.branch("refs/heads/x").unwrap_err().kind, Kind::Damaged);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn whatever_stands_in_the_refs_nothing_is_written_and_no_path_leads_out(
        head in prop_oneof![
            vec(any::<u8>(), 0..80),
            "ref: refs/heads/[a-z./ ]{0,20}\n?".prop_map(String::into_bytes),
            "[0-9a-f]{38,42}\n?".prop_map(String::into_bytes),
        ],
        packed in vec("([0-9a-f]{40} )?(refs/(heads|replace)/)?[a-z./]{0,12}", 0..8),
        loose in vec(any::<u8>(), 0..60),
    ) {
        let (dir, repo, _) = repo();
        let git = dir.path().join("store/.git");
        put(&git.join("HEAD"), &head);
        put(&git.join("packed-refs"), packed.join("\n").as_bytes());
        put(&git.join("refs/heads/a"), &loose);
        let before = all(dir.path());
        if let Ok(Head { branch: Some(branch), .. }) = repo.head() {
            prop_assert!(is_branch(&branch));
        }
        let _ = repo.branch("refs/heads/a");
        let _ = repo.rewritten();
        prop_assert_eq!(all(dir.path()), before);
    }

    #[test]
    fn whatever_a_log_holds_one_whole_line_follows_it(before in vec(any::<u8>(), 0..400), name in "[^<>\0\n]{1,30}") {
        let (dir, repo, _) = repo();
        let commit = written(&repo, &name, "made");
        let log = dir.path().join("store/.git/logs/HEAD");
        put(&log, &before);
        for _ in 0..2 {
            repo.log_move("refs/heads/main", ObjectId::ZERO, commit).unwrap();
        }
        let after = fs::read(&log).unwrap();
        let added = after.strip_prefix(before.as_slice()).unwrap();
        let added = added.strip_prefix(b"\n").unwrap_or(added);
        prop_assert_eq!(added.iter().filter(|byte| **byte == b'\n').count(), 1);
        prop_assert!(added.starts_with(ObjectId::ZERO.to_string().as_bytes()) && added.ends_with(b": made\n"));
    }
}
