//! The answers of the commands that look at the store itself.

use serde_json::Value;

use super::build::{answer, count, flag, list_of, object, or_null, text};

pub fn status() -> Value {
    let edited = object(&[("path", text()), ("how", text()), ("staged", flag())]);
    answer(&[
        ("clean", flag()),
        ("head", text()),
        ("edited", list_of(edited)),
        ("left_by_editors", list_of(text())),
    ])
}

pub fn doctor() -> Value {
    let problem = object(&[
        ("kind", text()),
        ("problem", text()),
        ("count", count()),
        ("first", text()),
        ("fix", or_null(text())),
    ]);
    answer(&[
        ("store", text()),
        ("owner", text()),
        ("shared", or_null(text())),
        ("problems", list_of(problem)),
        ("warnings", list_of(text())),
        ("fixed", count()),
    ])
}
