//! JSON Schema (draft 2020-12) of what a shape describes. It follows from the declarations of the records, as the reader, the
//! writer, the flags and the prompts do.

use serde_json::{Map, Value, json};

use super::action::ActionKind;
use super::shape::{Field, Shape, Word};

/// The dialect that every schema names.
pub const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";
/// A day.
pub const DAY: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";
/// An instant in UTC, to the second.
pub const INSTANT: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$";
/// Text that is not blank.
pub const NOT_BLANK: &str = "\\S";
/// Text that is not blank, on one line.
pub const ONE_LINE: &str = "^[^\\n\\r]*\\S[^\\n\\r]*$";
/// A month, as it stands for a day or an instant under pseudonyms.
pub const MONTH: &str = "^[0-9]{4}-[0-9]{2}$";
/// The id of a person in the office.
pub const PERSON: &str = "^[a-z0-9._+-]{1,64}$";
/// The id of an item of a list.
pub const ITEM: &str = "^[0-9a-hjkmnp-tv-z]{4}$";
/// The reference of a case.
pub const REFERENCE: &str = "^[A-Z][A-Z0-9]{0,5}-[0-9]{2}-[0-9A-HJKMNP-TV-Z]{6}$";

/// What a schema is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// A stored file: nothing may be left out, and unknown keys are refused.
    File,
    /// Answers for a command: what is filled in may be left out, references and items may be named otherwise.
    Answers,
    /// An answer of a command: keys are only ever added, so that a reader must accept ones it does not know.
    Output,
    /// An export without some kinds of fact: any key may be absent.
    Redacted,
    /// An export under pseudonyms: the same, and other values stand for those that say who somebody is.
    Pseudonymised,
}

/// The schema of a shape.
pub fn of(shape: Shape, purpose: For) -> Value {
    let answers = purpose == For::Answers;
    match shape {
        Shape::Day | Shape::Instant if purpose == For::Pseudonymised => matching(MONTH),
        Shape::Line | Shape::Person | Shape::Item | Shape::Reference if purpose == For::Pseudonymised => {
            matching(ONE_LINE)
        }
        Shape::Line => matching(ONE_LINE),
        Shape::Prose => matching(NOT_BLANK),
        Shape::YesNo => json!({"type": "boolean"}),
        Shape::Count => json!({"type": "integer", "minimum": 0, "maximum": u32::MAX}),
        Shape::Day => matching(DAY),
        Shape::Instant => matching(INSTANT),
        Shape::Choice(words) => word(words),
        Shape::Listed(list) => {
            json!({"type": "string", "description": format!("one of the force's list: {list}")})
        }
        Shape::Item | Shape::Reference if answers => matching(ONE_LINE),
        Shape::Person => matching(PERSON),
        Shape::Item => matching(ITEM),
        Shape::Reference => matching(REFERENCE),
        Shape::List(item) => json!({"type": "array", "items": of(*item, purpose)}),
        Shape::Record(fields) => record(fields, purpose),
        Shape::Table(item) => json!({"type": "object", "additionalProperties": of(*item, purpose)}),
        Shape::Any => json!({}),
    }
}

/// Text that fits an expression.
pub fn matching(pattern: &str) -> Value {
    json!({"type": "string", "pattern": pattern})
}

/// A word of a fixed list.
pub fn word(words: &[Word]) -> Value {
    json!({"enum": words.iter().map(|word| word.word).collect::<Vec<_>>()})
}

fn record(fields: &'static [Field], purpose: For) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in fields {
        if field.made && purpose == For::Answers {
            continue;
        }
        let mut schema = of(field.shape, purpose);
        if let (Some(schema), false) = (schema.as_object_mut(), field.doc.is_empty()) {
            let about: Vec<&str> = field.doc.iter().map(|line| line.trim()).collect();
            schema.insert("description".to_owned(), json!(described(&about.join(" "), field.shape)));
        }
        properties.insert(field.key.to_owned(), schema);
        let left_out = match purpose {
            For::File | For::Output => false,
            For::Answers => field.filled,
            For::Redacted | For::Pseudonymised => true,
        };
        if field.required && !left_out {
            required.push(field.key);
        }
    }
    let mut schema = json!({"type": "object", "properties": properties, "required": required});
    if matches!(purpose, For::File | For::Answers) {
        schema["additionalProperties"] = json!(false);
    }
    schema
}

/// The documentation of a field, with the meaning of each word that it may be.
fn described(about: &str, shape: Shape) -> String {
    match shape {
        Shape::Choice(words) => {
            let words: Vec<String> =
                words.iter().map(|word| format!("{}: {}", word.word, word.meaning)).collect();
            format!("{about}\n{}", words.join("\n"))
        }
        _ => about.to_owned(),
    }
}

/// An action on a case as one object: which case, what is done, its answers. Which answers belong to which action is said by
/// conditions.
pub fn action() -> Value {
    let taken = |kind: &&ActionKind| !matches!(kind, ActionKind::Edit | ActionKind::Import);
    let kinds = ActionKind::ALL.iter().filter(taken);
    let answered: Vec<(&str, Shape)> =
        kinds.filter_map(|kind| Some((kind.word(), kind.answers()?))).collect();
    let words: Vec<&str> = answered.iter().map(|(word, _)| *word).collect();
    let conditions = answered.iter().map(|(word, shape)| {
        let mut then = json!({"properties": {"data": of(*shape, For::Answers)}});
        if *word != ActionKind::New.word() {
            then["required"] = json!(["case"]);
        }
        json!({"if": {"properties": {"action": {"const": word}}}, "then": then})
    });
    json!({
        "type": "object",
        "properties": {
            "case": {"type": "string", "description": "Which case: its reference, or any unique beginning of its last part"},
            "action": {"enum": words, "description": "What is done"},
            "data": {"type": "object", "description": "The answers, as for --from of the command of that name"},
            "by": {"type": "string", "description": "Who did it, where it is not whoever runs the command"},
            "at": matching(INSTANT),
            "id": {"type": "string", "description": "A name of your own for this action: the same one twice is done once"},
            "as": {"type": "string", "description": "A name of your own for the case that it opens, for later actions"},
        },
        "required": ["action"],
        "additionalProperties": false,
        "allOf": conditions.collect::<Vec<_>>(),
    })
}
