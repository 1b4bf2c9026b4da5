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

use super::pack_index::PackIndex;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::file::write_private;
    use crate::store::git::pack_index::{self, Place};

    /// An index of objects that lie one after the other, in this order.
    fn index(ids: &[ObjectId]) -> Vec<u8> {
        let places = (12..).map(|at| Place { at, crc: 0 });
        pack_index::write(&ids.iter().copied().zip(places).collect(), [0; 20])
    }

    #[test]
    fn files_come_as_they_lie_and_what_is_in_no_pack_comes_last() {
        let dir = tempfile::tempdir().unwrap();
        let ids: Vec<ObjectId> = (0..40_u32).map(|n| ObjectId::of_blob(&n.to_be_bytes())).collect();
        fs::create_dir(dir.path().join("pack")).unwrap();
        let last_first: Vec<ObjectId> = ids[..30].iter().rev().copied().collect();
        write_private(&dir.path().join("pack/pack-1.idx"), &index(&last_first)).unwrap();
        write_private(&dir.path().join("pack/pack-2.idx"), b"damaged").unwrap();
        let files: Vec<(String, BlobId)> = ids.iter().map(|id| (id.to_string(), *id)).collect();
        let order = best(dir.path(), &files);
        assert_eq!(order, (0..30).rev().chain(30..40).collect::<Vec<u32>>());
    }
}

#[cfg(test)]
#[path = "../../../tests/fuzz/pack_order.rs"]
mod fuzz;
