//! Which question comes next: from the shape of the answers, what is given, and what is wrong with it. Pure; after every
//! answer the plan is made anew, so that going back is only to look at the earlier answers again.

use super::progress::{Need, Progress};
use crate::domain::action::ActionKind;
use crate::domain::case::Case;
use crate::domain::node::{Node, Path};
use crate::domain::record::{Field, Part, Shape};

/// A question to a person.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Where the answer stands, below the record's place.
    pub path: Path,
    /// What the answer looks like.
    pub shape: Shape,
    /// The field whose words ask it; for an item of a list, the list's.
    pub field: &'static Field,
    /// What is asked of it.
    pub asks: Asks,
    /// Whether it may be left out.
    pub optional: bool,
    /// What was wrong with the answer that stands there.
    pub wrong: Option<String>,
}

/// What a question asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// The value itself.
    Value,
    /// Whether a record that may be left out is to be filled in.
    Whether,
    /// Whether there is an item of a list, or another.
    Item,
    /// What to do with a record or a list that stands there and is refused, or is to be changed.
    Mend,
}

/// What the plan is made from.
#[derive(Debug, Clone, Copy)]
pub struct Plan<'a> {
    /// The action that is being answered for.
    pub kind: ActionKind,
    /// What the answers look like.
    pub shape: Shape,
    /// The answers so far.
    pub given: &'a Node,
    /// How far the conversation has come.
    pub progress: &'a Progress,
}

