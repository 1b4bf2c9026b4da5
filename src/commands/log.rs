//! `csods log`: the history as a story.

use serde_json::{Value, json};

use super::commit_text::{self, stage_trailer};
use super::find;
use super::show::person_name;
use crate::context::{Context, Office};
use crate::domain::action::ActionKind;
use crate::domain::case::Case;
use crate::domain::history::{self, Named};
use crate::domain::reference::Reference;
use crate::domain::story;
use crate::domain::time::Instant;
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
        let named = commit_text::named(&entry, reference);
        let text = match (&after, &before) {
            (Some(Some(_)), None) if entry.trailer("Action") == Some("init") => {
                "made the store with the case in it".to_owned()
            }
            (Some(Some(_)), None) if entry.parents.is_empty() && !opens(&named) => {
                "is where the history in this copy of the store begins".to_owned()
            }
            (Some(Some(after)), before) => {
                told.extend(one_by_one(office, &entry, &named, before.as_ref(), after));
                continue;
            }
            (Some(None), _) => "left a file that cannot be read".to_owned(),
            (None, _) => "took the file out of the store".to_owned(),
        };
        told.push(Told { entry, one_of: None, text });
    }
    told.truncate(limit.unwrap_or(usize::MAX));
    Ok(told)
}

/// Whether the first of these actions opened a case.
fn opens(named: &[Named]) -> bool {
    named.first().is_some_and(|named| matches!(named.kind, ActionKind::New | ActionKind::Import))
}

/// The actions of one commit on a case, newest first.
fn one_by_one(
    office: &Office,
    entry: &Entry,
    named: &[Named],
    before: Option<&Case>,
    after: &Case,
) -> Vec<Told> {
    let found = history::told_apart(named, before, after).filter(|found| !found.is_empty());
    let Some(found) = found else {
        let text = match named {
            [] | [_] => "changed the file in a way that is no action of csods".to_owned(),
            several => {
                let what: Vec<&str> = several.iter().map(|named| named.kind.meaning()).collect();
                format!("did these things, which its file does not show one by one: {}", what.join(", "))
            }
        };
        return vec![Told { entry: entry.clone(), one_of: None, text }];
    };
    let several = found.len() > 1 || entry.trailer("Case") != Some(after.reference.as_str());
    let tell = |found: &history::Told| {
        let stage = stage_trailer(found.before, found.after);
        let one_of = (after.reference.to_string(), found.action.kind().word(), stage);
        let text = story::sentence(found, &office.settings);
        Told { entry: entry.clone(), one_of: several.then_some(one_of), text }
    };
    found.iter().rev().map(tell).collect()
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
