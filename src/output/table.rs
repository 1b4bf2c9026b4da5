//! Tables for people and rows for spreadsheets.

use std::io::{self, Write};

use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width};
use unicode_width::UnicodeWidthStr;

use super::Rows;
use super::page::clean;

/// The space between two columns.
const GAP: usize = 2;

/// A table without lines: columns are told apart by space, so that it reads the same in a pipe and aloud. Where the page
/// is too narrow the widest columns give way first, and no word is broken.
pub fn table(header: &[&'static str], rows: &[Vec<String>], width: usize) -> String {
    let head: Vec<String> = header.iter().map(|name| name.to_uppercase()).collect();
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| clean(cell)).collect()).collect();
    let Some(widths) = widths(&head, &rows, width) else { return stacked(header, &rows) };
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::MAX);
    table.set_header(head);
    table.add_rows(rows);
    for (index, width) in widths.iter().enumerate() {
        if let Some(column) = table.column_mut(index) {
            column.set_padding((0, GAP as u16));
            let width = u16::try_from(width + GAP).unwrap_or(u16::MAX);
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
        }
    }
    table.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// The width of each column; `None` where not even the longest words fit beside one another.
fn widths(head: &[String], rows: &[Vec<String>], page: usize) -> Option<Vec<usize>> {
    let columns = |index: usize, measure: fn(&str) -> usize| {
        let cells = rows.iter().filter_map(|row| row.get(index));
        cells.chain(head.get(index)).map(|cell| measure(cell)).max().unwrap_or_default()
    };
    let line = |cell: &str| cell.lines().map(UnicodeWidthStr::width).max().unwrap_or_default();
    let word = |cell: &str| cell.split_whitespace().map(UnicodeWidthStr::width).max().unwrap_or_default();
    let mut widths: Vec<usize> = (0..head.len()).map(|index| columns(index, line)).collect();
    let words: Vec<usize> = (0..head.len()).map(|index| columns(index, word)).collect();
    while widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1) > page {
        let gives_way = (0..widths.len()).filter(|&index| widths[index] > words[index]);
        let widest = gives_way.max_by_key(|&index| widths[index])?;
        widths[widest] -= 1;
    }
    Some(widths)
}

/// In a narrow window each row becomes a few lines of its own.
fn stacked(header: &[&'static str], rows: &[Vec<String>]) -> String {
    let mut text = String::new();
    for row in rows {
        for (position, (name, cell)) in
            header.iter().zip(row).enumerate().filter(|(_, (_, cell))| !cell.is_empty())
        {
            match position {
                0 => text.push_str(&format!("{cell}\n")),
                _ => text.push_str(&format!("  {name}: {cell}\n")),
            }
        }
    }
    text
}

/// Rows as CSV. A cell that a spreadsheet would run as a formula gets an apostrophe in front.
pub fn csv(out: &mut impl Write, rows: &Rows) -> io::Result<()> {
    csv_rows(out, &rows.header, rows.rows.iter().cloned())
}

/// The same of a header and rows of any origin.
pub fn csv_rows(
    out: &mut impl Write,
    header: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(header).map_err(failed)?;
    for row in rows {
        let row = row.into_iter().map(|cell| {
            if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
        });
        writer.write_record(row).map_err(failed)?;
    }
    writer.flush()
}

/// The error of the system itself, with its kind: a closed pipe must be known as one.
fn failed(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        _ => io::Error::from(io::ErrorKind::InvalidData),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_widest_column_gives_way_and_no_word_is_broken() {
        let rows = [vec!["EX-26-1W0BV0".to_owned(), "overdue by 321 days".to_owned()]];
        assert_eq!(
            table(&["case", "stands"], &rows, 40),
            "CASE          STANDS\nEX-26-1W0BV0  overdue by 321 days\n"
        );
        assert_eq!(
            table(&["case", "stands"], &rows, 29),
            "CASE          STANDS\nEX-26-1W0BV0  overdue by 321\n              days\n"
        );
        assert_eq!(table(&["case", "stands"], &rows, 16), "EX-26-1W0BV0\n  stands: overdue by 321 days\n");
    }
}
