//! The schemas of answers to very many changes at once.

use serde_json::{Value, json};

use super::build::{action, answer, count, list_of, object, or_null, reference, text};
use super::{caseload, outputs};
use crate::domain::case::Stage;
use crate::domain::schema::word;

/// What became of one line of `csods apply`.
pub fn apply_line() -> Value {
    let error = outputs::error()["properties"]["error"].clone();
    answer(&[
        ("line", count()),
        ("id?", text()),
        ("action", or_null(action())),
        ("case", or_null(reference())),
        ("result", json!({"enum": ["done", "would_be_done", "not_done", "done_before", "refused"]})),
        ("stage?", word(Stage::WORDS)),
        ("similar?", list_of(reference())),
        ("time_of_entry?", json!({"const": true})),
        ("commit?", or_null(text())),
        ("error?", error),
        ("code", count()),
    ])
}

/// `csods import`.
pub fn import() -> Value {
    let case = object(&[("row", count()), ("reference", reference()), ("stage", word(Stage::WORDS))]);
    let rejected =
        object(&[("row", count()), ("column", or_null(text())), ("key", text()), ("problem", text())]);
    let own = [("row", or_null(count())), ("reference", reference()), ("to", reference())];
    let similar = object(&[&own[..], &caseload::pair()].concat());
    answer(&[
        ("action", json!({"const": "import"})),
        ("commit", or_null(text())),
        ("actor?", text()),
        ("source", or_null(text())),
        ("sha256", text()),
        ("cases", list_of(case)),
        ("skipped", list_of(count())),
        ("rejected", list_of(rejected)),
        ("similar", list_of(similar)),
        ("dry_run?", json!({"const": true})),
    ])
}

/// `csods import --suggest` into a file.
pub fn suggest() -> Value {
    answer(&[("action", json!({"const": "suggest"})), ("columns", count())])
}
