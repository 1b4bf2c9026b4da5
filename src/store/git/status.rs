//! What people did to the work tree by hand.

use git2::{Status, StatusOptions};

use crate::error::Error;

use super::{Repo, failed};
use crate::store::leftover::left_of;

/// What was done to a working file since the last commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// Its content was changed.
    Edited,
    /// It is new.
    Added,
    /// It is gone.
    Deleted,
    /// A link, a directory or a device stands in its place.
    Replaced,
    /// An editor left it beside a file that it edited; git may be told to ignore it.
    Left,
    /// Two branches changed it, and a merge left both.
    Unmerged,
}

/// A file that differs from the last commit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edited {
    /// The file.
    pub path: String,
    /// What was done to it.
    pub how: How,
    /// Whether `git add` took it in already.
    pub staged: bool,
}

impl Repo {
    /// Every file that differs from HEAD, ordered by path. Writes nothing.
    pub(in crate::store) fn edited(&self) -> Result<Vec<Edited>, Error> {
        if let Some(commit) = self.head()?.commit {
            self.check_size(self.tree_of(commit)?)?;
        }
        let mut options = StatusOptions::new();
        options
            .include_untracked(true)
            .recurse_untracked_dirs(true)
            .include_ignored(true)
            .exclude_submodules(true)
            .renames_head_to_index(false)
            .renames_index_to_workdir(false)
            .update_index(false);
        let git = self.git();
        let statuses = git.statuses(Some(&mut options)).map_err(failed)?;
        let staged =
            Status::INDEX_NEW | Status::INDEX_MODIFIED | Status::INDEX_DELETED | Status::INDEX_TYPECHANGE;
        let mut edited: Vec<Edited> = statuses
            .iter()
            .filter_map(|entry| {
                let status = entry.status();
                let is = |other: Status| status.intersects(other);
                let left = || {
                    let path = String::from_utf8_lossy(entry.path_bytes());
                    left_of(path.rsplit('/').next().unwrap_or_default()).is_some()
                };
                let how = if is(Status::WT_NEW | Status::IGNORED) && !is(staged) && left() {
                    How::Left
                } else if is(Status::CONFLICTED) {
                    How::Unmerged
                } else if is(Status::WT_TYPECHANGE | Status::INDEX_TYPECHANGE) {
                    How::Replaced
                } else if is(Status::WT_DELETED) || is(Status::INDEX_DELETED) && !is(Status::WT_NEW) {
                    How::Deleted
                } else if is(Status::INDEX_NEW) || is(Status::WT_NEW) && !is(Status::INDEX_DELETED) {
                    How::Added
                } else if is(Status::WT_MODIFIED | Status::INDEX_MODIFIED | Status::WT_NEW) {
                    How::Edited
                } else {
                    return None;
                };
                Some(Edited {
                    path: String::from_utf8_lossy(entry.path_bytes()).into_owned(),
                    how,
                    staged: is(staged),
                })
            })
            .collect();
        edited.sort();
        Ok(edited)
    }
}
