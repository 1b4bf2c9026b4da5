//! S5, S6, O6, T3, S1: how a case ends, how an applicant leaves it, and how it is opened again.

use super::given::*;
use crate::domain::action::ActionKind as A;
use crate::domain::case::{ClosureReason, Route, Stage};

const ASK: Route = Route::RightToAsk;
const KNOW: Route = Route::RightToKnow;
const LEFT: &str = "{how: withdrawn, reason: Zzyzx}";
const REROUTE: &str = "reason: Zzyzx";

/// A case closed for `reason` with everything that any ending may need.
fn closing(reason: ClosureReason) -> String {
    format!("{{reason: {reason}, note: Zzyzx, done_instead: Zzyzx, no_child_at_risk: Zzyzx}}")
}

#[test]
fn s6_each_early_ending_from_the_screening() {
    let early: Vec<_> = ClosureReason::ALL.iter().filter(|reason| reason.is_early()).collect();
    assert_eq!(early.len(), 7);
    for reason in early {
        let mut given = Given::at(Stage::InitialChecks, ASK);
        says(
            &given.refused("s.khan", "02 12:00", A::Close, &closing(*reason)),
            &["screening is missing", "(S2)"],
        );
        given.done("r.patel", "02 11:00", A::Screen, OUTSIDE);
        let bare = given.refused("s.khan", "02 12:00", A::Close, &format!("reason: {reason}"));
        assert_eq!(
            bare,
            ["closure.done_instead: missing", "closure.applicant_told: missing", "closure.note: missing"]
        );
        let full = format!(
            "{{reason: {reason}, note: Zzyzx, done_instead: Zzyzx, applicant_told: {{told: true, method: phone}}}}"
        );
        given.done("s.khan", "02 12:00", A::Close, &full);
        assert_eq!(given.case().stage, Stage::Closed);
    }
}

#[test]
fn s6_the_applicant_is_told_why_by_a_safe_way_or_why_not() {
    let mut given = Given::at(Stage::InitialChecks, ASK);
    given.done("r.patel", "02 11:00", A::Screen, OUTSIDE);
    let close =
        |told: &str| format!("{{reason: duplicate, note: x, done_instead: x, applicant_told: {told}}}");
    for (told, words) in [
        ("{told: true}", ["applicant_told.method", "missing"]),
        ("{told: false}", ["applicant_told.reason", "missing"]),
        ("{told: true, method: letter}", ["applicant_told.method", "(A1)"]),
    ] {
        says(&given.refused("s.khan", "02 12:00", A::Close, &close(told)), &words);
    }
    given.done("s.khan", "02 12:00", A::Close, &close("{told: false, reason: not safe}"));
}

#[test]
fn s6_s5_an_early_ending_after_the_screening_says_why_no_child_is_at_risk() {
    for stage in [Stage::Interview, Stage::Assessment] {
        let mut given = Given::at(stage, ASK);
        let early = "{reason: identity_not_confirmed, note: x, done_instead: x, applicant_told: {told: false, reason: x}}";
        let found = given.refused("s.khan", "12 12:00", A::Close, early);
        assert_eq!(found, ["closure.no_child_at_risk: missing"]);
        given.done("s.khan", "12 12:00", A::Close, &but(early, "note: x", "note: x, no_child_at_risk: x"));
    }
    let mut given = Given::at(Stage::Outcome, KNOW);
    says(&given.refused("s.khan", "13 12:00", A::Close, &closing(ClosureReason::Duplicate)), &["(S6)"]);
}

#[test]
fn o6_the_endings_that_follow_from_a_decision() {
    use ClosureReason as R;
    let mut given = Given::at(Stage::Outcome, KNOW);
    for reason in [R::Disclosed, R::DisclosedOther, R::NotDisclosed] {
        says(&given.refused("s.khan", "13 12:00", A::Close, &closing(reason)), &["does not follow", "(O6)"]);
    }
    given.done("s.khan", "13 12:00", A::Close, "reason: nothing_to_disclose");
    let mut given = Given::at(Stage::Assessment, ASK);
    says(
        &given.refused("s.khan", "13 12:00", A::Close, &closing(R::NothingToDisclose)),
        &["no decision", "(S1)"],
    );
}

