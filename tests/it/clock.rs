//! C10: the clock of this machine, or of another one, may be wrong.

use std::thread;
use std::time::Duration;

use crate::letter;
use crate::support::{APPLICATION, At, World, json};

/// Every view of a store, of one case and of many.
const VIEWS: &[&str] = &[
    "show REF",
    "list",
    "list --overdue",
    "list --no-index",
    "due",
    "explain REF",
    "log",
    "log REF",
    "search Example",
    "stats",
    "status",
    "board",
    "workload",
    "similar REF",
    "letters REF",
    "letters due",
    "person list",
    "templates list",
];

const AHEAD: &str = "lies in the future";

#[test]
fn c10_every_view_says_that_the_last_commit_lies_in_the_future() {
    let world = World::at(At::Opened);
    world.csods("note REF").now("2026-03-02T12:30:00Z").from("text: Rang.").recorded();
    for view in VIEWS {
        let ran = world.csods(view).now("2026-03-02T12:19:59Z").done();
        assert!(
            ran.stderr.starts_with("warning: the last commit lies in the future"),
            "{view}: {}",
            ran.stderr
        );
        assert!(!ran.stdout.contains(AHEAD) || *view == "show REF", "{view}: {}", ran.stdout);
        let quiet = world.csods(view).arg("--quiet").now("2026-03-02T12:19:59Z").done();
        assert!(quiet.stderr.contains("the last commit lies in the future"), "{view}: {}", quiet.stderr);
        let answer = world.csods(view).now("2026-03-02T12:19:59Z").json();
        let warnings = answer["warnings"].as_array().unwrap();
        let clock: Vec<_> = warnings.iter().filter(|warning| warning["kind"] == "clock").collect();
        assert_eq!(clock.len(), 1, "{view}: {answer}");
        assert_eq!(clock[0]["rule"], "C10");
        // Ten minutes are nothing.
        let ran = world.csods(view).now("2026-03-02T12:20:00Z").done();
        assert!(!ran.stderr.contains(AHEAD), "{view}: {}", ran.stderr);
        let answer = world.csods(view).now("2026-03-02T12:20:00Z").json();
        let warnings = answer["warnings"].as_array().cloned().unwrap_or_default();
        assert!(warnings.iter().all(|warning| warning["kind"] != "clock"), "{view}: {answer}");
    }
    // So does an error, and a change.
    let ran = world.csods("show ZZZZ").now("2026-03-02T12:00:00Z").refused(3);
    assert!(ran.stderr.contains("the last commit lies in the future"), "{}", ran.stderr);
    let ran = world.csods("show ZZZZ --format json").now("2026-03-02T12:00:00Z").refused(3);
    assert_eq!(json(&ran.stderr)["warnings"][0]["kind"], "clock", "an error for scripts is one object");
    let ran = world.csods("note REF").now("2026-03-02T12:00:00Z").from("text: Rang.").done();
    assert!(ran.stderr.contains("the last commit lies in the future"), "{}", ran.stderr);
}

#[test]
fn c10_every_view_of_many_says_that_a_receipt_lies_in_the_future() {
    let world = World::at(At::Opened);
    let other = world.csods("new").env("CSODS_SEED", "8").from(APPLICATION).opened();
    // As a machine whose clock is ahead leaves it, and another one that commits after it.
    let path = world.case_path();
    let text = world.case_text().replace("at: 2026-03-02T09:15:00Z", "at: 2026-03-05T09:15:00Z");
    world.write(&format!("store/{path}"), &text);
    let date = "2026-03-02T12:00:00Z";
    world.git(&[
        "-c",
        "user.name=X",
        "-c",
        "user.email=x@example.org",
        "commit",
        "-q",
        "-a",
        "-m",
        "by git",
        "--date",
        date,
    ]);
    let now = "2026-03-02T12:00:00Z";
    let said = |view: &str| {
        let ran = world.csods(view).now(now).beside_edits().run();
        ran.stderr.contains("the receipt of an application lies in the future")
    };
    for view in VIEWS
        .iter()
        .filter(|view| !["log", "log REF", "status", "person list", "templates list"].contains(view))
    {
        assert!(said(view), "{view}");
    }
    // The index answers for a case beside it as well.
    assert!(said(&format!("show {other}")));
    // A person asks for what is held of them; every case is looked at.
    let asked =
        world.csods("subject-access").by("m.reid").from("name: {given: Nobody, family: Placeholder}\n");
    let ran = asked.now(now).beside_edits().run();
    assert!(ran.stderr.contains("the receipt of an application lies in the future"), "{}", ran.stderr);
}

