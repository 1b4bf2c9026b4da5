//! The programs of a person's own that are told of changes.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::support::{APPLICATION, At, Csods, World, json};

/// A program that keeps what it is told, and a configuration that names it.
fn hooked(world: &World, script: &str, more: &str) -> String {
    let program = program(world, "hook", script);
    let text = format!("[[hooks]]\nrun = \"{program}\"\n{more}");
    world.write("own/csods/config.toml", &text);
    world.dir().join("own").display().to_string()
}

fn program(world: &World, name: &str, script: &str) -> String {
    let path = world.write(name, &format!("#!/bin/sh\n{script}\n"));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path.display().to_string()
}

const KEEPS: &str = "cat >> \"$(dirname \"$0\")/told\"; echo kept >> \"$(dirname \"$0\")/calls\"";

fn told(world: &World) -> Vec<Value> {
    let text = fs::read_to_string(world.dir().join("told")).unwrap_or_default();
    text.lines().map(json).collect()
}

fn calls(world: &World) -> usize {
    fs::read_to_string(world.dir().join("calls")).unwrap_or_default().lines().count()
}

fn with_own<'w>(command: Csods<'w>, own: &str) -> Csods<'w> {
    command.env("XDG_CONFIG_HOME", own)
}

#[test]
fn a_hook_is_told_of_each_change_and_of_nothing_personal() {
    let world = World::at(At::Checked);
    let own = hooked(&world, KEEPS, "");
    let screening = "{immediate_risk: false, within_scheme: true, reason: Zzyzx}";
    let answer = with_own(world.csods("screen REF").from(screening), &own).recorded();
    let all = told(&world);
    assert_eq!((all.len(), calls(&world)), (1, 1));
    let change = &all[0];
    for key in ["version", "reference", "action", "stage", "commit", "next"] {
        assert_eq!(change[key], answer[key], "{key}");
    }
    assert_eq!((&change["stage_before"], &change["actor"]), (&"initial_checks".into(), &"d.osei".into()));
    let keys: Vec<&String> = change.as_object().unwrap().keys().collect();
    let wanted = [
        "version",
        "reference",
        "action",
        "stage",
        "stage_before",
        "commit",
        "actor",
        "at",
        "force",
        "store",
        "next",
    ];
    assert_eq!(keys, wanted);
    assert!(!change.to_string().contains("Zzyzx") && !change.to_string().contains("Placeholder"));
    // Questions, refusals and what is only tried are no changes.
    with_own(world.csods("show REF"), &own).done();
    with_own(world.csods("note REF --dry-run"), &own).from("text: x").done();
    with_own(world.csods("note REF"), &own).refused(6);
    assert_eq!(calls(&world), 1);
    // Both cases of a link; people and settings.
    let other = with_own(world.csods("new").from(APPLICATION), &own).opened();
    with_own(world.csods("link REF").arg(&other).from("reason: x"), &own).done();
    with_own(world.csods("person end r.patel").by("m.reid"), &own).done();
    let actions: Vec<Value> = told(&world).iter().map(|change| change["action"].clone()).collect();
    assert_eq!(actions, ["screen", "new", "link", "link", "person"]);
    let demo = world.dir().join("demo").display().to_string();
    with_own(world.csods("demo").arg(demo), &own).run();
    assert_eq!(calls(&world), 4, "the demo tells nobody");
}

#[test]
fn a_batch_is_one_call() {
    let world = World::at(At::Opened);
    let own = hooked(&world, KEEPS, "");
    let note = format!(
        "{{\"case\": \"{}\", \"action\": \"note\", \"data\": {{\"text\": \"Zzyzx\"}}}}\n",
        world.reference()
    );
    with_own(world.csods("apply -").input(&note.repeat(30)), &own).done();
    assert_eq!((told(&world).len(), calls(&world)), (30, 1));
    assert_eq!(told(&world)[29]["commit"], world.head());
}

#[test]
fn what_a_hook_does_not_want_to_know_it_is_not_told() {
    let world = World::at(At::Opened);
    for (more, wanted) in [
        ("actions = [\"urgent\"]", 0),
        ("actions = [\"urgent\", \"note\"]", 1),
        ("forces = [\"ZZ\"]", 1),
        ("forces = [\"ZZ\", \"KP\"]", 2),
        ("stores = [\"/\"]", 2),
        (&format!("stores = [\"{}\"]", world.store().display()), 3),
        ("arguments = [\"--loud\"]", 4),
    ] {
        let own = hooked(&world, KEEPS, more);
        with_own(world.csods("note REF").from("text: x"), &own).done();
        assert_eq!(calls(&world), wanted, "{more}");
    }
}

