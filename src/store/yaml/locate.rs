//! Where something stands in a text: the parser is led along a path and made to fail there, for the place its error
//! names. Only errors need places, so ordinary reading pays nothing for them.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::parse;
use crate::domain::node::{Node, Path, Step};

/// The place of `path`, or of the nearest thing around it that is there.
pub fn place(text: &str, path: &Path, want_key: bool) -> Option<(usize, usize)> {
    let tree = parse::tree(text).ok()?;
    let steps = present(&tree, path);
    let absent = steps.len() < path.0.len();
    let follow = Follow { steps: &steps, want_key: want_key || absent };
    let error = follow.deserialize(serde_yaml::Deserializer::from_str(text)).err()?;
    parse::place(&error)
}

/// As much of a path as is there, items of lists named by their position.
fn present(tree: &Node, path: &Path) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut node = tree;
    for step in &path.0 {
        let next = match (node, step) {
            (Node::List(items), Step::Key(id)) => items
                .iter()
                .position(|item| item.id() == Some(id))
                .map(|index| (Step::Index(index), &items[index])),
            (Node::List(items), Step::Index(index)) => items.get(*index).map(|item| (step.clone(), item)),
            (_, Step::Key(key)) => node.get(key).map(|value| (step.clone(), value)),
            (_, Step::Index(index)) => {
                let key = index.to_string();
                node.get(&key).map(|value| (Step::Key(key.clone()), value))
            }
        };
        let Some((step, below)) = next else { break };
        steps.push(step);
        node = below;
    }
    steps
}

/// Follows steps and fails at their end.
struct Follow<'p> {
    steps: &'p [Step],
    want_key: bool,
}

impl<'p> Follow<'p> {
    fn rest(&self) -> Follow<'p> {
        Follow { steps: self.steps.get(1..).unwrap_or_default(), want_key: self.want_key }
    }
}

fn here<T, E: Error>() -> Result<T, E> {
    Err(E::custom(""))
}

impl<'de> DeserializeSeed<'de> for Follow<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// Only maps and lists are walked: every other visit fails by itself, which is what is wanted at the end of the path.
impl<'de> Visitor<'de> for Follow<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the place")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Some(Step::Key(key)) = self.steps.first() else {
            return here();
        };
        let fail = self.want_key && self.steps.len() == 1;
        while let Some(found) = map.next_key_seed(Key { key, fail })? {
            if found {
                map.next_value_seed(self.rest())?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let Some(Step::Index(index)) = self.steps.first() else {
            return here();
        };
        for _ in 0..*index {
            seq.next_element::<IgnoredAny>()?;
        }
        seq.next_element_seed(self.rest())?;
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }
}

/// Whether a key is the one; fails at it where the key's own place is wanted.
struct Key<'p> {
    key: &'p str,
    fail: bool,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<bool, E> {
        match key == self.key {
            true if self.fail => here(),
            found => Ok(found),
        }
    }
}
