//! What became of each line, as the answer says it.

use serde_json::{Value, json};

use super::line::Became;
use crate::commands::batch::message;
use crate::commands::batch::{Commits, How};
use crate::context::Context;
use crate::domain::action::ActionKind;
use crate::domain::reference::Reference;
use crate::domain::workflow::ahead::TIME_OF_ENTRY;
use crate::error::{Error, Kind};
use crate::output::{Change, Format, Report, clean, error_json, visible};

/// One line and what became of it.
pub struct Outcome {
    /// The line that it began on.
    pub line: usize,
    /// The giver's id.
    pub id: Option<String>,
    /// What was to be done, where that could be read.
    pub kind: Option<ActionKind>,
    /// The case that it names, where there is that case.
    pub case: Option<Reference>,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a line.
pub enum Fate {
    /// It can be done, or was done before.
    Became(Became),
    /// It was refused, for a reason of this kind. It is said as the answer says it, at once: the reasons themselves, of
    /// very many lines, would fill much memory.
    Refused(Kind, Box<str>),
}

/// What the hooks are told: every line that was done.
pub fn told(outcomes: &[Outcome], commits: &Commits) -> Vec<Change> {
    let one = |outcome: &Outcome| match (&outcome.fate, outcome.kind) {
        (Fate::Became(Became::Done(recorded)), Some(action)) => Some(Change {
            reference: Some(recorded.reference.to_string()),
            action,
            before: recorded.before,
            stage: Some(recorded.stage),
            commit: commits.of(recorded).map(|id| id.to_string()).unwrap_or_default(),
            next: None,
        }),
        _ => None,
    };
    outcomes.iter().filter_map(one).collect()
}

/// The answer: a line for each line, an object each for scripts.
pub fn report(
    context: &Context,
    outcomes: &[Outcome],
    how: How,
    commits: Option<&Commits>,
    (changes, cases): (usize, usize),
) -> Report {
    let refused: Vec<&Outcome> =
        outcomes.iter().filter(|outcome| matches!(outcome.fate, Fate::Refused(..))).collect();
    let stand = refused.is_empty() || how == How::PerCase;
    let mut text = String::new();
    for outcome in outcomes {
        match (&outcome.fate, context.options.format) {
            (Fate::Refused(_, said), _) => text.push_str(said),
            (Fate::Became(became), Format::Json) => {
                text.push_str(&visible(&outcome.json(became, context, commits, stand).to_string()));
            }
            (Fate::Became(became), _) => text.push_str(&clean(&outcome.text(became, context, stand))),
        }
        text.push('\n');
    }
    let mut report = Report::raw(text);
    let size = message::size(changes, cases);
    let before =
        outcomes.iter().filter(|outcome| matches!(outcome.fate, Fate::Became(Became::DoneBefore(_)))).count();
    let before = if before == 0 { String::new() } else { format!("; lines done before: {before}") };
    report = report.say(match (commits, context.options.dry_run) {
        (_, true) => format!("dry run: {size} would be made{before}; nothing was changed"),
        (Some(commits), _) => {
            let last = commits.all.last().map(ToString::to_string).unwrap_or_default();
            let short = last.get(..10).unwrap_or_default();
            match commits.all.len() {
                1 => format!("{size}{before} ({short})"),
                count => format!("{size}{before}, in {count} commits (the last {short})"),
            }
        }
        (None, _) => format!("nothing was changed{before}"),
    });
    if let Some(first) = refused.first()
        && let Fate::Refused(kind, _) = &first.fate
    {
        let stands = match (how, context.options.dry_run) {
            (How::PerCase, false) => "the others stand",
            (How::PerCase, true) => "the others would stand",
            _ => "nothing was changed",
        };
        let message = format!(
            "{} of {} lines refused, the first of them line {}; {stands}",
            refused.len(),
            outcomes.len(),
            first.line
        );
        report.failed = Some(Error::new(*kind, message).hint("the answer says what is wrong with each"));
    }
    report
}

impl Outcome {
    /// A line that was refused.
    pub fn refused(
        line: usize,
        id: Option<String>,
        kind: Option<ActionKind>,
        case: Option<Reference>,
        error: &Error,
        format: Format,
    ) -> Outcome {
        let mut outcome = Outcome { line, id, kind, case, fate: Fate::Refused(error.kind, Box::default()) };
        let said = match format {
            Format::Json => {
                let mut object = outcome.head();
                object["case"] = json!(outcome.case.as_ref().map(Reference::as_str));
                object["result"] = json!("refused");
                object["error"] = error_json(error)["error"].clone();
                object["code"] = json!(error.kind.code());
                visible(&object.to_string()).into_owned()
            }
            Format::Text | Format::Csv => {
                let problems: Vec<String> = error.problems.iter().map(ToString::to_string).collect();
                let problems =
                    if problems.is_empty() { String::new() } else { format!(": {}", problems.join("; ")) };
                let case = outcome.case.as_ref().map(|case| format!("{case}: ")).unwrap_or_default();
                let (word, code) = (outcome.word(), error.kind.code());
                clean(&format!("{line}: {case}{word}: REFUSED ({code}): {error}{problems}"))
            }
        };
        outcome.fate = Fate::Refused(error.kind, said.into());
        outcome
    }

