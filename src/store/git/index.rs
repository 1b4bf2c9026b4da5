//! Git's index, changed at a few entries and otherwise copied as it is.
//!
//! An entry is looked at and copied, never taken apart. Versions 2, 3 and 4 are read and kept.
//!
//! Measured at 100,000 entries (10.3 MB): SHA-1 6.7 ms, writing the file and renaming it 13 ms; a whole change 52 ms
//! where `git add` and `git commit` took 344. `index.skipHash` would save the SHA-1, but git before 2.40 then calls the
//! index corrupt in `git fsck`: it is honoured, not set. Version 4 makes the file a quarter smaller (7.7 MB) and costs
//! work for every name: kept where a person chose it.
//!
//! What must hold for git to work right afterwards:
//! - entries are ordered by path; each has the stat data of the very file that was written, so that `git status` need
//!   not read it again, and never of a later one, or an edit would go unseen;
//! - an entry whose file changed in the same second as the old index was written, or later, is "racily clean": git finds
//!   out by comparing the two times, which a new index would spoil. The file is read and compared ([`Unchanged`]), or
//!   its size set to 0, git's own sign for "look inside". (Seconds, because not every git compares nanoseconds.)
//! - the `TREE` extension follows (see [`super::cache_tree`]); other optional extensions, which only save git time, are
//!   left out; one that must be understood (split or sparse index) is a refusal.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};

use sha1::{Digest, Sha1};

use crate::error::{Error, Kind};
use crate::store::id::{BlobId, ObjectId};

pub(in crate::store) use super::index_stat::{Stat, Unchanged};
pub(in crate::store) use super::index_writer::Laid;

use super::cache_tree::Node;
use super::index_stat::MTIME;
use super::index_writer::{Writer, varint};
use super::tree::{Leaf, Rewritten};

/// Bytes of an entry before its name, without the extended flags.
pub(super) const FIXED: usize = 62;
const EXTENDED: u16 = 0x4000;
const STAGE: u16 = 0x3000;
pub(super) const NAME_LENGTH: u16 = 0x0fff;

/// An entry as a change leaves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) struct Staged {
    pub(in crate::store) path: String,
    /// `None`: the entry goes.
    pub(in crate::store) file: Option<(u32, BlobId, Stat)>,
}

/// The index as it was read.
pub(in crate::store) struct Index {
    bytes: Vec<u8>,
    version: u32,
    count: u32,
    /// The second in which it was written.
    written: u32,
    /// Of the paths that were looked for, those that it holds.
    held: HashSet<String>,
    checksum: Checksum,
    /// What its `TREE` extension would say, where that is known better; else what it says, once paths were looked for.
    tree: Tree,
}

/// Whether the checksum at the end is that of what stands before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Checksum {
    Right,
    /// Zeros, as git writes them for `index.skipHash`, and a power cut for anything.
    Zeros,
    /// Another, or there is no index.
    Wrong,
}

/// What is known of an index's `TREE` extension.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Tree {
    Unread,
    Read(Option<Node>),
    Known(Node),
}

/// One entry as it lies in the file.
pub(super) struct Raw<'b> {
    /// Everything before the name.
    pub(super) fixed: &'b [u8],
    pub(super) name: &'b [u8],
    /// All of it, padding included; of use where names are not shortened (versions 2 and 3).
    pub(super) whole: &'b [u8],
    /// Where it begins.
    pub(super) at: usize,
}

impl Raw<'_> {
    pub(super) fn id(&self) -> Option<ObjectId> {
        ObjectId::from_slice(&self.fixed[40..])
    }

    fn stage(&self) -> bool {
        u16_at(self.fixed, 60) & STAGE != 0
    }

    /// The second of the last change to the content, as git remembers it.
    pub(super) fn mtime(&self) -> u32 {
        u32_at(self.fixed, 8)
    }

    /// What git remembers of the file.
    pub(super) fn stat(&self) -> Stat {
        let number = |at: usize| u32_at(self.fixed, at);
        Stat([0, 4, 8, 12, 16, 20, 28, 32, 36].map(number))
    }
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |four| u32::from_be_bytes(*four))
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |two| u16::from_be_bytes(*two))
}

