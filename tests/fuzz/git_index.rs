//! Git's index: a damaged one is refused, and what is written of one that is taken is taken again.

use std::path::Path;

use super::{Index, ObjectId, Rewritten, Staged, Stat, Unchanged};
use crate::fuzz::{files, run};

#[expect(clippy::disallowed_methods, reason = "not a file of a store")]
fn put(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).unwrap();
}

/// Whether each name comes after the one before.
fn in_order(index: &Index) -> bool {
    let mut names: Vec<Vec<u8>> = Vec::new();
    let read = index.each(|raw| {
        names.push(raw.name.to_vec());
        Ok(())
    });
    read.is_ok() && names.is_sorted_by(|a, b| a < b)
}

#[test]
fn git_index() {
    let dir = tempfile::tempdir().unwrap();
    let (path, again) = (dir.path().join("index"), dir.path().join("again"));
    let unchanged = Unchanged::unread(dir.path());
    let paths = ["a", "cases/2026/7/KP-26-7K3QF4.yaml", "n/b", "zz"];
    let new = Staged {
        path: paths[2].to_owned(),
        file: Some((0o100_644, ObjectId::of_blob(b"new"), Stat([7; 9]))),
    };
    run(
        "git_index",
        &files("tests/fuzz/corpus/git_index"),
        &["TREE", "DIRC", "link", "sdir", "\0"],
        |input| {
            put(&path, input);
            let Ok(mut index) = Index::read(&path) else { return };
            let Ok(found) = index.find(&paths) else { return };
            let change = std::slice::from_ref(&new);
            let Ok(laid) = index.lay_out(change, &Rewritten::default(), &unchanged, true) else { return };
            put(&again, &laid.whole(change).unwrap());
            let mut after = Index::read(&again).unwrap();
            let found_after = after.find(&paths);
            let mut wanted = found;
            wanted[2] = Some(ObjectId::of_blob(b"new"));
            // Names that stand twice, or in no order, are git's to refuse.
            if in_order(&index) {
                assert!(in_order(&after) && found_after.unwrap() == wanted);
            }
        },
    );
}
