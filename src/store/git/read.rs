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
use super::{Repo, damaged, oid, pack_order};

/// Directories may lie so deep below `cases/` and the like.
pub(super) const DEEPEST: usize = 8;
/// Below so many files a second thread costs more than it saves.
const WORTH_A_THREAD: usize = 64;
/// So many files are read at a time.
const PART: usize = 512;

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
        let mut made: Vec<Option<T>> = Vec::new();
        made.resize_with(files.len(), || None);
        self.read_each(files, each, |position, one| {
            made[position] = Some(one);
            Ok::<(), Error>(())
        })?;
        Ok(made.into_iter().flatten().collect())
    }

    /// The same one after the other: `take` gets what `each` made of the files, with their positions, while the next are
    /// being read. They come in the order in which they are read quickest, the same whenever nothing was packed anew.
    /// Little is held at any time, however many files there are.
    pub fn read_each<T: Send, E: From<Error>>(
        &self,
        files: &[(String, BlobId)],
        each: impl Fn(&str, &[u8]) -> T + Sync,
        mut take: impl FnMut(usize, T) -> Result<(), E>,
    ) -> Result<(), E> {
        self.read_parts(
            files,
            Vec::new,
            |part, position, path, bytes| part.push((position, each(path, bytes))),
            |part| part.into_iter().try_for_each(|(position, one)| take(position, one)),
        )
    }

    /// The same some at a time: of each part `begin` makes something to which `add` adds a file, with its position, and
    /// `take` gets it.
    pub fn read_parts<P: Send, E: From<Error>>(
        &self,
        files: &[(String, BlobId)],
        begin: impl Fn() -> P + Sync,
        add: impl Fn(&mut P, usize, &str, &[u8]) + Sync,
        mut take: impl FnMut(P) -> Result<(), E>,
    ) -> Result<(), E> {
        if files.len() < WORTH_A_THREAD {
            let mut part = begin();
            for (position, file) in files.iter().enumerate() {
                read_one(&self.repo, file, |path, bytes| add(&mut part, position, path, bytes))?;
            }
            return take(part);
        }
        let order = pack_order::best(&self.repo.objects_dir(), files);
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let parts: Vec<&[u32]> = order.chunks((order.len() / (4 * threads)).clamp(1, PART)).collect();
        let (root, next) = (self.repo.root(), AtomicUsize::new(0));
        let reading = Reading { root, files, parts: &parts, next, begin, add };
        thread::scope(|scope| {
            let (give, read) = mpsc::sync_channel(2 * threads);
            for _ in 0..threads {
                let (give, reading) = (give.clone(), &reading);
                scope.spawn(move || reading.run(&give));
            }
            drop(give);
            let mut waiting = BTreeMap::new();
            let mut turn = 0;
            // Where this ends early the readers find nobody to give to, and end too.
            for (number, part) in read {
                waiting.insert(number, part);
                while let Some(part) = waiting.remove(&turn) {
                    take(part?)?;
                    turn += 1;
                }
            }
            if turn == parts.len() {
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

/// What was made of a part of the files, by its number.
type Part<P> = (usize, Result<P, Error>);

/// Many files being read in parts, by many threads.
struct Reading<'r, B, A> {
    root: &'r Path,
    files: &'r [(String, BlobId)],
    /// The positions of the files of each part.
    parts: &'r [&'r [u32]],
    /// The first part that nobody has begun.
    next: AtomicUsize,
    begin: B,
    add: A,
}

impl<B, A> Reading<'_, B, A> {
    /// Reads one part after the other until none is left. libgit2's handles serve one thread each.
    fn run<P>(&self, give: &mpsc::SyncSender<Part<P>>)
    where
        B: Fn() -> P,
        A: Fn(&mut P, usize, &str, &[u8]),
    {
        let repo = Repo::open(self.root);
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(part) = self.parts.get(number) else { return };
            let read = match &repo {
                Ok(repo) => self.part(repo, part),
                Err(error) => Err(error.clone()),
            };
            if give.send((number, read)).is_err() {
                return;
            }
        }
    }

    fn part<P>(&self, repo: &Repo, part: &[u32]) -> Result<P, Error>
    where
        B: Fn() -> P,
        A: Fn(&mut P, usize, &str, &[u8]),
    {
        let mut made = (self.begin)();
        for position in part.iter().map(|position| *position as usize) {
            let add = |path: &str, bytes: &[u8]| (self.add)(&mut made, position, path, bytes);
            read_one(repo, &self.files[position], add)?;
        }
        Ok(made)
    }
}

fn read_one(
    repo: &Repo,
    (path, blob): &(String, BlobId),
    take: impl FnOnce(&str, &[u8]),
) -> Result<(), Error> {
    repo.object(*blob, ObjectType::Blob, |bytes| take(path, bytes))
}

pub(super) fn foreign(path: &str) -> Error {
    Error::new(Kind::Damaged, "something was committed here that is no plain file of a store")
        .hint(format!("`git log -- {path}` shows when; remove it and commit that"))
        .place(path)
}
