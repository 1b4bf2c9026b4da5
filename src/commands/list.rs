//! `csods list`: the cases that fit.

use serde_json::json;

use super::filters::{Order, Sort, Wanted};
use super::rows::{Column, Wording, column};
use crate::context::Context;
use crate::error::Error;
use crate::output::{Block, Page, Report, Rows};

/// Lists cases, by filter or expression
///
/// Never shows a name. One case that cannot be read makes the list fail and is named (exit code 9): never a shorter list.
///
/// Example: csods list stage:interview,assessment age>10 -urgent --sort risk
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    wanted: Wanted,
    #[command(flatten)]
    order: Order,
    /// What is shown, in this order: reference, stage, route, owner, channel, received, age, clock, due, stands, risk,
    /// outcome, next
    #[arg(long, value_name = "COLUMN,...", value_delimiter = ',', value_parser = column)]
    columns: Vec<Column>,
}

const COLUMNS: &[Column] = &[
    Column::Reference,
    Column::Stage,
    Column::Route,
    Column::Owner,
    Column::Received,
    Column::Due,
    Column::Stands,
];

/// The table of cases.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    let office = context.office()?;
    let query = args.wanted.query(context, &office)?;
    let mut read = args.wanted.caseload(context, &office).rows(&query)?;
    let rows = &mut read.found;
    let sort = args.order.sort.unwrap_or(Sort::Reference);
    rows.sort_by(|a, b| sort.order(a, b));
    let total = rows.len();
    rows.truncate(args.order.limit.unwrap_or(usize::MAX));
    let wording = Wording { now: context.now, zone: office.settings.zone() };
    let columns = if args.columns.is_empty() { COLUMNS } else { &args.columns };
    let header = Wording::header(columns);
    let cells: Vec<Vec<String>> = rows.iter().map(|row| wording.cells(row, columns)).collect();
    let cases: Vec<_> = rows.iter().map(|row| wording.json(row)).collect();
    let mut page = Page::default();
    match cells.is_empty() {
        true => page.say("no case fits"),
        false => page.0.push(Block::Table(header.clone(), cells.clone())),
    }
    let talk =
        if total > rows.len() { vec![format!("{} of {total} cases shown", rows.len())] } else { Vec::new() };
    let report = Report::new(json!({"version": 1, "total": total, "cases": cases}), page);
    Ok(read.mark(Report { rows: Some(Rows { header, rows: cells }), talk, ..report }))
}
