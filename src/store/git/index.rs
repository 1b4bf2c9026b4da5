//! Git's index, changed at a few entries and otherwise copied as it is.
//!
//! libgit2 needs 45 ms to read and write an index of 100,000 entries; this takes a fifth of it, because an entry is
//! looked at and copied, never taken apart. Versions 2, 3 and 4 are read and kept.
//!
//! What must hold for git to work right afterwards:
//! - entries are ordered by path; each has the stat data of the very file that was written, so that `git status` need
//!   not read it again, and never of a later one, or an edit would go unseen;
//! - an entry whose file changed in the same instant as the old index was written is "racily clean": git finds out by
//!   comparing the two times, which a new index would spoil. Its size is set to 0, git's own sign for "look inside";
//! - the `TREE` extension follows (see [`super::cache_tree`]); other optional extensions, which only save git time, are
//!   left out; one that must be understood (split or sparse index) is a refusal.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use sha1::{Digest, Sha1};

use crate::error::{Error, Kind};
use crate::store::id::{BlobId, ObjectId};

use super::cache_tree::Node;
use super::tree::Rewritten;

/// Bytes of an entry before its name, without the extended flags.
const FIXED: usize = 62;
const EXTENDED: u16 = 0x4000;
const STAGE: u16 = 0x3000;
const NAME_LENGTH: u16 = 0x0fff;

/// What git remembers of a working file, to know without reading it that it is unchanged. All zero: nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::store) struct Stat([u32; 9]);

impl Stat {
    /// Times and numbers are cut to 32 bits, as git does.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "git keeps the low 32 bits"
    )]
    pub(in crate::store) fn of(file: &Metadata) -> Stat {
        Stat([
            file.ctime() as u32,
            file.ctime_nsec() as u32,
            file.mtime() as u32,
            file.mtime_nsec() as u32,
            file.dev() as u32,
            file.ino() as u32,
            file.uid(),
            file.gid(),
            file.size() as u32,
        ])
    }
}

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
    /// When it was written.
    written: (u32, u32),
}

/// One entry as it lies in the file.
struct Raw<'b> {
    /// Everything before the name.
    fixed: &'b [u8],
    name: &'b [u8],
    /// All of it, padding included; of use where names are not shortened (versions 2 and 3).
    whole: &'b [u8],
}

impl Raw<'_> {
    fn id(&self) -> Option<ObjectId> {
        ObjectId::from_slice(&self.fixed[40..])
    }

    fn stage(&self) -> bool {
        u16_at(self.fixed, 60) & STAGE != 0
    }

    /// Whether the file's time is not before `written`.
    fn racy(&self, written: (u32, u32)) -> bool {
        (u32_at(self.fixed, 8), u32_at(self.fixed, 12)) >= written && u32_at(self.fixed, 36) != 0
    }
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes
        .get(at..)
        .and_then(<[u8]>::first_chunk)
        .map_or(0, |four| u32::from_be_bytes(*four))
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes
        .get(at..)
        .and_then(<[u8]>::first_chunk)
        .map_or(0, |two| u16::from_be_bytes(*two))
}

