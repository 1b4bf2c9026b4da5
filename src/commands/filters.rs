//! The filters that `list` and `due` share, and the rows they leave.

use serde_json::{Value, json};

use super::show::{choices, owner};
use crate::context::{Context, Office};
use crate::domain::action::ActionKind;
use crate::domain::case::{Case, Channel, DecisionOutcome, Route, Stage};
use crate::domain::clocks::{ClockName, Reading};
use crate::domain::deadlines;
use crate::domain::findings;
use crate::domain::reference::Reference;
use crate::domain::settings::Settings;
use crate::domain::time::{Day, Instant, Zone};
use crate::error::Error;
use crate::store::files;

/// Which cases, in which order, how many.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Filters")]
pub struct Filters {
    /// At this stage; may be given several times
    #[arg(long, value_name = "STAGE", value_parser = choices(Stage::WORDS))]
    pub stage: Vec<String>,
    /// By this route
    #[arg(long, value_name = "ROUTE", value_parser = choices(Route::WORDS))]
    pub route: Option<String>,
    /// Looked after by this person; `none` for nobody
    #[arg(long, value_name = "PERSON", add = super::complete::person())]
    pub owner: Option<String>,
    /// Received by this channel
    #[arg(long, value_name = "CHANNEL", value_parser = choices(Channel::WORDS))]
    pub channel: Option<String>,
    /// With this decision
    #[arg(long, value_name = "OUTCOME", value_parser = choices(DecisionOutcome::WORDS))]
    pub outcome: Option<String>,
    /// Received on these local days: A..B, both included; either may be left out
    #[arg(long, value_name = "A..B", value_parser = days)]
    pub received: Option<(Day, Day)>,
    /// Due on these local days, by the clock that presses most
    #[arg(long, value_name = "A..B", value_parser = days)]
    pub due: Option<(Day, Day)>,
    /// With a clock that is overdue
    #[arg(long)]
    pub overdue: bool,
    /// Not closed
    #[arg(long)]
    pub open: bool,
    /// The order
    #[arg(long, value_name = "KEY", value_enum, default_value = "reference")]
    pub sort: Sort,
    /// At most so many
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
}

/// The orders of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Sort {
    /// By reference
    Reference,
    /// By the moment of receipt
    Received,
    /// By the due that presses most, cases without one last
    Due,
    /// By stage
    Stage,
    /// By who looks after it
    Owner,
}

/// A case in a list. Holds no personal fact of the case.
#[derive(Debug, Clone)]
pub struct Row {
    /// The case.
    pub reference: Reference,
    /// Its stage.
    pub stage: Stage,
    /// Its route.
    pub route: Route,
    /// Who looks after it; empty for nobody.
    pub owner: String,
    /// When it was received.
    pub received: Instant,
    /// The clock that presses most, while one runs.
    pub clock: Option<ClockName>,
    /// When that clock is due.
    pub due: Option<Instant>,
    /// How it stands, in words.
    pub stands: String,
    /// Whether any clock is overdue.
    pub overdue: bool,
    /// What comes next.
    pub next: Option<ActionKind>,
}

/// The rows that fit, and how many there are without the limit.
pub struct Rows {
    /// As many as were asked for.
    pub rows: Vec<Row>,
    /// All that fit.
    pub total: usize,
}

impl Row {
    /// For scripts.
    pub fn json(&self) -> Value {
        json!({
            "reference": self.reference.as_str(),
            "stage": self.stage.word(),
            "route": self.route.word(),
            "owner": if self.owner.is_empty() { Value::Null } else { json!(self.owner) },
            "received": self.received.to_string(),
            "clock": self.clock.map(|clock| clock.word()),
            "due": self.due.map(|due| due.to_string()),
            "overdue": self.overdue,
            "next": self.next.map(|next| next.word()),
        })
    }

