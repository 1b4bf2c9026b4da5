//! `csods inform`.

use crate::support::{At, World};

#[test]
fn records_how_the_applicant_was_informed() {
    let world = World::at(At::ToInform);
    let answer = world.csods("inform REF --method phone").recorded();
    assert_eq!(answer["next"]["action"], "close");
    assert_eq!(world.case()["informed"]["method"], "phone");
}

#[test]
fn a1_only_by_a_way_that_is_safe() {
    let world = World::at(At::ToInform);
    for method in ["letter", "email", "text"] {
        let problems = world.csods(&format!("inform REF --method {method}")).problems(5);
        assert_eq!(problems, ["informed.method: the applicant has not said that this way is safe (A1)"]);
    }
    assert_eq!(world.csods("inform REF").problems(6), ["informed.method: missing"]);
    world.csods("inform REF --method in_person").would_write("method: in_person");
}

#[test]
fn comes_after_the_decision() {
    World::at(At::Decision).csods("inform REF --method phone").refused(5);
    World::at(At::ToInform).csods("inform REF --method phone").by("r.patel").refused(7);
}
