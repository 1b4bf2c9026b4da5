//! What the store holds already, and who of those that come in is like whom (L1).

use std::collections::HashMap;

use super::plan::in_parallel;
use crate::commands::similar::{MOST, of_case};
use crate::domain::case::PersonRole;
use crate::domain::mapping::folded;
use crate::domain::node::Node;
use crate::domain::reference::Reference;
use crate::domain::similarity::{Compared, Everybody, Likeness, Pair};
use crate::error::Error;
use crate::output::Progress;
use crate::store::{Snapshot, files};

/// The cases of the store: their people, and the references that they had elsewhere.
pub(super) struct Known {
    pub(super) people: Everybody,
    pub(super) former: HashMap<String, Reference>,
}

/// Two cases that look alike: one that comes in, and an earlier one. Of these there may be very many, so that each is as
/// small as it can be.
#[derive(Clone, Copy)]
pub(super) struct Similar {
    /// The position of the one that comes in, among those that do.
    pub(super) case: u32,
    /// The position of the earlier one among all.
    to: u32,
    ours: PersonRole,
    theirs: PersonRole,
    /// A bit for each reason.
    reasons: u16,
}

/// All of them, by the case that comes in.
#[derive(Default)]
pub(super) struct Similars {
    all: Vec<Similar>,
    /// Those of the store, then those that come in.
    references: Vec<Reference>,
}

const _: () = assert!(Likeness::ALL.len() <= 16);

impl Known {
    /// Reads every case.
    pub(super) fn read(head: &Snapshot) -> Result<Known, Error> {
        let mut known = Known { people: Everybody::default(), former: HashMap::new() };
        let read = files::every_case(head, |case| {
            let former = case.former_reference.as_ref().map(|former| folded(former.open().as_str()));
            Ok(Some((former, of_case(&case), case.reference)))
        })?;
        for (former, people, reference) in read {
            known.former.extend(former.map(|former| (former, reference.clone())));
            known.people.keep(reference, people);
        }
        Ok(known)
    }
}

impl Similar {
    fn of(case: usize, to: usize, pair: &Pair) -> Option<Similar> {
        let bit = |reason: &Likeness| Likeness::ALL.iter().position(|other| other == reason);
        let reasons = pair.reasons.iter().filter_map(bit).fold(0, |bits, bit| bits | 1 << bit);
        let (case, to) = (u32::try_from(case).ok()?, u32::try_from(to).ok()?);
        Some(Similar { case, to, ours: pair.ours, theirs: pair.theirs, reasons })
    }
}

impl Similars {
    /// All, in the order of the cases that come in.
    pub(super) fn all(&self) -> &[Similar] {
        &self.all
    }

    /// Those of one case that comes in.
    pub(super) fn of(&self, case: usize) -> &[Similar] {
        let end = |case: usize| self.all.partition_point(|similar| (similar.case as usize) < case);
        &self.all[end(case)..end(case + 1)]
    }

    /// One, with the earlier case by its reference and the reasons one by one.
    pub(super) fn told(&self, similar: &Similar) -> (&Reference, Pair) {
        let reasons = Likeness::ALL.iter().enumerate().filter(|(bit, _)| similar.reasons & (1 << bit) != 0);
        let reasons = reasons.map(|(_, reason)| *reason).collect();
        let pair = Pair { ours: similar.ours, theirs: similar.theirs, reasons };
        (&self.references[similar.to as usize], pair)
    }

    /// As the case that comes in keeps it.
    pub(super) fn signal(&self, similar: &Similar) -> Node {
        let (to, pair) = self.told(similar);
        let reasons = pair.reasons.iter().map(|reason| Node::text(reason.word())).collect();
        let fields = [
            ("to", Node::text(to.as_str())),
            ("ours", Node::text(pair.ours.word())),
            ("theirs", Node::text(pair.theirs.word())),
            ("reasons", Node::List(reasons)),
        ];
        Node::Map(fields.map(|(key, value)| (key.to_owned(), value)).to_vec())
    }

    /// In what they are alike, without a name.
    pub(super) fn in_words(&self, similar: &Similar) -> String {
        let (to, pair) = self.told(similar);
        let reasons: Vec<&str> = pair.reasons.iter().map(|reason| reason.meaning()).collect();
        let (theirs, ours) = (pair.theirs.meaning(), pair.ours.meaning());
        format!("the {ours} is like the {theirs} of {to}: {}", reasons.join(", "))
    }
}

/// L1: for each case that comes in, the earlier ones that look alike, in the store or in the rows before it.
pub(super) fn similar(
    known: Known,
    references: &[&Reference],
    people: Vec<Compared>,
    quiet: bool,
) -> Similars {
    let first = known.people.len();
    let mut everybody = known.people;
    for (reference, people) in references.iter().zip(people) {
        everybody.keep((*reference).clone(), people);
    }
    let progress = Progress::begin("cases compared", quiet);
    let incoming: Vec<usize> = (0..references.len()).collect();
    let found = in_parallel(&incoming, |&case| {
        progress.step();
        // Only what was there before, in the store or in the file.
        let number = first + case;
        let found = everybody.alike(everybody.of(number), number).into_iter().take(MOST);
        let each = found.filter_map(|alike| Some((everybody.number(&alike.reference)?, alike.pairs)));
        let each = each.flat_map(|(to, pairs)| pairs.into_iter().map(move |pair| (to, pair)));
        each.filter_map(|(to, pair)| Similar::of(case, to, &pair)).collect::<Box<[Similar]>>()
    });
    let all = found.into_iter().flatten().collect();
    Similars { all, references: everybody.into_references() }
}
