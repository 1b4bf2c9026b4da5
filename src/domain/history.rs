//! The actions that one commit did to a case, told apart again from the case before and after it.
//!
//! A commit names each of its actions in a trailer, `Change: REF ACTION ITEM`. The item is what the action recorded: the
//! id of an item of a list, or the key of a record that a case has once. The actions are read by undoing them, the last
//! one first, each in time that does not depend on how many there are.

#[cfg(test)]
mod tests;
mod undo;

use super::action::{Action, ActionKind};
use super::case::{Case, Stage};
use super::scalars::PersonId;

/// The item of an import.
pub const IMPORTED: &str = "imported";
/// The item of an edit that changed the line for editors at the head of the file, and nothing of the case.
const LINE_FOR_EDITORS: &str = "line_for_editors";
/// The item of an edit that added a whole file.
const WHOLE_FILE: &str = "file";

/// An action as the trailer of a commit names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// What was done.
    pub kind: ActionKind,
    /// What it recorded; `None` in commits of rule book 1, which do not say it.
    pub item: Option<Box<str>>,
}

/// An action read from the history.
#[derive(Debug, Clone)]
pub struct Told {
    /// What was done.
    pub action: Action,
    /// The stage before it; `None` where it opened the case.
    pub before: Option<Stage>,
    /// The stage after it.
    pub after: Stage,
    /// Who looked after the case before it.
    pub owner_before: Option<PersonId>,
}

/// What an action recorded, for its trailers: one name, or one for each letter that was made.
pub fn items(action: &Action, before: Option<&Case>) -> Vec<Box<str>> {
    let item: &str = match action {
        Action::New(..) => "received",
        Action::Import(..) => IMPORTED,
        Action::Check(record) => record.id.as_str(),
        Action::Screen(_) => "screening",
        Action::Interview(_) => "interview",
        Action::Assess(_) => "assessment",
        Action::Decide(_) => "decision",
        Action::Disclose(record) => record.id.as_str(),
        Action::Inform(_) => "informed",
        Action::Close(_) => "closure",
        Action::Urgent(record) => record.id.as_str(),
        Action::Refer(record) => record.id.as_str(),
        Action::Extend(record) => record.id.as_str(),
        Action::Contact(record) => record.id.as_str(),
        Action::Note(record) => record.id.as_str(),
        Action::Withdraw(_) => "withdrawal",
        Action::Reroute(record) => record.id.as_str(),
        Action::Assign(assignment) => {
            let before = before.and_then(|case| case.owner.as_ref());
            return vec![assigned(before, &assignment.owner).into()];
        }
        Action::Link(record) => record.id.as_str(),
        Action::Letter(letters) => return letters.iter().map(|letter| letter.id.as_str().into()).collect(),
        Action::Sent(dispatch) => dispatch.letter.0.as_str(),
        Action::Reopen(record) => record.id.as_str(),
        Action::Correct(record) => record.id.as_str(),
        Action::Edit(..) if before.is_none() => WHOLE_FILE,
        Action::Edit(_, _, ids) => ids.first().map_or(LINE_FOR_EDITORS, |id| id.as_str()),
    };
    vec![item.into()]
}

/// The names of an action for the trailers of its commit.
pub fn names(action: &Action, before: Option<&Case>) -> Vec<Named> {
    let kind = action.kind();
    items(action, before).into_iter().map(|item| Named { kind, item: Some(item) }).collect()
}

/// `d.osei->m.reid`, or the new owner alone where the case had none: a later assignment overwrites this one in the case,
/// so that its trailer must say both.
fn assigned(before: Option<&PersonId>, after: &PersonId) -> String {
    let before = before.map(|before| format!("{before}->")).unwrap_or_default();
    format!("{before}{after}")
}

/// The actions that made `after` of `before`, in their order. `None` where the case does not show them.
///
/// The case before follows from the case after and the actions: where it is not `before`, they are not what was done.
/// Whether they were lawful is not asked here: that shows when they are done again through
/// [`super::workflow::apply`].
pub fn told_apart(named: &[Named], before: Option<&Case>, after: &Case) -> Option<Vec<Told>> {
    if let [only] = named
        && only.kind == ActionKind::Edit
    {
        let action = undo::edited(before, after, only.item.as_deref())?;
        return Some(vec![told(action, before.map(|before| before.stage), after.stage, before)]);
    }
    let mut undoing = undo::Undoing::of(named, before, after);
    let mut found = Vec::with_capacity(named.len());
    for position in (0..named.len()).rev() {
        let stage = undoing.case.stage;
        let action = undoing.action(position)?;
        let opened = before.is_none() && position == 0;
        let earlier = (!opened).then_some(&undoing.case);
        found.push(told(action, earlier.map(|case| case.stage), stage, earlier));
    }
    found.reverse();
    undoing.arrived().then_some(found)
}

fn told(action: Action, before: Option<Stage>, after: Stage, earlier: Option<&Case>) -> Told {
    Told { action, before, after, owner_before: earlier.and_then(|case| case.owner.clone()) }
}
