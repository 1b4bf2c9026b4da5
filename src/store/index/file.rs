//! The file of the index: how it is opened, begun anew, and shared by many processes.
//!
//! Everybody who uses the index holds `index-lock` together with others; who begins it anew holds it alone, and where
//! that cannot be had at once, does without. Within that, SQLite's own locks hold: its write-ahead log lets everybody
//! read while one writes, needs no sync for a change, and leaves the old state or the new one after a crash.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::Broken;
use crate::store::beneath::Dir;
use crate::store::layout;
use crate::store::rights::{Access, Rights};

/// The index of this program in the private directory of a copy. A csods of another version, which may write or read a
/// row otherwise, has another name for its own, so that both can work in one directory.
pub const FILE: &str = concat!("index-", env!("CSODS_INDEX_MEANING"), ".sqlite");

/// The file that everybody who uses an index holds.
const LOCK: &str = "index-lock";

/// SQLite opens files by their path: one behind a link is refused.
const FLAGS: OpenFlags = OpenFlags::SQLITE_OPEN_READ_WRITE
    .union(OpenFlags::SQLITE_OPEN_NO_MUTEX)
    .union(OpenFlags::SQLITE_OPEN_NOFOLLOW);

/// What versions before the names had a fingerprint called their index.
const UNNAMED: &str = "index.sqlite";

/// The index of another version is removed when it was last written this long before ours.
const UNUSED: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Says that the file is an index of csods.
const APPLICATION: i64 = 0x6373_6f64;

/// How long a reader waits for somebody who writes; then it does without the index.
pub(super) const PATIENCE: Duration = Duration::from_millis(500);

/// The log is moved into the file when it has so many bytes: whoever opens the index reads all of it.
const LOG_BYTES: u64 = 200 * 4096;

