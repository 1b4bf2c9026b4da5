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

#[test]
fn r6_settings_and_cases_are_not_taken_in_together() {
    let world = World::at(At::Opened);
    world.edit_case("channel: online", "channel: phone");
    let settings = world.git(&["show", "HEAD:csods.toml"]).replace("fresh_days = 28", "fresh_days = 21");
    world.write("store/csods.toml", &settings);
    let ran = world.csods("commit").beside_edits().from(WHY).refused(5);
    assert!(
        ran.stderr.contains("take in the other files first: `csods commit csods.toml`"),
        "{}",
        ran.stderr
    );
    world.csods("commit csods.toml").beside_edits().done();
    world.csods("commit").from(WHY).recorded();
    world.sound();
}

/// A case file added by hand: the committed one under another reference.
fn added(world: &World, change: impl Fn(String) -> String) -> String {
    let other = "KP-26-000000";
    let path = crate::support::path_of(other);
    world.write(&format!("store/{path}"), &change(world.case_text().replace(world.reference(), other)));
    path
}

#[test]
fn r6_r4_a_case_added_by_hand_names_only_who_may_and_says_who_took_it_in() {
    let world = World::at(At::ToInform);
    added(&world, |text| text.replace("by: m.reid", "by: r.patel"));
    let problems = world.csods("commit").beside_edits().from(WHY).problems(5);
    let wanted =
        "decision.by: may not record the decision: that takes one of these roles: decision_maker (R6)";
    assert!(problems.contains(&wanted.to_owned()), "{problems:?}");
    // d.osei assessed, and so does not bring in the decision.
    added(&world, |text| text);
    let problems = world.csods("commit").beside_edits().from(WHY).problems(5);
    let wanted = "decision: must be taken in by somebody who wrote no assessment of this case (R4)";
    assert_eq!(problems, [wanted]);
    let path = added(&world, |text| text);
    world.csods("commit").by("s.khan").beside_edits().from(WHY).refused(7);
    world
        .csods("person add s.khan --name S --email s.khan@example.org --role supervisor")
        .beside_edits()
        .done();
    world.csods("commit").by("s.khan").from(WHY).done();
    let text = world.git(&["show", &format!("HEAD:{path}")]);
    assert!(text.contains("assessment:\n  by: d.osei\n  recorded_by: s.khan\n"), "{text}");
    world.sound();
}

#[test]
fn r4_mending_or_bringing_back_a_file_changes_nothing_that_is_refused_otherwise() {
    let world = World::at(At::ToInform);
    let (path, text) = (format!("store/{}", world.case_path()), world.case_text());
    world.csods("person add s.khan --name S --email s.khan@example.org --role supervisor").done();
    let changed = text.replace("assessment:\n  by: d.osei", "assessment:\n  by: s.khan");
    assert_ne!(changed, text);
    for gone in [false, true] {
        match gone {
            true => drop(world.git(&["rm", "-q", &world.case_path()])),
            false => drop(world.write(&path, "format: [")),
        }
        world.git(&["commit", "-qam", "by other means"]);
        // Of the last version that could be read, the assessor takes no name off.
        world.write(&path, &changed);
        let ran = world.csods("commit").beside_edits().from(WHY).refused(7);
        assert!(ran.stderr.contains("somebody else must correct who wrote it (R4)"), "{}", ran.stderr);
        world.write(&path, &text);
        world.csods("commit").from(WHY).done();
        assert_eq!(world.case_text(), text);
        world.sound();
    }
}
