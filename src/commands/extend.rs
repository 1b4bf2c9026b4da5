//! `csods extend`: records an extension of a clock, beside the original due date (C5).

use super::answers::Answers;
use super::change;
use crate::context::Context;
use crate::domain::action::ActionKind;
use crate::error::Error;
use crate::output::Report;

/// Records an extension of a clock, beside the original due date (C5)
///
/// Needs a reason, who authorised it, the new last day, and that the applicant was told or why not.
/// Clocks never restart or pause (C6).
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which case: its reference, or any unique beginning of the last part
    #[arg(value_name = "REF", add = super::complete::reference())]
    case: String,
    #[command(flatten)]
    answers: Answers<{ ActionKind::Extend as usize }>,
}

/// Records it and commits the change.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    change::run(context, ActionKind::Extend, &args.case, args.answers.read()?)
}
