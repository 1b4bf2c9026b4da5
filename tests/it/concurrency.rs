//! Several processes change a store at once: every change lands, in bounded time.

use std::thread;
use std::time::{Duration, Instant};

use crate::support::{APPLICATION, At, World};

const PROCESSES: usize = 4;
const CHANGES: usize = 50;

/// Four processes at a time, each adding its notes to its case; `cases` holds one for each.
fn all_land(world: &World, cases: &[String]) {
    let before = world.commits();
    let begun = Instant::now();
    thread::scope(|scope| {
        for (process, case) in cases.iter().enumerate() {
            scope.spawn(move || {
                for number in 0..CHANGES {
                    // Ids are drawn by chance here: equal seeds would draw equal ids.
                    let seed = (1000 * (process + 1) + number).to_string();
                    let text = format!("text: Note {process}-{number}.");
                    let note = world.csods("note --wait 60").arg(case).env("CSODS_SEED", &seed).from(&text);
                    let out = note.start().wait_with_output().unwrap();
                    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
                }
            });
        }
    });
    assert!(begun.elapsed() < Duration::from_secs(300), "took {:?}", begun.elapsed());
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

#[test]
fn readers_never_wait() {
    let world = World::at(At::Opened);
    let lock = std::fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open(world.store().join(".git/csods/lock"))
        .unwrap();
    lock.lock().unwrap();
    let begun = Instant::now();
    for reader in ["show REF", "list", "due", "log"] {
        world.csods(reader).done();
    }
    world.csods("note REF --wait 0").from("text: Rang.").refused(8);
    assert!(begun.elapsed() < Duration::from_secs(8), "took {:?}", begun.elapsed());
}
