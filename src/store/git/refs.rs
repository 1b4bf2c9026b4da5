//! HEAD, branches and their logs, in git's files.
//!
//! A branch is `refs/heads/NAME` below the common git directory, or a line of `packed-refs`. It is changed by making
//! `NAME.lock`, comparing, and renaming; the caller owns the lock, so that what a crash leaves can be told from a lock
//! of git's.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use git2::Reference;

use crate::error::{Error, Kind};
use crate::store::beneath::Dir;
use crate::store::id::{CommitId, ObjectId};
use crate::store::rights::Access;

use super::{Repo, commit::Commit};

/// Where HEAD stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) struct Head {
    /// The branch, `refs/heads/main`; `None` where HEAD names a commit itself.
    pub(in crate::store) branch: Option<String>,
    /// The commit; `None` where the branch has none yet.
    pub(in crate::store) commit: Option<CommitId>,
}

/// The longest file of one reference, in bytes.
const LONGEST: u64 = 4096;
/// The largest `packed-refs`, in bytes.
const LARGEST_LIST: u64 = 1 << 26;
/// So many characters of a subject go into a log.
const SUBJECT: usize = 500;

/// Whether a name is that of a branch: `refs/heads/` and what git itself would accept, which leads nowhere else.
pub(in crate::store) fn is_branch(name: &str) -> bool {
    name.starts_with("refs/heads/") && name.len() < 1024 && Reference::is_valid_name(name)
}

impl Repo {
    pub(in crate::store) fn head(&self) -> Result<Head, Error> {
        let bytes = read(&self.private, "HEAD", LONGEST)?.ok_or_else(unreadable)?;
        let text = String::from_utf8(bytes).map_err(|_| unreadable())?;
        match text.strip_prefix("ref:") {
            None => Ok(Head {
                branch: None,
                commit: Some(ObjectId::from_hex(text.trim_end()).ok_or_else(unreadable)?),
            }),
            Some(name) => {
                let name = name.trim();
                if !is_branch(name) {
                    return Err(unreadable());
                }
                Ok(Head { branch: Some(name.to_owned()), commit: self.branch(name)? })
            }
        }
    }

