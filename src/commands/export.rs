//! `csods export`: cases as a file for another program.

mod key;

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::caseload::Read;
use super::filters::{Order, Sort, Wanted};
use crate::context::{Context, Office};
use crate::domain::action::ActionKind;
use crate::domain::export::{Exported, Hiding, Redaction};
use crate::domain::node::Node;
use crate::domain::row::Row;
use crate::domain::workflow;
use crate::error::{Error, Kind};
use crate::output::export::{Sheets, sqlite, xlsx};
use crate::output::{Page, Report, Visible, file};
use crate::store::{files, json as as_json};

/// Writes cases to a file: JSON, NDJSON, CSV, a workbook, or a database
///
/// An export is an act of processing: it takes names, addresses and free text of applicants, subjects and children out of
/// the store, for one of the law enforcement purposes and no other (Data Protection Act 2018, Part 3). It takes the
/// permission `export`. It holds everything unless you leave something out:
///
/// --redact leaves out a kind of fact. Free text can name anybody, whatever else is left out: add `--redact free_text`. What a
/// corrected field was before goes with the first.
///
/// --pseudonymise puts keyed pseudonyms in the place of names, ids, references, telephone numbers and e-mail addresses, months in
/// that of days, the outward half of the postcode in that of addresses, and leaves free text out. The same value has the same
/// pseudonym as long as the key is the same; whoever has the key can work out whose it is, so that it is still personal data.
/// The key is 32 random bytes, which --new-key makes; it is never written anywhere else. Cases come in the order of their
/// pseudonyms, whatever --sort says: it decides only which of them --limit keeps.
///
/// json and ndjson hold whole cases, with their clocks; csv a row a case; xlsx a sheet for the cases and for every list in
/// them; sqlite the same as tables, with views (`csods schema sqlite`). The file is readable by you alone and never in the store; one
/// case that cannot be read, and there is no file (exit code 9), unless --allow-partial leaves it out. The same store at the same moment gives the same bytes.
///
/// Example: csods export --open --as xlsx --to open.xlsx --redact free_text
///
/// Example: csods export received:2025 'risk>=high' --to high.csv
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file, outside the store; `-` for standard output
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath, required_unless_present = "new_key")]
    to: Option<PathBuf>,
    /// In which form; else what the file's name ends with
    #[arg(long = "as", value_name = "FORM", value_enum)]
    form: Option<Form>,
    /// Replace the file where it is there already
    #[arg(long)]
    force: bool,
    /// Pseudonyms, by the key in this file, which only you can read; `-` for standard input
    #[arg(long, value_name = "KEYFILE", value_hint = clap::ValueHint::FilePath)]
    pseudonymise: Option<PathBuf>,
    /// Make a new key for --pseudonymise in this file, which only you can read, and nothing else
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath,
          conflicts_with_all = ["to", "form", "force", "pseudonymise", "redact"])]
    new_key: Option<PathBuf>,
    /// Leave out this kind of fact; may be given several times
    #[arg(long, value_name = "KIND", value_parser = super::show::choices(Redaction::WORDS), value_delimiter = ',')]
    redact: Vec<String>,
    #[command(flatten)]
    wanted: Wanted,
    #[command(flatten)]
    order: Order,
}

/// The forms of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Form {
    /// One object with all cases
    Json,
    /// A line a case
    Ndjson,
    /// A row a case
    Csv,
    /// A workbook
    Xlsx,
    /// A database
    Sqlite,
}

