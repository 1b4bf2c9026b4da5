//! A change in the making: files are given to it, then it is committed, or dropped and nothing has happened.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::domain::settings::Settings;
use crate::error::{Error, Kind};

use super::beneath::Dir;
use super::git::Snapshot;
use super::git::index::ReadAhead;
use super::git::refs::Head;
use super::git::tree::FILE;
use super::id::{BlobId, CommitId, ObjectId};
use super::layout::CHANGE;
use super::lock::Lock;
use super::refusals::edited;
use super::rights::Access;
use super::sync::Disks;
use super::writing::{Base, Steps, Writing, remove_aside};
use super::{Author, CommitText, Store, disk, fault, layout, recover};

/// A change; holds the store's lock.
pub struct Change<'s> {
    store: &'s Store,
    /// `.git/csods`.
    kept: Dir,
    /// The directory of the change, once something was put aside. Tidied up before the lock is given back.
    aside: Option<Aside>,
    lock: Lock,
    until: Instant,
    disks: Disks,
    branch: String,
    head: Snapshot,
    puts: BTreeMap<String, Put>,
    /// With which the index follows.
    settings: Option<Settings>,
    /// Git's index.
    index: ReadAhead,
}

/// What a change does to one file.
pub(super) struct Put {
    pub(super) content: Content,
    pub(super) expects: Expects,
}

/// What a file will hold.
pub(super) enum Content {
    /// Nothing: it goes.
    Gone,
    /// These bytes.
    Here(Vec<u8>),
    /// Those of a file of this name in the directory of the change.
    Aside(String, BlobId),
}

impl Content {
    /// The id of the content.
    pub(super) fn id(&self) -> Option<BlobId> {
        match self {
            Content::Gone => None,
            Content::Here(bytes) => Some(ObjectId::of_blob(bytes)),
            Content::Aside(_, id) => Some(*id),
        }
    }
}

/// What the working file must hold for the change to replace it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expects {
    /// What was last committed.
    Head,
    /// This edit by hand, which was read and found valid; `None`: that it was deleted.
    Edit(Option<BlobId>),
}

/// One commit among several of a change.
#[derive(Debug)]
pub struct Step {
    /// What it says.
    pub text: CommitText,
    /// The files it changes: each as it was given to the change, or, where a later one changes it again, as it is
    /// meanwhile.
    pub files: Vec<(String, Option<Vec<u8>>)>,
}

/// The directory of the change, and the files that wait in it.
struct Aside {
    kept: Dir,
    dir: Dir,
    count: usize,
    /// Whether what becomes of the directory is now for the writing to say.
    written: bool,
}

impl Aside {
    fn begin(kept: &Dir) -> Result<Aside, Error> {
        let (dir, kept) = (kept.new_dir(CHANGE)?, kept.for_access(Access::Kept)?);
        fault::point("change directory");
        Ok(Aside { kept, dir, count: 0, written: false })
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        if !self.written {
            // Best effort: whoever changes the store next tidies up what stays.
            let _ = remove_aside(&self.kept, &self.dir);
        }
    }
}

