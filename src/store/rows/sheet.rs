//! Spreadsheets: the cells of one sheet, dates as dates, formulas as the values they had when the file was saved.

use std::io::Cursor;

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx, XlsxError};

use super::{Table, WIDEST, Wanted, headings, squared, unreadable};
use crate::domain::mapping::Cell;
use crate::domain::time::Day;
use crate::error::Error;

/// Reads a sheet: the one that is wanted, else the first.
pub(super) fn read(bytes: &[u8], wanted: &Wanted) -> Result<Table, Error> {
    let broken = |_: XlsxError| unreadable("it is no whole XLSX file");
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let sheets = book.sheet_names();
    let sheet = match &wanted.sheet {
        Some(name) => sheets.iter().find(|sheet| *sheet == name).cloned().ok_or_else(|| {
            unreadable("it has no sheet of that name").hint(format!("it has: {}", sheets.join(", ")))
        })?,
        None => sheets.first().cloned().ok_or_else(|| unreadable("it has no sheet"))?,
    };
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(broken)?;
    let mut rows: Vec<(u32, Vec<Cell>)> = Vec::new();
    // A sheet may name a cell at its farthest corner: only what is there is kept.
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        let (row, column) = cell.get_position();
        let value = value(cell.get_value());
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if value == Cell::Empty {
            continue;
        }
        if column >= WIDEST {
            return Err(unreadable("it has more than 1,000 columns"));
        }
        if rows.last().is_none_or(|(number, _)| *number != row + 1) {
            rows.push((row + 1, Vec::new()));
        }
        if let Some((_, cells)) = rows.last_mut() {
            if cells.len() <= column {
                cells.resize(column + 1, Cell::Empty);
            }
            cells[column] = value;
        }
    }
    let position = rows.iter().position(|(number, _)| *number >= wanted.heading_row);
    let rows_below = position.map(|position| rows.split_off(position + 1)).unwrap_or_default();
    let head = position.and_then(|_| rows.pop()).map(|(_, cells)| cells).unwrap_or_default();
    let mut head: Vec<String> = head.iter().map(Cell::text).collect();
    let widest = rows_below.iter().map(|(_, cells)| cells.len()).max().unwrap_or_default();
    head.resize(head.len().max(widest), String::new());
    let blank: Vec<bool> = head.iter().map(|heading| heading.trim().is_empty()).collect();
    Ok(squared(headings(head)?, &blank, rows_below))
}

fn value(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(number) => Cell::Text(number.to_string()),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::String(text) => Cell::of(text),
        DataRef::SharedString(text) => Cell::of(text),
        DataRef::Bool(truth) => Cell::Truth(*truth),
        DataRef::DateTime(at) => moment(at),
        DataRef::DateTimeIso(text) => Cell::of(text),
        DataRef::DurationIso(_) => Cell::Unusable("is a length of time"),
        DataRef::Error(_) => Cell::Unusable("holds an error of the spreadsheet"),
    }
}

fn moment(at: &ExcelDateTime) -> Cell {
    // Below one there is no day: a time alone.
    if !at.is_datetime() || at.as_f64() < 1.0 {
        return Cell::Unusable("is a time without a day");
    }
    let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
    let second = u32::from(hour) * 3600 + u32::from(minute) * 60 + u32::from(second);
    let second = (second + u32::from(milli >= 500)).min(86_399);
    match Day::new(i32::from(year), u32::from(month), u32::from(day)) {
        Some(day) => Cell::Moment(day, second),
        None => Cell::Unusable("is no day of the calendar"),
    }
}
