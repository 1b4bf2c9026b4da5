//! Who of very many persons can be like one at all: everybody whom [`Keys::alike`] would point out is among the
//! candidates, and few others are, so that tens of thousands can be compared with one another.
//!
//! It follows the table of [`super`]: with the same names (in order or exchanged) dates do not matter; with the same
//! date or a slip in it the date finds them; with a date unknown, one part of the name is the same, and the other is near.
//!
//! The index of a store asks the same question of a file, by [`super::candidates`]: it looks the marks of a few people up,
//! a query each, with a sketch of the name that is kept as three numbers. Here all people are in memory anyway, so that
//! both parts of a name can be looked up as one, and beside each part stands what tells most of those who bear it apart.
//! A few hundred thousand comparisons an import has no time for would be left otherwise.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::spelling::{FirstName, Folded, Outline};
use super::{Keys, NameKey};

/// Persons, by what two who are alike have in common. It has no `Debug`: it holds personal facts.
#[derive(Default)]
pub(super) struct Candidates {
    /// How many persons there are.
    count: u32,
    /// Both parts of a name, in either order.
    whole: HashMap<u64, Vec<u32>>,
    /// The family name, with the given names at a glance.
    family: HashMap<u64, Bearers<FirstName>>,
    /// The given names, with the family name at a glance.
    given: HashMap<u64, Bearers<Outline>>,
    /// Those born on a day, by its eight digits, once for each of their names.
    born: HashMap<u32, Vec<Born>>,
}

/// Those who bear one part of a name, with the other part at a glance.
struct Bearers<T> {
    dated: Vec<(u32, T)>,
    /// Those whose date of birth is unknown.
    undated: Vec<(u32, T)>,
}

impl<T: Copy> Bearers<T> {
    fn add(&mut self, position: u32, other: T, dated: bool) {
        if dated { &mut self.dated } else { &mut self.undated }.push((position, other));
    }

    /// Those who fit; where the date of birth of whom they are compared with is known, only of those without one.
    fn find(&self, only_undated: bool, fits: impl Fn(T) -> bool, found: &mut Vec<u32>) {
        let dated = if only_undated { &[][..] } else { &self.dated };
        let fitting = dated.iter().chain(&self.undated).filter(|(_, other)| fits(*other));
        found.extend(fitting.map(|(position, _)| *position));
    }
}

impl<T> Default for Bearers<T> {
    fn default() -> Self {
        Bearers { dated: Vec::new(), undated: Vec::new() }
    }
}

/// Somebody who was born on a day.
struct Born {
    position: u32,
    outlines: Outlines,
}

/// One name at a glance: family, given, and the first of the given ones. `None` where a part is not known.
#[derive(Clone, Copy)]
struct Outlines(Option<(Outline, Outline, FirstName)>);

impl Outlines {
    fn of(name: &NameKey) -> Outlines {
        let both = name.family.as_ref().zip(name.given.as_ref());
        Outlines(both.map(|(family, given)| (family.outline(), given.outline(), given.first_name())))
    }

    /// False only where the names are neither the same nor near, in order or exchanged, nor is only a part known.
    fn may_be_near(self, other: Outlines) -> bool {
        let (Some((family, given, first)), Some((other_family, other_given, other_first))) =
            (self.0, other.0)
        else {
            return true;
        };
        family.may_be_near(other_family) && first.may_be_near(other_first)
            || family.may_be_near(other_given) && given.may_be_near(other_family)
    }
}

impl Candidates {
    /// Adds somebody: the position by which they are called from now on, which is one more than that of the last.
    pub(super) fn add(&mut self, person: &Keys) -> u32 {
        let position = self.count;
        self.count += 1;
        let dated = person.birth.is_some();
        for (family, given) in person.both() {
            self.whole.entry(both(family, given)).or_default().push(position);
            self.family.entry(word(family)).or_default().add(position, given.first_name(), dated);
            self.given.entry(word(given)).or_default().add(position, family.outline(), dated);
        }
        if let Some(birth) = &person.birth {
            let names = person.names.iter().map(Outlines::of);
            let names = names.map(|outlines| Born { position, outlines });
            self.born.entry(birth.number()).or_default().extend(names);
        }
        position
    }

