//! Writing an index: header, entries, the `TREE` extension, the hash.

use std::io::{self, BufWriter, Write};
use std::ops::Range;

use sha1::{Digest, Sha1};

use crate::store::id::ObjectId;

use super::cache_tree::Node;
use super::index::{FIXED, NAME_LENGTH, Raw, Staged, Stat};

/// Bytes of an entry before the id of its content.
const REMEMBERED: usize = 40;
/// Bytes of the hash at the end.
const HASH: usize = 20;
/// Small parts are written so many bytes at a time.
const PIECE: usize = 1 << 16;

/// A stretch of a new index.
enum Part {
    /// As it lies in the old one.
    Old(Range<usize>),
    New(Vec<u8>),
    /// The entry of a file that the change puts in place.
    Entry(Vec<u8>),
}

/// A new index in the making. Of the old one nothing is copied that can stay where it is.
pub(super) struct Writer<'i> {
    old: &'i [u8],
    parts: Vec<Part>,
    version: u32,
    /// How many entries the header has announced and are still to come.
    left: i64,
    /// The name written last; version 4 shortens the next one by what they share.
    last: Vec<u8>,
}

impl<'i> Writer<'i> {
    /// Begins an index of `count` entries, which takes parts of `old`.
    pub(super) fn new(old: &'i [u8], version: u32, count: u32) -> Writer<'i> {
        let head = [b"DIRC".as_slice(), &version.to_be_bytes(), &count.to_be_bytes()].concat();
        Writer { old, parts: vec![Part::New(head)], version, left: count.into(), last: Vec::new() }
    }

    /// Takes over an entry. `racy`: git must look into the file.
    pub(super) fn copy(&mut self, raw: &Raw<'_>, racy: bool) {
        self.left -= 1;
        if self.version != 4 && !racy {
            let end = raw.at + raw.whole.len();
            match self.parts.last_mut() {
                Some(Part::Old(part)) if part.end == raw.at => part.end = end,
                _ => self.parts.push(Part::Old(raw.at..end)),
            }
            return;
        }
        let mut entry = Vec::with_capacity(FIXED + raw.name.len());
        if self.version == 4 {
            entry.extend_from_slice(raw.fixed);
            self.shortened(raw.name, &mut entry);
        } else {
            entry.extend_from_slice(raw.whole);
        }
        if racy {
            entry[36..REMEMBERED].fill(0);
        }
        self.put(&entry);
    }

    pub(super) fn add(&mut self, new: &Staged) {
        if let Some((mode, id, stat)) = new.file {
            let entry = self.written(new.path.as_bytes(), mode, id, stat);
            self.parts.push(Part::Entry(entry));
        }
    }

    /// Writes an entry.
    pub(super) fn entry(&mut self, name: &[u8], mode: u32, id: ObjectId, stat: Stat) {
        let entry = self.written(name, mode, id, stat);
        self.put(&entry);
    }

    fn put(&mut self, bytes: &[u8]) {
        match self.parts.last_mut() {
            Some(Part::New(part)) => part.extend_from_slice(bytes),
            _ => self.parts.push(Part::New(bytes.to_vec())),
        }
    }

    fn written(&mut self, name: &[u8], mode: u32, id: ObjectId, stat: Stat) -> Vec<u8> {
        let mut entry = Vec::with_capacity(FIXED + name.len() + 8);
        entry.extend_from_slice(&remembered(mode, stat));
        entry.extend_from_slice(id.as_bytes());
        let length = u16::try_from(name.len()).unwrap_or(NAME_LENGTH).min(NAME_LENGTH);
        entry.extend_from_slice(&length.to_be_bytes());
        if self.version == 4 {
            self.shortened(name, &mut entry);
        } else {
            entry.extend_from_slice(name);
            entry.resize((FIXED + name.len()) / 8 * 8 + 8, 0);
        }
        self.left -= 1;
        entry
    }

    fn shortened(&mut self, name: &[u8], to: &mut Vec<u8>) {
        let shared = self.last.iter().zip(name).take_while(|(a, b)| a == b).count();
        write_varint(self.last.len() - shared, to);
        to.extend_from_slice(&name[shared..]);
        to.push(0);
        self.last.truncate(shared);
        self.last.extend_from_slice(&name[shared..]);
    }

    /// Ends the index, with its hash or, unless `hashed`, zeros. An error where it does not hold as many entries as was
    /// said.
    pub(super) fn finish(mut self, tree: Option<&Node>, hashed: bool) -> io::Result<Laid<'i>> {
        if self.left != 0 {
            return Err(io::Error::other("the index was counted wrongly"));
        }
        if let Some(tree) = tree {
            let mut content = Vec::new();
            tree.write(&mut content);
            let length = u32::try_from(content.len()).unwrap_or(0).to_be_bytes();
            self.put(&[b"TREE".as_slice(), &length, &content].concat());
        }
        let (old, parts) = (self.old, self.parts);
        let first = parts.iter().position(|part| matches!(part, Part::Entry(_))).unwrap_or(parts.len());
        let mut laid = Laid { old, parts, first, hash: None };
        if hashed {
            let mut hash = Sha1::new();
            laid.parts[..first].iter().for_each(|part| hash.update(laid.bytes(part)));
            laid.hash = Some(hash);
        }
        Ok(laid)
    }
}

