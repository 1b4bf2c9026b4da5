//! `csods refer`: records a referral to children's social care or another agency, at any stage (S4, S8).

use super::answers::Answers;
use super::change;
use crate::context::Context;
use crate::domain::action::ActionKind;
use crate::error::Error;
use crate::output::Report;

/// Records a referral to children's social care or another agency, at any stage (S4, S8)
///
/// A crime or a breach of conditions found on the way is recorded with --crime-or-breach.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which case: its reference, or any unique beginning of the last part
    #[arg(value_name = "REF", add = super::complete::reference())]
    case: String,
    #[command(flatten)]
    answers: Answers<{ ActionKind::Refer as usize }>,
}

/// Records it and commits the change.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    change::run(context, ActionKind::Refer, &args.case, args.answers.read()?)
}
