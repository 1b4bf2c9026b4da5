//! The one door: every change to a case is an [`Action`] through [`apply`], whichever way it came.
//!
//! `apply` is pure: a case and an action in, the case as it then stands or a [`Refusal`] that names everything that is
//! wrong out. What each record must hold stands in [`rules`], how a case ends in [`closing`], changed facts in
//! [`changing`], what must be true of any case at any time in [`consistency`].

pub mod changing;
pub mod closing;
pub mod consistency;
pub mod outcome;
pub mod rules;

#[cfg(test)]
mod tests;

use super::action::{Action, ActionKind};
use super::case::*;
use super::record::{Fault, Problem};
use super::scalars::PersonId;
use super::settings::{Role, Settings};
use super::time::Instant;
use crate::error::{Error, Kind};

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
                Error::new(Kind::Refused, format!("the scheme's rules refuse it: cannot {}", kind.meaning()))
                    .hint("nothing was changed; `csods show` says what the case needs next")
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
    let mut problems = when(case, action, moment);
    let result = match (case, action) {
        (None, Action::New(reference, opening)) => rules::open(reference, opening, settings, &mut problems),
        // A file that somebody put there by hand, or whose committed state cannot be read.
        (None, Action::Edit(edited, ..)) => {
            problems.extend(consistency::check(edited, settings));
            return if problems.is_empty() {
                Ok((**edited).clone())
            } else {
                Err(Refusal::Problems(problems))
            };
        }
        (Some(case), action) => change(case, action, moment, settings, &mut problems),
        (None, _) => {
            problems.push(Problem::rule("", "S1", "there is no such case yet"));
            None
        }
    };
    match result {
        Some(case) if problems.is_empty() => Ok(settled(case)),
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
        && let Some(assessor) = assessor(case).filter(|assessor| *assessor == actor)
    {
        return Err(assessor_decides(assessor));
    }
    if problems.is_empty() { Ok(()) } else { Err(Refusal::Problems(problems)) }
}

/// The role by which `actor` may do `kind`, for the commit's trailer; `None` where no role of theirs may.
pub fn role_for(actor: &PersonId, kind: ActionKind, settings: &Settings) -> Option<Role> {
    let person = settings.person(actor).filter(|person| person.ended.is_none())?;
    settings.permitted(kind).into_iter().find(|role| person.roles.contains(role))
}

/// R3: the actor, and whoever the record says did it, hold a role that may; R4: who assessed never decides.
fn permitted(
    case: Option<&Case>,
    action: &Action,
    moment: &Moment,
    settings: &Settings,
) -> Result<(), Refusal> {
    let kind = action.kind();
    if role_for(&moment.actor, kind, settings).is_none() {
        return Err(Refusal::NotPermitted(may_not(&moment.actor, kind, settings)));
    }
    if let Some((by, _)) = action.done()
        && let Some(person) = settings.person(by)
        && !settings.permitted(kind).iter().any(|role| person.roles.contains(role))
    {
        return Err(Refusal::NotPermitted(may_not(by, kind, settings)));
    }
    let decides = match action {
        Action::Decide(decision) => Some(&decision.by.0),
        Action::Correct(correction) if correction.path.as_str().starts_with("decision") => {
            Some(&moment.actor)
        }
        _ => None,
    };
    if let (Some(decides), Some(assessor)) = (decides, assessor(case))
        && (decides == assessor || moment.actor == *assessor)
    {
        return Err(assessor_decides(assessor));
    }
    if matches!(action, Action::Correct(correction) if correction.path.as_str().starts_with("decision"))
        && role_for(&moment.actor, ActionKind::Decide, settings).is_none()
    {
        return Err(Refusal::NotPermitted(may_not(&moment.actor, ActionKind::Decide, settings)));
    }
    Ok(())
}

/// Who wrote the assessment.
fn assessor(case: Option<&Case>) -> Option<&PersonId> {
    case?.assessment.as_ref().map(|assessment| &assessment.by.0)
}

fn assessor_decides(assessor: &PersonId) -> Refusal {
    let why = format!("{assessor} wrote the assessment and may not decide, nor record the decision (R4)");
    Refusal::NotPermitted(why)
}

fn may_not(person: &PersonId, kind: ActionKind, settings: &Settings) -> String {
    let roles: Vec<&str> = settings.permitted(kind).iter().map(|role| role.word()).collect();
    format!("{person} may not {} (R3): that takes one of these roles: {}", kind.meaning(), roles.join(", "))
}

