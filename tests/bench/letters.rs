//! The speed of letters: every letter that is due in one batch, against the commit alone, and one letter as a PDF.
//!
//! "The commit alone" is the store's own commit of the very same files (cases and letters), whose bytes are at hand: the
//! same objects, syncs, branch, working files and index, and nothing read, reasoned or worded. Plain git's `git add` and
//! `git commit` of the same files stands beside it for comparison.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use csods::domain::case::{Aware, Method, Route};
use csods::domain::reference::Reference;
use csods::domain::scalars::Line;
use csods::store::{Author, CommitText, Store, files};

use super::compare::{Times, verdict, words};
use super::dice::Dice;
use super::table::{in_words, machine, median, table, thousands};
use super::{generate, office, opening, sealed};

/// What is to be measured.
#[derive(Debug, clap::Args)]
pub struct Wanted {
    /// How many letters are due
    #[arg(long, default_value_t = 1_000)]
    letters: usize,
    /// How many other cases the store has; may be given again for another store
    #[arg(long, default_values_t = [0, 9_000])]
    others: Vec<usize>,
    /// How often each thing is measured
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Chance
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Where the stores are made
    #[arg(long, default_value = concat!(env!("CARGO_TARGET_TMPDIR"), "/letters"))]
    dir: PathBuf,
}

impl Wanted {
    /// As little as shows that all of it works.
    pub fn small() -> Wanted {
        let dir = PathBuf::from(concat!(env!("CARGO_TARGET_TMPDIR"), "/letters-small"));
        Wanted { letters: 20, others: vec![30], rounds: 1, seed: 7, dir }
    }
}

/// The most that a batch of a thousand letters may take beyond the commit alone.
const BATCH: Duration = Duration::from_secs(2);

/// The most that one PDF may take.
const PDF: Duration = Duration::from_millis(500);

/// The files of a commit.
type Files = Vec<(String, Vec<u8>)>;

/// Measures everything; the tables.
pub fn run(wanted: &Wanted) -> Result<String, String> {
    let machine = machine(&sealed::git(Path::new("/"), &["--version"])?);
    fresh(&wanted.dir)?;
    let mut batches = Vec::new();
    let mut pages = Vec::new();
    for &others in &wanted.others {
        let base = wanted.dir.join(format!("base-{others}"));
        let cases = waiting(wanted.letters, wanted.seed)?;
        let mut all = generate::files(others, wanted.seed)?;
        all.extend(cases);
        generate::store_of(&base, &all)?;
        batches.push(batch(wanted, &base, others)?);
        if pages.is_empty() {
            pages = pdfs(wanted, &base)?;
        }
    }
    let mut text = format!("{machine}. Medians of {} rounds.\n\n", wanted.rounds);
    let header = words(&[
        "letters",
        "other cases",
        "`letter --all-due`",
        "the commit alone",
        "more by",
        "at most",
        "",
        "`git add`, `git commit`",
    ]);
    text.push_str(&table(&header, &batches));
    text.push('\n');
    text.push_str(&table(&words(&["one letter", "took", "at most", ""]), &pages));
    Ok(text)
}

/// Empties a directory.
fn fresh(dir: &Path) -> Result<(), String> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.to_string()),
        _ => {}
    }
    fs::create_dir_all(dir).map_err(|error| error.to_string())
}

/// So many cases of the last days whose applicants are to have an acknowledgement, half of them by post.
fn waiting(count: usize, seed: u64) -> Result<Files, String> {
    let mut taken = std::collections::BTreeSet::new();
    let mut made = Files::new();
    for case in 0.. {
        if made.len() == count {
            break;
        }
        let mut dice = Dice::new(seed ^ 0xac, case);
        let reference: Reference = dice.reference(office::PREFIX, 2026);
        if !taken.insert(reference.clone()) {
            continue;
        }
        let received = "2026-02-27T09:15:00Z".parse()?;
        let mut told = opening::opening(&mut dice, received, Route::RightToAsk, None, Vec::new());
        if let Some(applicant) = &mut told.applicant {
            let by_post = dice.per_mille(500);
            applicant.safe_contact.letters = by_post;
            applicant.safe_contact.method = if by_post { Method::Letter } else { Method::Email };
        }
        for child in &mut told.children.0 {
            (child.parents_aware.mother, child.parents_aware.father) = (Aware::Yes, Aware::Yes);
        }
        let case = opening::opened(reference, Line::new("2023")?, told);
        let bytes = files::write_case(&case).map_err(|error| error.to_string())?;
        made.push((case.reference.case_path(), bytes));
    }
    Ok(made)
}

/// A copy of a store, checked out.
fn copy(base: &Path, name: &str) -> Result<PathBuf, String> {
    let dir = base.with_file_name(name);
    match fs::remove_dir_all(&dir) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.to_string()),
        _ => {}
    }
    let (from, to) = (base.display().to_string(), dir.display().to_string());
    sealed::git(Path::new("/"), &["clone", "-q", "--local", &from, &to])?;
    generate::check_out(&dir)?;
    Ok(dir)
}

