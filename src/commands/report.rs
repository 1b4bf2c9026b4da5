//! `csods report`.
use crate::context::Context;
use crate::error::Error;
use crate::output::Report;
/// Report
#[derive(Debug, clap::Args)]
pub struct Args {}
/// Run
pub fn run(_args: &Args, _context: &Context) -> Result<Report, Error> {
    Ok(Report::default())
}
