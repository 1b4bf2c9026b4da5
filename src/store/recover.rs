//! What is done about a change that a crash or a power cut stopped.
//!
//! Only a change settles, before anything else: views answer from HEAD, which is right at every moment, and touch nothing.
//! Whoever holds the store's lock knows that nobody is changing the store; if there is a `change/` or a journal then, its
//! owner has died. Git's locks that are ours are removed; any other lock is somebody else's and is left. Without a whole
//! journal nothing that others see was touched. With one, HEAD says whether the change was made, and each of its files, in
//! the work tree and in the index, is brought to what HEAD has, provided that what it holds now is something the change
//! itself put or found there. Settling twice does no harm.
//!
//! A journal is believed only where it was written in this very directory and for the branch that HEAD names. One that came
//! with a copy of the store, or is of another branch, is compared with HEAD and discarded: nothing is done to the branch,
//! and a file is brought to what HEAD has only where it holds what the history says it held before the change.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

use crate::error::{Error, Kind};

use super::beneath::Dir;
use super::git::index::{Index, Staged, Stat};
use super::git::pack::let_go;
use super::git::tree::{Leaf, Rewritten};
use super::id::{CommitId, ObjectId};
use super::index_file::{IndexFile, remove_own};
use super::journal::{self, Announced, Journal, JournalFile};
use super::layout::CHANGE;
use super::lock::Lock;
use super::sync::{self, Disks};
use super::writing::{remove_aside, tidy};
use super::{Store, disk, fault, layout};

/// Settles, where there is something to settle and nobody is at work. Where that cannot be done now (git is running, the
/// disk is full or may only be read), it is left to the next change: what HEAD says is right at every moment.
pub(super) fn if_needed(store: &Store) -> Result<(), Error> {
    if !is_needed(store)? {
        return Ok(());
    }
    let kept = store.made_kept()?;
    store.repo.trusted()?;
    let settled = match Lock::try_take(&kept, "csods finishes a change that was cut off") {
        Ok(Some(lock)) => settle(store, &lock, Instant::now()).map(|_| ()),
        Ok(None) => Ok(()),
        Err(error) => Err(error),
    };
    match settled {
        Err(error) if error.kind == Kind::Damaged => Err(error),
        _ => Ok(()),
    }
}

/// Whether there is anything to settle, or a change under way.
pub(super) fn is_needed(store: &Store) -> Result<bool, Error> {
    let Some(kept) = store.kept()? else { return Ok(false) };
    Ok(!journal::is_empty(&kept)? || kept.stat(CHANGE)?.is_some())
}

/// Settles, the store's lock being held and [`super::git::Repo::trusted`] having been asked. Returns the commit where the
/// change was found to be made.
pub(super) fn settle(store: &Store, _held: &Lock, until: Instant) -> Result<Option<CommitId>, Error> {
    let kept = store.made_kept()?;
    for lock in ["index.lock", "HEAD.lock"] {
        remove_own(&kept, store.repo.private_dir(), lock)?;
    }
    let announced = journal::read(&kept)?;
    let begun = kept.dir(CHANGE)?;
    if begun.is_none() && announced == Announced::Nothing {
        return Ok(None);
    }
    fault::point("own index lock removed");
    // A power cut may have taken it.
    let dir = begun.map_or_else(|| kept.new_dir(CHANGE), Ok)?;
    let made = match announced {
        Announced::Change(journal) => finish(store, &kept, &dir, journal, until)?,
        Announced::Nothing | Announced::Half => None,
    };
    tidy(&kept, &dir)?;
    Ok(made)
}

fn finish(
    store: &Store,
    kept: &Dir,
    dir: &Dir,
    mut journal: Journal,
    until: Instant,
) -> Result<Option<CommitId>, Error> {
    let repo = &store.repo;
    remove_own(kept, repo.common_dir(), &format!("{}.lock", journal.branch))?;
    fault::point("own branch lock removed");
    let head = repo.head()?;
    let ours = journal.dir == kept.identity()? && head.branch.as_ref() == Some(&journal.branch);
    let made = ours && journal.old != journal.new && head.commit == Some(journal.new);
    if made {
        repo.log_move(&journal.branch, journal.old, journal.new)?;
        let branch = repo.common().join(&journal.branch);
        sync::sync(&branch.parent().map(Path::to_owned).into_iter().collect())?;
        fault::point("branch synced");
    }
    if let Some(pack) = journal.pack {
        let_go(&repo.objects()?, pack)?;
        fault::point("pack let go");
    }
    let Some(head) = head.commit else { return Ok(None) };
    if !ours {
        journal.files = proven(store, &journal, head)?;
    }
    let tree = repo.tree_of(head)?;
    let index_file = IndexFile::take(store, kept, dir, until)?;
    let mut index = index_file.read()?;
    let paths: Vec<&str> = journal.files.iter().map(|file| file.path.as_str()).collect();
    let discarded = head == journal.old && !made;
    let (indexed, mut changed) = index.find_at(repo, head, &paths)?;
    // All that is missing is written aside and synced before the first file is brought to its place.
    let mut back = Vec::new();
    for (position, (file, indexed)) in journal.files.iter().zip(indexed).enumerate() {
        // An edit that was to be taken in and was not stays what it was: an edit.
        if discarded && file.seen.is_some() {
            continue;
        }
        let want = repo.leaf(Some(tree), &file.path)?;
        let aside = format!("again-{position}");
        let bring = to_bring(store, file, want, dir, &aside)?;
        back.push((file, indexed, want, aside, bring));
    }
    let disks = Disks::of(&[store.root(), repo.common(), repo.private()])?;
    let written = back.iter().filter(|(.., want, _, bring)| *bring && want.is_some());
    disks.sync(&written.map(|(.., aside, _)| dir.path().join(aside)).collect())?;
    fault::point("files aside again");
    let (mut staged, mut to_sync) = (Vec::new(), BTreeSet::new());
    for (file, indexed, want, aside, bring) in back {
        let mut stat = Stat::default();
        if bring {
            let aside = want.map(|_| (dir, aside.as_str()));
            let (shown, dirs) = disk::show(store.root(), store.rights(), &file.path, aside)?;
            stat = shown;
            to_sync.extend(dirs);
        }
        let wanted = want.map(|leaf| leaf.id);
        if file.knows(indexed) || indexed == wanted {
            changed |= indexed != wanted || bring;
            staged
                .push(Staged { path: file.path.clone(), file: want.map(|leaf| (leaf.mode, leaf.id, stat)) });
        }
        fault::point("file brought back");
    }
    disks.sync(&to_sync)?;
    if changed {
        // The trees above are left for git to find out: this is rare.
        let laid = index_file.lay_out(&index, &staged, &Rewritten::default())?;
        index_file.replace(&laid, &staged)?;
    } else {
        index_file.release()?;
        fault::point("index left");
    }
    Ok(made.then_some(journal.new))
}

