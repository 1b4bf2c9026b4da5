//! Git's index is a cache: lost or older than HEAD, it is made again, and what a person staged is kept.

use std::fs;
use std::path::PathBuf;

use super::*;

fn index(store: &Store) -> PathBuf {
    store.root().join(".git/index")
}

fn status(store: &Store) -> String {
    git(store.root(), &["--no-optional-locks", "status", "--porcelain"])
}

fn write(path: &Path, bytes: &[u8]) {
    crate::support::write(path, bytes);
}

#[test]
fn an_index_that_is_lost_is_made_again_from_head() {
    type Spoil = fn(&mut Vec<u8>);
    let spoil: [(&str, Spoil); 6] = [
        ("empty", Vec::clear),
        ("all zeros", |bytes| bytes.fill(0)),
        ("cut off", |bytes| bytes.truncate(100)),
        ("its second half zeros", |bytes| {
            let half = bytes.len() / 2;
            bytes[half..].fill(0);
        }),
        ("another content under the old checksum", |bytes| bytes[12 + 41] ^= 1),
        ("no checksum", |bytes| {
            let end = bytes.len() - 20;
            bytes[end..].fill(0);
        }),
    ];
    for (what, spoil) in spoil {
        for by_status in [false, true] {
            let (_dir, store) = store();
            let entries = git(store.root(), &["ls-files", "-s"]);
            let mut bytes = fs::read(index(&store)).unwrap();
            spoil(&mut bytes);
            write(&index(&store), &bytes);
            if by_status {
                assert_eq!(store.status().unwrap(), [], "{what}");
                assert_eq!(git(store.root(), &["ls-files", "-s"]), entries, "{what}");
            } else {
                put(&store, CASE, "stage: after\n").unwrap();
            }
            assert_eq!(status(&store), "", "{what}");
            sound(&store);
            put(&store, OTHER, "stage: later\n").unwrap();
            sound(&store);
        }
    }
    let (_dir, store) = store();
    fs::remove_file(index(&store)).unwrap();
    put(&store, CASE, "stage: after\n").unwrap();
    sound(&store);
}

#[test]
fn an_index_without_checksums_is_believed_where_git_was_told_so() {
    let (_dir, store) = store();
    git(store.root(), &["config", "index.skipHash", "true"]);
    write(&store.root().join("note.txt"), b"staged by hand\n");
    git(store.root(), &["add", "note.txt"]);
    put(&store, CASE, "stage: after\n").unwrap();
    assert_eq!(status(&store), "A  note.txt\n");
    let mut bytes = fs::read(index(&store)).unwrap();
    assert!(bytes.ends_with(&[0; 20]));
    let half = bytes.len() / 2;
    bytes[half..].fill(0);
    write(&index(&store), &bytes);
    put(&store, CASE, "stage: later\n").unwrap();
    assert_eq!(status(&store), "?? note.txt\n");
}

#[test]
fn an_index_older_than_head_is_brought_up_to_it() {
    const NEW: &str = "cases/2026/9/KP-26-9AAAAA.yaml";
    for by_status in [false, true] {
        let (_dir, store) = store();
        let old = fs::read(index(&store)).unwrap();
        change(&store, |change| {
            change.put(CASE, b"stage: after\n".to_vec());
            change.put(NEW, b"stage: new\n".to_vec());
            change.remove(OTHER);
        })
        .unwrap();
        put(&store, CASE, "stage: last\n").unwrap();
        write(&index(&store), &old);
        assert_ne!(status(&store), "");
        if by_status {
            assert_eq!(store.status().unwrap(), []);
        } else {
            put(&store, CASE, "stage: on\n").unwrap();
        }
        sound(&store);
        // The next plain commit takes nothing out of HEAD.
        let head = git(store.root(), &["rev-parse", "HEAD^{tree}"]);
        git(store.root(), &["commit", "-q", "--allow-empty", "-m", "by git"]);
        assert_eq!(git(store.root(), &["rev-parse", "HEAD^{tree}"]), head);
    }
}

#[test]
fn what_a_person_staged_or_edited_is_kept() {
    let (_dir, store) = store();
    let old = fs::read(index(&store)).unwrap();
    put(&store, CASE, "stage: after\n").unwrap();
    write(&index(&store), &old);
    // Staged, and the working file is what was staged; staged, and the working file is HEAD's; edited and not staged.
    write(&store.root().join("note.txt"), b"staged\n");
    write(&store.root().join(OTHER), b"stage: by hand\n");
    git(store.root(), &["add", "note.txt", OTHER]);
    write(&store.root().join(OTHER), b"stage: b\n");
    write(&store.root().join("csods.toml"), b"format = 2\n");
    put(&store, CASE, "stage: later\n").unwrap();
    assert_eq!(status(&store), format!("MM {OTHER}\n M csods.toml\nA  note.txt\n"));
    assert_eq!(git(store.root(), &["show", &format!(":{OTHER}")]), "stage: by hand\n");
    let error = put(&store, OTHER, "stage: c\n").unwrap_err();
    assert!(error.message.contains("edited by hand and staged"), "{}", error.message);
}
