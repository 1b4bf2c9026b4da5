//! What a value looks like: for the questions at a prompt, the flags of a command, `--help` and error messages.

use super::node::{Path, Step};

/// What a value looks like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    /// One line of text.
    Line,
    /// Text of any length.
    Prose,
    /// `true` or `false`.
    YesNo,
    /// A whole number.
    Count,
    /// A day, `2026-03-02`.
    Day,
    /// An instant in UTC, `2026-03-02T09:15:00Z`.
    Instant,
    /// A word of a list that is fixed.
    Choice(&'static [Word]),
    /// A word of a list that a force sets; the name says which list.
    Listed(&'static str),
    /// The id of a person in the office.
    Person,
    /// The id of an item of a list in the same case.
    Item,
    /// The reference of a case.
    Reference,
    /// Items of one shape.
    List(&'static Shape),
    /// Named fields.
    Record(&'static [Field]),
    /// Keys that the file's owner chooses, each with a value of one shape.
    Table(&'static Shape),
    /// Anything at all: a corrected value, of whatever shape the corrected field has.
    Any,
}

/// A word of a fixed list, as it stands in a file, with what it means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Word {
    /// As written in files and on the command line.
    pub word: &'static str,
    /// What a person is shown.
    pub meaning: &'static str,
}

/// A field of a record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Field {
    /// As written in files.
    pub key: &'static str,
    /// Its documentation; the first line is the question at a prompt.
    pub doc: &'static [&'static str],
    /// What its value looks like.
    pub shape: Shape,
    /// Whether the record is incomplete without it.
    pub required: bool,
    /// Whether a prompt asks for it although it may be left out.
    pub asked: bool,
    /// Whether the tool makes it: no flag and no prompt asks for it.
    pub made: bool,
    /// Whether the tool records it when the record is entered: no answer may hold it.
    pub entered: bool,
    /// The first format of files that can hold it.
    pub since: u32,
    /// Whether it is filled in when absent (ids, who, when).
    pub filled: bool,
    /// Whether it is a personal fact.
    pub private: bool,
}

impl Field {
    /// The question a person is asked for it.
    pub fn question(&self) -> &'static str {
        self.doc.first().map_or(self.key, |line| line.trim())
    }
}

impl Shape {
    /// The shape at `path` below this one.
    pub fn at(&self, path: &Path) -> Option<Shape> {
        path.0.iter().try_fold(*self, |shape, step| match (shape, step) {
            (Shape::Record(fields), Step::Key(key)) => {
                fields.iter().find(|field| field.key == key).map(|field| field.shape)
            }
            (Shape::List(item) | Shape::Table(item), _) => Some(*item),
            _ => None,
        })
    }

    /// Whether the tool makes the value at `path`, or a value above it.
    pub fn is_made(&self, path: &Path) -> bool {
        (1..=path.0.len())
            .any(|steps| self.field_at(&Path(path.0[..steps].to_vec())).is_some_and(|field| field.made))
    }

    /// Where `path` comes in the order of the fields: sorts paths as a form asks for them.
    pub fn position(&self, path: &Path) -> Vec<usize> {
        let mut shape = *self;
        let mut positions = Vec::new();
        for step in &path.0 {
            let (position, below) = match (shape, step) {
                (Shape::Record(fields), Step::Key(key)) => {
                    let position = fields.iter().position(|field| field.key == key).unwrap_or(fields.len());
                    (position, fields.get(position).map_or(Shape::Any, |field| field.shape))
                }
                (Shape::List(item) | Shape::Table(item), Step::Index(index)) => (*index, *item),
                (Shape::List(item) | Shape::Table(item), _) => (0, *item),
                _ => (0, Shape::Any),
            };
            positions.push(position);
            shape = below;
        }
        positions
    }

    /// The field named by the last step of `path`.
    pub fn field_at(&self, path: &Path) -> Option<&'static Field> {
        let (last, above) = path.0.split_last()?;
        match (self.at(&Path(above.to_vec()))?, last) {
            (Shape::Record(fields), Step::Key(key)) => fields.iter().find(|field| field.key == key),
            _ => None,
        }
    }
}

/// "must be one of a, b, c".
pub fn one_of(words: &[Word]) -> String {
    let words: Vec<&str> = words.iter().map(|word| word.word).collect();
    format!("must be one of {}", words.join(", "))
}
