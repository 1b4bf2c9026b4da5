//! Rows and mappings that are refused, and what is known already.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::{MAPPING, REGISTER, beside, import, office, register};

/// Four things wrong in three rows.
fn wrong() -> String {
    let text = REGISTER.replace("17/04/88", "17 April");
    let text = text.replace("30/06/2010", "31/06/2010").replace(",101,", ",Pigeon,");
    text.replace("27/02/2026", "27/02/2027")
}

#[test]
fn one_bad_row_stops_all_and_every_one_is_named_without_its_value() {
    let world = office();
    let ran = import(&world, "wrong.csv", wrong().as_bytes(), MAPPING).arg("--format=json").refused(6);
    let problems = import(&world, "wrong.csv", wrong().as_bytes(), MAPPING).problems(6);
    assert_eq!(
        problems,
        [
            "row 2, DOB: is not written as `date` in the mapping says, or there is no such day",
            "row 2, Child 1 DOB: is not written as `date` in the mapping says, or there is no such day",
            "row 3, How received: is none of the values that the mapping names",
            "row 6, Date received: lies in the future",
        ]
    );
    for value in ["17 April", "31/06", "Pigeon", "2027", "Placeholder", "PPU"] {
        assert!(!ran.stderr.contains(value), "{value}: {}", ran.stderr);
    }
    world.sound();
}

#[test]
fn the_rest_can_be_taken_and_the_others_mended() {
    let world = office();
    let rejects = world.dir().join("rejects.csv");
    let command = import(&world, "wrong.csv", wrong().as_bytes(), MAPPING);
    let ran = command.arg("--accept-rest").arg("--rejects").arg(rejects.to_str().unwrap()).run();
    assert_eq!((ran.code, ran.commits), (11, 1), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("1 cases imported: 0 open, 1 closed"), "{}", ran.stdout);
    assert!(ran.stdout.contains("row 3, How received: is none of the values"), "{}", ran.stdout);
    assert_eq!(fs::metadata(&rejects).unwrap().permissions().mode() & 0o777, 0o600);
    let text = fs::read_to_string(&rejects).unwrap();
    assert!(
        text.contains("csods: problem") && text.contains("How received: is none of the values"),
        "{text}"
    );
    // Nobody's file is written over.
    let command = import(&world, "wrong.csv", wrong().replace("PPU/", "Q/").as_bytes(), MAPPING);
    command.arg("--accept-rest").arg("--rejects").arg(rejects.to_str().unwrap()).refused(12);
    let mended = text.replace("17 April", "17/04/88").replace("31/06/2010", "30/06/2010");
    let mended = mended.replace("Pigeon", "101").replace("27/02/2027", "27/02/2026");
    let answer = import(&world, "mended.csv", mended.as_bytes(), MAPPING).recorded();
    assert_eq!(answer["cases"].as_array().unwrap().len(), 3);
    assert_eq!(world.csods("list").json()["cases"].as_array().unwrap().len(), 4);
}

#[test]
fn importing_twice_does_no_harm() {
    let world = office();
    let answer = register(&world).recorded();
    let problems = register(&world).problems(6);
    assert_eq!(problems.len(), 4);
    let first = answer["cases"][0]["reference"].as_str().unwrap();
    assert_eq!(problems[0], format!("row 2, Ref: is that of {first}; --skip-known passes over it"));
    let again = register(&world).arg("--skip-known").json();
    assert_eq!(
        (&again["commit"], &again["skipped"]),
        (&serde_json::Value::Null, &serde_json::json!([2, 3, 5, 6]))
    );
    // Only what is new is taken.
    let more = format!("{REGISTER}{}\n", REGISTER.lines().last().unwrap().replace("2026/011", "2026/012"));
    let answer = import(&world, "more.csv", more.as_bytes(), MAPPING).arg("--skip-known").recorded();
    assert_eq!(answer["cases"].as_array().unwrap().len(), 1);
    let twice = more.replace("2026/012", "2026/013").replace("PPU/2014/017", "ppu/2026/013 ");
    let problems = import(&world, "twice.csv", twice.as_bytes(), MAPPING).arg("--skip-known").problems(6);
    assert_eq!(problems, ["row 7, Ref: is that of row 2 too"]);
}

