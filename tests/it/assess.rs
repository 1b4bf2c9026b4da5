//! `csods assess`.

use crate::support::{ASSESSMENT, At, World};

#[test]
fn records_the_assessment_and_leaves_its_stage() {
    let world = World::at(At::Assessment);
    let answer = world.csods("assess REF").from(ASSESSMENT).recorded();
    assert_eq!((&answer["stage"], &answer["next"]["action"]), (&"decision".into(), &"decide".into()));
    let case = world.case();
    assert_eq!(case["assessment"]["risk_to_child"], "high");
    assert_eq!(case["assessment"]["by"], "d.osei");
}

#[test]
fn k2_needs_the_full_checks_and_fresh_initial_ones() {
    let world = World::at(At::Interviewed);
    let problems = world.csods("assess REF").from(ASSESSMENT).problems(5);
    let systems = ["social_care", "probation", "education", "health"];
    assert_eq!(
        problems,
        systems.map(|system| format!("checks.{system}: the check of {system} is missing (K2)"))
    );
    // S2: with no answer given, what is missing elsewhere is named with them all the same.
    let all = world.csods("assess REF").problems(5);
    assert_eq!((all.len(), all[0].as_str()), (8, problems[0].as_str()));
    let world = World::at(At::Assessment);
    let late = world.csods("assess REF").now("2026-04-01T12:00:00Z").from(ASSESSMENT).problems(5);
    assert_eq!(late.len(), 8, "{late:?}");
    assert_eq!(late[0], "checks.pnc: the check of pnc is no longer fresh (K2)");
}

#[test]
fn flags_go_before_the_file_and_nothing_is_guessed() {
    let world = World::at(At::Assessment);
    world
        .csods("assess REF --risk-to-child very_high")
        .from(ASSESSMENT)
        .would_write("risk_to_child: very_high");
    let keys = ["risk_to_child", "convicted", "registered_sex_offender", "reason"];
    assert_eq!(world.csods("assess REF").problems(6), keys.map(|key| format!("assessment.{key}: missing")));
    world.csods("assess REF --risk-to-child enormous").refused(2);
}
