//! Tests of the reader and the writer: tables, round trips over nasty text, and a soup of indicators.

use std::fmt::Write;

use proptest::prelude::*;

use super::scalar::{is_plain, is_stamp};
use super::*;

fn map<const N: usize>(entries: [(&str, Node); N]) -> Node {
    Node::Map(entries.into_iter().map(|(key, node)| (key.to_owned(), node)).collect())
}

fn list<const N: usize>(items: [Node; N]) -> Node {
    Node::List(items.into())
}

/// What reading gives back: stamps are text to the reader.
fn as_read(node: &Node) -> Node {
    match node {
        Node::Stamp(text) => Node::text(text.clone()),
        Node::List(items) => Node::List(items.iter().map(as_read).collect()),
        Node::Map(entries) => {
            Node::Map(entries.iter().map(|(key, node)| (key.clone(), as_read(node))).collect())
        }
        other => other.clone(),
    }
}

/// The text, after checking that it is read back.
fn written(node: &Node) -> String {
    let text = write(node);
    let read = parse_strictly(text.as_bytes()).unwrap_or_else(|fault| panic!("{fault} in\n{text}"));
    assert!(read == as_read(node), "wrote\n{text}read {read:?}");
    assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{text:?}");
    text
}

#[test]
fn writes_block_style() {
    let case = map([
        ("format", Node::Number(1)),
        ("guidance", Node::text("2023")),
        ("received", map([("at", Node::Stamp("2026-03-02T09:15:00Z".to_owned()))])),
        (
            "children",
            list([
                map([
                    ("id", Node::text("4h2m")),
                    ("name", map([("family", Node::text("Example"))])),
                    ("born", Node::Stamp("2018-06-30".to_owned())),
                    ("mother_aware", Node::text("yes")),
                    ("addresses", list([map([("text", Node::text("1 Sample Street, Maidstone"))])])),
                ]),
                map([]),
            ]),
        ),
        ("lists", list([list([Node::text("a"), list([])]), list([Node::text("b")])])),
        ("concern", Node::text("In the\n\napplicant's words.\n")),
        ("steps", list([Node::text("one\ntwo"), Node::Bool(true), Node::Null])),
        ("true", Node::Bool(false)),
        ("nothing", map([])),
    ]);
    assert_eq!(
        written(&case),
        "\
format: 1
guidance: \"2023\"
received:
  at: 2026-03-02T09:15:00Z
children:
- id: 4h2m
  name:
    family: Example
  born: 2018-06-30
  mother_aware: \"yes\"
  addresses:
  - text: 1 Sample Street, Maidstone
- {}
lists:
- - a
  - []
- - b
concern: |
  In the

  applicant's words.
steps:
- |-
  one
  two
- true
- null
\"true\": false
nothing: {}
"
    );
}

#[test]
fn writes_a_document_that_is_no_map() {
    for (node, text) in [
        (map([]), "{}\n"),
        (list([]), "[]\n"),
        (Node::Null, "null\n"),
        (Node::Number(-3), "-3\n"),
        (Node::OtherNumber, ".nan\n"),
        (Node::text("a b"), "a b\n"),
        (Node::text(" a\nb\n"), "|2\n   a\n  b\n"),
        (list([list([list([Node::text("x\ny")])])]), "- - - |-\n      x\n      y\n"),
    ] {
        assert_eq!(written(&node), text);
    }
}

