//! The example store of `cases.example/`: its files are exactly what the program makes of the stories in
//! `tests/examples/`, and they show every stage and every ending.
//!
//! To make the files anew after a change, run `CSODS_WRITE_EXAMPLES=1 cargo test examples` and read the difference.
//!
//! A story is a list of steps: `as` whom, `at` which moment, `do` which command, `with` which answers. `do: checks
//! initial` makes one check a minute for every system of that list, without a trace unless `except` says otherwise;
//! `@name` stands for the reference of another story's case. What most records have in common stands in [`usual`].

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::office::{self, Office, repository};

const SETTINGS_DAY: &str = "2022-09-01T09:00:00Z";

/// The unit as it makes the cases.
struct Unit {
    office: Office,
    references: BTreeMap<String, String>,
    commands: usize,
}

impl Unit {
    fn run(&mut self, person: &str, now: &str, words: &[&str], answers: &Value) -> Value {
        self.commands += 1;
        let email = format!("{person}@example.org");
        let words = [&["--store", "store", "--format", "json"], words].concat();
        let input = if answers.is_null() { String::new() } else { answers.to_string() };
        let output = self.office.csods(&email, now, self.commands, &words, &input);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{person} {now} {words:?} {answers}\n{told}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn found(&mut self) {
        let people = stories("people.yaml");
        self.run(
            "j.ward",
            SETTINGS_DAY,
            &["init", "store", "--force", "Example Police", "--prefix", "EX"],
            &Value::Null,
        );
        for person in people.as_array().unwrap() {
            let text = |key: &str| person[key].as_str().unwrap();
            let mut words =
                vec!["person", "add", text("id"), "--name", text("name"), "--email", text("email")];
            words.push("--role");
            words.extend(person["roles"].as_array().unwrap().iter().map(|role| role.as_str().unwrap()));
            self.run("j.ward", SETTINGS_DAY, &words, &Value::Null);
        }
    }

    fn tell(&mut self, story: &Value) {
        let name = story["name"].as_str().unwrap();
        for step in story["steps"].as_array().unwrap() {
            let text = |key: &str| step[key].as_str().unwrap_or_default();
            let mut words = text("do").split(' ');
            match words.next().unwrap() {
                "checks" => self.checks(name, step, words.next().unwrap()),
                "new" => {
                    let made = self.run(text("as"), text("at"), &["new", "--from", "-"], &step["with"]);
                    self.references.insert(name.to_owned(), made["reference"].as_str().unwrap().to_owned());
                }
                command => {
                    let mut answers = usual(command);
                    overlay(&mut answers, &step["with"]);
                    let mut line = vec![command.to_owned(), self.references[name].clone()];
                    for word in words {
                        let other = word.strip_prefix('@').map(|name| self.references[name].clone());
                        match (command, other) {
                            ("correct", _) => answers["path"] = json!(word),
                            (_, other) => line.push(other.unwrap_or(word.to_owned())),
                        }
                    }
                    if !answers.is_null() {
                        line.extend(["--from".to_owned(), "-".to_owned()]);
                    }
                    let line: Vec<&str> = line.iter().map(String::as_str).collect();
                    self.run(text("as"), text("at"), &line, &answers);
                }
            }
        }
    }

    fn checks(&mut self, name: &str, step: &Value, list: &str) {
        let systems: &[&str] = match list {
            "initial" => &["pnc", "pnd", "visor", "local_intelligence"],
            _ => &["social_care", "probation", "education", "health"],
        };
        let (person, at) = (step["as"].as_str().unwrap(), step["at"].as_str().unwrap());
        let reference = self.references[name].clone();
        for (minute, system) in systems.iter().enumerate() {
            let mut answers = json!({"system": system, "phase": step["phase"].as_str().unwrap_or(list), "result": "no_trace"});
            overlay(&mut answers, &step["except"][system]);
            let minutes: usize = at[14..16].parse::<usize>().unwrap() + minute * 3;
            let now = format!("{}{minutes:02}{}", &at[..14], &at[16..]);
            self.run(person, &now, &["check", &reference, "--from", "-"], &answers);
        }
    }

    /// Every file of the store, by its path.
    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(&self.office.desk().join("store"), "", &mut files);
        files.remove(".gitattributes");
        files
    }
}

/// What a record holds where a story does not say otherwise.
fn usual(command: &str) -> Value {
    match command {
        "screen" => json!({"immediate_risk": false, "within_scheme": true}),
        "interview" => json!({
            "mode": "in_person", "identity": [{"kind": "passport"}], "address_proof": "utility_bill", "genuine": true,
            "warnings": {"information_sharing": true, "false_information": true, "confidentiality": true},
            "pack_given": true, "nothing_disclosed": true,
        }),
        "assess" => json!({"convicted": false, "registered_sex_offender": false}),
        _ => Value::Null,
    }
}

