//! `csods board`: the caseload on one screen, a column a stage.

use serde_json::json;

use super::filters::Wanted;
use crate::context::Context;
use crate::domain::case::Stage;
use crate::domain::query::{Flag, Test};
use crate::domain::row::Row;
use crate::domain::time::{Instant, Zone};
use crate::error::Error;
use crate::output::{Block, Page, Report, Rows};

/// Shows how many open cases stand at each stage, how many of them are overdue, and the oldest (S1)
///
/// As many of the oldest are shown as `--oldest` says, with their age in days; `!` marks those that are overdue. In a
/// narrow window the columns stand below one another.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    wanted: Wanted,
    /// How many of the oldest cases of each stage are named
    #[arg(long, value_name = "N", default_value_t = 5)]
    oldest: usize,
}

/// The stages at which open cases stand.
const STAGES: [Stage; 5] =
    [Stage::InitialChecks, Stage::Interview, Stage::Assessment, Stage::Decision, Stage::Outcome];

/// The columns.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    let office = context.office()?;
    let mut query = args.wanted.query(context, &office)?;
    query.and(Test::Flag(Flag::Open));
    let mut read = args.wanted.caseload(context, &office).rows(&query)?;
    let (now, zone) = (context.now, office.settings.zone());
    read.found.sort_by(|a, b| a.received.cmp(&b.received).then_with(|| a.reference.cmp(&b.reference)));
    let columns: Vec<Column> = STAGES
        .map(|stage| {
            let of_stage = read.found.iter().filter(|row| row.stage == stage).collect();
            Column { stage, rows: of_stage }
        })
        .into();
    let total: usize = columns.iter().map(|column| column.rows.len()).sum();
    let overdue: usize = columns.iter().map(|column| column.overdue(now)).sum();
    let mut page = Page::default();
    page.say(format!("{total} open, {overdue} overdue"));
    let board = columns.iter().map(|column| column.lines(args.oldest, now, zone)).collect();
    page.0.push(Block::Columns(board));
    let json = json!({
        "version": 1,
        "open": total,
        "overdue": overdue,
        "stages": columns.iter().map(|column| column.json(args.oldest, now, zone)).collect::<Vec<_>>(),
    });
    let rows = Rows {
        header: vec!["stage", "open", "overdue", "oldest", "age"],
        rows: columns.iter().map(|column| column.cells(now, zone)).collect(),
    };
    let report = Report { rows: Some(rows), ..Report::new(json, page) };
    Ok(read.mark(report))
}

/// The open cases at a stage, oldest first.
struct Column<'r> {
    stage: Stage,
    rows: Vec<&'r Row>,
}

impl Column<'_> {
    fn overdue(&self, now: Instant) -> usize {
        self.rows.iter().filter(|row| row.is_overdue(now)).count()
    }

    /// For people: the stage, the counts, the oldest.
    fn lines(&self, oldest: usize, now: Instant, zone: Zone) -> Vec<String> {
        let mut lines = vec![self.stage.word().replace('_', " ").to_uppercase()];
        lines.push(format!("{} open", self.rows.len()));
        let overdue = self.overdue(now);
        lines.push(if overdue > 0 { format!("{overdue} OVERDUE") } else { String::new() });
        lines.extend(self.rows.iter().take(oldest).map(|row| {
            let mark = if row.is_overdue(now) { "!" } else { "" };
            format!("{} {}d{mark}", row.reference, row.age(now, zone))
        }));
        let more = self.rows.len().saturating_sub(oldest);
        lines.extend((more > 0 && oldest > 0).then(|| format!("and {more} more")));
        lines
    }

    fn json(&self, oldest: usize, now: Instant, zone: Zone) -> serde_json::Value {
        let one = |row: &&Row| {
            json!({
                "reference": row.reference.as_str(),
                "age_days": row.age(now, zone),
                "overdue": row.is_overdue(now),
            })
        };
        json!({
            "stage": self.stage.word(),
            "open": self.rows.len(),
            "overdue": self.overdue(now),
            "oldest": self.rows.iter().take(oldest).map(one).collect::<Vec<_>>(),
        })
    }

    fn cells(&self, now: Instant, zone: Zone) -> Vec<String> {
        let oldest = self.rows.first();
        vec![
            self.stage.word().to_owned(),
            self.rows.len().to_string(),
            self.overdue(now).to_string(),
            oldest.map(|row| row.reference.as_str().to_owned()).unwrap_or_default(),
            oldest.map(|row| row.age(now, zone).to_string()).unwrap_or_default(),
        ]
    }
}
