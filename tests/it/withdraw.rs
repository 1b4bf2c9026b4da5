//! `csods withdraw`.

use crate::support::{At, WITHDRAWAL, World};

#[test]
fn s5_stops_contact_and_does_not_close() {
    let world = World::at(At::Interview);
    let answer = world.csods("withdraw REF").by("r.patel").from(WITHDRAWAL).recorded();
    assert_eq!((&answer["stage"], &answer["next"]["action"]), (&"interview".into(), &"reroute".into()));
    assert!(world.csods("show REF").done().stdout.contains("NO CONTACT"));
    let again = world.csods("withdraw REF").from(WITHDRAWAL).problems(5);
    assert_eq!(again, ["withdrawal: that the applicant left is recorded already (S5)"]);
}

#[test]
fn refuses_where_nobody_could_leave() {
    let world = World::at(At::RightToKnow);
    let problems = world.csods("withdraw REF").from(WITHDRAWAL).problems(5);
    assert_eq!(problems, ["route: there is no applicant who could leave (T2)"]);
    World::at(At::Closed).csods("withdraw REF").from(WITHDRAWAL).refused(5);
    let world = World::at(At::Interview);
    world.csods("withdraw REF").from(WITHDRAWAL).would_write("how: withdrawn");
    assert_eq!(
        world.csods("withdraw REF").problems(6),
        ["withdrawal.how: missing", "withdrawal.reason: missing"]
    );
}
