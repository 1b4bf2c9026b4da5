//! `csods apply`.

mod ids;
mod marks;
mod similar;

use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::{APPLICATION, At, Csods, Ran, World, json as parsed};

/// What stands in personal facts, and so in no answer, error or commit message.
const SECRET: &str = "Zzyzx";

/// Runs `apply -` with this input.
fn apply<'w>(world: &'w World, flags: &str, input: &str) -> Csods<'w> {
    world.csods(&format!("apply - {flags}")).input(input)
}

/// Each line of the answer.
fn answers(ran: &Ran) -> Vec<Value> {
    ran.stdout.lines().map(parsed).collect()
}

/// Line, result and exit code of each line.
fn fates(ran: &Ran) -> Vec<(u64, String, u64)> {
    let fate = |answer: Value| {
        let number = |key: &str| answer[key].as_u64().unwrap();
        (number("line"), answer["result"].as_str().unwrap().to_owned(), number("code"))
    };
    answers(ran).into_iter().map(fate).collect()
}

fn fate(line: u64, result: &str, code: u64) -> (u64, String, u64) {
    (line, result.to_owned(), code)
}

fn note(case: &str, text: &str) -> Value {
    json!({"case": case, "action": "note", "data": {"text": text}})
}

fn check(case: &str, system: &str) -> Value {
    let data = json!({"system": system, "phase": "initial", "result": "no_trace"});
    json!({"case": case, "action": "check", "data": data})
}

fn with(mut line: Value, key: &str, value: &str) -> Value {
    line[key] = json!(value);
    line
}

fn lines(lines: &[Value]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// A line that opens a case.
fn new(label: &str) -> Value {
    let data = csods::store::json::value(&csods::store::yaml::parse_answers(APPLICATION.as_bytes()).unwrap());
    json!({"action": "new", "as": label, "data": data})
}

const SYSTEMS: [&str; 4] = ["pnc", "pnd", "visor", "local_intelligence"];

/// A case from its opening to its screening, and a note on another.
fn a_morning(other: &str) -> Vec<Value> {
    let mut all = vec![new("a")];
    all.extend(SYSTEMS.map(|system| check("@a", system)));
    let screening = json!({"immediate_risk": false, "within_scheme": true, "reason": SECRET});
    all.push(json!({"case": "@a", "action": "screen", "data": screening}));
    all.push(note(other, SECRET));
    all.push(json!({"case": "@a", "action": "link", "data": {"to": other, "reason": SECRET}}));
    all
}

#[test]
fn each_line_meets_what_those_before_it_left_and_all_are_one_commit() {
    let world = World::at(At::Opened);
    let ran = apply(&world, "--format=json", &lines(&a_morning(world.reference()))).done();
    assert_eq!(ran.commits, 1, "{}", ran.stderr);
    let answers = answers(&ran);
    assert_eq!(answers.len(), 8);
    let new = answers[0]["case"].as_str().unwrap().to_owned();
    assert_eq!(answers[0]["similar"][0], world.reference(), "L1");
    assert_eq!((&answers[5]["stage"], &answers[5]["case"]), (&json!("interview"), &json!(new)));
    assert!(answers.iter().all(|answer| answer["commit"] == world.head() && answer["version"] == 1));
    let message = world.git(&["log", "-1", "--format=%B"]);
    let start = format!("apply: 8 changes to 2 cases\n\nAction: apply\nChange: {new} new received\n");
    assert!(message.starts_with(&start), "{message}");
    assert!(message.contains(&format!("\nChange: {new} screen screening\n")), "{message}");
    assert!(!message.contains(SECRET) && !ran.stdout.contains(SECRET) && !ran.stderr.contains(SECRET));
    let shown = world.csods("show").arg(&new).json();
    assert_eq!(shown["case"]["checks"].as_array().unwrap().len(), 4);
    let ids: std::collections::BTreeSet<&str> = shown["case"]["checks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|check| check["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), 4);
    assert_eq!(world.case()["links"][0]["to"], new.as_str());
    world.sound();
    world.csods("validate").done();
}

