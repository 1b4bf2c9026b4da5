//! Text with delimiters between cells: what spreadsheets and databases export as CSV.

use std::borrow::Cow;

use csv::{ByteRecord, ReaderBuilder, WriterBuilder};

use super::{LONGEST, Table, WIDEST, Wanted, bounded, headings, squared, too_large, unreadable};
use crate::domain::mapping::{Cell, Encoding};
use crate::error::Error;

/// What may stand between cells.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// Reads a table. Cells may hold line breaks within quotes; a quote that is never closed is refused, as it would swallow
/// every row below it.
pub(super) fn read(bytes: &[u8], wanted: &Wanted) -> Result<Table, Error> {
    // Lines are counted by their line feeds alone.
    let mut text = decoded(bytes, wanted.encoding)?.replace("\r\n", "\n");
    // So that the lines of the last row are counted as those of every other.
    if !text.ends_with(['\n', '\r']) {
        text.push('\n');
    }
    // Before anything is read of it: a row takes many times its length.
    if let Some(line) = text.split('\n').position(|line| line.len() > LONGEST) {
        return Err(too_large(&format!("line {} is longer than 1 MiB", line + 1)));
    }
    let delimiter = wanted.delimiter.unwrap_or_else(|| found_out(&text, wanted.heading_row));
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut record = ByteRecord::new();
    let (mut number, mut head, mut rows, mut stray) = (0_u32, None, Vec::new(), Vec::new());
    let mut count = 0_usize;
    loop {
        let before = reader.position().clone();
        let more = reader.read_byte_record(&mut record).map_err(|_| unreadable("it is not CSV"))?;
        if !more {
            break;
        }
        let after = reader.position();
        let within = |bytes: &[u8]| bytes.iter().filter(|&&byte| byte == b'\n').count() as u64;
        let inner: u64 = record.iter().map(within).sum();
        // Blank lines are passed over, and a spreadsheet counts them. Lines that end without a line feed count as one.
        let lines = (after.line() - before.line()).saturating_sub(inner).max(1);
        number += u32::try_from(lines).unwrap_or(u32::MAX);
        let raw = text.as_bytes().get(before.byte() as usize..after.byte() as usize).unwrap_or_default();
        if raw.iter().filter(|&&byte| byte == b'"').count() % 2 == 1 && after.byte() as usize >= text.len() {
            return Err(unreadable(&format!("in row {number} a quotation mark is opened and never closed")));
        }
        if record.len() > WIDEST {
            return Err(unreadable(&format!("row {number} has more than 1,000 cells")));
        }
        if record.as_slice().len() > LONGEST {
            return Err(too_large(&format!("row {number} is longer than 1 MiB")));
        }
        count += record.len();
        bounded(count)?;
        let is_stray = has_stray_quote(raw, delimiter);
        let cells = record.iter().map(|cell| Cell::of(&String::from_utf8_lossy(cell)));
        match &head {
            None if number < wanted.heading_row => {}
            None if is_stray => {
                return Err(unreadable(&format!("in row {number}, the headings, {STRAY}")));
            }
            None => {
                head = Some(record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect());
            }
            Some(_) => {
                stray.extend(is_stray.then_some(number));
                rows.push((number, cells.collect()));
            }
        }
    }
    let head: Vec<String> = head.unwrap_or_default();
    let blank: Vec<bool> = head.iter().map(|heading| heading.trim().is_empty()).collect();
    let mut table = squared(headings(head)?, &blank, rows)?;
    for row in table.rows.iter_mut().filter(|row| stray.binary_search(&row.number).is_ok()) {
        row.wrong = Some(STRAY);
    }
    Ok(table)
}

/// Said of a row that [`has_stray_quote`].
const STRAY: &str = "a quotation mark stands where none may: one that belongs to a cell is doubled, and the cell \
                     stands between quotation marks; rows below may have become part of this one";

/// Whether a quotation mark stands where neither a quoted cell begins or ends, nor doubled within one (RFC 4180). What
/// such a row means can only be guessed: programs guess differently, and store what nobody wrote.
fn has_stray_quote(row: &[u8], delimiter: u8) -> bool {
    enum At {
        Begin,
        Plain,
        Quoted,
        Quote,
    }
    let mut at = At::Begin;
    for &byte in row {
        let ends = byte == delimiter || matches!(byte, b'\n' | b'\r');
        at = match (at, byte) {
            (At::Begin | At::Quote, b'"') => At::Quoted,
            (At::Plain, b'"') => return true,
            (At::Quoted, b'"') => At::Quote,
            (At::Quoted, _) => At::Quoted,
            (_, _) if ends => At::Begin,
            (At::Quote, _) => return true,
            (At::Begin | At::Plain, _) => At::Plain,
        };
    }
    false
}

/// Writes rows with commas.
pub(super) fn write(rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = WriterBuilder::new().from_writer(Vec::new());
    for row in rows {
        // Writing to memory does not fail.
        let _ = writer.write_record(row);
    }
    writer.into_inner().unwrap_or_default()
}

/// Whether it is neither UTF-8 nor says what it is.
pub(super) fn is_older(bytes: &[u8]) -> bool {
    encoding_rs::Encoding::for_bom(bytes).is_none() && std::str::from_utf8(bytes).is_err()
}

fn decoded(bytes: &[u8], encoding: Option<Encoding>) -> Result<Cow<'_, str>, Error> {
    if let Some((marked, length)) = encoding_rs::Encoding::for_bom(bytes) {
        let (text, broken) = marked.decode_without_bom_handling(&bytes[length..]);
        return if broken {
            Err(unreadable("its letters are not what its first bytes say"))
        } else {
            Ok(text)
        };
    }
    if encoding == Some(Encoding::Windows) {
        return Ok(encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0);
    }
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
        let line = bytes[..error.valid_up_to()].iter().filter(|&&byte| byte == b'\n').count() + 1;
        unreadable(&format!("line {line} is not in UTF-8"))
            .hint("save it as UTF-8, or say `encoding = \"windows-1252\"` under [file] in the mapping")
    })
}

/// The delimiter that stands most often in the row of headings, outside quotes.
fn found_out(text: &str, heading_row: u32) -> u8 {
    let lines = text.lines().skip(usize::try_from(heading_row.saturating_sub(1)).unwrap_or(0));
    let head = lines.into_iter().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let outside: Vec<u8> = head.split('"').step_by(2).flat_map(str::bytes).collect();
    let count = |delimiter: u8| outside.iter().filter(|&&byte| byte == delimiter).count();
    // Of equals the first counts.
    DELIMITERS.into_iter().rev().max_by_key(|&delimiter| count(delimiter)).unwrap_or(b',')
}
