//! The conversation with a person at a terminal: what is missing is asked for, in the order of the work, and nothing is
//! recorded before the person has seen the whole of it and agreed. The only part that names dialoguer.
//!
//! `plan` says which question comes next and `progress` how far it has come (pure), `depends` and
//! `consequences` which answers a changed one takes with it, `typed` reads what is typed, `choices` knows what can be chosen, `words` words it all, `terminal`, `line`
//! and `list` draw it, `drafts` keep the answers meanwhile.

mod choices;
mod consequences;
mod depends;
mod drafts;
mod editor;
mod interrupt;
mod line;
mod list;
mod plan;
mod progress;
mod put;
mod terminal;
mod typed;
mod words;

#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::PathBuf;

pub use choices::list_for;
pub use drafts::forget_draft;
pub use editor::{again, edit_text, forget_edit, keep_edit, kept_edit, leftovers};
pub use interrupt::{Hold, end_if_interrupted, was_pressed};

use crate::domain::action::ActionKind;
use crate::domain::case::Case;
use crate::domain::node::{Node, Path};
use crate::domain::record::{Fault, Problem, Shape};
use crate::domain::settings::Settings;
use crate::domain::workflow::Refusal;
use crate::error::{Error, Kind};
use plan::{Asks, Plan, Question};
use progress::{Need, Progress};
use put::Reply;
use terminal::{Screen, Stop, Terminal, Tone};

/// What a conversation must know.
pub struct Setting<'a> {
    /// What is being done.
    pub kind: ActionKind,
    /// What its answers look like.
    pub shape: Shape,
    /// Where they stand: the paths of problems begin with it.
    pub place: Path,
    /// What it is about, for the person: `KP-26-7K3QF4: decide`.
    pub title: String,
    /// The settings of the store.
    pub settings: &'a Settings,
    /// The case, where there is one already.
    pub case: Option<&'a Case>,
    /// The editor the person chose.
    pub editor: Option<OsString>,
    /// The store's directory for private text: inside its git directory.
    pub private_dir: PathBuf,
    /// The name of the draft: who does what to which case.
    pub draft_name: String,
}

/// A conversation. Its prompts are drawn on standard error.
pub struct Conversation<'a> {
    setting: Setting<'a>,
    terminal: Box<dyn Terminal>,
    progress: Progress,
    /// Each answer's place, with the answers and the progress before it, for going back.
    past: Vec<(Path, Node, Progress)>,
    /// The answer that was gone back from, to be offered again.
    taken_back: Option<(Path, Node)>,
    /// What stands in the way, with the answers so far, and cannot be asked for.
    outside: Vec<Problem>,
    /// The place in the case of the fact that a correction changes, once it is known.
    corrected: Option<Path>,
    /// Whether anything was asked, here or in the draft.
    asked: bool,
    /// Whether a round of questions was begun.
    begun: bool,
    /// Whether a draft is kept.
    kept: bool,
    _hold: Option<Hold>,
}

impl<'a> Conversation<'a> {
    /// Begins: from here to its end, Ctrl-C stops the conversation in order. Where a draft of the same work is kept,
    /// the person says whether to go on with it; what is given already wins over the draft.
    ///
    /// Standard input and standard error must be terminals.
    pub fn begin(setting: Setting<'a>, given: &mut Node) -> Result<Conversation<'a>, Error> {
        if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
            return Err(Error::new(Kind::Answers, "nobody can be asked: this is no terminal"));
        }
        let hold = Hold::new()?;
        let screen = Screen::open(setting.editor.clone(), setting.private_dir.clone())?;
        Conversation::on(setting, Box::new(screen), Some(hold), given)
    }

