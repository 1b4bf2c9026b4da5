//! `csods due`: what is due, and what comes next in each case.

use serde_json::{Value, json};

use super::filters::{Order, Sort, Wanted};
use super::rows::{Column, Wording};
use super::status::packing_suggested;
use crate::choice;
use crate::context::Context;
use crate::domain::query::{Flag, Test};
use crate::domain::row::Row;
use crate::error::Error;
use crate::output::{Block, Page, Report, Rows};

/// Shows what is due: overdue, today, this week, later; in each group the worst risk first (C1-C6)
///
/// Open cases only, each with the clock that presses most and what comes next.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    wanted: Wanted,
    #[command(flatten)]
    order: Order,
    /// The groups of each person apart
    #[arg(long, value_name = "WHOM", value_enum)]
    by: Option<By>,
    /// Exit with code 11 where anything is overdue, or where the clock cannot be right (C10)
    #[arg(long)]
    check: bool,
}

/// What else the groups are parted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum By {
    /// By who looks after the cases
    Owner,
}

choice! {
    /// How soon something is due, the most pressing first.
    pub enum Soon {
        Overdue = "overdue" => "OVERDUE",
        Today = "today" => "DUE TODAY",
        Week = "this_week" => "DUE THIS WEEK",
        Later = "later" => "LATER",
        Never = "no_clock" => "NO CLOCK RUNS",
    }
}

/// The days ahead that count as this week.
const WEEK: i64 = 7;

const COLUMNS: &[Column] = &[
    Column::Reference,
    Column::Clock,
    Column::Due,
    Column::Stands,
    Column::Stage,
    Column::Owner,
    Column::Next,
    Column::Risk,
];

/// How soon a case is due.
fn soon(row: &Row, wording: Wording) -> Soon {
    let today = wording.zone.day(wording.now);
    match row.pressing {
        None => Soon::Never,
        Some(_) if row.is_overdue(wording.now) => Soon::Overdue,
        Some(pressing) => match wording.zone.day(pressing.due).days_since(today) {
            0 => Soon::Today,
            1..WEEK => Soon::Week,
            _ => Soon::Later,
        },
    }
}

/// The groups, soonest first.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    let office = context.office()?;
    let mut query = args.wanted.query(context, &office)?;
    query.and(Test::Flag(Flag::Open));
    let mut read = args.wanted.caseload(context, &office).rows(&query)?;
    let wording = Wording { now: context.now, zone: office.settings.zone() };
    let sort = args.order.sort.unwrap_or(Sort::Risk);
    // Whose group, how soon, and the row.
    let mut grouped: Vec<(Option<&str>, Soon, &Row)> = Vec::new();
    for row in &read.found {
        let owner = row.owner.as_ref().map_or("nobody", |owner| owner.as_str());
        grouped.push((args.by.map(|By::Owner| owner), soon(row, wording), row));
    }
    grouped.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then_with(|| sort.order(a.2, b.2)));
    let total = grouped.len();
    let overdue = grouped.iter().any(|(_, soon, _)| *soon == Soon::Overdue);
    grouped.truncate(args.order.limit.unwrap_or(usize::MAX));

    let header = Wording::header(COLUMNS);
    let mut page = Page::default();
    let mut table = Rows { header: header.clone(), rows: Vec::new() };
    let mut cases = Vec::new();
    for group in grouped.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let cells: Vec<Vec<String>> = group.iter().map(|(.., row)| wording.cells(row, COLUMNS)).collect();
        let (owner, soon, _) = group[0];
        let whose = owner.map(|owner| format!("{owner}: ")).unwrap_or_default();
        page.heading(format!("{whose}{} ({})", soon.meaning(), group.len()));
        page.0.push(Block::Table(header.clone(), cells.clone()));
        table.rows.extend(cells);
        cases.extend(group.iter().map(|(.., row)| {
            let mut case = wording.json(row);
            if let Value::Object(case) = &mut case {
                case.insert("group".to_owned(), json!(soon.word()));
            }
            case
        }));
    }
    if grouped.is_empty() {
        page.say("nothing is due");
    }
    let shown = grouped.len();
    let talk = if total > shown { vec![format!("{shown} of {total} cases shown")] } else { Vec::new() };
    let report = Report::new(json!({"version": 1, "total": total, "cases": cases}), page);
    let found = args.check && (overdue || !context.clock_warnings().is_empty());
    read.found = Vec::new();
    let talk = talk.into_iter().chain(packing_suggested(&office.store)).collect();
    Ok(read.mark(Report { rows: Some(table), found, talk, ..report }))
}
