//! Directories as git stores them: read, and rewritten along the paths of a change.
//!
//! Only the directories above a changed file are read and written, each once, whatever the store's size.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use git2::ObjectType;

use crate::error::{Error, Kind};
use crate::store::id::ObjectId;

use super::pack::Pack;
use super::{Repo, corrupt};

/// The mode of a directory.
pub(in crate::store) const DIRECTORY: u32 = 0o040_000;
/// The mode of a plain file.
pub(in crate::store) const FILE: u32 = 0o100_644;
/// The mode of a file that may be run.
const PROGRAM: u32 = 0o100_755;

/// Whether a mode is that of a regular file; links and submodules are not.
pub(in crate::store) fn is_file(mode: u32) -> bool {
    // 0o100664 was written by very old versions of git.
    matches!(mode, FILE | PROGRAM | 0o100_664)
}

/// One line of a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) struct Line {
    pub(in crate::store) mode: u32,
    pub(in crate::store) name: Vec<u8>,
    pub(in crate::store) id: ObjectId,
}

/// A file in a commit: its mode and content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) struct Leaf {
    pub(in crate::store) mode: u32,
    pub(in crate::store) id: ObjectId,
}

/// Directories by path (`""` is the root) and the trees they have.
pub(in crate::store) type Dirs = BTreeMap<String, ObjectId>;

/// What [`Repo::rewrite`] made.
#[derive(Debug, Default)]
pub(in crate::store) struct Rewritten {
    /// The directories above the changed files, as they were.
    pub(in crate::store) before: Dirs,
    /// The same as they are now; those left empty are absent.
    pub(in crate::store) after: Dirs,
}

impl Rewritten {
    /// Followed by another change.
    pub(in crate::store) fn then(&mut self, later: Rewritten) {
        for (dir, tree) in later.before {
            // What stands in `after` was made meanwhile.
            if self.after.remove(&dir).is_none() {
                self.before.entry(dir).or_insert(tree);
            }
        }
        self.after.extend(later.after);
    }
}

/// The lines of a tree's bytes: `MODE SP NAME NUL ID`, again and again. `None` where they are none.
fn parse(bytes: &[u8]) -> Option<Vec<Line>> {
    let mut lines = Vec::with_capacity(bytes.len() / 40);
    let mut rest = bytes;
    while !rest.is_empty() {
        let space = rest.iter().position(|byte| *byte == b' ')?;
        let mode = u32::from_str_radix(std::str::from_utf8(&rest[..space]).ok()?, 8).ok()?;
        rest = &rest[space + 1..];
        let nul = rest.iter().position(|byte| *byte == 0)?;
        let name = rest[..nul].to_vec();
        rest = &rest[nul + 1..];
        let id = ObjectId::from_slice(rest)?;
        rest = &rest[20..];
        lines.push(Line { mode, name, id });
    }
    Some(lines)
}

fn write(lines: &[Line]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(lines.len() * 48);
    for line in lines {
        bytes.extend_from_slice(format!("{:o} ", line.mode).as_bytes());
        bytes.extend_from_slice(&line.name);
        bytes.push(0);
        bytes.extend_from_slice(line.id.as_bytes());
    }
    bytes
}

/// Git's order: by bytes, a directory as if its name ended in `/`.
fn order(a: &Line, b: &Line) -> Ordering {
    let end = |line: &Line| if line.mode == DIRECTORY { Some(b'/') } else { None };
    let (ours, theirs) = (a.name.iter().copied().chain(end(a)), b.name.iter().copied().chain(end(b)));
    ours.cmp(theirs)
}

/// What was read: directories, for those who look many paths up; and the file that was read last, which a change reads
/// once more under the lock.
#[derive(Default)]
pub(super) struct Kept {
    trees: HashMap<ObjectId, Rc<Directory>>,
    lines: usize,
    pub(super) file: Option<(ObjectId, Vec<u8>)>,
}

/// So many lines of directories are kept at most: 20 MiB.
const MOST_KEPT: usize = 1 << 18;

