//! `csods advance`.

use crate::support::{At, INTERVIEW, SCREENING, World};

#[test]
fn records_whatever_comes_next() {
    let world = World::at(At::Opened);
    for system in ["pnc", "pnd", "visor", "local_intelligence"] {
        let answer = world.csods("advance REF").from("result: no_trace").recorded();
        assert_eq!(answer["action"], "check");
        let case = world.case();
        let check = case["checks"].as_array().unwrap().last().unwrap();
        assert_eq!((&check["system"], &check["phase"]), (&system.into(), &"initial".into()));
    }
    assert_eq!(world.csods("advance REF").from(SCREENING).recorded()["stage"], "interview");
    assert_eq!(world.csods("advance REF").from(INTERVIEW).recorded()["stage"], "assessment");
}

#[test]
fn names_the_step_and_what_it_needs() {
    let world = World::at(At::Interview);
    let ran = world.csods("advance REF --format json").refused(6);
    let error = &crate::support::json(&ran.stderr)["error"];
    assert!(error["message"].as_str().unwrap().ends_with("[next: interview]"), "{error}");
    world.csods("advance REF").from(INTERVIEW).would_write("stage: assessment");
    let world = World::at(At::Decision);
    world.csods("advance REF").refused(7);
    let ran = World::at(At::Closed).csods("advance REF").refused(5);
    assert!(ran.stderr.contains("is closed: nothing comes next"), "{}", ran.stderr);
}
