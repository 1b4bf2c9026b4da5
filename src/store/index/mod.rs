//! The index: what views of many cases need of each, kept in `.git/csods/index.sqlite` so that not every case is read for
//! every question. The only folder that names SQLite.
//!
//! It is derived from a commit and never the truth. It notes the tree of the cases that it was made from and a fingerprint
//! of everything that gives those cases their meaning: the settings, the searched fields, the form of its own tables.
//! Whoever asks it compares both with HEAD first. Where only the tree differs it reads the cases that differ; where anything
//! else does, it is begun anew. So `git pull`, `git reset`, a commit by hand or a crash need not be told to it.
//!
//! Nobody depends on it: where it cannot be opened, read or written, [`Store::ask_index`] gives no answer, and whoever asked
//! reads the cases. Everything in it bears a sum; what is spoilt counts as absent.

mod ask;
mod at_hand;
mod entry;
mod file;
mod gather;
mod lexicon;
mod pack;
mod update;
mod words;

use crate::domain::search;
use crate::domain::settings::Settings;
use crate::domain::statistics;
use crate::error::Error;

use super::git::Snapshot;
use super::id::{CommitId, ObjectId};
use super::{Store, yaml};

pub use ask::{Index, Sought};

use file::{IndexFile, Place};

/// How far a first build has come: cases done, cases in all.
pub type Progress<'p> = &'p dyn Fn(usize, usize);

/// Why the index gave no answer.
#[derive(Debug)]
pub enum Broken {
    /// Somebody else is at work on it, or the disk does not let us: do without it.
    Unusable,
    /// It is absent, spoilt, or of another form: begin it anew.
    Damaged,
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

/// One name for everything besides a case's file that decides what is kept of it.
fn fingerprint(settings: &Settings) -> ObjectId {
    let (tables, lines) = (file::SCHEMA, statistics::FORM);
    let mut text = format!("{tables} {lines} {}\n{}\n", env!("CARGO_PKG_VERSION"), search::signature());
    for tree in settings.substance() {
        text.push_str(&yaml::write(&tree));
    }
    ObjectId::of_blob(text.as_bytes())
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
        let place = Place::in_private(&self.private_dir());
        let attempt = || update::ready(&place, head, settings, origin).and_then(|index| ask(&index));
        match attempt() {
            Ok(answer) => return Some(answer),
            Err(Broken::Unusable | Broken::Store) => return None,
            Err(Broken::Damaged) => {}
        }
        update::build(&place, head, settings, origin, progress).ok()?;
        attempt().ok()
    }

    /// Lets the index follow a change to its commit, where there is an index and it is cheap: what it does not learn now it
    /// learns when it is asked.
    pub(super) fn index_follows(&self, settings: &Settings, commit: &CommitId) {
        let place = Place::in_private(&self.private());
        let follow = || -> Result<(), Broken> {
            let head = self.snapshot_at(commit)?;
            let origin = Origin::of(&head, settings)?;
            update::follow(&place, &head, settings, origin)
        };
        // What counts for nothing any more need not keep names until somebody asks.
        if place.exists() && matches!(follow(), Err(Broken::Damaged)) {
            let _ = place.remove();
        }
    }
}
