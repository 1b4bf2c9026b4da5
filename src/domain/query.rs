//! Which cases are meant: the tests that filters and expressions are made of, and the expression as a person types it.
//!
//! An expression is words separated by blanks, all of which must hold: `stage:interview owner:d.osei due<2026-12-01
//! risk>=high -urgent`. A word is a key, a comparison and a value, or a flag; `-` in front denies it. Commas separate
//! values of which any will do.

use super::action::ActionKind;
use super::case::{Channel, DecisionOutcome, Risk, Route, Stage};
use super::row::Row;
use super::time::{Day, Instant, Zone};
use crate::choice;

mod parse;

pub use parse::{Fault, is_denial, parse, shown};

choice! {
    /// What an expression may ask about.
    pub enum Key {
        Stage = "stage" => "the stage, in the order of the work",
        Route = "route" => "the route",
        Owner = "owner" => "who looks after it; none for nobody",
        Channel = "channel" => "how it came in",
        Outcome = "outcome" => "what was decided; none for nothing yet",
        Risk = "risk" => "the assessed risk; none for not assessed",
        Received = "received" => "the local day of receipt",
        Due = "due" => "the local day on which the clock that presses most is due",
        Age = "age" => "days since receipt",
        Next = "next" => "the action that comes next; none for nothing",
    }
}

choice! {
    /// What an expression may ask with one word.
    pub enum Flag {
        Open = "open" => "not closed",
        Closed = "closed" => "closed",
        Overdue = "overdue" => "a clock is overdue",
        Urgent = "urgent" => "immediate risk or urgent action (S3)",
    }
}

/// How a value is compared with the one that is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    /// `<`
    Before,
    /// `<=`
    UpTo,
    /// `:` or `=`
    Is,
    /// `>=`
    From,
    /// `>`
    After,
}

impl Compare {
    /// Whether a value stands so to the stretch from `first` to `last`; for a single value both are the same.
    fn holds<T: PartialOrd + Copy>(self, value: T, first: T, last: T) -> bool {
        match self {
            Compare::Before => value < first,
            Compare::UpTo => value <= last,
            Compare::Is => first <= value && value <= last,
            Compare::From => value >= first,
            Compare::After => value > last,
        }
    }
}

/// The days from one to another, both included.
pub type Days = (Day, Day);

/// Something that holds of a case or not.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// Its stage stands so to any of these.
    Stage(Compare, Vec<Stage>),
    /// It came by any of these routes.
    Route(Vec<Route>),
    /// Any of these looks after it; `none` is nobody.
    Owner(Vec<String>),
    /// It came by any of these channels.
    Channel(Vec<Channel>),
    /// Any of these was decided; `None`: nothing yet.
    Outcome(Vec<Option<DecisionOutcome>>),
    /// Its risk stands so to any of these; `None`: not assessed.
    Risk(Compare, Vec<Option<Risk>>),
    /// It was received then.
    Received(Compare, Days),
    /// Its pressing clock is due then.
    Due(Compare, Days),
    /// So many days have passed since receipt.
    Age(Compare, (i64, i64)),
    /// Any of these comes next; `None`: nothing.
    Next(Vec<Option<ActionKind>>),
    /// A flag.
    Flag(Flag),
}

/// A test, or its opposite.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// Whether it must not hold.
    pub denied: bool,
    /// What is tested.
    pub test: Test,
}

/// Tests all of which must hold. None at all: every case.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query(pub Vec<Term>);

/// What certainly holds of every case that fits: so that others need not be looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Narrow {
    /// It is open.
    pub open: bool,
    /// A clock of it runs and is due before this.
    pub due_before: Option<Instant>,
}

impl Query {
    /// Adds a test.
    pub fn and(&mut self, test: Test) {
        self.0.push(Term { denied: false, test });
    }

    /// Whether a case fits at `now`.
    pub fn fits(&self, row: &Row, now: Instant, zone: Zone) -> bool {
        self.0.iter().all(|term| term.test.holds(row, now, zone) != term.denied)
    }

