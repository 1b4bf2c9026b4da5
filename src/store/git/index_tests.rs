//! Tests of the index on its own; that git agrees is proved in `tests/it/store.rs`.

use super::*;

fn staged(path: &str, content: &str) -> Staged {
    Staged {
        path: path.to_owned(),
        file: Some((0o100_644, ObjectId::of_blob(content.as_bytes()), Stat([7; 9]))),
    }
}

fn empty(version: u32) -> Index {
    Index {
        bytes: Vec::new(),
        version,
        count: 0,
        written: 0,
    }
}

fn nothing() -> Unchanged<'static> {
    Unchanged {
        root: Path::new("/"),
        now: 0,
        left: Cell::new(0),
    }
}

fn index(version: u32, bytes: Vec<u8>) -> Index {
    Index {
        count: u32_at(&bytes, 8),
        bytes,
        version,
        written: 9,
    }
}

#[test]
fn entries_are_found_changed_and_removed_in_every_version() {
    for version in [2, 4] {
        let empty = empty(version);
        let none = Rewritten::default();
        let long = format!("a/{}", "x".repeat(300));
        let names = ["a/b", "a/bc", "a", "b/c/d", &long];
        let all: Vec<_> = names.iter().map(|name| staged(name, name)).collect();
        let one = index(version, empty.changed(&all, &none, &nothing(), true).unwrap());
        let id = |text: &str| Some(ObjectId::of_blob(text.as_bytes()));
        assert_eq!(
            one.find(&["b/c/d", "a/b", "zz", &long]).unwrap(),
            [id("b/c/d"), id("a/b"), None, id(&long)]
        );

        let gone = Staged {
            path: "a/bc".to_owned(),
            file: None,
        };
        let two = index(
            version,
            one.changed(
                &[staged("a/b", "new"), gone, staged("a/bb", "bb")],
                &none,
                &nothing(),
                true,
            )
            .unwrap(),
        );
        assert_eq!(two.count, 5);
        assert_eq!(
            two.find(&["a/b", "a/bb", "a/bc", &long]).unwrap(),
            [id("new"), id("bb"), None, id(&long)]
        );
        let three = two
            .changed(
                &[staged("a/b", "a/b"), staged("a/bc", "a/bc")],
                &none,
                &nothing(),
                false,
            )
            .unwrap();
        let three = index(version, three);
        let gone = Staged {
            path: "a/bb".to_owned(),
            file: None,
        };
        let back = three.changed(&[gone], &none, &nothing(), true).unwrap();
        let (back, one) = (index(version, back), one);
        assert_eq!(back.find(&names).unwrap(), one.find(&names).unwrap());
        assert_eq!(
            &back.bytes[12..back.bytes.len() - 60],
            &one.bytes[12..one.bytes.len() - 60]
        );
    }
}

#[test]
fn an_entry_as_young_as_the_old_index_is_read_or_marked_for_a_look_inside() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a");
    crate::store::disk::fill(&file, b"a", None).unwrap();
    let stat = Stat::of(&fs::metadata(&file).unwrap());
    let second = stat.0[MTIME];
    let kept = |content: &str, written: u32, now: u32| {
        let mut one = staged("a", content);
        one.file = one.file.map(|(mode, id, _)| (mode, id, stat));
        let unchanged = Unchanged {
            root: dir.path(),
            now,
            left: Cell::new(1),
        };
        let mut one = index(
            2,
            empty(2)
                .changed(&[one], &Rewritten::default(), &unchanged, true)
                .unwrap(),
        );
        one.written = written;
        let two = one
            .changed(&[staged("b", "b")], &Rewritten::default(), &unchanged, true)
            .unwrap();
        u32_at(&two, 12 + 36) == 1
    };
    assert!(kept("b", second + 1, second), "the index is younger");
    assert!(kept("a", second, second + 1), "the file was read");
    assert!(
        !kept("a", second, second),
        "an edit of this very second would not be seen"
    );
    assert!(!kept("b", second, second + 1), "the file was edited");
}

#[test]
fn cut_bytes_are_refused() {
    let empty = empty(2);
    let whole = empty
        .changed(
            &[staged("a", "a"), staged("b", "b")],
            &Rewritten::default(),
            &nothing(),
            true,
        )
        .unwrap();
    for end in 32..150 {
        assert!(
            index(2, whole[..end].to_vec()).find(&["a"]).is_err(),
            "cut at {end}"
        );
    }
}
