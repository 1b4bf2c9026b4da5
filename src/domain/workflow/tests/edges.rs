//! The edges of the rules: the very moment at which something begins or ends to hold, and conditions of which one part
//! alone holds.

use super::attempts;
use super::changes::correction;
use super::given::*;
use crate::domain::action::ActionKind as A;
use crate::domain::case::{Contact, Route, Stage};
use crate::domain::workflow::{consistency, rules};

const ASK: Route = Route::RightToAsk;
const LEFT: &str = "{how: withdrawn, reason: Zzyzx}";
const EXTEND: &str = "{clock: initial_checks, until: 2026-03-20, reason: Zzyzx, authorised_by: s.khan, applicant_told: {told: false, reason: Zzyzx}}";

/// The rules that say so, of a problem.
fn rule(problem: Option<crate::domain::record::Problem>) -> String {
    problem.map(|problem| problem.to_string()).unwrap_or_default()
}

#[test]
fn s1_stages_of_one_moment_stand_in_their_order() {
    let mut given = Given::at(Stage::InitialChecks, ASK);
    given.checks(INITIAL, "02 11:00");
    given.done("r.patel", "02 11:00", A::Screen, WITHIN);
    given.done("d.osei", "02 11:00", A::Interview, MET);
    assert_eq!(consistency::check(given.case(), &given.settings), []);
}

#[test]
fn i3_a_document_may_be_seen_on_the_day_of_receipt() {
    let mut given = Given::at(Stage::Interview, ASK);
    let seen = but(MET, "kind: passport", "kind: passport, seen_on: 2026-03-02");
    given.done("d.osei", "09 10:00", A::Interview, &seen);
}

#[test]
fn c5_a_clock_is_extended_until_it_is_met_and_twice_in_one_moment() {
    let mut given = Given::at(Stage::Interview, ASK);
    says(&given.refused("d.osei", "02 11:01", A::Extend, EXTEND), &["extension.clock", "met already"]);
    given.done("d.osei", "02 11:00", A::Extend, EXTEND);
    given.done("d.osei", "02 11:00", A::Extend, &but(EXTEND, "2026-03-20", "2026-03-21"));
}

#[test]
fn t2_t3_s5_there_is_an_applicant_until_they_left_or_the_route_changed() {
    let mut given = Given::at(Stage::Assessment, ASK);
    given.done("d.osei", "09 12:00", A::Withdraw, LEFT);
    given.done("s.khan", "09 13:00", A::Reroute, "reason: Zzyzx");
    let mut case = given.case().clone();
    let gone = |case: &_, when: &str| rule(rules::applicant_gone("x", case, at(when)));
    assert_eq!(gone(&case, "09 12:00"), "");
    assert!(gone(&case, "09 12:01").contains("(S5)"));
    case.withdrawal = None;
    assert_eq!([gone(&case, "09 12:59"), gone(&case, "09 13:00")], ["", ""]);
    assert!(gone(&case, "09 13:01").contains("(T2)"));
    case.rerouted.clear();
    assert!(gone(&case, "09 12:00").contains("(T2)"), "on the right to know");
    case.route = ASK;
    assert_eq!(gone(&case, "09 12:00"), "");
    case.applicant = None;
    assert!(gone(&case, "09 12:00").contains("(T2)"), "with nobody who applied");
}

#[test]
fn s5_contact_in_the_moment_of_leaving_is_not_after_it() {
    let mut given = Given::at(Stage::Assessment, ASK);
    let rang = "{with: applicant, method: phone, direction: outbound, summary: Zzyzx}";
    let contact = |given: &Given, when: &str| -> Contact {
        let mut given = given.clone();
        given.done("d.osei", when, A::Contact, rang).case().contacts[0].clone()
    };
    let (then, later) = (contact(&given, "09 12:00"), contact(&given, "09 12:01"));
    given.done("d.osei", "09 12:00", A::Withdraw, LEFT);
    assert_eq!(rules::contact(given.case(), &then), []);
    assert_eq!(rules::contact(given.case(), &later).len(), 1);
}

