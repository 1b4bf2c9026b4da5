//! The one door: every change to a case is an [`Action`] through [`apply`], whichever way it came.
//!
//! `apply` is pure: a case and an action in, the case as it then stands or a [`Refusal`] that names everything that is
//! wrong out. What each record must hold stands in [`rules`] and [`checks`], how a case ends in [`closing`], changed facts in
//! [`changing`], how cases of another system come in in [`importing`], what must be true of any case at any time in [`consistency`].

pub mod ahead;
pub mod changing;
pub mod checks;
pub mod closing;
pub mod consistency;
mod entering;
pub mod importing;
pub mod outcome;
pub mod people;
pub mod rules;
mod who;

#[cfg(test)]
pub(crate) mod tests;

use super::action::{Action, ActionKind};
use super::case::*;
use super::letter::guards;
use super::record::{Fault, Part, Problem};
use super::scalars::{At, PersonId};
use super::settings::Settings;
use super::time::Instant;
use crate::error::{Error, Kind};

use ahead::BEFORE_RECEIPT;
use entering::Differing;
use who::{assessor_decides, may_not, permitted};
pub use who::{assessors, role_for};

/// The number of the rule book by which changes are made from now on. Every commit bears it, so that a rule that is
/// stricter than those before it is not asked of older commits: it says from which number on it holds. It never falls.
///
/// Book 1: commits do not name what they recorded. Book 2: they do.
pub const RULES: u32 = 2;

/// Who acts, and when.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// The moment of the command.
    pub now: Instant,
    /// Who gives it: a person of the store.
    pub actor: PersonId,
}

/// Why an action cannot be done. The case stays as it was.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// This person may not do it (R3, R4), with the reason.
    NotPermitted(String),
    /// Everything that is missing, invalid or against a rule.
    Problems(Vec<Problem>),
}

impl Refusal {
    /// Whether answers alone could mend it: nothing but missing or invalid values of the action itself.
    pub fn is_answers(&self) -> bool {
        match self {
            Refusal::NotPermitted(_) => false,
            Refusal::Problems(problems) => {
                problems.iter().all(|problem| !matches!(problem.fault, Fault::Rule(..)))
            }
        }
    }

    /// As an error for the person who asked for `kind`.
    pub fn into_error(self, kind: ActionKind) -> Error {
        let answers = self.is_answers();
        match self {
            Refusal::NotPermitted(why) => Error::new(Kind::NotPermitted, why)
                .hint("nothing was changed; roles stand under `people` and `permissions` in csods.toml"),
            Refusal::Problems(problems) if answers => Error::new(
                Kind::Answers,
                format!("answers are missing or invalid: cannot {}", kind.meaning()),
            )
            .hint("nothing was changed; give them as flags, with --from FILE, or at the prompt")
            .problems(problems),
            Refusal::Problems(problems) => {
                let hint = match kind {
                    ActionKind::Letter => {
                        "nothing was changed; `csods letter --help` says which ways there are"
                    }
                    _ => "nothing was changed; `csods show` says what the case needs next",
                };
                Error::new(Kind::Refused, format!("the scheme's rules refuse it: cannot {}", kind.meaning()))
                    .hint(hint)
                    .problems(problems)
            }
        }
    }
}

/// Does `action` to `case` (`None` for a new one): the case as it then stands.
///
/// Refuses, naming all that is wrong, what the actor may not do (R3, R4), what comes at the wrong stage (S1), what
/// leaves a stage with something missing (S2), and every record that breaks a rule of its own.
pub fn apply(
    case: Option<&Case>,
    action: &Action,
    moment: &Moment,
    settings: &Settings,
) -> Result<Case, Refusal> {
    permitted(case, action, moment, settings)?;
    let in_time = urgent_in_time(case, action, moment);
    let action = in_time.as_ref().unwrap_or(action);
    let mut problems = when(case, action, moment);
    let result = match (case, action) {
        (None, Action::New(reference, opening)) => rules::open(reference, opening, settings, &mut problems),
        (None, Action::Import(reference, importing)) => {
            importing::import(reference, importing, &moment.actor, settings, &mut problems)
        }
        // A file that somebody put there by hand.
        (None, Action::Edit(edited, ..)) => {
            problems.extend(consistency::check(&in_oldest_format((**edited).clone()), settings));
            let differing = Differing::between(None, edited);
            problems.extend(people::changed(None, action, edited, &differing, settings));
            problems.extend(who::separate_when_taken_in(edited, &moment.actor));
            problems.extend(entering::claimed(edited, &moment.actor));
            problems.extend(ahead::in_the_future(None, edited, moment.now, settings));
            return if problems.is_empty() {
                Ok(in_oldest_format(entering::entered(None, (**edited).clone(), differing, &moment.actor)))
            } else {
                Err(Refusal::Problems(problems))
            };
        }
        (Some(case), action) => judged_in_time(case, action, moment, settings, &mut problems),
        (None, _) => {
            problems.push(Problem::rule("", "S1", "there is no such case yet"));
            None
        }
    };
    let mut differing = Differing { before: None, after: None };
    if let Some(new) = &result {
        if let Some(case) = case {
            who::separate(case, action, new, &moment.actor, settings)?;
        }
        if !matches!(action, Action::Import(..)) {
            differing = Differing::between(case, new);
            let people = people::changed(case, action, new, &differing, settings);
            problems
                .extend(people.into_iter().filter(|problem| !problems.contains(problem)).collect::<Vec<_>>());
        }
        if problems.is_empty() {
            problems.extend(ahead::in_the_future(case, new, moment.now, settings));
        }
    }
    match result {
        Some(new) if problems.is_empty() => Ok(settled(match action {
            Action::Import(..) => new,
            _ => entering::entered(case, new, differing, &moment.actor),
        })),
        _ => Err(Refusal::Problems(problems)),
    }
}

