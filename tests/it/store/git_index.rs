//! Git's index as we write it, against the one that git itself writes of the same changes: over random changes, with a
//! person's own `git` in between, in each version of the file.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::Stdio;

use csods::domain::reference::Chance;
use csods::error::Kind;

use super::*;

/// Names whose order depends on how `/` is sorted, long ones, and ones that git quotes.
fn names() -> Vec<String> {
    let plain = [
        CASE,
        OTHER,
        "n-",
        "n.x",
        "n/a",
        "n/b.d/c",
        "n/b/c",
        "n/b0",
        "n0",
        "nn/z",
        "applied/7/f3",
        "letters/2026/7/Ünder scored \"quoted\".md",
        " blank *?[]~^: #",
        "cases/2026/7/KP-26-7K3QF4.yam",
        "cases/2026/7/KP-26-7K3QF4.yaml2",
    ];
    let long = ["d", "e"].map(|dir| format!("{dir}/{}/{}", "x".repeat(200), "y".repeat(250)));
    plain.into_iter().map(str::to_owned).chain(long).collect()
}

/// Git with another file for its index, and text on its standard input.
fn git_with(root: &Path, index: &Path, args: &[&str], input: &str) -> String {
    let mut child = Command::new("git")
        .current_dir(root)
        .args(args)
        .envs([("HOME", ""), ("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")])
        .env("GIT_INDEX_FILE", index)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let out = child.wait_with_output().unwrap();
    assert!(out.status.success(), "git {args:?}");
    String::from_utf8(out.stdout).unwrap()
}

/// Everything that git sees in an index but the stat data: entries with the flags that a person set, and the tree.
fn seen(root: &Path, index: &Path) -> String {
    let debug = git_with(root, index, &["ls-files", "--debug", "-z"], "");
    let flags: Vec<&str> =
        debug.split("flags: ").skip(1).map(|rest| rest.split('\n').next().unwrap()).collect();
    let entries = git_with(root, index, &["ls-files", "--stage", "-v", "-z"], "");
    let tree = git_with(root, index, &["write-tree"], "");
    format!("{entries}\n{flags:?}\n{tree}")
}

/// What a person does with git alone, so that the index is not only what we made of it.
fn by_git(store: &Store, index: &Path, chance: &mut Chance, version: &str) {
    let root = store.root();
    let tracked = git_with(root, index, &["ls-files", "-z"], "");
    let tracked: Vec<&str> = tracked.split_terminator('\0').collect();
    let one = tracked[chance.below(64) % tracked.len()];
    let run = |args: &[&str]| drop(git_with(root, index, args, ""));
    match chance.below(8) {
        0 => run(&["update-index", "--index-version", version]),
        1 => run(&["update-index", "--assume-unchanged", "--", one]),
        2 => run(&["update-index", "--no-assume-unchanged", "--", one]),
        3 => run(&["update-index", "--skip-worktree", "--", one]),
        4 => run(&["update-index", "--no-skip-worktree", "--", one]),
        5 => run(&["update-index", "--refresh"]),
        6 => run(&["read-tree", "HEAD"]),
        _ => {}
    }
}

/// Makes random changes and compares; how many were made, and in which versions the index then was.
fn compared(version: &str, seed: u64, rounds: usize) -> (usize, BTreeSet<u8>) {
    let (_dir, store) = store();
    let (root, names) = (store.root(), names());
    let (index, reference) = (root.join(".git/index"), root.join(".git/index-by-git"));
    git(root, &["update-index", "--index-version", version]);
    if version == "3" {
        // The version is what it is because of such a flag.
        git(root, &["update-index", "--skip-worktree", OTHER]);
    }
    let mut chance = Chance::from_seed(seed);
    let (mut made, mut versions) = (0, BTreeSet::new());
    for round in 0..rounds {
        by_git(&store, &index, &mut chance, version);
        fs::copy(&index, &reference).unwrap();
        let head = git(root, &["rev-parse", "HEAD"]);
        let paths: BTreeSet<&String> =
            (0..=chance.below(4)).map(|_| &names[chance.below(64) % names.len()]).collect();
        let removes = chance.below(4) == 0;
        let changed = change(&store, |change| {
            for path in &paths {
                match removes && path.as_str() != CASE {
                    true => change.remove(path),
                    false => change.put(path, format!("{round}\n").into_bytes()),
                }
            }
        });
        let what = format!("version {version}, seed {seed}, round {round}: {paths:?}");
        if let Err(error) = changed {
            assert!(matches!(error.kind, Kind::Conflict | Kind::Damaged | Kind::NotFound), "{what}: {error}");
            assert_eq!(git(root, &["rev-parse", "HEAD"]), head, "{what}");
            assert_eq!(seen(root, &index), seen(root, &reference), "{what}");
            continue;
        }
        made += 1;
        // The same by git.
        let tree = git(root, &["ls-tree", "-r", "-z", "HEAD"]);
        let entries: String = paths
            .iter()
            .map(|path| {
                let entry = tree
                    .split('\0')
                    .find(|entry| entry.split_once('\t').is_some_and(|(_, name)| name == *path));
                match entry {
                    Some(entry) => format!("{entry}\0"),
                    None => format!("0 {}\t{path}\0", "0".repeat(40)),
                }
            })
            .collect();
        git_with(root, &reference, &["update-index", "-z", "--add", "--replace", "--index-info"], &entries);
        assert_eq!(seen(root, &index), seen(root, &reference), "{what}");
        let ours = git_with(root, &index, &["write-tree"], "");
        assert_eq!(ours, git(root, &["rev-parse", "HEAD^{tree}"]), "{what}");
        assert_eq!(git(root, &["--no-optional-locks", "status", "--porcelain"]), "", "{what}");
        versions.insert(fs::read(&index).unwrap()[7]);
    }
    git(root, &["fsck", "--strict", "--no-dangling"]);
    (made, versions)
}

#[test]
fn version_2_is_what_git_makes_of_the_same_changes() {
    let (made, versions) = compared("2", 2, 60);
    assert!(made > 40 && versions.contains(&2), "{made} {versions:?}");
}

#[test]
fn version_3_is_what_git_makes_of_the_same_changes() {
    let (made, versions) = compared("3", 3, 60);
    assert!(made > 40 && versions.contains(&3), "{made} {versions:?}");
}

#[test]
fn version_4_is_what_git_makes_of_the_same_changes() {
    let (made, versions) = compared("4", 4, 60);
    assert!(made > 40 && versions.contains(&4), "{made} {versions:?}");
}
