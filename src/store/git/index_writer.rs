//! Writing an index: header, entries, the `TREE` extension, the hash.

use std::io;

use sha1::{Digest, Sha1};

use crate::store::id::ObjectId;

use super::cache_tree::Node;
use super::index::{FIXED, NAME_LENGTH, Raw, Staged, Stat};

/// Bytes of an entry before the id of its content.
const REMEMBERED: usize = 40;
/// Bytes of the hash at the end.
const HASH: usize = 20;

/// A new index in the making.
pub(super) struct Writer {
    bytes: Vec<u8>,
    /// Where the entries begin that a change wrote.
    places: Vec<usize>,
    version: u32,
    /// How many entries the header has announced and are still to come.
    left: i64,
    /// The name written last; version 4 shortens the next one by what they share.
    last: Vec<u8>,
}

impl Writer {
    /// Begins an index of `count` entries, which will have about so many bytes.
    pub(super) fn new(version: u32, count: u32, about: usize) -> Writer {
        let mut bytes = Vec::with_capacity(about);
        bytes.extend_from_slice(b"DIRC");
        bytes.extend_from_slice(&version.to_be_bytes());
        bytes.extend_from_slice(&count.to_be_bytes());
        Writer { bytes, places: Vec::new(), version, left: count.into(), last: Vec::new() }
    }

    pub(super) fn copy(&mut self, raw: &Raw<'_>, racy: bool) {
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
        self.left -= 1;
    }

    pub(super) fn add(&mut self, new: &Staged) {
        if let Some((mode, id, stat)) = new.file {
            self.places.push(self.bytes.len());
            self.entry(new.path.as_bytes(), mode, id, stat);
        }
    }

    /// Writes an entry.
    pub(super) fn entry(&mut self, name: &[u8], mode: u32, id: ObjectId, stat: Stat) {
        let at = self.bytes.len();
        self.bytes.extend_from_slice(&remembered(mode, stat));
        self.bytes.extend_from_slice(id.as_bytes());
        let length = u16::try_from(name.len()).unwrap_or(NAME_LENGTH).min(NAME_LENGTH);
        self.bytes.extend_from_slice(&length.to_be_bytes());
        if self.version == 4 {
            self.shortened(name);
        } else {
            self.bytes.extend_from_slice(name);
            let end = at + (FIXED + name.len()) / 8 * 8 + 8;
            self.bytes.resize(end, 0);
        }
        self.left -= 1;
    }

    fn shortened(&mut self, name: &[u8]) {
        let shared = self.last.iter().zip(name).take_while(|(a, b)| a == b).count();
        write_varint(self.last.len() - shared, &mut self.bytes);
        self.bytes.extend_from_slice(&name[shared..]);
        self.bytes.push(0);
        self.last.truncate(shared);
        self.last.extend_from_slice(&name[shared..]);
    }

    /// Ends the index, with its hash or, unless `hashed`, zeros. An error where it does not hold as many entries as was
    /// said.
    pub(super) fn finish(mut self, tree: Option<&Node>, hashed: bool) -> io::Result<Laid> {
        if self.left != 0 {
            return Err(io::Error::other("the index was counted wrongly"));
        }
        if let Some(tree) = tree {
            let mut content = Vec::new();
            tree.write(&mut content);
            self.bytes.extend_from_slice(b"TREE");
            self.bytes.extend_from_slice(&u32::try_from(content.len()).unwrap_or(0).to_be_bytes());
            self.bytes.extend_from_slice(&content);
        }
        let first = self.places.first().copied().unwrap_or(self.bytes.len());
        let hash = hashed.then(|| Sha1::new_with_prefix(&self.bytes[..first]));
        self.bytes.extend_from_slice(&[0; HASH]);
        Ok(Laid { bytes: self.bytes, places: self.places, first, hash })
    }
}

/// A new index that lacks two things: what git is to remember of the files that the change puts in place, because they
/// are not there yet, and the hash at its end. All else is made while the disk is waited for.
pub(in crate::store) struct Laid {
    bytes: Vec<u8>,
    /// Where the entries of those files begin.
    places: Vec<usize>,
    /// The first of them.
    first: usize,
    /// The hash of all bytes before the first.
    hash: Option<Sha1>,
}

impl Laid {
    /// The bytes so far. None of them moves.
    pub(in crate::store) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What completes it, from the same entries with what git is to remember of their files: the bytes that take the
    /// place of those at an offset.
    pub(in crate::store) fn rest(&self, staged: &[Staged]) -> Vec<(usize, Vec<u8>)> {
        let mut files: Vec<_> = staged.iter().filter_map(|new| Some((&new.path, new.file?))).collect();
        files.sort_unstable_by_key(|(path, _)| *path);
        let known = files.into_iter().map(|(_, (mode, _, stat))| remembered(mode, stat).to_vec());
        let mut rest: Vec<(usize, Vec<u8>)> = self.places.iter().copied().zip(known).collect();
        if let Some(mut hash) = self.hash.clone() {
            let end = self.bytes.len() - HASH;
            let mut hashed = self.first;
            for (at, bytes) in &rest {
                hash.update(&self.bytes[hashed..*at]);
                hash.update(bytes);
                hashed = at + bytes.len();
            }
            hash.update(&self.bytes[hashed..end]);
            rest.push((end, hash.finalize().to_vec()));
        }
        rest
    }

    /// The whole of it, where what is remembered of the files was known before.
    pub(super) fn whole(mut self, staged: &[Staged]) -> Vec<u8> {
        for (at, bytes) in self.rest(staged) {
            self.bytes[at..at + bytes.len()].copy_from_slice(&bytes);
        }
        self.bytes
    }
}

/// What an entry begins with.
fn remembered(mode: u32, Stat(stat): Stat) -> [u8; REMEMBERED] {
    let [ctime, ctime_ns, mtime, mtime_ns, dev, ino, uid, gid, size] = stat;
    let mut bytes = [0; REMEMBERED];
    let numbers = [ctime, ctime_ns, mtime, mtime_ns, dev, ino, mode, uid, gid, size];
    for (four, number) in bytes.chunks_exact_mut(4).zip(numbers) {
        four.copy_from_slice(&number.to_be_bytes());
    }
    bytes
}

/// Git's number of varying length: seven bits a byte, high ones first, each further byte counting from one more.
pub(super) fn varint(bytes: &[u8]) -> Option<(usize, usize)> {
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

pub(super) fn write_varint(mut value: usize, to: &mut Vec<u8>) {
    let start = to.len();
    let low = |value: usize| u8::try_from(value & 0x7f).unwrap_or(0);
    to.push(low(value));
    while value > 0x7f {
        value = (value >> 7) - 1;
        to.insert(start, low(value) | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_varying_length_are_gits() {
        for value in [0, 1, 127, 128, 16_383, 16_511, 16_512, 40_000] {
            let mut bytes = Vec::new();
            write_varint(value, &mut bytes);
            assert_eq!(varint(&bytes), Some((value, bytes.len())));
        }
        assert_eq!(varint(&[0x80, 0]), Some((128, 2)));
    }
}
