//! `csods import`: registers and online forms of other systems.

mod files;
mod named;
mod rejected;
mod spoiled;
mod suggested;

use std::path::PathBuf;

use serde_json::Value;

use crate::old_register::{MAPPING, REGISTER};
use crate::support::{At, Csods, World, path_of, write};

/// A store with somebody to stand for those whom the old system did not name.
fn office() -> World {
    let world = World::at(At::Empty);
    let archive =
        "person add archive --name Archive --email archive@example.org --role case_officer --role supervisor";
    world.csods(archive).done();
    world
}

/// A file beside the store.
fn beside(world: &World, name: &str, bytes: &[u8]) -> PathBuf {
    let path = world.dir().join(name);
    write(&path, bytes);
    path
}

/// The command that imports these bytes under this name with this mapping.
fn import<'w>(world: &'w World, name: &str, bytes: &[u8], mapping: &str) -> Csods<'w> {
    let file = beside(world, name, bytes);
    let map = beside(world, "map.toml", mapping.as_bytes());
    world.csods("import").arg(file.to_str().unwrap()).arg("--mapping").arg(map.to_str().unwrap())
}

fn register(world: &World) -> Csods<'_> {
    import(world, "register.csv", REGISTER.as_bytes(), MAPPING)
}

/// The reference of the case of a row.
fn of_row(answer: &Value, row: u64) -> String {
    let cases = answer["cases"].as_array().unwrap();
    let case =
        cases.iter().find(|case| case["row"] == row).unwrap_or_else(|| panic!("no row {row}: {answer}"));
    case["reference"].as_str().unwrap().to_owned()
}

fn shown(world: &World, reference: &str) -> Value {
    world.csods("show").arg(reference).json()
}

#[test]
fn a_register_comes_in_with_one_commit_that_says_from_where() {
    let world = office();
    let answer = register(&world).recorded();
    // Blank rows count, as a spreadsheet counts them; the third stands below one.
    let rows: Vec<u64> =
        answer["cases"].as_array().unwrap().iter().map(|case| case["row"].as_u64().unwrap()).collect();
    assert_eq!(rows, [2, 3, 5, 6]);
    let message = world.git(&["log", "-1", "--format=%B"]);
    let sha256 = answer["sha256"].as_str().unwrap();
    assert_eq!(sha256.len(), 64);
    let change = |row| format!("Change: {} import imported\n", of_row(&answer, row));
    let changes: String = rows.iter().copied().map(change).collect();
    let wanted = format!(
        "csods: import\n\nAction: import\nSource: register.csv sha256:{sha256}\nCases: 4\n{changes}Actor: d.osei\n\
         Role: supervisor\n"
    );
    assert!(message.starts_with(&wanted), "{message}");
    world.csods("validate").done();
    world.sound();
    let log = world.csods("log").arg(of_row(&answer, 2)).done().stdout;
    assert!(log.contains("imported it from register.csv, row 2."), "{log}");
}

#[test]
fn s2_c2_a_closed_case_keeps_what_the_old_system_knew_and_nothing_more() {
    let world = office();
    let answer = register(&world).recorded();
    let reference = of_row(&answer, 2);
    assert!(reference.starts_with("KP-14-"), "{reference}");
    let shown = shown(&world, &reference);
    let case = &shown["case"];
    assert_eq!(case["former_reference"], "PPU/2014/017");
    assert_eq!((&case["stage"], &case["guidance"]), (&"closed".into(), &"2010".into()));
    assert_eq!(case["received"]["at"], "2014-02-03T09:00:00Z");
    assert_eq!(case["applicant"]["address"], "1 Sample Street, Maidstone, ME14 1AA");
    assert_eq!(case["applicant"]["date_of_birth"], "1988-04-17");
    assert_eq!(case["subject"]["name"]["family"], "Placeholder");
    assert_eq!(case["subject"]["name"]["given"], "Sam");
    assert_eq!(case["children"].as_array().unwrap().len(), 2);
    let imported = &case["imported"];
    assert_eq!((&imported["outcome"], &imported["row"]), (&"disclose".into(), &2.into()));
    assert_eq!(imported["told_at"], "2014-03-14T12:00:00Z");
    assert_eq!(case["closure"]["by"], "archive");
    for key in ["screening", "interview", "assessment", "decision", "disclosures"] {
        assert!(case[key].is_null(), "{key} was made up: {case}");
    }
    // The whole case is due after 45 days, and was met when the applicant was told; of the screening nothing is known.
    let clocks = &shown["clocks"];
    assert_eq!(clocks[2]["due"], "2014-03-20T23:59:59Z");
    assert_eq!(clocks[2]["met_at"], "2014-03-14T12:00:00Z");
    assert_eq!(clocks[0]["state"], "not_needed");
    let warnings = shown["warnings"].as_array().unwrap();
    let text =
        "imported closed; the old system kept no record of: screening, interview, assessment, decision";
    assert!(warnings.iter().any(|warning| warning["text"] == text), "{warnings:?}");
    let found = world.csods("list --outcome nothing_to_disclose").json();
    assert_eq!(found["cases"][0]["reference"], of_row(&answer, 3));
    // The numbers count what the old system says was done.
    let numbers = world.csods("stats --year 2014 --no-suppress").json();
    let counts = numbers["routes"][0]["counts"].as_array().unwrap();
    let count = |key: &str| &counts.iter().find(|count| count["key"] == key).unwrap()["total"]["value"];
    assert_eq!((count("received"), count("disclosed")), (&1.into(), &1.into()), "{numbers}");
    let found = world.csods("search PPU/2014/017").json();
    assert_eq!(found["cases"][0]["reference"], reference.as_str());
    assert_eq!(world.csods("list --open").json()["cases"].as_array().unwrap().len(), 1);
}

