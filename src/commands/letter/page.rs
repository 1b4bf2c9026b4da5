//! Where a letter goes once it is made: to the screen, or as a page to a file that nobody else can read.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::context::{Context, Office};
use crate::domain::letter::outgoing::NOT_TO_BE_SENT;
use crate::domain::record::Problem;
use crate::error::{Error, Kind};
use crate::output::letter::document::Document;
use crate::output::letter::pdf::{Look, Print};
use crate::output::letter::{html, markdown, pdf, text};
use crate::output::{Block, Page, Report, file};

/// The forms of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Form {
    /// A page for a browser, which needs nothing else
    Html,
    /// A page to print, with its address for the window of an envelope; needs --output
    Pdf,
    /// Plain text
    Txt,
    /// The Markdown as it is stored
    Md,
}

/// The words of a letter.
pub struct Written {
    /// The letter as it is stored; where it is held, with that said in it.
    pub text: String,
    /// Whether it must not be sent (A5).
    held: bool,
}

impl Written {
    /// A letter that may go out, or what is for the officers.
    pub fn new(text: String) -> Written {
        Written { text, held: false }
    }

    /// A copy for the file of a letter that must not be sent: that stands above and below its words (A5).
    pub fn copy_for_file(text: &str) -> Written {
        let (head, body) = text.split_once("\n---\n").unwrap_or((text, ""));
        let body = body.trim_matches('\n');
        let text = format!("{head}\n---\n\n**{NOT_TO_BE_SENT}**\n\n{body}\n\n**{NOT_TO_BE_SENT}**\n");
        Written { text, held: true }
    }
}

/// A form, and where the page goes.
pub struct Target {
    form: Form,
    output: Option<PathBuf>,
    large_print: bool,
    wanted: bool,
}

impl Target {
    /// What the flags ask for; without a form, the one that the file's name ends with, else plain text. A page never goes into the store: nothing is there that is not committed (X1).
    pub fn new(
        form: Option<Form>,
        output: Option<&Path>,
        large_print: bool,
        context: &Context,
        office: &Office,
    ) -> Result<Target, Error> {
        let output = output.map(|path| context.directory().join(path));
        let ending = output.as_ref().and_then(|path| path.extension()).and_then(|ending| ending.to_str());
        let named = match ending {
            Some("html" | "htm") => Form::Html,
            Some("pdf") => Form::Pdf,
            Some("md") => Form::Md,
            _ => Form::Txt,
        };
        let wanted = form.is_some() || output.is_some();
        let form = form.unwrap_or(named);
        if large_print && !matches!(form, Form::Html | Form::Pdf) {
            return Err(
                Error::new(Kind::Usage, "--large-print is for pages").hint("add --as html or --as pdf")
            );
        }
        match &output {
            Some(path) => outside(path, office.store.root())?,
            None if form == Form::Pdf => {
                return Err(Error::new(Kind::Usage, "a PDF goes to a file").hint("name it by --output FILE"));
            }
            None => {}
        }
        Ok(Target { form, output, large_print, wanted })
    }

    /// Whether a page was asked for.
    pub fn is_wanted(&self) -> bool {
        self.wanted
    }

    /// O3: what only the officers may see does not go where others could read it.
    pub fn private(&self, context: &Context) -> Result<(), Error> {
        let open = match &self.output {
            Some(path) => file::is_open_to_others(path)?,
            None => context.prints_into_open_file(),
        };
        if open {
            let what = "others could read that file: this goes to the screen, or to a file of mode 0600 (O3)";
            return Err(
                Error::new(Kind::Refused, what).hint("name a new file by --output; nothing was changed")
            );
        }
        Ok(())
    }

    /// The page of a letter.
    pub fn page(&self, stored: &Written) -> Result<Vec<u8>, Error> {
        let Written { text: stored, held } = stored;
        if self.form == Form::Md {
            return Ok(stored.as_bytes().to_vec());
        }
        let unread = || {
            let what = "the letter cannot be read: what says to whom and when is not in front of it";
            Error::new(Kind::Damaged, what)
        };
        let document = markdown::read(stored).ok_or_else(unread)?;
        let document = Document { held: held.then(|| NOT_TO_BE_SENT.to_owned()), ..document };
        let page = match self.form {
            Form::Html => html::html(&document, self.large_print),
            Form::Txt | Form::Md => text::text(&document),
            Form::Pdf => {
                let print = if self.large_print { Print::Large } else { Print::Normal };
                let look = Look { print, date: markdown::day(stored).ok_or_else(unread)? };
                return pdf::pdf(&document, &look).map_err(|fault| {
                    Error::new(Kind::Refused, format!("the letter cannot be printed: {fault}"))
                        .hint("make it --as html and print that; nothing was changed")
                });
            }
        };
        Ok(page.into_bytes())
    }

    /// Makes the page of a stored letter and hands it over.
    pub fn deliver(&self, stored: &Written, json: Value, after: Option<Report>) -> Result<Report, Error> {
        self.hand_over(&self.page(stored)?, json, after)
    }

    /// Writes the page to its file, or shows it; after a change, what was changed is said as well.
    pub fn hand_over(&self, page: &[u8], json: Value, after: Option<Report>) -> Result<Report, Error> {
        let Some(path) = &self.output else {
            let page = String::from_utf8_lossy(page).into_owned();
            let shown = Report { json, page: Page(vec![Block::Verbatim(page)]), ..Report::default() };
            return Ok(match after {
                // A page on standard output is the answer; what was done is said besides.
                Some(report) => report.talk.iter().fold(shown, |shown, line| shown.say(line.clone())),
                None => shown,
            });
        };
        let written = file::write_private(path, page).map_err(|error| {
            let made = match &after {
                Some(_) => "the letter is committed; make the page again with its id instead of its kind",
                None => "nothing was changed",
            };
            Error::new(Kind::System, format!("the page could not be written: {}", error.kind()))
                .hint(made)
                .place(path.display().to_string())
        });
        written?;
        let mut report = after.unwrap_or_else(|| Report { json, ..Report::default() });
        report.page.say(format!("written to {}, readable by you alone", path.display()));
        Ok(report)
    }
}

/// Refuses a file in the store, or in a directory that is not there.
fn outside(path: &Path, store: &Path) -> Result<(), Error> {
    let missing = |error: std::io::Error| {
        let kind = if error.kind() == std::io::ErrorKind::NotFound { Kind::NotFound } else { Kind::System };
        Error::new(kind, format!("the directory of the page could not be read: {}", error.kind()))
            .hint("name a file in a directory that is there; nothing was changed")
            .place(path.display().to_string())
    };
    let directory = path.parent().unwrap_or(Path::new("/")).canonicalize().map_err(missing)?;
    if directory.starts_with(store.canonicalize().map_err(missing)?) {
        let problem =
            Problem::rule("output", "X1", "lies in the store, where nothing is that is not committed");
        return Err(Error::new(Kind::Refused, "a page does not go into the store")
            .hint("name a file outside it by --output; nothing was changed")
            .problems(vec![problem]));
    }
    Ok(())
}
