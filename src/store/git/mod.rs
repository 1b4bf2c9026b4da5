//! The history, as git keeps it. The only folder that names libgit2.
//!
//! libgit2 reads and writes objects, walks history and compares the work tree. What must survive a crash at any
//! instruction (refs, index) is done here, byte by byte, after git's own protocol. No program is ever run: libgit2 has
//! no hooks, runs no filter drivers and no file-system monitor.

pub(super) mod cache_tree;
mod configured;
mod diff;
mod fit;
mod history;
pub(super) mod index;
mod index_writer;
mod open;
pub(super) mod pack;
mod pack_checks;
mod pack_order;
mod read;
pub(super) mod refs;
mod status;
pub(super) mod tree;
mod walk;
pub(super) mod write;

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use git2::{ObjectType, Oid, Repository};

use crate::error::{Error, Kind};

use super::id::{CommitId, ObjectId};
use super::layout::LARGEST;

pub use configured::configured;
pub use diff::Differs;
pub use history::{AsOf, Backward, Entry};
pub(super) use open::FIRST_BRANCH;
pub use read::Snapshot;
pub use status::{Edited, How};

/// An opened repository: a work tree with its git directory.
pub(super) struct Repo {
    git: Repository,
    root: PathBuf,
    /// This work tree's own git directory: HEAD, index.
    private: PathBuf,
    /// What linked work trees share: refs, objects, configuration.
    common: PathBuf,
    kept: RefCell<tree::Kept>,
}

impl Repo {
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn private(&self) -> &Path {
        &self.private
    }

    pub(super) fn common(&self) -> &Path {
        &self.common
    }

    /// Git's configuration as it holds here.
    pub(super) fn config(&self) -> Result<git2::Config, git2::Error> {
        self.git.config()
    }

    /// A flag of the configuration.
    pub(super) fn flag(&self, key: &str) -> Option<bool> {
        self.git.config().ok()?.get_bool(key).ok()
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
        let odb = self.git.odb().map_err(failed)?;
        // A small object can unfold to gigabytes: one that is too large is not read.
        let (length, found) = odb.read_header(oid(id)).map_err(|error| damaged(id, &error))?;
        if found == kind && length as u64 > walk::most_bytes(kind) {
            return match kind {
                // It is replaced by a run of zeros that is one byte too long: the reader of the file then says that it is too large.
                ObjectType::Blob => Ok(take(&vec![0; LARGEST as usize + 1])),
                _ => Err(walk::too_large(id, kind)),
            };
        }
        let found = odb.read(oid(id)).map_err(|error| damaged(id, &error))?;
        // libgit2 would check too, with a slower SHA-1; that is switched off in `open`.
        if found.kind() != kind || ObjectId::of(kind.str(), found.data()) != id {
            return Err(corrupt(id));
        }
        if !walk::is_modest(kind, found.data()) {
            return Err(walk::too_large(id, kind));
        }
        Ok(take(found.data()))
    }

    /// A commit that is not too large.
    fn find_commit(&self, commit: CommitId) -> Result<git2::Commit<'_>, Error> {
        self.object(commit, ObjectType::Commit, |_| ())?;
        self.git.find_commit(oid(commit)).map_err(|error| damaged(commit, &error))
    }
}

fn oid(id: ObjectId) -> Oid {
    Oid::from_bytes(id.as_bytes()).unwrap_or(Oid::ZERO_SHA1)
}

fn id(oid: Oid) -> ObjectId {
    ObjectId::from_slice(oid.as_bytes()).unwrap_or(ObjectId::ZERO)
}

/// libgit2 failed for a reason outside the store.
#[expect(clippy::needless_pass_by_value, reason = "the form that map_err takes")]
fn failed(error: git2::Error) -> Error {
    let hint = if error.message().contains("mandatory extension") {
        "a sparse or a split index is not supported: `git sparse-checkout disable`, `git update-index --no-split-index`"
    } else {
        "`git status` and `git fsck` in the store say more"
    };
    Error::new(Kind::System, format!("git failed: {}", error.message())).hint(hint)
}

fn damaged(id: ObjectId, error: &git2::Error) -> Error {
    let mut refusal = corrupt(id);
    if error.code() != git2::ErrorCode::NotFound {
        refusal.message = format!("object {id} of the history cannot be read: {}", error.message());
    }
    refusal
}

fn corrupt(id: ObjectId) -> Error {
    Error::new(Kind::Damaged, format!("object {id} of the history is missing or damaged"))
        .hint("`git fsck` says what else is; fetch the object from another copy of the store")
}
