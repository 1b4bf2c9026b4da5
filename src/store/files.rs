//! The files of a store, typed: settings, calendars and cases, each with its place in every error.

use crate::domain::calendar::{Calendar, CalendarName};
use crate::domain::case::Case;
use crate::domain::mapping::Mapping;
use crate::domain::node::{Node, Path};
use crate::domain::record::{self, Fault, Part, Problem, Reader};
use crate::domain::reference::Reference;
use crate::domain::settings::{Settings, SettingsFile};
use crate::error::{Error, Kind};

use super::{SETTINGS, Snapshot, toml, yaml};

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
    let value = record::read::<T>(&node, Reader::strict()).map_err(|problems| place_toml(text, problems))?;
    Ok((value, text.to_owned()))
}

fn place_toml(text: &str, problems: Vec<Problem>) -> Vec<Finding> {
    place(problems, |path, key| toml::locate(text, path, key))
}

/// A typed case read from the bytes at its place in the store, or everything that is wrong with them.
pub fn read_case(bytes: &[u8]) -> Result<Case, Vec<Finding>> {
    let node = yaml::parse_stored(bytes).map_err(|fault| vec![Finding::from(fault)])?;
    typed_case(&node).map_err(|problems| place_case(bytes, problems))
}

/// The typed case of a tree.
pub fn typed_case(node: &Node) -> Result<Case, Vec<Problem>> {
    // A file of a newer format is said to be one, before anything in it is called unknown.
    if let Some(Node::Number(format)) = node.get("format")
        && *format > i64::from(crate::domain::case::FORMAT)
    {
        let what = "is newer than this version of csods reads: 1 is; bring csods up to date";
        return Err(vec![Problem::invalid("format", what)]);
    }
    if let Some(Node::Number(format)) = node.get("format")
        && *format < i64::from(crate::domain::case::FORMAT)
    {
        return Err(vec![Problem::invalid("format", "is none that csods ever wrote")]);
    }
    record::read(node, Reader::strict())
}

/// Where problems with a case stand in its bytes.
pub fn place_case(bytes: &[u8], problems: Vec<Problem>) -> Vec<Finding> {
    place(problems, |path, key| yaml::locate(bytes, path, key))
}

fn place(problems: Vec<Problem>, locate: impl Fn(&Path, bool) -> Option<(usize, usize)>) -> Vec<Finding> {
    let one = |problem: Problem| {
        let key = matches!(problem.fault, Fault::UnknownKey(_));
        let (line, column) = locate(&problem.path, key).unwrap_or((1, 1));
        // An unknown key may itself be somebody's name: its place is given, not the key.
        let problem = if key { Problem { path: problem.path.above(), ..problem } } else { problem };
        Finding { line, column, problem }
    };
    problems.into_iter().map(one).collect()
}

/// The canonical bytes of a case.
pub fn write_case(case: &Case) -> Result<Vec<u8>, Error> {
    let fault =
        || Error::new(Kind::Internal, "the case could not be written as it stands; nothing was changed");
    let text = yaml::write(&case.write().ok_or_else(fault)?);
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
    Error::new(Kind::Damaged, "the file cannot be read")
        .place(first)
        .hint("mend it by hand and take it in with `csods commit`, or go back with `git revert`")
        .problems(problems.collect())
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
    let case = read_case(bytes).map_err(|findings| damaged(path, &findings))?;
    if case.reference.case_path() == path {
        return Ok(case);
    }
    let problem = Problem::invalid("reference", "is not the one that the file's name says");
    Err(damaged(path, &place_case(bytes, vec![problem])))
}

/// Reads every case of a commit on all processors; what `each` makes of them, in the order of their paths. Fails closed:
/// one case that cannot be read makes the whole fail and is named.
pub fn every_case<T: Send>(
    snapshot: &Snapshot,
    each: impl Fn(Case) -> Result<Option<T>, Error> + Sync,
) -> Result<Vec<T>, Error> {
    let paths = snapshot.case_paths()?;
    let read = snapshot.read_many(&paths, |path, bytes| case_at(path, bytes).and_then(&each))?;
    read.into_iter().filter_map(Result::transpose).collect()
}