/// The file, and what was said of it.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    let office = context.office()?;
    let moment = context.moment(&office)?;
    let kind = ActionKind::Export;
    workflow::may_begin(None, kind, &moment.actor, &office.settings)
        .map_err(|refusal| refusal.into_error(kind))?;
    if let Some(path) = &args.new_key {
        return key::make(path, context, &office);
    }
    let to = args.to.as_deref().unwrap_or(Path::new("-"));
    let form = args.form(to)?;
    if to.as_os_str() == "-" && matches!(form, Form::Xlsx | Form::Sqlite) {
        return Err(Error::new(Kind::Usage, "this form is not text: it goes to a file").hint("--to FILE"));
    }
    let target = private_target(to, args.force, context, &office)?;
    let hiding = args.hiding(context, &office)?;

    let mut read = cases(args, context, &office, &hiding)?;
    if hiding.key.is_some() {
        // Their order would tell which reference, or which day, a pseudonym stands for.
        let reference = crate::domain::node::Path::from("case.reference");
        read.found.sort_by_cached_key(|case| case.at(&reference).and_then(Node::as_text).map(str::to_owned));
    }
    let (cases, left_out) = (&read.found, read.left_out.as_slice());
    let about = About { context, office: &office, hiding: &hiding, cases: cases.len(), left_out };
    let mut bytes = Vec::new();
    let written = match form {
        Form::Json => {
            serde_json::to_writer_pretty(Visible(&mut bytes), &about.whole(cases)).map_err(io::Error::from)
        }
        Form::Ndjson => cases.iter().try_for_each(|case| {
            serde_json::to_writer(Visible(&mut bytes), &about.line(case))?;
            bytes.push(b'\n');
            Ok(())
        }),
        Form::Csv => about.sheets(cases).csv().map(|csv| bytes = csv),
        Form::Xlsx => {
            bytes = xlsx::xlsx(&about.sheets(cases), context.now, office.settings.zone())?;
            Ok(())
        }
        Form::Sqlite => Ok(()),
    };
    written.map_err(|error| unwritten(to, &error))?;
    if form == Form::Json {
        bytes.push(b'\n');
    }
    let Some(path) = target else {
        let text =
            String::from_utf8(bytes).map_err(|_| Error::new(Kind::Internal, "the export is no text"))?;
        return Ok(with_talk(read.mark(Report::raw(text)), &hiding));
    };
    if !context.options.dry_run {
        let done = match form {
            Form::Sqlite => {
                let sheets = about.sheets(cases);
                file::write_private_by(&path, |_, aside| {
                    sqlite::fill(aside, &sheets).map_err(io::Error::other)
                })
            }
            _ => file::write_private(&path, &bytes),
        };
        done.map_err(|error| unwritten(&path, &error))?;
    }
    Ok(with_talk(read.mark(about.report(&path, form)), &hiding))
}

impl Args {
    fn form(&self, to: &Path) -> Result<Form, Error> {
        let ending = to.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
        let named = match ending.as_deref() {
            Some("json") => Some(Form::Json),
            Some("ndjson" | "jsonl") => Some(Form::Ndjson),
            Some("csv") => Some(Form::Csv),
            Some("xlsx") => Some(Form::Xlsx),
            Some("sqlite" | "sqlite3" | "db") => Some(Form::Sqlite),
            _ => None,
        };
        self.form.or(named).ok_or_else(|| {
            Error::new(Kind::Usage, "it is not said in which form; nothing was written")
                .hint("add --as json, ndjson, csv, xlsx or sqlite")
        })
    }

    fn hiding(&self, context: &Context, office: &Office) -> Result<Hiding, Error> {
        let mut redacted: Vec<Redaction> =
            self.redact.iter().filter_map(|word| Redaction::of(word)).collect();
        redacted.sort();
        redacted.dedup();
        let key = self.pseudonymise.as_ref().map(|path| key::read(path, context, office)).transpose()?;
        Ok(Hiding { redacted, key })
    }
}

/// The path of a file outside the store, which is to be made so that only its owner can read it; `None` for standard output.
///
/// # Errors
/// `Refused` where standard output is a file that others can read, `Usage` where the path lies in the store, `Conflict`
/// where the file exists and `force` is not set.
pub fn private_target(
    to: &Path,
    force: bool,
    context: &Context,
    office: &Office,
) -> Result<Option<PathBuf>, Error> {
    if to.as_os_str() == "-" {
        if context.prints_into_open_file() {
            let hint = match context.options.dry_run {
                true => {
                    "a dry run prints it too: with --to FILE it only says what it would write, and makes no file"
                }
                false => {
                    "nothing was printed; --to FILE makes a file that only you can read, or use `umask 077` first"
                }
            };
            let what = "this would be printed into a file that others can read";
            return Err(Error::new(Kind::Refused, what).hint(hint));
        }
        return Ok(None);
    }
    let path = context.directory().join(to);
    super::report::outside(&path, office.store.root())?;
    if fs::symlink_metadata(&path).is_ok() && !force {
        return Err(Error::new(Kind::Conflict, "the file is there already; nothing was written")
            .hint("name another, or add --force to replace it"));
    }
    Ok(Some(path))
}

/// The cases that fit, in the order asked for, without what is kept back. Fails closed: one case that cannot be read makes
/// the whole fail and is named, unless it may be left out.
fn cases(args: &Args, context: &Context, office: &Office, hiding: &Hiding) -> Result<Read<Vec<Node>>, Error> {
    let query = args.wanted.query(context, office)?;
    let Read { found: mut rows, left_out } = args.wanted.caseload(context, office).rows(&query)?;
    let sort = args.order.sort.unwrap_or(Sort::Reference);
    rows.sort_by(|a, b| sort.order(a, b));
    rows.truncate(args.order.limit.unwrap_or(usize::MAX));
    let stored: HashMap<String, _> = office.head.case_paths()?.into_iter().collect();
    let path = |row: &Row| {
        let path = row.reference.case_path();
        let id = stored.get(&path)?;
        Some((path, *id))
    };
    let wanted: Vec<_> = rows.iter().filter_map(path).collect();
    if wanted.len() != rows.len() {
        return Err(Error::new(
            Kind::Damaged,
            "the index names cases that the store does not hold; nothing was written",
        )
        .hint("`--no-index` reads the cases themselves"));
    }
    let (now, settings) = (context.now, &office.settings);
    let read = office.head.read_many(&wanted, |path, bytes| -> Result<Node, Error> {
        let case = files::case_at(path, bytes)?;
        context.saw_receipt(case.received.at.0);
        let reference = case.reference.clone();
        let exported = Exported::of(case, now, settings)
            .map_err(|error| Error::from(error).place(reference.as_str()))?;
        Ok(hiding.of(&exported))
    })?;
    Ok(Read { found: read.into_iter().collect::<Result<_, Error>>()?, left_out })
}

