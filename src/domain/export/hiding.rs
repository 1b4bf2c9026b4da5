//! What is kept back from an export: the kinds of fact that were asked to be left out, and, under pseudonyms, everything
//! that says who somebody is.
//!
//! Under pseudonyms a field is left out unless something here says what may stand for it: a field that is new is not
//! given away by being forgotten.

use super::Exported;
use super::pseudonym::{Key, outward};
use crate::choice;
use crate::domain::case::Case;
use crate::domain::node::Node;
use crate::domain::record::{Field, Part, Shape};

choice! {
    /// The kinds of fact that an export can leave out.
    pub enum Redaction {
        Applicant = "applicant" => "All that is recorded of the applicant as a person",
        Subject = "subject" => "All that is recorded of the subject as a person",
        Children = "children" => "The children",
        Recipients = "recipients" => "The recipients of a decision",
        Officers = "officers" => "Who did, agreed or authorised what",
        Names = "names" => "Names and other names of everybody",
        DatesOfBirth = "dates_of_birth" => "Dates of birth",
        Addresses = "addresses" => "Addresses",
        ContactDetails = "contact_details" => "Telephone numbers, e-mail addresses, safe ways of contact",
        FreeText = "free_text" => "Everything in somebody's own words",
    }
}

/// What is kept back.
#[derive(Default)]
pub struct Hiding {
    /// The kinds of fact that are left out.
    pub redacted: Vec<Redaction>,
    /// The key, where pseudonyms stand for what says who somebody is.
    pub key: Option<Key>,
}

/// Where a value stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    /// The reference of its case.
    case: &'a str,
    /// The key of a part of the case.
    part: &'a str,
    /// The key of the record that holds it.
    record: &'a str,
    /// Its own key.
    key: &'a str,
    private: bool,
}

/// Words of a force's own lists and the names of rules and templates: of no person.
const LISTED: [&str; 10] = [
    "guidance",
    "system",
    "agency",
    "language",
    "to",
    "kind",
    "address_proof",
    "relationship_proof",
    "template",
    "code",
];

impl Hiding {
    /// Whether an export holds all there is.
    pub fn is_none(&self) -> bool {
        self.redacted.is_empty() && self.key.is_none()
    }

    /// An exported case without what is kept back.
    pub fn of(&self, exported: &Exported) -> Node {
        let tree = exported.write().unwrap_or(Node::Null);
        if self.is_none() {
            return tree;
        }
        let case = exported.case.reference.as_str();
        self.tree(&tree, case)
    }

    /// The tree of an exported case of this reference without what is kept back.
    pub(super) fn tree(&self, tree: &Node, case: &str) -> Node {
        let whole = Place { case, part: "", record: "", key: "", private: false };
        self.record(tree, Exported::FIELDS, whole)
    }

    fn record(&self, value: &Node, fields: &'static [Field], place: Place<'_>) -> Node {
        let Node::Map(entries) = value else { return Node::map() };
        let kept = entries.iter().filter_map(|(key, value)| {
            let field = fields.iter().find(|field| field.key == key)?;
            // The parts of a case are below the key `case`.
            let part = if matches!(place.part, "" | "case") { field.key } else { place.part };
            let place = Place { part, record: place.key, key: field.key, private: field.private, ..place };
            Some((key.clone(), self.field(value, field, place)?))
        });
        Node::Map(kept.collect())
    }

    fn field(&self, value: &Node, field: &'static Field, place: Place<'_>) -> Option<Node> {
        let redacted = self.redacted.iter().any(|kind| is_of(*kind, field, place));
        // What a corrected field was and is now may be any of what is kept back.
        let quoted = matches!(field.shape, Shape::Any) && !self.redacted.is_empty();
        if redacted || quoted { None } else { self.value(value, field.shape, place) }
    }

