//! Several versions of csods in one directory: each has an index of its own, and what nobody uses goes.

use std::fs::{self, File};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use super::*;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// An index of another version, last written so many days before today.
fn other(world: &World, name: &str, days: u32) -> PathBuf {
    let path = world.store().join(".git/csods").join(name);
    fs::copy(index_file(world), &path).unwrap();
    let then = SystemTime::UNIX_EPOCH + SystemTime::UNIX_EPOCH.elapsed().unwrap() - days * DAY;
    File::options().write(true).open(&path).unwrap().set_modified(then).unwrap();
    path
}

#[test]
fn an_index_of_another_version_is_neither_read_nor_touched() {
    let world = examples();
    world.csods("list").now(TODAY).done();
    let [old, later] = ["index.sqlite", "index-0123456789abcdef.sqlite"].map(|name| other(&world, name, 0));
    for path in [&old, &later] {
        let index = Connection::open(path).unwrap();
        index.execute_batch("DELETE FROM cases; DELETE FROM facts;").unwrap();
    }
    let bytes = || [&old, &later].map(|path| fs::read(path).unwrap());
    let before = bytes();
    agree(&world, "two other versions");
    world.csods("note").arg(reference(&cases(&world)[0])).now(TODAY).from("text: Rang.").recorded();
    fs::remove_file(index_file(&world)).unwrap();
    agree(&world, "no index of this version");
    assert!(indexed(&world) && bytes() == before);
}

#[test]
fn an_index_of_another_version_goes_when_nobody_has_used_it_for_a_week() {
    let world = examples();
    let case = reference(&cases(&world)[0]);
    let note = |text: &str| {
        world.csods("note").arg(&case).now(TODAY).from(&format!("text: {text}")).recorded();
    };
    world.csods("list").now(TODAY).done();
    let (used, unused) = (other(&world, "index-0.sqlite", 6), other(&world, "index-1.sqlite", 8));
    let log = unused.with_extension("sqlite-wal");
    write(&log, b"");
    note("Its log was written just now.");
    assert!(used.exists() && unused.exists());
    fs::remove_file(&log).unwrap();
    // Nothing goes while somebody uses an index.
    let lock = File::open(world.store().join(".git/csods/index-lock")).unwrap();
    lock.lock_shared().unwrap();
    note("Somebody is looking.");
    assert!(unused.exists());
    drop(lock);
    note("Nobody is.");
    assert!(used.exists() && !unused.exists());
    let unused = other(&world, "index.sqlite", 8);
    fs::remove_file(index_file(&world)).unwrap();
    world.csods("list").now(TODAY).done();
    assert!(used.exists() && !unused.exists(), "whoever makes the index looks as well");
}

#[test]
fn what_may_not_be_kept_goes_from_every_version() {
    let world = examples();
    let listed = || world.csods("list").now(TODAY).done();
    listed();
    let old = other(&world, "index-0.sqlite", 0);
    fs::remove_file(world.store().join(&cases(&world)[0])).unwrap();
    commit(&world, "one gone");
    listed();
    assert!(!old.exists(), "a case that is gone is kept");
    let old = other(&world, "index-0.sqlite", 0);
    edit(&world, "csods.toml", |text| text.replace("personal = true", "personal = false"));
    commit(&world, "nothing personal");
    listed();
    assert!(!old.exists(), "names are kept");
}