#[test]
fn k2_an_awaited_check_and_an_old_one_do_not_do_for_the_assessment() {
    let mut given = Given::at(Stage::Assessment, ASK);
    given.checks(&FULL[1..], "10 10:00");
    given.done("d.osei", "10 10:00", A::Check, "{system: social_care, phase: full, result: awaiting}");
    let found = given.refused("d.osei", "11 10:00", A::Assess, HELD_NOTHING);
    says(&found, &["checks.social_care", "still awaited", "(K2)"]);
    assert_eq!(found.len(), 1, "{found:?}");
    let mut given = Given::at(Stage::Assessment, ASK);
    given.checks(FULL, "10 10:00");
    given.settings.file.checks.fresh_days = 5;
    let found = given.refused("d.osei", "11 10:00", A::Assess, HELD_NOTHING);
    says(&found, &["checks.pnc", "no longer fresh", "(K2)"]);
    assert_eq!(found.len(), INITIAL.len(), "{found:?}");
}

#[test]
fn s6_only_who_can_be_told_must_be_said_to_be_told() {
    let ended = "{reason: subject_not_identifiable, done_instead: Zzyzx, note: Zzyzx}";
    for (route, asked) in [(ASK, true), (Route::RightToKnow, false)] {
        let mut given = Given::at(Stage::InitialChecks, route);
        given.checks(INITIAL, "02 10:00");
        given.done("r.patel", "02 11:00", A::Screen, OUTSIDE);
        if asked {
            let found = given.refused("s.khan", "03 10:00", A::Close, ended);
            assert_eq!(found, ["closure.applicant_told: missing"]);
            let told = but(ended, "}", ", applicant_told: {told: true, method: phone}}");
            given.done("s.khan", "03 10:00", A::Close, &told);
        } else {
            given.done("s.khan", "03 10:00", A::Close, ended);
        }
    }
}

#[test]
fn s5_an_applicant_leaves_after_they_were_last_spoken_to() {
    let late = |when: &str| but(LEFT, "{", &format!("{{at: 2026-03-{when}Z, "));
    let mut given = Given::at(Stage::Assessment, ASK);
    given.clone().done("d.osei", "10 10:00", A::Withdraw, &late("09T10:00:00"));
    says(&given.refused("d.osei", "10 10:00", A::Withdraw, &late("09T09:59:00")), &["withdrawal.at", "(S5)"]);
    // What was said to the carer is nothing that was said to them.
    let mut given = Given::to_disclose();
    given.done("d.osei", "14 10:00", A::Disclose, &told("bbbb"));
    given.clone().done("d.osei", "14 12:00", A::Withdraw, &late("13T10:00:00"));
    given.done("d.osei", "14 11:00", A::Disclose, &told("aaaa"));
    let found = given.refused("d.osei", "14 12:00", A::Withdraw, &late("13T10:00:00"));
    says(&found, &["withdrawal", "(S"]);
}

#[test]
fn d2_d3_what_comes_before_a_decision_may_come_in_its_moment() {
    let mut given = Given::convicted();
    let late = but(DISCLOSE, "outcome", "at: 2026-03-12T10:00:00Z\noutcome");
    let consulted = |at: &str| but(&late, "social_care, view", &format!("social_care, at: {at}, view"));
    for good in ["2026-03-02T09:15:00Z", "2026-03-11T10:00:00Z", "2026-03-12T10:00:00Z"] {
        given.clone().done(
            "m.reid",
            "12 12:00",
            A::Decide,
            &but(&consulted(good), "offender_management,", "offender_management, at: 2026-03-12T10:00:00Z,"),
        );
    }
    let both = but(
        &consulted("2026-03-12T10:00:01Z"),
        "offender_management,",
        "offender_management, at: 2026-03-12T10:00:00Z,",
    );
    let found = given.refused("m.reid", "12 12:00", A::Decide, &both);
    says(&found, &["consulted.0.at", "after the decision"]);
    let plain = but(
        DISCLOSE,
        "sought: false, why_not: not_safe, reason: Zzyzx",
        "sought: true, sought_on: 2026-03-02, how: Zzyzx, said: Zzyzx, weight: Zzyzx",
    );
    given.clone().done("m.reid", "12 10:00", A::Decide, &plain);
    given.done(
        "m.reid",
        "12 10:00",
        A::Decide,
        &but(&plain, "sought_on: 2026-03-02", "sought_on: 2026-03-12"),
    );
}