    fn of(case: &Case, readings: &[Reading], now: Instant, settings: &Settings) -> Row {
        let pressing = deadlines::most_pressing(readings);
        Row {
            reference: case.reference.clone(),
            stage: case.stage,
            route: case.route,
            owner: owner(case),
            received: case.received.at.0,
            clock: pressing.map(|reading| reading.name),
            due: pressing.map(Reading::due_that_counts),
            stands: pressing.map(|reading| reading.in_words(settings.zone())).unwrap_or_default(),
            overdue: readings.iter().any(deadlines::is_overdue),
            next: findings::next(case, now, settings).action,
        }
    }
}

impl Filters {
    /// The rows that fit, in the order asked for.
    pub fn rows(&self, context: &Context, office: &Office) -> Result<Rows, Error> {
        let (now, settings) = (context.now, &office.settings);
        let mut rows = files::every_case(&office.head, |case| {
            if !self.fits_case(&case, settings.zone()) {
                return Ok(None);
            }
            let readings = deadlines::brief_readings(&case, now, settings)
                .map_err(|error| Error::from(error).place(case.reference.as_str()))?;
            let row = Row::of(&case, &readings, now, settings);
            Ok(self.fits_row(&row, settings.zone()).then_some(row))
        })?;
        rows.sort_by(|a, b| self.order(a, b).then_with(|| a.reference.cmp(&b.reference)));
        let total = rows.len();
        rows.truncate(self.limit.unwrap_or(usize::MAX));
        Ok(Rows { rows, total })
    }

    /// The same, soonest due first unless another order was asked for.
    pub fn rows_by_due(&self, context: &Context, office: &Office) -> Result<Rows, Error> {
        let sort = if self.sort == Sort::Reference { Sort::Due } else { self.sort };
        Filters { sort, ..self.clone() }.rows(context, office)
    }

    fn order(&self, a: &Row, b: &Row) -> std::cmp::Ordering {
        match self.sort {
            Sort::Reference => std::cmp::Ordering::Equal,
            Sort::Received => a.received.cmp(&b.received),
            Sort::Due => (a.due.is_none(), a.due).cmp(&(b.due.is_none(), b.due)),
            Sort::Stage => a.stage.cmp(&b.stage),
            Sort::Owner => a.owner.cmp(&b.owner),
        }
    }

    fn fits_case(&self, case: &Case, zone: Zone) -> bool {
        let is = |wanted: &Option<String>, word: &str| wanted.as_deref().is_none_or(|wanted| wanted == word);
        let outcome = case.outcome().map_or("", DecisionOutcome::word);
        let owned = match self.owner.as_deref() {
            Some("none") => case.owner.is_none(),
            _ => is(&self.owner, &owner(case)),
        };
        (self.stage.is_empty() || self.stage.iter().any(|stage| stage == case.stage.word()))
            && (!self.open || case.stage < Stage::Closed)
            && is(&self.route, case.route.word())
            && is(&self.channel, case.received.channel.word())
            && is(&self.outcome, outcome)
            && owned
            && self.received.is_none_or(|(first, last)| {
                let day = zone.day(case.received.at.0);
                first <= day && day <= last
            })
    }

    fn fits_row(&self, row: &Row, zone: Zone) -> bool {
        let due = row.due.map(|due| zone.day(due));
        (!self.overdue || row.overdue)
            && self.due.is_none_or(|(first, last)| due.is_some_and(|due| first <= due && due <= last))
    }
}

/// Reads `A..B`, `A..`, `..B` or one day.
fn days(text: &str) -> Result<(Day, Day), String> {
    let wrong = || "must be days like 2026-01-01..2026-01-31; either may be left out".to_owned();
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    let day = |text: &str, otherwise: Option<Day>| match text {
        "" => otherwise.ok_or_else(wrong),
        text => text.parse().map_err(|_| wrong()),
    };
    let range = (day(first, Day::new(1, 1, 1))?, day(last, Day::new(9999, 12, 31))?);
    if range.0 <= range.1 { Ok(range) } else { Err("must begin before it ends".to_owned()) }
}
