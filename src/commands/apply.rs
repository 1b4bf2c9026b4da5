//! `csods apply`: very many actions from a file, as one change.

mod line;
mod lines;
mod outcome;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use self::line::{Labels, Line};
use self::lines::{Given, InputFormat, Lines};
use self::outcome::{Fate, Outcome};
use super::batch::{Batch, How};
use super::{hooks, status};
use crate::ask;
use crate::context::{Context, Office};
use crate::error::{Error, Kind};
use crate::output::{Format, Progress, Report};
use crate::store::Change;

/// Does very many actions at once: all of them or none, in one commit
///
/// Each line of the file is an object of JSON, or each document of it YAML (parted by `---`), with these keys: `case`, a
/// reference; `action`, the word of a command; `data`, what --from of that command takes; and where wanted `by` and `at`.
/// `new` has no `case`: with `"as": "a"` later lines name the case it opens as "@a". A line with an `id` of your own is
/// done once, however often it is given; the same id with something else is refused (exit code 10).
///
/// Each line is judged by the state in which those before it leave its case. Every line has a line in the answer. Where one
/// is refused, the exit code is that of the first refused line, and nothing is changed; with --per-case the others stand.
///
/// Example: csods apply morning.ndjson
///
/// Example: echo '{"case": "7K3", "action": "note", "data": {"text": "Rang."}, "id": "n-1"}' | csods apply -
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file; `-` is standard input
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,
    /// One commit for everything, all or nothing (unless said otherwise)
    #[arg(long, conflicts_with = "per_case")]
    one_commit: bool,
    /// A commit for each case; refused lines are reported, and the others stand
    #[arg(long)]
    per_case: bool,
    /// What the file is written in; unless said, its first character tells
    #[arg(long, value_enum, value_name = "FORMAT")]
    input_format: Option<InputFormat>,
}

/// Tries every line, then commits; again from the first line where plain git was quicker.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    let office = context.office()?;
    let moment = context.moment(&office)?;
    let source = Source::open(&args.file, &office, context.options.dry_run)?;
    // From here on Ctrl-C is noted, and looked at where it can be obeyed.
    let _hold = ask::Hold::new()?;
    let how = if args.per_case { How::PerCase } else { How::OneCommit };
    let attempt = |change: Option<Change<'_>>| {
        let lines = Lines::new(source.lines()?, args.input_format);
        applied(context, &office, lines, Batch::begin(context, &office, WORD, how, change)?, how)
    };
    if context.options.dry_run {
        return attempt(None);
    }
    let holder = format!("{} ({WORD})", moment.actor);
    office.store.change_made(context.options.wait, &holder, |change| attempt(Some(change)))
}

/// The command, for the subject of its commits.
const WORD: &str = "apply";

fn applied(
    context: &Context,
    office: &Office,
    lines: Lines<Box<dyn BufRead>>,
    mut batch: Batch<'_>,
    how: How,
) -> Result<Report, Error> {
    let progress = Progress::begin("lines read", context.options.quiet);
    let mut labels = Labels::new();
    let mut outcomes = Vec::new();
    for given in lines {
        if ask::was_pressed() {
            return Err(Error::new(Kind::Conflict, "stopped by Ctrl-C; nothing was changed"));
        }
        outcomes.push(tried(given?, &mut batch, &mut labels, context.options.format)?);
        progress.step();
    }
    let refused = outcomes.iter().find_map(|outcome| match &outcome.fate {
        Fate::Refused(..) => Some(outcome.line),
        _ => None,
    });
    let size = batch.size();
    let moment = batch.moment.clone();
    let not_compared = batch.not_compared();
    let nothing = size.0 == 0 || context.options.dry_run || (refused.is_some() && how == How::OneCommit);
    let commits = if nothing {
        drop(batch);
        None
    } else {
        progress.now("changes written");
        Some(batch.commit()?)
    };
    drop(progress);
    let mut report = outcome::report(context, &outcomes, how, commits.as_ref(), size);
    if let Some(commits) = &commits {
        report.told = Some(hooks::told(office, &moment, outcome::told(&outcomes, commits)));
    }
    let suggested = commits.and_then(|_| status::packing_suggested(&office.store));
    Ok(not_compared.into_iter().chain(suggested).fold(report, Report::say))
}

/// Tries one line. Where the disk or the tool itself fails, nothing of the batch can be relied on.
fn tried(given: Given, batch: &mut Batch<'_>, labels: &mut Labels, format: Format) -> Result<Outcome, Error> {
    let number = given.line;
    let line = match given.read.and_then(Line::read) {
        Ok(line) => line,
        Err(error) => return Ok(Outcome::refused(number, None, None, None, &error, format)),
    };
    let (id, kind) = (line.id.clone(), Some(line.kind));
    let case = line.about(batch, labels);
    match line.run(batch, labels) {
        Ok(became) => Ok(Outcome { line: number, id, kind, case, fate: Fate::Became(became) }),
        Err(error) if matches!(error.kind, Kind::System | Kind::Internal) => Err(error),
        Err(error) => Ok(Outcome::refused(number, id, kind, case, &error, format)),
    }
}

/// Where the lines come from.
struct Source {
    file: File,
    /// Where they begin; `None` where they can be read only once.
    start: Option<u64>,
}

impl Source {
    /// Opens the file. What comes through a pipe is kept first: nobody is made to wait for whoever writes into it, and the
    /// lines may be needed once more.
    fn open(path: &Path, office: &Office, only_tried: bool) -> Result<Source, Error> {
        let failed = |error: &io::Error, place: &Path| {
            let kind = if error.kind() == io::ErrorKind::NotFound { Kind::NotFound } else { Kind::System };
            Error::new(kind, format!("the lines could not be read: {}", crate::error::words(error)))
                .place(place.display().to_string())
                .hint("see whether the file is there and may be read; nothing was changed")
        };
        let mut file = match path.as_os_str() == "-" {
            true => {
                let stdin = io::stdin();
                File::from(std::os::fd::AsFd::as_fd(&stdin).try_clone_to_owned()?)
            }
            false => File::open(path).map_err(|error| failed(&error, path))?,
        };
        let found = file.metadata()?;
        if found.is_dir() {
            return Err(Error::new(Kind::System, "the lines could not be read: it is a directory")
                .place(path.display().to_string()));
        }
        if found.is_file() {
            let start = Some(file.stream_position()?);
            return Ok(Source { file, start });
        }
        if only_tried {
            return Ok(Source { file, start: None });
        }
        let mut kept = office.store.scratch()?;
        io::copy(&mut file, &mut kept).map_err(|error| failed(&error, path))?;
        Ok(Source { file: kept, start: Some(0) })
    }

    /// The lines, from the first.
    fn lines(&self) -> Result<Box<dyn BufRead>, Error> {
        let mut file = self.file.try_clone()?;
        if let Some(start) = self.start {
            file.seek(SeekFrom::Start(start))?;
        }
        Ok(Box::new(BufReader::with_capacity(1 << 16, file)))
    }
}