#[test]
fn an_open_case_goes_on_where_its_records_have_brought_it() {
    let world = office();
    let answer = register(&world).recorded();
    let reference = of_row(&answer, 6);
    let before = shown(&world, &reference);
    assert_eq!(
        (&before["case"]["stage"], &before["next"]["action"]),
        (&"initial_checks".into(), &"check".into())
    );
    assert_eq!(before["clocks"][0]["due"], "2026-02-28T09:00:00Z");
    let check = format!("check {reference} --system pnc --phase initial --result no_trace");
    world.csods(&check).recorded();
    // The first version of the case is still told as imported.
    let log = world.csods("log").arg(&reference).done().stdout;
    assert!(log.contains("imported it from register.csv, row 6.") && log.contains("check of pnc"), "{log}");
}

#[test]
fn k2_records_in_full_take_an_open_case_through_the_stages_and_are_held_to_the_rules() {
    let world = office();
    let mapping =
        MAPPING.replace("ignored = [\"Notes\"]", "ignored = [\"Notes\", \"Child 2\", \"Child 2 DOB\"]");
    let mapping = mapping.split("\n[columns.\"Child 2\"]").next().unwrap().to_owned()
        + "\n[columns.Officer]"
        + mapping.split("\n[columns.Officer]").nth(1).unwrap();
    let checks = ["pnc", "pnd", "visor", "local_intelligence"];
    let mut screened = String::new();
    for (position, system) in checks.iter().enumerate() {
        let key = |key: &str, value: &str| format!("\"checks.{position}.{key}\" = \"{value}\"\n");
        screened += &key("system", system);
        screened += &key("phase", "initial");
        screened += &key("by", "archive");
        screened += &key("result", "no_trace");
    }
    let screening = "\"screening.by\" = \"archive\"\n\"screening.immediate_risk\" = false\n\
                     \"screening.within_scheme\" = true\n\"screening.reason\" = \"As the register says.\"\n";
    let constants = format!("concern = \"Not recorded in the old system.\"\n{screened}{screening}");
    let mapping = mapping.replace("concern = \"Not recorded in the old system.\"\n", &constants);
    let columns = |keys: &str| format!("{mapping}\n[columns.Screened]\nto = [{keys}]\ndate = \"%d/%m/%Y\"\n");
    let text = |row: &str| {
        let head = REGISTER.lines().next().unwrap();
        format!("{head},Screened\n{row},28/02/2026\n")
    };
    let open = REGISTER.lines().last().unwrap();
    let all = "\"screening.at\", \"checks.0.at\", \"checks.1.at\", \"checks.2.at\", \"checks.3.at\"";
    let answer = import(&world, "open.csv", text(open).as_bytes(), &columns(all)).recorded();
    assert_eq!(answer["cases"][0]["stage"], "interview");
    // Without one of the checks the screening could not have been.
    let three = all.replace(", \"checks.3.at\"", "");
    let other = open.replace("PPU/2026/011", "PPU/2026/012");
    let problems = import(&world, "open.csv", text(&other).as_bytes(), &columns(&three)).problems(6);
    assert_eq!(
        problems,
        ["row 2, key checks.local_intelligence: the check of local_intelligence is missing (K2)"]
    );
}

