//! Which commits there are, and which of them touched a file.

use std::collections::{BinaryHeap, HashSet};

use crate::error::Error;
use crate::store::id::{BlobId, CommitId, ObjectId};

use super::Repo;
use super::commit::Commit;
use super::tree::DIRECTORY;

/// One commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The commit.
    pub commit: CommitId,
    /// When it was made, in seconds since 1970.
    pub at_unix: i64,
    /// The author's offset from UTC then, in minutes.
    pub offset_minutes: i32,
    /// Who made it.
    pub author_name: String,
    /// Who made it.
    pub author_email: String,
    /// The first line of the message.
    pub subject: String,
    /// The last paragraph's `Key: value` lines, in order.
    pub trailers: Vec<(String, String)>,
    /// The commits before it; several for a merge.
    pub parents: Vec<CommitId>,
    /// In the history of a file, what it holds; `None` where it is gone.
    pub file: Option<BlobId>,
    /// The same in the first of the commits before.
    pub file_before: Option<BlobId>,
}

/// How far a commit may be dated before the one it follows before it is said, in seconds: two machines' clocks differ a
/// little (V5).
const TOLERANCE: i64 = 600;

/// A commit that is dated before one that it follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backward {
    /// The commit.
    pub commit: CommitId,
    /// When it was made, as it says, in seconds since 1970.
    pub at_unix: i64,
    /// The latest moment of the commits before it.
    pub after_unix: i64,
}

/// The history as it stood at a moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AsOf {
    /// The newest commit before the first one that is later than the moment; `None` where the history begins later. Order
    /// is that of the commits, not of their dates (V5).
    pub commit: Option<CommitId>,
    /// The commits whose dates run backwards: by more than ten minutes, or to the moment or before it although they came
    /// after it.
    pub backward: Vec<Backward>,
}

impl AsOf {
    /// Of commits with their dates, the first commit of the history first.
    fn of(commits: &[(CommitId, i64)], until: i64) -> AsOf {
        let before = commits.iter().take_while(|(_, at)| *at <= until);
        let mut as_of = AsOf { commit: before.last().map(|(commit, _)| *commit), backward: Vec::new() };
        let mut latest = i64::MIN;
        for &(commit, at_unix) in commits {
            let crosses = latest > until && at_unix <= until;
            if crosses || at_unix.saturating_add(TOLERANCE) < latest {
                as_of.backward.push(Backward { commit, at_unix, after_unix: latest });
            }
            latest = latest.max(at_unix);
        }
        as_of
    }
}

impl Entry {
    /// The value of a trailer.
    pub fn trailer(&self, key: &str) -> Option<&str> {
        self.trailers.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }
}

impl Repo {
    /// The commits that `from` contains, newest first; with a path, those in which that file differs from every parent.
    /// As in `git log -- PATH`, a merge that took a file unchanged from one side is followed on that side alone.
    pub(in crate::store) fn history(&self, from: CommitId, path: Option<&str>) -> Result<Vec<Entry>, Error> {
        let steps: Vec<&str> = path.map(|path| path.split('/').collect()).unwrap_or_default();
        let mut entries = Vec::new();
        let mut seen = HashSet::from([from]);
        let mut waiting = BinaryHeap::new();
        let first = self.commit(from)?;
        let trail = self.trail(&first, &steps, &Vec::new())?;
        // Later first; of one second, the one found first: a chain of commits keeps its order.
        let mut found = 0_i64;
        waiting.push((first.committer.at_unix, found, from, trail));
        while let Some((_, _, commit_id, trail)) = waiting.pop() {
            let commit = self.commit(commit_id)?;
            let mut parents = Vec::new();
            for parent in &commit.parents {
                let parent = self.commit(*parent)?;
                let there = self.trail(&parent, &steps, &trail)?;
                parents.push((parent.committer.at_unix, parent.id, there));
            }
            let same = |there: &Trail| there.get(steps.len()) == trail.get(steps.len());
            let unchanged = parents.iter().position(|(_, _, there)| same(there));
            let touched = match path {
                None => true,
                Some(_) if parents.is_empty() => trail.len() == steps.len() + 1,
                Some(_) => unchanged.is_none(),
            };
            if touched {
                let file = |trail: &Trail| path.and_then(|_| trail.get(steps.len()).copied());
                let before = parents.first().and_then(|(_, _, there)| file(there));
                entries.push(Entry { file: file(&trail), file_before: before, ..entry(&commit) });
            }
            if let (Some(_), Some(only)) = (path, unchanged) {
                parents = vec![parents.swap_remove(only)];
            }
            for (at, parent, there) in parents {
                if seen.insert(parent) {
                    found -= 1;
                    waiting.push((at, found, parent, there));
                }
            }
        }
        Ok(entries)
    }

