//! The objects of a change, in one pack and its index, in git's formats (version 2 of both).
//!
//! A loose object is a file of its own: made, synced and named one by one, in a directory of its own. A pack is two files,
//! whatever it holds. It is filled aside, synced, and only then renamed to its place, so that nobody ever sees half of it,
//! after a power cut neither; see `writing` for when.
//!
//! A store would soon have thousands of packs. So a change takes the smaller ones into its own (see [`super::pack_tiers`]).
//!
//! Where a change is many commits, the same directories are written again and again with one line changed. Each is stored
//! as what differs from the one before, with chains no longer than those that git itself makes.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use flate2::Crc;
use git2::ObjectType;
use sha1::{Digest, Sha1};

use crate::error::Error;
use crate::store::beneath::Dir;
use crate::store::fault;
use crate::store::id::ObjectId;
use crate::store::rights::Access;
use crate::store::zlib::Deflater;

use super::index_writer::write_varint;
use super::pack_delta::difference;
use super::pack_index::{self, Place};

/// The longest chain of differences, as with `git repack`.
const DEEPEST: u32 = 50;
/// The kind of an entry that is a difference from an earlier one in the same pack, which it names by its distance.
pub(super) const DIFFERENCE: u8 = 6;
/// The directory of the packs among the objects.
pub(super) const PACKS: &str = "pack";
/// Nobody may write to a pack later: git makes packs so too.
const FIXED: Access = Access::Fixed;
/// How much is written or hashed at a time.
const PIECE: usize = 1 << 16;

/// A pack in the making.
pub(in crate::store) struct Pack {
    to: BufWriter<File>,
    small: Deflater,
    dir: Dir,
    pub(super) at: u64,
    pub(super) entries: BTreeMap<ObjectId, Place>,
    /// The directories written last, for those who read them again or write them a little changed.
    trees: HashMap<ObjectId, Tree>,
    /// Packs whose objects are all in this one too: their names without `.pack`.
    pub(super) merged: Vec<String>,
}

struct Tree {
    at: u64,
    deep: u32,
    bytes: Vec<u8>,
}

impl Pack {
    /// Begins a pack in `dir`.
    pub(in crate::store) fn begin(dir: &Dir) -> Result<Pack, Error> {
        let dir = dir.for_access(FIXED)?;
        let to = BufWriter::with_capacity(PIECE, dir.create("pack", FIXED)?);
        let mut pack = Pack {
            to,
            small: Deflater::default(),
            dir,
            at: 12,
            entries: BTreeMap::new(),
            trees: HashMap::new(),
            merged: Vec::new(),
        };
        // The number of objects is put in at the end.
        pack.to.write_all(b"PACK\0\0\0\x02\0\0\0\0")?;
        Ok(pack)
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
        Ok(self.put(id, &entry)?)
    }

    /// Writes an entry as it will lie in the pack.
    pub(super) fn put(&mut self, id: ObjectId, entry: &[u8]) -> io::Result<()> {
        let mut crc = Crc::new();
        crc.update(entry);
        self.to.write_all(entry)?;
        self.entries.insert(id, Place { at: self.at, crc: crc.sum() });
        self.at += entry.len() as u64;
        Ok(())
    }

    /// Ends the pack and writes its index, both still aside and not synced.
    pub(in crate::store) fn finish(self) -> Result<Packed, Error> {
        let count = u32::try_from(self.entries.len()).map_err(io::Error::other)?;
        let mut file = self.to.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.write_all_at(&count.to_be_bytes(), 8)?;
        let mut hash = Sha1::new();
        let mut piece = vec![0; PIECE];
        let mut hashed = 0;
        while hashed < self.at {
            match file.read_at(&mut piece, hashed)? {
                0 => return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
                read => {
                    hash.update(&piece[..read]);
                    hashed += read as u64;
                }
            }
        }
        let end: [u8; 20] = hash.finalize().into();
        file.write_all(&end)?;
        fault::point("pack");
        self.dir.create("idx", FIXED)?.write_all(&pack_index::write(&self.entries, end))?;
        fault::point("pack index");
        Ok(Packed { dir: self.dir, name: ObjectId::from_bytes(end), merged: self.merged })
    }
}

/// A pack and its index, whole, aside.
pub(in crate::store) struct Packed {
    dir: Dir,
    /// Its checksum, by which it is named.
    pub(in crate::store) name: ObjectId,
    merged: Vec<String>,
}

impl Packed {
    /// Puts both among the objects, the index last: without it nobody looks at a pack. Both must have reached the disk.
    ///
    /// Nothing refers to the new objects yet, and `git gc --prune=now` would take them away. So a `.keep` comes first:
    /// git neither repacks nor removes a pack that has one. Ours is empty, and [`let_go`] removes it once the branch refers
    /// to them.
    ///
    /// Returns the directories to be synced.
    pub(in crate::store) fn place(&self, objects: &Dir) -> io::Result<BTreeSet<PathBuf>> {
        let (packs, changed) = objects.made_dirs(PACKS)?;
        match packs.create(&file_name(self.name, "keep"), Access::Shown) {
            // Somebody's own, on a pack of the same name: it serves as well.
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        fault::point("pack kept");
        for kind in ["pack", "idx"] {
            self.dir.rename(kind, &packs, &file_name(self.name, kind))?;
            fault::point("pack placed");
        }
        Ok(changed.into_iter().chain([packs.path().to_owned()]).collect())
    }

    /// Removes the packs whose objects are all in this one, which has reached the disk and is named by the branch. Best
    /// effort: one that stays does no harm.
    pub(in crate::store) fn remove_merged(&self, objects: &Dir) {
        let Ok(Some(packs)) = objects.dir(PACKS) else { return };
        // A change that failed may have left a pack of the same objects, and so of the same name.
        let own = self.name.to_string();
        for pack in self.merged.iter().filter(|pack| !pack.ends_with(&own)) {
            // As git does: without its index nobody looks at a pack.
            for kind in ["idx", "pack"] {
                let _ = packs.remove(&format!("{pack}.{kind}"));
                fault::point("merged pack removed");
            }
        }
    }
}

/// Lets git do as it likes with a pack that was placed.
pub(in crate::store) fn let_go(objects: &Dir, name: ObjectId) -> io::Result<()> {
    let keep = format!("{PACKS}/{}", file_name(name, "keep"));
    match objects.stat(&keep)? {
        Some(found) if found.st_size == 0 => objects.remove(&keep),
        _ => Ok(()),
    }
}

/// The name of one of the files of a pack.
fn file_name(name: ObjectId, kind: &str) -> String {
    format!("pack-{name}.{kind}")
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

#[cfg(test)]
mod tests {
    use super::*;

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
