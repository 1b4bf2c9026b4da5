//! I1-I3, D1-D5, O1-O5, K3, S7: what the interview, the decision and what follows from it must hold.

use super::given::*;
use crate::domain::action::ActionKind as A;
use crate::domain::case::{Route, Stage};

const ASK: Route = Route::RightToAsk;

/// Each change of the answers, and what is said of it.
fn refusals(given: &Given, actor: &str, when: &str, kind: A, answers: &str, table: &[(&str, &str, &[&str])]) {
    for (line, instead, words) in table {
        let found = given.clone().refused(actor, when, kind, &but(answers, line, instead));
        says(&found, words);
    }
}

#[test]
fn i1_i2_i3_the_interview_refused() {
    let given = Given::at(Stage::Interview, ASK);
    let table: &[(&str, &str, &[&str])] = &[
        (
            "information_sharing: true",
            "information_sharing: false",
            &["warnings.information_sharing", "(I1)"],
        ),
        ("false_information: true", "false_information: false", &["warnings.false_information", "(I1)"]),
        ("confidentiality: true", "confidentiality: false", &["warnings.confidentiality", "(I1)"]),
        (", confidentiality: true", "", &["interview.warnings.confidentiality: missing"]),
        ("pack_given: true", "pack_given: false", &["pack_given", "(I1)"]),
        ("nothing_disclosed: true", "nothing_disclosed: false", &["nothing_disclosed", "(I2)"]),
        ("mode: in_person", "mode: letter", &["interview.mode", "must be one of"]),
        ("{kind: passport}", "", &["interview.identity: missing"]),
        ("kind: passport", "kind: library_card", &["identity.0.kind", "must be one of"]),
        ("kind: passport", "kind: passport, seen_by: nobody", &["identity.0.seen_by", "no person"]),
        ("kind: passport", "kind: passport, seen_on: 2026-03-10", &["identity.0.seen_on", "future"]),
        ("kind: passport", "kind: passport, seen_on: 2026-03-01", &["identity.0.seen_on", "before"]),
        ("address_proof: utility_bill\n", "", &["address_proof: missing"]),
        ("address_proof: utility_bill", "address_proof: postcard", &["address_proof", "must be one of"]),
        (
            "relationship_proof: birth_certificate",
            "relationship_proof: word",
            &["must be one of", "none_third_party"],
        ),
        ("genuine: true\n", "", &["interview.genuine: missing"]),
        ("concern: Zzyzx\n", "", &["interview.concern: missing"]),
    ];
    refusals(&given, "d.osei", "09 10:00", A::Interview, MET, table);
}

#[test]
fn i1_a_third_party_has_no_relationship_to_prove() {
    let third = but(MET, "birth_certificate", "none_third_party");
    Given::at(Stage::Interview, ASK).done("d.osei", "09 10:00", A::Interview, &third);
}

/// A case whose applicant's identity was not confirmed, at the decision, the subject convicted.
fn unconfirmed() -> Given {
    let mut given = Given::at(Stage::Interview, ASK);
    let met = but(
        MET,
        "identity: [{kind: passport}]\naddress_proof: utility_bill",
        "identity_not_confirmed: Zzyzx",
    );
    given.done("d.osei", "09 10:00", A::Interview, &met);
    given.checks(FULL, "10 10:00");
    given.done("d.osei", "11 10:00", A::Assess, CONVICTED);
    given
}

#[test]
fn s7_identity_not_confirmed_is_assessed_but_nothing_is_disclosed_to_the_applicant() {
    let mut given = unconfirmed();
    assert_eq!(given.case().stage, Stage::Decision);
    says(&given.refused("m.reid", "12 10:00", A::Decide, DISCLOSE), &["decision.recipients.0", "(S7)"]);
    let carer = but(DISCLOSE, "- {id: aaaa, role: applicant, reason: Zzyzx}\n", "");
    given.done("m.reid", "12 10:00", A::Decide, &carer);
    given.done("d.osei", "13 10:00", A::Disclose, &told("bbbb"));
}

