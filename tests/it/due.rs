//! `csods due`.

use crate::support::{At, World};

#[test]
fn groups_by_how_soon() {
    let world = World::at(At::Opened);
    let text = |now: &str| world.csods("due").now(now).done().stdout;
    assert!(text("2026-03-02T12:00:00Z").contains("DUE THIS WEEK (1)"));
    assert!(text("2026-03-03T08:00:00Z").contains("DUE TODAY (1)"));
    assert!(text("2026-03-03T09:15:01Z").contains("OVERDUE (1)"));
    assert!(World::at(At::Closed).csods("due").done().stdout.contains("nothing is due"));
}

#[test]
fn check_says_by_its_code_that_something_is_overdue() {
    let world = World::at(At::Opened);
    world.csods("due --check").now("2026-03-03T09:15:00Z").done();
    let ran = world.csods("due --check").now("2026-03-03T09:15:01Z").refused(11);
    assert!(ran.stdout.contains(world.reference()), "{}", ran.stdout);
    world.csods("due").now("2026-03-03T09:15:01Z").done();
}

#[test]
fn gives_rows_to_scripts() {
    let world = World::at(At::Interview);
    let due = world.csods("due").json();
    let case = &due["cases"][0];
    assert_eq!((&case["clock"], &case["next"]), (&"interview".into(), &"interview".into()));
    assert_eq!(case["due"], "2026-03-12T23:59:59Z");
    assert!(world.csods("due --format csv").done().stdout.starts_with("reference,clock,due"));
}
