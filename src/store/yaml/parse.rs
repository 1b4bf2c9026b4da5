//! From a text that [`scan`](super::scan) let through to a [`Node`], by way of `serde_yaml`.
//!
//! The parser's own error texts are never shown: they can hold keys of the file. Its fixed phrases are put into our
//! words, with the place it names.

use serde::de::DeserializeSeed;
use serde_yaml::Deserializer;

use super::Fault;
use crate::domain::node::Node;
use crate::store::tree::{NodeSeed, Said, TOO_DEEP};

/// Reads one document.
pub fn tree(text: &str) -> Result<Node, Fault> {
    let said = Said::default();
    NodeSeed::new(&said).deserialize(Deserializer::from_str(text)).map_err(|error| {
        let (line, column) = place(&error).unwrap_or((1, 1));
        let message = said.get().unwrap_or_else(|| in_our_words(&error));
        Fault { line, column, message: message.to_owned() }
    })
}

/// The place that an error of the parser names.
pub fn place(error: &serde_yaml::Error) -> Option<(usize, usize)> {
    error.location().map(|location| (location.line(), location.column()))
}

/// What the parser's fixed phrases mean to a person.
const PHRASES: &[(&str, &str)] = &[
    ("found unknown escape character", "no such escape in double quotes; write a backslash as \\\\"),
    (
        "did not find expected hexadecimal number",
        "an escape is cut short; \\x takes two hexadecimal digits, \\u four, \\U eight",
    ),
    (
        "found invalid Unicode character escape code",
        "an escape that is no character; \\U takes the number of a Unicode character",
    ),
    ("did not find expected ',' or ']'", "items in brackets are parted by `,` and end with `]`"),
    (
        "did not find expected ',' or '}'",
        "keys in braces are written `key: value`, parted by `,`, and end with `}`",
    ),
    ("did not find expected '-' indicator", "every item of a list begins with `- ` in the same column"),
    (
        "block sequence entries are not allowed",
        "a list may not begin here; its items begin with `- ` on lines of their own",
    ),
    ("could not find expected ':'", "a key without a value; write `key: value`"),
    (
        "mapping values are not allowed",
        "a key may not begin here; write one `key: value` a line, in the column of the keys beside it",
    ),
    (
        "did not find expected key",
        "the columns do not match; keys of one map, and the dashes of one list, stand under each other",
    ),
    (
        "did not find expected <document start>",
        "something follows the end; a file holds one map of keys and values",
    ),
    ("did not find expected node content", "a value is missing; write text, a number, true or false"),
    ("recursion limit exceeded", TOO_DEEP),
];

fn in_our_words(error: &serde_yaml::Error) -> &'static str {
    let phrase = error.to_string();
    PHRASES
        .iter()
        .find(|(start, _)| phrase.starts_with(start))
        .map_or("this cannot be read; write `key: value` lines, indented by two spaces", |(_, words)| words)
}
