//! Packs that merge: few are left, git reads every one, and nothing that is damaged is copied.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use super::*;
use crate::store::rights::{Access, Rights};

/// Writes a pack with these contents into a store of objects, as a change does.
fn change(git_dir: &Path, contents: &[String]) -> Pack {
    let aside = tempfile::tempdir_in(git_dir).unwrap().keep();
    let mut pack = Pack::begin(&opened(&aside)).unwrap();
    for content in contents {
        pack.add_blob(content.as_bytes()).unwrap();
    }
    pack
}

fn place(pack: Pack, git_dir: &Path) {
    let objects = opened(&git_dir.join("objects"));
    let packed = pack.finish().unwrap();
    packed.place(&objects).unwrap();
    super::super::pack::let_go(&objects, packed.name).unwrap();
    packed.remove_merged(&objects);
}

fn opened(dir: &Path) -> Dir {
    Dir::open(dir, Rights::of(&dir.metadata().unwrap()), Access::Shown).unwrap()
}

/// A new repository.
fn repository() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    assert!(git(dir.path(), &["init", "-q"]).0);
    let git_dir = dir.path().join(".git");
    (dir, git_dir)
}

/// Runs git: whether it succeeded, and what it printed.
fn git(dir: &Path, args: &[&str]) -> (bool, String) {
    let sealed = [("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")];
    let out = Command::new("git").current_dir(dir).args(args).envs(sealed).output().unwrap();
    (out.status.success(), String::from_utf8_lossy(&out.stdout).into_owned())
}

fn packs(git_dir: &Path) -> Vec<PathBuf> {
    let all = fs::read_dir(git_dir.join("objects/pack")).unwrap();
    let mut found: Vec<PathBuf> = all.map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.extension() == Some("pack".as_ref()));
    found
}

#[test]
fn many_changes_leave_few_packs_and_every_object_once() {
    let (dir, git_dir) = repository();
    let objects = git_dir.join("objects");
    for number in 0..100 {
        let mut pack =
            change(&git_dir, &[format!("one of {number}"), format!("another of {number}"), "shared".into()]);
        pack.merge_smaller(&opened(&objects)).unwrap();
        place(pack, &git_dir);
        assert!(packs(&git_dir).len() <= 8, "{} packs after {number}", packs(&git_dir).len());
    }
    assert!(git(dir.path(), &["fsck", "--strict"]).0);
    for pack in packs(&git_dir) {
        assert!(git(dir.path(), &["verify-pack", &pack.display().to_string()]).0);
    }
    for number in 0..100 {
        let id = ObjectId::of_blob(format!("another of {number}").as_bytes()).to_string();
        assert_eq!(git(dir.path(), &["cat-file", "blob", &id]), (true, format!("another of {number}")));
    }
    let (_, counted) = git(dir.path(), &["count-objects", "-v"]);
    assert!(counted.contains("garbage: 0"), "{counted}");
}

#[test]
fn differences_lie_where_they_should_in_the_merged_pack() {
    let (dir, git_dir) = repository();
    let objects = git_dir.join("objects");
    let tree = |names: &[&str]| -> Vec<u8> {
        let blob = ObjectId::of_blob(b"x");
        names
            .iter()
            .flat_map(|name| [format!("100644 {name}\0").as_bytes(), blob.as_bytes()].concat())
            .collect()
    };
    let versions: Vec<Vec<u8>> =
        [&["a", "b", "c"][..], &["a", "b", "bb", "c"], &["a", "b", "bb", "c", "d"]].map(tree).to_vec();
    let mut pack = change(&git_dir, &["x".to_owned()]);
    let mut before = None;
    for version in &versions {
        before = Some(pack.add_tree(before, version).unwrap());
    }
    place(pack, &git_dir);
    // The second of the three is here already, so what was its difference is left out, and the third's is from it.
    let mut pack = change(&git_dir, &(0..9).map(|n| format!("{n}")).collect::<Vec<_>>());
    pack.add_tree(None, &versions[1]).unwrap();
    pack.merge_smaller(&opened(&objects)).unwrap();
    place(pack, &git_dir);
    assert_eq!(packs(&git_dir).len(), 1);
    assert!(git(dir.path(), &["fsck", "--strict"]).0);
    for (version, names) in versions.iter().zip(3..) {
        let id = ObjectId::of("tree", version).to_string();
        assert_eq!(git(dir.path(), &["ls-tree", &id]).1.lines().count(), names);
    }
}

#[test]
fn what_is_damaged_kept_or_gits_is_left_alone() {
    let (_dir, git_dir) = repository();
    let objects = git_dir.join("objects");
    let merged = |beside: &str, old: bool| {
        let pack = change(&git_dir, &["small".to_owned()]);
        place(pack, &git_dir);
        let small = packs(&git_dir).pop().unwrap();
        if beside == "damage" {
            let mut bytes = fs::read(&small).unwrap();
            bytes[14] ^= 1;
            fs::remove_file(&small).unwrap();
            crate::output::file::write_private(&small, &bytes).unwrap();
        } else if !beside.is_empty() {
            let file = File::create(small.with_extension(beside)).unwrap();
            if old {
                file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
            }
        }
        let mut pack = change(&git_dir, &["one".to_owned(), "two".to_owned()]);
        pack.merge_smaller(&opened(&objects)).unwrap();
        let merged = pack.merged.len();
        fs::remove_dir_all(objects.join("pack")).unwrap();
        fs::create_dir(objects.join("pack")).unwrap();
        merged
    };
    assert_eq!(merged("", false), 1);
    assert_eq!(merged("damage", false), 0);
    assert_eq!(merged("rev", false), 0);
    assert_eq!(merged("promisor", false), 0);
    assert_eq!(merged("keep", false), 0);
    assert_eq!(merged("keep", true), 1, "a power cut brought it back");
}

#[test]
fn nothing_is_written_or_removed_behind_a_link_that_came_meanwhile() {
    let (_dir, git_dir) = repository();
    let pack = change(&git_dir, &["small".to_owned()]);
    place(pack, &git_dir);
    let objects = opened(&git_dir.join("objects"));
    let mut pack = change(&git_dir, &["one".to_owned(), "two".to_owned()]);
    pack.merge_smaller(&objects).unwrap();
    assert_eq!(pack.merged.len(), 1);
    let packed = pack.finish().unwrap();
    // Somebody puts a link in place of the directory of the packs.
    let elsewhere = tempfile::tempdir().unwrap();
    let moved = elsewhere.path().join("moved");
    fs::rename(git_dir.join("objects/pack"), &moved).unwrap();
    std::os::unix::fs::symlink(&moved, git_dir.join("objects/pack")).unwrap();
    let before = fs::read_dir(&moved).unwrap().count();
    assert!(packed.place(&objects).is_err());
    packed.remove_merged(&objects);
    assert!(super::super::pack::let_go(&objects, packed.name).is_err());
    assert_eq!(fs::read_dir(&moved).unwrap().count(), before);
}
