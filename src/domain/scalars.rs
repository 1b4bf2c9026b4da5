//! The single values of a case: text (private or not), days, instants, ids.

use std::fmt;
use std::sync::Arc;

use super::invisible;
use super::node::Node;
use super::record::{Part, Reader, Shape};
use super::reference::{CROCKFORD, Chance};
use super::time::{Day, Instant};

pub use super::filled::{At, By, Fill, ItemRef, On, Stated, Table};

/// A personal fact. `Debug` and `Display` print `(private)`; only the YAML writer, the screen and the letters open it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Private<T>(T);

impl<T> Private<T> {
    /// Closes a value.
    pub fn new(value: T) -> Private<T> {
        Private(value)
    }

    /// Opens it, for the screen, a letter or the case file; never for an error, a log line or a message.
    pub fn open(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Private<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(private)")
    }
}

impl<T> fmt::Display for Private<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(private)")
    }
}

impl<T: Part> Part for Private<T> {
    const SHAPE: Shape = T::SHAPE;
    const REQUIRED: bool = T::REQUIRED;
    const PRIVATE: bool = true;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        T::read(node, reader).map(Private)
    }

    fn write(&self) -> Option<Node> {
        self.0.write().map(closed)
    }

    fn latest(&self) -> Option<Instant> {
        self.0.latest()
    }

    fn each_id<'a>(
        &'a self,
        field: Option<&'static str>,
        take: &mut dyn FnMut(Option<&'static str>, &'a str),
    ) {
        self.0.each_id(field, take);
    }

    fn is_absent(&self) -> bool {
        self.0.is_absent()
    }

    fn format(&self) -> u32 {
        self.0.format()
    }
}

/// Marks every text in a tree private.
fn closed(node: Node) -> Node {
    match node {
        Node::Text { text, .. } => Node::Text { text, private: true },
        Node::List(items) => Node::List(items.into_iter().map(closed).collect()),
        Node::Map(entries) => Node::Map(entries.into_iter().map(|(key, node)| (key, closed(node))).collect()),
        other => other,
    }
}

/// A value as a correction quotes it: days and instants become text, because what is quoted has no shape of its own.
pub fn quoted(node: Node) -> Node {
    match node {
        Node::Text { text, .. } | Node::Stamp(text) => Node::Text { text, private: true },
        Node::List(items) => Node::List(items.into_iter().map(quoted).collect()),
        Node::Map(entries) => Node::Map(entries.into_iter().map(|(key, node)| (key, quoted(node))).collect()),
        other => other,
    }
}

/// A scalar's text, or the one message for what is no text: numbers and dates must be quoted to be text.
pub(super) fn text<'n>(node: &'n Node, reader: &mut Reader<'_>) -> Option<&'n str> {
    match node {
        Node::Text { text, .. } | Node::Stamp(text) => Some(text),
        Node::Null => reader.invalid("must not be empty; leave the key out instead"),
        Node::Bool(_) | Node::Number(_) | Node::OtherNumber => {
            reader.invalid("must be text; put quotes around it")
        }
        Node::List(_) | Node::Map(_) => reader.invalid("must be text"),
    }
}

/// One line of text: not blank, no line break. Like all texts here it is shared by its copies: a case is copied with every
/// action on it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line(Arc<str>);

