//! Whether two persons may be one: names and dates of birth that are near enough to point out (L1). A signal for a
//! person to judge, never a reason to merge; so it gives its reasons.
//!
//! How near a name must be depends on the dates of birth. What counts, by what the names have in common:
//!
//! | name | same date | a slip in the date | a date unknown | other dates |
//! |---|---|---|---|---|
//! | the same | yes | yes | yes | yes |
//! | family and given exchanged | yes | yes | yes | no |
//! | both nearly the same, or a short form | yes | yes | where one is the same and the other not a chance | no |
//! | one the same, the other not known | yes | yes | no | no |
//! | one the same, the other different | yes | no | no | no |
//!
//! A slip is one digit, two digits exchanged, or day and month exchanged; where the names are the same, also a year that
//! is one off.

use super::time::Day;
use crate::choice;

mod birth;
mod candidates;
mod everybody;
mod marks;
mod people;
mod spelling;

pub use marks::{Mark, Sketch, candidates};
pub use people::{Alike, Compared, Pair, Someone, alikes, of_opening, pairs, people};
pub(super) use spelling::{LONGEST as LONGEST_WORD, forms, within};

use birth::Birth;
use spelling::{Folded, Spelling};

pub use everybody::Everybody;

choice! {
    /// What makes two persons alike (L1).
    pub enum Likeness {
        SameName = "same_name" => "the same name",
        SwappedName = "swapped_name" => "family and given name exchanged",
        SimilarName = "similar_name" => "a name spelled nearly the same",
        ShortName = "short_name" => "a short form of the given name",
        SameFamilyName = "same_family_name" => "the same family name",
        SameGivenName = "same_given_name" => "the same given name",
        SameBirth = "same_date_of_birth" => "the same date of birth",
        TransposedBirth = "transposed_date_of_birth" => "the date of birth with day and month exchanged",
        SimilarBirth = "similar_date_of_birth" => "a date of birth that is one slip away",
        DifferentBirth = "different_date_of_birth" => "but another date of birth",
    }
}

/// What is compared of a person. It has no `Debug`: it holds personal facts.
pub struct Person<'a> {
    /// Every name and alias, family and given.
    pub names: Vec<(Option<&'a str>, Option<&'a str>)>,
    /// The date of birth, where known.
    pub date_of_birth: Option<Day>,
}

/// A person made ready to be compared with many. It has no `Debug`: it holds personal facts.
pub struct Keys {
    names: Box<[NameKey]>,
    birth: Option<Birth>,
}

struct NameKey {
    family: Option<Folded>,
    given: Option<Folded>,
}

impl Person<'_> {
    /// Folds the names once, so that comparing with 100,000 others is quick.
    pub fn keys(&self) -> Keys {
        let fold = |text: Option<&str>| text.and_then(Folded::new);
        let names = self.names.iter();
        let names = names.map(|&(family, given)| NameKey { family: fold(family), given: fold(given) });
        let names = names.filter(|name| name.family.is_some() || name.given.is_some());
        // Hundreds of thousands are held at once: with no room to spare.
        Keys { names: names.collect::<Vec<_>>().into(), birth: self.date_of_birth.map(Birth::new) }
    }
}

/// Why `a` and `b` may be the same person; `None` where they are not near enough to point out (L1).
pub fn alike(a: &Person<'_>, b: &Person<'_>) -> Option<Vec<Likeness>> {
    a.keys().alike(&b.keys())
}

/// How far apart two persons are that are alike for these reasons: the nearest first. The name and the date of birth
/// weigh the same, and a date that is not known lies between one that agrees and one that contradicts.
pub fn distance(reasons: &[Likeness]) -> u8 {
    let name = reasons.iter().map(|reason| match reason {
        Likeness::SwappedName => 1,
        Likeness::SimilarName | Likeness::ShortName => 2,
        Likeness::SameFamilyName | Likeness::SameGivenName => 4,
        _ => 0,
    });
    let birth = reasons.iter().find_map(|reason| match reason {
        Likeness::SameBirth => Some(0),
        Likeness::TransposedBirth | Likeness::SimilarBirth => Some(1),
        Likeness::DifferentBirth => Some(5),
        _ => None,
    });
    name.max().unwrap_or(0) + birth.unwrap_or(2)
}

/// How two dates of birth compare.
#[derive(Clone, Copy, PartialEq)]
enum Births {
    Same,
    Transposed,
    Slip,
    /// Years that follow each other: a slip only where the names are the same.
    NextYear,
    Unknown,
    Different,
}

/// How two names compare, the nearest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Names {
    Same,
    Swapped,
    /// In order or exchanged, with what differs, and whether it would do without a date of birth.
    Near {
        swapped: bool,
        similar: bool,
        short: bool,
        certain: bool,
    },
    /// This part is the same, and the other is not known of both.
    OnlyKnown(Part),
    /// This part is the same, and the other is different.
    OnlySame(Part),
}

/// Which part of a name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Family,
    Given,
}

