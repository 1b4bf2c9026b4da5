//! The objects of a big change, in one pack and its index, in git's formats (version 2 of both).
//!
//! A loose object is a file of its own, made, synced and named one by one; ten thousand of them take longer than the whole
//! change may. A pack is two files, whatever it holds. It is made aside and put in its place whole, so that nobody ever
//! sees half of it; see `writing` for when.
//!
//! Where a change is many commits, the same directories are written again and again with one line changed. Each is stored
//! as what differs from the one before, so far back at most as git itself would go.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use flate2::Crc;
use git2::ObjectType;
use sha1::{Digest, Sha1};

use crate::error::Error;
use crate::store::fault;
use crate::store::id::ObjectId;
use crate::store::zlib::Deflater;

use super::index_writer::write_varint;

/// So many differences at most lie on each other, as with `git repack`.
const DEEPEST: u32 = 50;
/// The kind of an object that is a difference from one earlier in the same pack.
const DIFFERENCE: u8 = 6;

/// A pack in the making.
pub(in crate::store) struct Pack {
    to: BufWriter<File>,
    small: Deflater,
    dir: PathBuf,
    at: u64,
    entries: BTreeMap<ObjectId, Place>,
    /// The directories written last, for those who read them again or write them a little changed.
    trees: HashMap<ObjectId, Tree>,
}

/// Where an object lies in the pack, and the checksum of its bytes there.
struct Place {
    at: u64,
    crc: u32,
}

struct Tree {
    at: u64,
    deep: u32,
    bytes: Vec<u8>,
}

impl Pack {
    /// Begins a pack in `dir`.
    pub(in crate::store) fn begin(dir: &Path) -> Result<Pack, Error> {
        let file = File::options().read(true).write(true).create_new(true).open(dir.join("pack"))?;
        let mut to = BufWriter::new(file);
        // The number of objects is put in at the end.
        to.write_all(b"PACK\0\0\0\x02\0\0\0\0")?;
        let small = Deflater::default();
        Ok(Pack { to, small, dir: dir.to_owned(), at: 12, entries: BTreeMap::new(), trees: HashMap::new() })
    }

    /// Adds an object, unless the pack has it already.
    pub(super) fn add(&mut self, kind: ObjectType, bytes: &[u8]) -> Result<ObjectId, Error> {
        let id = ObjectId::of(kind.str(), bytes);
        if !self.entries.contains_key(&id) {
            let number = match kind {
                ObjectType::Commit => 1,
                ObjectType::Tree => 2,
                _ => 3,
            };
            self.entry(id, number, None, bytes)?;
        }
        Ok(id)
    }

    /// Adds a directory that was `before`, which is forgotten.
    pub(super) fn add_tree(&mut self, before: Option<ObjectId>, bytes: &[u8]) -> Result<ObjectId, Error> {
        let id = ObjectId::of(ObjectType::Tree.str(), bytes);
        if before == Some(id) {
            return Ok(id);
        }
        let before = before.and_then(|before| self.trees.remove(&before));
        if let Some(place) = self.entries.get(&id) {
            let tree = Tree { at: place.at, deep: DEEPEST, bytes: bytes.to_vec() };
            self.trees.insert(id, tree);
            return Ok(id);
        }
        let at = self.at;
        let deep = match before {
            Some(before) if before.deep < DEEPEST => {
                let difference = difference(&before.bytes, bytes);
                self.entry(id, DIFFERENCE, Some(at - before.at), &difference)?;
                before.deep + 1
            }
            _ => {
                self.entry(id, 2, None, bytes)?;
                0
            }
        };
        self.trees.insert(id, Tree { at, deep, bytes: bytes.to_vec() });
        Ok(id)
    }

    /// The bytes of a directory that was written last.
    pub(super) fn tree(&self, id: ObjectId) -> Option<&[u8]> {
        self.trees.get(&id).map(|tree| tree.bytes.as_slice())
    }

