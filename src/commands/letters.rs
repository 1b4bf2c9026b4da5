//! `csods letters`: the letters of a case, and those that are due.

use serde_json::json;

use super::find;
use super::letter::batch;
use super::letter::making;
use crate::context::Context;
use crate::domain::case::{Case, Letter};
use crate::domain::letter::outgoing::Standing;
use crate::domain::record::Problem;
use crate::domain::scalars::PersonId;
use crate::domain::story;
use crate::error::Error;
use crate::output::{Block, Page, Report, Rows};

/// Shows the letters of a case, or those that should have gone out and have not
///
/// Due are the acknowledgement, the notice of an extension that the applicant was to be told of in writing, and the
/// outcome where there is no disclosure: each only where something written may go to the applicant at all (A1). A letter that
/// was made and may not go out any more, because contact became unsafe, the applicant left or the address changed, is held,
/// and it is said why (A5).
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
    context.saw_receipt(case.received.at.0);
    let addressed = making::addressed(&office.head, &case)?;
    let standing = |letter: &Letter| Standing::of(&case, letter, &addressed, &office.settings);
    let letters: Vec<(&Letter, Standing)> =
        case.letters.iter().map(|letter| (letter, standing(letter))).collect();
    Ok(of_case(&case, &letters, |letter| office.settings.zone().day(letter.at.0).to_string()))
}

fn of_case(case: &Case, letters: &[(&Letter, Standing)], day: impl Fn(&Letter) -> String) -> Report {
    let header = vec!["id", "day", "letter", "to", "how", "sent", "file"];
    let row = |(letter, standing): &(&Letter, Standing)| {
        let to = match (&letter.to.recipient, &letter.to.agency) {
            (Some(id), _) => format!("{} {}", letter.to.role, id.0),
            (_, Some(agency)) => agency.to_string(),
            _ => letter.to.role.word().to_owned(),
        };
        let sent = match (standing, &letter.sent) {
            (Standing::Held(problems), _) => {
                let why: Vec<String> = problems.iter().map(Problem::in_words).collect();
                format!("HELD: {}", why.join("; "))
            }
            (_, Some(sent)) => {
                format!("by {}", story::by_whom(&sent.by.0, sent.recorded_by.as_ref(), PersonId::to_string))
            }
            (_, None) => "not yet".to_owned(),
        };
        let (method, path) = (letter.method.word().to_owned(), letter.path.to_string());
        vec![letter.id.to_string(), day(letter), letter.kind.word().to_owned(), to, method, sent, path]
    };
    let rows: Vec<Vec<String>> = letters.iter().map(row).collect();
    let letters: Vec<_> =
        letters.iter().map(|(letter, standing)| making::standing_json(letter, standing)).collect();
    let json = json!({"version": 1, "reference": case.reference.as_str(), "letters": letters});
    let page = match rows.is_empty() {
        true => Page::line("the case has no letters"),
        false => Page(vec![Block::Table(header.clone(), rows.clone())]),
    };
    Report { rows: Some(Rows { header, rows }), ..Report::new(json, page) }
}
