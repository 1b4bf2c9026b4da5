//! Tests of the index on its own; that git agrees is proved in `tests/it/store.rs`.

use super::*;

fn staged(path: &str, content: &str) -> Staged {
    Staged {
        path: path.to_owned(),
        file: Some((0o100_644, ObjectId::of_blob(content.as_bytes()), Stat([7; 9]))),
    }
}

fn index(version: u32, bytes: Vec<u8>) -> Index {
    Index {
        count: u32_at(&bytes, 8),
        bytes,
        version,
        written: (9, 0),
    }
}

#[test]
fn entries_are_found_changed_and_removed_in_every_version() {
    for version in [2, 4] {
        let empty = Index {
            bytes: Vec::new(),
            version,
            count: 0,
            written: (0, 0),
        };
        let none = Rewritten::default();
        let long = format!("a/{}", "x".repeat(300));
        let names = ["a/b", "a/bc", "a", "b/c/d", &long];
        let all: Vec<_> = names.iter().map(|name| staged(name, name)).collect();
        let one = index(version, empty.changed(&all, &none, true).unwrap());
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
            one.changed(&[staged("a/b", "new"), gone, staged("a/bb", "bb")], &none, true)
                .unwrap(),
        );
        assert_eq!(two.count, 5);
        assert_eq!(
            two.find(&["a/b", "a/bb", "a/bc", &long]).unwrap(),
            [id("new"), id("bb"), None, id(&long)]
        );
        let three = two
            .changed(&[staged("a/b", "a/b"), staged("a/bc", "a/bc")], &none, false)
            .unwrap();
        let three = index(version, three);
        let gone = Staged {
            path: "a/bb".to_owned(),
            file: None,
        };
        let back = three.changed(&[gone], &none, true).unwrap();
        let (back, one) = (index(version, back), one);
        assert_eq!(back.find(&names).unwrap(), one.find(&names).unwrap());
        assert_eq!(
            &back.bytes[12..back.bytes.len() - 60],
            &one.bytes[12..one.bytes.len() - 60]
        );
    }
}

#[test]
fn an_entry_as_young_as_the_old_index_is_marked_for_a_look_inside() {
    let empty = Index {
        bytes: Vec::new(),
        version: 2,
        count: 0,
        written: (0, 0),
    };
    let mut one = index(
        2,
        empty
            .changed(&[staged("a", "a")], &Rewritten::default(), true)
            .unwrap(),
    );
    for (written, size) in [((7, 8), 7), ((7, 7), 0), ((6, 9), 0)] {
        one.written = written;
        let two = one
            .changed(&[staged("b", "b")], &Rewritten::default(), true)
            .unwrap();
        assert_eq!(u32_at(&two, 12 + 36), size, "{written:?}");
    }
}

#[test]
fn numbers_of_varying_length_are_gits() {
    for value in [0, 1, 127, 128, 16_383, 16_511, 16_512, 40_000] {
        let mut bytes = Vec::new();
        write_varint(value, &mut bytes);
        assert_eq!(varint(&bytes), Some((value, bytes.len())));
    }
    assert_eq!(varint(&[0x80, 0]), Some((128, 2)));
}

#[test]
fn cut_bytes_are_refused() {
    let empty = Index {
        bytes: Vec::new(),
        version: 2,
        count: 0,
        written: (0, 0),
    };
    let whole = empty
        .changed(&[staged("a", "a"), staged("b", "b")], &Rewritten::default(), true)
        .unwrap();
    for end in 32..150 {
        assert!(
            index(2, whole[..end].to_vec()).find(&["a"]).is_err(),
            "cut at {end}"
        );
    }
}
