//! `csods settings`.

use crate::support::{At, World, json};

#[test]
fn a_new_store_is_in_order() {
    let world = World::at(At::Empty);
    assert_eq!(world.csods("settings check").json()["problems"], serde_json::json!([]));
    world.csods("settings").refused(2);
}

#[test]
fn reports_every_problem_as_the_files_stand_on_disk() {
    let world = World::at(At::Empty);
    let text = world.git(&["show", "HEAD:csods.toml"]);
    let spoilt = text
        .replace("fresh_days = 28", "fresh_days = \"soon\"")
        .replace("within = 24, unit = \"hours\"", "within = 24, unit = \"moons\"");
    world.write("store/csods.toml", &spoilt);
    let ran = world.csods("settings check --format=json").beside_edits().refused(11);
    let problems = &json(&ran.stdout)["problems"];
    let paths: Vec<&str> =
        problems.as_array().unwrap().iter().map(|of| of["path"].as_str().unwrap()).collect();
    for path in ["clocks.2010.initial_checks.unit", "clocks.2023.initial_checks.unit", "checks.fresh_days"] {
        assert!(paths.contains(&path), "{paths:?}");
    }
    let line = 1 + spoilt.lines().position(|line| line.starts_with("fresh_days")).unwrap();
    let fresh = problems.as_array().unwrap().iter().find(|of| of["path"] == "checks.fresh_days").unwrap();
    assert_eq!(fresh["line"], line);
    world.csods("commit").beside_edits().refused(9);
}

#[test]
fn a_store_of_a_newer_format_is_said_to_be_one_and_what_to_do() {
    let world = World::at(At::Opened);
    let text = world.git(&["show", "HEAD:csods.toml"]).replace("format = 1", "format = 2\nfancy = true");
    world.write("store/csods.toml", &text);
    world.csods("show REF").beside_edits().done();
    world.git(&["commit", "-qam", "newer"]);
    for line in ["show REF", "note REF", "list", "person list"] {
        let ran = world.csods(line).refused(9);
        assert!(
            ran.stderr.contains("is newer than this version of csods reads (up to 1)"),
            "{line}: {}",
            ran.stderr
        );
        assert!(ran.stderr.contains("hint: install a later csods"), "{line}: {}", ran.stderr);
        assert!(!ran.stderr.contains("unknown key"), "{line}: {}", ran.stderr);
    }
}

#[test]
fn unknown_keys_are_errors() {
    let world = World::at(At::Empty);
    let text = world.git(&["show", "HEAD:csods.toml"]).replace("[checks]", "[checks]\nfancy = true");
    world.write("store/csods.toml", &text);
    let ran = world.csods("settings check").beside_edits().refused(11);
    assert!(ran.stdout.contains("unknown key"), "{}", ran.stdout);
}

#[test]
fn a_store_that_needs_a_later_csods_is_shown_and_not_changed() {
    let world = World::at(At::Opened);
    let text =
        world.git(&["show", "HEAD:csods.toml"]).replace("format = 1\n", "format = 1\nneeds = \"99.1\"\n");
    world.write("store/csods.toml", &text);
    world.csods("commit").by("m.reid").done();
    for line in ["show REF", "list", "due", "person list", "validate", "settings check"] {
        world.csods(line).done();
    }
    for line in ["note REF", "check REF", "urgent REF", "apply -", "person end d.osei"] {
        let ran = world.csods(line).by("m.reid").refused(9);
        assert!(ran.stderr.contains("may be changed by csods 99.1 or later only"), "{line}: {}", ran.stderr);
        assert!(ran.stderr.contains("hint: install a later csods"), "{line}: {}", ran.stderr);
    }
}

#[test]
fn settings_of_a_newer_format_name_the_version_that_reads_them() {
    let world = World::at(At::Opened);
    let text = world.git(&["show", "HEAD:csods.toml"]);
    let text = text.replace("format = 1\n", "format = 2\nneeds = \"0.9\"\nfancy = true\n");
    world.write("store/csods.toml", &text);
    world.git(&["commit", "-qam", "newer"]);
    let ran = world.csods("list").refused(9);
    assert!(ran.stderr.contains("csods 0.9 or later is needed"), "{}", ran.stderr);
    let text = text.replace("format = 2\nneeds = \"0.9\"\nfancy = true\n", "format = 1\nneeds = \"soon\"\n");
    world.write("store/csods.toml", &text);
    let ran = world.csods("settings check").beside_edits().refused(11);
    assert!((ran.stdout + &ran.stderr).contains("must be a version like 0.2"));
}
