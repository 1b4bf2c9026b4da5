//! Asking the index only where it can answer at once: what a page of one case says of others must not keep its reader
//! waiting for all of them to be read.

use super::{Broken, Index, Origin, Place, update};
use crate::domain::settings::Settings;
use crate::store::{Snapshot, Store};

impl Store {
    /// Asks the index of the cases at `head` where it is there and right, or few cases differ from what it knows; `None`
    /// otherwise: it is never made for this, and nobody at work on it is waited for.
    pub fn ask_index_at_hand<T>(
        &self,
        head: &Snapshot,
        settings: &Settings,
        ask: impl Fn(&Index) -> Result<T, Broken>,
    ) -> Option<T> {
        let place = Place::in_private(&self.private(), self.rights());
        if !place.exists() {
            return None;
        }
        let origin = Origin::of(head, settings).ok()?;
        ask(&update::at_hand(&place, head, settings, origin).ok()?).ok()
    }
}
