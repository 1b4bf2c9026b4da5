//! Tables for people and rows for spreadsheets.

use std::io::{self, Write};

use comfy_table::{ContentArrangement, Table};

use super::Rows;
use super::page::clean;

/// A table without lines: columns are told apart by space, so that it reads the same in a pipe and aloud.
pub fn table(header: &[&'static str], rows: &[Vec<String>], width: usize) -> String {
    let narrow = width < 60 && header.len() > 3;
    if narrow {
        return stacked(header, rows);
    }
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(width).unwrap_or(u16::MAX));
    table.set_header(header.iter().map(|name| name.to_uppercase()));
    for row in rows {
        table.add_row(row.iter().map(|cell| clean(cell)));
    }
    table.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// In a narrow window each row becomes a few lines of its own.
fn stacked(header: &[&'static str], rows: &[Vec<String>]) -> String {
    let mut text = String::new();
    for row in rows {
        for (position, (name, cell)) in
            header.iter().zip(row).enumerate().filter(|(_, (_, cell))| !cell.is_empty())
        {
            match position {
                0 => text.push_str(&format!("{}\n", clean(cell))),
                _ => text.push_str(&format!("  {name}: {}\n", clean(cell))),
            }
        }
    }
    text
}

/// Rows as CSV. A cell that a spreadsheet would run as a formula gets an apostrophe in front.
pub fn csv(out: &mut impl Write, rows: &Rows) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(&rows.header)?;
    for row in &rows.rows {
        writer.write_record(row.iter().map(|cell| {
            if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.clone() }
        }))?;
    }
    writer.flush()
}
