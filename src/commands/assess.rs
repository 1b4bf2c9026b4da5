//! `csods assess`: records the assessment of the risk to the child (K2, D5).

use super::answers::Answers;
use super::change;
use crate::context::Context;
use crate::domain::action::ActionKind;
use crate::error::Error;
use crate::output::Report;

/// Records the assessment of the risk to the child (K2, D5)
///
/// Older forms: full risk assessment. Needs the full checks, and the initial ones again or still fresh.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which case: its reference, or any unique beginning of the last part
    #[arg(value_name = "REF", add = super::complete::reference())]
    case: String,
    #[command(flatten)]
    answers: Answers<{ ActionKind::Assess as usize }>,
}

/// Records it and commits the change.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    change::run(context, ActionKind::Assess, &args.case, args.answers.read()?)
}
