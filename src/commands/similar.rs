//! Earlier cases that look alike (L1): a signal, never a merge.

use std::collections::BTreeMap;

use crate::context::Office;
use crate::domain::case::{Case, Child, Opening, PersonName, PersonRole, Signal};
use crate::domain::reference::Reference;
use crate::domain::scalars::{Fill, Private};
use crate::domain::similarity::{Keys, Likeness, Person};
use crate::domain::time::Day;
use crate::error::Error;
use crate::store::{Snapshot, files};

/// At most so many cases are pointed out, the likest first.
pub const MOST: usize = 10;

/// The cases whose applicant, subject or children are like those of a new one. Reads every case.
pub fn signals(office: &Office, fill: &Fill, opening: &Opening) -> Result<Vec<Signal>, Error> {
    let ours = of_opening(opening);
    let found = files::every_case(&office.head, |case| {
        let alike = likest(&ours, &of_case(&case));
        Ok(alike.map(|(ours, theirs, reasons)| (case.reference, ours, theirs, reasons)))
    })?;
    Ok(likest_first(found, fill))
}

/// Everybody in every case, made ready to be compared with many new ones. It has no `Debug`: it holds personal facts.
pub struct Everybody {
    cases: BTreeMap<Reference, Vec<(PersonRole, Keys)>>,
}

impl Everybody {
    /// Reads every case of a commit.
    pub fn read(head: &Snapshot) -> Result<Everybody, Error> {
        let people = files::every_case(head, |case| Ok(Some((case.reference.clone(), of_case(&case)))))?;
        Ok(Everybody { cases: people.into_iter().collect() })
    }

    /// The case as it stands from now on.
    pub fn keep(&mut self, case: &Case) {
        self.cases.insert(case.reference.clone(), of_case(case));
    }

    /// The cases that are like a new one.
    pub fn signals(&self, fill: &Fill, opening: &Opening) -> Vec<Signal> {
        let ours = of_opening(opening);
        let alike = |(reference, theirs): (&Reference, &Vec<(PersonRole, Keys)>)| {
            let (ours, theirs, reasons) = likest(&ours, theirs)?;
            Some((reference.clone(), ours, theirs, reasons))
        };
        likest_first(self.cases.iter().filter_map(alike).collect(), fill)
    }
}

type Alike = (Reference, PersonRole, PersonRole, Vec<Likeness>);

fn likest_first(mut found: Vec<Alike>, fill: &Fill) -> Vec<Signal> {
    found.sort_by(|a, b| a.3.cmp(&b.3).then_with(|| a.0.cmp(&b.0)));
    let signal = |(to, ours, theirs, reasons)| Signal { id: fill.item_id(), to, ours, theirs, reasons };
    found.into_iter().take(MOST).map(signal).collect()
}

fn of_opening(opening: &Opening) -> Vec<(PersonRole, Keys)> {
    people(
        opening.applicant.as_ref().map(|applicant| (&applicant.name, applicant.date_of_birth.as_ref())),
        &opening.subject.name.iter().chain(&opening.subject.aliases).collect::<Vec<_>>(),
        opening.subject.date_of_birth.as_ref(),
        &opening.children.0,
    )
}

/// The pair of people that is likest.
fn likest(
    ours: &[(PersonRole, Keys)],
    theirs: &[(PersonRole, Keys)],
) -> Option<(PersonRole, PersonRole, Vec<Likeness>)> {
    let mut best: Option<(PersonRole, PersonRole, Vec<Likeness>)> = None;
    for (our_role, our) in ours {
        for (their_role, their) in theirs {
            if let Some(reasons) = our.alike(their)
                && best.as_ref().is_none_or(|(.., before)| reasons < *before)
            {
                best = Some((*our_role, *their_role, reasons));
            }
        }
    }
    best
}

/// The people of a case, ready to be compared.
pub fn of_case(case: &Case) -> Vec<(PersonRole, Keys)> {
    people(
        case.applicant.as_ref().map(|applicant| (&applicant.name, applicant.date_of_birth.as_ref())),
        &case.subject.name.iter().chain(&case.subject.aliases).collect::<Vec<_>>(),
        case.subject.date_of_birth.as_ref(),
        &case.children,
    )
}

fn people(
    applicant: Option<(&PersonName, Option<&Private<Day>>)>,
    subject: &[&PersonName],
    subject_birth: Option<&Private<Day>>,
    children: &[Child],
) -> Vec<(PersonRole, Keys)> {
    let mut people = Vec::new();
    if let Some((name, birth)) = applicant {
        people.push((PersonRole::Applicant, keys(&[name], birth)));
    }
    if !subject.is_empty() {
        people.push((PersonRole::Subject, keys(subject, subject_birth)));
    }
    for child in children {
        people.push((PersonRole::Child, keys(&[&child.name], child.date_of_birth.as_ref())));
    }
    people
}

fn keys(names: &[&PersonName], birth: Option<&Private<Day>>) -> Keys {
    let part = |part: &'_ Option<Private<crate::domain::scalars::Line>>| {
        part.as_ref().map(|line| line.open().as_str().to_owned())
    };
    let owned: Vec<(Option<String>, Option<String>)> =
        names.iter().map(|name| (part(&name.family), part(&name.given))).collect();
    let person = Person {
        names: owned.iter().map(|(family, given)| (family.as_deref(), given.as_deref())).collect(),
        date_of_birth: birth.map(|day| *day.open()),
    };
    person.keys()
}
