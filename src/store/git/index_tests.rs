//! Tests of the index on its own; that git agrees is proved in `tests/it/store.rs`.

use super::*;

/// The bytes of an index after a change.
fn changed(index: &mut Index, staged: &[Staged], hashed: bool) -> Vec<u8> {
    let nothing = Unchanged::unread(Path::new("/"));
    let later = changed_if(index, staged, &nothing, hashed);
    let at_once = index.lay_out(staged, &Rewritten::default(), &nothing, hashed).unwrap();
    assert!(at_once.whole(staged).unwrap() == later);
    later
}

fn changed_if(index: &mut Index, staged: &[Staged], unchanged: &Unchanged<'_>, hashed: bool) -> Vec<u8> {
    let paths: Vec<&str> = staged.iter().map(|new| new.path.as_str()).collect();
    index.find(&paths).unwrap();
    // What git is to remember of the files is known only when they are in place.
    let unknown = |new: &Staged| Staged {
        path: new.path.clone(),
        file: new.file.map(|(mode, id, _)| (mode, id, Stat::default())),
    };
    let before: Vec<Staged> = staged.iter().map(unknown).collect();
    index.lay_out(&before, &Rewritten::default(), unchanged, hashed).unwrap().whole(staged).unwrap()
}

fn staged(path: &str, content: &str) -> Staged {
    Staged {
        path: path.to_owned(),
        file: Some((0o100_644, ObjectId::of_blob(content.as_bytes()), Stat([7; 9]))),
    }
}

fn empty(version: u32) -> Index {
    Index { version, ..Index::of_bytes(Vec::new(), 0) }
}

fn index(version: u32, bytes: Vec<u8>) -> Index {
    Index { version, ..Index::of_bytes(bytes, 9) }
}

#[test]
fn entries_are_found_changed_and_removed_in_every_version() {
    for version in [2, 4] {
        let long = format!("a/{}", "x".repeat(300));
        let names = ["a/b", "a/bc", "a", "b/c/d", &long];
        let all: Vec<_> = names.iter().map(|name| staged(name, name)).collect();
        let gone = |path: &str| Staged { path: path.to_owned(), file: None };
        let mut one = index(version, changed(&mut empty(version), &all, true));
        let id = |text: &str| Some(ObjectId::of_blob(text.as_bytes()));
        assert_eq!(
            one.find(&["b/c/d", "a/b", "zz", &long]).unwrap(),
            [id("b/c/d"), id("a/b"), None, id(&long)]
        );

        let changes = [staged("a/b", "new"), gone("a/bc"), staged("a/bb", "bb"), gone("never")];
        let mut two = index(version, changed(&mut one, &changes, true));
        assert_eq!(two.count, 5);
        assert_eq!(
            two.find(&["a/b", "a/bb", "a/bc", &long]).unwrap(),
            [id("new"), id("bb"), None, id(&long)]
        );
        let undo = [staged("a/b", "a/b"), staged("a/bc", "a/bc"), gone("a/bb")];
        let mut back = index(version, changed(&mut two, &undo, false));
        assert_eq!(back.find(&names).unwrap(), one.find(&names).unwrap());
        let last = back.bytes.len() - 20;
        assert_eq!(back.bytes[..last], one.bytes[..last]);
        assert_eq!(back.bytes[last..], [0; 20]);
    }
}

#[test]
fn a_wrong_count_is_never_written() {
    let mut index = empty(2);
    index.held.insert("a".to_owned());
    let unchanged = Unchanged::unread(Path::new("/"));
    let trees = Rewritten::default();
    assert!(index.lay_out(&[staged("a", "a")], &trees, &unchanged, true).is_err());
}

#[test]
fn an_entry_as_young_as_the_old_index_is_read_or_marked_for_a_look_inside() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a");
    crate::output::file::write_private(&file, b"a").unwrap();
    let stat = Stat::of(&fs::metadata(&file).unwrap());
    let second = stat.0[MTIME];
    let kept = |content: &str, written: u32, now: u32| {
        let mut one = staged("a", content);
        one.file = one.file.map(|(mode, id, _)| (mode, id, stat));
        let unchanged = Unchanged::at(dir.path(), now, 1);
        let mut one = index(2, changed_if(&mut empty(2), &[one], &unchanged, true));
        one.written = written;
        let two = changed_if(&mut one, &[staged("b", "b")], &unchanged, true);
        u32_at(&two, 12 + 36) == 1
    };
    assert!(kept("b", second + 1, second), "the index is younger");
    assert!(kept("a", second, second + 1), "the file was read");
    assert!(!kept("a", second, second), "an edit of this very second would not be seen");
    assert!(!kept("b", second, second + 1), "the file was edited");
}

#[test]
fn cut_bytes_are_refused() {
    let whole = changed(&mut empty(2), &[staged("a", "a"), staged("b", "b")], true);
    for end in 32..150 {
        assert!(index(2, whole[..end].to_vec()).find(&["a"]).is_err(), "cut at {end}");
    }
}
