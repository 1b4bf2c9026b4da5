//! What has reached the disk before what: the system calls of a change, as `strace` sees them. And one failing call after
//! the other: the old state or the new one, and the exit code says which.

use std::collections::HashMap;

use crate::support::{APPLICATION, At, World};
use crate::tools::Tool;

/// The calls that write.
const CALLS: &str = "write,linkat,renameat,unlinkat,mkdirat,fsync,ftruncate,fchmod";

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
    let moved = one("renameat", "/refs/heads/a/b>, \"c\"");
    let shown = one("renameat", &world.case_path());
    let answered = one("write", "note added");
    // The objects: whole before they get their names, and those on the disk before the branch names them.
    for kind in ["pack", "idx"] {
        let placed = one("renameat", &format!("/csods/change>, \"{kind}\""));
        assert!(placed.arguments.contains("/objects/pack>, \"pack-"), "{text}");
        synced(&format!("/.git/csods/change/{kind}"), 0, placed.begun);
        synced("/.git/objects/pack", placed.ended, moved.begun);
    }
    for path in ["csods/change/0", "csods/change/branch", "csods/journal"] {
        synced(&format!("/.git/{path}"), 0, moved.begun);
    }
    let indexed = one("renameat", "/.git/csods/change>, \"index\"");
    synced("/.git/csods/change/index", moved.ended, indexed.begun);
    synced("/.git", indexed.ended, answered.begun);
    for path in ["refs/heads/a/b", "refs/heads/a", "refs/heads"] {
        synced(&format!("/.git/{path}"), moved.ended, answered.begun);
    }
    let (folder, _) = world.case_path().rsplit_once('/').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    synced(&format!("/{folder}"), shown.ended, answered.begun);
    assert!(moved.ended < shown.begun, "{text}");
    // Two of them only because the branch lies so deep, and its directories are made anew.
    let syncs = calls.iter().filter(|call| call.name == "fsync").count();
    assert!(syncs <= 12, "{syncs} syncs:\n{text}");
}

#[test]
fn a_note_waits_for_ten_syncs() {
    if !Tool::Strace.is_here() {
        return;
    }
    let world = World::at(At::Opened);
    let trace = world.dir().join("trace").display().to_string();
    let words = ["strace", "-f", "-o", &trace, "-e", "trace=fsync,fdatasync,syncfs,sync,sync_file_range"];
    for _ in 0..4 {
        world.csods("note REF").from("text: Rang.").through(&words).done();
        let syncs = calls(&std::fs::read_to_string(&trace).unwrap()).len();
        assert!(syncs <= 10, "{syncs} syncs");
    }
}

#[test]
fn one_failing_call_leaves_the_old_state_or_the_new_one_and_the_exit_code_says_which() {
    if !Tool::Strace.is_here() {
        return;
    }
    for call in ["write", "linkat", "renameat", "unlinkat", "mkdirat", "ftruncate", "fsync"] {
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
            world.sound();
        }
    }
}

/// The moment that matters: the new objects are in their place, and the branch does not name them yet. Whatever nothing
/// names goes with `git gc --prune=now`.
#[test]
fn git_gc_takes_nothing_away_that_a_change_is_about_to_name() {
    if !Tool::Strace.is_here() {
        return;
    }
    let world = World::at(At::Opened);
    // The second lock that is linked is that of the branch.
    let words = [
        "strace",
        "-f",
        "-o",
        "/dev/null",
        "-e",
        "trace=linkat",
        "-e",
        "inject=linkat:delay_enter=8s:when=2",
    ];
    let child = world.csods("note REF").from("text: Rang.").through(&words).start();
    let packs = world.store().join(".git/objects/pack");
    let kept = || {
        let names = std::fs::read_dir(&packs).unwrap().map(|entry| entry.unwrap().path());
        names.filter(|path| path.extension().is_some_and(|kind| kind == "keep")).count()
    };
    while kept() == 0 {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let old = world.head();
    world.git(&["gc", "-q", "--prune=now"]);
    assert_eq!((kept(), world.head()), (1, old), "git ran while the branch did not name the new commit");
    let out = child.wait_with_output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    world.sound();
    assert_eq!(world.case()["notes"][0]["text"], "Rang.");
}

/// Each has its own message and next step; none is taken for damage, and nothing is changed.
#[test]
fn a_file_system_without_hard_links_and_too_few_open_files_are_named() {
    let world = World::at(At::Opened);
    let old = world.head();
    let note = |words: &[&str]| world.csods("note REF").from("text: Rang.").through(words).refused(12).stderr;
    if Tool::Strace.is_here() {
        for error in ["EPERM", "EOPNOTSUPP", "ENOSYS", "EMLINK"] {
            let fail = format!("inject=linkat:error={error}");
            let said = note(&["strace", "-f", "-o", "/dev/null", "-e", "trace=linkat", "-e", &fail]);
            assert!(said.contains("has no hard links") && said.contains("git clone"), "{error}: {said}");
        }
    }
    let mut refused = 0;
    for most in 4.. {
        let limit = format!("ulimit -n {most}; exec \"$@\"");
        let limited = ["sh", "-c", &limit, "sh"];
        let listed = world.csods("list").through(&limited).run();
        let (code, said) = (listed.code, listed.stderr);
        assert!(code == 0 || said.contains("too many files are open"), "{most}: {said}");
        let noted = world.csods("note REF").from("text: Rang.").through(&limited).run();
        if noted.code == 0 {
            break;
        }
        let said = noted.stderr;
        assert!(said.contains("too many files are open") && said.contains("ulimit -n"), "{most}: {said}");
        assert_eq!((noted.code, world.head()), (12, old.clone()), "{most}: {said}");
        refused += 1;
    }
    assert!(refused > 8, "{refused}");
    world.sound();
}

/// Where no thread can be started, as under a limit on processes, the work is done all the same.
#[test]
fn without_threads_everything_works() {
    if !Tool::Strace.is_here() {
        return;
    }
    let world = World::at(At::Opened);
    let words = ["strace", "-f", "-o", "/dev/null", "-e", "trace=clone,clone3"];
    let none = ["-e", "inject=clone,clone3:error=EAGAIN"];
    let words: Vec<&str> = words.into_iter().chain(none).collect();
    world.csods("note REF").from("text: Rang.").through(&words).recorded();
    world.csods("new").from(APPLICATION).through(&words).recorded();
    let application =
        csods::store::json::value(&csods::store::answers::parse_any(APPLICATION.as_bytes()).unwrap());
    let lines = format!("{}\n", serde_json::json!({"action": "new", "data": application})).repeat(70);
    world.csods("apply -").input(&lines).through(&words).done();
    let count = |index: &str| {
        world.csods(&format!("list {index}")).through(&words).json()["cases"].as_array().unwrap().len()
    };
    assert_eq!((count("--no-index"), count("")), (72, 72));
    world.csods("validate").through(&words).done();
    let lock = std::fs::File::open(world.store().join(".git/csods/lock")).unwrap();
    lock.lock().unwrap();
    world.csods("note REF --wait 1").from("text: Rang.").through(&words).refused(8);
    world.sound();
}
