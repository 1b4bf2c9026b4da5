//! What is held, and what should not have gone out.

use super::due::made_letter;
use super::*;
use crate::domain::letter::outgoing::{Addressed, Standing, held_for_safety, sent_unsafe};
use crate::domain::node::Node;
use crate::domain::scalars::{At, By, ItemId, Line, PersonId, Private, Prose};

const ACK: LetterKind = LetterKind::Acknowledgement;
const MADE: &str = "2026-03-17T09:00:00Z";
const SENT: &str = "2026-03-17T16:00:00Z";

fn at(text: &str) -> At {
    At(text.parse().unwrap())
}

fn by() -> By {
    By(PersonId::new("d.osei").unwrap())
}

fn line(text: &str) -> Private<Line> {
    Private::new(Line::new(text).unwrap())
}

/// A case whose acknowledgement was made for the post, and the letter's address as it was made.
fn posted() -> (Case, Addressed) {
    let mut case = case_for(ACK);
    let aware = ParentsAware { mother: Aware::Yes, father: Aware::Yes };
    case.children.iter_mut().for_each(|child| child.parents_aware = aware.clone());
    let mut addressed = Addressed::default();
    let made = made_letter(&case, ACK, MADE);
    addressed.add(&made, Some(&letter(ACK, &case)));
    case.letters.push(made);
    (case, addressed)
}

fn withdrawn(when: &str) -> Option<Withdrawal> {
    let reason = Private::new(Prose::new("They rang.").unwrap());
    Some(Withdrawal {
        by: by(),
        recorded_by: None,
        at: at(when),
        late: None,
        how: Departure::Withdrawn,
        reason,
    })
}

fn corrected(path: &str, when: &str) -> Correction {
    Correction {
        id: ItemId::new("c0rr").unwrap(),
        by: by(),
        recorded_by: None,
        at: at(when),
        late: None,
        path: Line::new(path).unwrap(),
        code: CorrectionCode::Mistake,
        reason: Private::new(Prose::new("They moved.").unwrap()),
        was: Some(Node::text("1 Old Street")),
        now: None,
    }
}

fn went(when: Instant) -> Option<Sending> {
    Some(Sending { by: by(), recorded_by: None, at: At(when), late: None })
}

/// A change to a case.
type Edit = fn(&mut Case);

const UNSAFE: &str = "the applicant has not said that this way is safe (A1)";
const GONE: &str = "the applicant left: contact with them has stopped (S5)";
const MOVED: &str = "it bears another name or address than is recorded now: make it again (A5)";

fn applicant(case: &mut Case) -> &mut Applicant {
    case.applicant.as_mut().unwrap()
}

#[test]
fn a5_what_became_unsafe_after_a_letter_was_made_holds_it() {
    let changes: &[(&str, Edit, &[&str])] = &[
        ("nothing", |_| {}, &[]),
        ("letters forbidden", |case| applicant(case).safe_contact.letters = false, &[UNSAFE]),
        ("withdrawn", |case| case.withdrawal = withdrawn("2026-03-18T09:00:00Z"), &[GONE]),
        (
            "withdrawn by a clock that is ahead",
            |case| case.withdrawal = withdrawn("2036-03-18T09:00:00Z"),
            &[GONE],
        ),
        ("moved", |case| applicant(case).address = Some(line("9 New Street, Exampleton")), &[MOVED]),
        ("no address", |case| applicant(case).address = None, &["applicant.address: missing", MOVED]),
        ("another name", |case| applicant(case).name.family = Some(line("Newname")), &[MOVED]),
        (
            "the same address, written otherwise",
            |case| {
                let address = applicant(case).address.as_ref().unwrap().open().as_str().to_uppercase();
                applicant(case).address = Some(line(&format!("{address},")));
            },
            &[],
        ),
        (
            "a parent who does not know",
            |case| case.children[0].parents_aware.father = Aware::No,
            &[
                "a parent does not know of the application, or may not: no letter goes to that address, unless the guard \
               is set aside with a reason (A2)",
            ],
        ),
    ];
    for (what, change, wanted) in changes {
        let (mut case, addressed) = posted();
        change(&mut case);
        let words = |problems: &[crate::domain::record::Problem]| {
            problems.iter().map(|problem| problem.in_words()).collect::<Vec<_>>()
        };
        let standing = Standing::of(&case, &case.letters[0], &addressed, &settings());
        match &standing {
            Standing::Held(problems) => assert_eq!(words(problems), *wanted, "{what}"),
            other => assert!(wanted.is_empty() && *other == Standing::ToSend, "{what}: {other:?}"),
        }
        let warned = held_for_safety(&case, &addressed, &settings());
        assert_eq!(warned.iter().flat_map(|(_, of)| words(of)).collect::<Vec<_>>(), *wanted, "{what}");
    }
}

#[test]
fn a5_a_letter_that_comes_too_late_is_held_but_is_no_danger() {
    let (mut case, addressed) = posted();
    case.stage = Stage::Closed;
    let standing = Standing::of(&case, &case.letters[0], &addressed, &settings());
    assert!(matches!(&standing, Standing::Held(problems) if problems[0].fault.to_string().ends_with("(S1)")));
    assert!(held_for_safety(&case, &addressed, &settings()).is_empty());
}

#[test]
fn a5_a_letter_whose_file_was_changed_is_held() {
    let (case, mut addressed) = posted();
    addressed.add(&case.letters[0], None);
    let standing = Standing::of(&case, &case.letters[0], &addressed, &settings());
    assert!(matches!(&standing, Standing::Held(problems) if problems[0].fault.to_string().ends_with("(X1)")));
}

