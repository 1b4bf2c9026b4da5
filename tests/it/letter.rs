//! `csods letter`.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::support::{APPLICATION, At, World, json, write};

/// The application of an applicant to whom letters may go.
pub fn safe() -> String {
    APPLICATION.replace("letters: false", "letters: true").replace("father: unknown", "father: \"yes\"")
}

/// A world whose one case is that application.
pub fn world() -> World {
    opened(&safe())
}

fn opened(application: &str) -> World {
    let mut world = World::at(At::Empty);
    world.reference = world.csods("new").from(application).opened();
    world
}

/// The file of the letter that was made last.
fn newest(world: &World) -> String {
    world.case()["letters"].as_array().unwrap().last().unwrap()["path"].as_str().unwrap().to_owned()
}

fn folder(world: &World) -> String {
    world.case_path().replace("cases/", "letters/").replace(".yaml", "")
}

#[test]
fn the_letter_and_the_case_are_one_commit() {
    let world = world();
    let preview = world.csods("letter REF acknowledgement --preview --as md").done();
    assert_eq!(preview.commits, 0);
    let answer = world.csods("letter REF acknowledgement").recorded();
    let (reference, path) = (world.reference(), newest(&world));
    let id = answer["letter"]["id"].as_str().unwrap();
    assert_eq!(path, format!("{}/2026-03-02-acknowledgement-{id}.md", folder(&world)));
    let changed = world.git(&["show", "--format=", "--name-only", "HEAD"]);
    assert_eq!(changed.lines().collect::<Vec<_>>(), [world.case_path(), path.clone()]);
    let message = world.git(&["log", "-1", "--format=%B"]);
    assert!(
        message.starts_with(&format!("{reference}: letter\n\nCase: {reference}\nAction: letter\n")),
        "{message}"
    );
    assert_eq!(
        world.git(&["show", &format!("HEAD:{path}")]),
        preview.stdout,
        "what was looked at is what is kept"
    );
    let letter = &world.case()["letters"][0];
    assert_eq!(letter["id"], answer["letter"]["id"]);
    for (key, value) in [
        ("by", "d.osei"),
        ("at", "2026-03-02T12:00:00Z"),
        ("kind", "acknowledgement"),
        ("method", "letter"),
        ("language", "en"),
        ("path", &path),
    ] {
        assert_eq!(letter[key], value, "{letter}");
    }
    assert_eq!(letter["to"], serde_json::json!({"role": "applicant"}));
    assert!(letter["template"].as_str().unwrap().starts_with("built-in/acknowledgement.md@"), "{letter}");
    assert_eq!(letter["sha256"].as_str().unwrap().len(), 64);
    assert!(letter.get("sent").is_none() && letter.get("overriding").is_none());
    world.csods("validate").done();
    assert!(world.csods("log REF").done().stdout.contains("made the letter acknowledgement (letter)"));
    assert!(world.csods("show REF").done().stdout.contains(path.rsplit('/').next().unwrap()));
    world.sound();
}

#[test]
fn a_second_one_of_a_day_has_a_file_of_its_own_and_the_same_bytes() {
    let world = world();
    let made = || {
        world.csods("letter REF acknowledgement").recorded();
        newest(&world)
    };
    let (first, second) = (made(), made());
    assert_ne!(first, second);
    let file = |path: &str| world.git(&["show", &format!("HEAD:{path}")]);
    assert_eq!(file(&first), file(&second));
    world
        .csods("letter REF acknowledgement --at 2026-03-02T10:00:00Z")
        .now("2026-03-05T12:00:00Z")
        .recorded();
    let third = newest(&world);
    assert!(third.contains("/2026-03-02-acknowledgement-"), "the day is the letter's, not today: {third}");
    assert_eq!(file(&first), file(&third));
    world.csods("letter REF acknowledgement --at 2026-03-01T10:00:00Z").problems(6);
    world.csods("letter REF acknowledgement --at 2026-03-03T10:00:00Z").problems(6);
}

#[test]
fn a_dry_run_shows_both_files_and_changes_nothing() {
    let world = world();
    world.csods("letter REF acknowledgement").would_write("# We have your application");
    world.csods("letter REF acknowledgement").would_write("kind: acknowledgement");
}

