//! What the records up to the assessment must hold, and the rules of what can happen at any stage.

use super::ahead::BEFORE_RECEIPT;
use super::closing::met_at;
use crate::domain::case::*;
use crate::domain::clocks::ClockName;
use crate::domain::record::{OLDEST_FORMAT, Problem};
use crate::domain::reference::Reference;
use crate::domain::scalars::{Line, Name};
use crate::domain::settings::{List, Settings};
use crate::domain::time::Instant;

/// T1, T2, R2, C2: a new case.
pub fn open(
    reference: &Reference,
    opening: &Opening,
    settings: &Settings,
    problems: &mut Vec<Problem>,
) -> Option<Case> {
    let day = settings.zone().day(opening.received.at.0);
    let guidance = match settings.rule_set(day) {
        Ok((name, _)) => Line::new(name).ok(),
        Err(error) => {
            problems.push(error.at("received.at"));
            None
        }
    };
    let case = Case {
        format: OLDEST_FORMAT,
        reference: reference.clone(),
        former_reference: None,
        route: opening.route,
        guidance: guidance?,
        stage: Stage::InitialChecks,
        received: opening.received.clone(),
        imported: None,
        owner: opening.owner.clone(),
        applicant: opening.applicant.clone(),
        subject: opening.subject.clone(),
        children: opening.children.0.clone(),
        concern: opening.concern.clone(),
        checks: Vec::new(),
        screening: None,
        interview: None,
        assessment: None,
        decision: None,
        disclosures: Vec::new(),
        informed: None,
        closure: None,
        withdrawal: None,
        rerouted: Vec::new(),
        reopened: Vec::new(),
        urgent: Vec::new(),
        referrals: Vec::new(),
        extensions: Vec::new(),
        contacts: Vec::new(),
        notes: Vec::new(),
        links: Vec::new(),
        letters: Vec::new(),
        signals: opening.signals.clone(),
        corrections: Vec::new(),
        modeline: settings.modeline(),
    };
    problems.extend(people(&case));
    problems.extend(super::consistency::ids(&case));
    Some(case)
}

/// T1, T2, R2: who a case is about.
pub fn people(case: &Case) -> Vec<Problem> {
    let mut problems = Vec::new();
    match (case.route, &case.applicant) {
        (Route::RightToAsk, None) => problems.push(Problem::missing("applicant")),
        (Route::RightToKnow, Some(_)) if case.rerouted.is_empty() => {
            problems.push(Problem::rule("applicant", "T2", "a right-to-know case has no applicant"));
        }
        _ => {}
    }
    if let Some(applicant) = &case.applicant {
        problems.extend(named("applicant.name", &applicant.name));
    }
    match &case.subject.name {
        Some(name) => problems.extend(named("subject.name", name)),
        None if case.subject.description.is_none() => problems.push(Problem::missing("subject.name")),
        None => {}
    }
    for (index, alias) in case.subject.aliases.iter().enumerate() {
        problems.extend(named(&format!("subject.aliases.{index}"), alias));
    }
    for (index, child) in case.children.iter().enumerate() {
        problems.extend(named(&format!("children.{index}.name"), &child.name));
    }
    problems
}

/// A name has at least one of its parts.
pub fn named(path: &str, name: &PersonName) -> Option<Problem> {
    let empty = name.family.is_none() && name.given.is_none();
    empty.then(|| Problem::missing(format!("{path}.family").as_str()))
}

/// R2, S6: the screening. Within the scheme takes a named subject and a child.
pub fn screening(case: &Case, screening: &Screening) -> Vec<Problem> {
    if !screening.within_scheme {
        return Vec::new();
    }
    let mut problems = Vec::new();
    if case.subject.name.is_none() {
        let what =
            "the subject is not identified; outside the scheme, it can be closed as subject_not_identifiable";
        problems.push(Problem::rule("subject.name", "R2", what));
    }
    if case.children.is_empty() {
        let what = "no child is named; outside the scheme, it can be closed as no_specific_child";
        problems.push(Problem::rule("children", "R2", what));
    }
    problems
}