/// What an export is.
struct About<'a> {
    context: &'a Context,
    office: &'a Office,
    hiding: &'a Hiding,
    cases: usize,
    left_out: &'a [String],
}

impl About<'_> {
    /// A commit says nothing of a person, but whoever has the store can look it up: pseudonyms stand without it.
    fn commit(&self) -> Option<String> {
        self.hiding.key.is_none().then(|| self.office.head.commit().to_string())
    }

    fn redacted(&self) -> Vec<&'static str> {
        self.hiding.redacted.iter().map(|kind| kind.word()).collect()
    }

    fn head(&self) -> Value {
        json!({
            "version": 1,
            "counted_at": self.context.now.to_string(),
            "commit": self.commit(),
            "pseudonymised": self.hiding.key.is_some(),
            "redacted": self.redacted(),
            "total": self.cases,
        })
    }

    fn whole(&self, cases: &[Node]) -> Value {
        let mut whole = self.head();
        if !self.left_out.is_empty() {
            whole["partial"] = json!(true);
            // Paths are references: under pseudonyms they stand on standard error alone.
            if self.hiding.key.is_none() {
                whole["left_out"] = json!(self.left_out);
            }
        }
        whole["cases"] = cases.iter().map(as_json::value).collect();
        whole
    }

    fn line(&self, case: &Node) -> Value {
        let mut line = json!({"version": 1});
        if let (Some(line), Value::Object(case)) = (line.as_object_mut(), as_json::value(case)) {
            line.extend(case);
        }
        line
    }

    fn sheets(&self, cases: &[Node]) -> Sheets {
        let zone = self.office.settings.force.time_zone.as_str();
        let mut about = vec![
            ("force", self.office.settings.force.name.as_str().to_owned()),
            ("counted_at", self.context.now.to_string()),
            ("cases", self.cases.to_string()),
            ("pseudonymised", self.hiding.key.is_some().to_string()),
            ("redacted", self.redacted().join(", ")),
            ("time_zone", zone.to_owned()),
            ("marking", "OFFICIAL-SENSITIVE".to_owned()),
        ];
        about.extend(self.commit().map(|commit| ("commit", commit)));
        if !self.left_out.is_empty() {
            about.push((
                "partial",
                format!("{} case(s) cannot be read and are left out", self.left_out.len()),
            ));
        }
        Sheets::of(cases, about)
    }

    fn report(&self, path: &Path, form: Form) -> Report {
        let mut json = self.head();
        let form = clap::ValueEnum::to_possible_value(&form).map(|value| value.get_name().to_owned());
        let bytes =
            fs::metadata(path).ok().filter(|_| !self.context.options.dry_run).map(|found| found.len());
        let dry_run = self.context.options.dry_run;
        for (key, value) in [
            ("action", json!("export")),
            ("output", json!(path.display().to_string())),
            ("as", json!(form)),
            ("bytes", json!(bytes)),
            ("dry_run", json!(dry_run)),
        ] {
            json[key] = value;
        }
        let cases = self.cases;
        let said = match dry_run {
            true => format!("dry run: {cases} case(s) would be written to {}", path.display()),
            false => format!("{cases} case(s) written to {}", path.display()),
        };
        Report::new(json, Page::line(said))
    }
}

/// What must not be forgotten of an export.
fn with_talk(report: Report, hiding: &Hiding) -> Report {
    let redacted = &hiding.redacted;
    let named = !redacted.is_empty() && !redacted.contains(&Redaction::FreeText) && hiding.key.is_none();
    let report = match &hiding.key {
        Some(_) => report.say("pseudonyms are personal data still: whoever has the key can work them out"),
        None => report.say("this is personal data: keep it for the purpose it was made for, and no longer"),
    };
    match named {
        true => report.say("free text may name anybody all the same: --redact free_text leaves it out"),
        false => report,
    }
}

/// That a file could not be written, and why.
pub fn unwritten(path: &Path, error: &io::Error) -> Error {
    Error::new(Kind::System, format!("the file could not be written: {}", crate::error::words(error)))
        .place(path.display().to_string())
        .hint("see that there is room, and that the directory can be written to; nothing is left of it")
}
