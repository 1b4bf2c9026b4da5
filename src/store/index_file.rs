//! Git's index file and its lock, as a change takes them; and git's locks altogether.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{Error, Kind};

use super::git::index::{Index, Staged, Unchanged};
use super::git::tree::Rewritten;
use super::{Store, disk, fault};

/// How often git's own locks are tried again.
const TRY_AGAIN: Duration = Duration::from_millis(10);

/// An entry takes less than so many bytes besides its path, the directories above it counted in.
const ENTRY: usize = 512;

/// Git's index and the lock on it.
pub(super) struct IndexFile {
    ours: File,
    pub(super) index: PathBuf,
    lock: PathBuf,
    root: PathBuf,
    /// Whether git wants the sum of its bytes at the end.
    hashed: bool,
}

impl IndexFile {
    /// Takes git's lock on the index.
    pub(super) fn take(store: &Store, until: Instant) -> Result<IndexFile, Error> {
        let aside = store.change_dir().join("index");
        disk::remove(&aside)?;
        let ours = OpenOptions::new().write(true).create_new(true).open(&aside)?;
        let index = store.repo.private().join("index");
        let lock = store.repo.private().join("index.lock");
        fault::point("index aside");
        take_lock(&aside, &lock, until)?;
        fault::point("index lock");
        let hashed = store.repo.flag("index.skiphash") != Some(true);
        Ok(IndexFile { ours, index, lock, root: store.root().to_owned(), hashed })
    }

    /// Keeps room for an index in which these entries are changed: once the change is made it is too late for the disk to
    /// be full.
    pub(super) fn reserve<'p>(&self, paths: impl Iterator<Item = &'p str>) -> io::Result<()> {
        let entries: usize = paths.map(|path| path.len() + ENTRY).sum();
        let before = fs::metadata(&self.index).map_or(0, |found| found.len());
        disk::reserve(&self.ours, before + entries as u64)
    }

    /// Gives the lock back and leaves the index as it is.
    pub(super) fn release(self) -> Result<(), Error> {
        Ok(fs::remove_file(&self.lock)?)
    }

    /// Replaces the index by `index` with these entries changed, and so gives the lock back.
    pub(super) fn replace(self, index: &Index, staged: &[Staged], trees: &Rewritten) -> Result<(), Error> {
        let unchanged = Unchanged::below(&self.root, &self.ours.metadata()?);
        index.write(&self.ours, staged, trees, &unchanged, self.hashed)?;
        self.ours.set_len((&self.ours).stream_position()?)?;
        fault::point("index written");
        fs::rename(&self.lock, &self.index)?;
        fault::point("index");
        Ok(())
    }
}

/// Takes one of git's locks with a file of our own.
pub(super) fn take_lock(ours: &Path, lock: &Path, until: Instant) -> Result<(), Error> {
    loop {
        match fs::hard_link(ours, lock) {
            Ok(()) => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                if Instant::now() >= until {
                    let name = lock.file_name().unwrap_or_default().display();
                    return Err(Error::new(Kind::Busy, format!("git holds the store: {name} exists")).hint(format!(
                        "try again when it has finished; if no git runs, a crashed one left {}: remove that file",
                        lock.display()
                    )));
                }
                thread::sleep(TRY_AGAIN);
            }
            Err(error) => return Err(error.into()),
        }
    }
}
