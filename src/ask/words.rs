//! How questions and answers are worded for the person who gives them.

use super::choices::choices;
use super::plan::{Asks, Plan, Progress, Question};
use super::{Setting, typed};
use crate::domain::node::{Node, Path, Step};
use crate::domain::record::{Field, Shape};
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

/// Where in the record a question stands: `children 1 name`; empty at the top.
pub fn section(question: &Question) -> String {
    let above = match question.asks {
        Asks::Value => question.path.0.len().saturating_sub(1),
        _ => question.path.0.len(),
    };
    let words: Vec<String> = question.path.0[..above]
        .iter()
        .map(|step| match step {
            Step::Key(key) => key.replace('_', " "),
            Step::Index(index) => (index + 1).to_string(),
        })
        .collect();
    if question.asks == Asks::Value { words.join(" ") } else { String::new() }
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
fn heading(field: &Field) -> &'static str {
    let question = field.question();
    question.split_once(": ").map_or(question, |(heading, _)| heading)
}

/// The question in words.
pub fn question(question: &Question, count: usize) -> String {
    let words = question.field.question();
    let is_item = matches!(question.path.0.last(), Some(Step::Index(_)));
    match question.asks {
        Asks::Value if is_item => format!("{words} ({})", count + 1),
        Asks::Value => words.to_owned(),
        Asks::Whether => format!("{words}: is there something to record?"),
        Asks::Item if count == 0 => format!("{words}: add one?"),
        Asks::Item => format!("{} ({count} so far): another?", heading(question.field)),
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
