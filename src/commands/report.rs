//! `csods report`: the page for a monthly meeting.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::{export, past::Days};
use crate::context::Context;
use crate::domain::statistics::meeting::{Meeting, last_twelve_months};
use crate::error::{Error, Kind};
use crate::output::file;
use crate::output::report::{Heading, html};
use crate::output::{Page, Report};

/// Writes one page of HTML for a monthly meeting: caseload, ages, arrivals and closures, clocks, outcomes
///
/// The page needs nothing else: no network, no scripts; it reads on a screen, on a phone, on paper and aloud, and holds no
/// personal fact. The same store at the same moment gives the same bytes. It looks back on the twelve months that end now,
/// or on the period that is given.
///
/// It is for the unit's own meeting and shows every count, and says so; with `--suppress` small counts are hidden as in
/// `csods stats`, so that it can be handed on.
///
/// Example: csods report --output report.html
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file to write, outside the store; what it held before is replaced in one step. `-` for standard output
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    output: PathBuf,
    #[command(flatten)]
    days: Days,
    /// Hide small counts (N3), and others so that none of them can be worked out
    #[arg(long, overrides_with = "no_suppress")]
    suppress: bool,
    /// Show every count, as is done unless you say otherwise
    #[arg(long, overrides_with = "suppress")]
    no_suppress: bool,
    /// Hide counts under this many; else `statistics.suppress_under` of the settings, 5 by default
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100), requires = "suppress")]
    threshold: Option<u32>,
}

/// The page.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    let to_stdout = args.output.as_os_str() == "-";
    let path = context.directory().join(&args.output);
    if !to_stdout {
        outside(&path, context.store()?.root())?;
    }
    let past = args.days.past(context)?;
    let (now, zone) = (past.now, past.office.settings.zone());
    let facts = past.facts(context, None, |_| true)?;
    let years = || last_twelve_months(zone.day(now));
    let period = args.days.stated().or_else(years).ok_or_else(|| {
        Error::new(Kind::Usage, "there are no twelve months before this day").hint("state a --period")
    })?;
    if period.first > zone.day(now) {
        return Err(Error::new(Kind::Usage, "the period begins after the day that is counted for")
            .hint("take an earlier one"));
    }
    let under = args.threshold.unwrap_or_else(|| past.office.settings.suppress_under());
    let under = (args.suppress && under > 0).then_some(under);
    let meeting = Meeting::of(&facts, period, now, zone, under);
    let heading = Heading {
        force: past.office.settings.force.name.as_str().to_owned(),
        period: meeting.period.in_words(),
        counted: zone.in_words(now),
        remark: past.backward_in_words(),
        commit: past.commit(),
        suppressed_under: under,
    };
    let page = html(&heading, &meeting);
    if to_stdout {
        return Ok(Report::raw(page));
    }
    if !context.options.dry_run {
        file::write_private(&path, page.as_bytes()).map_err(|error| export::unwritten(&path, &error))?;
    }
    let json = json!({
        "version": 1,
        "output": path.display().to_string(),
        "bytes": page.len(),
        "period": {"from": meeting.period.first.to_string(), "to": meeting.period.last.to_string()},
        "counted_at": now.to_string(),
        "commit": past.commit(),
        "backward": past.backward_json(),
        "suppressed": under.is_some(),
        "suppressed_under": under,
        "dry_run": context.options.dry_run,
    });
    let said = match context.options.dry_run {
        true => format!("dry run: {} would be written", path.display()),
        false => format!("written to {}", path.display()),
    };
    Ok(Report::new(json, Page::line(said)))
}

/// The store is not a place for pages and exports: what lies in it is a case, or an edit by hand.
pub fn outside(path: &Path, store: &Path) -> Result<(), Error> {
    let inside = || {
        Error::new(Kind::Usage, "the file cannot be written into the store").hint("name a file outside of it")
    };
    let (Some(above), Some(_)) = (path.parent(), path.file_name()) else {
        return Err(Error::new(Kind::Usage, "no file is named").hint("name a file outside the store"));
    };
    let above = above.canonicalize().map_err(|error| {
        let kind = if error.kind() == std::io::ErrorKind::NotFound { Kind::NotFound } else { Kind::System };
        Error::new(kind, format!("the directory of the file cannot be used: {}", error.kind()))
            .place(above.display().to_string())
            .hint("make it first, or name another")
    })?;
    let store = store.canonicalize().map_err(Error::from)?;
    if above.starts_with(&store) {
        return Err(inside());
    }
    if path.is_dir() {
        return Err(Error::new(Kind::Usage, "a directory is named").hint("name a file in it"));
    }
    Ok(())
}
