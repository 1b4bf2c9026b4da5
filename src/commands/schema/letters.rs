//! The schemas of what commands answer about letters.

use serde_json::{Value, json};

use super::build::{action, answer, day, flag, instant, list_of, object, or_null, problem, reference, text};
use crate::domain::case::{AddresseeRole, LetterKind, Method};
use crate::domain::schema::{self, matching, word};

/// What every letter has.
fn fields() -> Vec<(&'static str, Value)> {
    vec![
        ("id", matching(schema::ITEM)),
        ("kind", word(LetterKind::WORDS)),
        ("at", instant()),
        ("to", word(AddresseeRole::WORDS)),
        ("recipient", or_null(matching(schema::ITEM))),
        ("agency", or_null(text())),
        ("method", word(Method::WORDS)),
        ("language", text()),
        ("path", text()),
        ("template", text()),
        ("sha256", text()),
        ("sent_at", or_null(instant())),
    ]
}

/// A letter.
pub fn letter() -> Value {
    object(&fields())
}

/// `csods letter REF ID`, and what is for the officers.
pub fn shown() -> Value {
    answer(&[
        ("reference", reference()),
        ("kind?", word(LetterKind::WORDS)),
        ("letter?", letter()),
        ("held?", list_of(problem())),
        ("copy_for_file?", flag()),
        ("commit?", json!({"type": "null"})),
        ("markdown", text()),
    ])
}

/// `csods letters REF`.
pub fn of_case() -> Value {
    let standing = [("state", json!({"enum": ["sent", "to_send", "held"]})), ("held", list_of(problem()))];
    let letter = object(&[fields(), standing.to_vec()].concat());
    answer(&[("reference", reference()), ("letters", list_of(letter))])
}

/// `csods letters due`.
pub fn due() -> Value {
    let due = object(&[
        ("reference", reference()),
        ("kind", word(LetterKind::WORDS)),
        ("since", day()),
        ("method", word(Method::WORDS)),
        ("state", json!({"enum": ["to_make", "to_send", "held"]})),
        ("id", or_null(matching(schema::ITEM))),
        ("stands", text()),
    ]);
    answer(&[
        ("letters", list_of(due)),
        ("action?", action()),
        ("commit?", json!({"type": "null"})),
        ("dry_run?", json!({"const": true})),
    ])
}

/// `csods letter --all-due`.
pub fn made() -> Value {
    let made = object(&[("reference", reference()), ("letter", letter())]);
    answer(&[
        ("action", action()),
        ("commit", or_null(text())),
        ("letters", list_of(made)),
        ("actor?", text()),
    ])
}
