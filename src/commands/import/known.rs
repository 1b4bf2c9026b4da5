//! What the store holds already, and who of those that come in is like whom (L1).

use std::collections::{BTreeSet, HashMap};

use super::plan::in_parallel;
use crate::commands::similar::{MOST, of_case};
use crate::domain::mapping::folded;
use crate::domain::node::Node;
use crate::domain::reference::Reference;
use crate::domain::similarity::{self, Alike, Candidates, Compared, Pair};
use crate::error::Error;
use crate::output::Progress;
use crate::store::{Snapshot, files};

/// The cases of the store: their people, and the references that they had elsewhere.
pub(super) struct Known {
    pub(super) cases: Vec<(Reference, Compared)>,
    pub(super) former: HashMap<String, Reference>,
}

/// Two cases that look alike: one that comes in, and an earlier one.
pub(super) struct Similar {
    /// The one that comes in.
    pub(super) reference: Reference,
    /// The earlier one.
    pub(super) to: Reference,
    /// The roles whose people are alike, and in what.
    pub(super) pair: Pair,
}

impl Known {
    /// Reads every case.
    pub(super) fn read(head: &Snapshot) -> Result<Known, Error> {
        let mut known = Known { cases: Vec::new(), former: HashMap::new() };
        let read = files::every_case(head, |case| {
            let former = case.former_reference.as_ref().map(|former| folded(former.open().as_str()));
            Ok(Some((former, of_case(&case), case.reference)))
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
        let reasons = self.pair.reasons.iter().map(|reason| Node::text(reason.word())).collect();
        let fields = [
            ("to", Node::text(self.to.as_str())),
            ("ours", Node::text(self.pair.ours.word())),
            ("theirs", Node::text(self.pair.theirs.word())),
            ("reasons", Node::List(reasons)),
        ];
        Node::Map(fields.map(|(key, value)| (key.to_owned(), value)).to_vec())
    }

    /// In what they are alike, without a name.
    pub(super) fn in_words(&self) -> String {
        let reasons: Vec<&str> = self.pair.reasons.iter().map(|reason| reason.meaning()).collect();
        let (theirs, ours) = (self.pair.theirs.meaning(), self.pair.ours.meaning());
        format!("the {ours} is like the {theirs} of {}: {}", self.to, reasons.join(", "))
    }
}

/// L1: for each case that comes in, the earlier ones that look alike, in the store or in the rows before it.
pub(super) fn similar(
    known: Known,
    references: Vec<Reference>,
    people: Vec<Compared>,
    quiet: bool,
) -> Vec<Similar> {
    let first = known.cases.len();
    let cases: Vec<(Reference, Compared)> =
        known.cases.into_iter().chain(references.into_iter().zip(people)).collect();
    // Everybody in a row, and the case that each is in.
    let everybody = cases.iter().flat_map(|(_, people)| people.iter().map(|(_, keys)| keys));
    let candidates = Candidates::of(everybody);
    let number = |case: usize| std::iter::repeat_n(case, cases[case].1.len());
    let of_person: Vec<usize> = (0..cases.len()).flat_map(number).collect();
    let incoming: Vec<usize> = (first..cases.len()).collect();
    let progress = Progress::begin("cases compared", quiet);
    let found = in_parallel(&incoming, |&case| {
        progress.step();
        let (reference, ours) = &cases[case];
        let near = ours.iter().flat_map(|(_, keys)| candidates.like(keys));
        // Only what was there before, in the store or in the file.
        let earlier = near.filter_map(|person| Some(of_person[usize::try_from(person).ok()?]));
        let earlier: BTreeSet<usize> = earlier.filter(|&other| other < case).collect();
        let alike = |other: usize| {
            let (reference, theirs) = &cases[other];
            let pairs = similarity::pairs(ours, theirs);
            (!pairs.is_empty()).then(|| Alike { reference: reference.clone(), pairs })
        };
        let mut found: Vec<Alike> = earlier.into_iter().filter_map(alike).collect();
        found.sort_by(Alike::order);
        found.truncate(MOST);
        let each = found.into_iter().flat_map(|alike| {
            let to = alike.reference;
            alike.pairs.into_iter().map(move |pair| (to.clone(), pair))
        });
        each.map(|(to, pair)| Similar { reference: reference.clone(), to, pair }).collect::<Vec<_>>()
    });
    found.into_iter().flatten().collect()
}
