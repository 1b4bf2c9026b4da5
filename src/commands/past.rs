//! The store as it stood at the end of a day: what the numbers are counted from.

use serde_json::{Value, json};

use super::caseload::{Caseload, Partial};
use super::filters::Filters;
use crate::context::{Context, Office};
use crate::domain::deadlines;
use crate::domain::scalars::PersonId;
use crate::domain::statistics::{Facts, Period};
use crate::domain::time::{Day, Instant, Zone};
use crate::error::{Error, Kind};
use crate::store::{Backward, files};

/// How many commits whose dates run backwards are named to people.
const MOST_BACKWARD: usize = 5;

/// The store at a moment: its files, its settings then, and the moment for which clocks are read.
pub struct Past {
    /// The files, and the settings that held.
    pub office: Office,
    /// The end of that day, or now.
    pub now: Instant,
    /// Whether it is the store as it stands: the index is of no other.
    stands: bool,
    /// The commits whose dates run backwards.
    backward: Vec<Backward>,
}

/// Which days count, and as of when.
#[derive(Debug, Clone, clap::Args)]
pub struct Days {
    /// The local days that count: A..B, both included; either may be left out
    #[arg(long, value_name = "A..B", value_parser = super::filters::days, conflicts_with_all = ["year", "month"])]
    period: Option<(Day, Day)>,
    /// A calendar year
    #[arg(long, value_name = "YYYY", value_parser = Period::year, conflicts_with = "month")]
    year: Option<Period>,
    /// A month
    #[arg(long, value_name = "YYYY-MM", value_parser = Period::month)]
    month: Option<Period>,
    /// From the history as it stood at the end of this local day
    #[arg(long, value_name = "DAY")]
    as_of: Option<Day>,
}

impl Days {
    /// The store at the moment that is meant.
    pub fn past(&self, context: &Context) -> Result<Past, Error> {
        Past::open(context, self.as_of)
    }

    /// The period that was stated.
    pub fn stated(&self) -> Option<Period> {
        let period = self.period.and_then(|(first, last)| Period::new(first, last));
        period.or(self.year).or(self.month)
    }
}

impl Past {
    /// The store as it stands, or as it stood at the end of a local day that is not in the future.
    fn open(context: &Context, as_of: Option<Day>) -> Result<Past, Error> {
        let office = context.office()?;
        let zone = office.settings.zone();
        let Some(day) = as_of else {
            return Ok(Past { office, now: context.now, stands: true, backward: Vec::new() });
        };
        if day > zone.day(context.now) {
            return Err(Error::new(Kind::Usage, "the day of --as-of lies in the future")
                .hint("leave it out to count what is recorded now"));
        }
        let end = zone.end_of_day(day);
        let as_of = office.store.as_of(end.unix())?;
        let commit = as_of.commit.ok_or_else(|| {
            Error::new(Kind::NotFound, format!("the history of this store begins after {day}"))
                .hint("`csods log` shows when it begins")
        })?;
        let head = office.store.snapshot_at(&commit)?;
        let settings = files::settings(&head)?;
        let (now, backward) = (end.min(context.now), as_of.backward);
        Ok(Past { office: Office { head, settings, ..office }, now, stands: false, backward })
    }

    /// The facts of every case that fits and of which something happened in the period, and perhaps of others. Fails
    /// closed: one case that cannot be read makes the whole fail and is named.
    pub fn facts(
        &self,
        context: &Context,
        period: Option<Period>,
        fits: impl Fn(&Facts) -> bool + Sync,
    ) -> Result<Vec<Facts>, Error> {
        let Office { head, settings, .. } = &self.office;
        let (from, to) = period.map_or((None, None), |period| period.bounds(settings.zone()));
        if self.stands
            && let Some(mut facts) =
                Caseload::new(context, &self.office, Partial::default()).facts(from, to)?
        {
            facts.retain(|facts| fits(facts));
            return Ok(facts);
        }
        files::every_case(head, |case| {
            context.saw_receipt(case.received.at.0);
            let facts = Facts::of(&case, settings)
                .map_err(|error| Error::from(error).place(case.reference.as_str()))?;
            Ok(Some(facts).filter(&fits))
        })
    }

