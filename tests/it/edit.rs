//! `csods edit`.

use std::os::unix::fs::PermissionsExt;

use crate::support::{At, World};

const WHY: &str = "{code: mistake, reason: Mistyped.}";

/// An editor that runs a line of shell on the file.
fn editor(world: &World, line: &str) -> String {
    let path = world.write("editor", &format!("#!/bin/sh\n{line}\n"));
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path.display().to_string()
}

#[test]
fn takes_in_what_the_editor_made_of_it() {
    let world = World::at(At::Opened);
    let editor = editor(&world, r#"sed -i 's/channel: online/channel: phone/' "$1""#);
    world.csods("edit REF").env("EDITOR", &editor).from(WHY).recorded();
    let case = world.case();
    assert_eq!(case["received"]["channel"], "phone");
    let correction = &case["corrections"][0];
    assert_eq!((&correction["path"], &correction["was"]), (&"received.channel".into(), &"online".into()));
    world.sound();
}

#[test]
fn nothing_changed_is_no_commit() {
    let world = World::at(At::Opened);
    let answer = world.csods("edit REF").env("EDITOR", "true").from(WHY).json();
    assert_eq!(answer["commit"], serde_json::Value::Null);
}

#[test]
fn refused_text_is_kept_and_offered_again() {
    let world = World::at(At::Opened);
    let spoil = editor(&world, r#"sed -i 's/channel: online/channel: pigeon/' "$1""#);
    let ran = world.csods("edit REF").env("EDITOR", &spoil).from(WHY).refused(6);
    assert!(ran.stderr.contains("your text is kept"), "{}", ran.stderr);
    let mend = editor(&world, r#"sed -i 's/channel: pigeon/channel: post/' "$1""#);
    world.csods("edit REF").env("EDITOR", &mend).from(WHY).recorded();
    assert_eq!(world.case()["received"]["channel"], "post");
    world.sound();
}

#[test]
fn s1_a_stage_is_not_changed_by_editing() {
    let world = World::at(At::Opened);
    let editor = editor(&world, r#"sed -i 's/^stage: .*/stage: decision/' "$1""#);
    let ran = world.csods("edit REF").env("EDITOR", &editor).from(WHY).refused(5);
    assert!(ran.stderr.contains("a stage is not changed by editing"), "{}", ran.stderr);
    world.csods("edit REF").by("r.patel").env("EDITOR", &editor).from(WHY).refused(7);
    world.csods("edit REF").from(WHY).refused(2);
}

#[test]
fn what_an_editor_leaves_of_a_whole_case_goes_with_the_edit_or_is_named() {
    let world = World::at(At::Opened);
    let leaves =
        r#"d=$(dirname "$1"); n=$(basename "$1"); cp "$1" "$d/.$n.swp"; cp "$1" "$d/#$n#"; cp "$1" "$1~""#;
    let crashes = editor(&world, &format!("{leaves}; exit 1"));
    world.csods("edit REF").env("EDITOR", &crashes).from(WHY).refused(12);
    let status = world.csods("status").json();
    let named: Vec<&str> =
        status["left_by_editors"].as_array().unwrap().iter().map(|path| path.as_str().unwrap()).collect();
    let reference = world.reference();
    let left =
        [format!("#{reference}.yaml#"), format!(".{reference}.yaml.swp"), format!("{reference}.yaml~")];
    assert_eq!(named, left.map(|name| format!(".git/csods/edit/{name}")));
    assert!(world.csods("status").done().stdout.contains("left by an editor; each may hold a whole case"));
    let works = editor(&world, &format!(r#"{leaves}; sed -i 's/channel: online/channel: phone/' "$1""#));
    world.csods("edit REF").env("EDITOR", &works).from(WHY).recorded();
    assert_eq!(std::fs::read_dir(world.store().join(".git/csods/edit")).unwrap().count(), 0);
    assert_eq!(world.csods("status").json()["left_by_editors"], serde_json::json!([]));
}
