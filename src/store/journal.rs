//! What a change is about to do, written before anything that others see is touched.
//!
//! ```text
//! csods journal 2
//! dir 2049 1183          device and inode of the directory that it lies in
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
//!
//! A journal may have come with a copied store, whatever it says. So it counts for nothing where it names anything that no
//! change could: a branch that HEAD could not name, a path outside the store. Whether it was written here, `dir` says.

use std::fs::File;
use std::io::{self, Write};

use super::beneath::Dir;
use super::git::refs::is_branch;
use super::id::{BlobId, CommitId, ObjectId};
use super::layout::check_path;
use super::rights::Access;

const FIRST: &str = "csods journal 2";

/// The file, in `.git/csods`.
const NAME: &str = "journal";
/// More than any journal has bytes: a change of a million files.
const LARGEST: u64 = 1 << 28;

/// What the file holds until its name has reached the disk.
const UNNAMED: &[u8] = b"not yet synced\n";

/// A change as its journal has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Journal {
    /// Device and inode of the directory of its file.
    pub(super) dir: (u64, u64),
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
    pub(super) fn announce(&self, kept: &Dir) -> io::Result<()> {
        open(kept)?.write_all(self.write().as_bytes())
    }

    fn write(&self) -> String {
        let id = |id: Option<ObjectId>| id.map_or_else(|| "-".to_owned(), |id| id.to_string());
        let (device, inode) = self.dir;
        let mut text = format!("{FIRST}\ndir {device} {inode}\nbranch {}\n", self.branch);
        text.push_str(&format!("old {}\nnew {}\n", self.old, self.new));
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

/// What is announced in `.git/csods`.
pub(super) fn read(kept: &Dir) -> io::Result<Announced> {
    let bytes = kept.bytes(NAME, LARGEST)?.unwrap_or_default();
    if bytes.is_empty() {
        return Ok(Announced::Nothing);
    }
    let journal = std::str::from_utf8(&bytes).ok().and_then(parse);
    Ok(journal.map_or(Announced::Half, Announced::Change))
}

/// Whether there may be anything announced.
pub(super) fn is_empty(kept: &Dir) -> io::Result<bool> {
    Ok(kept.stat(NAME)?.is_none_or(|found| found.st_size == 0))
}

/// Makes the file where there is none; returns when its name has reached the disk.
pub(super) fn prepare(kept: &Dir) -> io::Result<()> {
    if kept.stat(NAME)?.is_none() {
        open(kept)?.write_all(UNNAMED)?;
        clear(kept)?;
    }
    Ok(())
}

/// Empties the file. Where it held less than a journal, it may be new: then its name is synced first.
pub(super) fn clear(kept: &Dir) -> io::Result<()> {
    if read(kept)? == Announced::Half {
        let above = kept.path().ancestors().take(2).map(std::path::Path::to_owned);
        super::sync::sync(&above.collect())?;
    }
    open(kept)?.set_len(0)
}

fn open(kept: &Dir) -> io::Result<File> {
    kept.open_or_create(NAME, Access::Kept)
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
    let (device, inode) = lines.next()?.strip_prefix("dir ")?.split_once(' ')?;
    let dir = (device.parse().ok()?, inode.parse().ok()?);
    let branch = lines.next()?.strip_prefix("branch ").filter(|name| is_branch(name))?.to_owned();
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
    Some(Journal { dir, branch, old, new, pack, files })
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::option;
    use proptest::prelude::*;

    use super::super::rights::Rights;
    use super::*;

    fn journal() -> Journal {
        let file = |path: &str, old| JournalFile {
            path: path.to_owned(),
            old,
            new: Some(ObjectId::of_blob(b"new")),
            seen: None,
        };
        Journal {
            dir: (2049, 1183),
            branch: "refs/heads/main".to_owned(),
            old: ObjectId::ZERO,
            new: ObjectId::of_blob(b"x"),
            pack: Some(ObjectId::of_blob(b"pack")),
            files: vec![file("a b.md", None), file("c/d", Some(ObjectId::of_blob(b"old")))],
        }
    }

    /// With a checksum that is right, as whoever forges a journal would give it.
    fn summed(above: &str) -> String {
        let above = above.split("end ").next().unwrap();
        format!("{above}end {}\n", ObjectId::of_blob(above.as_bytes()))
    }

    #[test]
    fn what_is_written_is_read_and_nothing_less() {
        let text = journal().write();
        assert_eq!(parse(&text), Some(journal()));
        for end in 0..text.len() {
            assert!(parse(&text[..end]).is_none(), "cut at {end}");
        }
        // A power cut may leave some blocks of what was written and zeros, or older lines, for the rest.
        for at in 0..text.len() {
            let (before, after) = text.split_at(at);
            assert!(parse(&format!("{before}{}", "\0".repeat(after.len()))).is_none(), "zeros from {at}");
        }
        assert!(parse(&format!("{text}file - - - a\n")).is_none());
        assert!(parse(&text.replace("c/d", "e/d")).is_none());
        assert_eq!(parse(&summed(&text)), Some(journal()));
    }

    #[test]
    fn one_that_names_what_no_change_could_counts_for_nothing() {
        let text = journal().write();
        for (from, to) in [
            ("c/d", "../d"),
            ("c/d", "/d"),
            ("c/d", ".git/d"),
            ("refs/heads/main", "../../../victim/.bash_aliases"),
            ("refs/heads/main", "refs/heads/../../../x"),
            ("refs/heads/main", "HEAD"),
            ("refs/heads/main", "refs/heads/main.lock"),
            ("refs/heads/main", ""),
            ("dir 2049 1183", "dir 2049"),
            ("dir 2049 1183\n", ""),
        ] {
            assert!(parse(&summed(&text.replace(from, to))).is_none(), "{to}");
        }
    }

    #[test]
    fn the_file_is_made_once_and_then_only_filled_and_emptied() {
        let dir = tempfile::tempdir().unwrap();
        let rights = Rights::of(&dir.path().metadata().unwrap());
        let kept = Dir::open(dir.path(), rights, Access::Kept).unwrap();
        assert_eq!(read(&kept).unwrap(), Announced::Nothing);
        prepare(&kept).unwrap();
        assert_eq!(read(&kept).unwrap(), Announced::Nothing);
        journal().announce(&kept).unwrap();
        prepare(&kept).unwrap();
        assert_eq!(read(&kept).unwrap(), Announced::Change(journal()));
        clear(&kept).unwrap();
        assert_eq!(read(&kept).unwrap(), Announced::Nothing);
        open(&kept).unwrap().write_all(UNNAMED).unwrap();
        assert_eq!(read(&kept).unwrap(), Announced::Half);
    }

    fn id() -> impl Strategy<Value = ObjectId> {
        any::<[u8; 20]>().prop_map(ObjectId::from_bytes)
    }

    proptest! {
        #[test]
        fn any_text_is_no_journal_or_one_that_stays_inside(
            text in "(csods journal [12]\n)?(dir [0-9 ]{0,9}\n)?(branch [a-z./]{0,20}\n)?(old [0-9a-f]{40}\n)?\
                     (new [0-9a-f]{40}\n)?(pack -\n)?(file - - - [a-z./ ]{0,20}\n){0,3}",
            noise in ".{0,40}",
        ) {
            for text in [&text, &noise, &format!("{text}{noise}"), &text.replacen('\n', &noise, 1)] {
                parse(text);
                if let Some(journal) = parse(&summed(text)) {
                    prop_assert!(is_branch(&journal.branch));
                    prop_assert!(journal.files.iter().all(|file| check_path(&file.path).is_ok()));
                    prop_assert_eq!(parse(&journal.write()), Some(journal));
                }
            }
        }

        #[test]
        fn every_journal_is_read_as_it_was_written(
            dir: (u64, u64),
            branch in "refs/heads/[a-z]{1,8}(/[a-z]{1,8}){0,2}",
            (old, new, pack) in (id(), id(), option::of(id())),
            files in vec(("[a-z ]{1,9}(/[A-Z0-9.-]{3,9}){0,3}", option::of(id()), option::of(id()), option::of(id())), 0..5),
        ) {
            let files = files.into_iter().map(|(path, old, new, seen)| JournalFile { path, old, new, seen });
            let journal = Journal { dir, branch, old, new, pack, files: files.collect() };
            prop_assume!(journal.files.iter().all(|file| check_path(&file.path).is_ok()) && is_branch(&journal.branch));
            prop_assert_eq!(parse(&journal.write()), Some(journal));
        }
    }
}

#[cfg(test)]
#[path = "../../tests/fuzz/journal.rs"]
mod fuzz;
