//! `csods`: a case tool for the Child Sex Offender Disclosure Scheme. Applications are YAML files in a directory under
//! git; every change is one commit.
//!
//! # How a command flows
//!
//! ```text
//! argv ─clap→ Args ─command→ Action or question ─domain→ new Case, findings ─store→ one git commit
//!               (Context: store, settings, now, actor)                          │
//!                                    Report ←───────────────────────────────────┘ ─output→ stdout, stderr, exit code
//! ```
//!
//! Data flows one way, and everything is worked out on values before anything is written: a command that is refused has
//! changed nothing. The rules carry the numbers of the scheme (`C1`, `K2`, `O3` ...) in documentation, refusals and tests.
//!
//! # The modules
//!
//! - [`cli`]: the global options, and the commands in the order in which people work.
//! - [`context`]: what every command works with. The only reader of the clock, the environment and git's identity;
//!   `context::clock` says where the clock cannot be right.
//! - [`commands`]: a file a command: its arguments, its help, and what it does. They return a [`output::Report`], print
//!   nothing and know no rules. [`commands::change`] is what all changing commands share, [`commands::batch`] the same for
//!   very many actions at once, with what was done under which id ([`commands::batch::marks`], and
//!   [`commands::batch::again`] for a line given again) and which line became which
//!   commit; [`commands::commit_text`] words every commit and reads its trailers; [`commands::answers`] makes the flags from the shape of a record. [`commands::schema`] prints the JSON Schema
//!   of every answer, made from the same shapes; [`commands::hooks`] tells a person's own programs of a change that was made.
//! - [`ask`]: the conversation with a person at a terminal.
//! - [`domain`]: values in, values out; no files, git, clock, environment or terminal.
//!   - [`domain::case`]: the case as it stands in YAML; [`domain::shape`] and [`domain::record`]: how a record declares
//!     its fields, questions and form once, for files, flags, prompts and `--help` alike.
//!   - [`domain::action`]: everything that can happen to a case; [`domain::workflow::apply`] is the one door for it.
//!   - [`domain::clocks`], [`domain::calendar`], [`domain::deadlines`]: what is due, with the arithmetic in words.
//!   - [`domain::findings`]: what a case needs next, and what must be warned of; [`domain::story`]: its history as
//!     sentences; [`domain::similarity`]: persons near enough to point out.
//!   - [`domain::history`]: what each action of a commit is named by, and the actions read back from it, by undoing them.
//!   - [`domain::letter`]: the kinds of letter, the facts that each may see, who may be written to, and the engine of the
//!     templates, which gives a template those facts and no others.
//!   - [`domain::statistics`]: the numbers a force is asked for, each with its definition, and hiding small ones.
//!   - [`domain::row`]: a case as views of many show it; [`domain::query`]: which cases are meant; [`domain::search`]:
//!     what is written in them.
//!   - [`domain::folding`]: text without what spelling leaves open; [`domain::invisible`]: characters that nobody sees.
//!   - [`domain::export`]: what an export holds of a case, what is kept back from it, and the tables that it makes;
//!     [`domain::schema`]: the JSON Schema of a shape.
//!   - [`domain::mapping`]: how the columns of another system become keys of a case; [`domain::importing`]: such a case.
//!   - [`domain::settings`]: what a force may choose; [`domain::node`]: the neutral tree between text formats and types;
//!     [`domain::reference`], [`domain::scalars`], [`domain::time`]: references, single values, instants and days.
//! - [`store`]: the directory and its history: reading HEAD, writing a change as one commit, crashes, the lock.
//!   Whom it trusts on disk, and who may read what it makes, is in `store::beneath`, `store::rights` and `store::survey`.
//!   [`store::yaml`] alone names the YAML crate, the folder `git` alone git2, [`store::index`] alone SQLite (beside
//!   [`output::export::sqlite`], which writes a database for others).
//!   [`store::rows`]: tables of other systems.
//! - [`output`]: reports as text, tables, JSON and CSV; letters as HTML, PDF and text ([`output::letter`]); exports
//!   as CSV, workbook and database ([`output::export`]). Nothing else
//!   prints. [`output::letter::pdf`] alone names the crates that make a PDF, and holds its fonts.
//! - [`error`]: the one error type: what was refused, what to do, its exit code.
//!
//! # Where do I put ...?
//!
//! - *A new fact of a case*: a field in [`domain::case`], documented by its question and its rule. File format, flag,
//!   prompt, help and `show` follow from that.
//! - *A rule*: a function in [`domain::workflow`] beside those of the same record, with its number and a table of tests;
//!   where any case must keep it at any time, in [`domain::workflow::consistency`] as well.
//! - *Something that can happen*: a variant of [`domain::action::Action`], its record, the stages it belongs to, and a
//!   command of twenty lines.
//! - *A number or list that forces choose differently*: [`domain::settings`] and `default.toml`, with unit and rule.
//! - *A letter*: a kind in [`domain::case::LetterKind`] with its audience and its facts, its time in
//!   [`domain::letter::guards`], its words in `templates/`, and what it looks like in `tests/letters/`.
//! - *Something to be pointed out*: [`domain::findings`].
//! - *A number*: [`domain::statistics::measures`], with its definition; how it hangs together with others stands in
//!   [`domain::statistics::suppression`].
//! - *A command that only asks*: a file in [`commands`] that builds a [`output::Page`] and JSON from the domain's answers, and a
//!   row in `README.md`.
//! - *A view of many cases*: a command that asks [`commands::caseload`]; what it needs of a case is a field of
//!   [`domain::row::Row`], packed by the index. An index that other sources made is never read (`build.rs`).
//! - *A new look of an answer*: [`output`]. Its schema stands in [`commands::schema`]; every answer of the tests is held
//!   against it.
//! - *A fact that an export must be able to keep back*: [`domain::export::Redaction`].
//! - *Anything that touches the disk or git*: [`store`], with a crash point in [`store::fault`].
//! - *An example case*: a story in `tests/examples/`; *a page for people*: `tests/walkthroughs/`. Both are run as tests.
//! - *Something that reads bytes which may be hostile*: a target in `tests/fuzz/`.

