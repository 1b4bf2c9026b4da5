//! What a case needs next at each stage, and each warning.

use super::*;
use crate::domain::workflow::tests::given::*;
use ActionKind as A;

const ASK: Route = Route::RightToAsk;

fn next_of(given: &Given, when: &str) -> Next {
    next(given.case(), at(when), &given.settings)
}

fn kinds(given: &Given, when: &str) -> Vec<&'static str> {
    warnings(given.case(), at(when), &given.settings).into_iter().map(|warning| warning.kind).collect()
}

#[test]
fn next_at_the_initial_checks() {
    let mut given = Given::at(Stage::InitialChecks, ASK);
    let needs = next_of(&given, "02 10:00");
    assert_eq!((needs.action, needs.missing.len()), (Some(A::Check), 4));
    given.checks(INITIAL, "02 10:00");
    assert_eq!(next_of(&given, "02 10:00").action, Some(A::Screen));
    given.done("r.patel", "02 11:00", A::Screen, OUTSIDE);
    assert_eq!(next_of(&given, "02 12:00").action, Some(A::Close));
}

#[test]
fn next_at_the_interview() {
    let mut given = Given::at(Stage::Interview, ASK);
    assert_eq!(next_of(&given, "03 10:00").action, Some(A::Interview));
    given.done("r.patel", "03 10:00", A::Withdraw, "{how: withdrawn, reason: x}");
    assert_eq!(next_of(&given, "03 10:00").action, Some(A::Reroute));
}

#[test]
fn next_at_the_assessment_and_the_decision() {
    let mut given = Given::at(Stage::Assessment, ASK);
    let needs = next_of(&given, "10 10:00");
    assert_eq!((needs.action, needs.missing.len()), (Some(A::Check), 4));
    given.checks(FULL, "10 10:00");
    assert_eq!(next_of(&given, "10 10:00").action, Some(A::Assess));
    let needs = next_of(&Given::at(Stage::Decision, ASK), "12 10:00");
    assert_eq!(needs.action, Some(A::Decide));
    assert!(needs.why.contains("not by d.osei") && needs.why.contains("(R4)"));
}

#[test]
fn next_at_the_outcome() {
    let given = Given::at(Stage::Outcome, ASK);
    let needs = next_of(&given, "13 10:00");
    assert_eq!((needs.action, needs.missing.len()), (Some(A::Inform), 1));
    assert_eq!(next_of(&Given::at(Stage::Outcome, Route::RightToKnow), "13 10:00").action, Some(A::Close));
    let mut given = Given::to_disclose();
    let needs = next_of(&given, "13 10:00");
    assert_eq!((needs.action, needs.missing.len()), (Some(A::Disclose), 2));
    let needs = next_of(&given, "31 10:00");
    assert_eq!((needs.action, needs.missing.len()), (Some(A::Check), 6));
    given.done("d.osei", "13 10:00", A::Disclose, &told("aaaa"));
    assert_eq!(next_of(&given, "13 10:00").missing.len(), 1);
    given.done("d.osei", "13 10:00", A::Disclose, &told("bbbb"));
    assert_eq!(next_of(&given, "13 10:00").action, Some(A::Close));
    assert_eq!(next_of(&Given::at(Stage::Closed, ASK), "20 10:00").action, None);
}

#[test]
fn s5_a_recipient_who_left_sends_the_case_back_to_the_decision() {
    let mut given = Given::to_disclose();
    given.done("r.patel", "12 12:00", A::Withdraw, "{how: withdrawn, reason: x}");
    let needs = next_of(&given, "13 10:00");
    assert_eq!(needs.action, Some(A::Correct));
    assert!(needs.why.contains("(S5)"));
    given.done(
        "d.osei",
        "13 10:00",
        A::Correct,
        "{path: stage, now: decision, code: new_information, reason: x}",
    );
    assert_eq!(next_of(&given, "13 10:00").action, Some(A::Decide));
}

