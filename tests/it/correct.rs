//! `csods correct`.

use crate::support::{At, World};

const RISK: &str = "correct REF --path assessment.risk_to_child --value medium --code mistake";

#[test]
fn changes_a_fact_and_keeps_both_values() {
    let world = World::at(At::Decision);
    world.csods(RISK).from("reason: Mistyped.").would_write("risk_to_child: medium");
    let answer = world.csods(RISK).from("reason: Mistyped.").recorded();
    assert_eq!(answer["stage"], "decision");
    let case = world.case();
    assert_eq!(case["assessment"]["risk_to_child"], "medium");
    assert_eq!(
        (&case["corrections"][0]["was"], &case["corrections"][0]["now"]),
        (&"high".into(), &"medium".into())
    );
    let again = world.csods(RISK).from("reason: Mistyped.").problems(6);
    assert_eq!(again, ["correction.now: is what is recorded already"]);
}

#[test]
fn a_personal_fact_comes_only_from_a_file_or_a_prompt() {
    let world = World::at(At::Opened);
    let line = "correct REF --path subject.name.family --code mistake";
    let ran = world.csods(&format!("{line} --value Zyxwvut")).from("reason: Mistyped.").refused(2);
    assert!(!ran.stderr.contains("Zyxwvut"), "{}", ran.stderr);
    world.csods(line).from("{reason: Mistyped., now: Otherwise}").recorded();
    assert_eq!(world.case()["subject"]["name"]["family"], "Otherwise");
}

#[test]
fn a_refusal_names_what_is_wrong_with_the_case_and_no_key_of_the_correction() {
    let world = World::at(At::Opened);
    let problems =
        world.csods("correct REF --path applicant --remove --code mistake").from("reason: x").problems(6);
    assert_eq!(problems, ["applicant: missing"]);
    let ran = world
        .csods("correct REF --path received.by --value nobody --code mistake")
        .from("reason: x")
        .refused(6);
    assert!(
        ran.stderr.contains("received.by: is no person") && !ran.stderr.contains("--by"),
        "{}",
        ran.stderr
    );
    let nowhere = "correct REF --path nowhere.at.all --value word --code mistake";
    let problems = world.csods(nowhere).from("reason: x").problems(6);
    assert_eq!(problems, ["correction.path: is no place in this case"]);
}

#[test]
fn s1_sends_an_open_case_back_and_only_back() {
    let world = World::at(At::Decision);
    let to = |stage: &str| {
        world
            .csods(&format!("correct REF --path stage --value {stage} --code mistake"))
            .from("reason: Too early.")
    };
    to("outcome").refused(5);
    assert_eq!(to("assessment").recorded()["stage"], "assessment");
    assert!(world.case().get("assessment").is_none());
}

#[test]
fn x1_what_is_kept_is_never_corrected() {
    let world = World::at(At::Decision);
    for path in ["reference", "format", "received.by.id", "nowhere", "assessment.nothing"] {
        let line = format!("correct REF --path {path} --code mistake");
        let ran = world.csods(&line).from("{reason: Mistyped., now: word}").run();
        assert!([5, 6].contains(&ran.code) && ran.commits == 0, "{path}: {}", ran.stderr);
    }
    let risk = "correct REF --path assessment.risk_to_child --code mistake";
    let problems = world.csods(risk).from("reason: Mistyped.").problems(6);
    assert_eq!(problems, ["correction.now: missing"]);
    world.csods(RISK).by("r.patel").from("reason: Mistyped.").refused(7);
}

#[test]
fn r4_a_path_has_one_spelling() {
    let world = World::at(At::Decision);
    for path in ["assessment..by", ".assessment.by", "assessment.by.", "assessment.", "..", "checks.00.by"] {
        let line = format!("correct REF --path {path} --value m.reid --code mistake");
        let problems = world.csods(&line).by("m.reid").from("reason: x").problems(6);
        assert!(problems[0].starts_with("correction.path: has "), "{path}: {problems:?}");
        let line = format!(
            r#"{{"case": "{}", "action": "correct", "data": {{"path": "{path}", "now": "m.reid", "code": "mistake", "reason": "x"}}}}"#,
            world.reference()
        );
        let ran = world.csods("apply -").by("m.reid").input(&line).refused(6);
        assert!(format!("{}{}", ran.stdout, ran.stderr).contains("correction.path"), "{}", ran.stdout);
    }
}

#[test]
fn r6_who_sent_a_letter_is_somebody_who_may() {
    let world = World::at(At::Opened);
    world.csods("letter REF acknowledgement --method in_person").done();
    let id = world.case()["letters"][0]["id"].as_str().unwrap().to_owned();
    world.csods(&format!("letter REF --sent {id} --by r.patel")).done();
    let sent = format!("letters.{id}.sent.by");
    assert_eq!(world.case()["letters"][0]["sent"]["recorded_by"], "d.osei");
    assert!(world.csods("letters REF").done().stdout.contains("by r.patel (recorded by d.osei)"));
    let log = world.csods("log REF").done().stdout;
    let log = log.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(log.contains("; done by r.patel, recorded by d.osei."), "{log}");
    let to =
        |person: &str| world.csods(&format!("correct REF --path {sent} --value {person} --code mistake"));
    let problems = to("a.auditor").from("reason: x").problems(5);
    assert!(
        problems[0].starts_with(&format!("{sent}: may not record that a letter was sent")),
        "{problems:?}"
    );
    to("d.osei").from("reason: x").recorded();
}

#[test]
fn a_whole_list_is_corrected_and_its_items_keep_their_ids() {
    let world = World::at(At::Opened);
    let child = world.case()["children"][0].clone();
    let mut changed = child.clone();
    changed["name"]["given"] = "Charley".into();
    let mut added = child.clone();
    added.as_object_mut().unwrap().shift_remove("id");
    added["name"]["given"] = "Jo".into();
    let line = "correct REF --path children --code mistake";
    let answers = serde_json::json!({"reason": "Mistyped.", "now": [changed, added]}).to_string();
    world.csods(line).from(&answers).recorded();
    let children = &world.case()["children"];
    assert_eq!((&children[0]["id"], &children[0]["name"]["given"]), (&child["id"], &"Charley".into()));
    assert_eq!(children[1]["id"].as_str().unwrap().len(), 4);
}
