//! The decision and what follows from it: disclosure, or telling the applicant there is nothing to disclose.

use super::ahead::BEFORE_RECEIPT;
use super::rules::{agency, applicant_gone, named, not_before};
use crate::domain::case::*;
use crate::domain::node::Path;
use crate::domain::record::Problem;
use crate::domain::settings::Settings;
use crate::domain::time::Instant;

/// D1-D5, O1: the decision. Its three tests are required by its form; nothing is presumed.
pub fn decision(case: &Case, decision: &Decision, settings: &Settings) -> Vec<Problem> {
    let mut problems = Vec::new();
    let outcome = decision.outcome;
    if outcome != DecisionOutcome::NothingToDisclose {
        match &decision.representations {
            None => problems.push(Problem::missing("decision.representations")),
            Some(representations) => {
                problems.extend(representations_complete(representations));
                let decided = settings.zone().day(decision.at.0);
                let path = "decision.representations.sought_on";
                if representations.sought_on.is_some_and(|day| day > decided) {
                    problems.push(Problem::invalid(path, "lies after the decision"));
                }
                let received = settings.zone().day(case.received.at.0);
                if representations.sought_on.is_some_and(|day| day < received) {
                    problems.push(Problem::invalid(path, BEFORE_RECEIPT));
                }
            }
        }
    }
    problems.extend(consulted(case, decision, settings));
    problems.extend(basis(case, outcome));
    if outcome.is_disclosure() {
        if decision.recipients.is_empty() {
            problems.push(Problem::missing("decision.recipients"));
        }
        let applicants = decision.recipients.iter().filter(|other| other.role == RecipientRole::Applicant);
        if applicants.count() > 1 {
            problems.push(Problem::invalid("decision.recipients", "names the applicant twice"));
        }
        for (index, recipient) in decision.recipients.iter().enumerate() {
            problems.extend(self::recipient(case, index, recipient, decision.at.0));
        }
        if decision.form_of_words.is_none() {
            problems.push(Problem::missing("decision.form_of_words"));
        }
        if decision.subject_told.is_none() {
            problems.push(Problem::missing("decision.subject_told"));
        }
    } else {
        let what = "belongs only to a decision to disclose";
        if !decision.recipients.is_empty() {
            problems.push(Problem::rule("decision.recipients", "D4", what));
        }
        if decision.form_of_words.is_some() {
            problems.push(Problem::rule("decision.form_of_words", "D4", what));
        }
    }
    let assessed = case.assessment.as_ref().map(|record| record.at.0);
    problems.extend(not_before("decision.at", decision.at.0, assessed));
    problems
}

/// D2: considered, and then either sought with what came of it, or not sought with why.
fn representations_complete(representations: &Representations) -> Vec<Problem> {
    let mut problems = Vec::new();
    if !representations.considered {
        let what = "whether to ask the subject for representations must be considered";
        problems.push(Problem::rule("decision.representations.considered", "D2", what));
    }
    let if_sought = [
        ("sought_on", representations.sought_on.is_some()),
        ("how", representations.how.is_some()),
        ("said", representations.said.is_some()),
        ("weight", representations.weight.is_some()),
    ];
    let if_not =
        [("why_not", representations.why_not.is_some()), ("reason", representations.reason.is_some())];
    let (needed, other, what) = if representations.sought {
        // The reason may be given for having asked as well.
        (&if_sought[..], &if_not[..1], "belongs only where they were not sought")
    } else {
        (&if_not[..], &if_sought[..], "belongs only where they were sought")
    };
    let path = |key: &str| Path::from("decision.representations").key(key);
    let missing = needed.iter().filter(|(_, given)| !given);
    problems.extend(missing.map(|(key, _)| Problem::missing(path(key))));
    let contrary = other.iter().filter(|(_, given)| *given);
    problems.extend(contrary.map(|(key, _)| Problem::rule(path(key), "D2", what)));
    problems
}

