//! Everything that can happen to a case. Whichever way a change comes (flags, a file, a prompt, an editor), it is one of
//! these, and goes through [`super::workflow::apply`].

use super::case::*;
use super::importing::Importing;
use super::node::{Node, Path};
use super::record::{self, Fault, Part, Problem, Reader, Shape};
use super::reference::Reference;
use super::scalars::{At, By, Fill, ItemId, ItemRef, PersonId, Private, Prose, Stated};
use super::time::Instant;
use crate::record;

mod kinds;

pub use kinds::ActionKind;

record! {
    /// Who looks after the case from now on.
    pub struct Assignment {
        /// Who will look after it? (an id from `csods person list`)
        pub owner: PersonId,
    }
}

record! {
    /// Why a file was edited by hand: one reason for every fact that differs.
    pub struct EditReason {
        /// Who edited it
        pub by: By,
        /// When
        pub at: At,
        /// Why is it changed?
        pub code: CorrectionCode,
        /// What is the reason in full?
        pub reason: Private<Prose>,
    }
}

/// Something that happens to a case.
#[expect(
    clippy::large_enum_variant,
    reason = "a command makes one or two; a box around each would only blur them"
)]
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Opens a case under a new reference.
    New(Reference, Box<Opening>),
    /// Records a check (K1).
    Check(Check),
    /// Records the screening.
    Screen(Screening),
    /// Records the interview (I1).
    Interview(Interview),
    /// Records the assessment.
    Assess(Assessment),
    /// Records the decision (D1).
    Decide(Box<Decision>),
    /// Records a disclosure (O4).
    Disclose(Box<Disclosure>),
    /// Records that the applicant was informed (O5).
    Inform(Informed),
    /// Closes the case (O6, S5, S6).
    Close(Closure),
    /// Records urgent action (S3).
    Urgent(Urgent),
    /// Records a referral (S4, S8).
    Refer(Referral),
    /// Records an extension (C5).
    Extend(Extension),
    /// Records a contact.
    Contact(Contact),
    /// Adds a note.
    Note(Note),
    /// Records that the applicant left (S5).
    Withdraw(Withdrawal),
    /// Goes on without the applicant (T3).
    Reroute(Rerouting),
    /// Changes who looks after it.
    Assign(Assignment),
    /// Links to another case (L1).
    Link(Link),
    /// Adds letters that were made: one, or all that are due.
    Letter(Vec<Letter>),
    /// Records that a letter was sent.
    Sent(Dispatch),
    /// Reopens a closed case (S1).
    Reopen(Reopening),
    /// Corrects a recorded fact.
    Correct(Correction),
    /// Takes in a case as edited by hand; every difference becomes a correction.
    Edit(Box<Case>, EditReason, Vec<ItemId>),
    /// Imports a case under a new reference, with what the old system recorded of it.
    Import(Reference, Box<Importing>),
}

impl Action {
    /// Its kind.
    pub fn kind(&self) -> ActionKind {
        match self {
            Action::New(..) => ActionKind::New,
            Action::Check(_) => ActionKind::Check,
            Action::Screen(_) => ActionKind::Screen,
            Action::Interview(_) => ActionKind::Interview,
            Action::Assess(_) => ActionKind::Assess,
            Action::Decide(_) => ActionKind::Decide,
            Action::Disclose(_) => ActionKind::Disclose,
            Action::Inform(_) => ActionKind::Inform,
            Action::Close(_) => ActionKind::Close,
            Action::Urgent(_) => ActionKind::Urgent,
            Action::Refer(_) => ActionKind::Refer,
            Action::Extend(_) => ActionKind::Extend,
            Action::Contact(_) => ActionKind::Contact,
            Action::Note(_) => ActionKind::Note,
            Action::Withdraw(_) => ActionKind::Withdraw,
            Action::Reroute(_) => ActionKind::Reroute,
            Action::Assign(_) => ActionKind::Assign,
            Action::Link(_) => ActionKind::Link,
            Action::Letter(_) => ActionKind::Letter,
            Action::Sent(_) => ActionKind::Sent,
            Action::Reopen(_) => ActionKind::Reopen,
            Action::Correct(_) => ActionKind::Correct,
            Action::Edit(..) => ActionKind::Edit,
            Action::Import(..) => ActionKind::Import,
        }
    }

