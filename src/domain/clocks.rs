//! The clocks of a case: when something is due, and how a clock stands (C1-C8). Due dates are computed from recorded
//! facts whenever they are wanted, and never stored (C4).

use super::calendar::{Calendar, CalendarGap, CalendarName};
use super::node::Path;
use super::record::Problem;
use super::scalars::Line;
use super::time::{Day, Instant, Zone};
use crate::error::{Error, Kind};
use crate::{choice, record};

mod reading;
mod words;

pub use reading::{ClockFacts, ClockState, Dates, ExtensionFact, Reading, clock_dates, read_clock};
pub use words::in_words;

choice! {
    /// What a clock counts (C2, C3).
    pub enum Unit {
        Hours = "hours" => "elapsed hours, also across a change of the clocks",
        Days = "days" => "calendar days, to the end of the last local day",
        WorkingDays = "working_days" => "working days, to the end of the last one",
    }
}

choice! {
    /// The clocks that every case has (C2).
    pub enum ClockName {
        InitialChecks = "initial_checks" => "initial checks",
        Interview = "interview" => "interview",
        Whole = "whole" => "whole case",
    }
}

record! {
    /// How one clock is counted (C2, C3).
    pub struct ClockRule {
        /// How many hours or days there are
        pub within: u32,
        /// Whether they are hours, days or working days
        pub unit: Unit,
        /// The calendar of working days; england-and-wales unless another is named
        pub calendar: Option<CalendarName>,
        /// Which day the day received is: 0, or 1 where it counts already; 0 unless stated
        pub first_day: Option<u32>,
        /// The time of day by which it is due on the last day, such as 17:00; the end of the day unless stated
        pub cut_off: Option<Line>,
    }
}

record! {
    /// One version of the clock rules. A case keeps the set it started on (C2).
    pub struct ClockSet {
        /// The first local day of receipt to which these rules apply
        pub applies_from: Day,
        /// The clock of the initial checks
        pub initial_checks: ClockRule,
        /// The clock of the interview
        pub interview: ClockRule,
        /// The clock of the whole case
        pub whole: ClockRule,
    }
}

/// When something is due, and the arithmetic that says so (C8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The last second at which it is still in time.
    pub at: Instant,
    /// The last local day, for a clock in days.
    pub last_day: Option<Day>,
    /// The arithmetic in words, a line each; fits on one screen (C8).
    pub steps: Vec<String>,
}

/// Why a clock cannot be counted.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ClockError {
    /// No set of clock rules applies as early as that.
    #[error("no clock rules apply to a case received on {day}")]
    BeforeFirstRuleSet {
        /// The local day of receipt.
        day: Day,
        /// When the earliest set begins; `None` where there are no sets.
        first: Option<Day>,
    },
    /// The set of rules that a case names is not in the settings.
    #[error("the clock rules {name:?} that the case started on are not in csods.toml")]
    NoRuleSet {
        /// Its name.
        name: String,
    },
    /// The clock runs past what its calendar covers.
    #[error(
        "the calendar {} does not cover {}, and a clock in working days is not guessed",
        .0.calendar, .0.day
    )]
    CalendarGap(CalendarGap),
    /// The calendar that a rule names was not given.
    #[error("there is no calendar {calendar}, by which a clock counts working days")]
    NoCalendar {
        /// Its name.
        calendar: CalendarName,
    },
    /// The rule itself makes no sense; [`ClockRule::check`] says what is wrong.
    #[error("a clock rule in the settings cannot be counted")]
    Rule(Vec<Problem>),
}

impl ClockError {
    /// The rule of the scheme that it comes from.
    pub fn rule(&self) -> &'static str {
        match self {
            ClockError::CalendarGap(_) => "C7",
            ClockError::NoCalendar { .. } => "C3",
            ClockError::BeforeFirstRuleSet { .. } | ClockError::NoRuleSet { .. } | ClockError::Rule(_) => {
                "C2"
            }
        }
    }

    /// What it stands in the way of, at a place in a case.
    pub fn at(&self, path: &str) -> Problem {
        Problem::rule(path, self.rule(), self.to_string())
    }
}

impl From<CalendarGap> for ClockError {
    fn from(gap: CalendarGap) -> ClockError {
        ClockError::CalendarGap(gap)
    }
}

impl From<ClockError> for Error {
    fn from(error: ClockError) -> Error {
        let message = format!("{error} ({})", error.rule());
        match error {
            ClockError::BeforeFirstRuleSet { first, .. } => {
                Error::new(Kind::Refused, message).hint(match first {
                    Some(first) => format!(
                        "the earliest set in csods.toml applies from {first}; add one that is earlier"
                    ),
                    None => "add a set of clock rules to csods.toml".to_owned(),
                })
            }
            ClockError::NoRuleSet { .. } => Error::new(Kind::Damaged, message)
                .hint("put the set back: a case keeps the rules it started on"),
            ClockError::CalendarGap(gap) => Error::new(Kind::Refused, message).hint(format!(
                "bring {} up to date: it covers {} to {}",
                gap.calendar.file(),
                gap.first_day,
                gap.last_day
            )),
            ClockError::NoCalendar { calendar } => Error::new(Kind::NotFound, message)
                .hint(format!("add {}, or name another calendar in csods.toml", calendar.file())),
            ClockError::Rule(problems) => Error::new(Kind::Damaged, message)
                .hint("`csods settings check` shows where")
                .problems(problems),
        }
    }
}

