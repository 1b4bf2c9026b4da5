//! HEAD, branches and their logs, in git's files.
//!
//! A branch is `refs/heads/NAME` below the common git directory, or a line of `packed-refs`. It is changed by making
//! `NAME.lock`, comparing, and renaming; the caller owns the lock, so that what a crash leaves can be told from a lock
//! of git's.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use git2::Reference;

use crate::error::{Error, Kind};
use crate::store::id::{CommitId, ObjectId};

use super::{Repo, failed, oid};

/// Where HEAD stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) struct Head {
    /// The branch, `refs/heads/main`; `None` where HEAD names a commit itself.
    pub(in crate::store) branch: Option<String>,
    /// The commit; `None` where the branch has none yet.
    pub(in crate::store) commit: Option<CommitId>,
}

impl Repo {
    pub(in crate::store) fn head(&self) -> Result<Head, Error> {
        let text = read(&self.private.join("HEAD"))?.ok_or_else(unreadable)?;
        match text.strip_prefix("ref:") {
            None => Ok(Head {
                branch: None,
                commit: Some(ObjectId::from_hex(text.trim_end()).ok_or_else(unreadable)?),
            }),
            Some(name) => {
                let name = name.trim();
                if !name.starts_with("refs/heads/") || !Reference::is_valid_name(name) {
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
        match read(&self.common.join(name))? {
            None => Ok(None),
            Some(text) => ObjectId::from_hex(text.trim_end()).map(Some).ok_or_else(|| {
                Error::new(Kind::Damaged, format!("the branch {name} cannot be read"))
                    .hint("`git reflog` shows where it stood; `git update-ref` puts it back")
            }),
        }
    }

    fn packed(&self, name: &str) -> Result<Option<CommitId>, Error> {
        let text = read(&self.common.join("packed-refs"))?.unwrap_or_default();
        let named = |line: &str| match line.split_once(' ') {
            Some((hex, found)) if found == name => ObjectId::from_hex(hex),
            _ => None,
        };
        Ok(text.lines().find_map(named))
    }

    /// Where a branch is kept, and where its lock is.
    pub(in crate::store) fn branch_files(&self, name: &str) -> (PathBuf, PathBuf) {
        (self.common.join(name), self.common.join(format!("{name}.lock")))
    }

    /// Adds a line to the logs of HEAD and of its branch, where git would and they do not have it yet. Returns the
    /// files written.
    pub(in crate::store) fn log_move(
        &self,
        branch: &str,
        old: CommitId,
        new: CommitId,
    ) -> Result<Vec<PathBuf>, Error> {
        let commit = self.git.find_commit(oid(new)).map_err(failed)?;
        let by = commit.committer();
        let minutes = by.when().offset_minutes();
        let (sign, distance) = if minutes < 0 { ('-', -minutes) } else { ('+', minutes) };
        let name = String::from_utf8_lossy(by.name_bytes()).into_owned();
        let email = String::from_utf8_lossy(by.email_bytes()).into_owned();
        let subject = String::from_utf8_lossy(commit.message_raw_bytes()).into_owned();
        let line = format!(
            "{old} {new} {name} <{email}> {} {sign}{:02}{:02}\tcommit{}: {}\n",
            by.when().seconds(),
            distance / 60,
            distance % 60,
            if old.is_zero() { " (initial)" } else { "" },
            subject.lines().next().unwrap_or_default(),
        );
        let wanted = match self.git.config().and_then(|config| config.get_string("core.logallrefupdates")) {
            Ok(text) => !matches!(text.to_ascii_lowercase().as_str(), "false" | "no" | "off" | "0"),
            Err(_) => true,
        };
        let mut written = Vec::new();
        for log in [self.common.join("logs").join(branch), self.private.join("logs/HEAD")] {
            let last = last_bytes(&log, line.len() + 1)?;
            if last.is_none() && !wanted {
                continue;
            }
            let last = last.unwrap_or_default();
            let known = last.strip_suffix(line.as_bytes());
            if known.is_some_and(|before| before.is_empty() || before == b"\n") {
                continue;
            }
            if let Some(dir) = log.parent() {
                fs::create_dir_all(dir)?;
            }
            let mut file = OpenOptions::new().append(true).create(true).open(&log)?;
            // A line that a power cut left half stays a line of its own.
            let whole = last.is_empty() || last.ends_with(b"\n");
            file.write_all(format!("{}{line}", if whole { "" } else { "\n" }).as_bytes())?;
            written.push(log);
        }
        Ok(written)
    }
}

/// The last bytes of a file, at most so many; `None` where there is no file. A log grows with every change: it is never
/// read whole.
fn last_bytes(path: &Path, most: usize) -> Result<Option<Vec<u8>>, Error> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(error.into()),
    };
    let found = file.metadata()?;
    if found.is_dir() {
        return Ok(None);
    }
    file.seek(SeekFrom::Start(found.len().saturating_sub(most as u64)))?;
    let mut bytes = Vec::with_capacity(most);
    file.take(most as u64).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

fn read(path: &Path) -> Result<Option<String>, Error> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        // A branch of the name `a` has no file where there are branches below `a/`.
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory
            ) =>
        {
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

fn unreadable() -> Error {
    Error::new(Kind::Damaged, "the repository's HEAD cannot be read").hint("`git switch main` sets it again")
}
