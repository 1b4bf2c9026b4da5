//! Where an imported case came from, and what the old system said of it.

use super::words::{ClosureReason, DecisionOutcome, Stage};
use super::{At, By, Case};
use crate::domain::scalars::Line;
use crate::domain::time::Instant;
use crate::record;

record! {
    /// Where an imported case came from, and what the old system said of it where it kept no record of the kind that
    /// this one keeps (S2): a date or a word is quoted here rather than a record invented.
    pub struct Imported {
        /// Who imported it
        pub by: By,
        /// When it was imported
        pub at: At,
        /// The name of the file that it came from, unless it could name somebody
        [made] pub source: Option<Line>,
        /// The SHA-256 of that file
        [made] pub sha256: Line,
        /// The row of that file, as a spreadsheet counts
        [made] pub row: u32,
        /// At which stage was it in the old system?
        pub stage: Option<Stage>,
        /// What had been decided there? (O1)
        pub outcome: Option<DecisionOutcome>,
        /// Was the subject a registered sex offender?
        pub registered_sex_offender: Option<bool>,
        /// When had it been screened?
        pub screened_at: Option<Instant>,
        /// When had the applicant been interviewed?
        pub interviewed_at: Option<Instant>,
        /// When had the risk been assessed?
        pub assessed_at: Option<Instant>,
        /// When had it been decided?
        pub decided_at: Option<Instant>,
        /// When had the last of those who were to be told been told?
        pub told_at: Option<Instant>,
    }
}

impl Imported {
    /// The moments that the old system knew, by their keys, in the order of the stages.
    pub fn moments(&self) -> [(&'static str, Option<Instant>); 5] {
        [
            ("screened_at", self.screened_at),
            ("interviewed_at", self.interviewed_at),
            ("assessed_at", self.assessed_at),
            ("decided_at", self.decided_at),
            ("told_at", self.told_at),
        ]
    }
}

impl Case {
    /// What the old system said, where it had closed the case and nobody reopened it since: what that system did not
    /// record cannot be asked for any more (S2).
    pub fn closed_before_import(&self) -> Option<&Imported> {
        let imported = self.imported.as_ref()?;
        (imported.stage == Some(Stage::Closed) && self.reopened.is_empty()).then_some(imported)
    }

    /// What was decided (O1): by the decision, or as the old system had it, there also by the reason of the closure.
    pub fn outcome(&self) -> Option<DecisionOutcome> {
        if let Some(decision) = &self.decision {
            return Some(decision.outcome);
        }
        // What was decided elsewhere is set aside where the case was reopened.
        let imported = self.imported.as_ref().filter(|_| self.reopened.is_empty())?;
        let reason = self.closed_before_import().and(self.closure.as_ref()).map(|closure| closure.reason);
        imported.outcome.or(match reason? {
            ClosureReason::Disclosed => Some(DecisionOutcome::Disclose),
            ClosureReason::DisclosedOther => Some(DecisionOutcome::DiscloseOther),
            ClosureReason::NotDisclosed => Some(DecisionOutcome::DoNotDisclose),
            ClosureReason::NothingToDisclose => Some(DecisionOutcome::NothingToDisclose),
            _ => None,
        })
    }

    /// The records of the stages up to the decision that the old system did not keep, by their keys.
    pub fn not_recorded(&self) -> Vec<&'static str> {
        let records = [
            ("screening", self.screening.is_some()),
            ("interview", self.interview.is_some() || self.route == super::Route::RightToKnow),
            ("assessment", self.assessment.is_some()),
            ("decision", self.decision.is_some()),
        ];
        records.into_iter().filter(|(_, stands)| !stands).map(|(key, _)| key).collect()
    }
}
