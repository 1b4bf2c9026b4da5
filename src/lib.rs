//! `csods`: a case tool for the Child Sex Offender Disclosure Scheme.

pub mod ask;
pub mod cli;
pub mod commands;
pub mod context;
pub mod domain;
pub mod error;
pub mod output;
pub mod store;

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

use crate::cli::Cli;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::output::{Format, Output, Report};

/// Runs the command of this process: the exit code.
pub fn run() -> u8 {
    clap_complete::CompleteEnv::with_factory(Cli::command).var(cli::COMPLETE).complete();
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, &arguments),
    };
    let plain = Output { format: cli.options().format, quiet: false, width: 100 };
    let code = match Context::new(cli.options()) {
        Err(error) => plain.error(&error),
        Ok(context) => match cli.run(&context) {
            Ok(report) => context.output().report(&report),
            Err(error) => context.output().error(&error),
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
        _ => error.render().to_string(),
    };
    let plain = Output { format: Format::Text, quiet: false, width: 100 };
    if !error.use_stderr() {
        return plain.report(&Report::raw(text));
    }
    let json = arguments.iter().any(|argument| argument == "--format=json")
        || arguments.windows(2).any(|pair| pair[0] == "--format" && pair[1] == "json");
    if json {
        let (first, rest) = text.trim().split_once('\n').unwrap_or((text.trim(), ""));
        let message = first.trim_start_matches("error: ").to_owned();
        let error =
            Error::new(Kind::Usage, message).hint(rest.split_whitespace().collect::<Vec<_>>().join(" "));
        return Output { format: Format::Json, ..plain }.error(&error);
    }
    plain.text_error(&text)
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