/// I1-I3, S5, S7: the interview.
pub fn interview(case: &Case, interview: &Interview, settings: &Settings) -> Vec<Problem> {
    let mut problems = Vec::new();
    if case.route == Route::RightToKnow {
        problems.push(Problem::rule("route", "T2", "a right-to-know case has no interview"));
    }
    if case.withdrawal.as_ref().is_some_and(|gone| gone.at.0 < interview.at.0) {
        problems.push(Problem::rule("withdrawal", "S5", "the applicant left: contact with them has stopped"));
    }
    for (index, identity) in interview.identity.iter().enumerate() {
        let path = format!("interview.identity.{index}");
        problems.extend(listed(&format!("{path}.kind"), &identity.kind, List::Identity, settings));
        if identity.seen_on.0 < settings.zone().day(case.received.at.0) {
            let what = BEFORE_RECEIPT;
            problems.push(Problem::invalid(format!("{path}.seen_on").as_str(), what));
        }
    }
    if interview.identity_not_confirmed.is_none() {
        if interview.identity.is_empty() {
            problems.push(Problem::missing("interview.identity"));
        }
        if interview.address_proof.is_none() {
            problems.push(Problem::missing("interview.address_proof"));
        }
    }
    if let Some(proof) = &interview.address_proof {
        problems.extend(listed("interview.address_proof", proof, List::Identity, settings));
    }
    let proof = &interview.relationship_proof;
    problems.extend(listed("interview.relationship_proof", proof, List::Relationship, settings));
    let must = [
        (
            interview.warnings.information_sharing,
            "warnings.information_sharing",
            "I1",
            "this warning must be given",
        ),
        (
            interview.warnings.false_information,
            "warnings.false_information",
            "I1",
            "this warning must be given",
        ),
        (interview.warnings.confidentiality, "warnings.confidentiality", "I1", "this warning must be given"),
        (interview.pack_given, "pack_given", "I1", "the advice pack must be given"),
        (
            interview.nothing_disclosed,
            "nothing_disclosed",
            "I2",
            "nothing about the subject is said at the interview",
        ),
    ];
    let unmet = must.into_iter().filter(|(done, ..)| !done);
    problems.extend(
        unmet.map(|(_, path, rule, what)| Problem::rule(format!("interview.{path}").as_str(), rule, what)),
    );
    problems.extend(not_before(
        "interview.at",
        interview.at.0,
        case.screening.as_ref().map(|record| record.at.0),
    ));
    problems
}

/// S1: the assessment comes after the interview.
pub fn assessment(case: &Case, assessment: &Assessment) -> Vec<Problem> {
    let before = [
        case.screening.as_ref().map(|record| record.at.0),
        case.interview.as_ref().map(|record| record.at.0),
    ];
    not_before("assessment.at", assessment.at.0, before.into_iter().flatten().max()).into_iter().collect()
}

/// S1: the records of the stages stand in the order of time.
pub fn not_before(path: &str, at: Instant, earlier: Option<Instant>) -> Option<Problem> {
    let wrong = earlier.is_some_and(|earlier| at < earlier);
    wrong.then(|| Problem::invalid(path, "lies before the stage that comes first (S1)"))
}

/// C5, C7: an extension moves the date of a clock that still runs on, with somebody who may authorise it, and says
/// whether the applicant was told.
pub fn extension(case: &Case, extension: &Extension, settings: &Settings) -> Vec<Problem> {
    let mut problems = extended(case, extension, settings);
    problems.extend(told("extension.applicant_told", &extension.applicant_told, case, extension.at.0));
    if extension.clock == ClockName::Interview && case.route == Route::RightToKnow {
        problems.push(Problem::rule("extension.clock", "T2", "a right-to-know case has no interview"));
    }
    if met_at(case, extension.clock).is_some_and(|met| met < extension.at.0) {
        let what = "is met already: a clock is extended while it runs";
        problems.push(Problem::rule("extension.clock", "C5", what));
    }
    let earlier = case.extensions.iter().filter(|earlier| earlier.clock == extension.clock);
    if earlier.clone().any(|earlier| extension.until <= earlier.until) {
        problems.push(Problem::rule("extension.until", "C5", "must be later than the extension before it"));
    }
    if earlier.into_iter().any(|earlier| extension.at.0 < earlier.at.0) {
        problems.push(Problem::invalid("extension.at", "lies before the extension before it (C5)"));
    }
    problems
}