    /// Begins at a terminal of whatever kind.
    fn on(
        setting: Setting<'a>,
        terminal: Box<dyn Terminal>,
        hold: Option<Hold>,
        given: &mut Node,
    ) -> Result<Conversation<'a>, Error> {
        let mut conversation = Conversation {
            setting,
            terminal,
            progress: Progress::default(),
            past: Vec::new(),
            taken_back: None,
            outside: Vec::new(),
            corrected: None,
            asked: false,
            begun: false,
            kept: false,
            _hold: hold,
        };
        let resumed = conversation.resume(given);
        resumed.map_err(|stop| conversation.left(stop))?;
        Ok(conversation)
    }

    fn resume(&mut self, given: &mut Node) -> Result<(), Stop> {
        let Some(draft) = drafts::read(&self.setting.private_dir, &self.setting.draft_name)? else {
            return Ok(());
        };
        self.kept = true;
        self.terminal.discard()?;
        self.terminal.say(Tone::Strong, &self.setting.title)?;
        self.terminal.say(Tone::Plain, "Answers that you gave earlier were kept.")?;
        let labels = ["Go on with them", "Look at them first", "Throw them away and start afresh"];
        loop {
            match self.terminal.choose(&labels.map(str::to_owned))? {
                Some(0) => {
                    *given = drafts::laid_over(std::mem::replace(given, Node::Null), draft.answers);
                    self.progress = draft.progress;
                    self.asked = true;
                    return Ok(());
                }
                Some(1) => {
                    let summary = words::summary(&self.setting, &draft.answers, self.terminal.width());
                    self.terminal.say(Tone::Laid, &summary)?;
                }
                Some(_) => {
                    self.forget();
                    return Ok(());
                }
                None => {}
            }
        }
    }

    /// Whether asking could mend all of these problems: each lies within the record. What breaks a rule is asked again
    /// only where the person was asked already, so that they lose none of their answers; flags and files are refused.
    pub fn can_mend(&self, problems: &[Problem]) -> bool {
        let is_rule = |problem: &Problem| matches!(problem.fault, Fault::Rule(..));
        problems.iter().all(|problem| self.need(problem).is_some() && (self.asked || !is_rule(problem)))
    }

    fn need(&self, problem: &Problem) -> Option<Need> {
        let own = Need::of(problem, &self.setting.place, &self.setting.shape);
        own.or_else(|| Need::of_correction(problem, self.corrected.as_ref()?))
    }

    /// Asks for what is missing or wrong. The first time the whole record is gone through; afterwards only what the
    /// problems name, and what must be known below it. A problem that no question can mend is an error.
    ///
    /// `certain` says what is certain to be missing or refused whatever else will be answered: it is asked for in its
    /// own place, or refused before anything is asked.
    pub fn ask(
        &mut self,
        given: &mut Node,
        problems: &[Problem],
        certain: &dyn Fn(&Node) -> Vec<Problem>,
    ) -> Result<(), Error> {
        let needs: Vec<Need> = problems.iter().filter_map(|problem| self.need(problem)).collect();
        let kind = self.setting.kind;
        let unmended = || Refusal::Problems(problems.to_vec()).into_error(kind);
        if needs.len() < problems.len() {
            return Err(unmended());
        }
        if matches!(given, Node::Null) {
            *given = Node::map();
        }
        let filling = !std::mem::replace(&mut self.begun, true);
        if filling {
            let hopeless: Vec<Problem> =
                certain(given).into_iter().filter(|problem| self.need(problem).is_none()).collect();
            if !hopeless.is_empty() {
                return Err(Refusal::Problems(hopeless).into_error(kind));
            }
        }
        match self.round(given, needs, filling, certain) {
            Ok(true) => Ok(()),
            Ok(false) => Err(unmended()),
            Err(stop) => Err(self.left(stop)),
        }
    }

    /// Puts question after question; whether there was one.
    fn round(
        &mut self,
        given: &mut Node,
        needs: Vec<Need>,
        filling: bool,
        certain: &dyn Fn(&Node) -> Vec<Problem>,
    ) -> Result<bool, Stop> {
        self.progress.begin(needs, filling);
        self.begin_with_recorded(given);
        self.foresee(certain(given), None)?;
        let mut any = false;
        loop {
            let plan =
                Plan { kind: self.setting.kind, shape: self.setting.shape, given, progress: &self.progress };
            let Some(question) = plan.next() else { return Ok(any) };
            if !any && !std::mem::replace(&mut self.asked, true) {
                self.greet()?;
            }
            any = true;
            match self.put(&question, given)? {
                Reply::Back => match self.past.pop() {
                    Some((path, answers, progress)) => {
                        self.taken_back = given.at(&path).cloned().map(|node| (path, node));
                        (*given, self.progress) = (answers, progress);
                    }
                    None => self.terminal.say(Tone::Quiet, "This is the first question.")?,
                },
                reply => {
                    self.past.push((question.path.clone(), given.clone(), self.progress.clone()));
                    self.taken_back = None;
                    let answered = question.asks == Asks::Value;
                    put::take(&mut self.progress, given, &question, reply);
                    if answered {
                        self.take_out_outlived(given, &question.path, certain)?;
                    }
                    self.begin_with_recorded(given);
                    self.foresee(certain(given), Some(&question))?;
                }
            }
            self.keep(given)?;
        }
    }

    /// Takes in what is certain after an answer: what must be given besides, that the answer itself is refused, or that
    /// something that no question can mend now stands in the way.
    fn foresee(&mut self, certain: Vec<Problem>, answered: Option<&Question>) -> Result<(), Stop> {
        let answered =
            answered.filter(|question| question.asks == Asks::Value).map(|question| &question.path);
        let (within, outside): (Vec<Problem>, Vec<Problem>) =
            certain.into_iter().partition(|problem| self.need(problem).is_some());
        let needs = within.iter().filter_map(|problem| self.need(problem)).collect();
        self.progress.foresee(needs, answered, &self.setting.shape);
        let new: Vec<&Problem> = outside.iter().filter(|problem| !self.outside.contains(problem)).collect();
        for problem in &new {
            self.terminal.say(Tone::Wrong, &problem.to_string())?;
        }
        if !new.is_empty() {
            let how =
                "With this answer nothing can be recorded yet. `<` goes back; Ctrl-C keeps your answers.";
            self.terminal.say(Tone::Quiet, how)?;
        }
        self.outside = outside;
        Ok(())
    }

    fn greet(&mut self) -> Result<(), Stop> {
        self.terminal.say(Tone::Strong, &self.setting.title)?;
        let how = "`<` goes back one question, `?` explains it. In lists: arrow keys and Enter; Esc goes back. \
                   Ctrl-C stops and keeps your answers.";
        self.terminal.say(Tone::Quiet, how)
    }

    /// Where anything was asked: shows all answers, and lets the person record them (`true`), change one (`false`: read
    /// them again), or stop, with the draft kept or thrown away (an error). Where nothing was asked: `true`.
    ///
    /// `certain` is that of [`Conversation::ask`].
    pub fn agreed(
        &mut self,
        given: &mut Node,
        certain: &dyn Fn(&Node) -> Vec<Problem>,
    ) -> Result<bool, Error> {
        if !self.asked {
            return Ok(true);
        }
        self.agreement(given, certain).map_err(|stop| self.left(stop))
    }

    fn agreement(&mut self, given: &mut Node, certain: &dyn Fn(&Node) -> Vec<Problem>) -> Result<bool, Stop> {
        let summary = words::summary(&self.setting, given, self.terminal.width());
        self.terminal.discard()?;
        self.terminal.say(Tone::Laid, &format!("\n{summary}"))?;
        let labels = [
            "Record it",
            "Change an answer",
            "Stop, keep the answers for later",
            "Stop, throw the answers away",
        ];
        loop {
            match self.terminal.choose(&labels.map(str::to_owned))? {
                Some(0) => return Ok(true),
                Some(1) => {
                    if let Some(path) = self.choose_change(given)? {
                        self.round(given, vec![Need::to_change(path)], false, certain)?;
                        return Ok(false);
                    }
                }
                Some(2) => return Err(Stop::Left),
                Some(_) => {
                    self.forget();
                    let message = "stopped: nothing was recorded, and the answers are thrown away";
                    return Err(Stop::Failed(Error::new(Kind::Answers, message)));
                }
                None => {}
            }
        }
    }

    /// Which answer is to be changed.
    fn choose_change(&mut self, given: &Node) -> Result<Option<Path>, Stop> {
        let rows = words::rows(&self.setting, given);
        let label = |row: &words::Row| {
            let value = row.value.as_deref().unwrap_or(if row.stands { "" } else { "not given" });
            let first = value.lines().next().unwrap_or_default();
            let short: String = first.chars().take(40).collect();
            let more = if short.len() < value.len() { "..." } else { "" };
            let colon = match value {
                "" => "",
                _ if row.label.ends_with('?') => " ",
                _ => ": ",
            };
            format!("{}{}{colon}{short}{more}", "  ".repeat(row.depth), row.label)
        };
        let labels: Vec<String> = rows.iter().map(label).collect();
        self.terminal.discard()?;
        self.terminal.say(Tone::Strong, "Which answer?")?;
        let chosen = self.terminal.choose(&labels)?;
        Ok(chosen.and_then(|index| rows.into_iter().nth(index)).map(|row| row.path))
    }

    fn keep(&mut self, given: &Node) -> Result<(), Error> {
        drafts::keep(&self.setting.private_dir, &self.setting.draft_name, given, &self.progress)?;
        self.kept = true;
        Ok(())
    }

    fn forget(&mut self) {
        forget_draft(&self.setting.private_dir, &self.setting.draft_name);
        self.kept = false;
    }

    /// The error with which the conversation ends before its time. Ctrl-C is remembered: see [`end_if_interrupted`].
    fn left(&self, stop: Stop) -> Error {
        match stop {
            Stop::Failed(error) => error,
            Stop::Left => {
                let error = Error::new(Kind::Answers, "stopped: nothing was recorded");
                if self.kept {
                    error.hint("your answers are kept; the same command again goes on from there")
                } else {
                    error
                }
            }
        }
    }
}
