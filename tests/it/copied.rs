//! A store that arrived with its `.git`, by a stick, a mail or a shared drive, shows its cases and can do nothing else:
//! no file outside it is made, changed, emptied or removed, and what is not to be trusted is named.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use csods::store::ObjectId;

use crate::support::{At, Csods, Ran, World, walk, write};

/// Every command that looks at a store, besides those that look at files.
const VIEWS: [&str; 12] = [
    "list",
    "due",
    "show REF",
    "log",
    "log REF",
    "status",
    "stats",
    "board",
    "workload",
    "search Example",
    "validate",
    "letters REF",
];

/// A world with files of somebody's beside the store.
fn world() -> World {
    let world = World::at(At::Interview);
    world.write("victim/file", "mine\n");
    world.write("victim/deep/file", "mine too\n");
    world
}

fn git_dir(world: &World) -> PathBuf {
    world.store().join(".git")
}

/// All files outside the store, with what they hold.
fn outside(world: &World) -> BTreeMap<PathBuf, Vec<u8>> {
    let store = world.store();
    let files = walk(world.dir()).into_iter().filter(|path| !path.starts_with(&store));
    files.map(|path| (path.clone(), fs::read(&path).unwrap_or_default())).collect()
}

/// Replaces what stands in the git directory by a link.
fn link(world: &World, name: &str, to: &Path) {
    let at = git_dir(world).join(name);
    fs::create_dir_all(at.parent().unwrap()).unwrap();
    if fs::symlink_metadata(&at).is_ok_and(|found| found.is_dir()) {
        fs::remove_dir_all(&at).unwrap();
    } else {
        let _ = fs::remove_file(&at);
    }
    symlink(to, &at).unwrap();
}

/// Runs a command without asking git anything, which trusts more than csods does.
fn run(command: &Csods<'_>) -> Ran {
    let out = command.start().wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ran {
        stdout: text(&out.stdout),
        stderr: text(&out.stderr),
        code: out.status.code().unwrap_or(-1),
        commits: 0,
    }
}

fn note(world: &World) -> Ran {
    run(&world.csods("note REF").from("text: A note."))
}

/// Runs every view and a change, none of which may touch anything outside; what the change said.
fn harmless(world: &World, what: &str) -> Ran {
    let before = outside(world);
    for view in VIEWS {
        let ran = run(&world.csods(view));
        assert!([0, 9].contains(&ran.code), "{what}: {view}: {} {}", ran.code, ran.stderr);
        assert_eq!(outside(world), before, "{what}: {view}");
    }
    let ran = note(world);
    assert_eq!(outside(world), before, "{what}: a note");
    ran
}

/// That it was refused as not to be trusted, with what to do.
fn untrusted(ran: &Ran, place: &str) {
    assert_eq!(ran.code, 9, "{place}: {}", ran.stderr);
    assert!(ran.stderr.contains("hint: "), "{}", ran.stderr);
    assert!(ran.stderr.contains(place), "{place}: {}", ran.stderr);
}

#[test]
fn a_journal_names_no_file_outside_the_store() {
    for here in [false, true] {
        let world = world();
        let (head, kept) = (world.head(), git_dir(&world).join("csods"));
        let victim = "../../../victim/.bash_aliases";
        // The log of a branch holds the name of the committer.
        write(&git_dir(&world).join("packed-refs"), format!("{head} {victim}\n").as_bytes());
        let found = fs::metadata(&kept).unwrap();
        let dir = if here { format!("{} {}", found.dev(), found.ino()) } else { "1 2".to_owned() };
        let zeros = "0".repeat(40);
        let text = format!("csods journal 2\ndir {dir}\nbranch {victim}\nold {zeros}\nnew {head}\npack -\n");
        let sum = ObjectId::of_blob(text.as_bytes());
        write(&kept.join("journal"), format!("{text}end {sum}\n").as_bytes());
        // As older versions wrote it.
        fs::create_dir(kept.join("change")).unwrap();
        let text = format!("csods journal 1\nbranch {victim}\nold {zeros}\nnew {head}\nend\n");
        write(&kept.join("change/journal"), text.as_bytes());
        let ran = harmless(&world, "journal");
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        fs::remove_file(git_dir(&world).join("packed-refs")).unwrap();
        assert!(!world.dir().join("victim/.bash_aliases").exists());
        world.sound();
    }
}

