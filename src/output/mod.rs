//! What a command found out, as data ([`Report`]), and its wording: text for people, JSON and CSV for scripts.
//!
//! Standard output is the answer, standard error the talk. Nothing else in the program prints.

mod columns;
pub mod export;
pub mod file;
mod grid;
mod json;
pub mod letter;
mod page;
mod progress;
pub mod report;
mod table;
mod told;

use std::io::{self, Write};

use serde_json::{Value, json};

pub use json::{
    Visible, error as error_json, next as next_json, problems as problems_json, visible,
    warning as warning_json,
};
pub use page::{Block, Page, clean, pointed};
pub use progress::{Bar, Progress};
pub use told::{Change, Told};

use crate::domain::findings::Warning;
use crate::error::{self, Error, Kind};

/// In which form the answer is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For scripts: one object with `"version": 1`.
    Json,
    /// For spreadsheets, where rows make sense; cells that would run as a formula are neutralised.
    Csv,
}

/// Rows for CSV.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rows {
    /// The names of the columns.
    pub header: Vec<&'static str>,
    /// The cells, row by row.
    pub rows: Vec<Vec<String>>,
}

/// What a command found out.
#[derive(Debug, Default)]
pub struct Report {
    /// The answer for scripts.
    pub json: Value,
    /// The answer for people.
    pub page: Page,
    /// The answer for spreadsheets, where it has rows.
    pub rows: Option<Rows>,
    /// Text that is the answer as it stands, whatever the format (completions, a manual page).
    pub raw: Option<String>,
    /// What is said besides, on standard error, unless `--quiet`.
    pub talk: Vec<String>,
    /// What must be known of rows for spreadsheets or of raw text, and cannot stand in them: on standard error, always.
    pub cautions: Vec<String>,
    /// What must be known whatever was asked: on standard error, always.
    pub warnings: Vec<Warning>,
    /// Why part of it was not done, though there is an answer: printed after it, and its code is the exit code.
    pub failed: Option<Error>,
    /// What was changed, for a person's hooks.
    pub told: Option<Told>,
    /// Whether a question for something was answered with yes (`due --check`, `validate`): exit code 11.
    pub found: bool,
}

impl Report {
    /// An answer in both forms.
    pub fn new(json: Value, page: Page) -> Report {
        Report { json, page, ..Report::default() }
    }

    /// Text that is the answer as it stands.
    pub fn raw(text: String) -> Report {
        Report { raw: Some(text), ..Report::default() }
    }

    /// Marks the answer as one that leaves these files out, in every form.
    #[must_use]
    pub fn partial(mut self, left_out: &[String]) -> Report {
        if let Value::Object(answer) = &mut self.json {
            answer.insert("partial".to_owned(), json!(true));
            answer.insert("left_out".to_owned(), json!(left_out));
        }
        let count = left_out.len();
        let text =
            format!("PARTIAL: {count} case(s) cannot be read and are left out: {}", left_out.join(", "));
        self.page.0.insert(0, Block::Text(text.clone()));
        self.cautions.push(text);
        self
    }

    /// Adds warnings that concern the whole answer: for scripts among its `warnings`, for people on standard error.
    #[must_use]
    pub fn warned(mut self, warnings: &[Warning]) -> Report {
        for warning in warnings {
            if let Value::Object(answer) = &mut self.json {
                let all = answer.entry("warnings").or_insert_with(|| json!([]));
                if let Value::Array(all) = all {
                    all.push(json::warning(warning));
                }
            }
        }
        self.warnings.extend_from_slice(warnings);
        self
    }

    /// The answer for scripts says as whom something was changed.
    #[must_use]
    pub fn signed(mut self) -> Report {
        if let (Some(told), Value::Object(answer)) = (&self.told, &mut self.json) {
            answer.entry("actor").or_insert_with(|| json!(told.actor));
        }
        self
    }

    /// With something said besides.
    #[must_use]
    pub fn say(mut self, talk: impl Into<String>) -> Report {
        self.talk.push(talk.into());
        self
    }
}

