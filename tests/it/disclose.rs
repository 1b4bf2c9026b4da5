//! `csods disclose`.

use crate::support::{At, DISCLOSURE, World};

#[test]
fn records_a_disclosure_to_a_recipient_named_by_role() {
    let world = World::at(At::ToDisclose);
    let answer = world.csods("disclose REF").from(DISCLOSURE).recorded();
    assert_eq!((&answer["stage"], &answer["next"]["action"]), (&"outcome".into(), &"close".into()));
    let case = world.case();
    assert_eq!(case["disclosures"][0]["recipient"], case["decision"]["recipients"][0]["id"]);
    let problems = world.csods("disclose REF").from(DISCLOSURE).problems(5);
    assert!(problems[0].starts_with("disclosure.recipient: the recipient's disclosure is recorded already"));
}

#[test]
fn d4_a_role_that_names_no_one_recipient_is_said_so() {
    let world = World::at(At::ToDisclose);
    let problems = world.csods("disclose REF").from(&DISCLOSURE.replace("applicant", "carer")).problems(6);
    assert_eq!(problems, ["disclosure.recipient: no recipient of the decision has this role"]);
    // With everything else that is missing, as ever.
    let problems = world.csods("disclose REF --recipient carer").problems(6);
    assert_eq!(problems.len(), 6, "{problems:?}");
}

#[test]
fn k3_old_checks_are_refreshed_first() {
    let world = World::at(At::ToDisclose);
    let late = "2026-03-31T12:00:00Z";
    let problems = world.csods("disclose REF").now(late).from(DISCLOSURE).problems(5);
    assert_eq!(problems.len(), 8, "{problems:?}");
    let wanted = "the check of education is older than 28 days and must be refreshed (K3)";
    assert!(problems.iter().any(|problem| problem.ends_with(wanted)), "{problems:?}");
}

#[test]
fn o4_a_refused_undertaking_needs_a_reason_and_an_authoriser() {
    let world = World::at(At::ToDisclose);
    let refused = DISCLOSURE.replace("{result: signed}", "{result: refused_disclosed}");
    let wanted = ["reason", "authorised_by"].map(|key| format!("disclosure.undertaking.{key}: missing"));
    assert_eq!(world.csods("disclose REF").from(&refused).problems(6), wanted);
    let by = |person: &str| {
        let line = format!("disclose REF --undertaking-authorised-by {person}");
        world.csods(&line).from(&refused.replace("disclosed}", "disclosed, reason: Would not sign.}"))
    };
    assert_eq!(
        by("r.patel").problems(5),
        [
            "disclosure.undertaking.authorised_by: may not authorise extensions and refused undertakings: that takes one of these roles: supervisor, decision_maker (R6)"
        ]
    );
    by("m.reid").would_write("result: refused_disclosed");
    by("m.reid").recorded();
}

#[test]
fn o1_only_a_decision_to_disclose_is_disclosed() {
    let world = World::at(At::ToInform);
    let problems = world.csods("disclose REF").from(&DISCLOSURE.replace("applicant", "7b2k")).problems(5);
    assert_eq!(problems, ["decision.outcome: the decision is not to disclose (O1)"]);
}
