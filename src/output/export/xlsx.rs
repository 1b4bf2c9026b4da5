//! A workbook: a sheet a table, with real numbers, truth values and dates, a header that stays in view, and filters. Text is
//! always text: nothing is run as a formula. This file alone names the crate that writes workbooks.
//!
//! A spreadsheet knows no time zones: instants are shown in the store's, and the sheet `about` says so.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::Sheets;
use crate::domain::export::Cell;
use crate::domain::time::{Instant, Zone};
use crate::error::{Error, Kind};

/// The widest that a column begins; text that is longer is cut off on the screen, not in the file.
const WIDEST: usize = 60;

/// The bytes of the workbook. The same sheets at the same moment give the same bytes.
pub fn xlsx(sheets: &Sheets, now: Instant, zone: Zone) -> Result<Vec<u8>, Error> {
    write(sheets, now, zone).map_err(|error| {
        let what = match error {
            XlsxError::MaxStringLengthExceeded => "a text is longer than a spreadsheet's cell can be",
            XlsxError::RowColumnLimitError => "there are more rows than a spreadsheet can have",
            _ => "the spreadsheet could not be made",
        };
        Error::new(Kind::Refused, what)
            .hint("take --as sqlite or --as json, or fewer cases, or leave text out with --redact free_text; nothing was written")
    })
}

fn write(sheets: &Sheets, now: Instant, zone: Zone) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&DocProperties::new().set_creation_datetime(&local(now, Zone::LONDON)?));
    let bold = Format::new().set_bold();
    let (day, instant) =
        (Format::new().set_num_format("yyyy-mm-dd"), Format::new().set_num_format("yyyy-mm-dd hh:mm"));
    for (table, rows) in &sheets.tables {
        let sheet = book.add_worksheet().set_name(&table.name)?;
        for (column, about) in (0..).zip(&table.columns) {
            sheet.write_string_with_format(0, column, &about.name, &bold)?;
        }
        for (row, cells) in (1..).zip(rows) {
            for (column, cell) in (0..).zip(cells) {
                put(sheet, (row, column), cell, (&day, &instant), zone)?;
            }
        }
        for (column, about) in (0..).zip(&table.columns) {
            let cells = rows.iter().filter_map(|row| row.get(usize::from(column)));
            let widest = cells.map(|cell| cell.text().chars().count()).chain([about.name.len()]).max();
            sheet.set_column_width(column, widest.unwrap_or_default().min(WIDEST) as f64 + 1.0)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        let last = u16::try_from(table.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        sheet.autofilter(0, 0, u32::try_from(rows.len()).unwrap_or(u32::MAX), last)?;
    }
    let sheet = book.add_worksheet().set_name("about")?;
    sheet.set_column_width(0, 24)?.set_column_width(1, WIDEST as f64)?;
    for (row, (key, value)) in (0..).zip(&sheets.about) {
        sheet.write_string_with_format(row, 0, *key, &bold)?.write_string(row, 1, value)?;
    }
    book.save_to_buffer()
}

fn put(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    (day, instant): (&Format, &Format),
    zone: Zone,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Nothing => Ok(()),
        Cell::Text(text) => sheet.write_string(row, column, text).map(|_| ()),
        Cell::Count(count) => sheet.write_number(row, column, *count as f64).map(|_| ()),
        Cell::YesNo(value) => sheet.write_boolean(row, column, *value).map(|_| ()),
        Cell::Day(at) => match ExcelDateTime::parse_from_str(&at.to_string()) {
            Ok(at) => sheet.write_datetime_with_format(row, column, &at, day).map(|_| ()),
            // A spreadsheet's days begin in 1900.
            Err(_) => sheet.write_string(row, column, at.to_string()).map(|_| ()),
        },
        Cell::Instant(at) => match local(*at, zone) {
            Ok(at) => sheet.write_datetime_with_format(row, column, &at, instant).map(|_| ()),
            Err(_) => sheet.write_string(row, column, at.to_string()).map(|_| ()),
        },
    }
}

fn local(at: Instant, zone: Zone) -> Result<ExcelDateTime, XlsxError> {
    let seconds = at.unix().rem_euclid(60);
    ExcelDateTime::parse_from_str(&format!("{}:{seconds:02}", zone.short(at).replace(' ', "T")))
}
