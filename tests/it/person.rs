//! `csods person`.

use crate::support::{At, World};

const ADD: &str = "person add n.new --name New --email n.new@example.org --role case_officer";

#[test]
fn adds_lists_and_ends() {
    let world = World::at(At::Empty);
    let ran = world.csods(&format!("{ADD} --dry-run")).done();
    assert_eq!(ran.commits, 0);
    assert!(ran.stdout.contains("+roles = [\"case_officer\"]"), "{}", ran.stdout);
    assert_eq!(world.csods(ADD).recorded()["person"], "n.new");
    world.csods("person end n.new").by("m.reid").recorded();
    let people = world.csods("person list").json();
    let new =
        people["people"].as_array().unwrap().iter().find(|person| person["id"] == "n.new").unwrap().clone();
    assert_eq!((&new["ended"], &new["name"]), (&"2026-03-02".into(), &"New".into()));
    assert!(world.git(&["show", "HEAD:csods.toml"]).contains("# The people of the unit (R3)."));
}

#[test]
fn r3_who_acts_no_more_is_refused() {
    let world = World::at(At::Opened);
    world.csods("person end r.patel").done();
    let ran = world.csods("note REF").by("r.patel").from("text: Rang.").refused(7);
    assert!(ran.stderr.contains("r.patel acts no more"), "{}", ran.stderr);
}

#[test]
fn refuses_who_may_not_and_what_cannot_be() {
    let world = World::at(At::Empty);
    world.csods(ADD).by("r.patel").refused(7);
    world.csods(&ADD.replace("n.new@example.org", "nowhere")).refused(2);
    world.csods(&ADD.replace("case_officer", "king")).refused(2);
    world.csods(&ADD.replace("n.new@", "m.reid@")).refused(6);
    world.csods("person end n.obody").refused(3);
    world.csods("person end m.reid").done();
    let ran = world.csods("person end d.osei").refused(5);
    assert!(ran.stderr.contains("nobody would be left"), "{}", ran.stderr);
}
