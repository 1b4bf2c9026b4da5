//! Which lines of a batch become which commit.

use std::collections::BTreeSet;

use super::marks::Mark;
use super::message::Done;
use super::{Batch, How};
use crate::domain::reference::Reference;

/// What becomes one commit.
#[derive(Default)]
pub(super) struct Unit {
    pub(super) done: Vec<Done>,
    pub(super) marks: Vec<Mark>,
    /// The later unit that this one became part of.
    pub(super) joined: Option<usize>,
}

/// A case that the batch changed.
pub(super) struct Open {
    /// The commit that its changes belong to.
    pub(super) unit: usize,
    /// Whether the batch opened it.
    pub(super) new: bool,
    /// How much text the batch has brought to it.
    pub(super) brought: usize,
    /// How much it may bring before the file is written again to see whether it is too large.
    pub(super) room: usize,
}

impl Batch<'_> {
    /// The commit that a line belongs to: the one commit, or that of its cases. Where a line links cases, the commits of
    /// both become one.
    pub(super) fn unit_for(&mut self, references: &[Reference]) -> usize {
        let found: BTreeSet<usize> = match self.how {
            How::OneCommit => (!self.units.is_empty()).then_some(0).into_iter().collect(),
            How::PerCase => references
                .iter()
                .filter_map(|reference| self.open.get(reference))
                .map(|open| open.unit)
                .collect(),
        };
        let Some(last) = found.last().copied() else {
            self.units.push(Unit::default());
            return self.units.len() - 1;
        };
        for unit in found.into_iter().filter(|unit| *unit != last) {
            self.join(unit, last);
        }
        last
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
