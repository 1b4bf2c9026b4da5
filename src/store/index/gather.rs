//! Gathers the words and marks of cases, and writes them: how the tables that [`words`](super::words) reads come about.
//!
//! Every reader of many cases gathers for itself, and all that they gathered is put together as it is written.

use std::cmp::Ordering;
use std::iter::Peekable;
use std::vec;

use hashbrown::HashMap;
use rusqlite::{Connection, OptionalExtension, params};

use super::lexicon::Lexicon;
use super::pack::{Pack, Unpack, varint};
use super::totals::Total;
use super::words::Length;
use super::{Broken, words};
use crate::domain::search::FieldId;
use crate::domain::similarity::{Mark, Sketch};

/// So many numbers go with the number of a case: none where a word stands, the sketch's where somebody bears a mark.
const NO_SKETCH: usize = 0;
const SKETCH: usize = 3;

/// A word in a field, or a mark with its text.
#[derive(PartialEq, Eq)]
struct Key {
    kind: u8,
    text: Box<str>,
}

/// What stands under a key.
#[derive(Default)]
struct ByKey {
    lexicon: Lexicon,
    docs: Vec<Docs>,
}

impl ByKey {
    /// The cases under a key, none where there were none yet.
    fn under(&mut self, kind: u8, text: &str) -> &mut Docs {
        let number = self.lexicon.number(kind, text);
        if number == self.docs.len() {
            self.docs.push(Docs::default());
        }
        &mut self.docs[number]
    }

    fn iter(&self) -> impl Iterator<Item = ((u8, &str), &Docs)> {
        self.lexicon.keys().zip(&self.docs)
    }

    fn sorted(self) -> Vec<(Key, Docs)> {
        let keys = self.lexicon.keys().map(|(kind, text)| Key { kind, text: text.into() });
        let mut sorted: Vec<(Key, Docs)> = keys.zip(self.docs).collect();
        sorted.sort_unstable_by(|(one, _), (other, _)| one.order(other));
        sorted
    }
}

impl Key {
    /// The order in which they are written: words of one length together, those of one word together.
    fn order(&self, other: &Key) -> Ordering {
        let key = |key: &Key| (key.text.len(), key.kind);
        let ((length, kind), (others_length, others_kind)) = (key(self), key(other));
        length.cmp(&others_length).then_with(|| self.text.cmp(&other.text)).then(kind.cmp(&others_kind))
    }
}

/// The numbers of cases that bear a word or a mark, growing, as they are kept: each as the distance from the one before,
/// followed by the numbers that go with it.
#[derive(Default)]
struct Docs {
    last: u32,
    distances: Vec<u8>,
}

impl Docs {
    fn add(&mut self, doc: u32) {
        varint(&mut self.distances, u64::from(doc - self.last));
        self.last = doc;
    }

    fn write(&self) -> Vec<u8> {
        let mut pack = Pack::default();
        pack.number(u64::from(self.last));
        pack.rest(&self.distances).sealed()
    }

    fn read(bytes: &[u8]) -> Option<Docs> {
        let mut bytes = Unpack::sealed(bytes)?;
        Some(Docs { last: u32::try_from(bytes.number()?).ok()?, distances: bytes.rest().to_vec() })
    }

    /// Each number, with the bytes of the `besides` numbers that go with it.
    fn entries(&self, besides: usize) -> Option<Vec<(u32, &[u8])>> {
        let mut found = Vec::new();
        let mut bytes = Unpack::of(&self.distances);
        let mut doc = 0_u32;
        while !bytes.is_empty() {
            doc = doc.checked_add(u32::try_from(bytes.number()?).ok()?)?;
            found.push((doc, bytes.numbers(besides)?));
        }
        Some(found)
    }

    /// Adds what stands in `entries`; they are numbers greater than those that are here.
    fn extend<'e>(&mut self, entries: impl IntoIterator<Item = (u32, &'e [u8])>) {
        for (doc, besides) in entries {
            self.add(doc);
            self.distances.extend_from_slice(besides);
        }
    }

    /// Those of several, in order.
    fn together(several: &[Docs], besides: usize) -> Option<Docs> {
        let mut entries = Vec::new();
        for docs in several {
            entries.extend(docs.entries(besides)?);
        }
        // Stable: what stands twice keeps its order.
        entries.sort_by_key(|(doc, _)| *doc);
        let mut all = Docs::default();
        all.extend(entries);
        Some(all)
    }
}

/// Words and marks of cases, gathered as the cases are read, in the order of their numbers.
#[derive(Default)]
pub(super) struct Gathered {
    words: ByKey,
    marks: ByKey,
}

impl Gathered {
    /// A word stands in a field of a case.
    pub(super) fn word(&mut self, doc: u32, field: FieldId, word: &str) {
        let docs = self.words.under(field, word);
        // Numbers begin at one.
        if docs.last != doc {
            docs.add(doc);
        }
    }

