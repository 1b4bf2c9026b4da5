//! `csods export`: whole, private, outside the store, or not at all.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rusqlite::Connection;
use serde_json::Value;

use crate::stats::example;
use crate::support::{APPLICATION, At, Csods, World, json};

const NOW: &str = "2026-03-20T12:00:00Z";
const FORMS: [&str; 5] = ["json", "ndjson", "csv", "xlsx", "sqlite"];

fn export<'w>(world: &'w World, line: &str) -> Csods<'w> {
    world.csods(&format!("export {line}")).by("m.reid").now(NOW)
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// A key, and another.
const KEY: &str = "b422594ffd0fe45d7aa5e360548270738496facc23742e7d16b3b76476e34b6b";
const ANOTHER: &str = "c416d265af171503f8ef3112c8a048f4d3a116b8ca92a5f75d66ea4cf87674b1";

/// Writes a key that only its owner can read.
fn key(world: &World, text: &str) {
    let path = world.write("key", text);
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

#[test]
fn every_form_is_written_whole_private_and_the_same_twice() {
    let world = example();
    for form in FORMS {
        let (one, two) = (world.dir().join(format!("one.{form}")), world.dir().join(format!("two.{form}")));
        let told = export(&world, &format!("--to ../one.{form}")).json();
        assert_eq!((&told["action"], &told["as"]), (&"export".into(), &form.into()));
        export(&world, &format!("--to ../two.{form}")).done();
        let bytes = fs::read(&one).unwrap();
        assert_eq!(told["bytes"], bytes.len(), "{form}");
        assert!(bytes == fs::read(&two).unwrap(), "{form}: not the same twice");
        assert_eq!(mode(&one), 0o600, "{form}");
    }
    let names =
        fs::read_dir(world.dir()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let left: Vec<String> = names.filter(|name| name.contains(".part") || name.contains("journal")).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn takes_the_words_of_a_list_and_leaves_out_only_what_it_is_told_to() {
    let world = example();
    let references = |line: &str| -> Vec<String> {
        let whole = json(&export(&world, &format!("{line} --to - --as json")).done().stdout);
        let cases = whole["cases"].as_array().unwrap().iter();
        cases.map(|case| case["case"]["reference"].as_str().unwrap().to_owned()).collect()
    };
    let all = references("");
    let urgent = references("urgent -closed");
    assert_eq!(references("-urgent").len() + references("urgent").len(), all.len());
    let listed = world.csods("list urgent -closed --sort reference").now(NOW).json();
    let listed = listed["cases"].as_array().unwrap().iter();
    let listed: Vec<&str> = listed.map(|case| case["reference"].as_str().unwrap()).collect();
    assert!(!urgent.is_empty() && urgent == listed, "{urgent:?} {listed:?}");
    export(&world, "sort-of-urgent --to - --as json").refused(2);

    let spoilt = format!("cases/20{}/{}/{}.yaml", &all[0][3..5], &all[0][6..7], all[0]);
    world.write(&format!("store/{spoilt}"), "format: 1\n");
    world.git(&["commit", "-qam", "spoil"]);
    key(&world, KEY);
    for form in FORMS {
        export(&world, &format!("--to ../no.{form}")).refused(9);
        assert!(!world.dir().join(format!("no.{form}")).exists());
        let told = export(&world, &format!("--to ../part.{form} --allow-partial")).json();
        assert_eq!(
            (&told["total"], &told["left_out"][0]),
            (&(all.len() - 1).into(), &spoilt.as_str().into())
        );
    }
    let ran = export(&world, "--to - --as json --quiet --allow-partial").done();
    assert!(ran.stderr.contains("PARTIAL") && ran.stderr.contains(&spoilt), "{}", ran.stderr);
    let whole = json(&ran.stdout);
    assert_eq!((&whole["partial"], &whole["left_out"][0]), (&true.into(), &spoilt.as_str().into()));
    let hidden = export(&world, "--to - --as json --allow-partial --pseudonymise ../key").done().stdout;
    assert!(json(&hidden)["partial"] == true && !hidden.contains(&all[0]));
    let database = Connection::open(world.dir().join("part.sqlite")).unwrap();
    let said: String =
        database.query_row("SELECT value FROM about WHERE key = 'partial'", [], |row| row.get(0)).unwrap();
    assert!(said.contains("1 case"), "{said}");
}

#[test]
fn json_and_ndjson_hold_whole_cases_by_filter() {
    let world = example();
    let whole = json(&export(&world, "--to - --as json --stage decision").done().stdout);
    let cases = whole["cases"].as_array().unwrap();
    assert!(whole["total"] == cases.len() && cases.len() == 2, "{}", whole["total"]);
    let lines = export(&world, "--to - --as ndjson --stage decision").done().stdout;
    for (line, case) in lines.lines().zip(cases) {
        let mut line = json(line);
        assert_eq!(line.as_object_mut().unwrap().shift_remove("version"), Some(1.into()));
        assert_eq!(&line, case);
    }
    let reference = cases[0]["case"]["reference"].as_str().unwrap();
    let shown = world.csods(&format!("show {reference}")).now(NOW).json();
    assert_eq!(cases[0]["case"], shown["case"]);
    assert_eq!(cases[0]["clocks"][2]["due"], shown["clocks"][2]["due"]);
    assert_eq!(cases[0]["next"], shown["next"]["action"]);
    let limited = json(&export(&world, "--to - --as json --sort received --limit 3").done().stdout);
    assert_eq!(limited["cases"].as_array().unwrap().len(), 3);
}

#[test]
fn csv_neutralises_formulas_and_a_workbook_keeps_them_text() {
    let world = World::at(At::Opened);
    let application = APPLICATION.replace("given: Alex", "given: '=HYPERLINK(\"x\")'");
    world.csods("new").from(&application).opened();
    let csv = export(&world, "--to - --as csv").done().stdout;
    assert!(csv.contains("\"'=HYPERLINK(\"\"x\"\")\""), "{csv}");
    let header: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
    for name in
        ["reference", "received_at", "applicant_name_family", "children_count", "whole_clock_due", "overdue"]
    {
        assert!(header.contains(&name), "{name} of {header:?}");
    }
    export(&world, "--to ../book.xlsx").done();
    let book = world.dir().join("book.xlsx");
    let Some(sheet) = unpacked(&book, "xl/worksheets/sheet1.xml") else { return };
    assert!(
        !sheet.contains("<f>")
            && sheet.contains("state=\"frozen\"")
            && sheet.contains("<autoFilter ref=\"A1:"),
        "{sheet}"
    );
    assert!(
        sheet.contains("t=\"b\"") && unpacked(&book, "xl/sharedStrings.xml").unwrap().contains("=HYPERLINK")
    );
    // 2 March 2026, 09:15 in London, as the day of a spreadsheet: 46083.385...
    assert!(sheet.contains("<v>46083.38541666"), "{sheet}");
}

/// A file of a workbook; nothing where there is no Python to take it out.
fn unpacked(book: &Path, name: &str) -> Option<String> {
    let script =
        "import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))";
    let out = std::process::Command::new("python3").args(["-c", script]).arg(book).arg(name).output().ok()?;
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    Some(String::from_utf8(out.stdout).unwrap())
}

#[test]
fn the_database_has_the_printed_schema_and_its_views_agree_with_the_cases() {
    let world = example();
    export(&world, "--to ../cases.db").done();
    let database = Connection::open(world.dir().join("cases.db")).unwrap();
    let ask = |sql: &str| database.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let listed = world.csods("list").now(NOW).json();
    assert_eq!(listed["total"], ask("SELECT count(*) FROM cases"));
    let overdue = listed["cases"].as_array().unwrap().iter().filter(|case| case["overdue"] == true).count();
    assert_eq!(overdue as i64, ask("SELECT count(DISTINCT case_reference) FROM overdue_clocks"));
    assert_eq!(world.csods("list --open").now(NOW).json()["total"], ask("SELECT count(*) FROM open_cases"));
    assert_eq!(ask("SELECT sum(children_count) FROM cases"), ask("SELECT count(*) FROM children"));
    assert_eq!(ask("SELECT sum(cases) FROM outcomes_by_month"), ask("SELECT count(*) FROM cases"));
    assert!(ask("SELECT count(*) FROM people WHERE role = 'child'") == ask("SELECT count(*) FROM children"));
    assert!(
        ask("SELECT count(*) FROM timeline WHERE at IS NULL") == 0
            && ask("SELECT count(*) FROM timeline") > 50
    );
    assert_eq!(
        ask(
            "SELECT count(*) FROM cases WHERE typeof(overdue) <> 'integer' OR received_at NOT LIKE '____-__-__T__:__:__Z'"
        ),
        0
    );
    assert_eq!(ask("PRAGMA user_version"), 1);
    assert_eq!(ask("SELECT count(*) FROM pragma_foreign_key_check"), 0);
}

#[test]
fn pseudonyms_are_stable_and_nothing_private_is_left() {
    let world = World::at(At::Closed);
    world.csods("new").now(NOW).from(APPLICATION).opened();
    key(&world, &format!("{KEY}\n"));
    let line = "--to - --as json --pseudonymise ../key";
    let text = export(&world, line).done().stdout;
    let whole = json(&text);
    assert_eq!((&whole["pseudonymised"], &whole["commit"]), (&true.into(), &Value::Null));
    let names: Vec<&Value> =
        whole["cases"].as_array().unwrap().iter().map(|case| &case["case"]["applicant"]["name"]).collect();
    assert_eq!(names[0], names[1], "the same person has the same pseudonym");
    for secret in [
        "Example",
        "Placeholder",
        "Alex",
        "Charlie",
        "Sample Street",
        "1AA",
        "01632",
        "osei",
        "reid",
        world.reference(),
        "1988-04-17",
        "T09:15",
        &KEY[..16],
        "He moved",
    ] {
        assert!(!text.contains(secret), "{secret} stands in {text}");
    }
    assert_eq!(whole["cases"][0]["case"]["received"]["at"], "2026-03");
    assert_eq!(export(&world, line).done().stdout, text);
    key(&world, ANOTHER);
    assert_ne!(export(&world, line).done().stdout, text);
    for form in ["csv", "xlsx", "sqlite"] {
        export(&world, &format!("--to ../hidden.{form} --pseudonymise ../key")).done();
        let bytes = fs::read(world.dir().join(format!("hidden.{form}"))).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(
            !text.contains("Placeholder")
                && !text.contains(world.reference())
                && !text.contains(&ANOTHER[..16]),
            "{form}"
        );
    }
    let redacted =
        export(&world, "--to - --as json --redact applicant,officers --redact free_text").done().stdout;
    assert!(!redacted.contains("Alex") && !redacted.contains("m.reid") && redacted.contains("Placeholder"));
}

#[test]
fn keys_that_others_have_or_could_guess_are_refused() {
    let world = World::at(At::Opened);
    let path = world.write("key", KEY);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let line = "--to ../x.json --pseudonymise ../key";
    assert!(export(&world, line).refused(5).stderr.contains("others can read the key"));
    key(&world, "too short");
    assert!(export(&world, line).refused(6).stderr.contains("32 random bytes"));
    key(&world, "kept by the unit, never by the analyst");
    export(&world, line).refused(6);
    export(&world, "--to ../x.json --pseudonymise ../nowhere").refused(3);
    let in_store = |mode| {
        fs::set_permissions(world.store().join("csods.toml"), fs::Permissions::from_mode(mode)).unwrap();
    };
    in_store(0o644);
    export(&world, "--to ../x.json --pseudonymise csods.toml").refused(5);
    in_store(0o600);
    assert!(
        export(&world, "--to ../x.json --pseudonymise csods.toml")
            .refused(2)
            .stderr
            .contains("lies in the store")
    );
    assert!(!world.dir().join("x.json").exists());
}

#[test]
fn fails_closed_and_never_writes_over_a_file_into_the_store_or_for_everybody() {
    let world = World::at(At::Opened);
    let ran = world.csods("export --to ../x.csv").by("r.patel").refused(7);
    assert!(ran.stderr.contains("may not export cases (R3)"), "{}", ran.stderr);
    assert!(!world.dir().join("x.csv").exists());
    for inside in ["x.csv", "cases/x.csv", ".git/x.csv"] {
        export(&world, &format!("--to {inside}")).refused(2);
    }
    export(&world, "--to ../nowhere/x.csv").refused(3);
    export(&world, "--to ../x.txt").refused(2);
    export(&world, "--to - --as xlsx").refused(2);
    export(&world, "--to ../x.csv --redact shoes").refused(2);
    export(&world, "--to ../x.csv --stage limbo").refused(2);
    world.write("x.csv", "mine");
    export(&world, "--to ../x.csv").refused(10);
    assert_eq!(fs::read(world.dir().join("x.csv")).unwrap(), b"mine");
    export(&world, "--to ../x.csv --force --dry-run").done();
    assert_eq!(fs::read(world.dir().join("x.csv")).unwrap(), b"mine");
    export(&world, "--to ../x.csv --force").done();
    assert!(
        mode(&world.dir().join("x.csv")) == 0o600 && fs::read(world.dir().join("x.csv")).unwrap() != b"mine"
    );
    // Printed, but not into a file that others could read.
    let out = world.write("open.json", "");
    let mut command = export(&world, "--to - --as json").command();
    command.stdout(fs::File::create(&out).unwrap());
    assert_eq!(command.status().unwrap().code(), Some(5));
    assert_eq!(fs::read(&out).unwrap(), b"");

    world.write(&format!("store/{}", world.case_path()), "format: 1\n");
    world.git(&["commit", "-qam", "spoil"]);
    for form in FORMS {
        let ran = export(&world, &format!("--to ../spoiled.{form}")).refused(9);
        assert!(ran.stderr.contains(&world.case_path()), "{}", ran.stderr);
        assert!(!world.dir().join(format!("spoiled.{form}")).exists());
    }
}

#[test]
fn a_new_key_is_made_once_and_rows_come_in_the_order_of_their_pseudonyms() {
    let world = World::at(At::Opened);
    for _ in 0..7 {
        world.csods("new").now(NOW).from(APPLICATION).opened();
    }
    let made = world.dir().join("made");
    assert_eq!(export(&world, "--new-key ../made --dry-run").json()["dry_run"], true);
    assert!(!made.exists());
    let answer = export(&world, "--new-key ../made").json();
    assert!(answer["new_key"].as_str().unwrap().ends_with("made"), "{answer}");
    assert_eq!(fs::metadata(&made).unwrap().permissions().mode() & 0o777, 0o600);
    let text = fs::read_to_string(&made).unwrap();
    assert!(text.len() == 65 && !answer.to_string().contains(text.trim()), "the key is not shown");
    export(&world, "--new-key ../made").refused(10);
    assert_eq!(fs::read_to_string(&made).unwrap(), text, "a key is never replaced");
    export(&world, "--new-key key").refused(2);
    export(&world, "--new-key -").refused(2);
    export(&world, "--new-key ../other --to ../x.json").refused(2);
    export(&world, "").refused(2);
    world.csods("export --new-key ../other").by("r.patel").refused(7);
    for sort in ["received", "reference", "due"] {
        let line = format!("--to - --as json --pseudonymise ../made --sort {sort}");
        let whole = json(&export(&world, &line).done().stdout);
        let cases = whole["cases"].as_array().unwrap();
        let references: Vec<&str> =
            cases.iter().map(|case| case["case"]["reference"].as_str().unwrap()).collect();
        assert!(references.len() == 8 && references.is_sorted(), "{references:?}");
    }
}