    fn word(&self) -> &'static str {
        self.kind.map_or("line", ActionKind::word)
    }

    /// What the answer for scripts begins with.
    fn head(&self) -> Value {
        let mut object = json!({"version": 1, "line": self.line});
        if let Some(id) = &self.id {
            object["id"] = json!(id);
        }
        object["action"] = json!(self.kind.map(ActionKind::word));
        object
    }

    fn json(&self, became: &Became, context: &Context, commits: Option<&Commits>, stand: bool) -> Value {
        let mut object = self.head();
        match became {
            Became::Done(recorded) => {
                let result = match (stand, context.options.dry_run) {
                    (true, false) => "done",
                    (true, true) => "would_be_done",
                    (false, _) => "not_done",
                };
                // A reference that was drawn for nothing is none.
                let drawn = recorded.before.is_none() && (!stand || context.options.dry_run);
                object["case"] = if drawn { Value::Null } else { json!(recorded.reference.as_str()) };
                object["result"] = json!(result);
                object["stage"] = json!(recorded.stage.word());
                if !recorded.similar.is_empty() {
                    let alike: Vec<&str> = recorded.similar.iter().map(Reference::as_str).collect();
                    object["similar"] = json!(alike);
                }
                if recorded.retimed {
                    object["time_of_entry"] = json!(true);
                }
                let commit = commits.and_then(|commits| commits.of(recorded)).map(|id| id.to_string());
                object["commit"] = json!(commit);
            }
            Became::DoneBefore(reference) => {
                object["case"] = json!(reference.as_str());
                object["result"] = json!("done_before");
            }
        }
        object["code"] = json!(0);
        object
    }

    fn text(&self, became: &Became, context: &Context, stand: bool) -> String {
        let (line, word) = (self.line, self.word());
        match became {
            Became::Done(recorded) => {
                let result = match (stand, context.options.dry_run) {
                    (true, false) => self.kind.map_or("done", ActionKind::done),
                    (true, true) => "would be done",
                    (false, _) => "not done, because another line was refused",
                };
                let case = if recorded.before.is_none() && (!stand || context.options.dry_run) {
                    "a new case"
                } else {
                    recorded.reference.as_str()
                };
                let alike: Vec<&str> = recorded.similar.iter().map(Reference::as_str).collect();
                let alike = if alike.is_empty() {
                    String::new()
                } else {
                    format!("; looks like {}", alike.join(", "))
                };
                let retimed = if recorded.retimed { format!("; {TIME_OF_ENTRY}") } else { String::new() };
                format!("{line}: {case}: {word}: {result}, stage {}{alike}{retimed}", recorded.stage)
            }
            Became::DoneBefore(reference) => format!("{line}: {reference}: {word}: done before"),
        }
    }
}
