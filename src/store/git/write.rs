//! New objects.

use std::borrow::Cow;
use std::io;
use std::path::PathBuf;

use git2::{ObjectType, Signature, Time};

use crate::error::{Error, Kind};
use crate::store::beneath::Dir;
use crate::store::id::{BlobId, CommitId, ObjectId};
use crate::store::{Author, CommitText};

use super::Repo;
use super::pack::Pack;

impl Pack {
    /// Adds the content of a file.
    pub(in crate::store) fn add_blob(&mut self, bytes: &[u8]) -> Result<BlobId, Error> {
        self.add(ObjectType::Blob, bytes)
    }

    /// Adds a commit.
    ///
    /// # Errors
    /// `Answers` where the author's name or address cannot be written into one.
    pub(in crate::store) fn add_commit(
        &mut self,
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
        self.add(ObjectType::Commit, commit.as_bytes())
    }
}

impl Repo {
    /// The directory of the objects, opened.
    pub(in crate::store) fn objects(&self) -> io::Result<Dir> {
        self.common.made_dir("objects")
    }

    /// Where the objects are kept.
    pub(in crate::store) fn objects_dir(&self) -> PathBuf {
        self.common().join("objects")
    }
}
