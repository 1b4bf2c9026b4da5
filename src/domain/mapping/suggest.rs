//! A first mapping, made of the headings of a table and of what stands below them.
//!
//! It is meant to be read through and mended. It quotes words of the table only in columns that hold words of a list,
//! never a name, an address or a text.

mod guess;

use super::cell::{Cell, folded, iso};
use super::dates::Form;
use super::{Encoding, target};
use crate::domain::record::{Shape, Word};

/// So many different words may a column hold whose words are listed.
const FEW: usize = 16;
/// So long may each of them be.
const SHORT: usize = 40;
/// The ways in which dates are written, the British ones first.
const FORMS: [&str; 14] = [
    "%d/%m/%Y",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d-%m-%Y",
    "%d.%m.%Y",
    "%d %b %Y",
    "%d-%b-%Y",
    "%d/%m/%y",
    "%d-%b-%y",
    "%d.%m.%y",
    "%m/%d/%Y",
    "%m/%d/%y",
    "%Y/%m/%d",
    "%Y%m%d",
];
/// Every answer that has to be there and that a table seldom holds, with what can be said honestly, and why.
const CONSTANTS: [(&str, &str, &str); 9] = [
    ("route", "right_to_ask", "or right_to_know, where the police act on what they hold"),
    ("received.channel", "other", "how it came in"),
    ("applicant.relationship_to_child", "other", "where a row does not say"),
    ("applicant.safe_contact.method", "in_person", "nothing is sent by a way that nobody said is safe (A1)"),
    ("applicant.safe_contact.letters", "false", ""),
    ("concern", "Not recorded in the old system.", "where a row does not say"),
    ("closure.reason", "", "why it was closed, where no column says it"),
    (
        "received.by",
        "",
        "who took it: a person of the store; of closed cases, one added by `csods person add --archive`, where nobody knows",
    ),
    ("closure.by", "", "who closed it"),
];

/// A mapping for a table with these headings; `columns` holds the cells below each. `sheet` is the one that was asked
/// for, and `encoding` the letters that were found.
pub fn suggest(
    headings: &[String],
    columns: &[Vec<&Cell>],
    sheet: Option<&str>,
    encoding: Option<Encoding>,
) -> String {
    let keys = guess::keys(headings);
    let mut text = "\
# How the columns of a file become the keys of a case: a first suggestion. Read it through and mend it; a line that
# begins with # says nothing yet. `csods import --help` lists every key. Try it with --dry-run.

format = 1

# Headings of columns that are left out on purpose. A column that is neither here nor below stops the import.
ignored = []
"
    .to_owned();
    if sheet.is_some() || encoding.is_some() {
        text.push_str("\n[file]\n");
    }
    if let Some(sheet) = sheet {
        text.push_str(&format!("sheet = {}\n", quoted(sheet)));
    }
    if let Some(encoding) = encoding {
        text.push_str(&format!("encoding = \"{encoding}\"\n"));
    }
    text.push_str("\n# What every case has, unless a column says otherwise.\n[constants]\n");
    let filled = |key: &str| keys.iter().flatten().any(|filled| *filled == key);
    let below = |part: &str| keys.iter().flatten().any(|filled| filled.starts_with(part));
    for (key, value, why) in CONSTANTS {
        let wanted = match key.split_once('.') {
            Some(("applicant", _)) => below("applicant."),
            Some(("closure", _)) => below("closure."),
            _ => true,
        };
        if filled(key) || !wanted {
            continue;
        }
        let mark = if value.is_empty() { "# " } else { "" };
        let value = if value == "false" { value.to_owned() } else { quoted(value) };
        let why = if why.is_empty() { String::new() } else { format!("  # {why}") };
        text.push_str(&format!("{mark}{} = {value}{why}\n", quoted(key)));
    }
    for child in (0..10).filter(|child| below(&format!("children.{child}."))) {
        for key in ["contact", "relationship_to_subject", "parents_aware.mother", "parents_aware.father"] {
            let key = format!("children.{child}.{key}");
            if !filled(&key) {
                text.push_str(&format!("{} = \"unknown\"\n", quoted(&key)));
            }
        }
    }
    for ((heading, key), cells) in headings.iter().zip(&keys).zip(columns) {
        text.push('\n');
        match key {
            Some(key) => text.push_str(&column(heading, key, cells)),
            None => text.push_str(&format!("# [columns.{}]\n# to = \"\"\n", quoted(heading))),
        }
    }
    text
}

