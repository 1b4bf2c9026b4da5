//! A change that begins again where plain git was quicker: `git commit` takes no lock of ours, so it may move the branch
//! after a change has begun and before it is written.

use std::time::{Duration, Instant};

use crate::error::{Error, Kind};

use super::id::CommitId;
use super::{Change, Store};

impl Store {
    /// Makes a change: `make` is given it as it begins, and commits it. Where plain git moved the branch meanwhile,
    /// nothing was changed, and it is made again from what the store holds then, for as long as may be waited.
    ///
    /// # Errors
    /// What [`Store::change`] and `make` say; `Conflict` where git was quicker and no time is left.
    pub fn change_made<T>(
        &self,
        wait: Duration,
        holder: &str,
        mut make: impl FnMut(Change<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let until = Instant::now() + wait;
        loop {
            let change = self.change(until.saturating_duration_since(Instant::now()), holder)?;
            let base = change.head().commit();
            match make(change) {
                Err(error) if error.kind == Kind::Conflict && Instant::now() < until && self.left(base) => {}
                done => return done,
            }
        }
    }

    /// Whether the branch is no more at this commit.
    fn left(&self, base: CommitId) -> bool {
        self.repo.head().is_ok_and(|head| head.commit != Some(base))
    }
}
