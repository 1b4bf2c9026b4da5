//! The quick way to read what this program wrote itself: nearly every file of a store.
//!
//! It knows only the form that [`write`](super::write) gives, takes nothing on trust, and at the end writes what it read:
//! where that is not the text again, byte for byte, it has read nothing, and the strict reader says what the text is.
//! So a file is read here as the strict reader would read it, in about a tenth of the time, and no hostile text gets
//! farther than one pass.

use super::scalar::is_stamp;
use super::{SIZE_LIMIT, write};
use crate::domain::node::Node;
use crate::store::tree::DEPTH_LIMIT;

/// More keys than any record has: beyond that, finding one that stands twice is left to the strict reader.
const MOST_KEYS: usize = 100;

/// The tree of a canonical text; `None` for any other text.
pub fn read(bytes: &[u8]) -> Option<Node> {
    if bytes.len() > SIZE_LIMIT {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let mut reader = Reader { lines: text.strip_suffix('\n')?.split('\n').collect(), line: 0 };
    let node = reader.map(0, 0, 0)?;
    (reader.line == reader.lines.len() && write(&node) == text).then_some(node)
}

struct Reader<'t> {
    lines: Vec<&'t str>,
    /// The line that comes next.
    line: usize,
}

impl<'t> Reader<'t> {
    /// The line that comes next, from `column`, where it begins there.
    fn line_at(&self, column: usize) -> Option<&'t str> {
        let line = self.lines.get(self.line)?;
        let (margin, rest) = line.split_at_checked(column)?;
        (margin.bytes().all(|byte| byte == b' ') && !rest.starts_with(' ') && !rest.is_empty())
            .then_some(rest)
    }

    /// A map whose keys stand in `column`; the first one `inline` characters along the line, behind a dash.
    fn map(&mut self, column: usize, inline: usize, depth: usize) -> Option<Node> {
        if depth >= DEPTH_LIMIT {
            return None;
        }
        let mut entries: Vec<(String, Node)> = Vec::new();
        let mut line = match inline {
            0 => self.line_at(column)?,
            inline => self.lines.get(self.line)?.get(inline..)?,
        };
        loop {
            let (key, rest) = key(line)?;
            if entries.len() == MOST_KEYS || entries.iter().any(|(earlier, _)| earlier == key) {
                return None;
            }
            self.line += 1;
            let value = match rest {
                "" => match self.line_at(column).filter(|line| line.starts_with("- ")) {
                    Some(_) => self.list(column, 0, depth + 1)?,
                    None => self.map(column + 2, 0, depth + 1)?,
                },
                rest => self.leaf(rest.strip_prefix(' ')?, column)?,
            };
            entries.push((key.to_owned(), value));
            match self.line_at(column) {
                Some(next) if !next.starts_with("- ") => line = next,
                _ => return Some(Node::Map(entries)),
            }
        }
    }

    /// A list whose dashes stand in `column`; the first one `inline` characters along the line, behind another dash.
    fn list(&mut self, column: usize, inline: usize, depth: usize) -> Option<Node> {
        if depth >= DEPTH_LIMIT {
            return None;
        }
        let mut items = Vec::new();
        let mut line = match inline {
            0 => self.line_at(column)?,
            inline => self.lines.get(self.line)?.get(inline..)?,
        };
        loop {
            let rest = line.strip_prefix("- ")?;
            items.push(if rest.starts_with("- ") {
                self.list(column + 2, column + 2, depth + 1)?
            } else if key(rest).is_some() {
                self.map(column + 2, column + 2, depth + 1)?
            } else {
                self.line += 1;
                self.leaf(rest, column)?
            });
            match self.line_at(column) {
                Some(next) if next.starts_with("- ") => line = next,
                _ => return Some(Node::List(items)),
            }
        }
    }

    /// A value on one line, or a block of text on the lines below it.
    fn leaf(&mut self, text: &str, column: usize) -> Option<Node> {
        let node = match text {
            "true" => Node::Bool(true),
            "false" => Node::Bool(false),
            "[]" => Node::List(Vec::new()),
            "{}" => Node::Map(Vec::new()),
            "|" | "|2" => Node::text(self.block(column + 2) + "\n"),
            "|-" | "|2-" => Node::text(self.block(column + 2)),
            text if text.starts_with('"') => Node::text(unquoted(text)?),
            text if is_stamp(text) => Node::Stamp(text.to_owned()),
            text => match text.parse() {
                Ok(number) => Node::Number(number),
                Err(_) => Node::text(text),
            },
        };
        Some(node)
    }

    fn block(&mut self, column: usize) -> String {
        let mut text = String::new();
        let mut first = true;
        while let Some(line) = self.lines.get(self.line) {
            let (margin, rest) = line.split_at_checked(column).unwrap_or((line, ""));
            if !margin.bytes().all(|byte| byte == b' ') || (margin.len() < column && !line.is_empty()) {
                break;
            }
            if !first {
                text.push('\n');
            }
            text.push_str(rest);
            first = false;
            self.line += 1;
        }
        text
    }
}

/// The key that a line begins with, and what follows its colon.
fn key(line: &str) -> Option<(&str, &str)> {
    let end = line
        .bytes()
        .position(|byte| !(byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'))?;
    let rest = line[end..].strip_prefix(':')?;
    (end > 0 && end <= 60 && (rest.is_empty() || rest.starts_with(' '))).then(|| (&line[..end], rest))
}

/// The text in double quotes, as the writer escapes it.
fn unquoted(quoted: &str) -> Option<String> {
    let inner = quoted.strip_prefix('"')?.strip_suffix('"')?;
    if !inner.contains('\\') {
        return Some(inner.to_owned());
    }
    let mut text = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            text.push(character);
            continue;
        }
        let digits = match characters.next()? {
            'n' => {
                text.push('\n');
                continue;
            }
            't' => {
                text.push('\t');
                continue;
            }
            'r' => {
                text.push('\r');
                continue;
            }
            'x' => 2,
            'u' => 4,
            'U' => 8,
            other => {
                text.push(other);
                continue;
            }
        };
        let mut number = 0;
        for _ in 0..digits {
            number = number * 16 + characters.next()?.to_digit(16)?;
        }
        text.push(char::from_u32(number)?);
    }
    Some(text)
}
