//! `csods withdraw`: records that the applicant withdrew or cannot be reached (S5).

use super::answers::Answers;
use super::change;
use crate::context::Context;
use crate::domain::action::ActionKind;
use crate::error::Error;
use crate::output::Report;

/// Records that the applicant withdrew or cannot be reached (S5)
///
/// Contact with the applicant stops; the case goes on. See `reroute` and `close`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which case: its reference, or any unique beginning of the last part
    #[arg(value_name = "REF", add = super::complete::reference())]
    case: String,
    #[command(flatten)]
    answers: Answers<{ ActionKind::Withdraw as usize }>,
}

/// Records it and commits the change.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    change::run(context, ActionKind::Withdraw, &args.case, args.answers.read()?)
}