pub mod ask;
pub mod cli;
pub mod commands;
pub mod context;
pub mod domain;
pub mod error;
#[cfg(test)]
#[path = "../tests/fuzz/mod.rs"]
mod fuzz;
pub mod output;
pub mod store;

use std::ffi::OsString;
use std::panic;
use std::sync::OnceLock;

use clap::CommandFactory;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::cli::Cli;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::output::{Format, Output, Report};

/// Runs the command of this process: the exit code.
pub fn run() -> u8 {
    guarded(command)
}

/// Where in the source a fault of the program came up.
static FAULT: OnceLock<String> = OnceLock::new();

/// Runs what may have a fault: then the exit code is that of an internal one, and no word of the panic, which could quote
/// a case, is printed.
fn guarded(work: fn() -> u8) -> u8 {
    panic::set_hook(Box::new(|info| {
        let at = info.location().map(|at| format!("{}:{}", at.file(), at.line())).unwrap_or_default();
        let _ = FAULT.set(at);
    }));
    panic::catch_unwind(work).unwrap_or_else(|_| {
        let at = FAULT.get().map_or("", String::as_str);
        let error = Error::new(Kind::Internal, format!("csods has a fault, at {at}"))
            .hint(
                "nothing is half done: the next change finishes or discards the rest. `csods log` says whether the change was \
                 made: look before you make it again. Tell those who maintain csods the place",
            );
        let arguments: Vec<OsString> = std::env::args_os().collect();
        let format = if wants_json(&arguments) { Format::Json } else { Format::Text };
        Output { format, quiet: false, width: 100 }.error(&error)
    })
}

