//! What has reached the disk before what: the system calls of a change, as `strace` sees them. And one failing call after
//! the other: the old state or the new one, and the exit code says which.

use std::collections::HashMap;

use crate::support::{At, World};
use crate::tools::Tool;

/// The calls that write.
const CALLS: &str = "write,linkat,rename,unlink,mkdir,rmdir,fsync,ftruncate,fchmod";

/// A call that succeeded: its name, its arguments, and the lines of the trace in which it began and ended.
struct Call {
    name: String,
    arguments: String,
    begun: usize,
    ended: usize,
}

fn calls(trace: &str) -> Vec<Call> {
    let mut open: HashMap<&str, (usize, &str)> = HashMap::new();
    let mut calls = Vec::new();
    for (at, line) in trace.lines().enumerate() {
        let (process, rest) = line.split_once(' ').unwrap();
        let rest = rest.trim_start();
        if let Some(begun) = rest.strip_suffix(" <unfinished ...>") {
            open.insert(process, (at, begun));
            continue;
        }
        let (begun, text) = match rest.strip_prefix("<... ") {
            Some(_) => open.remove(process).unwrap(),
            None => (at, rest),
        };
        let succeeded = !rest.contains("= -1 ");
        if let (Some((name, arguments)), true) = (text.split_once('('), succeeded) {
            calls.push(Call { name: name.to_owned(), arguments: arguments.to_owned(), begun, ended: at });
        }
    }
    calls
}

#[test]
fn everything_is_on_the_disk_before_the_branch_moves_and_the_rest_before_success_is_reported() {
    if !Tool::Strace.is_here() {
        return;
    }
    let world = World::at(At::Opened);
    // A branch that git has packed: its directories are made anew.
    world.git(&["checkout", "-q", "-b", "a/b/c"]);
    world.git(&["pack-refs", "--all"]);
    let _ = std::fs::remove_dir_all(world.store().join(".git/refs/heads/a"));
    let trace = world.dir().join("trace");
    let file = trace.display().to_string();
    let words = ["strace", "-f", "-y", "-s", "4000", "-o", &file, "-e", &format!("trace={CALLS}")];
    world.csods("note REF").from("text: Rang.").through(&words).done();
    world.sound();
    let text = std::fs::read_to_string(&trace).unwrap();
    let calls = calls(&text);
    let one = |name: &str, part: &str| {
        let found: Vec<&Call> =
            calls.iter().filter(|call| call.name == name && call.arguments.contains(part)).collect();
        assert_eq!(found.len(), 1, "{name} {part}:\n{text}");
        found[0]
    };
    let synced = |path: &str, after: usize, before: usize| {
        let end = format!("{path}>");
        let found = calls.iter().any(|call| {
            call.name == "fsync" && call.arguments.contains(&end) && call.begun > after && call.ended < before
        });
        assert!(found, "{path} is not synced between lines {after} and {before}:\n{text}");
    };
    let moved = one("rename", "/refs/heads/a/b/c.lock");
    let shown = one("rename", &world.case_path());
    let answered = one("write", "note added");
    let objects: Vec<&str> = calls
        .iter()
        .filter(|call| call.name == "rename" && call.arguments.contains("/objects/"))
        .map(|call| call.arguments.rsplit("/.git/objects/").next().unwrap().split('"').next().unwrap())
        .collect();
    // The file, its three directories and the root, the commit.
    assert_eq!(objects.len(), 6, "{objects:?}");
    for object in objects {
        let made = one("rename", object);
        synced(&format!("/.git/objects/{object}"), made.begun, moved.begun);
        synced(&format!("/.git/objects/{}", &object[..2]), made.begun, moved.begun);
    }
    for path in
        ["objects", "csods", "csods/change", "csods/change/0", "csods/change/branch", "csods/change/journal"]
    {
        synced(&format!("/.git/{path}"), 0, moved.begun);
    }
    for path in ["refs/heads/a/b", "refs/heads/a", "refs/heads"] {
        synced(&format!("/.git/{path}"), moved.ended, answered.begun);
    }
    let (folder, _) = world.case_path().rsplit_once('/').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    synced(&format!("/{folder}"), shown.ended, answered.begun);
    assert!(moved.ended < shown.begun, "{text}");
}

#[test]
fn one_failing_call_leaves_the_old_state_or_the_new_one_and_the_exit_code_says_which() {
    if !Tool::Strace.is_here() {
        return;
    }
    for call in ["write", "linkat", "rename", "rmdir", "fsync"] {
        for number in 1..30 {
            let world = World::at(At::Opened);
            let old = world.head();
            let trace = world.dir().join("trace").display().to_string();
            let (only, fail) = (format!("trace={call}"), format!("inject={call}:error=EIO:when={number}"));
            let words = ["strace", "-f", "-o", &trace, "-e", &only, "-e", &fail];
            let command = world.csods("note REF").from("text: Rang.").through(&words);
            let out = command.start().wait_with_output().unwrap();
            if !std::fs::read_to_string(&trace).unwrap().contains("(INJECTED)") {
                assert!(number > 1, "{call} is never made");
                break;
            }
            let what = format!("{call} {number}: {}", String::from_utf8_lossy(&out.stderr));
            world.csods("list").beside_edits().done();
            let made = world.head() != old;
            match out.status.code() {
                Some(0) => assert!(made, "{what}"),
                Some(12) if made => assert!(what.contains("do not make it again"), "{what}"),
                Some(12) => {}
                code => panic!("{code:?} {what}"),
            }
            assert_eq!(
                world.git(&["rev-list", "--count", &format!("{old}..")]).trim(),
                u32::from(made).to_string()
            );
            world.csods("note REF").from("text: The next command.").recorded();
            world.git(&["prune", "--expire=now"]);
            world.sound();
        }
    }
}
