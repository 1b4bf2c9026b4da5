//! Very many changes at once: `csods apply` against as many `git add` and `git commit`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use csods::domain::case::Route;
use csods::domain::reference::Reference;
use csods::domain::scalars::Line;
use csods::store::files;

use super::dice::Dice;
use super::table::{in_words, machine, ratio, table, thousands};
use super::{compare, generate, office, opening, sealed};

/// What is to be measured.
#[derive(Debug, clap::Args)]
pub struct Wanted {
    /// How many cases, each of which gets one check
    #[arg(long, default_value_t = 10_000)]
    cases: usize,
    /// How many commits plain git makes, from which its time for all is reckoned
    #[arg(long, default_value_t = 60)]
    sample: usize,
    /// Where the stores are made
    #[arg(long, default_value = concat!(env!("CARGO_TARGET_TMPDIR"), "/volume"))]
    dir: PathBuf,
}

impl Wanted {
    /// As little as shows that all of it works.
    pub fn small() -> Wanted {
        let dir = PathBuf::from(concat!(env!("CARGO_TARGET_TMPDIR"), "/volume-small"));
        Wanted { cases: 100, sample: 5, dir }
    }
}

/// Who makes the checks: a supervisor may not.
const OFFICER: &str = "d.osei";

/// What a run took.
struct Took {
    wall: Duration,
    processor: Duration,
    most_memory: u64,
}

/// Measures everything; the tables.
pub fn run(wanted: &Wanted) -> Result<String, String> {
    let machine = machine(&sealed::git(Path::new("/"), &["--version"])?);
    if wanted.dir.exists() {
        fs::remove_dir_all(&wanted.dir).map_err(|error| error.to_string())?;
    }
    fs::create_dir_all(&wanted.dir).map_err(|error| error.to_string())?;
    let first = wanted.dir.join("one-commit");
    let references = opened(&first, wanted.cases)?;
    let copy = |name: &str| {
        let dir = wanted.dir.join(name);
        sealed::git(
            &wanted.dir,
            &["clone", "-q", "--local", &first.display().to_string(), &dir.display().to_string()],
        )?;
        generate::check_out(&dir).map(|()| dir)
    };
    let (per_case, gits, parallel) = (copy("per-case")?, copy("git")?, copy("parallel")?);
    let check = |reference: &Reference| {
        format!(
            "{{\"case\": \"{reference}\", \"action\": \"check\", \"data\": {{\"system\": \"pnc\", \"phase\": \"initial\", \"result\": \"no_trace\"}}}}\n"
        )
    };
    let (lines, ids) = (wanted.dir.join("lines.ndjson"), wanted.dir.join("ids.ndjson"));
    generate::answers(&lines, &references.iter().map(check).collect::<String>())?;
    let with_id =
        |reference| check(reference).replacen('{', &format!("{{\"id\": \"line of {reference}\", "), 1);
    generate::answers(&ids, &references.iter().map(with_id).collect::<String>())?;

    let git = by_git(&gits, &references, wanted.sample)?;
    let git_all = git * u32::try_from(wanted.cases).unwrap_or(u32::MAX);
    let mut rows = vec![vec![
        "`git add`, `git commit`, each".to_owned(),
        in_words(git_all),
        in_words(git),
        "1".to_owned(),
        String::new(),
        String::new(),
        String::new(),
    ]];
    let mut measured = |name: &str, dir: &Path, args: &[&str], least: Option<f64>| {
        let took = apply(dir, args)?;
        sealed::clean(dir)?;
        let times = ratio(git_all, took.wall);
        let verdict = least.map(|least| {
            if times >= least {
                format!("at least {least}: met")
            } else {
                format!("at least {least}: MISSED")
            }
        });
        rows.push(vec![
            name.to_owned(),
            in_words(took.wall),
            in_words(took.wall / u32::try_from(wanted.cases).unwrap_or(1)),
            format!("{times:.0}"),
            verdict.unwrap_or_default(),
            in_words(took.processor / u32::try_from(wanted.cases).unwrap_or(1)),
            format!("{} MiB", took.most_memory >> 10),
        ]);
        Ok::<(), String>(())
    };
    let (lines, ids) = (lines.display().to_string(), ids.display().to_string());
    let known = wanted.cases >= 10_000;
    measured("`apply --dry-run`", &first, &[&lines, "--dry-run"], None)?;
    measured("`apply`", &first, &[&lines], known.then_some(20.0))?;
    measured("`apply --per-case`", &per_case, &[&lines, "--per-case"], known.then_some(4.0))?;
    measured("`apply`, each line with an id", &first, &[&ids], None)?;
    measured("the same again: done before", &first, &[&ids], None)?;
    let mut text = format!(
        "{machine}. {} checks on as many cases. Plain git was measured on {} commits; its time for all is reckoned from that.\n\n",
        thousands(wanted.cases),
        wanted.sample
    );
    let header = ["", "all", "each", "times faster", "", "processor, each", "memory"].map(ToOwned::to_owned);
    text.push_str(&table(&header, &rows));
    let singles = references.len().min(400);
    let took = at_once(&parallel, &references[..singles])?;
    text.push_str(&format!(
        "\n`xargs -P4` of {singles} single commands: all landed, in {}\n",
        in_words(took)
    ));
    Ok(text)
}

