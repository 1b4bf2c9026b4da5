//! The views of many cases: how they grow with the number of cases, what the first index costs, and what other tools take
//! for the same.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use csods::domain::reference::Reference;
use csods::store::index::FILE;
use csods::store::{Snapshot, Store, files};
use serde_json::json;

use super::compare::{Pair, Times, Wanted, csods, each, verdict, words};
use super::dice::Dice;
use super::sealed;
use super::table::{in_words, median, ratio, table, thousands};
use super::words::CONCERNS;

/// The most that a view may take at 100,000 cases.
const VIEW: Duration = Duration::from_millis(60);

/// The numbers of a year, and the most that they may take.
const STATS: &str = "stats --period 2025";
const YEAR: Duration = Duration::from_millis(300);

/// Every table; what of it changes stores is measured before what reads very many files.
pub fn tables(
    wanted: &Wanted,
    pairs: &[Pair],
    note: &Path,
    application: &Path,
    views: &str,
) -> Result<String, String> {
    let following = following(wanted, pairs, note)?;
    let others = others(wanted, pairs, application)?;
    Ok([builds(wanted, pairs)?, views.to_owned(), following, others].join("\n"))
}

fn head(pair: &Pair) -> Result<Snapshot, String> {
    let store = Store::find(Some(&pair.ours), None, &pair.ours).map_err(|error| error.to_string())?;
    store.head().map_err(|error| error.to_string())
}

/// Removes the index of a store.
fn forget_index(pair: &Pair) {
    for ending in ["", "-wal", "-shm"] {
        // It may be absent.
        let _ = fs::remove_file(pair.ours.join(format!(".git/csods/{FILE}{ending}")));
    }
}

/// The first index, against reading the same files and parsing them with the YAML library, on all processors and nothing
/// else; and against reading them as `csods` does, which knows the form in which it writes and needs the library only for
/// what people wrote.
fn builds(wanted: &Wanted, pairs: &[Pair]) -> Result<String, String> {
    let header = words(&[
        "cases",
        "first index",
        "read and parsed alone",
        "ratio",
        "at most",
        "",
        "read by `csods` alone",
        "ratio",
        "memory",
        "size",
    ]);
    let mut rows = Vec::new();
    for pair in pairs {
        let (mut built, mut parsed, mut read) = (Times::new(), Times::new(), Times::new());
        let mut memory = 0;
        for _ in 0..wanted.rounds.clamp(1, 3) {
            parsed
                .push(reading(pair, |_, bytes| serde_yaml::from_slice::<serde_yaml::Value>(bytes).is_ok())?);
            read.push(reading(pair, |path, bytes| files::case_at(path, bytes).is_ok())?);
            forget_index(pair);
            let (took, peak) = watched(csods(pair, &["list", "--overdue", "--limit", "1"]))?;
            built.push(took);
            memory = memory.max(peak);
        }
        let size = fs::metadata(pair.ours.join(".git/csods").join(FILE)).map_or(0, |found| found.len());
        let (built, parsed, read) = (median(built), median(parsed), median(read));
        let found = ratio(built, parsed);
        let most = (pair.cases >= 100_000).then_some(1.3);
        let mut row = vec![thousands(pair.cases), in_words(built), in_words(parsed), format!("{found:.2}")];
        row.extend(verdict(found, most));
        row.extend([in_words(read), format!("{:.2}", ratio(built, read))]);
        row.extend([format!("{} MiB", memory >> 10), format!("{} MiB", size >> 20)]);
        rows.push(row);
    }
    Ok(table(&header, &rows))
}

/// How long it takes to read every case on all processors and to do this with each.
fn reading(pair: &Pair, each: impl Fn(&str, &[u8]) -> bool + Sync) -> Result<Duration, String> {
    let begun = Instant::now();
    let head = head(pair)?;
    let paths = head.case_paths().map_err(|error| error.to_string())?;
    let whole = head.read_many(&paths, each).map_err(|error| error.to_string())?;
    if whole.into_iter().all(|read| read) {
        Ok(begun.elapsed())
    } else {
        Err("a case cannot be read".to_owned())
    }
}

/// Runs a program: how long it took, and the most memory that it held, in KiB.
fn watched(mut command: Command) -> Result<(Duration, u64), String> {
    let begun = Instant::now();
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        if let Some(ended) = child.try_wait().map_err(|error| error.to_string())? {
            let took = begun.elapsed();
            return if ended.success() { Ok((took, peak)) } else { Err(format!("{command:?}: {ended}")) };
        }
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let held = line.and_then(|line| line.trim().split(' ').next()?.parse().ok());
        peak = peak.max(held.unwrap_or(0));
        thread::sleep(Duration::from_millis(5));
    }
}

/// The name of the subject of some case.
fn a_name(pair: &Pair, dice: &mut Dice) -> Result<String, String> {
    let head = head(pair)?;
    loop {
        let reference: Reference = dice.pick(&pair.references);
        let case = files::case(&head, &reference).map_err(|error| error.to_string())?;
        if let Some(name) = case.and_then(|(case, _)| case.subject.name) {
            return Ok(name.in_full());
        }
    }
}

