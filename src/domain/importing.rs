//! What is told of a case that is imported: how it was opened, what the old system recorded of it, and where it stands
//! there. One row of the old system, one [`Importing`].

use super::action::Action;
use super::case::*;
use super::invisible;
use super::node::{Node, Path};
use super::record::{self, Part, Problem, Reader, Shape};
use super::scalars::{Fill, Line, PersonId, Private, Prose, Stated};
use super::time::Instant;
use crate::record;

record! {
    /// A case of another system. Whatever that system recorded in full stands under the keys of the case file and is
    /// held to the rules of those records; what it knew less of stands under `imported`.
    pub struct Importing {
        /// Its reference in the old system
        pub former_reference: Option<Private<Line>>,
        /// By which route did it come?
        pub route: Route,
        /// How it came in (C1)
        pub received: Received,
        /// Where it stood in the old system
        pub imported: Imported,
        /// Who looks after it, or did
        pub owner: Option<PersonId>,
        /// The applicant
        pub applicant: Option<Applicant>,
        /// The subject
        pub subject: Subject,
        /// The children
        pub children: Vec<Child>,
        /// The concern: in the applicant's words, or the information the police hold
        pub concern: Private<Prose>,
        /// The checks (K1)
        pub checks: Vec<Check>,
        /// The screening
        pub screening: Option<Screening>,
        /// The interview (I1)
        pub interview: Option<Interview>,
        /// The assessment
        pub assessment: Option<Assessment>,
        /// The decision (D1)
        pub decision: Option<Decision>,
        /// The disclosures (O4)
        pub disclosures: Vec<Disclosure>,
        /// How the applicant was informed (O5)
        pub informed: Option<Informed>,
        /// How it ended (O6)
        pub closure: Option<Closure>,
        /// How the applicant left it (S5)
        pub withdrawal: Option<Withdrawal>,
        /// Urgent action (S3)
        pub urgent: Vec<Urgent>,
        /// Referrals (S4, S8)
        pub referrals: Vec<Referral>,
        /// Extensions (C5)
        pub extensions: Vec<Extension>,
        /// Contacts
        pub contacts: Vec<Contact>,
        /// Notes
        pub notes: Vec<Note>,
        /// Other cases that look alike (found by the tool, L1)
        [made] pub signals: Vec<Signal>,
    }
}

impl Importing {
    /// Reads the answers. Ids are made, and the import itself is dated and signed; who did what in the old system and
    /// when is for the answers to say, and nothing is filled in for it.
    pub fn read(answers: &Node, fill: &Fill) -> Result<Importing, Vec<Problem>> {
        let mut answers = answers.clone();
        invisible::drop_from(&mut answers);
        with_ids(&mut answers, Importing::SHAPE, fill);
        let imported = Path::from("imported");
        answers.set(&imported.key("by"), Node::text(fill.actor.as_str()));
        answers.set(&imported.key("at"), Node::Stamp(fill.now.to_string()));
        record::read(&answers, Reader::strict())
    }

    /// What it was opened with. Who looks after it is left out: of a closed case it may be somebody who has gone.
    pub fn opening(&self) -> Opening {
        Opening {
            route: self.route,
            received: self.received.clone(),
            owner: None,
            applicant: self.applicant.clone(),
            subject: self.subject.clone(),
            children: Stated(self.children.clone()),
            concern: self.concern.clone(),
            signals: self.signals.clone(),
        }
    }

    /// What an imported case was imported with, where nothing has been done to it since.
    pub fn read_back(case: &Case) -> Option<Importing> {
        Some(Importing {
            former_reference: case.former_reference.clone(),
            route: case.route,
            received: case.received.clone(),
            imported: case.imported.clone()?,
            owner: case.owner.clone(),
            applicant: case.applicant.clone(),
            subject: case.subject.clone(),
            children: case.children.clone(),
            concern: case.concern.clone(),
            checks: case.checks.clone(),
            screening: case.screening.clone(),
            interview: case.interview.clone(),
            assessment: case.assessment.clone(),
            decision: case.decision.clone(),
            disclosures: case.disclosures.clone(),
            informed: case.informed.clone(),
            closure: case.closure.clone(),
            withdrawal: case.withdrawal.clone(),
            urgent: case.urgent.clone(),
            referrals: case.referrals.clone(),
            extensions: case.extensions.clone(),
            contacts: case.contacts.clone(),
            notes: case.notes.clone(),
            signals: case.signals.clone(),
        })
    }

    /// Puts everything recorded into an opened case as it stands.
    pub fn put_into(&self, case: &mut Case) {
        let of = self.clone();
        case.checks = of.checks;
        case.screening = of.screening;
        case.interview = of.interview;
        case.assessment = of.assessment;
        case.decision = of.decision;
        case.disclosures = of.disclosures;
        case.informed = of.informed;
        case.closure = of.closure;
        case.withdrawal = of.withdrawal;
        case.urgent = of.urgent;
        case.referrals = of.referrals;
        case.extensions = of.extensions;
        case.contacts = of.contacts;
        case.notes = of.notes;
    }

    /// Everything that was recorded, as the actions that recorded it, in the order of time; at one moment in the order
    /// of the work. Each with the place of its record in the answers.
    pub fn actions(&self) -> Vec<(Path, Action)> {
        fn all<T: Clone>(of: &[T], key: &str, make: impl Fn(T) -> Action) -> Vec<(Path, Action)> {
            let one = |(index, item): (usize, &T)| (Path::root().key(key).index(index), make(item.clone()));
            of.iter().enumerate().map(one).collect()
        }
        fn one<T: Clone>(of: &Option<T>, key: &str, make: impl Fn(T) -> Action) -> Vec<(Path, Action)> {
            of.iter().map(|record| (Path::root().key(key), make(record.clone()))).collect()
        }
        let mut actions = [
            all(&self.checks, "checks", Action::Check),
            all(&self.urgent, "urgent", Action::Urgent),
            all(&self.referrals, "referrals", Action::Refer),
            all(&self.extensions, "extensions", Action::Extend),
            all(&self.contacts, "contacts", Action::Contact),
            all(&self.notes, "notes", Action::Note),
            one(&self.screening, "screening", Action::Screen),
            one(&self.interview, "interview", Action::Interview),
            one(&self.assessment, "assessment", Action::Assess),
            one(&self.decision, "decision", |decision| Action::Decide(Box::new(decision))),
            all(&self.disclosures, "disclosures", |disclosure| Action::Disclose(Box::new(disclosure))),
            one(&self.informed, "informed", Action::Inform),
            one(&self.withdrawal, "withdrawal", Action::Withdraw),
            one(&self.closure, "closure", Action::Close),
        ]
        .concat();
        let at = |action: &Action| action.done().map(|(_, at): (_, Instant)| at);
        actions.sort_by_key(|(_, action)| at(action));
        actions
    }
}

/// Gives an id to every item that has none.
fn with_ids(node: &mut Node, shape: Shape, fill: &Fill) {
    match (node, shape) {
        (Node::Map(entries), Shape::Record(fields)) => {
            for (key, value) in entries.iter_mut() {
                if let Some(field) = fields.iter().find(|field| field.key == key) {
                    with_ids(value, field.shape, fill);
                }
            }
            let wants = fields.iter().any(|field| field.key == "id" && field.filled);
            if wants && entries.iter().all(|(key, _)| key != "id") {
                entries.push(("id".to_owned(), Node::text(fill.item_id().as_str())));
            }
        }
        (Node::List(items), Shape::List(item)) => {
            items.iter_mut().for_each(|node| with_ids(node, *item, fill));
        }
        _ => {}
    }
}