#[test]
fn a1_a2_letters_are_refused_and_a2_alone_can_be_set_aside() {
    let world = opened(&APPLICATION.replace("letters: false", "letters: true"));
    let unaware = world.csods("letter REF acknowledgement").problems(5);
    assert!(
        unaware[0].starts_with("letter.overriding: a parent does not know") && unaware[0].ends_with("(A2)")
    );
    let set_aside = |by: &str, why: &str| {
        let line = format!("letter REF acknowledgement --overriding-rule A2 --overriding-authorised-by {by}");
        world.csods(&line).from(why)
    };
    assert_eq!(set_aside("m.reid", "{}").problems(6), ["letter.overriding.reason: missing"]);
    let why = "overriding: {reason: They live apart.}";
    assert_eq!(
        set_aside("r.patel", why).problems(5),
        [
            "letter.overriding.authorised_by: may not authorise extensions and refused undertakings: that takes one of these roles: supervisor, decision_maker (R6)"
        ]
    );
    set_aside("m.reid", why).recorded();
    let letter = world.case()["letters"][0].clone();
    assert_eq!(letter["overriding"]["rule"], "A2");
    assert_eq!(letter["overriding"]["authorised_by"], "m.reid");
    assert!(world.csods("log REF").done().stdout.contains("setting A2 aside"));

    let world = World::at(At::Opened);
    let unsafe_way = world.csods("letter REF acknowledgement --preview").problems(5);
    assert!(unsafe_way[0].ends_with("has not said that this way is safe (A1)"), "{unsafe_way:?}");
    world.csods("letter REF acknowledgement --method in_person").recorded();
}

#[test]
fn sent_is_recorded_once_and_always_where_it_went() {
    let world = world();
    let id =
        world.csods("letter REF acknowledgement").recorded()["letter"]["id"].as_str().unwrap().to_owned();
    let sent = |flags: &str| world.csods(&format!("letter REF --sent {id} {flags}"));
    assert_eq!(sent("--at 2026-03-02T10:00:00Z").problems(6), ["sent.at: lies before the letter was made"]);
    assert_eq!(world.csods("letter REF --sent 0000").problems(6).len(), 1);
    sent("--to applicant").problems(6);
    sent("").by("a.auditor").refused(7);
    sent("--by r.patel --at 2026-03-03T09:00:00Z").now("2026-03-03T12:00:00Z").recorded();
    assert_eq!(
        world.case()["letters"][0]["sent"],
        serde_json::json!({"by": "r.patel", "recorded_by": "d.osei", "at": "2026-03-03T09:00:00Z"})
    );
    assert_eq!(sent("").problems(5), ["sent.letter: was recorded as sent already (X1)"]);
    assert!(world.csods("log REF").done().stdout.contains(&format!("recorded that letter {id} was sent")));
    let later = "2026-03-03T13:00:00Z";
    let second = world.csods("letter REF acknowledgement").now(later).recorded();
    let id = second["letter"]["id"].as_str().unwrap();
    world.csods("withdraw REF").now(later).from("{how: withdrawn, reason: They rang.}").recorded();
    let gone =
        world.csods("letter REF acknowledgement --method in_person").now("2026-03-04T12:00:00Z").problems(5);
    assert_eq!(gone, ["letter.to: the applicant left: contact with them has stopped (S5)"]);
    // The very second in which they left, and a letter that bears an earlier date.
    world.csods("letter REF acknowledgement").now(later).problems(5);
    world.csods("letter REF acknowledgement --at 2026-03-03T10:00:00Z").now(later).problems(5);
    let went = world.csods(&format!("letter REF --sent {id}")).now("2026-03-04T12:00:00Z").done();
    assert_eq!(went.commits, 1);
    assert!(went.stderr.contains("it should not have gone: the applicant left"), "{}", went.stderr);
}

#[test]
fn x1_a_letter_is_not_changed_by_hand_nor_by_a_correction() {
    let world = world();
    let id =
        world.csods("letter REF acknowledgement").recorded()["letter"]["id"].as_str().unwrap().to_owned();
    world.csods(&format!("letter REF --sent {id}")).recorded();
    let correct = |path: &str, now: &str| {
        let line = format!("correct REF --path letters.{id}{path} --code mistake");
        world.csods(&line).from(&format!("{{reason: Wrong., now: {now}}}"))
    };
    for (path, now) in
        [(".method", "email"), (".sha256", "x"), (".to.role", "agency"), (".kind", "undertaking")]
    {
        let found = correct(path, now).problems(5);
        assert!(found[0].ends_with("it cannot be changed by hand (X1)"), "{path} {found:?}");
    }
    world.csods(&format!("correct REF --path letters.{id} --code mistake")).from("reason: Wrong.").refused(5);
    correct(".sent.by", "r.patel").recorded();
    let path = newest(&world);
    world.write(&format!("store/{path}"), "changed\n");
    let status = world.csods("status").beside_edits().done().stdout;
    assert!(status.contains(&path), "{status}");
    let ran = world.csods("commit").beside_edits().refused(9);
    assert!(ran.stderr.contains("a letter is never made or changed by hand"), "{}", ran.stderr);
    world.git(&["commit", "-qam", "by hand"]);
    let ran = world.csods("validate").env("COLUMNS", "200").refused(11);
    assert!(ran.stdout.contains("is not the letter that was made: its SHA-256 differs"), "{}", ran.stdout);
    let ran = world.csods(&format!("letter REF {id} --as html")).refused(9);
    assert!(ran.stderr.contains("its SHA-256 differs"), "{}", ran.stderr);
    world.git(&["rm", "-q", "-r", "letters"]);
    world.write(&format!("store/{}/strange.md", folder(&world)), "x\n");
    world.git(&["add", "."]);
    world.git(&["commit", "-qm", "by hand"]);
    let ran = world.csods("validate").env("COLUMNS", "200").refused(11);
    assert!(ran.stdout.contains("has a letter that is not there: letters/"), "{}", ran.stdout);
    assert!(ran.stdout.contains("strange.md:1:1: is a letter that no case knows of"), "{}", ran.stdout);
    world.csods(&format!("letter REF {id}")).refused(9);
}

