//! A database for analysts: the tables of an export as tables of SQLite, and views over them.

use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};

use super::Sheets;
use crate::domain::export::{Cell, Column, Kind, Table, tables};

/// The version of the schema, as `PRAGMA user_version` gives it. Tables, columns and views are only ever added.
pub const SCHEMA_VERSION: u32 = 1;

/// The views, for the questions that are asked most.
const VIEWS: &str = include_str!("views.sql");

/// The schema as it is run: every table with what its columns mean, then the views.
pub fn schema() -> String {
    let mut sql = format!(
        "-- The schema of `csods export --as sqlite`. Days and instants are ISO text, instants in UTC; truth values are 0 and 1.\n\
         PRAGMA user_version = {SCHEMA_VERSION};\n\n\
         -- What the export is.\nCREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;\n"
    );
    tables().iter().for_each(|table| sql.push_str(&definition(table)));
    sql.push('\n');
    sql.push_str(VIEWS);
    sql
}

fn definition(table: &Table) -> String {
    let count = table.columns.len();
    let line = |(index, column): (usize, &Column)| {
        let type_name = match column.kind {
            Kind::Count | Kind::YesNo => "INTEGER",
            Kind::Text | Kind::Day | Kind::Instant => "TEXT",
        };
        let role = match column.name.as_str() {
            "reference" if table.name == "cases" => " PRIMARY KEY NOT NULL",
            "case_reference" => " NOT NULL REFERENCES cases (reference)",
            _ => "",
        };
        let comma = if index + 1 < count { "," } else { "" };
        let words =
            if column.words.is_empty() { String::new() } else { format!(": {}", column.words.join(", ")) };
        let about = column.about.replace('\n', " ");
        format!("    \"{}\" {type_name}{role}{comma} -- {about}{words}\n", column.name)
    };
    let columns: String = table.columns.iter().enumerate().map(line).collect();
    format!(
        "\n-- {}\nCREATE TABLE \"{}\" (\n{columns}) STRICT;\n",
        table.about.replace('\n', " "),
        table.name
    )
}

/// Fills an empty file at `path`. The same sheets give the same bytes.
pub fn fill(path: &Path, sheets: &Sheets) -> rusqlite::Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut database = Connection::open_with_flags(path, flags)?;
    // Nobody sees the file before it is whole, and no journal with the same facts is left beside it.
    database
        .execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY;")?;
    database.execute_batch(&schema())?;
    let change = database.transaction()?;
    {
        let mut about = change.prepare("INSERT INTO about VALUES (?1, ?2)")?;
        for (key, value) in &sheets.about {
            about.execute([*key, value.as_str()])?;
        }
        for (table, rows) in &sheets.tables {
            let places = vec!["?"; table.columns.len()].join(", ");
            let mut insert = change.prepare(&format!("INSERT INTO \"{}\" VALUES ({places})", table.name))?;
            for row in rows {
                insert.execute(params_from_iter(row.iter().map(value)))?;
            }
        }
    }
    change.commit()?;
    database.close().map_err(|(_, error)| error)
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Nothing => Value::Null,
        Cell::Count(count) => Value::Integer(*count),
        Cell::YesNo(value) => Value::Integer(i64::from(*value)),
        Cell::Text(_) | Cell::Day(_) | Cell::Instant(_) => Value::Text(cell.text()),
    }
}