impl Keys {
    /// Why these two may be the same person, names first; `None` where they are not near enough to point out (L1).
    pub fn alike(&self, other: &Keys) -> Option<Vec<Likeness>> {
        let births = match (&self.birth, &other.birth) {
            (Some(one), Some(another)) => one.compare(another),
            _ => Births::Unknown,
        };
        let mut nearest: Option<Names> = None;
        for one in &self.names {
            for another in &other.names {
                let names = if births == Births::Different || births == Births::NextYear {
                    one.is_same(another).then_some(Names::Same)
                } else {
                    one.compare(another).filter(|names| names.suffice(births))
                };
                nearest = match (nearest, names) {
                    (Some(best), Some(names)) => Some(best.min(names)),
                    (best, names) => best.or(names),
                };
            }
        }
        nearest.map(|names| reasons(names, births))
    }
}

impl NameKey {
    fn is_same(&self, other: &NameKey) -> bool {
        let same = |one: &Option<Folded>, another: &Option<Folded>| match (one, another) {
            (Some(one), Some(another)) => one.is_same(another),
            _ => false,
        };
        same(&self.family, &other.family) && same(&self.given, &other.given)
    }

    fn compare(&self, other: &NameKey) -> Option<Names> {
        let family = compare(&self.family, &other.family, Folded::family);
        let given = compare(&self.given, &other.given, Folded::given);
        let in_order = match (family, given) {
            (Some(Spelling::Same), Some(Spelling::Same)) => return Some(Names::Same),
            (Some(Spelling::Different), Some(Spelling::Different)) => None,
            (Some(Spelling::Same), Some(Spelling::Different)) => Some(Names::OnlySame(Part::Family)),
            (Some(Spelling::Different), Some(Spelling::Same)) => Some(Names::OnlySame(Part::Given)),
            (Some(Spelling::Same), None) => Some(Names::OnlyKnown(Part::Family)),
            (None, Some(Spelling::Same)) => Some(Names::OnlyKnown(Part::Given)),
            (Some(family), Some(given)) => near(family, given, false),
            _ => None,
        };
        if matches!(in_order, Some(Names::Near { .. })) {
            return in_order;
        }
        let family_as_given = compare(&self.family, &other.given, Folded::family);
        let given_as_family = compare(&self.given, &other.family, Folded::family);
        let swapped = match (family_as_given, given_as_family) {
            (Some(Spelling::Same), Some(Spelling::Same)) => Some(Names::Swapped),
            (Some(one), Some(another)) => near(one, another, true),
            _ => None,
        };
        swapped.or(in_order)
    }
}

fn compare(
    one: &Option<Folded>,
    another: &Option<Folded>,
    how: impl Fn(&Folded, &Folded) -> Spelling,
) -> Option<Spelling> {
    Some(how(one.as_ref()?, another.as_ref()?))
}

/// Two parts of which neither is different, and not both are the same.
fn near(family: Spelling, given: Spelling, swapped: bool) -> Option<Names> {
    if family == Spelling::Different || given == Spelling::Different {
        return None;
    }
    let either = |what: &[Spelling]| what.contains(&family) || what.contains(&given);
    Some(Names::Near {
        certain: !swapped && either(&[Spelling::Same]) && !either(&[Spelling::Near]),
        swapped,
        short: either(&[Spelling::Short]),
        similar: either(&[Spelling::Near, Spelling::NearAndLong]),
    })
}

impl Names {
    /// The table at the top of this file, but for dates that contradict each other.
    fn suffice(self, births: Births) -> bool {
        match self {
            Names::Same | Names::Swapped => true,
            Names::Near { certain, .. } => certain || births != Births::Unknown,
            Names::OnlyKnown(_) => births != Births::Unknown,
            Names::OnlySame(_) => births == Births::Same,
        }
    }
}

fn reasons(names: Names, births: Births) -> Vec<Likeness> {
    let mut reasons = match names {
        Names::Same => vec![Likeness::SameName],
        Names::Swapped => vec![Likeness::SwappedName],
        Names::Near { swapped, short, similar, .. } => {
            let stated = [
                (swapped, Likeness::SwappedName),
                (similar, Likeness::SimilarName),
                (short, Likeness::ShortName),
            ];
            stated.iter().filter(|(holds, _)| *holds).map(|&(_, reason)| reason).collect()
        }
        Names::OnlyKnown(Part::Family) | Names::OnlySame(Part::Family) => vec![Likeness::SameFamilyName],
        Names::OnlyKnown(Part::Given) | Names::OnlySame(Part::Given) => vec![Likeness::SameGivenName],
    };
    reasons.extend(match births {
        Births::Same => Some(Likeness::SameBirth),
        Births::Transposed => Some(Likeness::TransposedBirth),
        Births::Slip | Births::NextYear => Some(Likeness::SimilarBirth),
        Births::Different => Some(Likeness::DifferentBirth),
        Births::Unknown => None,
    });
    reasons
}

#[cfg(test)]
mod tests;