#[test]
fn o1_a_registered_subject_is_something_held() {
    let mut given = Given::at(Stage::Assessment, ASK);
    given.checks(FULL, "10 10:00");
    given.done("d.osei", "11 10:00", A::Assess, &but(CONVICTED, "convicted: true", "convicted: false"));
    let both = but(NOTHING, "view: Zzyzx}", "view: Zzyzx}, {agency: offender_management, view: Zzyzx}");
    says(&given.refused("m.reid", "12 10:00", A::Decide, &both), &["something is held", "(O1)"]);
}

#[test]
fn s7_documents_that_confirm_nothing_do_not_make_the_applicant_known() {
    let mut given = Given::at(Stage::Interview, ASK);
    let doubted = but(MET, "address_proof", "identity_not_confirmed: Zzyzx\naddress_proof");
    given.done("d.osei", "09 10:00", A::Interview, &doubted);
    given.checks(FULL, "10 10:00");
    given.done("d.osei", "11 10:00", A::Assess, CONVICTED);
    says(&given.refused("m.reid", "12 10:00", A::Decide, DISCLOSE), &["decision.recipients.0", "(S7)"]);
}

#[test]
fn o4_the_follow_up_may_be_on_the_day_of_the_disclosure() {
    let mut given = Given::to_disclose();
    given.done("d.osei", "13 10:00", A::Disclose, &but(&told("bbbb"), "2026-06-01", "2026-03-13"));
    // The applicant is told as well: one recipient told does not stand for the other (O4).
    assert_eq!(given.case().stage, Stage::Outcome);
}

/// A corrected value that does not fit is told at the answer that gave it; a place that has nothing above it is none.
#[test]
fn a_correction_that_does_not_fit_is_told_where_it_was_given() {
    let mut given = Given::at(Stage::Decision, Route::RightToAsk);
    let found =
        given.refused("d.osei", "20 10:00", A::Correct, &correction("assessment.risk_to_child", "huge"));
    assert!(found.len() == 1 && found[0].starts_with("correction.now: must be"), "{found:?}");
    let remove = "{path: assessment.risk_to_child, code: mistake, reason: x}";
    let found = given.refused("d.osei", "20 10:00", A::Correct, remove);
    assert_eq!(found, ["correction.now: missing"]);
    const NO_PLACE: &str = "correction.path: is no place in this case";
    for path in ["closure.note", "checks.zzzz.summary", "children.7.description", "withdrawal.how"] {
        assert_eq!(
            given.refused("d.osei", "20 10:00", A::Correct, &correction(path, "x")),
            [NO_PLACE],
            "{path}"
        );
    }
    given.done("d.osei", "20 10:00", A::Correct, &correction("subject.occupation", "x"));
}

#[test]
fn a_correction_adds_an_item_behind_the_last_of_a_list() {
    let mut given = Given::at(Stage::Decision, Route::RightToAsk);
    let child = "{id: zzzz, name: {family: Zzyzx}, contact: unknown, relationship_to_subject: none, \
                 parents_aware: {mother: yes, father: yes}}";
    const NO_PLACE: &str = "correction.path: is no place in this case";
    assert_eq!(
        given.refused("d.osei", "20 10:00", A::Correct, &correction("children.0.name.0", "x")),
        [NO_PLACE]
    );
    given.done("d.osei", "20 10:00", A::Correct, &correction("children.1", child));
    assert_eq!(given.case().children.len(), 2);
}

#[test]
fn x1_of_a_letter_only_its_sending_is_corrected() {
    let mut given = Given::at(Stage::Interview, ASK);
    let when = "2026-03-03T10:00:00Z";
    let letter = attempts::letter(&given, "d.osei", when, 0);
    given.case = Some(given.apply("d.osei", when, &letter).unwrap());
    let id = given.case().letters[0].id.clone();
    given.done("d.osei", "03 12:00", A::Sent, &format!("letter: {id}"));
    let at = |path: &str| correction(&format!("letters.{id}.{path}"), "2026-03-03T11:00:00Z");
    says(&given.refused("d.osei", "03 13:00", A::Correct, &at("at")), &["(X1)"]);
    given.done("d.osei", "03 13:00", A::Correct, &at("sent.at"));
    let remove = format!("{{path: letters.{id}, code: mistake, reason: x}}");
    says(&given.refused("d.osei", "03 13:00", A::Correct, &remove), &["(X1)"]);
}
