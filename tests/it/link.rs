//! `csods link`.

use crate::support::{APPLICATION, At, World, path_of};

#[test]
fn l1_links_both_ways_in_one_commit() {
    let world = World::at(At::Opened);
    let other = world.csods("new").from(APPLICATION).opened();
    world
        .csods("link REF")
        .arg(&other)
        .from("reason: The same household.")
        .would_write(&format!("to: {other}"));
    world.csods("link REF").arg(&other).from("reason: The same household.").recorded();
    let changed = world.git(&["diff", "--name-only", "HEAD~1"]);
    let mut wanted = [world.case_path(), path_of(&other)];
    wanted.sort();
    assert_eq!(changed.lines().collect::<Vec<_>>(), wanted);
    assert_eq!(world.case()["links"][0]["to"], other);
    let back = world.csods("show").arg(&other).json();
    assert_eq!(back["case"]["links"][0]["to"], world.reference());
    let again = world.csods("link").arg(&other).arg(world.reference()).from("reason: Again.").problems(5);
    assert_eq!(again, ["link.to: the two cases are linked already (L1)"]);
}

#[test]
fn refuses_itself_nobody_and_no_reason() {
    let world = World::at(At::Opened);
    let problems = world.csods("link REF REF").from("reason: Alike.").problems(5);
    assert_eq!(problems[0], "link.to: a case is not linked to itself (L1)");
    world.csods("link REF ZZZ").from("reason: Alike.").refused(3);
    let other = world.csods("new").from(APPLICATION).opened();
    assert_eq!(world.csods("link REF").arg(other).problems(6), ["link.reason: missing"]);
}
