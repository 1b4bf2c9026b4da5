//! `csods explain`.

use crate::support::{At, World};

#[test]
fn c8_shows_the_arithmetic_of_every_clock() {
    let world = World::at(At::Opened);
    let text = world.csods("explain REF").done().stdout;
    for wanted in ["clock rules \"2023\"", "24 ", "28 ", "10 "] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    let told = world.csods("explain REF").json();
    for clock in told["clocks"].as_array().unwrap() {
        assert!(!clock["steps"].as_array().unwrap().is_empty(), "{clock}");
    }
}

#[test]
fn one_clock_alone() {
    let world = World::at(At::Opened);
    let told = world.csods("explain REF --clock whole").json();
    assert_eq!(told["clocks"].as_array().unwrap().len(), 1);
    assert_eq!(told["clocks"][0]["due"], "2026-03-30T22:59:59Z");
    world.csods("explain REF --clock cuckoo").refused(2);
    world.csods("explain ZZZZZ").refused(3);
}
