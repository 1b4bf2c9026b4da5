//! `csods exit-codes`: the table scripts rely on.

use serde_json::json;

use crate::error::{Error, Kind};
use crate::output::{Block, Page, Report, Rows};

/// Prints the exit codes and what each means
#[derive(Debug, clap::Args)]
pub struct Args {}

/// The table; frozen.
pub fn run(_: &Args) -> Result<Report, Error> {
    let mut rows = vec![vec!["0".to_owned(), "done".to_owned(), "done".to_owned()]];
    rows.extend(
        Kind::ALL
            .iter()
            .map(|kind| vec![kind.code().to_string(), kind.name().to_owned(), kind.meaning().to_owned()]),
    );
    let code = |row: &Vec<String>| json!({"code": row[0].parse::<u8>().unwrap_or(0), "kind": row[1], "meaning": row[2]});
    let json = json!({"version": 1, "exit_codes": rows.iter().map(code).collect::<Vec<_>>()});
    let header = vec!["code", "kind", "meaning"];
    let page = Page(vec![Block::Table(header.clone(), rows.clone())]);
    Ok(Report { rows: Some(Rows { header, rows }), ..Report::new(json, page) })
}
