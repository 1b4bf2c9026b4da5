//! The JSON shapes that several answers share, and how JSON is written: what cannot be seen stands there escaped.

use std::borrow::Cow;
use std::io::{self, Write};

use serde_json::{Value, json};

use crate::domain::findings::{Next, Warning};
use crate::domain::invisible;
use crate::domain::record::Problem;
use crate::error::Error;

/// JSON in which every character that cannot be seen is escaped, `\u00ad`: it means the same.
pub fn visible(json: &str) -> Cow<'_, str> {
    invisible::replaced(json, |c, json| {
        for unit in c.encode_utf16(&mut [0; 2]) {
            json.push_str(&format!("\\u{unit:04x}"));
        }
    })
}

/// A writer of JSON that escapes what cannot be seen: see [`visible`].
pub struct Visible<W>(pub W);

impl<W: Write> Write for Visible<W> {
    /// Writes all of `bytes`. The JSON writer gives strings in pieces that begin and end with whole characters.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match std::str::from_utf8(bytes) {
            Ok(text) => self.0.write_all(visible(text).as_bytes())?,
            Err(_) => self.0.write_all(bytes)?,
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

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

/// A warning.
pub fn warning(warning: &Warning) -> Value {
    json!({"kind": warning.kind, "rule": warning.rule, "text": warning.text})
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_escaped_and_means_the_same() {
        let value = json!({"name": "Long\u{ad}bottom\u{7f}\u{9b}", "text": "a\n\u{e0053}\u{202e} \u{e9}"});
        let mut written = Vec::new();
        serde_json::to_writer_pretty(Visible(&mut written), &value).unwrap();
        let written = String::from_utf8(written).unwrap();
        assert!(written.contains("Long\\u00adbottom\\u007f\\u009b"), "{written}");
        assert!(written.contains("a\\n\\udb40\\udc53\\u202e \u{e9}"), "{written}");
        assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), value);
    }
}
