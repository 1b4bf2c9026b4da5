//! The files of a store, typed: settings, calendars and cases, each with its place in every error.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::os::unix::fs::FileTypeExt;

use crate::domain::calendar::{Calendar, CalendarName};
use crate::domain::case::{self, Case, Modeline};
use crate::domain::mapping::Mapping;
use crate::domain::node::{Node, Path};
use crate::domain::record::{self, Fault, Part, Problem, Reader};
use crate::domain::reference::Reference;
use crate::domain::row::Row;
use crate::domain::settings::{self, Settings, SettingsFile, Version};
use crate::error::{self, Error, Kind};

use super::{BlobId, LARGEST, SETTINGS, Snapshot, toml, yaml};

/// So many bytes are read again at most to find the places of the problems of one file.
const MOST_READ: usize = 2 << 20;

/// A problem in a file: line and column, from 1, and what is wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
    /// Where in the tree, and what.
    pub problem: Problem,
}

impl From<yaml::Fault> for Finding {
    fn from(fault: yaml::Fault) -> Finding {
        let problem = Problem::new(Path::root(), Fault::Invalid(fault.message));
        Finding { line: fault.line, column: fault.column, problem }
    }
}

/// The bytes of a file that somebody named, or so many that it is too large; `what` says what they are. A named pipe is
/// none: to open it would wait for somebody to write into it, perhaps for ever. (What a shell makes of `<(...)` is open
/// already.)
///
/// # Errors
/// `NotFound` or `System`, with the path as its place, where it is not there or cannot be read; `Usage` for a named pipe.
pub fn named(path: &std::path::Path, what: &str) -> Result<Vec<u8>, Error> {
    named_up_to(LARGEST, path, what)
}

/// The same, of a file that may have `most` bytes.
pub fn named_up_to(most: u64, path: &std::path::Path, what: &str) -> Result<Vec<u8>, Error> {
    let read = || {
        let found = fs::symlink_metadata(path).map_err(|error| unread(&error, what))?;
        if found.file_type().is_fifo() {
            return Err(Error::new(Kind::Usage, format!("{what} cannot be read: this is a named pipe"))
                .hint("name a file, or pass it on by `-` or `<(...)`"));
        }
        let file = fs::File::open(path).map_err(|error| unread(&error, what))?;
        read_up_to(most, file, what)
    };
    read().map_err(|error| error.place(path.display().to_string()))
}

/// Reads all there is, or so much that whoever looks at it finds it too large.
pub fn capped(from: impl Read, what: &str) -> Result<Vec<u8>, Error> {
    read_up_to(LARGEST, from, what)
}

fn read_up_to(most: u64, from: impl Read, what: &str) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    from.take(most + 1).read_to_end(&mut bytes).map_err(|error| unread(&error, what))?;
    Ok(bytes)
}

fn unread(error: &io::Error, what: &str) -> Error {
    let kind = if error.kind() == io::ErrorKind::NotFound { Kind::NotFound } else { Kind::System };
    Error::new(kind, format!("{what} could not be read: {}", error::words(error)))
        .hint("see whether the file is there and may be read; nothing was changed")
}

/// The settings and calendars at a commit. Any problem in them is an error that lists them all.
pub fn settings(snapshot: &Snapshot) -> Result<Settings, Error> {
    let bytes = snapshot.read(SETTINGS)?.ok_or_else(|| {
        Error::new(Kind::Damaged, "csods.toml is not in the store's last commit")
            .hint("git log -- csods.toml shows when it went; bring it back with git revert")
    })?;
    let file = read_settings(&bytes).map_err(|findings| damaged(SETTINGS, &findings))?;
    let mut calendars = Vec::new();
    // A calendar that no clock counts by costs nothing; `validate` reads them all.
    for path in file.calendars().iter().map(CalendarName::file) {
        if let Some(bytes) = snapshot.read(&path)? {
            calendars.push(read_calendar(&bytes).map_err(|findings| damaged(&path, &findings))?);
        }
    }
    Ok(Settings { file, calendars })
}

/// The files of a commit that hold calendars.
pub fn calendar_paths(snapshot: &Snapshot) -> Result<Vec<String>, Error> {
    let names = snapshot.names_in("calendars")?;
    Ok(names
        .into_iter()
        .filter(|name| name.ends_with(".toml"))
        .map(|name| format!("calendars/{name}"))
        .collect())
}

/// Typed settings, or everything that is wrong with them.
pub fn read_settings(bytes: &[u8]) -> Result<SettingsFile, Vec<Finding>> {
    let (file, text) = read_toml::<SettingsFile>(bytes)?;
    let problems = Settings { file: file.clone(), calendars: Vec::new() }.check();
    if problems.is_empty() { Ok(file) } else { Err(place_toml(&text, problems)) }
}