/// The lines of a directory that was read.
#[derive(Debug)]
struct Directory {
    lines: Vec<Line>,
    /// Whether they stand in git's order, as they should.
    ordered: bool,
}

impl Directory {
    fn of(lines: Vec<Line>) -> Directory {
        Directory { ordered: lines.is_sorted_by(|a, b| order(a, b) == Ordering::Less), lines }
    }

    fn find(&self, name: &[u8]) -> Option<&Line> {
        self.place(name).map(|at| &self.lines[at])
    }

    fn place(&self, name: &[u8]) -> Option<usize> {
        if !self.ordered {
            return self.lines.iter().position(|line| line.name == name);
        }
        // A file stands elsewhere than a directory of the same name.
        [FILE, DIRECTORY].into_iter().find_map(|mode| {
            let wanted = Line { mode, name: name.to_vec(), id: ObjectId::ZERO };
            self.lines.binary_search_by(|line| order(line, &wanted)).ok()
        })
    }

    /// Puts a line in the place of that of its name, or takes that one out.
    fn put(&mut self, name: &[u8], new: Option<(u32, ObjectId)>) {
        let found = self.place(name);
        let new = new.map(|(mode, id)| Line { mode, name: name.to_vec(), id });
        match (found, new) {
            (Some(at), Some(line)) if (self.lines[at].mode == DIRECTORY) == (line.mode == DIRECTORY) => {
                self.lines[at] = line;
            }
            (found, new) => {
                if let Some(at) = found {
                    self.lines.remove(at);
                }
                if let Some(line) = new {
                    let at = self.lines.partition_point(|other| order(other, &line) == Ordering::Less);
                    self.lines.insert(at, line);
                }
            }
        }
    }
}

impl Repo {
    /// A directory, read once.
    fn directory(&self, tree: ObjectId) -> Result<Rc<Directory>, Error> {
        if let Some(kept) = self.kept.borrow().trees.get(&tree) {
            return Ok(Rc::clone(kept));
        }
        let read = Rc::new(Directory::of(self.tree(tree)?));
        let mut kept = self.kept.borrow_mut();
        if kept.lines > MOST_KEPT {
            *kept = Kept::default();
        }
        kept.lines += read.lines.len();
        kept.trees.insert(tree, Rc::clone(&read));
        Ok(read)
    }

    /// The lines of a tree.
    pub(in crate::store) fn tree(&self, tree: ObjectId) -> Result<Vec<Line>, Error> {
        self.object(tree, ObjectType::Tree, parse)?.ok_or_else(|| corrupt(tree))
    }

    /// What stands at `path` below a tree.
    pub(in crate::store) fn lookup(&self, tree: ObjectId, path: &str) -> Result<Option<Line>, Error> {
        let mut found = Line { mode: DIRECTORY, name: Vec::new(), id: tree };
        for step in path.split('/') {
            if found.mode != DIRECTORY {
                return Ok(None);
            }
            match self.directory(found.id)?.find(step.as_bytes()) {
                Some(line) => found = line.clone(),
                None => return Ok(None),
            }
        }
        Ok(Some(found))
    }

    /// The file at `path` below a tree. Anything else that stands there is damage.
    pub(in crate::store) fn leaf(&self, tree: Option<ObjectId>, path: &str) -> Result<Option<Leaf>, Error> {
        let Some(tree) = tree else { return Ok(None) };
        match self.lookup(tree, path)? {
            None => Ok(None),
            Some(line) if is_file(line.mode) => Ok(Some(Leaf { mode: line.mode, id: line.id })),
            Some(_) => Err(not_a_file(path)),
        }
    }

    /// Writes the trees of a change: `leaves`, ordered by path, each a file or its absence. The new root's id stands in
    /// `after` under `""`.
    pub(in crate::store) fn rewrite(
        &self,
        pack: &mut Pack,
        root: Option<ObjectId>,
        leaves: &BTreeMap<&str, Option<Leaf>>,
    ) -> Result<Rewritten, Error> {
        let mut made = Rewritten::default();
        let all: Vec<(&str, Option<Leaf>)> = leaves.iter().map(|(path, leaf)| (*path, *leaf)).collect();
        if self.rewrite_dir(pack, root, "", &all, &mut made)?.is_none() {
            made.after.insert(String::new(), pack.add_tree(root, &[])?);
        }
        Ok(made)
    }

