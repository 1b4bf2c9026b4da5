//! What a walk through directories may meet. Git packs a directory of a million equal lines into a few kilobytes, and a
//! dozen directories that hold each other several times into a tree that no program comes to the end of.
//!
//! So the folders of a store have a fixed depth; no directory stands in them twice (its files name their case, so no two
//! are alike); one content stands in few files; and there are not endlessly many.

use std::collections::HashMap;
use std::collections::HashSet;

use git2::ObjectType;

use crate::error::{Error, Kind};
use crate::store::id::{BlobId, ObjectId};
use crate::store::layout::{LARGEST, check_path};

use super::Repo;
use super::tree::{DIRECTORY, Line, is_file};

/// The largest directory, in bytes: one of more than 100,000 files.
const LARGEST_TREE: u64 = 8 << 20;
/// The largest commit, in bytes: one that names 100,000 actions.
const LARGEST_COMMIT: u64 = 16 << 20;
/// The largest commit but for the lines that name its actions.
const LARGEST_BESIDES: usize = 64 << 10;
/// Begins a line that names an action.
const ACTION: &[u8] = b"Change: ";
/// The most files below a folder of the store, and the most files and directories of a commit.
const MOST: usize = 1 << 20;
/// The most files of a folder that may have the same content. Equal files come from copying by hand.
const MOST_ALIKE: u8 = 64;
/// Directories lie at most so deep outside the folders of the store.
const DEEPEST: usize = 64;

/// How deep directories lie below a folder of the store: `cases/2026/7/KP-26-7K3QF4.yaml` has two.
fn depth(folder: &str) -> usize {
    match folder {
        "cases" => 2,
        "letters" | "documents" => 3,
        "applied" => 1,
        _ => 0,
    }
}

/// The most bytes that an object of this kind may have.
pub(super) fn most_bytes(kind: ObjectType) -> u64 {
    match kind {
        ObjectType::Tree => LARGEST_TREE,
        ObjectType::Commit => LARGEST_COMMIT,
        _ => LARGEST,
    }
}

/// Whether the bytes of an object are not too many for its kind; a commit may be large only by naming its actions.
pub(super) fn is_modest(kind: ObjectType, bytes: &[u8]) -> bool {
    if kind != ObjectType::Commit || bytes.len() <= LARGEST_BESIDES {
        return true;
    }
    let besides = bytes.split_inclusive(|byte| *byte == b'\n').filter(|line| !line.starts_with(ACTION));
    besides.map(<[u8]>::len).sum::<usize>() <= LARGEST_BESIDES
}

/// An object that is too large to be read.
pub(super) fn too_large(id: ObjectId, kind: ObjectType) -> Error {
    let what = match kind {
        ObjectType::Tree => "a directory larger than 8 MiB",
        _ => "a commit larger than 16 MiB, or than 64 KiB without the lines that name its actions",
    };
    Error::new(Kind::Damaged, format!("object {id} of the history is {what}"))
        .hint("no csods made it: do not use this copy, and compare it with another copy of the store")
}

/// A walk through one folder.
pub(super) struct Walk {
    depth: usize,
    trees: HashSet<ObjectId>,
    contents: HashMap<BlobId, u8>,
    files: usize,
}

/// What a line of a directory is.
pub(super) enum Met {
    /// A directory to go into, with its path.
    Directory(String),
    /// A file, with its path.
    File(String),
    /// A file that tells git something, such as `.gitattributes`, with its path.
    ForGit(String),
}

/// Whether a file of this name tells git something, wherever it lies.
fn is_for_git(name: &str) -> bool {
    matches!(name, ".gitattributes" | ".gitignore" | ".gitkeep")
}

impl Walk {
    pub(super) fn through(folder: &str) -> Walk {
        Walk { depth: depth(folder), trees: HashSet::new(), contents: HashMap::new(), files: 0 }
    }

