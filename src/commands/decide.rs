//! `csods decide`: records the decision: three tests in writing, nothing presumed (D1-D5, R4).

use super::answers::Answers;
use super::change;
use crate::context::Context;
use crate::domain::action::ActionKind;
use crate::error::Error;
use crate::output::Report;

/// Records the decision: three tests in writing, nothing presumed (D1-D5, R4)
///
/// Necessity, pressing need and proportionality are each answered in writing; representations are considered (D2);
/// children's social care was consulted (D3). A decision to disclose names recipients and the form of words (D4).
/// Nobody decides who wrote or recorded an assessment of the case, also one that was set aside (R4).
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which case: its reference, or any unique beginning of the last part
    #[arg(value_name = "REF", add = super::complete::reference())]
    case: String,
    #[command(flatten)]
    answers: Answers<{ ActionKind::Decide as usize }>,
}

/// Records it and commits the change.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    change::run(context, ActionKind::Decide, &args.case, args.answers.read()?)
}
