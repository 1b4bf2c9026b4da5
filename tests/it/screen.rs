//! `csods screen`.

use crate::support::{At, SCREENING, World};

#[test]
fn leaves_the_initial_checks() {
    let world = World::at(At::Checked);
    let answer = world.csods("screen REF").by("r.patel").from(SCREENING).recorded();
    assert_eq!((&answer["stage"], &answer["next"]["action"]), (&"interview".into(), &"interview".into()));
    assert_eq!(world.case()["screening"]["within_scheme"], true);
    assert!(world.git(&["log", "-1", "--format=%B"]).contains("Stage: initial_checks -> interview"));
}

#[test]
fn k2_names_every_check_that_is_missing() {
    let world = World::at(At::Opened);
    let wanted = ["pnc", "pnd", "visor", "local_intelligence"];
    let wanted = wanted.map(|system| format!("checks.{system}: the check of {system} is missing (K2)"));
    assert_eq!(world.csods("screen REF").from(SCREENING).problems(5), wanted);
}

#[test]
fn s6_outside_the_scheme_stays_until_it_is_closed() {
    let world = World::at(At::Opened);
    let outside = "{immediate_risk: false, within_scheme: false, reason: A school asks about staff.}";
    let answer = world.csods("screen REF").from(outside).recorded();
    assert_eq!((&answer["stage"], &answer["next"]["action"]), (&"initial_checks".into(), &"close".into()));
}

#[test]
fn refuses_what_is_incomplete_or_comes_at_the_wrong_stage() {
    let world = World::at(At::Checked);
    let missing =
        ["immediate_risk", "within_scheme", "reason"].map(|key| format!("screening.{key}: missing"));
    assert_eq!(world.csods("screen REF").problems(6), missing);
    world.csods("screen REF").from(SCREENING).would_write("stage: interview");
    let later = World::at(At::Decision);
    let problems = later.csods("screen REF").from(SCREENING).problems(5);
    assert_eq!(
        problems,
        ["stage: the case is at stage decision: it is not the time to record the screening (S1)"]
    );
}
