//! What a case needs next, and what a person must be warned of when they look at it.

use super::action::ActionKind;
use super::case::*;
use super::letter::guards::is_applicant;
use super::letter::outgoing::{self, Addressed};
use super::record::{Fault, Problem};
use super::reference::Reference;
use super::scalars::{ItemId, PersonId};
use super::settings::Settings;
use super::story::by_whom;
use super::time::Instant;
use super::workflow::{assessors, checks, outcome};

/// What the case needs next.
#[derive(Debug, Clone, PartialEq)]
pub struct Next {
    /// The action; `None` where nothing is left to do.
    pub action: Option<ActionKind>,
    /// In words.
    pub why: String,
    /// Everything that must be there before the action is possible, or before the stage can be left (S2).
    pub missing: Vec<Problem>,
}

/// What the case needs next, and everything that is still missing for it.
pub fn next(case: &Case, now: Instant, settings: &Settings) -> Next {
    use ActionKind as A;
    let step = |action, why: &str, missing| Next { action, why: why.to_owned(), missing };
    if let Some(letter) = to_speak_about(case) {
        let why =
            format!("letter {letter} should not have gone out: speak with the applicant, by a safe way (A5)");
        return Next { action: Some(A::Contact), why, missing: Vec::new() };
    }
    match case.stage {
        Stage::InitialChecks if case.screening.is_some() => step(
            Some(A::Close),
            "it is outside the scheme: close it, saying what is done instead (S6)",
            Vec::new(),
        ),
        Stage::InitialChecks => {
            let missing = checks::initial_checks_missing(case, now, settings);
            match missing.is_empty() {
                true => step(Some(A::Screen), "record the screening", Vec::new()),
                false => step(Some(A::Check), "make the checks required before screening (K2)", missing),
            }
        }
        Stage::Interview if case.withdrawal.is_some() => {
            let why = "the applicant left before the interview: go on without them (T3), or close with a \
                       supervisor's reason that no child is at risk (S5)";
            step(Some(A::Reroute), why, Vec::new())
        }
        Stage::Interview => {
            step(Some(A::Interview), "meet the applicant and record the interview", Vec::new())
        }
        Stage::Assessment => {
            let missing = checks::full_checks_missing(case, now, settings);
            match missing.is_empty() {
                true => step(Some(A::Assess), "record the assessment", Vec::new()),
                false => step(Some(A::Check), "make the checks required before the assessment (K2)", missing),
            }
        }
        Stage::Decision => {
            let assessors = assessors(case);
            let by: Vec<&str> = assessors.iter().map(PersonId::as_str).collect();
            let wrote = case.assessment.iter().all(|assessment| by == [assessment.by.0.as_str()]);
            let did = if wrote { "wrote the assessment" } else { "wrote or recorded an assessment" };
            let why = format!("record the decision; not by {}, who {did} (R4)", by.join(" or "));
            Next { action: Some(A::Decide), why, missing: Vec::new() }
        }
        Stage::Outcome => at_outcome(case, now, settings),
        Stage::Closed => step(None, "nothing: the case is closed", Vec::new()),
    }
}

/// A5: the letter that went to the applicant though it was not safe, while they may be spoken with.
fn to_speak_about(case: &Case) -> Option<&ItemId> {
    let reached = |letter: &Letter| is_applicant(case, &letter.to) && case.withdrawal.is_none();
    outgoing::sent_unsafe(case)
        .into_iter()
        .map(|(letter, _)| letter)
        .find(|letter| reached(letter))
        .map(|of| &of.id)
}

fn at_outcome(case: &Case, now: Instant, settings: &Settings) -> Next {
    use ActionKind as A;
    let step = |action, why: &str, missing| Next { action: Some(action), why: why.to_owned(), missing };
    let outstanding = outcome::outstanding(case);
    if outstanding.is_empty() {
        return step(A::Close, "close the case", Vec::new());
    }
    let disclose = case.decision.as_ref().is_some_and(|decision| decision.outcome.is_disclosure());
    if !disclose {
        return step(A::Inform, "inform the applicant, by a way that is safe (O5, A1)", outstanding);
    }
    if outcome::waits_for_who_left(case, now) {
        let why = "a recipient is the applicant, who left: send the case back to the decision by `csods correct` \
                   with the path `stage` (S5)";
        return step(A::Correct, why, outstanding);
    }
    let mut stale = checks::stale_checks(case, now, settings);
    if stale.is_empty() {
        return step(A::Disclose, "disclose in person to each recipient (O3, O4)", outstanding);
    }
    stale.extend(outstanding);
    step(A::Check, "refresh the checks before disclosing (K3)", stale)
}

/// Something a person must see whenever they look at the case.
#[derive(Debug, Clone, PartialEq)]
pub struct Warning {
    /// A word for scripts.
    pub kind: &'static str,
    /// The rule it comes from.
    pub rule: &'static str,
    /// In words; never a personal fact.
    pub text: String,
}

impl Warning {
    /// In words, with its rule.
    pub fn in_full(&self) -> String {
        format!("{} ({})", self.text, self.rule)
    }
}

/// A1, A2, S3, S5, S7, K1, K3, L1: the warnings of a case, as its own file gives them.
pub fn warnings(case: &Case, now: Instant, settings: &Settings) -> Vec<Warning> {
    let mut warnings = warnings_of_its_own(case, &Addressed::default(), now, settings);
    let linked = |to: &Reference| case.links.iter().any(|link| link.to == *to);
    let looked_alike = similar_cases(&case.signals).into_iter().filter(|(to, _)| !linked(to));
    warnings.extend(looked_alike.map(|(_, text)| similar_case(text)));
    warnings
}

