//! The pass before the parser: reads a text once, from start to end, and refuses what a case file may not hold.
//!
//! It accepts less than YAML. What it accepts it cuts into tokens exactly as libyaml does (the same rules for where
//! text without quotes ends, which column a block of text belongs to, when a bracket turns commas into separators),
//! so nothing can be made to look like quoted text here and like an anchor there. Where the two could differ, the text
//! is refused: tabs outside text, text without quotes over several lines, keys that are not plain or quoted text on
//! one line, the line breaks that only some readers know.

use super::{Fault, SIZE_LIMIT, words};

/// Where a text comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A file of the store, which the tool wrote.
    Stored,
    /// A person's file or editor: comments and one leading `---` are allowed.
    Answers,
    /// A text that was read before and in which only a place is sought: it may be JSON, which has tabs.
    Read,
}

/// The text, where it is one that the parser may see.
pub fn check(bytes: &[u8], origin: Origin) -> Result<&str, Fault> {
    if bytes.len() > SIZE_LIMIT {
        return Err(Fault::at(bytes, 0, words::SIZE));
    }
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        return Err(Fault::at(bytes, 0, words::BOM));
    }
    let text = str::from_utf8(bytes).map_err(|error| Fault::at(bytes, error.valid_up_to(), words::UTF8))?;
    let (offset, message) = match characters(text) {
        Some(fault) => fault,
        None => match Scan::new(bytes, origin).document() {
            Ok(()) => return Ok(text),
            Err(fault) => fault,
        },
    };
    Err(Fault::at(bytes, offset, message))
}

/// Where something is wrong, as a byte offset, and what.
pub type Wrong = (usize, &'static str);

/// The first character that may not stand raw in a text. NEL, LS and PS are line breaks to YAML 1.1 and none to 1.2.
fn characters(text: &str) -> Option<Wrong> {
    text.char_indices().find_map(|(offset, character)| {
        let message = match character {
            ' '..='~' | '\n' | '\t' => return None,
            '\r' => words::CR,
            '\u{feff}' => words::BOM,
            '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}' => words::BREAK,
            other if other.is_control() => words::CONTROL,
            _ => return None,
        };
        Some((offset, message))
    })
}

/// The state that libyaml's scanner keeps, and no more. `indents` are the columns of the keys and dashes that are
/// open, outermost first; while `brackets` is not empty, they stay as they are.
pub struct Scan<'t> {
    pub(super) bytes: &'t [u8],
    pub(super) origin: Origin,
    /// The byte that is read next, and the first of its line.
    pub(super) at: usize,
    pub(super) line: usize,
    pub(super) indents: Vec<usize>,
    pub(super) brackets: Vec<(u8, usize)>,
}

