//! A case as the views of many cases show it: what they need of it and nothing personal. The one definition behind
//! every list, whether the case was read from its file or from the index.
//!
//! A row holds no moment: what depends on `now` is worked out when it is asked for ([`Row::standing`]), so that a row
//! made yesterday is right today.

use super::action::ActionKind;
use super::case::{Case, Channel, DecisionOutcome, Risk, Route, Stage};
use super::clocks::{ClockError, ClockName, Reading, in_words};
use super::reference::Reference;
use super::scalars::PersonId;
use super::settings::Settings;
use super::time::{Instant, Zone};
use super::{deadlines, findings};
use crate::choice;

choice! {
    /// How worried somebody who sees only one line of a case has to be, least first.
    pub enum Worry {
        Low = "low" => "low",
        Unassessed = "unassessed" => "not assessed",
        Medium = "medium" => "medium",
        High = "high" => "high",
        VeryHigh = "very_high" => "VERY HIGH",
        Immediate = "immediate" => "IMMEDIATE",
    }
}

/// The clock that presses most, while one runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pressing {
    /// Which clock.
    pub clock: ClockName,
    /// When it is due, extensions counted (C5).
    pub due: Instant,
}

/// What comes next, from a moment on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// From when; `None`: always so far.
    pub from: Option<Instant>,
    /// The action; `None` where nothing is left to do.
    pub next: Option<ActionKind>,
}

/// A case in a view of many. Holds no personal fact of the case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The case.
    pub reference: Reference,
    /// Its stage.
    pub stage: Stage,
    /// Its route.
    pub route: Route,
    /// Who looks after it.
    pub owner: Option<PersonId>,
    /// By which channel it came.
    pub channel: Channel,
    /// When it was received (C1).
    pub received: Instant,
    /// What was decided.
    pub outcome: Option<DecisionOutcome>,
    /// The risk to the child, as assessed.
    pub risk: Option<Risk>,
    /// Whether immediate risk was found, or urgent action was taken (S3).
    pub urgent: bool,
    /// The clock that presses most.
    pub pressing: Option<Pressing>,
    /// What comes next: the turns in order, never empty.
    pub turns: Vec<Turn>,
}

/// How a case stands at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Whether a clock is overdue.
    pub overdue: bool,
    /// How the clock that presses most stands, in words; empty where none runs.
    pub stands: String,
    /// What comes next.
    pub next: Option<ActionKind>,
}

impl Row {
    /// The row of a case. An error where a clock of it cannot be counted (C7).
    pub fn of(case: &Case, settings: &Settings) -> Result<Row, ClockError> {
        // Which clock runs and when it is due holds at any moment; so any will do here.
        let readings = deadlines::brief_readings(case, case.received.at.0, settings)?;
        let pressing = deadlines::most_pressing(&readings);
        Ok(Row {
            reference: case.reference.clone(),
            stage: case.stage,
            route: case.route,
            owner: case.owner.clone(),
            channel: case.received.channel,
            received: case.received.at.0,
            outcome: case.decision.as_ref().map(|decision| decision.outcome),
            risk: case.assessment.as_ref().map(|assessment| assessment.risk_to_child),
            urgent: !case.urgent.is_empty()
                || case.screening.as_ref().is_some_and(|screening| screening.immediate_risk),
            pressing: pressing
                .map(|reading: &Reading| Pressing { clock: reading.name, due: reading.due_that_counts() }),
            turns: turns(case, settings),
        })
    }

    /// Whether the case is not closed.
    pub fn is_open(&self) -> bool {
        self.stage < Stage::Closed
    }

    /// Whether a clock is overdue at `now`.
    pub fn is_overdue(&self, now: Instant) -> bool {
        self.pressing.is_some_and(|pressing| pressing.due < now)
    }

    /// What comes next at `now`.
    pub fn next(&self, now: Instant) -> Option<ActionKind> {
        let begun = self.turns.iter().rev().find(|turn| turn.from.is_none_or(|from| from <= now));
        begun.and_then(|turn| turn.next)
    }

    /// How it stands at `now`.
    pub fn standing(&self, now: Instant, zone: Zone) -> Standing {
        let stands = |pressing: Pressing| in_words(pressing.due.seconds_since(now), pressing.due, zone);
        Standing {
            overdue: self.is_overdue(now),
            stands: self.pressing.map(stands).unwrap_or_default(),
            next: self.next(now),
        }
    }

    /// Whole local days since the application was received; the day of receipt is 0.
    pub fn age(&self, now: Instant, zone: Zone) -> i64 {
        zone.day(now).days_since(zone.day(self.received))
    }

    /// How worried one has to be: immediate risk before everything, and what nobody has assessed before what was found
    /// to be low.
    pub fn worry(&self) -> Worry {
        match self.risk {
            _ if self.urgent => Worry::Immediate,
            Some(Risk::VeryHigh) => Worry::VeryHigh,
            Some(Risk::High) => Worry::High,
            Some(Risk::Medium) => Worry::Medium,
            Some(Risk::Low) => Worry::Low,
            None => Worry::Unassessed,
        }
    }
}

/// What comes next, at every moment at which that may change.
fn turns(case: &Case, settings: &Settings) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    let moments = moments(case, settings);
    let before = moments.first().unwrap_or(&case.received.at.0).plus_seconds(-1);
    for (position, at) in std::iter::once(before).chain(moments).enumerate() {
        let next = findings::next(case, at, settings).action;
        if turns.last().is_none_or(|last| last.next != next) {
            turns.push(Turn { from: (position > 0).then_some(at), next });
        }
    }
    turns
}

/// The moments at which what comes next may change without anybody changing the case: a check counts from when it was
/// made and until it is no longer fresh (K2, K3); who left or was routed past is gone from then on (S5, T3).
fn moments(case: &Case, settings: &Settings) -> Vec<Instant> {
    if !matches!(case.stage, Stage::InitialChecks | Stage::Assessment | Stage::Outcome) {
        return Vec::new();
    }
    let zone = settings.zone();
    let stale = |at: Instant| {
        let last = zone.day(at).plus(i64::from(settings.checks.fresh_days));
        zone.end_of_day(last).plus_seconds(1)
    };
    let checks = case.checks.iter().flat_map(|check| [check.at.0, stale(check.at.0)]);
    let left = case.withdrawal.iter().map(|withdrawal| withdrawal.at.0.plus_seconds(1));
    let rerouted = case.rerouted.iter().map(|rerouting| rerouting.at.0.plus_seconds(1));
    let mut moments: Vec<Instant> = checks.chain(left).chain(rerouted).collect();
    moments.sort();
    moments.dedup();
    moments
}
