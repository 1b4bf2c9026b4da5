//! The index of a pack, version 2, the only one that git has written since 2007: which objects the pack holds, where, and
//! with which checksum.

use std::collections::BTreeMap;

use sha1::{Digest, Sha1};

use crate::store::id::ObjectId;

/// How an index begins: its signature and version.
const BEGINNING: [u8; 8] = [0xff, b't', b'O', b'c', 0, 0, 0, 2];
/// Where the ids begin: after the counts by first byte.
const IDS: usize = 8 + 256 * 4;
const ID: usize = 20;
/// Bytes of an index without objects: the counts, and two checksums.
const EMPTY: u64 = IDS as u64 + 2 * ID as u64;
/// Bytes for each object: its id, its checksum, its offset.
const OBJECT: u64 = ID as u64 + 4 + 4;

/// Where an object lies in its pack, and the CRC-32 of its entry there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) at: u64,
    pub(super) crc: u32,
}

/// How many objects a pack has whose index is this long; offsets beyond 2 GiB would make it a little longer.
pub(super) fn objects(index_length: u64) -> u64 {
    index_length.saturating_sub(EMPTY) / OBJECT
}

/// An index that was read. It is looked at and never believed: the caller checks what it finds in the pack.
pub(super) struct PackIndex {
    bytes: Vec<u8>,
    count: usize,
}

impl PackIndex {
    /// Takes the bytes of an index; `None` where they are cut off or of another version.
    pub(super) fn new(bytes: Vec<u8>) -> Option<PackIndex> {
        let index = PackIndex { bytes, count: 0 };
        let count = (index.bytes.starts_with(&BEGINNING)).then(|| index.number(IDS - 4))??;
        let whole = usize::try_from(count).ok()?.checked_mul(ID + 8)?.checked_add(IDS)?;
        (index.bytes.len() >= whole).then_some(PackIndex { count: count as usize, ..index })
    }

    fn number(&self, at: usize) -> Option<u32> {
        let bytes = self.bytes.get(at..at + 4)?;
        Some(u32::from_be_bytes(bytes.try_into().ok()?))
    }

    /// Where in its pack an object lies; beyond 2 GiB only that it is there.
    pub(super) fn offset(&self, id: &ObjectId) -> Option<u32> {
        let wanted = id.as_bytes();
        let first = usize::from(wanted[0]);
        let until = |byte: usize| self.number(8 + byte * 4).map(|count| count as usize);
        let (mut low, mut high) = (if first == 0 { 0 } else { until(first - 1)? }, until(first)?);
        while low < high {
            let middle = low.midpoint(high);
            match self.bytes.get(IDS + middle * ID..IDS + (middle + 1) * ID)?.cmp(wanted) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return self.number(IDS + self.count * (ID + 4) + middle * 4),
            }
        }
        None
    }

    /// All objects, in order of offset; `None` where one lies beyond 2 GiB.
    pub(super) fn in_pack_order(&self) -> Option<Vec<(ObjectId, Place)>> {
        let one = |position: usize| {
            let id = ObjectId::from_slice(self.bytes.get(IDS + position * ID..)?)?;
            let crc = self.number(IDS + self.count * ID + position * 4)?;
            let at = self.number(IDS + self.count * (ID + 4) + position * 4)?;
            (at < 1 << 31).then_some((id, Place { at: at.into(), crc }))
        };
        let mut all: Vec<_> = (0..self.count).map(one).collect::<Option<_>>()?;
        all.sort_unstable_by_key(|(_, place)| place.at);
        Some(all)
    }
}

/// Writes the index of a pack that ends in the checksum `pack`: the counts by first byte, the ids, their checksums, their
/// offsets, and the checksums of the pack and of the index.
pub(super) fn write(entries: &BTreeMap<ObjectId, Place>, pack: [u8; 20]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1072 + entries.len() * 28);
    bytes.extend_from_slice(&BEGINNING);
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
    // Offsets beyond 2 GiB are kept in a table of their own.
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

    #[test]
    fn what_is_written_is_found_and_a_cut_index_is_none() {
        let ids: Vec<ObjectId> = (0..600_u32).map(|n| ObjectId::of_blob(&n.to_be_bytes())).collect();
        let (known, unknown) = ids.split_at(500);
        let place = |n: u32| Place { at: u64::from(1000 - n), crc: n };
        let entries: BTreeMap<ObjectId, Place> = known.iter().copied().zip((0..).map(place)).collect();
        let bytes = write(&entries, [7; 20]);
        assert_eq!(objects(bytes.len() as u64), 500);
        let read = PackIndex::new(bytes.clone()).unwrap();
        for (id, place) in &entries {
            assert_eq!(read.offset(id).map(u64::from), Some(place.at));
        }
        assert!(unknown.iter().all(|id| read.offset(id).is_none()));
        let all = read.in_pack_order().unwrap();
        assert!(all.is_sorted_by_key(|(_, place)| place.at));
        assert_eq!(all.into_iter().collect::<BTreeMap<_, _>>(), entries);
        for cut in [0, 7, IDS, IDS + 500 * (ID + 8) - 1] {
            assert!(PackIndex::new(bytes[..cut].to_vec()).is_none(), "cut at {cut}");
        }
        let mut spoilt = bytes;
        spoilt[8..IDS - 4].fill(0xff);
        let read = PackIndex::new(spoilt).unwrap();
        assert!(unknown.iter().all(|id| read.offset(id).is_none()));
    }

    #[test]
    fn an_offset_beyond_two_gigabytes_is_kept_and_not_misread() {
        let id = ObjectId::of_blob(b"far");
        let bytes = write(&BTreeMap::from([(id, Place { at: 5 << 30, crc: 1 })]), [7; 20]);
        assert_eq!(bytes.len() as u64, EMPTY + OBJECT + 8);
        assert!(PackIndex::new(bytes).unwrap().in_pack_order().is_none());
    }
}
