//! A store of invented cases: the same for the same number and seed. Ten years of receipts, committed month by month,
//! packed as `git gc` leaves it, and checked out so that `git status` is clean.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::ops::Range;
use std::path::Path;
use std::process::{ChildStdin, Stdio};
use std::thread;
use std::time::Duration;

use csods::commands::init::{CALENDAR, CALENDAR_PATH};
use csods::domain::reference::Reference;
use csods::domain::settings::Settings;
use csods::domain::time::Instant;
use csods::domain::workflow::consistency;
use csods::store::{SETTINGS, files};

use super::dice::Dice;
use super::life::{self, Other};
use super::office;
use super::sealed;

/// The first receipt is not before this, the last one not after [`TODAY`].
const FIRST: &str = "2016-03-02T09:15:00Z";

/// The day on which the store stands as it does; what is measured is run at this moment.
pub const TODAY: &str = "2026-03-02T09:15:00Z";

/// One commit a month.
const COMMITS: usize = 120;

/// What was made.
pub struct Made {
    /// The references, in the order of receipt.
    pub references: Vec<Reference>,
    /// Bytes of all case files.
    pub bytes: usize,
}

/// Makes the store of so many cases in `dir`, which must be absent.
pub fn store(dir: &Path, cases: usize, seed: u64) -> Result<Made, String> {
    let plan = Plan::new(cases, seed)?;
    fs::create_dir_all(dir).map_err(|error| error.to_string())?;
    sealed::git(dir, &["init", "-q", "-b", "main", "--object-format=sha1", "--ref-format=files"])?;
    let bytes = plan.import(dir)?;
    sealed::git(dir, &["gc", "-q"])?;
    check_out(dir)?;
    Ok(Made { references: plan.references, bytes })
}

/// Makes the store of these case files in `dir`, which must be absent.
pub fn store_of(dir: &Path, cases: &[(String, Vec<u8>)]) -> Result<(), String> {
    fs::create_dir_all(dir).map_err(|error| error.to_string())?;
    sealed::git(dir, &["init", "-q", "-b", "main", "--object-format=sha1", "--ref-format=files"])?;
    import(dir, |to| {
        commit(to, "csods: init", FIRST.parse()?, &start()).map_err(failed)?;
        commit(to, "csods: applications", TODAY.parse()?, cases).map_err(failed)
    })?;
    sealed::git(dir, &["gc", "-q"])?;
    check_out(dir)
}

/// The case files of such a store, without making it.
pub fn files(cases: usize, seed: u64) -> Result<Vec<(String, Vec<u8>)>, String> {
    Plan::new(cases, seed)?.on_all_processors(0..cases)
}

/// The references of such a store, without making it.
pub fn references(cases: usize, seed: u64) -> Result<Vec<Reference>, String> {
    Plan::new(cases, seed).map(|plan| plan.references)
}

/// Fills the working tree and lets git learn it: the index is written in a later second than the files, so that git
/// need not read them again.
pub fn check_out(dir: &Path) -> Result<(), String> {
    sealed::git(dir, &["reset", "-q", "--hard"])?;
    thread::sleep(Duration::from_millis(1100));
    sealed::git(dir, &["update-index", "-q", "--really-refresh"])?;
    sealed::clean(dir)
}

struct Plan {
    seed: u64,
    today: Instant,
    settings: Settings,
    references: Vec<Reference>,
    received: Vec<Instant>,
}

impl Plan {
    fn new(cases: usize, seed: u64) -> Result<Plan, String> {
        let settings = office::settings()?;
        let (first, today): (Instant, Instant) = (FIRST.parse()?, TODAY.parse()?);
        let mut dice = Dice::new(seed, u64::MAX);
        let span = usize::try_from(today.seconds_since(first)).unwrap_or(0) / cases.max(1);
        let mut taken = BTreeSet::new();
        let (mut references, mut received) = (Vec::new(), Vec::new());
        for case in 0..cases {
            let seconds = span * case + dice.below(span.clamp(1, 1 << 24));
            let at = first.plus_seconds(i64::try_from(seconds).unwrap_or(0));
            let year = settings.zone().day(at).year();
            let reference = loop {
                let reference = dice.reference(office::PREFIX, year);
                if taken.insert(reference.clone()) {
                    break reference;
                }
            };
            references.push(reference);
            received.push(at);
        }
        Ok(Plan { seed, today, settings, references, received })
    }

