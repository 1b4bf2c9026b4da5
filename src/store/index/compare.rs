//! Comparing every row of the index with the cases: what a question cannot afford, since it takes as long as making the
//! index does.

use std::collections::HashMap;

use rusqlite::{Connection, params};

use super::entry::Entry;
use super::file::Remove;
use super::gather::Gathered;
use super::pack::checksum;
use super::totals::{Total, Totals, key};
use super::{Broken, Origin, Place, update, words};
use crate::domain::settings::Settings;
use crate::domain::similarity::Sketch;
use crate::error::Error;
use crate::store::id::BlobId;
use crate::store::{Snapshot, Store};

impl Store {
    /// The case files of which the index of this copy says something else than they do, ordered by path. Where there is
    /// one, the index is removed, so that whoever asks next makes it again. Empty where there is no index, or somebody
    /// else is at work on it.
    ///
    /// # Errors
    /// Where the cases cannot be read.
    pub fn index_differs(&self, head: &Snapshot, settings: &Settings) -> Result<Vec<String>, Error> {
        let place = Place::in_private(&self.private(), self.rights());
        let origin = Origin::of(head, settings)?;
        if !place.exists() || !update::claims(&place, origin) {
            return Ok(Vec::new());
        }
        let compared = update::ready(&place, head, settings, origin)
            .and_then(|index| differing(index.connection(), index.totals(), head, settings));
        let files = || head.case_paths().map(|files| files.into_iter().map(|(path, _)| path).collect());
        let differing: Vec<String> = match compared {
            Ok(differing) => differing,
            // Whatever it is, nothing that the index says can be relied upon.
            Err(Broken::Damaged | Broken::Gone) => files()?,
            Err(Broken::Unusable | Broken::Store) => Vec::new(),
        };
        if !differing.is_empty() {
            // Where somebody is using it, the next `validate` says the same again.
            let _ = place.remove(Remove::Ours);
        }
        Ok(differing)
    }
}

/// The words and marks of a case as two sums: additive, so that they may come in any order.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Sums {
    words: Total,
    marks: Total,
}

impl Sums {
    fn word(&mut self, field: u8, word: &str) {
        self.words.add(i64::from(checksum(&[word.as_bytes(), &[field]].concat())));
    }

    fn mark(&mut self, key: &str, sketch: Sketch) {
        let numbers = sketch.numbers().map(u64::to_le_bytes).concat();
        self.marks.add(i64::from(checksum(&[key.as_bytes(), &numbers].concat())));
    }

    fn of(gathered: &Gathered) -> Result<Sums, Broken> {
        let mut sums = Sums::default();
        gathered.each_word(|field, word| sums.word(field, word));
        gathered.each_mark(|key, sketch| sums.mark(key, sketch))?;
        Ok(sums)
    }
}

/// A row of the table of the cases, as far as it is not packed.
type Kept = (u32, i64, bool, Option<i64>, i64);

