//! The schemas of exports: of the file, and of what is said of it.

use serde_json::{Value, json};

use super::build::{answer, count, flag, instant, list_of, object, or_null, reference, text};
use crate::domain::case::PersonRole;
use crate::domain::export::Redaction;
use crate::domain::schema::word;
use crate::domain::similarity::Likeness;

/// What every export says of itself.
fn export_head() -> Vec<(&'static str, Value)> {
    vec![
        ("counted_at", instant()),
        ("commit", or_null(text())),
        ("pseudonymised", flag()),
        ("redacted", list_of(word(Redaction::WORDS))),
        ("total", count()),
        ("partial?", json!({"const": true})),
        ("left_out?", list_of(text())),
    ]
}

/// What an export says once it is written.
pub fn export() -> Value {
    let own = [
        ("action", json!({"const": "export"})),
        ("output", text()),
        ("as", text()),
        ("bytes", or_null(count())),
        ("dry_run", flag()),
    ];
    answer(&[&export_head()[..], &own].concat())
}

/// What is said of a new key; never the key.
pub fn new_key() -> Value {
    answer(&[("action", json!({"const": "export"})), ("new_key", text()), ("dry_run", flag())])
}

/// The JSON that an export writes, of cases of this schema.
pub fn exported(case: Value) -> Value {
    answer(&[&export_head()[..], &[("cases", list_of(case))]].concat())
}

/// A line of the NDJSON that an export writes, of a case of this schema.
pub fn exported_line(mut case: Value) -> Value {
    case["properties"]["version"] = json!({"const": 1});
    case
}

/// Where a person was found, and the document or its file.
pub fn subject_access() -> Value {
    let found = object(&[
        ("reference", reference()),
        ("role", word(PersonRole::WORDS)),
        ("reasons", list_of(word(Likeness::WORDS))),
    ]);
    answer(&[
        ("cases", list_of(found.clone())),
        ("candidates", list_of(found)),
        ("dry_run", flag()),
        ("markdown?", text()),
        ("output?", text()),
    ])
}
