//! What a command changed, as a person's own programs are told of it.

use std::path::PathBuf;

use crate::domain::action::ActionKind;
use crate::domain::case::Stage;
use crate::domain::findings::Next;

/// What was changed, where, by whom and when. No personal fact stands in it.
#[derive(Debug)]
pub struct Told {
    /// The directory of the store.
    pub store: PathBuf,
    /// The name of the force.
    pub force: String,
    /// What its references begin with.
    pub prefix: String,
    /// Who did it.
    pub actor: String,
    /// When: an instant in UTC.
    pub at: String,
    /// Each change, in their order.
    pub changes: Vec<Change>,
}

/// One change.
#[derive(Debug)]
pub struct Change {
    /// The case; none for the settings and the people.
    pub reference: Option<String>,
    /// What was done.
    pub action: ActionKind,
    /// The stage before.
    pub before: Option<Stage>,
    /// The stage now.
    pub stage: Option<Stage>,
    /// The commit.
    pub commit: String,
    /// What the case needs next, where the command says so.
    pub next: Option<Next>,
}