/// The files of which the index says something else. `Damaged` where it holds what belongs to no file.
fn differing(
    connection: &Connection,
    totals: &Totals,
    head: &Snapshot,
    settings: &Settings,
) -> Result<Vec<String>, Broken> {
    let files = head.case_paths()?;
    let mut sums = sums(connection, totals)?;
    let mut unreadable = connection.prepare("SELECT key FROM unreadable WHERE path = ?1")?;
    let mut case =
        connection.prepare("SELECT doc, key, open, due, received, row FROM cases WHERE path = ?1")?;
    let mut facts = connection.prepare("SELECT key, first, last, facts FROM facts WHERE doc = ?1")?;
    let mut people = connection.prepare("SELECT people FROM people WHERE doc = ?1")?;
    let mut found = Vec::new();
    let mut is_same = |path: &str, blob: BlobId, entry: Option<Entry>, wanted: Sums| {
        let key = key(path, blob);
        let Some(entry) = entry else {
            return optional(unreadable.query_row([path], |row| row.get::<_, i64>(0)))
                .map(|it| it == Some(key));
        };
        let kept = case.query_row([path], |row| {
            let kept: Kept = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?);
            Ok((kept, row.get::<_, Vec<u8>>(5)?))
        });
        let Some((kept, row)) = optional(kept)? else { return Ok(false) };
        let doc = kept.0;
        let kept_facts = optional(facts.query_row([doc], |row| {
            Ok((row.get::<_, i64>(0)?, (row.get(1)?, row.get(2)?), row.get::<_, Vec<u8>>(3)?))
        }))?;
        let kept_people: Option<Vec<u8>> = optional(people.query_row([doc], |row| row.get(0)))?;
        Ok::<bool, Broken>(
            kept == (doc, key, entry.open, entry.due, entry.received)
                && row == entry.row.sealed_for(key)
                && kept_facts == Some((key, entry.span, entry.facts.sealed_for(key)))
                && kept_people == entry.people.map(|people| people.sealed_for(key))
                && sums.remove(&doc).unwrap_or_default() == wanted,
        )
    };
    head.read_each(
        &files,
        |path, bytes| {
            let mut gathered = Gathered::default();
            let entry = Entry::read(path, bytes, settings, 1, &mut gathered).ok();
            (entry, Sums::of(&gathered))
        },
        |position, (entry, wanted)| {
            let (path, blob) = &files[position];
            if !is_same(path, *blob, entry, wanted?)? {
                found.push(path.clone());
            }
            Ok::<(), Broken>(())
        },
    )?;
    found.sort_unstable();
    // Every file has a row of its own: where there are as many rows as files, there are no others.
    let rows = "SELECT (SELECT count(*) FROM cases) + (SELECT count(*) FROM unreadable)";
    let count: usize = connection.query_row(rows, [], |row| row.get(0))?;
    if found.is_empty() && (count != files.len() || !sums.is_empty()) {
        return Err(Broken::Damaged);
    }
    Ok(found)
}

/// What the index has of words and marks, for every case that has any.
fn sums(connection: &Connection, totals: &Totals) -> Result<HashMap<u32, Sums>, Broken> {
    let mut sums: HashMap<u32, Sums> = HashMap::new();
    let mut hits = connection.prepare("SELECT field, docs FROM hits WHERE length = ?1 AND number = ?2")?;
    for length in &words::vocabulary(connection, totals.vocabulary)? {
        for (number, word, _) in length.words() {
            let mut rows = hits.query(params![length.length, number])?;
            while let Some(row) = rows.next()? {
                let field = row.get(0)?;
                let docs = row.get_ref(1)?.as_blob().map_err(|_| Broken::Damaged)?;
                words::each_doc(docs, |doc| sums.entry(doc).or_default().word(field, word))?;
            }
        }
    }
    let mut marks = connection.prepare("SELECT mark, cases FROM marks")?;
    let mut rows = marks.query([])?;
    while let Some(row) = rows.next()? {
        let mark = row.get_ref(0)?.as_str().map_err(|_| Broken::Damaged)?;
        let cases = row.get_ref(1)?.as_blob().map_err(|_| Broken::Damaged)?;
        words::each_sketched(cases, |doc, sketch| sums.entry(doc).or_default().mark(mark, sketch))?;
    }
    let mut dead = connection.prepare("SELECT doc FROM dead")?;
    for doc in dead.query_map([], |row| row.get::<_, u32>(0))? {
        sums.remove(&doc?);
    }
    words::each_fresh(connection, totals.fresh, |doc, words| {
        words.iter().for_each(|(field, word)| sums.entry(doc).or_default().word(*field, word));
        Ok(())
    })?;
    words::each_fresh_mark(connection, totals.fresh, |doc, mark, sketch| {
        sums.entry(doc).or_default().mark(mark, sketch);
    })?;
    Ok(sums)
}

fn optional<T>(found: rusqlite::Result<T>) -> Result<Option<T>, Broken> {
    Ok(rusqlite::OptionalExtension::optional(found)?)
}