#[test]
fn s2_a_case_is_not_closed_while_somebody_is_to_be_told() {
    let mut given = Given::at(Stage::Outcome, ASK);
    let close = "reason: nothing_to_disclose";
    says(&given.refused("s.khan", "13 12:00", A::Close, close), &["has not been informed", "(O5)"]);
    given.done("d.osei", "13 10:00", A::Inform, "method: phone").done("s.khan", "13 12:00", A::Close, close);
    let mut given = Given::to_disclose();
    let found = given.refused("s.khan", "13 12:00", A::Close, "reason: disclosed");
    assert_eq!(found.len(), 2, "{found:?}");
    given.done("d.osei", "13 10:00", A::Disclose, &told("aaaa")).done(
        "d.osei",
        "13 10:00",
        A::Disclose,
        &told("bbbb"),
    );
    says(&given.refused("s.khan", "13 12:00", A::Close, "reason: not_disclosed"), &["(O6)"]);
    given.done("s.khan", "13 12:00", A::Close, "reason: disclosed");
}

#[test]
fn o6_where_nobody_took_it_nothing_was_disclosed() {
    let mut given = Given::to_disclose();
    for recipient in ["aaaa", "bbbb"] {
        let refused = "{result: refused_not_disclosed, reason: x, authorised_by: m.reid}";
        given.done("d.osei", "13 10:00", A::Disclose, &but(&told(recipient), "{result: signed}", refused));
    }
    says(
        &given.refused("s.khan", "13 12:00", A::Close, "reason: disclosed"),
        &["nothing was disclosed", "(O6)"],
    );
    given.done("s.khan", "13 12:00", A::Close, "reason: not_disclosed");
}

#[test]
fn o6_disclosed_other_and_not_disclosed() {
    let mut given = Given::at(Stage::Decision, ASK);
    given.done(
        "m.reid",
        "12 10:00",
        A::Decide,
        &but(DISCLOSE, "outcome: disclose", "outcome: disclose_other"),
    );
    given.done("d.osei", "13 10:00", A::Disclose, &told("aaaa")).done(
        "d.osei",
        "13 10:00",
        A::Disclose,
        &told("bbbb"),
    );
    given.done("s.khan", "13 12:00", A::Close, "reason: disclosed_other");
    let mut given = Given::at(Stage::Decision, KNOW);
    let kept = "\nrepresentations: {considered: true, sought: false, why_not: not_needed, reason: x}";
    let kept = but(NOTHING, "outcome: nothing_to_disclose", &format!("outcome: do_not_disclose{kept}"));
    given.done("m.reid", "12 10:00", A::Decide, &kept);
    given.done("s.khan", "13 12:00", A::Close, "reason: not_disclosed");
}

#[test]
fn o6_safeguarding_action_names_what_was_done() {
    let close = "{reason: safeguarding_action, note: x}";
    let mut given = Given::at(Stage::Interview, ASK);
    says(
        &given.refused("s.khan", "03 12:00", A::Close, close),
        &["no urgent action and no referral", "(S4)"],
    );
    given.done("d.osei", "03 10:00", A::Refer, "{to: social_care, reason: x}");
    given.done("s.khan", "03 12:00", A::Close, close);
    // What was decided to be disclosed is disclosed, or decided anew: this ending does not pass it over.
    let mut given = Given::to_disclose();
    given.done("d.osei", "13 10:00", A::Refer, "{to: social_care, reason: x}");
    let found = given.refused("s.khan", "13 12:00", A::Close, close);
    assert_eq!(found.len(), 2, "{found:?}");
    says(&found, &["recipient aaaa", "(O4)"]);
    let back = "{path: stage, now: decision, code: new_information, reason: x}";
    given.done("d.osei", "13 12:00", A::Correct, back);
    given.done("s.khan", "13 12:00", A::Close, close);
}

#[test]
fn s5_withdrawal_stops_contact_and_closes_nothing() {
    for stage in [Stage::InitialChecks, Stage::Interview, Stage::Assessment, Stage::Decision, Stage::Outcome]
    {
        let mut given = Given::at(stage, ASK);
        given.done("r.patel", "20 10:00", A::Withdraw, LEFT);
        assert_eq!(given.case().stage, stage);
        says(&given.refused("r.patel", "20 10:00", A::Withdraw, LEFT), &["recorded already", "(S5)"]);
        let contact = |way: &str| format!("{{with: applicant, method: phone, direction: {way}, summary: x}}");
        for way in ["outbound", "attempted"] {
            says(&given.refused("d.osei", "21 10:00", A::Contact, &contact(way)), &["(S5)"]);
        }
        given.done("d.osei", "21 10:00", A::Contact, &contact("inbound"));
    }
    let mut known = Given::at(Stage::Assessment, KNOW);
    says(&known.refused("r.patel", "20 10:00", A::Withdraw, LEFT), &["(T2)"]);
}

