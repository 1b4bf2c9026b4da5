//! A commit's files.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use git2::ObjectType;

use crate::error::{Error, Kind};
use crate::store::id::{BlobId, CommitId, ObjectId};
use crate::store::layout::{CASES, check_path};

use super::tree::DIRECTORY;
use super::walk::{Met, Walk, foreign};
use super::{Repo, pack_order};

/// The most names that a directory of templates or calendars may hold.
const MOST_NAMES: usize = 1000;
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
    committed_at: i64,
}

/// Files by their paths, in the order of the paths, with the ids of their contents.
pub type Files = Vec<(String, BlobId)>;

/// What was committed below a folder.
#[derive(Debug, Default)]
pub struct Entries {
    /// The files of the store.
    pub files: Files,
    /// An error for each thing that does not belong there or cannot be read, a thousand at most. It is left out, with all
    /// below it.
    pub foreign: Vec<Error>,
    /// An error for each file that tells git something, such as `.gitattributes`. It is no case, and keeps none from being
    /// read.
    pub for_git: Vec<Error>,
}

impl Snapshot {
    pub(in crate::store) fn open(repo: &Rc<Repo>, commit: CommitId) -> Result<Snapshot, Error> {
        let (tree, committed_at) = repo.tree_and_time(commit)?;
        Ok(Snapshot { repo: Rc::clone(repo), commit, tree, committed_at })
    }

    /// The commit itself.
    pub fn commit(&self) -> CommitId {
        self.commit
    }

    /// When the commit was made, in seconds since 1970.
    pub fn committed_at(&self) -> i64 {
        self.committed_at
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
        let found = self.entries_below(folder)?;
        found.foreign.into_iter().next().map_or(Ok(found.files), Err)
    }

    /// The files below a folder, and everything else that was committed there.
    pub fn entries_below(&self, folder: &str) -> Result<Entries, Error> {
        let mut found = Entries::default();
        if let Some(line) = self.repo.lookup(self.tree, folder)? {
            match line.mode {
                DIRECTORY => self.collect(line.id, (folder, 0), &mut Walk::through(folder), &mut found)?,
                _ => found.foreign.push(foreign(folder)),
            }
        }
        Ok(found)
    }

    fn collect(
        &self,
        tree: ObjectId,
        (dir, below): (&str, usize),
        walk: &mut Walk,
        found: &mut Entries,
    ) -> Result<(), Error> {
        let lines = match self.repo.tree(tree) {
            Ok(lines) => lines,
            Err(error) => {
                found.foreign.push(error.place(dir));
                return Ok(());
            }
        };
        for line in lines {
            walk.goes_on(dir)?;
            match walk.meet(dir, below, &line) {
                Ok(Met::Directory(path)) => self.collect(line.id, (&path, below + 1), walk, found)?,
                Ok(Met::File(path)) => found.files.push((path, line.id)),
                Ok(Met::ForGit(path)) if found.for_git.len() < MOST_NAMES => {
                    found.for_git.push(foreign(&path));
                }
                Err(error) if found.foreign.len() < MOST_NAMES => found.foreign.push(error),
                // A damaged store may have any number of them.
                Ok(Met::ForGit(_)) | Err(_) => {}
            }
        }
        Ok(())
    }

    /// The names of the files in those directories of the cases that `wanted` is true of, by the names of both of their
    /// steps: the year and the first character. What stands elsewhere is not looked at.
    pub fn case_names(&self, wanted: impl Fn(&str, &str) -> bool) -> Result<Vec<String>, Error> {
        let mut names = Vec::new();
        let mut walk = Walk::through(CASES);
        for (year, year_tree) in self.directories(self.cases_tree()?)? {
            for (first, tree) in self.directories(Some(year_tree))?.iter().filter(|it| wanted(&year, &it.0)) {
                let dir = format!("{CASES}/{year}/{first}");
                for line in self.repo.tree(*tree)? {
                    walk.goes_on(&dir)?;
                    if let Ok(Met::File(_)) = walk.meet(&dir, 2, &line) {
                        names.push(String::from_utf8_lossy(&line.name).into_owned());
                    }
                }
            }
        }
        Ok(names)
    }

    /// The directories in a directory, each once.
    fn directories(&self, tree: Option<ObjectId>) -> Result<Vec<(String, ObjectId)>, Error> {
        let mut lines = tree.map_or(Ok(Vec::new()), |tree| self.repo.tree(tree))?;
        let mut seen = HashSet::new();
        lines.retain(|line| line.mode == DIRECTORY && seen.insert(line.id));
        let named = lines.into_iter().filter_map(|line| Some((String::from_utf8(line.name).ok()?, line.id)));
        Ok(named.collect())
    }