#[test]
fn a1_a2_every_screen_warns_of_contact_and_parents() {
    for stage in Stage::ALL {
        let given = Given::at(*stage, ASK);
        assert_eq!(kinds(&given, "20 10:00"), ["parents_not_aware", "safe_contact"], "{stage}");
    }
    let mut given = Given::nothing();
    let unaware = but(ASKED, "{mother: yes, father: unknown}", "{mother: no, father: unknown}");
    given.done("r.patel", "02 09:30", A::New, &unaware);
    let all = warnings(given.case(), at("02 10:00"), &given.settings);
    let texts: Vec<&str> = all.iter().map(|warning| warning.text.as_str()).collect();
    assert!(
        texts[0].starts_with("the mother of child") && texts[0].ends_with("DOES NOT KNOW of the application")
    );
    assert!(texts[1].ends_with("may not know of the application"));
    assert_eq!(texts[2], "contact the applicant by phone only; NO LETTERS, see the instructions");
    assert!(kinds(&Given::at(Stage::InitialChecks, Route::RightToKnow), "02 10:00").is_empty());
}

#[test]
fn s3_immediate_risk_warns_until_something_was_done() {
    let mut given = Given::at(Stage::InitialChecks, ASK);
    given.done(
        "r.patel",
        "02 11:00",
        A::Screen,
        &but(OUTSIDE, "immediate_risk: false", "immediate_risk: true"),
    );
    assert_eq!(kinds(&given, "02 12:00")[0], "immediate_risk");
    given.done("r.patel", "02 12:00", A::Urgent, "action: Zzyzx");
    assert_eq!(kinds(&given, "02 12:00")[0], "urgent");
}

#[test]
fn s5_s7_i1_what_stands_against_the_applicant_warns() {
    let mut given = Given::at(Stage::Interview, ASK);
    let met = but(
        MET,
        "identity: [{kind: passport}]\naddress_proof: utility_bill",
        "identity_not_confirmed: Zzyzx",
    );
    given.done("d.osei", "09 10:00", A::Interview, &but(&met, "genuine: true", "genuine: false"));
    given.done("r.patel", "09 11:00", A::Withdraw, "{how: unreachable, reason: x}");
    let kinds = kinds(&given, "10 10:00");
    for kind in ["withdrawn", "identity_not_confirmed", "not_genuine"] {
        assert!(kinds.contains(&kind), "{kind}: {kinds:?}");
    }
}

#[test]
fn k1_k3_checks_not_done_and_old_warn() {
    let mut given = Given::at(Stage::InitialChecks, Route::RightToKnow);
    let not_done = "{system: pnc, phase: initial, result: not_done, reason: x, agreed_by: s.khan}";
    given.done("r.patel", "02 10:00", A::Check, not_done);
    assert_eq!(kinds(&given, "02 10:00"), ["check_not_done"]);
    given.checks(&["pnc"], "02 11:00");
    assert!(kinds(&given, "30 10:00").is_empty());
    assert_eq!(kinds(&given, "31 10:00"), ["stale_check"]);
    let said = warnings(given.case(), at("31 10:00"), &given.settings).remove(0);
    assert!(said.rule == "K3" && !said.text.contains("K3"), "the rule is said once: {}", said.text);
    assert!(kinds(&Given::at(Stage::Closed, Route::RightToKnow), "31 10:00").is_empty());
}

#[test]
fn l1_a_similar_case_warns_until_it_is_linked() {
    let mut given = Given::nothing();
    let like = "signals: [{to: KP-26-000000, ours: applicant, theirs: subject, reasons: []}]\nconcern: Zzyzx";
    given.done("r.patel", "02 09:30", A::New, &but(KNOWN, "concern: Zzyzx", like));
    assert_eq!(kinds(&given, "02 10:00"), ["similar_case"]);
    given.done("d.osei", "02 10:00", A::Link, "{to: KP-26-000000, reason: x}");
    assert!(kinds(&given, "02 10:00").is_empty());
}

#[test]
fn o3_no_warning_and_no_next_step_holds_a_personal_fact() {
    for given in [Given::to_disclose(), Given::at(Stage::Interview, ASK), Given::convicted()] {
        let now = at("31 10:00");
        let text = format!(
            "{:?} {:?}",
            next(given.case(), now, &given.settings),
            warnings(given.case(), now, &given.settings)
        );
        assert!(!text.contains(SECRET), "{text}");
    }
}
