//! Which words stand in which fields of which cases.
//!
//! The words of one length (in bytes) stand one behind the other in one row of `vocabulary`; a word is known by its length
//! and its number there. For each word and field a row of `hits` has the numbers of the cases, in order, each as the
//! distance from the one before. What changed since stands in `fresh`, a row a case, until there is enough of it to be
//! merged.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, OptionalExtension, params};

use super::Broken;
use super::pack::{Pack, Unpack, varint};
use crate::domain::search::FieldId;

/// The numbers of cases that bear a word, growing.
#[derive(Default)]
struct Docs {
    last: u64,
    distances: Vec<u8>,
}

impl Docs {
    fn add(&mut self, doc: u32) {
        varint(&mut self.distances, u64::from(doc) - self.last);
        self.last = u64::from(doc);
    }

    fn write(&self) -> Vec<u8> {
        let mut pack = Pack::default();
        pack.number(self.last);
        pack.rest(&self.distances).sealed()
    }

    fn read(bytes: &[u8]) -> Option<Docs> {
        let mut bytes = Unpack::sealed(bytes)?;
        Some(Docs { last: bytes.number()?, distances: bytes.rest().to_vec() })
    }
}

/// Hands over the numbers of cases that these bytes are.
pub(super) fn each_doc(bytes: &[u8], mut each: impl FnMut(u32)) -> Result<(), Broken> {
    let mut bytes = Unpack::sealed(bytes).ok_or(Broken::Damaged)?;
    bytes.number().ok_or(Broken::Damaged)?;
    let mut doc = 0_u64;
    while !bytes.is_empty() {
        doc = doc.saturating_add(bytes.number().ok_or(Broken::Damaged)?);
        each(u32::try_from(doc).map_err(|_| Broken::Damaged)?);
    }
    Ok(())
}

/// Words gathered, to be written together. Cases come in the order of their numbers.
#[derive(Default)]
pub(super) struct Gathered {
    words: HashMap<Box<str>, Vec<(FieldId, Docs)>>,
}

impl Gathered {
    pub(super) fn add(&mut self, doc: u32, words: &[(FieldId, Box<str>)]) {
        for (field, word) in words {
            if !self.words.contains_key(word) {
                self.words.insert(word.clone(), Vec::new());
            }
            let Some(fields) = self.words.get_mut(word) else { continue };
            match fields.iter_mut().find(|(known, _)| known == field) {
                Some((_, docs)) => docs.add(doc),
                None => {
                    let mut docs = Docs::default();
                    docs.add(doc);
                    fields.push((*field, docs));
                }
            }
        }
    }

    /// Writes them, behind what is there already.
    pub(super) fn write(self, connection: &Connection) -> Result<(), Broken> {
        let mut by_length: BTreeMap<usize, Vec<_>> = BTreeMap::new();
        for (word, fields) in self.words {
            by_length.entry(word.len()).or_default().push((word, fields));
        }
        let mut old_docs =
            connection.prepare("SELECT docs FROM hits WHERE length = ?1 AND number = ?2 AND field = ?3")?;
        let mut put = connection.prepare("INSERT OR REPLACE INTO hits VALUES (?1, ?2, ?3, ?4)")?;
        for (length, mut words) in by_length {
            words.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
            let mut vocabulary = length_of(connection, length)?;
            let known: HashMap<Vec<u8>, usize> = vocabulary
                .chunks_exact(length)
                .enumerate()
                .map(|(number, word)| (word.to_vec(), number))
                .collect();
            for (word, mut fields) in words {
                let number = known.get(word.as_bytes()).copied().unwrap_or_else(|| {
                    vocabulary.extend_from_slice(word.as_bytes());
                    vocabulary.len() / length - 1
                });
                fields.sort_unstable_by_key(|(field, _)| *field);
                for (field, docs) in fields {
                    let old: Option<Vec<u8>> = match known.is_empty() {
                        true => None,
                        false => {
                            old_docs.query_row(params![length, number, field], |row| row.get(0)).optional()?
                        }
                    };
                    let docs = match old {
                        None => docs,
                        Some(old) => appended(&old, &docs)?,
                    };
                    put.execute(params![length, number, field, docs.write()])?;
                }
            }
            let mut pack = Pack::default();
            pack.number(0);
            let bytes = pack.rest(&vocabulary).sealed();
            connection
                .execute("INSERT OR REPLACE INTO vocabulary VALUES (?1, ?2)", params![length, bytes])?;
        }
        Ok(())
    }
}

/// New numbers behind old ones.
fn appended(old: &[u8], new: &Docs) -> Result<Docs, Broken> {
    let mut docs = Docs::read(old).ok_or(Broken::Damaged)?;
    each_doc(&new.write(), |doc| {
        // Numbers only grow.
        if u64::from(doc) > docs.last {
            docs.add(doc);
        }
    })?;
    Ok(docs)
}

fn length_of(connection: &Connection, length: usize) -> Result<Vec<u8>, Broken> {
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

/// The words of one case, as a row of `fresh`.
pub(super) fn fresh(words: &[(FieldId, Box<str>)]) -> Vec<u8> {
    let mut pack = Pack::default();
    for (field, word) in words {
        pack.number(u64::from(*field));
        pack.text(word);
    }
    pack.sealed()
}

/// The cases whose words are not merged yet, in order.
pub(super) fn each_fresh(
    connection: &Connection,
    mut each: impl FnMut(u32, Vec<(FieldId, Box<str>)>) -> Result<(), Broken>,
) -> Result<(), Broken> {
    let mut read = connection.prepare("SELECT doc, words FROM fresh ORDER BY doc")?;
    let mut rows = read.query([])?;
    while let Some(row) = rows.next()? {
        let bytes = row.get_ref(1)?.as_blob().map_err(|_| Broken::Damaged)?;
        let words = read_fresh(bytes).ok_or(Broken::Damaged)?;
        each(row.get(0)?, words)?;
    }
    Ok(())
}

fn read_fresh(bytes: &[u8]) -> Option<Vec<(FieldId, Box<str>)>> {
    let mut bytes = Unpack::sealed(bytes)?;
    let mut words = Vec::new();
    while !bytes.is_empty() {
        words.push((FieldId::try_from(bytes.number()?).ok()?, bytes.text()?.into()));
    }
    Some(words)
}
