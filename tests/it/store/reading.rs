//! Reading commits and history.

use std::fs;
use std::os::unix::fs::symlink;

use csods::error::Kind;

use super::*;

#[test]
fn what_is_no_plain_file_in_a_commit_is_damage() {
    let (_dir, store) = store();
    symlink("/etc/passwd", store.root().join("cases/2026/7/link.yaml")).unwrap();
    git(store.root(), &["add", "."]);
    git(store.root(), &["commit", "-qm", "a link"]);
    let head = store.head().unwrap();
    assert_eq!(head.read("cases/2026/7/link.yaml").unwrap_err().kind, Kind::Damaged);
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
            change.put(&format!("cases/2025/{}/{number}.yaml", number % 7), number.to_string().into_bytes());
        }
    })
    .unwrap();
    sound(&store);
    let head = store.head().unwrap();
    let paths = head.case_paths().unwrap();
    assert_eq!(paths.len(), 302);
    assert!(paths.is_sorted());
    let read = head.read_many(&paths, |path, bytes| (path.to_owned(), bytes.to_vec())).unwrap();
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
    for path in [None, Some(CASE), Some(OTHER), Some("cases/2026/9/x.yaml"), Some("never")] {
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
    assert_eq!((entry.subject.as_str(), entry.trailer("Case")), ("note", Some("KP-26-7K3QF4")));
    assert_eq!((entry.at_unix, entry.offset_minutes), (1_772_442_900, 60));
    assert_eq!(store.snapshot_at(&entry.commit).unwrap().read(CASE).unwrap().unwrap(), b"stage: 4\n");
}

#[test]
fn a_damaged_object_is_named() {
    let (_dir, store) = store();
    let blob = store.head().unwrap().blob(CASE).unwrap().unwrap().to_string();
    let unpack = "mv objects/pack pack && mkdir objects/pack && cat pack/*.pack | git unpack-objects -q";
    let git_dir = store.root().join(".git");
    assert!(Command::new("sh").args(["-c", unpack]).current_dir(&git_dir).status().unwrap().success());
    let again = || Store::find(Some(store.root()), None, store.root()).unwrap().head().unwrap();
    assert_eq!(again().read(CASE).unwrap().unwrap(), b"stage: a\n");
    let object = git_dir.join("objects").join(&blob[..2]).join(&blob[2..]);
    fs::remove_file(&object).unwrap();
    let error = again().read(CASE).unwrap_err();
    assert_eq!(error.kind, Kind::Damaged);
    assert!(error.message.contains(&blob));
}
