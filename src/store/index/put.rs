//! Putting cases into their tables and taking them out, with the totals.

use rusqlite::{Connection, OptionalExtension, Statement, params};

use super::Broken;
use super::entry::Entry;
use super::gather::Gathered;
use super::totals::Totals;

/// Writes single cases.
pub(super) struct Put<'c> {
    connection: &'c Connection,
    case: Statement<'c>,
    facts: Statement<'c>,
    people: Statement<'c>,
    unreadable: Statement<'c>,
    waiting: Statement<'c>,
    totals: Totals,
}

impl<'c> Put<'c> {
    /// Into tables that have these totals.
    pub(super) fn new(connection: &'c Connection, totals: Totals) -> Result<Put<'c>, Broken> {
        Ok(Put {
            connection,
            case: connection.prepare("INSERT INTO cases VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?,
            facts: connection.prepare("INSERT INTO facts VALUES (?1, ?2, ?3, ?4, ?5)")?,
            people: connection.prepare("INSERT INTO people VALUES (?1, ?2)")?,
            unreadable: connection.prepare("INSERT INTO unreadable VALUES (?1, ?2)")?,
            waiting: connection.prepare("INSERT INTO fresh VALUES (?1, ?2, ?3)")?,
            totals,
        })
    }

    /// The totals as they are now.
    pub(super) fn totals(&self) -> Totals {
        self.totals
    }

    /// A case, in the file at `path` whose key is `key`.
    pub(super) fn case(&mut self, doc: u32, path: &str, key: i64, entry: Entry) -> Result<(), Broken> {
        let Entry { open, due, received, row, span: (first, last), facts, people } = entry;
        self.case.execute(params![doc, key, path, open, due, received, row.sealed_for(key)])?;
        self.facts.execute(params![doc, key, first, last, facts.sealed_for(key)])?;
        if let Some(people) = people {
            self.people.execute(params![doc, people.sealed_for(key)])?;
        }
        self.totals.cases.add(key);
        if open {
            self.totals.open.add(key);
        }
        if let Some(due) = due {
            self.totals.running.add(key.wrapping_add(due));
        }
        Ok(())
    }

    /// A file that holds no case that can be read and counted.
    pub(super) fn unreadable(&mut self, path: &str, key: i64) -> Result<(), Broken> {
        self.unreadable.execute(params![path, key])?;
        self.totals.unreadable.add(key);
        Ok(())
    }

    /// The words and marks of a case, until they are merged.
    pub(super) fn waiting(&mut self, doc: u32, gathered: &Gathered) -> Result<(), Broken> {
        self.waiting.execute(params![doc, gathered.fresh_words(), gathered.fresh_marks()])?;
        self.totals.fresh.add(i64::from(doc));
        Ok(())
    }

    /// Takes out what stands there of the file at `path`.
    pub(super) fn forget(&mut self, path: &str) -> Result<(), Broken> {
        let select = "SELECT key FROM unreadable WHERE path = ?1";
        let key: Option<i64> = self.connection.query_row(select, [path], |row| row.get(0)).optional()?;
        if let Some(key) = key {
            self.connection.execute("DELETE FROM unreadable WHERE path = ?1", [path])?;
            self.totals.unreadable.remove(key);
        }
        let select = "SELECT doc, key, open, due FROM cases WHERE path = ?1";
        let found = self
            .connection
            .query_row(select, [path], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)));
        let Some((doc, key, open, due)): Option<(u32, i64, bool, Option<i64>)> = found.optional()? else {
            return Ok(());
        };
        for table in ["cases", "facts", "people"] {
            self.connection.execute(&format!("DELETE FROM {table} WHERE doc = ?1"), [doc])?;
        }
        self.totals.cases.remove(key);
        if open {
            self.totals.open.remove(key);
        }
        if let Some(due) = due {
            self.totals.running.remove(key.wrapping_add(due));
        }
        if self.connection.execute("DELETE FROM fresh WHERE doc = ?1", [doc])? > 0 {
            self.totals.fresh.remove(i64::from(doc));
        } else if self.connection.execute("INSERT OR IGNORE INTO dead VALUES (?1)", [doc])? > 0 {
            // Its words are merged already: its number is remembered as one that means nothing any more.
            self.totals.dead.add(i64::from(doc));
        }
        Ok(())
    }
}
