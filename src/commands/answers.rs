//! The answers of a changing command: flags made from the shape of its record, and `--from`.
//!
//! Every single value that is no personal fact has a flag, named after its key; personal facts have none, because they
//! would stand in the shell's history.

use std::path::PathBuf;

use clap::{Arg, ArgMatches, Command, FromArgMatches};

use super::missing;
use crate::domain::action::ActionKind;
use crate::domain::case::{Recipient, RecipientRole};
use crate::domain::node::{Node, Path, Step};
use crate::domain::record::{Fault, Field, Problem, Shape};
use crate::domain::workflow::Refusal;
use crate::error::{Error, Kind};
use crate::store::files;

/// The flags of the action whose number is `KIND`, and what they said.
#[derive(Debug, Clone)]
pub struct Answers<const KIND: usize> {
    given: Node,
    from: Option<PathBuf>,
}

impl<const KIND: usize> Answers<KIND> {
    /// What flags and `--from` say, flags first.
    pub fn read(&self) -> Result<Node, Error> {
        let Some(from) = &self.from else { return Ok(self.given.clone()) };
        let mut answers = read_from(from)?;
        overlay(&mut answers, &self.given);
        Ok(answers)
    }
}

/// What stands in a file, or for `-` on standard input; at most a byte more than is taken.
pub fn bytes_from(from: &std::path::Path) -> Result<Vec<u8>, Error> {
    let what = "the answers";
    let standard = from.as_os_str() == "-";
    match standard {
        true => files::capped(std::io::stdin().lock(), what).map_err(|error| error.place(place(from))),
        false => files::named(from, what),
    }
}

fn place(from: &std::path::Path) -> String {
    if from.as_os_str() == "-" { "standard input".to_owned() } else { from.display().to_string() }
}

/// Reads `--from FILE` or `--from -`.
pub fn read_from(from: &std::path::Path) -> Result<Node, Error> {
    let bytes = bytes_from(from)?;
    let node = crate::store::answers::parse_any(&bytes).map_err(|fault| {
        Error::new(Kind::Answers, fault.message)
            .place(format!("{}:{}:{}", place(from), fault.line, fault.column))
            .hint("answers are YAML or JSON with the keys of the case file; nothing was changed")
    })?;
    if matches!(node, Node::Map(_)) {
        return Ok(node);
    }
    Err(Error::new(Kind::Answers, "the answers must be keys with values").place(place(from)))
}

/// Puts everything that `over` holds over `under`.
fn overlay(under: &mut Node, over: &Node) {
    match (under, over) {
        (Node::Map(entries), Node::Map(more)) => {
            for (key, value) in more {
                match entries.iter_mut().find(|(name, _)| name == key) {
                    Some((_, place)) => overlay(place, value),
                    None => entries.push((key.clone(), value.clone())),
                }
            }
        }
        (place, value) => *place = value.clone(),
    }
}

/// The flags of an action: the path of each value and its field. Lists and personal facts have none, nor what the
/// command fills in by itself.
fn flags(kind: ActionKind) -> Vec<(Path, &'static Field)> {
    let by_itself: &[&str] = match kind {
        ActionKind::Reroute => &["route_before", "route_after"],
        ActionKind::Link => &["to"],
        _ => &[],
    };
    let mut flags = flags_of(kind.answers().unwrap_or(Shape::Any));
    flags.retain(|(_, field)| !by_itself.contains(&field.key));
    flags
}

/// The flags of a shape.
fn flags_of(shape: Shape) -> Vec<(Path, &'static Field)> {
    let Shape::Record(fields) = shape else { return Vec::new() };
    let mut found = Vec::new();
    for field in fields.iter().filter(|field| !field.made) {
        let below = Path::root().key(field.key);
        match field.shape {
            Shape::Record(_) => {
                found.extend(
                    flags_of(field.shape)
                        .into_iter()
                        .map(|(path, field)| (Path(below.0.iter().cloned().chain(path.0).collect()), field)),
                );
            }
            Shape::List(_) | Shape::Table(_) | Shape::Any => {}
            _ if field.private || field.key == "id" => {}
            _ => found.push((below, field)),
        }
    }
    found
}

/// The name of the flag for the value at `path` of the action's record.
fn flag_name(path: &Path) -> String {
    path.to_string().replace(['.', '_'], "-")
}

/// Adds to each problem the flag by which its value could be given.
pub fn with_flags(kind: ActionKind, problems: Vec<Problem>) -> Vec<Problem> {
    let flags = flags(kind);
    let place = Path::from(kind.place());
    let flag_of = |path: &Path| {
        let rest = missing::below(path, &place)?;
        flags.iter().find(|(path, _)| *path == rest).map(|(path, _)| format!("--{}", flag_name(path)))
    };
    let with_flag = |problem: Problem| match problem.fault {
        Fault::Missing | Fault::Invalid(_) => Problem { flag: flag_of(&problem.path), ..problem },
        // An unknown key may itself be somebody's name: it is said where it stands, not what it is.
        Fault::UnknownKey(_) => Problem { path: problem.path.above(), ..problem },
        Fault::Rule(..) => problem,
    };
    problems.into_iter().map(with_flag).collect()
}

