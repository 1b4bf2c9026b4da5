//! What can keep a letter from becoming a PDF, said without a word of the letter.

use std::fmt;

use crate::error::{Error, Kind};

/// Where in a letter something stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The protective marking.
    Marking,
    /// A line of the letterhead, from 1.
    Sender(usize),
    /// A line of the address, from 1.
    Recipient(usize),
    /// One of the particulars beside the address, from 1.
    Particular(usize),
    /// A part of what the letter says, from 1; parts of parts follow it: an item of a list and what it holds, a row of a
    /// table (its head is row 0) and a cell.
    Body(Vec<usize>),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Marking => write!(f, "the protective marking"),
            Place::Sender(line) => write!(f, "line {line} of the letterhead"),
            Place::Recipient(line) => write!(f, "line {line} of the address"),
            Place::Particular(number) => write!(f, "number {number} of what stands beside the address"),
            Place::Body(path) => {
                let path: Vec<String> = path.iter().map(usize::to_string).collect();
                write!(f, "part {} of the text", path.join("."))
            }
        }
    }
}

/// Why there is no PDF. Holds positions and numbers, never what the letter says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// None of the fonts can print a character. A letter is never made without it: it may be a name.
    #[error("a letter has a character that cannot be printed: word {word} of {place}")]
    Glyph {
        /// Where it stands.
        place: Place,
        /// In which word of it, from 1.
        word: usize,
    },
    /// It has no title, which a page for everybody must have.
    #[error("a letter has no title")]
    Title,
    /// Its language is not the name of one.
    #[error("the language of a letter is not a language tag such as en or cy")]
    Language,
    /// Its protective marking would take more room than a marking may.
    #[error("the protective marking of a letter is longer than {0} characters")]
    Marking(usize),
    /// Letterhead, address and particulars leave no room for the letter.
    #[error("the letterhead, the address and what stands beside it fill the first page of a letter")]
    Front,
    /// A table has more columns than can be read on paper.
    #[error("a table of a letter has {columns} columns, and the page has room for {room}")]
    Columns {
        /// How many it has.
        columns: usize,
        /// How many there is room for.
        room: usize,
    },
    /// Lists, quotes and emphasis stand in one another deeper than any letter needs.
    #[error("lists and quotes of a letter stand more than {0} deep in one another")]
    Depth(usize),
    /// A font that is built in cannot be read.
    #[error("a font that is built in cannot be read")]
    Font,
    /// The page was made, and its own check against PDF/UA-1 found it wanting.
    #[error("the page does not pass its own check against PDF/UA-1, {0} times")]
    Check(usize),
    /// The page was made and could not be written.
    #[error("the page cannot be written as a PDF")]
    Write,
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Error {
        let (kind, hint) = match &fault {
            Fault::Glyph { .. } => (
                Kind::Answers,
                "write it in Latin, Greek or Cyrillic letters, as the person writes it in English papers; or make the \
                 letter as HTML, which uses the fonts of the reader's machine",
            ),
            Fault::Title => (Kind::Answers, "give the template a title"),
            Fault::Language => (Kind::Answers, "set the language of the template to en or cy"),
            Fault::Marking(_) => (Kind::Answers, "shorten the marking in the settings"),
            Fault::Front => (Kind::Answers, "shorten the letterhead in the settings, or the address"),
            Fault::Columns { .. } | Fault::Depth(_) => (Kind::Answers, "make the template plainer"),
            Fault::Font | Fault::Check(_) | Fault::Write => {
                (Kind::Internal, "make the letter as HTML and print that; this is a fault of the tool")
            }
        };
        Error::new(kind, fault.to_string()).hint(hint)
    }
}