pub(super) const TABLES: &str = "
    CREATE TABLE made (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        fingerprint BLOB NOT NULL,
        tree BLOB NOT NULL,
        commit_id BLOB NOT NULL,
        next INTEGER NOT NULL,
        totals BLOB NOT NULL
    );
    CREATE TABLE cases (
        doc INTEGER PRIMARY KEY,
        key INTEGER NOT NULL,
        path TEXT NOT NULL,
        open INTEGER NOT NULL,
        due INTEGER,
        received INTEGER NOT NULL,
        row BLOB NOT NULL
    );
    CREATE TABLE facts (
        doc INTEGER PRIMARY KEY,
        key INTEGER NOT NULL,
        first INTEGER NOT NULL,
        last INTEGER NOT NULL,
        facts BLOB NOT NULL
    );
    CREATE TABLE unreadable (path TEXT PRIMARY KEY, key INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE people (doc INTEGER PRIMARY KEY, people BLOB NOT NULL);
    CREATE TABLE dead (doc INTEGER PRIMARY KEY);
    CREATE TABLE fresh (doc INTEGER PRIMARY KEY, words BLOB NOT NULL, marks BLOB NOT NULL);
    CREATE TABLE marks (mark TEXT PRIMARY KEY, cases BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE vocabulary (length INTEGER PRIMARY KEY, words BLOB NOT NULL);
    CREATE TABLE hits (
        length INTEGER NOT NULL,
        number INTEGER NOT NULL,
        field INTEGER NOT NULL,
        docs BLOB NOT NULL,
        PRIMARY KEY (length, number, field)
    ) WITHOUT ROWID;";

/// Made when the tables are full: that is quicker.
pub(super) const BY: &str = "
    CREATE UNIQUE INDEX by_path ON cases (path);
    CREATE INDEX by_due ON cases (due, key) WHERE due IS NOT NULL;
    CREATE INDEX by_span ON facts (last, first, key);
    CREATE INDEX by_open ON cases (doc) WHERE open;
    CREATE INDEX by_received ON cases (received);";

/// The opened file. The lock goes with it.
pub(super) struct IndexFile {
    /// What SQLite makes of it.
    pub(super) connection: Connection,
    _lock: File,
}

impl IndexFile {
    /// Moves a long log into the file and empties it, where nobody else is reading; else somebody does it later.
    pub(super) fn shorten_log(&self) {
        let log = self.connection.path().map(|path| fs::metadata(format!("{path}-wal")));
        if log.is_some_and(|log| log.is_ok_and(|log| log.len() > LOG_BYTES)) {
            let _ = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        }
    }
}

/// Which indexes of a copy are removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Remove {
    /// That of this program.
    Ours,
    /// Those of all versions: they hold what may not be kept any more.
    All,
}

/// The index of a copy, and what belongs to it.
#[derive(Clone)]
pub(super) struct Place {
    dir: PathBuf,
    file: PathBuf,
    rights: Rights,
}

impl Place {
    /// In the directory that is private to this copy.
    pub(super) fn in_private(dir: &Path, rights: Rights) -> Place {
        Place { dir: dir.to_owned(), file: dir.join(FILE), rights }
    }

    /// Whether there is an index at all.
    pub(super) fn exists(&self) -> bool {
        layout::at(&self.file).is_ok_and(|found| found.is_some())
    }

    fn opened(&self) -> io::Result<Dir> {
        Dir::open(&self.dir, self.rights, Access::Kept)
    }

    fn lock(&self) -> Result<File, Broken> {
        let dir = self.opened()?;
        let shared = match dir.open_or_create(LOCK, Access::Kept) {
            Ok(file) => file,
            // Where nothing can be written, what is there may still be read.
            Err(error) => dir.read(LOCK)?.ok_or(error)?,
        };
        taken(shared.try_lock_shared())?;
        Ok(shared)
    }

    /// Opens the index as it is. `Damaged` where it is none, or of another form.
    pub(super) fn open(&self) -> Result<IndexFile, Broken> {
        let lock = self.lock()?;
        match layout::at(&self.file)? {
            Some(found) if found.is_file() => {}
            Some(_) => return Err(Broken::Unusable),
            None => return Err(Broken::Damaged),
        }
        // SQLite itself opens it for reading alone where it may not be written.
        let connection = Connection::open_with_flags(&self.file, FLAGS)?;
        connection.busy_timeout(PATIENCE)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        let is = |pragma: &str, wanted: i64| -> Result<bool, Broken> {
            Ok(connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0))? == wanted)
        };
        if !is("application_id", APPLICATION)? {
            return Err(Broken::Damaged);
        }
        // Nothing of it goes to a shared directory.
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        // See `shorten_log`: how much of the log was moved already is forgotten with every process.
        connection.pragma_update(None, "wal_autocheckpoint", 0)?;
        connection.pragma_update(None, "cell_size_check", true)?;
        Ok(IndexFile { connection, _lock: lock })
    }

    /// Removes indexes and begins a new one, which `fill` fills. Until `finish` has noted what it was made from it
    /// counts for nothing, so that a crash leaves nothing to mend.
    pub(super) fn begin_anew<T>(
        &self,
        remove: Remove,
        fill: impl FnOnce(&Connection) -> Result<T, Broken>,
        finish: impl FnOnce(&Connection, T) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        let _alone = self.remove(remove)?;
        // Made here, with the rights of the store; what SQLite puts beside it gets the same rights.
        self.opened()?.create(FILE, Access::Kept)?;
        let made = self.fill(fill).and_then(|filled| finish(&self.open_alone()?, filled));
        if made.is_err() {
            let _ = self.opened().and_then(|dir| dir.remove(FILE));
        }
        made
    }

    /// Removes indexes, where nobody is using any. Nobody else uses one while the lock that is given back is held.
    pub(super) fn remove(&self, which: Remove) -> Result<File, Broken> {
        let lock = self.lock()?;
        taken(lock.try_lock())?;
        let dir = self.opened()?;
        remove_index(&dir, FILE)?;
        if which == Remove::All {
            others(&dir)?.iter().try_for_each(|other| remove_index(&dir, other))?;
        }
        Ok(lock)
    }

    /// Removes the indexes of other versions that nobody has brought up to date for long, where nobody is using any.
    pub(super) fn remove_unused(&self) -> Result<(), Broken> {
        let dir = self.opened()?;
        let ours = written(&self.file)?;
        let mut unused = others(&dir)?;
        unused.retain(|other| {
            let behind = |written| ours.and_then(|ours| ours.duration_since(written).ok());
            written(&self.dir.join(other))
                .is_ok_and(|at| at.and_then(behind).is_some_and(|behind| behind > UNUSED))
        });
        if unused.is_empty() {
            return Ok(());
        }
        let lock = self.lock()?;
        taken(lock.try_lock())?;
        unused.iter().try_for_each(|other| Ok(remove_index(&dir, other)?))
    }

    fn open_alone(&self) -> Result<Connection, Broken> {
        let connection = Connection::open_with_flags(&self.file, FLAGS)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        Ok(connection)
    }

    fn fill<T>(&self, fill: impl FnOnce(&Connection) -> Result<T, Broken>) -> Result<T, Broken> {
        let connection = self.open_alone()?;
        // Nobody else sees it, and what a crash cuts off is thrown away: no journal, no syncs.
        connection.pragma_update_and_check(None, "journal_mode", "OFF", |_| Ok(()))?;
        connection.pragma_update(None, "synchronous", "OFF")?;
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        connection.pragma_update(None, "cache_size", -8_000)?;
        connection.pragma_update(None, "application_id", APPLICATION)?;
        connection.execute_batch("BEGIN")?;
        connection.execute_batch(TABLES)?;
        let filled = fill(&connection)?;
        connection.execute_batch(BY)?;
        connection.execute_batch("COMMIT")?;
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        drop(connection);
        // On the disk before it counts.
        File::open(&self.file)?.sync_all()?;
        Ok(filled)
    }
}

