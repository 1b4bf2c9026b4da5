//! `csods close`.

use crate::support::{At, World};

#[test]
fn o6_closes_as_it_was_decided() {
    let world = World::at(At::Disclosed);
    let answer = world.csods("close REF --reason disclosed").by("m.reid").recorded();
    assert_eq!((&answer["stage"], &answer["next"]["action"]), (&"closed".into(), &serde_json::Value::Null));
    let world = World::at(At::Informed);
    world.csods("close REF --reason nothing_to_disclose").recorded();
}

#[test]
fn refuses_while_something_is_outstanding() {
    let world = World::at(At::ToInform);
    let problems = world.csods("close REF --reason nothing_to_disclose").problems(5);
    assert_eq!(problems, ["informed: the applicant has not been informed (O5)"]);
    let world = World::at(At::ToDisclose);
    let problems = world.csods("close REF --reason disclosed").problems(5);
    assert!(problems[0].starts_with("disclosures: the disclosure to recipient"), "{problems:?}");
    world.csods("close REF --reason disclosed").by("r.patel").refused(7);
}

#[test]
fn s6_an_early_end_says_what_was_done_instead() {
    let world = World::at(At::Opened);
    world.csods("screen REF").from("{immediate_risk: false, within_scheme: false, reason: Vetting.}").done();
    let wanted = ["note", "done_instead", "applicant_told.told"].map(|key| format!("closure.{key}: missing"));
    assert_eq!(world.csods("close REF --reason employment_vetting").problems(6), wanted);
    let answers = "{note: Vetting., done_instead: Named DBS., applicant_told: {told: true, method: phone}}";
    world.csods("close REF --reason employment_vetting").from(answers).would_write("stage: closed");
    world.csods("close REF --reason employment_vetting").from(answers).recorded();
}

#[test]
fn s5_a_withdrawal_closes_only_with_the_reason_that_no_child_is_at_risk() {
    let world = World::at(At::Withdrawn);
    let withdrawn = |answers: &str| world.csods("close REF --reason withdrawn").from(answers);
    assert_eq!(withdrawn("note: They rang.").problems(6), ["closure.no_child_at_risk: missing"]);
    withdrawn("{note: They rang., no_child_at_risk: He has moved away.}").recorded();
}
