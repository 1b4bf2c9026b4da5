//! Working days: a table of holidays that says where it comes from and how far it reaches (C3, C7).

use std::fmt;

use super::node::{Node, Path};
use super::record::{Part, Problem, Reader, Shape};
use super::scalars::{Line, Prose};
use super::time::Day;
use crate::record;

/// The name of a calendar, and of its file under `calendars/`: lower-case letters, digits and `-`, so that it can be
/// no other path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CalendarName(String);

impl CalendarName {
    /// Checks the letters.
    pub fn new(text: impl Into<String>) -> Result<CalendarName, String> {
        let text = text.into();
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if text.is_empty() || text.len() > 60 || text.starts_with('-') || !text.chars().all(fits) {
            return Err("must be a calendar's name: lower-case letters, digits and -".to_owned());
        }
        Ok(CalendarName(text))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where its file stands in a store.
    pub fn file(&self) -> String {
        format!("calendars/{}.toml", self.0)
    }
}

/// The calendar of every force under the scheme.
impl Default for CalendarName {
    fn default() -> CalendarName {
        CalendarName("england-and-wales".to_owned())
    }
}

impl fmt::Display for CalendarName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Part for CalendarName {
    const SHAPE: Shape = Shape::Line;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match CalendarName::new(node.as_text().unwrap_or_default()) {
            Ok(name) => Some(name),
            Err(what) => reader.invalid(what),
        }
    }

    fn write(&self) -> Option<Node> {
        Some(Node::text(self.0.clone()))
    }
}

record! {
    /// A day on which nobody is expected to work, besides Saturdays and Sundays.
    pub struct Holiday {
        /// The day
        pub day: Day,
        /// What it is called
        pub name: Line,
    }
}

record! {
    /// A table of holidays. Its answers hold only once [`Calendar::check`] has found nothing.
    pub struct Calendar {
        /// The version of the file's format
        pub format: u32,
        /// The calendar's name, which is its file's name
        pub name: CalendarName,
        /// Where the days come from (C7)
        pub source: Prose,
        /// The day on which the source stood as it is here (C7)
        pub source_date: Day,
        /// The first day it covers
        pub first_day: Day,
        /// The last day it covers (C7)
        pub last_day: Day,
        /// The holidays, in order
        pub holiday: Vec<Holiday>,
    }
}

/// A day that a calendar does not cover: whether it is a working day is not known, and not guessed (C7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarGap {
    /// Which calendar.
    pub calendar: CalendarName,
    /// The day that was asked about.
    pub day: Day,
    /// The first day it covers.
    pub first_day: Day,
    /// The last day it covers.
    pub last_day: Day,
}

impl Calendar {
    /// The version of the format that this program reads.
    pub const FORMAT: u32 = 1;

    /// Everything that is wrong with it: holidays out of order, twice or out of range would make answers wrong.
    pub fn check(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.format != Self::FORMAT {
            problems.push(Problem::invalid("format", "must be 1"));
        }
        if self.last_day < self.first_day {
            problems.push(Problem::rule("last_day", "C7", "must not be before first_day"));
        }
        let mut before: Option<Day> = None;
        for (index, holiday) in self.holiday.iter().enumerate() {
            let path = Path::from("holiday").index(index).key("day");
            if before.is_some_and(|before| holiday.day <= before) {
                problems.push(Problem::invalid(path, "must be later than the holiday before it"));
            } else if !self.covers(holiday.day) {
                problems.push(Problem::rule(
                    path,
                    "C7",
                    "must be between first_day and last_day",
                ));
            }
            before = Some(holiday.day);
        }
        problems
    }

    /// Whether the calendar knows about `day`.
    pub fn covers(&self, day: Day) -> bool {
        (self.first_day..=self.last_day).contains(&day)
    }

    /// The holiday on `day`, where there is one.
    pub fn holiday_on(&self, day: Day) -> Option<&Holiday> {
        self.holiday
            .binary_search_by_key(&day, |holiday| holiday.day)
            .ok()
            .and_then(|position| self.holiday.get(position))
    }

    /// The holidays from `first` to `last`, both included.
    pub fn holidays_between(&self, first: Day, last: Day) -> &[Holiday] {
        let start = self.holiday.partition_point(|holiday| holiday.day < first);
        let end = self.holiday.partition_point(|holiday| holiday.day <= last);
        self.holiday.get(start..end).unwrap_or_default()
    }

    /// Whether `day` is a working day. Outside the days covered that is an error, never a guess, also at weekends (C7).
    pub fn is_working_day(&self, day: Day) -> Result<bool, CalendarGap> {
        if self.covers(day) {
            Ok(!day.is_weekend() && self.holiday_on(day).is_none())
        } else {
            Err(CalendarGap {
                calendar: self.name.clone(),
                day,
                first_day: self.first_day,
                last_day: self.last_day,
            })
        }
    }

    /// The `count`th working day after `day`; `day` itself where `count` is 0, whatever day that is (C3).
    pub fn add_working_days(&self, day: Day, count: u32) -> Result<Day, CalendarGap> {
        let mut reached = day;
        let mut left = count;
        while left > 0 {
            reached = reached.plus(1);
            if self.is_working_day(reached)? {
                left -= 1;
            }
        }
        Ok(reached)
    }
}

#[cfg(test)]
pub(crate) mod tests;
