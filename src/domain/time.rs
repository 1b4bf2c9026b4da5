//! Instants, days and the local time zone. Stored in UTC to the second, shown in the store's zone (C1).

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, SubsecRound, TimeDelta, TimeZone, Utc};

/// A moment, to the second, written `2026-03-02T09:15:00Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(DateTime<Utc>);

/// A calendar day, written `2026-03-02`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(NaiveDate);

/// The time zone in which days begin and end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone(chrono_tz::Tz);

/// The months, as they are written.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Instant {
    /// From chrono's own; fractions of a second are dropped.
    pub fn new(at: DateTime<Utc>) -> Instant {
        Instant(at.trunc_subsecs(0))
    }

    /// From seconds since 1970; `None` outside the years that can be written.
    pub fn from_unix(seconds: i64) -> Option<Instant> {
        DateTime::from_timestamp(seconds, 0).map(Instant)
    }

    /// Seconds since 1970.
    pub fn unix(self) -> i64 {
        self.0.timestamp()
    }

    /// This many seconds later (or earlier, below zero).
    pub fn plus_seconds(self, seconds: i64) -> Instant {
        Instant(self.0.checked_add_signed(TimeDelta::seconds(seconds)).unwrap_or(self.0))
    }

    /// Seconds from `earlier` to this.
    pub fn seconds_since(self, earlier: Instant) -> i64 {
        (self.0 - earlier.0).num_seconds()
    }
}

impl Day {
    /// A day of the calendar, or `None` where there is none such.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Day> {
        NaiveDate::from_ymd_opt(year, month, day).filter(|_| (1..=9999).contains(&year)).map(Day)
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// The month, from 1.
    pub fn month(self) -> u32 {
        self.0.month()
    }

    /// The day of the month, from 1.
    pub fn day(self) -> u32 {
        self.0.day()
    }

    /// This many days later (or earlier, below zero).
    pub fn plus(self, days: i64) -> Day {
        Day(self.0.checked_add_signed(TimeDelta::days(days)).unwrap_or(self.0))
    }

    /// Days from `earlier` to this.
    pub fn days_since(self, earlier: Day) -> i64 {
        (self.0 - earlier.0).num_days()
    }

    /// Whether it is a Saturday or a Sunday.
    pub fn is_weekend(self) -> bool {
        self.0.weekday().number_from_monday() > 5
    }

    /// The day of the week, Monday being 0.
    pub fn weekday(self) -> usize {
        self.0.weekday().num_days_from_monday() as usize
    }

    /// `Mon 2 March 2026`.
    pub fn in_words(self) -> String {
        self.0.format("%a %-d %B %Y").to_string()
    }
}

impl Zone {
    /// London, the zone of every force under the scheme.
    pub const LONDON: Zone = Zone(chrono_tz::Europe::London);

    /// The local day of an instant.
    pub fn day(self, at: Instant) -> Day {
        Day(at.0.with_timezone(&self.0).date_naive())
    }

    /// The instant of a local time of day, in seconds after midnight. Where the clocks go back, the later of the two;
    /// where they go forward over it, the first instant after the gap.
    pub fn at(self, day: Day, seconds: u32) -> Instant {
        let time =
            NaiveTime::from_num_seconds_from_midnight_opt(seconds.min(86_399), 0).unwrap_or(NaiveTime::MIN);
        let mut local = day.0.and_time(time);
        loop {
            match self.0.from_local_datetime(&local).latest() {
                Some(at) => return Instant(at.with_timezone(&Utc)),
                None => local += TimeDelta::minutes(1),
            }
        }
    }

    /// The last second of a local day: what is due on a day is still in time then (C3).
    pub fn end_of_day(self, day: Day) -> Instant {
        self.at(day, 86_399)
    }

