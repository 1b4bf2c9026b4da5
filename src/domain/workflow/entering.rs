//! R4: a record whose `by` is not the person who entered it carries `recorded_by`.

use crate::domain::case::Case;
use crate::domain::node::{Node, Path, Step};
use crate::domain::record::{self, Part, Problem, Reader, Shape};
use crate::domain::scalars::PersonId;

/// The case with `recorded_by` on every record that it has and `before` had not, where somebody else than `actor` is
/// said to have done it. A record that stood before keeps what it says; so does one that a return set aside.
///
/// An imported case says once, under `imported`, who entered all of its records.
pub(super) fn entered(
    before: Option<&Case>,
    mut after: Case,
    differing: Differing,
    actor: &PersonId,
) -> Case {
    let Some(mut tree) = differing.after else { return after };
    let mut walk = Walk { before: differing.before, actor, changed: Vec::new() };
    walk.on(&mut tree, Case::SHAPE, &Path::root());
    if walk.changed.is_empty() {
        return after;
    }
    match (record::read::<Case>(&tree, Reader::strict()), before) {
        (Ok(case), None) => Case { modeline: after.modeline, ..case },
        (Ok(case), Some(before)) => {
            after.put_differing(before, case);
            after
        }
        // Only ids of people were set, which fit wherever they stand.
        (Err(_), _) => after,
    }
}

/// What differs between a case before an action and after it: its records but for equal items of lists.
pub(super) struct Differing {
    pub(super) before: Option<Node>,
    pub(super) after: Option<Node>,
}

impl Differing {
    pub(super) fn between(before: Option<&Case>, after: &Case) -> Differing {
        match before {
            None => Differing { before: None, after: after.write() },
            Some(before) => {
                Differing { before: before.write_differing(after), after: after.write_differing(before) }
            }
        }
    }
}

/// R4: what is wrong with a file added by hand that says itself who entered its records: that is whoever takes it in.
pub(super) fn claimed(case: &Case, actor: &PersonId) -> Vec<Problem> {
    let Some(mut tree) = case.write() else { return Vec::new() };
    let given = tree.clone();
    let mut walk = Walk { before: None, actor, changed: Vec::new() };
    walk.on(&mut tree, Case::SHAPE, &Path::root());
    let claimed = walk.changed.into_iter().filter(|place| given.at(place).is_some());
    claimed.map(|place| Problem::invalid(place, "is recorded by csods itself; leave it out")).collect()
}

struct Walk<'a> {
    before: Option<Node>,
    actor: &'a PersonId,
    /// The places of `recorded_by` where something changed.
    changed: Vec<Path>,
}

impl Walk<'_> {
    fn on(&mut self, node: &mut Node, shape: Shape, place: &Path) {
        match (shape, node) {
            (Shape::Record(fields), node @ Node::Map(_)) => {
                if fields.iter().any(|field| field.key == RECORDED_BY) && !self.stood(place) {
                    self.enter(node, place);
                }
                let Node::Map(entries) = node else { return };
                for (key, value) in entries {
                    if let Some(field) = fields.iter().find(|field| field.key == key) {
                        self.on(value, field.shape, &place.key(key));
                    }
                }
            }
            (Shape::List(item), Node::List(items)) => {
                for (index, value) in items.iter_mut().enumerate() {
                    let place = value.id().map_or_else(|| place.index(index), |id| place.key(id));
                    self.on(value, *item, &place);
                }
            }
            _ => {}
        }
    }

    /// Whether the record stood before, there or where a return took it from.
    fn stood(&self, place: &Path) -> bool {
        let stands = |place: &Path| self.before.as_ref().is_some_and(|before| before.at(place).is_some());
        stands(place) || set_aside_from(place).is_some_and(|earlier| stands(&earlier))
    }

    fn enter(&mut self, node: &mut Node, place: &Path) {
        let by = node.get("by").and_then(Node::as_text);
        let by_actor = by.is_none_or(|by| by == self.actor.as_str());
        let given = node.get(RECORDED_BY).and_then(Node::as_text);
        let wanted = (!by_actor).then_some(self.actor.as_str());
        if given == wanted {
            return;
        }
        self.changed.push(place.key(RECORDED_BY));
        let key = Path::root().key(RECORDED_BY);
        match wanted {
            Some(actor) => {
                node.set(&key, Node::text(actor));
            }
            None => {
                node.remove(&key);
            }
        }
    }
}

const RECORDED_BY: &str = "recorded_by";

/// Where a record stood that a return to an earlier stage set aside.
pub(super) fn set_aside_from(place: &Path) -> Option<Path> {
    let is = |position: usize, key: &str| place.0.get(position) == Some(&Step::Key(key.to_owned()));
    (is(0, "reopened") && is(2, "set_aside")).then(|| Path(place.0[3..].to_vec()))
}
