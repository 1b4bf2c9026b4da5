//! How a change is written, step by step.
//!
//! 1. `.git/csods/change/` is made: from here on a crash leaves something to settle (see `recover`).
//! 2. `.git/index.lock` is taken, so that no `git add` or `git commit` runs meanwhile; then what the change rests on is
//!    looked at: the branch has not moved, the files' working copies and index entries are those of the last commit.
//! 3. The objects, the new working files (aside), the new branch file (aside) and the journal are written and synced,
//!    all at once: a journaling file system serves them with one or two writes of its own. The change is now announced,
//!    not made. A journal that is not whole was cut off here, before anything that others see was touched.
//! 4. The branch: locked, compared, renamed. **The change is now made**, for everybody who looks.
//! 5. The working files are renamed into place. While the directories of all that was renamed are synced, the index is
//!    brought up to date. A power cut before that may keep some of the renames and lose others: whichever way the branch
//!    then stands, the journal is there and the files are brought to it.
//! 6. `.git/csods/change/` is removed.
//!
//! Locks are taken by hard-linking a file of `change/` to git's name for the lock: that fails where the lock exists,
//! and a lock that a crash left is known to be ours by being the same file.
//!
//! The index is not synced, as git does not: after a power cut it may be the old one, which `git reset` puts right.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{Error, Kind};

use super::change::{Expects, Put};
use super::git::index::{Index, Staged, Stat, Unchanged};
use super::git::tree::{FILE, Leaf, Rewritten};
use super::id::{CommitId, ObjectId};
use super::journal::{Journal, JournalFile};
use super::lock::Lock;
use super::{Author, CommitText, Store, disk, fault, layout, recover};

/// How often git's own locks are tried again.
const TRY_AGAIN: Duration = Duration::from_millis(10);

/// The commit that a change starts from.
#[derive(Clone, Copy)]
pub(super) struct Base {
    pub(super) commit: CommitId,
    pub(super) tree: ObjectId,
}

/// The files of a change: as its trees have them, and as its journal has them.
type Targets<'w> = (BTreeMap<&'w str, Option<Leaf>>, Vec<JournalFile>);

/// A change about to be written.
pub(super) struct Writing<'w> {
    pub(super) store: &'w Store,
    pub(super) until: Instant,
    pub(super) branch: &'w str,
    /// `None` for the first commit.
    pub(super) base: Option<Base>,
    pub(super) puts: &'w BTreeMap<String, Put>,
}

