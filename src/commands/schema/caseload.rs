//! The schemas of answers about many cases.

use serde_json::{Value, json};

use super::build::{action, answer, count, flag, instant, list_of, object, or_null, reference, text};
use crate::domain::case::{Channel, DecisionOutcome, PersonRole, Route, Stage};
use crate::domain::clocks::ClockName;
use crate::domain::schema::{self, matching, word};
use crate::domain::similarity::Likeness;

/// An answer that says where it leaves out what cannot be read.
fn partly(fields: &[(&str, Value)]) -> Value {
    answer(&[fields, &[("partial?", json!({"const": true})), ("left_out?", list_of(text()))]].concat())
}

fn owner() -> Value {
    or_null(matching(schema::PERSON))
}

fn cases(more: &[(&str, Value)]) -> Value {
    let row = [
        ("reference", reference()),
        ("stage", word(Stage::WORDS)),
        ("route", word(Route::WORDS)),
        ("owner", owner()),
        ("received", instant()),
        ("clock", or_null(word(ClockName::WORDS))),
        ("due", or_null(instant())),
        ("overdue", flag()),
        ("next", or_null(action())),
        ("channel", word(Channel::WORDS)),
        ("outcome", or_null(word(DecisionOutcome::WORDS))),
        ("risk", or_null(text())),
        ("urgent", flag()),
        ("age_days", json!({"type": "integer"})),
    ];
    partly(&[("total", count()), ("cases", list_of(object(&[&row[..], more].concat())))])
}

/// `csods list`.
pub fn list() -> Value {
    cases(&[])
}

/// `csods due`.
pub fn due() -> Value {
    cases(&[("group", text())])
}

/// `csods board`.
pub fn board() -> Value {
    let oldest =
        object(&[("reference", reference()), ("age_days", json!({"type": "integer"})), ("overdue", flag())]);
    let stage = object(&[
        ("stage", word(Stage::WORDS)),
        ("open", count()),
        ("overdue", count()),
        ("oldest", list_of(oldest)),
    ]);
    partly(&[("open", count()), ("overdue", count()), ("stages", list_of(stage))])
}

/// `csods workload`.
pub fn workload() -> Value {
    let load = object(&[
        ("owner", owner()),
        ("open", count()),
        ("overdue", count()),
        ("urgent", count()),
        ("age_bands", json!({"type": "object", "additionalProperties": {"type": "integer"}})),
        ("oldest", or_null(text())),
        ("oldest_age_days", or_null(json!({"type": "integer"}))),
    ]);
    partly(&[("total", count()), ("owners", list_of(load))])
}

/// `csods search`.
pub fn search() -> Value {
    let found = object(&[
        ("reference", reference()),
        ("stage", word(Stage::WORDS)),
        ("owner", owner()),
        ("received", instant()),
        ("fields", list_of(text())),
        ("score", json!({"type": "number"})),
    ]);
    partly(&[("total", count()), ("cases", list_of(found))])
}

/// The roles whose people are alike, and in what.
pub fn pair() -> Vec<(&'static str, Value)> {
    vec![
        ("theirs", word(PersonRole::WORDS)),
        ("ours", word(PersonRole::WORDS)),
        ("reasons", list_of(word(Likeness::WORDS))),
    ]
}

/// `csods similar`.
pub fn similar() -> Value {
    let alike = object(&[("reference", reference()), ("alike", list_of(object(&pair())))]);
    partly(&[("reference", reference()), ("total", count()), ("cases", list_of(alike))])
}

/// The cases that `csods show` points at.
pub fn pointed_out() -> Value {
    let alike = [("reference", reference()), ("now", flag()), ("alike", list_of(object(&pair())))];
    object(&[
        ("compared_now", flag()),
        ("total", count()),
        ("cases", list_of(object(&alike))),
        ("left_out", list_of(text())),
    ])
}
