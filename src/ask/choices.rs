//! What a person can choose from where an answer is one of a few: the scheme's words, the force's lists, the people of
//! the office, the items of the case.

use super::Setting;
use crate::domain::action::ActionKind;
use crate::domain::case::{Child, PersonName, Recipient};
use crate::domain::node::{Node, Path, Step};
use crate::domain::record::Shape;
use crate::domain::scalars::PersonId;
use crate::domain::settings::List;
use crate::domain::workflow::role_for;

/// One thing to choose.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// What the person reads.
    pub label: String,
    /// What is then given.
    pub value: Node,
}

impl Choice {
    fn new(label: impl Into<String>, word: &str) -> Choice {
        Choice { label: label.into(), value: Node::text(word) }
    }
}

/// The list that a force sets for the words at `path`, which begins at a record's place (`check.system`) or in a case
/// (`checks.9wq1.system`).
pub fn list_for(path: &Path) -> Option<List> {
    let key = |step: &Step| match step {
        Step::Key(key) => Some(key.clone()),
        Step::Index(_) => None,
    };
    let first = path.0.first().and_then(key)?;
    let last = path.0.last().and_then(key)?;
    match (first.as_str(), last.as_str()) {
        ("check" | "checks", "system") => Some(List::Systems),
        ("interview", "kind" | "address_proof") => Some(List::Identity),
        ("interview", "relationship_proof") => Some(List::Relationship),
        ("decision", "agency") | ("referral" | "referrals", "to") => Some(List::Agencies),
        _ => None,
    }
}

/// What can be chosen at `path` below the record's place; `None` where the answer is typed.
pub fn choices(setting: &Setting<'_>, shape: Shape, path: &Path, given: &Node) -> Option<Vec<Choice>> {
    let full = full_path(setting, path, given);
    let found: Vec<Choice> = match shape {
        Shape::Choice(words) => words.iter().map(|word| Choice::new(word.meaning, word.word)).collect(),
        Shape::Line => {
            let words = setting.settings.listed(list_for(&full)?);
            words.into_iter().map(|word| Choice::new(word.replace('_', " "), word)).collect()
        }
        Shape::Person => people(setting, &full),
        Shape::Item => items(setting, &full),
        _ => return None,
    };
    (!found.is_empty()).then_some(found)
}

/// The place in the case: that of the record, or for the new value of a correction that of the corrected fact.
fn full_path(setting: &Setting<'_>, path: &Path, given: &Node) -> Path {
    if setting.kind == ActionKind::Correct && *path == Path::root().key("now") {
        return Path::parse(given.get("path").and_then(Node::as_text).unwrap_or_default());
    }
    let mut full = setting.place.clone();
    full.0.extend(path.0.iter().cloned());
    full
}

/// The people who act in the office; where somebody authorises, those who may (C5, O4).
fn people(setting: &Setting<'_>, path: &Path) -> Vec<Choice> {
    let authorises = path.0.last() == Some(&Step::Key("authorised_by".to_owned()));
    let may = |id: &str| {
        let id = PersonId::new(id).ok();
        id.is_some_and(|id| role_for(&id, ActionKind::Authorise, setting.settings).is_some())
    };
    let active = setting.settings.people.iter().filter(|(_, person)| person.ended.is_none());
    let fitting = active.filter(|(id, _)| !authorises || may(id));
    fitting.map(|(id, person)| Choice::new(format!("{} ({id})", person.name), id)).collect()
}

/// The items of the case that a pointer can name: the recipients of the decision, or the children.
fn items(setting: &Setting<'_>, path: &Path) -> Vec<Choice> {
    let Some(case) = setting.case else { return Vec::new() };
    let named = |step: &Step| matches!(step, Step::Key(key) if key == "children");
    if path.0.iter().any(named) {
        return case.children.iter().map(child).collect();
    }
    case.decision.iter().flat_map(|decision| &decision.recipients).map(recipient).collect()
}

fn child(child: &Child) -> Choice {
    Choice::new(format!("{} ({})", child.name.in_full(), child.id), child.id.as_str())
}

fn recipient(recipient: &Recipient) -> Choice {
    let name = recipient.name.as_ref().map(PersonName::in_full).filter(|name| !name.is_empty());
    let name = name.map(|name| format!(", {name}")).unwrap_or_default();
    Choice::new(format!("{}{name} ({})", recipient.role.meaning(), recipient.id), recipient.id.as_str())
}
