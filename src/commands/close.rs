//! `csods close`: closes the case with its reason (O6, S5, S6).

use super::answers::Answers;
use super::change;
use crate::context::Context;
use crate::domain::action::ActionKind;
use crate::error::Error;
use crate::output::Report;

/// Closes the case with its reason (O6, S5, S6)
///
/// From a decision once everybody has been told; early, with what was done instead; without an assessment only with a
/// supervisor's reason that no child is at risk.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which case: its reference, or any unique beginning of the last part
    #[arg(value_name = "REF", add = super::complete::reference())]
    case: String,
    #[command(flatten)]
    answers: Answers<{ ActionKind::Close as usize }>,
}

/// Records it and commits the change.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    change::run(context, ActionKind::Close, &args.case, args.answers.read()?)
}
