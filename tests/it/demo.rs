//! `csods demo`: it works with nothing set up, and every command line that it shows does what it says.

use std::fs;
use std::process::{Command, Output};

use serde_json::Value;

use crate::office::{self, CSODS, Office};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn demo(office: &Office, words: &[&str]) -> Output {
    office.command(CSODS).arg("demo").args(words).output().unwrap()
}

fn git(office: &Office, words: &[&str]) -> String {
    let output = office.command("git").args(["-C", "store"]).args(words).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn it_needs_no_identity_and_no_terminal_and_leaves_a_sound_store() {
    let office = Office::new();
    let output = demo(&office, &["store"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let page = text(&output.stdout);
    for part in ["AN EXAMPLE STORE", "$ csods new --from application.yaml", "similar case: ", "WHERE TO LOOK"]
    {
        assert!(page.contains(part), "{part} is not in\n{page}");
    }
    assert_eq!(git(&office, &["status", "--porcelain"]), "");
    assert_eq!(git(&office, &["log", "--format=%s"]).lines().count(), 1 + page.matches("  $ csods ").count());
    let validated = office.command(CSODS).args(["--store", "store", "validate"]).output().unwrap();
    assert!(validated.status.success(), "{}", text(&validated.stdout));
}

#[test]
fn it_takes_a_new_directory_among_the_temporary_files() {
    let office = Office::new();
    let output = demo(&office, &["--format", "json"]);
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let store = answer["store"].as_str().unwrap();
    let above = office.desk().parent().unwrap().canonicalize().unwrap();
    assert!(fs::canonicalize(store).unwrap().starts_with(above), "{store}");
    assert!(fs::exists(format!("{store}/csods.toml")).unwrap());
}

#[test]
fn it_refuses_a_directory_that_holds_something() {
    let office = Office::new();
    office::write(&office.desk().join("store/letter.txt"), "mine");
    let output = demo(&office, &["store"]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert_eq!(fs::read_dir(office.desk().join("store")).unwrap().count(), 1);
}

#[test]
fn a_dry_run_makes_nothing() {
    let office = Office::new();
    assert!(demo(&office, &["store", "--dry-run"]).status.success());
    assert!(!office.desk().join("store").exists());
}

#[test]
fn the_command_lines_it_shows_make_the_same_case() {
    let (seed, now) = ("7", "2026-03-20T12:00:00Z");
    let office = Office::new();
    let mut command: Command = office.command(CSODS);
    command.args(["demo", "store", "--format", "json"]).env("CSODS_NOW", now).env("CSODS_SEED", seed);
    let answer: Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
    let reference = answer["reference"].as_str().unwrap();
    let path = format!("cases/{}/{}/{reference}.yaml", "2026", &reference[6..7]);
    let made = git(&office, &["show", &format!("HEAD:{path}")]);
    let first = git(&office, &["rev-list", "--max-parents=0", "HEAD"]);
    git(&office, &["reset", "-q", "--hard", first.trim()]);
    for step in answer["steps"].as_array().unwrap() {
        let text_of = |key: &str| step[key].as_str().unwrap();
        let mut words: Vec<&str> = text_of("command").split(' ').collect();
        words.remove(0);
        if let Some(place) = words.iter().position(|word| *word == "--from") {
            office::write(&office.desk().join(words[place + 1]), step["answers"].to_string());
        }
        let at = seconds(text_of("at"));
        let email = format!("{}@example.org", text_of("by"));
        let words = [vec!["--store", "store"], words].concat();
        let output = office.csods(&email, text_of("at"), 7 + at, &words, "");
        assert!(output.status.success(), "{words:?}\n{}", text(&output.stderr));
    }
    assert_eq!(git(&office, &["show", &format!("HEAD:{path}")]), made);
}

#[test]
fn its_marks_have_a_key_of_their_own() {
    let keys = [0, 1].map(|_| {
        let office = Office::new();
        assert!(demo(&office, &["store"]).status.success());
        let settings = git(&office, &["show", "HEAD:csods.toml"]);
        settings.lines().find(|line| line.starts_with("key = ")).unwrap().to_owned()
    });
    assert_ne!(keys[0], keys[1]);
}

/// Seconds since 1970 of an instant.
fn seconds(instant: &str) -> usize {
    let instant: csods::domain::time::Instant = instant.parse().unwrap();
    usize::try_from(instant.unix()).unwrap()
}