impl Writing<'_> {
    /// Runs all steps. Where one fails, what was begun is discarded, or finished if the branch has moved already.
    pub(super) fn run(&self, lock: &Lock, text: &CommitText, author: &Author) -> Result<CommitId, Error> {
        fs::create_dir(self.store.change_dir())?;
        fault::point("change directory");
        let done = self.write(text, author);
        if let Err(error) = done {
            return match recover::settle(self.store, lock, self.until) {
                Ok(Some(made)) => Ok(made),
                Ok(None) => Err(error),
                Err(_) => Err(self.cut_off(error)),
            };
        }
        done
    }

    /// The error of a change that could be neither finished nor discarded now: whether it was made is for the branch to
    /// say, which nobody else moves meanwhile.
    fn cut_off(&self, error: Error) -> Error {
        let what = match self.store.repo.branch(self.branch) {
            Ok(now) if now == self.base.map(|base| base.commit) => "nothing was changed",
            Ok(_) => {
                "the change was made all the same, and the next command finishes it: do not make it again"
            }
            Err(_) => "`csods log` says whether the change was made",
        };
        Error { message: format!("{}; {what}", error.message), ..error }
    }

    fn write(&self, text: &CommitText, author: &Author) -> Result<CommitId, Error> {
        let repo = &self.store.repo;
        let dir = self.store.change_dir();
        let index_file = IndexFile::take(self.store, self.until)?;
        let mut index = Index::read(&index_file.index)?;
        let (leaves, files) = self.targets(&mut index)?;

        // 3. Everything new, aside.
        let mut to_sync = BTreeSet::from([repo.objects_dir(), dir.clone(), repo.private().to_owned()]);
        let mut objects: Vec<ObjectId> = Vec::new();
        for bytes in self.puts.values().filter_map(|put| put.bytes.as_ref()) {
            objects.push(repo.write_blob(bytes)?);
        }
        fault::point("blobs");
        let trees = repo.rewrite(self.base.map(|base| base.tree), &leaves)?;
        objects.extend(trees.after.values());
        fault::point("trees");
        let root = trees.after.get("").copied().unwrap_or(ObjectId::ZERO);
        let (old, new) = match self.base {
            Some(base) if base.tree == root => (base.commit, base.commit),
            base => {
                let parent = base.map(|base| base.commit);
                let new = repo.write_commit(root, parent, text, author)?;
                objects.push(new);
                (parent.unwrap_or(ObjectId::ZERO), new)
            }
        };
        fault::point("commit");
        for (file, fan) in objects.into_iter().filter_map(|id| repo.loose_object(id)) {
            to_sync.extend([file, fan]);
        }
        for (position, (path, put)) in self.puts.iter().enumerate() {
            if let Some(bytes) = &put.bytes {
                let aside = dir.join(position.to_string());
                let mode = leaves.get(path.as_str()).copied().flatten().map_or(FILE, |leaf| leaf.mode);
                let like = disk::like(&self.store.root().join(path), mode)?;
                disk::fill(&aside, bytes, like)?;
                to_sync.insert(aside);
            }
        }
        fault::point("files aside");
        disk::fill(&dir.join("branch"), format!("{new}\n").as_bytes(), None)?;
        fault::point("branch aside");
        let journal = Journal { branch: self.branch.to_owned(), old, new, files };
        disk::fill(&dir.join("journal"), journal.write().as_bytes(), None)?;
        to_sync.extend([dir.join("branch"), dir.join("journal"), self.store.private()]);
        fault::point("journal");
        disk::sync(&to_sync)?;
        fault::point("first sync");

        // 4. Made.
        let mut to_sync = BTreeSet::new();
        if old != new {
            to_sync.extend(self.move_branch(old, new)?);
        }

        // 5. Shown.
        let mut staged = Vec::new();
        for (position, (path, put)) in self.puts.iter().enumerate() {
            let aside = dir.join(position.to_string());
            let leaf = leaves.get(path.as_str()).copied().flatten();
            let (file, changed) =
                show(self.store.root(), path, put.bytes.is_some().then_some(aside.as_path()))?;
            to_sync.extend(changed);
            staged.push(Staged { path: path.clone(), file: leaf.map(|leaf| (leaf.mode, leaf.id, file)) });
            fault::point("working file");
        }
        thread::scope(|scope| {
            let synced = scope.spawn(|| disk::sync(&to_sync));
            index_file.replace(self.store, &index, &staged, &trees)?;
            synced.join().unwrap_or_else(|_| Err(io::Error::other("a sync did not end"))).map_err(Error::from)
        })?;
        fault::point("second sync");

        // 6. Over. The change is made and has reached the disk: what cannot be removed now, the next command removes.
        let _ = tidy(&dir);
        Ok(new)
    }

    /// What the change rests on: the branch where it was, no link on the way to a file, working copy and index entry
    /// as last committed (or the edit that is taken in).
    fn targets(&self, index: &mut Index) -> Result<Targets<'_>, Error> {
        let repo = &self.store.repo;
        let base = self.base.map(|base| base.commit);
        if repo.branch(self.branch)? != base {
            return Err(moved());
        }
        let paths: Vec<&str> = self.puts.keys().map(String::as_str).collect();
        let mut leaves = BTreeMap::new();
        let mut files = Vec::new();
        for ((path, put), indexed) in self.puts.iter().zip(index.find(&paths)?) {
            let working = layout::working(self.store.root(), path)?.map(|bytes| ObjectId::of_blob(&bytes));
            let was = repo.leaf(self.base.map(|base| base.tree), path)?;
            let old = was.map(|leaf| leaf.id);
            let seen = match put.expects {
                Expects::Head if working == old && indexed == old => None,
                Expects::Head => return Err(edited(path, working == old)),
                Expects::Edit(seen) if working != seen => return Err(edited_again(path)),
                Expects::Edit(seen) if indexed != old && indexed != seen => return Err(edited(path, true)),
                Expects::Edit(seen) => seen,
            };
            let mode = was.map_or(FILE, |leaf| leaf.mode);
            let leaf = put.bytes.as_ref().map(|bytes| Leaf { mode, id: ObjectId::of_blob(bytes) });
            leaves.insert(path.as_str(), leaf);
            let new = leaf.map(|leaf| leaf.id);
            files.push(JournalFile { path: path.clone(), old, new, seen });
        }
        Ok((leaves, files))
    }

    /// Moves the branch; what is to be synced before the change is reported.
    fn move_branch(&self, old: CommitId, new: CommitId) -> Result<Vec<PathBuf>, Error> {
        let repo = &self.store.repo;
        let (branch, lock) = repo.branch_files(self.branch);
        let dir = branch.parent().unwrap_or(repo.common());
        fs::create_dir_all(dir)?;
        // `a/b` of a branch `a/b/c` goes when git packs the branch: then it is made anew, and is a name to be synced too.
        let dirs = dir.ancestors().take_while(|dir| *dir != repo.common()).map(Path::to_owned);
        take_lock(&self.store.change_dir().join("branch"), &lock, self.until)?;
        fault::point("branch lock");
        if repo.branch(self.branch)?.unwrap_or(ObjectId::ZERO) != old {
            return Err(moved());
        }
        fs::rename(&lock, &branch)?;
        fault::point("branch");
        let logs = repo.log_move(self.branch, old, new)?;
        fault::point("branch logs");
        Ok(logs.into_iter().chain(dirs).collect())
    }
}