#[test]
fn s5_after_withdrawal_the_applicant_is_neither_met_nor_told() {
    let mut given = Given::at(Stage::Interview, ASK);
    given.done("r.patel", "08 10:00", A::Withdraw, LEFT);
    says(&given.refused("d.osei", "09 10:00", A::Interview, MET), &["(S5)"]);
    says(&given.refused("d.osei", "08 10:00", A::Interview, MET), &["(S5)"]);
    let mut given = Given::convicted();
    given.done("r.patel", "11 12:00", A::Withdraw, LEFT);
    says(&given.refused("m.reid", "12 10:00", A::Decide, DISCLOSE), &["recipients.0", "(S5)"]);
    let mut given = Given::to_disclose();
    given.done("r.patel", "12 12:00", A::Withdraw, LEFT);
    says(&given.refused("d.osei", "13 10:00", A::Disclose, &told("aaaa")), &["disclosure.recipient", "(S5)"]);
    given.done("d.osei", "13 10:00", A::Disclose, &told("bbbb"));
    let mut given = Given::at(Stage::Outcome, ASK);
    given.done("r.patel", "12 12:00", A::Withdraw, LEFT);
    says(&given.refused("d.osei", "13 10:00", A::Inform, "method: phone"), &["(S5)"]);
}

#[test]
fn s5_contact_stops_in_the_very_second_in_which_the_applicant_left() {
    let mut given = Given::at(Stage::Interview, ASK);
    let contact = "{with: applicant, method: phone, direction: outbound, summary: x}";
    given.done("d.osei", "08 10:00", A::Contact, contact);
    given.done("r.patel", "08 10:00", A::Withdraw, LEFT);
    says(&given.refused("d.osei", "08 10:00", A::Contact, contact), &["(S5)"]);
    given.done("d.osei", "08 10:00", A::Contact, &but(contact, "outbound", "inbound"));
    let extend = "{clock: whole, until: 2026-04-10, reason: x, authorised_by: m.reid, applicant_told: {told: true, method: phone}}";
    says(&given.refused("d.osei", "08 10:00", A::Extend, extend), &["(S5)"]);
    given.done(
        "d.osei",
        "08 10:00",
        A::Extend,
        &but(extend, "told: true, method: phone", "told: false, reason: x"),
    );
}

#[test]
fn s5_a_withdrawal_does_not_lie_before_the_applicant_was_last_spoken_to() {
    let mut given = Given::at(Stage::Assessment, ASK);
    let early = "{how: withdrawn, reason: x, at: 2026-03-09T09:59:59Z}";
    says(&given.refused("r.patel", "12 10:00", A::Withdraw, early), &["withdrawal.at", "S5"]);
}

#[test]
fn s5_withdrawn_closes_only_after_an_assessment_or_with_a_supervisors_reason() {
    for (how, reason) in [("withdrawn", "withdrawn"), ("unreachable", "applicant_unreachable")] {
        let mut given = Given::at(Stage::Interview, ASK);
        let close = format!("{{reason: {reason}, note: x}}");
        let found = given.refused("s.khan", "04 10:00", A::Close, &close);
        says(&found, &["withdrawal", "not recorded", "(S5)"]);
        says(&found, &["no_child_at_risk: missing"]);
        given.done("r.patel", "03 10:00", A::Withdraw, &format!("{{how: {how}, reason: x}}"));
        given.done(
            "s.khan",
            "04 10:00",
            A::Close,
            &format!("{{reason: {reason}, note: x, no_child_at_risk: x}}"),
        );
        let mut given = Given::at(Stage::Decision, ASK);
        given.done("r.patel", "12 10:00", A::Withdraw, &format!("{{how: {how}, reason: x}}"));
        given.done("s.khan", "13 10:00", A::Close, &close);
    }
    let mut given = Given::at(Stage::Interview, ASK);
    given.done("r.patel", "03 10:00", A::Withdraw, LEFT);
    let wrong = "{reason: applicant_unreachable, note: x, no_child_at_risk: x}";
    says(&given.refused("s.khan", "04 10:00", A::Close, wrong), &["unreachable", "(S5)"]);
    // Referring it does not take the reason's place once the applicant has left.
    given.done("d.osei", "03 11:00", A::Refer, "{to: social_care, reason: x}");
    let found = given.refused("s.khan", "04 10:00", A::Close, "{reason: safeguarding_action, note: x}");
    assert_eq!(found, ["closure.no_child_at_risk: missing"]);
}

