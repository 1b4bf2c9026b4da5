//! In which order many objects are read quickest: as they lie in their packs.
//!
//! Git keeps most objects as what differs from another that lies near it, up to fifty such steps long. Read in any other
//! order each costs the whole way; read as they lie, one step, as the one before is still at hand.
//!
//! The indexes of the packs are only looked at, never believed: what is not found in them, or is found where it is not,
//! is read all the same, only later.

use std::fs;
use std::path::Path;

use crate::store::id::{BlobId, ObjectId};

/// The beginning of an index of version 2, the only one that git has written since 2007.
const BEGINNING: [u8; 8] = [0xff, b't', b'O', b'c', 0, 0, 0, 2];
/// Where the identifiers begin: behind the counts by first byte.
const IDS: usize = 8 + 256 * 4;
const ID: usize = 20;

/// The positions of `files` in the order in which they are best read.
pub(super) fn best(objects: &Path, files: &[(String, BlobId)]) -> Vec<u32> {
    let packs: Vec<PackIndex> = indexes(objects).into_iter().filter_map(PackIndex::new).collect();
    let place = |id: &ObjectId| {
        let found = packs.iter().enumerate().find_map(|(pack, index)| Some((pack, index.offset(id)?)));
        found.unwrap_or((packs.len(), 0))
    };
    let mut order: Vec<_> = (0..).zip(files).map(|(position, (_, id))| (place(id), position)).collect();
    order.sort_unstable();
    order.into_iter().map(|(_, position)| position).collect()
}

/// The bytes of the indexes, in the order of their names.
fn indexes(objects: &Path) -> Vec<Vec<u8>> {
    let Ok(dir) = fs::read_dir(objects.join("pack")) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = dir.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "idx"));
    paths.sort_unstable();
    paths.into_iter().filter_map(|path| fs::read(path).ok()).collect()
}

/// The index of a pack.
struct PackIndex {
    bytes: Vec<u8>,
    count: usize,
}

impl PackIndex {
    fn new(bytes: Vec<u8>) -> Option<PackIndex> {
        let index = PackIndex { bytes, count: 0 };
        let count = (index.bytes.starts_with(&BEGINNING)).then(|| index.number(IDS - 4))??;
        let whole = usize::try_from(count).ok()?.checked_mul(ID + 8)?.checked_add(IDS)?;
        (index.bytes.len() >= whole).then_some(PackIndex { count: count as usize, ..index })
    }

    fn number(&self, at: usize) -> Option<u32> {
        let bytes = self.bytes.get(at..at + 4)?;
        Some(u32::from_be_bytes(bytes.try_into().ok()?))
    }

    /// Where in its pack an object lies; beyond two gigabytes only that it is there.
    fn offset(&self, id: &ObjectId) -> Option<u32> {
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::replace_file;

    /// An index of objects that lie one behind the other, the last identifier first.
    fn index(ids: &[ObjectId]) -> Vec<u8> {
        let mut sorted = ids.to_vec();
        sorted.sort_unstable();
        let mut bytes = BEGINNING.to_vec();
        for byte in 0..=255 {
            let count = sorted.iter().filter(|id| id.as_bytes()[0] <= byte).count();
            bytes.extend((count as u32).to_be_bytes());
        }
        sorted.iter().for_each(|id| bytes.extend(id.as_bytes()));
        sorted.iter().for_each(|_| bytes.extend([0; 4]));
        (0..sorted.len()).for_each(|at| bytes.extend((1000 - at as u32).to_be_bytes()));
        bytes
    }

    #[test]
    fn objects_are_found_where_they_lie_and_a_cut_index_finds_nothing_wrong() {
        let ids: Vec<ObjectId> = (0..600_u32).map(|n| ObjectId::of_blob(&n.to_be_bytes())).collect();
        let (known, unknown) = ids.split_at(500);
        let bytes = index(known);
        let read = PackIndex::new(bytes.clone()).unwrap();
        let mut sorted = known.to_vec();
        sorted.sort_unstable();
        for (position, id) in sorted.iter().enumerate() {
            assert_eq!(read.offset(id), Some(1000 - position as u32));
        }
        assert!(unknown.iter().all(|id| read.offset(id).is_none()));
        for cut in [0, 7, IDS, bytes.len() - 1] {
            assert!(PackIndex::new(bytes[..cut].to_vec()).is_none());
        }
        let mut spoilt = bytes;
        spoilt[8..IDS - 4].fill(0xff);
        let read = PackIndex::new(spoilt).unwrap();
        let _ = sorted.iter().map(|id| read.offset(id)).collect::<Vec<_>>();
    }

    #[test]
    fn files_come_as_they_lie_and_what_is_in_no_pack_comes_last() {
        let dir = tempfile::tempdir().unwrap();
        let ids: Vec<ObjectId> = (0..40_u32).map(|n| ObjectId::of_blob(&n.to_be_bytes())).collect();
        fs::create_dir(dir.path().join("pack")).unwrap();
        replace_file(&dir.path().join("pack/pack-1.idx"), &index(&ids[..30])).unwrap();
        replace_file(&dir.path().join("pack/pack-2.idx"), b"damaged").unwrap();
        let files: Vec<(String, BlobId)> = ids.iter().map(|id| (id.to_string(), *id)).collect();
        let order = best(dir.path(), &files);
        let mut expected: Vec<u32> = (0..30).collect();
        expected.sort_unstable_by_key(|position| std::cmp::Reverse(ids[*position as usize]));
        expected.extend(30..40);
        assert_eq!(order, expected);
    }
}

#[cfg(test)]
#[path = "../../../tests/fuzz/pack_order.rs"]
mod fuzz;