/// An index that another thread reads ahead, while the change to it is still being worked out.
pub(in crate::store) struct ReadAhead {
    path: PathBuf,
    /// `None` where no thread can be started: then it is read when it is needed.
    reading: Option<JoinHandle<Option<(Stat, Index)>>>,
}

impl ReadAhead {
    /// Begins to read.
    pub(in crate::store) fn begin(path: PathBuf) -> ReadAhead {
        let from = path.clone();
        let read = move || Some((Stat::of(&fs::metadata(&from).ok()?), Index::read(&from).ok()?));
        ReadAhead { path, reading: thread::Builder::new().spawn(read).ok() }
    }

    /// The index as it is now: read once more where the file is no longer the one that was read.
    pub(in crate::store) fn finish(self) -> Result<Index, Error> {
        let now = fs::metadata(&self.path).ok().map(|found| Stat::of(&found));
        let read = self.reading.and_then(|reading| reading.join().ok().flatten());
        match (read, now) {
            (Some((read, index)), Some(now)) if read == now => Ok(index),
            _ => Index::read(&self.path),
        }
    }
}

impl Index {
    /// Reads the index file; one that is absent, or is no index, has no entries.
    pub(in crate::store) fn read(path: &Path) -> Result<Index, Error> {
        match fs::read(path) {
            Ok(bytes) => {
                let Stat(written) = Stat::of(&fs::metadata(path)?);
                Ok(Index::of_bytes(bytes, written[MTIME]))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Index::of_bytes(Vec::new(), 0)),
            Err(error) => Err(error.into()),
        }
    }

    fn of_bytes(bytes: Vec<u8>, written: u32) -> Index {
        let (version, count) = (u32_at(&bytes, 4), u32_at(&bytes, 8));
        let held = HashSet::new();
        if bytes.len() < 32 || !bytes.starts_with(b"DIRC") || !(2..=4).contains(&version) {
            let (bytes, checksum, tree) = (Vec::new(), Checksum::Wrong, Tree::Unread);
            return Index { bytes, version: 2, count: 0, written: 0, held, checksum, tree };
        }
        let (content, end) = bytes.split_at(bytes.len() - 20);
        let checksum = if end == [0; 20] {
            Checksum::Zeros
        } else if end == Sha1::digest(content).as_slice() {
            Checksum::Right
        } else {
            Checksum::Wrong
        };
        Index { bytes, version, count, written, held, checksum, tree: Tree::Unread }
    }

    /// An index of bytes that were made just now.
    pub(super) fn again(bytes: Vec<u8>) -> Index {
        Index::of_bytes(bytes, 0)
    }

    /// The same, of which all trees are known.
    pub(super) fn known(bytes: Vec<u8>, tree: Node) -> Index {
        Index { tree: Tree::Known(tree), ..Index::again(bytes) }
    }

    /// Whether nothing of it can be believed. `unhashed` says whether git was told to write no checksums here.
    pub(super) fn is_lost(&self, unhashed: impl Fn() -> bool) -> Result<bool, Error> {
        match self.checksum {
            Checksum::Right => Ok(false),
            Checksum::Wrong => Ok(true),
            Checksum::Zeros if !unhashed() => Ok(true),
            // The order of its names is all that it proves itself by.
            Checksum::Zeros => {
                let (mut last, mut ordered) = (Vec::new(), true);
                let read = self.each(|raw| {
                    ordered &= raw.stage() || last.as_slice() < raw.name;
                    last = raw.name.to_vec();
                    Ok(())
                });
                Ok(read.is_err() || !ordered)
            }
        }
    }

