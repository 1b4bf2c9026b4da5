//! Which words stand in which fields of which cases, and by which marks people are found.
//!
//! The words of one length (in bytes) stand one behind the other in one row of `vocabulary`; a word is known by its length
//! and its number there. For each word and field a row of `hits` has the numbers of the cases, in order, each as the
//! distance from the one before. A row of `marks` has the same for a mark, each case with the sketch of a name. What
//! changed since stands in `fresh`, a row a case, until there is enough of it to be merged.

use rusqlite::{Connection, OptionalExtension};

use super::Broken;
use super::pack::Unpack;
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

/// The words of this length that are there, one behind the other.
pub(super) fn length_of(connection: &Connection, length: usize) -> Result<Vec<u8>, Broken> {
    let found: Option<Vec<u8>> = connection
        .query_row("SELECT words FROM vocabulary WHERE length = ?1", [length], |row| row.get(0))
        .optional()?;
    found.map_or(Ok(Vec::new()), |bytes| opened(&bytes, length))
}

/// The words of a row of the vocabulary.
fn opened(bytes: &[u8], length: usize) -> Result<Vec<u8>, Broken> {
    let mut bytes = Unpack::sealed(bytes).ok_or(Broken::Damaged)?;
    bytes.number().ok_or(Broken::Damaged)?;
    let words = bytes.rest();
    if length == 0 || !words.len().is_multiple_of(length) {
        return Err(Broken::Damaged);
    }
    Ok(words.to_vec())
}

/// The words of one length.
pub(super) struct Length {
    pub(super) length: usize,
    words: Vec<u8>,
}

impl Length {
    /// The words with their numbers.
    pub(super) fn words(&self) -> impl Iterator<Item = (usize, &str)> {
        let words = self.words.chunks_exact(self.length).enumerate();
        words.filter_map(|(number, word)| Some((number, std::str::from_utf8(word).ok()?)))
    }
}

/// The whole vocabulary.
pub(super) fn vocabulary(connection: &Connection) -> Result<Vec<Length>, Broken> {
    let mut read = connection.prepare("SELECT length, words FROM vocabulary ORDER BY length")?;
    let mut rows = read.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let length: usize = row.get(0)?;
        let words = opened(row.get_ref(1)?.as_blob().map_err(|_| Broken::Damaged)?, length)?;
        found.push(Length { length, words });
    }
    Ok(found)
}

/// The words of the cases that are not merged yet, in order.
pub(super) fn each_fresh(
    connection: &Connection,
    mut each: impl FnMut(u32, Vec<(FieldId, Box<str>)>) -> Result<(), Broken>,
) -> Result<(), Broken> {
    let mut read = connection.prepare("SELECT doc, words FROM fresh ORDER BY doc")?;
    let mut rows = read.query([])?;
    while let Some(row) = rows.next()? {
        let bytes = row.get_ref(1)?.as_blob().map_err(|_| Broken::Damaged)?;
        let mut words = Vec::new();
        read_fresh(bytes, |rest| {
            words.push((FieldId::try_from(rest.number()?).ok()?, rest.text()?.into()));
            Some(())
        })?;
        each(row.get(0)?, words)?;
    }
    Ok(())
}

/// The marks of the cases that are not merged yet, in order.
pub(super) fn each_fresh_mark(
    connection: &Connection,
    mut each: impl FnMut(u32, &str, Sketch),
) -> Result<(), Broken> {
    let mut read = connection.prepare("SELECT doc, marks FROM fresh ORDER BY doc")?;
    let mut rows = read.query([])?;
    while let Some(row) = rows.next()? {
        let doc: u32 = row.get(0)?;
        let bytes = row.get_ref(1)?.as_blob().map_err(|_| Broken::Damaged)?;
        read_fresh(bytes, |rest| {
            each(doc, rest.text()?, read_sketch(rest)?);
            Some(())
        })?;
    }
    Ok(())
}

fn read_fresh(bytes: &[u8], mut each: impl FnMut(&mut Unpack<'_>) -> Option<()>) -> Result<(), Broken> {
    let mut bytes = Unpack::sealed(bytes).ok_or(Broken::Damaged)?;
    while !bytes.is_empty() {
        each(&mut bytes).ok_or(Broken::Damaged)?;
    }
    Ok(())
}
