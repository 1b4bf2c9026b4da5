//! C10: records of a machine whose clock is ahead.

use super::given::*;
use crate::domain::action::ActionKind as A;
use crate::domain::case::{Case, Route, Stage};
use crate::domain::scalars::At;
use crate::domain::workflow::ahead::stand_ahead;
use crate::domain::workflow::consistency;

const ASK: Route = Route::RightToAsk;

/// What can be done at each stage, by whom.
const WORK: &[(Stage, &str, A, &str)] = &[
    (
        Stage::InitialChecks,
        "r.patel",
        A::Check,
        "{system: pnc, phase: initial, result: no_trace, summary: x}",
    ),
    (Stage::InitialChecks, "d.osei", A::Extend, EXTENDED),
    (Stage::Interview, "d.osei", A::Interview, MET),
    (Stage::Interview, "d.osei", A::Withdraw, "{how: withdrawn, reason: x}"),
    (Stage::Decision, "m.reid", A::Decide, NOTHING),
    (Stage::Outcome, "d.osei", A::Inform, "method: phone"),
    (Stage::Closed, "s.khan", A::Reopen, "{to: outcome, reason: x}"),
];

const EXTENDED: &str = "{clock: whole, until: 2026-05-10, reason: x, authorised_by: s.khan, \
                        applicant_told: {told: false, reason: x}}";

/// What can be done at any stage.
const ANY: &[(A, &str)] = &[
    (A::Note, "text: x"),
    (A::Urgent, "action: x"),
    (A::Refer, "{to: social_care, reason: x}"),
    (A::Contact, "{with: applicant, method: phone, direction: inbound, summary: x}"),
];

#[test]
fn c10_what_lies_ahead_blocks_no_new_record() {
    let stages = [
        Stage::InitialChecks,
        Stage::Interview,
        Stage::Assessment,
        Stage::Decision,
        Stage::Outcome,
        Stage::Closed,
    ];
    // After receipt and before everything else; before receipt as well.
    for now in ["02 09:20", "01 09:00"] {
        for stage in stages {
            for (kind, answers) in ANY {
                Given::at(stage, ASK).done("d.osei", now, *kind, answers);
            }
        }
        for (stage, who, kind, answers) in WORK {
            let mut given = Given::at(*stage, ASK);
            let before = given.case().clone();
            given.done(who, now, *kind, answers);
            assert_ne!(*given.case(), before, "{kind:?}");
            assert_eq!(given.case().received, before.received, "what lies ahead stays as it is");
        }
        // The checks that a screening and an assessment need were made by that machine.
        let mut given = Given::nothing();
        given.done("r.patel", "02 09:30", A::New, ASKED);
        given.checks(INITIAL, "02 10:00");
        given.done("r.patel", now, A::Screen, WITHIN);
        given.done("d.osei", now, A::Interview, MET);
        given.checks(FULL, "10 10:00");
        given.done("d.osei", now, A::Assess, HELD_NOTHING);
    }
}

#[test]
fn c10_rules_that_are_not_about_time_are_asked_all_the_same() {
    let mut given = Given::at(Stage::Interview, ASK);
    let wrong = MET.replace("pack_given: true", "pack_given: false");
    says(&given.refused("d.osei", "01 09:00", A::Interview, &wrong), &["interview.pack_given", "(I1)"]);
    // Nobody speaks with an applicant who left, whatever the clock of who recorded it said.
    given.done("d.osei", "20 10:00", A::Withdraw, "{how: withdrawn, reason: x}");
    let rings = "{with: applicant, method: phone, direction: outbound, summary: x}";
    says(&given.refused("d.osei", "10 10:00", A::Contact, rings), &["(S5)"]);
}

#[test]
fn c10_a_new_record_lies_in_no_future_of_its_own() {
    let mut given = Given::at(Stage::Decision, ASK);
    let ahead = "{text: x, at: 2026-03-02T09:21:00Z}";
    assert_eq!(given.refused("d.osei", "02 09:20", A::Note, ahead), ["note.at: lies in the future"]);
    let consulted = NOTHING.replace("agency: social_care", "agency: social_care, at: 2026-03-12T10:01:00Z");
    assert_ne!(consulted, NOTHING);
    let found = given.refused("m.reid", "12 10:00", A::Decide, &consulted);
    says(&found, &["decision.consulted.0.at"]);
    let mut interview = Given::at(Stage::Interview, ASK);
    let unseen = but(MET, "kind: passport", "kind: passport, seen_on: 2026-03-10");
    let found = interview.refused("d.osei", "09 10:00", A::Interview, &unseen);
    assert_eq!(found, ["interview.identity.0.seen_on: lies in the future"]);
    let correct = "{path: screening.at, now: 2026-03-30T10:00:00Z, code: mistake, reason: x}";
    let found = interview.refused("d.osei", "20 10:00", A::Correct, correct);
    assert_eq!(found, ["screening.at: lies in the future"]);
}

#[test]
fn c10_a_time_before_receipt_only_where_the_receipt_lies_ahead() {
    let mut given = Given::at(Stage::InitialChecks, ASK);
    let early = "{text: x, at: 2026-03-02T09:00:00Z}";
    let found = given.refused("d.osei", "02 10:00", A::Note, early);
    assert_eq!(found, ["note.at: lies before the application was received"]);
    given.done("d.osei", "02 09:10", A::Note, early);
}

#[test]
fn c10_urgent_is_never_refused_because_of_a_time() {
    for (stated, recorded) in [
        ("2026-03-02T09:20:00Z", "2026-03-02T09:20:00Z"),
        ("2026-03-02T09:00:00Z", "2026-03-20T10:00:00Z"),
        ("2026-03-20T10:00:01Z", "2026-03-20T10:00:00Z"),
        ("2126-03-20T10:00:00Z", "2026-03-20T10:00:00Z"),
        ("1926-03-20T10:00:00Z", "2026-03-20T10:00:00Z"),
    ] {
        let mut given = Given::at(Stage::InitialChecks, ASK);
        given.done("d.osei", "20 10:00", A::Urgent, &format!("{{action: x, at: {stated}}}"));
        assert_eq!(given.case().urgent[0].at, At(at(recorded)), "{stated}");
    }
}

#[test]
fn c10_each_record_that_lies_ahead_is_named_with_what_mends_it() {
    let mut given = Given::at(Stage::Interview, ASK);
    given.done("d.osei", "20 10:00", A::Note, "text: x");
    let now = at("03 10:00");
    let note = given.case().notes[0].id.clone();
    let ahead = |case: &Case| -> Vec<String> {
        stand_ahead(case, now, &settings()).iter().map(ToString::to_string).collect()
    };
    let reference = given.case().reference.clone();
    let mend = format!("`csods correct {reference} --path notes.{note}.at` mends it (C10)");
    assert_eq!(ahead(given.case()), [format!("notes.0.at: lies ahead of the clock; {mend}")]);
    assert!(consistency::check(given.case(), &settings()).is_empty());
    let correct = format!("{{path: notes.{note}.at, now: 2026-03-03T09:00:00Z, code: mistake, reason: x}}");
    given.done("d.osei", "03 10:00", A::Correct, &correct);
    assert!(ahead(given.case()).is_empty());
    // The receipt itself, with everything after it.
    let mut given = Given::at(Stage::Interview, ASK);
    let early = at("01 10:00");
    assert!(
        stand_ahead(given.case(), early, &settings())[0].to_string().contains("--path received.at` mends it")
    );
    let correct = "{path: received.at, now: 2026-03-01T09:00:00Z, code: mistake, reason: x}";
    given.done("d.osei", "01 10:00", A::Correct, correct);
}
