//! Dates of birth and the slips that are made in writing them.

use super::Births;
use crate::domain::time::Day;

/// A date of birth as its eight digits.
pub(super) struct Birth {
    digits: [u8; 8],
    year: i32,
}

impl Birth {
    pub(super) fn new(day: Day) -> Birth {
        let number = day.year().unsigned_abs() * 10_000 + day.month() * 100 + day.day();
        let mut digits = [0; 8];
        let mut rest = number;
        for digit in digits.iter_mut().rev() {
            *digit = (rest % 10) as u8;
            rest /= 10;
        }
        Birth { digits, year: day.year() }
    }

    /// The eight digits as a number.
    pub(super) fn number(&self) -> u32 {
        number(&self.digits)
    }

    /// The eight digits as a number, and those of every date that is this one or a slip away from it, as
    /// [`Birth::compare`] has it; among them numbers that are no date.
    pub(super) fn slips(&self) -> (u32, Vec<u32>) {
        let own = self.number();
        let mut slips = vec![own];
        for place in 0..8 {
            let mut digits = self.digits;
            for digit in 0..10 {
                digits[place] = digit;
                slips.push(number(&digits));
            }
            let mut digits = self.digits;
            if place < 7 {
                digits.swap(place, place + 1);
                slips.push(number(&digits));
            }
        }
        let [.., m1, m2, d1, d2] = self.digits;
        let mut digits = self.digits;
        digits[4..].copy_from_slice(&[d1, d2, m1, m2]);
        slips.push(number(&digits));
        slips.sort_unstable();
        slips.dedup();
        (own, slips)
    }

    /// One digit mistyped, two neighbours exchanged within year, month or day, day and month exchanged, or the year
    /// before or after.
    pub(super) fn compare(&self, other: &Birth) -> Births {
        let (one, another) = (&self.digits, &other.digits);
        if one == another {
            return Births::Same;
        }
        if one[..4] == another[..4] && one[4..6] == another[6..] && one[6..] == another[4..6] {
            return Births::Transposed;
        }
        let differ = |place: &usize| one[*place] != another[*place];
        let mut places = (0..8).filter(differ);
        match (places.next(), places.next(), places.next()) {
            (Some(_), None, _) => Births::Slip,
            (Some(first), Some(second), None)
                if second == first + 1
                    && second != 4
                    && second != 6
                    && one[first] == another[second]
                    && one[second] == another[first] =>
            {
                Births::Slip
            }
            _ if one[4..] == another[4..] && self.year.abs_diff(other.year) == 1 => Births::NextYear,
            _ => Births::Different,
        }
    }
}

fn number(digits: &[u8; 8]) -> u32 {
    digits.iter().fold(0, |number, &digit| number * 10 + u32::from(digit))
}
