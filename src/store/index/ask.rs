//! What the index answers.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension, Params, params};

use super::totals::{Total, Totals};
use super::words;
use super::{Broken, IndexFile, pack};
use crate::domain::query::Narrow;
use crate::domain::reference::Reference;
use crate::domain::row::Row;
use crate::domain::search::{self, FieldId, Mask, Tally, Term};
use crate::domain::settings::Settings;
use crate::domain::similarity::{self, Alike, Compared, Sketch};
use crate::domain::statistics::Facts;
use crate::domain::time::Instant;

/// The index, right for the commit and the settings that it was asked for, until it is dropped.
pub struct Index {
    file: IndexFile,
    personal: bool,
    totals: Totals,
}

/// A case that a search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Sought {
    /// The case.
    pub row: Row,
    /// How well it answers.
    pub score: u32,
    /// In which fields.
    pub fields: Mask,
}

impl Sought {
    /// Best first; among equals by reference.
    pub fn order(&self, other: &Sought) -> std::cmp::Ordering {
        other.score.cmp(&self.score).then_with(|| self.row.reference.cmp(&other.row.reference))
    }
}

impl Index {
    pub(super) fn new(file: IndexFile, settings: &Settings, totals: Totals) -> Index {
        Index { file, personal: settings.keeps_personal(), totals }
    }

    pub(super) fn totals(&self) -> &Totals {
        &self.totals
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.file.connection
    }

    /// The paths of the files that hold no case that can be read and counted, in order.
    pub fn unreadable(&self) -> Result<Vec<String>, Broken> {
        let mut read = self.connection().prepare("SELECT path, key FROM unreadable ORDER BY path")?;
        let mut rows = read.query([])?;
        let (mut paths, mut found) = (Vec::new(), Total::default());
        while let Some(row) = rows.next()? {
            paths.push(row.get(0)?);
            found.add(row.get(1)?);
        }
        self.totals.unreadable.check(found).map(|()| paths)
    }

    /// When the newest application was received.
    pub fn newest_receipt(&self) -> Result<Option<Instant>, Broken> {
        let newest: Option<i64> =
            self.connection().query_row("SELECT MAX(received) FROM cases", [], |row| row.get(0))?;
        Ok(newest.and_then(Instant::from_unix))
    }

    /// The rows of all cases of which this may hold, in no order. `keep` says which are wanted.
    pub fn rows(&self, narrow: Narrow, keep: impl Fn(&Row) -> bool) -> Result<Vec<Row>, Broken> {
        let due = narrow.due_before.map(Instant::unix);
        let (which, wanted, bound) = match due {
            Some(due) => (" WHERE due IS NOT NULL AND due < ?1", self.totals.running, due),
            None if narrow.open => (" WHERE open AND ?1 = 0", self.totals.open, 0),
            None => (" WHERE ?1 = 0", self.totals.cases, 0),
        };
        let mut read = self.connection().prepare(&format!("SELECT key, due, row FROM cases{which}"))?;
        let mut rows = read.query([bound])?;
        let (mut found, mut total) = (Vec::new(), Total::default());
        while let Some(row) = rows.next()? {
            let key: i64 = row.get(0)?;
            total.add(match due {
                Some(_) => key.wrapping_add(row.get(1)?),
                None => key,
            });
            let bytes = row.get_ref(2)?.as_blob().map_err(|_| Broken::Damaged)?;
            let row = pack::read_row(key, bytes).ok_or(Broken::Damaged)?;
            if keep(&row) {
                found.push(row);
            }
        }
        if due.is_some() {
            let later =
                "SELECT count(*), ifnull(sum(key + due), 0) FROM cases WHERE due IS NOT NULL AND due >= ?1";
            total = total.and(self.total(later, [bound])?);
        }
        wanted.check(total).map(|()| found)
    }

    /// The total that a query of one row counts and sums.
    fn total(&self, query: &str, bounds: impl Params) -> Result<Total, Broken> {
        let total = |row: &rusqlite::Row<'_>| Ok(Total { count: row.get(0)?, sum: row.get(1)? });
        Ok(self.connection().query_row(query, bounds, total)?)
    }

