//! Whether the repository is in a state in which a change may be made.

use git2::{Config, RepositoryState};

use crate::error::{Error, Kind};
use crate::store::id::CommitId;

use super::Repo;

impl Repo {
    /// The branch and the commit that a change starts from, or why none can be made now.
    pub(in crate::store) fn fit(&self) -> Result<(String, CommitId), Error> {
        // Git keeps this setting in a file of its own, which libgit2 does not read.
        let own = Config::open(&self.private().join("config.worktree"));
        let sparse = own.and_then(|config| config.get_bool("core.sparsecheckout")).unwrap_or(false);
        if sparse || self.flag("core.sparsecheckout") == Some(true) {
            return Err(Error::new(
                Kind::System,
                "this copy is a sparse checkout: its directory holds some of the files only; nothing was changed",
            )
            .hint("`git sparse-checkout disable` brings the other files back"));
        }
        let under_way = match self.git().state() {
            RepositoryState::Clean => None,
            RepositoryState::Merge => Some(("a merge", "finish it by `git commit`, or `git merge --abort`")),
            RepositoryState::Revert | RepositoryState::RevertSequence => {
                Some(("a revert", "`git revert --continue` or `git revert --abort`"))
            }
            RepositoryState::CherryPick | RepositoryState::CherryPickSequence => {
                Some(("a cherry-pick", "`git cherry-pick --continue` or `git cherry-pick --abort`"))
            }
            RepositoryState::Bisect => Some(("a bisection", "`git bisect reset`")),
            RepositoryState::Rebase | RepositoryState::RebaseInteractive | RepositoryState::RebaseMerge => {
                Some(("a rebase", "`git rebase --continue` or `git rebase --abort`"))
            }
            RepositoryState::ApplyMailbox | RepositoryState::ApplyMailboxOrRebase => {
                Some(("a patch series", "`git am --continue` or `git am --abort`"))
            }
        };
        if let Some((what, hint)) = under_way {
            return Err(Error::new(Kind::Conflict, format!("{what} is under way in this store")).hint(hint));
        }
        let head = self.head()?;
        let Some(branch) = head.branch else {
            return Err(Error::new(
                Kind::Conflict,
                "the store stands on a single commit and not on a branch",
            )
            .hint("`git switch main`, or `git switch -c NAME` for a branch that begins here"));
        };
        let Some(commit) = head.commit else {
            return Err(Error::new(Kind::Conflict, "the store's branch has no commit yet")
                .hint("`git switch main`, or fetch the history first"));
        };
        Ok((branch, commit))
    }
}
