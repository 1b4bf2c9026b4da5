//! `csods workload`: who has what.

use std::collections::BTreeMap;

use serde_json::json;

use super::filters::Wanted;
use crate::context::Context;
use crate::domain::query::{Flag, Test};
use crate::domain::row::Row;
use crate::error::Error;
use crate::output::{Block, Page, Report, Rows};

/// Shows for each person how many open cases they look after, how many are overdue, how old they are, and the oldest
///
/// Ages are whole local days since receipt, in the bands that forces are asked for (N2). Cases that nobody looks after
/// stand under `nobody`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    wanted: Wanted,
}

/// The bands of age in days, each to its last day (N2).
const BANDS: [(&str, i64); 5] =
    [("0-20", 20), ("21-28", 28), ("29-35", 35), ("36-45", 45), ("over 45", i64::MAX)];

/// What somebody has.
#[derive(Default)]
struct Load<'r> {
    overdue: usize,
    urgent: usize,
    bands: [usize; BANDS.len()],
    rows: Vec<&'r Row>,
}

/// The table of people, most overdue first.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    let office = context.office()?;
    let mut query = args.wanted.query(context, &office)?;
    query.and(Test::Flag(Flag::Open));
    let read = args.wanted.caseload(context, &office).rows(&query)?;
    let (now, zone) = (context.now, office.settings.zone());
    let mut loads: BTreeMap<&str, Load<'_>> = BTreeMap::new();
    for row in &read.found {
        let load = loads.entry(row.owner.as_ref().map_or("nobody", |owner| owner.as_str())).or_default();
        load.overdue += usize::from(row.is_overdue(now));
        load.urgent += usize::from(row.urgent);
        let age = row.age(now, zone);
        if let Some(band) = BANDS.iter().position(|(_, last)| age <= *last) {
            load.bands[band] += 1;
        }
        load.rows.push(row);
    }
    let mut loads: Vec<(&str, Load<'_>)> = loads.into_iter().collect();
    loads.sort_by_key(|(owner, load)| (std::cmp::Reverse(load.overdue), *owner));

    let header: Vec<&'static str> = ["owner", "open", "overdue", "urgent"]
        .into_iter()
        .chain(BANDS.iter().map(|(name, _)| *name))
        .chain(["oldest", "age"])
        .collect();
    let mut rows = Vec::new();
    let mut owners = Vec::new();
    for (owner, load) in &loads {
        let oldest = load.rows.iter().min_by_key(|row| (row.received, &row.reference));
        let age = oldest.map(|row| row.age(now, zone));
        let counts = [load.rows.len(), load.overdue, load.urgent].into_iter().chain(load.bands);
        let oldest = oldest.map(|row| row.reference.as_str()).unwrap_or_default();
        let cells = std::iter::once((*owner).to_owned()).chain(counts.map(|count| count.to_string()));
        rows.push(
            cells.chain([oldest.to_owned(), age.map(|age| age.to_string()).unwrap_or_default()]).collect(),
        );
        let bands: serde_json::Map<_, _> = BANDS
            .iter()
            .zip(load.bands)
            .map(|((name, _), count)| ((*name).to_owned(), json!(count)))
            .collect();
        owners.push(json!({
            "owner": if *owner == "nobody" { json!(null) } else { json!(owner) },
            "open": load.rows.len(),
            "overdue": load.overdue,
            "urgent": load.urgent,
            "age_bands": bands,
            "oldest": oldest,
            "oldest_age_days": age,
        }));
    }
    let mut page = Page::default();
    match rows.is_empty() {
        true => page.say("no case is open"),
        false => page.0.push(Block::Table(header.clone(), rows.clone())),
    }
    let json = json!({"version": 1, "total": read.found.len(), "owners": owners});
    let report = Report { rows: Some(Rows { header, rows }), ..Report::new(json, page) };
    drop(loads);
    Ok(read.mark(report))
}
