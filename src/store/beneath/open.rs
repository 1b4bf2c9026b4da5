//! The system's call that opens a file below a directory without following links, and the same step by step where a
//! kernel has no such call.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::fs::{AtFlags, FileType, Mode, OFlags};
use rustix::io::Errno;
use rustix::path::Arg;

/// Opens what stands at `below`, whose names are known to be plain ones. `LOOP` where it is a link or lies behind one.
pub(in crate::store) fn beneath(
    dir: impl AsFd,
    below: &str,
    flags: OFlags,
    mode: Mode,
) -> Result<OwnedFd, Errno> {
    #[cfg(target_os = "linux")]
    match at_once(dir.as_fd(), below, flags, mode) {
        // Before Linux 5.6, or where a sandbox does not know the call.
        Err(Errno::NOSYS | Errno::PERM) => {}
        done => return done,
    }
    step_by_step(dir.as_fd(), below, flags, mode)
}

#[cfg(target_os = "linux")]
fn at_once(dir: BorrowedFd<'_>, below: &str, flags: OFlags, mode: Mode) -> Result<OwnedFd, Errno> {
    use rustix::fs::ResolveFlags;
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
    loop {
        match rustix::fs::openat2(dir, below, flags | OFlags::CLOEXEC, mode, resolve) {
            // Something was renamed at that moment, so that the kernel could not be sure.
            Err(Errno::AGAIN) => {}
            done => return done,
        }
    }
}

/// The same by `openat` alone, one name after the other.
pub(super) fn step_by_step(
    dir: BorrowedFd<'_>,
    below: &str,
    flags: OFlags,
    mode: Mode,
) -> Result<OwnedFd, Errno> {
    let flags = flags | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    let between = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    let (above, name) = match below.rsplit_once('/') {
        None => (None, below),
        Some((above, name)) => (Some(above), name),
    };
    let mut at: Option<OwnedFd> = None;
    for step in above.into_iter().flat_map(|above| above.split('/')) {
        let here = at.as_ref().map_or(dir, AsFd::as_fd);
        let next = rustix::fs::openat(here, step, between, Mode::empty()).map_err(|errno| {
            if errno == Errno::NOTDIR && is_link(here, step) { Errno::LOOP } else { errno }
        })?;
        at = Some(next);
    }
    let here = at.as_ref().map_or(dir, AsFd::as_fd);
    rustix::fs::openat(here, name, flags, mode)
        .map_err(|errno| if errno == Errno::NOTDIR && is_link(here, name) { Errno::LOOP } else { errno })
}

/// Whether a link stands at `below`.
pub(super) fn is_link(dir: impl AsFd, below: impl Arg) -> bool {
    rustix::fs::statat(dir, below, AtFlags::SYMLINK_NOFOLLOW)
        .is_ok_and(|found| FileType::from_raw_mode(found.st_mode) == FileType::Symlink)
}
