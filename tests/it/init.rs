//! `csods init`.

use crate::support::World;

#[test]
fn makes_a_store_in_one_commit_with_its_maker_in_every_role() {
    let world = World::bare();
    let ran = world.csods("init store --force Kent --prefix KP").done();
    assert!(ran.stdout.contains("next: csods new"), "{}", ran.stdout);
    assert_eq!(world.commits(), 1);
    world.sound();
    let people = world.csods("person list").json();
    assert_eq!(people["people"][0]["id"], "d.osei");
    assert_eq!(people["people"][0]["roles"].as_array().unwrap().len(), 6);
    assert!(world.git(&["log", "--format=%B"]).contains("Clock: set by hand"));
    world.csods("settings check").done();
    world.csods("validate").done();
}

#[test]
fn refuses_a_directory_that_is_in_use_and_a_prefix_that_cannot_be() {
    let world = World::bare();
    world.write("taken/already", "here");
    world.csods("init taken --force Kent --prefix KP").refused(2);
    for prefix in ["kp", "1K", "TOOLONGX", "K-P"] {
        world.csods(&format!("init other --force Kent --prefix {prefix}")).refused(2);
    }
    world.csods("init other --force Kent --prefix KP").env("GIT_AUTHOR_EMAIL", "").refused(7);
    world.csods("init other --prefix KP").refused(2);
    assert!(!world.dir().join("other").exists());
}

#[test]
fn a_dry_run_makes_nothing() {
    let world = World::bare();
    let ran = world.csods("init store --force Kent --prefix KP --dry-run").done();
    assert!(ran.stdout.contains("prefix = \"KP\""), "{}", ran.stdout);
    assert!(!world.store().exists());
}
