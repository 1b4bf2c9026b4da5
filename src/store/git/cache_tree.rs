//! The index's `TREE` extension: which directories of the index equal which tree.
//!
//! `git commit` writes the trees it finds here without looking at the entries below, so a stale one would silently undo
//! a change. A directory is given its new tree only where the index held exactly the old one; otherwise it is marked
//! unknown, which is always right and only makes git compute it again.

use std::collections::BTreeMap;

use crate::store::id::ObjectId;
use crate::store::layout::above;

use super::tree::Rewritten;

/// The tree without entries.
const EMPTY: ObjectId = ObjectId::from_bytes([
    0x4b, 0x82, 0x5d, 0xc6, 0x42, 0xcb, 0x6e, 0xb9, 0xa0, 0x60, 0xe5, 0x4b, 0xf8, 0xd6, 0x92, 0x88, 0xfb,
    0xee, 0x49, 0x04,
]);

/// One directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    name: Vec<u8>,
    /// How many entries of the index lie below, and the tree that they are; `None` where that is not known.
    tree: Option<(i64, ObjectId)>,
    below: Vec<Node>,
}

impl Node {
    /// The root of an index without entries.
    pub(super) fn empty() -> Node {
        Node { name: Vec::new(), tree: Some((0, EMPTY)), below: Vec::new() }
    }

    /// A directory that is this tree, with so many entries below it.
    pub(super) fn of(name: Vec<u8>, count: i64, tree: ObjectId, mut below: Vec<Node>) -> Node {
        below.sort_by(|a, b| a.order().cmp(&b.order()));
        Node { name, tree: Some((count, tree)), below }
    }

    /// The tree that it is, where that is known.
    pub(super) fn is(&self) -> Option<ObjectId> {
        self.tree.map(|(_, tree)| tree)
    }

    /// A directory directly below it.
    pub(super) fn child(&self, name: &[u8]) -> Option<&Node> {
        self.below.iter().find(|node| node.name == name)
    }

    /// Git's own order here: the short names first.
    fn order(&self) -> (usize, &[u8]) {
        (self.name.len(), &self.name)
    }

    /// Reads the extension; `None` where it is malformed (then it is left out: it only saves git work).
    pub(super) fn read(bytes: &[u8]) -> Option<Node> {
        let mut rest = bytes;
        let root = Node::read_one(&mut rest, 0)?;
        (rest.is_empty() && root.name.is_empty()).then_some(root)
    }

    fn read_one(rest: &mut &[u8], deep: usize) -> Option<Node> {
        let mut until = |end: u8| {
            let at = rest.iter().position(|byte| *byte == end)?;
            let (word, later) = rest.split_at(at);
            *rest = &later[1..];
            Some(word)
        };
        let name = until(0)?.to_vec();
        let count: i64 = std::str::from_utf8(until(b' ')?).ok()?.parse().ok()?;
        let nodes: usize = std::str::from_utf8(until(b'\n')?).ok()?.parse().ok()?;
        let tree = if count < 0 {
            None
        } else {
            let tree = ObjectId::from_slice(rest)?;
            *rest = &rest[20..];
            Some((count, tree))
        };
        if deep > 64 {
            return None;
        }
        let below = (0..nodes).map(|_| Node::read_one(rest, deep + 1)).collect::<Option<_>>()?;
        Some(Node { name, tree, below })
    }

    pub(super) fn write(&self, to: &mut Vec<u8>) {
        let count = self.tree.map_or(-1, |(count, _)| count);
        to.extend_from_slice(&self.name);
        to.extend_from_slice(format!("\0{count} {}\n", self.below.len()).as_bytes());
        if let Some((_, tree)) = self.tree {
            to.extend_from_slice(tree.as_bytes());
        }
        for node in &self.below {
            node.write(to);
        }
    }

    /// Follows a change of the index: `paths` that were changed, each with by how much the number of entries grew; and
    /// the trees above them before and after.
    pub(super) fn follow(&mut self, paths: &[(&str, i64)], trees: &Rewritten) {
        let mut grown: BTreeMap<&str, i64> = BTreeMap::new();
        for (path, by) in paths {
            for dir in above(path) {
                *grown.entry(dir).or_default() += by;
            }
        }
        self.follow_dir("", &grown, trees);
    }

    fn follow_dir(&mut self, dir: &str, grown: &BTreeMap<&str, i64>, trees: &Rewritten) {
        // A directory that the commit before did not have is one that was empty.
        let before = trees.before.get(dir).copied().unwrap_or(EMPTY);
        self.tree = match (self.tree, grown.get(dir), trees.after.get(dir)) {
            (Some((count, tree)), Some(by), Some(after)) if tree == before => Some((count + by, *after)),
            _ => None,
        };
        for child in children(dir, grown) {
            let name = child.rsplit('/').next().unwrap_or(child);
            let found = self.below.iter().position(|node| node.name == name.as_bytes());
            let is_new = !trees.before.contains_key(child);
            match (found, trees.after.contains_key(child)) {
                (Some(at), false) if !is_new => {
                    self.below.remove(at);
                }
                (Some(at), _) => self.below[at].follow_dir(child, grown, trees),
                (None, true) if is_new && self.tree.is_some() => {
                    let mut node =
                        Node { name: name.as_bytes().to_vec(), tree: Some((0, EMPTY)), below: Vec::new() };
                    node.follow_dir(child, grown, trees);
                    let at = self.below.partition_point(|other| other.order() < node.order());
                    self.below.insert(at, node);
                }
                (None, _) => (),
            }
        }
    }
}

/// The directories of a change that lie directly in `dir`.
fn children<'g>(dir: &str, grown: &BTreeMap<&'g str, i64>) -> Vec<&'g str> {
    let parent = |child: &str| child.rsplit_once('/').map_or("", |(parent, _)| parent) == dir;
    grown.keys().copied().filter(|child| !child.is_empty() && parent(child)).collect()
}

#[cfg(test)]
#[path = "cache_tree_tests.rs"]
mod tests;
