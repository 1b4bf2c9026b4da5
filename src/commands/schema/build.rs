//! The parts of which the schemas of answers are made.

use serde_json::{Map, Value, json};

use crate::domain::action::ActionKind;
use crate::domain::schema::{self, matching, word};

/// An object; a key that ends in `?` may be absent.
pub fn object(fields: &[(&str, Value)]) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (key, schema) in fields {
        let name = key.trim_end_matches('?');
        properties.insert(name.to_owned(), schema.clone());
        if name == *key {
            required.push(name);
        }
    }
    json!({"type": "object", "properties": properties, "required": required})
}

/// An answer: an object with its version, and with what must be known of all of it (C10).
pub fn answer(fields: &[(&str, Value)]) -> Value {
    let every = [("version", json!({"const": 1})), ("warnings?", list_of(warning()))];
    object(&[&every, fields].concat())
}

/// A warning.
pub fn warning() -> Value {
    object(&[("kind", text()), ("rule", text()), ("text", text())])
}

/// A list.
pub fn list_of(items: Value) -> Value {
    let mut list = json!({"type": "array"});
    list["items"] = items;
    list
}

/// Text.
pub fn text() -> Value {
    json!({"type": "string"})
}

/// True or false.
pub fn flag() -> Value {
    json!({"type": "boolean"})
}

/// A whole number, not below 0.
pub fn count() -> Value {
    json!({"type": "integer", "minimum": 0})
}

/// An instant.
pub fn instant() -> Value {
    matching(schema::INSTANT)
}

/// A day.
pub fn day() -> Value {
    matching(schema::DAY)
}

/// A reference.
pub fn reference() -> Value {
    matching(schema::REFERENCE)
}

/// Or null.
pub fn or_null(schema: Value) -> Value {
    let mut either = json!({});
    either["anyOf"] = Value::Array(vec![schema, json!({"type": "null"})]);
    either
}

/// The word of an action.
pub fn action() -> Value {
    word(ActionKind::WORDS)
}

/// A problem, with its path.
pub fn problem() -> Value {
    object(&[("path", text()), ("problem", text()), ("flag?", text())])
}

/// What a case needs next.
pub fn next() -> Value {
    object(&[("action", or_null(action())), ("why", text()), ("missing", list_of(problem()))])
}
