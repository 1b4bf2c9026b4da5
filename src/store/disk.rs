//! Bytes that must reach the disk.
//!
//! A few files are synced one by one. For many, the kernel is asked once to write out the whole file system they are on
//! (`syncfs`): it returns when everything written to it before has reached the disk, whoever wrote it, and so promises
//! at least as much as a sync of each. A write that failed is reported to whoever had the file system open at the time, so
//! [`Disks`] is opened before anything is written (Linux since 5.8; before that a failing disk could go unnoticed here,
//! and on other systems each file is synced).

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::error::{Error, Kind};

/// How many syncs are asked for at once: a journaling file system then serves them with one write of its journal.
const AT_ONCE: usize = 8;

/// The permissions of the file at `place`, for one that replaces it; whether it may be run is for its `mode` in git to
/// say, so that a replaced file never differs from the last commit by that. `None` where there is no file.
pub(super) fn like(place: &Path, mode: u32) -> io::Result<Option<Permissions>> {
    let permissions = super::layout::at(place)?.map(|found| found.permissions());
    Ok(permissions.map(|found| {
        let run = if mode & 0o100 == 0 { 0 } else { 0o100 };
        Permissions::from_mode(found.mode() & 0o666 | run)
    }))
}

/// Makes a new file and fills it. Not synced.
pub(super) fn fill(path: &Path, bytes: &[u8], like: Option<Permissions>) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    match like {
        Some(permissions) => file.set_permissions(permissions),
        None => Ok(()),
    }
}

/// Keeps room on the disk for so many bytes of a file, so that writing them cannot fail for want of it. Where the file
/// system cannot do that, nothing is kept.
#[cfg(target_os = "linux")]
pub(super) fn reserve(file: &File, bytes: u64) -> io::Result<()> {
    use rustix::io::Errno;
    match rustix::fs::fallocate(file, rustix::fs::FallocateFlags::KEEP_SIZE, 0, bytes) {
        Err(Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL) => Ok(()),
        done => Ok(done?),
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn reserve(_: &File, _: u64) -> io::Result<()> {
    Ok(())
}

/// Returns when all these files and directories have reached the disk.
pub(super) fn sync(paths: &BTreeSet<PathBuf>) -> io::Result<()> {
    let paths: Vec<&PathBuf> = paths.iter().collect();
    let next = AtomicUsize::new(0);
    // Whoever is free takes the next: where the disk is quick, the first of them do it all.
    let share = || {
        while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
            File::open(path).and_then(|file| file.sync_all())?;
        }
        Ok(())
    };
    thread::scope(|scope| {
        let mut others = Vec::new();
        // One to sync needs no other thread than this.
        while others.len() + 1 < AT_ONCE && next.load(Ordering::Relaxed) + 1 < paths.len() {
            others.push(scope.spawn(share));
        }
        let mine = share();
        let joined = others
            .into_iter()
            .map(|other| other.join().unwrap_or_else(|_| Err(io::Error::other("a sync did not end"))));
        joined.fold(mine, |done, other| done.and(other))
    })
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

/// Makes the directories above `path` below `root`; returns those whose list of names changed.
pub(super) fn make_above(root: &Path, path: &str) -> io::Result<BTreeSet<PathBuf>> {
    let mut changed = BTreeSet::new();
    let mut parent = root.to_owned();
    for dir in super::layout::above(path).skip(1) {
        let dir = root.join(dir);
        match fs::create_dir(&dir) {
            Ok(()) => {
                changed.insert(parent);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => (),
            Err(error) => return Err(error),
        }
        parent = dir;
    }
    changed.insert(parent);
    Ok(changed)
}

/// Removes a file that may be absent.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Writes a file outside the store in one step: what it held before, or all of the new. Never half of it.
pub fn replace_file(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}.new", std::process::id()));
    let like = fs::metadata(path).ok().map(|metadata| metadata.permissions());
    let write = || -> io::Result<()> {
        fill(&beside, bytes, like)?;
        File::open(&beside)?.sync_all()?;
        fs::rename(&beside, path)
    };
    write().map_err(|error| {
        // What was begun is of no use to anybody.
        let _ = fs::remove_file(&beside);
        Error::new(Kind::System, format!("the file could not be written: {}", error.kind()))
            .place(path.display().to_string())
            .hint("see that there is room, and that the directory can be written to")
    })
}