/// The files of a journal that is not ours, as the history has them: what the journal says of them is not believed. None
/// where HEAD is not the commit that it made: no file was touched before that.
fn proven(store: &Store, journal: &Journal, head: CommitId) -> Result<Vec<JournalFile>, Error> {
    let repo = &store.repo;
    if head != journal.new {
        return Ok(Vec::new());
    }
    let Ok(old) = repo.tree_of(journal.old) else { return Ok(Vec::new()) };
    let new = repo.tree_of(head)?;
    let in_tree = |tree, path: &str| repo.leaf(Some(tree), path).map(|leaf| leaf.map(|leaf| leaf.id));
    // Of an edit that was being taken in only the journal could say that it was none of somebody else's.
    let told = journal.files.iter().filter(|file| file.seen.is_none());
    told.map(|file| {
        let (old, new) = (in_tree(old, &file.path)?, in_tree(new, &file.path)?);
        Ok(JournalFile { path: file.path.clone(), old, new, seen: None })
    })
    .collect()
}

/// Whether a working file has to be brought to what HEAD has, and nothing of a person's is lost by it. What it will hold
/// is then written aside.
fn to_bring(
    store: &Store,
    file: &JournalFile,
    want: Option<Leaf>,
    dir: &Dir,
    aside: &str,
) -> Result<bool, Error> {
    let wanted = want.map(|leaf| leaf.id);
    // What is no readable file any more is left as it is: `csods status` shows it.
    let Ok(working) = layout::working(store.root(), &file.path) else {
        return Ok(false);
    };
    let working = working.map(|bytes| ObjectId::of_blob(&bytes));
    if working == wanted || !(working.is_none() || file.knows(working)) {
        return Ok(false);
    }
    if let Some(Leaf { id, mode }) = want {
        let bytes = store.repo.blob(id)?;
        if ObjectId::of_blob(&bytes) != id {
            // Plain git has committed something too large to be read: it is git's to put there.
            return Ok(false);
        }
        dir.remove(aside)?;
        dir.fill(aside, &bytes, disk::like(store.rights(), &store.root().join(&file.path), mode)?)?;
        fault::point("file aside again");
    }
    Ok(true)
}

/// Brings git's index up to HEAD where it is lost or older, so that nobody is told of edits that nobody made. Where that
/// cannot be done now (a change is under way or was cut off, the store is not trusted or may only be read), it is left to
/// the next change.
pub(super) fn bring_index_up(store: &Store) -> Result<(), Error> {
    let Some(head) = store.repo.head()?.commit else { return Ok(()) };
    let path = store.repo.private().join("index");
    if !Index::read(&path)?.find_at(&store.repo, head, &[])?.1 {
        return Ok(());
    }
    store.repo.trusted()?;
    let kept = store.made_kept()?;
    let Some(_lock) = Lock::try_take(&kept, "csods makes git's index again")? else {
        return Ok(());
    };
    if !journal::is_empty(&kept)? || kept.stat(CHANGE)?.is_some() {
        return Ok(());
    }
    store.prepare(&kept)?;
    let dir = kept.new_dir(CHANGE)?;
    let replaced = replace_index(store, &kept, &dir, head);
    remove_aside(&kept, &dir)?;
    replaced
}

fn replace_index(store: &Store, kept: &Dir, change: &Dir, head: CommitId) -> Result<(), Error> {
    let index_file = IndexFile::take(store, kept, change, Instant::now())?;
    let mut index = index_file.read()?;
    if store.repo.head()?.commit == Some(head) && index.find_at(&store.repo, head, &[])?.1 {
        let laid = index_file.lay_out(&index, &[], &Rewritten::default())?;
        index_file.replace(&laid, &[])?;
    }
    Ok(())
}
