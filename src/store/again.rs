//! A change that begins again where plain git was quicker: `git commit` and `git switch` take no lock of ours, so they may
//! move the branch, or HEAD to another one, after a change has begun and before it is written.

use std::time::{Duration, Instant};

use crate::error::{Error, Kind};

use super::git::refs::Head;
use super::{Change, Store};

/// So many times at most a change is made again after the time to wait is over: one that takes long must not be lost to a
/// single commit of plain git.
const ANYWAY: usize = 2;

impl Store {
    /// Makes a change: `make` is given it as it begins, and commits it. Where plain git moved the branch or switched to
    /// another one meanwhile, nothing was changed, and it is made again from what the store holds then, for as long as may
    /// be waited, and twice in any case.
    ///
    /// # Errors
    /// What [`Store::change`] and `make` say; `Conflict` where git was quicker each time.
    pub fn change_made<T>(
        &self,
        wait: Duration,
        holder: &str,
        mut make: impl FnMut(Change<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let until = Instant::now() + wait;
        let mut tried = 0;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            // The lock was held when the change failed: it is not to fail for want of time to take it again.
            let change = self.change(if tried == 0 { left } else { wait }, holder)?;
            let base = change.base();
            match make(change) {
                Err(error) if error.kind == Kind::Conflict && self.left(&base) => {
                    if tried >= ANYWAY && Instant::now() >= until {
                        return Err(error);
                    }
                    tried += 1;
                }
                done => return done,
            }
        }
    }

    /// Whether HEAD is no more at this branch and commit.
    fn left(&self, base: &Head) -> bool {
        self.repo.head().is_ok_and(|head| head != *base)
    }
}