    /// The commit of a branch.
    pub(in crate::store) fn branch(&self, name: &str) -> Result<Option<CommitId>, Error> {
        // A branch that is being packed leaves its own file after it has come into `packed-refs`; one that is being
        // changed meanwhile comes back into its own file. So look there once more.
        for look in [Repo::loose, Repo::packed, Repo::loose] {
            if let Some(found) = look(self, name)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    fn loose(&self, name: &str) -> Result<Option<CommitId>, Error> {
        match read(&self.common, name, LONGEST)? {
            None => Ok(None),
            Some(bytes) => hex(bytes.trim_ascii_end()).map(Some).ok_or_else(|| no_commit(name)),
        }
    }

    fn packed(&self, name: &str) -> Result<Option<CommitId>, Error> {
        let list = read(&self.common, "packed-refs", LARGEST_LIST)?.unwrap_or_default();
        let found = packed_refs(&list).find(|(_, found)| *found == name.as_bytes());
        found.map(|(id, _)| hex(id).ok_or_else(|| no_commit(name))).transpose()
    }

    /// Whether a replacement of an object was packed.
    pub(super) fn packs_replacements(&self) -> Result<bool, Error> {
        let list = read(&self.common, "packed-refs", LARGEST_LIST)?.unwrap_or_default();
        Ok(packed_refs(&list).any(|(_, name)| name.starts_with(b"refs/replace/")))
    }

    /// That nothing stands in the way of a change that only shows when the branch has moved: a link in place of a log,
    /// say, which nothing may be written through.
    pub(in crate::store) fn trusted(&self) -> Result<(), Error> {
        for name in ["HEAD", "index"] {
            self.private.check(name)?;
        }
        for name in ["refs", "objects", "objects/pack", "objects/info", "logs"] {
            self.common.check(name)?;
        }
        self.private.check_log("logs/HEAD")?;
        if let Some(branch) = self.head()?.branch {
            self.common.check(&branch)?;
            self.common.check_log(&format!("logs/{branch}"))?;
        }
        Ok(())
    }

    /// Adds a line to the logs of HEAD and of its branch, where git would and they do not have it yet. Returns the
    /// files written.
    pub(in crate::store) fn log_move(
        &self,
        branch: &str,
        old: CommitId,
        new: CommitId,
    ) -> Result<Vec<PathBuf>, Error> {
        let line = log_line(&self.commit(new)?, old);
        let wanted = match self.config().and_then(|config| config.get_string("core.logallrefupdates")) {
            Ok(text) => !matches!(text.to_ascii_lowercase().as_str(), "false" | "no" | "off" | "0"),
            Err(_) => true,
        };
        let mut written = Vec::new();
        for (dir, log) in [(&self.common, format!("logs/{branch}")), (&self.private, "logs/HEAD".to_owned())]
        {
            let last = last_bytes(dir, &log, line.len() + 1)?;
            if last.is_none() && !wanted {
                continue;
            }
            let last = last.unwrap_or_default();
            let known = last.strip_suffix(line.as_bytes());
            if known.is_some_and(|before| before.is_empty() || before == b"\n") {
                continue;
            }
            if let Some((above, _)) = log.rsplit_once('/') {
                dir.made_dir(above)?;
            }
            let mut file = dir.append(&log, Access::Shown)?;
            // A line that a power cut left half stays a line of its own.
            let whole = last.is_empty() || last.ends_with(b"\n");
            file.write_all(format!("{}{line}", if whole { "" } else { "\n" }).as_bytes())?;
            written.push(dir.path().join(log));
        }
        Ok(written)
    }
}

/// What a log says of a commit. A commit may have been made elsewhere: what it says goes into one line.
fn log_line(commit: &Commit, old: CommitId) -> String {
    let by = &commit.committer;
    let (sign, distance) =
        if by.offset_minutes < 0 { ('-', -by.offset_minutes) } else { ('+', by.offset_minutes) };
    let plain = |text: &str| -> String { text.chars().filter(|c| !c.is_control()).take(SUBJECT).collect() };
    format!(
        "{old} {} {} <{}> {} {sign}{:02}{:02}\tcommit{}: {}\n",
        commit.id,
        plain(&by.name),
        plain(&by.email),
        by.at_unix,
        distance / 60,
        distance % 60,
        if old.is_zero() { " (initial)" } else { "" },
        plain(commit.message.lines().next().unwrap_or_default()),
    )
}

/// The last bytes of a file, at most so many; `None` where there is no file. A log grows with every change: it is never
/// read whole.
fn last_bytes(dir: &Dir, name: &str, most: usize) -> Result<Option<Vec<u8>>, Error> {
    let Some(mut file) = file(dir, name)? else { return Ok(None) };
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(most as u64)))?;
    let mut bytes = Vec::with_capacity(most);
    file.take(most as u64).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// The id and the name on each line of `packed-refs`.
fn packed_refs(list: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let lines = list.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    lines.filter_map(|line| {
        let blank = line.iter().position(|byte| *byte == b' ')?;
        Some((&line[..blank], &line[blank + 1..]))
    })
}

fn hex(digits: &[u8]) -> Option<ObjectId> {
    ObjectId::from_hex(std::str::from_utf8(digits).ok()?)
}

/// The content of a file; `None` where there is none.
///
/// # Errors
/// `Damaged` where it has more than `most` bytes: what is not read of it could name another commit.
fn read(dir: &Dir, name: &str, most: u64) -> Result<Option<Vec<u8>>, Error> {
    let Some(file) = file(dir, name)? else { return Ok(None) };
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(Error::new(
            Kind::Damaged,
            format!("{name} in the git directory is larger than git makes it"),
        )
        .hint("`git show-ref` says what git reads of it; `git pack-refs --all` may make it anew"));
    }
    Ok(Some(bytes))
}

/// Opens a file for reading. A branch of the name `a` has no file where there are branches below `a/`.
fn file(dir: &Dir, name: &str) -> io::Result<Option<File>> {
    match dir.read(name) {
        Err(error) if error.kind() == io::ErrorKind::IsADirectory => Ok(None),
        file => file,
    }
}

fn no_commit(branch: &str) -> Error {
    Error::new(Kind::Damaged, format!("the branch {branch} cannot be read"))
        .hint("`git reflog` shows where it stood; `git update-ref` puts it back")
}

fn unreadable() -> Error {
    Error::new(Kind::Damaged, "the repository's HEAD cannot be read").hint("`git switch main` sets it again")
}

#[cfg(test)]
#[path = "refs_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "../../../tests/fuzz/refs.rs"]
mod fuzz;
