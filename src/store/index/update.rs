//! Bringing the index up to date, and making it from nothing.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};

use super::entry::Entry;
use super::file::{PATIENCE, Remove};
use super::gather::{self, Gathered};
use super::put::Put;
use super::totals::{Total, Totals, key};
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
    let made = Made::read(&file.connection)?;
    let right = made.origin.fingerprint == origin.fingerprint && made.origin.tree == origin.tree;
    if right && (most <= CHEAP || made.totals.fresh.count <= FRESH as i64) {
        return Ok(Index::new(file, settings, made.totals));
    }
    file.connection.execute_batch("ROLLBACK")?;
    match right {
        true => tend(&file)?,
        false => bring(&file, head, settings, origin, most)?,
    }
    file.connection.execute_batch("BEGIN")?;
    // Somebody at another commit may have been quicker.
    let made = Made::read(&file.connection)?;
    match made.origin.tree == origin.tree {
        true => Ok(Index::new(file, settings, made.totals)),
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

/// Whether the index says that it was made with these settings. One that cannot be read at all is made again by whoever
/// asks next, and so is one of other settings.
pub(super) fn claims(place: &Place, origin: Origin) -> bool {
    let made = place.open().and_then(|file| Made::read(&file.connection));
    made.is_ok_and(|made| made.origin.fingerprint == origin.fingerprint)
}

/// What the index says of itself.
struct Made {
    origin: Origin,
    /// The number that the next case gets: they are given in turn.
    next: u32,
    totals: Totals,
}

impl Made {
    fn read(connection: &Connection) -> Result<Made, Broken> {
        let select = "SELECT fingerprint, tree, commit_id, next, totals FROM made";
        let read = connection.query_row(select, [], |row| {
            let id = |column| Ok::<_, rusqlite::Error>(ObjectId::from_bytes(row.get(column)?));
            let origin = Origin { fingerprint: id(0)?, tree: id(1)?, commit: id(2)? };
            Ok((origin, row.get(3)?, row.get::<_, Vec<u8>>(4)?))
        });
        let (origin, next, totals) = read.optional()?.ok_or(Broken::Damaged)?;
        Ok(Made { origin, next, totals: Totals::read(&totals).ok_or(Broken::Damaged)? })
    }

    fn write(&self, connection: &Connection) -> Result<(), Broken> {
        let Origin { fingerprint, tree, commit } = &self.origin;
        let (fingerprint, tree, commit) = (fingerprint.as_bytes(), tree.as_bytes(), commit.as_bytes());
        connection.execute(
            "INSERT OR REPLACE INTO made VALUES (1, ?1, ?2, ?3, ?4, ?5)",
            params![fingerprint, tree, commit, self.next, self.totals.write()],
        )?;
        Ok(())
    }
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
    let mut made = Made::read(connection)?;
    if made.origin.fingerprint != origin.fingerprint {
        return Err(Broken::Damaged);
    }
    if made.origin.tree == origin.tree {
        return Ok(());
    }
    let old = (!made.origin.tree.is_zero()).then_some(made.origin.tree);
    // The commit that it was made from may be gone: then it is of another history.
    let differ = head.differ_from(old).map_err(|_| Broken::Damaged)?;
    if differ.len() > most {
        return Err(Broken::Unusable);
    }
    // A case that is gone leaves nothing behind, not even its words.
    if differ.iter().any(|file| file.new.is_none()) {
        return Err(Broken::Gone);
    }
    // There are no more cases than numbers.
    if differ.len() > FRESH.max(made.next as usize / 2) {
        return Err(Broken::Damaged);
    }
    apply(connection, &mut made, head, settings, &differ)?;
    made.origin = origin;
    if most > CHEAP {
        merge(connection, &mut made.totals)?;
    }
    made.write(connection)
}

fn apply(
    connection: &Connection,
    made: &mut Made,
    head: &Snapshot,
    settings: &Settings,
    differ: &[Differs],
) -> Result<(), Broken> {
    let mut wanted = made.totals.files();
    let mut put = Put::new(connection, made.totals)?;
    let mut files = Vec::new();
    for Differs { path, old, new } in differ {
        put.forget(path)?;
        if let Some(old) = old {
            wanted.remove(key(path, *old));
        }
        if let Some(new) = new {
            wanted.add(key(path, *new));
            files.push((path.clone(), *new));
        }
    }
    head.read_each(
        &files,
        |path, bytes| {
            let mut gathered = Gathered::default();
            (Entry::read(path, bytes, settings, 1, &mut gathered).ok(), gathered)
        },
        |position, (entry, gathered)| {
            let (path, blob) = &files[position];
            let Some(entry) = entry else { return put.unreadable(path, key(path, *blob)) };
            put.case(made.next, path, key(path, *blob), entry)?;
            if settings.keeps_personal() {
                put.waiting(made.next, &gathered)?;
            }
            made.next += 1;
            Ok(())
        },
    )?;
    made.totals = put.totals();
    // Where a row that had to go was missing, others may be.
    wanted.check(made.totals.files())
}

/// Merges what many changes have left waiting, each of which followed and went. An index that is right answers without
/// that too: where somebody else is at work, or nothing may be written, it stays as it is.
fn tend(file: &IndexFile) -> Result<(), Broken> {
    file.connection.busy_timeout(Duration::ZERO)?;
    let tended = within(file, |connection| {
        let mut made = Made::read(connection)?;
        merge(connection, &mut made.totals)?;
        made.write(connection)
    });
    file.connection.busy_timeout(PATIENCE)?;
    match tended {
        Err(Broken::Unusable) => Ok(()),
        other => other,
    }
}

/// Merges the words of the cases that wait, where it is time.
fn merge(connection: &Connection, totals: &mut Totals) -> Result<(), Broken> {
    if totals.fresh.count <= FRESH as i64 {
        return Ok(());
    }
    // Numbers that mean nothing any more cost every search a little too: in time it is better to begin anew.
    if totals.dead.count > (FRESH as i64).max(totals.cases.count / 4) {
        return Err(Broken::Damaged);
    }
    totals.vocabulary = gather::write(connection, vec![Gathered::fresh(connection, totals.fresh)?.sorted()])?;
    connection.execute("DELETE FROM fresh", [])?;
    totals.fresh = Total::default();
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
    let wanted: Total = files.iter().map(|(path, blob)| key(path, *blob)).collect();
    let mut made = Made { origin, next: 1, totals: Totals::default() };
    place.begin_anew(
        remove,
        |connection| {
            let mut put = Put::new(connection, made.totals)?;
            let gathered = head.read_gathering(
                &files,
                Gathered::default,
                |gathered, number, path, bytes| Entry::read(path, bytes, settings, number, gathered).ok(),
                Gathered::sorted,
                |position, entry| {
                    let (path, blob) = &files[position];
                    match entry {
                        None => put.unreadable(path, key(path, *blob))?,
                        Some(entry) => put.case(made.next, path, key(path, *blob), entry)?,
                    }
                    made.next += 1;
                    if made.next.is_multiple_of(PROGRESS) {
                        progress(made.next as usize, files.len());
                    }
                    Ok::<(), Broken>(())
                },
            )?;
            progress(files.len(), files.len());
            made.totals = put.totals();
            made.totals.vocabulary = gather::write(connection, gathered)?;
            wanted.check(made.totals.files())?;
            Ok(made)
        },
        |connection, made| made.write(connection),
    )
}
