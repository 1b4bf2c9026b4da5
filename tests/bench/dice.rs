//! Chance that can be repeated: what is picked depends on the seed alone.

use std::collections::BTreeSet;

use csods::domain::reference::{Chance, Reference};
use csods::domain::scalars::ItemId;

/// A source of choices for one case; its item ids are unique in it.
pub struct Dice {
    chance: Chance,
    used: BTreeSet<ItemId>,
}

impl Dice {
    /// The choices of case number `case` of the store with this seed, whichever thread makes it.
    pub fn new(seed: u64, case: u64) -> Dice {
        let mixed = seed.wrapping_mul(0xD134_2543_DE82_EF95) ^ case.wrapping_mul(0x2545_F491_4F6C_DD1D);
        Dice { chance: Chance::from_seed(mixed), used: BTreeSet::new() }
    }

    /// A number below `bound`, which is at most 2^24.
    pub fn below(&mut self, bound: usize) -> usize {
        self.chance.below(1 << 24) % bound
    }

    /// A number from `least` to `most`.
    pub fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most - least + 1)
    }

    /// True so many times in a thousand.
    pub fn per_mille(&mut self, times: usize) -> bool {
        self.below(1000) < times
    }

    /// One of these.
    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    /// An id that no other item of the case has.
    pub fn item_id(&mut self) -> ItemId {
        loop {
            let id = ItemId::random(&mut self.chance);
            if self.used.insert(id.clone()) {
                return id;
            }
        }
    }

    /// A reference for a case received in `year`.
    pub fn reference(&mut self, prefix: &str, year: i32) -> Reference {
        Reference::random(prefix, year, &mut self.chance)
    }
}