/// A stated moment lies neither before receipt nor in the future.
fn when(case: Option<&Case>, action: &Action, moment: &Moment) -> Vec<Problem> {
    let Some((_, at)) = action.done() else {
        return Vec::new();
    };
    let path = match action {
        Action::New(..) => "received.at".to_owned(),
        _ => format!("{}.at", action.kind().place()),
    };
    if at > moment.now {
        return vec![Problem::invalid(path.as_str(), "lies in the future")];
    }
    match case {
        Some(case) if at < case.received.at.0 => {
            vec![Problem::invalid(path.as_str(), "lies before the application was received")]
        }
        _ => Vec::new(),
    }
}

/// Does one action to an existing case, checking its rules; `None` where it cannot be done at all.
fn change(
    case: &Case,
    action: &Action,
    moment: &Moment,
    settings: &Settings,
    problems: &mut Vec<Problem>,
) -> Option<Case> {
    problems.extend(at_stage(case, action.kind()));
    if !problems.is_empty() {
        return None;
    }
    let mut new = case.clone();
    match action {
        Action::New(..) => {
            problems.push(Problem::rule("reference", "X1", "there is a case of that reference already"));
        }
        Action::Check(check) => {
            problems.extend(rules::check(check, settings));
            new.checks.push(check.clone());
        }
        Action::Screen(screening) => {
            problems.extend(rules::screening(case, screening, settings));
            new.screening = Some(screening.clone());
        }
        Action::Interview(interview) => {
            problems.extend(rules::interview(case, interview, settings));
            new.interview = Some(interview.clone());
        }
        Action::Assess(assessment) => {
            problems.extend(rules::assessment(case, assessment, settings));
            new.assessment = Some(assessment.clone());
        }
        Action::Decide(decision) => {
            problems.extend(outcome::decision(case, decision, settings));
            new.decision = Some((**decision).clone());
        }
        Action::Disclose(disclosure) => {
            problems.extend(outcome::disclosure(case, disclosure, settings));
            new.disclosures.push((**disclosure).clone());
        }
        Action::Inform(informed) => {
            problems.extend(outcome::informed(case, informed));
            new.informed = Some(informed.clone());
        }
        Action::Close(closure) => {
            problems.extend(closing::closure(case, closure));
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
            problems.extend(closing::withdrawal(case));
            new.withdrawal = Some(withdrawal.clone());
        }
        Action::Reroute(rerouting) => {
            problems.extend(closing::rerouting(case));
            let (before, after) = (Some(Route::RightToAsk), Some(Route::RightToKnow));
            new.rerouted.push(Rerouting { route_before: before, route_after: after, ..rerouting.clone() });
            new.route = Route::RightToKnow;
        }
        Action::Assign(assignment) => {
            problems.extend(rules::owner("owner", &assignment.owner, settings));
            new.owner = Some(assignment.owner.clone());
        }
        Action::Link(link) => {
            problems.extend(rules::link(case, link));
            new.links.push(link.clone());
        }
        Action::Reopen(reopening) => {
            problems.extend(closing::reopening(case, reopening));
            closing::set_aside(&mut new, reopening);
        }
        Action::Correct(correction) => return changing::correct(case, correction, settings, problems),
        Action::Edit(edited, reason, ids) => {
            return changing::edit(case, edited, reason, ids, settings, problems);
        }
    }
    problems.extend(consistency::ids(&new));
    problems.extend(rules::stated_people(action, moment, settings));
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

/// S1, T2: the stage that follows from what is recorded. A stage is left as soon as its record stands.
fn settled(mut case: Case) -> Case {
    loop {
        let next = match case.stage {
            _ if case.closure.is_some() => Stage::Closed,
            Stage::InitialChecks if case.screening.as_ref().is_some_and(|record| record.within_scheme) => {
                Stage::Interview
            }
            Stage::Interview if case.route == Route::RightToKnow || case.interview.is_some() => {
                Stage::Assessment
            }
            Stage::Assessment if case.assessment.is_some() => Stage::Decision,
            Stage::Decision if case.decision.is_some() => Stage::Outcome,
            stage => stage,
        };
        if next == case.stage {
            return case;
        }
        case.stage = next;
    }
}
