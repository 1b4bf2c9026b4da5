//! `csods interview`: records the interview with the applicant (I1-I3, S7).

use super::answers::Answers;
use super::change;
use crate::context::Context;
use crate::domain::action::ActionKind;
use crate::error::Error;
use crate::output::Report;

/// Records the interview with the applicant (I1-I3, S7)
///
/// Older forms: face-to-face. Identity, proof of address and relationship, the concern in the applicant's words, three
/// warnings, the advice pack (older forms: empowerment and education), and that nothing about the subject was said.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which case: its reference, or any unique beginning of the last part
    #[arg(value_name = "REF", add = super::complete::reference())]
    case: String,
    #[command(flatten)]
    answers: Answers<{ ActionKind::Interview as usize }>,
}

/// Records it and commits the change.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    change::run(context, ActionKind::Interview, &args.case, args.answers.read()?)
}
