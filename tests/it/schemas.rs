//! Holds JSON against a schema: the part of JSON Schema that `csods schema` uses, and nothing else goes unnoticed.
//!
//! Here, unlike for a reader of answers, a key that the schema does not name is wrong: it would not be documented.

use csods::commands::schema;
use csods::domain::reference::Reference;
use csods::domain::scalars::{ItemId, PersonId};
use csods::domain::schema as patterns;
use csods::domain::time::{Day, Instant};
use serde_json::Value;

use crate::support::Ran;

/// Everything in which `value` is not what the schema says, each with its path.
pub fn faults(schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(schema, value, "", true, &mut found);
    found
}

/// That what a command printed for scripts is what its schema says: the answer, or the error.
pub fn hold(args: &[String], ran: &Ran) {
    let json = |pair: &[String]| pair[0] == "--format" && pair[1] == "json";
    if !args.iter().any(|arg| arg == "--format=json" || arg == "--json") && !args.windows(2).any(json) {
        return;
    }
    if let Some(error) = parsed(&ran.stderr).filter(|error| error.get("error").is_some()) {
        assert_eq!(faults(&schema::of("error").unwrap(), &error), [""; 0], "{args:?}\n{error}");
    }
    let Some(answer) = parsed(&ran.stdout).filter(Value::is_object) else { return };
    // What a schema or an export prints is its own text in every format.
    if answer.get("$schema").is_some()
        || answer.get("cases").is_some_and(|_| answer.get("pseudonymised").is_some())
    {
        return;
    }
    use clap::CommandFactory;
    let commands = csods::cli::Cli::command();
    let known = |arg: &&String| commands.get_subcommands().any(|command| command.get_name() == arg.as_str());
    let Some(command) = args.iter().find(known) else { return };
    let names = schema::of_command(command);
    let tried: Vec<Vec<String>> =
        names.iter().map(|name| faults(&schema::of(name).unwrap(), &answer)).collect();
    assert!(tried.iter().any(Vec::is_empty), "{args:?} is none of {names:?}: {tried:#?}\n{answer:#}");
}

fn parsed(text: &str) -> Option<Value> {
    let start = text.find('{')?;
    serde_json::from_str(&text[start..]).ok()
}

fn check(schema: &Value, value: &Value, at: &str, closed: bool, found: &mut Vec<String>) {
    let Some(schema) = schema.as_object() else { panic!("no schema at {at}: {schema}") };
    let mut wrong = |what: String| found.push(format!("{at}: {what}"));
    for (keyword, rule) in schema {
        match keyword.as_str() {
            "type" => {
                let fits = match rule.as_str().unwrap() {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "boolean" => value.is_boolean(),
                    "integer" => value.is_i64() || value.is_u64(),
                    "number" => value.is_number(),
                    "null" => value.is_null(),
                    other => panic!("type {other}"),
                };
                if !fits {
                    wrong(format!("is no {rule}"));
                }
            }
            "const" if rule != value => wrong(format!("is not {rule}")),
            "enum" if !rule.as_array().unwrap().contains(value) => {
                wrong(format!("{value} is none of {rule}"));
            }
            "minimum" if value.as_f64() < rule.as_f64() => wrong(format!("is less than {rule}")),
            "maximum" if value.as_f64() > rule.as_f64() => wrong(format!("is more than {rule}")),
            "pattern" if !value.as_str().is_none_or(|text| fits(rule.as_str().unwrap(), text)) => {
                wrong(format!("does not fit {rule}"));
            }
            "required" => {
                for key in rule.as_array().unwrap().iter().filter_map(Value::as_str) {
                    if value.is_object() && value.get(key).is_none() {
                        wrong(format!("has no {key}"));
                    }
                }
            }
            "const"
            | "enum"
            | "minimum"
            | "maximum"
            | "pattern"
            | "items"
            | "properties"
            | "anyOf"
            | "allOf"
            | "if"
            | "then"
            | "additionalProperties"
            | "$schema"
            | "title"
            | "description" => {}
            other => panic!("this checker does not know {other}"),
        }
    }
    if let (Some(items), Some(values)) = (schema.get("items"), value.as_array()) {
        for (index, value) in values.iter().enumerate() {
            check(items, value, &format!("{at}.{index}"), closed, found);
        }
    }
    if let Some(values) = value.as_object() {
        let known = schema.get("properties").and_then(Value::as_object);
        for (key, value) in values {
            let at = format!("{at}.{key}");
            match (known.and_then(|known| known.get(key)), schema.get("additionalProperties")) {
                (Some(schema), _) => check(schema, value, &at, closed, found),
                (None, Some(Value::Bool(false))) => found.push(format!("{at}: is not known")),
                (None, Some(schema)) => check(schema, value, &at, closed, found),
                (None, None) if known.is_some() && closed => found.push(format!("{at}: is not documented")),
                (None, None) => {}
            }
        }
    }
    if let Some(options) = schema.get("anyOf").and_then(Value::as_array) {
        let tried = options.iter().map(|option| {
            let mut found = Vec::new();
            check(option, value, at, closed, &mut found);
            found
        });
        let tried: Vec<Vec<String>> = tried.collect();
        if !tried.iter().any(Vec::is_empty) {
            found.extend(tried.into_iter().min_by_key(Vec::len).unwrap_or_default());
        }
    }
    for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        let mut against = Vec::new();
        // A condition and what follows from it speak of a part of an object.
        if let Some(condition) = part.get("if") {
            check(condition, value, at, false, &mut against);
        }
        if let (true, Some(then)) = (against.is_empty(), part.get("then")) {
            check(then, value, at, false, found);
        }
    }
}

/// The patterns that schemas use, each by the type that it stands for.
fn fits(pattern: &str, text: &str) -> bool {
    match pattern {
        patterns::DAY => text.parse::<Day>().is_ok(),
        patterns::INSTANT => text.parse::<Instant>().is_ok(),
        patterns::MONTH => format!("{text}-01").parse::<Day>().is_ok(),
        patterns::PERSON => PersonId::new(text).is_ok(),
        patterns::ITEM => ItemId::new(text).is_ok(),
        patterns::REFERENCE => text.parse::<Reference>().is_ok(),
        patterns::NOT_BLANK => !text.trim().is_empty(),
        patterns::ONE_LINE => !text.trim().is_empty() && !text.contains(['\n', '\r']),
        other => panic!("this checker does not know the pattern {other}"),
    }
}