#[test]
fn s5_the_reason_that_no_child_is_at_risk_is_a_supervisors() {
    let mut given = Given::at(Stage::Interview, ASK);
    let roles = vec![crate::domain::settings::Role::Supervisor, crate::domain::settings::Role::CaseOfficer];
    given.settings.file.permissions.0.iter_mut().find(|(kind, _)| kind == "close").unwrap().1 = roles;
    given.done("r.patel", "03 10:00", A::Withdraw, LEFT);
    let close = "{reason: withdrawn, note: x, no_child_at_risk: x}";
    says(&given.refused("d.osei", "04 10:00", A::Close, close), &["supervisor", "(S5)"]);
    given.done("s.khan", "04 10:00", A::Close, close);
}

#[test]
fn t3_a_case_goes_on_without_an_applicant_who_left() {
    for stage in [Stage::InitialChecks, Stage::Interview, Stage::Assessment, Stage::Decision, Stage::Outcome]
    {
        let mut given = Given::at(stage, ASK);
        says(
            &given.refused("s.khan", "20 10:00", A::Reroute, REROUTE),
            &["not recorded that the applicant left", "(T3)"],
        );
        given.done("r.patel", "20 10:00", A::Withdraw, "{how: unreachable, reason: x}");
        given.done("s.khan", "20 11:00", A::Reroute, REROUTE);
        let case = given.case();
        assert_eq!(case.route, KNOW);
        assert_eq!((case.rerouted[0].route_before, case.rerouted[0].route_after), (Some(ASK), Some(KNOW)));
        assert_eq!(case.stage, if stage == Stage::Interview { Stage::Assessment } else { stage });
        assert!(case.applicant.is_some());
        says(&given.refused("s.khan", "20 12:00", A::Reroute, REROUTE), &["already", "(T3)"]);
        assert_eq!(super::super::consistency::check(given.case(), &given.settings), []);
    }
    let early = "{reason: x, at: 2026-03-19T10:00:00Z}";
    let mut given = Given::at(Stage::Decision, ASK);
    given.done("r.patel", "20 10:00", A::Withdraw, LEFT);
    says(&given.refused("s.khan", "20 11:00", A::Reroute, early), &["rerouting.at", "T3"]);
}

#[test]
fn s1_a_closed_case_is_reopened_at_any_stage_it_had_reached() {
    for to in Stage::ALL.iter().filter(|stage| **stage < Stage::Closed) {
        let mut given = Given::at(Stage::Closed, ASK);
        given.done("s.khan", "20 10:00", A::Reopen, &format!("{{to: {to}, reason: Zzyzx}}"));
        let case = given.case();
        assert_eq!(case.stage, *to);
        assert!(case.closure.is_none());
        let aside = case.reopened[0].set_aside.as_ref().unwrap();
        assert!(aside.closure.is_some());
        assert_eq!(aside.screening.is_some(), *to == Stage::InitialChecks);
        assert_eq!(aside.decision.is_some(), *to <= Stage::Decision);
        assert_eq!(case.received, Given::at(Stage::InitialChecks, ASK).case().received);
    }
}

#[test]
fn s1_a_case_is_not_reopened_beyond_what_it_had_reached() {
    let mut given = Given::at(Stage::Interview, ASK);
    given.done("d.osei", "03 10:00", A::Refer, "{to: social_care, reason: x}");
    given.done("s.khan", "03 12:00", A::Close, "{reason: safeguarding_action, note: x}");
    for to in ["assessment", "decision", "outcome", "closed"] {
        let found = given.refused("s.khan", "20 10:00", A::Reopen, &format!("{{to: {to}, reason: x}}"));
        says(&found, &["reopening.to", "(S1)"]);
    }
    says(&given.refused("s.khan", "20 10:00", A::Reopen, "to: interview"), &["reopening.reason: missing"]);
    let early = "{to: interview, reason: x, at: 2026-03-03T11:00:00Z}";
    says(&given.refused("s.khan", "20 10:00", A::Reopen, early), &["reopening.at", "S1"]);
    given.done("s.khan", "20 10:00", A::Reopen, "{to: interview, reason: x}");
    let mut known = Given::at(Stage::Closed, KNOW);
    says(
        &known.refused("s.khan", "20 10:00", A::Reopen, "{to: interview, reason: x}"),
        &["no interview", "(S1)"],
    );
}
