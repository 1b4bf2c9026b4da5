//! Which case files differ between two commits: only directories that differ are read.

use crate::error::Error;
use crate::store::id::{BlobId, ObjectId};
use crate::store::layout::{CASES, check_path};

use super::read::{DEEPEST, Snapshot, foreign};
use super::tree::{DIRECTORY, Line, is_file};

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
        self.compare(CASES, old, self.cases_tree()?, DEEPEST, &mut found)?;
        Ok(found)
    }

    fn compare(
        &self,
        dir: &str,
        old: Option<ObjectId>,
        new: Option<ObjectId>,
        deep: usize,
        found: &mut Vec<Differs>,
    ) -> Result<(), Error> {
        if old == new {
            return Ok(());
        }
        let lines = |tree: Option<ObjectId>| tree.map_or(Ok(Vec::new()), |tree| self.repo.tree(tree));
        let (mut old, mut new) = (lines(old)?, lines(new)?);
        // By name alone: a file and a directory of one name are one place.
        old.sort_by(|a, b| a.name.cmp(&b.name));
        new.sort_by(|a, b| a.name.cmp(&b.name));
        let (mut old, mut new) = (old.into_iter().peekable(), new.into_iter().peekable());
        loop {
            let name = match (old.peek(), new.peek()) {
                (None, None) => return Ok(()),
                (Some(one), None) | (None, Some(one)) => one.name.clone(),
                (Some(one), Some(other)) => one.name.clone().min(other.name.clone()),
            };
            let before = old.next_if(|line| line.name == name);
            let after = new.next_if(|line| line.name == name);
            if before == after {
                continue;
            }
            let path = std::str::from_utf8(&name).map_err(|_| foreign(dir))?;
            let path = format!("{dir}/{path}");
            let below =
                |line: &Option<Line>| line.as_ref().filter(|line| line.mode == DIRECTORY).map(|line| line.id);
            let file =
                |line: &Option<Line>| line.as_ref().filter(|line| is_file(line.mode)).map(|line| line.id);
            if let Some(line) = &after {
                let fits = if line.mode == DIRECTORY { deep > 0 } else { is_file(line.mode) };
                if !fits || check_path(&path).is_err() {
                    return Err(foreign(&path));
                }
            }
            if file(&before) != file(&after) {
                found.push(Differs { path: path.clone(), old: file(&before), new: file(&after) });
            }
            self.compare(&path, below(&before), below(&after), deep.saturating_sub(1), found)?;
        }
    }
}
