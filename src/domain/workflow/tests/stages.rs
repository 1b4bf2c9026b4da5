//! S1, S2, K1, K2, T1, T2, R2: the stages in their order, and what each must hold before it is left.

use super::given::*;
use crate::domain::action::ActionKind as A;
use crate::domain::case::{Route, Stage};

const ASK: Route = Route::RightToAsk;
const KNOW: Route = Route::RightToKnow;

#[test]
fn s1_a_case_goes_through_every_stage_in_order() {
    for stage in Stage::ALL {
        assert_eq!(Given::at(*stage, ASK).case().stage, *stage);
    }
}

#[test]
fn s1_t2_right_to_know_skips_the_interview_alone() {
    let given = Given::at(Stage::Interview, KNOW);
    assert_eq!(given.case().stage, Stage::Assessment);
    assert_eq!(Given::at(Stage::Closed, KNOW).case().stage, Stage::Closed);
}

#[test]
fn s1_no_stage_is_entered_out_of_turn() {
    let stages = [
        (A::Screen, WITHIN.to_owned(), Stage::InitialChecks),
        (A::Interview, MET.to_owned(), Stage::Interview),
        (A::Assess, HELD_NOTHING.to_owned(), Stage::Assessment),
        (A::Decide, NOTHING.to_owned(), Stage::Decision),
        (A::Disclose, told("aaaa"), Stage::Outcome),
        (A::Inform, "method: phone".to_owned(), Stage::Outcome),
        (A::Reopen, "{to: decision, reason: x}".to_owned(), Stage::Closed),
    ];
    for (kind, answers, belongs) in &stages {
        for stage in Stage::ALL.iter().filter(|stage| *stage != belongs) {
            let found = Given::at(*stage, ASK).refused("all", "20 10:00", *kind, answers);
            says(&found, &["it is not the time to", "(S1)"]);
        }
    }
}

#[test]
fn s1_a_case_is_made_once() {
    says(&Given::at(Stage::Decision, ASK).refused("all", "20 10:00", A::New, ASKED), &["(X1)"]);
    says(&Given::nothing().refused("all", "20 10:00", A::Note, "text: x"), &["no such case"]);
}

#[test]
fn s2_screening_names_all_missing_checks() {
    let mut given = Given::at(Stage::InitialChecks, ASK);
    given.checks(&["pnd"], "02 10:00");
    given.done("d.osei", "02 10:00", A::Check, "{system: visor, phase: initial, result: awaiting}");
    let found = given.refused("r.patel", "02 11:00", A::Screen, WITHIN);
    assert_eq!(found.len(), 3, "{found:?}");
    says(&found, &["pnc is missing", "(K2)"]);
    says(&found, &["visor is still awaited"]);
    says(&found, &["local_intelligence is missing"]);
}

#[test]
fn s2_assessment_names_all_missing_and_old_checks() {
    let mut given = Given::at(Stage::Assessment, ASK);
    given.checks(&["health", "education"], "10 10:00");
    let found = given.refused("d.osei", "11 10:00", A::Assess, HELD_NOTHING);
    assert_eq!(found.len(), 2, "{found:?}");
    says(&found, &["social_care is missing"]);
    // 2 March and 28 days is 30 March: fresh on it, no longer the day after.
    given.checks(FULL, "10 10:00");
    given.tried("d.osei", "30 22:00", A::Assess, HELD_NOTHING).unwrap();
    let found = given.refused("d.osei", "31 10:00", A::Assess, HELD_NOTHING);
    assert_eq!(found.len(), 4, "{found:?}");
    says(&found, &["pnc is no longer fresh"]);
}