    /// What certainly holds of every case that fits at `now`.
    pub fn narrow(&self, now: Instant) -> Narrow {
        let asks = |flag| self.0.contains(&Term { denied: false, test: Test::Flag(flag) });
        Narrow {
            open: asks(Flag::Open) || asks(Flag::Overdue),
            due_before: asks(Flag::Overdue).then_some(now),
        }
    }
}

impl Test {
    fn holds(&self, row: &Row, now: Instant, zone: Zone) -> bool {
        match self {
            Test::Stage(compare, wanted) => {
                wanted.iter().any(|&wanted| compare.holds(row.stage, wanted, wanted))
            }
            Test::Route(wanted) => wanted.contains(&row.route),
            Test::Owner(wanted) => {
                let owner = row.owner.as_ref().map_or("none", |owner| owner.as_str());
                wanted.iter().any(|wanted| wanted == owner)
            }
            Test::Channel(wanted) => wanted.contains(&row.channel),
            Test::Outcome(wanted) => wanted.contains(&row.outcome),
            Test::Risk(compare, wanted) => wanted.iter().any(|wanted| match (row.risk, wanted) {
                (Some(risk), Some(wanted)) => compare.holds(risk, *wanted, *wanted),
                (risk, wanted) => *compare == Compare::Is && risk == *wanted,
            }),
            Test::Received(compare, days) => compare.holds(zone.day(row.received), days.0, days.1),
            Test::Due(compare, days) => {
                row.pressing.is_some_and(|pressing| compare.holds(zone.day(pressing.due), days.0, days.1))
            }
            Test::Age(compare, days) => compare.holds(row.age(now, zone), days.0, days.1),
            Test::Next(wanted) => wanted.contains(&row.next(now)),
            Test::Flag(Flag::Open) => row.is_open(),
            Test::Flag(Flag::Closed) => !row.is_open(),
            Test::Flag(Flag::Overdue) => row.is_overdue(now),
            Test::Flag(Flag::Urgent) => row.urgent,
        }
    }
}

/// Reads `A..B`, `A..`, `..B` or one day, month (`2026-03`) or year (`2026`); `today` is a day too, where it is known.
pub fn days(text: &str, today: Option<Day>) -> Result<Days, String> {
    let wrong = || {
        "must be a day like 2026-03-02, a month like 2026-03, a year, or days like 2026-01-01..2026-01-31, either of \
         which may be left out"
            .to_owned()
    };
    let stretch = |text: &str| -> Option<Days> {
        if text == "today" {
            return today.map(|day| (day, day));
        }
        if let Ok(day) = text.parse::<Day>() {
            return Some((day, day));
        }
        let digits = |text: &str, count: usize| {
            let fits = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse::<u32>().ok().filter(|_| fits)
        };
        let (year, month) = match text.split_once('-') {
            Some((year, month)) => (digits(year, 4)?, Some(digits(month, 2)?)),
            None => (digits(text, 4)?, None),
        };
        let year = i32::try_from(year).ok()?;
        let first = Day::new(year, month.unwrap_or(1), 1)?;
        let after = match month {
            Some(month @ 1..12) => Day::new(year, month + 1, 1),
            _ => Day::new(year + 1, 1, 1),
        };
        Some((first, after.map_or_else(|| Day::new(year, 12, 31), |after| Some(after.plus(-1)))?))
    };
    let range = match text.split_once("..") {
        None => stretch(text).ok_or_else(wrong)?,
        Some(("", "")) => return Err(wrong()),
        Some((first, last)) => {
            let open = |text: &str, year, month, day| match text {
                "" => Day::new(year, month, day).map(|day| (day, day)),
                text => stretch(text),
            };
            let first = open(first, 1, 1, 1).ok_or_else(wrong)?;
            let last = open(last, 9999, 12, 31).ok_or_else(wrong)?;
            (first.0, last.1)
        }
    };
    if range.0 <= range.1 { Ok(range) } else { Err("must begin before it ends".to_owned()) }
}

#[cfg(test)]
mod tests;
