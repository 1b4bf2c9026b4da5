//! The canonical text of a tree: block style, two spaces a level, the items of a list in the column of its key.
//!
//! The same tree always gives the same bytes. Nothing is ever folded.

use super::scalar::{block, is_plain, is_stamp, quoted};
use crate::domain::node::Node;

/// The text, ending in one line feed. [`parse_stored`](super::parse_stored) reads the same tree from it, where the
/// tree is one that a reader can give: nested at most 64 deep, keys of at most 100 characters, each once.
pub fn write(node: &Node) -> String {
    let mut out = String::new();
    match node {
        Node::Map(entries) if !entries.is_empty() => map(&mut out, entries, 0),
        Node::List(items) if !items.is_empty() => list(&mut out, items, 0),
        scalar => {
            leaf(&mut out, scalar, 0);
            out.push('\n');
        }
    }
    out
}

/// Keys and values; `out` stands in the column of the first key already.
fn map(out: &mut String, entries: &[(String, Node)], column: usize) {
    for (position, (key, value)) in entries.iter().enumerate() {
        if position > 0 {
            indent(out, column);
        }
        if is_plain(key) {
            out.push_str(key);
        } else {
            out.push_str(&quoted(key));
        }
        out.push(':');
        match value {
            Node::Map(below) if !below.is_empty() => {
                out.push('\n');
                indent(out, column + 2);
                map(out, below, column + 2);
            }
            Node::List(items) if !items.is_empty() => {
                out.push('\n');
                indent(out, column);
                list(out, items, column);
            }
            scalar => {
                out.push(' ');
                leaf(out, scalar, column);
                out.push('\n');
            }
        }
    }
}

/// Items; `out` stands in the column of the first dash already.
fn list(out: &mut String, items: &[Node], column: usize) {
    for (position, item) in items.iter().enumerate() {
        if position > 0 {
            indent(out, column);
        }
        out.push_str("- ");
        match item {
            Node::Map(below) if !below.is_empty() => map(out, below, column + 2),
            Node::List(below) if !below.is_empty() => list(out, below, column + 2),
            scalar => {
                leaf(out, scalar, column);
                out.push('\n');
            }
        }
    }
}

/// A scalar, an empty map or an empty list, within the key or dash of this column.
fn leaf(out: &mut String, node: &Node, column: usize) {
    match node {
        Node::Null => out.push_str("null"),
        Node::Bool(true) => out.push_str("true"),
        Node::Bool(false) => out.push_str("false"),
        Node::Number(value) => out.push_str(&value.to_string()),
        // No case holds one, and its value is not kept; this much comes back as what it was.
        Node::OtherNumber => out.push_str(".nan"),
        Node::Stamp(text) if is_stamp(text) => out.push_str(text),
        Node::Stamp(text) | Node::Text { text, .. } if is_plain(text) => out.push_str(text),
        Node::Stamp(text) | Node::Text { text, .. } => {
            out.push_str(&block(text, column + 2).unwrap_or_else(|| quoted(text)));
        }
        Node::List(_) => out.push_str("[]"),
        Node::Map(_) => out.push_str("{}"),
    }
}

fn indent(out: &mut String, column: usize) {
    out.extend(std::iter::repeat_n(' ', column));
}