/// Whether `kind` could be begun at all by this person at this stage, before anything is asked (R3, R4, S1).
pub fn may_begin(
    case: Option<&Case>,
    kind: ActionKind,
    actor: &PersonId,
    settings: &Settings,
) -> Result<(), Refusal> {
    if role_for(actor, kind, settings).is_none() {
        return Err(Refusal::NotPermitted(may_not(actor, kind, settings)));
    }
    let problems = case.map(|case| at_stage(case, kind)).unwrap_or_default();
    if kind == ActionKind::Decide
        && problems.is_empty()
        && case.is_some_and(|case| assessors(case).contains(actor))
    {
        return Err(assessor_decides(actor));
    }
    if problems.is_empty() { Ok(()) } else { Err(Refusal::Problems(problems)) }
}

/// C10: an urgent action is never refused because of a time: one with a time that cannot be right gets that of its entry.
fn urgent_in_time(case: Option<&Case>, action: &Action, moment: &Moment) -> Option<Action> {
    match action {
        Action::Urgent(urgent) if !when(case, action, moment).is_empty() => {
            Some(Action::Urgent(Urgent { at: At(moment.now), ..urgent.clone() }))
        }
        _ => None,
    }
}

/// A stated moment lies neither in the future nor before receipt; before a receipt that itself lies ahead of the clock it
/// may (C10).
fn when(case: Option<&Case>, action: &Action, moment: &Moment) -> Vec<Problem> {
    let Some((_, at)) = action.done() else {
        return Vec::new();
    };
    let path = match action {
        Action::New(..) => "received.at".to_owned(),
        Action::Import(..) => "imported.at".to_owned(),
        _ => format!("{}.at", action.kind().place()),
    };
    if at > moment.now {
        return vec![Problem::invalid(path.as_str(), "lies in the future")];
    }
    match case.map(|case| case.received.at.0) {
        Some(received) if at < received && received <= moment.now => {
            vec![Problem::invalid(path.as_str(), BEFORE_RECEIPT)]
        }
        _ => Vec::new(),
    }
}

/// C10: does one action to an existing case. Where something of the case lies ahead of the clock, the rules are asked as
/// if it had been done just then; recorded it stays as it is.
fn judged_in_time(
    case: &Case,
    action: &Action,
    moment: &Moment,
    settings: &Settings,
    problems: &mut Vec<Problem>,
) -> Option<Case> {
    // A correction, which may be of that very time, is only asked what it brings about.
    let corrects = matches!(action, Action::Correct(_) | Action::Edit(..));
    let at = action.done().map_or(moment.now, |(_, at)| at.min(moment.now));
    let judged = (!corrects).then(|| ahead::as_judged(case, at, moment.now)).flatten();
    let Some(judged) = judged else {
        return change(case, action, settings, problems);
    };
    let mut found = Vec::new();
    change(&judged, action, settings, &mut found);
    if case.received.at.0 > moment.now {
        found.retain(|problem| problem.fault != Fault::Invalid(BEFORE_RECEIPT.to_owned()));
    }
    problems.extend(found);
    change(case, action, settings, &mut Vec::new())
}

