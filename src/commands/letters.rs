//! `csods letters`: the letters of a case, and those that are due.

use serde_json::json;

use super::find;
use super::letter::batch;
use super::letter::making::letter_json;
use crate::context::Context;
use crate::domain::case::{Case, Letter};
use crate::domain::scalars::PersonId;
use crate::domain::story;
use crate::error::Error;
use crate::output::{Block, Page, Report, Rows};

/// Shows the letters of a case, or those that should have gone out and have not
///
/// Due are the acknowledgement, the notice of an extension that the applicant was to be told of in writing, and the
/// outcome where there is no disclosure: each only where something written may go to the applicant at all (A1).
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which case; or `due` for the letters of all cases that are due
    #[arg(value_name = "REF", add = super::complete::reference())]
    which: String,
}

/// The letters.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    let office = context.office()?;
    // No reference has a `u`.
    if args.which == "due" {
        return Ok(batch::table(&batch::every(context, &office)?, |_| true, json!({})));
    }
    let (_, case) = find::case(&office.head, &args.which)?;
    Ok(of_case(&case, |letter| office.settings.zone().day(letter.at.0).to_string()))
}

fn of_case(case: &Case, day: impl Fn(&Letter) -> String) -> Report {
    let header = vec!["id", "day", "letter", "to", "how", "sent", "file"];
    let row = |letter: &Letter| {
        let to = match (&letter.to.recipient, &letter.to.agency) {
            (Some(id), _) => format!("{} {}", letter.to.role, id.0),
            (_, Some(agency)) => agency.to_string(),
            _ => letter.to.role.word().to_owned(),
        };
        let sent = letter.sent.as_ref().map_or("not yet".to_owned(), |sent| {
            format!("by {}", story::by_whom(&sent.by.0, sent.recorded_by.as_ref(), PersonId::to_string))
        });
        let (method, path) = (letter.method.word().to_owned(), letter.path.to_string());
        vec![letter.id.to_string(), day(letter), letter.kind.word().to_owned(), to, method, sent, path]
    };
    let rows: Vec<Vec<String>> = case.letters.iter().map(row).collect();
    let letters: Vec<_> = case.letters.iter().map(letter_json).collect();
    let json = json!({"version": 1, "reference": case.reference.as_str(), "letters": letters});
    let page = match rows.is_empty() {
        true => Page::line("the case has no letters"),
        false => Page(vec![Block::Table(header.clone(), rows.clone())]),
    };
    Report { rows: Some(Rows { header, rows }), ..Report::new(json, page) }
}