impl Index {
    /// Reads the index file; one that is absent has no entries.
    pub(in crate::store) fn read(path: &Path) -> Result<Index, Error> {
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Index {
                    bytes: Vec::new(),
                    version: 2,
                    count: 0,
                    written: (0, 0),
                });
            }
            Err(error) => return Err(error.into()),
        };
        let (version, count) = (u32_at(&bytes, 4), u32_at(&bytes, 8));
        if bytes.len() < 32 || !bytes.starts_with(b"DIRC") || !(2..=4).contains(&version) {
            return Err(malformed());
        }
        let Stat(written) = Stat::of(&fs::metadata(path)?);
        Ok(Index {
            bytes,
            version,
            count,
            written: (written[2], written[3]),
        })
    }

    /// The contents that these paths have in the index, in their order; refused while a merge is unfinished in it.
    pub(in crate::store) fn find(&self, paths: &[&str]) -> Result<Vec<Option<BlobId>>, Error> {
        let mut found = vec![None; paths.len()];
        let mut order: Vec<usize> = (0..paths.len()).collect();
        order.sort_by_key(|at| paths[*at]);
        let mut wanted = order.into_iter().peekable();
        let end = self.each(|raw| {
            if raw.stage() {
                return Err(
                    Error::new(Kind::Conflict, "a merge left files unmerged in this store")
                        .hint("settle them and `git commit`, or `git merge --abort`"),
                );
            }
            while wanted.next_if(|at| paths[*at].as_bytes() < raw.name).is_some() {}
            while let Some(at) = wanted.next_if(|at| paths[*at].as_bytes() == raw.name) {
                found[at] = raw.id();
            }
            Ok(())
        })?;
        // Where entries stand for whole directories, or are kept elsewhere, "not found" would be no answer.
        self.cache_tree(end)?;
        Ok(found)
    }

    /// The bytes of the index after a change. `trees` are those above the changed paths, before and after; `hashed`
    /// says whether it ends in its SHA-1 (else in zeros, as git does for `index.skipHash`).
    pub(in crate::store) fn changed(
        &self,
        staged: &[Staged],
        trees: &Rewritten,
        hashed: bool,
    ) -> Result<Vec<u8>, Error> {
        let mut staged: Vec<&Staged> = staged.iter().collect();
        staged.sort_by(|a, b| a.path.cmp(&b.path));
        let mut to = Writer::new(self.version, self.bytes.len());
        let mut paths: Vec<(&str, i64)> = Vec::new();
        let mut rest = staged.into_iter().peekable();
        let end = self.each(|raw| {
            while let Some(new) = rest.next_if(|new| new.path.as_bytes() < raw.name) {
                to.add(new);
                paths.push((&new.path, i64::from(new.file.is_some())));
            }
            match rest.next_if(|new| new.path.as_bytes() == raw.name) {
                None => to.copy(&raw, raw.racy(self.written)),
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
        let mut tree = self.cache_tree(end)?;
        if let Some(tree) = &mut tree
            && !paths.is_empty()
        {
            tree.follow(&paths, trees);
        }
        Ok(to.finish(tree.as_ref(), hashed))
    }

    /// Calls `each` for every entry; returns where they end.
    fn each<'i>(&'i self, mut each: impl FnMut(Raw<'_>) -> Result<(), Error>) -> Result<usize, Error> {
        let last = self.bytes.len().saturating_sub(20);
        let bytes = &self.bytes[..last];
        let mut at = 12;
        let mut name: Vec<u8> = Vec::new();
        for _ in 0..self.count {
            let length = if u16_at(bytes, at + 60) & EXTENDED == 0 {
                FIXED
            } else {
                FIXED + 2
            };
            let fixed = bytes.get(at..at + length).ok_or_else(malformed)?;
            let start = at + length;
            if self.version == 4 {
                let (cut, read) = varint(&bytes[start..]).ok_or_else(malformed)?;
                let keep = name.len().checked_sub(cut).ok_or_else(malformed)?;
                let rest = &bytes[start + read..];
                let nul = rest.iter().position(|byte| *byte == 0).ok_or_else(malformed)?;
                name.truncate(keep);
                name.extend_from_slice(&rest[..nul]);
                at = start + read + nul + 1;
                each(Raw {
                    fixed,
                    name: &name,
                    whole: &[],
                })?;
            } else {
                let said = usize::from(u16_at(fixed, 60) & NAME_LENGTH);
                let said = if said < usize::from(NAME_LENGTH) {
                    said
                } else {
                    bytes[start..]
                        .iter()
                        .position(|byte| *byte == 0)
                        .ok_or_else(malformed)?
                };
                // Padded with one to eight zeros to a multiple of eight.
                let end = at + (length + said) / 8 * 8 + 8;
                let whole: &'i [u8] = bytes.get(at..end).ok_or_else(malformed)?;
                each(Raw {
                    fixed,
                    name: &whole[length..length + said],
                    whole,
                })?;
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

/// A new index in the making.
struct Writer {
    bytes: Vec<u8>,
    version: u32,
    count: u32,
    /// The name written last; version 4 shortens the next one by what they share.
    last: Vec<u8>,
}

impl Writer {
    fn new(version: u32, like: usize) -> Writer {
        let mut bytes = Vec::with_capacity(like + 4096);
        bytes.extend_from_slice(b"DIRC\0\0\0\0\0\0\0\0");
        Writer {
            bytes,
            version,
            count: 0,
            last: Vec::new(),
        }
    }

    fn copy(&mut self, raw: &Raw<'_>, racy: bool) {
        let at = self.bytes.len();
        if self.version == 4 {
            self.bytes.extend_from_slice(raw.fixed);
            self.shortened(raw.name);
        } else {
            self.bytes.extend_from_slice(raw.whole);
        }
        if racy {
            self.bytes[at + 36..at + 40].fill(0);
        }
        self.count += 1;
    }

    fn add(&mut self, new: &Staged) {
        let Some((mode, id, Stat(stat))) = new.file else {
            return;
        };
        let at = self.bytes.len();
        let [ctime, ctime_ns, mtime, mtime_ns, dev, ino, uid, gid, size] = stat;
        for number in [ctime, ctime_ns, mtime, mtime_ns, dev, ino, mode, uid, gid, size] {
            self.bytes.extend_from_slice(&number.to_be_bytes());
        }
        self.bytes.extend_from_slice(id.as_bytes());
        let name = new.path.as_bytes();
        let length = u16::try_from(name.len()).unwrap_or(NAME_LENGTH).min(NAME_LENGTH);
        self.bytes.extend_from_slice(&length.to_be_bytes());
        if self.version == 4 {
            self.shortened(name);
        } else {
            self.bytes.extend_from_slice(name);
            let end = at + (FIXED + name.len()) / 8 * 8 + 8;
            self.bytes.resize(end, 0);
        }
        self.count += 1;
    }

    fn shortened(&mut self, name: &[u8]) {
        let shared = self.last.iter().zip(name).take_while(|(a, b)| a == b).count();
        write_varint(self.last.len() - shared, &mut self.bytes);
        self.bytes.extend_from_slice(&name[shared..]);
        self.bytes.push(0);
        self.last.truncate(shared);
        self.last.extend_from_slice(&name[shared..]);
    }

    fn finish(mut self, tree: Option<&Node>, hashed: bool) -> Vec<u8> {
        self.bytes[4..8].copy_from_slice(&self.version.to_be_bytes());
        self.bytes[8..12].copy_from_slice(&self.count.to_be_bytes());
        if let Some(tree) = tree {
            let mut content = Vec::new();
            tree.write(&mut content);
            self.bytes.extend_from_slice(b"TREE");
            self.bytes
                .extend_from_slice(&u32::try_from(content.len()).unwrap_or(0).to_be_bytes());
            self.bytes.extend_from_slice(&content);
        }
        let end: [u8; 20] = if hashed {
            Sha1::digest(&self.bytes).into()
        } else {
            [0; 20]
        };
        self.bytes.extend_from_slice(&end);
        self.bytes
    }
}

/// Git's number of varying length: seven bits a byte, high ones first, each further byte counting from one more.
fn varint(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut value = 0_usize;
    for (at, byte) in bytes.iter().enumerate().take(4) {
        value = (value << 7) | usize::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((value, at + 1));
        }
        value += 1;
    }
    None
}

fn write_varint(mut value: usize, to: &mut Vec<u8>) {
    let start = to.len();
    let low = |value: usize| u8::try_from(value & 0x7f).unwrap_or(0);
    to.push(low(value));
    while value > 0x7f {
        value = (value >> 7) - 1;
        to.insert(start, low(value) | 0x80);
    }
}

fn malformed() -> Error {
    Error::new(Kind::System, "git's index cannot be read")
        .hint("`git status` says more; if it fails too, remove .git/index and run `git reset`")
}

fn foreign(what: &str, hint: &str) -> Error {
    Error::new(
        Kind::System,
        format!("this store has a {what} index, which is not supported"),
    )
    .hint(format!("`{hint}`"))
}

#[cfg(test)]
#[path = "index_tests.rs"]
mod tests;
