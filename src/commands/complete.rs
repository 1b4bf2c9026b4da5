//! Live completion: references and people of the store at hand, never with names.

use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};

use crate::commands::find;
use crate::context::{Context, Options};
use crate::domain::reference::Wanted;

/// At most so many candidates are offered.
const MOST: usize = 50;

/// Completes the reference of a case, from its whole beginning or from the beginning of its last part.
pub fn reference() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &std::ffi::OsStr| references(&typed.to_string_lossy()).unwrap_or_default())
}

/// Completes the id of a person who acts.
pub fn person() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &std::ffi::OsStr| people(&typed.to_string_lossy()).unwrap_or_default())
}

fn references(typed: &str) -> Option<Vec<CompletionCandidate>> {
    let head = Context::new(Options::default()).ok()?.store().ok()?.head().ok()?;
    let upper = typed.trim().to_ascii_uppercase();
    // Everything whose reference begins so, whether the prefix is there, half there or left out.
    let loose = Wanted { prefix: None, year: None, start: String::new() };
    let wanted = Wanted::parse(&upper).ok();
    let mut found = find::candidates(&head, wanted.as_ref().unwrap_or(&loose)).ok()?;
    if found.is_empty() || wanted.is_none() {
        found = find::candidates(&head, &loose).ok()?;
        found.retain(|reference| reference.as_str().starts_with(&upper));
    }
    let whole = found.iter().all(|reference| reference.as_str().starts_with(&upper));
    let shown = |reference: &str| match whole {
        true => reference.to_owned(),
        // A shell keeps only candidates that begin with what was typed.
        false => format!("{typed}{}", &reference[reference.len() - 6..].get(typed.len()..).unwrap_or("")),
    };
    Some(
        found
            .iter()
            .take(MOST)
            .map(|reference| CompletionCandidate::new(shown(reference.as_str())))
            .collect(),
    )
}

fn people(typed: &str) -> Option<Vec<CompletionCandidate>> {
    let office = Context::new(Options::default()).ok()?.office().ok()?;
    let active = office.settings.people.iter().filter(|(_, person)| person.ended.is_none());
    Some(active.map(|(id, _)| id).filter(|id| id.starts_with(typed)).map(CompletionCandidate::new).collect())
}
