//! An index that is spoilt, absent, locked or out of reach changes no answer.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::thread;

use super::*;

/// The list, which must be what the cases say; and whether the index is whole afterwards.
fn right(world: &World, after: &str) {
    for view in ["list --format json", "search school --format json"] {
        assert_eq!(said(world, view), said(world, &format!("{view} --no-index")), "{view} after {after}");
    }
}

#[test]
fn whatever_is_in_the_file_the_answer_is_right() {
    let world = examples();
    right(&world, "nothing");
    let whole = fs::read(index_file(&world)).unwrap();
    assert_eq!(fs::metadata(index_file(&world)).unwrap().permissions().mode() & 0o777, 0o600);
    let spoil = |world: &World, bytes: &[u8]| {
        for end in ["-wal", "-shm"] {
            let _ = fs::remove_file(index_file(world).with_extension(format!("sqlite{end}")));
        }
        write(&index_file(world), bytes);
    };
    for (what, bytes) in [
        ("nothing in it", Vec::new()),
        ("other things in it", b"not a database at all".repeat(500)),
        ("half of it", whole[..whole.len() / 2].to_vec()),
        ("zeros", vec![0; whole.len()]),
        ("its end alone", whole[whole.len() / 2..].to_vec()),
    ] {
        spoil(&world, &bytes);
        right(&world, what);
    }
    // A byte here and there: the sums and SQLite's own checks notice.
    let mut chance = Chance::from_seed(11);
    for _ in 0..8 {
        let mut bytes = whole.clone();
        for _ in 0..40 {
            let at = 100 + chance.below(1 << 20) % (bytes.len() - 100);
            bytes[at] = bytes[at].wrapping_add(1 + chance.below(128) as u8);
        }
        spoil(&world, &bytes);
        right(&world, "bytes changed");
    }
}

#[test]
fn what_cannot_be_opened_or_written_is_done_without() {
    let world = examples();
    fs::create_dir_all(index_file(&world)).unwrap();
    right(&world, "a directory in its place");
    fs::remove_dir(index_file(&world)).unwrap();
    std::os::unix::fs::symlink("/dev/full", index_file(&world)).unwrap();
    right(&world, "a link in its place");
    fs::remove_file(index_file(&world)).unwrap();
    let private = world.store().join(".git/csods");
    fs::remove_dir_all(&private).unwrap();
    write(&private, b"a file where the directory belongs");
    right(&world, "no directory for it");
    fs::remove_file(&private).unwrap();
    right(&world, "everything as it should be");
    assert!(index_file(&world).is_file());
}

#[test]
fn somebody_at_work_on_it_holds_nobody_up() {
    let world = examples();
    right(&world, "nothing");
    let lock = world.store().join(".git/csods/index-lock");
    let lock = fs::OpenOptions::new().read(true).write(true).open(lock).unwrap();
    lock.lock().unwrap();
    right(&world, "somebody begins it anew");
    world.csods("note").arg(reference(&cases(&world)[0])).now(TODAY).from("text: Rang.").recorded();
    drop(lock);
    right(&world, "a change it did not follow");
}

#[test]
fn many_at_once_get_the_same_answer() {
    let world = examples();
    let wanted = world.csods("list --no-index --format json").now(TODAY).done().stdout;
    for round in 0..3 {
        // Nobody has an index, and all make one.
        let _ = fs::remove_file(index_file(&world));
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let command = world.csods("list --format json").now(TODAY);
                    let out = command.start().wait_with_output().unwrap();
                    assert_eq!(String::from_utf8_lossy(&out.stdout), wanted, "round {round}");
                });
            }
        });
    }
    right(&world, "many at once");
}

#[test]
fn commits_of_another_history_are_no_surprise() {
    let world = examples();
    right(&world, "nothing");
    let spare = cases(&world)[3].clone();
    world.git(&["checkout", "-q", "--orphan", "other"]);
    world.git(&["rm", "-q", "-f", &spare]);
    world.git(&["commit", "-qm", "another beginning"]);
    world.git(&["reset", "-q", "--hard"]);
    right(&world, "another history");
    world.git(&["branch", "-q", "-D", "main"]);
    world.git(&["reflog", "expire", "--expire=now", "--all"]);
    world.git(&["gc", "-q", "--prune=now"]);
    right(&world, "the old one gone");
    world.git(&["worktree", "add", "-q", "../beside"]);
    let beside = world.dir().join("beside").display().to_string();
    let listed = world.csods(&format!("--store {beside} list")).now(TODAY).json();
    assert_eq!(listed["total"], cases(&world).len());
}
