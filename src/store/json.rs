//! JSON: what scripts give and are given.

use serde::de::DeserializeSeed;
use serde_json::Value;

use super::tree::{NodeSeed, Said, TOO_DEEP};
use super::yaml::{Fault, SIZE_LIMIT};
use crate::domain::node::Node;

/// Reads one JSON text. A key that stands twice is refused, and nesting of more than 64.
pub fn parse(bytes: &[u8]) -> Result<Node, Fault> {
    if bytes.len() > SIZE_LIMIT {
        return Err(Fault::at(bytes, 0, "larger than 1 MiB; a case is a few thousand bytes"));
    }
    parse_of_any_size(bytes)
}

/// The same for a text of many cases, which may be larger.
pub fn parse_of_any_size(bytes: &[u8]) -> Result<Node, Fault> {
    if let Err(error) = str::from_utf8(bytes) {
        return Err(Fault::at(bytes, error.valid_up_to(), "not UTF-8; save the file as UTF-8"));
    }
    let said = Said::default();
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    NodeSeed::new(&said).deserialize(&mut reader).and_then(|node| reader.end().map(|()| node)).map_err(
        |error| {
            let message = match said.get() {
                Some(what) => what.to_owned(),
                None => in_our_words(&error),
            };
            Fault::at(bytes, offset(bytes, &error), message)
        },
    )
}

/// A tree as JSON, keys in their order.
pub fn value(node: &Node) -> Value {
    match node {
        Node::Null | Node::OtherNumber => Value::Null,
        Node::Bool(value) => Value::Bool(*value),
        Node::Number(value) => Value::from(*value),
        Node::Text { text, .. } | Node::Stamp(text) => Value::String(text.clone()),
        Node::List(items) => Value::Array(items.iter().map(value).collect()),
        Node::Map(entries) => {
            Value::Object(entries.iter().map(|(key, node)| (key.clone(), value(node))).collect())
        }
    }
}

/// serde_json counts the bytes of the line up to and with the last one that it read.
fn offset(bytes: &[u8], error: &serde_json::Error) -> usize {
    let lines = bytes.split_inclusive(|&byte| byte == b'\n');
    let before: usize = lines.take(error.line().saturating_sub(1)).map(<[u8]>::len).sum();
    before + error.column().saturating_sub(1)
}

/// Its phrases are fixed and hold nothing of the text.
fn in_our_words(error: &serde_json::Error) -> String {
    let phrase = error.to_string();
    let phrase = phrase.split(" at line ").next().unwrap_or_default();
    match phrase {
        "recursion limit exceeded" => TOO_DEEP.to_owned(),
        _ => format!("not JSON: {phrase}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        parse(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn reads_every_kind_of_value_in_order() {
        let node =
            parse(br#"{"b": [1, -2, 1.5, 99999999999999999999], "a": {"t": true, "n": null}, "s": "x\n"}"#);
        let node = node.unwrap();
        assert_eq!(
            format!("{node:?}"),
            r#"{"b": [1, -2, (number), (number)], "a": {"t": true, "n": null}, "s": "x\n"}"#
        );
        assert_eq!(value(&node).to_string(), r#"{"b":[1,-2,null,null],"a":{"t":true,"n":null},"s":"x\n"}"#);
    }

    #[test]
    fn refuses_with_place_and_without_content() {
        assert_eq!(
            refused("{\"a\": 1,\n \"a\": 2}"),
            "2:4: this key stands here a second time; each key may stand once"
        );
        assert_eq!(refused("{\"a\": secret}"), "1:7: not JSON: expected value");
        assert_eq!(refused("{\"a\": 1} x"), "1:10: not JSON: trailing characters");
        assert_eq!(refused("{\"a\": \"\u{1}\"}").split(": ").next(), Some("1:8"));
        assert_eq!(refused(""), "1:1: not JSON: EOF while parsing a value");
        let deep = format!("{}{}", "[".repeat(65), "]".repeat(65));
        assert!(refused(&deep).contains(TOO_DEEP));
        assert!(parse(&deep.as_bytes()[1..129]).is_ok());
        assert!(refused(&"[".repeat(1_000_000)).contains(TOO_DEEP));
        assert!(refused(&" ".repeat(SIZE_LIMIT + 1)).contains("1 MiB"));
    }
}
