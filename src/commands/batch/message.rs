//! What the commits of a batch say.
//!
//! A commit of one action says what the action's own command would have said. One of several says how many, and names
//! every one of them in the order in which they were done:
//!
//! ```text
//! apply: 120 changes to 87 cases
//!
//! Action: apply
//! Change: KP-26-7K3QF4 check 9wq1
//! Change: KP-26-7K3QF4 screen screening
//! Change: KP-25-4M1ZQM note 7b2k
//! Actor: d.osei
//! ```

use std::collections::HashSet;

use crate::commands::commit_text::About;
use crate::context::Context;
use crate::domain::case::Stage;
use crate::domain::history::Named;
use crate::domain::reference::Reference;
use crate::domain::settings::Settings;
use crate::domain::workflow::Moment;
use crate::store::CommitText;

/// One action of a batch.
pub struct Done {
    /// The number of the line, in their order.
    pub line: u64,
    /// The case.
    pub reference: Reference,
    /// What was done.
    pub named: Named,
    /// Its stage before; `None` where it was opened.
    pub before: Option<Stage>,
    /// Its stage after.
    pub after: Stage,
    /// The format of its file after.
    pub format: u32,
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
    let mut about = match done {
        [first, ..] if lines(done) == 1 => {
            About::case(&first.reference, first.named.kind, first.before, first.after)
        }
        done => About::new(several(word, done), word),
    };
    notes.iter().for_each(|(key, value)| about.trailer(key, value.clone()));
    for done in done {
        about.named(&done.reference, &done.named);
        about.file(done.format);
    }
    about.text(context, moment, settings)
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

fn several(word: &str, done: &[Done]) -> String {
    let cases: HashSet<&Reference> = done.iter().map(|done| &done.reference).collect();
    match (cases.len(), done.first()) {
        (1, Some(first)) => format!("{}: {} changes", first.reference, lines(done)),
        (cases, _) => format!("{word}: {}", size(lines(done), cases)),
    }
}