impl<'t> Scan<'t> {
    fn new(bytes: &'t [u8], origin: Origin) -> Scan<'t> {
        Scan { bytes, origin, at: 0, line: 0, indents: Vec::new(), brackets: Vec::new() }
    }

    fn document(mut self) -> Result<(), Wrong> {
        let mut seen = false;
        let mut marked = self.origin == Origin::Stored;
        loop {
            self.spaces()?;
            match self.peek(0) {
                None if seen => return Ok(()),
                None => return Err((0, words::EMPTY)),
                Some(b'\n' | b'#') => self.end_of_line()?,
                Some(b'-') if self.marker() && !seen && !marked => {
                    marked = true;
                    self.at += 3;
                    self.end_of_line().map_err(|(at, _)| (at, words::MARKER_ALONE))?;
                }
                Some(_) => {
                    seen = true;
                    self.no_marker(words::MARKER)?;
                    self.no_conflict()?;
                    let column = self.column();
                    self.indents.retain(|&open| open <= column);
                    self.entry()?;
                }
            }
        }
    }

    /// What begins a line: dashes, then a key with its value, or a value.
    fn entry(&mut self) -> Result<(), Wrong> {
        loop {
            match self.peek(0) {
                Some(b'-') if self.blank_follows() => {
                    self.open_column(self.column())?;
                    self.at += 1;
                    self.spaces()?;
                    if matches!(self.peek(0), None | Some(b'\n' | b'#')) {
                        return self.end_of_line();
                    }
                }
                Some(b':') if self.blank_follows() => return Err((self.at, words::EMPTY_KEY)),
                _ => return self.value(true),
            }
        }
    }

    /// A value outside brackets, to the end of its line; with `key`, it may turn out to be a key.
    fn value(&mut self, key: bool) -> Result<(), Wrong> {
        let start = self.at;
        let column = self.column();
        match self.peek(0) {
            Some(b'"' | b'\'') => {
                let line = self.line;
                self.quoted()?;
                self.spaces()?;
                if self.peek(0) != Some(b':') || !self.blank_follows() {
                    self.no_key_alone(column)?;
                    return self.end_of_line();
                }
                if line != self.line {
                    return Err((self.at, words::KEY));
                }
            }
            Some(b'|' | b'>') => return self.block(),
            Some(b'[' | b'{') => {
                self.flow()?;
                self.spaces()?;
                if self.peek(0) == Some(b':') {
                    return Err((start, words::KEY));
                }
                return self.end_of_line();
            }
            _ => {
                self.plain()?;
                if self.peek(0) != Some(b':') {
                    self.no_key_alone(column)?;
                    let comment = self.peek(0) == Some(b'#');
                    self.end_of_line()?;
                    return if comment { Ok(()) } else { self.no_continuation() };
                }
            }
        }
        if !key {
            return Err((self.at, words::TWO));
        }
        self.open_column(column)?;
        self.at += 1;
        self.spaces()?;
        match self.peek(0) {
            None | Some(b'\n' | b'#') => self.end_of_line(),
            Some(b'-') if self.blank_follows() => Err((self.at, words::LIST_LINE)),
            Some(b':') if self.blank_follows() => Err((self.at, words::TWO)),
            _ => self.value(false),
        }
    }

    /// What begins in the column of the innermost keys, and is none.
    fn no_key_alone(&self, column: usize) -> Result<(), Wrong> {
        if self.indents.last() == Some(&column) {
            return Err((self.line + column, words::KEY_ALONE));
        }
        Ok(())
    }

    /// Text without quotes on one line; stops at the `:` of a key, the `#` of a comment, or the end of the line.
    fn plain(&mut self) -> Result<(), Wrong> {
        let start = self.at;
        let flow = !self.brackets.is_empty();
        self.plain_start(flow)?;
        let mut end = start;
        while let Some(byte) = self.peek(0) {
            match byte {
                b'\n' => break,
                b':' if self.blank_follows() => break,
                b'#' if end < self.at => break,
                b',' | b'[' | b']' | b'{' | b'}' if flow => break,
                b':' if flow && matches!(self.peek(1), Some(b',' | b'?' | b'[' | b']' | b'{' | b'}')) => {
                    return Err((self.at, words::COLON));
                }
                b'\t' => return Err((self.at, words::TAB)),
                b'?' if flow => return Err((self.at, words::QUESTION)),
                b' ' => {}
                _ => end = self.at + 1,
            }
            self.at += 1;
        }
        if &self.bytes[start..end] == b"<<" {
            return Err((start, words::MERGE));
        }
        Ok(())
    }

    /// Whether text without quotes may begin here.
    fn plain_start(&self, flow: bool) -> Result<(), Wrong> {
        let message = match self.peek(0) {
            Some(b'&') => words::ANCHOR,
            Some(b'*') => words::ALIAS,
            Some(b'!') => words::TAG,
            Some(b'%') => words::DIRECTIVE,
            Some(b'?') if flow || self.blank_follows() => words::COMPLEX_KEY,
            Some(b'-') if self.blank_follows() => words::DASH,
            Some(b'\t') => words::TAB,
            Some(b']' | b'}') => words::CLOSING,
            Some(b',' | b'@' | b'`' | b'#' | b'|' | b'>') => words::START,
            _ => return Ok(()),
        };
        Err((self.at, message))
    }

    /// libyaml takes text without quotes on over line ends to whatever stands farther in than the innermost key.
    fn no_continuation(&self) -> Result<(), Wrong> {
        let rest = &self.bytes[self.at..];
        let Some(next) = rest.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\n')) else {
            return Ok(());
        };
        let indentation = rest[..next].iter().rev().take_while(|&&byte| byte != b'\n').count();
        let farther_in = self.indents.last().is_none_or(|&open| indentation > open);
        if farther_in && rest[next] != b'#' {
            return Err((self.at + next, words::SEVERAL_LINES));
        }
        Ok(())
    }

