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

/// A store whose index has rows in every table: cases that cannot be read, that changed, and that wait to be merged.
fn with_all_tables() -> World {
    let world = examples();
    let paths = cases(&world);
    edit(&world, &paths[1], |text| text.replace("stage: ", "stage: un"));
    commit(&world, "one that cannot be read");
    said(&world, "list --allow-partial");
    for path in &paths[3..6] {
        world.csods("note").arg(reference(path)).now(TODAY).from("text: Rang the school.").recorded();
    }
    let index = Connection::open(index_file(&world)).unwrap();
    for table in ["cases", "facts", "people", "unreadable", "fresh", "dead", "vocabulary", "hits", "marks"] {
        let some = format!("SELECT EXISTS (SELECT * FROM {table})");
        assert!(index.query_row(&some, [], |row| row.get::<_, bool>(0)).unwrap(), "{table} is empty");
    }
    // All of it into the file itself.
    index.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    drop(index);
    world
}

#[test]
fn a_row_that_is_gone_or_changed_hides_no_case() {
    let world = with_all_tables();
    let paths = cases(&world);
    let changed = reference(&paths[3]);
    let first = reference(&paths[0]);
    let similar = [format!("similar {first}"), format!("similar {changed}")];
    let views = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
    let listed = views(&["list", "list -closed", "list --sort due", "due", "board", "list --overdue"]);
    let all =
        [listed.clone(), similar.to_vec(), views(&["search school", "stats --year 2026 --no-suppress"])];
    let mut bad = Vec::new();
    for (damage, views) in [
        ("DELETE FROM cases WHERE doc = (SELECT min(doc) FROM cases WHERE open)", all.concat()),
        (
            "DELETE FROM cases WHERE doc = (SELECT max(doc) FROM cases WHERE NOT open)",
            views(&["list", "search school"]),
        ),
        ("DELETE FROM cases", listed.clone()),
        (
            "DELETE FROM cases WHERE doc = (SELECT doc FROM cases WHERE due IS NOT NULL ORDER BY due DESC)",
            listed.clone(),
        ),
        ("UPDATE cases SET open = 0", listed.clone()),
        ("UPDATE cases SET due = NULL", listed.clone()),
        ("UPDATE cases SET due = due + 100000000", listed.clone()),
        ("UPDATE cases SET due = 8000000000 - due", listed.clone()),
        ("UPDATE cases SET row = (SELECT row FROM cases WHERE doc = 1)", listed.clone()),
        ("UPDATE cases SET (key, row) = (SELECT key, row FROM cases WHERE doc = 1)", listed.clone()),
        ("DELETE FROM unreadable", listed.clone()),
        ("UPDATE unreadable SET path = 'cases/none.yaml'", views(&["list --allow-partial"])),
        ("DELETE FROM facts", views(&["stats --year 2026 --no-suppress"])),
        ("UPDATE facts SET last = 0", views(&["stats --year 2026 --no-suppress"])),
        (
            "UPDATE facts SET facts = (SELECT facts FROM facts WHERE doc = 1)",
            views(&["stats --year 2026 --no-suppress"]),
        ),
        ("DELETE FROM people", similar.to_vec()),
        (
            "DELETE FROM fresh WHERE doc = (SELECT min(doc) FROM fresh)",
            [similar.to_vec(), views(&["search rang"])].concat(),
        ),
        ("DELETE FROM dead", [similar.to_vec(), views(&["search school"])].concat()),
        ("INSERT INTO dead SELECT doc FROM cases", [similar.to_vec(), views(&["search school"])].concat()),
        ("DELETE FROM vocabulary WHERE length = 6", views(&["search school"])),
        ("DELETE FROM hits WHERE length = 6", views(&["search school"])),
        ("UPDATE made SET totals = x''", listed.clone()),
        ("DELETE FROM made", listed),
    ] {
        let whole = fs::read(index_file(&world)).unwrap();
        for view in views {
            let index = Connection::open(index_file(&world)).unwrap();
            assert!(index.execute(damage, []).unwrap() > 0, "{damage} does nothing");
            drop(index);
            let line = if view.contains("stats") { view } else { format!("{view} --allow-partial") };
            let [with, without] =
                ["", " --no-index"].map(|way| said(&world, &format!("{line} --format json{way}")));
            if with != without {
                bad.push(format!("{line} after {damage}"));
            }
            for ending in ["-wal", "-shm"] {
                let _ = fs::remove_file(format!("{}{ending}", index_file(&world).display()));
            }
            write(&index_file(&world), &whole);
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
fn validate_compares_every_row() {
    let world = with_all_tables();
    let paths = cases(&world);
    let problems = |line: &str| {
        let (_, found, _) = said(&world, line);
        let found: serde_json::Value = serde_json::from_str(&found).unwrap();
        let problems = found["problems"].as_array().unwrap().clone();
        let of_index = |problem: &serde_json::Value| problem["file"].as_str().unwrap().ends_with(FILE);
        problems.into_iter().filter(of_index).map(|it| it["problem"].to_string()).collect::<Vec<_>>()
    };
    assert!(problems("validate --json").is_empty());
    let whole = fs::read(index_file(&world)).unwrap();
    for damage in [
        "DELETE FROM cases WHERE doc = 1",
        "DELETE FROM facts WHERE doc = 1",
        "DELETE FROM people WHERE doc = 1",
        "DELETE FROM unreadable",
        "DELETE FROM hits WHERE length = 6 AND number = 0",
        "DELETE FROM marks WHERE mark = (SELECT max(mark) FROM marks)",
        "DELETE FROM vocabulary WHERE length = 6",
        "DELETE FROM dead",
        "UPDATE cases SET open = NOT open WHERE doc = 1",
        "UPDATE cases SET received = received - 1 WHERE doc = 1",
        "UPDATE facts SET first = first - 1 WHERE doc = 1",
        "INSERT INTO cases SELECT doc + 900, key, path || 'x', open, due, received, row FROM cases WHERE doc = 1",
    ] {
        let index = Connection::open(index_file(&world)).unwrap();
        assert!(index.execute(damage, []).unwrap() > 0, "{damage} does nothing");
        drop(index);
        assert!(problems("validate --json --no-index").is_empty());
        let found = problems("validate --json");
        assert!(!found.is_empty(), "{damage} goes unnoticed");
        if damage.contains("doc = 1") && !damage.contains("INSERT") {
            assert!(
                found.len() == 1 && paths.iter().any(|path| found[0].contains(path)),
                "{damage}: {found:?}"
            );
        }
        assert!(problems("validate --json").is_empty() && !indexed(&world), "{damage}");
        for ending in ["-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{ending}", index_file(&world).display()));
        }
        write(&index_file(&world), &whole);
    }
}
