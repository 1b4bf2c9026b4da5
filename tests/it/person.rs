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

#[test]
fn r6_an_archive_stands_for_another_system_and_may_do_nothing() {
    let world = World::at(At::Opened);
    let add = "person add archive --name Register --email archive@example.org";
    world.csods(&format!("{add} --archive --role supervisor")).refused(2);
    world.csods(add).refused(2);
    world.csods(&format!("{add} --archive")).recorded();
    let people = world.csods("person list").json();
    let archive =
        people["people"].as_array().unwrap().iter().find(|person| person["id"] == "archive").unwrap();
    assert_eq!((&archive["archive"], archive["roles"].as_array().map(Vec::len)), (&true.into(), Some(0)));
    let list = world.csods("person list").done().stdout;
    assert!(
        list.lines().any(|line| line.split_whitespace().eq([
            "archive",
            "Register",
            "archive@example.org",
            "archive"
        ])),
        "{list}"
    );
    world.csods("note REF").by("archive").from("text: Rang.").refused(7);
    world.csods("note REF").from("{text: Rang., by: archive}").refused(7);
    let problems = world.csods("assign REF archive").problems(5);
    assert_eq!(
        problems,
        [
            "owner: stands for the people of another system; only records of a case that it had closed may name them (R6)"
        ]
    );
    // With roles they are a person like any other.
    world.csods(&format!("{add} --role case_officer")).recorded();
    world.csods("assign REF archive").recorded();
    assert!(!world.git(&["show", "HEAD:csods.toml"]).contains("archive = true\n"));
}