/// The views of stores, with their index made.
pub fn views(wanted: &Wanted, pairs: &[Pair]) -> Result<String, String> {
    let mut dice = Dice::new(wanted.seed, u64::MAX - 5);
    for pair in pairs {
        sealed::time(csods(pair, &["list", "--limit", "1"]))?;
    }
    let mut measured: Vec<(&str, Vec<Times>)> = Vec::new();
    let rounds = wanted.rounds;
    for (name, args) in [
        ("list --overdue --limit 50", &["list", "--overdue", "--limit", "50"][..]),
        ("due", &["due"]),
        ("board", &["board"]),
        ("workload", &["workload"]),
    ] {
        measured.push((name, each(pairs, rounds, |pair| sealed::time(csods(pair, args)))?));
    }
    let shows = each(pairs, rounds, |pair| {
        sealed::time(csods(pair, &["show", dice.pick(&pair.references).as_str()]))
    })?;
    measured.push(("show REF", shows));
    let searches = each(pairs, rounds, |pair| {
        let name = a_name(pair, &mut dice)?;
        sealed::time(csods(pair, &["search", &name]))
    })?;
    measured.push(("search GIVEN FAMILY", searches));
    let similar = each(pairs, rounds, |pair| {
        sealed::time(csods(pair, &["similar", dice.pick(&pair.references).as_str()]))
    })?;
    measured.push(("similar REF", similar));

    let stats = each(pairs, rounds, |pair| sealed::time(csods(pair, &["stats", "--period", "2025"])))?;
    measured.push((STATS, stats));

    let mut header = words(&["`csods`, index made"]);
    header.extend(pairs.iter().map(|pair| format!("{} cases", thousands(pair.cases))));
    header.extend(words(&["last to first", "at most", ""]));
    let row = |(name, times): &(&str, Vec<Times>)| {
        let medians: Vec<Duration> = times.iter().map(|times| median(times.clone())).collect();
        let mut row = vec![format!("`{name}`")];
        row.extend(medians.iter().map(|took| in_words(*took)));
        if let ([first, .., last], Some(pair)) = (medians.as_slice(), pairs.last()) {
            let found = ratio(*last, *first);
            row.push(format!("{found:.2}"));
            // A year's numbers are about a tenth of all cases; the other views show as much of many as of few.
            let (limit, grows) = if *name == STATS { (YEAR, None) } else { (VIEW, Some(3.0)) };
            let judged = pair.cases >= 100_000;
            let met = *last <= limit && grows.is_none_or(|most| found <= most);
            let grows = grows.map(|most| format!("{most}, ")).unwrap_or_default();
            let limits = format!("{grows}{}", in_words(limit));
            let verdict = if met { "met" } else { "MISSED" };
            row.extend(if judged { [limits, verdict.to_owned()] } else { Default::default() });
        } else {
            row.extend(words(&["", "", ""]));
        }
        row
    };
    Ok(table(&header, &measured.iter().map(row).collect::<Vec<_>>()))
}

/// A change with an index to keep up to date, and without one.
fn following(wanted: &Wanted, pairs: &[Pair], note: &Path) -> Result<String, String> {
    let header = words(&["cases", "`csods note`, index kept", "no index", "more by", "at most", ""]);
    let mut dice = Dice::new(wanted.seed, u64::MAX - 6);
    let mut rows = Vec::new();
    for pair in pairs {
        let (mut with, mut without) = (Times::new(), Times::new());
        let index = pair.ours.join(".git/csods").join(FILE);
        let aside = pair.ours.join(".git/csods/index-aside");
        let mut change = || {
            let mut command = csods(pair, &["note", dice.pick(&pair.references).as_str(), "--from"]);
            command.arg(note);
            let took = sealed::time(command)?;
            sealed::clean(&pair.ours).map(|()| took)
        };
        sealed::time(csods(pair, &["list", "--limit", "1"]))?;
        for _ in 0..wanted.rounds {
            with.push(change()?);
            fs::rename(&index, &aside).map_err(|error| error.to_string())?;
            without.push(change()?);
            fs::rename(&aside, &index).map_err(|error| error.to_string())?;
            // It learns of the change that it did not see, outside what is measured.
            sealed::time(csods(pair, &["list", "--limit", "1"]))?;
        }
        let (with, without) = (median(with), median(without));
        let more = with.saturating_sub(without);
        let met = if more <= Duration::from_millis(3) { "met" } else { "MISSED" };
        let cells = [thousands(pair.cases), in_words(with), in_words(without), in_words(more)];
        rows.push(cells.into_iter().chain(words(&["3.0 ms", met])).collect());
    }
    Ok(table(&header, &rows))
}