fn value_name(shape: Shape) -> &'static str {
    match shape {
        Shape::Day => "DAY",
        Shape::Instant => "INSTANT",
        Shape::Count => "NUMBER",
        Shape::Person => "PERSON",
        Shape::Reference => "REF",
        Shape::Item => "ID",
        _ => "WORD",
    }
}

fn arg(path: &Path, field: &'static Field) -> Arg {
    let arg = Arg::new(path.to_string()).long(flag_name(path)).help(field.question()).help_heading("Answers");
    match field.shape {
        Shape::Choice(words) => {
            let word = |word: &crate::domain::record::Word| {
                clap::builder::PossibleValue::new(word.word).help(word.meaning)
            };
            arg.value_name("WORD").value_parser(words.iter().map(word).collect::<Vec<_>>())
        }
        Shape::YesNo => {
            let words = ["true", "false", "yes", "no"];
            let arg = arg.value_name("true|false").value_parser(words).hide_possible_values(true);
            arg.num_args(0..=1).require_equals(true).default_missing_value("true")
        }
        shape => arg.value_name(value_name(shape)),
    }
}

impl<const KIND: usize> clap::Args for Answers<KIND> {
    fn augment_args(command: Command) -> Command {
        let shape = ActionKind::ALL[KIND].answers();
        let command = flags(ActionKind::ALL[KIND])
            .into_iter()
            .fold(command, |command, (path, field)| command.arg(arg(&path, field)));
        let from = Arg::new("from")
            .long("from")
            .value_name("FILE")
            .value_parser(clap::value_parser!(PathBuf))
            .value_hint(clap::ValueHint::FilePath)
            .help("Answers as YAML or JSON, with the keys of the case file; `-` reads standard input")
            .help_heading("Answers");
        command.arg(from).after_long_help(keys_help("Keys for --from", shape))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<const KIND: usize> FromArgMatches for Answers<KIND> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut given = Node::map();
        for (path, field) in flags(ActionKind::ALL[KIND]) {
            if let Some(text) = matches.get_one::<String>(&path.to_string()) {
                given.set(&path, scalar(field.shape, text));
            }
        }
        Ok(Answers { given, from: matches.get_one::<PathBuf>("from").cloned() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// What a person typed for a value of this shape, as it would stand in a file.
pub fn scalar(shape: Shape, text: &str) -> Node {
    match (shape, text) {
        (Shape::YesNo, "true" | "yes") => Node::Bool(true),
        (Shape::YesNo, "false" | "no") => Node::Bool(false),
        (Shape::Count, text) => text.parse().map_or_else(|_| Node::text(text), Node::Number),
        (_, text) => Node::text(text),
    }
}

/// The keys of a shape under a title, for `--help`.
pub fn keys_help(title: &str, shape: Option<Shape>) -> String {
    fn walk(fields: &'static [Field], depth: usize, text: &mut String) {
        for field in fields.iter().filter(|field| !field.made) {
            let note = match (field.filled, field.required) {
                (true, _) => " [filled in]",
                (_, true) => " [required]",
                _ => "",
            };
            let (shape, list) = match field.shape {
                Shape::List(item) => (*item, "- "),
                shape => (shape, ""),
            };
            let kind = match shape {
                Shape::Choice(words) => words.iter().map(|word| word.word).collect::<Vec<_>>().join(" | "),
                Shape::YesNo => "true | false".to_owned(),
                Shape::Day => "2026-03-02".to_owned(),
                Shape::Instant => "2026-03-02T09:15:00Z".to_owned(),
                Shape::Record(_) => String::new(),
                Shape::Prose => "text of any length".to_owned(),
                _ => "text".to_owned(),
            };
            let line = format!("{}{}: {list}{kind}{note}", "  ".repeat(depth + 1), field.key);
            text.push_str(line.trim_end());
            text.push('\n');
            if let Shape::Record(fields) = shape {
                walk(fields, depth + 1, text);
            }
        }
    }
    let mut text = format!("{title}:\n");
    if let Some(Shape::Record(fields)) = shape {
        walk(fields, 0, &mut text);
    }
    text
}

/// Replaces the role of a recipient by its id, where the answer names a role that only one recipient has. What is wrong
/// where it names a role that none or several have.
pub fn recipient_by_role(answers: &mut Node, recipients: &[Recipient]) -> Option<Problem> {
    let path = Path(vec![Step::Key("recipient".to_owned())]);
    let role = RecipientRole::of(answers.at(&path)?.as_text()?)?;
    let mut named = recipients.iter().filter(|recipient| recipient.role == role);
    let what = match (named.next(), named.next()) {
        (Some(only), None) => {
            answers.set(&path, Node::text(only.id.as_str()));
            return None;
        }
        (None, _) => "no recipient of the decision has this role",
        (Some(_), Some(_)) => "several recipients have this role: name one by its id, as `csods show` has it",
    };
    Some(Problem::invalid("disclosure.recipient", what))
}

/// Says of a role that names no one recipient what is wrong with it, in place of its being no id.
pub fn said_of_role(refusal: Refusal, no_such: Option<Problem>) -> Refusal {
    match (refusal, no_such) {
        (Refusal::Problems(mut problems), Some(no_such)) => {
            let place = problems.iter_mut().find(|problem| problem.path == no_such.path);
            place.into_iter().for_each(|problem| problem.clone_from(&no_such));
            Refusal::Problems(problems)
        }
        (refusal, _) => refusal,
    }
}