/// A change that was cut off after the branch had moved and before a file was brought to its place, and the copy of it.
#[test]
fn a_change_that_was_cut_off_is_finished_in_a_copy_too() {
    let cut_off = (1..100).map(|point| {
        let world = world();
        let old = world.head();
        let note = world.csods("note REF").from("text: Rang.").env("CSODS_FAULT_POINT", &point.to_string());
        note.start().wait().unwrap();
        (world.head() != old).then_some(world)
    });
    let world = cut_off.flatten().next().unwrap();
    assert_ne!(world.git(&["status", "--porcelain"]), "", "the file was not yet brought to its place");
    let copy = World::bare();
    let from = world.store().display().to_string();
    assert!(Command::new("cp").args(["-R", &from]).arg(copy.dir()).status().unwrap().success());
    // The copies of git's locks are files of their own now.
    for lock in ["index.lock", "HEAD.lock", "refs/heads/main.lock"] {
        let _ = fs::remove_file(git_dir(&copy).join(lock));
    }
    let reference = world.reference();
    let before = outside(&copy);
    copy.csods(&format!("note {reference}")).from("text: In the copy.").recorded();
    copy.sound();
    assert_eq!(outside(&copy), before);
    let notes = copy.csods(&format!("show {reference}")).json()["case"]["notes"].as_array().unwrap().len();
    assert_eq!(notes, 2);
}

#[test]
fn no_log_is_written_through_a_link() {
    for log in ["logs/HEAD", "logs/refs/heads/main", "logs/refs/heads", "logs"] {
        let world = world();
        let victim = world.dir().join("victim");
        link(
            &world,
            log,
            &if log.contains('d') && !log.ends_with("heads") { victim.join("file") } else { victim },
        );
        let head = world.head();
        untrusted(&harmless(&world, log), &format!(".git/{log}"));
        assert_eq!(world.head(), head, "{log}");
        fs::remove_file(git_dir(&world).join(log)).unwrap();
        assert_eq!(note(&world).code, 0, "{log}");
        world.sound();
    }
}

#[test]
fn nothing_that_csods_keeps_may_be_a_link() {
    for name in [
        "csods",
        "csods/change",
        "csods/lock",
        "csods/drafts",
        "csods/edit",
        "csods/index.sqlite",
        "csods/index-lock",
    ] {
        for to in ["victim", "victim/deep", "victim/file", "victim/absent"] {
            let world = world();
            link(&world, name, &world.dir().join(to));
            untrusted(&harmless(&world, name), &format!(".git/{name}"));
            fs::remove_file(git_dir(&world).join(name)).unwrap();
            assert_eq!(note(&world).code, 0, "{name}");
        }
    }
}

#[test]
fn nothing_that_git_keeps_is_written_through_a_link() {
    for name in ["refs/heads/main", "refs/heads", "refs", "HEAD", "objects", "objects/pack", "index"] {
        let world = world();
        let at = git_dir(&world).join(name);
        let moved = world.dir().join("moved");
        fs::rename(&at, &moved).unwrap();
        symlink(&moved, &at).unwrap();
        let ran = harmless(&world, name);
        untrusted(&ran, &format!(".git/{name}"));
    }
}

