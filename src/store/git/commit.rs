//! Commits, read from their bytes once these were checked against their id.
//!
//! libgit2 would parse them too, but believes whatever lies under an id, and obeys `.git/info/grafts`.

use std::collections::HashSet;

use git2::ObjectType;

use crate::error::{Error, Kind};
use crate::store::beneath::Dir;
use crate::store::id::{CommitId, ObjectId};

use super::{Repo, corrupt};

/// A commit as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) struct Commit {
    pub(in crate::store) id: CommitId,
    pub(in crate::store) tree: ObjectId,
    pub(in crate::store) parents: Vec<CommitId>,
    pub(in crate::store) author: Signature,
    pub(in crate::store) committer: Signature,
    /// The message as it stands there.
    pub(in crate::store) message: String,
}

/// Who, and when.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::store) struct Signature {
    pub(in crate::store) name: String,
    pub(in crate::store) email: String,
    /// Seconds since 1970.
    pub(in crate::store) at_unix: i64,
    /// Local time's offset from UTC, in minutes.
    pub(in crate::store) offset_minutes: i32,
}

/// The file that lists the commits whose parents a shallow clone left out.
const SHALLOW: &str = "shallow";
/// A file of git's own is not larger.
const LARGEST_LIST: u64 = 1 << 24;

impl Repo {
    /// A commit, checked against its id.
    pub(in crate::store) fn commit(&self, id: CommitId) -> Result<Commit, Error> {
        let read = self.object(id, ObjectType::Commit, |bytes| parse(id, bytes))?;
        let mut commit = read.ok_or_else(|| corrupt(id))?;
        if !commit.parents.is_empty() && self.shallow()?.contains(&id) {
            commit.parents.clear();
        }
        Ok(commit)
    }

    /// The commits at which this copy's history begins although they have parents; read once.
    fn shallow(&self) -> Result<&HashSet<CommitId>, Error> {
        if let Some(known) = self.shallow.get() {
            return Ok(known);
        }
        let bytes = self.common.bytes(SHALLOW, LARGEST_LIST)?.unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        Ok(self.shallow.get_or_init(|| text.lines().filter_map(ObjectId::from_hex).collect()))
    }

    /// What makes other programs show another history than the one that the ids prove, in words; `None` where nothing
    /// does. csods itself does not follow it.
    pub(in crate::store) fn rewritten(&self) -> Result<Option<&'static str>, Error> {
        if self.common.stat("info/grafts")?.is_some() {
            return Ok(Some("there are grafts in .git/info/grafts"));
        }
        if not_empty(self.common.dir("refs/replace")?)? || self.packs_replacements()? {
            return Ok(Some("there are replacements in refs/replace"));
        }
        Ok(None)
    }

    /// The refusal of a change where git would see another history than csods.
    pub(in crate::store) fn not_rewritten(&self) -> Result<(), Error> {
        let Some(what) = self.rewritten()? else { return Ok(()) };
        let refusal = Error::new(
            Kind::Damaged,
            format!("{what}: git shows another history than the one that was recorded; nothing was changed"),
        );
        Err(refusal.hint(
            "look at them (`git replace --list`, `cat .git/info/grafts`); remove the first by `git replace -d ID`, the \
             second by removing the file",
        ))
    }
}

fn not_empty(dir: Option<Dir>) -> Result<bool, Error> {
    Ok(match dir {
        Some(dir) => !dir.names()?.is_empty(),
        None => false,
    })
}

/// `None` where the bytes are no commit.
fn parse(id: CommitId, bytes: &[u8]) -> Option<Commit> {
    let text = String::from_utf8_lossy(bytes);
    let (head, message) = text.split_once("\n\n").unwrap_or((text.trim_end_matches('\n'), ""));
    let mut lines = head.lines();
    let tree = ObjectId::from_hex(lines.next()?.strip_prefix("tree ")?)?;
    let mut parents = Vec::new();
    let (mut author, mut committer) = (None, None);
    for line in lines {
        if let Some(parent) = line.strip_prefix("parent ") {
            parents.push(ObjectId::from_hex(parent)?);
        } else if let Some(by) = line.strip_prefix("author ") {
            author = author.or(Some(signature(by)?));
        } else if let Some(by) = line.strip_prefix("committer ") {
            committer = committer.or(Some(signature(by)?));
        }
    }
    Some(Commit { id, tree, parents, author: author?, committer: committer?, message: message.to_owned() })
}

/// `NAME <EMAIL> SECONDS +HHMM`. A time that cannot be read counts as 1970.
fn signature(line: &str) -> Option<Signature> {
    let (who, time) = line.rsplit_once('>')?;
    let (name, email) = who.rsplit_once('<')?;
    let mut words = time.split_whitespace();
    let at_unix = words.next().and_then(|seconds| seconds.parse().ok()).unwrap_or(0);
    let offset_minutes = words.next().and_then(offset).unwrap_or(0);
    Some(Signature { name: name.trim().to_owned(), email: email.trim().to_owned(), at_unix, offset_minutes })
}

fn offset(word: &str) -> Option<i32> {
    let (sign, digits) = match (word.strip_prefix('-'), word.strip_prefix('+')) {
        (Some(digits), _) => (-1, digits),
        (_, Some(digits)) => (1, digits),
        _ => return None,
    };
    let number: i32 = digits.parse().ok().filter(|_| digits.len() == 4)?;
    Some(sign * (number / 100 * 60 + number % 100))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TREE: &str = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

    #[test]
    fn a_commit_is_read_as_git_writes_it() {
        let text = format!(
            "tree {TREE}\nparent {TREE}\nauthor A. Example <a@example.org> 1772443800 +0130\n\
             committer  <> 1772443800 -0030\ngpgsig -----BEGIN\n author X <x> 1 +0000\n -----END\n\nsubject\n\nbody\n"
        );
        let commit = parse(ObjectId::ZERO, text.as_bytes()).unwrap();
        assert_eq!((commit.tree.to_string(), commit.parents.len()), (TREE.to_owned(), 1));
        let author = Signature {
            name: "A. Example".to_owned(),
            email: "a@example.org".to_owned(),
            at_unix: 1_772_443_800,
            offset_minutes: 90,
        };
        assert_eq!(commit.author, author);
        assert_eq!((commit.committer.name.as_str(), commit.committer.offset_minutes), ("", -30));
        assert_eq!(commit.message, "subject\n\nbody\n");
        for wrong in ["", "tree x\n", &text.replace("author A", "writer A"), &text.replace(" <a@", " a@")] {
            assert_eq!(parse(ObjectId::ZERO, wrong.as_bytes()), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_commit_or_none(bytes: Vec<u8>, line in ".*") {
            parse(ObjectId::ZERO, &bytes);
            parse(ObjectId::ZERO, format!("tree {TREE}\nauthor {line}\ncommitter {line}\n\n{line}").as_bytes());
        }
    }
}