#[test]
fn writes_text_plain_only_where_every_reader_takes_it_for_text() {
    let plain = "Example|4h2m|2f8c|01632 960001|alex@example.org|ME14 1AA|PNC/26/1|KP-26-7K3QF4|r.patel|no_trace|\
        right_to_ask|O'Brien|Zoë|李|(none)|a: |x#y|a:b|http://x/?a=b&c|£20|2nd|yes please|nothing";
    for text in plain.split('|') {
        assert_eq!(is_plain(text), !text.ends_with(' '), "{text}");
        written(&Node::text(text));
    }
    let quoted = "|yes|No|Y|n|ON|off|true|FALSE|null|Null|~|=|<<|-|--|---|...|-1|+1|1|0|007|0o14|0x1F|0b1|1_000|1.5|\
        1e3|.5|.inf|.NaN|NaN|12:30|190:20:30|2026-01-02|2026-1-2|2026-03-02T09:15:00Z|2001-12-14 21:59:43.10 -5|\
        - a|-a|? a|?a|: a|:a|a:|a: b|a #b|#a|&a|*a|!a|%a|@a|`a|'a|\"a|[a|]a|{a|}a|,a|<a| a|a |\ta|a\tb|a\nb|\u{7f}|\
        a\u{85}b|a\u{2028}b|\u{feff}a|a\u{feff}|a\u{ffff}b|a\u{1fffe}|\u{a0}a|a\u{a0}|a\rb|a\0b|\u{301}|1,000|12-13";
    for text in quoted.split('|') {
        assert!(!is_plain(text), "{text:?}");
        written(&Node::text(text));
        written(&map([(text, list([Node::text(text)]))]));
    }
    assert_eq!(written(&Node::text("\"\\\t\0\u{7f}\u{85}\u{2028}\u{1ffff}é")), {
        "\"\\\"\\\\\\t\\x00\\x7f\\x85\\u2028\\U0001ffffé\"\n"
    });
}

#[test]
fn writes_stamps_plain_only_in_their_form() {
    assert!(is_stamp("2026-03-02") && is_stamp("2026-03-02T09:15:00Z"));
    for other in ["", "2026-3-2", "2026-03-02 ", "2026-03-02T09:15Z", "2026-03-02t09:15:00z", "a: b", "yes"] {
        assert!(!is_stamp(other), "{other}");
        written(&Node::Stamp(other.to_owned()));
    }
}

#[test]
fn writes_lines_as_a_block_only_where_that_is_exact() {
    let header = |text: &str| {
        let out = written(&map([("a", Node::text(text)), ("b", Node::Null)]));
        out[3..].lines().next().unwrap().to_owned()
    };
    for (text, first) in [
        ("a\nb", "|-"),
        ("a\nb\n", "|"),
        ("a\n", "|"),
        ("\n\na\n", "|"),
        (" a\nb\n", "|2"),
        ("\n  a\nb", "|2-"),
        ("a  \n  b\n", "|"),
        ("a: b\n# c\n---\n", "|"),
        ("a\tb\n", "|"),
        ("a\n\n", "\"a\\n\\n\""),
        ("\n", "\"\\n\""),
        ("a\n  \nb\n", "\"a\\n  \\nb\\n\""),
        ("a\n\tb\n", "\"a\\n\\tb\\n\""),
        ("a\r\nb", "\"a\\r\\nb\""),
        ("a\n\u{2028}b", "\"a\\n\\u2028b\""),
    ] {
        assert_eq!(header(text), first, "{text:?}");
    }
}

#[test]
fn reads_numbers_as_the_parser_does() {
    let text = "a: 0x1F\nb: 1_000\nc: 007\nd: 1.5\ne: .inf\nf: yes\ng: ~\nh:\ni: 12:30\nj: -0o7\n\
                k: 9223372036854775808\nl: 2026-01-02\nm: 'x'\nn: >-\n  a\n  b\n";
    let node = parse_stored(text.as_bytes()).unwrap();
    assert_eq!(
        format!("{node:?}"),
        r#"{"a": 31, "b": "1_000", "c": "007", "d": (number), "e": (number), "f": "yes", "g": null, "h": null, "i": "12:30", "j": -7, "k": (number), "l": "2026-01-02", "m": "x", "n": "a b"}"#
    );
    written(&node);
}

