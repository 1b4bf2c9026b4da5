//! A line as it is typed: its text, the cursor, the keys that change it, and how it is drawn. Pure.
//!
//! dialoguer's own input forgets what was typed when it is refused, goes astray where a line wraps, and takes a pasted
//! line break for Enter, so that the rest of a pasted text answers the next questions.

use dialoguer::console::Key;
use unicode_width::UnicodeWidthStr;

use crate::output::clean;

/// Starts bracketed paste: the terminal then says where pasted text begins and ends.
pub const PASTE_ON: &str = "\x1b[?2004h";
/// Ends bracketed paste.
pub const PASTE_OFF: &str = "\x1b[?2004l";
/// What stands before the first row.
const LEAD: &str = "> ";

/// What a key came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pressed {
    /// Typing goes on.
    On,
    /// The line is finished.
    Done,
    /// Nothing more will be typed (Ctrl-D on an empty line).
    End,
}

/// A line being typed.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    text: Vec<char>,
    at: usize,
    /// Whether it may hold line breaks, which come from a paste or from the editor.
    breaks: bool,
    pasting: bool,
    /// The digits of a sequence `ESC [ 2 0 0 ~` (paste begins) or `ESC [ 2 0 1 ~` (ends) read so far.
    sequence: Option<char>,
    in_sequence: bool,
}

/// A line as it stands on the screen.
#[derive(Debug, PartialEq, Eq)]
pub struct Drawing {
    /// The rows, none wider than the screen.
    pub rows: Vec<String>,
    /// The row of the cursor.
    pub row: usize,
    /// Its column.
    pub column: usize,
}

impl Typed {
    /// Begins with `text`, the cursor behind it.
    pub fn new(text: &str, breaks: bool) -> Typed {
        let text: Vec<char> = text.chars().collect();
        Typed { at: text.len(), text, breaks, ..Typed::default() }
    }

    /// The text.
    pub fn text(&self) -> String {
        self.text.iter().collect()
    }

    /// Takes a key.
    pub fn press(&mut self, key: &Key) -> Pressed {
        if self.in_sequence {
            self.sequence_goes_on(key);
            return Pressed::On;
        }
        match key {
            Key::Enter if self.pasting => return self.break_line(),
            Key::Enter => return Pressed::Done,
            Key::UnknownEscSeq(sequence) if sequence.as_slice() == ['[', '2', '0'] => self.in_sequence = true,
            Key::Tab => self.insert(' '),
            Key::Char('\u{4}') if self.text.is_empty() => return Pressed::End,
            Key::Char('\u{15}') => {
                self.text.drain(..self.at);
                self.at = 0;
            }
            Key::Char('\u{b}') => self.text.truncate(self.at),
            Key::Char('\u{17}') => {
                let start = self.word_start();
                self.text.drain(start..self.at);
                self.at = start;
            }
            Key::Char(c) if !c.is_control() => self.insert(*c),
            Key::Backspace if self.at > 0 => {
                self.at -= 1;
                self.text.remove(self.at);
            }
            Key::Del if self.at < self.text.len() => {
                self.text.remove(self.at);
            }
            Key::ArrowLeft => self.at = self.at.saturating_sub(1),
            Key::ArrowRight => self.at = (self.at + 1).min(self.text.len()),
            Key::Home => self.at = 0,
            Key::End => self.at = self.text.len(),
            _ => {}
        }
        Pressed::On
    }

    /// Whether the terminal said that pasted text begins, and not yet that it ends.
    pub fn is_pasting(&self) -> bool {
        self.pasting || self.in_sequence
    }

    /// Takes a line break of pasted text: part of the text, or a blank where the answer is one line.
    pub fn break_line(&mut self) -> Pressed {
        self.insert(if self.breaks { '\n' } else { ' ' });
        Pressed::On
    }

    fn sequence_goes_on(&mut self, key: &Key) {
        match key {
            Key::Char('~') => {
                self.pasting = self.sequence == Some('0');
                (self.sequence, self.in_sequence) = (None, false);
            }
            Key::Char(c @ ('0' | '1')) => self.sequence = Some(*c),
            // No paste after all.
            _ => (self.sequence, self.in_sequence) = (None, false),
        }
    }

    fn insert(&mut self, c: char) {
        self.text.insert(self.at, c);
        self.at += 1;
    }

