//! Counts and additive checksums of the rows, so that a row that was removed or put in is noticed.
//!
//! A change of the index adds and subtracts the keys of the rows that it touches. What it arrives at must be what follows
//! from the tree of the cases, in which every file has its key; whoever reads rows compares what was read with it.

use super::Broken;
use super::pack::{Pack, Unpack, checksum};
use crate::store::id::BlobId;

/// The key of a file at `path` that holds `blob`.
pub(super) fn key(path: &str, blob: BlobId) -> i64 {
    let mut bytes = Vec::with_capacity(path.len() + 20);
    bytes.extend_from_slice(blob.as_bytes());
    bytes.extend_from_slice(path.as_bytes());
    i64::from(checksum(&bytes))
}

/// How many rows there are, and the sum of their keys.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Total {
    pub(super) count: i64,
    pub(super) sum: i64,
}

impl Total {
    pub(super) fn add(&mut self, key: i64) {
        *self = self.and(Total { count: 1, sum: key });
    }

    pub(super) fn remove(&mut self, key: i64) {
        *self = self.and(Total { count: -1, sum: key.wrapping_neg() });
    }

    /// The total of both.
    pub(super) fn and(self, other: Total) -> Total {
        Total { count: self.count.wrapping_add(other.count), sum: self.sum.wrapping_add(other.sum) }
    }

    /// `Damaged` where other rows were found.
    pub(super) fn check(self, found: Total) -> Result<(), Broken> {
        if self == found { Ok(()) } else { Err(Broken::Damaged) }
    }
}

impl FromIterator<i64> for Total {
    fn from_iter<I: IntoIterator<Item = i64>>(keys: I) -> Total {
        let mut total = Total::default();
        keys.into_iter().for_each(|key| total.add(key));
        total
    }
}

/// The totals of the tables.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Totals {
    /// Of `cases`; `facts` and `people` have the same rows.
    pub(super) cases: Total,
    /// Of the cases that are open.
    pub(super) open: Total,
    /// Of the cases of which a clock runs; the keys with the moments at which it is due, in seconds since 1970.
    pub(super) running: Total,
    /// Of `unreadable`.
    pub(super) unreadable: Total,
    /// Of `fresh`, whose keys are the numbers of the cases.
    pub(super) fresh: Total,
    /// Of `dead`, likewise.
    pub(super) dead: Total,
    /// Of `vocabulary`, whose keys are the lengths of its rows in bytes.
    pub(super) vocabulary: Total,
}

impl Totals {
    /// Of all files.
    pub(super) fn files(&self) -> Total {
        self.cases.and(self.unreadable)
    }

    /// As bytes.
    pub(super) fn write(&self) -> Vec<u8> {
        let Totals { cases, open, running, unreadable, fresh, dead, vocabulary } = self;
        let mut pack = Pack::default();
        for total in [cases, open, running, unreadable, fresh, dead, vocabulary] {
            pack.signed(total.count);
            pack.signed(total.sum);
        }
        pack.sealed()
    }

    /// The totals that these bytes are.
    pub(super) fn read(bytes: &[u8]) -> Option<Totals> {
        let mut bytes = Unpack::sealed(bytes)?;
        let mut total = || Some(Total { count: bytes.signed()?, sum: bytes.signed()? });
        let totals = Totals {
            cases: total()?,
            open: total()?,
            running: total()?,
            unreadable: total()?,
            fresh: total()?,
            dead: total()?,
            vocabulary: total()?,
        };
        bytes.is_empty().then_some(totals)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_changes_does_not_matter_and_each_row_does() {
        let keys: Vec<i64> = (0..50)
            .map(|number: u8| key(&format!("cases/{number}.yaml"), BlobId::from_bytes([number; 20])))
            .collect();
        let all: Total = keys.iter().copied().collect();
        let mut total: Total = keys.iter().rev().copied().collect();
        assert_eq!(total, all);
        for key in &keys {
            let mut without = all;
            without.remove(*key);
            assert!(all.check(without).is_err());
            total.remove(*key);
        }
        assert_eq!(total, Total::default());
        assert_ne!(key("cases/a.yaml", BlobId::ZERO), key("cases/b.yaml", BlobId::ZERO));
    }

    #[test]
    fn totals_come_back_and_spoilt_ones_do_not() {
        let one = |count, sum| Total { count, sum };
        let totals = Totals {
            cases: one(1, 2),
            open: one(3, -4),
            running: one(0, i64::MAX),
            unreadable: one(5, i64::MIN),
            fresh: one(6, 7),
            dead: one(8, 9),
            vocabulary: one(10, 11),
        };
        let bytes = totals.write();
        assert_eq!(Totals::read(&bytes), Some(totals));
        assert_eq!(Totals::read(&bytes[1..]), None);
    }
}
