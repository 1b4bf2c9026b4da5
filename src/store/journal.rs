//! What a change is about to do, written before anything that others see is touched.
//!
//! ```text
//! csods journal 1
//! branch refs/heads/main
//! old 5f0c...            the commit before; forty zeros where there is none
//! new 91ab...            the commit after; the same where only working files change
//! file OLD NEW SEEN cases/2026/7/KP-26-7K3QF4.yaml
//! end
//! ```
//! `OLD` and `NEW` are the ids of the file's content in the two commits, `SEEN` that of an edit by hand which the change
//! takes in; `-` where there is none. `end` says that it is whole.

use super::id::{BlobId, CommitId, ObjectId};
use super::layout::check_path;

const FIRST: &str = "csods journal 1";

/// A change as its journal has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Journal {
    pub(super) branch: String,
    pub(super) old: CommitId,
    pub(super) new: CommitId,
    pub(super) files: Vec<JournalFile>,
}

/// One file of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct JournalFile {
    pub(super) path: String,
    pub(super) old: Option<BlobId>,
    pub(super) new: Option<BlobId>,
    pub(super) seen: Option<BlobId>,
}

impl JournalFile {
    /// Whether this content is one that the change itself accounts for, so that replacing it loses nothing.
    pub(super) fn knows(&self, id: Option<BlobId>) -> bool {
        id == self.old || id == self.new || (self.seen.is_some() && id == self.seen)
    }
}

impl Journal {
    pub(super) fn write(&self) -> String {
        let id = |id: Option<BlobId>| id.map_or_else(|| "-".to_owned(), |id| id.to_string());
        let mut text = format!("{FIRST}\nbranch {}\nold {}\nnew {}\n", self.branch, self.old, self.new);
        for file in &self.files {
            let line = format!("file {} {} {} {}\n", id(file.old), id(file.new), id(file.seen), file.path);
            text.push_str(&line);
        }
        text.push_str("end\n");
        text
    }

    /// A whole journal; `None` for one whose writing was cut off.
    pub(super) fn read(text: &str) -> Option<Journal> {
        parse(text)
    }
}

fn parse(text: &str) -> Option<Journal> {
    let mut lines = text.lines();
    if lines.next()? != FIRST {
        return None;
    }
    let branch = lines.next()?.strip_prefix("branch ")?.to_owned();
    let old = ObjectId::from_hex(lines.next()?.strip_prefix("old ")?)?;
    let new = ObjectId::from_hex(lines.next()?.strip_prefix("new ")?)?;
    let mut files = Vec::new();
    loop {
        let line = lines.next()?;
        if line == "end" {
            return Some(Journal { branch, old, new, files });
        }
        let mut words = line.strip_prefix("file ")?.splitn(4, ' ');
        let mut id = || match words.next()? {
            "-" => Some(None),
            text => ObjectId::from_hex(text).map(Some),
        };
        let (old, new, seen) = (id()?, id()?, id()?);
        let path = words.next()?.to_owned();
        check_path(&path).ok()?;
        files.push(JournalFile { path, old, new, seen });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_less() {
        let file = |path: &str, old| JournalFile {
            path: path.to_owned(),
            old,
            new: Some(ObjectId::of_blob(b"new")),
            seen: None,
        };
        let journal = Journal {
            branch: "refs/heads/main".to_owned(),
            old: ObjectId::ZERO,
            new: ObjectId::of_blob(b"x"),
            files: vec![file("a b.md", None), file("c/d", Some(ObjectId::of_blob(b"old")))],
        };
        let text = journal.write();
        assert_eq!(Journal::read(&text), Some(journal));
        for end in 0..text.len() - 1 {
            assert!(Journal::read(&text[..end]).is_none(), "cut at {end}");
        }
        assert!(Journal::read(&text.replace("c/d", "../d")).is_none());
    }
}

#[cfg(test)]
#[path = "../../tests/fuzz/journal.rs"]
mod fuzz;
