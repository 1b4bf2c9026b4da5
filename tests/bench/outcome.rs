//! The decision on a case, the disclosures that follow from it, and how it then ends.

use csods::domain::case::*;
use csods::domain::scalars::{At, By, ItemRef, Name, Private, Prose};
use csods::domain::settings::Settings;

use super::dice::Dice;
use super::opening::{line, prose};
use super::{office, words};

fn says(dice: &mut Dice, sentences: &[&str]) -> Private<Prose> {
    prose(words::prose(dice, sentences))
}

/// A decision that fits what the assessment found (O1).
pub fn decision(dice: &mut Dice, case: &Case, officer: &By, at: At) -> Decision {
    use DecisionOutcome as O;
    let found = case.assessment.as_ref();
    let convicted = found.is_some_and(|found| found.convicted);
    let registered = found.is_some_and(|found| found.registered_sex_offender);
    let outcome = match (convicted, dice.below(100)) {
        (true, 0..70) => O::Disclose,
        (true, _) => O::DoNotDisclose,
        (false, 0..4) => O::DiscloseOther,
        (false, 4..15) => O::DoNotDisclose,
        (false, _) => O::NothingToDisclose,
    };
    let mut agencies = vec!["social_care"];
    agencies.extend(registered.then_some("offender_management"));
    let consulted = agencies
        .into_iter()
        .filter_map(|agency| {
            let agency = Name::new(agency).ok()?;
            let earlier = At(at.0.plus_seconds(-7200).max(case.received.at.0));
            let view = says(dice, words::VIEWS);
            Some(Consultation {
                recorded_by: None,
                late: None,
                id: dice.item_id(),
                agency,
                at: earlier,
                by: officer.clone(),
                view,
            })
        })
        .collect();
    let discloses = outcome.is_disclosure();
    Decision {
        recorded_by: None,
        late: None,
        by: office::decider(dice),
        at,
        outcome,
        necessity: says(dice, words::NECESSITY),
        pressing_need: says(dice, words::NEED),
        proportionality: says(dice, words::PROPORTION),
        representations: (outcome != O::NothingToDisclose).then(|| not_sought(dice)),
        consulted,
        recipients: if discloses { recipients(dice, case) } else { Vec::new() },
        form_of_words: discloses.then(|| says(dice, words::FORM_OF_WORDS)),
        subject_told: discloses
            .then(|| SubjectTold { told: dice.per_mille(300), reason: says(dice, words::TOLD) }),
    }
}

fn not_sought(dice: &mut Dice) -> Representations {
    Representations {
        considered: true,
        sought: false,
        sought_on: None,
        how: None,
        said: None,
        weight: None,
        why_not: Some(dice.pick(&[WhyNotSought::NotSafe, WhyNotSought::NotPossible])),
        reason: Some(says(dice, words::NOT_SOUGHT)),
    }
}

/// The applicant where they may be told, or a parent; sometimes both (R1, S5, S7).
fn recipients(dice: &mut Dice, case: &Case) -> Vec<Recipient> {
    let known = case.interview.as_ref().is_some_and(|interview| interview.identity_not_confirmed.is_none());
    let may = case.route == Route::RightToAsk && case.withdrawal.is_none() && known;
    let roles: &[RecipientRole] = match (may, dice.below(4)) {
        (true, 0) => &[RecipientRole::Applicant, RecipientRole::Parent],
        (true, _) => &[RecipientRole::Applicant],
        (false, _) => &[RecipientRole::Parent],
    };
    let one = |&role: &RecipientRole| {
        let named = role != RecipientRole::Applicant;
        Recipient {
            id: dice.item_id(),
            role,
            name: named.then(|| PersonName {
                family: Some(line(words::family(dice))),
                given: Some(line(words::given(dice))),
            }),
            address: None,
            phone: named.then(|| line(words::phone(dice))),
            safe_contact: None,
            children: case.children.first().map(|child| ItemRef(child.id.clone())).into_iter().collect(),
            reason: says(dice, words::RECIPIENT),
        }
    };
    roles.iter().map(one).collect()
}

/// A disclosure in person, or an undertaking refused (O4).
pub fn disclosure(
    dice: &mut Dice,
    recipient: &Recipient,
    officer: &By,
    at: At,
    settings: &Settings,
) -> Disclosure {
    use UndertakingResult as U;
    let result = match dice.below(100) {
        0..92 => U::Signed,
        92..97 => U::RefusedDisclosed,
        _ => U::RefusedNotDisclosed,
    };
    let refused = result != U::Signed;
    let told = result != U::RefusedNotDisclosed;
    Disclosure {
        recorded_by: None,
        late: None,
        id: dice.item_id(),
        by: officer.clone(),
        recipient: ItemRef(recipient.id.clone()),
        identity_checked: true,
        place: line(dice.pick(&["police station", "at home", "school, by arrangement"])),
        words_used: told.then(|| says(dice, words::FORM_OF_WORDS)),
        questions: dice.per_mille(600).then(|| says(dice, words::QUESTIONS)),
        undertaking: Undertaking {
            result,
            reason: refused.then(|| says(dice, words::TOLD)),
            authorised_by: refused.then(|| office::decider(dice).0),
        },
        advice_given: true,
        subject_told: told.then(|| SubjectInformed { told: false, risk_assessment: says(dice, words::TOLD) }),
        follow_up: settings.zone().day(at.0).plus(28),
        at,
    }
}

/// The ending that follows from the decision (O6).
pub fn ending(case: &Case) -> Option<ClosureReason> {
    let refused =
        |disclosure: &Disclosure| disclosure.undertaking.result == UndertakingResult::RefusedNotDisclosed;
    Some(match case.decision.as_ref()?.outcome {
        DecisionOutcome::Disclose | DecisionOutcome::DiscloseOther
            if case.disclosures.iter().all(refused) =>
        {
            ClosureReason::NotDisclosed
        }
        DecisionOutcome::Disclose => ClosureReason::Disclosed,
        DecisionOutcome::DiscloseOther => ClosureReason::DisclosedOther,
        DecisionOutcome::DoNotDisclose => ClosureReason::NotDisclosed,
        DecisionOutcome::NothingToDisclose => ClosureReason::NothingToDisclose,
    })
}
