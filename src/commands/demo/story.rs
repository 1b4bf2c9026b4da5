//! The steps of the demo's one application: read from `story.yaml`, done through the same functions as the commands.

use std::path::Path;

use serde_json::{Value, json};

use crate::commands::{change, find, link, new};
use crate::context::Context;
use crate::domain::action::ActionKind;
use crate::domain::node::{self, Node};
use crate::domain::time::{Day, Instant, Zone};
use crate::error::{Error, Kind};
use crate::output::Report;
use crate::store::{answers, json};

const STORY: &str = include_str!("story.yaml");

/// The whole story, its moments set so that it ends the day before now.
pub struct Story {
    pub steps: Vec<Step>,
}

/// One command of one person.
pub struct Step {
    pub by: String,
    pub why: Option<String>,
    at: Instant,
    kind: ActionKind,
    words: Option<String>,
    flags: Node,
    from: Option<String>,
    answers: Node,
}

/// What came of a step.
pub struct Done {
    pub reference: String,
    pub when: String,
    pub command: Vec<String>,
    pub report: Report,
    pub json: Value,
}

impl Story {
    /// Reads the story and sets its moments.
    pub fn read(now: Instant) -> Result<Story, Error> {
        let broken = || Error::new(Kind::Internal, "the story of the demo cannot be read");
        let Ok(Node::List(items)) = answers::parse_any(STORY.as_bytes()) else { return Err(broken()) };
        let day_of = |item: &Node| match item.get("day") {
            Some(Node::Number(day)) => Some(*day),
            _ => None,
        };
        let last = items.iter().filter_map(day_of).max().unwrap_or_default();
        let first_day = Zone::LONDON.day(now).plus(-1 - last);
        let steps = items.iter().map(|item| {
            let text = |key: &str| item.get(key).and_then(Node::as_text).map(str::to_owned);
            let part = |key: &str| item.get(key).cloned().unwrap_or_else(Node::map);
            let mut answers = part("answers");
            set_moments(&mut answers, first_day, first_day.plus(last));
            Some(Step {
                by: text("by")?,
                why: text("why"),
                at: moment(first_day.plus(day_of(item)?), &text("at")?)?,
                kind: ActionKind::of(&text("do")?)?,
                words: text("words"),
                flags: part("flags"),
                from: text("from"),
                answers,
            })
        });
        let steps =
            steps.collect::<Option<Vec<Step>>>().filter(|steps| !steps.is_empty()).ok_or_else(broken)?;
        Ok(Story { steps })
    }

    /// The moment of the first step.
    pub fn begins(&self) -> Instant {
        self.steps
            .first()
            .map_or_else(|| Instant::new(Default::default()), |step| step.at.plus_seconds(-86_400))
    }
}

impl Step {
    /// Does it, as its person at its moment.
    pub fn run(&self, context: &Context, dir: &Path, reference: Option<&str>) -> Result<Done, Error> {
        let acting = context.acting(dir, &format!("{}@example.org", self.by), self.at);
        let mut given = self.answers.clone();
        if let (Node::Map(given), Node::Map(flags)) = (&mut given, &self.flags) {
            given.extend(flags.iter().cloned());
        }
        let mut words = self.words.clone();
        let report = match (self.kind, reference) {
            (ActionKind::New, _) | (_, None) => new::open(&acting, given)?,
            (ActionKind::Link, Some(one)) => {
                let (_, case) = find::case(&acting.office()?.head, one)?;
                let other = case.signals.first().map(|signal| signal.to.to_string()).unwrap_or_default();
                words = Some(other.clone());
                link::both(&acting, one, &other, given)?
            }
            (kind, Some(reference)) => change::run(&acting, kind, reference, given)?,
        };
        let told = |key: &str| report.json.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let command = self.command(reference, words);
        let json = json!({
            "by": self.by, "at": self.at.to_string(), "why": self.why, "command": command.join(" "),
            "answers": self.from.as_ref().map(|_| json::value(&self.answers)),
            "stage": told("stage"), "commit": told("commit"),
        });
        Ok(Done { reference: told("reference"), when: Zone::LONDON.in_words(self.at), command, report, json })
    }

    /// The command line that a person would type.
    fn command(&self, reference: Option<&str>, words_after: Option<String>) -> Vec<String> {
        let mut words = vec!["csods".to_owned(), self.kind.word().to_owned()];
        words.extend(reference.map(str::to_owned));
        words.extend(words_after);
        flags(&self.flags, "-", &mut words);
        words.extend(self.from.iter().map(|file| format!("--from {file}")));
        words
    }
}

/// Flags as they are typed: `--undertaking-result signed`, `--genuine`.
fn flags(node: &Node, above: &str, words: &mut Vec<String>) {
    let Node::Map(entries) = node else { return };
    for (key, value) in entries {
        let flag = format!("{above}-{}", key.replace('_', "-"));
        match value {
            Node::Map(_) => flags(value, &flag, words),
            Node::Bool(true) => words.push(flag),
            Node::Bool(false) => words.push(format!("{flag}=false")),
            value => words.push(format!("{flag} {}", value.as_text().unwrap_or_default())),
        }
    }
}

/// The instant of a local time of day, `09:40`.
fn moment(day: Day, time: &str) -> Option<Instant> {
    let (hours, minutes) = time.split_once(':')?;
    Some(Zone::LONDON.at(day, hours.parse::<u32>().ok()? * 3_600 + minutes.parse::<u32>().ok()? * 60))
}

/// Sets the one moment and the one day that the answers state: `received.at`, the evening before the first step, and
/// `follow_up`, so many days after the last.
fn set_moments(answers: &mut Node, first: Day, last: Day) {
    let set = |answers: &mut Node, path: &str, value: Option<String>| {
        if let Some(value) = value {
            answers.set(&node::Path::from(path), Node::text(value));
        }
    };
    let text = |path: &str| answers.at(&node::Path::from(path)).and_then(Node::as_text);
    let received = text("received.at").and_then(|time| moment(first.plus(-1), time)).map(|at| at.to_string());
    let follow_up =
        text("follow_up").and_then(|days| days.parse().ok()).map(|days| last.plus(days).to_string());
    set(answers, "received.at", received);
    set(answers, "follow_up", follow_up);
}
