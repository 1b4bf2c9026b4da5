//! `csods doctor`: what is wrong with the rights of a store's files, said and put right.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

use crate::support::{APPLICATION, At, World, walk};

fn set(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().mode() & 0o7777
}

/// The words of what is found.
fn found(world: &World, line: &str) -> Vec<String> {
    let ran = world.csods(line).arg("--format=json").run();
    assert!([0, 11].contains(&ran.code), "{}", ran.stderr);
    let answer = crate::support::json(&ran.stdout);
    let problems = answer["problems"].as_array().unwrap();
    assert_eq!(ran.code == 11, !problems.is_empty(), "{answer}");
    problems.iter().map(|problem| problem["kind"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_store_as_csods_makes_it_is_in_order_and_closed() {
    let world = World::bare();
    let command = world.csods("init store --prefix KP --force Example").through(&[
        "sh",
        "-c",
        "umask 000; exec \"$@\"",
        "sh",
    ]);
    command.done();
    let opened =
        world.csods("new").from(APPLICATION).through(&["sh", "-c", "umask 000; exec \"$@\"", "sh"]).opened();
    world.csods(&format!("note {opened}")).from("text: A note.").recorded();
    world.csods("list").done();
    assert_eq!(mode(&world.store()), 0o700);
    for path in walk(&world.store()) {
        let at = path.display();
        assert_eq!(mode(&path) & 0o077, 0, "{at}");
        assert_eq!(mode(path.parent().unwrap()), 0o700, "{at}");
    }
    assert_eq!(found(&world, "doctor"), [""; 0]);
    let ran = world.csods("doctor").done();
    assert!(ran.stdout.contains("not shared: only that account can change it"), "{}", ran.stdout);
    let dir = world.dir().join("examples").display().to_string();
    world.csods("demo").arg(&dir).through(&["sh", "-c", "umask 000; exec \"$@\"", "sh"]).run();
    for path in walk(Path::new(&dir)) {
        assert_eq!(mode(&path) & 0o077, 0, "{}", path.display());
    }
}

#[test]
fn what_is_open_is_closed() {
    let world = World::at(At::Opened);
    world.csods("list").done();
    world.csods("note REF").from("text: A note.").recorded();
    let git = world.store().join(".git");
    for (name, mode, kind) in [
        ("csods", 0o777, "open_to_all"),
        ("csods/lock", 0o666, "open_to_all"),
        ("csods/lock", 0o644, "readable"),
        ("refs/heads/main", 0o646, "open_to_all"),
        ("logs", 0o757, "open_to_all"),
        ("../cases", 0o777, "open_to_all"),
        ("..", 0o702, "open_to_all"),
    ] {
        set(&git.join(name), mode);
        assert_eq!(found(&world, "doctor"), [kind], "{name}");
        assert_eq!(found(&world, "doctor --fix --dry-run"), [kind], "{name}");
        let fixed = world.csods("doctor --fix").done();
        assert!(fixed.stderr.starts_with("will take the right to"), "{name}: {}", fixed.stderr);
        assert!(fixed.stdout.contains("put right: 1"), "{name}: {}", fixed.stdout);
        assert_eq!(found(&world, "doctor"), [""; 0], "{name}");
        world.csods("note REF").from("text: A note.").recorded();
    }
}

#[test]
fn what_a_person_has_to_decide_is_said_and_left() {
    let world = World::at(At::Opened);
    let outside = world.write("outside", "mine\n");
    set(&outside, 0o666);
    for name in ["csods/lock", "logs/HEAD", "csods/change"] {
        let at = world.store().join(".git").join(name);
        let aside = world.dir().join("aside");
        let was = at.exists();
        if was {
            fs::rename(&at, &aside).unwrap();
        }
        symlink(&outside, &at).unwrap();
        assert_eq!(found(&world, "doctor"), ["link"], "{name}");
        assert_eq!(found(&world, "doctor --fix"), ["link"], "{name}");
        assert_eq!(mode(&outside), 0o666);
        assert!(fs::symlink_metadata(&at).unwrap().is_symlink());
        fs::remove_file(&at).unwrap();
        if was {
            fs::rename(&aside, &at).unwrap();
        }
    }
    world.csods("note REF").from("text: A note.").recorded();
}

#[test]
fn a_change_that_was_cut_off_is_named_and_finished_on_demand() {
    let world = World::at(At::Opened);
    let cut_off = |point: u32| {
        let note = world.csods("note REF").from("text: Rang.").env("CSODS_FAULT_POINT", &point.to_string());
        note.start().wait().unwrap();
        world.store().join(".git/csods/change").exists()
    };
    assert!((3..40).any(cut_off));
    for command in ["doctor", "status"] {
        let ran = world.csods(command).beside_edits().run();
        assert!(format!("{}{}", ran.stdout, ran.stderr).contains("a change was cut off"), "{command}");
    }
    world.csods("doctor --fix").beside_edits().done();
    world.sound();
    assert!(!world.csods("doctor").done().stdout.contains("cut off"));
}

#[test]
fn a_group_is_a_name_or_a_number_that_is_known() {
    let world = World::at(At::Opened);
    let refused = world.csods("doctor --fix --shared no-such-group").refused(3);
    assert!(refused.stderr.contains("no group no-such-group"), "{}", refused.stderr);
    world.csods("doctor --shared 7777").refused(2);
    assert!(found(&world, "doctor --shared 7777 --dry-run").contains(&"closed".to_owned()));
}

#[test]
fn an_older_store_is_given_the_key_of_its_marks() {
    let world = World::at(At::Opened);
    let settings = fs::read_to_string(world.store().join("csods.toml")).unwrap();
    let (without_key, _) = settings.split_once("\n[applied]").unwrap();
    world.write("store/csods.toml", without_key);
    world.git(&["commit", "-qam", "as an older csods made it"]);
    let warned = |line: &str, person: &str| {
        let ran = world.csods(line).by(person).done();
        ran.stdout.contains("the marks in applied/ have no key")
    };
    assert!(warned("doctor", "m.reid") && warned("doctor --fix --dry-run", "m.reid"));
    assert!(warned("doctor --fix", "r.patel"), "a call handler may not change the settings");
    assert!(!fs::read_to_string(world.store().join("csods.toml")).unwrap().contains("[applied]"));
    let commits = world.commits();
    assert!(!warned("doctor --fix", "m.reid"));
    assert_eq!(world.commits(), commits + 1, "a commit of its own");
    assert!(world.git(&["log", "-1", "--format=%B"]).contains("Action: settings"));
    assert!(fs::read_to_string(world.store().join("csods.toml")).unwrap().contains("[applied]"));
    assert!(!warned("doctor", "m.reid") && !warned("doctor --fix", "m.reid"));
    assert_eq!(world.commits(), commits + 1);
    world.csods("note REF").from("text: The next command.").recorded();
    world.sound();
}