    /// Somebody in a case bears a mark.
    pub(super) fn mark(&mut self, doc: u32, mark: Mark, text: &str, sketch: Sketch) {
        self.mark_keyed(doc, &words::key(mark, text), sketch);
    }

    fn mark_keyed(&mut self, doc: u32, key: &str, sketch: Sketch) {
        let docs = self.marks.under(0, key);
        docs.add(doc);
        sketch.numbers().into_iter().for_each(|number| varint(&mut docs.distances, number));
    }

    /// The words of a single case, each once in each field.
    pub(super) fn each_word(&self, mut each: impl FnMut(FieldId, &str)) {
        self.words.lexicon.keys().for_each(|(field, word)| each(field, word));
    }

    /// The marks of a single case.
    pub(super) fn each_mark(&self, mut each: impl FnMut(&str, Sketch)) -> Result<(), Broken> {
        for ((_, key), docs) in self.marks.iter() {
            words::each_sketched(&docs.write(), |_, sketch| each(key, sketch))?;
        }
        Ok(())
    }

    /// The words of a single case, as a row of `fresh` has them.
    pub(super) fn fresh_words(&self) -> Vec<u8> {
        let mut pack = Pack::default();
        for (kind, text) in self.words.lexicon.keys() {
            pack.number(u64::from(kind));
            pack.text(text);
        }
        pack.sealed()
    }

    /// The marks of a single case, as a row of `fresh` has them.
    pub(super) fn fresh_marks(&self) -> Vec<u8> {
        let mut pack = Pack::default();
        for ((_, key), docs) in self.marks.iter() {
            for (_, sketch) in docs.entries(SKETCH).into_iter().flatten() {
                pack.text(key);
                pack = pack.rest(sketch);
            }
        }
        pack.sealed()
    }

    /// Those of the cases that are not merged yet, which must be of this total.
    pub(super) fn fresh(connection: &Connection, total: Total) -> Result<Gathered, Broken> {
        let mut gathered = Gathered::default();
        words::each_fresh(connection, total, |doc, words| {
            words.iter().for_each(|(field, word)| gathered.word(doc, *field, word));
            Ok(())
        })?;
        words::each_fresh_mark(connection, total, |doc, key, sketch| {
            gathered.mark_keyed(doc, key, sketch);
        })?;
        Ok(gathered)
    }

    /// In the order in which they are written.
    pub(super) fn sorted(self) -> Sorted {
        Sorted { words: self.words.sorted(), marks: self.marks.sorted() }
    }
}

/// Words and marks that one reader gathered, to be written together with those of others.
pub(super) struct Sorted {
    words: Vec<(Key, Docs)>,
    marks: Vec<(Key, Docs)>,
}

/// Writes them, behind what is there already, which is of cases with lower numbers. Returns the total of the vocabulary.
pub(super) fn write(connection: &Connection, gathered: Vec<Sorted>) -> Result<Total, Broken> {
    let (words, marks): (Vec<_>, Vec<_>) =
        gathered.into_iter().map(|sorted| (sorted.words, sorted.marks)).unzip();
    write_marks(connection, Together::new(marks, SKETCH))?;
    write_words(connection, Together::new(words, NO_SKETCH))?;
    words::vocabulary_total(connection)
}

/// Goes through what several readers gathered as if one had.
struct Together {
    lists: Vec<Peekable<vec::IntoIter<(Key, Docs)>>>,
    besides: usize,
}

impl Together {
    fn new(lists: Vec<Vec<(Key, Docs)>>, besides: usize) -> Together {
        Together { lists: lists.into_iter().map(|list| list.into_iter().peekable()).collect(), besides }
    }
}

impl Iterator for Together {
    type Item = (Key, Docs);

    fn next(&mut self) -> Option<(Key, Docs)> {
        let mut first: Option<usize> = None;
        for at in 0..self.lists.len() {
            let (before, rest) = self.lists.split_at_mut(at);
            let Some((key, _)) = rest[0].peek() else { continue };
            let least = first.and_then(|first| before[first].peek());
            if least.is_none_or(|(least, _)| key.order(least) == Ordering::Less) {
                first = Some(at);
            }
        }
        let first = first?;
        let (key, docs) = self.lists[first].next()?;
        let mut several = vec![docs];
        for list in &mut self.lists[first + 1..] {
            several.extend(list.next_if(|(other, _)| *other == key).map(|(_, docs)| docs));
        }
        let docs = match several.len() {
            1 => several.pop()?,
            _ => Docs::together(&several, self.besides)?,
        };
        Some((key, docs))
    }
}

fn write_marks(connection: &Connection, marks: Together) -> Result<(), Broken> {
    let mut old = connection.prepare("SELECT cases FROM marks WHERE mark = ?1")?;
    let mut put = connection.prepare("INSERT OR REPLACE INTO marks VALUES (?1, ?2)")?;
    for (key, docs) in marks {
        let before: Option<Vec<u8>> = old.query_row([&key.text], |row| row.get(0)).optional()?;
        put.execute(params![key.text, behind(before, &docs, SKETCH)?])?;
    }
    Ok(())
}

