//! Other people's YAML readers: what we write, they read as the same text; what our pass lets through, they cut into
//! the same values, with no anchor, alias or tag among them.
//!
//! Each reader is asked only where it is installed; one that is not is named in the output of the test.

use csods::domain::node::Node;
use csods::store::{json, yaml};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::Value;

use crate::readers::{self, ask};
use crate::tools::Tool;

/// Loads every text of a JSON list, in one loader after the other; what JSON has no form for becomes `{"odd": ...}`.
const VALUES: &str = "
import json, sys, yaml
loaders = [yaml.SafeLoader] + ([yaml.CSafeLoader] if yaml.__with_libyaml__ else [])
odd = lambda value: {'odd': repr(value)}
texts = json.load(sys.stdin.buffer)
print(json.dumps([[yaml.load(text, Loader=loader) for text in texts] for loader in loaders], default=odd))
";

/// The same, every scalar as the text that it is, or the error; with the number of anchors, aliases and tags.
const EVENTS: &str = "
import json, sys, yaml
loaders = [yaml.BaseLoader] + ([yaml.CBaseLoader] if yaml.__with_libyaml__ else [])
def read(text, loader):
    try:
        marks = [e for e in yaml.parse(text, Loader=loader)
                 if isinstance(e, yaml.AliasEvent) or getattr(e, 'anchor', None) or getattr(e, 'tag', None)]
        return {'marks': len(marks), 'value': yaml.load(text, Loader=loader)}
    except yaml.YAMLError as error:
        return {'error': str(error)}
texts = json.load(sys.stdin.buffer)
print(json.dumps([[read(text, loader) for text in texts] for loader in loaders]))
";

/// What Python with PyYAML answers; `None` where there is none.
fn ask_python(script: &str, texts: &[String]) -> Option<Vec<Vec<Value>>> {
    let answer = readers::ask_python(Tool::PyYaml, script, &serde_json::to_vec(texts).unwrap())?;
    Some(serde_json::from_slice(&answer).unwrap())
}

/// Text that some reader of YAML takes for something else.
const NASTY: &str = "|yes|Yes|YES|no|No|NO|y|Y|n|N|on|On|ON|off|Off|OFF|true|True|TRUE|false|False|FALSE|null|Null|NULL|~|\
    nil|none|None|undefined|NaN|nan|.nan|.NaN|.NAN|inf|Infinity|.inf|-.inf|+.Inf|0|-0|+0|1|-1|+1|00|007|0o7|0O7|0x1F|\
    0X1f|0b101|0B1|1_000|1,000|1.0|1.|.5|-.5|1e3|1E3|1e+3|1.5e-3|6.02e23|685.230_15|12:30|12:30:45|1:2|190:20:30.15|\
    -12:30|2026-01-02|2026-1-2|2026-01-02T10:00:00Z|2026-01-02 10:00:00|2001-12-14t21:59:43.10-05:00|\
    2001-12-15 2:59:43.10|0001-01-01|10-10|1/2|4h2m|2f8c|9e12|0e00|1e|1e-|12e03|0x|0xg|_1|1_|__|=|<<|<|<=|>=|->|=>|\
    -|--|---|----|...|....|. |.|..|- a|-a|- |a -|? a|?a|?|: a|:a|:|::|a:|a: b|a:b|a : b|a :b|: |a:: b|#|# a|#a|a#b|\
    a # b|a #b|a# b|&|&a|& a|a & b|*|*a|* a|a * b|!|!a|!!str a|!<tag> a|! a|a!|%|%a|%YAML 1.2|100%|@|@a|a@b|`|`a`|\
    '|''|'a'|it's|\"|\"\"|\"a\"|a \"b\" c|[|]|[]|[a]|[a, b]|{|}|{}|{a: b}|{{ a }}|,|a, b|,a|a,|\\|\\n|a\\|\\x41|\\u|$|\
    $a|${a}|>|>-|> a|a > b|/|//|http://example.org/?a=b&c=d#e|C:\\Users\\x|a=b|=1+1|+44 1632 960001|01632 960001|\
    (a)|[ ]|a]|a}|a[0]|a{0}| a|a |  | a |a  b|é|ß|Zoë|李|🙂|مرحبا|e\u{301}|\u{301}a|a\u{200d}b|\u{200b}|\u{202e}a|\
    \u{a0}|a\u{a0}|\u{a0}a|\u{ad}|\u{3000}a|\u{2028}|a\u{2028}b|\u{2029}|a\u{85}b|\u{85}|\u{feff}|\u{feff}a|a\u{feff}|\
    \u{7f}|\u{80}|\u{9f}|\u{fffd}|\u{fffe}|\u{ffff}|\u{fdd0}|\u{1fffe}|\u{10ffff}|\u{e000}|\u{d7ff}|\0|\u{1}|\u{7}|\
    \u{8}|\u{b}|\u{c}|\u{1b}|\u{1f}|\t|a\tb|\ta|a\t|\t\t|a \tb|\r|a\rb|\r\n|a\r\nb|\n|\n\n|\na|a\n|a\n\n|a\n\n\n|a\nb|\
    a\n\nb|a\nb\n|\n\na\n| a\nb|  a\n b\n|a\n  b\n|a \nb|a\n \nb|a\n\n b\n|\n a|\n  \n|a\n\tb|\ta\nb|a\n#b\n|# a\nb|\
    - a\n- b|a: b\nc: d\n|---\na|a\n---\n|a\n...\n|%a\nb|>\na|'\n'|\"\n\"|a\\\nb|a:\n  b|{\n}|[\n]\n|a\u{85}\nb|\
    a\n\u{feff}b|\u{2028}\na|a\n\u{a0}\nb|a\n\u{3000}|yes\n|1\n|null\n|~\n2026-01-02\n";

