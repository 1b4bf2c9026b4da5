//! What a change is about to do, written before anything that others see is touched.
//!
//! ```text
//! csods journal 2
//! branch refs/heads/main
//! old 5f0c...            the commit before; forty zeros where there is none
//! new 91ab...            the commit after; the same where only working files change
//! pack 3e21...           the pack of the new objects; `-` where there are none
//! file OLD NEW SEEN cases/2026/7/KP-26-7K3QF4.yaml
//! end 77d0...            the checksum of all lines above
//! ```
//! `OLD` and `NEW` are the ids of the file's content in the two commits, `SEEN` that of an edit by hand which the change
//! takes in; `-` where there is none.
//!
//! The file is made once and never removed: while no change is under way it is empty. So its name is on the disk long
//! before it is needed, and each change syncs its content alone. A power cut may leave any part of that, and the
//! checksum says whether it is whole: one that is not announced nothing.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::id::{BlobId, CommitId, ObjectId};
use super::layout::check_path;

const FIRST: &str = "csods journal 2";

/// What the file holds until its name has reached the disk.
const UNNAMED: &[u8] = b"not yet synced\n";

/// A change as its journal has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Journal {
    pub(super) branch: String,
    pub(super) old: CommitId,
    pub(super) new: CommitId,
    /// The pack of the new objects, by its checksum.
    pub(super) pack: Option<ObjectId>,
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

/// What a journal says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Announced {
    /// Nothing: no change is under way.
    Nothing,
    /// A change that was cut off before it was announced.
    Half,
    /// A change that may have been made.
    Change(Journal),
}

impl Journal {
    /// Writes it into its file, which is empty. Not synced.
    pub(super) fn announce(&self, to: &Path) -> io::Result<()> {
        open(to)?.write_all(self.write().as_bytes())
    }

    fn write(&self) -> String {
        let id = |id: Option<ObjectId>| id.map_or_else(|| "-".to_owned(), |id| id.to_string());
        let mut text = format!("{FIRST}\nbranch {}\nold {}\nnew {}\n", self.branch, self.old, self.new);
        text.push_str(&format!("pack {}\n", id(self.pack)));
        for file in &self.files {
            let line = format!("file {} {} {} {}\n", id(file.old), id(file.new), id(file.seen), file.path);
            text.push_str(&line);
        }
        let sum = ObjectId::of_blob(text.as_bytes());
        text.push_str(&format!("end {sum}\n"));
        text
    }
}

/// What is announced.
pub(super) fn read(path: &Path) -> io::Result<Announced> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Announced::Nothing),
        Err(error) => return Err(error),
    };
    if bytes.is_empty() {
        return Ok(Announced::Nothing);
    }
    let journal = std::str::from_utf8(&bytes).ok().and_then(parse);
    Ok(journal.map_or(Announced::Half, Announced::Change))
}

/// Makes the file where there is none; returns when its name has reached the disk.
pub(super) fn prepare(path: &Path) -> io::Result<()> {
    if super::layout::at(path)?.is_none() {
        open(path)?.write_all(UNNAMED)?;
        clear(path)?;
    }
    Ok(())
}

/// Empties the file. Where it held less than a journal, it may be new: then its name is synced first.
pub(super) fn clear(path: &Path) -> io::Result<()> {
    if read(path)? == Announced::Half {
        let above: Vec<PathBuf> = path.ancestors().skip(1).take(2).map(Path::to_owned).collect();
        super::sync::sync(&above.into_iter().collect())?;
    }
    open(path)?.set_len(0)
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)
}

fn parse(text: &str) -> Option<Journal> {
    let (above, sum) = text.strip_suffix('\n')?.rsplit_once("\nend ")?;
    let mut lines = above.lines();
    if ObjectId::from_hex(sum)? != ObjectId::of_blob(format!("{above}\n").as_bytes())
        || lines.next()? != FIRST
    {
        return None;
    }
    let optional = |word: &str| match word {
        "-" => Some(None),
        text => ObjectId::from_hex(text).map(Some),
    };
    let branch = lines.next()?.strip_prefix("branch ")?.to_owned();
    let old = ObjectId::from_hex(lines.next()?.strip_prefix("old ")?)?;
    let new = ObjectId::from_hex(lines.next()?.strip_prefix("new ")?)?;
    let pack = optional(lines.next()?.strip_prefix("pack ")?)?;
    let mut files = Vec::new();
    for line in lines {
        let mut words = line.strip_prefix("file ")?.splitn(4, ' ');
        let mut id = || optional(words.next()?);
        let (old, new, seen) = (id()?, id()?, id()?);
        let path = words.next()?.to_owned();
        check_path(&path).ok()?;
        files.push(JournalFile { path, old, new, seen });
    }
    Some(Journal { branch, old, new, pack, files })
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
            pack: Some(ObjectId::of_blob(b"pack")),
            files: vec![file("a b.md", None), file("c/d", Some(ObjectId::of_blob(b"old")))],
        };
        let text = journal.write();
        assert_eq!(parse(&text), Some(journal));
        for end in 0..text.len() {
            assert!(parse(&text[..end]).is_none(), "cut at {end}");
        }
        // A power cut may leave some blocks of what was written and zeros, or older lines, for the rest.
        for at in 0..text.len() {
            let (before, after) = text.split_at(at);
            assert!(parse(&format!("{before}{}", "\0".repeat(after.len()))).is_none(), "zeros from {at}");
        }
        assert!(parse(&format!("{text}file - - - a\n")).is_none());
        assert!(parse(&text.replace("c/d", "../d")).is_none());
    }

    #[test]
    fn the_file_is_made_once_and_then_only_filled_and_emptied() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal");
        assert_eq!(read(&path).unwrap(), Announced::Nothing);
        prepare(&path).unwrap();
        assert_eq!(read(&path).unwrap(), Announced::Nothing);
        let journal = Journal {
            branch: "refs/heads/main".to_owned(),
            old: ObjectId::ZERO,
            new: ObjectId::of_blob(b"x"),
            pack: None,
            files: Vec::new(),
        };
        journal.announce(&path).unwrap();
        prepare(&path).unwrap();
        assert_eq!(read(&path).unwrap(), Announced::Change(journal));
        clear(&path).unwrap();
        assert_eq!(read(&path).unwrap(), Announced::Nothing);
        open(&path).unwrap().write_all(UNNAMED).unwrap();
        assert_eq!(read(&path).unwrap(), Announced::Half);
    }
}

#[cfg(test)]
#[path = "../../tests/fuzz/journal.rs"]
mod fuzz;
