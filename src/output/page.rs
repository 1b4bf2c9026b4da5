//! Pages for people: headings, paragraphs, fields and tables, fitted to a width.

use super::table;
use crate::domain::invisible;
use crate::error::Error;

/// A part of a page.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A line that stands out by its place, not by its colour.
    Heading(String),
    /// A paragraph; wrapped, its own line breaks kept.
    Text(String),
    /// A line that hangs: what does not fit goes on indented this far.
    Hanging(usize, String),
    /// Text that is printed as it stands.
    Verbatim(String),
    /// Labels and values; the number is how far they are indented.
    Fields(Vec<(usize, String, String)>),
    /// Numbers under one another: what stands over the columns, and for each row what it is and its cells.
    Grid(Vec<String>, Vec<(String, Vec<String>)>),
    /// Columns of lines beside one another; below one another where the page is narrow.
    Columns(Vec<Vec<String>>),
    /// A table with a header.
    Table(Vec<&'static str>, Vec<Vec<String>>),
}

/// A page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page(pub Vec<Block>);

impl Page {
    /// A page of one paragraph.
    pub fn line(text: impl Into<String>) -> Page {
        Page(vec![Block::Text(text.into())])
    }

    /// Adds a heading.
    pub fn heading(&mut self, text: impl Into<String>) {
        self.0.push(Block::Heading(text.into()));
    }

    /// The page as text that is `width` columns wide.
    pub fn text(&self, width: usize) -> String {
        let mut text = String::new();
        for block in &self.0 {
            match block {
                Block::Heading(heading) => {
                    if !text.is_empty() {
                        text.push('\n');
                    }
                    text.push_str(&wrap(&clean(heading), width, 0));
                }
                Block::Text(paragraph) => text.push_str(&wrap(&clean(paragraph), width, 0)),
                Block::Hanging(indent, line) => text.push_str(&hanging(&clean(line), width, *indent)),
                Block::Verbatim(lines) => text.push_str(&clean(lines)),
                Block::Fields(fields) => text.push_str(&self::fields(fields, width)),
                Block::Grid(columns, rows) => text.push_str(&super::grid::grid(columns, rows, width)),
                Block::Columns(columns) => text.push_str(&super::columns::columns(columns, width)),
                Block::Table(header, rows) => text.push_str(&table::table(header, rows, width)),
            }
            if !text.ends_with('\n') {
                text.push('\n');
            }
        }
        text
    }

    /// Adds a line that hangs.
    pub fn item(&mut self, indent: usize, text: impl Into<String>) {
        self.0.push(Block::Hanging(indent, text.into()));
    }

    /// Adds a paragraph.
    pub fn say(&mut self, text: impl Into<String>) {
        self.0.push(Block::Text(text.into()));
    }
}

/// An error for people: what was refused, each problem, what to do.
pub fn error_text(error: &Error) -> String {
    let mut text = format!("error: {}\n", clean(&error.to_string()));
    for problem in &error.problems {
        text.push_str(&format!("  {}\n", clean(&problem.to_string())));
    }
    if let Some(hint) = &error.hint {
        text.push_str(&format!("hint: {}\n", clean(hint)));
    }
    text
}

/// Labels in one column and values beside them; below one another where the page is narrow.
fn fields(fields: &[(usize, String, String)], width: usize) -> String {
    let label_width =
        fields.iter().map(|(indent, label, _)| indent + label.chars().count()).max().unwrap_or(0);
    let beside = label_width + 2 + 24 <= width;
    let mut text = String::new();
    for (indent, label, value) in fields {
        let value = clean(value);
        let start = format!("{}{}", " ".repeat(*indent), clean(label));
        if value.is_empty() {
            text.push_str(&wrap(&clean(label), width, *indent));
        } else if beside {
            let wrapped = wrap(&value, width, label_width + 2);
            let filled = format!("{start:<column$}", column = label_width + 2);
            text.push_str(&format!("{filled}{}", wrapped.trim_start()));
        } else {
            text.push_str(&wrap(&clean(label), width, *indent));
            text.push_str(&wrap(&value, width, indent + 2));
        }
    }
    text
}

/// Wraps each line to the width, every line indented. Words longer than the width stand alone.
pub fn wrap(text: &str, width: usize, indent: usize) -> String {
    let room = width.saturating_sub(indent).max(12);
    let margin = " ".repeat(indent);
    let mut wrapped = String::new();
    for line in text.lines() {
        let lead: String = line.chars().take_while(|c| *c == ' ').collect();
        let mut current = lead.clone();
        let mut empty = true;
        for word in line.split_whitespace() {
            let length = columns(&current) + columns(word) + usize::from(!empty);
            if !empty && length > room {
                wrapped.push_str(&format!("{margin}{}\n", current.trim_end()));
                current = lead.clone();
                empty = true;
            }
            if !empty {
                current.push(' ');
            }
            current.push_str(word);
            empty = false;
        }
        wrapped.push_str(&format!("{margin}{current}"));
        let kept = wrapped.trim_end_matches(' ').len();
        wrapped.truncate(kept);
        wrapped.push('\n');
    }
    wrapped
}

/// Wraps a line so that all but its beginning is indented.
fn hanging(line: &str, width: usize, indent: usize) -> String {
    let indent = if indent + 20 > width { 2 } else { indent };
    let (first, rest) = line.split_at(line.char_indices().nth(indent).map_or(line.len(), |(at, _)| at));
    format!("{first}{}", wrap(rest, width, indent).trim_start_matches(' '))
}

/// A line and, below it, carets under `length` of its characters from `at` on; both indented by two.
pub fn pointed(line: &str, at: usize, length: usize) -> String {
    let width = |text: String| columns(&clean(&text));
    let before = width(line.chars().take(at).collect());
    let under = width(line.chars().skip(at).take(length).collect()).max(1);
    format!("  {}\n  {}{}", clean(line), " ".repeat(before), "^".repeat(under))
}

fn columns(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}

/// Text with everything that cannot be seen shown by its number, `<U+00AD>`, so that what a case file holds can neither
/// steer the terminal nor show itself as something else. Line breaks stay.
pub fn clean(text: &str) -> String {
    invisible::shown(text).into_owned()
}