#[test]
fn a5_a_letter_that_was_made_again_and_sent_is_not_warned_of() {
    let (mut case, addressed) = posted();
    applicant(&mut case).address = Some(line("9 New Street, Exampleton"));
    let mut again = made_letter(&case, ACK, "2026-03-18T09:00:00Z");
    again.id = ItemId::new("agn1").unwrap();
    case.letters.push(again.clone());
    assert_eq!(held_for_safety(&case, &addressed, &settings()).len(), 1);
    again.sent = went(again.at.0);
    case.letters[1] = again;
    assert_eq!(held_for_safety(&case, &addressed, &settings()).len(), 0);
}

#[test]
fn a2_a_guard_that_was_set_aside_stays_so_whatever_became_of_who_did_it() {
    let (mut case, addressed) = posted();
    let reason = Private::new(Prose::new("They live apart.").unwrap());
    let nobody = PersonId::new("r.patel").unwrap();
    let aside = Overriding { rule: OverridableRule::A2, reason, authorised_by: nobody };
    case.letters[0].overriding = Some(aside);
    assert_eq!(Standing::of(&case, &case.letters[0], &addressed, &settings()), Standing::ToSend);
    case.children[0].parents_aware.father = Aware::No;
    assert_eq!(Standing::of(&case, &case.letters[0], &addressed, &settings()), Standing::ToSend);
}

fn contact(method: Method, when: &str) -> Contact {
    Contact {
        id: ItemId::new("c0nt").unwrap(),
        by: by(),
        recorded_by: None,
        at: at(when),
        late: None,
        with: ContactWith::Applicant,
        method,
        direction: Direction::Outbound,
        summary: Private::new(Prose::new("They are safe.").unwrap()),
    }
}

#[test]
fn a5_what_should_not_have_gone_out_is_known_until_the_applicant_was_spoken_with() {
    let moved = "it bore another name or address than was recorded then (A5)";
    let changes: &[(&str, Edit, &[&str])] = &[
        ("nothing", |_| {}, &[]),
        ("letters forbidden", |case| applicant(case).safe_contact.letters = false, &[UNSAFE]),
        ("left before it went", |case| case.withdrawal = withdrawn("2026-03-17T12:00:00Z"), &[GONE]),
        ("left in the same second", |case| case.withdrawal = withdrawn(SENT), &[GONE]),
        ("left afterwards", |case| case.withdrawal = withdrawn("2026-03-17T16:00:01Z"), &[]),
        (
            "moved before it went",
            |case| case.corrections.push(corrected("applicant.address", "2026-03-17T12:00:00Z")),
            &[moved],
        ),
        (
            "moved afterwards",
            |case| case.corrections.push(corrected("applicant.address", "2026-03-18T12:00:00Z")),
            &[],
        ),
        (
            "moved before it was made",
            |case| case.corrections.push(corrected("applicant.address", "2026-03-17T08:00:00Z")),
            &[],
        ),
        (
            "another number",
            |case| case.corrections.push(corrected("applicant.phone", "2026-03-17T12:00:00Z")),
            &[],
        ),
    ];
    for (what, change, wanted) in changes {
        let (mut case, _) = posted();
        case.letters[0].sent = went(at(SENT).0);
        change(&mut case);
        let found = |case: &Case| -> Vec<String> {
            let found = sent_unsafe(case);
            found.iter().flat_map(|(_, problems)| problems).map(|problem| problem.in_words()).collect()
        };
        assert_eq!(found(&case), *wanted, "{what}");
        for (method, when, settles) in [
            (Method::Letter, "2026-03-17T17:00:00Z", false),
            (Method::InPerson, "2026-03-17T15:00:00Z", false),
            (Method::InPerson, "2026-03-17T17:00:00Z", true),
        ] {
            let mut spoken = case.clone();
            spoken.contacts.push(contact(method, when));
            let left = if settles { Vec::new() } else { found(&case) };
            assert_eq!(found(&spoken), left, "{what}: {method} at {when}");
        }
    }
}

#[test]
fn o2_a_letter_follows_from_the_decision_that_stood_when_it_went() {
    let kind = LetterKind::OutcomeNoDisclosure;
    let mut case = case_for(kind);
    let decision = case.decision.clone().unwrap();
    let sent = decision.at.0.plus_seconds(3600);
    let mut letter = made_letter(&case, kind, &sent.to_string());
    letter.method = Method::InPerson;
    letter.sent = went(sent);
    case.letters = vec![letter];
    assert!(sent_unsafe(&case).is_empty());
    let aside = |when: Instant| Reopening {
        id: ItemId::new("r0pn").unwrap(),
        by: by(),
        recorded_by: None,
        at: At(when),
        late: None,
        to: Stage::Decision,
        reason: Private::new(Prose::new("Something new.").unwrap()),
        set_aside: Some(SetAside {
            screening: None,
            interview: None,
            assessment: None,
            decision: Some(decision.clone()),
            disclosures: Vec::new(),
            informed: None,
            closure: None,
        }),
    };
    (case.decision, case.informed) = (None, None);
    case.reopened = vec![aside(sent.plus_seconds(60))];
    assert!(sent_unsafe(&case).is_empty(), "it was set aside after the letter went");
    case.reopened = vec![aside(sent.plus_seconds(-60))];
    assert_eq!(sent_unsafe(&case).len(), 1);
}
