//! Several processes change a store at once: every change lands.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::process::Output;
use std::thread;
use std::time::{Duration, Instant};

use crate::support::{APPLICATION, At, Csods, World};

const PROCESSES: usize = 4;
const CHANGES: usize = 50;

/// Four processes at a time, each adding its notes to its case; `cases` holds one for each.
fn all_land(world: &World, cases: &[String]) {
    let before = world.commits();
    thread::scope(|scope| {
        for (process, case) in cases.iter().enumerate() {
            scope.spawn(move || {
                for number in 0..CHANGES {
                    // Ids are drawn by chance here: equal seeds would draw equal ids.
                    let seed = (1000 * (process + 1) + number).to_string();
                    let text = format!("text: Note {process}-{number}.");
                    let note = world.csods("note --wait 600").arg(case).env("CSODS_SEED", &seed).from(&text);
                    let out = note.start().wait_with_output().unwrap();
                    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
                }
            });
        }
    });
    assert_eq!(world.commits() - before, PROCESSES * CHANGES);
    let mut landed = Vec::new();
    let mut unique = cases.to_vec();
    unique.sort();
    unique.dedup();
    for case in unique {
        let shown = world.csods("show").arg(case).json();
        let notes = shown["case"]["notes"].as_array().unwrap().clone();
        landed.extend(notes.iter().map(|note| note["text"].as_str().unwrap().to_owned()));
    }
    landed.sort();
    let mut wanted: Vec<String> = (0..PROCESSES)
        .flat_map(|process| (0..CHANGES).map(move |number| format!("Note {process}-{number}.")))
        .collect();
    wanted.sort();
    assert_eq!(landed, wanted);
    world.sound();
    world.csods("validate").done();
}

#[test]
fn on_four_cases() {
    let world = World::at(At::Opened);
    let mut cases = vec![world.reference().to_owned()];
    cases.extend((1..PROCESSES).map(|_| world.csods("new").from(APPLICATION).opened()));
    all_land(&world, &cases);
}

#[test]
fn on_one_case() {
    let world = World::at(At::Opened);
    all_land(&world, &vec![world.reference().to_owned(); PROCESSES]);
}

/// `git commit` of a file runs already when a command of ours begins, and ends while that waits for it: what the command
/// said. A hook holds git up until the command has read the branch.
fn overtaken_by_git(world: &World, command: &Csods<'_>, path: &str, text: &str) -> Output {
    let hook = world.write(
        "hooks/pre-commit",
        "#!/bin/sh\ntouch ../git-runs\nwhile ! test -e .git/csods/change; do sleep 0.01; done\n",
    );
    std::fs::set_permissions(&hook, Permissions::from_mode(0o755)).unwrap();
    world.write(&format!("store/{path}"), text);
    world.git(&["add", path]);
    let hooks = format!("core.hooksPath={}", world.dir().join("hooks").display());
    thread::scope(|scope| {
        let git = scope.spawn(|| world.git(&["-c", &hooks, "commit", "-q", "-a", "-m", "by git"]));
        let begun = Instant::now();
        while !world.dir().join("git-runs").exists() {
            assert!(begun.elapsed() < Duration::from_secs(600), "git did not come so far");
            thread::sleep(Duration::from_millis(2));
        }
        let out = command.start().wait_with_output().unwrap();
        git.join().unwrap();
        out
    })
}

#[test]
fn a_change_that_git_overtakes_is_made_again() {
    let world = World::at(At::Opened);
    let before = world.commits();
    let note = world.csods("note --wait 600 REF").from("text: Rang.");
    let out = overtaken_by_git(&world, &note, "README", "By plain git.\n");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    assert_eq!(world.commits() - before, 2);
    assert_eq!(world.git(&["log", "-2", "--format=%s"]).lines().nth(1), Some("by git"));
    assert_eq!(world.case()["notes"][0]["text"], "Rang.");
    world.sound();
}

#[test]
fn a_change_that_git_overtakes_is_judged_again() {
    let world = World::at(At::Opened);
    let text = world.case_text().replacen("owner: d.osei", "owner: r.patel", 1);
    let before = world.commits();
    let assign = world.csods("assign --wait 600 REF r.patel").by("m.reid");
    let out = overtaken_by_git(&world, &assign, &world.case_path(), &text);
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert_eq!(out.status.code(), Some(10), "{said}");
    assert!(said.contains("looks after it already"), "{said}");
    assert_eq!((world.commits() - before, &world.case()["owner"]), (1, &"r.patel".into()));
    world.sound();
}

#[test]
fn readers_never_wait() {
    let world = World::at(At::Opened);
    let lock = std::fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open(world.store().join(".git/csods/lock"))
        .unwrap();
    lock.lock().unwrap();
    // One that waited would do so until this test is ended from outside.
    for reader in ["show REF", "list", "due", "log"] {
        world.csods(&format!("{reader} --wait 86399")).done();
    }
    world.csods("note REF --wait 0").from("text: Rang.").refused(8);
}
