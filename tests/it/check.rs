//! `csods check`.

use crate::support::{At, World};

#[test]
fn records_a_check_and_says_what_is_still_missing() {
    let world = World::at(At::Opened);
    let line = "check REF --system pnc --phase initial --result trace_relevant";
    let answer =
        world.csods(line).by("r.patel").from("{reference: PNC/26/1, summary: One trace.}").recorded();
    assert_eq!((&answer["stage"], &answer["next"]["action"]), (&"initial_checks".into(), &"check".into()));
    assert_eq!(answer["next"]["missing"].as_array().unwrap().len(), 3);
    let check = &world.case()["checks"][0];
    assert_eq!((&check["system"], &check["by"]), (&"pnc".into(), &"r.patel".into()));
    assert_eq!(check["at"], crate::support::NOW);
}

#[test]
fn k1_a_check_not_done_needs_a_reason_and_who_agreed() {
    let world = World::at(At::Opened);
    let line = "check REF --system pnc --phase initial --result not_done";
    assert_eq!(world.csods(line).problems(6), ["check.reason: missing", "check.agreed_by: missing"]);
    let told = "{reason: The system is down.}";
    world.csods(&format!("{line} --agreed-by m.reid")).from(told).recorded();
    let shown = world.csods("show REF").done().stdout;
    assert!(shown.contains("the check of pnc was NOT DONE"), "{shown}");
}

#[test]
fn refuses_systems_that_are_not_in_the_settings_and_moments_that_cannot_be() {
    let world = World::at(At::Opened);
    let line = "check REF --phase initial --result no_trace --system";
    let problems = world.csods(&format!("{line} crystal_ball")).problems(6);
    assert!(problems[0].starts_with("check.system: must be one of pnc, pnd"), "{problems:?}");
    let at = |at: &str| world.csods(&format!("{line} pnc --at {at}")).problems(6);
    assert_eq!(at("2026-03-02T12:00:01Z"), ["check.at: lies in the future"]);
    assert_eq!(at("2026-03-02T09:14:59Z"), ["check.at: lies before the application was received"]);
    world.csods(&format!("{line} pnc")).would_write("system: pnc");
    world.csods(&format!("{line} pnc")).by("m.reid").refused(7);
}
