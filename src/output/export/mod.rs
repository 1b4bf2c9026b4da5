//! Exported cases as files for other programs: tables as CSV, XLSX and SQLite.

pub mod sqlite;
pub mod xlsx;

use std::io;

use super::table;
use crate::domain::export::{Cell, Table, tables};
use crate::domain::node::Node;

/// The tables of exported cases, with their rows.
pub struct Sheets {
    /// Each table and its rows, that of the cases first.
    pub tables: Vec<(Table, Vec<Vec<Cell>>)>,
    /// What the export is: keys and values.
    pub about: Vec<(&'static str, String)>,
}

impl Sheets {
    /// The tables of these cases, in their order.
    pub fn of(cases: &[Node], about: Vec<(&'static str, String)>) -> Sheets {
        let rows = |table: Table| {
            let rows = cases.iter().flat_map(|case| table.rows(case)).collect();
            (table, rows)
        };
        Sheets { tables: tables().into_iter().map(rows).collect(), about }
    }

    /// The table of the cases as CSV. A cell that a spreadsheet would run as a formula gets an apostrophe in front.
    pub fn csv(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        if let Some((table, rows)) = self.tables.first() {
            let header: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
            let rows = rows.iter().map(|row| row.iter().map(Cell::text).collect::<Vec<_>>());
            table::csv_rows(&mut bytes, &header, rows)?;
        }
        Ok(bytes)
    }
}
