//! `csods status`: files edited by hand, and the state of the store.

use serde_json::json;

use crate::context::Context;
use crate::error::Error;
use crate::output::{Block, Page, Report};
use crate::store::{Edited, How};

/// Shows files edited by hand since the last commit
///
/// Reads come from the last commit, so what stands here is not yet part of any case: `csods commit` takes it in after
/// full validation; `git restore FILE` throws it away.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// So many loose objects make git itself tidy up, where it is asked.
const LOOSE: usize = 6_700;

/// The files and what was done to them.
pub fn run(_: &Args, context: &Context) -> Result<Report, Error> {
    let office = context.office()?;
    let edited = office.store.status()?;
    let word = |how: How| match how {
        How::Edited => "edited",
        How::Added => "added",
        How::Deleted => "deleted",
        How::Replaced => "replaced by something that is no file",
        How::Unmerged => "left unmerged",
    };
    let row = |file: &Edited| {
        let staged = if file.staged { " (git add was done)" } else { "" };
        vec![file.path.clone(), format!("{}{staged}", word(file.how))]
    };
    let mut page = Page::default();
    page.say(format!("{} at {}", office.settings.force.name, office.store.root().display()));
    match edited.is_empty() {
        true => page.say("clean: every file is as last committed"),
        false => {
            page.0.push(Block::Table(vec!["file", "by hand"], edited.iter().map(row).collect()));
            page.say("take them in with `csods commit`, or throw them away with `git restore FILE`");
        }
    }
    let files: Vec<_> = edited
        .iter()
        .map(|file| json!({"path": file.path, "how": word(file.how), "staged": file.staged}))
        .collect();
    let json = json!({
        "version": 1, "clean": edited.is_empty(), "head": office.head.commit().to_string(), "edited": files,
    });
    let mut report = Report::new(json, page);
    if office.store.loose_objects() > LOOSE {
        report =
            report.say("the history has many loose objects: `git gc` makes it smaller and reading faster");
    }
    Ok(report)
}
