//! The facts that only letters for the officers may see: what was found, thought and decided (O3).

use super::facts::{Fact, Ground, Value, in_words, line};
use crate::domain::case::*;
use crate::domain::deadlines;
use crate::domain::findings;
use crate::domain::scalars::{By, PersonId, Private, Prose};
use crate::domain::settings::Settings;
use crate::domain::story;

/// One of those facts.
pub(super) fn value(ground: &Ground<'_>, fact: Fact) -> Value {
    let case = ground.case;
    match fact {
        Fact::Recipients => {
            Value::list(case.decision.iter().flat_map(|of| &of.recipients), |of| recipient(ground, of))
        }
        Fact::FormOfWords => {
            prose(case.decision.as_ref().and_then(|decision| decision.form_of_words.as_ref()))
        }
        Fact::Channel => Value::text(case.received.channel.meaning()),
        Fact::Route => Value::text(case.route.meaning()),
        Fact::Stage => Value::text(case.stage.meaning()),
        Fact::Applicant => case.applicant.as_ref().map_or(Value::Absent, |of| applicant(ground, of)),
        Fact::Concern => Value::text(case.concern.open().as_str()),
        Fact::Clocks => clocks(ground),
        Fact::Warnings => {
            let warnings = findings::warnings(case, ground.at, ground.settings);
            Value::list(warnings, |warning| Value::Text(format!("{} ({})", warning.text, warning.rule)))
        }
        Fact::Checks => Value::list(&case.checks, |of| check(ground, of)),
        Fact::Referrals => Value::list(&case.referrals, |referral| {
            Value::Record(vec![
                ("to", Value::Text(in_words(referral.to.as_str()))),
                ("on", ground.on(referral.at.0)),
                ("reason", Value::text(referral.reason.open().as_str())),
            ])
        }),
        Fact::Screening => case.screening.as_ref().map_or(Value::Absent, |screening| {
            Value::Record(vec![
                ("on", ground.on(screening.at.0)),
                ("by", by(ground, &screening.by, screening.recorded_by.as_ref())),
                ("immediate_risk", Value::Truth(screening.immediate_risk)),
                ("within_scheme", Value::Truth(screening.within_scheme)),
                ("reason", Value::text(screening.reason.open().as_str())),
            ])
        }),
        Fact::Interview => case.interview.as_ref().map_or(Value::Absent, |of| interview(ground, of)),
        Fact::Assessment => case.assessment.as_ref().map_or(Value::Absent, |assessment| {
            Value::Record(vec![
                ("on", ground.on(assessment.at.0)),
                ("by", by(ground, &assessment.by, assessment.recorded_by.as_ref())),
                ("risk", Value::text(assessment.risk_to_child.meaning())),
                ("convicted", Value::Truth(assessment.convicted)),
                ("registered", Value::Truth(assessment.registered_sex_offender)),
                ("reason", Value::text(assessment.reason.open().as_str())),
            ])
        }),
        Fact::Decision => case.decision.as_ref().map_or(Value::Absent, |of| decision(ground, of)),
        Fact::Disclosures => Value::list(&case.disclosures, |of| disclosure(ground, of)),
        Fact::Ending => case.closure.as_ref().map_or(Value::Absent, |closure| {
            Value::Record(vec![
                ("on", ground.on(closure.at.0)),
                ("by", by(ground, &closure.by, closure.recorded_by.as_ref())),
                ("reason", Value::text(closure.reason.meaning())),
                ("note", prose(closure.note.as_ref())),
            ])
        }),
        _ => Value::Absent,
    }
}

/// The name of a person in the office.
pub(super) fn person(settings: &Settings, id: &PersonId) -> String {
    settings.person(id).map_or_else(|| id.as_str().to_owned(), |person| person.name.to_string())
}

/// Who did it, and who entered it where that was somebody else (R4).
fn by(ground: &Ground<'_>, by: &By, recorded_by: Option<&PersonId>) -> Value {
    Value::Text(story::by_whom(&by.0, recorded_by, |id| person(ground.settings, id)))
}

fn prose(prose: Option<&Private<Prose>>) -> Value {
    Value::maybe(prose.map(|prose| prose.open().as_str()))
}

