//! Which words stand in which fields of which cases, and by which marks people are found.
//!
//! The words of one length (in bytes) stand one behind the other in one row of `vocabulary`; a word is known by its length
//! and its number there. For each word and field a row of `hits` has the numbers of the cases, in order, each as the
//! distance from the one before. A row of `marks` has the same for a mark, each case with the sketch of a name. What
//! changed since stands in `fresh`, a row a case, until there is enough of it to be merged.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use rusqlite::{Connection, OptionalExtension, params};

use super::Broken;
use super::pack::{Pack, Unpack, varint};
use crate::domain::search::FieldId;
use crate::domain::similarity::{Mark, Sketch};

/// By words: there are very many to look up.
type ByWord<T> = HashMap<String, T>;

/// The key of a mark.
pub(super) fn key(mark: Mark, text: &str) -> String {
    format!("{}:{text}", mark.word())
}

/// The words and marks of some cases, by the numbers of the cases, as they are read.
#[derive(Default)]
pub(super) struct Few {
    words: ByWord<Vec<(FieldId, Vec<u32>)>>,
    marks: ByWord<Vec<(u32, Sketch)>>,
}

/// So many words and marks there are among some hundreds of cases.
const ROOM: usize = 4096;

impl Few {
    /// With room for some hundreds of cases.
    pub(super) fn roomy() -> Few {
        Few { words: HashMap::with_capacity(ROOM), marks: HashMap::with_capacity(ROOM) }
    }

    /// A word stands in a field of a case. Cases come in the order of their numbers.
    pub(super) fn word(&mut self, doc: u32, field: FieldId, word: &str) {
        let fields = self.words.entry_ref(word).or_default();
        match fields.iter_mut().find(|(known, _)| *known == field) {
            Some((_, docs)) if docs.last() == Some(&doc) => {}
            Some((_, docs)) => docs.push(doc),
            None => fields.push((field, vec![doc])),
        }
    }

    /// Somebody in a case bears a mark.
    pub(super) fn mark(&mut self, doc: u32, mark: Mark, text: &str, sketch: Sketch) {
        self.marks.entry_ref(key(mark, text).as_str()).or_default().push((doc, sketch));
    }

    /// The words, as a row of `fresh` has them.
    pub(super) fn fresh_words(&self) -> Vec<u8> {
        let mut pack = Pack::default();
        for (word, fields) in &self.words {
            for (field, _) in fields {
                pack.number(u64::from(*field));
                pack.text(word);
            }
        }
        pack.sealed()
    }

    /// The marks, as a row of `fresh` has them.
    pub(super) fn fresh_marks(&self) -> Vec<u8> {
        let mut pack = Pack::default();
        for (key, cases) in &self.marks {
            for (_, sketch) in cases {
                pack.text(key);
                sketch.numbers().into_iter().for_each(|number| pack.number(number));
            }
        }
        pack.sealed()
    }
}

/// The numbers of cases that bear a word or a mark, growing, as they are kept.
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

    fn add_sketched(&mut self, doc: u32, sketch: Sketch) {
        self.add(doc);
        sketch.numbers().into_iter().for_each(|number| varint(&mut self.distances, number));
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

/// Words and marks gathered, to be written together.
#[derive(Default)]
pub(super) struct Gathered {
    words: ByWord<Vec<(FieldId, Docs)>>,
    marks: ByWord<Docs>,
}

impl Gathered {
    /// Adds those of further cases, whose numbers follow `before`.
    pub(super) fn add(&mut self, before: u32, few: Few) {
        for (word, new) in few.words {
            let fields = self.words.entry(word).or_default();
            for (field, docs) in new {
                let known = fields.iter().position(|(known, _)| *known == field);
                let position = known.unwrap_or_else(|| {
                    fields.push((field, Docs::default()));
                    fields.len() - 1
                });
                let all = &mut fields[position].1;
                docs.into_iter().for_each(|doc| all.add(before + doc));
            }
        }
        for (key, cases) in few.marks {
            let all = self.marks.entry(key).or_default();
            cases.into_iter().for_each(|(doc, sketch)| all.add_sketched(before + doc, sketch));
        }
    }

    /// Writes them, behind what is there already.
    pub(super) fn write(self, connection: &Connection) -> Result<(), Broken> {
        write_marks(connection, self.marks)?;
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
                    let bytes = behind(old, &docs, |new, known, all| {
                        each_doc(new, |doc| {
                            if u64::from(doc) > known {
                                all.add(doc);
                            }
                        })
                    })?;
                    put.execute(params![length, number, field, bytes])?;
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

/// New numbers behind old ones. `add` adds those of the first that are greater than the second: numbers only grow.
fn behind(
    old: Option<Vec<u8>>,
    new: &Docs,
    add: impl FnOnce(&[u8], u64, &mut Docs) -> Result<(), Broken>,
) -> Result<Vec<u8>, Broken> {
    let new = new.write();
    let Some(old) = old else { return Ok(new) };
    let mut all = Docs::read(&old).ok_or(Broken::Damaged)?;
    add(&new, all.last, &mut all)?;
    Ok(all.write())
}

fn write_marks(connection: &Connection, marks: ByWord<Docs>) -> Result<(), Broken> {
    let mut old = connection.prepare("SELECT cases FROM marks WHERE mark = ?1")?;
    let mut put = connection.prepare("INSERT OR REPLACE INTO marks VALUES (?1, ?2)")?;
    let mut marks: Vec<(String, Docs)> = marks.into_iter().collect();
    marks.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    for (key, docs) in marks {
        let before: Option<Vec<u8>> = old.query_row([&key], |row| row.get(0)).optional()?;
        let bytes = behind(before, &docs, |new, known, all| {
            each_sketched(new, |doc, sketch| {
                if u64::from(doc) > known {
                    all.add_sketched(doc, sketch);
                }
            })
        })?;
        put.execute(params![key, bytes])?;
    }
    Ok(())
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

/// The numbers of the cases that are not merged yet.
pub(super) fn fresh(connection: &Connection) -> Result<Vec<u32>, Broken> {
    let mut read = connection.prepare("SELECT doc FROM fresh")?;
    let docs = read.query_map([], |row| row.get(0))?;
    Ok(docs.collect::<Result<_, _>>()?)
}

/// All words and marks that are not merged yet, together.
pub(super) fn gather_fresh(connection: &Connection) -> Result<Gathered, Broken> {
    let mut few = Few::default();
    each_fresh(connection, |doc, words| {
        words.iter().for_each(|(field, word)| few.word(doc, *field, word));
        Ok(())
    })?;
    let mut read = connection.prepare("SELECT doc, marks FROM fresh ORDER BY doc")?;
    let mut rows = read.query([])?;
    while let Some(row) = rows.next()? {
        let doc: u32 = row.get(0)?;
        let bytes = row.get_ref(1)?.as_blob().map_err(|_| Broken::Damaged)?;
        read_fresh(bytes, |rest| {
            let key = rest.text()?;
            few.marks.entry_ref(key).or_default().push((doc, read_sketch(rest)?));
            Some(())
        })?;
    }
    let mut gathered = Gathered::default();
    gathered.add(0, few);
    Ok(gathered)
}

fn read_fresh(bytes: &[u8], mut each: impl FnMut(&mut Unpack<'_>) -> Option<()>) -> Result<(), Broken> {
    let mut bytes = Unpack::sealed(bytes).ok_or(Broken::Damaged)?;
    while !bytes.is_empty() {
        each(&mut bytes).ok_or(Broken::Damaged)?;
    }
    Ok(())
}
