//! What git remembers of working files, and whether it still holds.

use std::cell::Cell;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::store::id::ObjectId;
use crate::store::layout;

use super::index::Raw;

/// Reading more files than this takes longer than git would.
const MOST_READ: u32 = 64;

/// What git remembers of a working file, to know without reading it that it is unchanged. All zero: nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::store) struct Stat(pub(super) [u32; 9]);

/// Where a [`Stat`] has the second of the last change to the content.
pub(super) const MTIME: usize = 2;

impl Stat {
    /// Times and numbers are cut to 32 bits, as git does.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "git keeps the low 32 bits")]
    pub(in crate::store) fn of(file: &Metadata) -> Stat {
        Stat([
            file.ctime() as u32,
            file.ctime_nsec() as u32,
            file.mtime() as u32,
            file.mtime_nsec() as u32,
            file.dev() as u32,
            file.ino() as u32,
            file.uid(),
            file.gid(),
            file.size() as u32,
        ])
    }
}

/// Finds out whether working files hold what the index says, by reading them.
pub(in crate::store) struct Unchanged<'r> {
    root: &'r Path,
    /// A second that had begun before any file is read.
    now: u32,
    /// How many files may still be read.
    left: Cell<u32>,
}

impl<'r> Unchanged<'r> {
    /// Looks below `root`; `lock` was made a moment ago, so that its time is a lower bound of now, by the clock of the
    /// same disk.
    pub(in crate::store) fn below(root: &'r Path, lock: &Metadata) -> Unchanged<'r> {
        Unchanged { root, now: Stat::of(lock).0[MTIME], left: Cell::new(MOST_READ) }
    }

    /// Reads no file: what git could take for unchanged by mistake is marked to be looked at.
    pub(super) fn unread(root: &'r Path) -> Unchanged<'r> {
        Unchanged { root, now: 0, left: Cell::new(0) }
    }

    #[cfg(test)]
    pub(super) fn at(root: &'r Path, now: u32, most: u32) -> Unchanged<'r> {
        Unchanged { root, now, left: Cell::new(most) }
    }

    /// Whether the entry may keep its stat data: the file is the one git remembers, holds what the index says, and was
    /// last changed in a second that is over, so that any later edit shows in its time.
    pub(super) fn is(&self, raw: &Raw<'_>) -> bool {
        if raw.mtime() >= self.now || self.left.get() == 0 {
            return false;
        }
        self.left.set(self.left.get() - 1);
        let read = || -> Option<bool> {
            let path = std::str::from_utf8(raw.name).ok()?;
            let found = layout::at(&self.root.join(path)).ok()??;
            let bytes = layout::working(self.root, path).ok()??;
            Some(Stat::of(&found) == raw.stat() && Some(ObjectId::of_blob(&bytes)) == raw.id())
        };
        read().unwrap_or(false)
    }
}