/// A new index that lacks two things: what git is to remember of the files that the change puts in place, because they
/// are not there yet, and the hash at its end. All else is made while the disk is waited for.
pub(in crate::store) struct Laid<'i> {
    old: &'i [u8],
    parts: Vec<Part>,
    /// The first part that is the entry of such a file.
    first: usize,
    /// The hash of all parts before it.
    hash: Option<Sha1>,
}

impl Laid<'_> {
    fn bytes<'l>(&'l self, part: &'l Part) -> &'l [u8] {
        match part {
            Part::Old(part) => &self.old[part.clone()],
            Part::New(bytes) | Part::Entry(bytes) => bytes,
        }
    }

    /// How many bytes it has.
    pub(in crate::store) fn length(&self) -> usize {
        self.parts.iter().map(|part| self.bytes(part).len()).sum::<usize>() + HASH
    }

    /// Writes it as it is. None of the bytes has another place in the end.
    pub(in crate::store) fn write(&self, to: impl Write) -> io::Result<()> {
        let mut to = BufWriter::with_capacity(PIECE, to);
        self.parts.iter().try_for_each(|part| to.write_all(self.bytes(part)))?;
        to.write_all(&[0; HASH])?;
        to.flush()
    }

    /// What completes it, from the same entries with what git is to remember of their files: the bytes that take the
    /// place of those at an offset.
    pub(in crate::store) fn rest(&self, staged: &[Staged]) -> Vec<(usize, Vec<u8>)> {
        let mut files: Vec<_> = staged.iter().filter_map(|new| Some((&new.path, new.file?))).collect();
        files.sort_unstable_by_key(|(path, _)| *path);
        let mut files = files.into_iter();
        let mut hash = self.hash.clone();
        let mut hashed = |bytes: &[u8]| hash.iter_mut().for_each(|hash| hash.update(bytes));
        let (mut rest, mut at) = (Vec::new(), 0);
        for (number, part) in self.parts.iter().enumerate() {
            let bytes = self.bytes(part);
            match (part, matches!(part, Part::Entry(_)).then(|| files.next()).flatten()) {
                (Part::Entry(_), Some((_, (mode, _, stat)))) => {
                    let known = remembered(mode, stat);
                    hashed(&known);
                    hashed(&bytes[REMEMBERED..]);
                    rest.push((at, known.to_vec()));
                }
                _ if number >= self.first => hashed(bytes),
                _ => {}
            }
            at += bytes.len();
        }
        if let Some(hash) = hash {
            rest.push((at, hash.finalize().to_vec()));
        }
        rest
    }

    /// The whole of it, where what is remembered of the files was known before.
    pub(super) fn whole(&self, staged: &[Staged]) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(self.length());
        self.write(&mut bytes)?;
        for (at, known) in self.rest(staged) {
            bytes[at..at + known.len()].copy_from_slice(&known);
        }
        Ok(bytes)
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
