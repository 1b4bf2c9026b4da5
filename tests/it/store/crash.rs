//! A crash at any instruction leaves the old state or the new one, and the next command tidies up.
//!
//! A test runs itself again as a child, which ends itself by `SIGKILL` at the Nth of the points in `store::fault`.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use csods::store::{Step, Store, fault};

use super::{CASE, OTHER, PATIENCE, author, change, git, put, sound, store, text};

const ADDED: &str = "cases/2026/9/KP-26-9AAAAA.yaml";

/// What the child does, by name.
fn act(what: &str, dir: &Path) {
    if what == "init" {
        let files = [("csods.toml".to_owned(), b"format = 1\n".to_vec())];
        Store::init(&dir.join("store"), &files, &text("init"), &author()).unwrap();
        return;
    }
    let store = Store::find(Some(&dir.join("store")), None, dir).unwrap();
    match what {
        "recover" => store.recover_if_needed().unwrap(),
        "one" => {
            put(&store, CASE, "stage: after\n").unwrap();
        }
        "several" => {
            change(&store, |change| {
                change.put(CASE, b"stage: after\n".to_vec());
                change.put(ADDED, b"stage: added\n".to_vec());
                change.remove(OTHER);
            })
            .unwrap();
        }
        "many" => many(&store, |path| format!("stage: after, {path}\n")),
        _ => {
            change(&store, |change| {
                change.accept_edit(CASE, b"stage:   by hand\n", b"stage: by hand\n".to_vec());
            })
            .unwrap();
        }
    }
}

/// How many files a change has that is written as a pack.
const MANY: usize = 66;

fn many_path(number: usize) -> String {
    format!("cases/2026/{}/KP-26-{number:03}.yaml", number % 4)
}

/// So many files, half of them new, in two commits; the file that both change holds something else meanwhile.
fn many(store: &Store, text_of: impl Fn(&str) -> String) {
    let mut change = store.change(PATIENCE, "a test").unwrap();
    let paths: Vec<String> = (0..MANY).map(many_path).collect();
    for path in &paths {
        change.put_aside(path, b"stage: meanwhile\n").unwrap();
        change.put_aside(path, text_of(path).as_bytes()).unwrap();
    }
    assert_eq!(change.planned(&paths[3]).unwrap().unwrap(), text_of(&paths[3]).as_bytes());
    let step = |paths: &[String], last: Option<Vec<u8>>| {
        let mut files: Vec<_> = paths.iter().map(|path| (path.clone(), None)).collect();
        files.last_mut().unwrap().1 = last;
        Step { text: text("many"), files }
    };
    let steps = [step(&paths[..20], Some(b"stage: halfway\n".to_vec())), step(&paths[19..], None)];
    assert_eq!(change.commit_steps(steps.into_iter().map(Ok), &author()).unwrap().len(), 2);
}

/// Not a test by itself: the child. Its arguments are filters to the test runner, which match nothing.
#[test]
fn child() {
    let args: Vec<String> = std::env::args().collect();
    let after = |key: &str| args.iter().find_map(|arg| arg.strip_prefix(key).map(str::to_owned));
    if let (Some(what), Some(dir), Some(point)) = (after("what="), after("dir="), after("point=")) {
        fault::kill_at(point.parse().unwrap());
        act(&what, Path::new(&dir));
    }
}

/// Runs the child; whether it lived to the end.
fn run(what: &str, dir: &Path, point: u64) -> bool {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "store::crash::child"])
        .args([format!("what={what}"), format!("dir={}", dir.display()), format!("point={point}")])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap()
        .success()
}

fn found(dir: &Path) -> Store {
    Store::find(Some(&dir.join("store")), None, dir).unwrap()
}

fn crash_everywhere(what: &str, prepare: impl Fn(&Store), check: impl Fn(&Store, bool)) {
    crash_at(1.., what, prepare, check);
}