    /// The tree that all of its entries are, where that is known; asked after [`Index::find`].
    pub(super) fn root(&self) -> Option<ObjectId> {
        self.node().as_ref().and_then(Node::is)
    }

    /// What is known of its trees.
    pub(super) fn node(&self) -> Option<Node> {
        match &self.tree {
            Tree::Unread | Tree::Read(None) => None,
            Tree::Read(Some(node)) | Tree::Known(node) => Some(node.clone()),
        }
    }

    /// Calls `each` for the name, mode and content of every entry.
    pub(super) fn each_leaf(&self, mut each: impl FnMut(&[u8], Leaf)) -> Result<(), Error> {
        self.each(|raw| {
            let mode = u32_at(raw.fixed, 24);
            each(raw.name, Leaf { mode, id: raw.id().ok_or_else(malformed)? });
            Ok(())
        })?;
        Ok(())
    }

    /// The contents that these paths have in the index, in their order; refused while a merge is unfinished in it.
    pub(in crate::store) fn find(&mut self, paths: &[&str]) -> Result<Vec<Option<BlobId>>, Error> {
        let mut found = vec![None; paths.len()];
        let mut order: Vec<usize> = (0..paths.len()).collect();
        order.sort_by_key(|at| paths[*at]);
        let mut wanted = order.into_iter().peekable();
        let end = self.each(|raw| {
            if raw.stage() {
                return Err(Error::new(Kind::Conflict, "a merge left files unmerged in this store")
                    .hint("settle them and `git commit`, or `git merge --abort`"));
            }
            while wanted.next_if(|at| paths[*at].as_bytes() < raw.name).is_some() {}
            while let Some(at) = wanted.next_if(|at| paths[*at].as_bytes() == raw.name) {
                found[at] = raw.id();
            }
            Ok(())
        })?;
        // Where entries stand for whole directories, or are kept elsewhere, "not found" would be no answer.
        if !matches!(self.tree, Tree::Known(_)) {
            self.tree = Tree::Read(self.cache_tree(end)?);
        }
        let held = paths.iter().zip(&found).filter(|(_, found)| found.is_some());
        self.held = held.map(|(path, _)| (*path).to_owned()).collect();
        Ok(found)
    }