    /// The history that `from` reaches by first parents alone, as it stood at a moment, in seconds since 1970.
    pub(in crate::store) fn as_of(&self, from: CommitId, until: i64) -> Result<AsOf, Error> {
        let mut commits = Vec::new();
        let mut next = Some(from);
        while let Some(commit) = next {
            let found = self.commit(commit)?;
            commits.push((commit, found.committer.at_unix));
            next = found.parents.first().copied();
        }
        commits.reverse();
        Ok(AsOf::of(&commits, until))
    }

    /// The ids of the directories on the way to a file, and of the file last; shorter where it is absent. A directory
    /// that is the same in `near` is not read again.
    fn trail(&self, commit: &Commit, steps: &[&str], near: &Trail) -> Result<Trail, Error> {
        let mut trail = vec![commit.tree];
        for (depth, step) in steps.iter().enumerate() {
            if near.get(depth) == trail.get(depth) {
                trail.extend_from_slice(&near[depth + 1..]);
                break;
            }
            let below = self.tree(trail[depth])?.into_iter().find(|line| line.name == step.as_bytes());
            match below {
                Some(line) if depth + 1 == steps.len() || line.mode == DIRECTORY => trail.push(line.id),
                _ => break,
            }
        }
        Ok(trail)
    }
}

type Trail = Vec<ObjectId>;

fn entry(commit: &Commit) -> Entry {
    Entry {
        commit: commit.id,
        at_unix: commit.author.at_unix,
        offset_minutes: commit.author.offset_minutes,
        author_name: commit.author.name.clone(),
        author_email: commit.author.email.clone(),
        subject: commit.message.trim_start().lines().next().unwrap_or_default().to_owned(),
        trailers: trailers(&commit.message),
        parents: commit.parents.clone(),
        file: None,
        file_before: None,
    }
}

/// The last paragraph, where it is not the first and all of it are trailers.
fn trailers(message: &str) -> Vec<(String, String)> {
    let Some((_, last)) = message.trim_end().rsplit_once("\n\n") else {
        return Vec::new();
    };
    let trailer = |line: &str| {
        let (key, value) = line.split_once(": ")?;
        let fits = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        fits.then(|| (key.to_owned(), value.to_owned()))
    };
    last.lines().map(trailer).collect::<Option<_>>().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn v5_the_history_as_of_a_moment_ends_before_the_first_commit_that_is_later() {
        let ids: Vec<CommitId> = (0..6_u8).map(|number| CommitId::of_blob(&[number])).collect();
        let as_of = |times: &[i64], until: i64| {
            let commits: Vec<(CommitId, i64)> = ids.iter().copied().zip(times.iter().copied()).collect();
            let found = AsOf::of(&commits, until);
            let place = |commit| ids.iter().position(|id| *id == commit).unwrap();
            let backward: Vec<usize> = found.backward.iter().map(|of| place(of.commit)).collect();
            (found.commit.map(place), backward)
        };
        let day = 86_400;
        for (times, until, wanted, backward) in [
            (vec![0, day, 2 * day], day, Some(1), vec![]),
            (vec![0, day, 2 * day], day - 1, Some(0), vec![]),
            (vec![0, day, 2 * day], 3 * day, Some(2), vec![]),
            (vec![day], 0, None, vec![]),
            (vec![], 0, None, vec![]),
            // Dated back: from the tip it is the first that is old enough.
            (vec![0, day, 2 * day, 5 * day, day, 6 * day], 2 * day, Some(2), vec![4]),
            (vec![5 * day, 0, day], 2 * day, None, vec![1, 2]),
            // By minutes, as two machines differ; but not where that moment lies between.
            (vec![0, day, day - 600], 3 * day, Some(2), vec![]),
            (vec![0, day, day - 601], 3 * day, Some(2), vec![2]),
            (vec![0, day, day - 1], day - 1, Some(0), vec![2]),
        ] {
            assert_eq!(as_of(&times, until), (wanted, backward), "{times:?} {until}");
        }
    }

    #[test]
    fn trailers_are_the_last_paragraph() {
        let some = [("Case".to_owned(), "KP".to_owned()), ("Clock".to_owned(), "set by hand".to_owned())];
        assert_eq!(trailers("a: b\n\nCase: KP\nClock: set by hand\n"), some);
        assert_eq!(trailers("Case: KP\n"), []);
        assert_eq!(trailers("subject\n\nsome: words\nand more\n"), []);
    }
}