/// A typed calendar, or everything that is wrong with it.
pub fn read_calendar(bytes: &[u8]) -> Result<Calendar, Vec<Finding>> {
    let (calendar, text) = read_toml::<Calendar>(bytes)?;
    let problems = calendar.check();
    if problems.is_empty() { Ok(calendar) } else { Err(place_toml(&text, problems)) }
}

/// A typed mapping for `import`, or everything that is wrong with it.
pub fn read_mapping(bytes: &[u8]) -> Result<Mapping, Vec<Finding>> {
    let (mapping, text) = read_toml::<Mapping>(bytes)?;
    let problems = mapping.check();
    if problems.is_empty() { Ok(mapping) } else { Err(place_toml(&text, problems)) }
}

fn read_toml<T: Part>(bytes: &[u8]) -> Result<(T, String), Vec<Finding>> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].iter().filter(|&&byte| byte == b'\n').count() + 1;
        let problem = Problem::invalid(Path::root(), "is not text in UTF-8");
        vec![Finding { line, column: 1, problem }]
    })?;
    let node =
        toml::parse(text).map_err(|faults| faults.into_iter().map(Finding::from).collect::<Vec<_>>())?;
    let value = of_known_format(&node, settings::FORMAT)
        .and_then(|()| record::read::<T>(&node, Reader::strict()))
        .map_err(|problems| place_toml(text, problems))?;
    Ok((value, text.to_owned()))
}

fn place_toml(text: &str, problems: Vec<Problem>) -> Vec<Finding> {
    place(text.len(), problems, |path, key| toml::locate(text, path, key))
}

/// A typed case read from the bytes at its place in the store, or everything that is wrong with them.
pub fn read_case(bytes: &[u8]) -> Result<Case, Vec<Finding>> {
    let (modeline, node) = parse_case(bytes).map_err(|fault| vec![Finding::from(fault)])?;
    let case = typed_case(&node).map_err(|problems| place_case(bytes, problems))?;
    Ok(Case { modeline, ..case })
}

/// The line for editors at the head of a case file, where it has one, and its tree.
fn parse_case(bytes: &[u8]) -> Result<(Option<Modeline>, Node), yaml::Fault> {
    let (modeline, rest) = Modeline::at_head_of(bytes);
    let node = yaml::parse_stored(rest)
        .map_err(|fault| yaml::Fault { line: fault.line + usize::from(modeline.is_some()), ..fault })?;
    Ok((modeline, node))
}

/// The typed case of a tree.
pub fn typed_case(node: &Node) -> Result<Case, Vec<Problem>> {
    of_known_format(node, case::FORMAT)?;
    record::read(node, Reader::strict())
}

/// Said of a file that a later version of csods wrote.
const NEWER: &str = "is newer than this version of csods reads";

/// Refuses a file whose format is newer than `newest`, before anything in it is called unknown. Settings may name the
/// version that reads them (`needs`).
fn of_known_format(node: &Node, newest: u32) -> Result<(), Vec<Problem>> {
    let Some(Node::Number(format)) = node.get("format") else { return Ok(()) };
    let what = match format {
        1.. if *format <= i64::from(newest) => return Ok(()),
        1.. => {
            match node.get("needs").and_then(Node::as_text).and_then(|needs| needs.parse::<Version>().ok()) {
                Some(needs) => format!("{NEWER} (up to {newest}): csods {needs} or later is needed"),
                None => format!("{NEWER} (up to {newest}): a later csods is needed"),
            }
        }
        _ => "must be 1 or more".to_owned(),
    };
    Err(vec![Problem::invalid("format", what)])
}

/// Where problems with a case stand in its bytes.
pub fn place_case(bytes: &[u8], problems: Vec<Problem>) -> Vec<Finding> {
    place(bytes.len(), problems, |path, key| yaml::locate(bytes, path, key))
}

/// Finds the places of problems in a text of `length` bytes. To find one costs a reading of the whole text, so that in a
/// large one not all are told at once.
fn place(
    length: usize,
    mut problems: Vec<Problem>,
    locate: impl Fn(&Path, bool) -> Option<(usize, usize)>,
) -> Vec<Finding> {
    let most = (MOST_READ / length.max(1)).clamp(1, record::MOST_PROBLEMS);
    if problems.len() > most {
        problems.truncate(most);
        problems.push(Problem::invalid(Path::root(), record::AND_MORE));
    }
    let one = |problem: Problem| {
        let key = matches!(problem.fault, Fault::UnknownKey(_));
        let (line, column) = locate(&problem.path, key).unwrap_or((1, 1));
        // An unknown key may itself be somebody's name: its place is given, not the key.
        let problem = if key { Problem { path: problem.path.above(), ..problem } } else { problem };
        Finding { line, column, problem }
    };
    problems.into_iter().map(one).collect()
}

