//! The index of a pack: it is only looked at, and never believed beyond its end.

use super::PackIndex;
use crate::fuzz::{files, run};
use crate::store::ObjectId;

#[test]
fn pack_order() {
    run("pack_order", &files("tests/fuzz/corpus/pack_order"), &["\u{0}\u{0}\u{0}\u{0}"], |input| {
        let Some(index) = PackIndex::new(input.to_vec()) else { return };
        let stands = |id: &ObjectId| input.windows(20).any(|bytes| bytes == id.as_bytes());
        for number in 0..16_u8 {
            let id = ObjectId::of_blob(&[number]);
            assert!(index.offset(&id).is_none() || stands(&id));
        }
        // What stands in it is found, or not, and nothing else.
        for id in input.get(8 + 1024..).unwrap_or_default().chunks_exact(20).take(64) {
            let hex: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
            let _ = index.offset(&ObjectId::from_hex(&hex).unwrap());
        }
    });
}