/// The same with plain git and, where it is installed, with taskwarrior, on the store of ten thousand cases or the nearest.
fn others(wanted: &Wanted, pairs: &[Pair], application: &Path) -> Result<String, String> {
    let Some(pair) = pairs.iter().min_by_key(|pair| pair.cases.abs_diff(10_000)) else {
        return Ok(String::new());
    };
    let one = std::slice::from_ref(pair);
    let mut dice = Dice::new(wanted.seed, u64::MAX - 7);
    let header = words(&["", "`csods`", "the other", "times as fast", "at least", ""]);
    let mut rows = Vec::new();
    let mut compare = |name: String, ours: Vec<Times>, theirs: Vec<Times>| {
        let (ours, theirs) = (median(ours.concat()), median(theirs.concat()));
        let found = ratio(theirs, ours);
        let most = pair.cases >= 10_000;
        let met = if found >= 5.0 { "met" } else { "MISSED" };
        let judged = if most { ["5", met] } else { ["", ""] };
        let cells = [name, in_words(ours), in_words(theirs), format!("{found:.1}")];
        rows.push(cells.into_iter().chain(words(&judged)).collect::<Vec<String>>());
    };
    let name = a_name(pair, &mut dice)?;
    let family = name.split(' ').next_back().unwrap_or_default().to_owned();
    let search = each(one, wanted.rounds, |pair| sealed::time(csods(pair, &["search", &family])))?;
    let grep = each(one, wanted.rounds, |pair| {
        let mut command = sealed::command("git", &pair.gits);
        command.args(["grep", "-l", "-i", "-F", &family, "--", "cases"]);
        sealed::time(command)
    })?;
    compare("`search` and `git grep`".to_owned(), search, grep);
    match tasks(wanted, pair)? {
        None => {}
        Some(dir) => {
            let task = |args: &[&str]| {
                let mut command = sealed::command("task", &dir);
                command.env("TASKRC", dir.join("taskrc")).env("TASKDATA", &dir).args(args);
                command.stderr(std::process::Stdio::null());
                sealed::time(command)
            };
            let new = each(one, wanted.rounds, |pair| {
                let mut command = csods(pair, &["new", "--quiet", "--from"]);
                command.arg(application);
                sealed::time(command)
            })?;
            let add = each(one, wanted.rounds, |_| task(&["add", "an application", "due:2026-03-30"]))?;
            compare("`new` and `task add`".to_owned(), new, add);
            let ours = each(one, wanted.rounds, |pair| sealed::time(csods(pair, &["list", "--overdue"])))?;
            let theirs = each(one, wanted.rounds, |_| task(&["overdue"]))?;
            compare("`list --overdue` and `task overdue`".to_owned(), ours, theirs);
        }
    }
    Ok(format!(
        "At {} cases; of each there is a task that has what a list shows, and two notes:\n\n{}",
        thousands(pair.cases),
        table(&header, &rows)
    ))
}

/// As many tasks, where taskwarrior is installed; about as many of them overdue. Each holds what a person would put down of
/// a case there: reference, owner, stage, risk, the date, and two notes.
fn tasks(wanted: &Wanted, pair: &Pair) -> Result<Option<std::path::PathBuf>, String> {
    if Command::new("task").arg("--version").output().is_err() {
        return Ok(None);
    }
    let dir = wanted.dir.join(format!("tasks-{}", pair.cases));
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).map_err(|error| error.to_string())?;
    super::generate::answers(&dir.join("taskrc"), "confirmation=off\nverbose=nothing\n")?;
    let mut dice = Dice::new(wanted.seed, u64::MAX - 8);
    let one = |(number, reference): (usize, &Reference)| {
        // Taskwarrior keeps the closed ones apart: most cases of a store are closed.
        let due = if number.is_multiple_of(50) { "20160101T000000Z" } else { "20401231T000000Z" };
        let mut note = |day: u32| {
            let text = dice.pick(CONCERNS);
            json!({"entry": format!("201601{day:02}T090000Z"), "description": text})
        };
        let annotations = [note(2), note(3)];
        json!({
            "uuid": format!("{number:08x}-0000-4000-8000-000000000000"),
            "description": format!("{reference} right to ask, by telephone"),
            "status": "pending",
            "entry": "20160101T000000Z",
            "due": due,
            "project": dice.pick(&["d.osei", "s.farrell", "j.whitlock", "e.okafor"]),
            "tags": [dice.pick(&["initial_checks", "face_to_face", "decision", "disclosure"]), "right_to_ask"],
            "priority": dice.pick(&["H", "M", "L"]),
            "annotations": annotations,
        })
        .to_string()
    };
    let all: Vec<String> = pair.references.iter().enumerate().map(one).collect();
    super::generate::answers(&dir.join("tasks.json"), &format!("[{}]", all.join(",\n")))?;
    let mut import = sealed::command("task", &dir);
    import.env("TASKRC", dir.join("taskrc")).env("TASKDATA", &dir).args(["import", "tasks.json"]);
    import.stderr(std::process::Stdio::null());
    sealed::time(import)?;
    Ok(Some(dir))
}
