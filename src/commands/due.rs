//! `csods due`: what is due, soonest first.

use serde_json::json;

use super::filters::{Filters, Row, Rows as CaseRows};
use crate::context::Context;
use crate::error::Error;
use crate::output::{Block, Page, Report, Rows};

/// Shows what is due, soonest first: overdue, today, this week, later (C1-C6)
///
/// Open cases only, each with the clock that presses most and what comes next.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    filters: Filters,
    /// Exit with code 11 where anything is overdue
    #[arg(long)]
    check: bool,
}

/// The days ahead that count as this week.
const WEEK: i64 = 7;

/// The groups, soonest first.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    let office = context.office()?;
    let zone = office.settings.zone();
    let filters = Filters { open: true, ..args.filters.clone() };
    let CaseRows { rows, total } = filters.rows_by_due(context, &office)?;
    let today = zone.day(context.now);
    let group = |row: &Row| match row.due {
        _ if row.overdue => "OVERDUE",
        None => "NO CLOCK RUNS",
        Some(due) => match zone.day(due).days_since(today) {
            0 => "DUE TODAY",
            1..WEEK => "DUE THIS WEEK",
            _ => "LATER",
        },
    };
    let header = vec!["reference", "clock", "due", "stands", "stage", "owner", "next"];
    let cells = |row: &Row| {
        vec![
            row.reference.to_string(),
            row.clock.map(|clock| clock.word().to_owned()).unwrap_or_default(),
            row.due.map(|due| zone.short(due)).unwrap_or_default(),
            row.stands.clone(),
            row.stage.word().to_owned(),
            row.owner.clone(),
            row.next.map(|next| next.word().to_owned()).unwrap_or_default(),
        ]
    };
    let mut page = Page::default();
    for name in ["OVERDUE", "DUE TODAY", "DUE THIS WEEK", "LATER", "NO CLOCK RUNS"] {
        let group: Vec<Vec<String>> = rows.iter().filter(|row| group(row) == name).map(cells).collect();
        if !group.is_empty() {
            page.heading(format!("{name} ({})", group.len()));
            page.0.push(Block::Table(header.clone(), group));
        }
    }
    if rows.is_empty() {
        page.say("nothing is due");
    }
    let overdue = rows.iter().any(|row| row.overdue);
    let json = json!({"version": 1, "total": total, "cases": rows.iter().map(Row::json).collect::<Vec<_>>()});
    let table = Rows { header, rows: rows.iter().map(cells).collect() };
    Ok(Report { rows: Some(table), found: args.check && overdue, ..Report::new(json, page) })
}