/// A file that SQLite keeps beside that of a database, or the database itself for the empty ending.
fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.to_owned().into_os_string();
    name.push(ending);
    name.into()
}

fn remove_index(dir: &Dir, name: &str) -> io::Result<()> {
    ["", "-wal", "-shm", "-journal"].iter().try_for_each(|ending| dir.remove(&format!("{name}{ending}")))
}

/// The names of the indexes of other versions.
fn others(dir: &Dir) -> io::Result<Vec<String>> {
    let mut names: Vec<String> =
        dir.names()?.into_iter().filter_map(|name| name.into_string().ok()).collect();
    names.retain(|name| {
        name == UNNAMED || name.starts_with("index-") && name.ends_with(".sqlite") && name != FILE
    });
    Ok(names)
}

/// When an index was last written; `None` where there is none.
fn written(file: &Path) -> io::Result<Option<SystemTime>> {
    let mut last = None;
    for ending in ["", "-wal"] {
        if let Some(found) = layout::at(&beside(file, ending))? {
            last = last.max(Some(found.modified()?));
        }
    }
    Ok(last)
}

fn taken(lock: Result<(), TryLockError>) -> Result<(), Broken> {
    match lock {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(Broken::Unusable),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

impl From<io::Error> for Broken {
    fn from(_: io::Error) -> Broken {
        Broken::Unusable
    }
}

impl From<rusqlite::Error> for Broken {
    fn from(error: rusqlite::Error) -> Broken {
        use rusqlite::ErrorCode as Code;
        match error.sqlite_error_code() {
            // Somebody else is at work, or the disk will not have it.
            Some(
                Code::DatabaseBusy
                | Code::DatabaseLocked
                | Code::CannotOpen
                | Code::ReadOnly
                | Code::DiskFull
                | Code::PermissionDenied
                | Code::OutOfMemory
                | Code::SystemIoFailure,
            ) => Broken::Unusable,
            _ => Broken::Damaged,
        }
    }
}
