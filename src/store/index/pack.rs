//! Values as bytes in the index, with a sum at the end: what the disk or a stray program spoilt is noticed when it is
//! read.

use crate::domain::action::ActionKind;
use crate::domain::case::{Channel, DecisionOutcome, PersonRole, Risk, Route, Stage};
use crate::domain::clocks::ClockName;
use crate::domain::row::{Pressing, Row, Turn};
use crate::domain::scalars::PersonId;
use crate::domain::similarity::Someone;
use crate::domain::statistics::Facts;
use crate::domain::time::{Day, Instant};

/// The bytes of the sum.
const SUM: usize = 4;

/// Bytes being written.
#[derive(Default)]
pub(super) struct Pack(Vec<u8>);

/// Bytes being read; everything is `None` once they do not make sense.
pub(super) struct Unpack<'b>(&'b [u8]);

/// The sum of some bytes (FNV-1a, eight bytes at a time).
pub(super) fn checksum(bytes: &[u8]) -> u32 {
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ bytes.len() as u64;
    let mut parts = bytes.chunks_exact(8);
    for part in &mut parts {
        let mut eight = [0; 8];
        eight.copy_from_slice(part);
        hash = (hash ^ u64::from_le_bytes(eight)).wrapping_mul(PRIME).rotate_left(23);
    }
    for byte in parts.remainder() {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(PRIME);
    }
    let folded = (hash ^ (hash >> 32)) & u64::from(u32::MAX);
    u32::try_from(folded).unwrap_or(0)
}

/// The sum of the bytes of a row that bears this key; 0 where rows have none.
fn sum(bytes: &[u8], key: i64) -> [u8; SUM] {
    // Keys are sums themselves, of 32 bits.
    checksum(bytes).wrapping_add(key as u32).to_le_bytes()
}

impl Pack {
    /// With room for what is kept of most cases.
    fn roomy() -> Pack {
        Pack(Vec::with_capacity(120))
    }

    /// The bytes, with their sum.
    pub(super) fn sealed(self) -> Vec<u8> {
        self.sealed_for(0)
    }

    /// The same for the row that bears this key, and for no other.
    pub(super) fn sealed_for(mut self, key: i64) -> Vec<u8> {
        let sum = sum(&self.0, key);
        self.0.extend_from_slice(&sum);
        self.0
    }

    /// Bytes as they stand, to the end.
    pub(super) fn rest(mut self, bytes: &[u8]) -> Pack {
        self.0.extend_from_slice(bytes);
        self
    }

    pub(super) fn number(&mut self, number: u64) {
        varint(&mut self.0, number);
    }

    pub(super) fn signed(&mut self, number: i64) {
        // Zigzag: small numbers of either sign are short.
        self.number(((number << 1) ^ (number >> 63)).cast_unsigned());
    }

    pub(super) fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }

    fn optional<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Pack, T)) {
        self.number(u64::from(value.is_some()));
        if let Some(value) = value {
            write(self, value);
        }
    }
}

