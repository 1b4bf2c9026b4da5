//! `csods show`: one screen that a person can act from.

mod similar;

use clap::builder::PossibleValuesParser;
use serde_json::{Value, json};

use super::find;
use super::letter::making;
use crate::context::Context;
use crate::domain::case::Case;
use crate::domain::clocks::{ClockState, Reading};
use crate::domain::deadlines;
use crate::domain::findings;
use crate::domain::node::Node;
use crate::domain::record::{Field, Part, Shape, Word};
use crate::domain::settings::Settings;
use crate::domain::time::{Instant, Zone};
use crate::error::Error;
use crate::output::{Block, Page, Report, next_json, warning_json};
use crate::store::json;

/// Shows a case: stage, what is missing, clocks, warnings, and the record in reading order
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which case: its reference, any unique beginning of the last part, or the whole reference it had elsewhere
    #[arg(value_name = "REF", add = super::complete::reference())]
    case: String,
}

/// The case on one page.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    let office = context.office()?;
    let (reference, case) = find::case_here_or_formerly(&office.head, &args.case)?;
    context.saw_receipt(case.received.at.0);
    let settings = &office.settings;
    let readings = deadlines::readings(&case, context.now, settings)?;
    let addressed = making::addressed(&office.head, &case)?;
    let mut warnings = findings::warnings_of_its_own(&case, &addressed, context.now, settings);
    let similar = similar::of(context, &office, &case);
    warnings.extend(similar.warnings());
    let next = findings::next(&case, context.now, settings);
    let tree = case.write().unwrap_or(Node::Null);

    let mut page = Page::default();
    let owner = case.owner.as_ref().map_or_else(|| "nobody yet".to_owned(), ToString::to_string);
    page.heading(format!("{reference} | {} | owner: {owner}", case.stage.meaning()));
    page.say(case.route.meaning());
    page.say(format!("Next: {}", next.why));
    for missing in &next.missing {
        page.item(4, format!("  - {}", missing.fault));
    }
    if let Some(action) = next.action {
        page.say(format!("      csods {} {reference}", action.word()));
    }
    page.heading("CLOCKS");
    page.0.push(clocks(&readings, settings.zone()));
    if !warnings.is_empty() {
        page.heading("WARNINGS");
        for warning in &warnings {
            page.item(2, format!("! {} ({})", warning.text, warning.rule));
        }
        if similar.more() > 0 {
            page.item(4, format!("{} more that are less like it: csods similar {reference}", similar.more()));
        }
    }
    page.heading("RECORD");
    let mut fields = Vec::new();
    fields_of(&tree, Case::FIELDS, 0, settings.zone(), &mut fields);
    page.0.push(Block::Fields(fields));

    let json = json!({
        "version": 1,
        "case": json::value(&tree),
        "clocks": readings.iter().map(clock_json).collect::<Vec<_>>(),
        "warnings": warnings.iter().map(warning_json).collect::<Vec<_>>(),
        "next": next_json(&next),
        "similar": similar.json(),
    });
    Ok(similar.mark(Report::new(json, page), &reference))
}

/// A clock as JSON: instants in UTC, facts that do not apply as null.
pub fn clock_json(reading: &Reading) -> Value {
    let instant = |at: Option<Instant>| at.map(|at| at.to_string());
    json!({
        "name": reading.name.word(),
        "due": reading.due.to_string(),
        "met_at": instant(reading.met_at),
        "state": reading.state.word(),
        "extended_to": instant(reading.extended_to),
        "met_original": reading.met_original,
        "met_extended": reading.met_extended,
        "left_seconds": reading.left_seconds,
    })
}

/// The words of a fixed list, for a flag.
pub fn choices(words: &'static [Word]) -> PossibleValuesParser {
    let value = |word: &Word| clap::builder::PossibleValue::new(word.word).help(word.meaning);
    PossibleValuesParser::new(words.iter().map(value).collect::<Vec<_>>())
}