/// L1: that another case looks like this one.
pub fn similar_case(text: String) -> Warning {
    Warning { kind: "similar_case", rule: "L1", text }
}

/// A1, A2, A5, S3, S5, S7, K1, K3: the warnings that are not of other cases. `addressed` has the addresses of the letters
/// that were made; of a letter whose address is not there only the rest is judged.
pub fn warnings_of_its_own(
    case: &Case,
    addressed: &Addressed,
    now: Instant,
    settings: &Settings,
) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |kind, rule, text: String| warnings.push(Warning { kind, rule, text });
    if case.screening.as_ref().is_some_and(|screening| screening.immediate_risk) && case.urgent.is_empty() {
        let text = "IMMEDIATE RISK was found at the screening, and no urgent action is recorded";
        warn("immediate_risk", "S3", text.to_owned());
    }
    if let Some(last) = case.urgent.last() {
        let (count, at) = (case.urgent.len(), settings.zone().in_words(last.at.0));
        let by = by_whom(&last.by.0, last.recorded_by.as_ref(), PersonId::to_string);
        warn("urgent", "S3", format!("URGENT ACTION was taken {count} time(s), last on {at} by {by}"));
    }
    for (letter, problems) in outgoing::sent_unsafe(case) {
        let on =
            letter.sent.as_ref().map_or(String::new(), |sent| settings.zone().day(sent.at.0).to_string());
        let text =
            format!("letter {} ({}) WENT OUT on {on}: {}", letter.id, letter.kind, in_words(&problems));
        warn("sent_unsafe", "A5", text);
    }
    for (letter, problems) in outgoing::held_for_safety(case, addressed, settings) {
        let text = format!("letter {} ({}) is HELD: {}", letter.id, letter.kind, in_words(&problems));
        warn("letter_held", "A5", text);
    }
    for child in &case.children {
        for (parent, aware) in
            [("mother", child.parents_aware.mother), ("father", child.parents_aware.father)]
        {
            let state = match aware {
                Aware::Yes => continue,
                Aware::No => "DOES NOT KNOW of the application",
                Aware::Unknown => "may not know of the application",
            };
            warn("parents_not_aware", "A2", format!("the {parent} of child {} {state}", child.id));
        }
    }
    // Once the applicant left there is no safe way: see below.
    if let Some(applicant) = case.applicant.as_ref().filter(|_| case.withdrawal.is_none()) {
        let safe = &applicant.safe_contact;
        let letters = if safe.letters { "letters are safe" } else { "NO LETTERS" };
        let when = if safe.instructions.is_some() { ", see the instructions" } else { "" };
        warn("safe_contact", "A1", format!("contact the applicant by {} only; {letters}{when}", safe.method));
    }
    if let Some(gone) = &case.withdrawal {
        let text = format!("the applicant left ({}): NO CONTACT with them; the case goes on", gone.how);
        warn("withdrawn", "S5", text);
    }
    if let Some(imported) = &case.imported {
        let missing = case.not_recorded();
        if case.closed_before_import().is_some() && !missing.is_empty() {
            let text = format!("imported closed; the old system kept no record of: {}", missing.join(", "));
            warn("imported", "S2", text);
        }
        let there = imported.stage.filter(|there| *there > case.stage);
        if let (Some(there), true) = (there, case.reopened.is_empty()) {
            let text =
                format!("the old system had it at {there}; the records it brought reach {}", case.stage);
            warn("imported", "S2", text);
        }
    }
    let interview = case.interview.as_ref();
    if interview.is_some_and(|record| record.identity_not_confirmed.is_some()) {
        let text = "the applicant's identity was not confirmed: nothing can be disclosed to them";
        warn("identity_not_confirmed", "S7", text.to_owned());
    }
    if interview.is_some_and(|record| !record.genuine) {
        warn("not_genuine", "I1", "the interviewer found the concern not genuine".to_owned());
    }
    for check in case.checks.iter().filter(|check| check.result == CheckResult::NotDone) {
        if checks::latest_check(case, &check.system, now).is_some_and(|latest| latest.id == check.id) {
            warn("check_not_done", "K1", format!("the check of {} was NOT DONE", check.system));
        }
    }
    if case.stage < Stage::Closed {
        for problem in checks::stale_checks(case, now, settings) {
            // A warning bears its rule already.
            let Fault::Rule(rule, what) = problem.fault else { continue };
            warn("stale_check", rule, what);
        }
    }
    warnings
}

/// What stands against a letter, in words.
fn in_words(problems: &[Problem]) -> String {
    problems.iter().map(|problem| problem.in_words()).collect::<Vec<_>>().join("; ")
}

/// L1: each case that looked alike, with everything in which it does: `KP-25-4M1ZQM: its subject is like the applicant of
/// this case: the same name; its child ...`.
pub fn similar_cases(signals: &[Signal]) -> Vec<(&Reference, String)> {
    let mut cases: Vec<(&Reference, String)> = Vec::new();
    for signal in signals {
        match cases.iter_mut().find(|(to, _)| **to == signal.to) {
            Some((_, words)) => words.push_str(&format!("; {}", signal.in_words())),
            None => cases.push((&signal.to, format!("{}: {}", signal.to, signal.in_words()))),
        }
    }
    cases
}

#[cfg(test)]
mod tests;
