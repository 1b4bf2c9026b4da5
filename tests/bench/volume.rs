//! Very many changes at once: `csods apply` against as many `git add` and `git commit`.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use csods::domain::case::Route;
use csods::domain::reference::Reference;
use csods::domain::scalars::Line;
use csods::store::files;

use super::dice::Dice;
use super::table::{in_words, machine, median, ratio, table, thousands};
use super::took::{Took, measure};
use super::{compare, generate, office, opening, sealed};

/// What is to be measured.
#[derive(Debug, clap::Args)]
pub struct Wanted {
    /// How many cases, each of which gets one check
    #[arg(long, default_value_t = 10_000)]
    cases: usize,
    /// How many lines the same cases get in turn after that, to see how much memory they take
    #[arg(long, default_value_t = 100_000)]
    lines: usize,
    /// How many lines one case gets after that
    #[arg(long, default_value_t = 5_000)]
    one_case: usize,
    /// How many commits plain git makes, from which its time for all is reckoned
    #[arg(long, default_value_t = 60)]
    sample: usize,
    /// How many seconds to wait before each: ext4 without a journal is slow for a minute after many files were replaced
    #[arg(long, default_value_t = 65)]
    pause: u64,
    /// Where the stores are made
    #[arg(long, default_value = concat!(env!("CARGO_TARGET_TMPDIR"), "/volume"))]
    dir: PathBuf,
}

impl Wanted {
    /// As little as shows that all of it works.
    pub fn small() -> Wanted {
        let dir = PathBuf::from(concat!(env!("CARGO_TARGET_TMPDIR"), "/volume-small"));
        Wanted { cases: 100, lines: 300, one_case: 50, sample: 5, pause: 0, dir }
    }

    fn each(&self, all: Duration) -> Duration {
        all / u32::try_from(self.cases).unwrap_or(u32::MAX)
    }
}

/// Who makes the checks: a supervisor may not.
const OFFICER: &str = "d.osei";

/// A line is to cost less of one processor.
const MOST_EACH: Duration = Duration::from_millis(1);

/// Very many lines on one case are to take less in all, and its history too.
const MOST_ON_ONE_CASE: [Duration; 2] = [Duration::from_secs(5), Duration::from_secs(1)];

/// Very many lines are to need less memory, in MiB.
const MOST_MEMORY: u64 = 300;

/// The stores, each as many cases that were just received, and the files of lines for them.
struct World {
    references: Vec<Reference>,
    first: PathBuf,
    per_case: PathBuf,
    gits: PathBuf,
    parallel: PathBuf,
    checks: PathBuf,
    with_ids: PathBuf,
    notes: PathBuf,
}

/// Measures everything; the tables.
pub fn run(wanted: &Wanted) -> Result<String, String> {
    let machine = machine(&sealed::git(Path::new("/"), &["--version"])?);
    let world = World::make(wanted)?;
    let mut text = format!(
        "{machine}. Plain git was measured on {} commits in a clone, some before each run and some after; its time for all is reckoned from their median.\n\n",
        wanted.sample
    );
    text.push_str(&checks(wanted, &world)?);
    text.push('\n');
    text.push_str(&memory(wanted, &world)?);
    text.push('\n');
    text.push_str(&one_case(wanted, &world)?);
    let singles = world.references.len().min(400);
    rest(wanted);
    let took = at_once(&world.parallel, &world.references[..singles])?;
    text.push_str(&format!(
        "\n`xargs -P4` of {singles} single commands: all landed, in {}\n",
        in_words(took)
    ));
    Ok(text)
}

