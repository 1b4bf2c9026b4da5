//! `csods link`: links two cases, both ways.

use super::answers::Answers;
use super::{change, find};
use crate::context::Context;
use crate::domain::action::{Action, ActionKind};
use crate::domain::case::Link;
use crate::domain::node::{Node, Path};
use crate::error::{Error, Kind};
use crate::output::Report;

/// Links two cases that belong together, both ways, with a reason (L1)
///
/// One commit changes both. Nothing is merged: the applicant of one may be the subject of the other (L2).
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which case: its reference, or any unique beginning of the last part
    #[arg(value_name = "REF", add = super::complete::reference())]
    case: String,
    /// The other case
    #[arg(value_name = "OTHER", add = super::complete::reference())]
    other: String,
    #[command(flatten)]
    answers: Answers<{ ActionKind::Link as usize }>,
}

/// Links both cases in one commit.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    both(context, &args.case, &args.other, args.answers.read()?)
}

/// Links two cases, each to the other, in one commit.
pub fn both(context: &Context, one: &str, other: &str, mut given: Node) -> Result<Report, Error> {
    let office = context.office()?;
    let moment = context.moment(&office)?;
    let (one, case) = find::case(&office.head, one)?;
    let (other, other_case) = find::case(&office.head, other)?;
    given.set(&Path::from("to"), Node::text(other.as_str()));
    let action = change::collect(context, &office, &moment, ActionKind::Link, Some(&case), &one, given)?;
    let Action::Link(link) = &action else {
        return Err(Error::new(Kind::Internal, "the answers did not make a link"));
    };
    let id = context.fill(&moment, &office.settings, Some(&other_case)).item_id();
    let back = Action::Link(Link { id, to: one.clone(), ..link.clone() });
    change::record(context, &office, &moment, &[(one, action), (other, back)])
}