fn write_words(connection: &Connection, words: Together) -> Result<(), Broken> {
    let mut old =
        connection.prepare("SELECT docs FROM hits WHERE length = ?1 AND number = ?2 AND field = ?3")?;
    let mut put = connection.prepare("INSERT OR REPLACE INTO hits VALUES (?1, ?2, ?3, ?4)")?;
    let mut put_length = connection.prepare("INSERT OR REPLACE INTO vocabulary VALUES (?1, ?2)")?;
    let mut words = words.peekable();
    while let Some(length) = words.peek().map(|(key, _)| key.text.len()) {
        let mut vocabulary = Length::there(connection, length)?;
        let known: HashMap<Box<str>, usize> =
            vocabulary.words().map(|(number, word, _)| (word.into(), number)).collect();
        let mut last: Option<(Box<str>, usize)> = None;
        while let Some((key, docs)) = words.next_if(|(key, _)| key.text.len() == length) {
            let (word, number) = match last.take() {
                Some((word, number)) if word == key.text => (word, number),
                _ => {
                    let number = known.get(&key.text).copied();
                    let number = number.unwrap_or_else(|| vocabulary.push(&key.text));
                    (key.text, number)
                }
            };
            let before: Option<Vec<u8>> = match known.is_empty() {
                true => None,
                false => old.query_row(params![length, number, key.kind], |row| row.get(0)).optional()?,
            };
            if before.is_none() {
                vocabulary.in_another_field(number);
            }
            put.execute(params![length, number, key.kind, behind(before, &docs, NO_SKETCH)?])?;
            last = Some((word, number));
        }
        put_length.execute(params![length, vocabulary.write()])?;
    }
    Ok(())
}

/// New numbers behind old ones. Those that are there already are left where they are: numbers only grow.
fn behind(old: Option<Vec<u8>>, new: &Docs, besides: usize) -> Result<Vec<u8>, Broken> {
    let Some(old) = old else { return Ok(new.write()) };
    let mut all = Docs::read(&old).ok_or(Broken::Damaged)?;
    let known = all.last;
    let entries = new.entries(besides).ok_or(Broken::Damaged)?;
    all.extend(entries.into_iter().filter(|(doc, _)| *doc > known));
    Ok(all.write())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::index::file::TABLES;

    type Table = Vec<(String, Vec<u8>)>;

    fn tables(connection: &Connection) -> [Table; 3] {
        [
            "SELECT format('%s %s %s', length, number, field), docs FROM hits ORDER BY 1",
            "SELECT mark, cases FROM marks ORDER BY 1",
            "SELECT CAST(length AS TEXT), words FROM vocabulary ORDER BY length",
        ]
        .map(|query| {
            let mut read = connection.prepare(query).unwrap();
            let rows = read.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
            rows.unwrap().map(Result::unwrap).collect()
        })
    }

    /// Cases `first` to `last`, whose words come often, seldom and twice, shared among so many readers by tens.
    fn gathered(first: u32, last: u32, readers: usize) -> Vec<Sorted> {
        let mut all: Vec<Gathered> = (0..readers).map(|_| Gathered::default()).collect();
        for doc in first..=last {
            let one = &mut all[(doc / 10) as usize % readers];
            for (field, word) in [
                (3, "common".to_owned()),
                (4, "common".to_owned()),
                (3, format!("seldom{}", doc % 7)),
                (5, format!("a longer word number {}", doc % 90)),
                (3, "common".to_owned()),
            ] {
                one.word(doc, field, &word);
            }
            for sketch in [[1, 2, 3], [0, u64::from(doc) << 33, 300]] {
                one.mark(doc, Mark::Family, &format!("family{}", doc % 5), Sketch::from_numbers(sketch));
            }
        }
        all.into_iter().map(Gathered::sorted).collect()
    }

    #[test]
    fn however_many_gather_the_same_is_written() {
        let [one, three, turns] = [(1, 1), (3, 1), (1, 4)].map(|(readers, turns)| {
            let connection = Connection::open_in_memory().unwrap();
            connection.execute_batch(TABLES).unwrap();
            for turn in 0..turns {
                let (first, last) = (turn * 400 / turns + 1, (turn + 1) * 400 / turns);
                write(&connection, gathered(first, last, readers)).unwrap();
            }
            tables(&connection)
        });
        assert_eq!(one[0].len(), 2 + 7 + 90);
        assert_eq!(one[1].len(), 5);
        assert!(one == three, "what three gathered is not what one did");
        // Words that come later stand later in the vocabulary; the cases of each are the same.
        assert!(one[1] == turns[1] && one[0].len() == turns[0].len());
        let mut docs = Vec::new();
        words::each_doc(&one[0][0].1, |doc| docs.push(doc)).unwrap();
        assert!(docs.is_sorted_by(|one, other| one < other));
    }
}
