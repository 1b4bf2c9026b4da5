//! Over which days is counted, and into which columns.

use crate::choice;
use crate::domain::time::{Day, Instant, MONTHS, Zone};

choice! {
    /// How the counts are split (N2).
    pub enum Split {
        Month = "month" => "a column a month",
        Quarter = "quarter" => "a column a quarter of the calendar year",
        Year = "year" => "a column a calendar year",
        Route = "route" => "the two routes side by side, which is also what is shown without --by",
        Channel = "channel" => "a column a channel of receipt",
    }
}

choice! {
    /// What is counted: applications, or what was done (N1, N2).
    pub enum Basis {
        Received = "received" => "the applications received in the period, and what has become of them by now",
        Done = "done" => "what was done in the period, whenever the application was received",
    }
}

/// Local days, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first.
    pub first: Day,
    /// The last.
    pub last: Day,
}

impl Period {
    /// From the first to the last; `None` where the last comes before.
    pub fn new(first: Day, last: Day) -> Option<Period> {
        (first <= last).then_some(Period { first, last })
    }

    /// From the first day that can be written to the last.
    pub fn everything() -> Option<Period> {
        Period::new(Day::new(1, 1, 1)?, Day::new(9999, 12, 31)?)
    }

    /// A calendar year: `2025`.
    pub fn year(text: &str) -> Result<Period, String> {
        let wrong = || "must be a year like 2025".to_owned();
        let digits = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
        let year: i32 = text.parse().ok().filter(|_| digits).ok_or_else(wrong)?;
        let (first, last) = Day::new(year, 1, 1).zip(Day::new(year, 12, 31)).ok_or_else(wrong)?;
        Ok(Period { first, last })
    }

    /// A month: `2025-03`.
    pub fn month(text: &str) -> Result<Period, String> {
        let first: Day =
            format!("{text}-01").parse().map_err(|_| "must be a month like 2025-03".to_owned())?;
        // The 28th and four days lie in the next month, whichever month it is.
        let next = first.plus(31);
        Ok(Period { first, last: next.plus(-i64::from(next.day())) })
    }

    /// Whether the day lies in it.
    pub fn holds(&self, day: Day) -> bool {
        (self.first..=self.last).contains(&day)
    }

    /// The instants between which it lies, where it has a beginning and an end.
    pub fn bounds(&self, zone: Zone) -> (Option<Instant>, Option<Instant>) {
        let from = (!self.is_open_before()).then(|| zone.at(self.first, 0));
        (from, (!self.is_open_after()).then(|| zone.end_of_day(self.last)))
    }

    /// Whether it has no beginning.
    pub fn is_open_before(&self) -> bool {
        self.first.year() == 1
    }

    /// Whether it has no end.
    pub fn is_open_after(&self) -> bool {
        self.last.year() == 9999
    }

    /// `1 January 2025 to 31 December 2025`.
    pub fn in_words(&self) -> String {
        let day = |day: Day| {
            let month = MONTHS.get(day.month() as usize - 1).copied().unwrap_or_default();
            format!("{} {month} {}", day.day(), day.year())
        };
        match (self.is_open_before(), self.is_open_after()) {
            (true, true) => "the whole record".to_owned(),
            (true, false) => format!("until {}", day(self.last)),
            (false, true) => format!("from {}", day(self.first)),
            (false, false) if self.first == self.last => day(self.first),
            (false, false) => format!("{} to {}", day(self.first), day(self.last)),
        }
    }
}

impl Split {
    /// The number of the column that a day falls into, where columns are stretches of time: consecutive ones differ by 1.
    pub fn number(self, day: Day) -> Option<i64> {
        let (year, month) = (i64::from(day.year()), i64::from(day.month()) - 1);
        match self {
            Split::Month => Some(year * 12 + month),
            Split::Quarter => Some(year * 4 + month / 3),
            Split::Year => Some(year),
            Split::Route | Split::Channel => None,
        }
    }

    /// What stands over the column of this number.
    pub fn label(self, number: i64) -> String {
        match self {
            Split::Month => format!("{:04}-{:02}", number.div_euclid(12), number.rem_euclid(12) + 1),
            Split::Quarter => format!("{:04}-Q{}", number.div_euclid(4), number.rem_euclid(4) + 1),
            Split::Year | Split::Route | Split::Channel => number.to_string(),
        }
    }
}
