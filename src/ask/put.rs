//! One question put to the person, and the answer taken.

use super::choices::{Choice, choices};
use super::plan::{Asks, Question};
use super::progress::Progress;
use super::terminal::{Stop, Terminal, Tone};
use super::{Conversation, typed, words};
use crate::domain::action::ActionKind;
use crate::domain::node::{Node, Path, Step};
use crate::domain::record::{Part, Shape};

/// What the person did with a question.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// Went back to the question before.
    Back,
    /// Gave a value.
    Value(Node),
    /// Left it out.
    Without,
    /// There is a record to fill in, or (another) item.
    Yes,
    /// There is not.
    No,
    /// What stands there is given again from the start.
    Again,
    /// The item of a list at this position is changed: each of its parts is asked, beginning with what it is.
    Change(usize),
    /// What stands there is taken out; of a list, the item at this position.
    Out(Option<usize>),
    /// What stands there stays.
    Stays,
}

impl Conversation<'_> {
    /// Puts a question until it is answered.
    pub(super) fn put(&mut self, question: &Question, given: &Node) -> Result<Reply, Stop> {
        self.terminal.discard()?;
        let length = |path: &Path| match given.at(path) {
            Some(Node::List(items)) => items.len(),
            _ => 0,
        };
        let count = match (question.asks, question.path.0.last()) {
            (Asks::Value, Some(Step::Index(index))) => *index,
            _ => length(&question.path),
        };
        let about = words::about(&self.setting, question, given);
        let field = words::field(&self.setting, question, given);
        let asked = words::question(question, field, count);
        let asked = if about.is_empty() { asked } else { format!("[{about}] {asked}") };
        self.terminal.say(Tone::Strong, &asked)?;
        for line in field.doc.iter().skip(1).filter(|line| !line.trim().is_empty()) {
            self.terminal.say(Tone::Quiet, line.trim())?;
        }
        if let Some(wrong) = &question.wrong {
            self.terminal.say(Tone::Wrong, wrong)?;
        }
        match question.asks {
            Asks::Value => self.value(question, given),
            Asks::Whether | Asks::Item => Ok(match self.yes_or_no(question)? {
                Some(true) => Reply::Yes,
                Some(false) => Reply::No,
                None => Reply::Back,
            }),
            Asks::Mend => self.mend(question, given),
        }
    }

    fn value(&mut self, question: &Question, given: &Node) -> Result<Reply, Stop> {
        let taken_back = self.taken_back.take().filter(|(path, _)| *path == question.path);
        let taken_back = taken_back.map(|(_, node)| node);
        let corrected = self.corrected(question, given);
        let existing = given.at(&question.path).or(taken_back.as_ref()).or(corrected.as_ref());
        let existing = existing.filter(|node| **node != Node::Null);
        match choices(&self.setting, question.shape, &question.path, given) {
            Some(choices) => self.choice(question, choices, existing),
            None if question.shape == Shape::YesNo && !question.optional => {
                if let Some(Node::Bool(now)) = existing {
                    let now = if *now { "so far: yes" } else { "so far: no" };
                    self.terminal.say(Tone::Quiet, now)?;
                }
                Ok(match self.yes_or_no(question)? {
                    Some(answer) => Reply::Value(Node::Bool(answer)),
                    None => Reply::Back,
                })
            }
            None if question.shape == Shape::YesNo => {
                let choice =
                    |label: &str, value| Choice { label: label.to_owned(), value: Node::Bool(value) };
                self.choice(question, vec![choice("Yes", true), choice("No", false)], existing)
            }
            None => self.text(question, existing),
        }
    }

    fn yes_or_no(&mut self, question: &Question) -> Result<Option<bool>, Stop> {
        let explanation = words::explanation(&self.setting, question);
        yes_or_no(self.terminal.as_mut(), &explanation)
    }

    /// What stands in the case where a correction asks for the new value.
    fn corrected(&self, question: &Question, given: &Node) -> Option<Node> {
        let case = self.setting.case.filter(|_| self.setting.kind == ActionKind::Correct)?;
        let is_now = question.path == Path::root().key("now");
        let place = given.get("path").and_then(Node::as_text).filter(|_| is_now)?;
        case.write()?.at(&Path::from(place)).cloned()
    }

    fn choice(
        &mut self,
        question: &Question,
        choices: Vec<Choice>,
        existing: Option<&Node>,
    ) -> Result<Reply, Stop> {
        let same = |choice: &&Choice| existing.is_some_and(|node| same_answer(node, &choice.value));
        if let Some(now) = choices.iter().find(same) {
            self.terminal.say(Tone::Quiet, &format!("so far: {}", now.label))?;
        }
        let mut labels: Vec<String> = choices.iter().map(|choice| choice.label.clone()).collect();
        if question.optional {
            labels.push("(leave it out)".to_owned());
        }
        Ok(match self.terminal.choose(&labels)? {
            None => Reply::Back,
            Some(index) => match choices.into_iter().nth(index) {
                Some(choice) => Reply::Value(choice.value),
                None => Reply::Without,
            },
        })
    }

    fn text(&mut self, question: &Question, existing: Option<&Node>) -> Result<Reply, Stop> {
        let zone = self.setting.settings.zone();
        let hint = words::hint(question);
        if !hint.is_empty() {
            self.terminal.say(Tone::Quiet, &format!("({hint})"))?;
        }
        let prose = question.shape == Shape::Prose;
        let stored = existing.map(|node| typed::text(node, question.shape, zone)).unwrap_or_default();
        let mut line = stored.clone();
        loop {
            line = self.terminal.line(&line, prose)?;
            match line.trim() {
                "<" => return Ok(Reply::Back),
                "?" => {
                    self.terminal.say(Tone::Plain, &words::explanation(&self.setting, question))?;
                    line.clone_from(&stored);
                    continue;
                }
                "" if question.optional => return Ok(Reply::Without),
                "" if !prose => {
                    self.terminal.discard()?;
                    self.terminal.say(Tone::Wrong, "this must be answered")?;
                    continue;
                }
                "" | "e" if prose => match self.edited(question, &stored)? {
                    Some(text) => line = text,
                    None => continue,
                },
                _ => {}
            }
            match typed::value(question.shape, &line, question.field.private, zone) {
                Ok(node) => {
                    self.show_back(question, &node)?;
                    return Ok(Reply::Value(node));
                }
                Err(wrong) => {
                    self.terminal.discard()?;
                    self.terminal.say(Tone::Wrong, &wrong)?;
                }
            }
        }
    }

    /// The text as it comes out of the editor; `None` where that did not work and a line must do.
    fn edited(&mut self, question: &Question, text: &str) -> Result<Option<String>, Stop> {
        let name = format!("{}-{}.txt", self.setting.draft_name, question.field.key);
        match self.terminal.edit(&name, text) {
            Ok(edited) => {
                self.terminal.say(Tone::Plain, edited.trim_end())?;
                Ok(Some(edited))
            }
            Err(Stop::Failed(error)) => {
                self.terminal.say(Tone::Wrong, &error.to_string())?;
                if let Some(hint) = &error.hint {
                    self.terminal.say(Tone::Quiet, hint)?;
                }
                self.terminal.say(Tone::Quiet, "Type it on one line.")?;
                Ok(None)
            }
            Err(stop) => Err(stop),
        }
    }

    /// What a day or a time was taken for.
    fn show_back(&mut self, question: &Question, node: &Node) -> Result<(), Stop> {
        if matches!(question.shape, Shape::Day | Shape::Instant) {
            let taken = words::value(&self.setting, question.shape, &question.path, node, &Node::Null);
            self.terminal.say(Tone::Quiet, &format!("= {taken}"))?;
        }
        Ok(())
    }

    fn mend(&mut self, question: &Question, given: &Node) -> Result<Reply, Stop> {
        let is_item = matches!(question.path.0.last(), Some(Step::Index(_)));
        let mut offers: Vec<(String, Reply)> = Vec::new();
        if let Some(Node::List(items)) = given.at(&question.path) {
            let label =
                |item: &Node| words::known_as(item).map(|label| format!(": {label}")).unwrap_or_default();
            let numbered =
                || items.iter().enumerate().map(|(at, item)| (at, format!("{}{}", at + 1, label(item))));
            offers.push(("Add one".to_owned(), Reply::Yes));
            offers.extend(numbered().map(|(at, item)| (format!("Change number {item}"), Reply::Change(at))));
            offers.extend(
                numbered().map(|(at, item)| (format!("Take out number {item}"), Reply::Out(Some(at)))),
            );
        } else {
            offers.push(("Answer it again".to_owned(), Reply::Again));
            if is_item || !question.field.required {
                offers.push(("Take it out".to_owned(), Reply::Out(None)));
            }
        }
        offers.push(("Leave it as it is".to_owned(), Reply::Stays));
        let labels: Vec<String> = offers.iter().map(|(label, _)| label.clone()).collect();
        let chosen = self.terminal.choose(&labels)?;
        Ok(chosen.and_then(|index| offers.into_iter().nth(index)).map_or(Reply::Back, |(_, reply)| reply))
    }
}

