//! `csods reopen`.

use crate::support::{At, World};

#[test]
fn s1_goes_back_to_a_stage_and_sets_aside_what_was_recorded_since() {
    let world = World::at(At::Closed);
    let reopen =
        |to: &str| world.csods(&format!("reopen REF --to {to}")).by("m.reid").from("reason: New facts.");
    reopen("decision").would_write("stage: decision");
    let answer = reopen("decision").recorded();
    assert_eq!((&answer["stage"], &answer["next"]["action"]), (&"decision".into(), &"decide".into()));
    let case = world.case();
    assert!(case.get("decision").is_none() && case.get("closure").is_none(), "{case}");
    let aside = &case["reopened"][0]["set_aside"];
    assert_eq!(
        (&aside["decision"]["outcome"], &aside["closure"]["reason"]),
        (&"disclose".into(), &"disclosed".into())
    );
}

#[test]
fn only_a_closed_case_with_a_reason_by_a_supervisor() {
    let world = World::at(At::Closed);
    assert_eq!(world.csods("reopen REF").problems(6), ["reopening.to: missing", "reopening.reason: missing"]);
    let problems = world.csods("reopen REF --to closed").from("reason: New facts.").problems(5);
    assert_eq!(problems, ["reopening.to: is not a stage that work begins at (S1)"]);
    world.csods("reopen REF --to decision").by("r.patel").from("reason: New facts.").refused(7);
    World::at(At::Decision).csods("reopen REF --to interview").from("reason: New facts.").refused(5);
}
