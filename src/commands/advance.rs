//! `csods advance`: whatever the case needs next.

use super::answers::read_from;
use super::{change, find};
use crate::context::Context;
use crate::domain::action::ActionKind;
use crate::domain::case::Phase;
use crate::domain::findings::{self, Next};
use crate::domain::node::{Node, Path, Step};
use crate::domain::record::Problem;
use crate::error::{Error, Kind};
use crate::output::Report;
use std::path::PathBuf;

/// Does whatever the case needs next: names it, asks for it, records it (S1, S2)
///
/// Without a terminal, --from gives the answers of that step; `csods show` and the error say which step it is.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which case: its reference, or any unique beginning of the last part
    #[arg(value_name = "REF", add = super::complete::reference())]
    case: String,
    /// Answers as YAML or JSON, with the keys of the case file; `-` reads standard input
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    from: Option<PathBuf>,
}

/// Records the next step and commits the change.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    let office = context.office()?;
    let (reference, case) = find::case(&office.head, &args.case)?;
    let next = findings::next(&case, context.now, &office.settings);
    let Some(kind) = next.action else {
        return Err(Error::new(Kind::Refused, format!("{reference} is closed: nothing comes next"))
            .hint("`csods reopen` opens it again, with a reason"));
    };
    let mut given = args.from.as_deref().map_or_else(|| Ok(Node::map()), read_from)?;
    if kind == ActionKind::Check {
        prefill_check(&mut given, &next, case.stage);
    }
    let step = format!("{reference}: {} (csods {})", next.why, kind.word());
    change::run(context, kind, reference.as_str(), given)
        .map(|report| report.say(step.clone()))
        .map_err(|error| Error { message: format!("{} [next: {}]", error.message, kind.word()), ..error })
}

/// The first check that is missing, and its phase, where the answers do not say otherwise.
fn prefill_check(given: &mut Node, next: &Next, stage: crate::domain::case::Stage) {
    use crate::domain::case::Stage;
    let system = |problem: &Problem| match problem.path.0.as_slice() {
        [Step::Key(first), Step::Key(system)] if first == "checks" => Some(system.clone()),
        _ => None,
    };
    if given.get("system").is_none()
        && let Some(system) = next.missing.iter().find_map(system)
    {
        given.set(&Path::from("system"), Node::text(system));
    }
    if given.get("phase").is_none() {
        let phase = match stage {
            Stage::InitialChecks => Phase::Initial,
            Stage::Outcome => Phase::Refresh,
            _ => Phase::Full,
        };
        given.set(&Path::from("phase"), Node::text(phase.word()));
    }
}
