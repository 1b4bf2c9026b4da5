//! Which letters should have gone out.

use super::*;
use crate::domain::letter::due::{Due, State, due};
use crate::domain::letter::outgoing::Addressed;
use crate::domain::scalars::{At, By, ItemId, Line, PersonId};

fn kinds(case: &Case, at: &str) -> Vec<(LetterKind, &'static str)> {
    let stands = |due: &Due| match due.state {
        State::ToMake => "make",
        State::ToSend(_) => "send",
        State::Held(..) => "held",
    };
    let addressed = addressed(case);
    due(case, &addressed, at.parse().unwrap(), &settings())
        .iter()
        .map(|due| (due.kind, stands(due)))
        .collect()
}

/// The addresses of letters that were made while the case stood as it does.
fn addressed(case: &Case) -> Addressed {
    let mut addressed = Addressed::default();
    for of in &case.letters {
        addressed.add(of, Some(&letter(of.kind, case)));
    }
    addressed
}

pub(super) fn made_letter(case: &Case, kind: LetterKind, at: &str) -> Letter {
    let at: Instant = at.parse().unwrap();
    let line = |text: &str| Line::new(text).unwrap();
    Letter {
        id: ItemId::new("9wq1").unwrap(),
        by: By(PersonId::new("d.osei").unwrap()),
        recorded_by: None,
        at: At(at),
        late: None,
        kind,
        to: Addressee { role: AddresseeRole::Applicant, recipient: None, agency: None },
        method: Method::Letter,
        language: Name::new("en").unwrap(),
        path: line(&made::path(
            &case.reference,
            kind,
            settings().zone().day(at),
            &ItemId::new("9wq1").unwrap(),
        )),
        template: line("built-in/x.md"),
        sha256: line(&"0".repeat(64)),
        overriding: None,
        sent: None,
    }
}

/// That a letter went out at the moment it was made.
fn sent_when_made(letter: &Letter) -> Sending {
    Sending { by: letter.by.clone(), recorded_by: None, at: letter.at.clone(), late: None }
}

#[test]
fn the_acknowledgement_is_due_the_day_after_receipt_until_the_interview() {
    let ack = LetterKind::Acknowledgement;
    let mut case = case_for(ack);
    assert_eq!(kinds(&case, "2026-03-16T23:00:00Z"), []);
    assert_eq!(kinds(&case, "2026-03-17T00:30:00Z"), [(ack, "make")]);
    let letter = made_letter(&case, ack, "2026-03-17T09:00:00Z");
    case.letters.push(letter);
    assert_eq!(kinds(&case, "2026-03-18T09:00:00Z"), [(ack, "send")]);
    case.letters[0].sent = Some(sent_when_made(&case.letters[0]));
    assert_eq!(kinds(&case, "2026-03-18T09:00:00Z"), []);
    case.letters.clear();
    case.applicant.as_mut().unwrap().safe_contact.letters = false;
    assert_eq!(kinds(&case, "2026-03-18T09:00:00Z"), [], "A1: none is due where none may go");
    case.applicant.as_mut().unwrap().safe_contact.method = Method::Email;
    case.applicant.as_mut().unwrap().email = None;
    assert_eq!(kinds(&case, "2026-03-18T09:00:00Z"), [(ack, "held")]);
    case.stage = Stage::Assessment;
    assert_eq!(kinds(&case, "2026-03-18T09:00:00Z"), []);
}

#[test]
fn the_extension_notice_is_due_where_the_applicant_was_to_be_told_in_writing() {
    let notice = LetterKind::ExtensionNotice;
    let mut case = case_for(notice);
    let aware = ParentsAware { mother: Aware::Yes, father: Aware::Yes };
    case.children.iter_mut().for_each(|child| child.parents_aware = aware.clone());
    assert_eq!(kinds(&case, NOW), [(notice, "make")]);
    case.extensions.last_mut().unwrap().applicant_told.method = Some(Method::Phone);
    assert_eq!(kinds(&case, NOW), []);
    case.extensions.last_mut().unwrap().applicant_told = Told { told: false, method: None, reason: None };
    assert_eq!(kinds(&case, NOW), []);
}

#[test]
fn c5_a_second_extension_needs_a_second_notice() {
    let notice = LetterKind::ExtensionNotice;
    let mut case = case_for(notice);
    let aware = ParentsAware { mother: Aware::Yes, father: Aware::Yes };
    case.children.iter_mut().for_each(|child| child.parents_aware = aware.clone());
    let mut letter = made_letter(&case, notice, "2026-03-14T09:00:00Z");
    letter.sent = Some(sent_when_made(&letter));
    case.letters.push(letter);
    assert_eq!(kinds(&case, NOW), []);
    let mut second = case.extensions[0].clone();
    second.at = At("2026-03-18T09:00:00Z".parse().unwrap());
    case.extensions.push(second);
    assert_eq!(kinds(&case, NOW), [(notice, "make")]);
}

#[test]
fn o5_the_outcome_is_due_unless_the_applicant_was_told_otherwise() {
    let outcome = LetterKind::OutcomeNoDisclosure;
    let mut case = case_for(outcome);
    let applicant = case.applicant.as_mut().unwrap();
    applicant.safe_contact.letters = true;
    applicant.address = Some(crate::domain::scalars::Private::new(Line::new("1 Sample Street").unwrap()));
    let aware = ParentsAware { mother: Aware::Yes, father: Aware::Yes };
    case.children.iter_mut().for_each(|child| child.parents_aware = aware.clone());
    assert_eq!(kinds(&case, NOW), [(outcome, "make")]);
    let by = By(PersonId::new("d.osei").unwrap());
    let informed = |method| {
        Some(Informed { by: by.clone(), recorded_by: None, at: At(now()), late: None, method, note: None })
    };
    case.informed = informed(Method::Phone);
    assert_eq!(kinds(&case, NOW), []);
    case.informed = informed(Method::Letter);
    assert_eq!(kinds(&case, NOW), [(outcome, "make")]);
    case.stage = Stage::Closed;
    assert_eq!(kinds(&case, NOW), []);
}
