//! Files and stores of every released format, kept as they were written: they can be read, shown and changed for ever.
//!
//! `tests/formats/N` holds case files, settings and a calendar of format N, and a whole store with its history
//! (`store.export`, a stream for `git fast-import`). They are never written again.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use csods::store::files;

use crate::support::World;

/// The moment after everything in the store of format 1.
const AFTER: &str = "2026-03-21T10:00:00Z";
/// The case of that store to which every kind of thing was done.
const LIVED: &str = "EX-26-H1NJV8";

fn kept(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/formats/1").join(name)
}

/// A world with the store of format 1.
fn world() -> World {
    let mut world = World::bare();
    fs::create_dir(world.store()).unwrap();
    world.git(&["init", "-q", "-b", "main", "."]);
    let stream = fs::File::open(kept("store.export")).unwrap();
    let mut import = Command::new("git");
    import.current_dir(world.store()).args(["fast-import", "--quiet"]).stdin(Stdio::from(stream));
    assert!(import.status().unwrap().success());
    world.git(&["reset", "-q", "--hard", "main"]);
    world.reference = LIVED.to_owned();
    world
}

#[test]
fn case_files_of_format_1_are_read_and_written_byte_for_byte() {
    let mut count = 0;
    for entry in fs::read_dir(kept("cases")).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        let case = files::read_case(&bytes).unwrap_or_else(|findings| panic!("{path:?}: {findings:?}"));
        assert_eq!(case.format, 1, "{path:?}");
        assert!(files::write_case(&case).unwrap() == bytes, "{path:?} is written differently");
        count += 1;
    }
    assert!(count > 30, "only {count} files");
}

#[test]
fn settings_and_calendars_of_format_1_are_read() {
    let settings = fs::read(kept("csods.toml")).unwrap();
    files::read_settings(&settings).unwrap_or_else(|findings| panic!("{findings:?}"));
    let calendar = fs::read(kept("england-and-wales.toml")).unwrap();
    files::read_calendar(&calendar).unwrap_or_else(|findings| panic!("{findings:?}"));
}

#[test]
fn a_store_of_format_1_is_shown() {
    let world = world();
    for line in
        ["list", "due", "show REF", "explain REF", "log", "letters REF", "stats", "search Sample", "status"]
    {
        world.csods(line).now(AFTER).done();
    }
    world.csods("validate").now(AFTER).done();
}

#[test]
fn the_history_of_a_store_of_format_1_is_told() {
    let world = world();
    let log = world.csods("log REF").now(AFTER).done().stdout;
    for said in [
        "opened the case",
        "made the letter",
        "recorded the initial check of visor: no trace",
        "screened it: no immediate risk, within the scheme",
        "corrected applicant.phone from \"01632 960111\" to \"01632 960112\" (mistake)",
        "passed it from d.osei to r.patel",
        "linked it to EX-26-HWY1SG",
        "took URGENT ACTION: Telephoned the mother.",
        "extended the clock interview",
        "took it on under the right to know",
    ] {
        assert!(log.split_whitespace().collect::<Vec<_>>().join(" ").contains(said), "{said}\n{log}");
    }
    assert!(!log.contains("does not show"), "{log}");
    for entry in fs::read_dir(kept("cases")).unwrap() {
        let name = entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned();
        if world.csods(&format!("show {name}")).now(AFTER).run().code == 0 {
            let log = world.csods(&format!("log {name}")).now(AFTER).done().stdout;
            assert!(!log.contains("does not show") && !log.contains("no action of csods"), "{name}: {log}");
        }
    }
}

#[test]
fn a_store_of_format_1_is_changed_and_stays_format_1() {
    let world = world();
    world.csods("note REF").now(AFTER).from("text: Later.").recorded();
    world.csods("letter EX-26-7K3QF4 case_summary --preview").now(AFTER).done();
    let lines = "{\"case\":\"REF\",\"action\":\"note\",\"data\":{\"text\":\"One.\"}}\n{\"case\":\"EX-26-HWY1SG\",\"action\":\"note\",\"data\":{\"text\":\"Two.\"}}\n";
    world.csods("apply -").now(AFTER).input(&lines.replace("REF", LIVED)).done();
    assert!(world.git(&["show", "HEAD:cases/2026/H/EX-26-H1NJV8.yaml"]).starts_with("format: 1\n"));
    let log = world.csods("log REF").now(AFTER).done().stdout;
    assert!(log.contains("noted: Later.") && log.contains("noted: One."), "{log}");
    world.sound();
}