    fn rewrite_dir(
        &self,
        pack: &mut Pack,
        old: Option<ObjectId>,
        dir: &str,
        leaves: &[(&str, Option<Leaf>)],
        made: &mut Rewritten,
    ) -> Result<Option<ObjectId>, Error> {
        let mut directory = Directory::of(match old {
            Some(old) => self.tree_with(pack, old)?,
            None => Vec::new(),
        });
        let start = if dir.is_empty() { 0 } else { dir.len() + 1 };
        let mut rest = leaves;
        while let Some((path, leaf)) = rest.first() {
            let slash = path[start..].find('/').map(|at| start + at);
            let end = slash.unwrap_or(path.len());
            let name = &path[start..end];
            // All that lies below one directory stands together.
            let count = match slash {
                Some(slash) => rest.iter().take_while(|other| other.0.starts_with(&path[..=slash])).count(),
                None => 1,
            };
            let (mine, later) = rest.split_at(count);
            rest = later;
            let existing = directory.find(name.as_bytes());
            let line = if slash.is_none() {
                if existing.is_some_and(|line| !is_file(line.mode)) {
                    return Err(not_a_file(path));
                }
                leaf.map(|leaf| (leaf.mode, leaf.id))
            } else {
                if existing.is_some_and(|line| line.mode != DIRECTORY) {
                    return Err(not_a_file(&path[..end]));
                }
                let below = existing.map(|line| line.id);
                self.rewrite_dir(pack, below, &path[..end], mine, made)?.map(|id| (DIRECTORY, id))
            };
            directory.put(name.as_bytes(), line);
        }
        if let Some(old) = old {
            made.before.insert(dir.to_owned(), old);
        }
        if directory.lines.is_empty() {
            return Ok(None);
        }
        let new = pack.add_tree(old, &write(&directory.lines))?;
        made.after.insert(dir.to_owned(), new);
        Ok(Some(new))
    }

    /// The lines of a tree that may be among the new objects.
    fn tree_with(&self, pack: &Pack, tree: ObjectId) -> Result<Vec<Line>, Error> {
        let new = pack.tree(tree);
        new.map_or_else(|| self.tree(tree), |bytes| parse(bytes).ok_or_else(|| corrupt(tree)))
    }
}

fn not_a_file(path: &str) -> Error {
    Error::new(
        Kind::Damaged,
        "a link, a directory or a submodule was committed where a file belongs, or the reverse",
    )
    .hint(format!("`git log -- {path}` shows when; put the file back and commit it"))
    .place(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_sorts_as_if_it_ended_in_a_slash() {
        let line = |mode, name: &str| Line { mode, name: name.as_bytes().to_vec(), id: ObjectId::ZERO };
        let mut lines = vec![line(DIRECTORY, "a"), line(FILE, "a.b"), line(FILE, "a0"), line(FILE, "a-")];
        lines.sort_by(order);
        let names: Vec<_> =
            lines.iter().map(|line| String::from_utf8_lossy(&line.name).into_owned()).collect();
        assert_eq!(names, ["a-", "a.b", "a", "a0"]);
        assert_eq!(parse(&write(&lines)), Some(lines));
    }

    #[test]
    fn a_name_is_found_whatever_it_is_and_even_where_the_order_is_wrong() {
        let line = |mode, name: &str| Line { mode, name: name.as_bytes().to_vec(), id: ObjectId::ZERO };
        let mut lines = vec![line(FILE, "a-"), line(FILE, "a.b"), line(DIRECTORY, "a"), line(FILE, "a0")];
        for ordered in [true, false] {
            let directory = Directory::of(lines.clone());
            assert_eq!(directory.ordered, ordered);
            for wanted in &lines {
                assert_eq!(directory.find(&wanted.name), Some(wanted));
            }
            assert_eq!(directory.find(b"b"), None);
            lines.reverse();
        }
    }
}