/// Lets yes or no be typed, as a word and Enter; neither is offered beforehand. `None` goes back. `explanation` is said
/// for `?`. One key is not enough: the rest of a word that was typed would answer the next question.
pub fn yes_or_no(terminal: &mut dyn Terminal, explanation: &str) -> Result<Option<bool>, Stop> {
    terminal.say(Tone::Quiet, "(y or n, then Enter)")?;
    loop {
        match terminal.line("", false)?.trim().to_lowercase().as_str() {
            "y" | "yes" => return Ok(Some(true)),
            "n" | "no" => return Ok(Some(false)),
            "<" => return Ok(None),
            "?" => terminal.say(Tone::Plain, explanation)?,
            _ => {
                terminal.discard()?;
                terminal.say(Tone::Wrong, "enter yes or no")?;
            }
        }
    }
}

fn same_answer(one: &Node, other: &Node) -> bool {
    match (one, other) {
        (Node::Bool(one), Node::Bool(other)) => one == other,
        _ => one.as_text().is_some() && one.as_text() == other.as_text(),
    }
}

/// Takes an answer: into what is given, and into the progress.
pub fn take(progress: &mut Progress, given: &mut Node, question: &Question, reply: Reply) {
    let path = &question.path;
    let is_item = matches!(path.0.last(), Some(Step::Index(_)));
    match reply {
        Reply::Back => {}
        Reply::Value(node) => {
            progress.answered(path, given);
            given.set(path, node);
        }
        Reply::Without => {
            if given.at(path).is_some() {
                given.remove(path);
            }
            progress.settled.insert(path.clone());
        }
        Reply::Yes => {
            if let Shape::List(_) = question.shape {
                let length = match given.at(path) {
                    Some(Node::List(items)) => items.len(),
                    _ => 0,
                };
                progress.growing.insert(path.clone());
                progress.opened.insert(path.index(length));
            }
            progress.settled.remove(path);
            progress.opened.insert(path.clone());
        }
        Reply::No => {
            // That there is none must be said where a list is required.
            if question.field.required && given.at(path).is_none() {
                given.set(path, Node::List(Vec::new()));
            }
            progress.settled.insert(path.clone());
        }
        Reply::Again => {
            progress.forget_below(path);
            // An item keeps its position, so that the paths of the others stay true.
            if is_item {
                given.set(path, Node::Null);
            } else {
                given.remove(path);
            }
            progress.opened.insert(path.clone());
        }
        Reply::Change(position) => {
            let item = path.index(position);
            if let Shape::List(shape) = question.shape {
                progress.again(*shape, &item, given);
            }
            progress.settled.insert(path.clone());
        }
        Reply::Out(position) => {
            let (list, out) = match (position, path.0.split_last()) {
                (Some(position), _) => (path.clone(), path.index(position)),
                (None, Some((_, above))) if is_item => (Path(above.to_vec()), path.clone()),
                _ => (path.clone(), path.clone()),
            };
            given.remove(&out);
            let is_empty = given.at(&list).is_some_and(|node| *node == Node::List(Vec::new()));
            if is_empty && !question.field.required {
                given.remove(&list);
            }
            // The items behind it have new positions.
            progress.forget_below(&list);
            progress.settled.insert(list);
        }
        Reply::Stays => {
            progress.settled.insert(path.clone());
        }
    }
}
