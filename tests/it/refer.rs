//! `csods refer`.

use crate::support::{At, World};

#[test]
fn s4_is_recorded_at_any_stage() {
    for at in [At::Opened, At::ToDisclose, At::Closed] {
        let world = World::at(at);
        world.csods("refer REF --to social_care").from("reason: A child alone with him.").recorded();
        assert_eq!(world.case()["referrals"][0]["to"], "social_care");
    }
}

#[test]
fn s8_a_crime_found_on_the_way_is_marked() {
    let world = World::at(At::Interview);
    world.csods("refer REF --to police --crime-or-breach").from("reason: A breach.").recorded();
    assert_eq!(world.case()["referrals"][0]["crime_or_breach"], true);
}

#[test]
fn refuses_agencies_that_are_not_in_the_settings() {
    let world = World::at(At::Opened);
    let problems = world.csods("refer REF --to circus").from("reason: Because.").problems(6);
    assert!(problems[0].starts_with("referral.to: must be one of social_care, "), "{problems:?}");
    assert_eq!(world.csods("refer REF").problems(6), ["referral.to: missing", "referral.reason: missing"]);
    world.csods("refer REF --to health").from("reason: Because.").would_write("to: health");
}
