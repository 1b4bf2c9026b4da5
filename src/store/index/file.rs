//! The file of the index: how it is opened, begun anew, and shared by many processes.
//!
//! Everybody who uses the index holds `index-lock` together with others; who begins it anew holds it alone, and where
//! that cannot be had at once, does without. Within that, SQLite's own locks hold: its write-ahead log lets everybody
//! read while one writes, needs no sync for a change, and leaves the old state or the new one after a crash.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::Broken;
use crate::store::{disk, layout};

/// The form of the tables and of what stands in them: raised with every change of either. What a release older or newer
/// than this one left is begun anew.
pub(super) const SCHEMA: i64 = 2;

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
        next INTEGER NOT NULL
    );
    CREATE TABLE cases (
        doc INTEGER PRIMARY KEY,
        path TEXT NOT NULL,
        open INTEGER NOT NULL,
        due INTEGER,
        row BLOB NOT NULL
    );
    CREATE TABLE facts (
        doc INTEGER PRIMARY KEY,
        first INTEGER NOT NULL,
        last INTEGER NOT NULL,
        line TEXT NOT NULL
    );
    CREATE TABLE unreadable (path TEXT PRIMARY KEY) WITHOUT ROWID;
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
const BY: &str = "
    CREATE UNIQUE INDEX by_path ON cases (path);
    CREATE INDEX by_due ON cases (due) WHERE due IS NOT NULL;
    CREATE INDEX by_open ON cases (doc) WHERE open;";

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

/// The index of a copy, and what belongs to it.
#[derive(Clone)]
pub(super) struct Place {
    file: PathBuf,
    lock: PathBuf,
}

impl Place {
    /// In the directory that is private to this copy.
    pub(super) fn in_private(dir: &Path) -> Place {
        Place { file: dir.join("index.sqlite"), lock: dir.join("index-lock") }
    }

    /// Whether there is an index at all.
    pub(super) fn exists(&self) -> bool {
        layout::at(&self.file).is_ok_and(|found| found.is_some())
    }

    fn lock(&self) -> Result<File, Broken> {
        let shared = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&self.lock)
            // Where nothing can be written, what is there may still be read.
            .or_else(|_| File::open(&self.lock))?;
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
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        // SQLite itself opens it for reading alone where it may not be written.
        let connection = Connection::open_with_flags(&self.file, flags)?;
        connection.busy_timeout(PATIENCE)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        let is = |pragma: &str, wanted: i64| -> Result<bool, Broken> {
            Ok(connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0))? == wanted)
        };
        if !(is("application_id", APPLICATION)? && is("user_version", SCHEMA)?) {
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

    /// Removes the index and begins a new one, which `fill` fills. Until `finish` has noted what it was made from it
    /// counts for nothing, so that a crash leaves nothing to mend.
    pub(super) fn begin_anew(
        &self,
        fill: impl FnOnce(&Connection) -> Result<(), Broken>,
        finish: impl FnOnce(&Connection) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        let _alone = self.remove()?;
        // Made here, so that nobody else may read it; what SQLite puts beside it gets the same rights.
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(&self.file)?;
        let made = self.fill(fill).and_then(|()| {
            let opened = self.open_alone()?;
            finish(&opened)
        });
        if made.is_err() {
            let _ = fs::remove_file(&self.file);
        }
        made
    }

    /// Removes the index, where nobody is using it. Nobody else uses it while the lock that is given back is held.
    pub(super) fn remove(&self) -> Result<File, Broken> {
        let lock = self.lock()?;
        taken(lock.try_lock())?;
        for end in ["", "-wal", "-shm", "-journal"] {
            let mut name = self.file.clone().into_os_string();
            name.push(end);
            disk::remove(Path::new(&name))?;
        }
        Ok(lock)
    }

    fn open_alone(&self) -> Result<Connection, Broken> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.file, flags)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        Ok(connection)
    }

    fn fill(&self, fill: impl FnOnce(&Connection) -> Result<(), Broken>) -> Result<(), Broken> {
        let connection = self.open_alone()?;
        // Nobody else sees it, and what a crash cuts off is thrown away: no journal, no syncs.
        connection.pragma_update_and_check(None, "journal_mode", "OFF", |_| Ok(()))?;
        connection.pragma_update(None, "synchronous", "OFF")?;
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        connection.pragma_update(None, "cache_size", -8_000)?;
        connection.pragma_update(None, "application_id", APPLICATION)?;
        connection.pragma_update(None, "user_version", SCHEMA)?;
        connection.execute_batch("BEGIN")?;
        connection.execute_batch(TABLES)?;
        fill(&connection)?;
        connection.execute_batch(BY)?;
        connection.execute_batch("COMMIT")?;
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        drop(connection);
        // On the disk before it counts.
        File::open(&self.file)?.sync_all()?;
        Ok(())
    }
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
