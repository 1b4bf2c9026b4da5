//! Tables that other systems give: text with delimiters, spreadsheets and JSON, each as headings and rows of cells.
//! Rows are numbered as whoever opens the file sees them numbered.

mod delimited;
mod objects;
mod sheet;

use std::path::Path;

use sha2::{Digest, Sha256};

use crate::domain::mapping::{Cell, Encoding, FileKind, Mapping, OWN};
use crate::error::{Error, Kind};

use super::files;

/// The largest file that is read, in bytes: 100,000 rows of 600 characters are less.
const LARGEST: u64 = 64 << 20;
/// The most columns that a table may have.
const WIDEST: usize = 1_000;
/// The longest row, in bytes: a case file is no longer.
const LONGEST: usize = 1 << 20;
/// The most cells that a table may have, empty ones included: 100,000 rows of 20 columns.
const MOST_CELLS: usize = 2_000_000;

/// A file that is to be imported, as it was read.
pub struct Given {
    bytes: Vec<u8>,
    /// The SHA-256 of all of it, in hexadecimal digits.
    pub sha256: String,
    kind: FileKind,
}

/// A table: headings, and rows of as many cells. It has no `Debug`: it holds personal facts.
pub struct Table {
    /// The headings, each once: a second column of the same heading is called `HEADING (2)`.
    pub headings: Vec<String>,
    /// The rows that hold anything.
    pub rows: Vec<Row>,
    /// Whether a row may be without some of the columns, as objects are.
    pub sparse: bool,
}

/// One row of a table.
pub struct Row {
    /// Its number, as a spreadsheet or an editor shows it.
    pub number: u32,
    /// Its cells, one for each heading.
    pub cells: Vec<Cell>,
    /// What is wrong with it as a row.
    pub wrong: Option<&'static str>,
}

/// What a mapping or an option says of how a table is read.
#[derive(Default, Clone)]
pub struct Wanted {
    /// The kind of file; told by its content where it is not said.
    pub kind: Option<FileKind>,
    /// The letters of a text file.
    pub encoding: Option<Encoding>,
    /// What stands between the cells of a text file.
    pub delimiter: Option<u8>,
    /// Which sheet of a spreadsheet.
    pub sheet: Option<String>,
    /// The row of the headings, from 1.
    pub heading_row: u32,
}

impl Wanted {
    /// What a mapping says.
    pub fn of(mapping: &Mapping) -> Wanted {
        let form = mapping.file.as_ref();
        Wanted {
            kind: form.and_then(|form| form.kind),
            encoding: form.and_then(|form| form.encoding),
            delimiter: mapping.delimiter(),
            sheet: form.and_then(|form| form.sheet.as_ref()).map(|sheet| sheet.as_str().to_owned()),
            heading_row: form.and_then(|form| form.heading_row).unwrap_or(1),
        }
    }
}

impl Given {
    /// Reads a file whole.
    pub fn read(path: &Path) -> Result<Given, Error> {
        let bytes = files::named_up_to(LARGEST, path, "the file to import")?;
        if bytes.len() as u64 > LARGEST {
            return Err(too_large("it is larger than 64 MiB"));
        }
        let digest = Sha256::digest(&bytes);
        let sha256 = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let kind = match bytes.trim_ascii_start() {
            [b'P', b'K', 3, 4, ..] => FileKind::Xlsx,
            [b'{' | b'[', ..] => FileKind::Json,
            _ => FileKind::Csv,
        };
        Ok(Given { bytes, sha256, kind })
    }

    /// Whether it is text in older letters than UTF-8 and has no mark that says which: most likely Windows-1252.
    pub fn has_older_letters(&self) -> bool {
        self.kind == FileKind::Csv && delimited::is_older(&self.bytes)
    }

    /// Its table.
    ///
    /// # Errors
    /// `Answers` where it cannot be read as a table; where and why, never what stands there.
    pub fn table(&self, wanted: &Wanted) -> Result<Table, Error> {
        let mut table = match wanted.kind.unwrap_or(self.kind) {
            FileKind::Csv => delimited::read(&self.bytes, wanted),
            FileKind::Xlsx => sheet::read(&self.bytes, wanted),
            FileKind::Json => objects::read(&self.bytes),
        }?;
        if table.headings.is_empty() {
            return Err(unreadable("it has no headings"));
        }
        // What this program wrote beside rejected rows was made harmless to a spreadsheet: see `rejected`.
        if table.headings.iter().any(|heading| heading.starts_with(OWN)) {
            table.sparse = true;
            for cell in table.rows.iter_mut().flat_map(|row| &mut row.cells) {
                if let Cell::Text(text) = cell
                    && text.starts_with('\'')
                    && runs(&text[1..])
                {
                    text.remove(0);
                }
            }
        }
        Ok(table)
    }
}

