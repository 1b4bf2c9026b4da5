//! `csods status`: files edited by hand, and the state of the store.

use serde_json::json;

use crate::ask;
use crate::context::Context;
use crate::error::Error;
use crate::output::{Block, Page, Report};
use crate::store::{Edited, How, Store};

/// Shows files edited by hand since the last commit
///
/// Reads come from the last commit, so what stands here is not yet part of any case: `csods commit` takes it in after
/// full validation; `git restore FILE` throws it away. Files that an editor left behind are named as well: each may hold a
/// whole case, so delete them once nobody needs them.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// What is to be said where the history lies in many pieces; `None` where it does not.
pub fn packing_suggested(store: &Store) -> Option<String> {
    let pieces = store.pieces();
    pieces.are_many().then(|| {
        format!(
            "the history lies in {} packs and about {} loose objects: `git gc` in the store makes it smaller and reading \
             faster, also while others work",
            pieces.packs, pieces.loose
        )
    })
}

/// The files and what was done to them.
pub fn run(_: &Args, context: &Context) -> Result<Report, Error> {
    let office = context.office()?;
    let (left, edited): (Vec<Edited>, Vec<Edited>) =
        office.store.status()?.into_iter().partition(|file| file.how == How::Left);
    let mut left: Vec<String> = left.into_iter().map(|file| file.path).collect();
    left.extend(ask::leftovers(&office.store.private_dir()).map(|name| format!(".git/csods/edit/{name}")));
    let word = |how: How| match how {
        How::Edited => "edited",
        How::Added => "added",
        How::Deleted => "deleted",
        How::Replaced => "replaced by something that is no file",
        How::Unmerged => "left unmerged",
        How::Left => "left by an editor",
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
    if !left.is_empty() {
        page.say("left by an editor; each may hold a whole case, so delete it if nobody is editing:");
        left.iter().for_each(|path| page.item(2, format!("  {path}")));
    }
    let files: Vec<_> = edited
        .iter()
        .map(|file| json!({"path": file.path, "how": word(file.how), "staged": file.staged}))
        .collect();
    let json = json!({
        "version": 1, "clean": edited.is_empty(), "head": office.head.commit().to_string(), "edited": files,
        "left_by_editors": left,
    });
    let mut report = Report::new(json, page);
    if office.store.readable_outside() {
        report = report.say(super::doctor::outside());
    }
    if office.store.cut_off()? {
        report = report.say("a change was cut off; the next change finishes or discards it");
    }
    Ok(packing_suggested(&office.store).into_iter().fold(report, Report::say))
}
