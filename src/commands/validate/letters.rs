//! What can be wrong with the letters and the templates of a store: a letter that is not the one that was made, one that
//! no case knows, one that is gone; a template that cannot be used.

use std::collections::BTreeMap;

use super::Found;
use crate::commands::templates::{self, NO_TEMPLATE};
use crate::context::Office;
use crate::domain::case::Case;
use crate::domain::letter::{engine, made};
use crate::domain::node::Path;
use crate::domain::record::Problem;
use crate::domain::settings::Settings;
use crate::error::Error;
use crate::store::Snapshot;
use crate::store::files::Finding;

/// The letters that cases say they have: the file, its SHA-256, and the case's own file.
pub(super) type Expected = BTreeMap<String, (String, String)>;

/// Those of one case.
pub(super) fn of_case(path: &str, case: &Case) -> Vec<(String, (String, String))> {
    let one = |letter: &crate::domain::case::Letter| {
        (letter.path.to_string(), (letter.sha256.to_string(), path.to_owned()))
    };
    case.letters.iter().map(one).collect()
}

fn found(file: &str, line: usize, what: &str) -> Found {
    let problem = Problem::invalid(Path::root(), what);
    Found { file: file.to_owned(), finding: Finding { line, column: 1, problem } }
}

/// Every problem of the files below `letters/`, and how many files there are.
pub(super) fn files(head: &Snapshot, mut expected: Expected) -> Result<(Vec<Found>, usize), Error> {
    let (paths, mut problems) = super::with_foreign(head.entries_below("letters")?);
    let sums = head.read_many(&paths, |_, bytes| made::sha256(bytes))?;
    for ((path, _), sum) in paths.iter().zip(sums) {
        match expected.remove(path) {
            Some((made, _)) if made == sum => {}
            Some(_) => problems.push(found(path, 1, "is not the letter that was made: its SHA-256 differs")),
            None => problems.push(found(path, 1, "is a letter that no case knows of")),
        }
    }
    for (path, (_, case)) in expected {
        problems.push(found(&case, 1, &format!("has a letter that is not there: {path}")));
    }
    Ok((problems, paths.len()))
}

/// Every problem of the store's own templates, and how many there are.
pub(super) fn templates(office: &Office) -> Result<(Vec<Found>, usize), Error> {
    let (files, mut problems) = super::with_foreign(office.head.entries_below("templates")?);
    for (path, blob) in &files {
        match templates::kind_of(path.trim_start_matches("templates/")) {
            // Of any other name there may be very many.
            None => problems.push(found(path, 1, NO_TEMPLATE)),
            Some(_) => {
                let bytes = office.head.read_blob(*blob)?;
                problems.extend(template(path, &bytes, Some(&office.settings)));
            }
        }
    }
    Ok((problems, files.len()))
}

/// Every problem of one template.
pub(super) fn template(name: &str, bytes: &[u8], settings: Option<&Settings>) -> Vec<Found> {
    findings(name, bytes, settings)
        .into_iter()
        .map(|finding| Found { file: name.to_owned(), finding })
        .collect()
}

/// The same, without the file.
pub fn findings(name: &str, bytes: &[u8], settings: Option<&Settings>) -> Vec<Finding> {
    let one = |line, what: String| Finding { line, column: 1, problem: Problem::invalid(Path::root(), what) };
    let Some((kind, language)) = templates::kind_of(name.rsplit('/').next().unwrap_or(name)) else {
        return vec![one(1, NO_TEMPLATE.to_owned())];
    };
    let Ok(source) = std::str::from_utf8(bytes) else {
        return vec![one(1, "is not text in UTF-8".to_owned())];
    };
    let faults = match settings {
        Some(settings) => templates::problems(kind, source, language, settings),
        None => engine::check(kind, source),
    };
    faults.into_iter().map(|fault| one(fault.line, fault.wrong.to_string())).collect()
}
