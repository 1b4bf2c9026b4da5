//! How a case ends, how an applicant leaves it, and how it is opened again.

use super::importing;
use super::outcome::{complete_at, outstanding};
use super::rules::{applicant_gone, not_before, to_applicant};
use crate::domain::action::Action;
use crate::domain::case::*;
use crate::domain::clocks::ClockName;
use crate::domain::record::Problem;
use crate::domain::time::Instant;

/// O6, S5, S6, S7: every ending and what it takes.
pub fn closure(case: &Case, closure: &Closure) -> Vec<Problem> {
    use ClosureReason as R;
    if case.closed_before_import().is_some() {
        let follows = importing::closure(case, closure).into_iter();
        return follows.chain(not_before("closure.at", closure.at.0, last_record(case))).collect();
    }
    let mut problems = match closure.reason {
        R::Disclosed => decided(case, &[DecisionOutcome::Disclose]),
        R::DisclosedOther => decided(case, &[DecisionOutcome::DiscloseOther]),
        R::NotDisclosed if nobody_took_it(case) => outstanding(case),
        R::NotDisclosed => decided(case, &[DecisionOutcome::DoNotDisclose]),
        R::NothingToDisclose => decided(case, &[DecisionOutcome::NothingToDisclose]),
        R::Withdrawn => left(case, Departure::Withdrawn),
        R::ApplicantUnreachable => left(case, Departure::Unreachable),
        R::SafeguardingAction => safeguarded(case),
        _ => early(case, closure),
    };
    if matches!(closure.reason, R::Disclosed | R::DisclosedOther) && nobody_took_it(case) {
        let what = "nothing was disclosed to any recipient: the reason is `not_disclosed`";
        problems.push(Problem::rule("closure.reason", "O6", what));
    }
    let in_words =
        !matches!(closure.reason, R::Disclosed | R::DisclosedOther | R::NotDisclosed | R::NothingToDisclose);
    if in_words && closure.note.is_none() {
        problems.push(Problem::missing("closure.note"));
    }
    if case.screening.is_none() {
        problems.push(Problem::rule("screening", "S2", "the screening is missing; see `csods screen`"));
    }
    if needs_no_risk(case, closure) && closure.no_child_at_risk.is_none() {
        problems.push(Problem::missing("closure.no_child_at_risk"));
    }
    problems.extend(not_before("closure.at", closure.at.0, last_record(case)));
    problems
}

/// S5, S6: whether the ending takes a supervisor's recorded reason that no child is at risk. It does where there is no
/// assessment, but for the early endings that the screening itself leads to, and where safeguarding action dealt with
/// the risk while the applicant had not left.
pub fn needs_no_risk(case: &Case, closure: &Closure) -> bool {
    let from_screening = closure.reason.is_early() && reached(case) == Stage::InitialChecks;
    let safeguarded = closure.reason == ClosureReason::SafeguardingAction && case.withdrawal.is_none();
    case.assessment.is_none() && !from_screening && !safeguarded
}

/// The stage that the records have reached, the closure left aside.
pub fn reached(case: &Case) -> Stage {
    let asks = case.route == Route::RightToAsk;
    if !case.screening.as_ref().is_some_and(|record| record.within_scheme) {
        Stage::InitialChecks
    } else if asks && case.interview.is_none() {
        Stage::Interview
    } else if case.assessment.is_none() {
        Stage::Assessment
    } else if case.decision.is_none() {
        Stage::Decision
    } else {
        Stage::Outcome
    }
}

/// When what a clock is for was done: the initial checks with the screening, the interview when it was held, the whole
/// case when everybody had been told (C2); of an imported case, when the old system says so.
pub fn met_at(case: &Case, clock: ClockName) -> Option<Instant> {
    // C6: what was done in time once stays done in time, also where the case went back and its record was set aside.
    let aside = case.reopened.iter().filter_map(|reopening| reopening.set_aside.as_ref());
    let elsewhere = case.imported.as_ref();
    match clock {
        ClockName::InitialChecks => {
            let earlier = aside.filter_map(|aside| aside.screening.as_ref());
            let met = earlier.chain(&case.screening).map(|screening| screening.at.0).min();
            met.or_else(|| elsewhere?.screened_at)
        }
        ClockName::Interview => {
            let earlier = aside.filter_map(|aside| aside.interview.as_ref());
            let met = earlier.chain(&case.interview).map(|interview| interview.at.0).min();
            met.or_else(|| elsewhere?.interviewed_at)
        }
        ClockName::Whole => complete_at(case).or_else(|| case.closed_before_import()?.told_at),
    }
}

