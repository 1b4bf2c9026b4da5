//! A commit's files.

use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use git2::ObjectType;

use crate::error::{Error, Kind};
use crate::store::id::{BlobId, CommitId, ObjectId};
use crate::store::layout::{CASES, check_path};

use super::tree::{DIRECTORY, is_file};
use super::{Repo, damaged, oid};

/// Directories may lie so deep below `cases/` and the like.
pub(super) const DEEPEST: usize = 8;
/// Below so many files a second thread costs more than it saves.
const WORTH_A_THREAD: usize = 64;
/// So many files are read at a time.
const PART: usize = 128;

/// The files of one commit. What others do meanwhile does not change it.
#[derive(Clone)]
pub struct Snapshot {
    pub(super) repo: Rc<Repo>,
    commit: CommitId,
    pub(super) tree: ObjectId,
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
        let mut made = Vec::with_capacity(files.len());
        self.read_each(files, each, |one| {
            made.push(one);
            Ok::<(), Error>(())
        })?;
        Ok(made)
    }

    /// The same one after the other: `take` gets what `each` made of the files, in their order, while the next are
    /// being read. Little is held at any time, however many files there are.
    pub fn read_each<T: Send, E: From<Error>>(
        &self,
        files: &[(String, BlobId)],
        each: impl Fn(&str, &[u8]) -> T + Sync,
        mut take: impl FnMut(T) -> Result<(), E>,
    ) -> Result<(), E> {
        let threads = if files.len() < WORTH_A_THREAD {
            1
        } else {
            thread::available_parallelism().map_or(1, usize::from)
        };
        if threads == 1 {
            return files.chunks(PART).try_for_each(|part| {
                read_part(&self.repo, part, &each)?.into_iter().try_for_each(&mut take)
            });
        }
        let (root, each, next) = (self.repo.root(), &each, &AtomicUsize::new(0));
        thread::scope(|scope| {
            let (give, parts) = mpsc::sync_channel(2 * threads);
            for _ in 0..threads {
                let give = give.clone();
                scope.spawn(move || read_apart(root, files, next, each, &give));
            }
            drop(give);
            let mut waiting = BTreeMap::new();
            let mut turn = 0;
            // Where this ends early the readers find nobody to give to, and end too.
            for (number, part) in parts {
                waiting.insert(number, part);
                while let Some(part) = waiting.remove(&turn) {
                    part?.into_iter().try_for_each(&mut take)?;
                    turn += 1;
                }
            }
            if turn == files.len().div_ceil(PART) {
                Ok(())
            } else {
                Err(Error::new(Kind::Internal, "a reader ended early").into())
            }
        })
    }
}

impl Repo {
    /// The tree of a commit.
    pub(in crate::store) fn tree_of(&self, commit: CommitId) -> Result<ObjectId, Error> {
        let found = self.git.find_commit(oid(commit)).map_err(|error| damaged(commit, &error))?;
        Ok(super::id(found.tree_id()))
    }
}

/// A part of the files, by its number.
type Part<T> = (usize, Result<Vec<T>, Error>);

/// Reads one part after the other until none is left. libgit2's handles serve one thread each.
fn read_apart<T>(
    root: &Path,
    files: &[(String, BlobId)],
    next: &AtomicUsize,
    each: &impl Fn(&str, &[u8]) -> T,
    give: &mpsc::SyncSender<Part<T>>,
) {
    let repo = Repo::open(root);
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let Some(part) = files.chunks(PART).nth(number) else { return };
        let read = match &repo {
            Ok(repo) => read_part(repo, part, each),
            Err(error) => Err(error.clone()),
        };
        if give.send((number, read)).is_err() {
            return;
        }
    }
}

fn read_part<T>(
    repo: &Repo,
    files: &[(String, BlobId)],
    each: &impl Fn(&str, &[u8]) -> T,
) -> Result<Vec<T>, Error> {
    files.iter().map(|(path, blob)| repo.object(*blob, ObjectType::Blob, |bytes| each(path, bytes))).collect()
}

pub(super) fn foreign(path: &str) -> Error {
    Error::new(Kind::Damaged, "something was committed here that is no plain file of a store")
        .hint(format!("`git log -- {path}` shows when; remove it and commit that"))
        .place(path)
}
