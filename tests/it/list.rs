//! `csods list`.

use crate::support::{APPLICATION, At, RIGHT_TO_KNOW, World};

fn references(world: &World, filters: &str) -> Vec<String> {
    let listed = world.csods(&format!("list {filters}")).json();
    let cases = listed["cases"].as_array().unwrap();
    cases.iter().map(|case| case["reference"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn shows_cases_by_filter_and_never_a_name() {
    let world = World::at(At::Decision);
    let new = world.csods("new").from(APPLICATION).opened();
    let known = world.csods("new").from(RIGHT_TO_KNOW).opened();
    let first = world.reference().to_owned();
    let mut all = vec![first.clone(), new.clone(), known.clone()];
    all.sort();
    assert_eq!(references(&world, ""), all);
    assert_eq!(references(&world, "--stage decision"), [first.as_str()]);
    assert_eq!(references(&world, "--route right_to_know"), [known.as_str()]);
    assert_eq!(references(&world, "--owner none"), [known.as_str()]);
    assert_eq!(references(&world, "--channel post"), [""; 0]);
    assert_eq!(references(&world, "--received 2026-03-03..").len(), 0);
    assert_eq!(references(&world, "--limit 2").len(), 2);
    let text = world.csods("list").done().stdout;
    assert!(text.contains(&new) && !text.contains("Example"), "{text}");
}

#[test]
fn gives_rows_to_scripts_and_spreadsheets() {
    let world = World::at(At::Opened);
    let listed = world.csods("list").json();
    assert_eq!((&listed["version"], &listed["total"]), (&1.into(), &1.into()));
    let case = &listed["cases"][0];
    assert_eq!((&case["clock"], &case["overdue"]), (&"initial_checks".into(), &false.into()));
    let csv = world.csods("list --format csv").done().stdout;
    let lines: Vec<&str> = csv.lines().collect();
    assert!(lines[0].starts_with("reference,stage,route,owner") && lines.len() == 2, "{csv}");
}

#[test]
fn fails_closed_and_refuses_filters_that_mean_nothing() {
    let world = World::at(At::Opened);
    world.csods("list --stage limbo").refused(2);
    world.csods("list --received yesterday").refused(2);
    let path = world.write(&format!("store/{}", world.case_path()), "format: 1\n");
    assert!(path.exists());
    world.git(&["commit", "-qam", "spoil"]);
    let ran = world.csods("list").refused(9);
    assert!(ran.stdout.is_empty() && ran.stderr.contains(&world.case_path()), "{}", ran.stderr);
}

#[test]
fn a_stray_word_is_not_said_again() {
    let world = World::at(At::Opened);
    for line in ["list", "due", "board", "export --to ../x.json", "list --format json"] {
        for words in [
            &["Zyxwvut"][..],
            &["stage:interview", "Zyxwvut", "Kjihgf"],
            &["Zyxwvut:Kjihgf"],
            &["zyx:wvut"],
            &["Zyx wvut"],
        ] {
            let ran = words.iter().fold(world.csods(line).by("m.reid"), |command, word| command.arg(*word));
            let ran = ran.refused(2);
            assert!(ran.stderr.contains("the expression cannot be read"), "{}", ran.stderr);
            for secret in ["Zyx", "wvut", "Kjihgf"] {
                assert!(!ran.stderr.contains(secret), "{line} {words:?}: {}", ran.stderr);
            }
        }
    }
    let pointed = world.csods("list stage:interview Zyxwvut -urgent").refused(2).stderr;
    assert!(pointed.contains("  stage:interview (...) -urgent\n                  ^^^^^\n"), "{pointed}");
    let pointed = world.csods("list stage:limbo Zyxwvut").refused(2).stderr;
    assert!(pointed.contains("  stage:limbo (...)\n        ^^^^^\n"), "{pointed}");
}