/// A row of the batch: csods, the commit alone, plain git.
fn batch(wanted: &Wanted, base: &Path, others: usize) -> Result<Vec<String>, String> {
    let (mut batches, mut commits, mut gits) = (Times::new(), Times::new(), Times::new());
    for _ in 0..wanted.rounds {
        let ours = copy(base, "batch")?;
        // Whoever makes letters has asked before which are due: the index is there.
        let mut asked = sealed::command(&sealed::CSODS, &ours);
        asked.args(["--quiet", "list", "--limit", "1"]);
        sealed::time(asked)?;
        let mut command = sealed::command(&sealed::CSODS, &ours);
        command.args(["--quiet", "letter", "--all-due"]);
        batches.push(sealed::time(command)?);
        sealed::clean(&ours)?;
        let made = last_commit(&ours)?;
        let letters = made.iter().filter(|(path, _)| path.starts_with("letters/")).count();
        // Of the other cases some may have a letter due as well.
        if letters < wanted.letters {
            return Err(format!("{letters} letters were made, not {}", wanted.letters));
        }
        let alone = copy(base, "commit")?;
        commits.push(commit_alone(&alone, made.clone())?);
        sealed::clean(&alone)?;
        let plain = copy(base, "git")?;
        gits.push(by_git(&plain, &made)?);
    }
    let (batch, commit, git) = (median(batches), median(commits), median(gits));
    let more = batch.saturating_sub(commit);
    let most = (wanted.letters >= 1_000).then_some(BATCH);
    let [limit, met] = within(more, most);
    let (letters, others) = (thousands(wanted.letters), thousands(others));
    let times = [batch, commit, more].map(in_words);
    Ok([letters, others].into_iter().chain(times).chain([limit, met, in_words(git)]).collect())
}

fn within(found: Duration, most: Option<Duration>) -> [String; 2] {
    let [_, met] = verdict(found.as_secs_f64(), most.map(|most| most.as_secs_f64()));
    [most.map(in_words).unwrap_or_default(), met]
}

/// The files that the last commit changed, as it has them.
fn last_commit(dir: &Path) -> Result<Files, String> {
    let names = sealed::git(dir, &["diff", "--name-only", "HEAD~1", "HEAD"])?;
    let one = |path: &str| {
        let bytes = fs::read(dir.join(path)).map_err(|error| error.to_string())?;
        Ok((path.to_owned(), bytes))
    };
    names.lines().map(one).collect()
}

/// The store's own commit of these files.
fn commit_alone(dir: &Path, made: Files) -> Result<Duration, String> {
    let failed = |error: csods::error::Error| error.to_string();
    let begun = Instant::now();
    let store = Store::find(Some(dir), None, dir).map_err(failed)?;
    let mut change = store.change(Duration::from_secs(10), "the benchmark").map_err(failed)?;
    for (path, bytes) in made {
        change.put(&path, bytes);
    }
    let text = CommitText {
        subject: "csods: letter".to_owned(),
        trailers: vec![("Actor", office::SUPERVISOR.to_owned())],
    };
    let author = Author {
        name: "M. Reid".to_owned(),
        email: office::email(office::SUPERVISOR),
        at_unix: 1_772_442_900,
        offset_minutes: 0,
    };
    change.commit(&text, &author).map_err(failed)?;
    Ok(begun.elapsed())
}

/// `git add` and `git commit` of these files, which stand in the working tree already.
fn by_git(dir: &Path, made: &Files) -> Result<Duration, String> {
    for (path, bytes) in made {
        let place = dir.join(path);
        if let Some(above) = place.parent() {
            fs::create_dir_all(above).map_err(|error| error.to_string())?;
        }
        generate::answers(&place, &String::from_utf8_lossy(bytes))?;
    }
    let mut add = sealed::command("git", dir);
    add.args(["add", "--", "cases", "letters"]);
    let mut commit = sealed::command("git", dir);
    commit.args(["commit", "-q", "-m", "letters"]);
    Ok(sealed::time(add)? + sealed::time(commit)?)
}

/// Rows of pages: the Markdown alone, then each form of page of one letter.
fn pdfs(wanted: &Wanted, base: &Path) -> Result<Vec<Vec<String>>, String> {
    let mut dice = Dice::new(wanted.seed, u64::MAX - 8);
    let cases = waiting(wanted.letters, wanted.seed)?;
    let page = wanted.dir.join("page");
    let kinds: [(&str, &[&str], Option<Duration>); 4] = [
        ("looked at as text", &[], None),
        ("as HTML", &["--as", "html"], None),
        ("as PDF", &["--as", "pdf"], Some(PDF)),
        ("as PDF in large print", &["--as", "pdf", "--large-print"], Some(PDF)),
    ];
    let mut rows = Vec::new();
    for (name, args, most) in kinds {
        let mut times = Times::new();
        for _ in 0..wanted.rounds * 3 {
            let (path, bytes) = &cases[dice.below(cases.len())];
            let case = files::case_at(path, bytes).map_err(|error| error.to_string())?;
            let method = case.applicant.as_ref().map_or("email", |of| of.safe_contact.method.word());
            let mut command = sealed::command(&sealed::CSODS, base);
            command.args(["--quiet", "letter", case.reference.as_str(), "acknowledgement", "--preview"]);
            command.args(["--method", method]).args(args).arg("--output").arg(&page);
            times.push(sealed::time(command)?);
        }
        let took = median(times);
        rows.push([name.to_owned(), in_words(took)].into_iter().chain(within(took, most)).collect());
    }
    Ok(rows)
}
