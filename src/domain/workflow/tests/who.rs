//! R3, R4: who may do what, as a table of action and role, and that the assessor never decides.

use super::given::*;
use crate::domain::action::ActionKind as A;
use crate::domain::case::{Case, Note, Route, Stage};
use crate::domain::findings;
use crate::domain::scalars::{By, ItemId, Line, PersonId, Private, Prose};
use crate::domain::settings::Role;
use crate::domain::workflow::{Refusal, may_begin, role_for};
use crate::store::files;

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
    says(&given.refused("all", "12 10:00", A::Decide, NOTHING), &["wrote or recorded an assessment", "(R4)"]);
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

/// Every way to write the path of a fact that is not its one spelling.
fn misspelt(path: &str) -> Vec<String> {
    let dots = [path.replace('.', ".."), format!(".{path}"), format!("{path}."), path.replace('.', "...")];
    dots.into_iter().filter(|spelling| spelling != path).collect()
}

#[test]
fn r4_a_path_has_one_spelling() {
    let mut given = Given::at(Stage::Decision, Route::RightToAsk);
    for path in ["assessment.by", "assessment", "stage", "decision.by", "checks.0.by"] {
        for spelling in misspelt(path) {
            let text = format!("{{path: '{spelling}', now: all, code: mistake, reason: x}}");
            let found = given.refused("all", "12 10:00", A::Correct, &text);
            says(&found, &["correction.path", "empty step"]);
        }
    }
    let leading = "{path: checks.00.by, now: all, code: mistake, reason: x}";
    says(&given.refused("all", "12 10:00", A::Correct, leading), &["correction.path", "leading zero"]);
}

#[test]
fn r4_whoever_wrote_an_assessment_that_was_set_aside_never_decides() {
    let mut given = Given::at(Stage::Assessment, Route::RightToAsk);
    given.checks(FULL, "10 10:00");
    given.done("all", "11 10:00", A::Assess, HELD_NOTHING);
    let back = "{path: stage, now: assessment, code: mistake, reason: x}";
    given.done("s.khan", "12 10:00", A::Correct, back);
    given.done("d.osei", "13 10:00", A::Assess, HELD_NOTHING);
    says(&given.refused("all", "14 10:00", A::Decide, NOTHING), &["all wrote or recorded", "(R4)"]);
    let by = format!("by: all{NOTHING}");
    says(&given.refused("m.reid", "14 10:00", A::Decide, &by), &["all wrote or recorded", "(R4)"]);
    let all = PersonId::new("all").unwrap();
    assert!(may_begin(given.case.as_ref(), A::Decide, &all, &given.settings).is_err());
    let next = findings::next(given.case(), at("14 10:00"), &given.settings);
    assert_eq!(
        next.why,
        "record the decision; not by all or d.osei, who wrote or recorded an assessment (R4)"
    );
    given.done("m.reid", "14 10:00", A::Decide, NOTHING);
    // The decision is not changed by them either, nor given to them.
    let change = "{path: decision.necessity, now: y, code: mistake, reason: x}";
    says(&given.refused("all", "15 10:00", A::Correct, change), &["all wrote or recorded", "(R4)"]);
    given.settings.file.permissions.0.retain(|(kind, _)| !["correct", "assess"].contains(&kind.as_str()));
    let everybody = || Role::ALL.to_vec();
    given.settings.file.permissions.0.push(("correct".to_owned(), everybody()));
    given.settings.file.permissions.0.push(("assess".to_owned(), everybody()));
    let take = "{path: decision.by, now: all, code: mistake, reason: x}";
    says(&given.refused("m.reid", "15 10:00", A::Correct, take), &["all wrote or recorded", "(R4)"]);
    let give = "{path: assessment.by, now: m.reid, code: mistake, reason: x}";
    says(&given.refused("s.khan", "15 10:00", A::Correct, give), &["m.reid wrote or recorded", "(R4)"]);
}

