//! How questions and answers are worded for the person who gives them.

use super::choices::choices;
use super::plan::{Asks, Plan, Question};
use super::progress::Progress;
use super::{Setting, typed};
use crate::domain::action::ActionKind;
use crate::domain::case::Case;
use crate::domain::node::{Node, Path, Step};
use crate::domain::record::{Field, Part, Shape};
use crate::output::{Block, Page};

/// An answer, or the place of one, as it stands in a summary.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Where it stands, below the record's place.
    pub path: Path,
    /// How far it is indented.
    pub depth: usize,
    /// The question, or the number of an item.
    pub label: String,
    /// The answer; `None` for a record or a list, whose parts follow, and where there is none.
    pub value: Option<String>,
    /// Whether something stands there.
    pub stands: bool,
}

/// Every place of the record in the order of the questions; what is filled in by itself says with what.
pub fn rows(setting: &Setting<'_>, given: &Node) -> Vec<Row> {
    let progress = Progress::default();
    let plan = Plan { kind: setting.kind, shape: setting.shape, given, progress: &progress };
    let mut rows = Vec::new();
    if let Shape::Record(fields) = setting.shape {
        record(setting, &plan, fields, &Path::root(), 0, &mut rows);
    }
    rows
}

fn record(
    setting: &Setting<'_>,
    plan: &Plan<'_>,
    fields: &'static [Field],
    above: &Path,
    depth: usize,
    rows: &mut Vec<Row>,
) {
    for field in fields {
        let path = above.key(field.key);
        let shape = plan.shape_of(field, &path);
        let node = plan.given.at(&path).filter(|node| **node != Node::Null);
        if matches!((field.filled, shape), (true, Shape::Item) | (false, Shape::Any)) {
            continue;
        }
        let by_itself = by_itself(field).map(str::to_owned);
        let label = match shape {
            Shape::Record(_) | Shape::List(_) => heading(field).to_owned(),
            _ => field.question().to_owned(),
        };
        part(
            setting,
            plan,
            shape,
            node,
            Row { path, depth, label, value: by_itself, stands: node.is_some() },
            rows,
        );
    }
}

fn part(
    setting: &Setting<'_>,
    plan: &Plan<'_>,
    shape: Shape,
    node: Option<&Node>,
    row: Row,
    rows: &mut Vec<Row>,
) {
    let (path, depth) = (row.path.clone(), row.depth);
    match (shape, node) {
        (Shape::Record(fields), Some(_)) => {
            rows.push(row);
            record(setting, plan, fields, &path, depth + 1, rows);
        }
        (Shape::List(item), Some(Node::List(items))) => {
            let value = items.is_empty().then(|| "none".to_owned());
            rows.push(Row { value, ..row });
            for (index, node) in items.iter().enumerate() {
                let path = path.index(index);
                let label = format!("{}.", index + 1);
                let row = Row { path, depth: depth + 1, label, value: None, stands: true };
                part(setting, plan, *item, Some(node), row, rows);
            }
        }
        (_, Some(node)) => {
            let value = Some(value(setting, shape, &path, node, plan.given));
            rows.push(Row { value, ..row });
        }
        (_, None) => rows.push(row),
    }
}

/// A value as the person who gave it knows it.
pub fn value(setting: &Setting<'_>, shape: Shape, path: &Path, node: &Node, given: &Node) -> String {
    let zone = setting.settings.zone();
    let chosen = choices(setting, shape, path, given)
        .and_then(|choices| choices.into_iter().find(|choice| choice.value.as_text() == node.as_text()));
    match (chosen, shape) {
        (Some(choice), _) => choice.label,
        (None, Shape::Instant) => match node.as_text().and_then(|text| text.parse().ok()) {
            Some(at) => format!("{} {}", zone.in_words(at), zone_name(&zone.time_of_day(at))),
            None => typed::text(node, shape, zone),
        },
        (None, Shape::Day) => match node.as_text().and_then(|text| text.parse().ok()) {
            Some(day) => crate::domain::time::Day::in_words(day),
            None => typed::text(node, shape, zone),
        },
        (None, _) => typed::text(node, shape, zone),
    }
}

/// `BST` of `09:15 BST`.
fn zone_name(time_of_day: &str) -> &str {
    time_of_day.rsplit(' ').next().unwrap_or_default()
}

/// The summary of all answers, for a screen of this width.
pub fn summary(setting: &Setting<'_>, given: &Node, width: usize) -> String {
    let shown = rows(setting, given).into_iter().filter(|row| {
        // That it is you who acts is known to you; when it was done may need a second look (late entry).
        row.stands || row.value.as_deref().is_some_and(|value| value != "you")
    });
    let fields = shown.map(|row| (row.depth * 2, row.label, row.value.unwrap_or_default())).collect();
    let mut page = Page::default();
    page.heading(format!("Your answers ({})", setting.title));
    page.0.push(Block::Fields(fields));
    page.text(width)
}

/// What a question is about, in a few words: the system of a check, the recipient of a disclosure, the corrected fact, the
/// part of the record, the item of a list. Empty where the question says it all.
pub fn about(setting: &Setting<'_>, question: &Question, given: &Node) -> String {
    let lead = lead(setting, question, given);
    let above = &question.path.0[..question.path.0.len().saturating_sub(1)];
    let above = if setting.kind == ActionKind::Correct { above.get(1..).unwrap_or_default() } else { above };
    let start = if setting.kind == ActionKind::Correct { Path::root().key("now") } else { Path::root() };
    let place = steps(given, start, above);
    // What is corrected is a place, of which the rest is a part.
    let between = if setting.kind == ActionKind::Correct { " " } else { ", " };
    [lead, place].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(between)
}