/// A store of applications that were just received.
fn opened(dir: &Path, cases: usize) -> Result<Vec<Reference>, String> {
    let mut references = Vec::new();
    let mut made = Vec::new();
    for case in 0..cases {
        let mut dice = Dice::new(7, case as u64);
        let reference = dice.reference(office::PREFIX, 2026);
        if references.contains(&reference) {
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

/// The time of one change by plain git, in the middle of so many.
fn by_git(dir: &Path, references: &[Reference], sample: usize) -> Result<Duration, String> {
    let step = (references.len() / sample.max(1)).max(1);
    let times = references.iter().step_by(step).map(|reference| compare::git_change(dir, reference));
    Ok(super::table::median(times.collect::<Result<_, _>>()?))
}

/// Runs `csods apply`, on one processor.
fn apply(dir: &Path, args: &[&str]) -> Result<Took, String> {
    let mut command = sealed::command("taskset", dir);
    command.args(["-c", "0", compare::CSODS, "--quiet", "apply"]).args(args);
    command.env("GIT_AUTHOR_EMAIL", office::email(OFFICER));
    let begun = Instant::now();
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    let (mut most_memory, mut processor) = (0, Duration::ZERO);
    let ended = loop {
        // What the kernel has counted stands there for as long as the process does.
        let read =
            |name: &str| fs::read_to_string(format!("/proc/{}/{name}", child.id())).unwrap_or_default();
        let peak = read("status")
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok());
        most_memory = most_memory.max(peak.unwrap_or(0));
        let ticks = read("stat").rsplit_once(')').map(|(_, rest)| {
            rest.split_whitespace()
                .skip(11)
                .take(2)
                .filter_map(|ticks| ticks.parse::<u64>().ok())
                .sum::<u64>()
        });
        processor = processor.max(Duration::from_millis(ticks.unwrap_or(0) * 10));
        if let Some(ended) = child.try_wait().map_err(|error| error.to_string())? {
            break ended;
        }
        thread::sleep(Duration::from_millis(2));
    };
    let wall = begun.elapsed();
    if ended.success() {
        Ok(Took { wall, processor, most_memory })
    } else {
        Err(format!("{args:?}: {ended}"))
    }
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
    command.args(["-P4", "-I{}", "-a", &list.display().to_string(), compare::CSODS]).args(words.split(' '));
    command.stdin(Stdio::null()).env("GIT_AUTHOR_EMAIL", office::email(OFFICER));
    let took = sealed::time(command)?;
    sealed::clean(dir)?;
    match count(dir)? - before {
        landed if landed == references.len() => Ok(took),
        landed => Err(format!("{landed} of {} landed", references.len())),
    }
}
