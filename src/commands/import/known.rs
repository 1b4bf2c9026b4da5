//! What the store holds already, and who of those that come in is like whom (L1).

use std::collections::HashMap;

use super::plan::in_parallel;
use crate::commands::similar::{self, MOST};
use crate::domain::case::PersonRole;
use crate::domain::mapping::folded;
use crate::domain::node::Node;
use crate::domain::reference::Reference;
use crate::domain::similarity::{Candidates, Keys, Likeness};
use crate::error::Error;
use crate::output::progress::Progress;
use crate::store::{Snapshot, files};

/// The cases of the store: their people, and the references that they had elsewhere.
pub(super) struct Known {
    pub(super) cases: Vec<(Reference, Vec<(PersonRole, Keys)>)>,
    pub(super) former: HashMap<String, Reference>,
}

/// Two cases that look alike: one that comes in, and an earlier one.
pub(super) struct Similar {
    /// The one that comes in.
    pub(super) reference: Reference,
    /// The earlier one.
    pub(super) to: Reference,
    pub(super) ours: PersonRole,
    pub(super) theirs: PersonRole,
    pub(super) reasons: Vec<Likeness>,
}

impl Known {
    /// Reads every case.
    pub(super) fn read(head: &Snapshot) -> Result<Known, Error> {
        let mut known = Known { cases: Vec::new(), former: HashMap::new() };
        let read = files::every_case(head, |case| {
            let former = case.former_reference.as_ref().map(|former| folded(former.open().as_str()));
            Ok(Some((former, similar::of_case(&case), case.reference)))
        })?;
        for (former, people, reference) in read {
            known.former.extend(former.map(|former| (former, reference.clone())));
            known.cases.push((reference, people));
        }
        Ok(known)
    }
}

impl Similar {
    /// As the case that comes in keeps it.
    pub(super) fn signal(&self) -> Node {
        let reasons = self.reasons.iter().map(|reason| Node::text(reason.word())).collect();
        let fields = [
            ("to", Node::text(self.to.as_str())),
            ("ours", Node::text(self.ours.word())),
            ("theirs", Node::text(self.theirs.word())),
            ("reasons", Node::List(reasons)),
        ];
        Node::Map(fields.map(|(key, value)| (key.to_owned(), value)).to_vec())
    }

    /// In what they are alike, without a name.
    pub(super) fn in_words(&self) -> String {
        let reasons: Vec<&str> = self.reasons.iter().map(|reason| reason.meaning()).collect();
        let (theirs, ours) = (self.theirs.meaning(), self.ours.meaning());
        format!("the {ours} is like the {theirs} of {}: {}", self.to, reasons.join(", "))
    }
}

/// L1: for each case that comes in, the earlier ones that look alike, in the store or in the rows before it.
pub(super) fn similar(
    known: Known,
    references: Vec<Reference>,
    people: Vec<Vec<(PersonRole, Keys)>>,
    shown: bool,
) -> Vec<Similar> {
    let first = known.cases.len();
    let mut cases: Vec<Reference> = Vec::with_capacity(first + references.len());
    // Everybody in a row, with the case and the part they have in it.
    let (mut keys, mut parts) = (Vec::new(), Vec::new());
    let mut ranges = Vec::new();
    let incoming = references.into_iter().zip(people);
    for (reference, persons) in known.cases.into_iter().chain(incoming) {
        let start = keys.len();
        for (role, person) in persons {
            keys.push(person);
            parts.push((cases.len(), role));
        }
        ranges.push(start..keys.len());
        cases.push(reference);
    }
    let candidates = Candidates::of(&keys);
    let incoming: Vec<usize> = (first..cases.len()).collect();
    let progress = Progress::begin("cases compared", shown);
    let found = in_parallel(&incoming, |&case| {
        progress.step();
        let mut best: HashMap<usize, (Vec<Likeness>, PersonRole, PersonRole)> = HashMap::new();
        for (own, person) in ranges[case].clone().map(|own| (own, &keys[own])) {
            let near = candidates.like(person);
            for position in near.into_iter().filter_map(|position| usize::try_from(position).ok()) {
                let (other, theirs) = parts[position];
                // Only what was there before, in the store or in the file.
                if other >= case {
                    continue;
                }
                let Some(reasons) = person.alike(&keys[position]) else {
                    continue;
                };
                if best.get(&other).is_none_or(|(before, ..)| reasons < *before) {
                    best.insert(other, (reasons, parts[own].1, theirs));
                }
            }
        }
        let mut best: Vec<_> = best.into_iter().collect();
        best.sort_by(|a, b| a.1.0.cmp(&b.1.0).then_with(|| cases[a.0].cmp(&cases[b.0])));
        best.truncate(MOST);
        let similar = |(other, (reasons, ours, theirs)): (usize, (Vec<Likeness>, PersonRole, PersonRole))| {
            Similar { reference: cases[case].clone(), to: cases[other].clone(), ours, theirs, reasons }
        };
        best.into_iter().map(similar).collect::<Vec<_>>()
    });
    found.into_iter().flatten().collect()
}
