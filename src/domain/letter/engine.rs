//! The engine of the templates: strict, bounded, and blind to everything but the facts that the kind of letter declares.
//!
//! - A name that is no fact of this letter is refused before anything runs, also where it stands in a branch that would
//!   not be taken (O2, O3). A fact that the case does not have can be asked for, and is an error where it is printed.
//! - What is printed is text as somebody typed it: every character that means something to Markdown is written so that
//!   it means nothing.
//! - There is no loader, no file, no macro, no filter and no way to set a name; loops and output are bounded.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use minijinja::value::ValueKind;
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior};

use super::facts::{Fact, Ground, Value};
use super::scan::{self, Tag};
use crate::domain::case::LetterKind;

/// The longest template, in bytes.
pub const LONGEST: usize = 64 * 1024;
/// The most that all printed facts of one letter may come to, in bytes: a case file is at most 1 MiB.
const MOST_PRINTED: usize = 4 << 20;
/// Steps a template may take, times its length: what a loop around all of it could print.
const MOST_WORK: usize = 256 << 20;
const MOST_STEPS: usize = 200_000;

/// What is wrong with a template, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub wrong: Wrong,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq)]
pub enum Wrong {
    /// It is no template that a letter may have.
    Broken(String),
    /// It names what this kind of letter may not use (O2, O3).
    Forbidden(String),
    /// It prints a fact that this case does not have.
    Missing(String),
}

impl std::fmt::Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Wrong::Broken(what) => f.write_str(what),
            Wrong::Forbidden(name) => {
                write!(f, "{name} is nothing that a letter of this kind may use (O2, O3)")
            }
            Wrong::Missing(name) => {
                write!(f, "the case has no {name}; ask for it with `if` before it is printed")
            }
        }
    }
}

/// Everything that is wrong with a template of this kind, as far as it can be known without a case.
pub fn check(kind: LetterKind, source: &str) -> Vec<Fault> {
    match with_template(kind, source, |_, _| Ok(())) {
        Ok(()) => Vec::new(),
        Err(faults) => faults,
    }
}

/// What the template says of this case, as Markdown that ends with one line break.
pub fn render(kind: LetterKind, source: &str, ground: &Ground<'_>) -> Result<String, Vec<Fault>> {
    let facts: BTreeMap<&str, minijinja::Value> =
        kind.facts().map(|fact| (fact.word(), value(ground.value(fact)))).collect();
    with_template(kind, source, |template, tags| {
        let said = template.render(minijinja::Value::from(facts.clone()));
        said.map(|said| tidy(&said)).map_err(|error| vec![fault(&error, tags, &facts)])
    })
}

