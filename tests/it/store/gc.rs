//! `git gc` and `git repack` beside changes and readers: nothing is lost, and nobody is told of a missing file.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::*;

const CHANGES: usize = 40;

/// Runs git again and again while changes are made and read.
fn beside(args: &[&str]) {
    let (dir, store) = store();
    let root = store.root().to_owned();
    let ended = AtomicBool::new(false);
    let (runs, reads) = thread::scope(|scope| {
        let gc = scope.spawn(|| {
            let mut runs = 0;
            while !ended.load(Ordering::Relaxed) || runs < 3 {
                git(&root, args);
                runs += 1;
            }
            runs
        });
        // A reader that opens the store once and reads on, as a long export does, and one that opens it anew each time.
        let reader = scope.spawn(|| {
            let kept = Store::find(Some(&root), None, dir.path()).unwrap();
            let mut reads = 0;
            while !ended.load(Ordering::Relaxed) {
                let anew = Store::find(Some(&root), None, dir.path()).unwrap();
                for store in [&kept, &anew] {
                    let head = store.head().unwrap();
                    assert!(head.read(CASE).unwrap().unwrap().starts_with(b"stage: "));
                    assert!(!store.history(Some(CASE)).unwrap().is_empty());
                }
                reads += 1;
            }
            reads
        });
        for number in 0..CHANGES {
            let mut change = store.change(Duration::from_secs(60), "a test").unwrap();
            change.put(CASE, format!("stage: {number}\n").into_bytes());
            change.commit(&text("note"), &author()).unwrap_or_else(|error| panic!("{number}: {error}"));
        }
        ended.store(true, Ordering::Relaxed);
        (gc.join().unwrap(), reader.join().unwrap())
    });
    assert!(runs >= 3 && reads >= 1, "{runs} runs of git, {reads} reads");
    assert_eq!(commits(&store), CHANGES + 1);
    sound(&store);
}

#[test]
fn gc_that_prunes_at_once() {
    beside(&["-c", "gc.pruneExpire=now", "gc", "-q", "--prune=now"]);
}

#[test]
fn repack_of_everything() {
    beside(&["repack", "-q", "-a", "-d"]);
}

#[test]
fn a_history_in_many_pieces_is_packed_anew() {
    let (_dir, store) = store();
    assert!(!store.pieces().are_many());
    // Packs of git's own are not merged by changes.
    for number in 0..52 {
        let make = format!(
            "echo {number} | git hash-object -w --stdin | git pack-objects -q .git/objects/pack/pack; git prune-packed"
        );
        let made = Command::new("sh").args(["-c", &make]).current_dir(store.root()).output().unwrap();
        assert!(made.status.success());
        let name = String::from_utf8(made.stdout).unwrap();
        let rev = format!(".git/objects/pack/pack-{}.rev", name.trim());
        crate::support::write(&store.root().join(rev), b"");
    }
    assert!(store.pieces().are_many());
    store.gc().unwrap();
    assert!(!store.pieces().are_many(), "{:?}", store.pieces());
    sound(&store);
}