impl ClockRule {
    /// More hours or days than this are taken for a slip of the keyboard.
    pub const LONGEST: u32 = 10_000;

    /// So many hours or days, everything else as it is by default.
    pub fn new(within: u32, unit: Unit) -> ClockRule {
        ClockRule { within, unit, calendar: None, first_day: None, cut_off: None }
    }

    /// The calendar by which it counts working days; `None` where it counts something else.
    pub fn calendar_name(&self) -> Option<CalendarName> {
        (self.unit == Unit::WorkingDays).then(|| self.calendar.clone().unwrap_or_default())
    }

    /// Which day the day received is: 0 or 1 (C3).
    pub fn number_of_first_day(&self) -> u32 {
        self.first_day.unwrap_or(0)
    }

    /// Everything that is wrong with the rule that stands at `path` (C2, C3).
    pub fn check(&self, path: &Path) -> Vec<Problem> {
        let mut problems = Vec::new();
        if !(1..=Self::LONGEST).contains(&self.within) {
            problems.push(Problem::rule(path.key("within"), "C2", "must be between 1 and 10000"));
        }
        if self.calendar.is_some() && self.unit != Unit::WorkingDays {
            let what = "means nothing where working days are not counted";
            problems.push(Problem::rule(path.key("calendar"), "C3", what));
        }
        if self.number_of_first_day() > 1 {
            problems.push(Problem::rule(path.key("first_day"), "C3", "must be 0 or 1"));
        }
        if self.cut_off.is_some() && self.cut_off_seconds().is_none() {
            let what = "must be a time of day like \"17:00\"";
            problems.push(Problem::rule(path.key("cut_off"), "C3", what));
        }
        if self.unit == Unit::Hours {
            let idle = [("first_day", self.first_day.is_some()), ("cut_off", self.cut_off.is_some())];
            for (key, _) in idle.iter().filter(|(_, stated)| *stated) {
                problems.push(Problem::rule(path.key(key), "C3", "means nothing where hours are counted"));
            }
        }
        problems
    }

    /// The cut-off in seconds after midnight; `None` where there is none, or it is no time of day.
    fn cut_off_seconds(&self) -> Option<u32> {
        let (hour, minute) = self.cut_off.as_ref()?.as_str().split_once(':')?;
        let number = |digits: &str, below: u32| {
            let two = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse::<u32>().ok().filter(|&number| two && number < below)
        };
        Some(number(hour, 24)? * 3_600 + number(minute, 60)? * 60)
    }
}

impl ClockSet {
    /// The rule of one clock.
    pub fn rule(&self, name: ClockName) -> &ClockRule {
        match name {
            ClockName::InitialChecks => &self.initial_checks,
            ClockName::Interview => &self.interview,
            ClockName::Whole => &self.whole,
        }
    }

    /// Everything that is wrong with the set that stands at `path`.
    pub fn check(&self, path: &Path) -> Vec<Problem> {
        let rules = ClockName::ALL.iter();
        rules.flat_map(|&name| self.rule(name).check(&path.key(name.word()))).collect()
    }
}

/// The set of rules for a case received on this local day: the latest that applies by then, with its name (C2).
pub fn rule_set_for<'a>(
    sets: impl Iterator<Item = (&'a str, &'a ClockSet)> + Clone,
    received: Day,
) -> Result<(&'a str, &'a ClockSet), ClockError> {
    sets.clone()
        .filter(|(_, set)| set.applies_from <= received)
        .max_by_key(|(_, set)| set.applies_from)
        .ok_or_else(|| ClockError::BeforeFirstRuleSet {
            day: received,
            first: sets.map(|(_, set)| set.applies_from).min(),
        })
}

/// When a clock started at `start` is due (C1-C3), with the arithmetic in words (C8).
pub fn due(
    start: Instant,
    rule: &ClockRule,
    zone: Zone,
    calendar: Option<&Calendar>,
) -> Result<Due, ClockError> {
    let (at, last_day) = count(start, rule, zone, calendar)?;
    let steps = words::arithmetic(start, rule, zone, calendar, (at, last_day));
    Ok(Due { at, last_day, steps })
}

/// The same without the words: the last second at which it is still in time, and the last local day of a clock in days.
fn count(
    start: Instant,
    rule: &ClockRule,
    zone: Zone,
    calendar: Option<&Calendar>,
) -> Result<(Instant, Option<Day>), ClockError> {
    let problems = rule.check(&Path::root());
    if !problems.is_empty() {
        return Err(ClockError::Rule(problems));
    }
    let received = zone.day(start);
    let last_day = match rule.calendar_name() {
        None if rule.unit == Unit::Hours => {
            return Ok((start.plus_seconds(i64::from(rule.within) * 3_600), None));
        }
        None => day_zero(received, rule).plus(i64::from(rule.within)),
        Some(name) => calendar
            .filter(|calendar| calendar.name == name)
            .ok_or(ClockError::NoCalendar { calendar: name })?
            .add_working_days(day_zero(received, rule), rule.within)?,
    };
    let at = match rule.cut_off_seconds() {
        Some(seconds) => zone.at(last_day, seconds),
        None => zone.end_of_day(last_day),
    };
    Ok((at, Some(last_day)))
}

/// The day before the first that counts: the day received, or the day before it where that one counts already (C3).
fn day_zero(received: Day, rule: &ClockRule) -> Day {
    received.plus(-i64::from(rule.number_of_first_day()))
}

#[cfg(test)]
mod tests;
