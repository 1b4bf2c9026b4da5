//! R4, R6: who the cases of another system name.

use super::{MAPPING, REGISTER, import, of_row};
use crate::support::{At, World};

#[test]
fn r6_only_a_case_that_was_closed_there_names_an_archive() {
    let world = World::at(At::Empty);
    world.csods("person add archive --name Register --email archive@example.org --archive").done();
    let problems = import(&world, "register.csv", REGISTER.as_bytes(), MAPPING).problems(6);
    // The last row is the one open case.
    let what = "row 6, key received.by: stands for the people of another system; only records of a case that it had \
                closed may name them (R6)";
    assert_eq!(problems, [what]);
    let mut closed: Vec<&str> = REGISTER.lines().collect();
    closed.pop();
    let closed = closed.join("\n");
    let answer = import(&world, "register.csv", closed.as_bytes(), MAPPING).recorded();
    let case = world.csods("show").arg(of_row(&answer, 5)).json()["case"].clone();
    assert_eq!((&case["closure"]["by"], &case["format"]), (&"archive".into(), &1.into()));
    world.csods("validate").done();
}

#[test]
fn r6_a_closed_case_names_nobody_whose_role_does_not_allow_it() {
    let world = super::office();
    let mapping = MAPPING.replace("\"closure.by\" = \"archive\"", "\"closure.by\" = \"r.patel\"");
    let problems = import(&world, "register.csv", REGISTER.as_bytes(), &mapping).problems(6);
    let what = "closure.by: may not close the case: that takes one of these roles: supervisor (R6)";
    assert!(problems.iter().all(|problem| problem.ends_with(what)), "{problems:?}");
}
