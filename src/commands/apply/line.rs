//! What one line asks for.

use std::rc::Rc;

use std::collections::HashMap;

use crate::commands::answers::with_flags;
use crate::commands::batch::again::Asked;
use crate::commands::batch::{Batch, Recorded};
use crate::commands::change::Planned;
use crate::commands::link;
use crate::domain::action::ActionKind;
use crate::domain::node::{Node, Path};
use crate::domain::record::{Fault, Problem};
use crate::domain::reference::Reference;
use crate::error::{Error, Kind};

/// The keys of a line.
const KEYS: [&str; 7] = ["case", "action", "data", "by", "at", "id", "as"];
/// No id and no label is longer.
const LONGEST: usize = 200;

/// One line, its keys read.
pub struct Line {
    /// The giver's own id for it.
    pub id: Option<String>,
    /// What is to be done, where it is an action.
    pub kind: ActionKind,
    case: Option<String>,
    label: Option<String>,
    data: Node,
    /// What was given, as it is remembered under the id.
    content: Node,
}

/// What became of a line.
pub enum Became {
    /// It was done.
    Done(Recorded),
    /// The same was done before under the same id, to this case.
    DoneBefore(Reference),
}

/// The cases that lines named; `None` where the line was refused.
pub type Labels = HashMap<String, Option<Reference>>;

impl Line {
    /// Reads the keys; an error names everything that is wrong with them.
    pub fn read(node: Node) -> Result<Line, Error> {
        let Node::Map(entries) = node else {
            return Err(refusal(vec![Problem::invalid("", "must be keys with values: case, action, data")]));
        };
        let mut problems = Vec::new();
        let (mut texts, mut data) = (HashMap::new(), Node::map());
        let mut content = Vec::new();
        for (key, value) in entries {
            match KEYS.iter().find(|known| **known == key) {
                None => problems.push(Problem::new(Path::root(), Fault::UnknownKey(KEYS.to_vec()))),
                Some(&"data") if matches!(value, Node::Map(_)) => data = value.clone(),
                Some(&"data") => problems.push(Problem::invalid("data", "must be keys with values")),
                Some(key) => match value.as_text() {
                    Some(text) if !text.trim().is_empty() && text.len() <= LONGEST => {
                        texts.insert(*key, text.to_owned());
                    }
                    _ => problems.push(Problem::invalid(*key, "must be text, at most 200 characters long")),
                },
            }
            if !["id", "as"].contains(&key.as_str()) {
                content.push((key, value));
            }
        }
        let kind = match texts.remove("action").map(|word| ActionKind::of(&word)) {
            None => {
                problems.push(Problem::missing("action"));
                None
            }
            Some(kind) => {
                kind.filter(|kind| *kind != ActionKind::Edit && kind.answers().is_some()).or_else(|| {
                    let known = ActionKind::ALL
                        .iter()
                        .filter(|kind| kind.answers().is_some() && **kind != ActionKind::Edit);
                    let words: Vec<&str> = known.map(|kind| kind.word()).collect();
                    problems.push(Problem::invalid("action", format!("must be one of {}", words.join(", "))));
                    None
                })
            }
        };
        let case = texts.remove("case");
        let new = kind == Some(ActionKind::New);
        if new && case.is_some() {
            problems.push(Problem::invalid(
                "case",
                "a new case has no reference yet; name it with `as` for later lines",
            ));
        }
        let unreadable = problems.iter().any(|problem| problem.path == Path::from("case"));
        if kind.is_some() && !new && case.is_none() && !unreadable {
            problems.push(Problem::missing("case"));
        }
        if kind.is_some() && !new && texts.contains_key("as") {
            problems.push(Problem::invalid("as", "names a case that the line opens; this one opens none"));
        }
        for key in ["by", "at"] {
            let Some(text) = texts.remove(key) else { continue };
            let path = match kind {
                None => continue,
                Some(ActionKind::Assign) => {
                    problems.push(Problem::invalid(
                        key,
                        "an assignment records neither who nor when; its commit does",
                    ));
                    continue;
                }
                Some(ActionKind::New) => Path::from("received").key(key),
                Some(_) => Path::root().key(key),
            };
            if data.at(&path).is_some() {
                problems.push(Problem::invalid(key, "stands in the data as well"));
            } else {
                data.set(&path, Node::text(text));
            }
        }
        match kind {
            Some(kind) if problems.is_empty() => {
                let (id, label) = (texts.remove("id"), texts.remove("as"));
                Ok(Line { id, kind, case, label, data, content: Node::Map(content) })
            }
            _ => Err(refusal(problems)),
        }
    }

