//! Who of very many persons can be like one at all: everybody whom [`Keys::alike`] would point out is among the
//! candidates, and few others are, so that tens of thousands can be compared with one another.
//!
//! It follows the table of [`super`]: with the same names (in order or exchanged) dates do not matter; with the same
//! date or a slip in it the date finds them; with a date unknown, one part of the name is the same, and the other is near.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::Keys;
use super::spelling::Folded;

/// Persons, by what two who are alike have in common. It has no `Debug`: it holds personal facts.
pub struct Candidates {
    /// Both parts of a name, in either order.
    whole: Marks,
    /// One part of a name and nearly the other, of everybody.
    near: Marks,
    /// The same, of those whose date of birth is unknown.
    near_undated: Marks,
    /// Those born on a day, by its eight digits.
    born: HashMap<u32, Vec<u32>>,
}

/// Marks, each with the position of a person who has it; in order.
struct Marks(Vec<(u64, u32)>);

impl Candidates {
    /// Of these persons, who are called by their positions.
    pub fn of<'k>(people: impl Iterator<Item = &'k Keys> + Clone) -> Candidates {
        let mut whole = Vec::new();
        let mut near = Vec::new();
        let mut near_undated = Vec::new();
        let mut born: HashMap<u32, Vec<u32>> = HashMap::new();
        // Given names are looked up for those alone whose date is unknown, and by those.
        let undated = people.clone().filter(|person| person.birth.is_none());
        let given: HashSet<&[char]> = undated
            .flat_map(|person| &person.names)
            .filter_map(|name| Some(name.given.as_ref()?.letters()))
            .collect();
        let nobody = people.clone().all(|person| person.birth.is_some());
        for (position, person) in (0..).zip(people) {
            whole.extend(person.whole().map(|mark| (mark, position)));
            if let Some(birth) = &person.birth {
                born.entry(birth.slips().0).or_default().push(position);
            }
            if !nobody {
                let marks = person.near(|letters| given.contains(letters));
                near_undated
                    .extend(marks.iter().filter(|_| person.birth.is_none()).map(|mark| (*mark, position)));
                near.extend(marks.into_iter().map(|mark| (mark, position)));
            }
        }
        Candidates {
            whole: Marks::new(whole),
            near: Marks::new(near),
            near_undated: Marks::new(near_undated),
            born,
        }
    }

    /// The positions of all who can be like `person`, in order, each once; `person` itself too, where it is among them.
    pub fn like(&self, person: &Keys) -> Vec<u32> {
        let mut found = Vec::new();
        person.whole().for_each(|mark| self.whole.find(mark, &mut found));
        let near = match &person.birth {
            None => &self.near,
            Some(birth) => {
                let days = birth.slips().1;
                found.extend(days.iter().filter_map(|day| self.born.get(day)).flatten());
                &self.near_undated
            }
        };
        if !near.0.is_empty() {
            person.near(|_| true).into_iter().for_each(|mark| near.find(mark, &mut found));
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

impl Marks {
    fn new(mut marks: Vec<(u64, u32)>) -> Marks {
        marks.sort_unstable();
        marks.dedup();
        Marks(marks)
    }

    fn find(&self, mark: u64, found: &mut Vec<u32>) {
        let start = self.0.partition_point(|(other, _)| *other < mark);
        let same = self.0[start..].iter().take_while(|(other, _)| *other == mark);
        found.extend(same.map(|(_, position)| *position));
    }
}

impl Keys {
    /// A mark for each name of which both parts are known: the same for the parts exchanged.
    fn whole(&self) -> impl Iterator<Item = u64> + '_ {
        self.names.iter().filter_map(|name| {
            let (family, given) = (name.family.as_ref()?.letters(), name.given.as_ref()?.letters());
            Some(mark("whole", family.min(given), family.max(given)))
        })
    }

    /// Marks of which two names share one where their family names are the same, or where their given names are and their
    /// family names are near. The latter only for given names that are `wanted`.
    fn near(&self, wanted: impl Fn(&[char]) -> bool) -> Vec<u64> {
        let mut marks = Vec::new();
        for name in &self.names {
            let (Some(family), Some(given)) = (&name.family, &name.given) else {
                continue;
            };
            marks.push(mark("family", family.letters(), &[]));
            if wanted(given.letters()) {
                let spellings = Folded::near_spellings(family);
                marks.extend(spellings.iter().map(|spelling| mark("near", given.letters(), spelling)));
            }
        }
        marks
    }
}

fn mark(kind: &str, one: &[char], another: &[char]) -> u64 {
    let mut hasher = DefaultHasher::new();
    (kind, one, another).hash(&mut hasher);
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
        let candidates = Candidates::of(people.iter());
        let (mut alike, mut looked_at) = (0, 0);
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
