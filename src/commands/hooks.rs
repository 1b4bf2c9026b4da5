//! Programs of a person's own that are told of each change after it was made.
//!
//! They are named in that person's own configuration, never in a store: a store that was cloned runs nothing. A hook that
//! fails is reported and undoes nothing. What it is told holds no personal fact: the case, what was done, by whom, from
//! which stage to which, and the commit.

mod own;
mod run;

use std::path::Path;

use serde_json::json;

use self::own::Hook;
use crate::context::{Context, Office};
use crate::domain::action::ActionKind;
use crate::domain::case::Case;
use crate::domain::case::Stage;
use crate::domain::findings::Next;
use crate::domain::scalars::Line;
use crate::domain::workflow::Moment;
use crate::output::{Change, Output, Told, next_json};
use crate::store::CommitId;

/// What was changed in this store.
pub fn told(office: &Office, moment: &Moment, changes: Vec<Change>) -> Told {
    let force = &office.settings.force;
    Told {
        store: office.store.root().to_owned(),
        force: force.name.to_string(),
        prefix: force.prefix.to_string(),
        actor: moment.actor.to_string(),
        at: moment.now.to_string(),
        changes,
    }
}

/// A change of a case.
pub fn of_case(
    case: &Case,
    before: Option<&Case>,
    action: ActionKind,
    commit: CommitId,
    next: Next,
) -> Change {
    Change {
        reference: Some(case.reference.to_string()),
        action,
        before: before.map(|case| case.stage),
        stage: Some(case.stage),
        commit: commit.to_string(),
        next: Some(next),
    }
}

/// A change of no case: of the settings, or of the people.
pub fn of_no_case(action: ActionKind, commit: CommitId) -> Change {
    Change { reference: None, action, before: None, stage: None, commit: commit.to_string(), next: None }
}

/// What one hook is told: an object a line for each change that it wants to know of.
fn lines(told: &Told, hook: &Hook) -> String {
    let wanted = |change: &&Change| hook.actions.is_empty() || hook.actions.contains(&change.action);
    let line = |change: &Change| {
        let mut object = json!({
            "version": 1,
            "reference": change.reference,
            "action": change.action.word(),
            "stage": change.stage.map(Stage::word),
            "stage_before": change.before.map(Stage::word),
            "commit": change.commit,
            "actor": told.actor,
            "at": told.at,
            "force": told.force,
            "store": told.store.display().to_string(),
        });
        if let (Some(next), Some(object)) = (&change.next, object.as_object_mut()) {
            object.insert("next".to_owned(), next_json(next));
        }
        format!("{object}\n")
    };
    told.changes.iter().filter(wanted).map(line).collect()
}

/// Whether a hook is for this force and this store.
fn concerns(told: &Told, hook: &Hook) -> bool {
    let force = |line: &Line| [&told.force, &told.prefix].contains(&&line.as_str().to_owned());
    let store = |line: &Line| Path::new(line.as_str()).canonicalize().is_ok_and(|path| path == told.store);
    (hook.forces.is_empty() || hook.forces.iter().any(force))
        && (hook.stores.is_empty() || hook.stores.iter().any(store))
}

/// Tells every hook that wants to know. What goes wrong is said on standard error, and nothing else comes of it.
pub fn tell(context: &Context, output: Output, told: &Told) {
    let Some(path) = context.own_configuration() else { return };
    let hooks = match own::read(path) {
        Ok(hooks) => hooks,
        Err(error) => {
            output.warn(&format!("no hook was run: {error}; the change stands"));
            return;
        }
    };
    for hook in hooks.iter().filter(|hook| concerns(told, hook)) {
        let lines = lines(told, hook);
        if lines.is_empty() {
            continue;
        }
        if let Err(why) = run::run(hook, lines, &told.store) {
            output.warn(&format!("the hook {} {why}; the change stands", hook.run));
        }
    }
}