#[test]
fn s1_an_imported_case_that_is_reopened_is_worked_on_like_any_other() {
    let world = office();
    let answer = register(&world).recorded();
    let reference = of_row(&answer, 5);
    let problems =
        world.csods(&format!("reopen {reference} --to decision")).from("reason: New facts.").problems(5);
    assert_eq!(problems, ["reopening.to: the case had not reached that stage (S1)"]);
    world.csods(&format!("reopen {reference} --to initial_checks")).from("reason: New facts.").recorded();
    let problems = world.csods(&format!("close {reference} --reason withdrawn")).problems(5);
    assert!(problems.iter().any(|problem| problem.contains("the screening is missing")), "{problems:?}");
    world.csods("validate").done();
}

#[test]
fn l1_what_looks_alike_is_pointed_out_and_not_merged() {
    let world = World::at(At::Opened);
    let archive =
        "person add archive --name Archive --email archive@example.org --role case_officer --role supervisor";
    world.csods(archive).done();
    let again = REGISTER
        .replace("PPU/2021/090", "PPU/2021/091")
        .replace("Pat,,", "Alex,17/04/88,")
        .replace("front counter,Sample", "front counter,Example");
    let again = again.replace("Front counter,Sample,Alex", "Front counter,Example,Alex");
    let answer = import(&world, "register.csv", again.as_bytes(), MAPPING).recorded();
    let similar = answer["similar"].as_array().unwrap();
    let of = |row: u64| similar.iter().filter(|similar| similar["row"] == row).collect::<Vec<_>>();
    // The case that was there has the same applicant, subject and child as the first row; the third row the first's
    // applicant.
    let ours: Vec<_> = of(2).iter().map(|similar| similar["ours"].as_str().unwrap()).collect();
    assert_eq!(ours, ["applicant", "subject", "child"], "{similar:?}");
    assert_eq!(
        (of(2)[0]["to"].as_str(), &of(2)[0]["reasons"][0]),
        (Some(world.reference()), &"same_name".into())
    );
    let to: Vec<_> = of(5).iter().map(|similar| similar["to"].as_str().unwrap().to_owned()).collect();
    assert!(to.contains(&of_row(&answer, 2)) && to.contains(&world.reference().to_owned()), "{to:?}");
    let case = &shown(&world, &of_row(&answer, 5))["case"];
    assert_eq!(case["signals"].as_array().unwrap().len(), to.len());
    world.csods("validate").done();
    // Not a name of anybody in what is said.
    let said = import(&world, "other.csv", again.replace("PPU/", "QQU/").as_bytes(), MAPPING)
        .arg("--dry-run")
        .done();
    for name in ["Placeholder", "Example", "Sam", "Alex"] {
        assert!(!said.stdout.contains(name) && !said.stderr.contains(name), "{name}: {}", said.stdout);
    }
}

#[test]
fn r3_only_those_who_may_import_do() {
    let world = office();
    register(&world).by("r.patel").refused(7);
    register(&world).by("d.osei").arg("--dry-run").done();
}

#[test]
fn o3_the_name_of_a_file_that_may_be_somebodys_is_not_kept() {
    let world = office();
    let answer = import(&world, "Placeholder family.csv", REGISTER.as_bytes(), MAPPING).recorded();
    assert_eq!(answer["source"], Value::Null);
    let message = world.git(&["log", "-1", "--format=%B"]);
    assert!(message.contains("\nSource: sha256:") && !message.contains("Placeholder"), "{message}");
    let case = world.git(&["show", &format!("HEAD:{}", path_of(&of_row(&answer, 2)))]);
    assert!(!case.contains("family.csv"), "{case}");
}

#[test]
fn the_former_reference_shows_the_case() {
    let world = office();
    let answer = register(&world).recorded();
    let case = &shown(&world, "ppu/2014/017 ")["case"];
    assert_eq!(case["reference"], of_row(&answer, 2));
    let ran = world.csods("show").arg("PPU/2014/018").refused(3);
    assert!(!ran.stderr.contains("2014"), "{}", ran.stderr);
    // What changes a case names it by its own reference.
    world.csods("note").arg("PPU/2014/017").from("text: x").refused(3);
}