    /// The commits whose dates run backwards, for scripts (V5).
    pub fn backward_json(&self) -> Value {
        let instant = |unix: i64| Instant::from_unix(unix).map(|at| at.to_string());
        let one = |of: &Backward| json!({"commit": of.commit.to_string(), "at": instant(of.at_unix), "after": instant(of.after_unix)});
        self.backward.iter().map(one).collect()
    }

    /// The same for people; `None` where there are none.
    pub fn backward_in_words(&self) -> Option<String> {
        let zone = self.office.settings.zone();
        let day = |unix: i64| Instant::from_unix(unix).map_or(String::new(), |at| zone.day(at).to_string());
        let one = |of: &Backward| {
            let commit = of.commit.to_string();
            let short = commit.get(..10).unwrap_or(&commit);
            format!("{short} of {} after one of {}", day(of.at_unix), day(of.after_unix))
        };
        let shown: Vec<String> = self.backward.iter().take(MOST_BACKWARD).map(one).collect();
        let more = match self.backward.len().saturating_sub(MOST_BACKWARD) {
            0 => String::new(),
            more => format!("; and {more} more"),
        };
        (!shown.is_empty()).then(|| {
            format!(
                "The dates of {} commit(s) run backwards; each counts from its place in the history: {}{more}.",
                self.backward.len(),
                shown.join("; ")
            )
        })
    }

    /// The commit it is counted from.
    pub fn commit(&self) -> String {
        self.office.head.commit().to_string()
    }
}

impl Filters {
    /// Whether a case is among those that are counted. The route is the one by which it came in.
    pub fn fits_facts(&self, facts: &Facts, now: Instant, zone: Zone) -> bool {
        let is = |wanted: &Option<String>, word: &str| wanted.as_deref().is_none_or(|wanted| wanted == word);
        let readings = facts.clocks.map(|clock| clock.at(now));
        let pressing = deadlines::most_pressing(&readings).map(|reading| zone.day(reading.due_that_counts()));
        let outcome = facts.decided.filter(|_| facts.decision_stands).map_or("", |(_, what)| what.word());
        let owned = match self.owner.as_deref() {
            Some("none") => facts.owner.is_none(),
            _ => is(&self.owner, facts.owner.as_ref().map_or("", PersonId::as_str)),
        };
        let within = |days: Option<(Day, Day)>, day: Option<Day>| {
            days.is_none_or(|(first, last)| day.is_some_and(|day| first <= day && day <= last))
        };
        owned
            && (self.stage.is_empty() || self.stage.iter().any(|stage| stage == facts.stage.word()))
            && (!self.open || facts.closed.is_none())
            && (!self.overdue || readings.iter().any(deadlines::is_overdue))
            && is(&self.route, facts.route.word())
            && is(&self.channel, facts.channel.word())
            && is(&self.outcome, outcome)
            && within(self.received, Some(zone.day(facts.received)))
            && within(self.due, pressing)
    }

    /// The filters that were given, as they are typed.
    pub fn in_words(&self) -> Vec<String> {
        let days = |(first, last): (Day, Day)| format!("{first}..{last}");
        let mut words: Vec<String> = self.stage.iter().map(|stage| format!("--stage {stage}")).collect();
        for (name, value) in [
            ("route", &self.route),
            ("owner", &self.owner),
            ("channel", &self.channel),
            ("outcome", &self.outcome),
            ("received", &self.received.map(days)),
            ("due", &self.due.map(days)),
        ] {
            words.extend(value.as_ref().map(|value| format!("--{name} {value}")));
        }
        for (name, given) in [("overdue", self.overdue), ("open", self.open)] {
            words.extend(given.then(|| format!("--{name}")));
        }
        words
    }
}