#[test]
fn k1_not_done_needs_a_reason_and_who_agreed() {
    let mut given = Given::at(Stage::InitialChecks, ASK);
    let found =
        given.refused("r.patel", "02 10:00", A::Check, "{system: pnc, phase: initial, result: not_done}");
    assert_eq!(found, ["check.reason: missing", "check.agreed_by: missing"]);
    let not_done = "{system: pnc, phase: initial, result: not_done, reason: down, agreed_by: s.khan}";
    given.done("r.patel", "02 10:00", A::Check, not_done);
    let unknown = but(not_done, "s.khan", "nobody");
    says(&given.refused("r.patel", "02 10:00", A::Check, &unknown), &["check.agreed_by", "no person"]);
    // "Not done" must never look like "no trace": what belongs to the one is not taken with the other.
    for result in ["no_trace", "awaiting", "trace_relevant"] {
        let mixed = but(not_done, "not_done", &format!("{result}, summary: x"));
        let found = given.refused("r.patel", "02 10:00", A::Check, &mixed);
        says(&found, &["check.reason", "(K1)"]);
        says(&found, &["check.agreed_by", "(K1)"]);
    }
}

#[test]
fn k1_a_trace_needs_its_summary() {
    let mut given = Given::at(Stage::InitialChecks, ASK);
    for result in ["trace_relevant", "trace_not_relevant"] {
        let check = format!("{{system: pnc, phase: initial, result: {result}}}");
        assert_eq!(given.refused("r.patel", "02 10:00", A::Check, &check), ["check.summary: missing"]);
    }
    let unknown = "{system: tarot, phase: initial, result: no_trace}";
    says(&given.refused("r.patel", "02 10:00", A::Check, unknown), &["check.system", "must be one of"]);
}

#[test]
fn s6_outside_the_scheme_needs_no_checks_and_stays() {
    let mut given = Given::at(Stage::InitialChecks, ASK);
    given.done("r.patel", "02 11:00", A::Screen, OUTSIDE);
    assert_eq!(given.case().stage, Stage::InitialChecks);
}

#[test]
fn s1_a_screening_is_not_written_over() {
    let mut given = Given::at(Stage::InitialChecks, ASK);
    given.checks(INITIAL, "02 10:00");
    given.done("r.patel", "02 11:00", A::Screen, OUTSIDE);
    says(&given.refused("r.patel", "02 12:00", A::Screen, WITHIN), &["recorded already", "(S1)"]);
    let back = "{path: stage, now: initial_checks, code: new_information, reason: x}";
    given.done("d.osei", "02 13:00", A::Correct, back);
    given.done("r.patel", "02 14:00", A::Screen, WITHIN);
    assert_eq!(given.case().stage, Stage::Interview);
    let aside = given.case().reopened[0].set_aside.as_ref().unwrap();
    assert!(!aside.screening.as_ref().unwrap().within_scheme);
}

#[test]
fn r2_within_the_scheme_needs_a_named_subject_and_a_child() {
    let mut given = Given::nothing();
    let vague = but(ASKED, "{name: {family: Zzyzx, given: Sam}}", "{description: Zzyzx}");
    let start = vague.find("children:").unwrap();
    let end = vague.find("concern:").unwrap();
    let vague = format!("{}children: []\n{}", &vague[..start], &vague[end..]);
    given.done("r.patel", "02 09:30", A::New, &vague);
    given.checks(INITIAL, "02 10:00");
    let found = given.refused("r.patel", "02 11:00", A::Screen, WITHIN);
    says(&found, &["subject.name", "subject_not_identifiable", "(R2)"]);
    says(&found, &["children", "no_specific_child"]);
    given.done("r.patel", "02 11:00", A::Screen, OUTSIDE);
}

#[test]
fn t1_right_to_ask_is_never_anonymous() {
    let mut given = Given::nothing();
    let start = ASKED.find("applicant:").unwrap();
    let end = ASKED.find("subject:").unwrap();
    let nobody = format!("{}{}", &ASKED[..start], &ASKED[end..]);
    assert_eq!(given.refused("r.patel", "02 09:30", A::New, &nobody), ["applicant: missing"]);
    let nameless = but(ASKED, "name: {family: Zzyzx, given: Alex}", "name: {}");
    says(&given.refused("r.patel", "02 09:30", A::New, &nameless), &["applicant.name.family: missing"]);
}

