//! The people of very many cases, held ready to be compared with many others: for `import`, and for `apply` with many new
//! cases. One case is compared with a store by way of its index instead (see [`super::candidates`]).

use std::collections::{BTreeMap, HashMap};

use super::candidates::Candidates;
use super::people::nearest;
use super::{Alike, Compared, Keys, Pair};
use crate::domain::case::PersonRole;
use crate::domain::reference::Reference;

/// Everybody in many cases. It has no `Debug`: it holds personal facts.
#[derive(Default)]
pub struct Everybody {
    /// The cases by their numbers; `None` where one was put in again.
    cases: Vec<Option<Reference>>,
    numbers: HashMap<Reference, usize>,
    /// Everybody, with their role.
    people: Compared,
    /// The number of everybody's case.
    case_of: Vec<usize>,
    candidates: Candidates,
}

impl Everybody {
    /// How many cases were put in.
    pub fn len(&self) -> usize {
        self.cases.len()
    }

    /// Whether none was.
    pub fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    /// Whether a case is among them.
    pub fn holds(&self, reference: &Reference) -> bool {
        self.numbers.contains_key(reference)
    }

    /// The number of a case.
    pub fn number(&self, reference: &Reference) -> Option<usize> {
        self.numbers.get(reference).copied()
    }

    /// The references of the cases by their numbers, without those that were put in again.
    pub fn into_references(self) -> Vec<Reference> {
        self.cases.into_iter().flatten().collect()
    }

    /// The references of the cases.
    pub fn references(&self) -> impl Iterator<Item = &Reference> {
        self.numbers.keys()
    }

    /// The people of the case of a number.
    pub fn of(&self, number: usize) -> &[(PersonRole, Keys)] {
        let end = |number: usize| self.case_of.partition_point(|case| *case < number);
        self.people.get(end(number)..end(number + 1)).unwrap_or_default()
    }

    /// Puts the people of a case in, in the place of those that it had. Cases are numbered as they come.
    pub fn keep(&mut self, reference: Reference, people: Compared) {
        let number = self.cases.len();
        if let Some(before) = self.numbers.insert(reference.clone(), number) {
            self.cases[before] = None;
        }
        self.cases.push(Some(reference));
        for (_, keys) in &people {
            self.candidates.add(keys);
            self.case_of.push(number);
        }
        self.people.extend(people);
    }

    /// The cases with somebody like one of these, likest first; only of those that were put in as one of the first so many.
    pub fn alike(&self, ours: &[(PersonRole, Keys)], first: usize) -> Vec<Alike> {
        let mut found: BTreeMap<usize, Vec<Pair>> = BTreeMap::new();
        for (our_role, our) in ours {
            let candidates =
                self.candidates.like(our).into_iter().filter_map(|place| usize::try_from(place).ok());
            for place in candidates.take_while(|place| self.case_of[*place] < first) {
                let (their_role, their) = &self.people[place];
                if let Some(reasons) = our.alike(their) {
                    nearest(found.entry(self.case_of[place]).or_default(), *our_role, *their_role, reasons);
                }
            }
        }
        let alike = |(number, pairs): (usize, Vec<Pair>)| {
            let reference = self.cases.get(number)?.clone()?;
            Some(Alike { reference, pairs })
        };
        let mut found: Vec<Alike> = found.into_iter().filter_map(alike).collect();
        found.sort_by(Alike::order);
        found
    }
}