    /// The index after a change of paths that were looked for by [`Index::find`]. `trees` are those above the changed
    /// paths, before and after; `hashed` says whether it ends in its SHA-1 (else in zeros, as git does for
    /// `index.skipHash`).
    pub(in crate::store) fn lay_out(
        &self,
        staged: &[Staged],
        trees: &Rewritten,
        unchanged: &Unchanged<'_>,
        hashed: bool,
    ) -> Result<Laid<'_>, Error> {
        let mut staged: Vec<&Staged> = staged.iter().collect();
        staged.sort_by(|a, b| a.path.cmp(&b.path));
        let (mut come, mut go) = (0, 0);
        for new in &staged {
            match (self.held.contains(&new.path), new.file.is_some()) {
                (false, true) => come += 1,
                (true, false) => go += 1,
                _ => (),
            }
        }
        let mut to = Writer::new(&self.bytes, self.version, self.count + come - go);
        let mut paths: Vec<(&str, i64)> = Vec::new();
        let mut rest = staged.into_iter().peekable();
        let end = self.each(|raw| {
            while let Some(new) = rest.next_if(|new| new.path.as_bytes() < raw.name) {
                to.add(new);
                paths.push((&new.path, i64::from(new.file.is_some())));
            }
            match rest.next_if(|new| new.path.as_bytes() == raw.name) {
                None => {
                    let racy = raw.mtime() >= self.written;
                    to.copy(&raw, racy && !unchanged.is(&raw));
                }
                Some(new) => {
                    to.add(new);
                    match new.file {
                        None => paths.push((&new.path, -1)),
                        Some((mode, id, _)) if raw.id() != Some(id) || u32_at(raw.fixed, 24) != mode => {
                            paths.push((&new.path, 0));
                        }
                        // Only what git remembers of the working file changed.
                        Some(_) => (),
                    }
                }
            }
            Ok(())
        })?;
        for new in rest {
            to.add(new);
            paths.push((&new.path, i64::from(new.file.is_some())));
        }
        let mut tree = match &self.tree {
            Tree::Unread => self.cache_tree(end)?,
            _ => self.node(),
        };
        if let Some(tree) = &mut tree
            && !paths.is_empty()
        {
            tree.follow(&paths, trees);
        }
        Ok(to.finish(tree.as_ref(), hashed)?)
    }

    /// Calls `each` for every entry; returns where they end.
    fn each<'i>(&'i self, mut each: impl FnMut(Raw<'_>) -> Result<(), Error>) -> Result<usize, Error> {
        let last = self.bytes.len().saturating_sub(20);
        let bytes = &self.bytes[..last];
        let mut at = 12;
        let mut name: Vec<u8> = Vec::new();
        for _ in 0..self.count {
            let length = if u16_at(bytes, at + 60) & EXTENDED == 0 { FIXED } else { FIXED + 2 };
            let fixed = bytes.get(at..at + length).ok_or_else(malformed)?;
            let start = at + length;
            if self.version == 4 {
                let (cut, read) = varint(&bytes[start..]).ok_or_else(malformed)?;
                let keep = name.len().checked_sub(cut).ok_or_else(malformed)?;
                let rest = &bytes[start + read..];
                let nul = rest.iter().position(|byte| *byte == 0).ok_or_else(malformed)?;
                name.truncate(keep);
                name.extend_from_slice(&rest[..nul]);
                let begin = std::mem::replace(&mut at, start + read + nul + 1);
                each(Raw { fixed, name: &name, whole: &[], at: begin })?;
            } else {
                let said = usize::from(u16_at(fixed, 60) & NAME_LENGTH);
                let said = if said < usize::from(NAME_LENGTH) {
                    said
                } else {
                    bytes[start..].iter().position(|byte| *byte == 0).ok_or_else(malformed)?
                };
                // Padded with one to eight zeros to a multiple of eight.
                let end = at + (length + said) / 8 * 8 + 8;
                let whole: &'i [u8] = bytes.get(at..end).ok_or_else(malformed)?;
                each(Raw { fixed, name: &whole[length..length + said], whole, at })?;
                at = end;
            }
        }
        if self.bytes.is_empty() { Ok(0) } else { Ok(at) }
    }

    /// The `TREE` extension among those that begin at `at`.
    fn cache_tree(&self, mut at: usize) -> Result<Option<Node>, Error> {
        let Some(last) = self.bytes.len().checked_sub(20) else {
            return Ok(Some(Node::empty()));
        };
        let bytes = &self.bytes[..last];
        let mut tree = None;
        while at < bytes.len() {
            let size = u32_at(bytes, at + 4) as usize;
            let content = bytes.get(at + 8..at + 8 + size).ok_or_else(malformed)?;
            match &bytes[at..at + 4] {
                b"TREE" => tree = Node::read(content),
                b"link" => return Err(foreign("split", "git update-index --no-split-index")),
                b"sdir" => return Err(foreign("sparse", "git sparse-checkout disable")),
                // A capital letter: one that may be left out.
                [b'A'..=b'Z', ..] => (),
                _ => return Err(malformed()),
            }
            at += 8 + size;
        }
        Ok(tree)
    }
}

fn malformed() -> Error {
    Error::new(Kind::System, "git's index cannot be read")
        .hint("`git status` says more; if it fails too, remove .git/index: the next change makes it again")
}

fn foreign(what: &str, hint: &str) -> Error {
    Error::new(Kind::System, format!("this store has a {what} index, which is not supported"))
        .hint(format!("`{hint}`"))
}

#[cfg(test)]
#[path = "index_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "../../../tests/fuzz/git_index.rs"]
mod fuzz;
