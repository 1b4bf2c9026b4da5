//! Bringing the index up to date, and making it from nothing.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};

use super::entry::Entry;
use super::file::{PATIENCE, Remove};
use super::gather::{self, Gathered};
use super::{Broken, Index, IndexFile, Origin, Place, Progress};
use crate::domain::settings::Settings;
use crate::store::git::{Differs, Snapshot};
use crate::store::id::ObjectId;

/// So many cases may wait for their words to be merged: each costs every search a little.
const FRESH: usize = 512;

/// Progress is told each time so many more were read.
const PROGRESS: u32 = 256;

/// A change that touches more cases than this is left to whoever asks next.
const CHEAP: usize = 200;

/// The index, right for `origin`.
pub(super) fn ready(
    place: &Place,
    head: &Snapshot,
    settings: &Settings,
    origin: Origin,
) -> Result<Index, Broken> {
    brought(place.open()?, head, settings, origin, usize::MAX)
}

/// The same, where it is right or only few cases differ, and nobody else is changing it.
pub(super) fn at_hand(
    place: &Place,
    head: &Snapshot,
    settings: &Settings,
    origin: Origin,
) -> Result<Index, Broken> {
    let file = place.open()?;
    file.connection.busy_timeout(Duration::ZERO)?;
    brought(file, head, settings, origin, CHEAP)
}

fn brought(
    file: IndexFile,
    head: &Snapshot,
    settings: &Settings,
    origin: Origin,
    most: usize,
) -> Result<Index, Broken> {
    // What is read from here on is one state, whatever others write.
    file.connection.execute_batch("BEGIN")?;
    let made = made(&file.connection)?;
    let right = made.fingerprint == origin.fingerprint && made.tree == origin.tree;
    if right && (most <= CHEAP || !many_wait(&file.connection)?) {
        return Ok(Index::new(file, settings));
    }
    file.connection.execute_batch("ROLLBACK")?;
    match right {
        true => tend(&file)?,
        false => bring(&file, head, settings, origin, most)?,
    }
    file.connection.execute_batch("BEGIN")?;
    // Somebody at another commit may have been quicker.
    match self::made(&file.connection)?.tree == origin.tree {
        true => Ok(Index::new(file, settings)),
        false => Err(Broken::Unusable),
    }
}

/// Follows a change, where the index was right before it and only few cases differ.
pub(super) fn follow(
    place: &Place,
    head: &Snapshot,
    settings: &Settings,
    origin: Origin,
) -> Result<(), Broken> {
    let file = place.open()?;
    // Whoever changed a case does not wait for those who read.
    file.connection.busy_timeout(Duration::ZERO)?;
    bring(&file, head, settings, origin, CHEAP)
}

fn made(connection: &Connection) -> Result<Origin, Broken> {
    let row = connection
        .query_row("SELECT fingerprint, tree, commit_id FROM made", [], |row| {
            Ok((row.get::<_, [u8; 20]>(0)?, row.get::<_, [u8; 20]>(1)?, row.get::<_, [u8; 20]>(2)?))
        })
        .optional()?;
    let (fingerprint, tree, commit) = row.ok_or(Broken::Damaged)?;
    let id = ObjectId::from_bytes;
    Ok(Origin { fingerprint: id(fingerprint), tree: id(tree), commit: id(commit) })
}

/// Reads the cases that differ, at most so many.
fn bring(
    file: &IndexFile,
    head: &Snapshot,
    settings: &Settings,
    origin: Origin,
    most: usize,
) -> Result<(), Broken> {
    within(file, |connection| bring_within(connection, head, settings, origin, most))
}

/// Writes to the index, all of it or nothing.
fn within(file: &IndexFile, write: impl FnOnce(&Connection) -> Result<(), Broken>) -> Result<(), Broken> {
    file.connection.execute_batch("BEGIN IMMEDIATE")?;
    let done = write(&file.connection);
    // Where it cannot be undone either, SQLite undoes it when the file is closed.
    let end = if done.is_ok() { "COMMIT" } else { "ROLLBACK" };
    let ended = file.connection.execute_batch(end);
    done.and_then(|()| Ok(ended?))?;
    file.shorten_log();
    Ok(())
}

