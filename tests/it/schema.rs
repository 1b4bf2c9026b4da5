//! `csods schema`: what is printed is true of what there is. (Every answer of every test is held against it as well.)

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;

use csods::store::{json as store_json, yaml};
use serde_json::{Value, json};

use crate::schemas::faults;
use crate::support::{APPLICATION, At, RIGHT_TO_KNOW, World, json as read, walk};

fn schema(world: &World, name: &str) -> Value {
    let schema = read(&world.csods(&format!("schema {name}")).done().stdout);
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
    schema
}

#[test]
fn every_name_that_is_listed_prints_one_and_no_other_does() {
    let world = World::bare();
    let listed = world.csods("schema").json();
    let names: Vec<&str> =
        listed["schemas"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    for name in
        ["case", "list", "show", "due", "error", "action", "change", "stats", "answers-decide", "sqlite"]
    {
        assert!(names.contains(&name), "{name}");
    }
    for name in names.iter().filter(|name| **name != "sqlite") {
        assert!(schema(&world, name)["title"].as_str().unwrap().len() > 8, "{name}");
    }
    assert!(world.csods("schema shoes").refused(3).stderr.contains("csods schema"));
    assert!(world.csods("schema --format csv").done().stdout.starts_with("schema,of\ncase,"));
}

#[test]
fn case_files_are_what_the_schema_of_cases_says_and_damaged_ones_are_not() {
    let world = World::bare();
    let schema = schema(&world, "case");
    let root = crate::office::repository();
    let mut seen = 0;
    for path in walk(&root.join("cases.example/cases")) {
        let case = store_json::value(&yaml::parse_stored(&fs::read(&path).unwrap()).unwrap());
        assert_eq!(faults(&schema, &case), [""; 0], "{}", path.display());
        seen += 1;
        for (pointer, value) in [
            ("/stage", json!("limbo")),
            ("/received/at", json!("yesterday")),
            ("/received/by", json!("Some Body")),
            ("/subject", json!("Sam")),
            ("/reference", json!("EX-26-AAAAAA")),
            ("/children", json!({})),
            ("/concern", json!(" ")),
            ("/format", json!("1")),
        ] {
            let mut spoiled = case.clone();
            spoiled.as_object_mut().unwrap().entry("children").or_insert(json!([]));
            *spoiled.pointer_mut(pointer).unwrap() = value;
            assert!(!faults(&schema, &spoiled).is_empty(), "{pointer}");
        }
        let mut more = case.clone();
        more["shoe_size"] = json!(9);
        assert_eq!(faults(&schema, &more), [".shoe_size: is not known"]);
        for key in ["format", "reference", "received", "concern"] {
            let mut less = case.clone();
            less.as_object_mut().unwrap().shift_remove(key);
            assert_eq!(faults(&schema, &less), [format!(": has no {key}")]);
        }
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn what_commands_take_is_what_the_schemas_of_answers_say() {
    let world = World::bare();
    let answers = |text: &str| store_json::value(&yaml::parse_answers(text.as_bytes()).unwrap());
    use crate::support::*;
    for (kind, text) in [
        ("new", APPLICATION),
        ("new", RIGHT_TO_KNOW),
        ("screen", SCREENING),
        ("interview", INTERVIEW),
        ("assess", ASSESSMENT),
        ("decide", DISCLOSE),
        ("disclose", DISCLOSURE),
    ] {
        let one = schema(&world, &format!("answers-{kind}"));
        assert_eq!(faults(&one, &answers(text)), [""; 0], "{kind}");
        let mut line = json!({"action": kind, "data": answers(text), "id": "x-1"});
        let action = schema(&world, "action");
        if kind != "new" {
            assert_eq!(faults(&action, &line), [": has no case"]);
            line["case"] = json!("7K3");
        }
        assert_eq!(faults(&action, &line), [""; 0], "{kind}");
        line["data"]["shoe_size"] = json!(9);
        assert_eq!(faults(&action, &line), [".data.shoe_size: is not known"]);
        line["action"] = json!("dance");
        assert!(!faults(&action, &line).is_empty());
    }
    assert!(!faults(&schema(&world, "answers-decide"), &answers("outcome: perhaps")).is_empty());
}

#[test]
fn an_editor_is_told_of_the_schema_in_a_file_of_answers() {
    let modeline = "# yaml-language-server: $schema=answers-new.schema.json\n";
    let world = World::at(At::Empty);
    world.csods("new").from(&format!("{modeline}{APPLICATION}")).opened();
}

#[test]
fn what_an_export_writes_is_what_its_schemas_say() {
    let world = World::at(At::Closed);
    world.csods("new").from(RIGHT_TO_KNOW).opened();
    let export = |form: &str| world.csods(&format!("export --to - --as {form}")).by("m.reid").done().stdout;
    assert_eq!(faults(&schema(&world, "exported"), &read(&export("json"))), [""; 0]);
    for line in export("ndjson").lines() {
        assert_eq!(faults(&schema(&world, "exported-line"), &read(line)), [""; 0]);
    }
    world.write("key", "b422594ffd0fe45d7aa5e360548270738496facc23742e7d16b3b76476e34b6b");
    fs::set_permissions(world.dir().join("key"), fs::Permissions::from_mode(0o600)).unwrap();
    for (kept_back, name) in [
        ("--redact applicant,names,free_text,officers", "exported-redacted"),
        ("--pseudonymise ../key", "exported-pseudonymised"),
        ("--pseudonymise ../key --redact children", "exported-pseudonymised"),
    ] {
        let whole = read(&export(&format!("json {kept_back}")));
        assert_eq!(faults(&schema(&world, name), &whole), [""; 0], "{kept_back}");
        assert!(!faults(&schema(&world, "exported"), &whole).is_empty(), "{kept_back}");
        for line in export(&format!("ndjson {kept_back}")).lines() {
            assert_eq!(faults(&schema(&world, &format!("{name}-line")), &read(line)), [""; 0]);
        }
    }
    let sql = world.csods("schema sqlite").done().stdout;
    rusqlite::Connection::open_in_memory().unwrap().execute_batch(&sql).unwrap();
    assert!(sql.contains("CREATE TABLE \"cases\"") && sql.contains("CREATE VIEW timeline"));
}
