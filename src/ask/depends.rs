//! Answers that an earlier answer asked for, and that no longer apply once that answer is changed. Pure.

use super::plan::Plan;
use crate::domain::action::ActionKind;
use crate::domain::node::{Node, Path, Step};
use crate::domain::record::{Field, Shape};

/// An answer that no longer applies: where it stands, and its field.
pub type Outlived = (Path, &'static Field);

/// The answers that no longer apply after the answer at `changed` has become what stands in `plan`'s answers, `before`
/// being the answers until then. These are the ones that were demanded because of it: `demanded` says whether an answer
/// must be given, with the others as they are and it taken out.
pub fn outlived(
    plan: &Plan<'_>,
    before: &Node,
    changed: &Path,
    demanded: &dyn Fn(&Node, &Path) -> bool,
) -> Vec<Outlived> {
    let Shape::Record(fields) = plan.shape else { return Vec::new() };
    let mut candidates = Vec::new();
    record(plan, fields, &Path::root(), changed, &mut candidates);
    let was = before.at(changed).and_then(Node::as_text);
    let is = plan.given.at(changed).and_then(Node::as_text);
    candidates.retain(|(path, field)| {
        let stood = before.at(path).is_some();
        let of_another = is_of_another_person(changed, was, is, path);
        // What the subject looks like stays true, whatever else becomes known.
        let is_fact = plan.kind == ActionKind::New && field.key == "description";
        stood && (of_another || (!is_fact && demanded(before, path) && !demanded(plan.given, path)))
    });
    candidates
}

/// R1: a recipient who becomes the applicant, or no longer is, is another person: with another name, address, telephone
/// number and safe contact.
fn is_of_another_person(changed: &Path, was: Option<&str>, is: Option<&str>, path: &Path) -> bool {
    let Some((Step::Key(key), recipient)) = changed.0.split_last() else { return false };
    let Some((Step::Key(fact), of)) = path.0.split_last() else { return false };
    let applicant = Some("applicant");
    key == "role"
        && recipient == of
        && ["name", "address", "phone", "safe_contact"].contains(&fact.as_str())
        && was != is
        && (was == applicant || is == applicant)
}

/// Every answer that only another one can have asked for: not required, and not asked in any case.
fn record(
    plan: &Plan<'_>,
    fields: &'static [Field],
    above: &Path,
    changed: &Path,
    found: &mut Vec<Outlived>,
) {
    for field in fields {
        let path = above.key(field.key);
        let shape = plan.shape_of(field, &path);
        let Some(node) = plan.given.at(&path).filter(|node| **node != Node::Null) else { continue };
        let conditional = !(field.required || field.asked || field.filled || field.made);
        if conditional && !changed.is_within(&path) {
            found.push((path, field));
            continue;
        }
        match (shape, node) {
            (Shape::Record(below), _) => record(plan, below, &path, changed, found),
            (Shape::List(Shape::Record(below)), Node::List(items)) => {
                for index in 0..items.len() {
                    record(plan, below, &path.index(index), changed, found);
                }
            }
            _ => {}
        }
    }
}
