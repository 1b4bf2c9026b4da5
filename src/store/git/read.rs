//! A commit's files.

use std::path::Path;
use std::rc::Rc;
use std::thread;

use git2::ObjectType;

use crate::error::{Error, Kind};
use crate::store::id::{BlobId, CommitId, ObjectId};
use crate::store::layout::{CASES, check_path};

use super::tree::{DIRECTORY, is_file};
use super::{Repo, damaged, oid};

/// Directories may lie so deep below `cases/` and the like.
const DEEPEST: usize = 8;
/// Below so many files a second thread costs more than it saves.
const WORTH_A_THREAD: usize = 64;

/// The files of one commit. What others do meanwhile does not change it.
#[derive(Clone)]
pub struct Snapshot {
    repo: Rc<Repo>,
    commit: CommitId,
    tree: ObjectId,
}

impl Snapshot {
    pub(in crate::store) fn open(repo: &Rc<Repo>, commit: CommitId) -> Result<Snapshot, Error> {
        let tree = repo.tree_of(commit)?;
        Ok(Snapshot { repo: Rc::clone(repo), commit, tree })
    }

    /// The commit itself.
    pub fn commit(&self) -> CommitId {
        self.commit
    }

    pub(in crate::store) fn tree(&self) -> ObjectId {
        self.tree
    }

    /// The id of a file's content; `None` where there is no such file. `Damaged` where a link or a submodule stands.
    pub fn blob(&self, path: &str) -> Result<Option<BlobId>, Error> {
        check_path(path)?;
        Ok(self.repo.leaf(Some(self.tree), path)?.map(|leaf| leaf.id))
    }

    /// The bytes of a file; `None` where there is no such file. `Damaged` where a link or a submodule stands.
    pub fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        match self.blob(path)? {
            Some(id) => self.read_blob(id).map(Some),
            None => Ok(None),
        }
    }

    /// The bytes of a file by the id of its content.
    pub fn read_blob(&self, blob: BlobId) -> Result<Vec<u8>, Error> {
        self.repo.blob(blob)
    }

    /// Every file below `cases/`, with the id of its content, ordered by path. `Damaged` where anything else stands
    /// there: a shorter list would be a wrong one.
    pub fn case_paths(&self) -> Result<Vec<(String, BlobId)>, Error> {
        self.paths_below(CASES)
    }

    /// The same for the files below another folder.
    pub fn paths_below(&self, folder: &str) -> Result<Vec<(String, BlobId)>, Error> {
        let mut found = Vec::new();
        if let Some(line) = self.repo.lookup(self.tree, folder)? {
            if line.mode != DIRECTORY {
                return Err(foreign(folder));
            }
            self.collect(line.id, folder, DEEPEST, &mut found)?;
        }
        Ok(found)
    }

    fn collect(
        &self,
        tree: ObjectId,
        dir: &str,
        deep: usize,
        found: &mut Vec<(String, BlobId)>,
    ) -> Result<(), Error> {
        for line in self.repo.tree(tree)? {
            let Ok(name) = std::str::from_utf8(&line.name) else {
                return Err(foreign(dir));
            };
            let path = format!("{dir}/{name}");
            if line.mode == DIRECTORY && deep > 0 {
                self.collect(line.id, &path, deep - 1, found)?;
            } else if is_file(line.mode) && check_path(&path).is_ok() {
                found.push((path, line.id));
            } else {
                return Err(foreign(&path));
            }
        }
        Ok(())
    }

    /// The names in a directory (`""` is the root), files and directories alike; none where there is no such directory.
    pub fn names_in(&self, dir: &str) -> Result<Vec<String>, Error> {
        let tree = if dir.is_empty() {
            self.tree
        } else {
            check_path(dir)?;
            match self.repo.lookup(self.tree, dir)? {
                Some(line) if line.mode == DIRECTORY => line.id,
                Some(_) => return Err(foreign(dir)),
                None => return Ok(Vec::new()),
            }
        };
        let name = |line: super::tree::Line| String::from_utf8(line.name).map_err(|_| foreign(dir));
        self.repo.tree(tree)?.into_iter().map(name).collect()
    }

    /// Reads many files, as [`Snapshot::case_paths`] names them, on all processors; what `each` makes of them comes
    /// back in their order.
    pub fn read_many<T: Send>(
        &self,
        files: &[(String, BlobId)],
        each: impl Fn(&str, &[u8]) -> T + Sync,
    ) -> Result<Vec<T>, Error> {
        let threads = if files.len() < WORTH_A_THREAD {
            1
        } else {
            thread::available_parallelism().map_or(1, usize::from)
        };
        if threads == 1 {
            return read_part(&self.repo, files, &each);
        }
        let (root, each) = (self.repo.root(), &each);
        let parts = thread::scope(|scope| {
            let parts: Vec<_> = files
                .chunks(files.len().div_ceil(threads))
                .map(|part| scope.spawn(move || read_apart(root, part, each)))
                .collect();
            let joined = |part: thread::ScopedJoinHandle<'_, Result<Vec<T>, Error>>| {
                part.join().unwrap_or_else(|_| Err(Error::new(Kind::Internal, "a reader ended early")))
            };
            parts.into_iter().map(joined).collect::<Result<Vec<_>, _>>()
        })?;
        Ok(parts.into_iter().flatten().collect())
    }
}

impl Repo {
    /// The tree of a commit.
    pub(in crate::store) fn tree_of(&self, commit: CommitId) -> Result<ObjectId, Error> {
        let found = self.git.find_commit(oid(commit)).map_err(|error| damaged(commit, &error))?;
        Ok(super::id(found.tree_id()))
    }
}

/// libgit2's handles serve one thread each.
fn read_apart<T>(
    root: &Path,
    files: &[(String, BlobId)],
    each: &impl Fn(&str, &[u8]) -> T,
) -> Result<Vec<T>, Error> {
    read_part(&Repo::open(root)?, files, each)
}

fn read_part<T>(
    repo: &Repo,
    files: &[(String, BlobId)],
    each: &impl Fn(&str, &[u8]) -> T,
) -> Result<Vec<T>, Error> {
    files.iter().map(|(path, blob)| repo.object(*blob, ObjectType::Blob, |bytes| each(path, bytes))).collect()
}

fn foreign(path: &str) -> Error {
    Error::new(Kind::Damaged, "something was committed here that is no plain file of a store")
        .hint(format!("`git log -- {path}` shows when; remove it and commit that"))
        .place(path)
}
