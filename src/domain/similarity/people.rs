//! The people of a case as they are compared with those of others (L1, L2).

use std::cmp::Ordering;
use std::cmp::Reverse;

use super::{Keys, Likeness, Person, distance};
use crate::domain::case::{Case, Child, Opening, PersonName, PersonRole};
use crate::domain::reference::Reference;
use crate::domain::scalars::{Line, Private};
use crate::domain::time::Day;

/// A person of a case. It has no `Debug`: it holds personal facts.
#[derive(Clone, PartialEq, Eq)]
pub struct Someone {
    /// What they are in the case.
    pub role: PersonRole,
    /// Every name and alias, family and given.
    pub names: Vec<(Option<String>, Option<String>)>,
    /// The date of birth, where known.
    pub date_of_birth: Option<Day>,
}

impl Someone {
    /// Somebody of these names, in a role.
    pub fn new(role: PersonRole, names: &[&PersonName], birth: Option<&Private<Day>>) -> Someone {
        let part = |part: &Option<Private<Line>>| part.as_ref().map(|line| line.open().as_str().to_owned());
        Someone {
            role,
            names: names.iter().map(|name| (part(&name.family), part(&name.given))).collect(),
            date_of_birth: birth.map(|day| *day.open()),
        }
    }

    /// Made ready to be compared.
    pub fn keys(&self) -> Keys {
        let names = self.names.iter().map(|(family, given)| (family.as_deref(), given.as_deref()));
        Person { names: names.collect(), date_of_birth: self.date_of_birth }.keys()
    }
}

/// Applicant, subject and children of a case.
pub fn people(case: &Case) -> Vec<Someone> {
    let applicant = case.applicant.as_ref();
    everybody(
        applicant.map(|applicant| (&applicant.name, applicant.date_of_birth.as_ref())),
        &case.subject.name.iter().chain(&case.subject.aliases).collect::<Vec<_>>(),
        case.subject.date_of_birth.as_ref(),
        &case.children,
    )
}

/// The same of a case that is being opened.
pub fn of_opening(opening: &Opening) -> Vec<Someone> {
    let applicant = opening.applicant.as_ref();
    everybody(
        applicant.map(|applicant| (&applicant.name, applicant.date_of_birth.as_ref())),
        &opening.subject.name.iter().chain(&opening.subject.aliases).collect::<Vec<_>>(),
        opening.subject.date_of_birth.as_ref(),
        &opening.children.0,
    )
}

fn everybody(
    applicant: Option<(&PersonName, Option<&Private<Day>>)>,
    subject: &[&PersonName],
    subject_birth: Option<&Private<Day>>,
    children: &[Child],
) -> Vec<Someone> {
    let mut people = Vec::new();
    people.extend(applicant.map(|(name, birth)| Someone::new(PersonRole::Applicant, &[name], birth)));
    if !subject.is_empty() {
        people.push(Someone::new(PersonRole::Subject, subject, subject_birth));
    }
    let child = |child: &Child| Someone::new(PersonRole::Child, &[&child.name], child.date_of_birth.as_ref());
    people.extend(children.iter().map(child));
    people
}

/// A case with somebody who is like somebody of ours.
#[derive(Debug, Clone, PartialEq)]
pub struct Alike {
    /// That case.
    pub reference: Reference,
    /// The roles whose people are alike, each pair once.
    pub pairs: Vec<Pair>,
}

/// Two roles whose people are alike.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// Which of our people.
    pub ours: PersonRole,
    /// Which of theirs.
    pub theirs: PersonRole,
    /// In what they are alike.
    pub reasons: Vec<Likeness>,
}

impl Pair {
    /// `its subject is like the applicant of this case: the same name, the same date of birth`.
    pub fn in_words(&self) -> String {
        let reasons: Vec<&str> = self.reasons.iter().map(|reason| reason.meaning()).collect();
        let (theirs, ours) = (self.theirs.meaning(), self.ours.meaning());
        format!("its {theirs} is like the {ours} of this case: {}", reasons.join(", "))
    }
}

impl Alike {
    /// The order of cases: the likest first, then those that are like in more roles.
    pub fn order(&self, other: &Alike) -> Ordering {
        let rank = |alike: &Alike| {
            let nearest = alike.pairs.iter().map(|pair| distance(&pair.reasons)).min();
            (nearest, Reverse(alike.pairs.len()))
        };
        rank(self).cmp(&rank(other)).then_with(|| self.reference.cmp(&other.reference))
    }
}

/// Those who are compared: their roles and keys.
pub type Compared = Vec<(PersonRole, Keys)>;

/// People made ready to be compared.
pub fn alikes(people: &[Someone]) -> Compared {
    people.iter().map(|someone| (someone.role, someone.keys())).collect()
}

/// The pairs of roles whose people are alike, each once, with the likest of its people.
pub fn pairs(ours: &[(PersonRole, Keys)], theirs: &[(PersonRole, Keys)]) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = Vec::new();
    for (our_role, our) in ours {
        for (their_role, their) in theirs {
            if let Some(reasons) = our.alike(their) {
                nearest(&mut pairs, *our_role, *their_role, reasons);
            }
        }
    }
    pairs
}

/// Adds two who are alike, unless others in the same roles are as near.
pub(super) fn nearest(pairs: &mut Vec<Pair>, ours: PersonRole, theirs: PersonRole, reasons: Vec<Likeness>) {
    match pairs.iter_mut().find(|pair| (pair.ours, pair.theirs) == (ours, theirs)) {
        Some(pair) => {
            if distance(&reasons) < distance(&pair.reasons) {
                pair.reasons = reasons;
            }
        }
        None => pairs.push(Pair { ours, theirs, reasons }),
    }
}
