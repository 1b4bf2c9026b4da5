//! A change in the making: files are given to it, then it is committed, or dropped and nothing has happened.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::error::Error;

use super::git::Snapshot;
use super::id::{BlobId, CommitId, ObjectId};
use super::lock::Lock;
use super::writing::{Base, Writing};
use super::{Author, CommitText, Store, layout, recover};

/// A change; holds the store's lock.
pub struct Change<'s> {
    store: &'s Store,
    lock: Lock,
    until: Instant,
    branch: String,
    head: Snapshot,
    puts: BTreeMap<String, Put>,
}

/// What a change does to one file.
pub(super) struct Put {
    /// What it will hold; `None`: it goes.
    pub(super) bytes: Option<Vec<u8>>,
    pub(super) expects: Expects,
}

/// What the working file must hold for the change to replace it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expects {
    /// What was last committed.
    Head,
    /// This edit by hand, which was read and found valid; `None`: that it was deleted.
    Edit(Option<BlobId>),
}

impl<'s> Change<'s> {
    pub(super) fn begin(store: &'s Store, wait: Duration, holder: &str) -> Result<Change<'s>, Error> {
        let until = Instant::now() + wait;
        layout::make_private(&store.private())?;
        let lock = Lock::take(&store.lock_file(), wait, holder)?;
        recover::settle(store, &lock, until)?;
        let (branch, commit) = store.repo.fit()?;
        Ok(Change { store, lock, until, branch, head: store.snapshot_at(&commit)?, puts: BTreeMap::new() })
    }

    /// The files as last committed. Nobody can change them while the change lasts, except by plain git, which
    /// [`Change::commit`] notices.
    pub fn head(&self) -> &Snapshot {
        &self.head
    }

    /// The file will hold these bytes. Refused on commit where it was edited by hand.
    pub fn put(&mut self, path: &str, bytes: Vec<u8>) {
        self.plan(path, Some(bytes), Expects::Head);
    }

    /// The file will be gone. Refused on commit where it was edited by hand.
    pub fn remove(&mut self, path: &str) {
        self.plan(path, None, Expects::Head);
    }

    /// Takes in a file that was edited by hand: `seen` is what was read and found valid, `bytes` what is committed.
    /// Refused on commit where it was edited again since.
    pub fn accept_edit(&mut self, path: &str, seen: &[u8], bytes: Vec<u8>) {
        self.plan(path, Some(bytes), Expects::Edit(Some(ObjectId::of_blob(seen))));
    }

    /// Takes in that a file was deleted by hand.
    pub fn accept_deletion(&mut self, path: &str) {
        self.plan(path, None, Expects::Edit(None));
    }

    fn plan(&mut self, path: &str, bytes: Option<Vec<u8>>, expects: Expects) {
        self.puts.insert(path.to_owned(), Put { bytes, expects });
    }

    /// Makes the change: one commit, its working files, git's index. Returns when all of it has reached the disk.
    ///
    /// Where the files are as they were already, no commit is made and the last one's id comes back.
    ///
    /// # Errors
    /// Nothing was changed, unless the message says otherwise. `Damaged` for a file edited by hand, `Conflict` where
    /// plain git moved the branch meanwhile, `Busy` where git holds its own locks for longer than the wait.
    pub fn commit(self, text: &CommitText, author: &Author) -> Result<CommitId, Error> {
        let writing = Writing {
            store: self.store,
            until: self.until,
            branch: &self.branch,
            base: Some(Base { commit: self.head.commit(), tree: self.head.tree() }),
            puts: &self.puts,
        };
        writing.run(&self.lock, text, author)
    }
}