impl<'s> Change<'s> {
    pub(super) fn begin(store: &'s Store, wait: Duration, holder: &str) -> Result<Change<'s>, Error> {
        let until = Instant::now() + wait;
        let kept = store.made_kept()?;
        let lock = Lock::take(&kept, wait, holder)?;
        recover::settle(store, &lock, until)?;
        store.prepare(&kept)?;
        let (branch, commit) = store.repo.fit()?;
        let head = store.snapshot_at(&commit)?;
        let index = ReadAhead::begin(store.repo.private().join("index"));
        let disks = Disks::of(&[store.root(), store.repo.common(), store.repo.private()])?;
        Ok(Change {
            store,
            kept,
            aside: None,
            lock,
            until,
            disks,
            branch,
            head,
            puts: BTreeMap::new(),
            settings: None,
            index,
        })
    }

    /// Lets the index follow the change while it reaches the disk; `settings` are those that hold after it.
    pub fn index_follows(&mut self, settings: &Settings) {
        self.settings = Some(settings.clone());
    }

    /// Where HEAD stood when the change began.
    pub(super) fn base(&self) -> Head {
        Head { branch: Some(self.branch.clone()), commit: Some(self.head.commit()) }
    }

    /// The files as last committed. Nobody can change them while the change lasts, except by plain git, which
    /// [`Change::commit`] notices.
    pub fn head(&self) -> &Snapshot {
        &self.head
    }

    /// The file will hold these bytes. Refused on commit where it was edited by hand.
    pub fn put(&mut self, path: &str, bytes: Vec<u8>) {
        self.plan(path, Content::Here(bytes), Expects::Head);
    }

    /// The same for one of very many files: the bytes wait on the disk and not in memory.
    pub fn put_aside(&mut self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        let again = match self.puts.get(path) {
            Some(Put { content: Content::Aside(name, _), .. }) => Some(name.clone()),
            _ => None,
        };
        let aside = match &mut self.aside {
            Some(aside) => aside,
            none => none.insert(Aside::begin(&self.kept)?),
        };
        let name = match again {
            Some(name) => {
                aside.dir.remove(&name)?;
                name
            }
            None => {
                aside.count += 1;
                format!("waits-{}", aside.count)
            }
        };
        let mode = self.store.repo.leaf(Some(self.head.tree()), path)?.map_or(FILE, |leaf| leaf.mode);
        let rights = self.store.rights();
        aside.dir.fill(&name, bytes, disk::like(rights, &self.store.root().join(path), mode)?)?;
        fault::point("file waits aside");
        self.plan(path, Content::Aside(name, ObjectId::of_blob(bytes)), Expects::Head);
        Ok(())
    }

    /// What the file will hold, as far as the change has come; `None` where the change leaves it as it is.
    pub fn planned(&self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        match (self.puts.get(path).map(|put| &put.content), &self.aside) {
            (Some(Content::Here(bytes)), _) => Ok(Some(bytes.clone())),
            (Some(Content::Aside(name, _)), Some(aside)) => Ok(aside.dir.bytes(name, u64::MAX)?),
            _ => Ok(None),
        }
    }

    /// Whether a file may be changed: its working copy is the one last committed. [`Change::commit`] asks again.
    pub fn untouched(&self, path: &str) -> Result<(), Error> {
        let working = layout::working(self.store.root(), path)?.map(|bytes| ObjectId::of_blob(&bytes));
        if working == self.head.blob(path)? { Ok(()) } else { Err(edited(path, false)) }
    }

    /// The file will be gone. Refused on commit where it was edited by hand.
    pub fn remove(&mut self, path: &str) {
        self.plan(path, Content::Gone, Expects::Head);
    }

    /// Takes in a file that was edited by hand: `seen` is what was read and found valid, `bytes` what is committed.
    /// Refused on commit where it was edited again since.
    pub fn accept_edit(&mut self, path: &str, seen: &[u8], bytes: Vec<u8>) {
        self.plan(path, Content::Here(bytes), Expects::Edit(Some(ObjectId::of_blob(seen))));
    }

    /// Takes in that a file was deleted by hand.
    pub fn accept_deletion(&mut self, path: &str) {
        self.plan(path, Content::Gone, Expects::Edit(None));
    }

    fn plan(&mut self, path: &str, content: Content, expects: Expects) {
        self.puts.insert(path.to_owned(), Put { content, expects });
    }

    /// Makes the change: one commit, its working files, git's index. Returns when all of it has reached the disk.
    ///
    /// Where the files are as they were already, no commit is made and the last one's id comes back.
    ///
    /// # Errors
    /// Nothing was changed, unless the message says otherwise. `Damaged` for a file edited by hand, `Conflict` where
    /// plain git moved the branch meanwhile, `Busy` where git holds its own locks for longer than the wait.
    pub fn commit(self, text: &CommitText, author: &Author) -> Result<CommitId, Error> {
        let files = self.puts.keys().map(|path| (path.clone(), None)).collect();
        let step = Step { text: text.clone(), files };
        let made = self.commit_steps([Ok(step)].into_iter(), author)?;
        made.first().copied().ok_or_else(|| Error::new(Kind::Internal, "a change without a commit"))
    }

    /// The same as several commits, one after another. They come into history together, by one move of the branch: all
    /// of them, or none.
    pub fn commit_steps(
        mut self,
        mut steps: impl Iterator<Item = Result<Step, Error>>,
        author: &Author,
    ) -> Result<Vec<CommitId>, Error> {
        let mut aside = match self.aside.take() {
            Some(aside) => aside,
            None => Aside::begin(&self.kept)?,
        };
        aside.written = true;
        let writing = Writing {
            store: self.store,
            kept: &self.kept,
            aside: &aside.dir,
            until: self.until,
            branch: &self.branch,
            base: Some(Base { commit: self.head.commit(), tree: self.head.tree() }),
            puts: &self.puts,
            disks: &self.disks,
            settings: self.settings.as_ref(),
            index: Cell::new(Some(self.index)),
        };
        writing.run(&self.lock, author, Steps(&mut steps))
    }
}
