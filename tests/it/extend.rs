//! `csods extend`.

use crate::support::{At, World};

const WHY: &str = "{reason: An agency is late., applicant_told: {told: true, method: phone}}";

#[test]
fn c5_stands_beside_the_original_due_date() {
    let world = World::at(At::Interview);
    let due = |world: &World| {
        let shown = world.csods("show REF").json();
        shown["clocks"].as_array().unwrap().iter().find(|clock| clock["name"] == "whole").unwrap().clone()
    };
    let before = due(&world);
    let line = "extend REF --clock whole --until 2026-04-10 --authorised-by m.reid";
    world.csods(line).from(WHY).would_write("until: 2026-04-10");
    world.csods(line).from(WHY).recorded();
    let after = due(&world);
    assert_eq!(before["due"], after["due"]);
    assert_eq!(after["extended_to"], "2026-04-10T22:59:59Z");
    assert_eq!(before["extended_to"], serde_json::Value::Null);
}

#[test]
fn refuses_a_date_that_is_no_later_and_whoever_may_not_authorise() {
    let world = World::at(At::Interview);
    let extend = |until: &str, by: &str| {
        let line = format!("extend REF --clock whole --until {until} --authorised-by {by}");
        world.csods(&line).from(WHY).problems(5)
    };
    assert_eq!(
        extend("2026-03-30", "m.reid"),
        ["extension.until: must be later than the original due day (C5)"]
    );
    assert_eq!(
        extend("2026-04-10", "r.patel"),
        [
            "extension.authorised_by: may not authorise extensions and refused undertakings: that takes one of these roles: supervisor, decision_maker (R6)"
        ]
    );
    let keys = ["clock", "until", "reason", "authorised_by", "applicant_told"];
    let problems = world.csods("extend REF").problems(6);
    assert!(
        keys.iter().all(|key| problems.iter().any(|of| of.contains(&format!("extension.{key}")))),
        "{problems:?}"
    );
}

#[test]
fn a1_the_applicant_is_told_by_a_safe_way_or_why_not() {
    let world = World::at(At::Interview);
    let told = |told: &str| {
        let line = "extend REF --clock whole --until 2026-04-10 --authorised-by m.reid";
        world.csods(line).from(&format!("{{reason: Late., applicant_told: {told}}}"))
    };
    let unsafe_way = told("{told: true, method: letter}").problems(5);
    assert_eq!(
        unsafe_way,
        ["extension.applicant_told.method: the applicant has not said that this way is safe (A1)"]
    );
    assert_eq!(told("{told: false}").problems(6), ["extension.applicant_told.reason: missing"]);
}