/// D3: children's social care was consulted, and offender management where the subject is registered.
fn consulted(case: &Case, decision: &Decision, settings: &Settings) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, consultation) in decision.consulted.iter().enumerate() {
        let path = format!("decision.consulted.{index}");
        problems.extend(agency(&format!("{path}.agency"), &consultation.agency, settings));
        if consultation.at.0 < case.received.at.0 {
            let what = BEFORE_RECEIPT;
            problems.push(Problem::invalid(format!("{path}.at").as_str(), what));
        }
        if consultation.at.0 > decision.at.0 {
            problems.push(Problem::invalid(format!("{path}.at").as_str(), "lies after the decision"));
        }
    }
    let registered = case.assessment.as_ref().is_some_and(|assessment| assessment.registered_sex_offender);
    let relevant = if registered { &settings.decision.consult_if_registered[..] } else { &[] };
    for agency in settings.decision.consult.iter().chain(relevant) {
        if !decision.consulted.iter().any(|consultation| consultation.agency == *agency) {
            let what = format!("{agency} was not consulted (D3)");
            problems.push(Problem::invalid("decision.consulted", what));
        }
    }
    problems
}

/// O1, D5: the outcome fits what the assessment found.
fn basis(case: &Case, outcome: DecisionOutcome) -> Option<Problem> {
    let assessment = case.assessment.as_ref()?;
    let what = match outcome {
        DecisionOutcome::Disclose if !assessment.convicted => {
            "`disclose` needs a conviction for child sexual offences; else it is `disclose_other`"
        }
        DecisionOutcome::NothingToDisclose if assessment.convicted || assessment.registered_sex_offender => {
            "something is held: where the tests are not met it is `do_not_disclose`"
        }
        _ => return None,
    };
    Some(Problem::rule("decision.outcome", "O1", what))
}

/// D4, R1, S7: one recipient.
fn recipient(case: &Case, index: usize, recipient: &Recipient, at: Instant) -> Vec<Problem> {
    let path = format!("decision.recipients.{index}");
    let mut problems = Vec::new();
    if recipient.role == RecipientRole::Applicant {
        problems.extend(applicant_may_be_told(&path, case, at));
    } else {
        match &recipient.name {
            Some(name) => problems.extend(named(&format!("{path}.name"), name)),
            None => problems.push(Problem::missing(format!("{path}.name").as_str())),
        }
    }
    for (position, pointer) in recipient.children.iter().enumerate() {
        if !case.children.iter().any(|child| child.id == pointer.0) {
            let path = format!("{path}.children.{position}");
            problems.push(Problem::invalid(path.as_str(), "is no child of this case"));
        }
    }
    problems
}

/// S5, S7, T2: whether anything may be disclosed to the applicant at all.
fn applicant_may_be_told(path: &str, case: &Case, at: Instant) -> Option<Problem> {
    if let Some(gone) = applicant_gone(path, case, at) {
        return Some(gone);
    }
    let interview = case.interview.as_ref()?;
    let unconfirmed = interview.identity.is_empty() || interview.identity_not_confirmed.is_some();
    let what = "the applicant's identity was not confirmed: nothing can be disclosed to them";
    unconfirmed.then(|| Problem::rule(path, "S7", what))
}

/// O3, O4, S7: a disclosure, in person, to a recipient of the decision.
pub fn disclosure(case: &Case, disclosure: &Disclosure, settings: &Settings) -> Vec<Problem> {
    let mut problems = Vec::new();
    let Some(decision) = case.decision.as_ref().filter(|decision| decision.outcome.is_disclosure()) else {
        return vec![Problem::rule("decision.outcome", "O1", "the decision is not to disclose")];
    };
    match decision.recipients.iter().find(|recipient| recipient.id == disclosure.recipient.0) {
        None => problems.push(Problem::invalid("disclosure.recipient", "is no recipient of the decision")),
        Some(recipient) => {
            if recipient.role == RecipientRole::Applicant {
                problems.extend(applicant_may_be_told("disclosure.recipient", case, disclosure.at.0));
            }
            let again = |earlier: &Disclosure| {
                earlier.id != disclosure.id && earlier.recipient == disclosure.recipient
            };
            if case.disclosures.iter().any(again) {
                let what = "the recipient's disclosure is recorded already; `correct` changes it";
                problems.push(Problem::rule("disclosure.recipient", "O4", what));
            }
        }
    }
    problems.extend(undertaking(&disclosure.undertaking));
    if disclosure.undertaking.result != UndertakingResult::RefusedNotDisclosed {
        if !disclosure.identity_checked {
            let what = "the recipient's identity must be checked before anything is disclosed";
            problems.push(Problem::rule("disclosure.identity_checked", "O4", what));
        }
        if disclosure.words_used.is_none() {
            problems.push(Problem::missing("disclosure.words_used"));
        }
        if disclosure.subject_told.is_none() {
            problems.push(Problem::missing("disclosure.subject_told"));
        }
    }
    if disclosure.follow_up < settings.zone().day(disclosure.at.0) {
        problems.push(Problem::invalid("disclosure.follow_up", "lies before the disclosure"));
    }
    problems.extend(not_before("disclosure.at", disclosure.at.0, Some(decision.at.0)));
    problems
}

