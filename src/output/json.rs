//! The JSON shapes that several answers share.

use serde_json::{Value, json};

use crate::domain::findings::Next;
use crate::domain::record::Problem;
use crate::error::Error;

/// Problems, each with its path.
pub fn problems(problems: &[Problem]) -> Value {
    let one = |problem: &Problem| {
        let mut object = json!({"path": problem.path.to_string(), "problem": problem.fault.to_string()});
        if let (Some(flag), Some(object)) = (&problem.flag, object.as_object_mut()) {
            object.insert("flag".to_owned(), Value::String(flag.clone()));
        }
        object
    };
    Value::Array(problems.iter().map(one).collect())
}

/// What a case needs next.
pub fn next(next: &Next) -> Value {
    json!({
        "action": next.action.map(|action| action.word()),
        "why": next.why,
        "missing": problems(&next.missing),
    })
}

/// An error as an object.
pub fn error(error: &Error) -> Value {
    let mut object = json!({
        "code": error.kind.code(),
        "kind": error.kind.name(),
        "message": error.to_string(),
        "problems": problems(&error.problems),
    });
    if let (Some(hint), Some(object)) = (&error.hint, object.as_object_mut()) {
        object.insert("hint".to_owned(), Value::String(hint.clone()));
    }
    json!({ "error": object })
}
