//! `csods settings`: what a force may set.

use serde_json::json;

use crate::context::Context;
use crate::error::Error;
use crate::output::{Page, Report};
use crate::store::{SETTINGS, files};

/// Checks the settings
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Reports every problem in csods.toml and the calendars as they stand on disk (exit code 11 where there is one)
    Check,
}

/// Reads the files as they stand on disk, so that a change can be checked before `csods commit` takes it in.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    let What::Check = args.what;
    let store = context.store()?;
    let head = store.head()?;
    let mut calendars = head.names_in("calendars")?;
    calendars.extend(
        store
            .status()?
            .into_iter()
            .filter_map(|file| file.path.strip_prefix("calendars/").map(str::to_owned)),
    );
    calendars.sort();
    calendars.dedup();
    let mut problems = Vec::new();
    if let Some(bytes) = store.working(SETTINGS)? {
        problems.extend(
            files::read_settings(&bytes)
                .err()
                .unwrap_or_default()
                .into_iter()
                .map(|f| (SETTINGS.to_owned(), f)),
        );
    }
    for name in calendars.iter().filter(|name| name.ends_with(".toml")) {
        let path = format!("calendars/{name}");
        if let Some(bytes) = store.working(&path)? {
            let found = files::read_calendar(&bytes).err().unwrap_or_default();
            problems.extend(found.into_iter().map(|finding| (path.clone(), finding)));
        }
    }
    let mut page = Page::default();
    for (file, finding) in &problems {
        page.say(format!("{file}:{}:{}: {}", finding.line, finding.column, finding.problem));
    }
    if problems.is_empty() {
        page.say("the settings are in order");
    }
    let problem = |(file, finding): &(String, files::Finding)| {
        json!({
            "file": file, "line": finding.line, "column": finding.column,
            "path": finding.problem.path.to_string(), "problem": finding.problem.fault.to_string(),
        })
    };
    let json = json!({"version": 1, "problems": problems.iter().map(problem).collect::<Vec<_>>()});
    Ok(Report { found: !problems.is_empty(), ..Report::new(json, page) })
}
