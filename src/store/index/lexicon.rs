//! Numbers for words and marks while the index is made from nothing: there are few that come again and again, and they
//! come tens of millions of times.
//!
//! Numbers are given in the order in which the keys first come, so that what comes often lies close together, in the
//! processor's own memory; a map of texts, each in a place of its own, takes several times as long.

use std::hash::BuildHasher;

use hashbrown::hash_table::{Entry, HashTable};
use hashbrown::{DefaultHashBuilder, HashMap};

/// Keys by number. A key is a kind and a text.
#[derive(Default)]
pub(super) struct Lexicon {
    /// Of those that are short, most of all.
    short: HashMap<Short, u32>,
    /// Of the others.
    long: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// The kind and the text of each key, one key behind the other.
    keys: Vec<u8>,
    /// Where each ends there.
    ends: Vec<u32>,
}

/// A key whose text has no more bytes than fit into a number: compared without looking anywhere else.
#[derive(PartialEq, Eq, Hash)]
struct Short {
    text: u64,
    length: u8,
    kind: u8,
}

impl Short {
    fn new(kind: u8, text: &[u8]) -> Option<Short> {
        // The first and the last bytes are all there are, some of them twice: quicker than to copy so few.
        let text_number = match text {
            [] => 0,
            [one] => u64::from(*one),
            [one, .., last] if text.len() < 4 => {
                u64::from(*one) | u64::from(text[1]) << 8 | u64::from(*last) << 16
            }
            _ if text.len() <= 8 => {
                let (first, last) = (text.first_chunk::<4>()?, text.last_chunk::<4>()?);
                u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32
            }
            _ => return None,
        };
        Some(Short { text: text_number, length: text.len() as u8, kind })
    }
}

impl Lexicon {
    /// The number of a key: the next one where it is new.
    pub(super) fn number(&mut self, kind: u8, text: &str) -> usize {
        let text = text.as_bytes();
        let next = self.ends.len();
        let number = match Short::new(kind, text) {
            Some(short) => *self.short.entry(short).or_insert(next as u32),
            None => self.long_number(kind, text, next as u32),
        };
        if number as usize == next {
            self.keys.push(kind);
            self.keys.extend_from_slice(text);
            self.ends.push(self.keys.len() as u32);
        }
        number as usize
    }

    fn long_number(&mut self, kind: u8, text: &[u8], next: u32) -> u32 {
        let Lexicon { long, hasher, keys, ends, .. } = self;
        let key = |number: u32| {
            let begin = number.checked_sub(1).map_or(0, |before| ends[before as usize]);
            let (kind, text) = keys[begin as usize..ends[number as usize] as usize].split_at(1);
            (kind[0], text)
        };
        let hash = |key: (u8, &[u8])| hasher.hash_one(key);
        match long.entry(hash((kind, text)), |&known| key(known) == (kind, text), |&known| hash(key(known))) {
            Entry::Occupied(entry) => *entry.get(),
            Entry::Vacant(entry) => *entry.insert(next).get(),
        }
    }

    /// The keys in the order of their numbers.
    pub(super) fn keys(&self) -> impl Iterator<Item = (u8, &str)> {
        let begins = std::iter::once(0).chain(self.ends.iter().copied());
        begins.zip(&self.ends).map(|(begin, end)| {
            let (kind, text) = (self.keys[begin as usize], &self.keys[begin as usize + 1..*end as usize]);
            // They were texts when they came.
            (kind, std::str::from_utf8(text).unwrap_or_default())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_numbered_as_they_come_and_known_again() {
        let mut lexicon = Lexicon::default();
        let keys: Vec<(u8, String)> =
            (0..5000).map(|n: u32| ((n % 3) as u8, format!("w{}", n / 3))).collect();
        for round in 0..2 {
            for (number, (kind, text)) in keys.iter().enumerate() {
                assert_eq!(lexicon.number(*kind, text), number, "round {round}");
            }
        }
        assert_eq!(lexicon.number(7, ""), 5000);
        assert_eq!(lexicon.number(7, "Zo\u{eb}"), 5001);
        let others = ["12345678", "123456789", "1234567", "1234567\0", "a word of several bytes more"];
        for round in 0..2 {
            for (number, text) in (5002..).zip(others) {
                assert_eq!(lexicon.number(7, text), number, "{text} in round {round}");
            }
        }
        let mut found = lexicon.keys().map(|(kind, text)| (kind, text.to_owned()));
        assert!(found.by_ref().take(5000).eq(keys));
        let rest = ["", "Zo\u{eb}"].into_iter().chain(others).map(|text| (7, text.to_owned()));
        assert!(found.eq(rest));
    }
}