#[test]
fn pages_go_to_the_screen_or_to_a_file_of_ones_own_outside_the_store() {
    let world = world();
    let id =
        world.csods("letter REF acknowledgement").recorded()["letter"]["id"].as_str().unwrap().to_owned();
    let text = world.csods(&format!("letter REF {id}")).done().stdout;
    assert!(
        text.contains("Dear Alex Example") && text.contains("1 Sample Street\nMaidstone\nME14 1AA\n"),
        "{text}"
    );
    let html = world.csods(&format!("letter REF {id} --as html --large-print")).done().stdout;
    assert!(
        html.starts_with("<!doctype html>\n<html lang=\"en\">") && html.contains("<body class=\"large\">")
    );
    let file = world.dir().join("letter.html");
    let to_file = |line: &str| world.csods(line).arg("--output").arg(file.display().to_string());
    to_file("letter REF acknowledgement --preview").done();
    let page = fs::read_to_string(&file).unwrap();
    assert!(page.starts_with("<!doctype html>") && page.contains("Dear Alex Example"));
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let printed = world.dir().join("letter.pdf");
    world.csods(&format!("letter REF {id} --output")).arg(printed.display().to_string()).done();
    assert!(fs::read(&printed).unwrap().starts_with(b"%PDF-"));
    world.csods(&format!("letter REF {id} --as pdf")).refused(2);
    // A page and a commit at once.
    let ran = to_file("letter REF acknowledgement --as txt").done();
    assert!(ran.commits == 1 && ran.stdout.contains("written to"), "{}", ran.stdout);
    assert!(fs::read_to_string(&file).unwrap().starts_with("Kent Police\n"));
    let inside = world.store().join("letter.html").display().to_string();
    let ran = world.csods("letter REF acknowledgement --output").arg(inside).refused(5);
    assert!(ran.stderr.contains("(X1)"), "{}", ran.stderr);
    std::os::unix::fs::symlink(world.store(), world.dir().join("way")).unwrap();
    let through = world.dir().join("way/letter.html").display().to_string();
    world.csods("letter REF acknowledgement --output").arg(through).refused(5);
    let nowhere = world.dir().join("nowhere/letter.html").display().to_string();
    world.csods("letter REF acknowledgement --output").arg(nowhere).refused(3);
    world.csods("letter REF acknowledgement --large-print --as txt").refused(2);
    world.csods("letter REF no_such_kind").refused(3);
    world.csods("letter REF").refused(2);
    world.csods("letter").refused(2);
}

#[test]
fn o3_what_is_for_the_officers_is_never_stored_and_never_sent() {
    let world = World::at(At::ToDisclose);
    let script = world.csods("letter REF disclosure-script").done();
    assert!(script.commits == 0 && script.stdout.contains("He has a conviction."), "{}", script.stdout);
    assert!(
        script.stdout.starts_with("OFFICIAL-SENSITIVE\n") && script.stdout.ends_with("OFFICIAL-SENSITIVE\n")
    );
    let summary = world.csods("letter REF case_summary").json();
    assert!(summary["markdown"].as_str().unwrap().contains("marking: OFFICIAL-SENSITIVE\n"));
    world.csods("letter REF case_summary --to applicant").refused(5);
    world.csods("letter REF case_summary --method letter").refused(5);
    let file = world.dir().join("summary.txt");
    write(&file, b"there before");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let to_file = || world.csods("letter REF case_summary --output").arg(file.display().to_string());
    let ran = to_file().refused(5);
    assert!(ran.stderr.contains("(O3)"), "{}", ran.stderr);
    assert_eq!(fs::read(&file).unwrap(), b"there before");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    to_file().done();
    assert!(fs::read_to_string(&file).unwrap().contains("Summary of case"));
    let open = world.dir().join("open.txt").display().to_string();
    let redirected = |mode: &str| {
        let script = format!("umask {mode}; exec \"$0\" \"$@\" > {open}");
        world.csods("letter REF case_summary").through(&["sh", "-c", &script]).run()
    };
    assert_eq!(redirected("022").code, 5);
    fs::remove_file(&open).unwrap();
    assert_eq!(redirected("077").code, 0);
    let early = World::at(At::Opened);
    assert!(early.csods("letter REF disclosure_script").problems(5)[0].ends_with("(O3)"));
    assert!(early.csods("letter REF case_summary").done().stdout.contains("Summary of case"));
}

