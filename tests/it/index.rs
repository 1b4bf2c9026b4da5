//! The index: never the truth. Whatever happens to the store or to the index, every view gives the same answer with it and
//! without it.

mod damage;
mod meaning;
mod versions;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use csods::domain::reference::{Chance, Reference};
use csods::store::index::FILE;
use rusqlite::Connection;

use crate::examples::collect;
use crate::office::repository;
use crate::support::{World, write};

/// The moment at which the example cases stand as they do.
const TODAY: &str = "2026-03-20T12:00:00Z";

/// Every view of many cases.
const VIEWS: &[&str] = &[
    "list",
    "list --overdue --limit 3 --sort due",
    "list -closed risk>=medium --sort risk --columns reference,risk,next",
    "list outcome:none,nothing_to_disclose received:2026 --format csv",
    "list --allow-partial --sort owner",
    "due",
    "due --by owner --check",
    "board",
    "workload",
    "stats --year 2026 --by month --no-suppress",
    "stats --count done --period 2025-06-01..2026-03-10 --by channel --overdue",
    "stats --no-suppress --period 2026-03-01..",
    "report --output - --month 2026-02",
    "search example",
    "search school --open",
    "search smaple stret --limit 3 --allow-partial",
    "similar FIRST --allow-partial",
    "similar LAST",
    "letters due",
];

/// A world with the example store.
pub fn examples() -> World {
    let world = World::bare();
    let mut files = BTreeMap::new();
    collect(&repository().join("cases.example"), "", &mut files);
    for (path, bytes) in files {
        let path = world.store().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        write(&path, &bytes);
    }
    world.git(&["init", "-q", "-b", "main"]);
    world.git(&["add", "."]);
    world.git(&["commit", "-qm", "examples"]);
    world
}

/// The paths of the cases, as git knows them.
fn cases(world: &World) -> Vec<String> {
    world.git(&["ls-files", "cases"]).lines().map(str::to_owned).collect()
}

fn reference(path: &str) -> String {
    path.rsplit('/').next().unwrap().trim_end_matches(".yaml").to_owned()
}

/// That every view says the same with the index and without it, a refusal included.
fn agree(world: &World, after: &str) {
    let paths = cases(world);
    for view in VIEWS {
        let (first, last) = (reference(&paths[0]), reference(paths.last().unwrap()));
        let line = view.replace("FIRST", &first).replace("LAST", &last);
        // At another moment other clocks are overdue and other checks are stale.
        let now = if view.len() % 2 == 0 { TODAY } else { "2026-04-19T23:30:00Z" };
        let line = if line.contains("--format") { line } else { format!("{line} --format json") };
        let said = ["", " --no-index"].map(|without| said_at(world, &format!("{line}{without}"), now));
        assert_eq!(said[0], said[1], "{line} at {now} after {after}");
    }
}

/// Code, answer and talk of a command today.
fn said(world: &World, line: &str) -> (Option<i32>, String, String) {
    said_at(world, line, TODAY)
}

fn said_at(world: &World, line: &str, now: &str) -> (Option<i32>, String, String) {
    let out = world.csods(line).now(now).start().wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (out.status.code(), text(&out.stdout), text(&out.stderr))
}

/// The index of this program in a store.
pub fn index_file(world: &World) -> PathBuf {
    world.store().join(".git/csods").join(FILE)
}

/// Whether there is an index.
fn indexed(world: &World) -> bool {
    index_file(world).exists()
}

fn commit(world: &World, what: &str) {
    world.git(&["add", "-A", "."]);
    world.git(&["commit", "-qm", what, "--allow-empty"]);
}

/// Changes a file in the way of a person with an editor.
fn edit(world: &World, path: &str, change: impl Fn(&str) -> String) {
    let file = world.store().join(path);
    let text = fs::read_to_string(&file).unwrap();
    write(&file, change(&text).as_bytes());
}

