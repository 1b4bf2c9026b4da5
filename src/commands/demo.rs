//! `csods demo`: example cases, and one application through its whole life.

use crate::context::Context;
use crate::error::Error;
use crate::output::{Page, Report};

/// Makes an example store
#[derive(Debug, clap::Args)]
pub struct Args {
    /// d
    dir: Option<std::path::PathBuf>,
}

/// x
pub fn run(_: &Args, _: &Context) -> Result<Report, Error> {
    Ok(Report::new(serde_json::Value::Null, Page::default()))
}