#[test]
fn c10_due_check_finds_a_clock_that_cannot_be_right() {
    let world = World::at(At::Opened);
    world.csods("due --check").done();
    let early = "2026-03-02T11:00:00Z";
    let ran = world.csods("due --check").now(early).refused(11);
    assert!(ran.stderr.contains("CSODS_NOW"), "{}", ran.stderr);
    let answer = world.csods("due --check --format json").now(early).refused(11);
    assert_eq!(json(&answer.stdout)["warnings"][0]["kind"], "clock");
    world.csods("due").now(early).done();
}

#[test]
fn c10_a_note_from_a_machine_a_day_ahead_blocks_nobody() {
    let world = World::at(At::Opened);
    world.csods("note REF").now("2026-03-03T12:00:00Z").from("text: Rang.").recorded();
    let now = "2026-03-02T12:00:00Z";
    world.csods("note REF").now(now).from("text: Rang again.").recorded();
    world.csods("urgent REF").now(now).from("action: We went there.").recorded();
    world.csods("check REF --system pnc --phase initial --result no_trace").now(now).recorded();
    let found = world.csods("validate").now(now).env("COLUMNS", "300").refused(11);
    let note = world.case()["notes"][0]["id"].as_str().unwrap().to_owned();
    let mend = format!("correct {} --path notes.{note}.at", world.reference());
    assert!(
        found.stdout.contains("lies ahead of the clock") && found.stdout.contains(&mend),
        "{}",
        found.stdout
    );
    assert_eq!(found.stdout.lines().count(), 1, "{}", found.stdout);
    // That command mends it.
    let line = format!("{mend} --code mistake");
    world.csods(&line).now(now).from("{now: 2026-03-02T11:00:00Z, reason: The clock was wrong.}").recorded();
    world.csods("validate").now(now).done();
    // Of somebody's own record the time is judged.
    let own = world.csods("note REF --at 2026-03-02T12:00:01Z").now(now).from("text: x").problems(6);
    assert_eq!(own, ["note.at: lies in the future"]);
}

#[test]
fn c10_a_receipt_that_lies_ahead_blocks_nobody() {
    let world = World::at(At::Opened);
    let now = "2026-03-01T12:00:00Z";
    world.csods("urgent REF").now(now).from("action: We went there.").recorded();
    world.csods("note REF --at 2026-03-01T11:00:00Z").now(now).from("text: Rang.").recorded();
    let found = world.csods("validate").now(now).env("COLUMNS", "300").refused(11);
    let mend = format!("correct {} --path received.at", world.reference());
    assert!(found.stdout.contains(&mend), "{}", found.stdout);
    let line = format!("{mend} --code mistake");
    world.csods(&line).now(now).from("{now: 2026-03-01T09:00:00Z, reason: The clock was wrong.}").recorded();
    world.csods("validate").done();
}