/// O4: a refused undertaking needs a reason, and somebody who authorised going on or not.
fn undertaking(undertaking: &Undertaking) -> Vec<Problem> {
    let mut problems = Vec::new();
    let refused = undertaking.result != UndertakingResult::Signed;
    if refused && undertaking.reason.is_none() {
        problems.push(Problem::missing("disclosure.undertaking.reason"));
    }
    if refused && undertaking.authorised_by.is_none() {
        problems.push(Problem::missing("disclosure.undertaking.authorised_by"));
    }
    problems
}

/// O5, S5: telling the applicant how it ended.
pub fn informed(case: &Case, informed: &Informed) -> Vec<Problem> {
    let decided = case.decision.as_ref().map(|record| record.at.0);
    let gone = applicant_gone("informed", case, informed.at.0);
    gone.into_iter().chain(not_before("informed.at", informed.at.0, decided)).collect()
}

/// S1: the applicant is informed once.
pub fn informed_once(case: &Case) -> Option<Problem> {
    let what = "the applicant was informed already; `correct` changes what is recorded";
    case.informed.is_some().then(|| Problem::rule("informed", "S1", what))
}

/// What is still to be done at the outcome: recipients to tell, or the applicant to inform.
pub fn outstanding(case: &Case) -> Vec<Problem> {
    let Some(decision) = &case.decision else {
        return Vec::new();
    };
    if decision.outcome.is_disclosure() {
        let told = |recipient: &&Recipient| {
            !case.disclosures.iter().any(|disclosure| disclosure.recipient.0 == recipient.id)
        };
        let waiting = decision.recipients.iter().filter(told);
        return waiting
            .map(|recipient| {
                let what =
                    format!("the disclosure to recipient {} ({}) is missing", recipient.id, recipient.role);
                Problem::rule("disclosures", "O4", what)
            })
            .collect();
    }
    let to_inform = case.route == Route::RightToAsk && case.withdrawal.is_none() && case.informed.is_none();
    let what = "the applicant has not been informed";
    if to_inform { vec![Problem::rule("informed", "O5", what)] } else { Vec::new() }
}

/// S5: whether a disclosure is outstanding that cannot be made any more, as its recipient is the applicant, who left.
pub fn waits_for_who_left(case: &Case, now: Instant) -> bool {
    let gone = applicant_gone("", case, now).is_some();
    let recipients = case.decision.iter().flat_map(|decision| &decision.recipients);
    let mut applicants = recipients.filter(|recipient| recipient.role == RecipientRole::Applicant);
    gone && applicants.any(|applicant| case.disclosures.iter().all(|made| made.recipient.0 != applicant.id))
}

/// When the outcome was complete: the last disclosure where it was decided to disclose, or else the applicant informed;
/// `None` while something is outstanding. Whoever else is told afterwards makes nothing late (C6).
pub fn complete_at(case: &Case) -> Option<Instant> {
    let decision = case.decision.as_ref()?;
    if !outstanding(case).is_empty() {
        None
    } else if decision.outcome.is_disclosure() {
        case.disclosures.iter().map(|disclosure| disclosure.at.0).max()
    } else {
        case.informed.as_ref().map(|informed| informed.at.0)
    }
}