/// One line for each case, in every way; between them git's own commits, so that a busy machine slows both.
fn checks(wanted: &Wanted, world: &World) -> Result<String, String> {
    let (lines, ids) = (world.checks.display().to_string(), world.with_ids.display().to_string());
    let runs: [(&str, &Path, &[&str], Option<f64>); 5] = [
        ("`apply --dry-run`", &world.first, &[&lines, "--dry-run"], None),
        ("`apply`", &world.first, &[&lines], Some(20.0)),
        ("`apply --per-case`", &world.per_case, &[&lines, "--per-case"], Some(4.0)),
        ("`apply`, each line with an id", &world.first, &[&ids], None),
        ("the same again: all done before", &world.first, &[&ids], None),
    ];
    let share = (wanted.sample / (runs.len() + 1)).max(1);
    let step = (world.references.len() / wanted.sample.max(1)).max(1);
    let mut others = world.references.iter().step_by(step);
    let mut gits = Vec::new();
    let mut by_git = || {
        for reference in others.by_ref().take(share) {
            gits.push(compare::git_change(&world.gits, reference)?);
        }
        Ok::<(), String>(())
    };
    let mut took = Vec::new();
    by_git()?;
    for (_, dir, args, _) in &runs {
        rest(wanted);
        took.push(apply(dir, args)?);
        by_git()?;
    }
    let git = median(gits);
    let git_all = git * u32::try_from(wanted.cases).unwrap_or(u32::MAX);
    let nothing = String::new;
    let plain =
        ["`git add`, `git commit`, each".to_owned(), in_words(git_all), in_words(git), "1".to_owned()];
    let mut rows = vec![plain.into_iter().chain((0..5).map(|_| nothing())).collect::<Vec<String>>()];
    let met = |met: bool| if met { "met" } else { "MISSED" }.to_owned();
    for ((name, _, _, least), took) in runs.iter().zip(took) {
        let (times, each) = (ratio(git_all, took.wall), wanted.each(took.processor));
        // What is promised, is promised of many.
        let least = least.filter(|_| wanted.cases >= 10_000);
        let most = least.map(|_| MOST_EACH);
        rows.push(vec![
            (*name).to_owned(),
            in_words(took.wall),
            in_words(wanted.each(took.wall)),
            if times < 1000.0 { format!("{times:.0}") } else { "over 1,000".to_owned() },
            least.map_or_else(nothing, |least| format!("{least:.0}")),
            least.map_or_else(nothing, |least| met(times >= least)),
            in_words(each),
            most.map_or_else(nothing, in_words),
            most.map_or_else(nothing, |most| met(each < most)),
        ]);
    }
    let header = [
        &format!("{} checks on as many cases", thousands(wanted.cases)),
        "all",
        "each",
        "times as fast",
        "at least",
        "",
        "processor, each",
        "less than",
        "",
    ];
    Ok(table(&header.map(ToOwned::to_owned), &rows))
}

/// Very many lines, several for each case.
fn memory(wanted: &Wanted, world: &World) -> Result<String, String> {
    let mut rows = Vec::new();
    let lines = world.notes.display().to_string();
    for (name, dir, args) in [
        ("`apply --dry-run`", &world.first, &[lines.as_str(), "--dry-run"][..]),
        ("`apply`", &world.first, &[&lines]),
        ("`apply --per-case`", &world.per_case, &[&lines, "--per-case"]),
    ] {
        rest(wanted);
        let took = apply(dir, args)?;
        let met = if took.most_memory < MOST_MEMORY { "met" } else { "MISSED" };
        rows.push(vec![
            name.to_owned(),
            in_words(took.wall),
            in_words(took.processor / u32::try_from(wanted.lines).unwrap_or(u32::MAX)),
            format!("{} MiB", took.most_memory),
            format!("{MOST_MEMORY} MiB"),
            met.to_owned(),
        ]);
    }
    let header = [
        &format!("{} notes on {} cases", thousands(wanted.lines), thousands(wanted.cases)),
        "all",
        "processor, each",
        "memory",
        "less than",
        "",
    ];
    Ok(table(&header.map(ToOwned::to_owned), &rows))
}

/// Very many lines on one case, in one commit, and the history of that case after it.
fn one_case(wanted: &Wanted, world: &World) -> Result<String, String> {
    let reference = world.references.last().ok_or("no case")?;
    let lines: String = (0..wanted.one_case).map(|number| note((number, reference))).collect();
    let path = wanted.dir.join("one-case.ndjson");
    generate::answers(&path, &lines)?;
    rest(wanted);
    let applied = apply(&world.first, &[&path.display().to_string()])?;
    let mut log = sealed::command(&sealed::CSODS, &world.first);
    log.args(["log", reference.as_str()]).env("GIT_AUTHOR_EMAIL", office::email(OFFICER));
    let log = measure(log)?;
    let row = |name: &str, took: &Took, most: Duration| {
        let met = if took.wall < most { "met" } else { "MISSED" };
        [
            name.to_owned(),
            in_words(took.wall),
            in_words(most),
            format!("{} MiB", took.most_memory),
            met.to_owned(),
        ]
        .to_vec()
    };
    let [most_applied, most_log] = MOST_ON_ONE_CASE;
    let rows = [row("`apply`", &applied, most_applied), row("`log REF`", &log, most_log)];
    let header =
        [&format!("{} notes on one case", thousands(wanted.one_case)), "all", "less than", "memory", ""];
    Ok(table(&header.map(ToOwned::to_owned), &rows))
}