#[test]
fn d1_d4_the_decision_refused() {
    let table: &[(&str, &str, &[&str])] = &[
        ("outcome: disclose\n", "", &["decision.outcome: missing"]),
        ("necessity: Zzyzx\n", "", &["decision.necessity: missing"]),
        ("necessity: Zzyzx\n", "necessity: ' '\n", &["decision.necessity", "blank"]),
        ("pressing_need: Zzyzx\n", "", &["decision.pressing_need: missing"]),
        ("proportionality: Zzyzx\n", "", &["decision.proportionality: missing"]),
        ("form_of_words: Zzyzx\n", "", &["decision.form_of_words: missing"]),
        ("subject_told: {told: false, reason: Zzyzx}", "", &["decision.subject_told: missing"]),
        ("{agency: social_care, view: Zzyzx}, ", "", &["social_care was not consulted", "D3"]),
        (
            ", {agency: offender_management, view: Zzyzx}",
            "",
            &["offender_management was not consulted", "D3"],
        ),
        ("agency: social_care", "agency: astrology", &["consulted.0.agency", "must be one of"]),
        ("view: Zzyzx}, ", "view: Zzyzx, at: 2026-03-01T00:00:00Z}, ", &["consulted.0.at", "before"]),
        ("view: Zzyzx}, ", "view: Zzyzx, by: nobody}, ", &["consulted.0.by", "no person"]),
        ("name: {family: Zzyzx}, ", "", &["recipients.1.name: missing"]),
        (
            "role: carer, name",
            "role: carer, children: [zzzz], name",
            &["recipients.1.children.0", "no child"],
        ),
        ("role: carer, name", "role: applicant, name", &["names the applicant twice"]),
        ("outcome: disclose\n", "outcome: nothing_to_disclose\n", &["something is held", "(O1)"]),
        ("outcome: disclose\n", "outcome: do_not_disclose\n", &["decision.recipients", "(D4)"]),
        ("considered: true", "considered: false", &["representations.considered", "(D2)"]),
        (", why_not: not_safe", "", &["representations.why_not: missing"]),
        ("not_safe, reason: Zzyzx", "not_safe", &["representations.reason: missing"]),
    ];
    refusals(&Given::convicted(), "m.reid", "12 10:00", A::Decide, DISCLOSE, table);
}

#[test]
fn d1_nothing_is_presumed_all_of_the_decision_is_asked_for() {
    let found = Given::convicted().refused("m.reid", "12 10:00", A::Decide, "{}");
    for key in ["outcome", "necessity", "pressing_need", "proportionality"] {
        says(&found, &[&format!("decision.{key}: missing")]);
    }
}

#[test]
fn d2_representations_sought_need_when_how_what_and_weight() {
    let not_sought = "{considered: true, sought: false, why_not: not_safe, reason: Zzyzx}";
    let bare = but(DISCLOSE, not_sought, "{considered: true, sought: true}");
    let found = Given::convicted().refused("m.reid", "12 10:00", A::Decide, &bare);
    for key in ["sought_on", "how", "said", "weight"] {
        says(&found, &[&format!("representations.{key}: missing")]);
    }
    let sought =
        "{considered: true, sought: true, sought_on: 2026-03-11, how: visit, said: Zzyzx, weight: some}";
    Given::convicted().done("m.reid", "12 10:00", A::Decide, &but(DISCLOSE, not_sought, sought));
    let later = but(sought, "2026-03-11", "2026-03-13");
    let found =
        Given::convicted().refused("m.reid", "12 10:00", A::Decide, &but(DISCLOSE, not_sought, &later));
    says(&found, &["sought_on", "after the decision"]);
    let early = but(sought, "2026-03-11", "2026-03-01");
    let found =
        Given::convicted().refused("m.reid", "12 10:00", A::Decide, &but(DISCLOSE, not_sought, &early));
    says(&found, &["sought_on", "before the application was received"]);
}

#[test]
fn d2_representations_are_either_sought_or_not() {
    let not_sought = "{considered: true, sought: false, why_not: not_safe, reason: Zzyzx}";
    let both =
        "sought_on: 2026-03-11, how: visit, said: Zzyzx, weight: some, why_not: not_safe, reason: Zzyzx";
    for (sought, contrary) in [(true, &["why_not"][..]), (false, &["sought_on", "how", "said", "weight"])] {
        let mixed = format!("{{considered: true, sought: {sought}, {both}}}");
        let found =
            Given::convicted().refused("m.reid", "12 10:00", A::Decide, &but(DISCLOSE, not_sought, &mixed));
        assert_eq!(found.len(), contrary.len(), "{found:?}");
        for key in contrary {
            says(&found, &[&format!("representations.{key}"), "(D2)"]);
        }
    }
}

#[test]
fn d2_only_where_nothing_is_held_are_representations_left_aside() {
    let keep = but(NOTHING, "nothing_to_disclose", "do_not_disclose");
    let mut given = Given::at(Stage::Decision, ASK);
    says(&given.refused("m.reid", "12 10:00", A::Decide, &keep), &["decision.representations: missing"]);
    given.done("m.reid", "12 10:00", A::Decide, NOTHING);
}

#[test]
fn o1_d5_disclose_needs_a_conviction() {
    let mut given = Given::at(Stage::Decision, ASK);
    says(
        &given.refused("m.reid", "12 10:00", A::Decide, DISCLOSE),
        &["decision.outcome", "disclose_other", "(O1)"],
    );
    given.done(
        "m.reid",
        "12 10:00",
        A::Decide,
        &but(DISCLOSE, "outcome: disclose", "outcome: disclose_other"),
    );
}

