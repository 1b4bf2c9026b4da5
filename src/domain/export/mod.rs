//! What an export holds of a case: all that its file holds, and how it stands. It is declared as a record like everything
//! else, so that its JSON, its tables and its schema follow from the fields of a case and are not written twice.

mod hiding;
mod pseudonym;
mod tables;
#[cfg(test)]
mod tests;

pub use hiding::{Hiding, Redaction};
pub use pseudonym::{KEY_BYTES, Key};
pub use tables::{Cell, Column, Kind, Table, tables};

use super::action::ActionKind;
use super::case::Case;
use super::clocks::{ClockError, ClockName, ClockState, Reading};
use super::settings::Settings;
use super::time::Instant;
use super::{deadlines, findings};
use crate::record;

record! {
    /// A clock of an exported case: computed, never stored (C1-C8).
    pub struct ExportedClock {
        /// Which clock
        pub name: ClockName,
        /// When it is due by the original rule; no extension moves it (C5)
        pub due: Instant,
        /// When it was met
        pub met_at: Option<Instant>,
        /// How it stands
        pub state: ClockState,
        /// Until when the latest extension reaches
        pub extended_to: Option<Instant>,
        /// Whether the original date was met; absent while it can be either
        pub met_original: Option<bool>,
        /// Whether the extended date was met
        pub met_extended: Option<bool>,
    }
}

record! {
    /// An exported case.
    pub struct Exported {
        /// The case as it stands in its file
        pub case: Case,
        /// Its clocks
        pub clocks: Vec<ExportedClock>,
        /// Whether any clock is overdue
        pub overdue: bool,
        /// What comes next
        pub next: Option<ActionKind>,
    }
}

impl Exported {
    /// A case with how it stands at `now`.
    pub fn of(case: Case, now: Instant, settings: &Settings) -> Result<Exported, ClockError> {
        let readings = deadlines::readings(&case, now, settings)?;
        let next = findings::next(&case, now, settings).action;
        let overdue = readings.iter().any(deadlines::is_overdue);
        Ok(Exported { case, clocks: readings.iter().map(clock).collect(), overdue, next })
    }
}

fn clock(reading: &Reading) -> ExportedClock {
    ExportedClock {
        name: reading.name,
        due: reading.due,
        met_at: reading.met_at,
        state: reading.state,
        extended_to: reading.extended_to,
        met_original: reading.met_original,
        met_extended: reading.met_extended,
    }
}