    /// Everything from a bracket to the one that closes it.
    fn flow(&mut self) -> Result<(), Wrong> {
        loop {
            self.flow_blank()?;
            let byte = self.peek(0);
            match byte {
                None => return Err((self.brackets.last().map_or(0, |&(_, at)| at), words::BRACKET)),
                Some(b'[' | b'{') => {
                    self.room(self.at)?;
                    self.brackets.push((byte.unwrap_or_default(), self.at));
                    self.at += 1;
                }
                Some(b']' | b'}') => {
                    let opening = if byte == Some(b']') { b'[' } else { b'{' };
                    if self.brackets.pop().map(|(open, _)| open) != Some(opening) {
                        return Err((self.at, words::CLOSING));
                    }
                    self.at += 1;
                    if self.brackets.is_empty() {
                        return Ok(());
                    }
                }
                Some(b',') => self.at += 1,
                Some(b':') if matches!(self.brackets.last(), Some((b'[', _))) => {
                    return Err((self.at, words::PAIR));
                }
                Some(b':') => self.at += 1,
                Some(b'"' | b'\'') => self.quoted()?,
                Some(_) => {
                    self.plain()?;
                    if self.peek(0) == Some(b'\n') {
                        self.flow_blank()?;
                        if !matches!(self.peek(0), None | Some(b',' | b']' | b'}')) {
                            return Err((self.at, words::SEVERAL_LINES));
                        }
                    }
                }
            }
        }
    }

    /// Spaces, line ends and comments within brackets.
    fn flow_blank(&mut self) -> Result<(), Wrong> {
        loop {
            match self.peek(0) {
                Some(b'\t') if self.origin == Origin::Read => self.at += 1,
                Some(b' ') => self.at += 1,
                Some(b'#') => self.comment()?,
                Some(b'\n') => {
                    self.at += 1;
                    self.line = self.at;
                    self.no_marker(words::MARKER)?;
                }
                _ => return Ok(()),
            }
        }
    }

    /// Quoted text, over as many lines as it likes.
    fn quoted(&mut self) -> Result<(), Wrong> {
        let start = self.at;
        let quote = self.bytes[start];
        self.at += 1;
        while let Some(byte) = self.peek(0) {
            self.at += 1;
            match byte {
                b'\'' if quote == b'\'' && self.peek(0) == Some(b'\'') => self.at += 1,
                b'\\' if quote == b'"' && self.peek(0) != Some(b'\n') => self.at += 1,
                b'\n' => {
                    self.line = self.at;
                    self.no_marker(words::QUOTE_MARKER)?;
                }
                _ if byte == quote => return Ok(()),
                _ => {}
            }
        }
        Err((start, words::QUOTE))
    }

    /// A block of text below `|` or `>`: every line that stands at least as far in as its first one.
    fn block(&mut self) -> Result<(), Wrong> {
        self.at += 1;
        let mut digit = None;
        let mut chomping = false;
        while let Some(byte) = self.peek(0) {
            match byte {
                b'1'..=b'9' if digit.is_none() => digit = Some(usize::from(byte - b'0')),
                b'+' | b'-' if !chomping => chomping = true,
                _ => break,
            }
            self.at += 1;
        }
        self.end_of_line().map_err(|(at, message)| match message {
            words::AFTER => (at, words::HEADER),
            other => (at, other),
        })?;
        let parent = self.indents.last().copied();
        let indentation = match digit {
            Some(digit) => parent.unwrap_or(0) + digit,
            None => self.first_indentation()?.max(parent.map_or(1, |column| column + 1)),
        };
        while self.at < self.bytes.len() {
            let rest = &self.bytes[self.at..];
            let spaces = rest.iter().take(indentation).take_while(|&&byte| byte == b' ').count();
            match rest.get(spaces) {
                Some(b'\t') if spaces < indentation => return Err((self.at + spaces, words::FIRST_TAB)),
                Some(byte) if spaces < indentation && *byte != b'\n' => return Ok(()),
                _ => {}
            }
            self.at += rest.iter().position(|&byte| byte == b'\n').map_or(rest.len(), |end| end + 1);
            self.line = self.at;
        }
        Ok(())
    }

    /// How far in the first line of a block of text stands that is not blank.
    fn first_indentation(&self) -> Result<usize, Wrong> {
        let mut start = self.at;
        let mut longest = (0, start);
        loop {
            let rest = &self.bytes[start..];
            let spaces = rest.iter().take_while(|&&byte| byte == b' ').count();
            match rest.get(spaces) {
                Some(b'\n') => {
                    longest = longest.max((spaces, start));
                    start += spaces + 1;
                }
                Some(b'\t') => return Err((start + spaces, words::FIRST_TAB)),
                _ if longest.0 > spaces => return Err((longest.1, words::BLANK_LINES)),
                _ => return Ok(spaces),
            }
        }
    }
}
