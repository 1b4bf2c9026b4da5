//! `csods man`: the manual pages.

use clap::CommandFactory;

use crate::cli::Cli;
use crate::error::{Error, Kind};
use crate::output::Report;

/// Prints a manual page: csods man | man -l -
///
/// With a command's name, that command's page.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which command; the whole tool where left out
    command: Option<String>,
}

/// The page, as roff.
pub fn run(args: &Args) -> Result<Report, Error> {
    let mut top = Cli::command();
    top.build();
    let command = match &args.command {
        None => top,
        Some(name) => top.find_subcommand(name).cloned().ok_or_else(|| {
            Error::new(Kind::NotFound, "there is no such command").hint("csods --help lists them")
        })?,
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    String::from_utf8(page).map(Report::raw).map_err(|_| Error::new(Kind::Internal, "the page is not text"))
}