impl Line {
    /// Closes over text; the problem is one a person can act on.
    pub fn new(text: impl Into<String>) -> Result<Line, String> {
        let text = text.into();
        if text.trim().is_empty() {
            return Err("must not be blank".to_owned());
        }
        if text.contains(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']) {
            return Err("must be one line".to_owned());
        }
        Ok(Line(text.into()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Text of any length that is not blank.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prose(Arc<str>);

impl Prose {
    /// Closes over text; the problem is one a person can act on.
    pub fn new(text: impl Into<String>) -> Result<Prose, String> {
        let text = text.into();
        if text.trim().is_empty() { Err("must not be blank".to_owned()) } else { Ok(Prose(text.into())) }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A word of a list that a force sets: lower-case letters, digits and `_`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Arc<str>);

impl Name {
    /// Checks the letters; the lists themselves are checked by the workflow.
    pub fn new(text: impl Into<String>) -> Result<Name, String> {
        let text = text.into();
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if text.is_empty() || text.len() > 60 || !text.chars().all(fits) {
            return Err("must be a word of lower-case letters, digits and _".to_owned());
        }
        Ok(Name(text.into()))
    }

    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for Name {
    type Err = String;

    fn from_str(text: &str) -> Result<Name, String> {
        Name::new(text)
    }
}

/// The id of a person in the office (R3): the key of `people` in `csods.toml`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonId(Arc<str>);

impl PersonId {
    /// Checks the letters; whether there is such a person is for the workflow to say.
    pub fn new(text: impl Into<String>) -> Result<PersonId, String> {
        let text = text.into();
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._+-".contains(c);
        if text.is_empty() || text.len() > 64 || !text.chars().all(fits) {
            return Err("must be a person's id: lower-case letters, digits, `.`, `_`, `+`, `-`".to_owned());
        }
        Ok(PersonId(text.into()))
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The random id of an item of a list: four Crockford characters in lower case, unique in its case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemId(Arc<str>);

impl ItemId {
    /// Checks the form.
    pub fn new(text: impl Into<String>) -> Result<ItemId, String> {
        let text = text.into();
        let fits = |c: char| !c.is_ascii_uppercase() && CROCKFORD.contains(&(c.to_ascii_uppercase() as u8));
        if text.len() == 4 && text.chars().all(fits) {
            Ok(ItemId(text.into()))
        } else {
            Err("must be an id of four letters and digits, without i, l, o and u".to_owned())
        }
    }

    /// A new one.
    pub fn random(chance: &mut Chance) -> ItemId {
        let letter = |_| (CROCKFORD[chance.below(32)] as char).to_ascii_lowercase();
        ItemId((0..4).map(letter).collect::<String>().into())
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

macro_rules! text_part {
    ($type:ident, $shape:expr) => {
        impl Part for $type {
            const SHAPE: Shape = $shape;

            fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
                let text = text(node, reader)?;
                // L1b: what nobody sees is dropped at entry; stored files are read as they are.
                let text = match reader.fill() {
                    Some(_) => invisible::dropped(text),
                    None => text.into(),
                };
                $type::new(text).map_err(|what| reader.invalid::<()>(what)).ok()
            }

            fn write(&self) -> Option<Node> {
                Some(Node::text(&*self.0))
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
text_part!(Line, Shape::Line);
text_part!(Prose, Shape::Prose);
text_part!(PersonId, Shape::Person);
text_part!(Name, Shape::Line);

impl Part for bool {
    const SHAPE: Shape = Shape::YesNo;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match node {
            Node::Bool(value) => Some(*value),
            _ => reader.invalid("must be true or false"),
        }
    }

    fn write(&self) -> Option<Node> {
        Some(Node::Bool(*self))
    }
}

impl Part for u32 {
    const SHAPE: Shape = Shape::Count;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match node {
            Node::Number(value) if u32::try_from(*value).is_ok() => u32::try_from(*value).ok(),
            _ => reader.invalid("must be a whole number"),
        }
    }

    fn write(&self) -> Option<Node> {
        Some(Node::Number(i64::from(*self)))
    }
}

macro_rules! stamp_part {
    ($type:ident, $shape:expr, $what:literal, |$value:ident| $latest:expr) => {
        impl Part for $type {
            const SHAPE: Shape = $shape;

            fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
                match node.as_text().and_then(|text| text.parse().ok()) {
                    Some(value) => Some(value),
                    None => reader.invalid($what),
                }
            }

            fn write(&self) -> Option<Node> {
                Some(Node::Stamp(self.to_string()))
            }

            fn latest(&self) -> Option<Instant> {
                let $value = self;
                $latest
            }
        }
    };
}
stamp_part!(Day, Shape::Day, "must be a day like 2026-03-02", |_day| None);
stamp_part!(Instant, Shape::Instant, "must be an instant in UTC like 2026-03-02T09:15:00Z", |at| Some(*at));
