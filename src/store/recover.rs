//! What is done about a change that a crash cut off.
//!
//! Whoever holds the store's lock knows that nobody is changing the store; if `.git/csods/change/` exists then, its
//! owner has died. Git's locks that are the same file as one in there are its own and are removed; any other lock is
//! somebody else's and is left. Without a whole journal nothing that others see was touched. With one, HEAD says whether the
//! change was made, and each of its files, in the work tree and in the index, is brought to what HEAD has, provided that
//! what it holds now is something the change itself put or found there. Settling twice does no harm.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Instant;

use crate::error::{Error, Kind};

use super::git::index::{Index, Staged, Stat};
use super::git::tree::{FILE, Leaf, Rewritten};
use super::id::{CommitId, ObjectId};
use super::journal::{Journal, JournalFile};
use super::lock::Lock;
use super::writing::{IndexFile, show, tidy};
use super::{Store, disk, fault, layout};

/// Settles, where there is something to settle and nobody is at work. Where that cannot be done now (git is running, the
/// disk is full or may only be read), it is left to the next change: what HEAD says is right at every moment.
pub(super) fn if_needed(store: &Store) -> Result<(), Error> {
    if layout::at(&store.change_dir())?.is_none() {
        return Ok(());
    }
    let settled = match Lock::try_take(&store.lock_file(), "csods finishes a change that was cut off") {
        Ok(Some(lock)) => settle(store, &lock, Instant::now()).map(|_| ()),
        Ok(None) => Ok(()),
        Err(error) => Err(error),
    };
    match settled {
        Err(error) if error.kind == Kind::Damaged => Err(error),
        _ => Ok(()),
    }
}

/// Settles, the store's lock being held. Returns the commit where the change was found to be made.
pub(super) fn settle(store: &Store, _held: &Lock, until: Instant) -> Result<Option<CommitId>, Error> {
    let dir = store.change_dir();
    if layout::at(&dir)?.is_none() {
        return Ok(None);
    }
    remove_own(&dir.join("index"), &store.repo.private().join("index.lock"))?;
    fault::point("own index lock removed");
    let journal = match fs::read_to_string(dir.join("journal")) {
        // One that is not whole announced nothing.
        Ok(text) => Journal::read(&text),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidData) => None,
        Err(error) => return Err(error.into()),
    };
    let made = match &journal {
        Some(journal) => finish(store, journal, until)?,
        None => None,
    };
    tidy(&dir)?;
    Ok(made)
}

fn finish(store: &Store, journal: &Journal, until: Instant) -> Result<Option<CommitId>, Error> {
    let repo = &store.repo;
    let (branch, lock) = repo.branch_files(&journal.branch);
    remove_own(&store.change_dir().join("branch"), &lock)?;
    fault::point("own branch lock removed");
    let made = journal.old != journal.new && repo.branch(&journal.branch)? == Some(journal.new);
    if made {
        let logs = repo.log_move(&journal.branch, journal.old, journal.new)?;
        let dir = branch.parent().map(Path::to_owned);
        disk::sync(&logs.into_iter().chain(dir).collect())?;
        fault::point("branch synced");
    }
    let Some(head) = repo.head()?.commit else {
        return Ok(None);
    };
    let tree = repo.tree_of(head)?;
    let index_file = IndexFile::take(store, until)?;
    let mut index = Index::read(&index_file.index)?;
    let paths: Vec<&str> = journal.files.iter().map(|file| file.path.as_str()).collect();
    let discarded = head == journal.old && !made;
    let indexed = index.find(&paths)?;
    let mut staged = Vec::new();
    let mut changed = false;
    for (file, indexed) in journal.files.iter().zip(indexed) {
        // An edit that was to be taken in and was not stays what it was: an edit.
        if discarded && file.seen.is_some() {
            continue;
        }
        let want = repo.leaf(Some(tree), &file.path)?;
        let wanted = want.map(|leaf| leaf.id);
        let brought = bring(store, file, want)?;
        if file.knows(indexed) || indexed == wanted {
            changed |= indexed != wanted || brought.is_some();
            let stat = brought.unwrap_or_default();
            staged
                .push(Staged { path: file.path.clone(), file: want.map(|leaf| (leaf.mode, leaf.id, stat)) });
        }
        fault::point("file brought back");
    }
    if changed {
        // The trees above are left for git to find out: this is rare.
        index_file.replace(store, &index, &staged, &Rewritten::default())?;
    } else {
        index_file.release()?;
        fault::point("index left");
    }
    Ok(made.then_some(journal.new))
}

/// Brings one working file to what HEAD has, where nothing of a person's is lost by it. Returns what git is to remember
/// of it, where it was written.
fn bring(store: &Store, file: &JournalFile, want: Option<Leaf>) -> Result<Option<Stat>, Error> {
    let wanted = want.map(|leaf| leaf.id);
    // What is no readable file any more is left as it is: `csods status` shows it.
    let Ok(working) = layout::working(store.root(), &file.path) else {
        return Ok(None);
    };
    let working = working.map(|bytes| ObjectId::of_blob(&bytes));
    if working == wanted || !(working.is_none() || file.knows(working)) {
        return Ok(None);
    }
    let aside = store.change_dir().join("again");
    disk::remove(&aside)?;
    let bytes = wanted.map(|id| store.repo.blob(id)).transpose()?;
    if bytes.as_deref().map(ObjectId::of_blob) != wanted {
        // Plain git has committed something too large to be read: it is git's to put there.
        return Ok(None);
    }
    if let Some(bytes) = &bytes {
        let mode = want.map_or(FILE, |leaf| leaf.mode);
        let like = disk::like(&store.root().join(&file.path), mode)?;
        disk::fill(&aside, bytes, like)?;
        disk::sync(&BTreeSet::from([aside.clone()]))?;
        fault::point("file aside again");
    }
    let (stat, dirs) = show(store.root(), &file.path, bytes.is_some().then_some(aside.as_path()))?;
    disk::sync(&dirs)?;
    Ok(Some(stat))
}

/// Removes a lock of git's if it is the same file as ours.
fn remove_own(ours: &Path, lock: &Path) -> io::Result<()> {
    match (layout::at(ours)?, layout::at(lock)?) {
        (Some(a), Some(b)) if (a.dev(), a.ino()) == (b.dev(), b.ino()) => disk::remove(lock),
        _ => Ok(()),
    }
}
