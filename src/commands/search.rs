//! `csods search`: the cases in which something is written.

use serde_json::json;

use super::answers;
use super::caseload::{Caseload, Partial};
use super::filters::Filters;
use crate::context::Context;
use crate::domain::search;
use crate::error::{Error, Kind};
use crate::output::{Block, Page, Report, Rows};
use crate::store::Sought;

/// Searches names, aliases, addresses, telephone numbers and free text across all cases, best first
///
/// Every word must stand somewhere in the case, in any order: as it is, as the beginning of a word, as another form of a
/// given name, or a letter or two misspelled; accents and capitals do not matter, nor how a telephone number is spaced.
/// Says which case and in which of its fields, and nothing of what stands there. `-` reads the words from standard input,
/// so that no name stands in the shell's history.
///
/// Example: echo placeholder sam | csods search -
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The words, or `-` for standard input
    #[arg(value_name = "TEXT", required = true)]
    text: Vec<String>,
    #[command(flatten)]
    filters: Filters,
    #[command(flatten)]
    partial: Partial,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
}

/// The cases, and where in them.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    let text = match args.text.as_slice() {
        [dash] if dash == "-" => {
            String::from_utf8_lossy(&answers::bytes_from(std::path::Path::new(dash))?).into_owned()
        }
        words => words.join(" "),
    };
    let terms = search::terms(&text);
    if terms.is_empty() {
        return Err(Error::new(Kind::Usage, "there is no word of two letters or digits to search for")
            .hint("give a name, a part of an address, a telephone number, or words of the text"));
    }
    let office = context.office()?;
    let caseload = Caseload::new(context, &office, args.partial);
    let read = caseload.search(&terms, &args.filters.query(), args.limit)?;
    let (found, total) = &read.found;
    let header = vec!["reference", "stage", "owner", "received", "found in"];
    let zone = office.settings.zone();
    let cells = |sought: &Sought| {
        vec![
            sought.row.reference.as_str().to_owned(),
            sought.row.stage.word().to_owned(),
            sought.row.owner.as_ref().map(ToString::to_string).unwrap_or_default(),
            zone.day(sought.row.received).to_string(),
            search::names(sought.fields).join(", "),
        ]
    };
    let rows: Vec<Vec<String>> = found.iter().map(cells).collect();
    let case = |sought: &Sought| {
        json!({
            "reference": sought.row.reference.as_str(),
            "stage": sought.row.stage.word(),
            "owner": sought.row.owner.as_ref().map(|owner| owner.as_str()),
            "received": sought.row.received.to_string(),
            "fields": search::names(sought.fields),
            "score": sought.score,
        })
    };
    let json = json!({"version": 1, "total": total, "cases": found.iter().map(case).collect::<Vec<_>>()});
    let mut page = Page::default();
    match rows.is_empty() {
        true => page.say("no case has all of these words"),
        false => page.0.push(Block::Table(header.clone(), rows.clone())),
    }
    let mut report = Report { rows: Some(Rows { header, rows }), ..Report::new(json, page) };
    if *total > found.len() {
        report = report.say(format!("the best {} of {total} cases shown; --limit N shows more", found.len()));
    }
    Ok(read.mark(report))
}
