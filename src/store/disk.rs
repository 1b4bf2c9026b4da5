//! Files that are written in one step.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::error::{Error, Kind};

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