    fn entry(&mut self, id: ObjectId, kind: u8, back: Option<u64>, bytes: &[u8]) -> Result<(), Error> {
        let mut entry = Vec::with_capacity(bytes.len() / 2 + 32);
        header(kind, bytes.len(), &mut entry);
        if let Some(back) = back {
            write_varint(usize::try_from(back).unwrap_or(usize::MAX), &mut entry);
        }
        entry.extend(self.small.deflate(&[bytes])?);
        let mut crc = Crc::new();
        crc.update(&entry);
        self.to.write_all(&entry)?;
        self.entries.insert(id, Place { at: self.at, crc: crc.sum() });
        self.at += entry.len() as u64;
        Ok(())
    }

    /// Ends the pack and writes its index, both still aside and not synced.
    pub(in crate::store) fn finish(mut self) -> Result<Packed, Error> {
        let count = u32::try_from(self.entries.len()).map_err(io::Error::other)?;
        self.to.seek(SeekFrom::Start(8))?;
        self.to.write_all(&count.to_be_bytes())?;
        let mut file = self.to.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        let mut hash = Sha1::new();
        let mut piece = vec![0; 1 << 17];
        loop {
            match file.read(&mut piece)? {
                0 => break,
                read => hash.update(&piece[..read]),
            }
        }
        let end: [u8; 20] = hash.finalize().into();
        file.write_all(&end)?;
        fault::point("pack");
        let index = index(&self.entries, end);
        crate::store::disk::fill(&self.dir.join("idx"), &index, None)?;
        fault::point("pack index");
        Ok(Packed { dir: self.dir, name: ObjectId::from_bytes(end) })
    }
}

/// A pack and its index, whole, aside.
pub(in crate::store) struct Packed {
    dir: PathBuf,
    name: ObjectId,
}

impl Packed {
    /// Puts them among the objects, the index last: without it nobody looks at a pack. Both must have reached the disk.
    pub(in crate::store) fn place(&self, objects: &Path) -> io::Result<PathBuf> {
        let packs = objects.join("pack");
        std::fs::create_dir_all(&packs)?;
        for kind in ["pack", "idx"] {
            let from = self.dir.join(kind);
            // Git makes both unwritable: nothing ever changes them.
            let mut permissions = from.metadata()?.permissions();
            permissions.set_readonly(true);
            std::fs::set_permissions(&from, permissions)?;
            std::fs::rename(from, packs.join(format!("pack-{}.{kind}", self.name)))?;
            fault::point("pack placed");
        }
        Ok(packs)
    }
}

/// The kind and length of an entry: four bits of the length, then seven a byte, low ones first.
fn header(kind: u8, length: usize, to: &mut Vec<u8>) {
    let mut rest = length >> 4;
    let more = |rest: usize| if rest > 0 { 0x80 } else { 0 };
    to.push(more(rest) | (kind << 4) | low(length, 0x0f));
    while rest > 0 {
        let bits = low(rest, 0x7f);
        rest >>= 7;
        to.push(more(rest) | bits);
    }
}

fn low(value: usize, mask: usize) -> u8 {
    u8::try_from(value & mask).unwrap_or(0)
}

/// What makes `new` of `old`: the beginning and the end that they share are copied.
fn difference(old: &[u8], new: &[u8]) -> Vec<u8> {
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let most = old.len().min(new.len()) - start;
    let end = old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    let mut to = Vec::with_capacity(64);
    for mut length in [old.len(), new.len()] {
        while length > 0x7f {
            to.push(low(length, 0x7f) | 0x80);
            length >>= 7;
        }
        to.push(low(length, 0x7f));
    }
    copy(0, start, &mut to);
    for piece in new[start..new.len() - end].chunks(0x7f) {
        to.push(low(piece.len(), 0x7f));
        to.extend_from_slice(piece);
    }
    copy(old.len() - end, end, &mut to);
    to
}

/// Copies a stretch: which bytes of place and length follow stands in the first one.
fn copy(mut from: usize, mut length: usize, to: &mut Vec<u8>) {
    while length > 0 {
        let now = length.min(0xffff);
        let at = to.len();
        to.push(0x80);
        for (bit, shift) in [(1, 0), (2, 8), (4, 16), (8, 24)] {
            if (from >> shift) & 0xff != 0 {
                to[at] |= bit;
                to.push(low(from >> shift, 0xff));
            }
        }
        for (bit, shift) in [(0x10, 0), (0x20, 8)] {
            if (now >> shift) & 0xff != 0 {
                to[at] |= bit;
                to.push(low(now >> shift, 0xff));
            }
        }
        from += now;
        length -= now;
    }
}

