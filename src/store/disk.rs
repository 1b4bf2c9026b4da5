//! The working files: their modes, their directories, and how one comes into its place in one step.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::error::Error;

use super::beneath::Dir;
use super::git::index::Stat;
use super::layout;
use super::rights::{Access, Rights};

/// The mode of a working file that is put at `place`: in a store of one account that of the file that it replaces, if there
/// is one, otherwise what the store's directory gives. Whether it may be run is for its `mode` in git to say, so that a
/// replaced file never differs from the last commit by that.
pub(super) fn like(rights: Rights, place: &Path, mode: u32) -> io::Result<u32> {
    let replaced = if rights.shared() { None } else { layout::at(place)? };
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
    for dir in layout::above(path).skip(1) {
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

/// Brings a working file to its place from the directory and the name where it waits, or removes it. Returns what git is to remember of it, and the
/// directories whose list of names changed.
pub(super) fn show(
    root: &Path,
    rights: Rights,
    path: &str,
    aside: Option<(&Dir, &str)>,
) -> Result<(Stat, BTreeSet<PathBuf>), Error> {
    let place = layout::place(root, path)?;
    let Some((dir, name)) = aside else {
        remove(&place)?;
        let mut changed = BTreeSet::new();
        // Git keeps no empty directories; neither does a store.
        for dir in layout::above(path).skip(1).collect::<Vec<_>>().into_iter().rev() {
            if fs::remove_dir(root.join(dir)).is_err() {
                changed.extend(layout::at(&root.join(dir))?.map(|_| root.join(dir)));
                break;
            }
        }
        changed.insert(root.to_owned());
        return Ok((Stat::default(), changed));
    };
    let changed = make_above(root, path, rights)?;
    let file = dir.read(name)?.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
    let before = file.metadata()?;
    dir.rename_out(name, &place)?;
    let after = file.metadata()?;
    // The rename changes one of the file's times, so git must know the file as it is after it. But if somebody wrote to
    // the file in between, git must not take that for what was committed.
    let untouched = (before.modified()?, before.len()) == (after.modified()?, after.len());
    Ok((if untouched { Stat::of(&after) } else { Stat::default() }, changed))
}

/// Removes a file that may be absent.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