    /// Where the clocks change after `from` and not after `to`: the first instant of the new time, and by how many
    /// minutes local time leaps forward (below zero: back).
    pub fn clock_changes(self, from: Instant, to: Instant) -> Vec<(Instant, i32)> {
        // Changes lie further apart than a week.
        const WEEK: i64 = 7 * 86_400;
        let mut changes = Vec::new();
        let mut before = from;
        while before < to {
            let after = before.plus_seconds(WEEK).min(to);
            let leap = self.offset_minutes(after) - self.offset_minutes(before);
            if leap != 0 {
                // Halves the stretch until the change lies between two seconds.
                let (mut old, mut new) = (before, after);
                while new.seconds_since(old) > 1 {
                    let middle = old.plus_seconds(new.seconds_since(old) / 2);
                    if self.offset_minutes(middle) == self.offset_minutes(before) {
                        old = middle;
                    } else {
                        new = middle;
                    }
                }
                changes.push((new, leap));
            }
            before = after;
        }
        changes
    }

    /// `Mon 2 March 2026, 09:15`.
    pub fn in_words(self, at: Instant) -> String {
        at.0.with_timezone(&self.0).format("%a %-d %B %Y, %H:%M").to_string()
    }

    /// `2026-03-02 09:15`.
    pub fn short(self, at: Instant) -> String {
        at.0.with_timezone(&self.0).format("%Y-%m-%d %H:%M").to_string()
    }

    /// `09:15 GMT`, the local time of day with the zone's name.
    pub fn time_of_day(self, at: Instant) -> String {
        at.0.with_timezone(&self.0).format("%H:%M %Z").to_string()
    }

    /// The local offset from UTC, in minutes.
    pub fn offset_minutes(self, at: Instant) -> i32 {
        use chrono::Offset;
        at.0.with_timezone(&self.0).offset().fix().local_minus_utc() / 60
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use chrono::Timelike;
        let (day, time) = (Day(self.0.date_naive()), self.0.time());
        write!(f, "{day}T{:02}:{:02}:{:02}Z", time.hour(), time.minute(), time.second())
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

/// The numbers of a text that has exactly this form, digits where the form has a `0`.
fn numbers<const N: usize>(text: &str, form: &str) -> Option<[u32; N]> {
    let mut numbers = [0; N];
    let mut at = None;
    if text.len() != form.len() {
        return None;
    }
    for (byte, like) in text.bytes().zip(form.bytes()) {
        if like != b'0' {
            if byte != like {
                return None;
            }
            at = at.map(|at: (usize, bool)| (at.0, false));
            continue;
        }
        let digit = char::from(byte).to_digit(10)?;
        let index = match at {
            None => 0,
            Some((index, true)) => index,
            Some((index, false)) => index + 1,
        };
        at = Some((index, true));
        let number = numbers.get_mut(index)?;
        *number = *number * 10 + digit;
    }
    Some(numbers)
}

/// Only the one written form, so that writing what was read gives the same bytes.
impl FromStr for Instant {
    type Err = String;

    fn from_str(text: &str) -> Result<Instant, String> {
        let read = || {
            let [year, month, day, hour, minute, second] = numbers(text, "0000-00-00T00:00:00Z")?;
            let day = Day::new(i32::try_from(year).ok()?, month, day)?;
            day.0.and_hms_opt(hour, minute, second).map(|at| Instant(at.and_utc()))
        };
        read().ok_or_else(|| "must be an instant in UTC like 2026-03-02T09:15:00Z".to_owned())
    }
}

impl FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Day, String> {
        let read = || {
            let [year, month, day] = numbers(text, "0000-00-00")?;
            Day::new(i32::try_from(year).ok()?, month, day)
        };
        read().ok_or_else(|| "must be a day like 2026-03-02".to_owned())
    }
}

impl FromStr for Zone {
    type Err = String;

    fn from_str(text: &str) -> Result<Zone, String> {
        text.parse().map(Zone).map_err(|_| "must be a time zone like Europe/London".to_owned())
    }
}
