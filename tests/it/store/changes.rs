//! What changes leave behind, for git and for people who use plain git on a store.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::thread;

use csods::error::Kind;
use csods::store::{How, Pieces, Step, Store};

use super::*;

#[test]
fn a_new_store_is_a_plain_repository() {
    let (dir, store) = store();
    sound(&store);
    assert_eq!(git(store.root(), &["branch", "--show-current"]), "main\n");
    assert_eq!(git(store.root(), &["show", "HEAD:.gitattributes"]), "* -text\n");
    assert!(!store.root().join(".git/hooks").exists());
    assert_eq!(fs::metadata(store.private_dir()).unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside the store");
    let again = |at: &str| Store::init(&store.root().join(at), &[], &text("init"), &author()).map(|_| ());
    assert_eq!(again("").unwrap_err().kind, Kind::Usage);
    assert_eq!(again("inside").unwrap_err().kind, Kind::Usage);
    let empty = dir.path().join("empty");
    fs::create_dir(&empty).unwrap();
    Store::init(&empty, &[], &text("init"), &author()).unwrap();
}

#[test]
fn a_store_is_found_from_inside_by_name_and_from_the_environment() {
    let (dir, store) = store();
    let here = |cwd: &Path| Store::find(None, None, cwd).map(|found| found.root().to_owned());
    assert_eq!(here(&store.root().join("cases/2026")).unwrap(), store.root());
    assert_eq!(here(dir.path()).unwrap_err().kind, Kind::NotFound);
    let named = Store::find(Some(Path::new("store")), Some(Path::new("elsewhere")), dir.path()).unwrap();
    assert_eq!(named.root(), store.root());
    assert_eq!(Store::find(None, Some(store.root()), dir.path()).unwrap().root(), store.root());
    let error = Store::find(Some(dir.path()), None, store.root()).map(|_| ()).unwrap_err();
    assert_eq!(error.kind, Kind::NotFound);
}

#[test]
fn every_change_is_one_commit_and_leaves_git_clean() {
    let (_dir, store) = store();
    let before = store.head().unwrap();
    put(&store, CASE, "stage: c\n").unwrap();
    // What git remembers of the file is of the file that stands there: nothing is left for it to find out.
    assert_eq!(git(store.root(), &["diff-files", "--", CASE]), "");
    sound(&store);
    put(&store, "letters/2026/7/KP-26-7K3QF4/2026-03-02-acknowledgement.md", "words\n").unwrap();
    sound(&store);
    change(&store, |change| {
        change.remove(OTHER);
        change.put("cases/2026/7-a", b"sorts between\n".to_vec());
        change.put("cases/2027/1/new.yaml", b"new\n".to_vec());
    })
    .unwrap();
    sound(&store);
    assert!(!store.root().join("cases/2026/8").exists());
    assert_eq!(commits(&store), 4);
    assert_eq!(put(&store, CASE, "stage: c\n").unwrap(), store.head().unwrap().commit());
    assert_eq!(commits(&store), 4, "what was already so is no change");
    assert_eq!(before.read(CASE).unwrap().unwrap(), b"stage: a\n", "a snapshot stays what it was");
    assert_eq!(git(store.root(), &["reflog", "--format=%gs"]).lines().count(), 4);
    git(store.root(), &["reflog", "show", "main"]);
    let log =
        git(store.root(), &["log", "-1", "--format=%an <%ae> %ad|%s|%(trailers:key=Case)", "--date=iso"]);
    assert_eq!(log, "D. Osei <d.osei@example.org> 2026-03-02 10:15:00 +0100|note|Case: KP-26-7K3QF4\n\n");
}

#[test]
fn the_log_of_the_branch_gets_a_line_of_its_own_after_one_that_was_cut_off() {
    let (_dir, store) = store();
    let log = store.root().join(".git/logs/HEAD");
    fs::OpenOptions::new().append(true).open(&log).unwrap().write_all(b"0000 cut o").unwrap();
    let made = put(&store, CASE, "stage: c\n").unwrap();
    let after = fs::read_to_string(&log).unwrap();
    let (last, cut) = (after.lines().next_back().unwrap(), after.lines().rev().nth(1).unwrap());
    assert_eq!(cut, "0000 cut o");
    assert!(last.split(' ').nth(1) == Some(&made.to_string()) && after.ends_with('\n'), "{last}");
    assert_eq!(git(store.root(), &["rev-parse", "HEAD@{0}"]).trim(), made.to_string());
    assert_eq!(
        git(store.root(), &["reflog", "--format=%gs"]).lines().count(),
        2,
        "git passes over what is none"
    );
}

#[test]
fn a_commit_by_hand_after_a_change_holds_both() {
    let (_dir, store) = store();
    for round in 0..3 {
        put(&store, CASE, &format!("stage: {round}\n")).unwrap();
        write(&store, OTHER, &format!("by hand: {round}\n"));
        git(store.root(), &["commit", "-qam", "by hand"]);
        sound(&store);
        let head = store.head().unwrap();
        assert_eq!(head.read(CASE).unwrap().unwrap(), format!("stage: {round}\n").as_bytes());
        assert_eq!(head.read(OTHER).unwrap().unwrap(), format!("by hand: {round}\n").as_bytes());
    }
    // Other edits, staged or not, are nobody's business but their owner's, and stay.
    write(&store, OTHER, "staged\n");
    git(store.root(), &["add", "."]);
    git(store.root(), &["write-tree"]);
    put(&store, CASE, "stage: later\n").unwrap();
    assert_eq!(git(store.root(), &["status", "--porcelain"]), format!("M  {OTHER}\n"));
    git(store.root(), &["commit", "-qm", "by hand"]);
    sound(&store);
    assert_eq!(store.head().unwrap().read(CASE).unwrap().unwrap(), b"stage: later\n");
}

#[test]
fn an_edit_of_the_same_moment_and_length_is_seen() {
    let (_dir, store) = store();
    for round in 0..40 {
        put(&store, OTHER, &format!("x{round:03}\n")).unwrap();
        write(&store, OTHER, &format!("y{round:03}\n"));
        put(&store, CASE, &format!("stage: {round}\n")).unwrap();
        assert_eq!(git(store.root(), &["status", "--porcelain"]), format!(" M {OTHER}\n"));
        git(store.root(), &["restore", OTHER]);
    }
}

#[test]
fn changes_at_once_come_one_after_another() {
    let (_dir, store) = store();
    let root = store.root();
    thread::scope(|scope| {
        for worker in 0..4 {
            scope.spawn(move || {
                let store = Store::find(Some(root), None, root).unwrap();
                for round in 0..50 {
                    let mut change = store.change(PATIENCE, "a worker").unwrap();
                    let seen = change.head().read(CASE).unwrap().unwrap();
                    let path = format!("cases/2026/{worker}/{}.yaml", round % 5);
                    change.put(&path, format!("{round}\n").into_bytes());
                    change.put(CASE, [&seen[..], b"x"].concat());
                    change.commit(&text("note"), &author()).unwrap();
                }
            });
        }
    });
    assert_eq!(commits(&store), 201);
    assert_eq!(store.head().unwrap().read(CASE).unwrap().unwrap().len(), 9 + 200);
    sound(&store);
}

#[test]
fn an_edit_by_hand_is_taken_in_as_it_was_read() {
    let (_dir, store) = store();
    write(&store, CASE, "by   hand\n");
    write(&store, "cases/2026/9/added.yaml", "added\n");
    git(store.root(), &["add", CASE]);
    fs::remove_file(store.root().join(OTHER)).unwrap();
    let status: Vec<_> =
        store.status().unwrap().into_iter().map(|edit| (edit.path, edit.how, edit.staged)).collect();
    assert_eq!(
        status,
        [
            (CASE.to_owned(), How::Edited, true),
            (OTHER.to_owned(), How::Deleted, false),
            ("cases/2026/9/added.yaml".to_owned(), How::Added, false),
        ]
    );
    let seen = store.working(CASE).unwrap().unwrap();
    write(&store, CASE, "by hand, once more\n");
    let stale = change(&store, |change| {
        change.accept_edit(CASE, &seen, b"by hand\n".to_vec());
    });
    assert_eq!(stale.unwrap_err().kind, Kind::Conflict);
    write(&store, CASE, "by   hand\n");
    change(&store, |change| {
        change.accept_edit(CASE, &seen, b"by hand\n".to_vec());
        change.accept_edit("cases/2026/9/added.yaml", b"added\n", b"added\n".to_vec());
        change.accept_deletion(OTHER);
    })
    .unwrap();
    sound(&store);
    assert_eq!(store.working(CASE).unwrap().unwrap(), b"by hand\n");
    assert_eq!(commits(&store), 2);
    // An edit that says nothing new is put back without a commit.
    write(&store, CASE, "by  hand\n");
    change(&store, |change| {
        change.accept_edit(CASE, b"by  hand\n", b"by hand\n".to_vec());
    })
    .unwrap();
    sound(&store);
    assert_eq!(commits(&store), 2);
}

#[test]
fn packed_branches_and_objects_are_changed_too() {
    let (_dir, store) = store();
    put(&store, CASE, "stage: x\n").unwrap();
    for tidy in [&["pack-refs", "--all"][..], &["gc", "-q"], &["repack", "-adq"]] {
        git(store.root(), tidy);
        put(&store, CASE, &format!("stage: {}\n", tidy[0])).unwrap();
        sound(&store);
    }
    git(store.root(), &["checkout", "-q", "-b", "a/b/c"]);
    git(store.root(), &["pack-refs", "--all"]);
    put(&store, CASE, "stage: slash\n").unwrap();
    sound(&store);
}

#[test]
fn a_linked_work_tree_is_a_store_of_its_own() {
    let (dir, store) = store();
    let linked = dir.path().join("linked");
    git(store.root(), &["worktree", "add", "-q", "-b", "other", &linked.to_string_lossy()]);
    let other = Store::find(None, None, &linked).unwrap();
    put(&other, CASE, "stage: other\n").unwrap();
    put(&store, CASE, "stage: main\n").unwrap();
    assert_eq!(git(&linked, &["status", "--porcelain"]), "");
    assert_eq!(other.head().unwrap().read(CASE).unwrap().unwrap(), b"stage: other\n");
    sound(&store);
}

#[test]
fn every_form_of_index_is_kept() {
    let (_dir, store) = store();
    let forms: [&[&str]; 4] = [
        &["update-index", "--index-version", "4"],
        &["config", "index.skipHash", "true"],
        &["update-index", "--untracked-cache"],
        &["update-index", "--index-version", "2"],
    ];
    let version = git(store.root(), &["version"]);
    let knows_no_zeros = version.contains(" 2.39.");
    for (round, form) in forms.iter().enumerate() {
        if knows_no_zeros && form[0] == "config" {
            continue;
        }
        git(store.root(), form);
        put(&store, CASE, &format!("stage: {round}\n")).unwrap();
        sound(&store);
        put(&store, &format!("cases/2026/7/KP-26-7K3QF4-{round}.yaml"), "x\n").unwrap();
        sound(&store);
        change(&store, |change| {
            change.remove(&format!("cases/2026/7/KP-26-7K3QF4-{round}.yaml"));
        })
        .unwrap();
        sound(&store);
    }
}

#[test]
fn a_change_of_many_commits_is_one_pack_that_git_can_read() {
    let (_dir, store) = store();
    let path = |number: usize| format!("cases/2026/{}/KP-26-{:03}.yaml", number % 3, number / 2);
    let before = commits(&store);
    let mut change = store.change(PATIENCE, "a test").unwrap();
    let mut steps = Vec::new();
    for number in 0..150 {
        let bytes = format!("stage: {number}\n");
        change.put_aside(&path(number), bytes.as_bytes()).unwrap();
        steps.push(Step { text: text("many"), files: vec![(path(number), Some(bytes.into_bytes()))] });
    }
    // A step that changes nothing is no commit.
    steps.push(Step { text: text("nothing"), files: vec![(path(149), None)] });
    let made = change.commit_steps(steps.into_iter().map(Ok), &author()).unwrap();
    assert_eq!((made.len(), made[149]), (151, made[150]));
    assert_eq!(commits(&store), before + 150);
    sound(&store);
    assert_eq!(store.pieces(), Pieces { loose: 0, packs: 1 });
    for number in [0, 60, 149] {
        let shown = git(store.root(), &["show", &format!("{}:{}", made[number], path(number))]);
        assert_eq!(shown, format!("stage: {number}\n"));
    }
    let packs = git(store.root(), &["count-objects", "-v"]);
    assert!(packs.contains("packs: 1\n"), "{packs}");
    git(store.root(), &["gc", "-q"]);
    put(&store, &path(0), "stage: later\n").unwrap();
    sound(&store);
}