    fn word_start(&self) -> usize {
        let before = &self.text[..self.at];
        let end = before.iter().rposition(|c| !c.is_whitespace()).map_or(0, |last| last + 1);
        before[..end].iter().rposition(|c| c.is_whitespace()).map_or(0, |space| space + 1)
    }

    /// How it stands on a screen of this many columns, at most `height` rows around the cursor.
    pub fn draw(&self, width: usize, height: usize) -> Drawing {
        // The last column stays free: what a terminal does there differs.
        let room = width.saturating_sub(1).max(LEAD.len() + 8);
        let mut rows = vec![LEAD.to_owned()];
        let mut column = LEAD.len();
        let mut cursor = (0, column);
        for (position, c) in self.text.iter().enumerate() {
            let shown = if *c == '\n' { String::new() } else { clean(&c.to_string()) };
            let columns = shown.width();
            if *c != '\n' && column + columns > room {
                rows.push(" ".repeat(LEAD.len()));
                column = LEAD.len();
            }
            if position == self.at {
                cursor = (rows.len() - 1, column);
            }
            if *c == '\n' {
                rows.push(" ".repeat(LEAD.len()));
                column = LEAD.len();
            } else if let Some(row) = rows.last_mut() {
                row.push_str(&shown);
                column += columns;
            }
        }
        if self.at == self.text.len() {
            cursor = (rows.len() - 1, column);
        }
        let height = height.max(1);
        let first = (cursor.0 + 1).saturating_sub(height);
        let rows: Vec<String> = rows.into_iter().skip(first).take(height).collect();
        Drawing { rows, row: cursor.0 - first, column: cursor.1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(typed: &mut Typed, text: &str) {
        for c in text.chars() {
            typed.press(&Key::Char(c));
        }
    }

    #[test]
    fn keys_change_the_line() {
        let mut typed = Typed::new("two words", false);
        for (keys, text) in [
            (vec![Key::Char('!')], "two words!"),
            (vec![Key::Char('\u{17}')], "two "),
            (vec![Key::Home, Key::Char('a'), Key::Char(' ')], "a two "),
            (vec![Key::Del], "a wo "),
            (vec![Key::ArrowRight, Key::Backspace, Key::Char('z')], "a zo "),
            (vec![Key::Char('\u{b}')], "a z"),
            (vec![Key::ArrowLeft, Key::Char('\u{15}')], "z"),
            (vec![Key::End, Key::Backspace, Key::Backspace, Key::ArrowLeft, Key::Char('\u{1}')], ""),
        ] {
            for key in &keys {
                assert_eq!(typed.press(key), Pressed::On);
            }
            assert_eq!(typed.text(), text, "{keys:?}");
        }
        assert_eq!(typed.press(&Key::Char('\u{4}')), Pressed::End);
        assert_eq!(typed.press(&Key::Enter), Pressed::Done);
    }

    #[test]
    fn a_pasted_text_is_one_answer() {
        let mark = Key::UnknownEscSeq(vec!['[', '2', '0']);
        for (breaks, text) in [(true, "one\ntwo"), (false, "one two")] {
            let mut typed = Typed::new("", breaks);
            typed.press(&mark);
            press(&mut typed, "0~one");
            assert_eq!(typed.press(&Key::Enter), Pressed::On);
            press(&mut typed, "two");
            typed.press(&mark);
            press(&mut typed, "1~");
            assert_eq!(typed.press(&Key::Enter), Pressed::Done);
            assert_eq!(typed.text(), text);
        }
    }

    #[test]
    fn a_long_line_wraps_and_the_cursor_follows() {
        let mut typed = Typed::new("abcdefghijklmn", false);
        let drawing = typed.draw(11, 10);
        assert_eq!(
            drawing,
            Drawing { rows: vec!["> abcdefgh".into(), "  ijklmn".into()], row: 1, column: 8 }
        );
        typed.press(&Key::Home);
        assert_eq!((typed.draw(11, 10).row, typed.draw(11, 10).column), (0, 2));
        assert_eq!(Typed::new("a\nb", true).draw(40, 10).rows, ["> a", "  b"]);
        assert_eq!(Typed::new("\u{65e5}\u{672c}", false).draw(40, 10).column, 6);
        assert_eq!(Typed::new("a\u{202e}b", false).draw(40, 10).rows, ["> a<U+202E>b"]);
        let high = Typed::new("1\n2\n3\n4", true).draw(40, 2);
        assert_eq!(high, Drawing { rows: vec!["  3".into(), "  4".into()], row: 1, column: 3 });
    }
}
