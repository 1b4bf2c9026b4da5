//! The comparison: every round measures each side once, in turn, so that a busy machine slows both; medians count.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use csods::domain::case::Route;
use csods::domain::record::Part;
use csods::domain::reference::Reference;

use super::dice::Dice;
use super::table::{in_words, machine, median, ratio, table, thousands};
use super::{caseload, generate, opening, sealed};

/// What is to be measured.
#[derive(Debug, clap::Args)]
pub struct Wanted {
    /// How many cases; may be given again for another store
    #[arg(long, default_values_t = [1_000, 10_000, 100_000])]
    pub(super) cases: Vec<usize>,
    /// How often each thing is measured
    #[arg(long, default_value_t = 15)]
    pub(super) rounds: usize,
    /// Chance
    #[arg(long, default_value_t = 7)]
    pub(super) seed: u64,
    /// Where the stores are made
    #[arg(long, default_value = concat!(env!("CARGO_TARGET_TMPDIR"), "/bench"))]
    pub(super) dir: PathBuf,
    /// Take the stores that stand there already, as earlier rounds left them
    #[arg(long)]
    pub(super) reuse: bool,
    /// How many seconds to wait before changes are measured: ext4 without a journal is slow for a minute after many files
    /// were replaced
    #[arg(long, default_value_t = 65)]
    pub(super) pause: u64,
}

impl Wanted {
    /// As little as shows that all of it works.
    pub fn small() -> Wanted {
        let dir = PathBuf::from(concat!(env!("CARGO_TARGET_TMPDIR"), "/bench-small"));
        Wanted { cases: vec![200], rounds: 3, seed: 7, dir, reuse: false, pause: 0 }
    }
}

/// A store, and a clone of it for plain git.
pub(super) struct Pair {
    pub(super) cases: usize,
    pub(super) ours: PathBuf,
    pub(super) gits: PathBuf,
    pub(super) references: Vec<Reference>,
}

/// The times of one command, a round each.
pub(super) type Times = Vec<Duration>;

/// Measures everything; the tables.
pub fn run(wanted: &Wanted) -> Result<String, String> {
    let machine = machine(&sealed::git(Path::new("/"), &["--version"])?);
    let pairs = wanted.cases.iter().map(|&cases| pair(wanted, cases)).collect::<Result<Vec<Pair>, _>>()?;
    let (note, application) = (wanted.dir.join("note.yaml"), wanted.dir.join("application.yaml"));
    generate::answers(&note, "text: The school's safeguarding lead rang back; nothing new this week.\n")?;
    generate::answers(&application, &an_application(wanted.seed)?)?;

    let begun = Instant::now();
    let views = caseload::views(wanted, &pairs)?;
    thread::sleep(Duration::from_secs(wanted.pause).saturating_sub(begun.elapsed()));
    let changes = changes(wanted, &pairs, &note)?;
    let shows = shows(wanted, &pairs)?;
    let starts = starts(wanted)?;
    let new = each(&pairs, wanted.rounds, |pair| {
        let mut command = csods(pair, &["new", "--quiet", "--from"]);
        command.arg(&application);
        let took = sealed::time(command)?;
        sealed::clean(&pair.ours)?;
        Ok(took)
    })?;
    let caseload = caseload::tables(wanted, &pairs, &note, &application, &views)?;

    let mut text =
        format!("{machine}. Medians of {} rounds, one side after the other in each.\n\n", wanted.rounds);
    text.push_str(&against_git(&pairs, &changes));
    text.push('\n');
    text.push_str(&required(&pairs, &shows, starts));
    text.push('\n');
    text.push_str(&alone(&pairs, &[("show REF", shows), ("new --from F", new)]));
    text.push('\n');
    text.push_str(&caseload);
    Ok(text)
}

fn pair(wanted: &Wanted, cases: usize) -> Result<Pair, String> {
    let ours = wanted.dir.join(format!("store-{cases}-{}", wanted.seed));
    let gits = wanted.dir.join(format!("git-{cases}-{}", wanted.seed));
    let complete = wanted.dir.join(format!("complete-{cases}-{}", wanted.seed));
    if wanted.reuse && complete.exists() {
        let references = generate::references(cases, wanted.seed)?;
        return Ok(Pair { cases, ours, gits, references });
    }
    for dir in [&ours, &gits] {
        match fs::remove_dir_all(dir) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.to_string()),
            _ => {}
        }
    }
    let made = generate::store(&ours, cases, wanted.seed)?;
    let (from, to) = (ours.display().to_string(), gits.display().to_string());
    sealed::git(&wanted.dir, &["clone", "-q", "--local", &from, &to])?;
    generate::check_out(&gits)?;
    generate::answers(&complete, "")?;
    Ok(Pair { cases, ours, gits, references: made.references })
}

/// The answers to `csods new`.
fn an_application(seed: u64) -> Result<String, String> {
    let mut dice = Dice::new(seed, u64::MAX - 1);
    let received = generate::TODAY.parse()?;
    let told = opening::opening(&mut dice, received, Route::RightToAsk, None, Vec::new());
    let tree = told.write().ok_or("the application has no form")?;
    Ok(csods::store::yaml::write(&tree))
}

pub(super) fn csods(pair: &Pair, args: &[&str]) -> Command {
    let mut command = sealed::command(&sealed::CSODS, &pair.ours);
    command.args(args);
    command
}

