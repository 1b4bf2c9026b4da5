//! Which cases, in which order, how many: what the views of many cases share.

use std::ffi::OsString;

use super::show::choices;
use crate::context::{Context, Office};
use crate::domain::action::ActionKind;
use crate::domain::case::{Channel, DecisionOutcome, Route, Stage};
use crate::domain::query::{self, Compare, Days, Flag, Query, Test};
use crate::domain::row::Row;
use crate::domain::time::Day;
use crate::error::{Error, Kind};
use crate::output::pointed;

use super::caseload::{Caseload, Partial};

/// Which cases.
#[derive(Debug, Clone, Default, clap::Args)]
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
    pub received: Option<Days>,
    /// Due on these local days, by the clock that presses most
    #[arg(long, value_name = "A..B", value_parser = days)]
    pub due: Option<Days>,
    /// With a clock that is overdue
    #[arg(long)]
    pub overdue: bool,
    /// Not closed
    #[arg(long)]
    pub open: bool,
}

/// Stands for the `-` of a word that is denied while the command line is read, which would take it for an option.
const DENIED: &str = "\u{1}";

/// The arguments of a command line, with `-urgent` and the like marked as words of an expression.
pub fn with_denials(arguments: Vec<OsString>) -> Vec<OsString> {
    let takes_expression =
        |word: &OsString| ["list", "due", "board", "workload", "export"].iter().any(|name| word == name);
    let from = arguments.iter().position(takes_expression).unwrap_or(arguments.len());
    let mark = |(position, argument): (usize, OsString)| match argument.to_str() {
        Some(text) if position > from && query::is_denial(text) => format!("{DENIED}{}", &text[1..]).into(),
        _ => argument,
    };
    arguments.into_iter().enumerate().map(mark).collect()
}

/// Which cases: filters, an expression, or both.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Wanted {
    /// What must hold, in words: stage:interview owner:d.osei due<2026-12-01 risk>=high -urgent
    ///
    /// Each word is a key, a comparison (: < <= > >=) and a value, or a flag; `-` in front denies it, commas separate
    /// values of which any will do. Keys: stage, route, owner, channel, outcome, risk, received, due (days like
    /// 2026-03-02, 2026-03, 2026, today, A..B), age (in days), next. Flags: open, closed, overdue, urgent.
    #[arg(value_name = "EXPRESSION", num_args = 0..)]
    expression: Vec<String>,
    #[command(flatten)]
    filters: Filters,
    #[command(flatten)]
    partial: Partial,
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
    /// Worst risk first
    Risk,
}

/// In which order, how many.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct Order {
    /// The order
    #[arg(long, value_name = "KEY", value_enum)]
    pub sort: Option<Sort>,
    /// At most so many
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
}

impl Sort {
    /// How two rows stand to each other.
    pub fn order(self, a: &Row, b: &Row) -> std::cmp::Ordering {
        let due = |row: &Row| (row.pressing.is_none(), row.pressing.map(|pressing| pressing.due));
        let by_key = match self {
            Sort::Reference => std::cmp::Ordering::Equal,
            Sort::Received => a.received.cmp(&b.received),
            Sort::Due => due(a).cmp(&due(b)),
            Sort::Stage => a.stage.cmp(&b.stage),
            Sort::Owner => a.owner.cmp(&b.owner),
            Sort::Risk => b.worry().cmp(&a.worry()).then_with(|| due(a).cmp(&due(b))),
        };
        by_key.then_with(|| a.reference.cmp(&b.reference))
    }
}

impl Filters {
    /// The tests that they are.
    pub fn query(&self) -> Query {
        let mut query = Query::default();
        let one = |word: &Option<String>| word.as_deref().map(str::to_owned);
        if !self.stage.is_empty() {
            let stages = self.stage.iter().filter_map(|word| Stage::of(word)).collect();
            query.and(Test::Stage(Compare::Is, stages));
        }
        if let Some(route) = self.route.as_deref().and_then(Route::of) {
            query.and(Test::Route(vec![route]));
        }
        if let Some(owner) = one(&self.owner) {
            query.and(Test::Owner(vec![owner]));
        }
        if let Some(channel) = self.channel.as_deref().and_then(Channel::of) {
            query.and(Test::Channel(vec![channel]));
        }
        if let Some(outcome) = self.outcome.as_deref().and_then(DecisionOutcome::of) {
            query.and(Test::Outcome(vec![Some(outcome)]));
        }
        if let Some(days) = self.received {
            query.and(Test::Received(Compare::Is, days));
        }
        if let Some(days) = self.due {
            query.and(Test::Due(Compare::Is, days));
        }
        if self.overdue {
            query.and(Test::Flag(Flag::Overdue));
        }
        if self.open {
            query.and(Test::Flag(Flag::Open));
        }
        query
    }
}

impl Wanted {
    /// The tests that must hold.
    pub fn query(&self, context: &Context, office: &Office) -> Result<Query, Error> {
        let mut query = self.filters.query();
        let shown = |word: &String| match word.strip_prefix(DENIED) {
            Some(rest) => format!("-{rest}"),
            None => word.clone(),
        };
        let text = self.expression.iter().map(shown).collect::<Vec<_>>().join(" ");
        let today = office.settings.zone().day(context.now);
        let expression = query::parse(&text, today).map_err(|fault| {
            let (shown, at, length) = query::shown(&text, &fault);
            let shown = pointed(&shown, at, length);
            Error::new(Kind::Usage, format!("the expression cannot be read: {}\n{shown}", fault.what))
                .hint("for example `stage:interview due<2026-12-01 -urgent`; `csods list --help` says more")
        })?;
        query.0.extend(expression.0);
        Ok(query)
    }

    /// The cases of an office, to be asked.
    pub fn caseload<'o>(&self, context: &'o Context, office: &'o Office) -> Caseload<'o> {
        Caseload::new(context, office, self.partial)
    }
}

/// Reads the days of a filter. Of `..` both ends are left out: every day.
pub fn days(text: &str) -> Result<Days, String> {
    let every = || Day::new(1, 1, 1).zip(Day::new(9999, 12, 31));
    if text == ".."
        && let Some(days) = every()
    {
        return Ok(days);
    }
    query::days(text, None)
}

/// The word of what comes next, for a cell.
pub fn next_word(next: Option<ActionKind>) -> &'static str {
    next.map(|next| next.word()).unwrap_or_default()
}
