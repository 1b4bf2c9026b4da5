//! `csods assign`.

use crate::support::{At, World};

#[test]
fn c6_changes_the_owner_and_no_clock() {
    let world = World::at(At::Opened);
    let before = world.csods("show REF").json()["clocks"].clone();
    let answer = world.csods("assign REF r.patel").by("m.reid").recorded();
    assert_eq!(answer["action"], "assign");
    assert_eq!(world.case()["owner"], "r.patel");
    assert_eq!(world.csods("show REF").json()["clocks"], before);
}

#[test]
fn r3_only_to_a_person_of_the_store_who_still_acts() {
    let world = World::at(At::Opened);
    let problems = world.csods("assign REF n.obody").problems(6);
    assert_eq!(problems, ["owner: is no person of this store; see `csods person list`"]);
    world.csods("person end r.patel").done();
    assert_eq!(
        world.csods("assign REF r.patel").problems(6),
        ["owner: acts no more; see `csods person list`"]
    );
    world.csods("assign REF m.reid").would_write("owner: m.reid");
    world.csods("assign REF").refused(2);
}