    /// Meets a line of the directory at `dir`, which lies `below` directories below the folder. An error names what does
    /// not belong there.
    pub(super) fn meet(&mut self, dir: &str, below: usize, line: &Line) -> Result<Met, Error> {
        let Ok(name) = std::str::from_utf8(&line.name) else { return Err(foreign(dir)) };
        let path = format!("{dir}/{name}");
        if is_file(line.mode) && is_for_git(name) {
            self.files += 1;
            return Ok(Met::ForGit(path));
        }
        if check_path(&path).is_err() {
            return Err(foreign(dir).place(path));
        }
        if line.mode == DIRECTORY && below < self.depth {
            return match self.trees.insert(line.id) {
                true => Ok(Met::Directory(path)),
                false => Err(again(&path)),
            };
        }
        if !is_file(line.mode) {
            return Err(foreign(&path));
        }
        let alike = self.contents.entry(line.id).or_default();
        if *alike == MOST_ALIKE {
            return Err(again(&path));
        }
        *alike += 1;
        self.files += 1;
        Ok(Met::File(path))
    }

    /// An error where there are so many files that no more are looked at.
    pub(super) fn goes_on(&self, dir: &str) -> Result<(), Error> {
        if self.files < MOST { Ok(()) } else { Err(too_many(dir)) }
    }
}

impl Repo {
    /// Refuses a tree in which libgit2 would not come to an end. Each directory is read once, however often it stands
    /// there.
    pub(super) fn check_size(&self, root: ObjectId) -> Result<(), Error> {
        let mut counted = HashMap::new();
        match self.count(root, 0, &mut counted)? {
            0..=MOST => Ok(()),
            _ => Err(too_many("the store")),
        }
    }

    /// How many files and directories lie below a tree.
    fn count(
        &self,
        tree: ObjectId,
        deep: usize,
        counted: &mut HashMap<ObjectId, usize>,
    ) -> Result<usize, Error> {
        if let Some(count) = counted.get(&tree) {
            return Ok(*count);
        }
        if deep > DEEPEST {
            return Err(Error::new(
                Kind::Damaged,
                "directories of the store lie more than 64 deep in each other",
            )
            .hint("`git log --stat` shows what was committed; remove it and commit that"));
        }
        let mut count = 0_usize;
        for line in self.tree(tree)? {
            let below = if line.mode == DIRECTORY { self.count(line.id, deep + 1, counted)? } else { 0 };
            count = count.saturating_add(1).saturating_add(below);
        }
        counted.insert(tree, count);
        Ok(count)
    }
}

fn too_many(dir: &str) -> Error {
    Error::new(Kind::Damaged, format!("more than {MOST} files were committed below {dir}"))
        .hint("no office has so many: do not use this copy, and compare it with another copy of the store")
}

fn again(path: &str) -> Error {
    Error::new(Kind::Damaged, "the same was committed here as in many other places")
        .hint(format!("`git log -- {path}` shows when; remove it and commit that"))
        .place(path)
}

/// What no store holds.
pub(super) fn foreign(path: &str) -> Error {
    Error::new(Kind::Damaged, "something was committed here that is no plain file of a store")
        .hint(format!("`git log -- {path}` shows when; remove it and commit that"))
        .place(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_is_large_only_by_its_actions() {
        let commit = |besides: usize, actions: usize| {
            let mut bytes = vec![b'x'; besides];
            bytes.push(b'\n');
            bytes.extend(b"Change: KP-26-7K3QF4 note 4h2m\n".repeat(actions));
            bytes
        };
        assert!(is_modest(ObjectType::Commit, &commit(60 << 10, 100_000)));
        assert!(!is_modest(ObjectType::Commit, &commit(65 << 10, 1)));
        assert!(is_modest(ObjectType::Tree, &commit(65 << 10, 1)));
        let (one, many) = (commit(0, 1), b"parent 0123456789012345678901234567890123456789\n".repeat(2000));
        assert!(!is_modest(ObjectType::Commit, &[many, one].concat()));
    }
}
