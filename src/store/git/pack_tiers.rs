//! Small packs are merged as they come, so that a store never has more than a few.
//!
//! A change takes into its own pack every pack that holds no more objects than it does itself meanwhile, the smallest
//! first. So a pack is at least as large as all smaller ones together, like the digits of a binary number: after N changes
//! there are at most log2 N packs, and an object has been copied as many times. Packs over [`LARGEST`] are left to
//! `git gc`, and so are those that git made.
//!
//! Entries are copied as they lie, each compared with the checksum that the index has for it: what a disk has spoilt is
//! left where it is, and not copied under a new checksum. To merge is never necessary: a pack that somebody else removes
//! meanwhile, or that cannot be read, is left alone.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::time::Duration;

use flate2::Crc;

use crate::store::beneath::Dir;
use crate::store::id::ObjectId;

use super::index_writer::{varint, write_varint};
use super::pack::{DIFFERENCE, PACKS, Pack};
use super::pack_index::{self, PackIndex, Place};

/// Bytes of the largest pack that is made by merging: so much is copied and synced within one change.
const LARGEST: u64 = 64 << 20;
/// The checksum at the end of a pack.
const CHECKSUM: u64 = 20;

/// A pack that may be merged.
#[derive(Debug)]
struct Small {
    /// Its name without an extension.
    stem: String,
    objects: u64,
    bytes: u64,
}

/// The packs of ours, the smallest first: those with nothing but an index beside them. Git writes a `.rev` for its own,
/// and marks those that must stay by other files. None where a `multi-pack-index` names packs.
fn ours(packs: &Dir) -> io::Result<Vec<Small>> {
    let mut kinds: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for name in packs.names()? {
        let name = name.to_string_lossy();
        if name.starts_with("multi-pack-index") {
            return Ok(Vec::new());
        }
        let (stem, kind) = name.rsplit_once('.').unwrap_or((&name, ""));
        kinds.entry(stem.to_owned()).or_default().insert(kind.to_owned());
    }
    let mut found = Vec::new();
    for (stem, mut kinds) in kinds {
        let keep = format!("{stem}.keep");
        if kinds.contains("keep") && stale(packs, &keep).unwrap_or(false) {
            packs.remove(&keep)?;
            kinds.remove("keep");
        }
        if kinds.iter().eq(["idx", "pack"]) {
            let length = |kind| -> io::Result<u64> {
                let found = packs.stat(&format!("{stem}.{kind}"))?.ok_or(io::ErrorKind::NotFound)?;
                Ok(found.st_size.unsigned_abs())
            };
            let (bytes, index) = (length("pack")?, length("idx")?);
            found.push(Small { stem, objects: pack_index::objects(index), bytes });
        }
    }
    found.sort_unstable_by_key(|small| small.objects);
    Ok(found)
}

/// Whether a `.keep` is one of ours that a power cut brought back. Another work tree of the repository may be making a
/// change just now, which has one too; but none takes an hour.
fn stale(packs: &Dir, keep: &str) -> io::Result<bool> {
    let Some(found) = packs.read(keep)? else { return Ok(false) };
    let found = found.metadata()?;
    let age = found.modified()?.elapsed().unwrap_or_default();
    Ok(found.len() == 0 && age > Duration::from_secs(3600))
}

impl Pack {
    /// Takes in the packs that are no larger than this one; see above.
    ///
    /// # Errors
    /// Only where this pack cannot be written.
    pub(in crate::store) fn merge_smaller(&mut self, objects: &Dir) -> io::Result<()> {
        let Some(packs) = objects.dir(PACKS)? else { return Ok(()) };
        for small in ours(&packs).unwrap_or_default() {
            if small.objects > self.entries.len() as u64 || self.at + small.bytes > LARGEST {
                break;
            }
            if self.take_in(&packs, &small)? {
                self.merged.push(small.stem);
            }
        }
        Ok(())
    }

    /// Copies all objects of a pack that are not here yet; whether all of them are here now.
    fn take_in(&mut self, packs: &Dir, small: &Small) -> io::Result<bool> {
        let Some((entries, mut bytes)) = open(packs, small) else {
            return Ok(false);
        };
        let ends = entries.iter().skip(1).map(|(_, place)| place.at).chain([small.bytes - CHECKSUM]);
        // Where what lay at an offset of the old pack lies in this one.
        let mut moved = HashMap::new();
        for ((id, place), end) in entries.iter().zip(ends) {
            let Some(mut entry) = bytes.entry(*place, end) else {
                return Ok(false);
            };
            let at = match self.entries.get(id) {
                Some(here) => here.at,
                None => {
                    if !point_back(&mut entry, place.at, self.at, &moved) {
                        return Ok(false);
                    }
                    let at = self.at;
                    self.put(*id, &entry)?;
                    at
                }
            };
            moved.insert(place.at, at);
        }
        Ok(true)
    }
}

/// The entries of a pack in their order, and its bytes; `None` where it cannot be read or is not whole.
fn open(packs: &Dir, small: &Small) -> Option<(Vec<(ObjectId, Place)>, Bytes)> {
    let index = PackIndex::new(packs.bytes(&format!("{}.idx", small.stem), u64::MAX).ok()??)?;
    let file = packs.read(&format!("{}.pack", small.stem)).ok()??;
    let mut bytes = Bytes { file: BufReader::with_capacity(1 << 16, file), at: 12 };
    let mut head = [0; 12];
    bytes.file.read_exact(&mut head).ok()?;
    let entries = index.in_pack_order()?;
    let count = u32::try_from(entries.len()).ok()?.to_be_bytes();
    let whole = head.starts_with(b"PACK\0\0\0\x02") && head[8..] == count && small.bytes >= CHECKSUM;
    whole.then_some((entries, bytes))
}

/// The bytes of a pack, read in order.
struct Bytes {
    file: BufReader<File>,
    at: u64,
}

impl Bytes {
    /// One entry; `None` where it cannot be read or is not what was written.
    fn entry(&mut self, place: Place, end: u64) -> Option<Vec<u8>> {
        let length = end.checked_sub(place.at).filter(|length| *length > 0 && *length <= LARGEST)?;
        if self.at != place.at {
            self.file.seek(SeekFrom::Start(place.at)).ok()?;
        }
        let mut entry = vec![0; usize::try_from(length).ok()?];
        self.file.read_exact(&mut entry).ok()?;
        self.at = end;
        let mut crc = Crc::new();
        crc.update(&entry);
        (crc.sum() == place.crc).then_some(entry)
    }
}

/// An entry that is a difference names the earlier one by its distance: lets it name that one where it lies now. `false`
/// where there is none.
fn point_back(entry: &mut Vec<u8>, from: u64, to: u64, moved: &HashMap<u64, u64>) -> bool {
    if entry[0] >> 4 & 7 != DIFFERENCE {
        return true;
    }
    let Some(length) = entry.iter().position(|byte| byte & 0x80 == 0).map(|last| last + 1) else {
        return false;
    };
    let Some((back, long)) = varint(&entry[length..]) else {
        return false;
    };
    let Some(base) = from.checked_sub(back as u64).and_then(|base| moved.get(&base)) else {
        return false;
    };
    let mut start = entry[..length].to_vec();
    write_varint(usize::try_from(to - base).unwrap_or(usize::MAX), &mut start);
    entry.splice(..length + long, start);
    true
}

#[cfg(test)]
#[path = "pack_tiers_tests.rs"]
mod tests;