    /// The positions of all who can be like `person`, in order, each once; `person` itself too, where it is among them.
    pub(super) fn like(&self, person: &Keys) -> Vec<u32> {
        let mut found = Vec::new();
        let dated = person.birth.is_some();
        for (family, given) in person.both() {
            found.extend(self.whole.get(&both(family, given)).into_iter().flatten());
            if let Some(bearers) = self.family.get(&word(family)) {
                let ours = given.first_name();
                bearers.find(dated, |theirs| ours.may_be_near(theirs), &mut found);
            }
            if let Some(bearers) = self.given.get(&word(given)) {
                let ours = family.outline();
                bearers.find(dated, |theirs| ours.may_be_near(theirs), &mut found);
            }
        }
        if let Some(birth) = &person.birth {
            let (own, days) = birth.slips();
            let names: Vec<Outlines> = person.names.iter().map(Outlines::of).collect();
            for day in days {
                // Who was born on the very day may be like one by half a name.
                let fits =
                    |born: &&Born| day == own || names.iter().any(|name| name.may_be_near(born.outlines));
                let born = self.born.get(&day).into_iter().flatten();
                found.extend(born.filter(fits).map(|born| born.position));
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

impl Keys {
    /// The names of which both parts are known.
    fn both(&self) -> impl Iterator<Item = (&Folded, &Folded)> {
        self.names.iter().filter_map(|name| Some((name.family.as_ref()?, name.given.as_ref()?)))
    }
}

/// The same for the two exchanged.
fn both(one: &Folded, another: &Folded) -> u64 {
    let (one, another) = (one.letters(), another.letters());
    hash(&(one.min(another), one.max(another)))
}

fn word(part: &Folded) -> u64 {
    hash(part.letters())
}

fn hash<T: Hash + ?Sized>(what: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::super::Person;
    use super::*;
    use crate::domain::reference::Chance;
    use crate::domain::time::Day;

    const FAMILY: [&str; 16] = [
        "Sample",
        "Sampel",
        "Samples",
        "Example",
        "Exampel",
        "Sample-Example",
        "Placeholder",
        "Placeholdr",
        "Placehldr",
        "Instance",
        "Smith",
        "Smyth",
        "Ng",
        "O'Sample",
        "Alex",
        "Robinson",
    ];
    const GIVEN: [&str; 16] = [
        "Alex",
        "Alexander",
        "Alec",
        "Sam",
        "Samuel",
        "Robert",
        "Bob",
        "Charlie",
        "Charles",
        "Charley",
        "Kim",
        "Sample",
        "Alex Sam",
        "Robin",
        "Jo",
        "Smith",
    ];

    fn person(chance: &mut Chance) -> Keys {
        let mut part = |words: &[&'static str; 16]| {
            let word = words[chance.below(16)];
            (chance.below(8) > 0).then_some(word)
        };
        let names: Vec<_> = (0..2).map(|_| (part(&FAMILY), part(&GIVEN))).collect();
        let names = if chance.below(4) > 0 { names[..1].to_vec() } else { names };
        let year = 1990 + i32::try_from(chance.below(4)).unwrap();
        let (month, day) = (1 + chance.below(4) as u32, 1 + chance.below(16) as u32);
        let date_of_birth = (chance.below(4) > 0).then(|| Day::new(year, month, day).unwrap());
        Person { names, date_of_birth }.keys()
    }

    #[test]
    fn l1_everybody_who_is_alike_is_a_candidate() {
        let mut chance = Chance::from_seed(11);
        let people: Vec<Keys> = (0..700).map(|_| person(&mut chance)).collect();
        let mut candidates = Candidates::default();
        let (mut alike, mut looked_at) = (0, 0);
        for (position, person) in (0..).zip(&people) {
            assert_eq!(candidates.add(person), position);
        }
        for one in &people {
            let near = candidates.like(one);
            looked_at += near.len();
            for (position, another) in (0..).zip(&people) {
                if one.alike(another).is_some() {
                    alike += 1;
                    assert!(near.binary_search(&position).is_ok());
                }
            }
        }
        assert!(alike > 4_000, "{alike}");
        assert!(looked_at < people.len() * people.len() / 4, "{looked_at}");
    }
}
