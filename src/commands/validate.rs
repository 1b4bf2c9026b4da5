//! `csods validate`: every problem in the store or in files.

pub mod letters;

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

use serde_json::json;

use super::batch::marks;
use crate::context::{Context, Office};
use crate::domain::case::Case;
use crate::domain::node::Path;
use crate::domain::record::Problem;
use crate::domain::reference::Reference;
use crate::domain::settings::Settings;
use crate::domain::time::Instant;
use crate::domain::workflow::{ahead, consistency};
use crate::error::Error;
use crate::output::{Block, Page, Report};
use crate::store::files::{self, Finding};
use crate::store::index::FILE;
use crate::store::{BlobId, CASES, Entries, Files, SETTINGS, Snapshot};

/// Reports every problem in the store, or in files, with file and line (exit code 11 where there is one)
///
/// Checks form, canonical writing and every rule of the scheme that a file can break, that every letter is the one that
/// was made, every template, and the ids of lines that `csods apply` keeps. Without files: the whole store as last committed,
/// and every row of its index.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files to check: cases, csods.toml, calendars or templates
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    files: Vec<PathBuf>,
}

/// A problem, with its file.
struct Found {
    file: String,
    finding: Finding,
}

/// All problems.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    let (found, count) = if args.files.is_empty() {
        let store = context.store()?;
        let head = store.head()?;
        context.saw_commit(&head);
        match files::settings(&head) {
            Ok(settings) => whole_store(&Office { store, head, settings }, context)?,
            // Without settings no case can be judged: they are the problem.
            Err(_) => (settings_problems(&head, context.now)?, 1),
        }
    } else {
        let settings = context.office().ok().map(|office| office.settings);
        let mut found = Vec::new();
        for file in &args.files {
            let bytes = files::named(&context.directory().join(file), "the file")
                .map_err(|error| error.place(file.display().to_string()))?;
            found.extend(one_file(&file.display().to_string(), &bytes, settings.as_ref(), context.now));
        }
        (found, args.files.len())
    };
    let mut page = Page::default();
    for Found { file, finding } in &found {
        // One line each, whatever the width: editors and grep read them.
        let line = format!("{file}:{}:{}: {}", finding.line, finding.column, finding.problem);
        page.0.push(Block::Verbatim(line));
    }
    let summary = match found.len() {
        0 => format!("{count} file(s): no problem"),
        problems => format!("{count} file(s): {problems} problem(s)"),
    };
    let problem = |Found { file, finding }: &Found| {
        json!({
            "file": file, "line": finding.line, "column": finding.column,
            "path": finding.problem.path.to_string(), "problem": finding.problem.fault.to_string(),
        })
    };
    let json = json!({
        "version": 1, "files": count, "problems": found.iter().map(problem).collect::<Vec<_>>(),
    });
    Ok(Report { found: !found.is_empty(), ..Report::new(json, page) }.say(summary))
}

fn whole_store(office: &Office, context: &Context) -> Result<(Vec<Found>, usize), Error> {
    let entries = office.head.entries_below(CASES)?;
    let whole = entries.foreign.is_empty();
    let (paths, mut found) = with_foreign(entries);
    let settings = &office.settings;
    let read = office.head.read_many(&paths, |path, bytes| {
        let letters = files::read_case(bytes).map(|case| letters::of_case(path, &case)).unwrap_or_default();
        (case_problems(path, bytes, Some(settings), context.now), letters)
    })?;
    let mut expected = BTreeMap::new();
    for (problems, letters) in read {
        found.extend(problems);
        expected.extend(letters);
    }
    let (problems, letters) = letters::files(&office.head, expected)?;
    found.extend(problems);
    let (problems, templates) = letters::templates(office)?;
    found.extend(problems);
    let (problems, ids) = applied(&office.head, &paths)?;
    found.extend(problems);
    found.extend(settings_problems(&office.head, context.now)?);
    // Where the cases cannot all be listed, no index can be right.
    if whole && !context.options.no_index {
        found.extend(index_problems(office)?);
    }
    let calendars = files::calendar_paths(&office.head).map_or(0, |calendars| calendars.len());
    Ok((found, paths.len() + letters + templates + ids + 1 + calendars))
}

/// The files below a folder, and a problem for each entry that does not belong there.
fn with_foreign(entries: Entries) -> (Files, Vec<Found>) {
    (entries.files, entries.foreign.into_iter().chain(entries.for_git).map(foreign).collect())
}

/// Something that was committed and does not belong into a store.
fn foreign(error: Error) -> Found {
    let problem = Problem::invalid(Path::root(), error.message);
    let file = error.place.unwrap_or_default();
    Found { file, finding: Finding { line: 1, column: 1, problem } }
}

