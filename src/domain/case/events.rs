//! What can happen at any stage: urgent action, referrals, extensions, contacts, notes, links, corrections.

use super::stages::{Assessment, Closure, Decision, Disclosure, Informed, Interview, Screening};
use super::words::{ContactWith, CorrectionCode, Departure, Direction, Method, Route, Stage};
use super::{Late, Told};
use crate::domain::clocks::ClockName;
use crate::domain::node::Node;
use crate::domain::reference::Reference;
use crate::domain::scalars::{At, By, ItemId, Line, Name, PersonId, Private, Prose};
use crate::domain::similarity::{Likeness, Pair};
use crate::domain::time::Day;
use crate::record;

record! {
    /// Immediate risk to a child: what was done, by whom, when (S3). Never stops the case.
    pub struct Urgent {
        /// Its id in this case
        pub id: ItemId,
        /// Who acted
        pub by: By,
        /// Who entered it, where that was somebody else (R4)
        [entered] since 2 pub recorded_by: Option<PersonId>,
        /// When they acted
        pub at: At,
        /// That it was entered late (C9)
        [entered] since 2 pub late: Option<Late>,
        /// What was done to protect the child at once?
        pub action: Private<Prose>,
    }
}

record! {
    /// A referral to children's social care or another agency (S4), or of a crime or a breach of conditions (S8).
    pub struct Referral {
        /// Its id in this case
        pub id: ItemId,
        /// Who referred
        pub by: By,
        /// Who entered it, where that was somebody else (R4)
        [entered] since 2 pub recorded_by: Option<PersonId>,
        /// When it was referred
        pub at: At,
        /// That it was entered late (C9)
        [entered] since 2 pub late: Option<Late>,
        /// To which agency?
        pub to: Name,
        /// Was a crime or a breach of conditions found? (S8)
        pub crime_or_breach: Option<bool>,
        /// What is referred, and why?
        pub reason: Private<Prose>,
    }
}

record! {
    /// An extension, counted beside the original due date, never instead of it (C5).
    pub struct Extension {
        /// Its id in this case
        pub id: ItemId,
        /// Who recorded it
        pub by: By,
        /// Who entered it, where that was somebody else (R4)
        [entered] since 2 pub recorded_by: Option<PersonId>,
        /// When it was authorised
        pub at: At,
        /// That it was entered late (C9)
        [entered] since 2 pub late: Option<Late>,
        /// Which clock is extended?
        pub clock: ClockName,
        /// Until which day?
        pub until: Day,
        /// Why?
        pub reason: Private<Prose>,
        /// Who authorised it?
        pub authorised_by: PersonId,
        /// Was the applicant told?
        pub applicant_told: Told,
    }
}

record! {
    /// A contact or an attempt at one.
    pub struct Contact {
        /// Its id in this case
        pub id: ItemId,
        /// Who was in contact
        pub by: By,
        /// Who entered it, where that was somebody else (R4)
        [entered] since 2 pub recorded_by: Option<PersonId>,
        /// When it was
        pub at: At,
        /// That it was entered late (C9)
        [entered] since 2 pub late: Option<Late>,
        /// With whom?
        pub with: ContactWith,
        /// By what means?
        pub method: Method,
        /// Who contacted whom?
        pub direction: Direction,
        /// What was said?
        pub summary: Private<Prose>,
    }
}

record! {
    /// A note for the file.
    pub struct Note {
        /// Its id in this case
        pub id: ItemId,
        /// Who wrote it
        pub by: By,
        /// Who entered it, where that was somebody else (R4)
        [entered] since 2 pub recorded_by: Option<PersonId>,
        /// When it was written
        pub at: At,
        /// That it was entered late (C9)
        [entered] since 2 pub late: Option<Late>,
        /// The note
        pub text: Private<Prose>,
    }
}

record! {
    /// A link to another case (L1). Links are two-way.
    pub struct Link {
        /// Its id in this case
        pub id: ItemId,
        /// Who linked
        pub by: By,
        /// Who entered it, where that was somebody else (R4)
        [entered] since 2 pub recorded_by: Option<PersonId>,
        /// When it was linked
        pub at: At,
        /// That it was entered late (C9)
        [entered] since 2 pub late: Option<Late>,
        /// To which case?
        pub to: Reference,
        /// Why do they belong together?
        pub reason: Private<Prose>,
    }
}