/// Whether `--format json` stands on a command line that could not be read otherwise.
fn wants_json(arguments: &[OsString]) -> bool {
    arguments.iter().any(|argument| argument == "--format=json" || argument == "--json")
        || arguments.windows(2).any(|pair| pair[0] == "--format" && pair[1] == "json")
}

/// What `--version` says; the same as clap says it.
const VERSION: &str = concat!("csods ", env!("CARGO_PKG_VERSION"), "\n");

fn command() -> u8 {
    // Scripts ask for it alone, to see whether the program is there: no command line has to be made for that.
    if std::env::args_os().skip(1).eq(["--version"]) {
        let plain = Output { format: Format::Text, quiet: false, width: 100 };
        return plain.report(&Report::raw(VERSION.to_owned()));
    }
    clap_complete::CompleteEnv::with_factory(Cli::command).var(cli::COMPLETE).complete();
    let arguments = commands::filters::with_denials(std::env::args_os().collect());
    let cli = match Cli::read(&arguments) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, &arguments),
    };
    let plain = Output { format: cli.options().format, quiet: false, width: 100 };
    let code = match Context::new(cli.options()) {
        Err(error) => plain.error(&error),
        Ok(context) => match cli.run(&context) {
            Ok(report) => {
                let report = report.signed().warned(&context.clock_warnings());
                let code = context.output().report(&report);
                context.warnings().iter().for_each(|warning| context.output().warn(warning));
                if let Some(told) = &report.told {
                    commands::hooks::tell(&context, context.output(), told);
                    context.output().say(&[format!("recorded as {}", told.actor)]);
                }
                code
            }
            Err(error) => context.output().error_warned(&error, &context.clock_warnings()),
        },
    };
    ask::end_if_interrupted();
    code
}

/// Help and version are answers; anything else is wrong usage, said in the form that was asked for.
fn usage(error: &clap::Error, arguments: &[OsString]) -> u8 {
    let text = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
            if lists_commands(error) =>
        {
            whole_help(arguments)
        }
        _ => without_stray_words(error),
    };
    let plain = Output { format: Format::Text, quiet: false, width: 100 };
    if !error.use_stderr() {
        return plain.report(&Report::raw(text));
    }
    if wants_json(arguments) {
        let (first, rest) = text.trim().split_once('\n').unwrap_or((text.trim(), ""));
        let message = first.trim_start_matches("error: ").to_owned();
        let error =
            Error::new(Kind::Usage, message).hint(rest.split_whitespace().collect::<Vec<_>>().join(" "));
        return Output { format: Format::Json, ..plain }.error(&error);
    }
    plain.text_error(&text)
}

/// The error without a word that was one too many: it may be a personal fact that was meant for `--from`.
fn without_stray_words(error: &clap::Error) -> String {
    let text = error.render().to_string();
    match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(word))
            if error.kind() == ErrorKind::UnknownArgument && !word.starts_with('-') =>
        {
            text.replace(&format!("'{word}' "), "")
        }
        _ => text,
    }
}

/// Whether it is the page that lists the commands, and not that of one of them.
fn lists_commands(error: &clap::Error) -> bool {
    error.render().to_string().contains("\nUsage: csods [OPTIONS] <COMMAND>")
}

/// The page that lists the commands. What each is about is known only once all of them are made.
fn whole_help(arguments: &[OsString]) -> String {
    let mut command = Cli::command();
    command.build();
    let long = arguments.iter().any(|argument| argument == "--help");
    let page = if long { command.render_long_help() } else { command.render_help() };
    page.to_string()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_fault_is_an_internal_one_with_its_code() {
        let hook = std::panic::take_hook();
        let code = super::guarded(|| "\u{e9}"[1..].len() as u8);
        std::panic::set_hook(hook);
        assert_eq!(code, 1);
    }

    #[test]
    fn the_version_is_the_one_that_the_command_line_has() {
        assert_eq!(super::VERSION, <super::Cli as clap::CommandFactory>::command().render_version());
    }
}