    fn value(&self, value: &Node, shape: Shape, place: Place<'_>) -> Option<Node> {
        match (shape, value) {
            (Shape::Record(fields), _) => Some(self.record(value, fields, place)),
            (Shape::List(item), Node::List(items)) => {
                let kept: Vec<Node> =
                    items.iter().filter_map(|value| self.value(value, *item, place)).collect();
                (!kept.is_empty()).then_some(Node::List(kept))
            }
            _ => match &self.key {
                None => Some(value.clone()),
                Some(key) => stands_for(key, value, shape, place),
            },
        }
    }
}

/// Whether a field is of a kind of fact.
fn is_of(kind: Redaction, field: &Field, place: Place<'_>) -> bool {
    let is_words = match field.shape {
        Shape::Prose | Shape::Any => true,
        Shape::Line => field.private && !is_structured(place),
        _ => false,
    };
    match kind {
        Redaction::Applicant => place.part == "applicant",
        Redaction::Subject => place.part == "subject",
        Redaction::Children => place.part == "children",
        Redaction::Recipients => field.key == "recipients",
        Redaction::Officers => field.shape == Shape::Person,
        Redaction::Names => {
            matches!(field.key, "name" | "aliases")
                && matches!(field.shape, Shape::Record(_) | Shape::List(_))
        }
        Redaction::DatesOfBirth => field.key == "date_of_birth",
        Redaction::Addresses => matches!(field.key, "address" | "addresses"),
        Redaction::ContactDetails => matches!(field.key, "phone" | "email" | "safe_contact"),
        Redaction::FreeText => is_words,
    }
}

/// Private lines that are not words of somebody's own: names, numbers, addresses, references.
fn is_structured(place: Place<'_>) -> bool {
    is_address(place) || matches!(place.key, "family" | "given" | "phone" | "email" | "reference")
}

fn is_address(place: Place<'_>) -> bool {
    place.key == "address" || (place.record == "addresses" && place.key == "text")
}

/// What stands for a single value under pseudonyms; `None` where nothing may.
fn stands_for(key: &Key, value: &Node, shape: Shape, place: Place<'_>) -> Option<Node> {
    let text = value.as_text();
    Some(match shape {
        Shape::Choice(_) | Shape::YesNo | Shape::Count => value.clone(),
        Shape::Day | Shape::Instant => Node::Stamp(text?.get(..7)?.to_owned()),
        Shape::Person => Node::text(key.pseudonym("officer", text?)),
        Shape::Reference => Node::text(key.pseudonym("case", text?)),
        Shape::Item => Node::text(item(key, place.case, text?)),
        Shape::Line if is_address(place) => Node::text(outward(text?)?),
        Shape::Line => match place.key {
            part @ ("family" | "given") => Node::text(key.name(part, text?)),
            "phone" => Node::text(key.phone(text?)),
            "email" => Node::text(key.name("email", text?)),
            "reference" => Node::text(key.name("reference", text?)),
            "path" if place.part == "corrections" => Node::text(corrected(key, place.case, text?)),
            listed if !place.private && LISTED.contains(&listed) => value.clone(),
            _ => return None,
        },
        _ => return None,
    })
}

/// An item's id is made to be unique in its case only.
fn item(key: &Key, case: &str, id: &str) -> String {
    key.pseudonym("item", &format!("{case}/{id}"))
}

/// The path of a corrected field: its keys and positions as they are, ids of items as pseudonyms.
fn corrected(key: &Key, case: &str, path: &str) -> String {
    let known = |step: &str| step.parse::<u16>().is_ok() || is_key(Shape::Record(Case::FIELDS), step);
    let step = |step: &str| if known(step) { step.to_owned() } else { item(key, case, step) };
    path.split('.').map(step).collect::<Vec<_>>().join(".")
}

/// Whether any record below has a field of this key.
fn is_key(shape: Shape, key: &str) -> bool {
    match shape {
        Shape::Record(fields) => fields.iter().any(|field| field.key == key || is_key(field.shape, key)),
        Shape::List(item) | Shape::Table(item) => is_key(*item, key),
        _ => false,
    }
}