/// The four endings that follow from a decision, once everybody has been told.
fn decided(case: &Case, outcomes: &[DecisionOutcome]) -> Vec<Problem> {
    match &case.decision {
        Some(decision) if outcomes.contains(&decision.outcome) => outstanding(case),
        Some(_) => vec![Problem::rule("closure.reason", "O6", "does not follow from the decision")],
        None => vec![Problem::rule("closure.reason", "S1", "there is no decision yet")],
    }
}

/// Whether it was decided to disclose, and every recipient refused the undertaking and was not told.
fn nobody_took_it(case: &Case) -> bool {
    let refused =
        |disclosure: &Disclosure| disclosure.undertaking.result == UndertakingResult::RefusedNotDisclosed;
    case.decision.as_ref().is_some_and(|decision| decision.outcome.is_disclosure())
        && !case.disclosures.is_empty()
        && case.disclosures.iter().all(refused)
}

/// S5: the applicant left in this way; and what was decided to be disclosed has been.
fn left(case: &Case, how: Departure) -> Vec<Problem> {
    let mut problems = Vec::new();
    if case.withdrawal.as_ref().is_none_or(|withdrawal| withdrawal.how != how) {
        let what = format!("it is not recorded that the applicant is {}; see `csods withdraw`", how.word());
        problems.push(Problem::rule("withdrawal", "S5", what));
    }
    problems.extend(undisclosed(case));
    problems
}

/// O6: safeguarding action took the place of the scheme: what was done is recorded.
fn safeguarded(case: &Case) -> Vec<Problem> {
    if case.urgent.is_empty() && case.referrals.is_empty() {
        let what = "no urgent action and no referral is recorded; see `csods urgent` and `csods refer`";
        return vec![Problem::rule("closure.reason", "S4", what)];
    }
    undisclosed(case)
}

/// O4, S1: a decision to disclose is carried out, or taken back by sending the case back to it; no ending passes it over.
fn undisclosed(case: &Case) -> Vec<Problem> {
    let to_disclose = case.decision.as_ref().is_some_and(|decision| decision.outcome.is_disclosure());
    if to_disclose { outstanding(case) } else { Vec::new() }
}

/// S6: the early endings. From the screening they need it to say that the application is outside the scheme.
fn early(case: &Case, closure: &Closure) -> Vec<Problem> {
    let mut problems = Vec::new();
    if case.decision.is_some() {
        let what = "a decision stands: the case ends as it was decided";
        problems.push(Problem::rule("closure.reason", "S6", what));
    }
    if closure.done_instead.is_none() {
        problems.push(Problem::missing("closure.done_instead"));
    }
    let can_be_told = applicant_gone("", case, closure.at.0).is_none() && case.withdrawal.is_none();
    if can_be_told && closure.applicant_told.is_none() {
        problems.push(Problem::missing("closure.applicant_told"));
    }
    problems
}

/// When the last of the stages' records was made.
fn last_record(case: &Case) -> Option<Instant> {
    let records = [
        case.screening.as_ref().map(|record| record.at.0),
        case.interview.as_ref().map(|record| record.at.0),
        case.assessment.as_ref().map(|record| record.at.0),
        case.decision.as_ref().map(|record| record.at.0),
        case.disclosures.iter().map(|record| record.at.0).max(),
        case.informed.as_ref().map(|record| record.at.0),
    ];
    records.into_iter().flatten().max()
}

/// S5: there is an applicant who has not left already, and with whom nobody spoke afterwards.
pub fn withdrawal(case: &Case, withdrawal: &Withdrawal) -> Vec<Problem> {
    if case.route == Route::RightToKnow || case.applicant.is_none() {
        return vec![Problem::rule("route", "T2", "there is no applicant who could leave")];
    }
    if case.withdrawal.is_some() {
        return vec![Problem::rule("withdrawal", "S5", "that the applicant left is recorded already")];
    }
    let told_applicant = |disclosure: &&Disclosure| is_applicant(case, disclosure);
    let spoken = [
        case.interview.as_ref().map(|record| record.at.0),
        case.informed.as_ref().map(|record| record.at.0),
        case.disclosures.iter().filter(told_applicant).map(|record| record.at.0).max(),
    ];
    let earlier = spoken.into_iter().flatten().any(|spoken| withdrawal.at.0 < spoken);
    let what = "lies before the applicant was last spoken to (S5)";
    earlier.then(|| Problem::invalid("withdrawal.at", what)).into_iter().collect()
}