#[test]
fn o4_an_undertaking_is_for_a_recipient_of_the_decision() {
    let world = World::at(At::ToDisclose);
    world.csods("letter REF undertaking --method letter").problems(6);
    let letter = world.csods("letter REF undertaking --to applicant").recorded()["letter"].clone();
    assert_eq!((&letter["to"], &letter["method"]), (&"recipient".into(), &"in_person".into()));
    let text = world.csods(&format!("letter REF {}", letter["id"].as_str().unwrap())).done().stdout;
    assert!(text.contains("Alex Example") && text.contains("Signature: ____"), "{text}");
    world.csods("letter REF representations_invitation").problems(5);
    world.csods("letter REF outcome_no_disclosure --method in_person").problems(5);
    assert!(World::at(At::RightToKnow).csods("letter REF acknowledgement").problems(5)[0].ends_with("(T2)"));
}

#[test]
fn r3_who_may_not_make_letters_makes_none() {
    let world = world();
    world.csods("letter REF acknowledgement").by("a.auditor").refused(7);
    world.csods("letter REF acknowledgement").by("n.obody").refused(7);
    world.csods("letter --all-due").by("a.auditor").refused(7);
}

/// The letters of an answer, `reference kind state`.
fn told(answer: &Value) -> Vec<String> {
    let letters = answer["letters"].as_array().unwrap();
    let one = |of: &Value| {
        let kind = of["kind"].as_str().unwrap_or_else(|| of["letter"]["kind"].as_str().unwrap());
        format!("{} {kind}", of["reference"].as_str().unwrap())
    };
    letters.iter().map(one).collect()
}

#[test]
fn every_letter_that_is_due_is_made_in_one_commit() {
    let mut world = world();
    let first = world.reference().to_owned();
    world.reference = world.csods("new").env("CSODS_SEED", "8").from(&safe()).opened();
    world.csods("new").env("CSODS_SEED", "9").from(APPLICATION).opened();
    let held = APPLICATION.replace("letters: false", "letters: true");
    world.csods("new").env("CSODS_SEED", "10").from(&held).opened();
    let day = "2026-03-03T09:00:00Z";
    assert_eq!(told(&world.csods("letter --all-due").json()), Vec::<String>::new());
    let planned = world.csods("letter --all-due --dry-run --format=json").now(day).done();
    assert_eq!(planned.commits, 0);
    let mut wanted = [format!("{first} acknowledgement"), format!("{} acknowledgement", world.reference())];
    wanted.sort();
    assert_eq!(told(&json(&planned.stdout)), wanted);
    let made = world.csods("letter --all-due --format=json").now(day).done();
    assert_eq!((made.commits, told(&json(&made.stdout))), (1, wanted.to_vec()));
    assert!(made.stderr.contains("1 more wait for somebody"), "{}", made.stderr);
    assert!(world.git(&["log", "-1", "--format=%B"]).starts_with("csods: letter\n\nAction: letter\n"));
    assert_eq!(world.git(&["show", "--format=", "--name-only", "HEAD"]).lines().count(), 4);
    assert!(world.csods("log REF").done().stdout.contains("made the letter acknowledgement"));
    assert_eq!(told(&world.csods("letter --all-due").now(day).json()), Vec::<String>::new());
    world.csods("letter --all-due --to applicant").refused(2);
    world.csods("validate").now(day).done();
    world.sound();
}

#[test]
fn an_agency_is_written_to_at_the_address_of_the_settings() {
    let world = world();
    let window = |to: &str, method: &str| {
        let line = format!("letter REF agency_request --preview --as md --to {to} --method {method}");
        let letter = world.csods(&line).done().stdout;
        let lines = letter.lines().filter_map(|line| line.strip_prefix("to: "));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(window("health", "letter"), ["Health"]);
    let settings = world.git(&["show", "HEAD:csods.toml"]);
    let address =
        "[agencies.addresses]\nhealth = [\"Sample Hospital\", \"Safeguarding\", \"ZZ1 1ZZ\"]\n\n[letters]";
    world.write("store/csods.toml", &settings.replacen("[letters]", address, 1));
    world.csods("commit").beside_edits().by("m.reid").done();
    assert_eq!(window("health", "letter"), ["Sample Hospital", "Safeguarding", "ZZ1 1ZZ"]);
    assert_eq!(window("health", "email"), Vec::<String>::new(), "what is not posted needs none");
    assert_eq!(window("education", "letter"), ["Education"]);
}
