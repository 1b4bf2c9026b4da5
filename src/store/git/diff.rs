//! Which case files differ between two commits: only directories that differ are read.

use crate::error::Error;
use crate::store::id::{BlobId, ObjectId};
use crate::store::layout::CASES;

use super::read::Snapshot;
use super::tree::DIRECTORY;
use super::walk::{Met, Walk, foreign};

/// A case file that differs between two commits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Differs {
    /// Where it stands.
    pub path: String,
    /// What it held; `None` where it was not there.
    pub old: Option<BlobId>,
    /// What it holds now; `None` where it is gone.
    pub new: Option<BlobId>,
}

impl Snapshot {
    /// The id of the directory of the cases; `None` where there is none. Equal ids, equal cases.
    pub fn cases_tree(&self) -> Result<Option<ObjectId>, Error> {
        match self.repo.lookup(self.tree, CASES)? {
            Some(line) if line.mode == DIRECTORY => Ok(Some(line.id)),
            Some(_) => Err(foreign(CASES)),
            None => Ok(None),
        }
    }

    /// The case files that differ from those of another commit, given the id of its directory of the cases. `Damaged`
    /// where that directory cannot be read any more, or where anything but a file was committed.
    pub fn differ_from(&self, old: Option<ObjectId>) -> Result<Vec<Differs>, Error> {
        let mut found = Vec::new();
        let mut walks = [Walk::through(CASES), Walk::through(CASES)];
        self.compare((CASES, 0), [old, self.cases_tree()?], &mut walks, &mut found)?;
        Ok(found)
    }

    /// Compares the old and the new tree of a directory, each with its walk.
    fn compare(
        &self,
        (dir, below): (&str, usize),
        trees: [Option<ObjectId>; 2],
        walks: &mut [Walk; 2],
        found: &mut Vec<Differs>,
    ) -> Result<(), Error> {
        if trees[0] == trees[1] {
            return Ok(());
        }
        let lines = |tree: Option<ObjectId>| {
            let mut lines = tree.map_or(Ok(Vec::new()), |tree| self.repo.tree(tree))?;
            // By name alone: a file and a directory of one name are one place.
            lines.sort_by(|a, b| a.name.cmp(&b.name));
            Ok::<_, Error>(lines.into_iter().peekable())
        };
        let (mut old, mut new) = (lines(trees[0])?, lines(trees[1])?);
        loop {
            let name = match (old.peek(), new.peek()) {
                (None, None) => return Ok(()),
                (Some(one), None) | (None, Some(one)) => one.name.clone(),
                (Some(one), Some(other)) => one.name.clone().min(other.name.clone()),
            };
            let lines = [&mut old, &mut new].map(|lines| lines.next_if(|line| line.name == name));
            if lines[0] == lines[1] {
                continue;
            }
            let mut files = [None; 2];
            let mut below_it = [None; 2];
            let mut path = String::new();
            for (side, line) in lines.iter().enumerate() {
                let Some(line) = line else { continue };
                walks[side].goes_on(dir)?;
                match walks[side].meet(dir, below, line)? {
                    Met::File(at) => (files[side], path) = (Some(line.id), at),
                    Met::Directory(at) => (below_it[side], path) = (Some(line.id), at),
                    Met::ForGit(_) => {}
                }
            }
            if files[0] != files[1] {
                found.push(Differs { path: path.clone(), old: files[0], new: files[1] });
            }
            self.compare((&path, below + 1), below_it, walks, found)?;
        }
    }
}