/// Whether a disclosure is one to the applicant.
fn is_applicant(case: &Case, disclosure: &Disclosure) -> bool {
    let recipients = case.decision.iter().flat_map(|decision| &decision.recipients);
    let mut applicants = recipients.filter(|recipient| recipient.role == RecipientRole::Applicant);
    applicants.any(|recipient| recipient.id == disclosure.recipient.0)
}

/// S5: what is done in the very second in which the applicant left, but after it was recorded, comes after it. Of a
/// stored case that cannot be said any more, so it is asked here alone.
pub fn just_left(case: &Case, action: &Action) -> Option<Problem> {
    let (_, at) = action.done()?;
    case.withdrawal.as_ref().filter(|gone| gone.at.0 == at)?;
    let with_applicant = match action {
        Action::Interview(_) | Action::Inform(_) => true,
        Action::Decide(decision) => {
            decision.recipients.iter().any(|recipient| recipient.role == RecipientRole::Applicant)
        }
        Action::Disclose(disclosure) => is_applicant(case, disclosure),
        Action::Contact(contact) => to_applicant(contact),
        Action::Extend(extension) => extension.applicant_told.told,
        Action::Close(closure) => closure.applicant_told.as_ref().is_some_and(|telling| telling.told),
        _ => false,
    };
    let what = "the applicant left: contact with them has stopped";
    with_applicant.then(|| Problem::rule("withdrawal", "S5", what))
}

/// T3: only where the applicant withdrew or cannot be reached, and once.
pub fn rerouting(case: &Case, rerouting: &Rerouting) -> Vec<Problem> {
    if case.route == Route::RightToKnow {
        return vec![Problem::rule("route", "T3", "the case is on the right-to-know route already")];
    }
    after_departure(case, "rerouting.at", rerouting).into_iter().collect()
}

/// T3: a case goes on without its applicant only once it is recorded that they left; the problem lies at `path` where
/// they left later.
pub fn after_departure(case: &Case, path: &str, rerouting: &Rerouting) -> Option<Problem> {
    let Some(withdrawal) = &case.withdrawal else {
        let what = "it is not recorded that the applicant left; see `csods withdraw`";
        return Some(Problem::rule("withdrawal", "T3", what));
    };
    let earlier = rerouting.at.0 < withdrawal.at.0;
    let what = "the case went on without the applicant before they left (T3)";
    earlier.then(|| Problem::invalid(path, what))
}

/// S1: a case is reopened at a stage that its route has and that it had reached.
pub fn reopening(case: &Case, reopening: &Reopening) -> Vec<Problem> {
    let mut problems = Vec::new();
    problems.extend(returns_to(case, reopening.to).map(|what| Problem::rule("reopening.to", "S1", what)));
    let closed = case.closure.as_ref().map(|closure| closure.at.0);
    problems.extend(not_before("reopening.at", reopening.at.0, closed));
    problems
}

/// What stands against going back to `stage`.
pub fn returns_to(case: &Case, stage: Stage) -> Option<&'static str> {
    let reached = match stage {
        Stage::InitialChecks => true,
        Stage::Interview if case.route == Route::RightToKnow => {
            return Some("a right-to-know case has no interview");
        }
        Stage::Interview => case.screening.as_ref().is_some_and(|record| record.within_scheme),
        Stage::Assessment => {
            case.screening.as_ref().is_some_and(|record| record.within_scheme)
                && (case.interview.is_some() || case.route == Route::RightToKnow)
        }
        Stage::Decision => case.assessment.is_some(),
        Stage::Outcome => case.decision.is_some(),
        Stage::Closed => return Some("is not a stage that work begins at"),
    };
    (!reached).then_some("the case had not reached that stage")
}

/// Goes back to the stage: what was recorded from it on is set aside, and stays in the file.
pub fn set_aside(case: &mut Case, reopening: &Reopening) {
    let to = reopening.to;
    let mut aside = SetAside {
        screening: None,
        interview: None,
        assessment: None,
        decision: None,
        disclosures: Vec::new(),
        informed: None,
        closure: case.closure.take(),
    };
    if to <= Stage::InitialChecks {
        aside.screening = case.screening.take();
    }
    if to <= Stage::Interview {
        aside.interview = case.interview.take();
    }
    if to <= Stage::Assessment {
        aside.assessment = case.assessment.take();
    }
    if to <= Stage::Decision {
        aside.decision = case.decision.take();
        aside.disclosures = std::mem::take(&mut case.disclosures);
        aside.informed = case.informed.take();
    }
    case.stage = to;
    case.reopened.push(Reopening { set_aside: Some(aside), ..reopening.clone() });
}
