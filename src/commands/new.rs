//! `csods new`: opens an application.

use super::answers::Answers;
use super::change::{self, Planned};
use super::similar;
use crate::context::Context;
use crate::domain::action::{Action, ActionKind};
use crate::domain::node::{Node, Path};
use crate::domain::record::Part;
use crate::domain::reference::{Chance, Reference};
use crate::domain::settings::Settings;
use crate::error::{Error, Kind};
use crate::output::Report;
use crate::store::Snapshot;

/// Opens an application and starts its clocks (T1, T2, C1, L1)
///
/// Every clock runs from the moment the application was RECEIVED, not from now: state `received.at` where it came in
/// earlier. Personal facts are asked for at the prompt, or come with --from. Earlier cases that look alike are pointed
/// out, never merged.
///
/// Example: csods new --from application.yaml
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    answers: Answers<{ ActionKind::New as usize }>,
}

/// How often a reference that is taken already is drawn anew before something must be wrong.
const DRAWS: usize = 1_000;

/// Opens the case that the answers describe.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    open(context, args.answers.read()?)
}

/// Opens a case under a free reference and commits it.
pub fn open(context: &Context, given: Node) -> Result<Report, Error> {
    let office = context.office()?;
    let moment = context.moment(&office)?;
    let mut chance = context.chance();
    // The year is known only with the answers: until then a reference of this year stands in.
    let this_year = office.settings.zone().day(moment.now).year();
    let stand_in = free_reference(&office.head, |_| false, &office.settings, this_year, &mut chance)?;
    let kind = ActionKind::New;
    let mut given = change::collect(context, &office, &moment, kind, None, &stand_in, given)?;
    let fill = context.fill(&moment, &office.settings, None);
    let action = kind.read(&given, &fill, Some(&stand_in));
    let Ok(Action::New(_, opening)) = action else {
        return Err(Error::new(Kind::Internal, "the answers did not make a new case"));
    };
    let signals = similar::signals(&office, &fill, &opening)?;
    let talk: Vec<String> =
        signals.iter().map(|signal| format!("similar case: {}", signal.in_words())).collect();
    given.remove(&Path::from("signals"));
    if let Some(signals) = signals.write() {
        given.set(&Path::from("signals"), signals);
    }
    let year = office.settings.zone().day(opening.received.at.0).year();
    let mut chance = context.chance();
    for _ in 0..DRAWS {
        let head = office.store.head()?;
        let reference = free_reference(&head, |_| false, &office.settings, year, &mut chance)?;
        let plan = Planned { reference: reference.clone(), kind, given: given.clone() };
        match change::record(context, &office, &moment, &[plan]) {
            // Somebody else drew the same one meanwhile.
            Err(_) if office.store.head()?.read(&reference.case_path())?.is_some() => {}
            result => return result.map(|report| talk.into_iter().fold(report, Report::say)),
        }
    }
    Err(Error::new(Kind::Internal, "no free reference was found; nothing was changed"))
}

/// X1: a random reference that no case has, and that is not `taken` besides.
pub fn free_reference(
    head: &Snapshot,
    taken: impl Fn(&Reference) -> bool,
    settings: &Settings,
    year: i32,
    chance: &mut Chance,
) -> Result<Reference, Error> {
    for _ in 0..DRAWS {
        let reference = Reference::random(settings.force.prefix.as_str(), year, chance);
        if !taken(&reference) && head.blob(&reference.case_path())?.is_none() {
            return Ok(reference);
        }
    }
    Err(Error::new(Kind::Internal, "no free reference was found; nothing was changed"))
}
