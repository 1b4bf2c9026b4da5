//! Which words stand in which fields of which cases, and by which marks people are found.
//!
//! The words of one length (in bytes) stand one behind the other in one row of `vocabulary`, followed by the number of
//! fields in which each stands; a word is known by its length and its number there. For each word and field a row of `hits` has the numbers of the cases, in order, each as the
//! distance from the one before. A row of `marks` has the same for a mark, each case with the sketch of a name. What
//! changed since stands in `fresh`, a row a case, until there is enough of it to be merged.

use rusqlite::{Connection, OptionalExtension};

use super::Broken;
use super::pack::{Pack, Unpack};
use super::totals::Total;
use crate::domain::search::FieldId;
use crate::domain::similarity::{Mark, Sketch};

/// The key of a mark.
pub(super) fn key(mark: Mark, text: &str) -> String {
    [mark.word(), ":", text].concat()
}

/// Hands over the numbers of cases that these bytes are.
pub(super) fn each_doc(bytes: &[u8], mut each: impl FnMut(u32)) -> Result<(), Broken> {
    each_of(bytes, |doc, _| {
        each(doc);
        Some(())
    })
}

/// The same with the sketches.
pub(super) fn each_sketched(bytes: &[u8], mut each: impl FnMut(u32, Sketch)) -> Result<(), Broken> {
    each_of(bytes, |doc, rest| {
        each(doc, read_sketch(rest)?);
        Some(())
    })
}

fn read_sketch(bytes: &mut Unpack<'_>) -> Option<Sketch> {
    Some(Sketch::from_numbers([bytes.number()?, bytes.number()?, bytes.number()?]))
}

fn each_of(bytes: &[u8], mut each: impl FnMut(u32, &mut Unpack<'_>) -> Option<()>) -> Result<(), Broken> {
    let mut bytes = Unpack::sealed(bytes).ok_or(Broken::Damaged)?;
    bytes.number().ok_or(Broken::Damaged)?;
    let mut doc = 0_u64;
    while !bytes.is_empty() {
        doc = doc.saturating_add(bytes.number().ok_or(Broken::Damaged)?);
        let number = u32::try_from(doc).map_err(|_| Broken::Damaged)?;
        each(number, &mut bytes).ok_or(Broken::Damaged)?;
    }
    Ok(())
}

/// The words of one length, and of each in how many fields it stands: so many rows of `hits` it has.
pub(super) struct Length {
    pub(super) length: usize,
    words: Vec<u8>,
    fields: Vec<u8>,
}

impl Length {
    /// Those of this length that are there.
    pub(super) fn there(connection: &Connection, length: usize) -> Result<Length, Broken> {
        let found: Option<Vec<u8>> = connection
            .query_row("SELECT words FROM vocabulary WHERE length = ?1", [length], |row| row.get(0))
            .optional()?;
        match found {
            Some(bytes) => Length::read(length, &bytes).ok_or(Broken::Damaged),
            None => Ok(Length { length, words: Vec::new(), fields: Vec::new() }),
        }
    }

    fn read(length: usize, bytes: &[u8]) -> Option<Length> {
        let mut bytes = Unpack::sealed(bytes)?;
        let count = usize::try_from(bytes.number()?).ok()?;
        let words = bytes.bytes(count.checked_mul(length)?)?.to_vec();
        let fields = bytes.bytes(count)?.to_vec();
        (length > 0 && bytes.is_empty()).then_some(Length { length, words, fields })
    }

    pub(super) fn write(&self) -> Vec<u8> {
        let mut pack = Pack::default();
        pack.number(self.fields.len() as u64);
        pack.rest(&self.words).rest(&self.fields).sealed()
    }

    /// The words with their numbers, and in how many fields each stands.
    pub(super) fn words(&self) -> impl Iterator<Item = (usize, &str, u8)> {
        let words = self.words.chunks_exact(self.length).zip(&self.fields).enumerate();
        words.filter_map(|(number, (word, fields))| Some((number, std::str::from_utf8(word).ok()?, *fields)))
    }

    /// Adds a word that stands in no field yet; its number.
    pub(super) fn push(&mut self, word: &str) -> usize {
        self.words.extend_from_slice(word.as_bytes());
        self.fields.push(0);
        self.fields.len() - 1
    }

    /// The word of this number stands in one field more.
    pub(super) fn in_another_field(&mut self, number: usize) {
        // There are fewer fields than that.
        self.fields[number] = self.fields[number].saturating_add(1);
    }
}

/// The whole vocabulary, which must be of this total.
pub(super) fn vocabulary(connection: &Connection, total: Total) -> Result<Vec<Length>, Broken> {
    let mut read = connection.prepare("SELECT length, words FROM vocabulary ORDER BY length")?;
    let mut rows = read.query([])?;
    let (mut found, mut read) = (Vec::new(), Total::default());
    while let Some(row) = rows.next()? {
        let bytes = row.get_ref(1)?.as_blob().map_err(|_| Broken::Damaged)?;
        read.add(bytes.len() as i64);
        found.push(Length::read(row.get(0)?, bytes).ok_or(Broken::Damaged)?);
    }
    total.check(read).map(|()| found)
}

/// The total of the vocabulary as it is.
pub(super) fn vocabulary_total(connection: &Connection) -> Result<Total, Broken> {
    let total = "SELECT count(*), ifnull(sum(length(words)), 0) FROM vocabulary";
    Ok(connection.query_row(total, [], |row| Ok(Total { count: row.get(0)?, sum: row.get(1)? }))?)
}

/// The words of the cases that are not merged yet, in order; they must be of this total.
pub(super) fn each_fresh(
    connection: &Connection,
    total: Total,
    mut each: impl FnMut(u32, Vec<(FieldId, Box<str>)>) -> Result<(), Broken>,
) -> Result<(), Broken> {
    let mut read = connection.prepare("SELECT doc, words FROM fresh ORDER BY doc")?;
    let mut rows = read.query([])?;
    let mut found = Total::default();
    while let Some(row) = rows.next()? {
        let doc: u32 = row.get(0)?;
        found.add(i64::from(doc));
        let bytes = row.get_ref(1)?.as_blob().map_err(|_| Broken::Damaged)?;
        let mut words = Vec::new();
        read_fresh(bytes, |rest| {
            words.push((FieldId::try_from(rest.number()?).ok()?, rest.text()?.into()));
            Some(())
        })?;
        each(doc, words)?;
    }
    total.check(found)
}

/// The marks of the cases that are not merged yet, in order; the cases must be of this total.
pub(super) fn each_fresh_mark(
    connection: &Connection,
    total: Total,
    mut each: impl FnMut(u32, &str, Sketch),
) -> Result<(), Broken> {
    let mut read = connection.prepare("SELECT doc, marks FROM fresh ORDER BY doc")?;
    let mut rows = read.query([])?;
    let mut found = Total::default();
    while let Some(row) = rows.next()? {
        let doc: u32 = row.get(0)?;
        found.add(i64::from(doc));
        let bytes = row.get_ref(1)?.as_blob().map_err(|_| Broken::Damaged)?;
        read_fresh(bytes, |rest| {
            each(doc, rest.text()?, read_sketch(rest)?);
            Some(())
        })?;
    }
    total.check(found)
}

fn read_fresh(bytes: &[u8], mut each: impl FnMut(&mut Unpack<'_>) -> Option<()>) -> Result<(), Broken> {
    let mut bytes = Unpack::sealed(bytes).ok_or(Broken::Damaged)?;
    while !bytes.is_empty() {
        each(&mut bytes).ok_or(Broken::Damaged)?;
    }
    Ok(())
}
