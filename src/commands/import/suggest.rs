//! A first mapping for a file.

use super::{Args, new_file};
use crate::domain::mapping;
use crate::domain::mapping::Encoding;
use crate::error::{Error, Kind};
use crate::output::{Page, Report};
use crate::store::files;
use crate::store::rows::{Given, Wanted};

/// Writes a mapping for the file, to standard output or to a new file.
pub(super) fn run(args: &Args, given: &Given) -> Result<Report, Error> {
    let mut wanted = Wanted { sheet: args.sheet.clone(), heading_row: 1, ..Wanted::default() };
    if given.has_older_letters() {
        wanted.encoding = Some(Encoding::Windows);
    }
    let table = given.table(&wanted)?;
    let columns: Vec<Vec<_>> =
        (0..table.headings.len()).map(|at| table.rows.iter().map(|row| &row.cells[at]).collect()).collect();
    let text = mapping::suggest(&table.headings, &columns, args.sheet.as_deref(), wanted.encoding);
    // What is suggested is read by the same reader as what a person makes of it.
    if files::read_mapping(text.as_bytes()).is_err() {
        return Err(Error::new(Kind::Internal, "the mapping that was made cannot be read"));
    }
    match &args.output {
        None => Ok(Report::raw(text)),
        Some(path) => {
            new_file(path, text.as_bytes())?;
            let json =
                serde_json::json!({"version": 1, "action": "suggest", "columns": table.headings.len()});
            Ok(Report::new(json, Page::line("the mapping was written; read it through before you use it")))
        }
    }
}