    /// Who did it and when, where the action's record says so.
    pub fn done(&self) -> Option<(&PersonId, Instant)> {
        let (by, at) = match self {
            Action::New(_, opening) => (&opening.received.by, &opening.received.at),
            Action::Check(record) => (&record.by, &record.at),
            Action::Screen(record) => (&record.by, &record.at),
            Action::Interview(record) => (&record.by, &record.at),
            Action::Assess(record) => (&record.by, &record.at),
            Action::Decide(record) => (&record.by, &record.at),
            Action::Disclose(record) => (&record.by, &record.at),
            Action::Inform(record) => (&record.by, &record.at),
            Action::Close(record) => (&record.by, &record.at),
            Action::Urgent(record) => (&record.by, &record.at),
            Action::Refer(record) => (&record.by, &record.at),
            Action::Extend(record) => (&record.by, &record.at),
            Action::Contact(record) => (&record.by, &record.at),
            Action::Note(record) => (&record.by, &record.at),
            Action::Withdraw(record) => (&record.by, &record.at),
            Action::Reroute(record) => (&record.by, &record.at),
            Action::Link(record) => (&record.by, &record.at),
            Action::Letter(letters) => letters.first().map(|letter| (&letter.by, &letter.at))?,
            Action::Sent(record) => (&record.by, &record.at),
            Action::Reopen(record) => (&record.by, &record.at),
            Action::Correct(record) => (&record.by, &record.at),
            Action::Edit(_, record, _) => (&record.by, &record.at),
            Action::Import(_, importing) => (&importing.imported.by, &importing.imported.at),
            Action::Assign(_) => return None,
        };
        Some((&by.0, at.0))
    }
}

impl ActionKind {
    /// What its answers look like; `None` for what takes no answers of this kind (`edit`, settings, people).
    pub fn answers(self) -> Option<Shape> {
        Some(match self {
            ActionKind::New => Opening::SHAPE,
            ActionKind::Check => Check::SHAPE,
            ActionKind::Screen => Screening::SHAPE,
            ActionKind::Interview => Interview::SHAPE,
            ActionKind::Assess => Assessment::SHAPE,
            ActionKind::Decide => Decision::SHAPE,
            ActionKind::Disclose => Disclosure::SHAPE,
            ActionKind::Inform => Informed::SHAPE,
            ActionKind::Close => Closure::SHAPE,
            ActionKind::Urgent => Urgent::SHAPE,
            ActionKind::Refer => Referral::SHAPE,
            ActionKind::Extend => Extension::SHAPE,
            ActionKind::Contact => Contact::SHAPE,
            ActionKind::Note => Note::SHAPE,
            ActionKind::Withdraw => Withdrawal::SHAPE,
            ActionKind::Reroute => Rerouting::SHAPE,
            ActionKind::Assign => Assignment::SHAPE,
            ActionKind::Link => Link::SHAPE,
            ActionKind::Letter => LetterOrder::SHAPE,
            ActionKind::Sent => Dispatch::SHAPE,
            ActionKind::Reopen => Reopening::SHAPE,
            ActionKind::Correct => Correction::SHAPE,
            ActionKind::Edit => EditReason::SHAPE,
            ActionKind::Import => Importing::SHAPE,
            ActionKind::Settings | ActionKind::Person | ActionKind::Authorise | ActionKind::Export => {
                return None;
            }
        })
    }

