//! New objects.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use git2::{ObjectType, Signature, Time};

use crate::error::{Error, Kind};
use crate::store::id::{BlobId, CommitId, ObjectId};
use crate::store::zlib::Deflater;
use crate::store::{Author, CommitText, disk};

use super::Repo;
use super::pack::Pack;

/// Where the objects of a change go.
pub(in crate::store) enum Objects {
    /// Each into a file of its own.
    Loose(Box<Loose>),
    /// All into one pack.
    Pack(Box<Pack>),
}

/// Objects in files of their own.
///
/// Each is written whether git has it or not: a crash may have left a file of that name whose bytes never reached the
/// disk, and that must not be taken for the object.
pub(in crate::store) struct Loose {
    /// Where a file is filled before it gets its name.
    aside: PathBuf,
    small: Deflater,
    /// The files, and the directories whose lists of names changed.
    written: BTreeSet<PathBuf>,
}

impl Loose {
    /// Files are filled in `dir`, which nobody else writes to.
    pub(in crate::store) fn begin(dir: &Path) -> Loose {
        Loose { aside: dir.join("object"), small: Deflater::default(), written: BTreeSet::new() }
    }

    fn add(&mut self, objects: &Path, kind: ObjectType, bytes: &[u8]) -> Result<ObjectId, Error> {
        let id = ObjectId::of(kind.str(), bytes);
        let small = self.small.deflate(&[format!("{} {}\0", kind.str(), bytes.len()).as_bytes(), bytes])?;
        OpenOptions::new().write(true).create_new(true).mode(0o444).open(&self.aside)?.write_all(&small)?;
        let hex = id.to_string();
        let name = format!("{}/{}", &hex[..2], &hex[2..]);
        let file = objects.join(&name);
        match fs::rename(&self.aside, &file) {
            // Plain git may make the directory at the same moment.
            Err(error) if error.kind() == ErrorKind::NotFound => {
                disk::make_above(objects, &name)?;
                fs::rename(&self.aside, &file)?;
            }
            done => done?,
        }
        self.written.extend([file, objects.join(&hex[..2])]);
        Ok(id)
    }

    /// What is to be synced, besides the directory of all objects.
    pub(in crate::store) fn finish(self) -> BTreeSet<PathBuf> {
        self.written
    }
}

impl Repo {
    fn write_object(&self, objects: &mut Objects, kind: ObjectType, bytes: &[u8]) -> Result<ObjectId, Error> {
        match objects {
            Objects::Pack(pack) => pack.add(kind, bytes),
            Objects::Loose(loose) => loose.add(&self.objects_dir(), kind, bytes),
        }
    }

    /// Writes a directory that was `before`.
    pub(super) fn write_tree(
        &self,
        objects: &mut Objects,
        before: Option<ObjectId>,
        bytes: &[u8],
    ) -> Result<ObjectId, Error> {
        match objects {
            Objects::Pack(pack) => pack.add_tree(before, bytes),
            Objects::Loose(_) => self.write_object(objects, ObjectType::Tree, bytes),
        }
    }

    pub(in crate::store) fn write_blob(&self, objects: &mut Objects, bytes: &[u8]) -> Result<BlobId, Error> {
        self.write_object(objects, ObjectType::Blob, bytes)
    }

    pub(in crate::store) fn write_commit(
        &self,
        objects: &mut Objects,
        tree: ObjectId,
        parent: Option<CommitId>,
        text: &CommitText,
        author: &Author,
    ) -> Result<CommitId, Error> {
        let at = Time::new(author.at_unix, author.offset_minutes);
        let refusal = || {
            Error::new(Kind::Answers, "the author's name or e-mail address cannot stand in a commit")
                .hint("set them by `git config user.name` and `git config user.email`, without `<`, `>` and line breaks")
        };
        if author.name.contains(char::is_control) || author.email.contains(char::is_control) {
            return Err(refusal());
        }
        let by = Signature::new(&author.name, &author.email, &at).map_err(|_| refusal())?;
        let part = |bytes| String::from_utf8_lossy(bytes);
        let (name, email): (Cow<'_, str>, Cow<'_, str>) = (part(by.name_bytes()), part(by.email_bytes()));
        let (sign, distance) = if author.offset_minutes < 0 {
            ('-', -author.offset_minutes)
        } else {
            ('+', author.offset_minutes)
        };
        let by =
            format!("{name} <{email}> {} {sign}{:02}{:02}", author.at_unix, distance / 60, distance % 60);
        let parent = parent.map(|parent| format!("parent {parent}\n")).unwrap_or_default();
        let commit = format!("tree {tree}\n{parent}author {by}\ncommitter {by}\n\n{}", text.message()?);
        self.write_object(objects, ObjectType::Commit, commit.as_bytes())
    }

    pub(in crate::store) fn objects_dir(&self) -> PathBuf {
        self.common.join("objects")
    }
}
