//! The neutral tree between a text format (YAML, JSON, TOML) and the typed case: ordered maps, lists and scalars.
//!
//! Readers of a format make a [`Node`]; [`crate::domain::record::Part`] turns it into typed values, collecting every
//! problem with its [`Path`]; writers turn typed values back into a `Node`.

use std::fmt;

/// One value as it stands in a file.
#[derive(Clone, PartialEq)]
pub enum Node {
    /// `null`, `~` or nothing. No part of a case may be null; it is kept so that the refusal can point at it.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Number(i64),
    /// A number that is not whole, or out of range: nothing in a case is one.
    OtherNumber,
    /// Text. `private` text is never printed by an error, a log line or a message.
    Text {
        /// The text itself.
        text: String,
        /// Whether it may hold a personal fact.
        private: bool,
    },
    /// A day or an instant in its written form: the one kind of text that is written plain although YAML 1.1 reads
    /// it as a timestamp.
    Stamp(String),
    /// Items in order.
    List(Vec<Node>),
    /// Keys and values in order. Formats refuse duplicate keys before a `Map` is made.
    Map(Vec<(String, Node)>),
}

impl Node {
    /// Text that is not private.
    pub fn text(text: impl Into<String>) -> Node {
        Node::Text { text: text.into(), private: false }
    }

    /// An empty map.
    pub fn map() -> Node {
        Node::Map(Vec::new())
    }

    /// The characters of a text or stamp.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Node::Text { text, .. } | Node::Stamp(text) => Some(text),
            _ => None,
        }
    }

    /// Whether this scalar, or anything below, is marked private.
    pub fn is_private(&self) -> bool {
        match self {
            Node::Text { private, .. } => *private,
            Node::List(items) => items.iter().any(Node::is_private),
            Node::Map(entries) => entries.iter().any(|(_, node)| node.is_private()),
            _ => false,
        }
    }

    /// The value under `key`, where this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match self {
            Node::Map(entries) => entries.iter().find(|(name, _)| name == key).map(|(_, node)| node),
            _ => None,
        }
    }

    /// The value at `path`, list items being named by position or by their `id`.
    pub fn at(&self, path: &Path) -> Option<&Node> {
        path.0.iter().try_fold(self, |node, step| match step {
            Step::Key(key) => match node {
                Node::List(items) => items.iter().find(|item| item.id() == Some(key)),
                _ => node.get(key),
            },
            Step::Index(index) => match node {
                Node::List(items) => items.get(*index),
                _ => None,
            },
        })
    }

    /// The place at `path`, made (with the maps above it) where it is absent. `None` where a scalar or a list
    /// without that item stands in the way; an index one past the end of a list appends.
    pub fn place(&mut self, path: &Path) -> Option<&mut Node> {
        let mut node = self;
        for step in &path.0 {
            node = match step {
                Step::Key(key) => match node {
                    Node::List(items) => items.iter_mut().find(|item| item.id() == Some(key))?,
                    Node::Null => {
                        *node = Node::map();
                        node.entry(key)?
                    }
                    _ => node.entry(key)?,
                },
                Step::Index(index) => {
                    if matches!(node, Node::Null) {
                        *node = Node::List(Vec::new());
                    }
                    let Node::List(items) = node else { return None };
                    if *index == items.len() {
                        items.push(Node::Null);
                    }
                    items.get_mut(*index)?
                }
            };
        }
        Some(node)
    }

    /// Sets the value at `path`; see [`Node::place`]. Returns whether there was a place for it.
    pub fn set(&mut self, path: &Path, value: Node) -> bool {
        match self.place(path) {
            Some(place) => {
                *place = value;
                true
            }
            None => false,
        }
    }

    /// Takes the value at `path` out.
    pub fn remove(&mut self, path: &Path) -> Option<Node> {
        let (last, above) = path.0.split_last()?;
        let parent = self.place(&Path(above.to_vec()))?;
        match (parent, last) {
            (Node::Map(entries), Step::Key(key)) => {
                let position = entries.iter().position(|(name, _)| name == key)?;
                Some(entries.remove(position).1)
            }
            (Node::List(items), Step::Key(key)) => {
                let position = items.iter().position(|item| item.id() == Some(key))?;
                Some(items.remove(position))
            }
            (Node::List(items), Step::Index(index)) if *index < items.len() => Some(items.remove(*index)),
            _ => None,
        }
    }

    /// The `id` of a list item.
    pub fn id(&self) -> Option<&str> {
        self.get("id").and_then(Node::as_text)
    }

    fn entry(&mut self, key: &str) -> Option<&mut Node> {
        let Node::Map(entries) = self else { return None };
        let position = match entries.iter().position(|(name, _)| name == key) {
            Some(position) => position,
            None => {
                entries.push((key.to_owned(), Node::Null));
                entries.len() - 1
            }
        };
        Some(&mut entries[position].1)
    }
}

