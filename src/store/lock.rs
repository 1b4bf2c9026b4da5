//! One change at a time: an operating-system lock that ends with its process, however that ends.
//!
//! Readers never take it. Waiting is done by a thread inside the kernel's own queue, so that those who came first are
//! served first, and nothing is polled.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::process;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use chrono::{DateTime, SecondsFormat, Utc};

use crate::error::{Error, Kind};

use super::beneath::Dir;
use super::rights::Access;

/// Its name in `.git/csods`. Everybody who may write there can open it.
const NAME: &str = "lock";

/// The lock, held until it is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    /// Closing the file gives the lock back.
    _file: File,
}

impl Lock {
    /// Takes the lock if nobody holds it.
    pub(super) fn try_take(dir: &Dir, holder: &str) -> Result<Option<Lock>, Error> {
        let file = open(dir)?;
        match file.try_lock() {
            Ok(()) => Lock::held(file, holder).map(Some),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// Takes the lock, waiting at most so long; then `Busy`, naming who holds it.
    pub(super) fn take(dir: &Dir, wait: Duration, holder: &str) -> Result<Lock, Error> {
        if let Some(lock) = Lock::try_take(dir, holder)? {
            return Ok(lock);
        }
        let file = open(dir)?;
        let (give, take) = mpsc::channel();
        // Where the wait is over before the lock is free, `send` fails and the file is dropped: the lock is given back.
        let queue = move || {
            let taken = file.lock().map(|()| file);
            let _ = give.send(taken);
        };
        if thread::Builder::new().spawn(queue).is_err() {
            return Lock::polled(dir, wait, holder);
        }
        match take.recv_timeout(wait) {
            Ok(Ok(file)) => Lock::held(file, holder),
            Ok(Err(error)) => Err(error.into()),
            Err(RecvTimeoutError::Timeout) => Err(busy(dir)),
            Err(RecvTimeoutError::Disconnected) => {
                Err(Error::new(Kind::Internal, "the wait for the store's lock ended early"))
            }
        }
    }

    /// The same where no thread can be started to wait in the kernel's queue: looks again and again.
    fn polled(dir: &Dir, wait: Duration, holder: &str) -> Result<Lock, Error> {
        let until = Instant::now() + wait;
        loop {
            if let Some(lock) = Lock::try_take(dir, holder)? {
                return Ok(lock);
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(busy(dir));
            }
            thread::sleep(left.min(Duration::from_millis(10)));
        }
    }

    fn held(mut file: File, holder: &str) -> Result<Lock, Error> {
        let holder: String = holder.chars().filter(|c| !c.is_control()).take(200).collect();
        file.set_len(0)?;
        file.rewind()?;
        // The file's own time says since when.
        file.write_all(format!("{}\n{holder}\n", process::id()).as_bytes())?;
        Ok(Lock { _file: file })
    }
}

fn open(dir: &Dir) -> Result<File, Error> {
    Ok(dir.open_or_create(NAME, Access::Kept)?)
}

fn busy(dir: &Dir) -> Error {
    let described = || -> Option<String> {
        let mut file = dir.read(NAME).ok()??;
        let since: DateTime<Utc> = file.metadata().ok()?.modified().ok()?.into();
        let mut text = String::new();
        (&mut file).take(1000).read_to_string(&mut text).ok()?;
        let mut lines = text.lines();
        let (process, holder) = (lines.next()?, lines.next()?);
        Some(format!(
            "`{holder}` (process {process}) has been changing the store since {}",
            since.to_rfc3339_opts(SecondsFormat::Secs, true)
        ))
    };
    Error::new(Kind::Busy, described().unwrap_or_else(|| "another process is changing the store".to_owned()))
        .hint("try again, or wait longer with `--wait SECONDS`; nothing was changed")
}

#[cfg(test)]
mod tests {
    use super::super::rights::Rights;
    use super::*;

    #[test]
    fn the_second_waits_and_is_told_who_holds_the_store() {
        let dir = tempfile::tempdir().unwrap();
        let rights = Rights::of(&dir.path().metadata().unwrap());
        let opened = Dir::open(dir.path(), rights, Access::Kept).unwrap();
        let held = Lock::take(&opened, Duration::ZERO, "csods decide\nKP-26-7K3QF4").unwrap();
        assert!(Lock::try_take(&opened, "csods note").unwrap().is_none());
        let error = Lock::take(&opened, Duration::from_millis(20), "csods note").unwrap_err();
        assert_eq!(error.kind, Kind::Busy);
        assert!(error.message.starts_with("`csods decideKP-26-7K3QF4` (process "), "{}", error.message);
        drop(held);
        Lock::take(&opened, Duration::from_secs(5), "csods note").unwrap();
    }
}