/// Does one action to an existing case, checking its rules; `None` where it cannot be done at all.
fn change(case: &Case, action: &Action, settings: &Settings, problems: &mut Vec<Problem>) -> Option<Case> {
    let wrong_stage = at_stage(case, action.kind());
    if !wrong_stage.is_empty() {
        problems.extend(wrong_stage);
        return None;
    }
    problems.extend(closing::just_left(case, action));
    let mut new = case.clone();
    match action {
        Action::New(..) | Action::Import(..) => {
            problems.push(Problem::rule("reference", "X1", "there is a case of that reference already"));
        }
        Action::Check(check) => {
            problems.extend(checks::check(check, settings));
            new.checks.push(check.clone());
        }
        Action::Screen(screening) => {
            if case.screening.is_some() {
                let what = "the screening is recorded already; `correct` with the path `stage` sends the case back to it";
                problems.push(Problem::rule("screening", "S1", what));
            }
            if screening.within_scheme {
                problems.extend(checks::initial_checks_missing(case, screening.at.0, settings));
            }
            problems.extend(rules::screening(case, screening));
            new.screening = Some(screening.clone());
        }
        Action::Interview(interview) => {
            problems.extend(rules::interview(case, interview, settings));
            new.interview = Some(interview.clone());
        }
        Action::Assess(assessment) => {
            problems.extend(checks::full_checks_missing(case, assessment.at.0, settings));
            problems.extend(rules::assessment(case, assessment));
            new.assessment = Some(assessment.clone());
        }
        Action::Decide(decision) => {
            problems.extend(outcome::decision(case, decision, settings));
            new.decision = Some((**decision).clone());
        }
        Action::Disclose(disclosure) => {
            problems.extend(outcome::disclosure(case, disclosure, settings));
            problems.extend(checks::stale_checks(case, disclosure.at.0, settings));
            new.disclosures.push((**disclosure).clone());
        }
        Action::Inform(informed) => {
            problems.extend(outcome::informed_once(case));
            problems.extend(outcome::informed(case, informed));
            problems.extend(rules::safe_way("informed.method", informed.method, case));
            new.informed = Some(informed.clone());
        }
        Action::Close(closure) => {
            problems.extend(closing::closure(case, closure));
            if let Some(telling) = &closure.applicant_told {
                problems.extend(rules::told("closure.applicant_told", telling, case, closure.at.0));
            }
            new.closure = Some(closure.clone());
        }
        Action::Urgent(urgent) => new.urgent.push(urgent.clone()),
        Action::Refer(referral) => {
            problems.extend(rules::agency("referral.to", &referral.to, settings));
            new.referrals.push(referral.clone());
        }
        Action::Extend(extension) => {
            problems.extend(rules::extension(case, extension, settings));
            new.extensions.push(extension.clone());
        }
        Action::Contact(contact) => {
            problems.extend(rules::contact(case, contact));
            new.contacts.push(contact.clone());
        }
        Action::Note(note) => new.notes.push(note.clone()),
        Action::Withdraw(withdrawal) => {
            problems.extend(closing::withdrawal(case, withdrawal));
            new.withdrawal = Some(withdrawal.clone());
        }
        Action::Reroute(rerouting) => {
            problems.extend(closing::rerouting(case, rerouting));
            let (before, after) = (Some(Route::RightToAsk), Some(Route::RightToKnow));
            new.rerouted.push(Rerouting { route_before: before, route_after: after, ..rerouting.clone() });
            new.route = Route::RightToKnow;
        }
        Action::Assign(assignment) => {
            if case.owner.as_ref() == Some(&assignment.owner) {
                problems.push(Problem::invalid("owner", "looks after it already"));
            }
            new.owner = Some(assignment.owner.clone());
        }
        Action::Link(link) => {
            problems.extend(rules::link(case, link));
            new.links.push(link.clone());
        }
        Action::Letter(letters) => {
            for letter in letters {
                problems.extend(guards::letter(&new, letter, settings));
                new.letters.push(letter.clone());
            }
        }
        Action::Sent(dispatch) => {
            problems.extend(guards::sent(case, dispatch));
            let Dispatch { by, recorded_by, at, late, .. } = dispatch.clone();
            let sending = Sending { by, recorded_by, at, late };
            let letter = new.letters.iter_mut().find(|letter| letter.id == dispatch.letter.0);
            letter.into_iter().for_each(|letter| letter.sent = Some(sending.clone()));
        }
        Action::Reopen(reopening) => {
            problems.extend(closing::reopening(case, reopening));
            closing::set_aside(&mut new, reopening);
        }
        Action::Correct(correction) => new = changing::correct(case, correction, settings, problems)?,
        Action::Edit(edited, reason, ids) => {
            new = changing::edit(case, edited, reason.as_ref(), ids, settings, problems)?;
        }
    }
    problems.extend(consistency::ids(&new));
    Some(new)
}

/// S1: which stages an action belongs to.
fn at_stage(case: &Case, kind: ActionKind) -> Vec<Problem> {
    use ActionKind as A;
    let fits = match kind {
        A::Check => case.stage < Stage::Closed,
        A::Screen => case.stage == Stage::InitialChecks,
        A::Interview => case.stage == Stage::Interview,
        A::Assess => case.stage == Stage::Assessment,
        A::Decide => case.stage == Stage::Decision,
        A::Disclose | A::Inform => case.stage == Stage::Outcome,
        A::Close | A::Extend | A::Withdraw | A::Reroute | A::Assign => case.stage < Stage::Closed,
        A::Reopen => case.stage == Stage::Closed,
        _ => true,
    };
    if fits {
        return Vec::new();
    }
    let what =
        format!("the case is at stage {}: it is not the time to {}", case.stage.word(), kind.meaning());
    vec![Problem::rule("stage", "S1", what)]
}

/// The case with what follows from its records: its stage (S1, T2), which is left as soon as its record stands, and the
/// format of its file.
fn settled(mut case: Case) -> Case {
    case.stage = stage_of(&case);
    in_oldest_format(case)
}

/// S1, T2: the stage that follows from what is recorded.
pub fn stage_of(case: &Case) -> Stage {
    if case.closure.is_some() { Stage::Closed } else { closing::reached(case) }
}

/// The case in the oldest format that can hold it: one that uses nothing newer stays as older versions wrote it.
fn in_oldest_format(mut case: Case) -> Case {
    case.format = Part::format(&case);
    case
}