fn clocks(readings: &[Reading], zone: Zone) -> Block {
    let row = |reading: &Reading| {
        let stand = match reading.state {
            ClockState::Overdue => format!("OVERDUE: {}", reading.in_words(zone)),
            ClockState::Missed => "MISSED".to_owned(),
            _ => reading.in_words(zone),
        };
        let met = reading.met_at.map(|at| format!("met {}", zone.short(at)));
        let extended = reading.extended_to.map(|at| format!("extended to {}", zone.short(at)));
        // Both are said: whether the original date was met, and how the extension stands (C5).
        let missed = extended.is_some() && reading.met_original == Some(false);
        let missed = missed.then(|| "original MISSED".to_owned());
        let needed = reading.state != ClockState::NotNeeded;
        vec![
            reading.name.meaning().to_owned(),
            stand,
            if needed { zone.short(reading.due) } else { String::new() },
            [missed, extended, met].into_iter().flatten().collect::<Vec<_>>().join(", "),
        ]
    };
    Block::Table(vec!["clock", "stands", "due", "besides"], readings.iter().map(row).collect())
}

/// What the head of the page and its warnings say already.
const SAID: [&str; 6] = ["format", "reference", "route", "stage", "owner", "signals"];

/// The record in reading order: every field under its own name, instants in local time.
pub fn fields_of(
    tree: &Node,
    fields: &'static [Field],
    indent: usize,
    zone: Zone,
    out: &mut Vec<(usize, String, String)>,
) {
    for field in fields {
        let said = indent == 0 && SAID.contains(&field.key);
        if let Some(value) = tree.get(field.key).filter(|_| !said) {
            field_of(&field.key.replace('_', " "), value, field.shape, indent, zone, out);
        }
    }
}

fn field_of(
    label: &str,
    value: &Node,
    shape: Shape,
    indent: usize,
    zone: Zone,
    out: &mut Vec<(usize, String, String)>,
) {
    match (shape, value) {
        (Shape::Record(fields), Node::Map(_)) => {
            let name = whole_name(value);
            out.push((indent, label.to_owned(), name.clone().unwrap_or_default()));
            if name.is_none() {
                fields_of(value, fields, indent + 2, zone, out);
            }
        }
        (Shape::List(item), Node::List(items)) => {
            for (index, value) in items.iter().enumerate() {
                field_of(&format!("{label} {}", index + 1), value, *item, indent, zone, out);
            }
        }
        (Shape::Choice(words), value) => {
            out.push((indent, label.to_owned(), word(words, &scalar(value, zone))));
        }
        (_, value) => out.push((indent, label.to_owned(), scalar(value, zone))),
    }
}

/// The word as it stands in the file, but where its meaning is in capitals: `NOT DONE` must never look like `no_trace`
/// (K1).
fn word(words: &[Word], text: &str) -> String {
    let loud = |word: &&Word| word.word == text && !word.meaning.contains(char::is_lowercase);
    words.iter().find(loud).map_or(text, |word| word.meaning).to_owned()
}

/// `Alex Example` for a record that is nothing but a name.
fn whole_name(value: &Node) -> Option<String> {
    let Node::Map(entries) = value else { return None };
    let only_name = entries.iter().all(|(key, _)| key == "family" || key == "given");
    let part = |key| value.get(key).and_then(Node::as_text);
    only_name.then(|| [part("given"), part("family")].into_iter().flatten().collect::<Vec<_>>().join(" "))
}

/// A single value for people: yes and no, instants in local time.
pub fn scalar(value: &Node, zone: Zone) -> String {
    match value {
        Node::Bool(true) => "yes".to_owned(),
        Node::Bool(false) => "no".to_owned(),
        Node::Number(number) => number.to_string(),
        Node::Stamp(text) => text.parse::<Instant>().map_or_else(|_| text.clone(), |at| zone.in_words(at)),
        Node::Text { text, .. } => text.clone(),
        Node::List(items) => items.iter().map(|item| scalar(item, zone)).collect::<Vec<_>>().join(", "),
        Node::Map(entries) => entries
            .iter()
            .map(|(key, item)| format!("{key}: {}", scalar(item, zone)))
            .collect::<Vec<_>>()
            .join("; "),
        Node::Null | Node::OtherNumber => String::new(),
    }
}

/// The name of a person in the office, or the id where there is none.
pub fn person_name(id: &str, settings: &Settings) -> String {
    settings.people.get(id).map_or_else(|| id.to_owned(), |person| person.name.as_str().to_owned())
}