/// Scalars are not shown: a tree may hold personal facts.
impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Node::Null => f.write_str("null"),
            Node::Bool(value) => write!(f, "{value}"),
            Node::Number(value) => write!(f, "{value}"),
            Node::OtherNumber => f.write_str("(number)"),
            Node::Text { private: false, text } => write!(f, "{text:?}"),
            Node::Text { .. } => f.write_str("(private)"),
            Node::Stamp(_) => f.write_str("(day or instant)"),
            Node::List(items) => f.debug_list().entries(items).finish(),
            Node::Map(entries) => {
                f.debug_map().entries(entries.iter().map(|(key, node)| (key, node))).finish()
            }
        }
    }
}

/// One step of a [`Path`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// A key of a map, or the `id` of an item of a list.
    Key(String),
    /// The position of an item of a list, from 0.
    Index(usize),
}

impl Step {
    /// A step as it is written: up to three digits are a position.
    fn read(text: &str) -> Step {
        let is_position = (1..4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse() {
            Ok(index) if is_position => Step::Index(index),
            _ => Step::Key(text.to_owned()),
        }
    }
}

/// Where something stands in a case: `decision.recipients.0.reason`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// The whole document.
    pub fn root() -> Path {
        Path::default()
    }

    /// The path without its last step.
    pub fn above(&self) -> Path {
        Path(self.0[..self.0.len().saturating_sub(1)].to_vec())
    }

    /// Reads a path that a person typed or a file holds, such as `decision.recipients.0.reason`. A step of up to three
    /// digits is a position in a list, every other step a key or the id of an item.
    ///
    /// The error says what is wrong with it. Each place has one spelling for its keys and positions: an empty step is an
    /// error, because a rule that is asked about `assessment.by` must not be passed by `assessment..by` (R4).
    pub fn parse(text: &str) -> Result<Path, &'static str> {
        let read = |step: &str| match Step::read(step) {
            _ if step.is_empty() => Err("has an empty step; write it like assessment.risk_to_child"),
            Step::Index(_) if step.len() > 1 && step.starts_with('0') => {
                Err("has a position with a leading zero")
            }
            step => Ok(step),
        };
        text.split('.').map(read).collect::<Result<_, _>>().map(Path)
    }

    /// The place that a stored correction changed. csods 0.1 ignored empty steps, so a correction that it recorded as
    /// `assessment..by` did change `assessment.by`.
    pub fn recorded(text: &str) -> Path {
        Path(text.split('.').filter(|step| !step.is_empty()).map(Step::read).collect())
    }

    /// This path and one key more.
    pub fn key(&self, key: &str) -> Path {
        let mut steps = self.0.clone();
        steps.push(Step::Key(key.to_owned()));
        Path(steps)
    }

    /// This path and one position more.
    pub fn index(&self, index: usize) -> Path {
        let mut steps = self.0.clone();
        steps.push(Step::Index(index));
        Path(steps)
    }

    /// Whether this is `other` or lies below it.
    pub fn is_within(&self, other: &Path) -> bool {
        self.0.starts_with(&other.0)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            if position > 0 {
                f.write_str(".")?;
            }
            match step {
                Step::Key(key) => f.write_str(key)?,
                Step::Index(index) => write!(f, "{index}")?,
            }
        }
        Ok(())
    }
}

/// For paths that the program writes itself; the empty text is the whole document. What a person typed is read by
/// [`Path::parse`].
impl From<&str> for Path {
    fn from(text: &str) -> Path {
        Path::recorded(text)
    }
}
