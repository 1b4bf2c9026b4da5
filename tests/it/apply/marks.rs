//! What stands in `applied/`: nobody can try it out, and something else under an old id is still told.

use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::{SECRET, apply, check, fates, lines, new, note, with};
use crate::support::{At, DISCLOSURE, World, json as json_of};

/// Each line with an id of its own.
fn with_ids(all: Vec<Value>) -> Vec<Value> {
    all.into_iter().enumerate().map(|(number, line)| with(line, "id", &format!("form-{number}"))).collect()
}

/// Every line of the marks.
fn marks(world: &World) -> Vec<String> {
    let tree = world.git(&["ls-tree", "-r", "--name-only", "HEAD", "applied"]);
    let texts = tree.lines().map(|path| world.git(&["show", &format!("HEAD:{path}")]));
    texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The key that the settings name.
fn key(settings: &str) -> Option<String> {
    let line =
        settings.lines().skip_while(|line| *line != "[applied]").find(|line| line.starts_with("key = "));
    line.map(|line| line.trim_start_matches("key = ").trim_matches('"').to_owned())
}

/// A world whose store is older than the key.
fn without_key() -> World {
    let world = World::at(At::Opened);
    let settings = world.git(&["show", "HEAD:csods.toml"]);
    world.write("store/csods.toml", settings.split("\n[applied]").next().unwrap());
    world.csods("commit").beside_edits().by("m.reid").recorded();
    world
}

#[test]
fn a_mark_is_the_hmac_of_the_id_and_the_record_and_nothing_else() {
    let world = World::at(At::Opened);
    let all = [check(world.reference(), "pnc"), note(world.reference(), SECRET)];
    apply(&world, "", &lines(&with_ids(all.into()))).done();
    let digits = key(&world.git(&["show", "HEAD:csods.toml"])).unwrap();
    let bytes: Vec<u8> =
        (0..32).map(|at| u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).unwrap()).collect();
    let case = world.case();
    let mut wanted =
        [("form-0", &case["checks"][0]["id"]), ("form-1", &case["notes"][0]["id"])].map(|(id, item)| {
            let mut mac = Hmac::<Sha256>::new_from_slice(&bytes).unwrap();
            mac.update(id.as_bytes());
            format!("{} {} {}", hex(&mac.finalize().into_bytes()), item.as_str().unwrap(), world.reference())
        });
    wanted.sort();
    assert_eq!(marks(&world), wanted);
}

/// A case from its opening to its screening, with something of every kind that can be done to it.
fn many(other: &str) -> Vec<Value> {
    let on = |action: &str, data: Value| json!({"case": "@a", "action": action, "data": data});
    let mut all = vec![new("a")];
    all.extend(super::SYSTEMS.map(|system| check("@a", system)));
    all.push(on("screen", json!({"immediate_risk": false, "within_scheme": true, "reason": SECRET})));
    all.push(with(with(note("@a", SECRET), "at", "2026-03-02T10:00:00Z"), "by", "r.patel"));
    all.push(on("urgent", json!({"action": SECRET})));
    all.push(on("assign", json!({"owner": "m.reid"})));
    all.push(on("link", json!({"to": other, "reason": SECRET})));
    let risk = json!({"path": "concern", "now": "Another.", "code": "mistake", "reason": SECRET});
    all.push(on("correct", risk));
    let age = json!({"path": "applicant.email", "remove": true, "code": "mistake", "reason": SECRET});
    all.push(on("correct", age));
    all
}

