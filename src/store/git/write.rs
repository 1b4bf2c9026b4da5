//! New objects.

use std::path::PathBuf;

use git2::{ObjectType, Signature, Time};

use crate::error::{Error, Kind};
use crate::store::id::{BlobId, CommitId, ObjectId};
use crate::store::{Author, CommitText};

use super::{Repo, failed, id, oid};

impl Repo {
    pub(super) fn write_object(&self, kind: ObjectType, bytes: &[u8]) -> Result<ObjectId, Error> {
        let odb = self.git.odb().map_err(failed)?;
        odb.write(kind, bytes).map(id).map_err(failed)
    }

    pub(in crate::store) fn write_blob(&self, bytes: &[u8]) -> Result<BlobId, Error> {
        self.write_object(ObjectType::Blob, bytes)
    }

    pub(in crate::store) fn write_commit(
        &self,
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
        let tree = self.git.find_tree(oid(tree)).map_err(failed)?;
        let parent = parent.map(|parent| self.git.find_commit(oid(parent)).map_err(failed)).transpose()?;
        let parents: Vec<_> = parent.iter().collect();
        self.git.commit(None, &by, &by, &text.message()?, &tree, &parents).map(id).map_err(failed)
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