    /// What the numbers need of all cases of which something happened between two instants, both included, in no order.
    pub fn facts(&self, from: Option<Instant>, to: Option<Instant>) -> Result<Vec<Facts>, Broken> {
        let bounds = [from.map_or(i64::MIN, Instant::unix), to.map_or(i64::MAX, Instant::unix)];
        let mut read =
            self.connection().prepare("SELECT key, facts FROM facts WHERE last >= ?1 AND first <= ?2")?;
        let mut rows = read.query(bounds)?;
        let (mut found, mut total) = (Vec::new(), Total::default());
        while let Some(row) = rows.next()? {
            let key = row.get(0)?;
            total.add(key);
            let bytes = row.get_ref(1)?.as_blob().map_err(|_| Broken::Damaged)?;
            found.push(pack::read_facts(key, bytes).ok_or(Broken::Damaged)?);
        }
        let others = "SELECT count(*), ifnull(sum(key), 0) FROM facts WHERE NOT (last >= ?1 AND first <= ?2)";
        total = total.and(self.total(others, bounds)?);
        self.totals.cases.check(total).map(|()| found)
    }

    /// Reads rows by their numbers.
    fn by_number(&self) -> Result<impl FnMut(u32) -> Result<Row, Broken>, Broken> {
        let mut read = self.connection().prepare("SELECT key, row FROM cases WHERE doc = ?1")?;
        Ok(move |doc: u32| {
            let found =
                read.query_row([doc], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?))).optional()?;
            found.and_then(|(key, bytes)| pack::read_row(key, &bytes)).ok_or(Broken::Damaged)
        })
    }

    /// The numbers that belonged to cases as they were.
    fn dead(&self) -> Result<HashSet<u32>, Broken> {
        let mut read = self.connection().prepare("SELECT doc FROM dead")?;
        let dead = read.query_map([], |row| row.get(0))?;
        let dead: HashSet<u32> = dead.collect::<Result<_, _>>()?;
        self.totals.dead.check(dead.iter().copied().map(i64::from).collect()).map(|()| dead)
    }

    /// The cases that answer these terms and are kept, best first, at most so many; and how many there are in all. Where
    /// the settings keep words out of the index it has no answer.
    pub fn search(
        &self,
        terms: &[Term],
        most: usize,
        keep: Option<&dyn Fn(&Row) -> bool>,
    ) -> Result<(Vec<Sought>, usize), Broken> {
        if !self.personal {
            return Err(Broken::Unusable);
        }
        let vocabulary = words::vocabulary(self.connection(), self.totals.vocabulary)?;
        let mut fresh = Vec::new();
        words::each_fresh(self.connection(), self.totals.fresh, |doc, words| {
            fresh.push((doc, words));
            Ok(())
        })?;
        let mut hits =
            self.connection().prepare("SELECT field, docs FROM hits WHERE length = ?1 AND number = ?2")?;
        let mut tally = Tally::default();
        for term in terms {
            tally.next_term();
            for length in &vocabulary {
                for (number, word, mut fields) in length.words() {
                    let Some(quality) = term.quality(word) else { continue };
                    let mut rows = hits.query(params![length.length, number])?;
                    while let Some(row) = rows.next()? {
                        let field: FieldId = row.get(0)?;
                        fields = fields.checked_sub(1).ok_or(Broken::Damaged)?;
                        let docs = row.get_ref(1)?.as_blob().map_err(|_| Broken::Damaged)?;
                        words::each_doc(docs, |doc| tally.hit(doc, field, quality))?;
                    }
                    if fields > 0 {
                        return Err(Broken::Damaged);
                    }
                }
            }
            for (doc, words) in &fresh {
                search::answer(&mut tally, term, *doc, words);
            }
            if tally.is_lost() {
                break;
            }
        }
        if tally.terms() < terms.len() {
            return Ok((Vec::new(), 0));
        }
        let dead = self.dead()?;
        let found = tally.finish().into_iter().filter(|found| !dead.contains(&found.case));
        let found: Vec<search::Found> = found.collect();
        let mut row = self.by_number()?;
        let mut sought = |found: &search::Found| -> Result<Sought, Broken> {
            Ok(Sought { row: row(found.case)?, score: found.score, fields: found.fields })
        };
        let mut best: Vec<Sought> = Vec::new();
        let mut total = found.len();
        if let Some(keep) = keep {
            for found in &found {
                best.extend(Some(sought(found)?).filter(|sought| keep(&sought.row)));
            }
            total = best.len();
        } else {
            // Those as good as the last that is wanted are ordered by reference, so all of them are looked at.
            let last = found.get(most.saturating_sub(1)).map_or(0, |found| found.score);
            for found in found.iter().take_while(|found| found.score >= last && most > 0) {
                best.push(sought(found)?);
            }
        }
        best.sort_by(Sought::order);
        best.truncate(most);
        Ok((best, total))
    }

    /// The cases with somebody like one of these people, likest first. Where the settings keep names out of the index it
    /// has no answer.
    pub fn alike(&self, ours: &Compared) -> Result<Vec<Alike>, Broken> {
        if !self.personal {
            return Err(Broken::Unusable);
        }
        let mut bearing = self.connection().prepare("SELECT cases FROM marks WHERE mark = ?1")?;
        let mut fresh: HashMap<String, Vec<(u32, Sketch)>> = HashMap::new();
        words::each_fresh_mark(self.connection(), self.totals.fresh, |doc, key, sketch| {
            fresh.entry(key.to_owned()).or_default().push((doc, sketch));
        })?;
        let candidates = similarity::candidates(ours, |mark, text, each| {
            let key = words::key(mark, text);
            fresh.get(&key).into_iter().flatten().for_each(|(doc, sketch)| each(*doc, *sketch));
            let mut rows = bearing.query([key])?;
            match rows.next()? {
                None => Ok(()),
                Some(row) => {
                    let bytes = row.get_ref(0)?.as_blob().map_err(|_| Broken::Damaged)?;
                    words::each_sketched(bytes, each)
                }
            }
        })?;
        let dead = self.dead()?;
        let mut row = self.by_number()?;
        let select = "SELECT key, people FROM people JOIN cases USING (doc) WHERE doc = ?1";
        let mut people = self.connection().prepare(select)?;
        let mut alike = Vec::new();
        for doc in candidates.into_iter().filter(|doc| !dead.contains(doc)) {
            let found =
                people.query_row([doc], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?))).optional()?;
            let theirs =
                found.and_then(|(key, bytes)| pack::read_people(key, &bytes)).ok_or(Broken::Damaged)?;
            let pairs = similarity::pairs(ours, &similarity::alikes(&theirs));
            if !pairs.is_empty() {
                alike.push(Alike { reference: row(doc)?.reference, pairs });
            }
        }
        Ok(alike)
    }

    /// The people of every case, made ready to be compared, in no order. Where the settings keep names out of the index it
    /// has no answer.
    pub fn people(&self) -> Result<Vec<(Reference, Compared)>, Broken> {
        if !self.personal {
            return Err(Broken::Unusable);
        }
        let select = "SELECT key, row, people FROM cases JOIN people USING (doc)";
        let mut read = self.connection().prepare(select)?;
        let mut rows = read.query([])?;
        let (mut found, mut total) = (Vec::new(), Total::default());
        while let Some(row) = rows.next()? {
            let key = row.get(0)?;
            total.add(key);
            let bytes = |column| row.get_ref(column)?.as_blob().map_err(|_| Broken::Damaged);
            let reference = pack::read_row(key, bytes(1)?).ok_or(Broken::Damaged)?.reference;
            let people = pack::read_people(key, bytes(2)?).ok_or(Broken::Damaged)?;
            found.push((reference, similarity::alikes(&people)));
        }
        self.totals.cases.check(total).map(|()| found)
    }
}