record! {
    /// The applicant left the case (S5): contact stops, the case goes on.
    pub struct Withdrawal {
        /// Who recorded it
        pub by: By,
        /// Who entered it, where that was somebody else (R4)
        [entered] since 2 pub recorded_by: Option<PersonId>,
        /// When it was said, or when the last attempt was made
        pub at: At,
        /// That it was entered late (C9)
        [entered] since 2 pub late: Option<Late>,
        /// Did the applicant withdraw, or can they not be reached?
        pub how: Departure,
        /// What was said or tried?
        pub reason: Private<Prose>,
    }
}

record! {
    /// A case that goes on without its applicant (T3); both routes stay in its history.
    pub struct Rerouting {
        /// Its id in this case
        pub id: ItemId,
        /// Who decided it
        pub by: By,
        /// Who entered it, where that was somebody else (R4)
        [entered] since 2 pub recorded_by: Option<PersonId>,
        /// When it was decided
        pub at: At,
        /// That it was entered late (C9)
        [entered] since 2 pub late: Option<Late>,
        /// From which route
        [made] pub route_before: Option<Route>,
        /// To which route
        [made] pub route_after: Option<Route>,
        /// Why?
        pub reason: Private<Prose>,
    }
}

record! {
    /// Records that a return to an earlier stage set aside; they remain part of the file (S1).
    pub struct SetAside {
        /// The screening
        pub screening: Option<Screening>,
        /// The interview
        pub interview: Option<Interview>,
        /// The assessment
        pub assessment: Option<Assessment>,
        /// The decision
        pub decision: Option<Decision>,
        /// The disclosures
        pub disclosures: Vec<Disclosure>,
        /// How the applicant was informed
        pub informed: Option<Informed>,
        /// The closure
        pub closure: Option<Closure>,
    }
}

record! {
    /// A closed case opened again, or an open one sent back, with a reason (S1). No clock restarts (C6).
    pub struct Reopening {
        /// Its id in this case
        pub id: ItemId,
        /// Who reopened it
        pub by: By,
        /// Who entered it, where that was somebody else (R4)
        [entered] since 2 pub recorded_by: Option<PersonId>,
        /// When it was reopened
        pub at: At,
        /// That it was entered late (C9)
        [entered] since 2 pub late: Option<Late>,
        /// At which stage does the work begin again?
        pub to: Stage,
        /// Why?
        pub reason: Private<Prose>,
        /// What was recorded from that stage on
        [made] pub set_aside: Option<SetAside>,
    }
}

record! {
    /// A recorded fact that was changed: where, why, what it was and what it is.
    pub struct Correction {
        /// Its id in this case
        pub id: ItemId,
        /// Who corrected it
        pub by: By,
        /// Who entered it, where that was somebody else (R4)
        [entered] since 2 pub recorded_by: Option<PersonId>,
        /// When it was corrected
        pub at: At,
        /// That it was entered late (C9)
        [entered] since 2 pub late: Option<Late>,
        /// Which fact (for example: assessment.risk_to_child)
        pub path: Line,
        /// Why is it changed?
        pub code: CorrectionCode,
        /// What is the reason in full?
        pub reason: Private<Prose>,
        /// What it was
        [made] pub was: Option<Node>,
        /// What it is
        pub now: Option<Node>,
    }
}

record! {
    /// An earlier case that looked alike when this one was opened (L1): a signal, never a merge.
    pub struct Signal {
        /// Its id in this case
        pub id: ItemId,
        /// Which case
        pub to: Reference,
        /// Which of this case's people
        pub ours: PersonRole,
        /// Which of that case's people
        pub theirs: PersonRole,
        /// In what they are alike
        pub reasons: Vec<Likeness>,
    }
}

crate::choice! {
    /// What a person is in a case (L2: they may be another thing in another case).
    pub enum PersonRole {
        Applicant = "applicant" => "applicant",
        Subject = "subject" => "subject",
        Child = "child" => "child",
        Recipient = "recipient" => "recipient",
    }
}

impl Signal {
    /// `its subject is like the applicant of this case: the same name, the same date of birth`.
    pub fn in_words(&self) -> String {
        Pair { ours: self.ours, theirs: self.theirs, reasons: self.reasons.clone() }.in_words()
    }
}