fn applicant(ground: &Ground<'_>, applicant: &Applicant) -> Value {
    let safe = &applicant.safe_contact;
    Value::Record(vec![
        ("name", Value::Text(applicant.name.in_full())),
        ("date_of_birth", ground.birth(applicant.date_of_birth.as_ref())),
        ("address", line(applicant.address.as_ref())),
        ("relationship", Value::text(applicant.relationship_to_child.meaning())),
        ("contact", Value::text(safe.method.meaning())),
        ("letters", Value::Truth(safe.letters)),
    ])
}

fn recipient(ground: &Ground<'_>, recipient: &Recipient) -> Value {
    let applicant = ground.case.applicant.as_ref().filter(|_| recipient.role == RecipientRole::Applicant);
    let name = applicant.map(|of| &of.name).or(recipient.name.as_ref());
    Value::Record(vec![
        ("name", Value::maybe(name.map(PersonName::in_full))),
        ("role", Value::text(recipient.role.meaning())),
        ("reason", Value::text(recipient.reason.open().as_str())),
    ])
}

fn clocks(ground: &Ground<'_>) -> Value {
    let zone = ground.settings.zone();
    let readings = deadlines::brief_readings(ground.case, ground.at, ground.settings).unwrap_or_default();
    Value::list(readings, |reading| {
        Value::Record(vec![
            ("name", Value::Text(in_words(reading.name.meaning()))),
            ("stands", Value::Text(reading.in_words(zone))),
            ("due", Value::Text(zone.in_words(reading.due_that_counts()))),
        ])
    })
}

fn check(ground: &Ground<'_>, check: &Check) -> Value {
    Value::Record(vec![
        ("system", Value::Text(in_words(check.system.as_str()))),
        ("phase", Value::text(check.phase.word())),
        ("on", ground.on(check.at.0)),
        ("result", Value::text(check.result.meaning())),
        ("summary", prose(check.summary.as_ref())),
        ("reason", prose(check.reason.as_ref())),
    ])
}

fn interview(ground: &Ground<'_>, interview: &Interview) -> Value {
    Value::Record(vec![
        ("on", ground.on(interview.at.0)),
        ("by", by(ground, &interview.by, interview.recorded_by.as_ref())),
        ("mode", Value::text(interview.mode.meaning())),
        ("concern", Value::text(interview.concern.open().as_str())),
        ("genuine", Value::Truth(interview.genuine)),
        ("identity", Value::list(&interview.identity, |seen| Value::Text(in_words(seen.kind.as_str())))),
        ("identity_not_confirmed", prose(interview.identity_not_confirmed.as_ref())),
    ])
}

fn decision(ground: &Ground<'_>, decision: &Decision) -> Value {
    let representations = decision.representations.as_ref();
    let consulted = |consultation: &Consultation| {
        Value::Record(vec![
            ("agency", Value::Text(in_words(consultation.agency.as_str()))),
            ("view", Value::text(consultation.view.open().as_str())),
        ])
    };
    Value::Record(vec![
        ("on", ground.on(decision.at.0)),
        ("by", by(ground, &decision.by, decision.recorded_by.as_ref())),
        ("outcome", Value::text(decision.outcome.meaning())),
        ("necessity", Value::text(decision.necessity.open().as_str())),
        ("pressing_need", Value::text(decision.pressing_need.open().as_str())),
        ("proportionality", Value::text(decision.proportionality.open().as_str())),
        ("representations_sought", Value::Truth(representations.is_some_and(|of| of.sought))),
        ("representations_said", prose(representations.and_then(|of| of.said.as_ref()))),
        (
            "representations_why_not",
            Value::maybe(representations.and_then(|of| of.why_not).map(|of| of.meaning())),
        ),
        ("consulted", Value::list(&decision.consulted, consulted)),
        ("recipients", Value::list(&decision.recipients, |of| recipient(ground, of))),
    ])
}

fn disclosure(ground: &Ground<'_>, disclosure: &Disclosure) -> Value {
    let zone = ground.settings.zone();
    Value::Record(vec![
        ("on", Value::Text(zone.in_words(disclosure.at.0))),
        ("by", by(ground, &disclosure.by, disclosure.recorded_by.as_ref())),
        ("place", line(Some(&disclosure.place))),
        ("undertaking", Value::text(disclosure.undertaking.result.meaning())),
        ("follow_up", Value::Text(disclosure.follow_up.in_words())),
    ])
}