/// A line that adds a note to a case.
fn note((number, reference): (usize, &Reference)) -> String {
    let text = format!("Call {number}: the school rang back; nothing new this week.");
    let data = format!("{{\"text\": \"{text}\"}}");
    format!("{{\"case\": \"{reference}\", \"action\": \"note\", \"data\": {data}}}\n")
}

/// Waits until the file system has forgotten what was measured before.
fn rest(wanted: &Wanted) {
    thread::sleep(Duration::from_secs(wanted.pause));
}

impl World {
    fn make(wanted: &Wanted) -> Result<World, String> {
        if wanted.dir.exists() {
            fs::remove_dir_all(&wanted.dir).map_err(|error| error.to_string())?;
        }
        fs::create_dir_all(&wanted.dir).map_err(|error| error.to_string())?;
        let first = wanted.dir.join("one-commit");
        let references = opened(&first, wanted.cases)?;
        let copy = |name: &str| {
            let dir = wanted.dir.join(name);
            let (from, to) = (first.display().to_string(), dir.display().to_string());
            sealed::git(&wanted.dir, &["clone", "-q", "--local", &from, &to])?;
            generate::check_out(&dir).map(|()| dir)
        };
        let (per_case, gits, parallel) = (copy("per-case")?, copy("git")?, copy("parallel")?);
        let file = |name: &str, lines: String| {
            let path = wanted.dir.join(name);
            generate::answers(&path, &lines).map(|()| path)
        };
        let check = |reference: &Reference| {
            let data = "{\"system\": \"pnc\", \"phase\": \"initial\", \"result\": \"no_trace\"}";
            format!("\"case\": \"{reference}\", \"action\": \"check\", \"data\": {data}}}\n")
        };
        let plain = |reference| format!("{{{}", check(reference));
        let with_id = |reference| format!("{{\"id\": \"line of {reference}\", {}", check(reference));
        let notes = references.iter().cycle().take(wanted.lines).enumerate();
        Ok(World {
            checks: file("checks.ndjson", references.iter().map(plain).collect())?,
            with_ids: file("ids.ndjson", references.iter().map(with_id).collect())?,
            notes: file("notes.ndjson", notes.map(note).collect())?,
            references,
            first,
            per_case,
            gits,
            parallel,
        })
    }
}

/// A store of applications that were just received.
fn opened(dir: &Path, cases: usize) -> Result<Vec<Reference>, String> {
    let mut references = Vec::new();
    let mut made = Vec::new();
    let mut taken = HashSet::new();
    for case in 0.. {
        if references.len() == cases {
            break;
        }
        let mut dice = Dice::new(7, case);
        let reference = dice.reference(office::PREFIX, 2026);
        if !taken.insert(reference.clone()) {
            continue;
        }
        let received = "2026-03-01T09:15:00Z".parse()?;
        let told = opening::opening(&mut dice, received, Route::RightToAsk, None, Vec::new());
        let case = opening::opened(reference.clone(), Line::new("2023")?, told);
        made.push((reference.case_path(), files::write_case(&case).map_err(|error| error.to_string())?));
        references.push(reference);
    }
    generate::store_of(dir, &made)?;
    Ok(references)
}

/// Runs `csods apply`, on one processor.
fn apply(dir: &Path, args: &[&str]) -> Result<Took, String> {
    let mut command = sealed::command("taskset", dir);
    command.args(["-c", "0", sealed::CSODS.as_str(), "--quiet", "apply"]).args(args);
    command.env("GIT_AUTHOR_EMAIL", office::email(OFFICER));
    let took = measure(command)?;
    sealed::clean(dir)?;
    Ok(took)
}

/// Single commands, four at a time; sees that every one landed.
fn at_once(dir: &Path, references: &[Reference]) -> Result<Duration, String> {
    let count = |dir: &Path| {
        sealed::git(dir, &["rev-list", "--count", "HEAD"])
            .map(|text| text.trim().parse::<usize>().unwrap_or(0))
    };
    let before = count(dir)?;
    let names: String = references.iter().map(|reference| format!("{reference}\n")).collect();
    let list = dir.join(".git/list");
    generate::answers(&list, &names)?;
    let mut command: Command = sealed::command("xargs", dir);
    let words = "--quiet --wait 60 check {} --system pnd --phase initial --result no_trace";
    command
        .args(["-P4", "-I{}", "-a", &list.display().to_string(), sealed::CSODS.as_str()])
        .args(words.split(' '));
    command.stdin(Stdio::null()).env("GIT_AUTHOR_EMAIL", office::email(OFFICER));
    let took = sealed::time(command)?;
    sealed::clean(dir)?;
    match count(dir)? - before {
        landed if landed == references.len() => Ok(took),
        landed => Err(format!("{landed} of {} landed", references.len())),
    }
}
