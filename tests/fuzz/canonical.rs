//! The quick reader of what csods writes itself, and the strict one.

use super::{SIZE_LIMIT, canonical, parse_strictly, write};
use crate::domain::node::Node;
use crate::fuzz::{YAML, cases, run};

/// Days and instants as text, as the strict reader has them.
fn as_text(node: &Node) -> Node {
    match node {
        Node::Stamp(text) => Node::text(text),
        Node::List(items) => Node::List(items.iter().map(as_text).collect()),
        Node::Map(entries) => {
            Node::Map(entries.iter().map(|(key, node)| (key.clone(), as_text(node))).collect())
        }
        other => other.clone(),
    }
}

/// What the quick reader of what we write ourselves takes, the strict one reads as the same.
#[test]
fn canonical_and_strict() {
    run("canonical", &cases(), &YAML, |input| {
        let strict = parse_strictly(input);
        if let Some(quick) = canonical::read(input) {
            assert!(strict.as_ref().is_ok_and(|strict| *strict == as_text(&quick)));
        }
        // Whatever is read becomes canonical once it is written.
        if let Ok(node) = strict
            && let text = write(&node)
            && text.len() <= SIZE_LIMIT
            && let Some(again) = canonical::read(text.as_bytes())
        {
            assert!(as_text(&again) == as_text(&node));
        }
    });
}