#[test]
fn a_hook_that_fails_is_reported_and_undoes_nothing() {
    let world = World::at(At::Opened);
    let inside = {
        let path = world.dir().join("store/.git/hook");
        crate::support::write(&path, b"#!/bin/sh\n");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path.display().to_string()
    };
    for (script, more, why) in [
        ("exit 3", "", "failed with exit code 3; the change stands"),
        ("kill -9 $$", "", "was ended by a signal"),
        ("exec sleep 1000000", "seconds = 1", "took longer than 1 seconds and was ended"),
    ] {
        let own = hooked(&world, script, more);
        let ran = with_own(world.csods("note REF").from("text: x"), &own).done();
        assert_eq!(ran.commits, 1);
        assert!(ran.stderr.starts_with("warning: the hook ") && ran.stderr.contains(why), "{}", ran.stderr);
    }
    for (run, why) in [
        ("/nowhere/at/all", "cannot be run (entity not found)"),
        ("hook", "is not named by its whole path"),
        (&inside, "lies in the store and was not run"),
    ] {
        world.write("own/csods/config.toml", &format!("[[hooks]]\nrun = \"{run}\"\n"));
        let own = world.dir().join("own").display().to_string();
        let ran = with_own(world.csods("note REF").from("text: x"), &own).done();
        assert!(ran.commits == 1 && ran.stderr.contains(why), "{}", ran.stderr);
    }
    // One that reads nothing, of more than a pipe holds.
    let own = hooked(&world, "exit 0", "");
    let note = format!(
        "{{\"case\": \"{}\", \"action\": \"note\", \"data\": {{\"text\": \"x\"}}}}\n",
        world.reference()
    );
    let ran = with_own(world.csods("apply -").input(&note.repeat(400)), &own).done();
    assert!(!ran.stderr.contains("warning"), "{}", ran.stderr);
}

#[test]
fn a_configuration_that_others_may_write_to_is_not_obeyed() {
    let world = World::at(At::Opened);
    let own = hooked(&world, KEEPS, "");
    let path = world.dir().join("own/csods/config.toml");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o664)).unwrap();
    let ran = with_own(world.csods("note REF").from("text: x"), &own).done();
    assert!(ran.stderr.contains("others may write to it; `chmod go-w` mends that"), "{}", ran.stderr);
    assert_eq!(calls(&world), 0);
    for (text, why) in
        [("[[hooks]]\n", "hooks.0.run: missing"), ("hooks = 1 2\n", "1:"), ("colour = 1\n", "unknown key")]
    {
        let own = world.dir().join("own").display().to_string();
        fs::remove_file(&path).unwrap();
        world.write("own/csods/config.toml", text);
        let ran = with_own(world.csods("note REF").from("text: x"), &own).done();
        assert!(
            ran.stderr.starts_with("warning: no hook was run: ") && ran.stderr.contains(why),
            "{}",
            ran.stderr
        );
    }
}

#[test]
fn below_home_where_no_other_place_is_named_and_never_in_the_store() {
    let world = World::at(At::Opened);
    hooked(&world, KEEPS, "");
    let home = world.dir().join("person");
    fs::create_dir(&home).unwrap();
    fs::rename(world.dir().join("own"), home.join(".config")).unwrap();
    world.csods("note REF").env("HOME", &home.display().to_string()).from("text: x").done();
    assert_eq!(calls(&world), 1);
    // A path that is not whole would be read below the working directory, which is the store.
    world.csods("note REF").env("XDG_CONFIG_HOME", "../person/.config").from("text: x").done();
    assert_eq!(calls(&world), 1);
}

#[test]
fn a_program_that_everybody_could_replace_is_not_run() {
    let world = World::at(At::Opened);
    let own = hooked(&world, KEEPS, "");
    let hook = world.dir().join("hook");
    let deep = world.dir().join("bin/deep");
    fs::create_dir_all(&deep).unwrap();
    fs::copy(&hook, deep.join("hook")).unwrap();
    let named = |path: &std::path::Path| {
        let text = fs::read_to_string(world.dir().join("own/csods/config.toml")).unwrap();
        let hook = hook.display().to_string();
        world.write("other/csods/config.toml", &text.replacen(&hook, &path.display().to_string(), 1));
        world.dir().join("other").display().to_string()
    };
    let mode =
        |path: &std::path::Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let note = |own: &str| with_own(world.csods("note REF").from("text: x"), own).done();
    let other = named(&deep.join("hook"));
    assert!(!note(&other).stderr.contains("warning"));
    for (path, open, closed) in [
        (deep.join("hook"), 0o757, 0o755),
        (deep.clone(), 0o777, 0o755),
        (deep.clone(), 0o1777, 0o755),
        (world.dir().join("bin"), 0o757, 0o755),
    ] {
        let before = calls(&world);
        mode(&path, open);
        let ran = note(&other);
        assert!(
            ran.stderr.contains("was not run: everybody can change"),
            "{}: {}",
            path.display(),
            ran.stderr
        );
        assert!(
            ran.stderr.contains("chmod o-w") && ran.stderr.contains("the change stands"),
            "{}",
            ran.stderr
        );
        assert_eq!(calls(&world), before, "{}", path.display());
        mode(&path, closed);
        assert!(!note(&other).stderr.contains("warning"));
    }
    // A link to it in such a directory, too; and the configuration itself.
    let open = world.dir().join("open");
    fs::create_dir(&open).unwrap();
    std::os::unix::fs::symlink(deep.join("hook"), open.join("hook")).unwrap();
    mode(&open, 0o777);
    assert!(note(&named(&open.join("hook"))).stderr.contains("was not run: everybody can change"));
    mode(&world.dir().join("own/csods"), 0o777);
    assert!(note(&own).stderr.contains("no hook was run"));
}
