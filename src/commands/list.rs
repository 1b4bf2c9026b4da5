//! `csods list`: the cases that fit.

use serde_json::json;

use super::filters::{Filters, Row, Rows as CaseRows};
use crate::context::Context;
use crate::error::Error;
use crate::output::{Block, Page, Report, Rows};

/// Lists cases, by filter
///
/// Never shows a name. One case that cannot be read makes the list fail and is named (exit code 9): never a shorter list.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    filters: Filters,
}

/// The table of cases.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    let office = context.office()?;
    let CaseRows { rows, total } = args.filters.rows(context, &office)?;
    let zone = office.settings.zone();
    let header = vec!["reference", "stage", "route", "owner", "received", "due", "stands"];
    let cells = |row: &Row| {
        vec![
            row.reference.to_string(),
            row.stage.word().to_owned(),
            row.route.word().to_owned(),
            row.owner.clone(),
            zone.day(row.received).to_string(),
            row.due.map(|due| zone.short(due)).unwrap_or_default(),
            row.stands.clone(),
        ]
    };
    let cells: Vec<Vec<String>> = rows.iter().map(cells).collect();
    let json = json!({"version": 1, "total": total, "cases": rows.iter().map(Row::json).collect::<Vec<_>>()});
    let mut page = Page::default();
    match cells.is_empty() {
        true => page.say("no case fits"),
        false => page.0.push(Block::Table(header.clone(), cells.clone())),
    }
    let talk =
        if total > rows.len() { vec![format!("{} of {total} cases shown", rows.len())] } else { Vec::new() };
    Ok(Report { rows: Some(Rows { header, rows: cells }), talk, ..Report::new(json, page) })
}
