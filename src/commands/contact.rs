//! `csods contact`: records a contact or an attempt at one.

use super::answers::Answers;
use super::change;
use crate::context::Context;
use crate::domain::action::ActionKind;
use crate::error::Error;
use crate::output::Report;

/// Records a contact or an attempt at one
///
/// After the applicant left, only contact that comes from them can be recorded (S5).
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which case: its reference, or any unique beginning of the last part
    #[arg(value_name = "REF", add = super::complete::reference())]
    case: String,
    #[command(flatten)]
    answers: Answers<{ ActionKind::Contact as usize }>,
}

/// Records it and commits the change.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    change::run(context, ActionKind::Contact, &args.case, args.answers.read()?)
}
