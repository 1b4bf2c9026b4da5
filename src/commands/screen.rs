//! `csods screen`: records the screening: immediate risk, and is it within the scheme? (S1-S3, S6).

use super::answers::Answers;
use super::change;
use crate::context::Context;
use crate::domain::action::ActionKind;
use crate::error::Error;
use crate::output::Report;

/// Records the screening: immediate risk, and is it within the scheme? (S1-S3, S6)
///
/// Leaves the stage `initial_checks` (older forms: initial contact). Within the scheme it needs the initial checks, a named
/// subject and at least one child; the refusal names all that is missing. Outside the scheme, `close` comes next.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which case: its reference, or any unique beginning of the last part
    #[arg(value_name = "REF", add = super::complete::reference())]
    case: String,
    #[command(flatten)]
    answers: Answers<{ ActionKind::Screen as usize }>,
}

/// Records it and commits the change.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    change::run(context, ActionKind::Screen, &args.case, args.answers.read()?)
}