#[test]
fn answers_may_hold_comments_a_marker_and_crlf() {
    let text = "# first\r\n--- # second\r\na: b # third\r\n\r\n# fourth\r\nc: | # fifth\r\n  # kept\r\n  x\r\n\
                d: [e, # sixth\r\n  f]\r\n";
    let node = parse_answers(text.as_bytes()).unwrap();
    assert_eq!(format!("{node:?}"), r##"{"a": "b", "c": "# kept\nx\n", "d": ["e", "f"]}"##);
    let refused = |text: &str| parse_answers(text.as_bytes()).unwrap_err().to_string();
    assert!(refused("# nothing\n").starts_with("1:1: nothing"));
    assert!(refused("---\na: b\n---\n").starts_with("3:1: a document marker"));
    assert!(refused("--- a\n").starts_with("1:5: `---` stands alone"));
    assert!(refused("a: b\r\nc: d\re\n").starts_with("2:5: a carriage return"));
}

#[test]
fn finds_places() {
    let text =
        b"format: 1\nchildren:\n- id: 4h2m\n  name: {family: X, given: Y}\n- id: 7b2k\n  contact:\n    \
                 since: |\n      x\n\"quoted\": 'y'\n";
    let at = |path: &str, want_key| locate(text, &Path::from(path), want_key).unwrap();
    assert_eq!(at("", false), (1, 1));
    assert_eq!(at("format", false), (1, 9));
    assert_eq!(at("format", true), (1, 1));
    assert_eq!(at("children", true), (2, 1));
    assert_eq!(at("children", false), (3, 1));
    assert_eq!(at("children.1", false), (5, 3));
    assert_eq!(at("children.0.name.given", false), (4, 28));
    assert_eq!(at("children.0.name.given", true), (4, 21));
    assert_eq!(at("children.7b2k.contact.since", false), (7, 12));
    assert_eq!(at("quoted", true), (9, 1));
    // Absent: the key around it, the item around it, or the beginning.
    assert_eq!(at("children.0.name.middle", false), (4, 3));
    assert_eq!(at("children.1.name", false), (5, 3));
    assert_eq!(at("children.9.name", false), (2, 1));
    assert_eq!(at("decision.necessity", false), (1, 1));
    assert_eq!(locate(b"a: &b c", &Path::from("a"), false), None);
    let json = b"{\r\n\t\"a\": [1, {\"b\":true}]\r\n}";
    assert_eq!(locate(json, &Path::from("a.1.b"), false), Some((2, 16)));
    assert_eq!(locate(json, &Path::from("a.1.b"), true), Some((2, 12)));
}

/// Text that is likely to be taken for something else.
pub fn nasty() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![
            ":", ": ", " #", "#", "-", "- ", "?", "? ", "'", "\"", "\\", "|", ">", "%", "@", "`", "&a", "*a", "!a",
            "!!str ", "[", "]", "{", "}", ",", "~", "=", "<<", "---", "...", "\n", "\n\n", " ", "  ", "\t", "\r",
            "\r\n", "\u{85}", "\u{2028}", "\u{2029}", "\u{feff}", "\u{a0}", "\0", "\u{7f}", "\u{9f}", "\u{ffff}",
            "\u{fdd0}", "\u{10ffff}", "\u{1f600}", "é", "e\u{301}", "\u{202e}", "yes", "no", "null", "true", "0x",
            "0", "1", "_", ".", "e", "+", "12:30", "2026-01-02", ".inf", "\\n", "a", "Zz",
        ]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat())
}

fn tree() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        6 => nasty().prop_map(Node::text),
        1 => any::<i64>().prop_map(Node::Number),
        1 => any::<bool>().prop_map(Node::Bool),
        1 => Just(Node::Null),
        1 => Just(Node::OtherNumber),
        1 => Just(Node::Stamp("2026-03-02".to_owned())),
        1 => nasty().prop_map(Node::Stamp),
    ];
    leaf.prop_recursive(5, 40, 5, |below| {
        prop_oneof![
            prop::collection::vec(below.clone(), 0..5).prop_map(Node::List),
            prop::collection::btree_map(nasty(), below, 0..5)
                .prop_map(|map| Node::Map(map.into_iter().collect())),
        ]
    })
}

