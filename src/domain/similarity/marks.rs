//! What can be looked up of a person: a few marks by which everybody who may be alike is found (L1), so that not every
//! case need be read. With each mark goes a sketch of the name that bears it, which rules out most of those found.

use std::collections::BTreeSet;

use super::spelling::Outline;
use super::{Keys, NameKey};
use crate::choice;
use crate::domain::case::PersonRole;

choice! {
    /// What can be looked up of a person.
    pub enum Mark {
        Family = "family" => "a family name",
        Given = "given" => "the given names",
        Birth = "birth" => "a date of birth",
    }
}

/// One name of a person at a glance, and whether a date of birth is known of the person.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Sketch {
    family: Option<Outline>,
    given: Option<Outline>,
    dated: bool,
}

/// What a sketch that is kept as numbers says by its first one.
const DATED: u64 = 1;

impl Sketch {
    fn of(name: &NameKey, dated: bool) -> Sketch {
        let outline = |part: &Option<super::Folded>| part.as_ref().map(super::Folded::outline);
        Sketch { family: outline(&name.family), given: outline(&name.given), dated }
    }

    /// As numbers, to be kept.
    pub fn numbers(self) -> [u64; 3] {
        let part = |outline: Option<Outline>| {
            outline.map_or(0, |outline| {
                let shape = u64::from(outline.length) << 1 | u64::from(outline.several);
                shape << 32 | u64::from(outline.mask)
            })
        };
        [if self.dated { DATED } else { 0 }, part(self.family), part(self.given)]
    }

    /// From the numbers.
    pub fn from_numbers([flags, family, given]: [u64; 3]) -> Sketch {
        let part = |number: u64| {
            // A name that is known has a letter.
            let length = (number >> 33) as u8;
            let several = number >> 32 & 1 == 1;
            (length > 0).then_some(Outline { mask: number as u32, length, several })
        };
        Sketch { family: part(family), given: part(given), dated: flags & DATED != 0 }
    }

    /// False only where the names are neither the same nor near, in order or exchanged, nor is only a part known.
    fn may_be_near(self, other: Sketch) -> bool {
        let near = |one: Option<Outline>, another: Option<Outline>| match (one, another) {
            (Some(one), Some(another)) => one.may_be_near(another),
            _ => true,
        };
        near(self.family, other.family) || near(self.family, other.given)
    }
}

/// False only where two parts of names are not the same.
fn may_be_same(one: Option<Outline>, another: Option<Outline>) -> bool {
    one.zip(another).is_some_and(|(one, another)| (one.mask, one.length) == (another.mask, another.length))
}

/// The text of a date of birth that is given as the number of its eight digits.
fn digits(day: u32) -> String {
    format!("{day:08}")
}

impl Keys {
    fn sketches(&self) -> impl Iterator<Item = (&NameKey, Sketch)> {
        self.names.iter().map(|name| (name, Sketch::of(name, self.birth.is_some())))
    }

    /// The marks by which this person can be looked up, each with what goes with it.
    pub fn marks(&self) -> Vec<(Mark, String, Sketch)> {
        let mut marks = Vec::new();
        for (name, sketch) in self.sketches() {
            let parts = [(Mark::Family, &name.family), (Mark::Given, &name.given)];
            marks.extend(
                parts
                    .into_iter()
                    .filter_map(|(mark, part)| part.as_ref().map(|part| (mark, part.whole(), sketch))),
            );
            marks.extend(self.birth.as_ref().map(|birth| (Mark::Birth, digits(birth.number()), sketch)));
        }
        marks
    }
}

/// The numbers of the cases that may have somebody like one of ours: certainly all that have, and some more. `look` hands
/// over the numbers of the cases in which somebody bears a mark, with the sketches. It follows the table of [`super`]:
///
/// - births that are the same: by the date; exchanged or a slip apart: by the date, where the names may be near;
/// - a birth that is not known: by the part of the name that is the same, or both of them, exchanged;
/// - births that contradict each other: by the family name, where the given names may be the same.
pub fn candidates<E>(
    ours: &[(PersonRole, Keys)],
    mut look: impl FnMut(Mark, &str, &mut dyn FnMut(u32, Sketch)) -> Result<(), E>,
) -> Result<BTreeSet<u32>, E> {
    let mut found = BTreeSet::new();
    for (_, keys) in ours {
        let sketches: Vec<Sketch> = keys.sketches().map(|(_, sketch)| sketch).collect();
        if let Some(birth) = &keys.birth {
            let (own, days) = birth.slips();
            for day in days {
                look(Mark::Birth, &digits(day), &mut |case, theirs| {
                    if day == own || sketches.iter().any(|ours| ours.may_be_near(theirs)) {
                        found.insert(case);
                    }
                })?;
            }
        }
        for (name, ours) in keys.sketches() {
            let undated = |theirs: Sketch| !(ours.dated && theirs.dated);
            if let Some(family) = &name.family {
                look(Mark::Family, &family.whole(), &mut |case, theirs| {
                    if undated(theirs) || may_be_same(ours.given, theirs.given) {
                        found.insert(case);
                    }
                })?;
            }
            if let Some(given) = &name.given {
                look(Mark::Given, &given.whole(), &mut |case, theirs| {
                    if undated(theirs) && ours.may_be_near(theirs) {
                        found.insert(case);
                    }
                })?;
                look(Mark::Family, &given.whole(), &mut |case, theirs| {
                    if undated(theirs) && may_be_same(ours.family, theirs.given) {
                        found.insert(case);
                    }
                })?;
            }
        }
    }
    Ok(found)
}