#[test]
fn c10_urgent_with_a_time_that_cannot_be_right_gets_that_of_its_entry_and_says_so() {
    let world = World::at(At::Opened);
    let now = "2026-03-02T12:00:00Z";
    for stated in ["2026-03-02T12:00:01Z", "2026-03-02T09:14:59Z", "2026-02-31T09:00:00Z", "yesterday-ish"] {
        let ran = world.csods("urgent REF --at").arg(stated).now(now).from("action: We went there.").done();
        assert_eq!(ran.commits, 1);
        assert!(ran.stderr.contains("recorded with the time of entry"), "{stated}: {}", ran.stderr);
        assert_eq!(world.case()["urgent"].as_array().unwrap().last().unwrap()["at"], now, "{stated}");
    }
    let stated = "2026-03-02T10:00:00Z";
    let ran = world.csods("urgent REF --at").arg(stated).now(now).from("action: We went there.").done();
    assert!(!ran.stderr.contains("time of entry"), "{}", ran.stderr);
    assert_eq!(world.case()["urgent"].as_array().unwrap().last().unwrap()["at"], stated);
    // As a line of very many.
    let line = |at: &str| {
        let action = serde_json::json!({
            "action": "urgent", "case": world.reference(), "data": {"at": at, "action": "We went there."},
        });
        world.csods("apply - --format json").now(now).input(&format!("{action}\n")).done()
    };
    let ran = line("2027-03-02T12:00:00Z");
    assert_eq!((ran.commits, &json(&ran.stdout)["time_of_entry"]), (1, &true.into()), "{}", ran.stdout);
    let whole = serde_json::json!({
        "action": "urgent", "case": world.reference(), "at": "not-a-time", "data": {"action": "We went there."},
    });
    let ran = world.csods("apply -").now(now).input(&format!("{whole}\n")).done();
    assert!(ran.stdout.contains("recorded with the time of entry"), "{}", ran.stdout);
    let ran = line(stated);
    assert!(json(&ran.stdout).get("time_of_entry").is_none(), "{}", ran.stdout);
}

#[test]
fn c10_what_was_recorded_while_a_change_waited_lies_in_no_future() {
    let world = World::at(At::Opened);
    let lock = std::fs::OpenOptions::new().write(true).open(world.store().join(".git/csods/lock")).unwrap();
    lock.lock().unwrap();
    let waiting =
        world.csods("note REF --wait 60").env("CSODS_NOW", "").env("CSODS_SEED", "11").from("text: x");
    let child = waiting.start();
    let begun = seconds();
    // Past the next second, in which the waiting command did not begin.
    while seconds() < begun + 2 {
        thread::sleep(Duration::from_millis(20));
    }
    lock.unlock().unwrap();
    let out = child.wait_with_output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let entered: u64 = world.git(&["log", "-1", "--format=%at"]).trim().parse().unwrap();
    assert!(entered >= begun + 2, "the clock is read once the store is held: {entered} {begun}");
    let at = world.csods("show REF").env("CSODS_NOW", "").json()["case"]["notes"][0]["at"].clone();
    let date = world.git(&["log", "-1", "--format=%ad", "--date=format-local:%Y-%m-%dT%H:%M:%SZ"]);
    assert_eq!(at, date.trim(), "its own time is that of the commit");
}

/// Seconds since 1970 by the machine's clock.
#[expect(clippy::disallowed_methods, reason = "the test compares with the clock itself")]
fn seconds() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs()
}

#[test]
fn c10_a_moment_set_far_ahead_changes_nothing() {
    let world = letter::world();
    let far = "2999-01-01T00:00:00Z";
    for line in [
        "note REF",
        "urgent REF",
        "letter REF acknowledgement",
        "letter --all-due",
        "apply -",
        "person add x --name X --email x@example.org --role auditor",
        "templates eject acknowledgement",
    ] {
        let answers = match line.split(' ').next() {
            Some("note") => "text: x".to_owned(),
            Some("urgent") => "action: x".to_owned(),
            Some("apply") => format!(
                "{{\"action\": \"note\", \"case\": \"{}\", \"data\": {{\"text\": \"x\"}}}}\n",
                world.reference()
            ),
            _ => String::new(),
        };
        let command = |flags: &str, seed: &str| {
            let csods = world.csods(line).now(far).env("CSODS_SEED", seed).by("m.reid");
            let csods = flags.split_whitespace().fold(csods, |csods, flag| csods.arg(flag));
            let from = line.starts_with("note") || line.starts_with("urgent");
            if from { csods.from(&answers) } else { csods.input(&answers) }
        };
        let ran = command("", "").refused(5);
        assert!(ran.stderr.contains("CSODS_NOW lies more than a day ahead"), "{line}: {}", ran.stderr);
        let ran = command("--dry-run", "").run();
        assert_eq!((ran.code, ran.commits), (0, 0), "{line}: {}", ran.stderr);
    }
    for view in VIEWS {
        assert_eq!(world.csods(view).now(far).env("CSODS_SEED", "").run().code, 0, "{view}");
    }
    world.csods("note REF").now(far).from("text: x").recorded();
}