/// The index: how many ids begin so or lower, the ids, checksums, places, the pack's hash and its own.
fn index(entries: &BTreeMap<ObjectId, Place>, pack: [u8; 20]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1072 + entries.len() * 28);
    bytes.extend_from_slice(b"\xfftOc\0\0\0\x02");
    let mut ids = entries.keys().peekable();
    let mut count = 0_u32;
    for first in 0..=0xff {
        while ids.next_if(|id| id.as_bytes()[0] <= first).is_some() {
            count += 1;
        }
        bytes.extend_from_slice(&count.to_be_bytes());
    }
    entries.keys().for_each(|id| bytes.extend_from_slice(id.as_bytes()));
    entries.values().for_each(|place| bytes.extend_from_slice(&place.crc.to_be_bytes()));
    // Places beyond two gigabytes stand in a table of their own.
    let mut far: Vec<u64> = Vec::new();
    for place in entries.values() {
        let near = u32::try_from(place.at).ok().filter(|at| *at < 1 << 31).unwrap_or_else(|| {
            far.push(place.at);
            (1 << 31) | u32::try_from(far.len() - 1).unwrap_or(0)
        });
        bytes.extend_from_slice(&near.to_be_bytes());
    }
    far.iter().for_each(|at| bytes.extend_from_slice(&at.to_be_bytes()));
    bytes.extend_from_slice(&pack);
    let end: [u8; 20] = Sha1::digest(&bytes).into();
    bytes.extend_from_slice(&end);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What git makes of a difference.
    fn patched(old: &[u8], difference: &[u8]) -> Vec<u8> {
        let mut rest = difference.iter().copied();
        let mut next = || usize::from(rest.next().unwrap());
        let mut number = || {
            let (mut value, mut shift) = (0, 0);
            loop {
                let byte = next();
                value |= (byte & 0x7f) << shift;
                shift += 7;
                if byte & 0x80 == 0 {
                    return value;
                }
            }
        };
        assert_eq!(number(), old.len());
        let length = number();
        let mut new = Vec::new();
        while new.len() < length {
            let what = next();
            if what & 0x80 == 0 {
                (0..what).for_each(|_| new.push(u8::try_from(next()).unwrap()));
                continue;
            }
            let mut part = |bits: &[(usize, usize)]| {
                bits.iter()
                    .filter(|(bit, _)| what & bit != 0)
                    .map(|(_, shift)| next() << shift)
                    .sum::<usize>()
            };
            let from = part(&[(1, 0), (2, 8), (4, 16), (8, 24)]);
            let count = part(&[(0x10, 0), (0x20, 8), (0x40, 16)]);
            new.extend_from_slice(&old[from..from + count]);
        }
        new
    }

    #[test]
    fn a_difference_makes_the_new_of_the_old() {
        let long: Vec<u8> = (0..200_000_u32).map(|n| u8::try_from(n % 251).unwrap()).collect();
        let mut changed = long.clone();
        changed[70_000] ^= 1;
        let mut longer = changed.clone();
        longer.splice(90_000..90_000, [9; 300]);
        for (old, new) in [
            (&b"abc"[..], &b"abc"[..]),
            (b"", b"abc"),
            (b"abc", b""),
            (b"aaaa", b"aaaaaa"),
            (b"aaaaaa", b"aaaa"),
            (&long, &changed),
            (&long, &longer),
            (&longer, &long),
        ] {
            assert!(patched(old, &difference(old, new)) == new);
        }
    }

    #[test]
    fn the_header_of_an_entry_is_gits() {
        let made = |kind, length| {
            let mut to = Vec::new();
            header(kind, length, &mut to);
            to
        };
        assert_eq!(made(3, 5), [0x35]);
        assert_eq!(made(3, 0x7ff), [0xbf, 0x7f]);
        assert_eq!(made(1, 0x800), [0x90, 0x80, 0x01]);
    }
}