#[test]
fn what_was_done_is_done_before_whatever_happened_since() {
    let mut world = World::at(At::Opened);
    let other = world.reference().to_owned();
    let all = with_ids(many(&other));
    let ran = apply(&world, "--per-case --format=json", &lines(&all)).start().wait_with_output().unwrap();
    let answer = String::from_utf8(ran.stdout).unwrap();
    assert!(ran.status.success(), "{answer}");
    world.reference = json_of(answer.lines().next().unwrap())["case"].as_str().unwrap().to_owned();
    // Facts of each record are corrected, by id and by position, the case is passed on and sent back.
    let correct = |path: &str, value: &str| {
        let data = json!({"path": path, "now": value, "code": "mistake", "reason": "It was wrong."});
        json!({"case": world.reference(), "action": "correct", "data": data})
    };
    let pnd = world.case()["checks"][1]["id"].as_str().unwrap().to_owned();
    let mut since = vec![
        correct("checks.0.summary", "Other words."),
        correct(&format!("checks.{pnd}.summary"), "Other words."),
        correct("notes.0.text", "Other words."),
        correct("notes.0.text", "Other words again."),
        correct("screening.reason", "Other words."),
        correct("subject.name.family", "Specimen"),
        correct("children.0.name.given", "Robin"),
        json!({"case": world.reference(), "action": "assign", "data": {"owner": "d.osei"}}),
        correct("stage", "initial_checks"),
    ];
    let left = json!({"how": "withdrawn", "reason": "They rang."});
    since.push(json!({"case": world.reference(), "action": "withdraw", "data": left}));
    let reason = json!({"reason": "They cannot be reached."});
    since.push(json!({"case": world.reference(), "action": "reroute", "data": reason}));
    for line in since {
        apply(&world, "", &lines(&[line])).by("m.reid").done();
    }
    assert!(world.case()["screening"].is_null() && world.case()["route"] == "right_to_know");
    let ran = apply(&world, "--format=json", &lines(&all)).by("m.reid").run();
    let fates = fates(&ran);
    assert!(fates.iter().all(|(_, result, code)| result == "done_before" && *code == 0), "{}", ran.stdout);
    assert_eq!(ran.commits, 0);
    // Anything else under one of the ids is a conflict, whatever it is.
    let reference = world.reference();
    let others: Vec<(usize, Value)> = vec![
        (0, note(reference, SECRET)),
        (1, check("@a", "pnd")),
        (2, with(check("@a", "pnd"), "by", "r.patel")),
        (3, check(&other, "visor")),
        (
            5,
            json!({"case": "@a", "action": "screen", "data": {"immediate_risk": true, "within_scheme": true, "reason": SECRET}}),
        ),
        (5, note("@a", SECRET)),
        (6, with(note("@a", "Other words."), "at", "2026-03-02T10:00:01Z")),
        (6, with(note("@a", SECRET), "at", "2026-03-02T10:00:01Z")),
        (6, note("@a", &SECRET.to_lowercase())),
        (7, json!({"case": "@a", "action": "urgent", "data": {"action": "Something else."}})),
        (8, note("@a", SECRET)),
        (9, json!({"case": "@a", "action": "link", "data": {"to": other, "reason": "Another."}})),
        (
            10,
            json!({"case": "@a", "action": "correct", "data": {"path": "concern", "now": "A third.", "code": "mistake", "reason": SECRET}}),
        ),
        (
            11,
            json!({"case": "@a", "action": "correct", "data": {"path": "applicant.email", "now": "a@example.org", "code": "mistake", "reason": SECRET}}),
        ),
    ];
    for (number, line) in others {
        let said = line.to_string();
        let input = lines(&[all[0].clone(), with(line, "id", &format!("form-{number}"))]);
        let ran = apply(&world, "", &input).refused(10);
        assert!(ran.stdout.contains("something else was done under this id"), "{said}: {}", ran.stdout);
    }
    let mut another = all[0].clone();
    another["data"]["concern"] = json!("Something else.");
    apply(&world, "", &lines(&[another])).refused(10);
    let mut another = all[0].clone();
    another["data"]["children"] = json!([]);
    apply(&world, "", &lines(&[another])).refused(10);
    world.sound();
}

#[test]
fn a_disclosure_to_a_role_is_done_before_when_its_decision_was_set_aside() {
    let world = World::at(At::ToDisclose);
    let data = csods::store::json::value(&csods::store::yaml::parse_answers(DISCLOSURE.as_bytes()).unwrap());
    let mut line = json!({"case": world.reference(), "action": "disclose", "id": "d", "data": data});
    apply(&world, "", &lines(&[line.clone()])).done();
    let back = "correct REF --path stage --value decision --code mistake";
    world.csods(back).by("m.reid").from("reason: Another view.").recorded();
    assert!(world.case()["disclosures"].is_null());
    let ran = apply(&world, "--format=json", &lines(&[line.clone()])).done();
    assert_eq!(fates(&ran), [super::fate(1, "done_before", 0)]);
    line["data"]["words_used"] = json!("Something else.");
    apply(&world, "", &lines(&[line])).refused(10);
}

#[test]
fn marks_of_a_store_without_a_key_hold_in_one_that_has_it() {
    let world = without_key();
    let old = with_ids(vec![note(world.reference(), "x"), check(world.reference(), "pnc")]);
    apply(&world, "", &lines(&old)).done();
    let sha = |text: &str| text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let made = marks(&world);
    assert!(made.len() == 2 && made.iter().all(|line| line.split(' ').take(2).all(sha)), "{made:?}");
    let settings = world.git(&["show", "HEAD:csods.toml"]);
    world.write("store/csods.toml", &format!("{settings}\n[applied]\nkey = \"{}\"\n", "5e".repeat(32)));
    world.csods("commit").beside_edits().by("m.reid").recorded();
    let more = with(note(world.reference(), "y"), "id", "another");
    let ran = apply(&world, "--format=json", &lines(&[old, vec![more]].concat())).done();
    assert_eq!(
        fates(&ran),
        [super::fate(1, "done_before", 0), super::fate(2, "done_before", 0), super::fate(3, "done", 0)]
    );
    let other = with(note(world.reference(), "z"), "id", "form-0");
    apply(&world, "", &lines(&[other])).refused(10);
    let other = with(note(world.reference(), "z"), "id", "another");
    apply(&world, "", &lines(&[other])).refused(10);
    world.csods("validate").done();
    assert_eq!(marks(&world).len(), 3);
    world.sound();
}
