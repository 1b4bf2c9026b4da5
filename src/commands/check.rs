//! `csods check`: records a check: one search of one system (K1, K2).

use super::answers::Answers;
use super::change;
use crate::context::Context;
use crate::domain::action::ActionKind;
use crate::error::Error;
use crate::output::Report;

/// Records a check: one search of one system (K1, K2)
///
/// Every system named in csods.toml under `checks` can be searched. `not_done` needs a reason and who agreed; it never looks
/// like `no_trace`. A later check of the same system takes the place of an earlier one; both stay on the file.
///
/// Example: csods check 7K3 --system pnc --phase initial --result no_trace
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which case: its reference, or any unique beginning of the last part
    #[arg(value_name = "REF", add = super::complete::reference())]
    case: String,
    #[command(flatten)]
    answers: Answers<{ ActionKind::Check as usize }>,
}

/// Records it and commits the change.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    change::run(context, ActionKind::Check, &args.case, args.answers.read()?)
}
