//! The directory under git and its history: what is read from HEAD, and how a change becomes exactly one commit.
//!
//! HEAD is the truth. Readers see one commit as a [`Snapshot`]; they never wait and never take the lock. A writer takes
//! the lock for a [`Change`], gives it files, and commits: see `writing` for the order of the steps and why a crash
//! between any two of them leaves the old state or the new one, and `recover` for who tidies up.
//!
//! Apart from `files`, which reads settings and cases, nothing here knows what a case is: paths and bytes only.

mod again;
pub mod answers;
mod beneath;
mod change;
mod disk;
pub mod fault;
pub mod files;
mod gc;
mod git;
mod id;
pub mod index;
mod index_file;
mod init;
mod journal;
pub mod json;
mod layout;
mod leftover;
mod lock;
mod recover;
mod refusals;
mod rights;
pub mod rows;
mod survey;
mod sync;
pub mod toml;
mod tree;
mod writing;
pub mod yaml;
pub mod zlib;

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use crate::error::{Error, Kind};

pub use change::{Change, Step};
pub use gc::Pieces;
pub use git::{AsOf, Backward, Edited, Entries, Entry, Files, How, Snapshot, address, configured};
pub use id::{BlobId, CommitId, ObjectId};
pub use index::{Broken, Index, Progress, Sought};
pub use layout::{CASES, LARGEST, SETTINGS};
pub use leftover::left_of;
pub use rights::Group;
pub use survey::{Fault, Found, Survey};

use beneath::Dir;
use git::Repo;
use layout::KEPT;
use rights::{Access, Rights};

/// An opened store.
pub struct Store {
    repo: Rc<Repo>,
}

/// What a commit says. Nothing personal may stand in it (X1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitText {
    /// The first line: `KP-26-7K3QF4: decide`.
    pub subject: String,
    /// The `Key: value` lines of the last paragraph.
    pub trailers: Vec<(&'static str, String)>,
}

impl CommitText {
    /// The whole message.
    fn message(&self) -> Result<String, Error> {
        let values = self.trailers.iter().map(|(_, value)| value);
        let one_line = |text: &String| !text.is_empty() && !text.contains(char::is_control);
        if !values.chain([&self.subject]).all(one_line) {
            return Err(Error::new(Kind::Internal, "a commit's subject and trailers must be one line each"));
        }
        let mut message = format!("{}\n", self.subject);
        for (position, (key, value)) in self.trailers.iter().enumerate() {
            let gap = if position == 0 { "\n" } else { "" };
            message.push_str(&format!("{gap}{key}: {value}\n"));
        }
        Ok(message)
    }
}

/// Who makes a commit, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// Their name.
    pub name: String,
    /// Their e-mail address, by which the store knows them.
    pub email: String,
    /// Seconds since 1970.
    pub at_unix: i64,
    /// Their local time's offset from UTC, in minutes.
    pub offset_minutes: i32,
}

impl Store {
    /// Makes a new store in a directory that is absent or empty, with these files as its first commit. Nobody but this
    /// account may read it, whatever the umask.
    pub fn init(
        dir: &Path,
        files: &[(String, Vec<u8>)],
        text: &CommitText,
        author: &Author,
    ) -> Result<(Store, CommitId), Error> {
        init::init(dir, files, text, author, None)
    }

    /// The same for all accounts of a group, who can change it as the one who makes it can.
    ///
    /// # Errors
    /// `NotPermitted` where this account is no member of the group.
    pub fn init_shared(
        dir: &Path,
        files: &[(String, Vec<u8>)],
        text: &CommitText,
        author: &Author,
        group: Group,
    ) -> Result<(Store, CommitId), Error> {
        init::init(dir, files, text, author, Some(group))
    }

    /// Finds the store: the directory that was named, else the one from the environment, else the nearest one at or
    /// above `cwd` that holds `csods.toml` and is a git work tree.
    pub fn find(explicit: Option<&Path>, from_env: Option<&Path>, cwd: &Path) -> Result<Store, Error> {
        Store::open(&Store::place(explicit, from_env, cwd)?)
    }

    fn open(dir: &Path) -> Result<Store, Error> {
        let store = Store { repo: Rc::new(Repo::open(dir)?) };
        store.trusted()?;
        Ok(store)
    }

    /// That nothing in `.git/csods` is a link or could have been put there by somebody who has no part in the store.
    fn trusted(&self) -> Result<(), Error> {
        let Some(kept) = self.kept()? else { return Ok(()) };
        kept.all_trusted()?;
        Ok(kept.own_is_mine(&self.own_name())?)
    }

    /// A directory for what this account is typing, which nobody else may read; made when needed. In a store of one account
    /// that is `.git/csods` itself, in a shared one a directory in it.
    pub fn private_dir(&self) -> PathBuf {
        // Where it cannot be made, whoever writes into it is told so then.
        let kept = self.made_kept();
        if !self.rights().shared() {
            return self.private();
        }
        let _ = kept.and_then(|kept| Ok(kept.made_own(&self.own_name())?));
        self.private().join(self.own_name())
    }

    /// The name of the directory of this account in a shared store's `.git/csods`.
    fn own_name(&self) -> String {
        format!("own-{}", self.rights().me())
    }

    /// Who may read and write what is made in the store.
    fn rights(&self) -> Rights {
        self.repo.rights()
    }

    /// The store's directory.
    pub fn root(&self) -> &Path {
        self.repo.root()
    }

