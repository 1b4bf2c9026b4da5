//! R3, R4: who may do what, as a table of action and role, and that the assessor never decides.

use super::given::*;
use crate::domain::action::ActionKind as A;
use crate::domain::case::{Route, Stage};
use crate::domain::scalars::{PersonId, Private, Prose};
use crate::domain::settings::Role;
use crate::domain::workflow::{may_begin, role_for};

/// The one person of the tests who holds this role alone.
fn person(role: Role) -> &'static str {
    match role {
        Role::CallHandler => "r.patel",
        Role::CaseOfficer => "d.osei",
        Role::Supervisor => "s.khan",
        Role::DecisionMaker => "m.reid",
        Role::RecordsManager => "a.king",
        Role::Auditor => "p.auditor",
    }
}

#[test]
fn r3_each_action_takes_one_of_its_roles() {
    let settings = settings();
    for kind in A::ALL {
        for role in Role::ALL {
            let actor = PersonId::new(person(*role)).unwrap();
            let may = settings.permitted(*kind).contains(role);
            assert_eq!(role_for(&actor, *kind, &settings), may.then_some(*role), "{kind} by {actor}");
            assert_eq!(may_begin(None, *kind, &actor, &settings).is_ok(), may, "{kind} by {actor}");
        }
    }
}

#[test]
fn r3_an_auditor_changes_nothing() {
    let auditor = PersonId::new("p.auditor").unwrap();
    assert!(A::ALL.iter().all(|kind| role_for(&auditor, *kind, &settings()).is_none()));
}

#[test]
fn r3_the_door_refuses_by_role_and_names_the_roles() {
    let mut given = Given::at(Stage::Decision, Route::RightToAsk);
    let found = given.refused("d.osei", "12 10:00", A::Decide, NOTHING);
    says(&found, &["d.osei may not record the decision (R3)", "decision_maker"]);
    says(&given.refused("p.auditor", "12 10:00", A::Note, "text: x"), &["(R3)"]);
    given.done("a.king", "12 10:00", A::Note, "text: x");
}

#[test]
fn r3_whoever_is_named_as_having_done_it_may_do_it() {
    let mut given = Given::at(Stage::Interview, Route::RightToAsk);
    let by = |who: &str| format!("by: {who}\n{MET}");
    says(&given.refused("d.osei", "09 10:00", A::Interview, &by("r.patel")), &["r.patel may not", "(R3)"]);
    says(&given.refused("d.osei", "09 10:00", A::Interview, &by("nobody")), &["interview.by", "no person"]);
    given.done("d.osei", "09 10:00", A::Interview, &by("all"));
}

#[test]
fn r3_people_who_ended_act_no_more_but_what_they_did_stands() {
    let mut given = Given::at(Stage::InitialChecks, Route::RightToAsk);
    says(&given.refused("gone", "20 10:00", A::Note, "text: x"), &["(R3)"]);
    given.done("d.osei", "20 10:00", A::Note, "{text: x, by: gone, at: 2026-03-04T23:59:59Z}");
    let late = "{text: x, by: gone, at: 2026-03-05T00:00:00Z}";
    says(&given.refused("d.osei", "20 10:00", A::Note, late), &["note.by", "acted no more"]);
    says(&given.refused("s.khan", "20 10:00", A::Assign, "owner: gone"), &["owner", "acts no more"]);
}

#[test]
fn r3_an_owner_is_a_person_of_the_store() {
    let mut given = Given::at(Stage::InitialChecks, Route::RightToAsk);
    says(&given.refused("s.khan", "20 10:00", A::Assign, "owner: nobody"), &["owner", "no person"]);
    given.done("s.khan", "20 10:00", A::Assign, "owner: d.osei");
    says(&given.refused("s.khan", "20 10:00", A::Assign, "owner: d.osei"), &["owner", "already"]);
    let owned = format!("owner: nobody{ASKED}");
    says(&Given::nothing().refused("r.patel", "02 09:30", A::New, &owned), &["owner", "no person"]);
}

#[test]
fn r4_assessor_never_decides() {
    let mut given = Given::at(Stage::Assessment, Route::RightToAsk);
    given.checks(FULL, "10 10:00");
    given.done("all", "11 10:00", A::Assess, HELD_NOTHING);
    says(&given.refused("all", "12 10:00", A::Decide, NOTHING), &["wrote the assessment", "(R4)"]);
    // Neither by another's name nor by another's hand.
    let by = |who: &str| format!("by: {who}{NOTHING}");
    says(&given.refused("all", "12 10:00", A::Decide, &by("m.reid")), &["(R4)"]);
    says(&given.refused("m.reid", "12 10:00", A::Decide, &by("all")), &["(R4)"]);
    given.done("m.reid", "12 10:00", A::Decide, NOTHING);
}

#[test]
fn r4_assessor_neither_corrects_the_decision_nor_takes_their_name_off() {
    let mut given = Given::at(Stage::Assessment, Route::RightToAsk);
    given.checks(FULL, "10 10:00");
    given.done("all", "11 10:00", A::Assess, HELD_NOTHING);
    let rename = "{path: assessment.by, now: d.osei, code: mistake, reason: x}";
    says(&given.refused("all", "12 09:00", A::Correct, rename), &["(R4)"]);
    assert!(given.tried("s.khan", "12 09:00", A::Correct, rename).is_ok());
    given.done("m.reid", "12 10:00", A::Decide, NOTHING);
    let change = "{path: decision.necessity, now: y, code: mistake, reason: x}";
    says(&given.refused("all", "13 10:00", A::Correct, change), &["(R4)"]);
    // Nor does a person who may correct, but not decide.
    says(
        &given.refused("s.khan", "13 10:00", A::Correct, change),
        &["s.khan may not record the decision", "(R3)"],
    );
}

#[test]
fn r4_an_edit_of_the_decision_is_a_decision() {
    let mut given = Given::at(Stage::Outcome, Route::RightToAsk);
    let mut edited = given.case().clone();
    let decision = edited.decision.as_mut().unwrap();
    decision.necessity = Private::new(Prose::new("another answer").unwrap());
    for (actor, rule) in [("s.khan", "(R3)"), ("a.king", "(R3)")] {
        let found = super::changes::edit_refused(&mut given, actor, &edited);
        says(&found, &["may not record the decision", rule]);
    }
    assert!(super::changes::edit(&mut given, "all", &edited).is_ok());
}
