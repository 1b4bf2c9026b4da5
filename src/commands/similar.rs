//! Earlier cases that look alike (L1): a signal, never a merge.

use crate::context::Office;
use crate::domain::case::{Case, Child, Opening, PersonName, PersonRole, Signal};
use crate::domain::scalars::{Fill, Private};
use crate::domain::similarity::{self, Keys, Likeness, Person};
use crate::domain::time::Day;
use crate::error::Error;
use crate::store::files;

/// At most so many cases are pointed out, the likest first.
const MOST: usize = 10;

/// The cases that look like a new one.
pub struct Similar {
    /// A signal for each pair of roles whose people are alike, those of one case together, the likest case first.
    pub signals: Vec<Signal>,
    /// How many cases besides are not pointed out, as they are less like it.
    pub more: usize,
}

/// Two roles whose people are alike, ours first, and in what.
type Pair = (PersonRole, PersonRole, Vec<Likeness>);

/// The cases whose applicant, subject or children are like those of a new one. Reads every case.
pub fn signals(office: &Office, fill: &Fill, opening: &Opening) -> Result<Similar, Error> {
    let ours: Vec<(PersonRole, Keys)> = people(
        opening.applicant.as_ref().map(|applicant| (&applicant.name, applicant.date_of_birth.as_ref())),
        &opening.subject.name.iter().chain(&opening.subject.aliases).collect::<Vec<_>>(),
        opening.subject.date_of_birth.as_ref(),
        &opening.children.0,
    );
    let mut found = files::every_case(&office.head, |case| {
        let pairs = alike(&ours, &of_case(&case));
        Ok((!pairs.is_empty()).then_some((case.reference, pairs)))
    })?;
    found.sort_by_cached_key(|(reference, pairs)| {
        let nearest = pairs.iter().map(|(.., reasons)| similarity::distance(reasons)).min();
        (nearest, std::cmp::Reverse(pairs.len()), reference.clone())
    });
    let more = found.len().saturating_sub(MOST);
    let signals = found.into_iter().take(MOST).flat_map(|(to, pairs)| {
        pairs.into_iter().map(move |(ours, theirs, reasons)| (to.clone(), ours, theirs, reasons))
    });
    let signal = |(to, ours, theirs, reasons)| Signal { id: fill.item_id(), to, ours, theirs, reasons };
    Ok(Similar { signals: signals.map(signal).collect(), more })
}

/// The pairs of roles whose people are alike, each once, with the likest of its people.
fn alike(ours: &[(PersonRole, Keys)], theirs: &[(PersonRole, Keys)]) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = Vec::new();
    for (our_role, our) in ours {
        for (their_role, their) in theirs {
            let Some(reasons) = our.alike(their) else { continue };
            let roles = (*our_role, *their_role);
            match pairs.iter_mut().find(|(ours, theirs, _)| (*ours, *theirs) == roles) {
                Some((.., nearest)) => {
                    if similarity::distance(&reasons) < similarity::distance(nearest) {
                        *nearest = reasons;
                    }
                }
                None => pairs.push((roles.0, roles.1, reasons)),
            }
        }
    }
    pairs
}

fn of_case(case: &Case) -> Vec<(PersonRole, Keys)> {
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

/// A person made ready to be compared.
pub fn keys(names: &[&PersonName], birth: Option<&Private<Day>>) -> Keys {
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
