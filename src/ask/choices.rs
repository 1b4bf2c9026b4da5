//! What a person can choose from where an answer is one of a few: the scheme's words, the force's lists, the people of
//! the office, the items of the case.

use super::Setting;
use crate::domain::action::ActionKind;
use crate::domain::case::{Child, PersonName, Recipient};
use crate::domain::node::{Node, Path, Step};
use crate::domain::record::Shape;
use crate::domain::settings::List;
use crate::domain::workflow::people::may_be_named;

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
        Shape::Person if full.is_within(&setting.place) => people(setting, path),
        Shape::Person => people(setting, &full),
        Shape::Item => items(setting, &full),
        _ => return None,
    };
    (!found.is_empty()).then_some(found)
}

/// The place in the case: that of the record, or for the new value of a correction that of the corrected fact.
fn full_path(setting: &Setting<'_>, path: &Path, given: &Node) -> Path {
    if setting.kind == ActionKind::Correct && *path == Path::root().key("now") {
        let path = given.get("path").and_then(Node::as_text);
        return path.and_then(|path| Path::parse(path).ok()).unwrap_or_default();
    }
    let mut full = setting.place.clone();
    full.0.extend(path.0.iter().cloned());
    full
}

/// The people whom the field may name (R6): `path` is that in the answers, or for the new value of a correction the place
/// of the fact.
fn people(setting: &Setting<'_>, path: &Path) -> Vec<Choice> {
    let people = setting.settings.people.iter();
    let fitting = people.filter(|(_, person)| may_be_named(person, setting.kind, path, setting.settings));
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
