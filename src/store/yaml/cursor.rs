//! The small steps of the pass before the parser: looking ahead, blanks, line ends, columns.

use super::scan::{Origin, Scan, Wrong};
use super::words;
use crate::store::tree::{DEPTH_LIMIT, TOO_DEEP};

impl Scan<'_> {
    pub(super) fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    /// Whether the next byte but one is a blank, a line end or the end.
    pub(super) fn blank_follows(&self) -> bool {
        matches!(self.peek(1), None | Some(b' ' | b'\t' | b'\n'))
    }

    /// The column of the next byte, from 0. Counted in bytes: it is asked for only where spaces and dashes stand
    /// before it on its line.
    pub(super) fn column(&self) -> usize {
        self.at - self.line
    }

    /// Whether a document marker stands here.
    pub(super) fn marker(&self) -> bool {
        let rest = &self.bytes[self.at..];
        self.at == self.line
            && (rest.starts_with(b"---") || rest.starts_with(b"..."))
            && matches!(rest.get(3), None | Some(b' ' | b'\t' | b'\n'))
    }

    pub(super) fn no_marker(&self, message: &'static str) -> Result<(), Wrong> {
        if self.marker() { Err((self.at, message)) } else { Ok(()) }
    }

    /// Git marks what it could not merge.
    pub(super) fn no_conflict(&self) -> Result<(), Wrong> {
        if self.at == self.line && self.bytes[self.at..].starts_with(b"<<<<<<< ") {
            return Err((self.at, words::CONFLICT));
        }
        Ok(())
    }

    pub(super) fn spaces(&mut self) -> Result<(), Wrong> {
        while self.peek(0) == Some(b' ') {
            self.at += 1;
        }
        match self.peek(0) {
            Some(b'\t') => Err((self.at, words::TAB)),
            _ => Ok(()),
        }
    }

    /// Spaces, perhaps a comment, and the line end.
    pub(super) fn end_of_line(&mut self) -> Result<(), Wrong> {
        self.spaces()?;
        if self.peek(0) == Some(b'#') {
            self.comment()?;
        }
        match self.peek(0) {
            None => Ok(()),
            Some(b'\n') => {
                self.at += 1;
                self.line = self.at;
                Ok(())
            }
            Some(_) => Err((self.at, words::AFTER)),
        }
    }

    /// From `#` to the end of the line.
    pub(super) fn comment(&mut self) -> Result<(), Wrong> {
        if self.origin == Origin::Stored {
            return Err((self.at, words::COMMENT));
        }
        if self.at > self.line && !matches!(self.bytes[self.at - 1], b' ' | b'\t') {
            return Err((self.at, words::COMMENT_SPACE));
        }
        while !matches!(self.peek(0), None | Some(b'\n')) {
            self.at += 1;
        }
        Ok(())
    }

    /// A key or a dash stands in this column: one level more where it is farther in than the last.
    pub(super) fn open_column(&mut self, column: usize) -> Result<(), Wrong> {
        if self.indents.last().is_none_or(|&open| column > open) {
            self.room(self.line + column)?;
            self.indents.push(column);
        }
        Ok(())
    }

    /// Whether one level more may open at a place.
    pub(super) fn room(&self, at: usize) -> Result<(), Wrong> {
        if self.indents.len() + self.brackets.len() >= DEPTH_LIMIT {
            return Err((at, TOO_DEEP));
        }
        Ok(())
    }
}
