//! `csods urgent`.

use crate::support::{At, World};

#[test]
fn s3_is_recorded_at_any_stage_and_never_stops_the_case() {
    for at in [At::Opened, At::Decision, At::Closed] {
        let world = World::at(at);
        let stage = world.case()["stage"].clone();
        let answer =
            world.csods("urgent REF").by("r.patel").from("action: A patrol went at once.").recorded();
        assert_eq!(answer["stage"], stage);
        assert_eq!(world.case()["urgent"][0]["by"], "r.patel");
        assert!(world.csods("show REF").done().stdout.contains("URGENT ACTION was taken 1 time(s)"));
    }
}

#[test]
fn refuses_silence() {
    let world = World::at(At::Opened);
    assert_eq!(world.csods("urgent REF").problems(6), ["urgent.action: missing"]);
    world.csods("urgent REF").by("a.auditor").from("action: Looked.").refused(7);
    world.csods("urgent REF").from("action: A patrol went.").would_write("action: A patrol went.");
}