fn nasty() -> Vec<String> {
    let mut texts: Vec<String> = NASTY.split('|').map(str::to_owned).collect();
    texts.extend(["|", "|-", "| a", "a | b", "|\na", "a\n|\n"].map(str::to_owned));
    assert!(texts.len() > 250, "{}", texts.len());
    let pieces = texts.clone();
    let piece = prop_oneof![
        5 => prop::sample::select(pieces),
        1 => any::<char>().prop_map(String::from),
    ];
    texts.extend(samples(&prop::collection::vec(piece, 1..5).prop_map(|pieces| pieces.concat()), 1000));
    texts
}

fn samples(strategy: &impl Strategy<Value = String>, count: usize) -> Vec<String> {
    let mut runner = TestRunner::deterministic();
    (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

/// A text everywhere a text can stand.
fn around(text: &str) -> Node {
    let node = || Node::text(text);
    let mut entries = vec![
        ("value".to_owned(), node()),
        ("list".to_owned(), Node::List(vec![node(), Node::List(vec![node()]), node()])),
        (
            "items".to_owned(),
            Node::List(vec![Node::Map(vec![("a".to_owned(), node()), ("b".to_owned(), node())])]),
        ),
        ("last".to_owned(), node()),
    ];
    if text.chars().count() <= 100 && !["value", "list", "items", "last"].contains(&text) {
        entries.insert(1, (text.to_owned(), Node::map()));
    }
    Node::Map(entries)
}

#[test]
fn python_reads_what_we_write_as_text() {
    let nodes: Vec<Node> = nasty().iter().map(|text| around(text)).collect();
    let texts: Vec<String> = nodes.iter().map(yaml::write).collect();
    for read in ask_python(VALUES, &texts).unwrap_or_default() {
        assert_eq!(read.len(), nodes.len());
        for ((node, text), read) in nodes.iter().zip(&texts).zip(read) {
            assert_eq!(json::value(node), read, "{text}");
        }
    }
}

/// Python's yq and Go's yq are different programs under one name; both turn a stream of documents into JSON.
#[test]
fn yq_reads_what_we_write_as_text() {
    let Some(version) = ask(Tool::Yq, "yq", &["--version"], b"") else {
        return;
    };
    let go = String::from_utf8_lossy(&version).contains("mikefarah");
    let arguments: &[&str] = if go { &["-o=json", "-I=0", "."] } else { &["-c", "."] };
    let nodes: Vec<Node> = nasty().iter().map(|text| around(text)).collect();
    let stream: Vec<String> = nodes.iter().map(yaml::write).collect();
    let answer = ask(Tool::Yq, "yq", arguments, stream.join("---\n").as_bytes()).unwrap_or_default();
    let read: Vec<Value> =
        serde_json::Deserializer::from_slice(&answer).into_iter().collect::<Result<_, _>>().unwrap();
    assert_eq!(read.len(), nodes.len());
    for ((node, text), read) in nodes.iter().zip(&stream).zip(read) {
        assert_eq!(json::value(node), read, "{text}");
    }
}

/// Bits of YAML in no order, and little lines that are nearly right.
fn soup() -> impl Strategy<Value = String> {
    let bit = prop::sample::select(vec![
        "-", "- ", ":", ": ", "?", "? ", "[", "]", "{", "}", ",", ", ", "&a ", "*a", "!b ", "|", "|2", "|-",
        ">", ">1", "'", "\"", "%", "@", "#", " #", "\n", "\n", "\n ", "\n  ", "\n    ", " ", "  ", "\t", "a",
        "a: ", "b: ", "k: |\n", "k:\n", "- c", "1", "\\", "''", "\"x\"", "\\\"", "<<", "---", "...", "é",
        "\u{85}", "[a]", "{a: b}",
    ]);
    let line = prop::sample::select(vec![
        "a: b\n",
        "- a\n",
        "- b: c\n",
        "  d: e\n",
        "  - f\n",
        "g:\n",
        "h: |\n",
        "h: >2\n",
        "   i\n",
        "     &j k\n",
        "\n",
        "  \n",
        "    \n",
        "l: 'm\n",
        "  n'\n",
        "o: \"p\n",
        " q\"\n",
        "r: [s,\n",
        "t]\n",
        "u: {v: w,\n",
        "  x: y}\n",
        "&z : a\n",
        "*b\n",
        "- - c\n",
        "- |\n",
        "-\n",
        " |\n",
        "d: '",
        "'e: f\n",
        "\"g\": h\n",
    ]);
    // What we write ourselves, with a bit put into it or a piece cut out.
    let texts: Vec<String> = NASTY.split('|').map(str::to_owned).collect();
    let hurt = (prop::sample::select(texts), any::<prop::sample::Index>(), bit.clone(), 0..4_usize).prop_map(
        |(text, place, bit, cut)| {
            let mut characters: Vec<char> = yaml::write(&around(&text)).chars().collect();
            let from = place.index(characters.len());
            let to = (from + cut).min(characters.len());
            characters.splice(from..to, bit.chars());
            characters.into_iter().collect()
        },
    );
    prop_oneof![
        hurt,
        prop::collection::vec(bit.clone(), 0..14).prop_map(|bits| bits.concat()),
        prop::collection::vec(line.clone(), 0..9).prop_map(|lines| lines.concat()),
        prop::collection::vec(prop_oneof![bit, line], 0..12).prop_map(|bits| bits.concat()),
    ]
}

/// Whether two readers see the same: where ours sees text, theirs has the same text; keys and shapes are the same.
fn same(ours: &Node, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Node::Text { text, .. }, Value::String(other)) => text == other,
        (Node::List(items), Value::Array(others)) => {
            items.len() == others.len() && items.iter().zip(others).all(|(item, other)| same(item, other))
        }
        (Node::Map(entries), Value::Object(others)) => {
            entries.len() == others.len()
                && entries.iter().all(|(key, node)| others.get(key).is_some_and(|other| same(node, other)))
        }
        (Node::Null | Node::Bool(_) | Node::Number(_) | Node::OtherNumber, Value::String(_)) => true,
        _ => false,
    }
}

#[test]
fn nothing_hides_from_the_pass_before_the_parser() {
    #[expect(clippy::disallowed_methods, reason = "a switch of this test alone")]
    let count = std::env::var("CSODS_SOUP").map_or(6_000, |count| count.parse().unwrap());
    let taken: Vec<(String, Node)> = samples(&soup(), count)
        .into_iter()
        .filter_map(|text| {
            let node = yaml::parse_answers(text.as_bytes()).ok();
            let stored = yaml::parse_stored(text.as_bytes());
            assert!(stored.is_err() || stored.ok() == node, "{text}");
            node.map(|node| (text, node))
        })
        .collect();
    assert!(taken.len() > count / 40, "only {} of {count} are read", taken.len());
    let texts: Vec<String> = taken.iter().map(|(text, _)| text.clone()).collect();
    for read in ask_python(EVENTS, &texts).unwrap_or_default() {
        for ((text, node), read) in taken.iter().zip(read) {
            assert_eq!(read.get("error"), None, "{text}");
            assert_eq!(read.get("marks"), Some(&Value::from(0)), "{text}");
            assert!(same(node, &read["value"]), "{text}\n{node:?}\n{read}");
        }
    }
}
