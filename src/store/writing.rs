//! How a change is written, step by step.
//!
//! 1. `.git/csods/change/` is made: from here on a crash leaves something to settle (see `recover`).
//! 2. `.git/index.lock` is taken, so that no `git add`, `git commit` or `git switch` runs meanwhile. Then what the change
//!    rests on is looked at: HEAD names the same branch, which has not moved, and the files' working copies and index
//!    entries are those of the last commit. (The index was read while the change was worked out; it is read again if it
//!    is no longer that file.)
//! 3. The objects (one pack, aside), the new working files (aside), the new branch file (aside) and the journal are
//!    written and synced, all at once. Git's new index is laid out aside while the disk is waited for. A journal that
//!    is not whole was cut off here, before anything that others see was touched.
//! 4. The pack is renamed to its place, which is synced. The change is now announced, not made: a pack that nothing names
//!    yet harms nobody, while one whose bytes or name a power cut took would make git fail.
//! 5. HEAD and the branch: locked, compared, the branch renamed, both let go. **The change is now made**, for everybody who
//!    looks. The locks are held no longer than that, as `git gc` waits only 100 ms for them.
//! 6. The working files are renamed into place. While their directories and that of the branch are synced, git's index
//!    learns what it is to remember of them, is synced and renamed, and the index of the cases follows. A power cut
//!    before that may keep some of the renames and lose others: whichever way the branch then stands, the journal is
//!    there and the files are brought to it.
//! 7. The journal is emptied, and `.git/csods/change/` removed.
//!
//! A note syncs ten files and directories, in three rounds: five in step 3, one in step 4, four in step 6. The names of the
//! files in `change/` are not synced: what is needed after a power cut is the journal, whose name is always there, and the
//! new objects. The logs of the branches (`git reflog`) are not synced either, as with git: after a power cut they may
//! lack the last lines.
//!
//! A big change, of many files or many commits, is the same; instead of every file its file system is synced (see `sync`),
//! and every file is still renamed into place one by one. Where one change is many commits, they all come into history by
//! the one move of the branch.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;
use std::time::Instant;

use crate::domain::settings::Settings;
use crate::error::{Error, Kind};

use super::beneath::Dir;
use super::change::{Content, Expects, Put, Step};
use super::git::index::{Index, ReadAhead, Staged, Stat};
use super::git::pack::{Pack, Packed, let_go};
use super::git::tree::{FILE, Leaf, Rewritten};
use super::id::{CommitId, ObjectId};
use super::index_file::{GitLock, IndexFile};
use super::journal::{self, Journal, JournalFile};
use super::layout::{self, CHANGE};
use super::lock::Lock;
use super::refusals::{edited, edited_again, moved};
use super::rights::Access;
use super::sync::{self, Disks};
use super::{Author, Store, disk, fault, recover};

/// The commit that a change starts from.
#[derive(Clone, Copy)]
pub(super) struct Base {
    pub(super) commit: CommitId,
    pub(super) tree: ObjectId,
}

/// The name of the new branch file aside.
const BRANCH: &str = "branch";

/// The files of a change: as its trees have them, and as its journal has them.
type Targets<'w> = (BTreeMap<&'w str, Option<Leaf>>, Vec<JournalFile>);

/// A change about to be written.
pub(super) struct Writing<'w> {
    pub(super) store: &'w Store,
    /// `.git/csods`.
    pub(super) kept: &'w Dir,
    /// The directory of the change in it.
    pub(super) aside: &'w Dir,
    pub(super) until: Instant,
    pub(super) branch: &'w str,
    /// `None` for the first commit.
    pub(super) base: Option<Base>,
    pub(super) puts: &'w BTreeMap<String, Put>,
    /// Opened before anything of the change was written.
    pub(super) disks: &'w Disks,
    /// With which the index of the cases follows; `None`: it does not.
    pub(super) settings: Option<&'w Settings>,
    /// Git's index, where somebody is reading it already.
    pub(super) index: Cell<Option<ReadAhead>>,
}