fn bring_within(
    connection: &Connection,
    head: &Snapshot,
    settings: &Settings,
    origin: Origin,
    most: usize,
) -> Result<(), Broken> {
    let made = made(connection)?;
    if made.fingerprint != origin.fingerprint {
        return Err(Broken::Damaged);
    }
    if made.tree == origin.tree {
        return Ok(());
    }
    let old = (!made.tree.is_zero()).then_some(made.tree);
    // The commit that it was made from may be gone: then it is of another history.
    let differ = head.differ_from(old).map_err(|_| Broken::Damaged)?;
    // Numbers are given in turn: there are no more cases than that.
    let known: usize = connection.query_row("SELECT next FROM made", [], |row| row.get(0))?;
    if differ.len() > most {
        return Err(Broken::Unusable);
    }
    // A case that is gone leaves nothing behind, not even its words.
    if differ.iter().any(|(_, blob)| blob.is_none()) {
        return Err(Broken::Gone);
    }
    if differ.len() > FRESH.max(known / 2) {
        return Err(Broken::Damaged);
    }
    apply(connection, head, settings, &differ)?;
    connection.execute(
        "UPDATE made SET tree = ?1, commit_id = ?2",
        params![origin.tree.as_bytes(), origin.commit.as_bytes()],
    )?;
    if most > CHEAP { merge(connection, FRESH) } else { Ok(()) }
}

fn apply(
    connection: &Connection,
    head: &Snapshot,
    settings: &Settings,
    differ: &[Differs],
) -> Result<(), Broken> {
    for (path, _) in differ {
        forget(connection, path)?;
    }
    let files: Vec<_> =
        differ.iter().filter_map(|(path, blob)| blob.map(|blob| (path.clone(), blob))).collect();
    let mut doc: u32 = connection.query_row("SELECT next FROM made", [], |row| row.get(0))?;
    let mut put = Put::new(connection)?;
    head.read_each(
        &files,
        |path, bytes| {
            let mut gathered = Gathered::default();
            (Entry::read(path, bytes, settings, 1, &mut gathered).ok(), gathered)
        },
        |position, (entry, gathered)| {
            let path = &files[position].0;
            let Some(entry) = entry else { return put.unreadable(path) };
            put.case(doc, path, &entry)?;
            if settings.keeps_personal() {
                put.waiting(doc, &gathered)?;
            }
            doc += 1;
            Ok(())
        },
    )?;
    connection.execute("UPDATE made SET next = ?1", [doc])?;
    Ok(())
}

fn forget(connection: &Connection, path: &str) -> Result<(), Broken> {
    connection.execute("DELETE FROM unreadable WHERE path = ?1", [path])?;
    let doc: Option<u32> =
        connection.query_row("SELECT doc FROM cases WHERE path = ?1", [path], |row| row.get(0)).optional()?;
    let Some(doc) = doc else { return Ok(()) };
    for table in ["cases", "facts", "people"] {
        connection.execute(&format!("DELETE FROM {table} WHERE doc = ?1"), [doc])?;
    }
    // Its words may be merged already: then its number is remembered as one that means nothing any more.
    let was_fresh = connection.execute("DELETE FROM fresh WHERE doc = ?1", [doc])? > 0;
    if !was_fresh {
        connection.execute("INSERT OR IGNORE INTO dead VALUES (?1)", [doc])?;
    }
    Ok(())
}

/// Whether the words of so many cases wait to be merged that it is time.
fn many_wait(connection: &Connection) -> Result<bool, Broken> {
    let beyond = "SELECT EXISTS (SELECT 1 FROM fresh LIMIT 1 OFFSET ?1)";
    Ok(connection.query_row(beyond, [FRESH], |row| row.get(0))?)
}

/// Merges what many changes have left waiting, each of which followed and went. An index that is right answers without
/// that too: where somebody else is at work, or nothing may be written, it stays as it is.
fn tend(file: &IndexFile) -> Result<(), Broken> {
    file.connection.busy_timeout(Duration::ZERO)?;
    let tended = within(file, |connection| merge(connection, FRESH));
    file.connection.busy_timeout(PATIENCE)?;
    match tended {
        Err(Broken::Unusable) => Ok(()),
        other => other,
    }
}

