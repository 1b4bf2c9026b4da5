//! `csods commit`.

use crate::support::{At, World};

const WHY: &str = "{code: new_information, reason: They rang.}";

#[test]
fn takes_in_an_edit_by_hand_as_corrections() {
    let world = World::at(At::Opened);
    world.edit_case("channel: online", "channel: phone");
    let answer = world.csods("commit").from(WHY).recorded();
    assert_eq!((&answer["action"], &answer["reference"]), (&"edit".into(), &world.reference().into()));
    assert_eq!(world.case()["corrections"][0]["path"], "received.channel");
    world.sound();
}

#[test]
fn takes_in_settings_and_leaves_other_edits_alone() {
    let world = World::at(At::Opened);
    world.edit_case("channel: online", "channel: phone");
    let settings = world.git(&["show", "HEAD:csods.toml"]).replace("fresh_days = 28", "fresh_days = 21");
    world.write("store/csods.toml", &settings);
    let ran = world.csods("commit csods.toml").beside_edits().done();
    assert_eq!(ran.commits, 1);
    assert_eq!(world.git(&["status", "--porcelain"]).trim(), format!("M {}", world.case_path()));
    assert!(world.git(&["log", "-1", "--format=%B"]).contains("Action: settings"));
    world.csods("commit other.yaml").beside_edits().refused(3);
}

#[test]
fn refuses_what_is_damaged_with_file_line_and_column() {
    let world = World::at(At::Opened);
    world.edit_case("channel: online", "channel: pigeon");
    let problems = world.csods("commit").beside_edits().from(WHY).problems(9);
    let path = world.case_path();
    assert!(
        problems[0].starts_with(&path) && problems[0].contains("received.channel: must be one of"),
        "{problems:?}"
    );
    assert!(!problems[0].contains("pigeon"), "{problems:?}");
    std::fs::remove_file(world.store().join(&path)).unwrap();
    let problems = world.csods("commit").beside_edits().from(WHY).problems(9);
    assert!(problems[0].contains("never taken out of the store by hand"), "{problems:?}");
}

#[test]
fn what_differs_by_its_mode_alone_is_said_and_put_right_by_the_next_change() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::at(At::Opened);
    let file = world.store().join(world.case_path());
    let mode = |mode| std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
    mode(0o755);
    assert_ne!(world.git(&["status", "--porcelain"]), "");
    let problems = world.csods("commit").beside_edits().from(WHY).problems(9);
    assert!(problems[0].contains("holds what was last committed"), "{problems:?}");
    world.csods("note REF").beside_edits().from("text: Rang.").done();
    world.sound();
    // What may not be read by others stays so.
    mode(0o640);
    world.csods("note REF").from("text: Rang again.").done();
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    world.git(&["update-index", "--chmod=+x", &world.case_path()]);
    world.git(&["commit", "-qm", "may be run"]);
    mode(0o755);
    world.csods("note REF").from("text: And again.").done();
    world.sound();
}

#[test]
fn needs_a_reason_and_a_person_who_may() {
    let world = World::at(At::Opened);
    assert_eq!(world.csods("commit").json()["commit"], serde_json::Value::Null);
    world.edit_case("channel: online", "channel: phone");
    let keys = ["correction.code: missing", "correction.reason: missing"];
    assert_eq!(world.csods("commit").beside_edits().problems(6), keys);
    world.csods("commit").beside_edits().by("r.patel").from(WHY).refused(7);
    world.csods("commit --dry-run").beside_edits().from(WHY).done();
    assert_eq!(world.commits(), World::at(At::Opened).commits());
}
