//! `csods exit-codes`, and each of the codes as it comes about. They are frozen.

use std::process::Stdio;

use crate::support::{APPLICATION, At, World, json};

const FROZEN: [(u8, &str); 13] = [
    (0, "done"),
    (1, "internal"),
    (2, "usage"),
    (3, "not_found"),
    (4, "ambiguous"),
    (5, "refused"),
    (6, "missing_answers"),
    (7, "not_permitted"),
    (8, "busy"),
    (9, "damaged"),
    (10, "conflict"),
    (11, "found"),
    (12, "system"),
];

#[test]
fn the_table_is_frozen() {
    let table = World::bare().csods("exit-codes --format=json").done().stdout;
    let codes = json(&table)["exit_codes"].clone();
    let codes: Vec<(u64, &str)> = codes
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["code"].as_u64().unwrap(), row["kind"].as_str().unwrap()))
        .collect();
    assert_eq!(codes, FROZEN.map(|(code, kind)| (u64::from(code), kind)));
    let csv = World::bare().csods("exit-codes --format csv").done().stdout;
    assert_eq!(csv.lines().count(), 14);
}

/// That the error is an object with this code and its frozen name.
fn provoked(code: u8, ran: &crate::support::Ran) {
    assert_eq!(ran.code, i32::from(code), "{}{}", ran.stdout, ran.stderr);
    let error = &json(&ran.stderr)["error"];
    assert_eq!(
        (&error["code"], &error["kind"]),
        (&code.into(), &FROZEN[usize::from(code)].1.into()),
        "{error}"
    );
    assert!(error["message"].is_string() && error["problems"].is_array(), "{error}");
}

#[test]
fn each_code_can_come_about() {
    let world = World::at(At::Opened);
    let json = |line: &str| world.csods(&format!("{line} --format=json"));
    provoked(2, &json("dance").run());
    provoked(3, &json("show ZZZZZ").run());
    provoked(5, &json("inform REF --method phone").run());
    provoked(6, &json("note REF").run());
    provoked(7, &json("note REF").by("n.obody").from("text: Rang.").run());
    assert_eq!(json("due --check").now("2026-03-09T12:00:00Z").run().code, 11);
    provoked(12, &json("note REF").arg("--from").arg(".").run());
    let mut references = vec![world.reference().to_owned()];
    let first = |reference: &str| reference.rsplit('-').next().unwrap().chars().next().unwrap();
    let shared = loop {
        let reference = world.csods("new").from(APPLICATION).opened();
        let shared = references.iter().any(|other| first(other) == first(&reference));
        references.push(reference.clone());
        if shared {
            break first(&reference);
        }
    };
    let ran = json("show").arg(shared.to_string()).run();
    provoked(4, &ran);
    for reference in references.iter().filter(|reference| first(reference) == shared) {
        assert!(ran.stderr.contains(&format!("{reference} (initial_checks)")), "{}", ran.stderr);
    }
    assert!(!ran.stderr.contains("Example") && !ran.stderr.contains("Placeholder"), "{}", ran.stderr);
}

#[test]
fn busy_names_who_holds_the_store() {
    let world = World::at(At::Opened);
    let lock = std::fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open(world.store().join(".git/csods/lock"))
        .unwrap();
    lock.lock().unwrap();
    crate::support::write(&world.store().join(".git/csods/lock"), b"4711\nm.reid (decide)\n");
    let ran = world.csods("note REF --wait 1 --format=json").from("text: Rang.").refused(8);
    provoked(8, &ran);
    assert!(ran.stderr.contains("`m.reid (decide)` (process 4711)"), "{}", ran.stderr);
    drop(lock);
    world.csods("note REF").from("text: Rang.").recorded();
}

#[test]
fn damaged_and_edited_by_hand() {
    let world = World::at(At::Opened);
    world.edit_case("channel: online", "channel: phone");
    let note = || world.csods("note REF --format=json").beside_edits().from("text: Rang.");
    provoked(9, &note().run());
    assert!(
        std::fs::read_to_string(world.store().join(world.case_path())).unwrap().contains("channel: phone")
    );
    world.git(&["checkout", "-q", "."]);
    world.write(&format!("store/{}", world.case_path()), "format: 3\nnew_things: true\n");
    world.git(&["commit", "-qam", "newer"]);
    let ran = note().run();
    provoked(9, &ran);
    assert!(ran.stderr.contains("is newer than this version of csods reads"), "{}", ran.stderr);
}