/// The text of a case file, as csods writes it; `None` where the case cannot be written.
pub fn case_text(case: &Case) -> Option<String> {
    let text = yaml::write(&case.write()?);
    Some(match &case.modeline {
        Some(line) => format!("{line}\n{text}"),
        None => text,
    })
}

/// The canonical bytes of a case.
pub fn write_case(case: &Case) -> Result<Vec<u8>, Error> {
    let fault =
        || Error::new(Kind::Internal, "the case could not be written as it stands; nothing was changed");
    let text = case_text(case).ok_or_else(fault)?;
    if text.len() > yaml::SIZE_LIMIT {
        return Err(Error::new(
            Kind::Answers,
            "the case would be larger than 1 MiB, which no case file may be",
        )
        .hint("hold a reference and a summary, not the whole text; nothing was changed"));
    }
    // Read back before anything is committed: what is stored is what was meant.
    match read_case(text.as_bytes()) {
        Ok(read) if read == *case => Ok(text.into_bytes()),
        _ => Err(fault()),
    }
}

/// The error for a damaged file: its first place in front, every problem in the list.
pub fn damaged(path: &str, findings: &[Finding]) -> Error {
    let problems = findings.iter().map(|finding| {
        let what = format!("line {}, column {}: {}", finding.line, finding.column, finding.problem.fault);
        Problem::new(finding.problem.path.clone(), Fault::Invalid(what))
    });
    let first = findings
        .first()
        .map_or_else(|| path.to_owned(), |finding| format!("{path}:{}:{}", finding.line, finding.column));
    let newer = |finding: &Finding| match &finding.problem.fault {
        Fault::Invalid(what) => what.starts_with(NEWER),
        _ => false,
    };
    let hint = if findings.iter().any(newer) {
        "install a later csods; `csods log` names the version that wrote it last"
    } else {
        "mend it by hand and take it in with `csods commit`, or go back with `git revert`"
    };
    Error::new(Kind::Damaged, "the file cannot be read").place(first).hint(hint).problems(problems.collect())
}

/// The case under `reference` at a commit.
pub fn case(snapshot: &Snapshot, reference: &Reference) -> Result<Option<(Case, Vec<u8>)>, Error> {
    let path = reference.case_path();
    let Some(bytes) = snapshot.read(&path)? else { return Ok(None) };
    let case = case_at(&path, &bytes)?;
    Ok(Some((case, bytes)))
}

/// The case in the file at `path`, which must bear the reference that its path says.
pub fn case_at(path: &str, bytes: &[u8]) -> Result<Case, Error> {
    case_and_tree(path, bytes).map(|(case, _)| case)
}

/// The same, and the tree that it was read from.
pub fn case_and_tree(path: &str, bytes: &[u8]) -> Result<(Case, Node), Error> {
    let (modeline, node) = parse_case(bytes).map_err(|fault| damaged(path, &[Finding::from(fault)]))?;
    let case = typed_case(&node).map_err(|problems| damaged(path, &place_case(bytes, problems)))?;
    let case = Case { modeline, ..case };
    if case.reference.case_path() == path {
        return Ok((case, node));
    }
    let problem = Problem::invalid("reference", "is not the one that the file's name says");
    Err(damaged(path, &place_case(bytes, vec![problem])))
}

/// The row of a case. An error that names the case where a clock of it cannot be counted.
pub fn row(case: &Case, settings: &Settings) -> Result<Row, Error> {
    Row::of(case, settings).map_err(|error| Error::from(error).place(case.reference.as_str()))
}

/// Reads every case of a commit on all processors; what `each` makes of them, in the order of their paths. Fails closed:
/// one case that cannot be read makes the whole fail and is named.
pub fn every_case<T: Send>(
    snapshot: &Snapshot,
    each: impl Fn(Case) -> Result<Option<T>, Error> + Sync,
) -> Result<Vec<T>, Error> {
    of_files(snapshot, &snapshot.case_paths()?, each)
}

/// The same for these cases alone.
pub fn cases<T: Send>(
    snapshot: &Snapshot,
    wanted: &BTreeSet<Reference>,
    each: impl Fn(Case) -> Result<Option<T>, Error> + Sync,
) -> Result<Vec<T>, Error> {
    let wanted: BTreeSet<String> = wanted.iter().map(Reference::case_path).collect();
    let mut paths = snapshot.case_paths()?;
    paths.retain(|(path, _)| wanted.contains(path));
    of_files(snapshot, &paths, each)
}

fn of_files<T: Send>(
    snapshot: &Snapshot,
    paths: &[(String, BlobId)],
    each: impl Fn(Case) -> Result<Option<T>, Error> + Sync,
) -> Result<Vec<T>, Error> {
    let read = snapshot.read_many(paths, |path, bytes| case_at(path, bytes).and_then(&each))?;
    read.into_iter().filter_map(Result::transpose).collect()
}
