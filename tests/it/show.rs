//! `csods show`.

use crate::index::index_file;
use crate::support::{APPLICATION, At, World, path_of};

#[test]
fn tells_the_case_its_clocks_its_warnings_and_what_comes_next() {
    let world = World::at(At::Decision);
    let shown = world.csods("show REF").json();
    let keys: Vec<&String> = shown.as_object().unwrap().keys().collect();
    assert_eq!(keys[..5], ["version", "case", "clocks", "warnings", "next"]);
    assert_eq!(shown["version"], 1);
    assert_eq!(shown["case"]["subject"]["name"]["family"], "Placeholder");
    let names: Vec<&str> =
        shown["clocks"].as_array().unwrap().iter().map(|of| of["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["initial_checks", "interview", "whole"]);
    assert_eq!(shown["clocks"][2]["due"], "2026-03-30T22:59:59Z");
    assert_eq!(shown["next"]["action"], "decide");
}

#[test]
fn a2_warns_in_text_whoever_looks() {
    let world = World::at(At::Opened);
    let text = world.csods("show REF").by("a.auditor").done().stdout;
    for wanted in ["may not know of the application", "NO LETTERS", "Placeholder", "Initial checks"] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
}

#[test]
fn k1_not_done_never_looks_like_no_trace() {
    let world = World::at(At::Opened);
    let check = "check REF --phase initial --result";
    world
        .csods(&format!("{check} not_done --system pnc --agreed-by m.reid"))
        .from("reason: The system was down.")
        .recorded();
    world.csods(&format!("{check} no_trace --system pnd")).recorded();
    let text = world.csods("show REF").done().stdout;
    let results: Vec<&str> =
        text.lines().filter_map(|line| line.trim().strip_prefix("result ")).map(str::trim).collect();
    assert_eq!(results, ["NOT DONE", "no_trace"], "{text}");
    assert!(text.contains("! the check of pnc was NOT DONE (K1)"), "{text}");
    // Scripts read the words of the file.
    assert_eq!(world.csods("show REF").json()["case"]["checks"][0]["result"], "not_done");
}

#[test]
fn finds_a_case_by_any_forgiving_beginning() {
    let world = World::at(At::Opened);
    let reference = world.reference();
    let random = reference.rsplit('-').next().unwrap();
    let lower = reference.to_lowercase();
    for typed in [reference, &lower, random, &random[..1], &random.to_lowercase()] {
        assert_eq!(world.csods("show").arg(typed).json()["case"]["reference"], reference, "{typed}");
    }
    let dashes = reference.replace('-', "\u{2011}");
    assert_eq!(world.csods("show").arg(dashes).json()["case"]["reference"], reference);
    assert!(world.csods("show ZZ9ZZ").refused(3).stderr.contains("there is no case ZZ9ZZ in"));
    // What could be a name is not said again.
    let ran = world.csods("show Sanders").refused(3).stderr + &world.csods("show Sam").refused(3).stderr;
    assert!(!ran.contains("Sam") && !ran.contains("Sanders"), "{ran}");
    world.csods("show").refused(2);
}

/// The cases that the page points at, each with whether it looks alike now, and whether any were compared now.
fn pointed_at(world: &World, reference: &str) -> (Vec<(String, bool)>, bool) {
    let shown = world.csods("show").arg(reference).json();
    let cases = shown["similar"]["cases"].as_array().unwrap();
    let each = cases.iter().map(|case| {
        let pairs = case["alike"].as_array().unwrap();
        assert!(!pairs.is_empty() && pairs.iter().all(|pair| pair["reasons"][0].is_string()), "{case}");
        (case["reference"].as_str().unwrap().to_owned(), case["now"].as_bool().unwrap())
    });
    let warned = shown["warnings"].as_array().unwrap().iter().filter(|of| of["kind"] == "similar_case");
    assert_eq!(warned.count(), cases.len(), "{shown}");
    assert_eq!(shown["similar"]["total"], cases.len());
    (each.collect(), shown["similar"]["compared_now"].as_bool().unwrap())
}

/// Another family, of whom nobody is like anybody of the case of every world.
fn others() -> String {
    APPLICATION
        .replace("family: Example, given: Alex", "family: Woodward, given: Ines")
        .replace("1988-04-17", "1961-09-30")
        .replace("family: Placeholder, given: Sam", "family: Quimby, given: Otto")
        .replace("1979-11-02", "1955-12-24")
        .replace("family: Example, given: Charlie", "family: Woodward, given: Zoe")
        .replace("2018-06-30", "2011-01-19")
}

#[test]
fn l1_points_at_the_cases_that_look_like_it_now() {
    let world = World::at(At::Opened);
    let later = world.csods("new").from(&others()).opened();
    assert_eq!(pointed_at(&world, &later), (Vec::new(), true));
    // A name that was wrong is put right: then both cases know of each other.
    let correct = |now: &str| {
        let line = format!("correct {later} --path subject.name --code mistake");
        world.csods(&line).from(&format!("{{reason: Misheard., now: {now}}}")).recorded();
    };
    correct("{family: Placeholder, given: Sam}");
    for (one, other) in [(world.reference(), &later), (later.as_str(), &world.reference().to_owned())] {
        assert_eq!(pointed_at(&world, one), (vec![(other.clone(), true)], true));
    }
    let text = world.csods("show REF").done().stdout;
    let line = format!("! {later}: its subject is like the subject of this case: the same name");
    assert!(text.contains(&line), "{text}");
    correct("{family: Quimby, given: Otto}");
    assert_eq!(pointed_at(&world, world.reference()).0, []);
    // What is linked is known.
    let like = world.csods("new").from(APPLICATION).opened();
    assert_eq!(pointed_at(&world, &like).0, [(world.reference().to_owned(), true)]);
    world.csods("link REF").arg(&like).from("reason: The same household.").recorded();
    assert_eq!((pointed_at(&world, &like).0, pointed_at(&world, world.reference()).0), (vec![], vec![]));
}

#[test]
fn l1_says_once_what_was_recorded_when_the_case_was_opened() {
    let world = World::at(At::Opened);
    let like = world.csods("new").from(APPLICATION).opened();
    let now = vec![(world.reference().to_owned(), true)];
    assert_eq!(pointed_at(&world, &like), (now, true));
    let text = world.csods("show").arg(&like).done().stdout;
    assert_eq!(text.matches(world.reference()).count(), 1, "{text}");
    let not_now = vec![(world.reference().to_owned(), false)];
    // Without an index the cases are not read, and none is made.
    let index = index_file(&world);
    std::fs::remove_file(&index).unwrap();
    assert_eq!(pointed_at(&world, &like), (not_now.clone(), false));
    let ran = world.csods("show").arg(&like).done();
    assert!(ran.stderr.contains(&format!("`csods similar {like}` does")), "{}", ran.stderr);
    assert!(!ran.stdout.contains("so it was") && !index.exists(), "{}", ran.stdout);
    world.csods("list").done();
    assert!(index.exists());
    // Nobody in it is like anybody any more.
    for (path, now) in [
        (
            "applicant",
            "{name: {family: Woodward}, date_of_birth: 1961-09-30, relationship_to_child: parent, \
                       safe_contact: {method: phone, letters: false}}",
        ),
        (
            "subject",
            "{name: {family: Quimby}, date_of_birth: 1955-12-24, relationship_to_applicant: partner}",
        ),
    ] {
        let answers = format!("{{reason: Another family., now: {now}}}");
        world
            .csods("correct")
            .arg(&like)
            .arg("--path")
            .arg(path)
            .arg("--code=mistake")
            .from(&answers)
            .recorded();
    }
    let child =
        world.csods("show").arg(&like).json()["case"]["children"][0]["id"].as_str().unwrap().to_owned();
    for (what, now) in [("name", "{family: Woodward, given: Zoe}"), ("date_of_birth", "2011-01-19")] {
        let line = format!("correct {like} --path children.{child}.{what} --code mistake");
        world.csods(&line).from(&format!("{{reason: Another family., now: {now}}}")).recorded();
    }
    assert_eq!(pointed_at(&world, &like), (not_now, true));
    let warnings = world.csods("show").arg(&like).json()["warnings"].to_string();
    assert!(warnings.contains("(so it was when this case was opened)"), "{warnings}");
}

#[test]
fn a_damaged_case_does_not_keep_another_from_being_shown() {
    let world = World::at(At::Opened);
    let other = world.csods("new").from(APPLICATION).opened();
    world.write(&format!("store/{}", path_of(&other)), "no case at all\n");
    world.git(&["commit", "-qam", "damaged"]);
    let shown = world.csods("show REF").json();
    assert_eq!(shown["similar"]["left_out"], serde_json::json!([path_of(&other)]));
    assert_eq!(shown["similar"]["cases"], serde_json::json!([]));
    let ran = world.csods("show REF").done();
    assert!(ran.stderr.contains("1 case(s) cannot be read and were not compared"), "{}", ran.stderr);
    world.csods("similar REF").refused(9);
}

#[test]
fn what_cannot_be_seen_is_shown_by_its_number_and_json_means_the_same() {
    let world = World::at(At::Opened);
    // As it stands in a file that was taken in before such characters were dropped.
    let path = world.store().join(world.case_path());
    let text = std::fs::read_to_string(&path).unwrap();
    let text = text.replacen("family: Placeholder", "family: \"Place\u{ad}hol\u{e0064}der\u{61c}\"", 1);
    crate::support::write(&path, text.as_bytes());
    world.git(&["commit", "-qam", "a name as another program wrote it"]);
    let stored = "Place\u{ad}hol\u{e0064}der\u{61c}";
    let shown = world.csods("show REF").done().stdout;
    assert!(shown.contains("Place<U+00AD>hol<U+E0064>der<U+061C>"), "{shown}");
    for line in ["show REF --format json", "export --to - --as json", "export --to - --as ndjson"] {
        let written = world.csods(line).by("m.reid").done().stdout;
        assert!(written.contains(r"Place\u00adhol\udb40\udc64der\u061c"), "{line}: {written}");
        let value: serde_json::Value = serde_json::from_str(&written).unwrap();
        assert!(value.to_string().contains(stored), "{line}: {written}");
    }
}