#[test]
fn the_log_tells_each_action_of_a_batch() {
    let world = World::at(At::Opened);
    let ran = apply(&world, "--format=json", &lines(&a_morning(world.reference()))).done();
    let new = answers(&ran)[0]["case"].as_str().unwrap().to_owned();
    let told = world.csods("log").arg(&new).json();
    let changes = told["changes"].as_array().unwrap();
    let actions: Vec<&str> = changes.iter().map(|change| change["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["new", "check", "check", "check", "check", "screen", "link"]);
    assert_eq!(
        (&changes[5]["stage"], &changes[5]["case"]),
        (&json!("initial_checks -> interview"), &json!(new))
    );
    let texts: Vec<&str> = changes.iter().map(|change| change["text"].as_str().unwrap()).collect();
    assert!(texts[0].starts_with("opened the case") && texts[3].contains("check of visor"), "{texts:?}");
    assert!(texts[5].ends_with("the case went from initial_checks to interview"), "{texts:?}");
    let of_other = world.csods("log REF").json();
    let last = of_other["changes"].as_array().unwrap().iter().rev().take(2).map(|change| &change["action"]);
    assert_eq!(last.collect::<Vec<_>>(), ["link", "note"]);
    let whole = world.csods("log --limit 1").json();
    assert_eq!(whole["changes"][0]["text"], "apply: 8 changes to 2 cases");
}

#[test]
fn one_refused_line_and_nothing_is_changed() {
    let world = World::at(At::Opened);
    let input =
        lines(&[note("REF", "x"), check(world.reference(), "crystal_ball"), note(world.reference(), "y")]);
    let ran = apply(&world, "--format=json", &input.replace("REF", world.reference())).refused(6);
    assert_eq!(fates(&ran), [fate(1, "not_done", 0), fate(2, "refused", 6), fate(3, "not_done", 0)]);
    let refused = &answers(&ran)[1];
    assert_eq!(
        (&refused["case"], &refused["error"]["kind"]),
        (&json!(world.reference()), &json!("missing_answers"))
    );
    assert_eq!(refused["error"]["problems"][0]["path"], "check.system");
    assert_eq!(parsed(&ran.stderr.lines().skip(1).collect::<String>())["error"]["code"], 6);
    // The same words as the command of that action.
    let single = world.csods("check REF --system crystal_ball --phase initial --result no_trace").problems(6);
    let problem = &refused["error"]["problems"][0];
    assert_eq!(single, [format!("check.system: {}", problem["problem"].as_str().unwrap())]);
    world.sound();
}

#[test]
fn per_case_the_others_stand_with_a_commit_for_each_case() {
    let world = World::at(At::Opened);
    let other = world.csods("new").from(APPLICATION).opened();
    let before = world.commits();
    let own = world.reference().to_owned();
    let input = lines(&[
        check(&own, "pnc"),
        note(&other, "x"),
        json!({"case": own, "action": "inform", "data": {"method": "phone"}}),
        note("ZZZZZ", "x"),
        check(&own, "pnd"),
    ]);
    let ran = apply(&world, "--per-case --format=json", &input).start().wait_with_output().unwrap();
    assert_eq!(ran.status.code(), Some(5), "that of the first refused line");
    let answers: Vec<Value> = String::from_utf8(ran.stdout).unwrap().lines().map(parsed).collect();
    let results: Vec<&str> = answers.iter().map(|answer| answer["result"].as_str().unwrap()).collect();
    assert_eq!(results, ["done", "done", "refused", "refused", "done"]);
    assert_eq!((&answers[2]["code"], &answers[3]["code"]), (&json!(5), &json!(3)));
    assert_eq!(world.commits() - before, 2);
    assert_eq!(answers[0]["commit"], answers[4]["commit"]);
    assert_eq!(answers[1]["commit"], world.head());
    let subjects = world.git(&["log", "-2", "--format=%s"]);
    assert_eq!(subjects, format!("{other}: note\n{own}: 2 changes\n"));
    // A commit of one action is what its own command would have made.
    let message = world.git(&["log", "-1", "--format=%B"]);
    let start = format!("\nCase: {other}\nAction: note\nStage: initial_checks\nChange: {other} note ");
    assert!(message.contains(&start), "{message}");
    world.sound();
}

#[test]
fn what_an_earlier_line_recorded_may_be_changed_in_the_same_commit_and_history_tells_both() {
    let world = World::at(At::Assessment);
    let assign = |to: &str| json!({"case": world.reference(), "action": "assign", "data": {"owner": to}});
    let both = lines(&[assign("m.reid"), assign("r.patel")]);
    let ran = apply(&world, "--per-case --format=json", &both).done();
    assert_eq!(ran.commits, 1, "{}", ran.stdout);
    let told = world.csods("log REF").json();
    let last: Vec<&str> = told["changes"]
        .as_array()
        .unwrap()
        .iter()
        .rev()
        .take(2)
        .map(|change| change["text"].as_str().unwrap())
        .collect();
    assert!(last[1].ends_with("to m.reid") && last[0] == "passed it from m.reid to r.patel", "{last:?}");
    let correct = json!({"case": world.reference(), "action": "correct", "data":
        {"path": "children.0.contact", "now": "regular", "code": "mistake", "reason": "x"}});
    let ran = apply(&world, "--format=json", &lines(&[note(world.reference(), "x"), correct])).done();
    assert_eq!(ran.commits, 1, "{}", ran.stdout);
    world.sound();
}

#[test]
fn a_dry_run_tries_everything_and_changes_nothing() {
    let world = World::at(At::Opened);
    let mut all = a_morning(world.reference());
    let ran = apply(&world, "--dry-run --format=json", &lines(&all)).done();
    assert_eq!(ran.commits, 0);
    assert!(fates(&ran).iter().all(|(_, result, code)| result == "would_be_done" && *code == 0));
    assert_eq!(answers(&ran)[5]["stage"], "interview");
    all.push(json!({"case": "@a", "action": "screen", "data": {}}));
    let ran = apply(&world, "--dry-run --format=json", &lines(&all)).refused(5);
    assert_eq!(fates(&ran)[8], fate(9, "refused", 5));
    world.sound();
    assert!(!world.store().join("applied").exists());
}

#[test]
fn bad_lines_are_named_by_their_number_and_never_shown() {
    let world = World::at(At::Opened);
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    let own = world.reference();
    let bad = [
        format!("{{\"case\": \"{own}\", \"case\": \"{SECRET}\"}}"),
        format!("{{\"{SECRET}\": 1"),
        deep,
        format!("{{\"case\": \"{own}\", \"action\": \"note\", \"data\": {{\"text\": 1e999}}}}"),
        format!("{{\"case\": \"{own}\", \"action\": \"note\", \"data\": {{\"{SECRET}\": 1}}}}"),
        format!("{{\"case\": \"{own}\", \"action\": \"note\", \"data\": {{\"text\": \"{SECRET}\u{0}\"}}}}"),
        format!("{{\"case\": \"{own}\", \"action\": \"{SECRET}\"}}"),
        format!("{{\"case\": \"{SECRET}\", \"action\": \"note\"}}"),
        format!("{{\"case\": \"@{SECRET}\", \"action\": \"note\"}}"),
        format!("{{\"case\": \"{own}\", \"action\": \"note\", \"{SECRET}\": 1}}"),
        format!("{{\"case\": 5, \"action\": \"note\", \"id\": [\"{SECRET}\"]}}"),
        format!("{{\"case\": \"{own}\", \"action\": \"settings\"}}"),
        format!("\"{SECRET}\""),
        format!("{{\"action\": \"new\", \"case\": \"{own}\", \"data\": \"{SECRET}\"}}"),
    ];
    let good = note(own, "The one good line.").to_string();
    let input = format!("{good}\n{}\n", bad.join("\n"));
    let ran = apply(&world, "--per-case --format=json", &input).run();
    assert_eq!((ran.code, ran.commits), (6, 1), "{}", ran.stdout);
    let fates = fates(&ran);
    assert_eq!(fates.len(), 1 + bad.len());
    assert_eq!(fates[0], fate(1, "done", 0));
    for (number, (line, result, code)) in fates.iter().enumerate().skip(1) {
        assert_eq!((*line, result.as_str()), (number as u64 + 1, "refused"));
        assert_eq!(*code, if [8, 9].contains(&number) { 3 } else { 6 }, "{}", bad[number - 1]);
    }
    assert!(!format!("{}{}", ran.stdout, ran.stderr).contains(SECRET), "{}", ran.stdout);
    assert!(answers(&ran)[1]["error"]["message"].as_str().unwrap().starts_with("2:"), "{}", ran.stdout);
    for text in ["a: &x 1\n---\nb: *x\n", "case: !!str x\n", "? x\n", "a: {a: 1, a: 2}\n", "[[[[\n"] {
        let ran = apply(&world, "--input-format yaml --format=json", text).refused(6);
        assert!(answers(&ran).iter().all(|answer| answer["result"] == "refused"), "{}", ran.stdout);
    }
    let ran = world.csods("apply - --format=json").input_bytes(b"{\"case\": \"\xff\"}\n").refused(6);
    assert!(ran.stdout.contains("not UTF-8"), "{}", ran.stdout);
    let ran = world.csods("apply nowhere.ndjson").refused(3);
    assert!(ran.stderr.contains("nowhere.ndjson"));
    world.csods("apply .").refused(12);
    assert_eq!(apply(&world, "", "").done().stdout, "");
}

#[test]
fn by_and_at_stand_on_the_line_and_permissions_hold_for_each() {
    let world = World::at(At::Opened);
    let line = with(with(check(world.reference(), "pnc"), "by", "r.patel"), "at", "2026-03-02T10:00:00Z");
    apply(&world, "", &lines(&[line])).done();
    let check_ = &world.case()["checks"][0];
    assert_eq!((&check_["by"], &check_["at"]), (&json!("r.patel"), &json!("2026-03-02T10:00:00Z")));
    let future = with(note(world.reference(), "x"), "at", "2026-03-02T13:00:00Z");
    apply(&world, "", &lines(&[future])).refused(6);
    let ran = apply(&world, "", &lines(&[check(world.reference(), "pnd")])).by("m.reid").refused(7);
    assert!(ran.stdout.contains("REFUSED (7): m.reid may not record a check (R3)"), "{}", ran.stdout);
    let ran = apply(&world, "", &lines(&[note(world.reference(), "x")])).by("n.obody").refused(7);
    assert_eq!(ran.stdout, "");
}

#[test]
fn a_file_edited_by_hand_is_left_alone() {
    let world = World::at(At::Opened);
    let other = world.csods("new").from(APPLICATION).opened();
    world.edit_case("channel: online", "channel: phone");
    let input = lines(&[note(world.reference(), "x"), note(&other, "x")]);
    let ran = apply(&world, "--format=json", &input).beside_edits().refused(9);
    assert_eq!(fates(&ran), [fate(1, "refused", 9), fate(2, "not_done", 0)]);
    let ran = apply(&world, "--per-case --format=json", &input).beside_edits().run();
    assert_eq!((ran.code, ran.commits), (9, 1));
    assert_eq!(world.git(&["status", "--porcelain"]), format!(" M {}\n", world.case_path()));
}

#[test]
fn a_case_that_would_become_too_large_is_refused_by_its_line() {
    let world = World::at(At::Opened);
    let long = "x".repeat(600_000);
    let input = lines(&[note(world.reference(), &long), note(world.reference(), &long)]);
    let ran = apply(&world, "--per-case --format=json", &input).run();
    assert_eq!((ran.code, ran.commits), (6, 1));
    assert_eq!(fates(&ran), [fate(1, "done", 0), fate(2, "refused", 6)]);
    world.sound();
}

/// Presses Ctrl-C as soon as `apply` of so many lines has come so far: how it ended, and how many commits it made. `None`
/// where it was done before it could be pressed.
fn pressed(world: &World, count: u32, so_far: impl Fn() -> bool) -> Option<(Option<i32>, usize)> {
    let notes: Vec<Value> = (0..count).map(|number| note(world.reference(), &number.to_string())).collect();
    let file = world.write("in.ndjson", &lines(&notes)).display().to_string();
    // Who held the store before is forgotten.
    crate::support::write(&world.store().join(".git/csods/lock"), b"");
    let before = world.commits();
    let mut child = world.csods("apply").arg(&file).command().stdin(Stdio::null()).spawn().unwrap();
    while !so_far() {
        if child.try_wait().unwrap().is_some() {
            return None;
        }
        std::thread::yield_now();
    }
    std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let out = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(out.status.code() == Some(0) || out.status.signal() == Some(2), "{:?} {said}", out.status);
    world.sound();
    Some((out.status.signal(), world.commits() - before))
}

#[test]
fn ctrl_c_leaves_all_or_nothing() {
    let world = World::at(At::Opened);
    let lock = world.store().join(".git/csods/lock");
    let is_held = || std::fs::read_to_string(&lock).is_ok_and(|holder| holder.contains("(apply)"));
    let is_writing = || world.store().join(".git/csods/change").exists();
    // A slow test and a quick program: then there was too little to do.
    let stopped = |so_far: &dyn Fn() -> bool| {
        (0..6).find_map(|more| {
            pressed(&world, 100 << more, so_far).filter(|(signal, _)| signal.is_some()).map(|(_, made)| made)
        })
    };
    assert!(stopped(&is_held).expect("it was never stopped while it read lines") <= 1);
    // What has begun to write is done, and says so.
    assert_eq!(stopped(&is_writing), Some(1));
}