    /// Where in the case its record stands: the first part of the path of every problem with its answers.
    pub fn place(self) -> &'static str {
        match self {
            ActionKind::Check => "check",
            ActionKind::Screen => "screening",
            ActionKind::Interview => "interview",
            ActionKind::Assess => "assessment",
            ActionKind::Decide => "decision",
            ActionKind::Disclose => "disclosure",
            ActionKind::Inform => "informed",
            ActionKind::Close => "closure",
            ActionKind::Urgent => "urgent",
            ActionKind::Refer => "referral",
            ActionKind::Extend => "extension",
            ActionKind::Contact => "contact",
            ActionKind::Note => "note",
            ActionKind::Withdraw => "withdrawal",
            ActionKind::Reroute => "rerouting",
            ActionKind::Link => "link",
            ActionKind::Letter => "letter",
            ActionKind::Sent => "sent",
            ActionKind::Reopen => "reopening",
            ActionKind::Correct | ActionKind::Edit => "correction",
            _ => "",
        }
    }

    /// Makes the action from answers, filling in ids, who and when. The problems are all there are, with paths that
    /// begin at [`ActionKind::place`].
    pub fn read(
        self,
        answers: &Node,
        fill: &Fill,
        reference: Option<&Reference>,
    ) -> Result<Action, Vec<Problem>> {
        fn part<T: Part>(kind: ActionKind, answers: &Node, fill: &Fill) -> Result<T, Vec<Problem>> {
            record::read(answers, Reader::filling(Path::parse(kind.place()), fill))
        }
        let new = || reference.cloned().ok_or_else(|| vec![Problem::missing("reference")]);
        Ok(match self {
            ActionKind::New => Action::New(new()?, Box::new(part(self, answers, fill)?)),
            ActionKind::Import => Action::Import(new()?, Box::new(Importing::read(answers, fill)?)),
            ActionKind::Check => Action::Check(part(self, answers, fill)?),
            ActionKind::Screen => Action::Screen(part(self, answers, fill)?),
            ActionKind::Interview => Action::Interview(part(self, answers, fill)?),
            ActionKind::Assess => Action::Assess(part(self, answers, fill)?),
            ActionKind::Decide => Action::Decide(Box::new(part(self, answers, fill)?)),
            ActionKind::Disclose => Action::Disclose(Box::new(part(self, answers, fill)?)),
            ActionKind::Inform => Action::Inform(part(self, answers, fill)?),
            ActionKind::Close => Action::Close(part(self, answers, fill)?),
            ActionKind::Urgent => Action::Urgent(part(self, answers, fill)?),
            ActionKind::Refer => Action::Refer(part(self, answers, fill)?),
            ActionKind::Extend => Action::Extend(part(self, answers, fill)?),
            ActionKind::Contact => Action::Contact(part(self, answers, fill)?),
            ActionKind::Note => Action::Note(part(self, answers, fill)?),
            ActionKind::Withdraw => Action::Withdraw(part(self, answers, fill)?),
            ActionKind::Reroute => Action::Reroute(part(self, answers, fill)?),
            ActionKind::Assign => Action::Assign(part(self, answers, fill)?),
            ActionKind::Link => Action::Link(part(self, answers, fill)?),
            ActionKind::Sent => Action::Sent(part(self, answers, fill)?),
            ActionKind::Reopen => Action::Reopen(part(self, answers, fill)?),
            ActionKind::Correct => Action::Correct(part(self, answers, fill)?),
            // A letter is made from a template, an edit from a file: see the commands.
            ActionKind::Letter
            | ActionKind::Edit
            | ActionKind::Settings
            | ActionKind::Person
            | ActionKind::Authorise
            | ActionKind::Export => {
                return Err(vec![Problem::new(Path::root(), Fault::Invalid("is no such action".into()))]);
            }
        })
    }

    /// The action that a commit of this kind recorded, read back from the case before and after it; `None` where the
    /// two do not show one. Replaying it through [`super::workflow::apply`] gives the case after.
    pub fn read_back(self, before: Option<&Case>, after: &Case) -> Option<Action> {
        use ActionKind as A;
        fn added<T: Clone>(before: &[T], after: &[T]) -> Option<T> {
            (after.len() == before.len() + 1).then(|| after.last().cloned()).flatten()
        }
        match self {
            ActionKind::New => {
                return Some(Action::New(after.reference.clone(), Box::new(opening(after))));
            }
            ActionKind::Import => {
                let importing = Importing::read_back(after)?;
                return Some(Action::Import(after.reference.clone(), Box::new(importing)));
            }
            _ => {}
        }
        let before = before?;
        Some(match self {
            ActionKind::Check => Action::Check(added(&before.checks, &after.checks)?),
            ActionKind::Screen => Action::Screen(after.screening.clone()?),
            ActionKind::Interview => Action::Interview(after.interview.clone()?),
            ActionKind::Assess => Action::Assess(after.assessment.clone()?),
            ActionKind::Decide => Action::Decide(Box::new(after.decision.clone()?)),
            ActionKind::Disclose => {
                Action::Disclose(Box::new(added(&before.disclosures, &after.disclosures)?))
            }
            ActionKind::Inform => Action::Inform(after.informed.clone()?),
            ActionKind::Close => Action::Close(after.closure.clone()?),
            ActionKind::Urgent => Action::Urgent(added(&before.urgent, &after.urgent)?),
            ActionKind::Refer => Action::Refer(added(&before.referrals, &after.referrals)?),
            ActionKind::Extend => Action::Extend(added(&before.extensions, &after.extensions)?),
            ActionKind::Contact => Action::Contact(added(&before.contacts, &after.contacts)?),
            ActionKind::Note => Action::Note(added(&before.notes, &after.notes)?),
            ActionKind::Withdraw => Action::Withdraw(after.withdrawal.clone()?),
            ActionKind::Reroute => Action::Reroute(added(&before.rerouted, &after.rerouted)?),
            ActionKind::Assign => Action::Assign(Assignment { owner: after.owner.clone()? }),
            ActionKind::Link => Action::Link(added(&before.links, &after.links)?),
            ActionKind::Letter => {
                let new = after.letters.get(before.letters.len()..).filter(|new| !new.is_empty())?;
                Action::Letter(new.to_vec())
            }
            ActionKind::Sent => Action::Sent(sent(before, after)?),
            ActionKind::Reopen => Action::Reopen(added(&before.reopened, &after.reopened)?),
            ActionKind::Correct => Action::Correct(added(&before.corrections, &after.corrections)?),
            ActionKind::Edit => {
                let new = after.corrections.get(before.corrections.len()..)?;
                let first = new.first()?;
                let reason = EditReason {
                    by: first.by.clone(),
                    at: first.at.clone(),
                    code: first.code,
                    reason: first.reason.clone(),
                };
                let mut edited = after.clone();
                edited.corrections.truncate(before.corrections.len());
                Action::Edit(Box::new(edited), reason, new.iter().map(|item| item.id.clone()).collect())
            }
            A::New | A::Import | A::Settings | A::Person | A::Authorise | A::Export => return None,
        })
    }
}

/// The one letter that is sent in the case after and was not before.
fn sent(before: &Case, after: &Case) -> Option<Dispatch> {
    let mut pairs = before.letters.iter().zip(&after.letters);
    let (_, letter) = pairs.find(|(was, is)| was.sent.is_none() && is.sent.is_some())?;
    let Sending { by, recorded_by, at, late } = letter.sent.clone()?;
    Some(Dispatch { letter: ItemRef(letter.id.clone()), by, recorded_by, at, late })
}

/// What a case was opened with.
fn opening(case: &Case) -> Opening {
    Opening {
        route: case.route,
        received: case.received.clone(),
        owner: case.owner.clone(),
        applicant: case.applicant.clone(),
        subject: case.subject.clone(),
        children: Stated(case.children.clone()),
        concern: case.concern.clone(),
        signals: case.signals.clone(),
    }
}