    /// The names in a directory (`""` is the root), files and directories alike; none where there is no such directory.
    /// `Damaged` where there are more than a thousand.
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
        let lines = self.repo.tree(tree)?;
        if lines.len() > MOST_NAMES {
            return Err(foreign(dir));
        }
        lines.into_iter().map(|line| String::from_utf8(line.name).map_err(|_| foreign(dir))).collect()
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
        take: impl FnMut(usize, T) -> Result<(), E>,
    ) -> Result<(), E> {
        self.read_gathering(files, || (), |(), _, path, bytes| each(path, bytes), |()| (), take)?;
        Ok(())
    }

    /// The same; besides, every reader gathers something, and all that they gathered comes back. `begin` begins it; `each`
    /// may add to it, and gets with each file its number, from one, in the order in which `take` gets them; `end` makes of
    /// it what comes back, where the reader runs.
    pub fn read_gathering<G, R: Send, T: Send, E: From<Error>>(
        &self,
        files: &[(String, BlobId)],
        begin: impl Fn() -> G + Sync,
        each: impl Fn(&mut G, u32, &str, &[u8]) -> T + Sync,
        end: impl Fn(G) -> R + Sync,
        mut take: impl FnMut(usize, T) -> Result<(), E>,
    ) -> Result<Vec<R>, E> {
        if files.len() < WORTH_A_THREAD {
            let order: Vec<u32> = (0..).take(files.len()).collect();
            return self.read_alone(files, &order, (begin, each, end), take);
        }
        let order = pack_order::best(&self.repo.objects_dir(), files);
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let size = (order.len() / (4 * threads)).clamp(1, PART);
        let (root, next) = (self.repo.root(), AtomicUsize::new(0));
        let reading = Reading { root, files, order: &order, size, next, begin, each, end };
        thread::scope(|scope| {
            let (give, read) = mpsc::sync_channel(2 * threads);
            let reader = |_| {
                let (give, reading) = (give.clone(), &reading);
                thread::Builder::new().spawn_scoped(scope, move || reading.run(&give)).ok()
            };
            let readers: Vec<_> = (0..threads).map_while(reader).collect();
            drop(give);
            if readers.is_empty() {
                let Reading { begin, each, end, .. } = &reading;
                return self.read_alone(files, &order, (begin, each, end), take);
            }
            let mut waiting = BTreeMap::new();
            let mut parts = order.chunks(size).enumerate().peekable();
            // Where this ends early the readers find nobody to give to, and end too.
            for (number, part) in read {
                waiting.insert(number, part);
                while let Some((turn, positions)) = parts.peek()
                    && let Some(part) = waiting.remove(turn)
                {
                    for (position, one) in positions.iter().zip(part?) {
                        take(*position as usize, one)?;
                    }
                    parts.next();
                }
            }
            let gathered: Option<Vec<R>> =
                readers.into_iter().map(|reader| reader.join().ok().flatten()).collect();
            match gathered {
                Some(gathered) if parts.next().is_none() => Ok(gathered),
                _ => Err(Error::new(Kind::Internal, "a reader ended early").into()),
            }
        })
    }

    /// The same on this thread alone, in this order.
    fn read_alone<G, R, T, E: From<Error>>(
        &self,
        files: &[(String, BlobId)],
        order: &[u32],
        (begin, each, end): (impl Fn() -> G, impl Fn(&mut G, u32, &str, &[u8]) -> T, impl Fn(G) -> R),
        mut take: impl FnMut(usize, T) -> Result<(), E>,
    ) -> Result<Vec<R>, E> {
        let mut gathered = begin();
        for (position, number) in order.iter().zip(1..) {
            let file = &files[*position as usize];
            let one = read_one(&self.repo, file, |path, bytes| each(&mut gathered, number, path, bytes))?;
            take(*position as usize, one)?;
        }
        Ok(vec![end(gathered)])
    }
}

impl Repo {
    /// The tree of a commit.
    pub(in crate::store) fn tree_of(&self, commit: CommitId) -> Result<ObjectId, Error> {
        Ok(self.commit(commit)?.tree)
    }

    /// The tree of a commit, and when it was made, in seconds since 1970.
    fn tree_and_time(&self, commit: CommitId) -> Result<(ObjectId, i64), Error> {
        let found = self.commit(commit)?;
        Ok((found.tree, found.committer.at_unix))
    }
}

/// What was made of the files of a part, by the number of the part.
type Part<T> = (usize, Result<Vec<T>, Error>);

/// Many files being read in parts, by many threads.
struct Reading<'r, B, A, F> {
    root: &'r Path,
    files: &'r [(String, BlobId)],
    /// The positions of the files, as they are read.
    order: &'r [u32],
    /// How many files a part has.
    size: usize,
    /// The first part that nobody has begun.
    next: AtomicUsize,
    begin: B,
    each: A,
    end: F,
}

impl<B, A, F> Reading<'_, B, A, F> {
    /// Reads one part after the other until none is left, and ends what it gathered; `None` where nobody wants any more.
    /// libgit2's handles serve one thread each.
    fn run<G, R, T>(&self, give: &mpsc::SyncSender<Part<T>>) -> Option<R>
    where
        B: Fn() -> G,
        A: Fn(&mut G, u32, &str, &[u8]) -> T,
        F: Fn(G) -> R,
    {
        let repo = Repo::open(self.root);
        let mut gathered = (self.begin)();
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(part) = self.order.chunks(self.size).nth(number) else {
                return Some((self.end)(gathered));
            };
            let first = (number * self.size) as u32 + 1;
            let read = match &repo {
                Ok(repo) => self.part(repo, first, part, &mut gathered),
                Err(error) => Err(error.clone()),
            };
            give.send((number, read)).ok()?;
        }
    }

    fn part<G, T>(&self, repo: &Repo, first: u32, part: &[u32], gathered: &mut G) -> Result<Vec<T>, Error>
    where
        A: Fn(&mut G, u32, &str, &[u8]) -> T,
    {
        let mut made = Vec::with_capacity(part.len());
        for (position, number) in part.iter().zip(first..) {
            let file = &self.files[*position as usize];
            made.push(read_one(repo, file, |path, bytes| (self.each)(gathered, number, path, bytes))?);
        }
        Ok(made)
    }
}

fn read_one<T>(
    repo: &Repo,
    (path, blob): &(String, BlobId),
    take: impl FnOnce(&str, &[u8]) -> T,
) -> Result<T, Error> {
    repo.object(*blob, ObjectType::Blob, |bytes| take(path, bytes))
}