#[test]
fn r4_whoever_was_corrected_out_of_an_assessment_never_decides() {
    let assessed = |by: &str| {
        let mut given = Given::at(Stage::Assessment, Route::RightToAsk);
        given.checks(FULL, "10 10:00");
        given.done("all", "11 10:00", A::Assess, &but(HELD_NOTHING, "{", &format!("{{by: {by}, ")));
        given
    };
    let mut given = assessed("all");
    given.done(
        "s.khan",
        "12 10:00",
        A::Correct,
        "{path: assessment.by, now: d.osei, code: mistake, reason: x}",
    );
    says(&given.refused("all", "13 10:00", A::Decide, NOTHING), &["all wrote or recorded", "(R4)"]);
    // The whole record, and one that was set aside.
    let mut given = assessed("all");
    let whole = but(HELD_NOTHING, "{", "{by: d.osei, at: '2026-03-11T10:00:00Z', ");
    let whole = format!("{{path: assessment, now: {whole}, code: mistake, reason: x}}");
    given.done("s.khan", "12 10:00", A::Correct, &whole);
    says(&given.refused("all", "13 10:00", A::Decide, NOTHING), &["all wrote or recorded", "(R4)"]);
    // By an edit of the file.
    let mut given = assessed("all");
    let mut edited = given.case().clone();
    edited.assessment.as_mut().unwrap().by = By(PersonId::new("d.osei").unwrap());
    given.case = Some(super::changes::edit(&mut given, "s.khan", &edited).unwrap());
    says(&given.refused("all", "26 10:00", A::Decide, NOTHING), &["all wrote or recorded", "(R4)"]);
    // csods 0.1 took a path with empty steps.
    given.case.as_mut().unwrap().corrections[0].path = Line::new("assessment..by").unwrap();
    says(&given.refused("all", "26 10:00", A::Decide, NOTHING), &["all wrote or recorded", "(R4)"]);
}

#[test]
fn r4_an_author_of_an_assessment_does_not_take_their_name_off_it_in_any_way() {
    let mut given = Given::at(Stage::Assessment, Route::RightToAsk);
    given.checks(FULL, "10 10:00");
    given.done("all", "11 10:00", A::Assess, HELD_NOTHING);
    let whole = but(HELD_NOTHING, "{", "{by: d.osei, at: '2026-03-11T10:00:00Z', ");
    for (path, now) in [("assessment.by", "d.osei"), ("assessment", whole.as_str())] {
        let text = format!("{{path: {path}, now: {now}, code: mistake, reason: x}}");
        says(&given.refused("all", "12 10:00", A::Correct, &text), &["somebody else must correct", "(R4)"]);
    }
    let mut edited = given.case().clone();
    edited.assessment.as_mut().unwrap().by = By(PersonId::new("d.osei").unwrap());
    let found = super::changes::edit_refused(&mut given, "all", &edited);
    says(&found, &["somebody else must correct", "(R4)"]);
    // Any other fact of it they may correct.
    let risk = "{path: assessment.risk_to_child, now: high, code: mistake, reason: x}";
    given.done("all", "12 10:00", A::Correct, risk);
}

#[test]
fn r4_whoever_recorded_an_assessment_in_anothers_name_never_decides() {
    let mut given = Given::at(Stage::Assessment, Route::RightToAsk);
    given.checks(FULL, "10 10:00");
    given.done("all", "11 10:00", A::Assess, &but(HELD_NOTHING, "{", "{by: d.osei, "));
    let recorder = given.case().assessment.as_ref().unwrap().recorded_by.clone();
    assert_eq!(recorder, Some(PersonId::new("all").unwrap()));
    let refused = |given: &mut Given| {
        says(&given.refused("all", "14 10:00", A::Decide, NOTHING), &["all wrote or recorded", "(R4)"]);
        let by = format!("by: all{NOTHING}");
        says(&given.refused("m.reid", "14 10:00", A::Decide, &by), &["all wrote or recorded", "(R4)"]);
    };
    refused(&mut given);
    // Nor after somebody else wrote another.
    given.done("s.khan", "12 10:00", A::Correct, "{path: stage, now: assessment, code: mistake, reason: x}");
    given.done("d.osei", "13 10:00", A::Assess, HELD_NOTHING);
    refused(&mut given);
    // Who recorded the decision has not assessed either, whenever that comes out.
    given.settings.file.permissions.0.retain(|(kind, _)| !["decide", "assess"].contains(&kind.as_str()));
    given.settings.file.permissions.0.push(("decide".to_owned(), Role::ALL.to_vec()));
    given.settings.file.permissions.0.push(("assess".to_owned(), Role::ALL.to_vec()));
    given.done("a.king", "14 10:00", A::Decide, &format!("by: m.reid{NOTHING}"));
    let give = "{path: assessment.by, now: a.king, code: mistake, reason: x}";
    says(&given.refused("s.khan", "15 10:00", A::Correct, give), &["a.king wrote or recorded", "(R4)"]);
}

