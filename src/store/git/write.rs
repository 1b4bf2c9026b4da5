//! New objects.

use std::borrow::Cow;
use std::path::PathBuf;

use git2::{ObjectType, Signature, Time};

use crate::error::{Error, Kind};
use crate::store::id::{BlobId, CommitId, ObjectId};
use crate::store::{Author, CommitText};

use super::pack::Pack;
use super::{Repo, failed, id};

/// Where the objects of a change go.
pub(in crate::store) enum Objects {
    /// Each into a file of its own; those that were written.
    Loose(Vec<ObjectId>),
    /// All into one pack.
    Pack(Box<Pack>),
}

impl Repo {
    fn write_object(&self, objects: &mut Objects, kind: ObjectType, bytes: &[u8]) -> Result<ObjectId, Error> {
        match objects {
            Objects::Pack(pack) => pack.add(kind, bytes),
            Objects::Loose(written) => {
                let odb = self.git.odb().map_err(failed)?;
                let id = odb.write(kind, bytes).map(id).map_err(failed)?;
                written.push(id);
                Ok(id)
            }
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

    /// The file that holds an object, and its directory, where it stands by itself and not in a pack.
    pub(in crate::store) fn loose_object(&self, id: ObjectId) -> Option<(PathBuf, PathBuf)> {
        let hex = id.to_string();
        let dir = self.objects_dir().join(&hex[..2]);
        let file = dir.join(&hex[2..]);
        file.exists().then_some((file, dir))
    }

    pub(in crate::store) fn objects_dir(&self) -> PathBuf {
        self.common.join("objects")
    }
}
