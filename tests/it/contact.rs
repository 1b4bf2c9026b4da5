//! `csods contact`.

use crate::support::{At, World};

const LINE: &str = "contact REF --with applicant --method phone --direction";

#[test]
fn records_a_contact() {
    let world = World::at(At::Interview);
    world.csods(&format!("{LINE} attempted")).from("summary: No answer.").recorded();
    let contact = &world.case()["contacts"][0];
    assert_eq!((&contact["direction"], &contact["summary"]), (&"attempted".into(), &"No answer.".into()));
}

#[test]
fn s5_stops_when_the_applicant_left() {
    let world = World::at(At::Withdrawn);
    let later = "2026-03-02T13:00:00Z";
    for direction in ["outbound", "attempted"] {
        let problems =
            world.csods(&format!("{LINE} {direction}")).now(later).from("summary: Rang.").problems(5);
        assert_eq!(problems, ["contact.direction: the applicant left: contact with them has stopped (S5)"]);
    }
    world.csods(&format!("{LINE} inbound")).now(later).from("summary: They rang.").recorded();
}

#[test]
fn refuses_what_is_incomplete() {
    let world = World::at(At::Interview);
    let keys = ["with", "method", "direction", "summary"];
    assert_eq!(world.csods("contact REF").problems(6), keys.map(|key| format!("contact.{key}: missing")));
    world.csods(&format!("{LINE} inbound")).from("summary: They rang.").would_write("direction: inbound");
}
