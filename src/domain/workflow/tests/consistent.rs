//! What is true of a case at any time, told of files that no command makes.

use super::attempts;
use super::given::*;
use crate::domain::action::ActionKind as A;
use crate::domain::case::{Case, Correction, Imported, Route, Stage};
use crate::domain::record::Part as _;
use crate::domain::scalars::{ItemId, quoted};
use crate::domain::workflow::consistency::{check, ids};

/// What is wrong with the decision of a case.
fn of_decision(case: &Case) -> Vec<String> {
    let problems = check(case, &settings());
    let of_decision = problems.iter().filter(|problem| problem.path.to_string() == "decision");
    of_decision.map(|problem| problem.fault.to_string()).collect()
}

#[test]
fn s2_nobody_is_told_before_it_is_decided() {
    const TOLD: &str = "is missing, yet somebody was told (S2)";
    let mut given = Given::to_disclose();
    given.done("d.osei", "13 10:00", A::Disclose, &told("aaaa"));
    let disclosed = given.case().clone();
    let informed = Given::at(Stage::Closed, Route::RightToAsk).case().clone();
    for case in [disclosed, informed] {
        assert!(!of_decision(&case).contains(&TOLD.to_owned()));
        let undecided = Case { decision: None, ..case.clone() };
        assert!(of_decision(&undecided).contains(&TOLD.to_owned()), "{:?}", of_decision(&undecided));
        let untold = Case { disclosures: Vec::new(), informed: None, ..undecided };
        assert!(!of_decision(&untold).contains(&TOLD.to_owned()));
    }
    // What an old system did not record of a case that it had closed stays unrecorded.
    let informed = Given::at(Stage::Closed, Route::RightToAsk).case().clone();
    let imported = attempts::imported(0).case().imported.clone().unwrap();
    for (stage, wrong) in [(None, true), (Some(Stage::Closed), false)] {
        let imported = Some(Imported { stage, ..imported.clone() });
        let case = Case { decision: None, imported, ..informed.clone() };
        assert_eq!(of_decision(&case).contains(&TOLD.to_owned()), wrong, "{stage:?}");
    }
}

/// A case with two notes, a correction and a decision with recipients.
fn with_items() -> Case {
    let mut given = Given::to_disclose();
    given.done("d.osei", "20 10:00", A::Note, "text: x");
    given.done("d.osei", "20 10:00", A::Note, "text: x");
    let correct = "{path: subject.occupation, now: x, code: mistake, reason: x}";
    given.done("d.osei", "20 10:00", A::Correct, correct);
    given.case().clone()
}

#[test]
fn two_items_have_not_the_same_id_wherever_they_stand() {
    let case = with_items();
    assert_eq!(ids(&case), []);
    let note = case.notes[0].id.clone();
    let spoils: [fn(&mut Case, ItemId); 4] = [
        |case, id| case.notes[1].id = id,
        |case, id| case.checks[0].id = id,
        |case, id| case.decision.as_mut().unwrap().recipients[0].id = id,
        |case, id| case.children[0].id = id,
    ];
    for (number, spoil) in spoils.iter().enumerate() {
        let mut spoilt = case.clone();
        spoil(&mut spoilt, note.clone());
        let found: Vec<String> = ids(&spoilt).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["id: two items of the case have the same id"], "{number}");
        assert!(check(&spoilt, &settings()).contains(&ids(&spoilt)[0]), "{number}");
    }
}

#[test]
fn what_corrections_have_in_common_with_the_case_is_no_second_item() {
    let case = with_items();
    let correction = case.corrections[0].clone();
    // It quotes an item that still stands.
    let quoting = Correction { was: case.notes.write().map(quoted), ..correction.clone() };
    assert_eq!(ids(&Case { corrections: vec![quoting], ..case.clone() }), []);
    // A case that is sent back: the correction and the return are of one id.
    let mut given = Given::of(case.clone(), settings());
    given.done("d.osei", "21 10:00", A::Correct, "{path: stage, now: assessment, code: mistake, reason: x}");
    let sent_back = given.case();
    assert_eq!(sent_back.reopened[0].id, sent_back.corrections[1].id);
    assert_eq!(ids(sent_back), []);
    // Two corrections are two items.
    let twice = Case { corrections: vec![correction.clone(), correction], ..case };
    assert_eq!(ids(&twice).len(), 1);
}