impl Plan<'_> {
    /// The question that comes next; `None` where everything is asked.
    pub fn next(&self) -> Option<Question> {
        match self.shape {
            Shape::Record(fields) => self.record(fields, &Path::root(), self.progress.filling, false),
            _ => None,
        }
    }

    /// What the field at `path` looks like: the new value of a correction, where one is asked for, looks like the
    /// corrected fact.
    pub fn shape_of(&self, field: &'static Field, path: &Path) -> Shape {
        if !self.is_corrected(path) || field.shape == Shape::Any {
            return field.shape;
        }
        let place = self.given.get("path").and_then(Node::as_text);
        place.and_then(|place| Case::SHAPE.at(&Path::from(place))).unwrap_or(field.shape)
    }

    /// Whether the new value of a correction stands at `path`.
    fn is_corrected(&self, path: &Path) -> bool {
        self.kind == ActionKind::Correct && *path == Path::root().key("now")
    }

    /// What follows from an earlier answer and so must be answered in its own place: an applicant on the right-to-ask
    /// route (T1), a description of a subject without a name (R2), why the identity of an applicant without documents
    /// could not be confirmed (S7). Other conditions are foreseen by the rules themselves.
    fn follows(&self, field: &Field, path: &Path) -> bool {
        let place = path.to_string();
        match (self.kind, field.key) {
            (ActionKind::New, "applicant") => {
                self.given.get("route").and_then(Node::as_text) == Some("right_to_ask")
            }
            (ActionKind::New, "description") => {
                place == "subject.description" && self.stands(&Path::from("subject.name")).is_none()
            }
            (ActionKind::Interview, "identity_not_confirmed") => {
                let documents = Path::from("identity");
                let none = |node: &Node| *node == Node::List(Vec::new());
                self.progress.settled.contains(&documents) && self.stands(&documents).is_none_or(none)
            }
            _ => false,
        }
    }

    fn stands(&self, path: &Path) -> Option<&Node> {
        self.given.at(path).filter(|node| **node != Node::Null)
    }

    /// The next question of a record. `filling`: everything it should hold is asked, not only what is needed;
    /// `needed`: it may not stay empty.
    fn record(
        &self,
        fields: &'static [Field],
        above: &Path,
        filling: bool,
        needed: bool,
    ) -> Option<Question> {
        let is_empty = match self.stands(above) {
            None => true,
            Some(Node::Map(entries)) => entries.is_empty(),
            Some(_) => false,
        };
        // Of a record in which nothing is required (a name) something must be given: the last question insists.
        let insists = needed && is_empty && is_hollow(fields);
        let last = fields.iter().rfind(|field| field.asked).map(|field| field.key);
        fields.iter().find_map(|field| {
            let path = above.key(field.key);
            // A correction begins with what is recorded: only new items are filled in from the start.
            let filling = filling && !(self.is_corrected(&path) && self.stands(&path).is_some());
            match self.shape_of(field, &path) {
                Shape::Record(below) => self.nested(field, below, &path, filling),
                Shape::List(item) => self.list(field, item, &path, filling),
                Shape::Table(_) | Shape::Any => None,
                shape => {
                    let insists = insists && last == Some(field.key);
                    self.scalar(field, shape, path, filling, insists, is_hollow(fields))
                }
            }
        })
    }

    fn scalar(
        &self,
        field: &'static Field,
        shape: Shape,
        path: Path,
        filling: bool,
        insists: bool,
        in_hollow: bool,
    ) -> Option<Question> {
        if self.progress.settled.contains(&path) {
            return None;
        }
        let need = self.progress.need(&path);
        let absent = self.stands(&path).is_none();
        let follows = self.follows(field, &path);
        let wanted = field.required || field.asked || follows;
        if need.is_none() && !(filling && absent && wanted && (field.asked || !field.filled)) {
            return None;
        }
        let missing = need.is_some_and(|need| need.missing) && !in_hollow;
        let optional = !(insists || missing || follows || (field.required && !field.filled));
        let wrong = need.and_then(|need| need.wrong.clone());
        Some(Question { path, shape, field, asks: Asks::Value, optional, wrong })
    }

    fn nested(
        &self,
        field: &'static Field,
        fields: &'static [Field],
        path: &Path,
        filling: bool,
    ) -> Option<Question> {
        let progress = self.progress;
        if progress.settled.contains(path) {
            return None;
        }
        let (need, opened) = (progress.need(path), progress.opened.contains(path));
        let stands = self.stands(path).is_some();
        if let Some(question) = self.mend(field, field.shape, path, stands) {
            return Some(question);
        }
        let hollow_need = is_hollow(fields) && progress.needs_below(path).any(|need| need.missing);
        let must = need.is_some() || opened || hollow_need;
        if stands || must || (filling && (field.required || self.follows(field, path))) {
            let needed = must || field.required;
            return self.record(fields, path, filling || must, needed);
        }
        if filling && field.asked {
            let question = self.question(field, field.shape, path, Asks::Whether, progress.need(path));
            return if is_hollow(fields) { self.record(fields, path, true, false) } else { Some(question) };
        }
        if progress.needs_below(path).next().is_some() {
            self.record(fields, path, false, true)
        } else {
            None
        }
    }

    fn list(
        &self,
        field: &'static Field,
        item: &'static Shape,
        path: &Path,
        filling: bool,
    ) -> Option<Question> {
        let progress = self.progress;
        let stands = self.stands(path);
        let length = match stands {
            Some(Node::List(items)) => items.len(),
            Some(_) => return self.mend(field, field.shape, path, true),
            None => 0,
        };
        if let Some(question) = self.mend(field, field.shape, path, length > 0) {
            return Some(question);
        }
        let growing = progress.growing.contains(path);
        let within = (0..length).find_map(|index| self.item(field, item, &path.index(index), filling));
        if within.is_some() || progress.settled.contains(path) {
            return within;
        }
        let next = path.index(length);
        let need = progress.need(path);
        // Where a list may be left out or stated to be empty, whether there is an item comes first.
        let wanted = need.is_some() && !field.required && !field.asked;
        if progress.opened.contains(&next) || (length == 0 && wanted) {
            return self.item(field, item, &next, true).map(|question| match need {
                // Why the list needs an item is said with the first question of that item.
                Some(need) if question.wrong.is_none() => Question { wrong: need.wrong.clone(), ..question },
                _ => question,
            });
        }
        let first = stands.is_none() && (field.required || field.asked);
        (growing || (first && (filling || need.is_some())))
            .then(|| self.question(field, field.shape, path, Asks::Item, None))
    }

    fn item(
        &self,
        field: &'static Field,
        shape: &'static Shape,
        path: &Path,
        filling: bool,
    ) -> Option<Question> {
        if self.progress.settled.contains(path) {
            return None;
        }
        let stands = self.stands(path).is_some();
        if let Shape::Record(fields) = shape {
            let filling = filling || self.progress.opened.contains(path);
            return self
                .mend(field, *shape, path, stands)
                .or_else(|| self.record(fields, path, filling, true));
        }
        let need = self.progress.need(path);
        (!stands || need.is_some()).then(|| self.question(field, *shape, path, Asks::Value, need))
    }

    /// The question what to do with a record or list that stands there and is refused as a whole.
    fn mend(&self, field: &'static Field, shape: Shape, path: &Path, stands: bool) -> Option<Question> {
        let need = self.progress.need(path).filter(|need| !need.missing && stands)?;
        let under_way = self.progress.opened.contains(path) || self.progress.settled.contains(path);
        (!under_way).then(|| self.question(field, shape, path, Asks::Mend, Some(need)))
    }

    fn question(
        &self,
        field: &'static Field,
        shape: Shape,
        path: &Path,
        asks: Asks,
        need: Option<&Need>,
    ) -> Question {
        let wrong = need.and_then(|need| need.wrong.clone());
        Question { path: path.clone(), shape, field, asks, optional: false, wrong }
    }
}

/// Whether nothing in a record is required.
pub fn is_hollow(fields: &[Field]) -> bool {
    !fields.iter().any(|field| field.required)
}