/// Puts what a story says over what is usual; null takes a key out.
fn overlay(under: &mut Value, over: &Value) {
    match (under, over) {
        (_, Value::Null) => {}
        (Value::Object(under), Value::Object(over)) => {
            for (key, value) in over {
                match value {
                    Value::Null => drop(under.shift_remove(key)),
                    value => drop(under.insert(key.clone(), value.clone())),
                }
            }
        }
        (under, over) => *under = over.clone(),
    }
}

fn stories(file: &str) -> Value {
    let text = fs::read_to_string(repository().join("tests/examples").join(file)).unwrap();
    serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// The files under a directory, but for git's own.
pub fn collect(dir: &Path, under: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{under}{}", path.file_name().unwrap().to_str().unwrap());
        match path.is_dir() {
            true if name == ".git" => {}
            true => collect(&path, &format!("{name}/"), files),
            false => drop(files.insert(name, fs::read(&path).unwrap())),
        }
    }
}

/// The list of the files that is built into the program.
fn built_in(files: &BTreeMap<String, Vec<u8>>) -> String {
    let mut text =
        "//! The files of the example store, built in. Written by `tests/it/examples.rs`.\n\n".to_owned();
    text.push_str("/// Every file: its path in the store, and its text.\n#[rustfmt::skip]\npub const FILES: &[(&str, &str)] = &[\n");
    for path in files.keys() {
        text.push_str(&format!("    (\"{path}\", include_str!(\"../../../cases.example/{path}\")),\n"));
    }
    text + "];\n"
}

#[test]
fn examples_are_what_the_program_makes() {
    let mut unit = Unit { office: Office::new(), references: BTreeMap::new(), commands: 0 };
    unit.found();
    for file in ["closed.yaml", "early.yaml", "open.yaml"] {
        for story in stories(file).as_array().unwrap() {
            unit.tell(story);
            if story["name"] == "oak" {
                unit.run("j.ward", "2025-12-31T17:00:00Z", &["person", "end", "k.moss"], &Value::Null);
            }
        }
    }
    unit.run("t.boyd", "2026-03-20T12:00:00Z", &["validate"], &Value::Null);
    let mut made = unit.files();
    // A key that everybody knows is none: `demo` makes one of its own.
    let settings = String::from_utf8(made["csods.toml"].clone()).unwrap();
    let (without_key, _) = settings.split_once("\n[applied]").unwrap();
    made.insert("csods.toml".to_owned(), without_key.into());
    let (folder, list) =
        (repository().join("cases.example"), repository().join("src/commands/demo/files.rs"));
    if office::asked("CSODS_WRITE_EXAMPLES") {
        fs::remove_dir_all(folder.join("cases")).unwrap_or_default();
        made.iter().for_each(|(path, bytes)| office::write(&folder.join(path), bytes));
        office::write(&list, built_in(&made));
    }
    let mut kept = BTreeMap::new();
    collect(&folder, "", &mut kept);
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&kept), names(&made), "cases.example/ holds other files than the stories make");
    for (path, bytes) in &made {
        let (kept, made) = (String::from_utf8_lossy(&kept[path]), String::from_utf8_lossy(bytes));
        assert_eq!(kept, made, "cases.example/{path} is not what its story makes");
    }
    assert_eq!(fs::read_to_string(list).unwrap(), built_in(&made), "the list of built-in files");
}

#[test]
fn examples_show_every_stage_route_channel_decision_and_ending() {
    let mut files = BTreeMap::new();
    collect(&repository().join("cases.example/cases"), "", &mut files);
    let texts: String = files.values().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect();
    let has = |line: &str| {
        assert!(texts.lines().any(|found| found.trim_start() == line), "no example has `{line}`");
    };
    let words = [
        ("stage", "initial_checks interview assessment decision outcome closed"),
        ("route", "right_to_ask right_to_know"),
        ("channel", "online phone station officer post email agency internal"),
        ("outcome", "disclose disclose_other do_not_disclose nothing_to_disclose"),
        ("risk_to_child", "low medium high very_high"),
        (
            "result",
            "no_trace trace_not_relevant trace_relevant awaiting not_done signed refused_disclosed refused_not_disclosed",
        ),
        ("how", "withdrawn unreachable"),
        (
            "reason",
            "disclosed disclosed_other not_disclosed nothing_to_disclose withdrawn applicant_unreachable",
        ),
        ("reason", "safeguarding_action no_specific_child subject_not_identifiable employment_vetting"),
        ("reason", "identity_not_confirmed false_application transferred duplicate"),
    ];
    for (key, words) in words {
        words.split(' ').for_each(|word| has(&format!("{key}: {word}")));
    }
    [
        "urgent:",
        "referrals:",
        "extensions:",
        "rerouted:",
        "reopened:",
        "corrections:",
        "links:",
        "signals:",
        "contacts:",
        "notes:",
    ]
    .iter()
    .for_each(|part| has(part));
}
