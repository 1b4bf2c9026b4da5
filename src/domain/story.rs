//! The history of a case in sentences: what each change recorded.

use super::action::Action;
use super::case::*;
use super::history::Told;
use super::scalars::PersonId;
use super::settings::Settings;

/// One action as a sentence without its subject: "recorded the check of pnc: no trace". Shows recorded facts: for the
/// screen only.
pub fn sentence(told: &Told, settings: &Settings) -> String {
    let mut text = words(told, settings);
    if let (Some((by, _)), Some(recorded_by)) = (told.action.done(), told.action.recorded_by()) {
        text.push_str(&format!("; done by {by}, recorded by {recorded_by}"));
    }
    if let Some(before) = told.before.filter(|before| *before != told.after) {
        text.push_str(&format!("; the case went from {before} to {}", told.after));
    }
    text
}

/// Who did something, and who entered it where that was somebody else (R4), each as `name` writes them.
pub fn by_whom(by: &PersonId, recorded_by: Option<&PersonId>, name: impl Fn(&PersonId) -> String) -> String {
    let entered = recorded_by.map(|recorder| format!(" (recorded by {})", name(recorder)));
    name(by) + &entered.unwrap_or_default()
}

fn words(told: &Told, settings: &Settings) -> String {
    let zone = settings.zone();
    match &told.action {
        Action::New(_, opening) => format!(
            "opened the case ({}), received {} ({})",
            opening.route,
            zone.in_words(opening.received.at.0),
            opening.received.channel
        ),
        Action::Check(check) => {
            let result = check.result.meaning().to_lowercase();
            let upper = matches!(check.result, CheckResult::NotDone | CheckResult::TraceRelevant);
            let result = if upper { result.to_uppercase() } else { result };
            format!("recorded the {} check of {}: {result}", check.phase, check.system)
        }
        Action::Screen(screening) => format!(
            "screened it: {}, {}",
            if screening.immediate_risk { "IMMEDIATE RISK" } else { "no immediate risk" },
            if screening.within_scheme { "within the scheme" } else { "outside the scheme" }
        ),
        Action::Interview(interview) => format!(
            "interviewed the applicant ({}), {}",
            interview.mode,
            match interview.identity_not_confirmed {
                None => format!("{} identity document(s) seen", interview.identity.len()),
                Some(_) => "identity NOT confirmed".to_owned(),
            }
        ),
        Action::Assess(assessment) => {
            format!("assessed the risk to the child as {}", assessment.risk_to_child)
        }
        Action::Decide(decision) => format!("decided: {}", decision.outcome),
        Action::Disclose(disclosure) => match disclosure.undertaking.result {
            UndertakingResult::RefusedNotDisclosed => {
                format!(
                    "did not disclose to recipient {}, who refused the undertaking",
                    disclosure.recipient.0
                )
            }
            _ => format!("disclosed to recipient {}", disclosure.recipient.0),
        },
        Action::Inform(informed) => format!("informed the applicant ({})", informed.method),
        Action::Close(closure) => format!("closed it: {}", closure.reason),
        Action::Urgent(urgent) => format!("took URGENT ACTION: {}", urgent.action.open().as_str().trim()),
        Action::Refer(referral) => format!("referred it to {}", referral.to),
        Action::Extend(extension) => format!(
            "extended the clock {} to {}, authorised by {}; the applicant was {}",
            extension.clock,
            extension.until.in_words(),
            extension.authorised_by,
            if extension.applicant_told.told { "told" } else { "NOT told" }
        ),
        Action::Contact(contact) => {
            format!("recorded a contact ({}, {}, {})", contact.with, contact.method, contact.direction)
        }
        Action::Note(note) => format!("noted: {}", note.text.open().as_str().trim()),
        Action::Withdraw(withdrawal) => format!("recorded that the applicant left ({})", withdrawal.how),
        Action::Reroute(_) => "took it on under the right to know".to_owned(),
        Action::Assign(assignment) => {
            let from = told.owner_before.as_ref().map(|owner| format!("from {owner} ")).unwrap_or_default();
            format!("passed it {from}to {}", assignment.owner)
        }
        Action::Link(link) => format!("linked it to {}", link.to),
        Action::Letter(letters) => {
            let one = |letter: &Letter| {
                let aside = letter.overriding.as_ref().map(|aside| format!(", setting {} aside", aside.rule));
                format!("the letter {} ({}){}", letter.kind, letter.method, aside.unwrap_or_default())
            };
            format!("made {}", letters.iter().map(one).collect::<Vec<_>>().join(" and "))
        }
        Action::Sent(sent) => format!("recorded that letter {} was sent", sent.letter.0),
        Action::Reopen(reopening) => format!("reopened it at {}", reopening.to),
        Action::Correct(correction) => corrected(correction),
        Action::Import(_, importing) => {
            let imported = &importing.imported;
            let from = imported.source.as_ref().map_or("a file", |source| source.as_str());
            format!("imported it from {from}, row {}", imported.row)
        }
        Action::Edit(_, Some(reason), ids) => {
            format!("took in {} fact(s) edited by hand ({})", ids.len(), reason.code)
        }
        Action::Edit(_, None, _) if told.before.is_none() => {
            "took in the file, which was added by hand".to_owned()
        }
        Action::Edit(_, None, _) => {
            "changed the line that tells editors of the schema, and nothing of the case".to_owned()
        }
    }
}

/// `corrected assessment.risk_to_child from "medium" to "high" (mistake)`.
pub fn corrected(correction: &Correction) -> String {
    let shown = |value: &Option<super::node::Node>| match value {
        None => "nothing".to_owned(),
        Some(super::node::Node::Text { text, .. }) => format!("\"{}\"", text.trim()),
        Some(super::node::Node::Bool(value)) => value.to_string(),
        Some(super::node::Node::Number(value)) => value.to_string(),
        Some(_) => "several facts".to_owned(),
    };
    let (was, now) = (shown(&correction.was), shown(&correction.now));
    format!("corrected {} from {was} to {now} ({})", correction.path, correction.code)
}
