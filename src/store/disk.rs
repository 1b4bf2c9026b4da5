//! Files that are written in one step.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::rights::{Access, Rights};

/// The mode of a working file that is put at `place`: in a store of one account that of the file that it replaces, if there
/// is one, otherwise what the store's directory gives. Whether it may be run is for its `mode` in git to say, so that a
/// replaced file never differs from the last commit by that.
pub(super) fn like(rights: Rights, place: &Path, mode: u32) -> io::Result<u32> {
    let replaced = if rights.shared() { None } else { super::layout::at(place)? };
    let bits = replaced.map_or(rights.file(Access::Shown), |found| found.permissions().mode() & 0o664);
    let run = if mode & 0o100 == 0 { 0 } else { 0o100 };
    Ok(bits | run)
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

/// Makes the directories above `path` below `root`, with the rights of the store; returns those whose list of names changed.
pub(super) fn make_above(root: &Path, path: &str, rights: Rights) -> io::Result<BTreeSet<PathBuf>> {
    let mut changed = BTreeSet::new();
    let mut parent = root.to_owned();
    for dir in super::layout::above(path).skip(1) {
        let dir = root.join(dir);
        match fs::create_dir(&dir) {
            Ok(()) => {
                rights.give_dir(&dir)?;
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
