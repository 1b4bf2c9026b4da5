//! A new store: made beside its place, and put there in one step when it is complete.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, DirBuilder, File, Permissions};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Instant;

use crate::error::{Error, Kind};

use super::change::{Content, Expects, Put, Step};
use super::git::{FIRST_BRANCH, Repo};
use super::id::CommitId;
use super::layout::{self, ATTRIBUTES, CHANGE};
use super::lock::Lock;
use super::rights::Group;
use super::sync::Disks;
use super::writing::{Steps, Writing};
use super::{Author, CommitText, Store, fault, is_store, sync};

/// Stored bytes are what is committed, on every machine.
const NO_LINE_END_CHANGES: &[u8] = b"* -text\n";

pub(super) fn init(
    dir: &Path,
    files: &[(String, Vec<u8>)],
    text: &CommitText,
    author: &Author,
    shared: Option<Group>,
) -> Result<(Store, CommitId), Error> {
    let dir = std::path::absolute(dir)?;
    free(&dir)?;
    let (Some(parent), Some(name)) = (dir.parent(), dir.file_name()) else {
        return Err(Error::new(Kind::Usage, "a store cannot be made here").hint("name a new directory"));
    };
    fs::create_dir_all(parent)?;
    let aside = parent.join(format!(".{}.csods-new", name.display()));
    // Held until the end, so that another `init` does not take this one for a dead one.
    let _mine = claim(&aside, shared)?;
    let made = fill(&aside, files, text, author).and_then(|commit| {
        fault::point("store complete");
        fs::rename(&aside, &dir)?;
        fault::point("store in place");
        sync::sync(&BTreeSet::from([parent.to_owned()]))?;
        Ok(commit)
    });
    match made {
        Ok(commit) => Ok((Store::open(&dir)?, commit)),
        Err(error) => {
            // Best effort: the error that is told matters more, and the next `init` removes it.
            let _ = fs::remove_dir_all(&aside);
            Err(error)
        }
    }
}

/// Refuses a directory that holds something, or lies in a store.
fn free(dir: &Path) -> Result<(), Error> {
    let refusal =
        |what: &str| Error::new(Kind::Usage, what.to_owned()).hint("name a new or an empty directory");
    if dir.ancestors().any(is_store) {
        return Err(refusal("a store cannot be made in another one"));
    }
    match layout::at(dir)? {
        None => Ok(()),
        Some(found) if !found.is_dir() => {
            Err(refusal("a store needs a directory, and something else is there"))
        }
        Some(_) if fs::read_dir(dir)?.next().is_some() => Err(refusal("the directory is not empty")),
        Some(_) => Ok(()),
    }
}

/// Makes the directory that becomes the store; one that a crashed `init` left is cleared away.
///
/// It is for this account alone, or for a group, whatever the umask: what is made in it follows.
fn claim(aside: &Path, shared: Option<Group>) -> Result<File, Error> {
    if let Some(found) = layout::at(aside)? {
        let dead = found.is_dir() && File::open(aside)?.try_lock().is_ok();
        if !dead {
            return Err(Error::new(Kind::Busy, "another `csods init` is making this store").hint("try again"));
        }
        fs::remove_dir_all(aside)?;
    }
    DirBuilder::new().mode(0o700).create(aside)?;
    let claimed = File::open(aside)?;
    match shared {
        None => claimed.set_permissions(Permissions::from_mode(0o700))?,
        Some(group) => group.share(&claimed)?,
    }
    claimed.lock()?;
    fault::point("store claimed");
    Ok(claimed)
}

fn fill(
    root: &Path,
    files: &[(String, Vec<u8>)],
    text: &CommitText,
    author: &Author,
) -> Result<CommitId, Error> {
    let store = Store { repo: Rc::new(Repo::create(root)?) };
    fault::point("repository");
    let now = Instant::now();
    let kept = store.made_kept()?;
    let lock = Lock::take(&kept, now.elapsed(), "csods init")?;
    store.prepare(&kept)?;
    let put = |bytes: &[u8]| Put { content: Content::Here(bytes.to_vec()), expects: Expects::Head };
    let mut puts: BTreeMap<String, Put> =
        files.iter().map(|(path, bytes)| (path.clone(), put(bytes))).collect();
    puts.entry(ATTRIBUTES.to_owned()).or_insert_with(|| put(NO_LINE_END_CHANGES));
    let all = puts.keys().map(|path| (path.clone(), None)).collect();
    let step = Step { text: text.clone(), files: all };
    let disks = Disks::of(&[root])?;
    let aside = kept.new_dir(CHANGE)?;
    fault::point("change directory");
    let writing = Writing {
        store: &store,
        kept: &kept,
        aside: &aside,
        until: now,
        branch: FIRST_BRANCH,
        base: None,
        puts: &puts,
        disks: &disks,
        settings: None,
        index: Cell::default(),
    };
    let made = writing.run(&lock, author, Steps(&mut [Ok(step)].into_iter()))?;
    let commit =
        made.first().copied().ok_or_else(|| Error::new(Kind::Internal, "a store without a commit"))?;
    sync::sync(&made_dirs(&store))?;
    Ok(commit)
}

/// What the making of a repository wrote.
fn made_dirs(store: &Store) -> BTreeSet<PathBuf> {
    let git = store.repo.common();
    ["", "HEAD", "config", "index", "refs", "refs/heads", "objects", "csods"]
        .iter()
        .map(|name| git.join(name))
        .chain([store.root().to_owned()])
        .collect()
}
