//! `csods disclose`: records a disclosure, made in person to a recipient of the decision (O3, O4, K3).

use super::answers::Answers;
use super::change;
use crate::context::Context;
use crate::domain::action::ActionKind;
use crate::error::Error;
use crate::output::Report;

/// Records a disclosure, made in person to a recipient of the decision (O3, O4, K3)
///
/// The recipient may be named by id, or by role where only one has it. Checks older than the settings allow must be
/// refreshed first (K3). A refused undertaking needs a reason and who authorised what followed.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which case: its reference, or any unique beginning of the last part
    #[arg(value_name = "REF", add = super::complete::reference())]
    case: String,
    #[command(flatten)]
    answers: Answers<{ ActionKind::Disclose as usize }>,
}

/// Records it and commits the change.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    change::run(context, ActionKind::Disclose, &args.case, args.answers.read()?)
}
