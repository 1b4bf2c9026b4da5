//! Everything that can happen to a case. Whichever way a change comes (flags, a file, a prompt, an editor), it is one of
//! these, and goes through [`super::workflow::apply`].

use super::case::*;
use super::importing::Importing;
use super::node::{Node, Path};
use super::record::{self, Fault, Part, Problem, Reader, Shape};
use super::reference::Reference;
use super::scalars::{At, By, Fill, ItemId, PersonId, Private, Prose};
use super::time::Instant;
use super::workflow::ahead;
use crate::record;

mod corrected;
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
    /// Takes in a case as edited by hand; every difference becomes a correction with this reason and one of these ids.
    /// Without a reason there must be none: a whole file is added, or the line for editors changes.
    Edit(Box<Case>, Option<EditReason>, Vec<ItemId>),
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
            Action::Edit(_, reason, _) => reason.as_ref().map(|reason| (&reason.by, &reason.at))?,
            Action::Import(_, importing) => (&importing.imported.by, &importing.imported.at),
            Action::Assign(_) => return None,
        };
        Some((&by.0, at.0))
    }
}

impl Action {
    /// Who entered its record, where that is not who did it (R4).
    pub fn recorded_by(&self) -> Option<&PersonId> {
        match self {
            Action::New(_, opening) => opening.received.recorded_by.as_ref(),
            Action::Check(record) => record.recorded_by.as_ref(),
            Action::Screen(record) => record.recorded_by.as_ref(),
            Action::Interview(record) => record.recorded_by.as_ref(),
            Action::Assess(record) => record.recorded_by.as_ref(),
            Action::Decide(record) => record.recorded_by.as_ref(),
            Action::Disclose(record) => record.recorded_by.as_ref(),
            Action::Inform(record) => record.recorded_by.as_ref(),
            Action::Close(record) => record.recorded_by.as_ref(),
            Action::Urgent(record) => record.recorded_by.as_ref(),
            Action::Refer(record) => record.recorded_by.as_ref(),
            Action::Extend(record) => record.recorded_by.as_ref(),
            Action::Contact(record) => record.recorded_by.as_ref(),
            Action::Note(record) => record.recorded_by.as_ref(),
            Action::Withdraw(record) => record.recorded_by.as_ref(),
            Action::Reroute(record) => record.recorded_by.as_ref(),
            Action::Link(record) => record.recorded_by.as_ref(),
            Action::Letter(letters) => letters.first()?.recorded_by.as_ref(),
            Action::Sent(record) => record.recorded_by.as_ref(),
            Action::Reopen(record) => record.recorded_by.as_ref(),
            Action::Correct(record) => record.recorded_by.as_ref(),
            // An edit's reason has none: its corrections have.
            Action::Edit(..) | Action::Import(..) | Action::Assign(_) => None,
        }
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
            record::read(answers, Reader::filling(Path::from(kind.place()), fill))
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
            ActionKind::Urgent => Action::Urgent(part(self, &ahead::readable_time(answers), fill)?),
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
            ActionKind::Correct => Action::Correct(corrected::completed(part(self, answers, fill)?, fill)),
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
}
