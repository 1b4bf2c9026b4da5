//! `csods edit`: the YAML of a case in an editor.

use super::answers::Answers;
use super::find;
use super::take_in::{self, Taken};
use crate::ask;
use crate::context::Context;
use crate::domain::action::ActionKind;
use crate::domain::record::Problem;
use crate::domain::workflow::may_begin;
use crate::error::{Error, Kind};
use crate::output::{Page, Report};
use crate::store::files;

/// Opens the YAML of a case in $VISUAL or $EDITOR, and takes it in after full validation
///
/// Everything that differs becomes a correction with one coded reason. Text that is refused is kept and offered again.
/// A stage is not changed by editing.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which case: its reference, or any unique beginning of the last part
    #[arg(value_name = "REF", add = super::complete::reference())]
    case: String,
    #[command(flatten)]
    answers: Answers<{ ActionKind::Edit as usize }>,
}

/// Edits, validates and commits.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    let office = context.office()?;
    let moment = context.moment(&office)?;
    let given = args.answers.read()?;
    may_begin(None, ActionKind::Edit, &moment.actor, &office.settings)
        .map_err(|refusal| refusal.into_error(ActionKind::Edit))?;
    let reference = find::reference(&office.head, &args.case)?;
    let path = reference.case_path();
    let stored = office.head.read(&path)?.unwrap_or_default();
    // What somebody edited by hand is where editing goes on.
    let working = office.store.working(&path)?.filter(|bytes| *bytes != stored);
    let start = String::from_utf8_lossy(working.as_ref().unwrap_or(&stored)).into_owned();
    if !context.can_ask() && context.editor().is_none() {
        return Err(
            Error::new(Kind::Usage, "no editor is set, and nobody can be asked").hint("set VISUAL or EDITOR")
        );
    }
    let (dir, name) = (office.store.private_dir(), format!("{reference}.yaml"));
    // Text that was refused is offered again, as long as the case is still the one that it was made from.
    let base = format!("{reference}.base");
    let made_from = office.head.blob(&path)?.map(|blob| blob.to_string()).unwrap_or_default();
    let mut kept = ask::kept_edit(&dir, &name);
    let mut talk = None;
    if ask::kept_edit(&dir, &base).as_ref() != Some(&made_from) {
        if let Some(text) = kept.take() {
            let earlier = format!("{reference}.earlier.yaml");
            ask::keep_edit(&dir, &earlier, &text)?;
            talk = Some(format!(
                "the case changed since your last edit, whose text is kept as .git/csods/edit/{earlier}"
            ));
        }
        ask::keep_edit(&dir, &base, &made_from)?;
    }
    let forget = || {
        ask::forget_edit(&dir, &name);
        ask::forget_edit(&dir, &base);
    };
    loop {
        let offered = kept.take().unwrap_or_else(|| start.clone());
        let text = ask::edit_text(context.editor().map(|editor| editor.as_os_str()), &dir, &name, &offered)?;
        if text == start && working.is_none() {
            forget();
            let json = serde_json::json!({"version": 1, "reference": reference.as_str(), "action": "edit", "commit": null});
            return Ok(Report::new(json, Page::line("nothing was changed")));
        }
        match files::read_case(text.as_bytes()) {
            Ok(case) => {
                let taken = Taken { path, case, seen: working };
                let report = take_in::run(context, &office, &moment, given, &[taken], &[]);
                if report.is_ok() && !context.options.dry_run {
                    forget();
                }
                return match report {
                    Ok(report) => Ok(talk.into_iter().fold(report, Report::say)),
                    Err(error) => Err(offered_again(error, &args.case)),
                };
            }
            Err(findings) => {
                let error = refused(&findings);
                if !context.can_ask() || !ask::again(&error)? {
                    return Err(offered_again(error, &args.case));
                }
                kept = Some(text);
            }
        }
    }
}

fn refused(findings: &[files::Finding]) -> Error {
    let problems = findings.iter().map(|finding| {
        let what = format!("line {}, column {}: {}", finding.line, finding.column, finding.problem.fault);
        Problem::invalid(finding.problem.path.clone(), what)
    });
    Error::new(Kind::Answers, "the text cannot be taken in").problems(problems.collect())
}

fn offered_again(error: Error, case: &str) -> Error {
    let hint = format!("nothing was changed; your text is kept: `csods edit {case}` offers it again");
    Error { hint: Some(hint), ..error }
}