/// Git's index and the lock on it.
pub(super) struct IndexFile {
    ours: File,
    pub(super) index: PathBuf,
    lock: PathBuf,
}

impl IndexFile {
    /// Takes git's lock on the index.
    pub(super) fn take(store: &Store, until: Instant) -> Result<IndexFile, Error> {
        let aside = store.change_dir().join("index");
        disk::remove(&aside)?;
        let ours = OpenOptions::new().write(true).create_new(true).open(&aside)?;
        let index = store.repo.private().join("index");
        let lock = store.repo.private().join("index.lock");
        fault::point("index aside");
        take_lock(&aside, &lock, until)?;
        fault::point("index lock");
        Ok(IndexFile { ours, index, lock })
    }

    /// Gives the lock back and leaves the index as it is.
    pub(super) fn release(self) -> Result<(), Error> {
        Ok(fs::remove_file(&self.lock)?)
    }

    /// Replaces the index by `index` with these entries changed, and so gives the lock back.
    pub(super) fn replace(
        self,
        store: &Store,
        index: &Index,
        staged: &[Staged],
        trees: &Rewritten,
    ) -> Result<(), Error> {
        let unchanged = Unchanged::below(store.root(), &self.ours.metadata()?);
        let hashed = store.repo.flag("index.skiphash") != Some(true);
        index.write(&self.ours, staged, trees, &unchanged, hashed)?;
        fault::point("index written");
        fs::rename(&self.lock, &self.index)?;
        fault::point("index");
        Ok(())
    }
}

/// Takes one of git's locks with a file of our own.
fn take_lock(ours: &Path, lock: &Path, until: Instant) -> Result<(), Error> {
    loop {
        match fs::hard_link(ours, lock) {
            Ok(()) => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                if Instant::now() >= until {
                    let name = lock.file_name().unwrap_or_default().display();
                    return Err(Error::new(Kind::Busy, format!("git holds the store: {name} exists")).hint(format!(
                        "try again when it has finished; if no git runs, a crashed one left {}: remove that file",
                        lock.display()
                    )));
                }
                thread::sleep(TRY_AGAIN);
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Brings a working file from aside to its place, or removes it. Returns what git is to remember of it, and the
/// directories whose list of names changed.
pub(super) fn show(
    root: &Path,
    path: &str,
    aside: Option<&Path>,
) -> Result<(Stat, BTreeSet<PathBuf>), Error> {
    let place = layout::place(root, path)?;
    let Some(aside) = aside else {
        disk::remove(&place)?;
        let mut changed = BTreeSet::new();
        // Git keeps no empty directories; neither does a store.
        for dir in layout::above(path).skip(1).collect::<Vec<_>>().into_iter().rev() {
            if fs::remove_dir(root.join(dir)).is_err() {
                changed.extend(layout::at(&root.join(dir))?.map(|_| root.join(dir)));
                break;
            }
        }
        changed.insert(root.to_owned());
        return Ok((Stat::default(), changed));
    };
    let changed = disk::make_above(root, path)?;
    let file = File::open(aside)?;
    let before = file.metadata()?;
    fs::rename(aside, &place)?;
    let after = file.metadata()?;
    // The rename changes one of the file's times, so git must know the file as it is after it. But if somebody wrote to
    // the file in between, git must not take that for what was committed.
    let untouched = (before.modified()?, before.len()) == (after.modified()?, after.len());
    Ok((if untouched { Stat::of(&after) } else { Stat::default() }, changed))
}

/// Removes the directory of a change, its journal last.
pub(super) fn tidy(dir: &Path) -> Result<(), Error> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_name() != "journal" {
            fs::remove_file(entry.path())?;
        }
    }
    fault::point("files removed");
    disk::remove(&dir.join("journal"))?;
    fault::point("journal removed");
    fs::remove_dir(dir)?;
    fault::point("change directory removed");
    Ok(())
}

fn moved() -> Error {
    Error::new(Kind::Conflict, "the store's branch was moved by git meanwhile; nothing was changed")
        .hint("run the command again")
}

fn edited(path: &str, staged: bool) -> Error {
    let (what, undo) =
        if staged { ("edited by hand and staged", " --staged --worktree") } else { ("edited by hand", "") };
    Error::new(Kind::Damaged, format!("the file was {what} since the last commit; nothing was changed"))
        .hint(format!("`csods commit` takes the edit in, `git restore{undo} {path}` drops it"))
        .place(path)
}

fn edited_again(path: &str) -> Error {
    Error::new(Kind::Conflict, "the file was edited again while it was checked; nothing was changed")
        .hint("run the command again when the editor is closed")
        .place(path)
}
