//! `csods link`: links two cases, both ways.

use super::answers::Answers;
use super::change::{self, Planned};
use super::find;
use crate::context::Context;
use crate::domain::action::ActionKind;
use crate::domain::case::{Case, Link};
use crate::domain::node::{Node, Path, Step};
use crate::domain::reference::Reference;
use crate::error::Error;
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
    let other = find::reference(&office.head, other)?;
    given.set(&Path::from("to"), Node::text(other.as_str()));
    let given = change::collect(context, &office, &moment, ActionKind::Link, Some(&case), &one, given)?;
    change::record(context, &office, &moment, &plan(one, other, given))
}

/// The corrections that `given` means for a case: its own, and where that takes links out, one for the other case of each,
/// whose link back goes with it (L1).
pub fn corrected(
    case: &Case,
    given: Node,
    mut other: impl FnMut(&Reference) -> Result<Option<Case>, Error>,
) -> Result<Vec<Planned>, Error> {
    let correct = |reference: &Reference, given| Planned {
        reference: reference.clone(),
        kind: ActionKind::Correct,
        given,
    };
    let mut plan = Vec::new();
    let path = given.get("path").and_then(Node::as_text);
    let path = path.and_then(|path| Path::parse(path).ok()).unwrap_or_default();
    let taken_out = |link: &&Link| match path.0.as_slice() {
        [Step::Key(links)] => links == "links",
        [Step::Key(links), Step::Key(id)] => links == "links" && id == link.id.as_str(),
        _ => false,
    };
    for link in case.links.iter().filter(|_| given.get("now").is_none()).filter(taken_out) {
        let Some(other) = other(&link.to)? else { continue };
        for back in other.links.iter().filter(|back| back.to == case.reference) {
            let mut given = given.clone();
            given.remove(&Path::from("id"));
            given.set(&Path::from("path"), Node::text(format!("links.{}", back.id)));
            plan.push(correct(&other.reference, given));
        }
    }
    plan.insert(0, correct(&case.reference, given));
    Ok(plan)
}

/// The two actions that link two cases, each to the other. `given` names the other as `to`.
pub fn plan(one: Reference, other: Reference, given: Node) -> [Planned; 2] {
    let mut back = given.clone();
    back.remove(&Path::from("id"));
    back.set(&Path::from("to"), Node::text(one.as_str()));
    [(one, given), (other, back)].map(|(reference, given)| Planned {
        reference,
        kind: ActionKind::Link,
        given,
    })
}
