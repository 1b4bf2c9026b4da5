//! The history, as git keeps it. The only folder that names libgit2.
//!
//! libgit2 reads and writes objects, walks history and compares the work tree. What must survive a crash at any
//! instruction (refs, index) is done here, byte by byte, after git's own protocol. No program is ever run: libgit2 has
//! no hooks, runs no filter drivers and no file-system monitor.

mod alternates;
pub(super) mod cache_tree;
mod commit;
mod configured;
mod diff;
mod fit;
mod history;
pub(super) mod index;
mod index_mend;
mod index_stat;
mod index_writer;
mod open;
pub(super) mod pack;
mod pack_checks;
mod pack_delta;
mod pack_index;
mod pack_order;
mod pack_tiers;
mod read;
pub(super) mod refs;
mod status;
pub(super) mod tree;
mod walk;
pub(super) mod write;

use std::cell::{OnceCell, RefCell};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use git2::{ErrorClass, ObjectType, Oid, Repository};

use crate::error::{Error, Kind, too_many_files};

use super::beneath::Dir;
use super::id::{CommitId, ObjectId};
use super::layout::LARGEST;
use super::rights::Rights;

pub use configured::{address, configured};
pub use diff::Differs;
pub use history::{AsOf, Backward, Entry};
pub(super) use open::{FIRST_BRANCH, share_repository, shared_repository};
pub use read::{Entries, Files, Snapshot};
pub use status::{Edited, How};

/// How often objects are looked for again that were not found.
const TRY_AGAIN: usize = 3;

/// An opened repository: a work tree with its git directory.
pub(super) struct Repo {
    git: RefCell<Rc<Repository>>,
    root: PathBuf,
    /// This work tree's own git directory: HEAD, index.
    private: Dir,
    /// What linked work trees share: refs, objects, configuration.
    common: Dir,
    kept: RefCell<tree::Kept>,
    /// Where the history of a shallow clone begins.
    shallow: OnceCell<HashSet<CommitId>>,
}

impl Repo {
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Where this work tree's own git directory lies.
    pub(super) fn private(&self) -> &Path {
        self.private.path()
    }

    /// Where the git directory lies that linked work trees share.
    pub(super) fn common(&self) -> &Path {
        self.common.path()
    }

    /// The git directory that linked work trees share: refs, objects.
    pub(super) fn common_dir(&self) -> &Dir {
        &self.common
    }

    /// This work tree's own git directory: HEAD, the index, `csods`.
    pub(super) fn private_dir(&self) -> &Dir {
        &self.private
    }

    /// Who may read and write what is made in the store.
    pub(super) fn rights(&self) -> Rights {
        self.private.rights()
    }

    /// libgit2's handle.
    fn git(&self) -> Rc<Repository> {
        Rc::clone(&self.git.borrow())
    }

    /// Runs what reads objects. Where that fails, it is tried again with a new handle, which sees the packs that are there
    /// now: `git gc`, or another change, may have packed anew and removed one that the old handle knew.
    fn reading<T>(&self, read: impl Fn(&Repository) -> Result<T, git2::Error>) -> Result<T, git2::Error> {
        let mut done = read(&self.git());
        for _ in 0..TRY_AGAIN {
            if done.is_ok() {
                break;
            }
            *self.git.borrow_mut() = Rc::new(open::handle(&self.root, self.private.path())?);
            done = read(&self.git());
        }
        done
    }

    /// Whether git left objects at the place that the repository was cloned from.
    fn is_partial(&self) -> bool {
        let Ok(config) = self.config() else { return false };
        let promised = config.entries(Some("remote\\..*\\.promisor"));
        config.get_string("extensions.partialclone").is_ok()
            || promised.is_ok_and(|mut entries| entries.next().is_some())
    }

    /// Git's configuration as it holds here.
    pub(super) fn config(&self) -> Result<git2::Config, git2::Error> {
        self.git().config()
    }

    /// A flag of the configuration.
    pub(super) fn flag(&self, key: &str) -> Option<bool> {
        self.git().config().ok()?.get_bool(key).ok()
    }