/// One thing that happens to a store.
fn happen(world: &World, chance: &mut Chance) -> String {
    let paths = cases(world);
    let path = paths[chance.below(1 << 16) % paths.len()].clone();
    match chance.below(8) {
        0 => {
            let note = world.csods("note").arg(reference(&path)).now(TODAY).from("text: Rang the school.");
            format!("a note ({})", note.run().code)
        }
        1 => {
            edit(world, &path, |text| text.replace("owner: d.osei", "owner: s.lane"));
            commit(world, "another owner");
            "another owner".to_owned()
        }
        2 => {
            edit(world, &path, |text| text.replace("family: ", "family: New"));
            commit(world, "other names");
            format!("other names in {path}")
        }
        3 => {
            let copy = Reference::random("EX", 2026, chance);
            let text = fs::read_to_string(world.store().join(&path)).unwrap();
            let text = text.replacen(&reference(&path), copy.as_str(), 1);
            world.write(&format!("store/{}", copy.case_path()), &text);
            commit(world, "a copy");
            "a copy".to_owned()
        }
        4 => {
            fs::remove_file(world.store().join(&path)).unwrap();
            commit(world, "one gone");
            format!("{path} gone")
        }
        5 if world.commits() > 2 => {
            world.git(&["reset", "-q", "--hard", "HEAD~2"]);
            "going back".to_owned()
        }
        6 => {
            edit(world, &path, |text| text.replacen("format: ", "format: x", 1));
            commit(world, "one spoilt");
            let said = format!("{path} spoilt");
            agree(world, &said);
            world.git(&["revert", "--no-edit", "HEAD"]);
            format!("{said} and mended")
        }
        _ => {
            edit(world, "csods.toml", |text| match text.contains("fresh_days = 28") {
                true => text.replace("fresh_days = 28", "fresh_days = 9"),
                false => text.replace("fresh_days = 9", "fresh_days = 28"),
            });
            commit(world, "other settings");
            "other settings".to_owned()
        }
    }
}

/// Lives a random life.
fn live(seed: u64) {
    let world = examples();
    let mut chance = Chance::from_seed(seed);
    agree(&world, "nothing");
    for _ in 0..4 {
        let mut happened = Vec::new();
        // Several things may happen before anybody asks.
        for _ in 0..=chance.below(4) {
            happened.push(happen(&world, &mut chance));
        }
        agree(&world, &happened.join(", "));
    }
    assert!(indexed(&world));
}

#[test]
fn views_agree_with_the_cases_in_a_first_life() {
    live(1);
}

#[test]
fn views_agree_with_the_cases_in_a_second_life() {
    live(2);
}

#[test]
fn a_change_takes_the_index_along() {
    let world = examples();
    let case = reference(&cases(&world)[0]);
    world.csods("list").now(TODAY).done();
    world.csods("note").arg(&case).now(TODAY).from("text: Quintessence of swimming.").recorded();
    // Were it not brought along by the change, it could not answer now that nothing may be written.
    let found = world.csods("search quintessence").now(TODAY).json();
    assert_eq!(found["cases"][0]["reference"], case.as_str());
    assert_eq!(found["cases"][0]["fields"][0], "notes.text");
}

#[test]
fn what_many_changes_left_waiting_is_merged_by_whoever_asks_next() {
    let world = examples();
    let (path, mut chance) = (cases(&world)[0].clone(), Chance::from_seed(5));
    let text = fs::read_to_string(world.store().join(&path)).unwrap();
    world.csods("list").now(TODAY).done();
    for _ in 0..4 {
        for _ in 0..150 {
            let copy = Reference::random("EX", 2026, &mut chance);
            let text = text.replacen(&reference(&path), copy.as_str(), 1);
            world.write(&format!("store/{}", copy.case_path()), &text);
        }
        commit(&world, "copies");
        // Whoever looks at one case brings the index along and goes.
        world.csods("show").arg(reference(&path)).now(TODAY).done();
    }
    let index = Connection::open(index_file(&world)).unwrap();
    let waiting = || index.query_row("SELECT count(*) FROM fresh", [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(waiting(), 600);
    index.execute_batch("BEGIN IMMEDIATE").unwrap();
    let found = |after: &str| {
        for view in ["search school".to_owned(), format!("similar {}", reference(&path))] {
            let [with, without] = ["", " --no-index"].map(|way| said(&world, &format!("{view} --json{way}")));
            assert_eq!(with, without, "{view}, {after}");
        }
    };
    found("while somebody else was at work on the index");
    index.execute_batch("ROLLBACK").unwrap();
    assert_eq!(waiting(), 600, "nobody is held up by it");
    world.csods("list").now(TODAY).done();
    assert_eq!(waiting(), 0);
    found("all was merged");
}

#[test]
fn without_leave_no_name_is_kept_and_search_finds_it_all_the_same() {
    let world = examples();
    let bytes = |world: &World| {
        let kept = ["", "-wal"].map(|ending| {
            let file = format!("{}{ending}", index_file(world).display());
            String::from_utf8_lossy(&fs::read(file).unwrap()).into_owned()
        });
        kept.concat().to_lowercase()
    };
    world.csods("search example").now(TODAY).done();
    assert!(bytes(&world).contains("example"), "by default the names are kept");
    edit(&world, "csods.toml", |text| text.replace("personal = true", "personal = false"));
    commit(&world, "nothing personal");
    agree(&world, "leave withdrawn");
    let kept = bytes(&world);
    for name in ["example", "placeholder", "sample", "maidstone", "school"] {
        assert!(!kept.contains(name), "the index keeps {name}");
    }
    let found = world.csods("search example").now(TODAY).json();
    assert!(found["total"].as_u64().unwrap() > 1, "{found}");
}