    /// The case that it is about, where there is that case.
    pub fn about(&self, batch: &Batch<'_>, labels: &Labels) -> Option<Reference> {
        self.case.as_ref().and_then(|typed| meant(typed, batch, labels).ok())
    }

    /// Does it in the batch.
    pub fn run(self, batch: &mut Batch<'_>, labels: &mut Labels) -> Result<Became, Error> {
        let label = self.label.clone();
        if let Some(label) = &label
            && labels.contains_key(label)
        {
            return Err(refusal(vec![Problem::invalid("as", "an earlier line bears this name")]));
        }
        let became = self.done(batch, labels);
        if let Some(label) = label {
            let reference = match &became {
                Ok(Became::Done(recorded)) => Some(recorded.reference.clone()),
                Ok(Became::DoneBefore(reference)) => Some(reference.clone()),
                Err(_) => None,
            };
            labels.insert(label, reference);
        }
        became
    }

    fn done(mut self, batch: &mut Batch<'_>, labels: &Labels) -> Result<Became, Error> {
        let reference = self.case.as_ref().map(|typed| meant(typed, batch, labels)).transpose()?;
        if let Some(reference) = &reference {
            // However the case was named, what was given is the same.
            self.content.set(&Path::from("case"), Node::text(reference.as_str()));
        }
        if self.kind == ActionKind::Link
            && let Some(Ok(other)) =
                self.data.get("to").and_then(Node::as_text).map(|to| meant(to, batch, labels))
        {
            self.data.set(&Path::from("to"), Node::text(other.as_str()));
        }
        if let Some(id) = &self.id {
            let asked =
                Asked { kind: self.kind, case: reference.as_ref(), data: &self.data, content: &self.content };
            if let Some(reference) = batch.done_before(id, &asked)? {
                return Ok(Became::DoneBefore(reference));
            }
        }
        let recorded = match (reference, self.kind) {
            (None, _) => batch.open(self.data)?,
            (Some(one), ActionKind::Link) => {
                let to = self.data.get("to").and_then(Node::as_text).map(str::to_owned);
                let Some(to) = to else { return Err(refusal(vec![Problem::missing("link.to")])) };
                let other = meant(&to, batch, labels)?;
                batch.add(link::plan(one, other, self.data).into())?
            }
            (Some(reference), kind) => {
                let corrected = if kind == ActionKind::Correct {
                    silence_is_no_value(&mut self.data)?;
                    batch.case(&reference)?
                } else {
                    None
                };
                let plan = match corrected {
                    Some(case) => link::corrected(&case, self.data, |other| {
                        Ok(batch.case(other)?.map(Rc::unwrap_or_clone))
                    })?,
                    None => vec![Planned { reference, kind, given: self.data }],
                };
                batch.add(plan)?
            }
        };
        if let Some(id) = &self.id {
            batch.mark(id, &self.content, &recorded)?;
        }
        Ok(Became::Done(recorded))
    }
}

/// The case that a line names: by reference, or as `@NAME` the one that an earlier line opened.
fn meant(typed: &str, batch: &Batch<'_>, labels: &Labels) -> Result<Reference, Error> {
    let Some(label) = typed.strip_prefix('@') else { return batch.find(typed).map_err(unsaid) };
    match labels.get(label) {
        Some(Some(reference)) => Ok(reference.clone()),
        Some(None) => Err(Error::new(Kind::NotFound, "the line that names this case with `as` was refused")),
        None => Err(Error::new(Kind::NotFound, "no earlier line names a case so with `as`")),
    }
}

/// What stands on a line is not said again: a name in the wrong place may look like a reference.
fn unsaid(error: Error) -> Error {
    match error.kind {
        Kind::NotFound => Error::new(Kind::NotFound, "there is no such case in this store"),
        _ => error,
    }
}

/// A correction says what the fact is now, or that it is taken out.
fn silence_is_no_value(data: &mut Node) -> Result<(), Error> {
    let remove = Path::from("remove");
    match (data.get("remove"), data.get("now").is_some()) {
        (Some(Node::Bool(true)), false) => {
            data.remove(&remove);
            Ok(())
        }
        (Some(_), _) => {
            let what = "must be true, and then stands in place of `now`";
            Err(refusal(vec![Problem::invalid("correction.remove", what)]))
        }
        (None, true) => Ok(()),
        (None, false) => Err(refusal(vec![Problem::missing("correction.now")])),
    }
}

fn refusal(problems: Vec<Problem>) -> Error {
    let problems = with_flags(ActionKind::Note, problems);
    let problems = problems.into_iter().map(|problem| Problem { flag: None, ..problem }).collect();
    Error::new(Kind::Answers, "the line cannot be read as an action").problems(problems)
}
