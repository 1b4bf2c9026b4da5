//! `csods log`: the history as a story.

use std::rc::Rc;

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
    entry: Rc<Entry>,
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

/// How many commits are read as one group. Only the case before the group and the case after it are read.
const RUN: usize = 256;

/// The changes of one case, newest first, each with what it recorded.
fn of_case(office: &Office, reference: &Reference, limit: Option<usize>) -> Result<Vec<Told>, Error> {
    let path = reference.case_path();
    let most = limit.unwrap_or(usize::MAX);
    let entries: Vec<Rc<Entry>> =
        office.store.history(Some(&path))?.into_iter().take(most).map(Rc::new).collect();
    let mut told = Vec::new();
    let mut rest = &entries[..];
    while !rest.is_empty() {
        let named = straight(rest, reference);
        let (some, later) = rest.split_at(named.len().max(1));
        rest = later;
        match together(office, some, &named, reference)? {
            Some(found) => told.extend(found),
            None => told.extend(each(office, some, reference)?),
        }
    }
    told.truncate(most);
    Ok(told)
}

/// The actions of the first of these commits, newest first, as long as each is made on the next one and says all that it
/// did.
fn straight(entries: &[Rc<Entry>], reference: &Reference) -> Vec<Vec<Named>> {
    let mut run: Vec<Vec<Named>> = Vec::new();
    for (position, entry) in entries.iter().take(RUN).enumerate() {
        let follows = position == 0 || entries[position - 1].file_before == entry.file;
        let named = commit_text::named(entry, reference);
        let is_told = |named: &Named| {
            let reads_both = [ActionKind::New, ActionKind::Import, ActionKind::Edit].contains(&named.kind);
            named.item.is_some() && !reads_both
        };
        let [_] = entry.parents[..] else { break };
        if !follows || entry.file.is_none() || named.is_empty() || !named.iter().all(is_told) {
            break;
        }
        run.push(named);
    }
    run
}

/// What a run of commits did, told from the case before the oldest of them and after the newest; `None` where these do not
/// follow from each other, so that one of the commits is not what it says.
fn together(
    office: &Office,
    entries: &[Rc<Entry>],
    named: &[Vec<Named>],
    reference: &Reference,
) -> Result<Option<Vec<Told>>, Error> {
    let ([newest, .., oldest], true) = (entries, named.len() == entries.len()) else { return Ok(None) };
    let Some(Some(after)) = version(office, &newest.commit, reference)? else { return Ok(None) };
    let Some(Some(before)) = version(office, &oldest.parents[0], reference)? else { return Ok(None) };
    let all: Vec<Named> = named.iter().rev().flatten().cloned().collect();
    let Some(found) = history::told_apart(&all, Some(&before), &after) else { return Ok(None) };
    let mut found = found.as_slice();
    let mut told = Vec::new();
    for (entry, named) in entries.iter().zip(named) {
        let Some((earlier, its)) = found.split_at_checked(found.len().wrapping_sub(named.len())) else {
            return Ok(None);
        };
        found = earlier;
        told.extend(sentences(office, entry, its, reference));
    }
    Ok(Some(told))
}

/// What each of these commits did, told from the case before and after each.
fn each(office: &Office, entries: &[Rc<Entry>], reference: &Reference) -> Result<Vec<Told>, Error> {
    let mut told = Vec::new();
    for entry in entries {
        let entry = Rc::clone(entry);
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
    Ok(told)
}

/// Whether the first of these actions opened a case.
fn opens(named: &[Named]) -> bool {
    named.first().is_some_and(|named| matches!(named.kind, ActionKind::New | ActionKind::Import))
}

/// The actions of one commit on a case, newest first.
fn one_by_one(
    office: &Office,
    entry: &Rc<Entry>,
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
        return vec![Told { entry: Rc::clone(entry), one_of: None, text }];
    };
    sentences(office, entry, &found, &after.reference)
}

/// The actions of one commit in words, newest first.
fn sentences(
    office: &Office,
    entry: &Rc<Entry>,
    found: &[history::Told],
    reference: &Reference,
) -> Vec<Told> {
    let several = found.len() > 1 || entry.trailer("Case") != Some(reference.as_str());
    let tell = |found: &history::Told| {
        let stage = stage_trailer(found.before, found.after);
        let one_of = (reference.to_string(), found.action.kind().word(), stage);
        let text = story::sentence(found, &office.settings);
        Told { entry: Rc::clone(entry), one_of: several.then_some(one_of), text }
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
        Told { entry: Rc::new(entry), one_of: None, text }
    };
    Ok(entries.into_iter().take(limit.unwrap_or(usize::MAX)).map(tell).collect())
}