/// Where and how answers are printed.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    /// The form of the answer.
    pub format: Format,
    /// Whether only answers and errors are printed.
    pub quiet: bool,
    /// The width of the page in columns.
    pub width: usize,
}

impl Output {
    /// Prints a report; the exit code.
    pub fn report(&self, report: &Report) -> u8 {
        match self.answer(report) {
            // Whoever closed the pipe has read what they wanted.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            Err(error) => return self.error(&unwritten(report, &error)),
            Ok(()) => {}
        }
        // Where the talk cannot be written, the answer still stands.
        if self.format == Format::Csv || report.raw.is_some() {
            let _ = talk(&report.cautions);
        }
        // Before an error for scripts nothing else stands: it holds them itself.
        if report.failed.is_none() {
            report.warnings.iter().for_each(|warning| self.warn(&warning.in_full()));
        }
        if !self.quiet {
            let _ = talk(&report.talk);
        }
        match &report.failed {
            Some(error) => self.error_warned(error, &report.warnings),
            None if report.found => Kind::Found.code(),
            None => 0,
        }
    }

    fn answer(&self, report: &Report) -> io::Result<()> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        match (&report.raw, self.format, &report.rows) {
            (Some(raw), ..) => out.write_all(raw.as_bytes())?,
            (_, Format::Json, _) => {
                serde_json::to_writer_pretty(Visible(&mut out), &report.json)?;
                writeln!(out)?;
            }
            (_, Format::Csv, Some(rows)) => table::csv(&mut out, rows)?,
            (_, Format::Text | Format::Csv, _) => out.write_all(report.page.text(self.width).as_bytes())?,
        }
        out.flush()
    }

    /// Says something on standard error before the answer, unless `--quiet`.
    pub fn say(&self, lines: &[String]) {
        if !self.quiet {
            let _ = talk(lines);
        }
    }

    /// Prints a warning: something failed that undoes nothing.
    pub fn warn(&self, text: &str) {
        let _ = writeln!(io::stderr().lock(), "warning: {}", clean(text));
    }

    /// Prints an error that is worded already; the exit code of wrong usage.
    pub fn text_error(&self, text: &str) -> u8 {
        let _ = io::stderr().lock().write_all(clean(text).as_bytes());
        Kind::Usage.code()
    }

    /// Prints an error with what must be known besides; its exit code.
    pub fn error_warned(&self, error: &Error, warnings: &[Warning]) -> u8 {
        if self.format != Format::Json || warnings.is_empty() {
            warnings.iter().for_each(|warning| self.warn(&warning.in_full()));
            return self.error(error);
        }
        let mut json = error_json(error);
        json["warnings"] = warnings.iter().map(json::warning).collect();
        let mut err = io::stderr().lock();
        let _ = err.write_all(format!("{json:#}\n").as_bytes()).and_then(|()| err.flush());
        error.kind.code()
    }

    /// Prints an error; its exit code. A closed standard error is no reason to fail otherwise.
    pub fn error(&self, error: &Error) -> u8 {
        let text = match self.format {
            Format::Json => visible(&format!("{:#}\n", error_json(error))).into_owned(),
            Format::Text | Format::Csv => page::error_text(error),
        };
        let mut err = io::stderr().lock();
        let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
        error.kind.code()
    }
}

/// The answer could not be written. Whoever reads only the exit code must not think that nothing was changed.
fn unwritten(report: &Report, error: &io::Error) -> Error {
    // An answer about what is there may name a commit too; only one that did something names an action.
    let made = report.json["action"].as_str().and(report.json["commit"].as_str());
    let hint = match made {
        Some(commit) => format!("the change itself was made, as commit {commit}; do not make it again"),
        None => "see where standard output goes".to_owned(),
    };
    Error::new(Kind::System, format!("the answer could not be written: {}", error::words(error))).hint(hint)
}

fn talk(lines: &[String]) -> io::Result<()> {
    let mut err = io::stderr().lock();
    for line in lines {
        writeln!(err, "{}", clean(line))?;
    }
    err.flush()
}
