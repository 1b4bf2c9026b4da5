//! Which lines of a batch become which commit, so that the history can tell them apart.

use std::collections::{BTreeMap, BTreeSet};

use super::marks::Mark;
use super::message::Done;
use super::{Batch, How};
use crate::domain::action::ActionKind;
use crate::domain::case::Case;
use crate::domain::history;
use crate::domain::reference::Reference;
use crate::error::{Error, Kind};
use crate::store::files;

/// So many actions on one case in one commit are told apart, where one of them changes what another recorded.
const MOST_TOLD_APART: usize = 64;

/// What becomes one commit.
#[derive(Default)]
pub(super) struct Unit {
    pub(super) done: Vec<Done>,
    /// Cases that a later unit changes again, as they are after this one.
    pub(super) meanwhile: BTreeMap<Reference, Vec<u8>>,
    pub(super) marks: Vec<Mark>,
    /// The later unit that this one became part of.
    pub(super) joined: Option<usize>,
}

/// Where a changed case stands in the batch.
pub(super) struct Open {
    pub(super) unit: usize,
    /// Whether the batch opened it.
    pub(super) new: bool,
    pub(super) kinds: Vec<ActionKind>,
    /// How much text the batch has brought to it.
    pub(super) brought: usize,
}

impl Batch<'_> {
    /// The commit that a line belongs to.
    pub(super) fn unit_for(&mut self, applied: &[(ActionKind, Option<Case>, Case)]) -> Result<usize, Error> {
        let mut apart = false;
        for (kind, _, after) in applied {
            apart |= !self.told_apart(*kind, after)?;
        }
        if self.how == How::OneCommit {
            if apart {
                return Err(Error::new(
                    Kind::Conflict,
                    "it changes what an earlier line for the same case records: in one commit the history could not tell them apart",
                )
                .hint("give it in a batch of its own, or use --per-case; nothing was changed"));
            }
            if self.units.is_empty() {
                self.units.push(Unit::default());
            }
            return Ok(0);
        }
        let references: Vec<&Reference> = applied.iter().map(|(.., after)| &after.reference).collect();
        let found: BTreeSet<usize> = references
            .iter()
            .filter_map(|reference| self.open.get(*reference))
            .map(|open| open.unit)
            .collect();
        let last = found.last().copied();
        let closed = found.iter().any(|unit| !self.units[*unit].meanwhile.is_empty());
        match last {
            Some(last) if !apart && (found.len() == 1 || !closed) => {
                for unit in found.into_iter().filter(|unit| *unit != last) {
                    self.join(unit, last);
                }
                Ok(last)
            }
            _ => {
                // What was done before stands as a commit of its own.
                for reference in references {
                    self.close(reference)?;
                }
                self.units.push(Unit::default());
                Ok(self.units.len() - 1)
            }
        }
    }

    /// Whether the actions on a case in the commit that is open for it can be told apart with one more.
    fn told_apart(&mut self, kind: ActionKind, after: &Case) -> Result<bool, Error> {
        use ActionKind as A;
        let changes = |kind: &ActionKind| matches!(kind, A::Assign | A::Correct | A::Reopen | A::Reroute);
        let reference = &after.reference;
        let Some(open) = self.open.get(reference).filter(|open| !open.kinds.is_empty()) else {
            return Ok(true);
        };
        let kinds: Vec<ActionKind> = open.kinds.iter().copied().chain([kind]).collect();
        if !kinds.iter().any(changes) {
            return Ok(true);
        }
        if kinds.len() > MOST_TOLD_APART {
            return Ok(false);
        }
        let earlier = self.units[..open.unit].iter().rev().find_map(|unit| unit.meanwhile.get(reference));
        let before = match earlier {
            Some(bytes) => Some(files::case_at(&reference.case_path(), bytes)?),
            None => files::case(self.place.head(), reference)?.map(|(case, _)| case),
        };
        let told = history::told_apart(&kinds, before.as_ref(), after, &self.moment, &self.settings);
        Ok(told.is_some())
    }

    /// Ends the commit that is open for a case.
    fn close(&mut self, reference: &Reference) -> Result<(), Error> {
        let Some(open) = self.open.get_mut(reference) else { return Ok(()) };
        open.kinds.clear();
        if let Some(case) = self.place.case(reference)? {
            self.units[open.unit].meanwhile.insert(reference.clone(), files::write_case(&case)?);
        }
        Ok(())
    }

    /// Makes one commit of two.
    fn join(&mut self, unit: usize, with: usize) {
        let joined = std::mem::take(&mut self.units[unit]);
        self.units[unit].joined = Some(with);
        for done in &joined.done {
            if let Some(open) = self.open.get_mut(&done.reference) {
                open.unit = with;
            }
        }
        let into = &mut self.units[with];
        into.done.extend(joined.done);
        into.done.sort_by_key(|done| done.line);
        into.marks.extend(joined.marks);
    }
}
