//! A power cut at any moment: the old state or the new one, and the next command finishes or discards the rest.
//!
//! `strace` records the writes, renames and syncs of a command. Each beginning of that record is replayed, and what had not
//! been synced by then is lost, in several ways (see `disk::Lost`). Every disk that this leaves must hold a sound store.

mod disk;
mod ext4;
mod trace;

use std::collections::HashSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

use csods::store::{Author, CommitText, Store};

use crate::letter;
use crate::old_register;
use crate::store::git;
use crate::support::{APPLICATION, At, Csods, World, walk};
use crate::tools::Tool;
use disk::{Disk, Files, Lost, lay_out};
use trace::{CALLS, Event};

/// A command's record, and the disk before it.
struct Recorded {
    before: Disk,
    events: Vec<Event>,
    /// HEAD before and after; empty where there was no store.
    old: String,
    new: String,
}

/// Runs a command of `world` and records what it does to the world's directory.
fn record(world: &World, command: impl FnOnce(&World) -> Csods<'_>) -> Recorded {
    let has_store = world.store().exists();
    let private = world.store().join(".git/csods");
    // The index of the cases is a cache, and a spoilt one is tested elsewhere.
    for file in if private.exists() { walk(&private) } else { Vec::new() } {
        if file.file_name().unwrap().to_string_lossy().starts_with("index") {
            fs::remove_file(file).unwrap();
        }
    }
    let old = if has_store { world.head() } else { String::new() };
    // Outside the directory that is replayed.
    let aside = tempfile::tempdir().unwrap();
    let record = aside.path().join("record").display().to_string();
    let which = format!("trace={CALLS}");
    let words = ["strace", "-f", "-y", "-xx", "-s", "100000000", "-o", &record, "-e", &which];
    let command = command(world).env("TMPDIR", &aside.path().display().to_string());
    // Last, so that it has all that the preparation wrote.
    let before = Disk::of(world.dir());
    command.through(&words).done();
    let text = fs::read_to_string(&record).unwrap();
    let mut events = trace::read(&text);
    events.retain(|event| event.is_below(world.dir()));
    Recorded { before, events, old, new: world.head() }
}

/// Every disk that a power cut may leave, one after the other, with whether the command had ended; how many there are.
fn cut_everywhere(recorded: Recorded, check: impl Fn(&Files, bool, &str)) -> usize {
    let Recorded { before: mut disk, events, .. } = recorded;
    let mut moments: Vec<(usize, bool, &Event)> =
        events.iter().flat_map(|event| [(event.begun, false, event), (event.ended, true, event)]).collect();
    moments.sort_by_key(|(line, ends, _)| (*line, *ends));
    let mut seen = HashSet::new();
    let last = moments.len() - 1;
    for (number, (line, ends, event)) in moments.into_iter().enumerate() {
        if !ends {
            disk.begin(event);
            continue;
        }
        if !disk.end(event) && number != last {
            continue;
        }
        let by_chance = Lost::Some(line as u64 * 7919 + 1);
        for lost in [Lost::All, Lost::Contents, Lost::Zeroed, by_chance] {
            let left = disk.after_a_cut(lost);
            let mut hash = DefaultHasher::new();
            left.hash(&mut hash);
            if seen.insert((hash.finish(), number == last)) {
                check(&left, number == last, &format!("{lost:?} after {}", event.short()));
            }
        }
    }
    seen.len()
}

/// A disk in memory where the machine has one.
fn place() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

/// That a store is sound: git finds nothing wrong, nothing is edited, nothing is left of the change.
fn sound(store: &Path, what: &str) {
    assert_eq!(git(store, &["status", "--porcelain"]), "", "{what}");
    git(store, &["fsck", "--strict", "--no-dangling"]);
    for file in walk(&store.join(".git")) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        // A `.keep` whose removal did not reach the disk does no harm, and goes when it is an hour old.
        assert!(!name.ends_with(".lock"), "{what}: left {}", file.display());
    }
    assert_eq!(fs::read(store.join(".git/csods/journal")).unwrap_or_default(), b"", "{what}");
    assert!(!store.join(".git/csods/change").exists(), "{what}");
}

fn next_change(store: &Store) {
    let author = Author {
        name: "D. Osei".to_owned(),
        email: "d.osei@example.org".to_owned(),
        at_unix: 1_772_442_900,
        offset_minutes: 0,
    };
    let text = CommitText { subject: "next".to_owned(), trailers: Vec::new() };
    let mut change = store.change(Duration::from_secs(60), "a test").unwrap();
    change.put("documents/next.txt", b"next\n".to_vec());
    change.commit(&text, &author).unwrap();
}