fn crash_at(
    points: impl Iterator<Item = u64>,
    what: &str,
    prepare: impl Fn(&Store),
    check: impl Fn(&Store, bool),
) {
    let mut seen = [false; 2];
    for point in points {
        let (dir, store) = store();
        prepare(&store);
        let before = store.head().unwrap().commit();
        let lived = run(what, dir.path(), point);
        let store = found(dir.path());
        if !lived {
            // Tidying up may be cut off too.
            run("recover", dir.path(), point % 9 + 1);
        }
        store.recover_if_needed().unwrap();
        let made = store.head().unwrap().commit() != before;
        seen[usize::from(made)] = true;
        check(&store, made);
        assert!(!store.root().join(".git/csods/change").exists(), "{what} at {point}");
        let locks = git(store.root(), &["log", "-g", "--format=%H", "-1"]);
        assert_eq!(
            locks.trim(),
            store.head().unwrap().commit().to_string(),
            "{what} at {point}: the log of HEAD"
        );
        put(&store, "cases/2026/7/next.yaml", "next\n").unwrap();
        if lived {
            assert!(made && point > 20, "{what} has {point} points");
            break;
        }
    }
    assert_eq!(seen, [true, true], "{what}: some points come before, some after");
}

#[test]
fn one_file() {
    crash_everywhere(
        "one",
        |_| (),
        |store, made| {
            sound(store);
            let wanted = if made { "stage: after\n" } else { "stage: a\n" };
            assert_eq!(store.working(CASE).unwrap().unwrap(), wanted.as_bytes());
        },
    );
}

#[test]
fn several_files() {
    crash_everywhere(
        "several",
        |_| (),
        |store, made| {
            sound(store);
            assert_eq!(store.working(ADDED).unwrap().is_some(), made);
            assert_eq!(store.working(OTHER).unwrap().is_none(), made);
        },
    );
}

#[test]
fn many_files_in_one_pack() {
    let prepare = |store: &Store| {
        change(store, |change| {
            (0..MANY / 2).for_each(|number| change.put(&many_path(number), b"stage: before\n".to_vec()));
        })
        .unwrap();
    };
    // Most of the points are the same step of one file after another: a few of those will do.
    let waits = 2 * MANY as u64;
    let points =
        (1..3).chain((3..waits).step_by(29)).chain(waits..waits + 22).chain((waits + 22..).step_by(7));
    crash_at(points, "many", prepare, |store, made| {
        sound(store);
        for number in 0..MANY {
            let working = store.working(&many_path(number)).unwrap();
            let wanted = match (made, number < MANY / 2) {
                (true, _) => Some(format!("stage: after, {}\n", many_path(number))),
                (false, true) => Some("stage: before\n".to_owned()),
                (false, false) => None,
            };
            assert_eq!(working, wanted.map(String::into_bytes), "{number}");
        }
        if made {
            assert_eq!(
                git(store.root(), &["show", &format!("HEAD~1:{}", many_path(19))]),
                "stage: halfway\n"
            );
        }
    });
}

#[test]
fn an_edit_taken_in_is_never_lost() {
    let edit = |store: &Store| {
        #[expect(clippy::disallowed_methods, reason = "a person's editor takes no care either")]
        fs::write(store.root().join(CASE), "stage:   by hand\n").unwrap();
    };
    crash_everywhere("edit", edit, |store, made| {
        if made {
            sound(store);
        }
        let wanted = if made { "stage: by hand\n" } else { "stage:   by hand\n" };
        assert_eq!(store.working(CASE).unwrap().unwrap(), wanted.as_bytes());
        git(store.root(), &["fsck", "--strict"]);
    });
}

#[test]
fn a_plain_git_that_went_on_is_not_undone() {
    for point in 1..60 {
        let (dir, store) = store();
        if run("one", dir.path(), point) {
            break;
        }
        // The person removes what is in git's way and edits the same file.
        for lock in ["index.lock", "HEAD.lock", "refs/heads/main.lock"] {
            let _ = fs::remove_file(store.root().join(".git").join(lock));
        }
        git(store.root(), &["reset", "-q", "--hard"]);
        #[expect(clippy::disallowed_methods, reason = "a person's editor takes no care either")]
        fs::write(store.root().join(CASE), "stage: by git\n").unwrap();
        git(store.root(), &["commit", "-qam", "by git"]);
        let head = store.head().unwrap().commit();
        store.recover_if_needed().unwrap();
        assert_eq!(store.head().unwrap().commit(), head);
        sound(&store);
        assert_eq!(store.working(CASE).unwrap().unwrap(), b"stage: by git\n");
    }
}

#[test]
fn a_store_is_made_whole_or_not_at_all() {
    for point in 1.. {
        let dir = tempfile::tempdir().unwrap();
        let lived = run("init", dir.path(), point);
        if !dir.path().join("store").exists() {
            assert!(run("init", dir.path(), u64::MAX), "at {point}");
        }
        sound(&found(dir.path()));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "at {point}");
        if lived {
            break;
        }
    }
}