    /// The bytes of a file by the id of its content.
    pub(super) fn blob(&self, id: ObjectId) -> Result<Vec<u8>, Error> {
        if let Some((_, bytes)) = self.kept.borrow().file.as_ref().filter(|(kept, _)| *kept == id) {
            return Ok(bytes.clone());
        }
        let bytes = self.object(id, ObjectType::Blob, <[u8]>::to_vec)?;
        self.kept.borrow_mut().file = Some((id, bytes.clone()));
        Ok(bytes)
    }

    /// Hands over the bytes of an object, checked against its id.
    fn object<T>(&self, id: ObjectId, kind: ObjectType, take: impl FnOnce(&[u8]) -> T) -> Result<T, Error> {
        let read = |git: &Repository| -> Result<Option<(ObjectType, Vec<u8>)>, git2::Error> {
            let odb = git.odb()?;
            // A small object can unfold to gigabytes: one that is too large is not read.
            let (length, found) = odb.read_header(oid(id))?;
            if found == kind && length as u64 > walk::most_bytes(kind) {
                return Ok(None);
            }
            let found = odb.read(oid(id))?;
            Ok(Some((found.kind(), found.data().to_vec())))
        };
        let refusal = |error: git2::Error| match error.code() {
            git2::ErrorCode::NotFound if self.is_partial() => partial(id),
            _ => damaged(id, &error),
        };
        let Some((found, bytes)) = self.reading(read).map_err(refusal)? else {
            return match kind {
                // The reader of the file refuses a run of zeros one byte longer than any file may be, and names the file.
                ObjectType::Blob => Ok(take(&vec![0; LARGEST as usize + 1])),
                _ => Err(walk::too_large(id, kind)),
            };
        };
        // libgit2 would check too, without looking for collisions; that is switched off in `open`.
        match ObjectId::of_foreign(kind.str(), &bytes) {
            None => Err(forged(id)),
            Some(sum) if found != kind || sum != id => Err(corrupt(id)),
            Some(_) if !walk::is_modest(kind, &bytes) => Err(walk::too_large(id, kind)),
            Some(_) => Ok(take(&bytes)),
        }
    }
}

fn oid(id: ObjectId) -> Oid {
    Oid::from_bytes(id.as_bytes()).unwrap_or(Oid::ZERO_SHA1)
}

/// libgit2 failed for a reason outside the store.
#[expect(clippy::needless_pass_by_value, reason = "the form that map_err takes")]
fn failed(error: git2::Error) -> Error {
    if is_too_many(&error) {
        return too_many_files();
    }
    let hint = if error.message().contains("mandatory extension") {
        "a sparse or a split index is not supported: `git sparse-checkout disable`, `git update-index --no-split-index`"
    } else if error.class() == ErrorClass::Config || error.message().contains("config") {
        "mend that file, or see who may read it: `git config --list --show-origin` says which files git reads"
    } else {
        "`git status` and `git fsck` in the store say more"
    };
    Error::new(Kind::System, format!("git failed: {}", error.message())).hint(hint)
}

/// Whether no more files can be opened; libgit2 has no code for it, only the system's words.
fn is_too_many(error: &git2::Error) -> bool {
    error.message().to_lowercase().contains("too many open files")
}

fn partial(id: ObjectId) -> Error {
    let message = format!("this copy is a partial clone and lacks object {id} of the history");
    Error::new(Kind::System, message).hint(
        "clone the store whole, by `git clone` without `--filter`; or `git fetch --refetch --no-filter` here",
    )
}

fn damaged(id: ObjectId, error: &git2::Error) -> Error {
    if is_too_many(error) {
        return too_many_files();
    }
    let mut refusal = corrupt(id);
    if error.code() != git2::ErrorCode::NotFound {
        refusal.message = format!("object {id} of the history cannot be read: {}", error.message());
    }
    refusal
}

fn forged(id: ObjectId) -> Error {
    Error::new(Kind::Damaged, format!("object {id} of the history was made so that another has the same id"))
        .hint("somebody forged it: do not use this copy, and compare it with another copy of the store")
}

fn corrupt(id: ObjectId) -> Error {
    Error::new(Kind::Damaged, format!("object {id} of the history is missing or damaged"))
        .hint("`git fsck` says what else is; fetch the object from another copy of the store")
}