/// That a store is in the old or the new state, in the new one once the command has ended, and works.
fn old_or_new(store: &Path, old: &str, new: &str, ended: bool, what: &str) -> bool {
    git(store, &["fsck", "--strict", "--no-dangling"]);
    let found = Store::find(Some(store), None, store).unwrap();
    found.recover_if_needed().unwrap();
    let head = found.head().unwrap().commit().to_string();
    assert!(head == new || head == old && !ended, "{what}: {head} is neither {old} nor {new}");
    next_change(&found);
    assert_eq!(git(store, &["rev-parse", "HEAD~1"]).trim(), head, "{what}");
    sound(store, what);
    head == new
}

/// Cuts the power at every moment of a command on a store.
fn survives(world: &World, command: impl FnOnce(&World) -> Csods<'_>) {
    if !Tool::Strace.is_here() {
        return;
    }
    let recorded = record(world, command);
    let (old, new) = (recorded.old.clone(), recorded.new.clone());
    assert_ne!(old, new);
    let seen = std::cell::Cell::new([0_u32; 2]);
    let states = cut_everywhere(recorded, |left, ended, what| {
        let dir = place();
        lay_out(left, dir.path());
        let made = old_or_new(&dir.path().join("store"), &old, &new, ended, what);
        let mut counts = seen.get();
        counts[usize::from(made)] += 1;
        seen.set(counts);
    });
    let [olds, news] = seen.get();
    assert!(olds > 10 && news > 10, "{states} states: {olds} old, {news} new");
}

#[test]
fn a_note() {
    survives(&World::at(At::Opened), |world| world.csods("note REF").from("text: Rang."));
}

#[test]
fn a_new_case() {
    survives(&World::at(At::Empty), |world| world.csods("new").from(APPLICATION));
}

#[test]
fn a_letter() {
    survives(&letter::world(), |world| world.csods("letter REF acknowledgement"));
}

#[test]
fn a_person() {
    survives(&World::at(At::Empty), |world| {
        world.csods("person add n.new --name New --email n.new@example.org --role case_officer")
    });
}

#[test]
fn a_batch_of_many_files() {
    let note = |n: usize| {
        format!(
            "{{\"case\": \"REF\", \"action\": \"note\", \"id\": \"n{n}\", \"data\": {{\"text\": \"x\"}}}}\n"
        )
    };
    let world = World::at(At::Opened);
    let lines: String = (0..3).map(note).collect::<String>().replace("REF", world.reference());
    survives(&world, |world| world.csods("apply -").input(&lines));
}

#[test]
fn an_import() {
    let world = World::at(At::Empty);
    let archive =
        "person add archive --name Archive --email archive@example.org --role case_officer --role supervisor";
    world.csods(archive).done();
    let register = world.write("register.csv", old_register::REGISTER);
    let map = world.write("map.toml", old_register::MAPPING);
    survives(&world, |world| {
        world.csods("import").arg(register.to_str().unwrap()).arg("--mapping").arg(map.to_str().unwrap())
    });
}

/// A second note: its pack takes in that of the first, which is then removed.
#[test]
fn a_note_that_merges_packs() {
    let world = World::at(At::Opened);
    world.csods("note REF").from("text: First.").done();
    survives(&world, |world| world.csods("note REF").from("text: Second."));
    assert!(packs(&world.store()).len() < 3, "{:?}", packs(&world.store()));
}

fn packs(store: &Path) -> Vec<PathBuf> {
    let mut found = walk(&store.join(".git/objects/pack"));
    found.retain(|path| path.extension().is_some_and(|kind| kind == "pack"));
    found
}

/// The first command in a clone makes the files that a store keeps between changes.
#[test]
fn the_first_note_in_a_clone() {
    let world = World::at(At::Opened);
    fs::remove_dir_all(world.store().join(".git/csods")).unwrap();
    survives(&world, |world| world.csods("note REF").from("text: Rang."));
}

#[test]
fn a_new_store_is_there_whole_or_not_at_all() {
    if !Tool::Strace.is_here() {
        return;
    }
    let world = World::bare();
    let recorded = record(&world, |world| world.csods("init store --force Kent --prefix KP"));
    let new = recorded.new.clone();
    let states = cut_everywhere(recorded, |left, ended, what| {
        let dir = place();
        lay_out(left, dir.path());
        let store = dir.path().join("store");
        if store.exists() {
            assert!(old_or_new(&store, "", &new, ended, what));
        } else {
            assert!(!ended, "{what}");
            // Made once more.
            let world = World::bare();
            lay_out(left, world.dir());
            world.csods("init store --force Kent --prefix KP").done();
            world.sound();
        }
    });
    assert!(states > 40, "{states} states");
}