    /// A file for what must be read twice: private, and gone when it is closed, however the process ends.
    pub fn scratch(&self) -> Result<File, Error> {
        let kept = self.made_kept()?;
        let name = format!("scratch-{}", std::process::id());
        kept.remove(&name)?;
        let file = kept.create(&name, Access::Kept)?;
        kept.remove(&name)?;
        Ok(file)
    }

    /// `.git/csods`, where csods keeps what belongs to this copy alone; `None` where there is none yet. `Damaged` where
    /// it is not to be trusted.
    fn kept(&self) -> Result<Option<Dir>, Error> {
        match self.repo.private_dir().for_access(Access::Kept)?.dir(KEPT) {
            // It is not for whoever may only read the store: they do without.
            Err(error) if error.kind() == ErrorKind::PermissionDenied && !self.rights().mine() => Ok(None),
            dir => Ok(dir?),
        }
    }

    /// The same, made when needed.
    fn made_kept(&self) -> Result<Dir, Error> {
        Ok(self.repo.private_dir().for_access(Access::Kept)?.made_dir(KEPT)?)
    }

    fn private(&self) -> PathBuf {
        self.repo.private().join(KEPT)
    }

    /// Where a change is announced.
    fn journal_file(&self) -> PathBuf {
        self.private().join("journal")
    }

    /// Makes the files that are there between changes too, where they are not; returns when their names have reached the
    /// disk. The store's lock is held.
    fn prepare(&self, kept: &Dir) -> std::io::Result<()> {
        index_file::prepare(kept)?;
        journal::prepare(kept)
    }

    /// The files as last committed.
    pub fn head(&self) -> Result<Snapshot, Error> {
        match self.repo.head()?.commit {
            Some(commit) => self.snapshot_at(&commit),
            None => Err(Error::new(Kind::Conflict, "the store's branch has no commit yet")
                .hint("`git switch main`, or fetch the history first")),
        }
    }

    /// The files as a commit has them.
    pub fn snapshot_at(&self, commit: &CommitId) -> Result<Snapshot, Error> {
        Snapshot::open(&self.repo, *commit)
    }

    /// The history as it stood at a moment, in seconds since 1970, along first parents, so that what came in by a merge
    /// counts from the merge on.
    pub fn as_of(&self, at_unix: i64) -> Result<AsOf, Error> {
        self.repo.as_of(self.head()?.commit(), at_unix)
    }

    /// Begins a change: waits for the lock, finishes or discards what a crash left, and sees that the repository is in
    /// a state to be changed. `holder` is what others are told who find the store busy.
    ///
    /// # Errors
    /// `Damaged` where this account may not change the store, or git would see another history than csods.
    pub fn change(&self, wait: Duration, holder: &str) -> Result<Change<'_>, Error> {
        self.may_change()?;
        Change::begin(self, wait, holder)
    }

    /// What makes git show another history than the recorded one, in words: grafts or replaced objects. `None` where
    /// nothing does.
    pub fn rewritten(&self) -> Result<Option<&'static str>, Error> {
        self.repo.rewritten()
    }

    /// That this account may change the store, that what is written can be trusted, and that nothing makes git show
    /// another history.
    fn may_change(&self) -> Result<(), Error> {
        let rights = self.rights();
        let refusal = |what: &str| {
            Error::new(Kind::Damaged, format!("{what}; nothing was changed"))
                .place(self.root().display().to_string())
        };
        if !rights.mine() {
            return Err(refusal("this store belongs to another account and is not shared").hint(
                "you can ask it anything; to change it, its owner shares it with a group: \
                 `csods doctor --shared GROUP --fix`",
            ));
        }
        if rights.open_to_all() {
            return Err(refusal("everybody on this machine may write to the store's directory").hint(
                "`chmod o-w` on it, after seeing that nobody did: `csods validate`, `git fsck`; \
                 `csods doctor` says more",
            ));
        }
        self.repo.trusted()?;
        self.repo.not_rewritten()
    }

    /// Finishes or discards what a crashed change left, if there is any and nobody is changing the store. The next change
    /// does the same; views leave it as it is, since HEAD says what is true at every moment.
    pub fn recover_if_needed(&self) -> Result<(), Error> {
        recover::if_needed(self)
    }

    /// Whether a change was cut off, by a crash or a power cut, that the next change will finish or discard.
    pub fn cut_off(&self) -> Result<bool, Error> {
        recover::is_needed(self)
    }

    /// Whether accounts outside can read the store (sharing G2).
    pub fn readable_outside(&self) -> bool {
        self.rights().readable_outside() && survey::reachable(self.root())
    }

    /// The files that differ from the last commit, ordered by path.
    pub fn status(&self) -> Result<Vec<Edited>, Error> {
        // Where that cannot be done now, what git sees is told.
        let _ = recover::bring_index_up(self);
        self.repo.edited()
    }

    /// The bytes of a working file; `None` where there is none. `Damaged` where it is no regular file, is over
    /// [`LARGEST`], or lies behind a link.
    pub fn working(&self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        layout::working(self.root(), path)
    }

    /// The commits, newest first; with a path, those that touched it.
    pub fn history(&self, path: Option<&str>) -> Result<Vec<Entry>, Error> {
        path.map_or(Ok(()), layout::check_path)?;
        self.repo.history(self.head()?.commit(), path)
    }
}

fn is_store(dir: &Path) -> bool {
    dir.join(SETTINGS).is_file() && dir.join(".git").exists()
}
