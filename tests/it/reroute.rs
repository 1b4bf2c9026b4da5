//! `csods reroute`.

use crate::support::{At, World};

#[test]
fn t3_goes_on_as_right_to_know_and_keeps_both_routes() {
    let world = World::at(At::Withdrawn);
    world.csods("reroute REF").from("reason: A risk remains.").would_write("route: right_to_know");
    let answer = world.csods("reroute REF").by("m.reid").from("reason: A risk remains.").recorded();
    assert_eq!((&answer["action"], &answer["stage"]), (&"reroute".into(), &"assessment".into()));
    let case = world.case();
    assert_eq!(case["route"], "right_to_know");
    assert_eq!(
        (&case["rerouted"][0]["route_before"], &case["rerouted"][0]["route_after"]),
        (&"right_to_ask".into(), &"right_to_know".into())
    );
    let again = world.csods("reroute REF").from("reason: Again.").problems(5);
    assert_eq!(again, ["route: the case is on the right-to-know route already (T3)"]);
}

#[test]
fn needs_a_recorded_withdrawal_and_a_supervisor() {
    let world = World::at(At::Interview);
    let problems = world.csods("reroute REF").from("reason: Faster.").problems(5);
    assert_eq!(
        problems,
        ["withdrawal: it is not recorded that the applicant left; see `csods withdraw` (T3)"]
    );
    World::at(At::Withdrawn).csods("reroute REF").by("r.patel").from("reason: Faster.").refused(7);
}
