//! What the commits of a batch say, and what is read off them again.
//!
//! A commit of one action says what the action's own command would have said. One of several says how many, and has a
//! trailer for each kind of action and change of stage, with the cases (a few on a line):
//!
//! ```text
//! apply: 120 changes to 87 cases
//!
//! Action: apply
//! Change: check initial_checks: KP-26-7K3QF4 KP-26-4M1ZQM
//! Change: screen initial_checks -> interview: KP-26-7K3QF4
//! Actor: d.osei
//! ```
//! A case stands in them in the order of what was done to it: once in each for each action.

use std::collections::BTreeMap;
use std::collections::HashMap;

use crate::commands::change::stage_trailer;
use crate::context::Context;
use crate::domain::action::ActionKind;
use crate::domain::case::Stage;
use crate::domain::reference::Reference;
use crate::domain::settings::Settings;
use crate::domain::workflow::Moment;
use crate::store::{CommitText, Entry};

/// So many cases stand on one line.
const CASES_A_LINE: usize = 8;

/// One action of a batch.
pub struct Done {
    /// The number of the line, in their order.
    pub line: u64,
    /// The case.
    pub reference: Reference,
    /// What was done.
    pub kind: ActionKind,
    /// Its stage before; `None` where it was opened.
    pub before: Option<Stage>,
    /// Its stage after.
    pub after: Stage,
}

impl Done {
    fn stage(&self) -> String {
        stage_trailer(self.before, self.after)
    }
}

/// The message of one commit.
pub fn text(
    context: &Context,
    word: &str,
    done: &[Done],
    notes: &[(&'static str, String)],
    moment: &Moment,
    settings: &Settings,
) -> CommitText {
    let (subject, mut trailers) = match done {
        [first, ..] if lines(done) == 1 => {
            let case = first.reference.as_str().to_owned();
            let action = first.kind.word().to_owned();
            let trailers = vec![("Case", case), ("Action", action), ("Stage", first.stage())];
            (format!("{}: {}", first.reference, first.kind.word()), trailers)
        }
        done => several(word, done),
    };
    trailers.extend(notes.iter().cloned());
    let mut kinds: Vec<ActionKind> = Vec::new();
    for done in done {
        if !kinds.contains(&done.kind) {
            kinds.push(done.kind);
        }
    }
    context.commit_with(subject, trailers, &kinds, moment, settings)
}

/// How many lines these are: a link of two cases is one.
pub fn lines(done: &[Done]) -> usize {
    done.chunk_by(|one, next| one.line == next.line).count()
}

/// `120 changes to 87 cases`.
pub fn size(changes: usize, cases: usize) -> String {
    let ending = |count| if count == 1 { "" } else { "s" };
    format!("{changes} change{} to {cases} case{}", ending(changes), ending(cases))
}

fn several(word: &str, done: &[Done]) -> (String, Vec<(&'static str, String)>) {
    // The first actions of all cases, then the second ones: so few lines say it, and each case keeps its order.
    let mut turns: HashMap<&Reference, usize> = HashMap::new();
    let mut groups: BTreeMap<(usize, ActionKind, String), Vec<&Reference>> = BTreeMap::new();
    for done in done {
        let turn = turns.entry(&done.reference).or_default();
        groups.entry((*turn, done.kind, done.stage())).or_default().push(&done.reference);
        *turn += 1;
    }
    let cases = match turns.len() {
        1 => format!("{}: {} changes", done.first().map_or("", |done| done.reference.as_str()), lines(done)),
        cases => format!("{word}: {}", size(lines(done), cases)),
    };
    let mut trailers = vec![("Action", word.to_owned())];
    for ((_, kind, stage), references) in groups {
        for some in references.chunks(CASES_A_LINE) {
            let some: Vec<&str> = some.iter().map(|reference| reference.as_str()).collect();
            trailers.push(("Change", format!("{} {stage}: {}", kind.word(), some.join(" "))));
        }
    }
    (cases, trailers)
}

/// What a commit says that it did to a case: each action, and `from -> to` or the stage where it stays; in their order.
pub fn changes(entry: &Entry, reference: &Reference) -> Vec<(ActionKind, String)> {
    if let Some(kind) = entry.trailer("Action").and_then(ActionKind::of) {
        let stage = entry.trailer("Stage").unwrap_or_default();
        return vec![(kind, stage.to_owned())];
    }
    let change = |(key, value): &(String, String)| {
        let (what, cases) = value.split_once(": ").filter(|_| key == "Change")?;
        let (kind, stage) = what.split_once(' ')?;
        cases.split(' ').any(|case| case == reference.as_str()).then_some(())?;
        Some((ActionKind::of(kind)?, stage.to_owned()))
    };
    entry.trailers.iter().filter_map(change).collect()
}
