//! YAML: the only module that knows it. Reading is strict and in two steps, writing is our own.
//!
//! A case file is hostile input. `scan` reads it first, once from start to end, and refuses everything that lets a
//! YAML parser be slow, be misled, or mean something that a person reading the file does not see: anchors, aliases,
//! tags, directives, several documents, `? ` keys, `<<`, comments, deep nesting, unusual characters. Only then does
//! the parser proper (`serde_yaml`, in `parse`) see it.
//!
//! [`write()`] is written here rather than taken from a library: the bytes of a case are what history compares, so
//! they must not change with a library's version; and what YAML 1.1 takes for a boolean, a number or a date must stay
//! text for every reader.

mod canonical;
mod cursor;
mod locate;
mod parse;
mod scalar;
mod scan;
mod words;
mod write;

#[cfg(test)]
#[path = "../../../tests/fuzz/canonical.rs"]
mod fuzz;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;

use crate::domain::node::{Node, Path};

pub use write::write;

/// The largest text that is read, in bytes.
pub const SIZE_LIMIT: usize = 1 << 20;

/// Something wrong in a text, and where: line and column from 1, columns counted in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// What is wrong and what is allowed. Never holds anything of the text.
    pub message: String,
}

impl Fault {
    /// At a byte offset of a text.
    pub(super) fn at(text: &[u8], offset: usize, message: impl Into<String>) -> Fault {
        let before = &text[..offset.min(text.len())];
        let line_start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |break_at| break_at + 1);
        Fault {
            line: 1 + before.iter().filter(|&&byte| byte == b'\n').count(),
            column: 1 + String::from_utf8_lossy(&before[line_start..]).chars().count(),
            message: message.into(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for Fault {}

/// Reads a stored case file: quickly where it is as this program writes it, strictly where not. A day or an instant
/// comes back as a [`Node::Stamp`] by the quick way, and as text by the strict one; the typed readers take both.
pub fn parse_stored(bytes: &[u8]) -> Result<Node, Fault> {
    match canonical::read(bytes) {
        Some(node) => Ok(node),
        None => parse_strictly(bytes),
    }
}

/// Reads a stored case file by the YAML library alone.
fn parse_strictly(bytes: &[u8]) -> Result<Node, Fault> {
    parse::tree(scan::check(bytes, scan::Origin::Stored)?)
}

/// Reads what a person wrote, in an editor or a file of answers: comments, one leading `---` and CRLF are allowed too.
pub fn parse_answers(bytes: &[u8]) -> Result<Node, Fault> {
    let bytes = with_line_feeds(bytes);
    parse::tree(scan::check(&bytes, scan::Origin::Answers)?)
}

/// Line and column of what stands at `path` in a text that can be read (JSON too, which is YAML within brackets): of
/// its value, or with `want_key` of its key. Where `path` is absent, the key of the nearest thing around it that is
/// there. `None` where the text cannot be read.
pub fn locate(bytes: &[u8], path: &Path, want_key: bool) -> Option<(usize, usize)> {
    let bytes = with_line_feeds(bytes);
    let text = scan::check(&bytes, scan::Origin::Read).ok()?;
    locate::place(text, path, want_key)
}

/// CRLF made LF. Places stay the same: the CR stood at the end of its line.
fn with_line_feeds(bytes: &[u8]) -> Cow<'_, [u8]> {
    if !bytes.contains(&b'\r') || bytes.len() > SIZE_LIMIT {
        return Cow::Borrowed(bytes);
    }
    let mut kept = Vec::with_capacity(bytes.len());
    for (index, &byte) in bytes.iter().enumerate() {
        if byte != b'\r' || bytes.get(index + 1) != Some(&b'\n') {
            kept.push(byte);
        }
    }
    Cow::Owned(kept)
}
