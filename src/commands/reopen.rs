//! `csods reopen`: reopens a closed case at a stage, with a reason (S1, C6).

use super::answers::Answers;
use super::change;
use crate::context::Context;
use crate::domain::action::ActionKind;
use crate::error::Error;
use crate::output::Report;

/// Reopens a closed case at a stage, with a reason (S1, C6)
///
/// What was recorded from that stage on is set aside and stays on the file. No clock restarts.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which case: its reference, or any unique beginning of the last part
    #[arg(value_name = "REF", add = super::complete::reference())]
    case: String,
    #[command(flatten)]
    answers: Answers<{ ActionKind::Reopen as usize }>,
}

/// Records it and commits the change.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    change::run(context, ActionKind::Reopen, &args.case, args.answers.read()?)
}