/// What the whole record is about, once that is known.
fn lead(setting: &Setting<'_>, question: &Question, given: &Node) -> String {
    let key = match setting.kind {
        ActionKind::Check => "system",
        ActionKind::Disclose => "recipient",
        ActionKind::Refer | ActionKind::Link => "to",
        ActionKind::Extend => "clock",
        ActionKind::Contact => "with",
        ActionKind::Correct => "path",
        _ => return String::new(),
    };
    let path = Path::root().key(key);
    let Some(node) = given.get(key).filter(|_| question.path != path) else { return String::new() };
    let (Shape::Record(fields), Some(text)) = (setting.shape, node.as_text()) else { return String::new() };
    if setting.kind == ActionKind::Correct {
        let case = setting.case.and_then(Part::write).unwrap_or(Node::Null);
        return Path::parse(text).map(|path| steps(&case, Path::root(), &path.0)).unwrap_or_default();
    }
    let shape = fields.iter().find(|field| field.key == key).map_or(Shape::Line, |field| field.shape);
    value(setting, shape, &path, node, given)
}

/// The steps below `start` in words, with what is known of each item of a list: `children 1 (Charlie Example) name`.
fn steps(tree: &Node, start: Path, steps: &[Step]) -> String {
    let mut path = start;
    let mut words = Vec::new();
    for step in steps {
        let is_item = matches!(tree.at(&path), Some(Node::List(_))) || matches!(step, Step::Index(_));
        path.0.push(step.clone());
        words.push(match step {
            Step::Key(key) if is_item => key.clone(),
            Step::Key(key) => key.replace('_', " "),
            Step::Index(index) => (index + 1).to_string(),
        });
        let label = tree.at(&path).filter(|_| is_item).and_then(known_as);
        words.extend(label.map(|label| format!("({label})")));
    }
    words.join(" ")
}

/// By what an item of a list is known: its name, or the first thing that is said of it.
pub fn known_as(item: &Node) -> Option<String> {
    let text = |node: &Node| node.as_text().map(|text| text.replace('_', " "));
    let Node::Map(entries) = item else { return text(item) };
    let name = item.get("name").unwrap_or(item);
    let parts = ["given", "family"].into_iter().filter_map(|key| name.get(key).and_then(text));
    let name = parts.collect::<Vec<_>>().join(" ");
    if !name.is_empty() {
        return Some(name);
    }
    let of_itself = |key: &str| !["id", "by", "at", "seen_by", "seen_on"].contains(&key);
    entries.iter().find_map(|(key, node)| text(node).filter(|_| of_itself(key)))
}

/// What a field is filled in with where it is left out.
fn by_itself(field: &Field) -> Option<&'static str> {
    match (field.filled, field.shape) {
        (true, Shape::Instant) => Some("now"),
        (true, Shape::Day) => Some("today"),
        (true, Shape::Person) => Some("you"),
        _ => None,
    }
}

/// What a part of the record is called: its question up to the colon.
pub fn heading(field: &Field) -> &'static str {
    let question = field.question();
    question.split_once(": ").map_or(question, |(heading, _)| heading)
}

/// The field whose words a question is put in: for the new value of a correction, that of the corrected fact.
pub fn field(setting: &Setting<'_>, question: &Question, given: &Node) -> &'static Field {
    let now = Path::root().key("now");
    let is_now = question.path == now || matches!(question.path.0.as_slice(), [_, Step::Index(_)]);
    let corrected = given.get("path").and_then(Node::as_text).and_then(|path| Path::parse(path).ok());
    let corrected = corrected.filter(|_| setting.kind == ActionKind::Correct && is_now);
    corrected.and_then(|place| Case::SHAPE.field_at(&place)).unwrap_or(question.field)
}

/// The question in words, those of `field`.
pub fn question(question: &Question, field: &'static Field, count: usize) -> String {
    let words = field.question();
    let is_item = matches!(question.path.0.last(), Some(Step::Index(_)));
    match question.asks {
        Asks::Value if is_item => format!("{words} ({})", count + 1),
        Asks::Value => words.to_owned(),
        Asks::Whether => format!("{words}: is there something to record?"),
        Asks::Item if count == 0 => format!("{words}: add one?"),
        Asks::Item => format!("{} ({count} so far): another?", heading(field)),
        Asks::Mend => words.to_owned(),
    }
}

/// What can be typed, said under the question.
pub fn hint(question: &Question) -> String {
    let how = typed::how(question.shape);
    let leave = match (question.optional, by_itself(question.field)) {
        (false, _) => "",
        (true, None) => "Enter leaves it out",
        (true, Some("today")) => "Enter: today",
        (true, Some("you")) => "Enter: you",
        (true, Some(_)) => "Enter: now",
    };
    let editor = match (question.shape, question.optional) {
        (Shape::Prose, true) => "`e` opens your editor",
        (Shape::Prose, false) => "on one line, or Enter alone for your editor",
        _ => "",
    };
    let parts: Vec<&str> = [how, leave, editor].into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("; ")
}

/// Everything that is known of a question, for `?`.
pub fn explanation(setting: &Setting<'_>, question: &Question) -> String {
    let mut lines: Vec<String> = question.field.doc.iter().map(|line| line.trim().to_owned()).collect();
    let how = typed::how(question.shape);
    if !how.is_empty() {
        lines.push(format!("Type {how}."));
    }
    let place = setting.place.0.iter().chain(&question.path.0).cloned().collect();
    lines.push(format!("In a file: {}", Path(place)));
    lines.push(match question.optional {
        true => "It may be left out: Enter alone.".to_owned(),
        false => "It must be answered.".to_owned(),
    });
    lines.push("`<` goes back one question; Ctrl-C stops and keeps your answers.".to_owned());
    lines.join("\n")
}
