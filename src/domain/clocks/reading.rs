//! How a clock stands now: running, overdue, met or missed, by its original and by its extended date (C5, C6).

use super::{Calendar, ClockError, ClockName, ClockRule, Day, Instant, Zone, count, words};
use crate::choice;

choice! {
    /// How a clock stands.
    pub enum ClockState {
        Running = "running" => "running",
        RunningExtended = "running_extended" => "running, extended",
        Overdue = "overdue" => "overdue",
        Met = "met" => "met",
        MetExtended = "met_extended" => "met by the extended date",
        Missed = "missed" => "missed",
        NotNeeded = "not_needed" => "not needed",
    }
}

/// An extension as recorded in the case (C5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtensionFact {
    /// The last local day of the extended time.
    pub until: Day,
    /// When it was recorded as given.
    pub at: Instant,
    /// Its id in the case.
    pub id: String,
}

/// What a clock needs to know of its case (C4). Nothing in it can restart or pause a clock (C6).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClockFacts {
    /// Whether the clock applies: a case under the right to know has no interview.
    pub needed: bool,
    /// When what the clock is for was done.
    pub met_at: Option<Instant>,
    /// Every extension of this clock, in the order of the case.
    pub extensions: Vec<ExtensionFact>,
    /// From when on the clock had nothing to run for, and by what: the case closed, or no interview to be held any more.
    pub ended: Option<(Instant, &'static str)>,
}

/// How a clock stands at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Which clock.
    pub name: ClockName,
    /// When it started: the moment of receipt (C1).
    pub start: Instant,
    /// When it is due by the original rule; no extension moves it (C5).
    pub due: Instant,
    /// Until when the latest extension reaches, where there is one.
    pub extended_to: Option<Instant>,
    /// When it was met.
    pub met_at: Option<Instant>,
    /// How it stands.
    pub state: ClockState,
    /// Whether the original date was met; `None` while it can be either, and where the clock is not needed.
    pub met_original: Option<bool>,
    /// The same for the extended date; `None` too where there is no extension.
    pub met_extended: Option<bool>,
    /// Seconds until the due that counts now, below zero when late; `None` once the clock has stopped.
    pub left_seconds: Option<i64>,
    /// The arithmetic in words (C8).
    pub steps: Vec<String>,
}

impl Reading {
    /// The due that counts now: the extended one where there is one, and it is later.
    pub fn due_that_counts(&self) -> Instant {
        self.extended_to.map_or(self.due, |extended| extended.max(self.due))
    }

    /// How it stands, in a few words: `3 days 4 hours left`, `overdue by 2 hours`, `met`.
    pub fn in_words(&self, zone: Zone) -> String {
        match self.left_seconds {
            Some(left) => words::in_words(left, self.due_that_counts(), zone),
            None => self.state.meaning().to_owned(),
        }
    }
}

/// A clock with its dates, from which it can be read at any moment: what is kept of it where many cases are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dates {
    /// Which clock.
    pub name: ClockName,
    /// When it started: the moment of receipt (C1).
    pub start: Instant,
    /// When it is due by the original rule (C5).
    pub due: Instant,
    /// Until when the latest extension reaches, where there is one.
    pub extended_to: Option<Instant>,
    /// Whether the clock applies.
    pub needed: bool,
    /// When what the clock is for was done.
    pub met_at: Option<Instant>,
    /// From when on it had nothing to run for.
    pub ended_at: Option<Instant>,
}

/// Reads a clock at `now`, with its arithmetic in words (C8).
pub fn read_clock(
    name: ClockName,
    start: Instant,
    rule: &ClockRule,
    facts: &ClockFacts,
    now: Instant,
    zone: Zone,
    calendar: Option<&Calendar>,
) -> Result<Reading, ClockError> {
    let counted = count(start, rule, zone, calendar)?;
    let mut reading = Dates::new(name, start, counted.0, facts, zone).at(now);
    reading.steps = words::arithmetic(start, rule, zone, calendar, counted);
    reading.steps.extend(words::outcome(&reading, facts, now, zone));
    Ok(reading)
}

/// The dates of a clock, without the arithmetic: for lists and counts of many cases.
pub fn clock_dates(
    name: ClockName,
    start: Instant,
    rule: &ClockRule,
    facts: &ClockFacts,
    zone: Zone,
    calendar: Option<&Calendar>,
) -> Result<Dates, ClockError> {
    let (due, _) = count(start, rule, zone, calendar)?;
    Ok(Dates::new(name, start, due, facts, zone))
}

/// The extension that counts: the one recorded last, and of two at the same moment the later in the case.
pub(super) fn latest(extensions: &[ExtensionFact]) -> Option<&ExtensionFact> {
    extensions.iter().max_by_key(|extension| extension.at)
}

impl Dates {
    fn new(name: ClockName, start: Instant, due: Instant, facts: &ClockFacts, zone: Zone) -> Dates {
        let extended_to = latest(&facts.extensions).map(|extension| zone.end_of_day(extension.until));
        let (needed, met_at, ended_at) = (facts.needed, facts.met_at, facts.ended.map(|(at, _)| at));
        Dates { name, start, due, extended_to, needed, met_at, ended_at }
    }

    /// How the clock stands at `now`; `steps` stays empty.
    pub fn at(&self, now: Instant) -> Reading {
        let counts = self.extended_to.map_or(self.due, |extended| extended.max(self.due));
        // A case closed in good time, or not needing the clock, leaves nothing to be late with.
        let unmet_when_ended = self.ended_at.filter(|_| self.met_at.is_none());
        let needed = self.needed && unmet_when_ended.is_none_or(|ended| ended > counts);
        let stopped = self.met_at.or(unmet_when_ended);

        let met_by = |limit: Instant| match self.met_at {
            _ if !needed => None,
            Some(met) => Some(met <= limit),
            None if unmet_when_ended.is_some() || now > limit => Some(false),
            None => None,
        };
        let (met_original, met_extended) = (met_by(self.due), self.extended_to.and_then(met_by));
        let state = match (stopped, met_original, met_extended) {
            _ if !needed => ClockState::NotNeeded,
            (Some(_), Some(true), _) => ClockState::Met,
            (Some(_), _, Some(true)) => ClockState::MetExtended,
            (Some(_), ..) => ClockState::Missed,
            (None, ..) if now > counts => ClockState::Overdue,
            (None, ..) if self.extended_to.is_some() => ClockState::RunningExtended,
            (None, ..) => ClockState::Running,
        };
        Reading {
            name: self.name,
            start: self.start,
            due: self.due,
            extended_to: self.extended_to,
            met_at: self.met_at,
            state,
            met_original,
            met_extended,
            left_seconds: (needed && stopped.is_none()).then(|| counts.seconds_since(now)),
            steps: Vec::new(),
        }
    }
}
