//! The case as it stands in YAML: one application, one file.
//!
//! Facts only: due dates are computed from them, never stored (C4).

mod events;
mod imported;
mod letters;
mod modeline;
mod people;
mod stages;
mod words;

pub use events::*;
pub use imported::*;
pub use letters::*;
pub use modeline::Modeline;
pub use people::*;
pub use stages::*;
pub use words::*;

use super::reference::Reference;
use super::scalars::{At, By, ItemRef, Line, PersonId, Private, Prose, Stated};
use super::time::Instant;
use crate::record;

/// A pointer to an item of this case by its id.
pub type Pointer = ItemRef;

/// The newest format of case files that this version reads and writes. A file is written in the oldest format that can
/// hold it: see [`crate::domain::record::Part::format`].
pub const FORMAT: u32 = 2;

record! {
    /// That a record was entered later than what it records was done (C9).
    pub struct Late {
        /// When it was entered
        pub entered: Instant,
        /// Why was it entered late?
        pub reason: Option<Private<Prose>>,
        /// Who authorised it?
        pub authorised_by: Option<PersonId>,
    }
}

record! {
    /// How and when an application came in: the start of every clock (C1).
    pub struct Received {
        /// When was the application received? Every clock starts then
        [ask] pub at: At,
        /// That it was entered late (C9)
        [entered] since 2 pub late: Option<Late>,
        /// By which channel?
        pub channel: Channel,
        /// Who took it
        pub by: By,
        /// Who entered it, where that was somebody else (R4)
        [entered] since 2 pub recorded_by: Option<PersonId>,
    }
}

record! {
    /// Whether somebody was told, and how, or why not.
    pub struct Told {
        /// Were they told?
        pub told: bool,
        /// How were they told?
        pub method: Option<Method>,
        /// Why were they not told?
        pub reason: Option<Private<Prose>>,
    }
}

record! {
    /// One application (R2), with everything recorded of it.
    pub struct Case {
        /// The format of the file
        pub format: u32,
        /// The reference: random, never reused (X1)
        pub reference: Reference,
        /// The reference that an imported case had in the old system
        pub former_reference: Option<Private<Line>>,
        /// By which route did it come?
        pub route: Route,
        /// The clock rules it started on, kept for its life (C2)
        pub guidance: Line,
        /// The stage it is at (S1)
        pub stage: Stage,
        /// How it came in (C1)
        pub received: Received,
        /// Where it came from, where it was imported
        pub imported: Option<Imported>,
        /// Who looks after it
        pub owner: Option<PersonId>,
        /// The applicant (T1); none on the right-to-know route (T2)
        pub applicant: Option<Applicant>,
        /// The subject (R2)
        pub subject: Subject,
        /// The children (R2)
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
        /// Changes of route (T3)
        pub rerouted: Vec<Rerouting>,
        /// Returns to an earlier stage (S1)
        pub reopened: Vec<Reopening>,
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
        /// Links to other cases (L1)
        pub links: Vec<Link>,
        /// Letters
        pub letters: Vec<Letter>,
        /// Earlier cases that looked alike when it was opened (L1)
        pub signals: Vec<Signal>,
        /// Corrected facts
        pub corrections: Vec<Correction>,
    } beside {
        /// The line in front of it that tells an editor of its schema.
        pub modeline: Option<Modeline>,
    }
}

record! {
    /// What is told when a case is opened; the rest of [`Case`] follows from the work.
    pub struct Opening {
        /// By which route did it come?
        pub route: Route,
        /// How it came in (C1)
        pub received: Received,
        /// Who will look after it? (an id from `csods person list`)
        pub owner: Option<PersonId>,
        /// The applicant
        pub applicant: Option<Applicant>,
        /// The subject
        pub subject: Subject,
        /// The children: one or more, or an empty list where none is named (then it ends at screening, S6)
        pub children: Stated<Vec<Child>>,
        /// The concern: in the applicant's words, or the information the police hold
        pub concern: Private<Prose>,
        /// Earlier cases that looked alike (found by the tool, L1)
        [made] pub signals: Vec<Signal>,
    }
}

impl Case {
    /// The ids of all its items.
    pub fn item_ids(&self) -> std::collections::HashSet<super::scalars::ItemId> {
        let mut ids = std::collections::HashSet::new();
        super::record::Part::each_id(self, None, &mut |_, id| {
            ids.extend(super::scalars::ItemId::new(id).ok());
        });
        ids
    }
}
