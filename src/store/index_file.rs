//! Git's index file and its lock, as a change takes them; and git's locks altogether.
//!
//! A lock of git's is a file that must not exist yet. Ours is a hard link to `.git/csods/git-lock`, a file that is always
//! there: making the link fails where the lock exists, and a lock that a crash or a power cut left is known to be ours by
//! being that same file.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{Error, Kind};

use super::beneath::Dir;
use super::git::index::{Index, Laid, Staged, Unchanged};
use super::git::tree::Rewritten;
use super::layout::GIT_LOCK;
use super::rights::Access;
use super::{Store, disk, fault, sync};

/// The name of the index, both in the git directory and aside.
const INDEX: &str = "index";

/// An entry takes less than so many bytes besides its path, the directories above it counted in.
const ENTRY: usize = 512;

/// How often git's own locks are tried again.
const TRY_AGAIN: Duration = Duration::from_millis(10);

/// Git's index and the lock on it.
pub(super) struct IndexFile {
    lock: GitLock,
    /// The git directory that the index lies in.
    private: Dir,
    /// The directory of the change, where the new index is written until it takes the place of the old one.
    aside: Dir,
    ours: File,
    root: PathBuf,
    /// Whether git wants the sum of its bytes at the end.
    hashed: bool,
}

impl IndexFile {
    /// Takes git's lock on the index. `kept` is `.git/csods`, `change` the directory of the change in it.
    pub(super) fn take(store: &Store, kept: &Dir, change: &Dir, until: Instant) -> Result<IndexFile, Error> {
        let private = store.repo.private_dir().for_access(Access::Shown)?;
        let lock = GitLock::take(kept, &private, "index.lock", until)?;
        fault::point("index lock");
        let aside = change.for_access(Access::Shown)?;
        aside.remove(INDEX)?;
        let ours = aside.create(INDEX, Access::Shown)?;
        fault::point("index aside");
        let hashed = store.repo.flag("index.skiphash") != Some(true);
        Ok(IndexFile { lock, private, aside, ours, root: store.root().to_owned(), hashed })
    }

    /// The index as it is now.
    pub(super) fn read(&self) -> Result<Index, Error> {
        Index::read(&self.private.path().join(INDEX))
    }

    /// Keeps room for an index in which these entries are changed: once the change is made it is too late for the disk to
    /// be full.
    pub(super) fn reserve<'p>(&self, paths: impl Iterator<Item = &'p str>) -> io::Result<()> {
        let entries: usize = paths.map(|path| path.len() + ENTRY).sum();
        let before = self.private.stat(INDEX)?.map_or(0, |found| found.st_size.unsigned_abs());
        disk::reserve(&self.ours, before + entries as u64)
    }

    /// Gives the lock back and leaves the index as it is.
    pub(super) fn release(self) -> io::Result<()> {
        self.lock.give_back()
    }

    /// Writes `index` with these entries changed aside, but for what only [`IndexFile::replace`] can know.
    pub(super) fn lay_out<'i>(
        &self,
        index: &'i Index,
        staged: &[Staged],
        trees: &Rewritten,
    ) -> Result<Laid<'i>, Error> {
        let unchanged = Unchanged::below(&self.root, &self.ours.metadata()?);
        let laid = index.lay_out(staged, trees, &unchanged, self.hashed)?;
        laid.write(&self.ours)?;
        fault::point("index laid out");
        Ok(laid)
    }

    /// Replaces the index by the one that was laid out, with what git is to remember of the files of the change, which
    /// are in place. Gives the lock back. Returns when all of it has reached the disk: the new index before it takes the
    /// place of the old one.
    pub(super) fn replace(&self, laid: &Laid<'_>, staged: &[Staged]) -> Result<(), Error> {
        for (at, bytes) in laid.rest(staged) {
            self.ours.write_all_at(&bytes, at as u64)?;
        }
        // The room that was kept and is not needed.
        self.ours.set_len(laid.length() as u64)?;
        fault::point("index written");
        self.ours.sync_all()?;
        self.aside.rename(INDEX, &self.private, INDEX)?;
        fault::point("index");
        self.lock.give_back()?;
        fault::point("index lock given back");
        Ok(sync::sync(&BTreeSet::from([self.private.path().to_owned()]))?)
    }
}

/// One of git's locks, taken. It is given back when it is dropped, however a change ends.
pub(super) struct GitLock {
    kept: Dir,
    dir: Dir,
    name: String,
}

impl GitLock {
    /// Takes the lock `name` in the directory `dir`, the store's own lock being held; waits until `until` for git to give
    /// it back. `kept` is `.git/csods`.
    ///
    /// # Errors
    /// `Busy` where git holds it still, `System` where the file system has no hard links.
    pub(super) fn take(kept: &Dir, dir: &Dir, name: &str, until: Instant) -> Result<GitLock, Error> {
        let (kept, dir) = (kept.for_access(Access::Kept)?, dir.for_access(Access::Shown)?);
        loop {
            match kept.link(GIT_LOCK, &dir, name) {
                Ok(()) => return Ok(GitLock { kept, dir, name: name.to_owned() }),
                // What a crash left.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && is_own(&kept, &dir, name)? => {
                    dir.remove(name)?;
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    if Instant::now() >= until {
                        return Err(held(name, &dir.path().join(name)));
                    }
                    thread::sleep(TRY_AGAIN);
                }
                Err(error) => return Err(not_linked(error)),
            }
        }
    }

    /// Gives the lock back, if it is still ours: a person may have removed it.
    pub(super) fn give_back(&self) -> io::Result<()> {
        remove_own(&self.kept, &self.dir, &self.name)
    }
}

impl Drop for GitLock {
    fn drop(&mut self) {
        // The error that ends the change is the one to be told. What stays is removed by the next change.
        let _ = self.give_back();
    }
}

/// Removes one of git's locks, below the directory `dir`, if it is the same file as ours in `kept`.
pub(super) fn remove_own(kept: &Dir, dir: &Dir, lock: &str) -> io::Result<()> {
    if is_own(kept, dir, lock)? { dir.remove(lock) } else { Ok(()) }
}

fn is_own(kept: &Dir, dir: &Dir, lock: &str) -> io::Result<bool> {
    Ok(match (kept.stat(GIT_LOCK)?, dir.stat(lock)?) {
        (Some(ours), Some(lock)) => (ours.st_dev, ours.st_ino) == (lock.st_dev, lock.st_ino),
        _ => false,
    })
}

/// Makes the file that git's locks are links to, where there is none.
pub(super) fn prepare(kept: &Dir) -> io::Result<()> {
    match kept.create(GIT_LOCK, Access::Kept) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

fn held(name: &str, lock: &Path) -> Error {
    Error::new(Kind::Busy, format!("git holds the store: {name} exists")).hint(format!(
        "try again when it has finished; if no git runs, a crashed one left {}: remove that file",
        lock.display()
    ))
}

fn not_linked(error: io::Error) -> Error {
    use rustix::io::Errno;
    match Errno::from_io_error(&error) {
        Some(Errno::PERM | Errno::OPNOTSUPP | Errno::NOSYS | Errno::MLINK) => Error::new(
            Kind::System,
            "the file system of this store has no hard links, which csods needs to change it",
        )
        .hint("`git clone` the store to a disk that has them, such as ext4, XFS, Btrfs or APFS; it can be read where it is"),
        _ => error.into(),
    }
}
