//! `csods commit`: takes in files edited by hand.

use super::answers::Answers;
use super::take_in::{self, Taken};
use super::validate::letters;
use crate::context::{Context, Office};
use crate::domain::action::ActionKind;
use crate::domain::record::Problem;
use crate::error::{Error, Kind};
use crate::output::{Page, Report};
use crate::store::files::{self, Finding};
use crate::store::{Edited, How, ObjectId, SETTINGS};

/// Takes in files edited by hand, after full validation, in one commit
///
/// Every fact of a case that differs becomes a correction with one coded reason (--code, and `reason` with --from or at
/// the prompt). Settings and calendars need none. `csods status` shows what would be taken in. Cases are taken in apart
/// from everything else, because they are judged by the settings before the change (R6).
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only these files, as `csods status` names them
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    files: Vec<String>,
    #[command(flatten)]
    answers: Answers<{ ActionKind::Edit as usize }>,
}

/// Validates everything, then commits everything.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    let office = context.office()?;
    let moment = context.moment(&office)?;
    let mut edited = office.store.status()?;
    edited.retain(|edit| edit.how != How::Left);
    if !args.files.is_empty() {
        if let Some(other) = args.files.iter().find(|file| !edited.iter().any(|edit| edit.path == **file)) {
            return Err(Error::new(Kind::NotFound, format!("{other} was not edited by hand"))
                .hint("`csods status` names the files that were"));
        }
        edited.retain(|edit| args.files.contains(&edit.path));
    }
    if edited.is_empty() {
        let json = serde_json::json!({"version": 1, "action": "edit", "commit": null});
        return Ok(Report::new(json, Page::line("nothing was edited by hand")));
    }
    let (mut cases, mut others, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    for edit in &edited {
        match validated(&office, edit)? {
            Ok(Valid::Case(taken)) => cases.push(*taken),
            Ok(Valid::Other(path, bytes)) => others.push((path, Some(bytes))),
            Ok(Valid::Gone(path)) => others.push((path, None)),
            Err(findings) => problems.extend(findings.into_iter().map(|finding| {
                let what = format!("{}:{}: {}", finding.line, finding.column, finding.problem);
                Problem::invalid(edit.path.as_str(), what)
            })),
        }
    }
    if !problems.is_empty() {
        return Err(Error::new(Kind::Damaged, "files edited by hand cannot be taken in")
            .hint("mend them, or throw them away with `git restore FILE`; nothing was changed")
            .problems(problems));
    }
    take_in::run(context, &office, &moment, args.answers.read()?, &cases, &others)
}

enum Valid {
    Case(Box<Taken>),
    Other(String, Vec<u8>),
    Gone(String),
}

fn validated(office: &Office, edit: &Edited) -> Result<Result<Valid, Vec<Finding>>, Error> {
    let refuse =
        |what: &str| Ok(Err(vec![Finding { line: 1, column: 1, problem: Problem::invalid("", what) }]));
    let path = &edit.path;
    match edit.how {
        How::Deleted if path.starts_with("cases/") => {
            return refuse(
                "a case is never taken out of the store by hand; bring it back with `git restore`",
            );
        }
        // Without it the built-in template holds again.
        How::Deleted if path.starts_with("templates/") => {
            return Ok(Ok(Valid::Gone(path.clone())));
        }
        How::Deleted => return refuse("is needed; bring it back with `git restore`"),
        How::Replaced => return refuse("is no plain file any more"),
        How::Unmerged => return refuse("holds both sides of a merge: settle it first"),
        How::Left => return refuse("was left by an editor"),
        How::Edited | How::Added => {}
    }
    let Some(bytes) = office.store.working(path)? else { return refuse("is gone") };
    if office.head.blob(path)? == Some(ObjectId::of_blob(&bytes)) {
        return refuse(
            "holds what was last committed: only what is staged differs, or whether it may be run; \
             `git restore --staged --worktree` puts that right",
        );
    }
    let other = |bytes| Ok(Ok(Valid::Other(path.clone(), bytes)));
    match path.as_str() {
        SETTINGS => match files::read_settings(&bytes) {
            Ok(_) => other(bytes),
            Err(findings) => Ok(Err(findings)),
        },
        path if path.starts_with("calendars/") && path.ends_with(".toml") => {
            match files::read_calendar(&bytes) {
                Ok(_) => other(bytes),
                Err(findings) => Ok(Err(findings)),
            }
        }
        path if path.starts_with("cases/") => match files::read_case(&bytes) {
            Ok(case) if case.reference.case_path() == path => {
                Ok(Ok(Valid::Case(Box::new(Taken { path: path.to_owned(), case, seen: Some(bytes) }))))
            }
            Ok(_) => refuse("the reference in it is not the one that its name says"),
            Err(findings) => Ok(Err(findings)),
        },
        ".gitattributes" | ".gitignore" => other(bytes),
        path if path.starts_with("templates/") => {
            match letters::findings(path, &bytes, Some(&office.settings)) {
                findings if findings.is_empty() => other(bytes),
                findings => Ok(Err(findings)),
            }
        }
        path if path.starts_with("letters/") => refuse(
            "a letter is never made or changed by hand; restore it, and make another with `csods letter`",
        ),
        _ => refuse("is no file of a store; move it out of the way"),
    }
}
