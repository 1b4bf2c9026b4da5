//! Live completion: references and people of the store at hand, never with names.

use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};

use crate::commands::find;
use crate::context::{Context, Options};
use crate::domain::reference::{Reference, Wanted};

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
    let begins = |reference: &Reference| reference.as_str().starts_with(&upper);
    let loose = Wanted { prefix: None, year: None, start: String::new() };
    // A whole reference begins with a letter; so may its last part.
    let mut found = match upper.starts_with(|first: char| first.is_ascii_digit()) {
        true => Vec::new(),
        false => find::candidates(&head, &loose).ok()?,
    };
    found.retain(begins);
    // A shell keeps only candidates that begin with what was typed, as it was typed.
    let typed = typed.trim();
    let rest = |of: &str| format!("{typed}{}", of.get(typed.len()..).unwrap_or_default());
    let mut shown: Vec<String> = found.iter().map(|reference| rest(reference.as_str())).collect();
    if let (Ok(wanted), false) = (Wanted::parse(&upper), upper.is_empty()) {
        let last_part = wanted.prefix.is_none() && wanted.year.is_none();
        let others = find::candidates(&head, &wanted).ok()?.into_iter();
        let others = others.filter(|reference| last_part || !begins(reference));
        shown.extend(others.map(|reference| match last_part {
            true => rest(reference.random_part()),
            false => reference.to_string(),
        }));
    }
    Some(shown.into_iter().take(MOST).map(CompletionCandidate::new).collect())
}

fn people(typed: &str) -> Option<Vec<CompletionCandidate>> {
    let office = Context::new(Options::default()).ok()?.office().ok()?;
    let active = office.settings.people.iter().filter(|(_, person)| person.ended.is_none());
    Some(active.map(|(id, _)| id).filter(|id| id.starts_with(typed)).map(CompletionCandidate::new).collect())
}
