//! Whom a case names, and in which fields: found by the shape of the case, so no field can be forgotten.

use crate::domain::case::Case;
use crate::domain::node::{Node, Path, Step};
use crate::domain::record::{Part as _, Shape};
use crate::domain::scalars::PersonId;
use crate::domain::time::{Day, Instant};

/// The person whom one field of a case names.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// Where the field stands, items of lists by their positions.
    pub path: Path,
    /// Where it stands, items by their ids: the same place before and after a change.
    pub place: Path,
    /// The keys of the path alone, from the case down: which field it is, in whichever item.
    pub keys: Vec<&'static str>,
    /// Whom it names.
    pub person: PersonId,
    /// When they did it; `None` where the record says no moment.
    pub at: Option<When>,
    /// Whether the record is a return to an earlier stage that set a closure aside, and so reopened the case.
    pub reopens: bool,
}

/// When something was done, as exactly as its record says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum When {
    /// At a moment.
    At(Instant),
    /// On a local day.
    On(Day),
}

/// Everybody whom a case names, in the order of its file.
pub fn named(case: &Case) -> Vec<Mention> {
    mentions(case.write().as_ref(), Case::SHAPE)
}

/// Everybody whom a tree of this shape names.
pub(super) fn mentions(tree: Option<&Node>, shape: Shape) -> Vec<Mention> {
    let mut found = Vec::new();
    if let Some(tree) = tree {
        let walk =
            Walk { path: Path::root(), place: Path::root(), keys: Vec::new(), at: None, reopens: false };
        walk.on(tree, shape, &mut found);
    }
    found
}

/// Everybody whom a value names that stands at `path` of a case, with the keys of their fields from the case down.
pub fn named_in(value: &Node, path: &Path) -> Vec<Mention> {
    let Some((keys, shape)) = keys_of(path, Case::SHAPE) else { return Vec::new() };
    let mut found = Vec::new();
    let walk = Walk { path: path.clone(), place: path.clone(), keys, at: None, reopens: false };
    walk.on(value, shape, &mut found);
    found
}

/// The keys of a path without the items of lists, and the shape of what stands there; `None` where nothing can.
pub(super) fn keys_of(path: &Path, mut shape: Shape) -> Option<(Vec<&'static str>, Shape)> {
    let mut keys = Vec::new();
    for step in &path.0 {
        shape = match (shape, step) {
            (Shape::Record(fields), Step::Key(key)) => {
                let field = fields.iter().find(|field| field.key == key)?;
                keys.push(field.key);
                field.shape
            }
            (Shape::List(item), _) => *item,
            _ => return None,
        };
    }
    Some((keys, shape))
}

/// A place in a case that is walked through by its shape.
struct Walk {
    path: Path,
    place: Path,
    keys: Vec<&'static str>,
    at: Option<When>,
    reopens: bool,
}

impl Walk {
    fn on(&self, node: &Node, shape: Shape, found: &mut Vec<Mention>) {
        match (shape, node) {
            (Shape::Person, _) => {
                if let Some(person) = node.as_text().and_then(|text| PersonId::new(text).ok()) {
                    let (path, place) = (self.path.clone(), self.place.clone());
                    let (keys, at, reopens) = (self.keys.clone(), self.at, self.reopens);
                    found.push(Mention { path, place, keys, person, at, reopens });
                }
            }
            (Shape::Record(fields), Node::Map(_)) => {
                let text = |key: &str| node.get(key).and_then(Node::as_text);
                let at = text("at").and_then(|text| text.parse().ok()).map(When::At);
                let on = text("seen_on").and_then(|text| text.parse().ok()).map(When::On);
                let aside = node.get("set_aside");
                for field in fields {
                    let Some(value) = node.get(field.key) else { continue };
                    let mut keys = self.keys.clone();
                    keys.push(field.key);
                    let below = Walk {
                        path: self.path.key(field.key),
                        place: self.place.key(field.key),
                        keys,
                        at: at.or(on).or(self.at),
                        reopens: aside.is_some_and(|aside| aside.get("closure").is_some()),
                    };
                    below.on(value, field.shape, found);
                }
            }
            (Shape::List(item), Node::List(items)) => {
                for (index, value) in items.iter().enumerate() {
                    let path = self.path.index(index);
                    let place = value.id().map_or_else(|| self.place.index(index), |id| self.place.key(id));
                    let (keys, at) = (self.keys.clone(), self.at);
                    Walk { path, place, keys, at, reopens: false }.on(value, *item, found);
                }
            }
            _ => {}
        }
    }
}