#[test]
fn what_everybody_may_write_to_is_not_trusted() {
    for (name, mode) in [
        ("csods", 0o777),
        ("csods/lock", 0o666),
        ("csods/journal", 0o606),
        ("csods/git-lock", 0o666),
        ("csods/index-lock", 0o602),
        ("csods/drafts", 0o777),
    ] {
        let world = world();
        world.csods("list").done();
        world.csods("note REF").from("text: A note.").recorded();
        let at = git_dir(&world).join(name);
        if !at.exists() {
            fs::create_dir(&at).unwrap();
        }
        let before = fs::metadata(&at).unwrap().permissions();
        fs::set_permissions(&at, fs::Permissions::from_mode(mode)).unwrap();
        let ran = harmless(&world, name);
        untrusted(&ran, &format!(".git/{name}"));
        assert!(ran.stderr.contains("doctor"), "{}", ran.stderr);
        fs::set_permissions(&at, before).unwrap();
        assert_eq!(note(&world).code, 0, "{name}");
    }
    let world = world();
    fs::set_permissions(git_dir(&world).join("logs"), fs::Permissions::from_mode(0o777)).unwrap();
    untrusted(&harmless(&world, "logs"), ".git/logs");
    fs::set_permissions(git_dir(&world).join("logs"), fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(world.store(), fs::Permissions::from_mode(0o777)).unwrap();
    untrusted(&harmless(&world, "the store itself"), "store");
}

#[test]
fn a_file_that_is_none_is_not_waited_for() {
    for name in ["csods/lock", "csods/change", "HEAD", "refs/heads/main", "logs/HEAD"] {
        let world = world();
        let at = git_dir(&world).join(name);
        let _ = fs::remove_file(&at);
        assert!(Command::new("mkfifo").arg(&at).status().unwrap().success());
        let ran =
            world.csods("note REF").from("text: A note.").beside_edits().start().wait_with_output().unwrap();
        assert_eq!(ran.status.code(), Some(9), "{name}: {}", String::from_utf8_lossy(&ran.stderr));
    }
}

#[test]
fn a_git_directory_of_another_store_is_not_used() {
    let world = world();
    let (head, mine) = (world.head(), git_dir(&world));
    let copy = world.dir().join("copy");
    fs::create_dir(&copy).unwrap();
    fs::copy(world.store().join("csods.toml"), copy.join("csods.toml")).unwrap();
    let file = format!("gitdir: {}\n", mine.display());
    for linked in [false, true] {
        if linked {
            fs::remove_file(copy.join(".git")).unwrap();
            symlink(&mine, copy.join(".git")).unwrap();
        } else {
            write(&copy.join(".git"), file.as_bytes());
        }
        for command in ["list", "person add x --name X --email x@example.org --role auditor"] {
            let ran = run(&world.csods(command).arg(format!("--store={}", copy.display())));
            untrusted(&ran, "copy/.git");
        }
    }
    assert_eq!(world.head(), head);
    assert!(!mine.join("csods/change").exists());
}

#[test]
fn a_commit_that_is_not_the_one_that_head_names_is_not_believed() {
    let world = world();
    world.csods("list").done();
    let forged = world.git(&["commit-tree", "HEAD^{tree}", "-m", "forged"]);
    let at = |id: &str| git_dir(&world).join("objects").join(&id[..2]).join(&id[2..]);
    let head = world.head();
    let place = at(&head);
    if !place.exists() {
        // It lies in a pack: the loose object is looked for after it, so the pack has to go.
        let packs = git_dir(&world).join("objects/pack");
        let moved = world.dir().join("packs");
        fs::create_dir(&moved).unwrap();
        for pack in fs::read_dir(&packs).unwrap() {
            let pack = pack.unwrap().path();
            let to = moved.join(pack.file_name().unwrap());
            fs::rename(&pack, &to).unwrap();
            if to.extension().is_some_and(|kind| kind == "pack") {
                let input = fs::File::open(&to).unwrap();
                let unpack = ["unpack-objects", "-q"];
                let done = Command::new("git").current_dir(world.store()).args(unpack).stdin(input).status();
                assert!(done.unwrap().success());
            }
        }
    }
    fs::set_permissions(&place, fs::Permissions::from_mode(0o644)).unwrap();
    fs::copy(at(forged.trim()), &place).unwrap();
    for command in ["list", "show REF", "log", "status"] {
        let ran = run(&world.csods(command));
        assert_eq!(ran.code, 9, "{command}: {}", ran.stderr);
        assert!(ran.stderr.contains(&head), "{}", ran.stderr);
    }
}

#[test]
fn another_history_than_the_recorded_one_is_shown_by_nobody_and_changed_by_nobody() {
    type Rewrite = fn(&World);
    let ways: [(&str, Rewrite, Rewrite); 3] = [
        (
            "grafts",
            |world| write(&git_dir(world).join("info/grafts"), format!("{}\n", world.head()).as_bytes()),
            |world| fs::remove_file(git_dir(world).join("info/grafts")).unwrap(),
        ),
        (
            "replace",
            |world| drop(world.git(&["replace", "HEAD", "HEAD~1"])),
            |world| drop(world.git(&["replace", "-d", &world.head()])),
        ),
        (
            "replace",
            |world| {
                world.git(&["replace", "HEAD", "HEAD~1"]);
                world.git(&["pack-refs", "--all"]);
            },
            |world| drop(world.git(&["replace", "-d", &world.head()])),
        ),
    ];
    for (what, rewrite, back) in ways {
        let world = world();
        fs::create_dir_all(git_dir(&world).join("info")).unwrap();
        let log = world.csods("log").done().stdout;
        rewrite(&world);
        for view in VIEWS {
            let ran = run(&world.csods(view));
            assert_eq!(ran.code, 0, "{view}: {}", ran.stderr);
            assert!(ran.stderr.contains("warning: ") && ran.stderr.contains(what), "{view}: {}", ran.stderr);
        }
        assert_eq!(run(&world.csods("log")).stdout, log, "{what}");
        untrusted(&note(&world), what);
        back(&world);
        world.csods("note REF").from("text: A note.").recorded();
    }
}
