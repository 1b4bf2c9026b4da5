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
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use flate2::Crc;

use crate::store::id::ObjectId;

use super::index_writer::{varint, write_varint};
use super::pack::{DIFFERENCE, Pack};
use super::pack_index::{self, PackIndex, Place};

/// Bytes of the largest pack that is made by merging: so much is copied and synced within one change.
const LARGEST: u64 = 64 << 20;
/// The checksum at the end of a pack.
const CHECKSUM: u64 = 20;

/// A pack that may be merged.
#[derive(Debug)]
struct Small {
    /// Its path without an extension.
    stem: PathBuf,
    objects: u64,
    bytes: u64,
}

/// The packs of ours, the smallest first: those with nothing but an index beside them. Git writes a `.rev` for its own,
/// and marks those that must stay by other files. None where a `multi-pack-index` names packs.
fn ours(objects: &Path) -> io::Result<Vec<Small>> {
    let mut kinds: BTreeMap<PathBuf, BTreeSet<OsString>> = BTreeMap::new();
    for entry in fs::read_dir(objects.join("pack"))? {
        let path = entry?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("multi-pack-index")) {
            return Ok(Vec::new());
        }
        let kind = path.extension().unwrap_or_default().to_owned();
        kinds.entry(path.with_extension("")).or_default().insert(kind);
    }
    let mut found = Vec::new();
    for (stem, mut kinds) in kinds {
        if kinds.contains(OsStr::new("keep")) && stale(&stem.with_extension("keep")).unwrap_or(false) {
            fs::remove_file(stem.with_extension("keep"))?;
            kinds.remove(OsStr::new("keep"));
        }
        if kinds.iter().map(OsString::as_os_str).eq(["idx", "pack"]) {
            let length = |kind| Ok::<u64, io::Error>(fs::metadata(stem.with_extension(kind))?.len());
            let (bytes, index) = (length("pack")?, length("idx")?);
            found.push(Small { stem, objects: pack_index::objects(index), bytes });
        }
    }
    found.sort_unstable_by_key(|small| small.objects);
    Ok(found)
}

/// Whether a `.keep` is one of ours that a power cut brought back. Another work tree of the repository may be making a
/// change just now, which has one too; but none takes an hour.
fn stale(keep: &Path) -> io::Result<bool> {
    let found = fs::symlink_metadata(keep)?;
    let age = found.modified()?.elapsed().unwrap_or_default();
    Ok(found.is_file() && found.len() == 0 && age > Duration::from_secs(3600))
}

impl Pack {
    /// Takes in the packs that are no larger than this one; see above.
    ///
    /// # Errors
    /// Only where this pack cannot be written.
    pub(in crate::store) fn merge_smaller(&mut self, objects: &Path) -> io::Result<()> {
        for small in ours(objects).unwrap_or_default() {
            if small.objects > self.entries.len() as u64 || self.at + small.bytes > LARGEST {
                break;
            }
            if self.take_in(&small)? {
                self.merged.push(small.stem);
            }
        }
        Ok(())
    }

    /// Copies all objects of a pack that are not here yet; whether all of them are here now.
    fn take_in(&mut self, small: &Small) -> io::Result<bool> {
        let Some((entries, mut bytes)) = open(small) else {
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
fn open(small: &Small) -> Option<(Vec<(ObjectId, Place)>, Bytes)> {
    let index = PackIndex::new(fs::read(small.stem.with_extension("idx")).ok()?)?;
    let file = File::open(small.stem.with_extension("pack")).ok()?;
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
