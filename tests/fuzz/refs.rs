//! HEAD, branches, packed references and logs: what is read was there, and agrees with libgit2; reading writes nothing; and
//! a log keeps what it has and gets one line more.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use git2::Repository;

use super::{Head, ObjectId, Repo, is_branch};
use crate::fuzz::{files, run};

/// What an input is cut at: HEAD, the packed references, the branch `main`, a log, and the commit that is logged.
const CUT: &[u8] = b"\n%%\n";
const MAIN: &str = "refs/heads/main";
const WORDS: [&str; 16] = [
    "\n%%\n",
    "ref: refs/heads/main\n",
    "ref: ",
    "refs/heads/",
    "refs/replace/",
    "../",
    "# pack-refs with: peeled fully-peeled sorted \n",
    "^",
    "\0",
    "\r\n",
    "\t",
    "\u{2028}",
    "0000000000000000000000000000000000000000",
    "4b825dc642cb6eb9a060e54bf8d69288fbee4904 refs/heads/main\n",
    "committer A <a> 1 +0000\n",
    "\u{e9}\n",
];

#[expect(clippy::disallowed_methods, reason = "not files of a store that somebody uses")]
fn put(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn clear(git: &Path) {
    for file in ["packed-refs", MAIN] {
        let _ = fs::remove_file(git.join(file));
    }
    let _ = fs::remove_dir_all(git.join("logs"));
}

/// Every file of these below `git`, with its content.
fn all(git: &Path) -> BTreeMap<String, Vec<u8>> {
    fn add(path: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        if path.is_dir() {
            fs::read_dir(path).unwrap().for_each(|entry| add(&entry.unwrap().path(), found));
        } else if let Ok(bytes) = fs::read(path) {
            found.insert(path.display().to_string(), bytes);
        }
    }
    let mut found = BTreeMap::new();
    for name in ["HEAD", "packed-refs", "refs", "logs"] {
        add(&git.join(name), &mut found);
    }
    found
}

fn contains(bytes: &[u8], part: &str) -> usize {
    bytes.windows(part.len()).filter(|found| found.eq_ignore_ascii_case(part.as_bytes())).count()
}

/// An input in its parts; what is not there is empty.
fn parts(input: &[u8]) -> [&[u8]; 5] {
    let mut parts = [&input[..0]; 5];
    let mut rest = input;
    for part in &mut parts {
        let end = rest.windows(CUT.len()).position(|bytes| bytes == CUT);
        *part = &rest[..end.unwrap_or(rest.len())];
        rest = end.map_or(&rest[..0], |end| &rest[end + CUT.len()..]);
    }
    parts
}

/// What is read of HEAD and the branches.
fn reads(repo: &Repo, git: &Path, [head, packed, loose, ..]: [&[u8]; 5]) {
    let theirs = Repository::open_bare(git);
    match repo.head() {
        Ok(Head { branch: None, commit }) => assert!(contains(head, &commit.unwrap().to_string()) > 0),
        Ok(Head { branch: Some(branch), .. }) => assert!(is_branch(&branch) && contains(head, &branch) > 0),
        Err(error) => assert!(error.hint.is_some()),
    }
    let main = repo.branch(MAIN);
    if let Ok(Some(id)) = main {
        let there = if loose.is_empty() { packed } else { loose };
        assert!(contains(there, &id.to_string()) > 0);
        let named = theirs.as_ref().ok().and_then(|theirs| theirs.refname_to_id(MAIN).ok());
        // Of two lines for one name either may count.
        if contains(packed, MAIN) < 2 {
            assert!(named.is_none_or(|named| named.to_string() == id.to_string()));
        }
    }
    // No replacement of an object that libgit2 would follow goes unseen.
    let replaces = theirs.as_ref().is_ok_and(|theirs| {
        theirs
            .references_glob("refs/replace/*")
            .is_ok_and(|mut found| found.next().is_some_and(|of| of.is_ok()))
    });
    assert!(!replaces || repo.packs_replacements().is_ok_and(|packs| packs));
    let _ = repo.trusted();
}

/// A commit of which the log is to tell, as others may have made it.
fn commit(repo: &Repo, text: &[u8]) -> ObjectId {
    let begin = b"tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor A <a> 1 +0000\n";
    let id = repo.git().odb().unwrap().write(git2::ObjectType::Commit, &[begin, text].concat()).unwrap();
    ObjectId::from_slice(id.as_bytes()).unwrap()
}

/// Both logs keep what they have, and get one whole line, once.
fn logs(repo: &Repo, git: &Path, [head, _, loose, log, text]: [&[u8]; 5]) {
    let branch = match repo.head() {
        Ok(Head { branch: Some(branch), .. }) if branch.split('/').all(|step| step.len() < 200) => branch,
        _ => MAIN.to_owned(),
    };
    let paths = ["logs/HEAD".to_owned(), format!("logs/{branch}")].map(|name| git.join(name));
    paths.iter().for_each(|path| put(path, log));
    let (new, old) = (commit(repo, text), ObjectId::of_blob(loose));
    if repo.log_move(&branch, old, new).is_err() {
        // A commit that cannot be read is in no log.
        assert!(repo.commit(new).is_err() && paths.iter().all(|path| fs::read(path).unwrap() == log));
        return;
    }
    assert_eq!(fs::read(git.join("HEAD")).unwrap(), head);
    for path in &paths {
        let after = fs::read(path).unwrap();
        let added = after.strip_prefix(log).unwrap();
        let line = added.strip_prefix(b"\n").unwrap_or(added);
        let line = if line.is_empty() { log.rsplitn(3, |byte| *byte == b'\n').nth(1).unwrap() } else { line };
        let line = std::str::from_utf8(line).unwrap().trim_end_matches('\n');
        assert!(line.starts_with(&format!("{old} {new} ")), "{line:?}");
        assert_eq!(line.matches(|c: char| c.is_control()).count(), 1, "{line:?}");
        assert!(after.ends_with(b"\n"));
    }
    let before = all(git);
    assert_eq!(repo.log_move(&branch, old, new).unwrap(), Vec::<std::path::PathBuf>::new());
    assert!(all(git) == before);
}

#[test]
fn refs() {
    let dir = tempfile::tempdir().unwrap();
    let repo = Repo::create(dir.path()).unwrap();
    let git = dir.path().join(".git");
    run("refs", &files("tests/fuzz/corpus/refs"), &WORDS, |input| {
        let parts = parts(input);
        let [head, packed, loose, log, _] = parts;
        clear(&git);
        put(&git.join("HEAD"), head);
        for (name, bytes) in [("packed-refs", packed), (MAIN, loose), ("logs/HEAD", log)] {
            if !bytes.is_empty() {
                put(&git.join(name), bytes);
            }
        }
        let before = all(&git);
        reads(&repo, &git, parts);
        assert!(all(&git) == before, "reading wrote");
        logs(&repo, &git, parts);
    });
}
