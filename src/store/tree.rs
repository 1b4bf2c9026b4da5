//! From any serde format that describes itself to a [`Node`]: the one visitor behind the YAML and the JSON reader.
//!
//! It refuses what no format may give us: a key twice, a key that is not text or very long, and nesting without end.
//! What it has to say goes past the format's own error, which would prefix it with keys of the file.

use std::cell::Cell;
use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::domain::node::Node;

/// How deep lists and maps may lie in each other.
pub const DEPTH_LIMIT: usize = 64;
/// How many characters a key may have: so few that even wholly escaped it stays below the 1024 that YAML allows.
pub const KEY_LIMIT: usize = 100;

/// What the visitor refused, for the reader to put with the place that the format's error names.
pub type Said = Cell<Option<&'static str>>;

/// Said where lists and maps lie too deep.
pub const TOO_DEEP: &str = "nested too deep; lists and maps may lie 64 deep in each other";
const DUPLICATE: &str = "this key stands here a second time; each key may stand once";
const KEY_NOT_TEXT: &str = "a key must be text; put quotes around it";
const KEY_TOO_LONG: &str = "a key may have at most 100 characters";

/// Reads one value.
#[derive(Clone, Copy)]
pub struct NodeSeed<'s> {
    depth: usize,
    said: &'s Said,
}

impl<'s> NodeSeed<'s> {
    /// For a whole document.
    pub fn new(said: &'s Said) -> NodeSeed<'s> {
        NodeSeed { depth: 0, said }
    }

    fn below<E: Error>(self) -> Result<NodeSeed<'s>, E> {
        if self.depth == DEPTH_LIMIT {
            return Err(refuse(self.said, TOO_DEEP));
        }
        Ok(NodeSeed { depth: self.depth + 1, said: self.said })
    }
}

/// An error that carries nothing but its place.
fn refuse<E: Error>(said: &Said, what: &'static str) -> E {
    said.set(Some(what));
    E::custom("")
}

impl<'de> DeserializeSeed<'de> for NodeSeed<'_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for NodeSeed<'_> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text, a number, true, false, a list or keys with values")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Number(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(i64::try_from(value).map_or(Node::OtherNumber, Node::Number))
    }

    fn visit_i128<E>(self, _: i128) -> Result<Node, E> {
        Ok(Node::OtherNumber)
    }

    fn visit_u128<E>(self, _: u128) -> Result<Node, E> {
        Ok(Node::OtherNumber)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
        Ok(Node::OtherNumber)
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::text(text))
    }

    fn visit_string<E>(self, text: String) -> Result<Node, E> {
        Ok(Node::text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node, A::Error> {
        let seed = self.below()?;
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(seed)? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let seed = self.below()?;
        let mut entries = Vec::new();
        let mut seen = HashSet::new();
        while let Some(key) = map.next_key_seed(KeySeed { seen: &mut seen, said: self.said })? {
            entries.push((key, map.next_value_seed(seed)?));
        }
        Ok(Node::Map(entries))
    }
}

/// Reads one key. It refuses while the key itself is being read, so that the format's error names the key's place.
struct KeySeed<'a> {
    seen: &'a mut HashSet<String>,
    said: &'a Said,
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// Refuses every kind of key but text.
macro_rules! not_text {
    ($($visit:ident($kind:ty)),*) => {
        $(fn $visit<E: Error>(self, _: $kind) -> Result<String, E> {
            Err(refuse(self.said, KEY_NOT_TEXT))
        })*
    };
}

impl<'de> Visitor<'de> for KeySeed<'_> {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<String, E> {
        if key.chars().count() > KEY_LIMIT {
            return Err(refuse(self.said, KEY_TOO_LONG));
        }
        if !self.seen.insert(key.to_owned()) {
            return Err(refuse(self.said, DUPLICATE));
        }
        Ok(key.to_owned())
    }

    not_text!(visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_f64(f64));
    not_text!(visit_i128(i128), visit_u128(u128));

    fn visit_unit<E: Error>(self) -> Result<String, E> {
        Err(refuse(self.said, KEY_NOT_TEXT))
    }

    fn visit_none<E: Error>(self) -> Result<String, E> {
        Err(refuse(self.said, KEY_NOT_TEXT))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<String, A::Error> {
        Err(refuse(self.said, KEY_NOT_TEXT))
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<String, A::Error> {
        Err(refuse(self.said, KEY_NOT_TEXT))
    }
}