/// Seven bits a byte, the lowest first.
#[inline]
pub(super) fn varint(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

impl<'b> Unpack<'b> {
    /// Bytes whose sum is right.
    pub(super) fn sealed(bytes: &'b [u8]) -> Option<Unpack<'b>> {
        Unpack::sealed_for(0, bytes)
    }

    /// Bytes whose sum is right in the row that bears this key.
    pub(super) fn sealed_for(key: i64, bytes: &'b [u8]) -> Option<Unpack<'b>> {
        let (bytes, found) = bytes.split_at_checked(bytes.len().checked_sub(SUM)?)?;
        (sum(bytes, key) == found).then_some(Unpack(bytes))
    }

    /// Bytes that have no sum.
    pub(super) fn of(bytes: &'b [u8]) -> Unpack<'b> {
        Unpack(bytes)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All that is left.
    pub(super) fn rest(self) -> &'b [u8] {
        self.0
    }

    pub(super) fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// So many bytes.
    pub(super) fn bytes(&mut self, count: usize) -> Option<&'b [u8]> {
        let (bytes, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(bytes)
    }

    /// The bytes of so many numbers.
    pub(super) fn numbers(&mut self, count: usize) -> Option<&'b [u8]> {
        let bytes = self.0;
        for _ in 0..count {
            self.number()?;
        }
        Some(&bytes[..bytes.len() - self.0.len()])
    }

    pub(super) fn signed(&mut self) -> Option<i64> {
        let number = self.number()?;
        Some((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    pub(super) fn text(&mut self) -> Option<&'b str> {
        let length = usize::try_from(self.number()?).ok()?;
        std::str::from_utf8(self.bytes(length)?).ok()
    }

    fn optional<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        match self.number()? {
            0 => Some(None),
            _ => read(self).map(Some),
        }
    }

    fn choice<T: Copy>(&mut self, all: &[T]) -> Option<T> {
        all.get(usize::try_from(self.number()?).ok()?).copied()
    }

    fn instant(&mut self) -> Option<Instant> {
        Instant::from_unix(self.signed()?)
    }
}

/// A row as bytes, to be sealed.
pub(super) fn row(row: &Row) -> Pack {
    let mut pack = Pack::roomy();
    pack.text(row.reference.as_str());
    pack.number(row.stage as u64);
    pack.number(row.route as u64);
    pack.optional(row.owner.as_ref(), |pack, owner| pack.text(owner.as_str()));
    pack.number(row.channel as u64);
    pack.signed(row.received.unix());
    pack.optional(row.outcome, |pack, outcome| pack.number(outcome as u64));
    pack.optional(row.risk, |pack, risk| pack.number(risk as u64));
    pack.number(u64::from(row.urgent));
    pack.optional(row.pressing, |pack, pressing| {
        pack.number(pressing.clock as u64);
        pack.signed(pressing.due.unix());
    });
    pack.number(row.turns.len() as u64);
    for turn in &row.turns {
        pack.optional(turn.from, |pack, from| pack.signed(from.unix()));
        pack.optional(turn.next, |pack, next| pack.number(next as u64));
    }
    pack
}

/// The row that these bytes are, where the row of the table bears this key.
pub(super) fn read_row(key: i64, bytes: &[u8]) -> Option<Row> {
    let mut bytes = Unpack::sealed_for(key, bytes)?;
    Some(Row {
        reference: bytes.text()?.parse().ok()?,
        stage: bytes.choice(Stage::ALL)?,
        route: bytes.choice(Route::ALL)?,
        owner: bytes.optional(|bytes| PersonId::new(bytes.text()?).ok())?,
        channel: bytes.choice(Channel::ALL)?,
        received: bytes.instant()?,
        outcome: bytes.optional(|bytes| bytes.choice(DecisionOutcome::ALL))?,
        risk: bytes.optional(|bytes| bytes.choice(Risk::ALL))?,
        urgent: bytes.number()? == 1,
        pressing: bytes.optional(|bytes| {
            Some(Pressing { clock: bytes.choice(ClockName::ALL)?, due: bytes.instant()? })
        })?,
        turns: (0..bytes.number()?)
            .map(|_| {
                let from = bytes.optional(Unpack::instant)?;
                Some(Turn { from, next: bytes.optional(|bytes| bytes.choice(ActionKind::ALL))? })
            })
            .collect::<Option<Vec<Turn>>>()?,
    })
}

/// What the numbers need of a case as bytes, to be sealed.
pub(super) fn facts(facts: &Facts) -> Pack {
    Pack::default().rest(facts.to_string().as_bytes())
}

/// The facts that these bytes are, where the row of the table bears this key.
pub(super) fn read_facts(key: i64, bytes: &[u8]) -> Option<Facts> {
    std::str::from_utf8(Unpack::sealed_for(key, bytes)?.rest()).ok()?.parse().ok()
}

/// The people of a case as bytes, to be sealed.
pub(super) fn people(people: &[Someone]) -> Pack {
    let mut pack = Pack::roomy();
    for someone in people {
        pack.number(someone.role as u64);
        let day =
            |day: Day| (i64::from(day.year()) * 10_000 + i64::from(day.month() * 100 + day.day())) as u64;
        pack.optional(someone.date_of_birth, |pack, born| pack.number(day(born)));
        pack.number(someone.names.len() as u64);
        for (family, given) in &someone.names {
            pack.optional(family.as_deref(), Pack::text);
            pack.optional(given.as_deref(), Pack::text);
        }
    }
    pack
}

/// The people that these bytes are, where the row of the table bears this key.
pub(super) fn read_people(key: i64, bytes: &[u8]) -> Option<Vec<Someone>> {
    let mut bytes = Unpack::sealed_for(key, bytes)?;
    let mut people = Vec::new();
    while !bytes.is_empty() {
        let role = bytes.choice(PersonRole::ALL)?;
        let date_of_birth = bytes.optional(|bytes| {
            let number = u32::try_from(bytes.number()?).ok()?;
            Day::new((number / 10_000).cast_signed(), number / 100 % 100, number % 100)
        })?;
        let text = |bytes: &mut Unpack<'_>| bytes.text().map(str::to_owned);
        let names = (0..bytes.number()?).map(|_| Some((bytes.optional(text)?, bytes.optional(text)?)));
        let names = names.collect::<Option<Vec<_>>>()?;
        people.push(Someone { role, names, date_of_birth });
    }
    Some(people)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_and_what_was_spoilt_is_not() {
        let row = Row {
            reference: "KP-26-7K3QF4".parse().unwrap(),
            stage: Stage::Decision,
            route: Route::RightToKnow,
            owner: Some(PersonId::new("d.osei").unwrap()),
            channel: Channel::Other,
            received: "2026-03-02T09:15:00Z".parse().unwrap(),
            outcome: Some(DecisionOutcome::DoNotDisclose),
            risk: Some(Risk::VeryHigh),
            urgent: true,
            pressing: Some(Pressing {
                clock: ClockName::Whole,
                due: "1969-03-30T22:59:59Z".parse().unwrap(),
            }),
            turns: vec![
                Turn { from: None, next: Some(ActionKind::Decide) },
                Turn { from: Some("2026-03-04T00:00:00Z".parse().unwrap()), next: None },
            ],
        };
        let bytes = super::row(&row).sealed_for(7);
        assert_eq!(read_row(7, &bytes), Some(row));
        assert!(read_row(8, &bytes).is_none(), "in the row of another case");
        for at in 0..bytes.len() {
            let mut spoilt = bytes.clone();
            spoilt[at] ^= 1;
            assert!(read_row(7, &spoilt).is_none(), "byte {at}");
            assert!(read_row(7, &bytes[..at]).is_none(), "cut at {at}");
        }
        let someone = Someone {
            role: PersonRole::Child,
            names: vec![(Some("Example".to_owned()), None), (None, Some("Zo\u{eb}".to_owned()))],
            date_of_birth: Day::new(2018, 6, 30),
        };
        let bytes = people(std::slice::from_ref(&someone)).sealed_for(7);
        assert!(read_people(7, &bytes) == Some(vec![someone]));
        assert!(read_people(7, &people(&[]).sealed_for(7)) == Some(Vec::new()));
    }

    #[test]
    fn numbers_of_any_size_come_back() {
        for number in [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX] {
            let mut pack = Pack::default();
            pack.number(number);
            pack.signed(number.cast_signed());
            let bytes = pack.sealed();
            let mut read = Unpack::sealed(&bytes).unwrap();
            assert_eq!((read.number(), read.signed()), (Some(number), Some(number.cast_signed())));
            assert!(read.is_empty() && read.number().is_none());
        }
    }
}
