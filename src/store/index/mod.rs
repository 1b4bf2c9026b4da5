//! The index: what views of many cases need of each, kept in a database in `.git/csods` so that not every case is read for
//! every question. The only folder that names SQLite.
//!
//! It is derived from a commit and never the truth. Two fingerprints say what gives its rows their meaning: that of the
//! sources of csods ([`crate`]'s `build.rs`) names its file ([`FILE`]), that of the settings is noted in it, beside the
//! tree of the cases that it was made from. Whoever asks it compares settings and tree with HEAD first. Where only the tree differs it reads the cases that differ; where anything
//! else does, it is begun anew. So `git pull`, `git reset`, a commit by hand or a crash need not be told to it.
//!
//! Nobody depends on it: where it cannot be opened, read or written, [`Store::ask_index`] gives no answer, and whoever asked
//! reads the cases. Every row bears a checksum and all rows together another (`totals`); what is spoilt counts as absent.

mod ask;
mod at_hand;
mod compare;
#[cfg(test)]
mod encoding_tests;
mod entry;
mod file;
mod gather;
mod lexicon;
mod pack;
mod put;
mod totals;
mod update;
mod words;

use crate::domain::settings::Settings;
use crate::error::Error;

use super::git::Snapshot;
use super::id::{CommitId, ObjectId};
use super::{Store, yaml};

pub use ask::{Index, Sought};
pub use file::FILE;

use file::{IndexFile, Place, Remove};

/// How far a first build has come: cases done, cases in all.
pub type Progress<'p> = &'p dyn Fn(usize, usize);

/// Why the index gave no answer.
#[derive(Debug)]
pub enum Broken {
    /// Somebody else is at work on it, or the disk does not let us: do without it.
    Unusable,
    /// It is absent, spoilt, or was made with other settings: begin it anew.
    Damaged,
    /// It holds a case that is gone, or words that may not be kept any more: remove it, and those of other versions.
    Gone,
    /// The cases could not be read for it: whoever reads them will be told.
    Store,
}

impl From<Error> for Broken {
    fn from(_: Error) -> Broken {
        Broken::Store
    }
}

/// What an index was made from.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Origin {
    fingerprint: ObjectId,
    /// The tree of the cases; zeros where there are none.
    tree: ObjectId,
    commit: ObjectId,
}

impl Origin {
    fn of(head: &Snapshot, settings: &Settings) -> Result<Origin, Error> {
        let tree = head.cases_tree()?.unwrap_or(ObjectId::ZERO);
        Ok(Origin { fingerprint: fingerprint(settings), tree, commit: head.commit() })
    }
}

/// One name for all settings that decide what is kept of a case.
fn fingerprint(settings: &Settings) -> ObjectId {
    let trees = settings.substance();
    let text: String = trees.iter().map(yaml::write).collect();
    ObjectId::of_blob(text.as_bytes())
}

/// Which indexes of a copy count for nothing any more; `None` where ours is only out of reach.
fn removal(broken: &Broken, settings: &Settings) -> Option<Remove> {
    match broken {
        Broken::Unusable | Broken::Store => None,
        Broken::Damaged if settings.keeps_personal() => Some(Remove::Ours),
        // Those of other versions may hold what the settings forbid by now.
        Broken::Damaged | Broken::Gone => Some(Remove::All),
    }
}

impl Store {
    /// Asks the index of the cases at `head`, bringing it up to date before; `None` where it cannot be had, and the cases
    /// have to be read.
    pub fn ask_index<T>(
        &self,
        head: &Snapshot,
        settings: &Settings,
        progress: Progress<'_>,
        ask: impl Fn(&Index) -> Result<T, Broken>,
    ) -> Option<T> {
        let origin = Origin::of(head, settings).ok()?;
        let place = Place::in_private(self.made_kept().ok()?.path(), self.rights());
        let attempt = || update::ready(&place, head, settings, origin).and_then(|index| ask(&index));
        let remove = match attempt() {
            Ok(answer) => return Some(answer),
            Err(broken) => removal(&broken, settings)?,
        };
        update::build(&place, remove, head, settings, origin, progress).ok()?;
        // Where that cannot be done now, it is done later.
        let _ = place.remove_unused();
        attempt().ok()
    }

    /// Lets the index follow a change to its commit, where there is an index and it is cheap: what it does not learn now it
    /// learns when it is asked.
    pub(super) fn index_follows(&self, settings: &Settings, commit: &CommitId) {
        let place = Place::in_private(&self.private(), self.rights());
        let follow = || -> Result<(), Broken> {
            let head = self.snapshot_at(commit)?;
            let origin = Origin::of(&head, settings)?;
            update::follow(&place, &head, settings, origin)
        };
        if !place.exists() {
            return;
        }
        // What cannot be removed now is removed when the index is asked or followed the next time.
        let _ = match follow().map_err(|broken| removal(&broken, settings)) {
            // What counts for nothing any more need not keep names until somebody asks.
            Err(Some(which)) => place.remove(which).map(drop),
            Ok(()) | Err(None) => place.remove_unused(),
        };
    }
}