    /// Four cases in forty belong together, in twos; links go both ways (L1).
    fn other(&self, case: usize) -> Option<Other> {
        let (with, earlier) = match case % 20 {
            4 => (case + 3, false),
            7 => (case - 3, true),
            _ => return None,
        };
        let known = self.received.get(case.max(with))?.plus_seconds(7200).min(self.today);
        Some(Other { reference: self.references[with].clone(), known, earlier })
    }

    /// The files of these cases, each sure to be readable and to keep the scheme's rules.
    fn files(&self, cases: Range<usize>) -> Result<Vec<(String, Vec<u8>)>, String> {
        let one = |case: usize| {
            let mut dice = Dice::new(self.seed, case as u64);
            let (reference, received) = (self.references[case].clone(), self.received[case]);
            let other = self.other(case);
            let case =
                life::live(&mut dice, reference, received, self.today, other.as_ref(), &self.settings)?;
            let problems = consistency::check(&case, &self.settings);
            if !problems.is_empty() {
                return Err(format!("{} at {} breaks rules: {problems:?}", case.reference, case.stage));
            }
            let bytes = files::write_case(&case).map_err(|error| error.to_string())?;
            Ok((case.reference.case_path(), bytes))
        };
        cases.map(one).collect()
    }

    /// Hands everything to `git fast-import`, a month at a time; the bytes of the cases.
    fn import(&self, dir: &Path) -> Result<usize, String> {
        let mut bytes = 0;
        import(dir, |to| {
            commit(to, "csods: init", FIRST.parse()?, &start()).map_err(failed)?;
            let cases = self.references.len();
            let month = cases.div_ceil(COMMITS).max(1);
            for begin in (0..cases).step_by(month) {
                let end = (begin + month).min(cases);
                let made = self.on_all_processors(begin..end)?;
                bytes += made.iter().map(|(_, bytes)| bytes.len()).sum::<usize>();
                commit(to, "csods: a month of applications", self.received[end - 1], &made)
                    .map_err(failed)?;
            }
            Ok(())
        })?;
        Ok(bytes)
    }

    fn on_all_processors(&self, cases: Range<usize>) -> Result<Vec<(String, Vec<u8>)>, String> {
        let processors = thread::available_parallelism().map_or(1, |count| count.get());
        let share = cases.len().div_ceil(processors).max(1);
        thread::scope(|scope| {
            let shares: Vec<_> = cases
                .clone()
                .step_by(share)
                .map(|begin| scope.spawn(move || self.files(begin..(begin + share).min(cases.end))))
                .collect();
            let mut made = Vec::new();
            for share in shares {
                made.extend(share.join().map_err(|_| "a case could not be made")??);
            }
            Ok(made)
        })
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the form that map_err takes")]
fn failed(error: std::io::Error) -> String {
    error.to_string()
}

/// What a store begins with.
fn start() -> [(String, Vec<u8>); 3] {
    [
        (SETTINGS.to_owned(), office::settings_text().into_bytes()),
        (CALENDAR_PATH.to_owned(), CALENDAR.as_bytes().to_vec()),
        (".gitattributes".to_owned(), b"* -text\n".to_vec()),
    ]
}

/// Runs `git fast-import`, and hands over what goes into it.
fn import(
    dir: &Path,
    fill: impl FnOnce(&mut BufWriter<ChildStdin>) -> Result<(), String>,
) -> Result<(), String> {
    let mut import = sealed::command("git", dir)
        .args(["fast-import", "--quiet", "--done"])
        .stdin(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let mut to = BufWriter::new(import.stdin.take().ok_or("git takes no input")?);
    fill(&mut to)?;
    writeln!(to, "done").and_then(|()| to.flush()).map_err(failed)?;
    drop(to);
    let ended = import.wait().map_err(failed)?;
    if ended.success() { Ok(()) } else { Err("git fast-import failed".to_owned()) }
}

fn commit(
    to: &mut impl Write,
    subject: &str,
    at: Instant,
    files: &[(String, Vec<u8>)],
) -> std::io::Result<()> {
    let (id, at) = (office::SUPERVISOR, at.unix());
    writeln!(to, "commit refs/heads/main")?;
    writeln!(to, "committer M. Reid <{}> {at} +0000", office::email(id))?;
    let message = format!("{subject}\n\nActor: {id}\nFormat: 1\n");
    writeln!(to, "data {}\n{message}", message.len())?;
    for (path, bytes) in files {
        writeln!(to, "M 100644 inline {path}\ndata {}", bytes.len())?;
        to.write_all(bytes)?;
        writeln!(to)?;
    }
    writeln!(to)
}

/// Writes the answers that a measured command takes to a file beside the stores.
pub fn answers(path: &Path, text: &str) -> Result<(), String> {
    File::create(path).and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| error.to_string())
}
