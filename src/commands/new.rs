//! `csods new`: opens an application.

use super::answers::Answers;
use super::change::{self, Planned};
use super::similar;
use crate::context::{Context, Office};
use crate::domain::action::{Action, ActionKind};
use crate::domain::findings;
use crate::domain::node::{Node, Path};
use crate::domain::record::Part;
use crate::domain::reference::{Chance, Reference};
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
    let stand_in = free_reference(context, &office, &office.head, |_| false, this_year, &mut chance)?;
    let kind = ActionKind::New;
    let mut given = change::collect(context, &office, &moment, kind, None, &stand_in, given)?;
    let fill = context.fill(&moment, &office.settings, None);
    let action = kind.read(&given, &fill, Some(&stand_in));
    let Ok(Action::New(_, opening)) = action else {
        return Err(Error::new(Kind::Internal, "the answers did not make a new case"));
    };
    let similar = similar::signals(context, &office, &fill, &opening)?;
    let not_compared = similar.not_compared();
    let (signals, more) = (similar.signals, similar.more);
    let mut talk: Vec<String> = findings::similar_cases(&signals)
        .into_iter()
        .map(|(_, words)| format!("similar case: {words}"))
        .collect();
    if more > 0 {
        talk.push(format!("{more} more similar case(s), less like this one, are not pointed out"));
    }
    talk.extend(not_compared);
    given.remove(&Path::from("signals"));
    if let Some(signals) = signals.write() {
        given.set(&Path::from("signals"), signals);
    }
    let year = office.settings.zone().day(opening.received.at.0).year();
    let mut chance = context.chance();
    for _ in 0..DRAWS {
        let head = office.store.head()?;
        let reference = free_reference(context, &office, &head, |_| false, year, &mut chance)?;
        let plan = Planned { reference: reference.clone(), kind, given: given.clone() };
        match change::record(context, &office, &moment, &[plan]) {
            // Somebody else drew the same one meanwhile. (After any other error it may be our own case that stands there.)
            Err(error)
                if error.kind == Kind::Conflict
                    && office.store.head()?.read(&reference.case_path())?.is_some() => {}
            result => return result.map(|report| talk.into_iter().fold(report, Report::say)),
        }
    }
    Err(Error::new(Kind::Internal, "no free reference was found; nothing was changed"))
}

/// X1: a random reference that no case has, nor ever had, and that is not `taken` besides.
pub fn free_reference(
    context: &Context,
    office: &Office,
    head: &Snapshot,
    taken: impl Fn(&Reference) -> bool,
    year: i32,
    chance: &mut Chance,
) -> Result<Reference, Error> {
    for _ in 0..DRAWS {
        let reference = Reference::random(office.settings.force.prefix.as_str(), year, chance);
        if taken(&reference) {
            continue;
        }
        let path = reference.case_path();
        // That chance draws a reference whose case plain git took out of the store is as good as impossible, and to
        // read the whole history would take long. A seed set by hand draws it again for certain.
        let is_new =
            || Ok::<_, Error>(!context.seed_by_hand || office.store.history(Some(&path))?.is_empty());
        if head.blob(&path)?.is_none() && is_new()? {
            return Ok(reference);
        }
    }
    Err(Error::new(Kind::Internal, "no free reference was found; nothing was changed"))
}
