//! `csods show`.

use crate::support::{At, World};

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