#[test]
fn r4_every_record_says_who_entered_it_where_somebody_else_did_it() {
    let mut given = Given::at(Stage::Interview, Route::RightToAsk);
    assert!(!files::write_case(given.case()).unwrap().windows(11).any(|bytes| bytes == b"recorded_by"));
    let king = PersonId::new("all").unwrap();
    given.done("all", "09 10:00", A::Interview, &format!("by: d.osei{MET}"));
    given.done("all", "09 10:00", A::Note, "{id: aaaa, text: x, by: r.patel}");
    given.done("all", "09 10:00", A::Note, "text: x");
    let case = given.case().clone();
    assert_eq!(case.interview.as_ref().unwrap().recorded_by, Some(king.clone()));
    let entered: Vec<_> = case.notes.iter().map(|note| note.recorded_by.clone()).collect();
    assert_eq!(entered, [Some(king.clone()), None]);
    // It stays through corrections, edits and returns, and is said by nobody else.
    given.done("s.khan", "10 10:00", A::Correct, "{path: notes.aaaa.text, now: y, code: mistake, reason: x}");
    given.done("s.khan", "10 10:00", A::Correct, "{path: stage, now: interview, code: mistake, reason: x}");
    let aside = given.case().reopened[0].set_aside.clone().unwrap();
    assert_eq!(aside.interview.unwrap().recorded_by, Some(king.clone()));
    assert_eq!(given.case().notes[0].recorded_by, Some(king.clone()));
    let mut edited = given.case().clone();
    edited.notes.push(Note {
        id: ItemId::new("bbbb").unwrap(),
        recorded_by: None,
        ..edited.notes[0].clone()
    });
    given.case = Some(super::changes::edit(&mut given, "s.khan", &edited).unwrap());
    let entered: Vec<_> = given.case().notes.iter().map(|note| note.recorded_by.clone()).collect();
    assert_eq!(entered, [Some(king), None, Some(PersonId::new("s.khan").unwrap())]);
    let path = "{path: notes.aaaa, now: {id: aaaa, by: r.patel, at: '2026-03-09T10:00:00Z', text: z}, code: mistake, reason: x}";
    says(&given.refused("s.khan", "25 11:00", A::Correct, path), &["notes.aaaa.recorded_by", "(X1)"]);
}

#[test]
fn r4_a_file_added_by_hand_is_entered_by_whoever_takes_it_in() {
    let mut given = Given::at(Stage::Assessment, Route::RightToAsk);
    given.checks(FULL, "10 10:00");
    given.done("d.osei", "11 10:00", A::Assess, HELD_NOTHING);
    let file = given.case().clone();
    let added = |case: &Case| {
        let action = super::changes::edit_action(case, case, "all", "20 10:00");
        Given::nothing().apply("all", "20 10:00", &action)
    };
    let case = added(&file).unwrap();
    let all = PersonId::new("all").unwrap();
    assert_eq!(case.assessment.as_ref().unwrap().recorded_by, Some(all.clone()));
    let mut taken = Given::of(case, settings());
    says(&taken.refused("all", "21 10:00", A::Decide, NOTHING), &["all wrote or recorded", "(R4)"]);
    taken.done("m.reid", "21 10:00", A::Decide, NOTHING);
    // A decision in it is neither by nor taken in by an assessor, and nobody says for csods who entered it.
    let refused = |case: &Case| match added(case) {
        Err(Refusal::Problems(problems)) => problems.iter().map(ToString::to_string).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    given.done("m.reid", "12 10:00", A::Decide, NOTHING);
    let mut decided = given.case().clone();
    assert!(added(&decided).is_ok());
    decided.assessment.as_mut().unwrap().recorded_by = Some(PersonId::new("s.khan").unwrap());
    says(&refused(&decided), &["assessment.recorded_by", "leave it out"]);
    decided.assessment.as_mut().unwrap().recorded_by = None;
    decided.decision.as_mut().unwrap().by = By(all.clone());
    says(&refused(&decided), &["decision.by", "(R4)"]);
    decided.decision.as_mut().unwrap().by = By(PersonId::new("m.reid").unwrap());
    decided.assessment.as_mut().unwrap().by = By(all);
    says(&refused(&decided), &["decision: must be taken in by somebody", "(R4)"]);
}
