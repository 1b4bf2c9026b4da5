//! The fields that are searched: every private text of a case file, a person's name as one. They follow from the shapes
//! of the records, so that a new field is searched without being named here.

use std::sync::LazyLock;

use crate::domain::case::{Case, PersonName};
use crate::domain::folding::Cutter;
use crate::domain::node::Node;
use crate::domain::record::{Field, Shape};

/// The number of a field.
pub type FieldId = u8;

/// A bit for each field.
pub type Mask = u128;

/// What stands at a key of a record.
enum Place {
    /// A text; the number is the field's.
    Text(FieldId),
    /// Anything, all of whose texts are searched.
    Any(FieldId),
    /// Further keys.
    Below(Vec<(&'static str, Place)>),
}

/// The fields by number: name and weight.
struct Plan {
    top: Vec<(&'static str, Place)>,
    fields: Vec<(String, u32)>,
}

static PLAN: LazyLock<Plan> = LazyLock::new(|| {
    let mut fields = Vec::new();
    let top = places(Case::FIELDS, "", &mut fields);
    Plan { top, fields }
});

fn places(
    record: &'static [Field],
    above: &str,
    fields: &mut Vec<(String, u32)>,
) -> Vec<(&'static str, Place)> {
    let place = |field: &'static Field| {
        let path = if above.is_empty() { field.key.to_owned() } else { format!("{above}.{}", field.key) };
        let mut add = |weight| {
            fields.push((path.clone(), weight));
            // There are fewer than fit: a test counts them.
            FieldId::try_from(fields.len() - 1).unwrap_or(FieldId::MAX)
        };
        let mut shape = field.shape;
        while let Shape::List(item) = shape {
            shape = *item;
        }
        let found = match shape {
            Shape::Record(below) if below == PersonName::FIELDS => {
                Place::Any(add(if field.key == "name" { 10 } else { 9 }))
            }
            Shape::Record(below) => Place::Below(places(below, &path, fields)),
            Shape::Line if field.private => Place::Text(add(match field.key {
                "phone" | "email" | "address" | "text" => 8,
                _ => 4,
            })),
            Shape::Prose if field.private => Place::Text(add(if above.is_empty() { 4 } else { 3 })),
            Shape::Any if field.private => Place::Any(add(1)),
            _ => return None,
        };
        Some((field.key, found))
    };
    record.iter().filter_map(place).collect()
}

/// How much a word in a field counts.
pub(super) fn weight(field: FieldId) -> u32 {
    PLAN.fields.get(usize::from(field)).map_or(1, |(_, weight)| *weight)
}

/// The names of the fields of a mask, in the order of the case file.
pub fn names(mask: Mask) -> Vec<&'static str> {
    let held = PLAN.fields.iter().enumerate().filter(|(id, _)| mask >> id & 1 == 1);
    held.map(|(_, (name, _))| name.as_str()).collect()
}

/// The words of a case as it stands in its file, each with its field: ordered, each once.
pub fn words(tree: &Node) -> Vec<(FieldId, Box<str>)> {
    let mut found = Vec::new();
    each_word(tree, |field, word| found.push((field, word.into())));
    found.sort_unstable();
    found.dedup();
    found
}

/// The same in no order, as often as they stand there.
pub fn each_word(tree: &Node, mut each: impl FnMut(FieldId, &str)) {
    gather(tree, &PLAN.top, &mut Cutter::default(), &mut each);
}

fn gather(
    node: &Node,
    places: &[(&'static str, Place)],
    cutter: &mut Cutter,
    each: &mut impl FnMut(FieldId, &str),
) {
    match node {
        Node::List(items) => items.iter().for_each(|item| gather(item, places, cutter, each)),
        Node::Map(entries) => {
            for (key, value) in entries {
                match places.iter().find(|(name, _)| name == key) {
                    Some((_, Place::Below(below))) => gather(value, below, cutter, each),
                    Some((_, Place::Text(field) | Place::Any(field))) => texts(value, *field, cutter, each),
                    None => {}
                }
            }
        }
        _ => {}
    }
}

fn texts(node: &Node, field: FieldId, cutter: &mut Cutter, each: &mut impl FnMut(FieldId, &str)) {
    match node {
        Node::Text { text, .. } => cutter.words(text, |word| {
            if word.len() >= super::SHORTEST {
                each(field, word);
            }
        }),
        Node::List(items) => items.iter().for_each(|item| texts(item, field, cutter, each)),
        Node::Map(entries) => entries.iter().for_each(|(_, value)| texts(value, field, cutter, each)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_private_text_has_a_number_and_no_other() {
        let names: Vec<&str> = names(Mask::MAX);
        assert!(names.len() < 120, "{} fields do not fit into a mask", names.len());
        for wanted in [
            "applicant.name",
            "applicant.phone",
            "subject.name",
            "subject.aliases",
            "subject.addresses.text",
            "children.name",
            "concern",
            "interview.concern",
            "decision.recipients.name",
            "notes.text",
            "reopened.set_aside.interview.concern",
            "corrections.was",
        ] {
            assert!(names.contains(&wanted), "{wanted} is not among {names:?}");
        }
        for unwanted in ["owner", "reference", "guidance", "checks.system", "corrections.path"] {
            assert!(!names.contains(&unwanted), "{unwanted}");
        }
    }
}
