//! `csods log`: the history as a story.

use serde_json::{Value, json};

use super::batch::message;
use super::find;
use super::show::person_name;
use crate::context::{Context, Office};
use crate::domain::action::ActionKind;
use crate::domain::case::Case;
use crate::domain::history;
use crate::domain::reference::Reference;
use crate::domain::scalars::PersonId;
use crate::domain::story;
use crate::domain::time::Instant;
use crate::domain::workflow::Moment;
use crate::error::Error;
use crate::output::{Page, Report};
use crate::store::{Entry, files};

/// Tells the history of a case, or of the whole store, newest last (X1)
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which case; the whole store where left out
    #[arg(value_name = "REF", add = super::complete::reference())]
    case: Option<String>,
    /// Only the last so many changes
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

/// A change as told.
struct Told {
    entry: Entry,
    /// Of several actions of one commit, which it is: the case, the action, its stages.
    one_of: Option<(String, &'static str, String)>,
    text: String,
}

/// The story.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    let office = context.office()?;
    let zone = office.settings.zone();
    let mut told = match &args.case {
        Some(typed) => of_case(&office, &find::reference(&office.head, typed)?, args.limit)?,
        None => of_store(&office, args.limit)?,
    };
    told.reverse();
    let mut page = Page::default();
    for Told { entry, text, .. } in &told {
        let at = Instant::from_unix(entry.at_unix).map(|at| zone.short(at)).unwrap_or_default();
        let who = entry.trailer("Actor").map(|actor| person_name(actor, &office.settings));
        let who = who.unwrap_or_else(|| entry.author_name.clone());
        let role =
            entry.trailer("Role").map(|role| format!(" ({})", role.replace('_', " "))).unwrap_or_default();
        let clock = if entry.trailer("Clock").is_some() { " [clock set by hand]" } else { "" };
        let stop = if text.ends_with(['.', '!', '?']) { "" } else { "." };
        page.item(18, format!("{at}  {who}{role} {text}{stop}{clock}"));
    }
    if told.is_empty() {
        page.say("nothing has happened yet");
    }
    let changes: Vec<Value> = told.iter().map(change_json).collect();
    Ok(Report::new(json!({"version": 1, "changes": changes}), page))
}

fn change_json(told: &Told) -> Value {
    let entry = &told.entry;
    json!({
        "commit": entry.commit.to_string(),
        "at": Instant::from_unix(entry.at_unix).map(|at| at.to_string()),
        "case": told.one_of.as_ref().map(|(case, ..)| case.as_str()).or(entry.trailer("Case")),
        "action": told.one_of.as_ref().map(|(_, action, _)| *action).or(entry.trailer("Action")),
        "stage": told.one_of.as_ref().map(|(.., stage)| stage.as_str()).or(entry.trailer("Stage")),
        "actor": entry.trailer("Actor"),
        "role": entry.trailer("Role"),
        "clock_set_by_hand": entry.trailer("Clock").is_some(),
        "text": told.text,
    })
}

/// The changes of one case, each with what it recorded.
fn of_case(office: &Office, reference: &Reference, limit: Option<usize>) -> Result<Vec<Told>, Error> {
    let path = reference.case_path();
    let entries = office.store.history(Some(&path))?;
    let mut told = Vec::new();
    for entry in entries.into_iter().take(limit.unwrap_or(usize::MAX)) {
        let after = version(office, &entry.commit, reference)?;
        let before = match entry.parents.first() {
            Some(parent) => version(office, parent, reference)?.flatten(),
            None => None,
        };
        // A second case changed in the same commit is told by its own action.
        let kind = entry.trailer("Action").and_then(ActionKind::of);
        let several = message::changes(&entry, reference);
        let text = match (&after, &before) {
            (Some(Some(_)), None) if entry.trailer("Action") == Some("init") => {
                "made the store with the case in it".to_owned()
            }
            (Some(Some(_)), None) if entry.parents.is_empty() && kind != Some(ActionKind::New) => {
                "is where the history in this copy of the store begins".to_owned()
            }
            (Some(Some(after)), before) if kind.is_none() && !several.is_empty() => {
                told.extend(one_by_one(office, &entry, &several, before.as_ref(), after)?);
                continue;
            }
            (Some(Some(after)), before) => story::sentence(kind, before.as_ref(), after, &office.settings),
            (Some(None), _) => "left a file that cannot be read".to_owned(),
            (None, _) => "took the file out of the store".to_owned(),
        };
        told.push(Told { entry, one_of: None, text });
    }
    told.truncate(limit.unwrap_or(usize::MAX));
    Ok(told)
}

/// The actions of one commit of several, newest first.
fn one_by_one(
    office: &Office,
    entry: &Entry,
    several: &[(ActionKind, String)],
    before: Option<&Case>,
    after: &Case,
) -> Result<Vec<Told>, Error> {
    let kinds: Vec<ActionKind> = several.iter().map(|(kind, _)| *kind).collect();
    let actor = entry.trailer("Actor").and_then(|actor| PersonId::new(actor).ok());
    let moment = actor.zip(Instant::from_unix(entry.at_unix)).map(|(actor, now)| Moment { now, actor });
    // What they were allowed then is for the settings of then to say.
    let settings = files::settings(&office.store.snapshot_at(&entry.commit)?)?;
    let done = moment.and_then(|moment| history::told_apart(&kinds, before, after, &moment, &settings));
    let mut told = Vec::new();
    for (position, (kind, stage)) in several.iter().enumerate() {
        let text = match done.as_ref().and_then(|done| done.get(position)) {
            Some(done) => story::sentence_of(&done.action, done.before.as_ref(), &done.after, &settings),
            None => format!("did this, which its file does not show by itself: {}", kind.meaning()),
        };
        let one_of = Some((after.reference.to_string(), kind.word(), stage.clone()));
        told.push(Told { entry: entry.clone(), one_of, text });
    }
    told.reverse();
    Ok(told)
}

/// The case as a commit has it: `None` where it has no such file, `Some(None)` where the file cannot be read.
fn version(
    office: &Office,
    commit: &crate::store::CommitId,
    reference: &Reference,
) -> Result<Option<Option<Case>>, Error> {
    let bytes = office.store.snapshot_at(commit)?.read(&reference.case_path())?;
    Ok(bytes.map(|bytes| files::read_case(&bytes).ok()))
}

/// The changes of the store, by what their commits say alone.
fn of_store(office: &Office, limit: Option<usize>) -> Result<Vec<Told>, Error> {
    let entries = office.store.history(None)?;
    let tell = |entry: Entry| {
        let stage = entry.trailer("Stage").map(|stage| format!(" ({stage})")).unwrap_or_default();
        let text = match (entry.trailer("Case"), entry.trailer("Action").and_then(ActionKind::of)) {
            (Some(case), Some(kind)) => format!("{case}: {}{stage}", kind.word()),
            _ => entry.subject.clone(),
        };
        Told { entry, one_of: None, text }
    };
    Ok(entries.into_iter().take(limit.unwrap_or(usize::MAX)).map(tell).collect())
}