/// A tree such as a case is: keys that are names, no nulls.
fn plain_tree() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        6 => nasty().prop_map(Node::text),
        1 => any::<i64>().prop_map(Node::Number),
        1 => any::<bool>().prop_map(Node::Bool),
        1 => Just(Node::Stamp("2026-03-02T09:15:00Z".to_owned())),
    ];
    let below = leaf.prop_recursive(5, 40, 5, |below| {
        prop_oneof![
            prop::collection::vec(below.clone(), 0..5).prop_map(Node::List),
            prop::collection::btree_map("[a-z]{2,8}_", below, 0..5)
                .prop_map(|map| Node::Map(map.into_iter().collect())),
        ]
    });
    prop::collection::btree_map("[a-z]{2,8}_", below, 0..5)
        .prop_map(|map| Node::Map(map.into_iter().collect()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn what_is_written_is_read_back(node in tree()) {
        let text = written(&node);
        let again = parse_strictly(text.as_bytes()).unwrap();
        prop_assert_eq!(write(&again), write(&as_read(&node)));
        prop_assert_eq!(&write(&as_read(&again)), &write(&again));
        prop_assert!(parse_answers(text.replace('\n', "\r\n").as_bytes()).unwrap() == again);
    }

    /// The quick way reads what the strict one reads.
    #[test]
    fn both_ways_read_the_same(node in tree(), plain in plain_tree()) {
        for node in [node, plain.clone()] {
            let text = write(&node);
            if let Some(quick) = canonical::read(text.as_bytes()) {
                prop_assert!(as_read(&quick) == parse_strictly(text.as_bytes()).unwrap());
            }
        }
        let quick = matches!(plain, Node::Map(_)).then(|| canonical::read(write(&plain).as_bytes()));
        prop_assert!(quick.is_none_or(|read| read.is_some() || plain == Node::map()), "the quick way was not taken");
    }

    /// What the quick way accepts, the strict one accepts, and as the same.
    #[test]
    fn the_quick_way_is_never_looser(soup in soup()) {
        if let Some(quick) = canonical::read(soup.as_bytes()) {
            prop_assert!(as_read(&quick) == parse_strictly(soup.as_bytes()).unwrap());
        }
    }

    /// Whatever is read at all can be written and read back; nothing panics.
    #[test]
    fn any_soup_is_refused_or_read(soup in soup(), stored in any::<bool>()) {
        let read = if stored { parse_stored(soup.as_bytes()) } else { parse_answers(soup.as_bytes()) };
        if let Ok(node) = read {
            written(&node);
        }
    }
}

/// Bits of YAML in no order.
fn soup() -> impl Strategy<Value = String> {
    let bit = prop::sample::select(vec![
        "-", "- ", ":", ": ", "?", "? ", "[", "]", "{", "}", ",", "&a ", "*a", "!b ", "|", "|2", "|-", ">",
        "'", "\"", "%", "@", "#", " #", "\n", "\n", "\n", "\n  ", "\n    ", " ", "  ", "\t", "a", "a: ",
        "b: ", "k: |\n", "- c", "1", "\\", "''", "\"x\"", "<<", "---", "...",
    ]);
    prop::collection::vec(bit, 0..24).prop_map(|bits| bits.concat())
}

#[test]
fn nesting_of_64_is_read_and_written() {
    let deep = |depth: usize| {
        (0..depth).fold(Node::Number(1), |node, level| match level % 3 {
            0 => list([node]),
            _ => map([("k", node)]),
        })
    };
    let text = written(&deep(64));
    assert!(text.len() > 64);
    assert!(parse_stored(write(&deep(65)).as_bytes()).is_err());
    for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", "")] {
        let nested = |depth: usize| format!("{}1{}", open.repeat(depth), close.repeat(depth));
        written(&parse_stored(nested(64).as_bytes()).unwrap());
        assert!(parse_stored(nested(65).as_bytes()).unwrap_err().message.starts_with("nested too deep"));
    }
    let mut indentless = String::new();
    for level in 0..40 {
        let _ = write!(indentless, "a:\n{0}- ", "  ".repeat(level));
    }
    assert!(parse_stored(indentless.as_bytes()).unwrap_err().message.starts_with("nested too deep"));
}

#[test]
fn long_keys_are_refused_and_the_longest_is_read_back() {
    written(&map([(&*"\u{1fffe}".repeat(100), Node::Null)]));
    let long = format!("{}: 1\n", "k".repeat(101));
    assert!(parse_stored(long.as_bytes()).unwrap_err().message.contains("100"));
}
