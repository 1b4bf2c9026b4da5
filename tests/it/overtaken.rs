//! Plain git takes no lock of csods: it may commit, or switch to another branch, while a change is being made.

use std::fs;
use std::process::Child;
use std::thread;
use std::time::Duration;

use crate::support::{At, World, write};

/// Starts a change and lets git act when the change is worked out and about to be written: it waits for git's index.
fn beside(world: &World, start: impl FnOnce() -> Child, act: impl FnOnce()) -> (i32, String) {
    let lock = world.store().join(".git/index.lock");
    write(&lock, b"");
    let child = start();
    let change = world.store().join(".git/csods/change");
    for _ in 0..2_000 {
        if change.exists() {
            break;
        }
        thread::sleep(Duration::from_millis(5));
    }
    assert!(change.exists(), "the change is being written");
    act();
    fs::remove_file(&lock).unwrap();
    let out = child.wait_with_output().unwrap();
    (out.status.code().unwrap(), String::from_utf8_lossy(&out.stderr).into_owned())
}

/// A commit beside, as `git commit` makes it.
fn commit(world: &World) {
    let new = world.git(&["commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", "by git"]);
    world.git(&["update-ref", "refs/heads/main", new.trim()]);
}

/// Another branch, on which the case has one note more.
fn side(world: &World) {
    world.git(&["switch", "-q", "-c", "side"]);
    world.csods("note REF").from("text: On the side.").recorded();
    fs::copy(world.store().join(".git/index"), world.dir().join("index-of-side")).unwrap();
    world.git(&["switch", "-q", "main"]);
}

const LINES: &str = r#"{"case": "REF", "action": "note", "data": {"text": "Applied."}}
{"action": "new", "as": "a", "data": DATA}
"#;

fn lines(world: &World) -> String {
    let application = csods::store::answers::parse_any(crate::support::APPLICATION.as_bytes()).unwrap();
    let application = csods::store::json::value(&application).to_string();
    LINES.replace("REF", world.reference()).replace("DATA", &application)
}

fn notes(world: &World, branch: &str) -> usize {
    let text = world.git(&["show", &format!("{branch}:{}", world.case_path())]);
    text.matches("\n- id: ").count() - text.split("\nnotes:\n").next().unwrap().matches("\n- id: ").count()
}

#[test]
fn an_apply_that_a_commit_overtook_is_done_again() {
    for how in ["--one-commit", "--per-case"] {
        for file in [true, false] {
            let world = World::at(At::Opened);
            let path = world.write("lines", &lines(&world));
            let (name, input) = if file {
                (path.display().to_string(), String::new())
            } else {
                ("-".to_owned(), lines(&world))
            };
            let command = world.csods(&format!("apply {how} {name}")).input(&input);
            let (code, said) = beside(&world, || command.start(), || commit(&world));
            assert_eq!(code, 0, "{how}: {said}");
            let subjects = world.git(&["log", "--format=%s", "main"]);
            let made = if how == "--one-commit" { 1 } else { 2 };
            assert_eq!(subjects.lines().nth(made), Some("by git"), "{subjects}");
            assert_eq!(world.case()["notes"].as_array().unwrap().len(), 1, "{how}");
            world.sound();
        }
    }
}

#[test]
fn a_change_is_made_on_the_branch_that_git_switched_to() {
    for (what, input) in [("note REF --from -", "text: Rang.".to_owned()), ("apply -", String::new())] {
        let world = World::at(At::Opened);
        side(&world);
        let input = if input.is_empty() { lines(&world) } else { input };
        let main = world.git(&["rev-parse", "main"]);
        let command = world.csods(what).input(&input);
        let (code, said) = beside(
            &world,
            || command.start(),
            || {
                // What `git switch` does: the files, the index, HEAD.
                let text = world.git(&["show", &format!("side:{}", world.case_path())]);
                world.write(&format!("store/{}", world.case_path()), &text);
                fs::rename(world.dir().join("index-of-side"), world.store().join(".git/index")).unwrap();
                world.git(&["symbolic-ref", "HEAD", "refs/heads/side"]);
            },
        );
        assert_eq!(code, 0, "{what}: {said}");
        assert_eq!(
            world.git(&["rev-parse", "main"]),
            main,
            "{what}: the branch that was left stays as it was"
        );
        assert_eq!(world.git(&["branch", "--show-current"]), "side\n");
        assert_eq!(notes(&world, "side"), 2, "{what}");
        world.sound();
    }
}

#[test]
fn git_cannot_switch_while_files_are_brought_to_their_place() {
    let world = World::at(At::Opened);
    side(&world);
    let lock = world.store().join(".git/HEAD.lock");
    write(&lock, b"");
    let ran = world.csods("note REF --wait 0").from("text: Rang.").refused(8);
    assert!(ran.stderr.contains("HEAD.lock"), "{}", ran.stderr);
    fs::remove_file(lock).unwrap();
    world.csods("note REF").from("text: Rang.").recorded();
    world.sound();
}