/// C5, C7: what is true of an extension at any time: it reaches beyond the original date.
pub fn extended(case: &Case, extension: &Extension, settings: &Settings) -> Vec<Problem> {
    let mut problems = Vec::new();
    match settings.last_day(case, extension.clock) {
        Ok(original) if extension.until <= original => {
            let what = "must be later than the original due day";
            problems.push(Problem::rule("extension.until", "C5", what));
        }
        Ok(_) => {}
        Err(error) => problems.push(error.at("extension.clock")),
    }
    problems
}

/// C5, S6, A1: told how, by a safe way, or why not.
pub fn told(path: &str, told: &Told, case: &Case, at: Instant) -> Vec<Problem> {
    let mut problems = Vec::new();
    match (told.told, told.method) {
        (true, Some(method)) => problems.extend(safe_way(&format!("{path}.method"), method, case)),
        (true, None) => problems.push(Problem::missing(format!("{path}.method").as_str())),
        (false, _) if told.reason.is_none() => {
            problems.push(Problem::missing(format!("{path}.reason").as_str()));
        }
        (false, _) => {}
    }
    if told.told {
        problems.extend(applicant_gone(path, case, at));
    }
    problems
}

/// T2, T3, S5: why there is no applicant to write to any more, whenever they left; `None` where there is one.
pub fn applicant_gone_by_now(path: &str, case: &Case) -> Option<Problem> {
    let departures = case.withdrawal.iter().map(|gone| gone.at.0);
    let last = departures.chain(case.rerouted.iter().map(|rerouting| rerouting.at.0)).max();
    applicant_gone(path, case, last.map_or(case.received.at.0, |last| last.plus_seconds(1)))
}

/// T2, T3, S5: why there was no applicant to speak to at `at`; `None` where there was one. Told by the time of what was
/// done, so that an applicant who leaves later makes nothing wrong that came before.
pub fn applicant_gone(path: &str, case: &Case, at: Instant) -> Option<Problem> {
    let left = case.withdrawal.as_ref().is_some_and(|gone| gone.at.0 < at);
    if left {
        return Some(Problem::rule(path, "S5", "the applicant left: contact with them has stopped"));
    }
    let asks = match case.rerouted.first() {
        Some(rerouting) => at <= rerouting.at.0,
        None => case.route == Route::RightToAsk,
    };
    let gone = case.applicant.is_none() || !asks;
    gone.then(|| Problem::rule(path, "T2", "there is no applicant to tell"))
}

/// A1: the applicant is told only by the way they said is safe, in person, or by letter where letters are.
pub fn safe_way(path: &str, method: Method, case: &Case) -> Option<Problem> {
    let safe = &case.applicant.as_ref()?.safe_contact;
    let fits = match method {
        Method::Letter => safe.letters,
        Method::InPerson => true,
        other => other == safe.method,
    };
    let what = "the applicant has not said that this way is safe";
    (!fits).then(|| Problem::rule(path, "A1", what))
}

/// S5: after the applicant left, nobody contacts them.
pub fn contact(case: &Case, contact: &Contact) -> Vec<Problem> {
    let after = case.withdrawal.as_ref().is_some_and(|gone| contact.at.0 > gone.at.0);
    if to_applicant(contact) && after {
        let what = "the applicant left: contact with them has stopped";
        return vec![Problem::rule("contact.direction", "S5", what)];
    }
    Vec::new()
}

/// Whether it was the office that contacted the applicant, or tried to.
pub fn to_applicant(contact: &Contact) -> bool {
    contact.with == ContactWith::Applicant && contact.direction != Direction::Inbound
}

/// L1: a link goes to another case, once.
pub fn link(case: &Case, link: &Link) -> Vec<Problem> {
    if link.to == case.reference {
        return vec![Problem::rule("link.to", "L1", "a case is not linked to itself")];
    }
    if case.links.iter().any(|earlier| earlier.to == link.to) {
        return vec![Problem::rule("link.to", "L1", "the two cases are linked already")];
    }
    Vec::new()
}

/// The agencies are the ones in the settings.
pub fn agency(path: &str, name: &Name, settings: &Settings) -> Option<Problem> {
    listed(path, name, List::Agencies, settings)
}

/// A word of a list that the force sets.
pub fn listed(path: &str, name: &Name, list: List, settings: &Settings) -> Option<Problem> {
    let words = settings.listed(list);
    let fits = words.contains(&name.as_str());
    (!fits).then(|| Problem::invalid(path, format!("must be one of {}", words.join(", "))))
}