#[test]
fn conflict_where_git_is_in_the_middle_of_something() {
    let world = World::at(At::Opened);
    let note = || world.csods("note REF --format=json").from("text: Rang.").run();
    world.git(&["checkout", "-q", "--detach"]);
    provoked(10, &note());
    world.git(&["checkout", "-q", "main"]);
    world.git(&["checkout", "-q", "-b", "other"]);
    world.csods("note REF").from("text: Other.").recorded();
    world.git(&["checkout", "-q", "main"]);
    world.csods("note REF").from("text: Ours.").recorded();
    let merged = world.git_may_fail(&["merge", "-q", "other"]);
    assert_ne!(merged.code, 0);
    let ran = world.csods("note REF --format=json").beside_edits().from("text: Rang.").run();
    assert!([9, 10].contains(&ran.code), "{}", ran.stderr);
    world.git(&["merge", "--abort"]);
    world.csods("note REF").from("text: Rang.").recorded();
}

#[test]
fn an_answer_without_rows_is_refused_as_csv_before_anything_is_done() {
    let world = World::at(At::Opened);
    for line in [
        "note REF --from -",
        "show REF",
        "log",
        "status",
        "person end r.patel",
        "templates eject acknowledgement",
        "templates check",
        "validate",
        "man",
        "completions zsh",
        "demo other",
    ] {
        let ran = world.csods(line).arg("--format=csv").refused(2);
        assert!(ran.stderr.contains("has no rows"), "{line}: {}", ran.stderr);
    }
    assert!(!world.dir().join("other").exists());
    assert!(world.csods("person list --format csv").done().stdout.starts_with("id,name,"));
}

#[test]
fn an_answer_that_cannot_be_written_says_whether_the_change_was_made() {
    let world = World::at(At::Opened);
    let full = ["sh", "-c", "exec \"$0\" \"$@\" >/dev/full"];
    let ran = world.csods("note REF").from("text: Rang.").through(&full).run();
    assert_eq!((ran.code, ran.commits), (12, 1), "{}", ran.stderr);
    assert!(
        ran.stderr.contains(&format!("the change itself was made, as commit {}", world.head())),
        "{}",
        ran.stderr
    );
    let ran = world.csods("list --format=json").through(&full).refused(12);
    provoked(12, &ran);
    // A question that names the commit it was answered from.
    let ran = world.csods("stats --format=json").through(&full).refused(12);
    assert!(!ran.stderr.contains("the change itself"), "{}", ran.stderr);
    // The talk beside the answer is not the answer.
    world.csods("list --limit 1").through(&["sh", "-c", "exec \"$0\" \"$@\" 2>/dev/full"]).done();
}

#[test]
fn a_closed_pipe_is_a_quiet_success() {
    let world = World::at(At::Closed);
    let program = env!("CARGO_BIN_EXE_csods");
    let asked = ["log --format json", "list --csv", "stats --csv", "due --csv"];
    let each = asked.map(|asked| format!("'{program}' {asked} | head -c 1"));
    let command = each.join(" && ");
    let mut shell = world.csods("log").command();
    let path =
        shell.get_envs().find(|(name, _)| *name == "PATH").and_then(|(_, value)| value).unwrap().to_owned();
    assert!(!path.is_empty());
    let mut piped = std::process::Command::new("bash");
    piped
        .args(["-c", &format!("set -o pipefail; {command}")])
        .current_dir(world.store())
        .env("CSODS_SEED", "7");
    let out = piped.stdin(Stdio::null()).output().unwrap();
    assert_eq!((out.status.code(), String::from_utf8_lossy(&out.stderr).as_ref()), (Some(0), ""));
    // The reader is gone before anything is written.
    for asked in asked {
        shell = world.csods(asked).command();
        let mut child = shell.spawn().unwrap();
        drop(child.stdout.take());
        let out = child.wait_with_output().unwrap();
        assert_eq!((out.status.code(), out.stderr.as_slice()), (Some(0), &b""[..]), "{asked}");
    }
}
