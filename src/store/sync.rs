//! Bytes that must reach the disk.
//!
//! A few files are synced one by one, several at a time: a journaling file system then serves them with one write of its
//! journal. For many, the kernel is asked once to write out the whole file system they are on (`syncfs`): it returns when
//! everything written to it before has reached the disk, whoever wrote it, and so promises at least as much as a sync of
//! each. A write that failed is reported to whoever had the file system open at the time, so [`Disks`] is opened before
//! anything is written (Linux since 5.8; before that a failing disk could go unnoticed here, and on other systems each file
//! is synced).
//!
//! Threads are only there to be quicker: where none can be started, all of it is done on the calling thread.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, Builder, ScopedJoinHandle};

/// How many syncs are asked for at once.
const AT_ONCE: usize = 8;

/// Returns when all these files and directories have reached the disk.
pub(super) fn sync(paths: &BTreeSet<PathBuf>) -> io::Result<()> {
    let paths: Vec<&PathBuf> = paths.iter().collect();
    let next = AtomicUsize::new(0);
    // Each thread takes the next path that nobody has taken: where the disk is quick, the first of them do it all.
    let share = || {
        while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
            File::open(path).and_then(|file| file.sync_all())?;
        }
        Ok(())
    };
    thread::scope(|scope| {
        let mut others = Vec::new();
        // One to sync needs no other thread than this.
        let most = AT_ONCE.min(paths.len());
        while others.len() + 1 < most && next.load(Ordering::Relaxed) + 1 < paths.len() {
            match Builder::new().spawn_scoped(scope, share) {
                Ok(other) => others.push(other),
                Err(_) => break,
            }
        }
        let mine = share();
        others.into_iter().map(joined).fold(mine, io::Result::and)
    })
}

/// Does both, the first on a thread of its own where one can be started.
pub(super) fn both<A: Send, B>(
    beside: impl Fn() -> io::Result<A> + Sync,
    here: impl FnOnce() -> io::Result<B>,
) -> (io::Result<A>, io::Result<B>) {
    thread::scope(|scope| {
        let started = Builder::new().spawn_scoped(scope, &beside);
        let here = here();
        (started.map_or_else(|_| beside(), joined), here)
    })
}

fn joined<T>(thread: ScopedJoinHandle<'_, io::Result<T>>) -> io::Result<T> {
    thread.join().unwrap_or_else(|_| Err(io::Error::other("a part of the writing did not end")))
}

/// From so many files on the whole file system is synced.
pub(super) const MANY: usize = 64;

/// The file systems that a change is written to.
#[derive(Debug)]
pub(super) struct Disks {
    open: Vec<File>,
}

impl Disks {
    /// Those of these directories.
    pub(super) fn of(dirs: &[&Path]) -> io::Result<Disks> {
        let mut open: Vec<(u64, File)> = Vec::new();
        for dir in dirs {
            let file = File::open(dir)?;
            let disk = file.metadata()?.dev();
            if open.iter().all(|(other, _)| *other != disk) {
                open.push((disk, file));
            }
        }
        Ok(Disks { open: open.into_iter().map(|(_, file)| file).collect() })
    }

    /// Returns when all these files and directories, which lie on these file systems, have reached the disk.
    pub(super) fn sync(&self, paths: &BTreeSet<PathBuf>) -> io::Result<()> {
        if paths.len() < MANY || !cfg!(target_os = "linux") {
            return sync(paths);
        }
        self.open.iter().try_for_each(whole)
    }
}

/// Syncs the file system that a file is on.
#[cfg(target_os = "linux")]
fn whole(file: &File) -> io::Result<()> {
    Ok(rustix::fs::syncfs(file)?)
}

#[cfg(not(target_os = "linux"))]
fn whole(file: &File) -> io::Result<()> {
    file.sync_all()
}
