//! The new value of a correction: a tree without a type of its own, completed and read as the corrected fact would be.

use crate::domain::case::{Case, Correction};
use crate::domain::invisible;
use crate::domain::node::{Node, Path};
use crate::domain::record::{Part, Shape};
use crate::domain::scalars::{Fill, quoted};

/// A correction whose new value holds what its answers may leave out: the ids of new items, who did something, when.
pub(super) fn completed(correction: Correction, fill: &Fill) -> Correction {
    let shape = Path::parse(correction.path.as_str()).ok().and_then(|path| Case::SHAPE.at(&path));
    let now = match (correction.now, shape) {
        (Some(mut now), Some(shape)) => {
            invisible::drop_from(&mut now);
            complete(&mut now, shape, fill);
            Some(quoted(now))
        }
        (now, _) => now,
    };
    Correction { now, ..correction }
}

fn complete(node: &mut Node, shape: Shape, fill: &Fill) {
    match (node, shape) {
        (Node::List(items), Shape::List(item)) => {
            items.iter_mut().for_each(|node| complete(node, *item, fill));
        }
        (node @ Node::Map(_), Shape::Record(fields)) => {
            for field in fields {
                let key = Path::root().key(field.key);
                if node.get(field.key).is_some() {
                    node.place(&key).into_iter().for_each(|below| complete(below, field.shape, fill));
                } else if let Some(value) = filled(field.shape, fill).filter(|_| field.filled) {
                    node.set(&key, value);
                }
            }
        }
        _ => {}
    }
}

fn filled(shape: Shape, fill: &Fill) -> Option<Node> {
    Some(match shape {
        Shape::Item => Node::text(fill.item_id().as_str()),
        Shape::Person => Node::text(fill.actor.as_str()),
        Shape::Instant => Node::Stamp(fill.now.to_string()),
        Shape::Day => Node::Stamp(fill.today.to_string()),
        _ => return None,
    })
}
