//! Every command ends on every hostile store, with an exit code of ours: within an address space and a time of the
//! processor that no command comes near to.

#[path = "../hostile/mod.rs"]
mod stores;

use std::os::unix::process::ExitStatusExt;

use crate::support::{At, World, write};
use stores::{ANSWERS, COMMANDS, STORES, Store, words};

/// 700 MiB, most of it for what the program and its threads only keep room for, and 20 seconds, which even a program that
/// was not optimised, on a machine with much else to do, does not need.
const BOUNDED: [&str; 4] = ["sh", "-c", "ulimit -v 716800; ulimit -t 20; exec \"$@\"", "sh"];

/// A store with a case and a letter.
fn healthy() -> World {
    let world = World::at(At::Decision);
    for (name, text) in ANSWERS {
        write(&world.dir().join(name), text.as_bytes());
    }
    world
}

/// What was wrong with a command on a store.
fn faults(world: &World, name: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for command in COMMANDS {
        let line = words(command, world.reference(), world.dir()).join(" ");
        let ran = world.csods(&line).through(&BOUNDED).start().wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&ran.stderr).into_owned();
        match ran.status.code() {
            Some(0 | 3..=12) => {}
            code => {
                wrong
                    .push(format!("{command} on {name}: {code:?}, signal {:?}\n{said}", ran.status.signal()));
            }
        }
    }
    wrong
}

/// Tries a share of the stores, so that tests run side by side.
fn share(number: usize, of: usize) {
    let mut wrong = Vec::new();
    for (name, spoil) in STORES.iter().skip(number).step_by(of) {
        let world = healthy();
        spoil(&Store::at(&world.store()));
        wrong.extend(faults(&world, name));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_command_ends_on_the_first_hostile_stores() {
    share(0, 3);
}

#[test]
fn every_command_ends_on_the_second_hostile_stores() {
    share(1, 3);
}

#[test]
fn every_command_ends_on_the_third_hostile_stores() {
    share(2, 3);
}

#[test]
fn the_commands_are_right_and_work_on_a_healthy_store_within_these_bounds() {
    let world = healthy();
    let mut done = 0;
    for command in COMMANDS {
        let line = words(command, world.reference(), world.dir()).join(" ");
        let ran = world.csods(&line).through(&BOUNDED).run();
        assert!(matches!(ran.code, 0 | 3..=12), "{command}: {}\n{}", ran.code, ran.stderr);
        done += usize::from(ran.code == 0);
    }
    assert!(done * 4 > COMMANDS.len() * 3, "only {done} did anything");
}

#[test]
fn a_damaged_index_of_a_pack_is_named_wherever_it_lies() {
    type Damage = fn(&Store<'_>);
    let damages: [(Damage, &str); 4] = [
        (|store| store.spoil_pack_index(8 + 4 * 200), "/.git/objects/pack/pack-"),
        (|store| store.spoil_index_of_several(usize::MAX), "/.git/objects/pack/multi-pack-index"),
        (
            |store| {
                store.spoil_pack_index(8 + 4 * 200);
                store.borrow(&["first"]);
            },
            "/.git/objects/../first/pack/pack-",
        ),
        (
            |store| {
                store.spoil_pack_index(8 + 4 * 200);
                store.borrow(&["first", "second"]);
            },
            "/.git/objects/../first/../second/pack/pack-",
        ),
    ];
    for (damage, place) in damages {
        let world = healthy();
        damage(&Store::at(&world.store()));
        // Git itself may find nothing, so it is not asked.
        let ran = world.csods("list").start().wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert_eq!((ran.status.code(), ran.status.signal()), (Some(9), None), "{place}: {said}");
        assert!(said.contains(place) && said.contains("hint: remove that file"), "{place}: {said}");
    }
}

#[test]
fn a_store_works_with_whole_objects_in_alternates() {
    let world = healthy();
    world.git(&["gc", "-q"]);
    Store::at(&world.store()).borrow(&["first", "second"]);
    world.csods("show REF").done();
    world.csods("note REF").from("text: Rang the school.").recorded();
    assert_eq!(world.csods("show REF").json()["case"]["notes"][0]["text"], "Rang the school.");
}
