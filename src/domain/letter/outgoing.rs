//! Whether something may go out (A1, A2, A5): one question, asked against the case as it stands at that moment, every time
//! a letter is offered, made, shown as a page or listed. A letter that was made and may not go out any more is *held*.

use std::collections::BTreeMap;

use super::addressee::window;
use super::facts::Ground;
use super::{guards, made};
use crate::domain::case::*;
use crate::domain::record::Problem;
use crate::domain::scalars::ItemId;
use crate::domain::settings::Settings;
use crate::domain::time::Instant;
use crate::domain::workflow::rules::{applicant_gone, safe_way};

/// What stands across a copy of a letter that is made for the file (A5).
pub const NOT_TO_BE_SENT: &str = "HELD - NOT TO BE SENT";

/// The address lines of the letters of a case as each was made, read from the letters themselves. A letter is never
/// changed, so after a move it still bears the old address.
#[derive(Debug, Clone, Default)]
pub struct Addressed(BTreeMap<ItemId, Option<Vec<String>>>);

impl Addressed {
    /// Adds a letter by its file; `None` where the file is not the letter that was made.
    pub fn add(&mut self, letter: &Letter, file: Option<&str>) {
        self.0.insert(letter.id.clone(), file.map(made::addressed));
    }
}

/// Something written that is to go to somebody.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing<'a> {
    /// Which kind.
    pub kind: LetterKind,
    /// To whom.
    pub to: &'a Addressee,
    /// How it goes.
    pub method: Method,
    /// The guard that was set aside for it (A2).
    pub overriding: Option<&'a Overriding>,
    /// The letter, where it was made before.
    made: Option<(&'a Letter, &'a Addressed)>,
}

impl<'a> Outgoing<'a> {
    /// Something that is not yet made.
    pub fn new(
        kind: LetterKind,
        to: &'a Addressee,
        method: Method,
        overriding: Option<&'a Overriding>,
    ) -> Outgoing<'a> {
        Outgoing { kind, to, method, overriding, made: None }
    }

    /// A letter that was made before.
    pub fn made(letter: &'a Letter, addressed: &'a Addressed) -> Outgoing<'a> {
        let (kind, to, method, overriding) =
            (letter.kind, &letter.to, letter.method, letter.overriding.as_ref());
        Outgoing { kind, to, method, overriding, made: Some((letter, addressed)) }
    }
}

/// A5: everything that stands against its going out now; nothing where it may.
pub fn against(case: &Case, outgoing: &Outgoing<'_>, settings: &Settings) -> Vec<Problem> {
    let mut problems = guards::conditions(outgoing.kind, case);
    problems.extend(unsafe_now(case, outgoing, settings));
    problems
}

/// The part of [`against`] that is about safety, and not about how far the case has come: whom it would reach, and where.
fn unsafe_now(case: &Case, outgoing: &Outgoing<'_>, settings: &Settings) -> Vec<Problem> {
    let Outgoing { to, method, overriding, .. } = *outgoing;
    match outgoing.made {
        None => guards::reach(case, to, method, overriding),
        Some((letter, addressed)) => {
            let mut problems = guards::reach_standing(case, to, method, overriding);
            problems.extend(moved(case, letter, addressed, settings));
            problems
        }
    }
}

/// A5: a posted letter bears another address than it would bear today.
fn moved(case: &Case, letter: &Letter, addressed: &Addressed, settings: &Settings) -> Option<Problem> {
    let Some(then) = addressed.0.get(&letter.id).filter(|_| letter.method == Method::Letter)? else {
        let what = "its file is not the letter that was made: see `csods validate`";
        return Some(Problem::rule("letter.sha256", "X1", what));
    };
    let language = letter.language.as_str();
    let ground = Ground { case, settings, at: letter.at.0, to: Some(&letter.to), language };
    let now = window(&ground, letter.method);
    let what = "it bears another name or address than is recorded now: make it again";
    (plain(then) != plain(&now)).then(|| Problem::rule("letter.to", "A5", what))
}

/// Address lines as they are compared: letters and digits alone.
fn plain(lines: &[String]) -> String {
    let all = lines.iter().flat_map(|line| line.chars());
    all.filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// How a letter that was made stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing {
    /// It went out.
    Sent,
    /// It may go out.
    ToSend,
    /// It may not go out, and why.
    Held(Vec<Problem>),
}

impl Standing {
    /// How this letter of the case stands.
    pub fn of(case: &Case, letter: &Letter, addressed: &Addressed, settings: &Settings) -> Standing {
        if letter.sent.is_some() {
            return Standing::Sent;
        }
        match against(case, &Outgoing::made(letter, addressed), settings) {
            problems if problems.is_empty() => Standing::ToSend,
            problems => Standing::Held(problems),
        }
    }