/// Every case of which the index says something else than its file.
fn index_problems(office: &Office) -> Result<Vec<Found>, Error> {
    let Office { store, head, settings } = office;
    let found = |path: String| {
        let what = format!(
            "differs from {path}: views of many cases may have been wrong about it; the index was removed, and is made \
             again when it is next asked for"
        );
        let problem = Problem::invalid(Path::root(), what);
        Found { file: format!(".git/csods/{FILE}"), finding: Finding { line: 1, column: 1, problem } }
    };
    Ok(store.index_differs(head, settings)?.into_iter().map(found).collect())
}

/// Every problem of the files of ids that `apply` keeps, and how many files there are.
fn applied(head: &Snapshot, cases: &[(String, BlobId)]) -> Result<(Vec<Found>, usize), Error> {
    let cases: HashSet<&str> = cases.iter().map(|(path, _)| path.as_str()).collect();
    let (paths, mut problems) = with_foreign(head.entries_below(marks::FOLDER)?);
    let stands = |reference: &Reference| cases.contains(reference.case_path().as_str());
    let found = head.read_many(&paths, |path, bytes| ids(path, path, bytes, stands))?;
    problems.extend(found.into_iter().flatten());
    Ok((problems, paths.len()))
}

/// Every problem of one file of ids, whose place in a store is `place`.
fn ids(name: &str, place: &str, bytes: &[u8], stands: impl Fn(&Reference) -> bool) -> Vec<Found> {
    let found = |(line, what): (usize, &str)| {
        let problem = Problem::invalid(Path::root(), what);
        Found { file: name.to_owned(), finding: Finding { line, column: 1, problem } }
    };
    marks::faults(place, bytes, stands).into_iter().map(found).collect()
}

/// The place in a store of a file that lies where `apply` keeps ids.
fn among_ids(name: &str) -> Option<&str> {
    let (folder, _) = name.rsplit_once('/').and_then(|(above, _)| above.rsplit_once('/'))?;
    let above = folder.strip_suffix(marks::FOLDER)?;
    (above.is_empty() || above.ends_with('/')).then(|| &name[above.len()..])
}

fn settings_problems(head: &Snapshot, now: Instant) -> Result<Vec<Found>, Error> {
    let mut found = Vec::new();
    let calendars = match files::calendar_paths(head) {
        Ok(calendars) => calendars,
        Err(error) => {
            found.push(foreign(error));
            Vec::new()
        }
    };
    for path in std::iter::once(SETTINGS.to_owned()).chain(calendars) {
        match head.read(&path) {
            Err(error) => found.push(foreign(error)),
            Ok(Some(bytes)) => found.extend(one_file(&path, &bytes, None, now)),
            Ok(None) => found.push(Found {
                finding: Finding { line: 1, column: 1, problem: Problem::missing(Path::root()) },
                file: path,
            }),
        }
    }
    Ok(found)
}

fn one_file(name: &str, bytes: &[u8], settings: Option<&Settings>, now: Instant) -> Vec<Found> {
    let findings = match name {
        name if name.ends_with(SETTINGS) => files::read_settings(bytes).err(),
        name if name.ends_with(".toml") => files::read_calendar(bytes).err(),
        name if name.ends_with(".md") => return letters::template(name, bytes, settings),
        name if let Some(place) = among_ids(name) => return ids(name, place, bytes, |_| true),
        _ => return case_problems(name, bytes, settings, now),
    };
    findings.unwrap_or_default().into_iter().map(|finding| Found { file: name.to_owned(), finding }).collect()
}

fn case_problems(name: &str, bytes: &[u8], settings: Option<&Settings>, now: Instant) -> Vec<Found> {
    let found = |finding| Found { file: name.to_owned(), finding };
    match files::read_case(bytes) {
        Err(findings) => findings.into_iter().map(found).collect(),
        Ok(case) => {
            let mut problems =
                settings.map(|settings| consistency::check(&case, settings)).unwrap_or_default();
            problems.extend(place_in_store(name, &case));
            problems.extend(settings.iter().flat_map(|settings| ahead::stand_ahead(&case, now, settings)));
            let mut findings = files::place_case(bytes, problems);
            findings.extend(not_canonical(bytes, &case));
            findings.into_iter().map(found).collect()
        }
    }
}

/// A stored case stands where its reference says.
fn place_in_store(name: &str, case: &Case) -> Option<Problem> {
    let stands = !name.starts_with("cases/") || name == case.reference.case_path();
    (!stands).then(|| Problem::invalid("reference", "is not the one that the file's name says"))
}

/// The first line that csods would have written otherwise.
fn not_canonical(bytes: &[u8], case: &Case) -> Option<Finding> {
    let canonical = files::case_text(case)?;
    if canonical.as_bytes() == bytes {
        return None;
    }
    let text = String::from_utf8_lossy(bytes);
    let same = text.lines().zip(canonical.lines()).take_while(|(ours, theirs)| ours == theirs).count();
    let what = "is not written as csods writes it; `csods commit` or the next change puts it right";
    Some(Finding { line: same + 1, column: 1, problem: Problem::invalid(Path::root(), what) })
}