/// Merges the words of the cases that wait, where more than `most` do.
fn merge(connection: &Connection, most: usize) -> Result<(), Broken> {
    let count = |table: &str| -> Result<usize, Broken> {
        Ok(connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))?)
    };
    let waiting = count("fresh")?;
    if waiting <= most {
        return Ok(());
    }
    // Numbers that mean nothing any more cost every search a little too: in time it is better to begin anew.
    if count("dead")? > FRESH.max(count("cases")? / 4) {
        return Err(Broken::Damaged);
    }
    gather::write(connection, vec![Gathered::fresh(connection)?.sorted()])?;
    connection.execute("DELETE FROM fresh", [])?;
    Ok(())
}

/// Makes the index from nothing.
pub(super) fn build(
    place: &Place,
    remove: Remove,
    head: &Snapshot,
    settings: &Settings,
    origin: Origin,
    progress: Progress<'_>,
) -> Result<(), Broken> {
    let files = head.case_paths()?;
    let next = std::cell::Cell::new(1_u32);
    place.begin_anew(
        remove,
        |connection| {
            let mut put = Put::new(connection)?;
            let mut doc = 1_u32;
            let gathered = head.read_gathering(
                &files,
                Gathered::default,
                |gathered, number, path, bytes| Entry::read(path, bytes, settings, number, gathered).ok(),
                Gathered::sorted,
                |position, entry| {
                    match entry {
                        None => put.unreadable(&files[position].0)?,
                        Some(entry) => put.case(doc, &files[position].0, &entry)?,
                    }
                    doc += 1;
                    if doc.is_multiple_of(PROGRESS) {
                        progress(doc as usize, files.len());
                    }
                    Ok::<(), Broken>(())
                },
            )?;
            progress(files.len(), files.len());
            next.set(doc);
            gather::write(connection, gathered)
        },
        |connection| {
            connection.execute(
                "INSERT INTO made VALUES (1, ?1, ?2, ?3, ?4)",
                params![
                    origin.fingerprint.as_bytes(),
                    origin.tree.as_bytes(),
                    origin.commit.as_bytes(),
                    next.get()
                ],
            )?;
            Ok(())
        },
    )
}

/// Puts cases into their tables.
pub(super) struct Put<'c> {
    case: rusqlite::Statement<'c>,
    facts: rusqlite::Statement<'c>,
    people: rusqlite::Statement<'c>,
    unreadable: rusqlite::Statement<'c>,
    waiting: rusqlite::Statement<'c>,
}

impl<'c> Put<'c> {
    pub(super) fn new(connection: &'c Connection) -> Result<Put<'c>, Broken> {
        Ok(Put {
            case: connection.prepare("INSERT INTO cases VALUES (?1, ?2, ?3, ?4, ?5)")?,
            facts: connection.prepare("INSERT INTO facts VALUES (?1, ?2, ?3, ?4)")?,
            people: connection.prepare("INSERT INTO people VALUES (?1, ?2)")?,
            unreadable: connection.prepare("INSERT OR IGNORE INTO unreadable VALUES (?1)")?,
            waiting: connection.prepare("INSERT INTO fresh VALUES (?1, ?2, ?3)")?,
        })
    }

    pub(super) fn case(&mut self, doc: u32, path: &str, entry: &Entry) -> Result<(), Broken> {
        self.case.execute(params![doc, path, entry.open, entry.due, entry.row])?;
        let (first, last) = entry.span;
        self.facts.execute(params![doc, first, last, entry.facts])?;
        if let Some(people) = &entry.people {
            self.people.execute(params![doc, people])?;
        }
        Ok(())
    }

    pub(super) fn unreadable(&mut self, path: &str) -> Result<(), Broken> {
        self.unreadable.execute([path])?;
        Ok(())
    }

    /// The words and marks of a case, until they are merged.
    pub(super) fn waiting(&mut self, doc: u32, gathered: &Gathered) -> Result<(), Broken> {
        self.waiting.execute(params![doc, gathered.fresh_words(), gathered.fresh_marks()])?;
        Ok(())
    }
}