#[test]
fn t2_right_to_know_has_no_applicant() {
    let both = but(ASKED, "route: right_to_ask", "route: right_to_know");
    says(&Given::nothing().refused("r.patel", "02 09:30", A::New, &both), &["applicant", "(T2)"]);
}

#[test]
fn r2_a_subject_is_named_or_described() {
    let nobody = but(KNOWN, "{name: {family: Zzyzx, given: Sam}}", "{occupation: driver}");
    says(&Given::nothing().refused("r.patel", "02 09:30", A::New, &nobody), &["subject.name: missing"]);
    let described = but(KNOWN, "{name: {family: Zzyzx, given: Sam}}", "{description: tall}");
    Given::nothing().done("r.patel", "02 09:30", A::New, &described);
    let silent = but(KNOWN, "children:", "signals:");
    says(&Given::nothing().refused("r.patel", "02 09:30", A::New, &silent), &["children: missing"]);
}

#[test]
fn c2_a_case_starts_on_the_clock_rules_of_its_day() {
    for (received, guidance) in [("2023-04-02T22:59:59Z", "2010"), ("2023-04-02T23:00:00Z", "2023")] {
        let mut given = Given::nothing();
        given.done("r.patel", "02 09:30", A::New, &but(ASKED, "2026-03-02T09:15:00Z", received));
        assert_eq!(given.case().guidance.as_str(), guidance, "{received}");
    }
    let early = but(ASKED, "2026-03-02T09:15:00Z", "2009-01-01T00:00:00Z");
    says(&Given::nothing().refused("r.patel", "02 09:30", A::New, &early), &["(C2)"]);
}

#[test]
fn c1_late_entries_lie_between_receipt_and_now() {
    let mut given = Given::at(Stage::InitialChecks, ASK);
    let entry = |at: &str| format!("{{text: x, at: {at}}}");
    given.done("d.osei", "20 10:00", A::Note, &entry("2026-03-02T09:15:00Z"));
    let found = given.refused("d.osei", "20 10:00", A::Note, &entry("2026-03-02T09:14:59Z"));
    assert_eq!(found, ["note.at: lies before the application was received"]);
    let found = given.refused("d.osei", "20 10:00", A::Note, &entry("2026-03-20T10:00:01Z"));
    assert_eq!(found, ["note.at: lies in the future"]);
    let late = but(ASKED, "2026-03-02T09:15:00Z", "2026-03-02T09:31:00Z");
    assert_eq!(
        Given::nothing().refused("r.patel", "02 09:30", A::New, &late),
        ["received.at: lies in the future"]
    );
}

#[test]
fn s1_records_of_stages_stand_in_the_order_of_time() {
    let mut given = Given::at(Stage::Interview, ASK);
    let early = format!("at: 2026-03-02T10:59:59Z\n{MET}");
    let found = given.refused("d.osei", "09 10:00", A::Interview, &early);
    says(&found, &["interview.at", "(S1)"]);
    let mut given = Given::at(Stage::Decision, ASK);
    let early = format!("at: 2026-03-11T09:00:00Z\n{NOTHING}");
    says(&given.refused("m.reid", "12 10:00", A::Decide, &early), &["decision.at", "(S1)"]);
    let early = "{reason: nothing_to_disclose, at: 2026-03-12T09:59:59Z}";
    let mut given = Given::at(Stage::Outcome, KNOW);
    says(&given.refused("s.khan", "13 10:00", A::Close, early), &["closure.at", "(S1)"]);
}

#[test]
fn a_wrong_moment_hides_nothing_else_that_is_wrong() {
    let mut given = Given::at(Stage::InitialChecks, ASK);
    let future = "{immediate_risk: false, within_scheme: true, reason: x, at: 2026-05-01T00:00:00Z}";
    let found = given.refused("r.patel", "02 11:00", A::Screen, future);
    says(&found, &["screening.at", "future"]);
    says(&found, &["(K2)"]);
}
