//! One bad file in `cases/` keeps nobody from opening an application, and `validate` reports every one.

use std::os::unix::fs::symlink;

use crate::support::{APPLICATION, At, World};

/// A second case, and then one that cannot be read, a link and a file of git's own, committed by plain git.
fn spoilt() -> (World, String) {
    let world = World::at(At::Opened);
    let other = world.csods("new").from(APPLICATION).opened();
    let bad = crate::support::path_of(&other);
    world.write(&format!("store/{bad}"), "not a case: [\n");
    world.write("store/cases/.gitattributes", "*.yaml text\n");
    symlink("/etc/hostname", world.store().join("cases/2026/link.yaml")).unwrap();
    world.git(&["add", "-A"]);
    world.git(&["commit", "-q", "-m", "by git"]);
    (world, bad)
}

#[test]
fn an_application_is_opened_and_says_what_it_was_not_compared_with() {
    let (world, bad) = spoilt();
    let ran = world.csods("new").from(APPLICATION).done();
    assert_eq!(ran.commits, 1);
    assert!(ran.stderr.contains("similar case: "), "what can be read is compared: {}", ran.stderr);
    assert!(ran.stderr.contains("not compared with cases/2026/"), "{}", ran.stderr);
    assert!(ran.stderr.contains("csods validate"), "{}", ran.stderr);
    let line = format!("{}\n", serde_json::json!({"action": "new", "data": application()}));
    let ran = world.csods("apply -").input(&line).done();
    assert!(ran.commits == 1 && ran.stderr.contains("not compared with"), "{}", ran.stderr);
    // A list is never shorter without a word.
    world.csods("list").refused(9);
    assert!(!bad.is_empty());
}

fn application() -> serde_json::Value {
    csods::store::json::value(&csods::store::answers::parse_any(APPLICATION.as_bytes()).unwrap())
}

#[test]
fn validate_reports_every_one_and_goes_on() {
    let (world, bad) = spoilt();
    world.write("store/letters/link", "");
    std::fs::remove_file(world.store().join("letters/link")).unwrap();
    symlink("/etc/hostname", world.store().join("letters/link")).unwrap();
    world.git(&["add", "-A"]);
    world.git(&["commit", "-q", "-m", "by git"]);
    let ran = world.csods("validate").refused(11);
    for path in ["cases/.gitattributes", "cases/2026/link.yaml", &bad, "letters/link"] {
        assert!(ran.stdout.contains(&format!("{path}:")), "{path}:\n{}", ran.stdout);
    }
}

#[test]
fn a_file_of_gits_own_is_no_case_and_keeps_none_from_being_read() {
    let world = World::at(At::Opened);
    world.csods("list").done();
    world.write("store/cases/.gitattributes", "*.yaml text\n");
    world.git(&["add", "-A"]);
    world.git(&["commit", "-q", "-m", "by git"]);
    for index in ["", "--no-index"] {
        assert_eq!(world.csods(&format!("list {index}")).json()["cases"].as_array().unwrap().len(), 1);
    }
    let ran = world.csods("new").from(APPLICATION).done();
    assert!(!ran.stderr.contains("not compared"), "{}", ran.stderr);
    assert!(world.csods("validate").refused(11).stdout.contains("cases/.gitattributes:1:1: "));
}