/// The commits to be made, one after another; each is asked for when it is its turn.
pub(super) struct Steps<'s>(pub(super) &'s mut dyn Iterator<Item = Result<Step, Error>>);

/// The commits of a change, written and not yet in history.
struct Written {
    trees: Rewritten,
    commits: Vec<CommitId>,
    new: CommitId,
}

impl Writing<'_> {
    /// Runs all steps, the directory of the change being there. Where one fails, what was begun is discarded, or finished
    /// if the branch has moved already. The commit of each step; of one that changes nothing, the one before.
    pub(super) fn run(&self, lock: &Lock, author: &Author, steps: Steps<'_>) -> Result<Vec<CommitId>, Error> {
        let mut written = None;
        let done = self.write(author, steps, &mut written);
        if let Err(error) = done {
            return match (recover::settle(self.store, lock, self.until), written) {
                (Ok(Some(made)), Some(written)) if made == written.new => Ok(written.commits),
                (Ok(_), _) => Err(error),
                (Err(_), _) => Err(self.cut_off(error)),
            };
        }
        Ok(written.map(|written| written.commits).unwrap_or_default())
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

    fn write(&self, author: &Author, steps: Steps<'_>, written: &mut Option<Written>) -> Result<(), Error> {
        let repo = &self.store.repo;
        let (dir, rights) = (self.aside, self.store.rights());
        let index_file = IndexFile::take(self.store, self.kept, dir, self.until)?;
        index_file.reserve(self.puts.keys().map(String::as_str))?;
        let (leaves, files) = match self.targets() {
            Ok(targets) => targets,
            // An unfinished merge is told of before what it did to the files.
            Err(error) => {
                let found = self.index(&index_file)?.find(&[]);
                return Err(found.err().filter(|error| error.kind == Kind::Conflict).unwrap_or(error));
            }
        };

        // 3. Everything new, aside.
        let old = self.base.map_or(ObjectId::ZERO, |base| base.commit);
        let objects = repo.objects()?;
        let mut pack = Pack::begin(dir)?;
        let made = self.objects(author, steps, &leaves, &mut pack)?;
        let mut to_sync = BTreeSet::from([dir.path().join(BRANCH), self.store.journal_file()]);
        let packed = if old == made.new {
            // Nothing that history does not have.
            None
        } else {
            pack.merge_smaller(&objects)?;
            to_sync.extend(["pack", "idx"].map(|name| dir.path().join(name)));
            Some(pack.finish()?)
        };
        for (position, (path, put)) in self.puts.iter().enumerate() {
            if let Content::Here(bytes) = &put.content {
                let mode = leaves.get(path.as_str()).copied().flatten().map_or(FILE, |leaf| leaf.mode);
                let like = disk::like(rights, &self.store.root().join(path), mode)?;
                dir.fill(&waiting(position, put), bytes, like)?;
            }
            if !matches!(put.content, Content::Gone) {
                to_sync.insert(dir.path().join(waiting(position, put)));
            }
        }
        fault::point("files aside");
        let branch = format!("{}\n", made.new);
        dir.fill(BRANCH, branch.as_bytes(), rights.file(Access::Shown))?;
        fault::point("branch aside");
        let mut index = self.index(&index_file)?;
        self.unstaged(&mut index, &files)?;
        let name = packed.as_ref().map(|packed| packed.name);
        let (own, branch) = (self.kept.identity()?, self.branch.to_owned());
        Journal { dir: own, branch, old, new: made.new, pack: name, files }.announce(self.kept)?;
        fault::point("journal");
        let mut staged: Vec<Staged> = leaves
            .iter()
            .map(|(path, leaf)| Staged {
                path: (*path).to_owned(),
                file: leaf.map(|leaf| (leaf.mode, leaf.id, Stat::default())),
            })
            .collect();
        let lay_out = || index_file.lay_out(&index, &staged, &made.trees).map_err(io::Error::other);
        let (laid, synced) = sync::both(lay_out, || self.disks.sync(&to_sync));
        synced?;
        let laid = laid?;
        fault::point("first sync");

        // 4. Announced.
        if let Some(packed) = &packed {
            sync::sync(&packed.place(&objects)?)?;
            fault::point("packs synced");
        }
        let made = &*written.insert(made);

        // 5. Made.
        let mut to_sync = BTreeSet::new();
        if old != made.new {
            to_sync.extend(self.move_branch(old, made.new)?);
        }

        // 6. Shown.
        for ((position, (path, put)), new) in self.puts.iter().enumerate().zip(&mut staged) {
            let aside = new.file.map(|_| waiting(position, put));
            let aside = aside.as_deref().map(|name| (dir, name));
            let (file, changed) = disk::show(self.store.root(), rights, path, aside)?;
            to_sync.extend(changed);
            new.file = new.file.map(|(mode, id, _)| (mode, id, file));
            fault::point("working file");
        }
        let indexed = || index_file.replace(&laid, &staged).map_err(io::Error::other);
        let (indexed, synced) = sync::both(indexed, || {
            let follow = || {
                self.settings.iter().for_each(|one| self.store.index_follows(one, &made.new));
                Ok(())
            };
            let (synced, _) = sync::both(|| self.disks.sync(&to_sync), follow);
            synced
        });
        indexed.and(synced)?;
        fault::point("second sync");

        // 7. Over. The change is made and has reached the disk: what cannot be removed now, the next command removes.
        let _ = self.over(packed.as_ref(), &objects);
        Ok(())
    }

    /// Git's index as it is now.
    fn index(&self, index_file: &IndexFile) -> Result<Index, Error> {
        match self.index.take() {
            Some(ahead) => ahead.finish(),
            None => index_file.read(),
        }
    }

    fn over(&self, packed: Option<&Packed>, objects: &Dir) -> Result<(), Error> {
        if let Some(packed) = packed {
            let_go(objects, packed.name)?;
            fault::point("pack let go");
            packed.remove_merged(objects);
        }
        tidy(self.kept, self.aside)
    }

    /// Writes the objects: the contents, and for each step its trees and its commit.
    fn objects(
        &self,
        author: &Author,
        steps: Steps<'_>,
        leaves: &BTreeMap<&str, Option<Leaf>>,
        pack: &mut Pack,
    ) -> Result<Written, Error> {
        let repo = &self.store.repo;
        for put in self.puts.values() {
            let bytes = match &put.content {
                Content::Gone => continue,
                Content::Here(bytes) => Cow::Borrowed(bytes),
                Content::Aside(name, _) => Cow::Owned(self.aside.bytes(name, u64::MAX)?.unwrap_or_default()),
            };
            // What waited on the disk must still be what was put there.
            if Some(pack.add_blob(&bytes)?) != put.content.id() {
                return Err(Error::new(
                    Kind::System,
                    "a file of the change was changed while it waited; nothing was changed",
                ));
            }
        }
        fault::point("blobs");
        let mut trees = Rewritten::default();
        let (mut tree, mut commit) = (self.base.map(|base| base.tree), self.base.map(|base| base.commit));
        let mut commits = Vec::new();
        for step in steps.0 {
            let step = step?;
            let mut changed = BTreeMap::new();
            for (path, meanwhile) in &step.files {
                let leaf = leaves.get(path.as_str()).copied().flatten();
                let leaf = match meanwhile {
                    None => leaf,
                    Some(bytes) => {
                        let id = pack.add_blob(bytes)?;
                        Some(Leaf { mode: leaf.map_or(FILE, |leaf| leaf.mode), id })
                    }
                };
                changed.insert(path.as_str(), leaf);
            }
            let rewritten = repo.rewrite(pack, tree, &changed)?;
            fault::point("trees");
            let root = rewritten.after.get("").copied().unwrap_or(ObjectId::ZERO);
            trees.then(rewritten);
            if tree != Some(root) || commit.is_none() {
                commit = Some(pack.add_commit(root, commit, &step.text, author)?);
                tree = Some(root);
                fault::point("commit");
            }
            commits.extend(commit);
        }
        Ok(Written { trees, new: commit.unwrap_or(ObjectId::ZERO), commits })
    }

    /// What the change rests on: the branch where it was, no link on the way to a file, the working copy as last committed
    /// (or the edit that is taken in).
    fn targets(&self) -> Result<Targets<'_>, Error> {
        let repo = &self.store.repo;
        let base = self.base.map(|base| base.commit);
        let head = repo.head()?;
        if head.branch.as_deref() != Some(self.branch) || head.commit != base {
            return Err(moved());
        }
        let mut leaves = BTreeMap::new();
        let mut files = Vec::new();
        for (path, put) in self.puts {
            let working = layout::working(self.store.root(), path)?.map(|bytes| ObjectId::of_blob(&bytes));
            let was = repo.leaf(self.base.map(|base| base.tree), path)?;
            let old = was.map(|leaf| leaf.id);
            let seen = match put.expects {
                Expects::Head if working == old => None,
                Expects::Head => return Err(edited(path, false)),
                Expects::Edit(seen) if working != seen => return Err(edited_again(path)),
                Expects::Edit(seen) => seen,
            };
            let mode = was.map_or(FILE, |leaf| leaf.mode);
            let leaf = put.content.id().map(|id| Leaf { mode, id });
            leaves.insert(path.as_str(), leaf);
            let new = leaf.map(|leaf| leaf.id);
            files.push(JournalFile { path: path.clone(), old, new, seen });
        }
        Ok((leaves, files))
    }

    /// That the index entry of each file is as last committed, or the edit that is taken in.
    fn unstaged(&self, index: &mut Index, files: &[JournalFile]) -> Result<(), Error> {
        let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        let found = match self.base {
            Some(base) => index.find_at(&self.store.repo, base.commit, &paths)?.0,
            None => index.find(&paths)?,
        };
        for ((file, indexed), put) in files.iter().zip(found).zip(self.puts.values()) {
            let taken_in = matches!(put.expects, Expects::Edit(seen) if indexed == seen);
            if indexed != file.old && !taken_in {
                return Err(edited(&file.path, true));
            }
        }
        Ok(())
    }

    /// Moves the branch; the directories that are to be synced before the change is reported.
    fn move_branch(&self, old: CommitId, new: CommitId) -> Result<BTreeSet<PathBuf>, Error> {
        let repo = &self.store.repo;
        let (above, name) = self.branch.rsplit_once('/').unwrap_or(("refs", self.branch));
        // `a/b` of a branch `a/b/c` goes when git packs the branch: then it is made anew, and is a name to be synced too.
        let (branches, changed) = repo.common_dir().made_dirs(above)?;
        let head_lock = GitLock::take(self.kept, repo.private_dir(), "HEAD.lock", self.until)?;
        fault::point("HEAD lock");
        let lock = GitLock::take(self.kept, &branches, &format!("{name}.lock"), self.until)?;
        fault::point("branch lock");
        let head = repo.head()?;
        if head.branch.as_deref() != Some(self.branch) || head.commit.unwrap_or(ObjectId::ZERO) != old {
            return Err(moved());
        }
        self.aside.rename(BRANCH, &branches, name)?;
        fault::point("branch");
        lock.give_back()?;
        head_lock.give_back()?;
        fault::point("branch lock given back");
        repo.log_move(self.branch, old, new)?;
        fault::point("branch logs");
        Ok(changed.into_iter().chain([branches.path().to_owned()]).collect())
    }
}

/// The name under which a file of the change waits.
fn waiting(position: usize, put: &Put) -> String {
    match &put.content {
        Content::Aside(name, _) => name.clone(),
        _ => position.to_string(),
    }
}

/// Ends a change: empties its journal and removes its directory. Until the journal is empty, a crash lets the next command
/// settle the change once more.
pub(super) fn tidy(kept: &Dir, aside: &Dir) -> Result<(), Error> {
    journal::clear(kept)?;
    fault::point("journal emptied");
    remove_aside(kept, aside)
}

/// Removes the directory of a change and what is in it.
pub(super) fn remove_aside(kept: &Dir, aside: &Dir) -> Result<(), Error> {
    aside.clear()?;
    fault::point("files removed");
    kept.remove_dir(CHANGE)?;
    fault::point("change directory removed");
    Ok(())
}