/// A note by csods, and a changed file added and committed by git: one round of both for every store, in turn.
fn changes(wanted: &Wanted, pairs: &[Pair], note: &Path) -> Result<Vec<(Times, Times)>, String> {
    let mut dice = Dice::new(wanted.seed, u64::MAX - 2);
    let mut times = vec![(Times::new(), Times::new()); pairs.len()];
    for round in 0..=wanted.rounds {
        for (pair, (ours, gits)) in pairs.iter().zip(&mut times) {
            let reference = dice.pick(&pair.references);
            let mut command = csods(pair, &["note", reference.as_str(), "--from"]);
            command.arg(note);
            let by_us = || sealed::time(command);
            let by_git = || git_change(&pair.gits, &reference);
            let (us, git) = if round % 2 == 0 {
                let us = by_us()?;
                (us, by_git()?)
            } else {
                let git = by_git()?;
                (by_us()?, git)
            };
            sealed::clean(&pair.ours)?;
            // The first round fills the caches.
            if round > 0 {
                ours.push(us);
                gits.push(git);
            }
        }
    }
    Ok(times)
}

/// A changed file added and committed by git: how long it took.
pub fn git_change(dir: &Path, reference: &Reference) -> Result<Duration, String> {
    let path = reference.case_path();
    let mut file =
        OpenOptions::new().append(true).open(dir.join(&path)).map_err(|error| error.to_string())?;
    file.write_all(b"# changed\n").map_err(|error| error.to_string())?;
    drop(file);
    let mut add = sealed::command("git", dir);
    add.args(["add", &path]);
    let mut commit = sealed::command("git", dir);
    commit.args(["commit", "-q", "-m", "x"]);
    Ok(sealed::time(add)? + sealed::time(commit)?)
}

fn shows(wanted: &Wanted, pairs: &[Pair]) -> Result<Vec<Times>, String> {
    let mut dice = Dice::new(wanted.seed, u64::MAX - 3);
    each(pairs, wanted.rounds * 3, |pair| {
        let reference = dice.pick(&pair.references);
        sealed::time(csods(pair, &["show", reference.as_str()]))
    })
}

/// Measures one thing on every store in turn, so many times, after one that does not count.
pub(super) fn each(
    pairs: &[Pair],
    rounds: usize,
    mut once: impl FnMut(&Pair) -> Result<Duration, String>,
) -> Result<Vec<Times>, String> {
    let mut times = vec![Times::new(); pairs.len()];
    for round in 0..=rounds {
        for (pair, times) in pairs.iter().zip(&mut times) {
            let took = once(pair)?;
            if round > 0 {
                times.push(took);
            }
        }
    }
    Ok(times)
}

/// `csods --version`, and a program that does nothing.
fn starts(wanted: &Wanted) -> Result<(Duration, Duration), String> {
    let (mut ours, mut nothing) = (Times::new(), Times::new());
    for _ in 0..wanted.rounds * 10 {
        let mut version = sealed::command(&sealed::CSODS, Path::new("/"));
        version.arg("--version");
        ours.push(sealed::time(version)?);
        nothing.push(sealed::time(sealed::command("/bin/true", Path::new("/")))?);
    }
    Ok((median(ours), median(nothing)))
}

pub(super) fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|word| (*word).to_owned()).collect()
}

pub(super) fn verdict(found: f64, most: Option<f64>) -> [String; 2] {
    match most {
        None => [String::new(), String::new()],
        Some(most) => [format!("{most}"), if found <= most { "met" } else { "MISSED" }.to_owned()],
    }
}

fn against_git(pairs: &[Pair], changes: &[(Times, Times)]) -> String {
    let header = words(&["cases", "`csods note`", "`git add`, `git commit`", "ratio", "at most", ""]);
    let row = |(pair, (ours, gits)): (&Pair, &(Times, Times))| {
        let (ours, gits) = (median(ours.clone()), median(gits.clone()));
        let found = ratio(ours, gits);
        let most = match pair.cases {
            100_000.. => Some(0.2),
            10_000.. => Some(0.3),
            _ => None,
        };
        let mut cells = vec![thousands(pair.cases), in_words(ours), in_words(gits), format!("{found:.2}")];
        cells.extend(verdict(found, most));
        cells
    };
    let rows: Vec<Vec<String>> = pairs.iter().zip(changes).map(row).collect();
    table(&header, &rows)
}

fn required(pairs: &[Pair], shows: &[Times], (version, nothing): (Duration, Duration)) -> String {
    let header = words(&["ratio", "", "", "ratio", "at most", ""]);
    let mut row = vec!["`csods --version` to `/bin/true`".to_owned(), in_words(version), in_words(nothing)];
    let found = ratio(version, nothing);
    row.push(format!("{found:.2}"));
    row.extend(verdict(found, Some(3.0)));
    let mut rows = vec![row];
    if let ([first, .., last], [few, .., many]) = (pairs, shows) {
        let (few, many) = (median(few.clone()), median(many.clone()));
        let found = ratio(many, few);
        let name = format!("`csods show` of {} cases to {}", thousands(last.cases), thousands(first.cases));
        let mut row = vec![name, in_words(many), in_words(few), format!("{found:.2}")];
        row.extend(verdict(found, Some(3.0)));
        rows.push(row);
    }
    table(&header, &rows)
}

fn alone(pairs: &[Pair], measured: &[(&str, Vec<Times>)]) -> String {
    let sizes = pairs.iter().map(|pair| format!("{} cases", thousands(pair.cases)));
    let header: Vec<String> = std::iter::once("`csods`".to_owned()).chain(sizes).collect();
    let row = |(name, times): &(&str, Vec<Times>)| {
        let cells = times.iter().map(|times| in_words(median(times.clone())));
        std::iter::once(format!("`{name}`")).chain(cells).collect()
    };
    table(&header, &measured.iter().map(row).collect::<Vec<Vec<String>>>())
}