    /// A word for scripts.
    pub fn word(&self) -> &'static str {
        match self {
            Standing::Sent => "sent",
            Standing::ToSend => "to_send",
            Standing::Held(_) => "held",
        }
    }
}

/// The letters that were made, are not recorded as sent, and would put somebody in danger if they went out now, each with
/// why. One that was made again since, and sent, is left out. Letters that only come too late are not among them.
pub fn held_for_safety<'c>(
    case: &'c Case,
    addressed: &Addressed,
    settings: &Settings,
) -> Vec<(&'c Letter, Vec<Problem>)> {
    let again = |letter: &Letter| {
        let same = |later: &Letter| later.kind == letter.kind && later.to == letter.to;
        case.letters.iter().any(|later| same(later) && later.sent.is_some() && later.at.0 >= letter.at.0)
    };
    let waiting = case.letters.iter().filter(|letter| letter.sent.is_none() && !again(letter));
    let held = waiting.map(|letter| (letter, unsafe_now(case, &Outgoing::made(letter, addressed), settings)));
    held.filter(|(_, problems)| !problems.is_empty()).collect()
}

/// A5: the letters that went out although they would be refused, each with why, until somebody has spoken with the
/// applicant by a safe way afterwards.
///
/// Judged by what the case says now, so that a letter that was on its way when contact became unsafe is among them; who
/// left, which decision stood and to which address it went are judged as of its sending.
pub fn sent_unsafe(case: &Case) -> Vec<(&Letter, Vec<Problem>)> {
    let sent = case.letters.iter().filter_map(|letter| Some((letter, letter.sent.as_ref()?.at.0)));
    let open =
        sent.filter(|(letter, at)| !(guards::is_applicant(case, &letter.to) && spoken_since(case, *at)));
    let judged = open.map(|(letter, at)| (letter, refused_at(case, letter, at)));
    judged.filter(|(_, problems)| !problems.is_empty()).collect()
}

/// Why a letter that went out at `at` should not have.
fn refused_at(case: &Case, letter: &Letter, at: Instant) -> Vec<Problem> {
    let mut problems = Vec::new();
    if guards::follows_decision(letter.kind) {
        problems.extend(guards::decided(letter.kind, decision_at(case, at)));
    }
    if guards::is_applicant(case, &letter.to) {
        // The second in which they left counts as after it.
        match applicant_gone("letter.to", case, at.plus_seconds(1)) {
            Some(gone) => problems.push(gone),
            None => problems.extend(safe_way("letter.method", letter.method, case)),
        }
        if moved_before(case, letter, at) {
            let what = "it bore another name or address than was recorded then";
            problems.push(Problem::rule("letter.to", "A5", what));
        }
    }
    if guards::is_blocked(case, &letter.to, letter.method) && letter.overriding.is_none() {
        problems.push(guards::unaware());
    }
    problems
}

/// The decision that stood at a moment: the one that was set aside first after it, else the present one.
fn decision_at(case: &Case, at: Instant) -> Option<&Decision> {
    let later = case.reopened.iter().filter(|reopening| reopening.at.0 > at);
    let aside = later.filter_map(|reopening| reopening.set_aside.as_ref()?.decision.as_ref()).next();
    aside.or(case.decision.as_ref())
}

/// Whether the applicant's name or address was corrected after a posted letter was made and before it went. In one second
/// nobody can tell which came first, so a correction counts as the later one.
fn moved_before(case: &Case, letter: &Letter, sent: Instant) -> bool {
    let is_address = |path: &str| {
        let path = path.trim_start_matches("applicant");
        path.is_empty() || path.starts_with(".address") || path.starts_with(".name")
    };
    letter.method == Method::Letter
        && case.corrections.iter().any(|correction| {
            let path = correction.path.as_str();
            path.starts_with("applicant")
                && is_address(path)
                && letter.at.0 <= correction.at.0
                && correction.at.0 <= sent
        })
}

/// Whether somebody spoke with the applicant after `at`, by a way that is safe.
fn spoken_since(case: &Case, at: Instant) -> bool {
    let spoken = |method: Method| {
        !matches!(method, Method::Letter | Method::Email) && safe_way("", method, case).is_none()
    };
    let contact = case
        .contacts
        .iter()
        .any(|contact| contact.with == ContactWith::Applicant && contact.at.0 > at && spoken(contact.method));
    contact
        || case.interview.as_ref().is_some_and(|interview| interview.at.0 > at)
        || case.informed.as_ref().is_some_and(|informed| informed.at.0 > at && spoken(informed.method))
}
