//! `csods workload`.

use crate::support::{APPLICATION, At, RIGHT_TO_KNOW, World};

#[test]
fn shows_who_has_what() {
    let world = World::at(At::Decision);
    world.csods("new").from(APPLICATION).opened();
    let nobodys = world.csods("new").from(RIGHT_TO_KNOW).opened();
    let workload = world.csods("workload").now("2026-03-31T12:00:00Z").json();
    assert_eq!(workload["total"], 3);
    let owners = workload["owners"].as_array().unwrap();
    let of = |owner: serde_json::Value| owners.iter().find(|load| load["owner"] == owner).unwrap();
    let nobody = of(serde_json::Value::Null);
    assert_eq!((&nobody["open"], &nobody["oldest"]), (&1.into(), &nobodys.as_str().into()));
    assert_eq!(nobody["age_bands"]["29-35"], 1);
    assert_eq!(of("d.osei".into())["overdue"], 2);
    let text = world.csods("workload owner:d.osei").done().stdout;
    assert!(text.starts_with("OWNER") && text.lines().count() == 2, "{text}");
    assert!(World::at(At::Closed).csods("workload").done().stdout.contains("no case is open"));
}
