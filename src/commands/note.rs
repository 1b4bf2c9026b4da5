//! `csods note`: adds a note to the case.

use super::answers::Answers;
use super::change;
use crate::context::Context;
use crate::domain::action::ActionKind;
use crate::error::Error;
use crate::output::Report;

/// Adds a note to the case
///
/// Notes can be added at any stage, also to a closed case.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which case: its reference, or any unique beginning of the last part
    #[arg(value_name = "REF", add = super::complete::reference())]
    case: String,
    #[command(flatten)]
    answers: Answers<{ ActionKind::Note as usize }>,
}

/// Records it and commits the change.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    change::run(context, ActionKind::Note, &args.case, args.answers.read()?)
}
