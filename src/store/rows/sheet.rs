//! Spreadsheets: the cells of one sheet, dates as dates, formulas as the values they had when the file was saved.

use std::io::{Cursor, Read};

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx, XlsxError};
use zip::ZipArchive;

use super::{LARGEST, LONGEST, Table, WIDEST, Wanted, bounded, headings, squared, too_large, unreadable};
use crate::domain::mapping::Cell;
use crate::domain::time::Day;
use crate::error::Error;

/// The most parts of a workbook; its sheets, and a dozen besides.
const MOST_PARTS: usize = 1_000;
/// The most bytes that a workbook may unpack to.
const MOST_UNPACKED: u64 = 128 << 20;
/// The most tags of a part that is no sheet: four for each different text.
const MOST_TAGS: usize = 4_000_000;

/// Reads a sheet: the one that is wanted, else the first.
pub(super) fn read(bytes: &[u8], wanted: &Wanted) -> Result<Table, Error> {
    let broken = |_: XlsxError| unreadable("it is no whole XLSX file");
    check_size(bytes)?;
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
    let (mut count, mut text) = (0_usize, 0_u64);
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
        // A text may stand once in the file and in every cell.
        if let Cell::Text(one) = &value {
            if one.len() > LONGEST {
                return Err(too_large(&format!("a cell of row {} is longer than 1 MiB", u64::from(row) + 1)));
            }
            text += one.len() as u64;
            if text > LARGEST {
                return Err(too_large("its cells hold more than 64 MiB"));
            }
        }
        if rows.last().is_none_or(|(number, _)| *number != row + 1) {
            rows.push((row + 1, Vec::new()));
        }
        if let Some((_, cells)) = rows.last_mut() {
            if cells.len() <= column {
                count += column + 1 - cells.len();
                bounded(count)?;
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
    squared(headings(head)?, &blank, rows_below)
}

/// Refuses a workbook of which a little would become a great deal. What it says of its own size may be wrong, so every
/// part is unpacked once, and thrown away.
fn check_size(bytes: &[u8]) -> Result<(), Error> {
    let broken = |_| unreadable("it is no whole XLSX file");
    let mut parts = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if parts.len() > MOST_PARTS {
        return Err(too_large("it has more than 1,000 parts"));
    }
    let mut left = MOST_UNPACKED;
    let mut buffer = vec![0; 64 << 10];
    for number in 0..parts.len() {
        let mut part = parts.by_index(number).map_err(broken)?;
        if part.size() > MOST_UNPACKED {
            return Err(too_large("it unpacks to more than 128 MiB"));
        }
        let is_sheet = part.name().is_ok_and(|name| name.contains("/worksheets/"));
        let mut tags = 0_usize;
        loop {
            let length = part.read(&mut buffer).map_err(|_| unreadable("it is no whole XLSX file"))?;
            if length == 0 {
                break;
            }
            left = left
                .checked_sub(length as u64)
                .ok_or_else(|| too_large("it unpacks to more than 128 MiB"))?;
            if !is_sheet {
                tags += buffer[..length].iter().filter(|byte| **byte == b'<').count();
            }
        }
        // Sheets are read one cell at a time; of the other parts all that is listed is held at once.
        if tags > MOST_TAGS {
            return Err(too_large("it lists more than 4,000,000 things beside its sheets"));
        }
    }
    Ok(())
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
