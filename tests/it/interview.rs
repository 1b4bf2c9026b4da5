//! `csods interview`.

use crate::support::{At, INTERVIEW, World};

#[test]
fn records_the_interview_and_leaves_its_stage() {
    let world = World::at(At::Interview);
    let answer = world.csods("interview REF").from(INTERVIEW).recorded();
    assert_eq!((&answer["stage"], &answer["next"]["action"]), (&"assessment".into(), &"check".into()));
    let identity = &world.case()["interview"]["identity"][0];
    assert_eq!((&identity["seen_by"], &identity["seen_on"]), (&"d.osei".into(), &"2026-03-02".into()));
    assert_eq!(identity["id"].as_str().unwrap().len(), 4);
}

#[test]
fn i1_every_warning_the_pack_and_silence_are_needed() {
    let world = World::at(At::Interview);
    let none = INTERVIEW.replace("true", "false");
    let rules = ["warnings.information_sharing", "warnings.false_information", "warnings.confidentiality"]
        .map(|path| format!("interview.{path}: this warning must be given (I1)"));
    let problems = world.csods("interview REF").from(&none).problems(5);
    assert_eq!(problems[..3], rules);
    assert_eq!(problems[3], "interview.pack_given: the advice pack must be given (I1)");
    assert!(problems[4].ends_with("nothing about the subject is said at the interview (I2)"), "{problems:?}");
}

#[test]
fn s7_identity_that_is_not_confirmed_is_said_in_words() {
    let world = World::at(At::Interview);
    let none =
        INTERVIEW.replace("identity: [{kind: passport}]\n", "").replace("address_proof: utility_bill\n", "");
    let problems = world.csods("interview REF").from(&none).problems(6);
    assert_eq!(problems, ["interview.identity: missing", "interview.address_proof: missing"]);
    let said = format!("{none}identity_not_confirmed: They brought nothing.\n");
    world.csods("interview REF").from(&said).recorded();
    let wanted = "nothing can be disclosed to them";
    assert!(world.csods("show REF").done().stdout.contains(wanted));
}

#[test]
fn refuses_a_call_handler_and_a_case_without_applicant() {
    let world = World::at(At::Interview);
    world.csods("interview REF").by("r.patel").from(INTERVIEW).refused(7);
    world.csods("interview REF").from(INTERVIEW).would_write("mode: in_person");
    let world = World::at(At::RightToKnow);
    world.csods("interview REF").from(INTERVIEW).refused(5);
}
