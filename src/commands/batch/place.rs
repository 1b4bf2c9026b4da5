//! Where the cases of a batch stand until it is committed: a few in memory, the others in the directory of the change.
//! Where a batch is only tried, nothing is written, and the others stand in memory, made small.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::domain::case::Case;
use crate::domain::reference::Reference;
use crate::domain::scalars::ItemId;
use crate::error::Error;
use crate::store::{Change, Snapshot, files, zlib};

/// So many changed cases stand in memory as they are.
const MOST_IN_MEMORY: usize = 256;

/// The place of a batch.
pub struct Place<'o> {
    to: To<'o>,
    /// Cases that were changed and are not written yet.
    changed: HashMap<Reference, Rc<Case>>,
    /// The ids of the items of cases that were asked for.
    ids: HashMap<Reference, Rc<HashSet<ItemId>>>,
}

enum To<'o> {
    Change(Box<Change<'o>>),
    Nowhere { head: &'o Snapshot, kept: HashMap<String, Vec<u8>> },
}

impl<'o> Place<'o> {
    /// In a change that will be committed.
    pub fn change(change: Change<'o>) -> Place<'o> {
        Place { to: To::Change(Box::new(change)), changed: HashMap::new(), ids: HashMap::new() }
    }

    /// Where nothing is written.
    pub fn nowhere(head: &'o Snapshot) -> Place<'o> {
        Place { to: To::Nowhere { head, kept: HashMap::new() }, changed: HashMap::new(), ids: HashMap::new() }
    }

    /// The store as the batch found it.
    pub fn head(&self) -> &Snapshot {
        match &self.to {
            To::Change(change) => change.head(),
            To::Nowhere { head, .. } => head,
        }
    }

    /// A case as it stands now. One whose file was edited by hand is refused.
    pub fn case(&self, reference: &Reference) -> Result<Option<Rc<Case>>, Error> {
        if let Some(case) = self.changed.get(reference) {
            return Ok(Some(Rc::clone(case)));
        }
        let path = reference.case_path();
        if let Some(bytes) = self.planned(&path)? {
            return files::case_at(&path, &bytes).map(|case| Some(Rc::new(case)));
        }
        if let To::Change(change) = &self.to {
            change.untouched(&path)?;
        }
        Ok(files::case(self.head(), reference)?.map(|(case, _)| Rc::new(case)))
    }

    /// The ids of the items of a case, as it stands now or stood before in the batch.
    pub fn ids(&mut self, case: &Case) -> Rc<HashSet<ItemId>> {
        if self.ids.len() >= MOST_IN_MEMORY && !self.ids.contains_key(&case.reference) {
            self.ids.clear();
        }
        let ids = self.ids.entry(case.reference.clone()).or_insert_with(|| Rc::new(case.item_ids()));
        Rc::clone(ids)
    }

    /// Adds ids that the case has got.
    pub fn add_ids(&mut self, reference: &Reference, new: impl IntoIterator<Item = ItemId>) {
        if let Some(ids) = self.ids.get_mut(reference) {
            Rc::make_mut(ids).extend(new);
        }
    }

    /// The case as it stands from now on.
    pub fn keep(&mut self, case: Case) -> Result<(), Error> {
        if self.changed.len() >= MOST_IN_MEMORY && !self.changed.contains_key(&case.reference) {
            self.write()?;
        }
        self.changed.insert(case.reference.clone(), Rc::new(case));
        Ok(())
    }

    fn write(&mut self) -> Result<(), Error> {
        for (reference, case) in std::mem::take(&mut self.changed) {
            self.put(&reference.case_path(), &files::write_case(&case)?)?;
        }
        Ok(())
    }

    /// A file as it stands now.
    pub fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        match self.planned(path)? {
            Some(bytes) => Ok(Some(bytes)),
            None => self.head().read(path),
        }
    }

    fn planned(&self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        match &self.to {
            To::Change(change) => change.planned(path),
            To::Nowhere { kept, .. } => kept.get(path).map(|bytes| zlib::inflate(bytes)).transpose(),
        }
    }

    /// A file as it will be.
    pub fn put(&mut self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        match &mut self.to {
            To::Change(change) => change.put_aside(path, bytes),
            To::Nowhere { kept, .. } => {
                kept.insert(path.to_owned(), zlib::deflate(bytes)?);
                Ok(())
            }
        }
    }

    /// The change with everything in it; `None` where nothing is written.
    pub fn finish(mut self) -> Result<Option<Change<'o>>, Error> {
        self.write()?;
        match self.to {
            To::Change(change) => Ok(Some(*change)),
            To::Nowhere { .. } => Ok(None),
        }
    }
}