/// Rows that were rejected, as text with commas that can be mended and imported again by the same mapping: the cells as
/// they were, and beside them the row and what is wrong with it.
pub fn rejected(headings: &[String], rows: &[(&Row, String)]) -> Vec<u8> {
    let kept: Vec<usize> = (0..headings.len()).filter(|&at| !headings[at].starts_with(OWN)).collect();
    let own = ["row", "problem"].map(|word| format!("{OWN} {word}"));
    let head = kept.iter().map(|&at| headings[at].clone()).chain(own).collect();
    let lines = rows.iter().map(|(row, why)| {
        let cells = kept.iter().map(|&at| row.cells.get(at).map(Cell::text).unwrap_or_default());
        let cells = cells.map(|text| if runs(&text) { format!("'{text}") } else { text });
        cells.chain([row.number.to_string(), why.clone()]).collect()
    });
    delimited::write(std::iter::once(head).chain(lines))
}

/// Whether a spreadsheet would run a cell as a formula, or might be thought to have been kept from it.
fn runs(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// Headings as columns are called: trimmed, on one line, each once; a column without one by its letter.
fn headings(cells: Vec<String>) -> Result<Vec<String>, Error> {
    if cells.len() > WIDEST {
        return Err(unreadable("it has more than 1,000 columns"));
    }
    let mut named: Vec<String> = Vec::with_capacity(cells.len());
    for (index, cell) in cells.into_iter().enumerate() {
        let words = cell.split_whitespace().collect::<Vec<_>>().join(" ");
        let name = if words.is_empty() { format!("column {}", letters(index)) } else { words };
        let taken = |name: &String| named.contains(name);
        let several = (2..).map(|count| format!("{name} ({count})"));
        let free = std::iter::once(name.clone()).chain(several).find(|name| !taken(name));
        named.push(free.unwrap_or(name));
    }
    Ok(named)
}

/// `A`, `B` ... `Z`, `AA`: the column as a spreadsheet calls it.
fn letters(index: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = index + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

/// Rows made as wide as the headings; those that hold nothing are left out, and so are columns that have neither a
/// heading nor a cell. An error where there are too many cells.
fn squared(named: Vec<String>, blank: &[bool], rows: Vec<(u32, Vec<Cell>)>) -> Result<Table, Error> {
    let width = named.len();
    bounded(rows.len().saturating_mul(width))?;
    let mut table = Table { headings: named, rows: Vec::with_capacity(rows.len()), sparse: false };
    for (number, mut cells) in rows {
        if cells.iter().all(|cell| *cell == Cell::Empty) {
            continue;
        }
        let beyond = cells.iter().skip(width).any(|cell| *cell != Cell::Empty);
        let wrong = beyond.then_some("has more cells than there are headings");
        cells.resize(width, Cell::Empty);
        table.rows.push(Row { number, cells, wrong });
    }
    let holds = |at: usize| table.rows.iter().any(|row| row.cells[at] != Cell::Empty);
    let kept: Vec<bool> =
        (0..width).map(|at| !blank.get(at).copied().unwrap_or(false) || holds(at)).collect();
    if kept.contains(&false) {
        let keep = |at: &mut usize| {
            *at += 1;
            kept[*at - 1]
        };
        let mut at = 0;
        table.headings.retain(|_| keep(&mut at));
        for row in &mut table.rows {
            let mut at = 0;
            row.cells.retain(|_| keep(&mut at));
        }
    }
    Ok(table)
}

/// An error where a table of so many cells is too large.
fn bounded(cells: usize) -> Result<(), Error> {
    if cells <= MOST_CELLS { Ok(()) } else { Err(too_large("it has more than 2,000,000 cells")) }
}

fn too_large(why: &str) -> Error {
    unreadable(why).hint("import it in parts; nothing was changed")
}

fn unreadable(why: &str) -> Error {
    Error::new(Kind::Answers, format!("the file cannot be read: {why}")).hint("nothing was changed")
}

#[cfg(test)]
mod bounds_tests;
#[cfg(test)]
mod tests;