#[test]
fn no_column_is_lost_in_silence() {
    let world = office();
    let mapping = MAPPING
        .replace("ignored = [\"Notes\"]", "ignored = []")
        .replace("[columns.Told]", "[columns.Telling]");
    let problems = import(&world, "register.csv", REGISTER.as_bytes(), &mapping).problems(6);
    assert_eq!(
        problems,
        [
            "Told: is neither mapped nor ignored by the mapping",
            "Notes: is neither mapped nor ignored by the mapping",
            "Telling: is mapped, but the file has no such column",
        ]
    );
    // Nor is a cell that stands outside the columns.
    let wide = REGISTER.replace("Rang to say so.", "Rang to say so.,more");
    let problems = import(&world, "wide.csv", wide.as_bytes(), MAPPING).problems(6);
    assert_eq!(problems, ["row 5: has more cells than there are headings"]);
}

#[test]
fn a_closed_case_must_fit_what_was_decided() {
    let world = office();
    let text = REGISTER.replace(",Nothing known,", ",Disclosed,");
    let problems = import(&world, "odd.csv", text.as_bytes(), MAPPING).problems(6);
    assert_eq!(problems, ["row 3, Closure reason: does not follow from the decision (O6)"]);
    let text = REGISTER.replace("14/03/2014", "14/01/2014");
    let problems = import(&world, "odd.csv", text.as_bytes(), MAPPING).problems(6);
    assert_eq!(problems, ["row 2, Told: lies before the application was received"]);
}

#[test]
fn what_is_missing_names_its_key() {
    let world = office();
    let mapping = MAPPING.replace("\"closure.by\" = \"archive\"\n", "");
    let problems = import(&world, "register.csv", REGISTER.as_bytes(), &mapping).problems(6);
    // Nobody is made the one who closed it; the open case needs nobody.
    assert_eq!(problems.len(), 3, "{problems:?}");
    assert!(problems.iter().all(|problem| problem.ends_with("missing")), "{problems:?}");
    let nobody = MAPPING.replace("\"received.by\" = \"archive\"", "\"received.by\" = \"no.one\"");
    let problems = import(&world, "register.csv", REGISTER.as_bytes(), &nobody).problems(6);
    assert!(problems[0].ends_with("is no person of this store; see `csods person list`"), "{problems:?}");
}

#[test]
fn a_mapping_that_cannot_be_used_says_where() {
    let world = office();
    for (from, to, wanted) in [
        ("to = \"former_reference\"", "to = \"former_referense\"", "is no key of a case"),
        ("to = \"children.0.name\"", "to = \"children.name\"", "must give the position in a list"),
        ("to = \"owner\"", "to = \"imported.sha256\"", "is filled in by the import itself"),
        (
            "to = \"owner\"",
            "to = \"applicant.phone\"\ndate = \"%d/%m/%Y\"",
            "belongs only to a key that is a day",
        ),
        ("pivot = 25", "", "the last year of two digits"),
        ("time = \"17:00\"", "time = \"5 pm\"", "must be a time of day like 09:00"),
        ("date = \"%d/%m/%Y\"", "date = \"dd/mm/yyyy\"", "must have day, month and year"),
        ("\"Withdrew\" = \"withdrawn\"", "\"Withdrew\" = \"gone\"", "must be one of disclosed"),
        (
            "to = \"imported.told_at\"",
            "to = \"imported.decided_at\"",
            "names a key that another column fills",
        ),
        ("ignored = [\"Notes\"]", "ignored = [\"Notes\", \"Told\"]", "is both mapped and ignored"),
        ("format = 1", "format = 2", "is newer than this version"),
        ("delimiter = \",\"", "delimiter = \"|\"", "must be one of"),
        ("route = \"right_to_ask\"", "subject = \"right_to_ask\"", "is not one value"),
    ] {
        assert!(MAPPING.contains(from), "{from}");
        let ran =
            import(&world, "register.csv", REGISTER.as_bytes(), &MAPPING.replacen(from, to, 1)).refused(6);
        assert!(ran.stderr.contains(wanted) && ran.stderr.contains("map.toml:"), "{to}: {}", ran.stderr);
    }
    let file = beside(&world, "register.csv", REGISTER.as_bytes());
    let file = file.to_str().unwrap();
    let ran = world.csods("import").arg(file).arg("--mapping=none.toml").refused(3);
    assert!(ran.stderr.contains("none.toml: the mapping could not be read: no such file"), "{}", ran.stderr);
    world.csods("import").arg(file).refused(2);
    let ran = world.csods("import none.csv --mapping=none.toml").refused(3);
    assert!(ran.stderr.contains("none.csv: the file to import could not be read"), "{}", ran.stderr);
    let pipe = world.dir().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let pipe = pipe.to_str().unwrap();
    world.csods("import").arg(pipe).arg("--suggest").refused(2);
    world.csods("import").arg(file).arg("--mapping").arg(pipe).refused(2);
}
