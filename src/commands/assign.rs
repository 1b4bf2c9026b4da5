//! `csods assign`: changes who looks after a case.

use super::change;
use crate::context::Context;
use crate::domain::action::ActionKind;
use crate::domain::node::{Node, Path};
use crate::error::Error;
use crate::output::Report;

/// Changes who looks after a case (C6: no clock restarts)
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which case: its reference, or any unique beginning of the last part
    #[arg(value_name = "REF", add = super::complete::reference())]
    case: String,
    /// Who looks after it from now on: an id from `csods person list`
    #[arg(value_name = "PERSON", add = super::complete::person())]
    person: String,
}

/// Records it and commits the change.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    let mut given = Node::map();
    given.set(&Path::from("owner"), Node::text(args.person.as_str()));
    change::run(context, ActionKind::Assign, &args.case, given)
}