/// What becomes of one column.
fn column(heading: &str, key: &str, cells: &[&Cell]) -> String {
    let mut text = format!("[columns.{}]\nto = {}\n", quoted(heading), quoted(key));
    match target(key).map(|(_, shape)| shape) {
        Ok(shape @ (Shape::Day | Shape::Instant)) => text.push_str(&dates(key, shape, cells)),
        Ok(Shape::Record(_)) => text.push_str("name = \"given_family\"  # or family_given\n"),
        Ok(Shape::Choice(words)) => text.push_str(&values(heading, words, cells)),
        Ok(Shape::YesNo) => text.push_str(&values(heading, guess::YES_NO, cells)),
        Ok(Shape::Person) => {
            text.push_str("# its words must be ids of people of the store: say under `values` who is who\n");
        }
        _ => {}
    }
    text
}

/// How the dates of a column are written.
fn dates(key: &str, shape: Shape, cells: &[&Cell]) -> String {
    let texts: Vec<String> = cells
        .iter()
        .filter(|cell| matches!(cell, Cell::Text(_) | Cell::Number(_)))
        .map(|cell| cell.text())
        .filter(|text| iso(text).is_none() && text.parse::<crate::domain::time::Instant>().is_err())
        .collect();
    let mut text = String::new();
    if !texts.is_empty() {
        let reads = |form: &Form| texts.iter().filter(|text| form.read(text, 50).is_some()).count();
        let forms: Vec<(&str, Form, usize)> = FORMS
            .iter()
            .filter_map(|name| Form::parse(name).ok().map(|form| (*name, reads(&form), form)))
            .map(|(name, count, form)| (name, form, count))
            .collect();
        let most = forms.iter().map(|(.., count)| *count).max().unwrap_or_default();
        let mut best = forms.iter().filter(|(.., count)| *count == most && most > 0);
        match best.next() {
            None => text.push_str("# date = \"%d/%m/%Y\"  # how its dates are written could not be told\n"),
            Some((name, form, _)) => {
                text.push_str(&format!("date = {}\n", quoted(name)));
                if best.any(|(other, ..)| other.starts_with("%m")) {
                    text.push_str("# no date says whether the day or the month comes first: be sure of it\n");
                }
                if most < texts.len() {
                    let rest = texts.len() - most;
                    text.push_str(&format!("# {rest} of {} are not written so\n", texts.len()));
                }
                if form.has_short_year() {
                    let pivot = if key.ends_with("date_of_birth") { 25 } else { 50 };
                    text.push_str(&format!(
                        "pivot = {pivot}  # years up to 20{pivot}; the others begin with 19\n"
                    ));
                }
            }
        }
    }
    if shape == Shape::Instant {
        text.push_str(
            "# time = \"09:00\"  # where a date comes without a time; 00:00 where this is left out\n",
        );
    }
    text
}

/// What the words of a column mean, where they are few.
fn values(heading: &str, words: &[Word], cells: &[&Cell]) -> String {
    let mut found: Vec<String> = Vec::new();
    for cell in cells.iter().filter(|cell| ***cell != Cell::Empty) {
        let word = folded(&cell.text());
        if !found.contains(&word) && found.len() <= FEW {
            found.push(word);
        }
    }
    let allowed: Vec<&str> = words.iter().map(|word| word.word).collect();
    let allowed = allowed.join(", ");
    if found.is_empty() {
        return format!("# one of: {allowed}\n");
    }
    if found.len() > FEW || found.iter().any(|word| word.chars().count() > SHORT) {
        return format!(
            "# too many words to list; say under `values` which of these each means: {allowed}\n"
        );
    }
    found.sort();
    let mut text = format!("# the words mean one of: {allowed}\n[columns.{}.values]\n", quoted(heading));
    for word in found {
        match guess::word(&word, words) {
            Some(guess) if words == guess::YES_NO => text.push_str(&format!("{} = {guess}\n", quoted(&word))),
            Some(guess) => text.push_str(&format!("{} = {}\n", quoted(&word), quoted(guess))),
            None => text.push_str(&format!("# {} = \"\"\n", quoted(&word))),
        }
    }
    text
}

/// Text as TOML quotes it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests;