#[test]
fn o4_the_disclosure_refused() {
    let table: &[(&str, &str, &[&str])] = &[
        ("recipient: aaaa", "recipient: cccc", &["disclosure.recipient", "no recipient"]),
        ("identity_checked: true", "identity_checked: false", &["identity_checked", "(O4)"]),
        ("place: Zzyzx\n", "", &["disclosure.place: missing"]),
        ("words_used: Zzyzx\n", "", &["disclosure.words_used: missing"]),
        ("advice_given: true\n", "", &["disclosure.advice_given: missing"]),
        ("subject_told: {told: false, risk_assessment: Zzyzx}", "", &["subject_told: missing"]),
        ("follow_up: 2026-06-01", "", &["follow_up: missing"]),
        ("follow_up: 2026-06-01", "follow_up: 2026-03-12", &["follow_up", "before"]),
        ("{result: signed}", "{result: refused_disclosed}", &["undertaking.reason: missing"]),
        ("{result: signed}", "{result: refused_not_disclosed}", &["undertaking.authorised_by: missing"]),
        (
            "{result: signed}",
            "{result: refused_disclosed, reason: x, authorised_by: d.osei}",
            &["authorised_by", "may not authorise", "(R6)"],
        ),
    ];
    refusals(&Given::to_disclose(), "d.osei", "13 10:00", A::Disclose, &told("aaaa"), table);
}

#[test]
fn o4_a_refused_undertaking_is_recorded_with_who_authorised_it() {
    let refused = "{result: refused_not_disclosed, reason: Zzyzx, authorised_by: s.khan}";
    let untold = but(&told("aaaa"), "{result: signed}", refused);
    let untold = but(&untold, "words_used: Zzyzx\n", "");
    let untold = but(&untold, "identity_checked: true", "identity_checked: false");
    let mut given = Given::to_disclose();
    given.done("d.osei", "13 10:00", A::Disclose, &untold);
    // It stands after whoever authorised it has left the office.
    given.settings.file.people.0.iter_mut().find(|(id, _)| id == "s.khan").unwrap().1.ended =
        Some("2026-03-20".parse().unwrap());
    given.done("d.osei", "21 10:00", A::Disclose, &told("bbbb"));
    let note = "{path: concern, now: other, code: mistake, reason: x}";
    given.done("d.osei", "22 10:00", A::Correct, note);
    assert_eq!(super::super::consistency::check(given.case(), &given.settings), []);
}

#[test]
fn o4_each_recipient_is_told_once() {
    let mut given = Given::to_disclose();
    given.done("d.osei", "13 10:00", A::Disclose, &told("aaaa"));
    says(&given.refused("d.osei", "13 10:00", A::Disclose, &told("aaaa")), &["recorded already", "(O4)"]);
    given.done("d.osei", "13 10:00", A::Disclose, &told("bbbb"));
}

#[test]
fn o1_nothing_is_disclosed_without_a_decision_to() {
    says(
        &Given::at(Stage::Outcome, ASK).refused("d.osei", "13 10:00", A::Disclose, &told("aaaa")),
        &["(O1)"],
    );
}

#[test]
fn k3_old_or_awaited_checks_are_refreshed_before_a_disclosure() {
    let mut given = Given::to_disclose();
    assert!(given.tried("d.osei", "30 10:00", A::Disclose, &told("aaaa")).is_ok());
    let found = given.refused("d.osei", "31 10:00", A::Disclose, &told("aaaa"));
    assert_eq!(found.len(), 4, "{found:?}");
    says(&found, &["checks.pnc", "must be refreshed", "(K3)"]);
    given.checks(INITIAL, "31 11:00");
    given.done("d.osei", "31 11:00", A::Check, "{system: courts, phase: refresh, result: awaiting}");
    says(
        &given.refused("d.osei", "31 12:00", A::Disclose, &told("aaaa")),
        &["checks.courts", "still awaited"],
    );
    given.done("d.osei", "31 13:00", A::Check, "{system: courts, phase: refresh, result: no_trace}");
    given.done("d.osei", "31 14:00", A::Disclose, &told("aaaa"));
    // What comes in late about an earlier time does not undo what was done.
    let late = "{system: immigration, phase: full, result: no_trace, at: 2026-03-02T09:20:00Z}";
    given.done("d.osei", "31 15:00", A::Check, late);
    assert_eq!(super::super::consistency::check(given.case(), &given.settings), []);
}

#[test]
fn o5_a1_the_applicant_is_informed_once_and_by_a_safe_way() {
    let mut given = Given::at(Stage::Outcome, ASK);
    for method in ["letter", "email", "text", "through_other"] {
        let found = given.refused("d.osei", "13 10:00", A::Inform, &format!("method: {method}"));
        says(&found, &["informed.method", "(A1)"]);
    }
    assert!(given.tried("d.osei", "13 10:00", A::Inform, "method: in_person").is_ok());
    given.done("d.osei", "13 10:00", A::Inform, "method: phone");
    says(&given.refused("d.osei", "13 10:00", A::Inform, "method: phone"), &["informed already"]);
    let mut known = Given::at(Stage::Outcome, Route::RightToKnow);
    says(&known.refused("d.osei", "13 10:00", A::Inform, "method: phone"), &["(T2)"]);
}

#[test]
fn a1_a_safe_way_may_change_after_it_was_used() {
    let mut given = Given::at(Stage::Outcome, ASK);
    given.done("d.osei", "13 10:00", A::Inform, "method: phone");
    let now = "{path: applicant.safe_contact.method, now: in_person, code: new_information, reason: x}";
    given.done("d.osei", "14 10:00", A::Correct, now);
}