/// Reads the template and, where nothing is wrong with it, does something with it.
fn with_template<T>(
    kind: LetterKind,
    source: &str,
    then: impl FnOnce(&minijinja::Template<'_, '_>, &[Tag<'_>]) -> Result<T, Vec<Fault>>,
) -> Result<T, Vec<Fault>> {
    let broken = |line, what: &str| vec![Fault { line, wrong: Wrong::Broken(what.to_owned()) }];
    if source.len() > LONGEST {
        return Err(broken(1, "is longer than 64 KiB"));
    }
    let tags = scan::tags(source).map_err(|fault| vec![fault])?;
    let environment = environment(source.len());
    let template = environment
        .template_from_str(source)
        .map_err(|error| vec![fault(&error, &tags, &BTreeMap::new())])?;
    let mut forbidden: Vec<Fault> = template
        .undeclared_variables(false)
        .into_iter()
        .filter(|name| !kind.facts().any(|fact| fact.word() == name))
        .map(|name| Fault { line: scan::line_of(&tags, &name), wrong: Wrong::Forbidden(name) })
        .collect();
    forbidden.sort_by_key(|fault| (fault.line, fault.wrong.to_string()));
    let titled =
        source.lines().find(|line| !line.trim().is_empty()).is_some_and(|line| line.starts_with("# "));
    if !titled {
        forbidden.extend(broken(1, "must begin with a heading: `# ` and what the letter is about"));
    }
    if forbidden.is_empty() { then(&template, &tags) } else { Err(forbidden) }
}

fn environment(length: usize) -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_recursion_limit(20);
    environment.set_fuel(Some((MOST_WORK / length.max(1)).min(MOST_STEPS) as u64));
    // Everything is escaped below, and nothing is ever marked as safe.
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    let printed = AtomicUsize::new(0);
    environment.set_formatter(move |out, _, value| {
        let text = match value.kind() {
            ValueKind::String => value.as_str().unwrap_or_default().to_owned(),
            ValueKind::Number => value.to_string(),
            ValueKind::None | ValueKind::Undefined => {
                return Err(minijinja::Error::new(ErrorKind::UndefinedError, "absent"));
            }
            _ => {
                let what = "is not text: ask for it with `if`, or go through it with `for`";
                return Err(minijinja::Error::new(ErrorKind::InvalidOperation, what));
            }
        };
        if printed.fetch_add(text.len(), Ordering::Relaxed) > MOST_PRINTED {
            return Err(minijinja::Error::new(ErrorKind::OutOfFuel, ""));
        }
        out.write_str(&as_typed(&text)).map_err(minijinja::Error::from)
    });
    environment
}

/// A fact as the engine takes it.
fn value(fact: Value) -> minijinja::Value {
    match fact {
        Value::Absent => minijinja::Value::from(()),
        Value::Text(text) => minijinja::Value::from(text),
        Value::Truth(truth) => minijinja::Value::from(truth),
        Value::List(items) => items.into_iter().map(value).collect(),
        Value::Record(parts) => {
            let parts: BTreeMap<&str, minijinja::Value> =
                parts.into_iter().map(|(name, part)| (name, value(part))).collect();
            minijinja::Value::from(parts)
        }
    }
}

/// The engine's error as one that names no fact's value.
fn fault(error: &minijinja::Error, tags: &[Tag<'_>], facts: &BTreeMap<&str, minijinja::Value>) -> Fault {
    let line = error.line().unwrap_or(1);
    let wrong = match error.kind() {
        ErrorKind::UndefinedError => Wrong::Missing(missing(line, tags, facts)),
        ErrorKind::OutOfFuel => Wrong::Broken("takes too much work: a loop goes round too often".to_owned()),
        ErrorKind::SyntaxError => Wrong::Broken(error.detail().unwrap_or("cannot be read").to_owned()),
        ErrorKind::UnknownFilter => Wrong::Broken("a letter may use no filters".to_owned()),
        ErrorKind::UnknownTest => Wrong::Broken("a letter may use no tests but comparisons".to_owned()),
        ErrorKind::UnknownFunction | ErrorKind::UnknownMethod => {
            Wrong::Broken("a letter may call nothing".to_owned())
        }
        ErrorKind::InvalidOperation => {
            Wrong::Broken(error.detail().unwrap_or("cannot be worked out").to_owned())
        }
        _ => Wrong::Broken("cannot be worked out".to_owned()),
    };
    Fault { line, wrong }
}

/// The key that is missing: what a tag of that line prints and the case does not have.
fn missing(line: usize, tags: &[Tag<'_>], facts: &BTreeMap<&str, minijinja::Value>) -> String {
    let printed = tags.iter().filter(|tag| tag.line == line && tag.prints);
    let printed: Vec<&str> = printed.map(|tag| tag.text.trim_matches(['-', '+', ' '])).collect();
    let absent = printed.iter().find(|name| facts.get(**name).is_some_and(|fact| fact.is_none()));
    absent.map_or_else(|| printed.join(" or "), |name| (*name).to_owned())
}

/// Text as somebody typed it, in Markdown. Characters that could mean something are escaped, and so is what would mean
/// something at the beginning of a line; line breaks stay line breaks.
pub fn as_typed(text: &str) -> String {
    let mut markdown = String::with_capacity(text.len() + 8);
    for (number, line) in text.lines().map(str::trim).enumerate() {
        if number > 0 {
            markdown.push_str("\\\n");
        }
        match line.is_empty() {
            // A line must hold something to be one.
            true => markdown.push_str("&nbsp;"),
            false => escape_line(line, &mut markdown),
        }
    }
    markdown
}

fn escape_line(line: &str, markdown: &mut String) {
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    for (at, c) in line.char_indices() {
        let at_start = at == 0 && matches!(c, '-' | '+' | '=' | ':');
        let numbered = at == digits && digits > 0 && matches!(c, '.' | ')');
        match c {
            // Entities: in a table a backslash before a bar has a meaning of its own.
            '\\' => markdown.push_str("&#92;"),
            '|' => markdown.push_str("&#124;"),
            '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '#' | '^' | '!' | '$' | '{' | '}' => {
                markdown.push('\\');
                markdown.push(c);
            }
            c if at_start || numbered => {
                markdown.push('\\');
                markdown.push(c);
            }
            '\t' => markdown.push(' '),
            c if unseen(c) => markdown.push('\u{fffd}'),
            c => markdown.push(c),
        }
    }
}

/// Characters that no letter can show, or that would turn the direction of what stands after them.
fn unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Without blanks at the ends of lines and with one empty line where tags left several.
fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut empty = true;
    for line in text.lines().map(str::trim_end) {
        if !(line.is_empty() && empty) {
            tidy.push_str(line);
            tidy.push('\n');
        }
        empty = line.is_empty();
    }
    tidy.truncate(tidy.trim_end().len());
    tidy.push('\n');
    tidy
}

/// The facts of a kind with what they are, for those who write templates.
pub fn facts(kind: LetterKind) -> impl Iterator<Item = (&'static str, &'static str)> {
    kind.facts().map(|fact: Fact| (fact.word(), fact.meaning()))
}
