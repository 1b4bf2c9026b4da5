//! What holds for every command: who acts, where the store is found, what plain git may do beside it.

use std::process::Stdio;

use crate::support::{APPLICATION, At, World, json};

#[test]
fn r3_only_people_of_the_store_change_it() {
    let world = World::at(At::Opened);
    for line in ["note REF", "assign REF m.reid", "new", "person end r.patel", "commit", "edit REF"] {
        let ran = world.csods(line).by("n.obody").env("EDITOR", "true").refused(7);
        assert!(
            ran.stderr.contains("your e-mail address is that of no person of this store"),
            "{}",
            ran.stderr
        );
        assert!(!ran.stderr.contains("n.obody"), "{}", ran.stderr);
    }
    let ran = world.csods("note REF").env("GIT_AUTHOR_EMAIL", "").from("text: Rang.").refused(7);
    assert!(ran.stderr.contains("hint: git config"), "{}", ran.stderr);
    world.git(&["config", "user.email", "m.reid@example.org"]);
    world.csods("note REF").env("GIT_AUTHOR_EMAIL", "").from("text: Rang.").recorded();
    assert_eq!(world.case()["notes"][0]["by"], "m.reid");
}

#[test]
fn the_store_is_found_from_inside_by_name_and_from_the_environment() {
    let world = World::at(At::Opened);
    let store = world.store().display().to_string();
    let run = |directory: &std::path::Path, args: &[&str], variable: Option<&str>| {
        let mut command = world.csods("list --format=json").command();
        command.current_dir(directory).args(args).envs(variable.map(|store| ("CSODS_STORE", store)));
        command.output().unwrap().status.code().unwrap()
    };
    assert_eq!(run(&world.store().join("cases"), &[], None), 0);
    assert_eq!(run(world.dir(), &[], None), 3);
    assert_eq!(run(world.dir(), &["--store", &store], None), 0);
    assert_eq!(run(world.dir(), &[], Some(&store)), 0);
    assert_eq!(run(&world.store(), &["--store", "nowhere"], None), 3);
}

#[test]
fn standard_input_that_is_closed_or_silent_never_hangs() {
    let world = World::at(At::Opened);
    for line in
        ["new", "note REF", "decide REF", "advance REF", "edit REF", "note REF --no-input", "new --from -"]
    {
        let ran = world.csods(line).through(&["sh", "-c", "exec \"$0\" \"$@\" <&-"]).run();
        assert!(ran.code != 0 && ran.commits == 0, "{line}");
        // A pipe that stays open and says nothing: only --from - reads it.
        if !line.ends_with('-') {
            let mut child = world.csods(line).command().stdin(Stdio::piped()).spawn().unwrap();
            let open = child.stdin.take();
            assert_ne!(child.wait().unwrap().code(), Some(0), "{line}");
            drop(open);
        }
    }
}

#[test]
fn missing_answers_are_listed_with_their_flags() {
    let world = World::at(At::Interview);
    let ran = world.csods("interview REF --no-input --format=json").refused(6);
    let error = &json(&ran.stderr)["error"];
    let problems = error["problems"].as_array().unwrap();
    let flag = |path: &str| problems.iter().find(|of| of["path"] == path).unwrap().get("flag").cloned();
    assert_eq!(flag("interview.mode"), Some("--mode".into()));
    assert_eq!(flag("interview.warnings.confidentiality"), Some("--warnings-confidentiality".into()));
    assert_eq!(flag("interview.concern"), None, "a personal fact has no flag");
    assert!(error["hint"].as_str().unwrap().contains("nothing was changed"), "{error}");
    let text = world.csods("interview REF").refused(6).stderr;
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("error: ") && lines.last().unwrap().starts_with("hint: "), "{text}");
}

#[test]
fn wrong_usage_is_said_in_the_form_that_was_asked_for() {
    let world = World::at(At::Opened);
    let ran = world.csods("note --format json --colour").refused(2);
    assert_eq!(json(&ran.stderr)["error"]["kind"], "usage");
    assert!(world.csods("note --colour").refused(2).stderr.starts_with("error: "));
    // A word too many may be a fact that was meant for --from.
    for format in ["text", "json"] {
        let ran = world.csods("note REF --format").arg(format).arg("Placeholder rang").refused(2);
        assert!(ran.stderr.contains("unexpected argument"), "{}", ran.stderr);
        assert!(!ran.stderr.contains("Placeholder"), "{}", ran.stderr);
    }
    world.csods("--version").done();
    assert!(world.csods("--help").done().stdout.contains("CSODS_NOW"));
    world.csods("list").now("yesterday").refused(2);
    world.csods("list").env("CSODS_SEED", "seven").refused(2);
}

#[test]
fn a_clone_of_a_store_is_a_store() {
    let mut world = World::at(At::Decision);
    let clone = world.dir().join("clone");
    world.git(&["clone", "-q", ".", &clone.display().to_string()]);
    std::fs::remove_dir_all(world.store()).unwrap();
    std::fs::rename(&clone, world.store()).unwrap();
    world.sound();
    world.csods("note REF").from("text: In the clone.").recorded();
    world.reference = world.csods("new").from(APPLICATION).opened();
    assert_eq!(world.case()["stage"], "initial_checks");
    world.csods("validate").done();
    world.sound();
}

#[test]
fn plain_git_works_after_csods_and_csods_after_plain_git() {
    let world = World::at(At::Opened);
    world.write("store/templates/note.md", "words\n");
    world.git(&["add", "."]);
    world.git(&["commit", "-qm", "a template by hand"]);
    world.csods("note REF").from("text: After plain git.").recorded();
    assert_eq!(world.git(&["show", "HEAD:templates/note.md"]), "words\n");
    world.git(&["revert", "--no-edit", "HEAD"]);
    assert!(world.case().get("notes").is_none());
    world.csods("note REF").from("text: After the revert.").recorded();
    assert_eq!(world.git(&["log", "--format=%s", "--", &world.case_path()]).lines().count(), 4);
    world.git(&["gc", "-q"]);
    world.csods("note REF").from("text: After git gc.").recorded();
    world.sound();
}

#[test]
fn x1_a_commit_says_who_what_which_case_and_stage() {
    let world = World::at(At::Checked);
    world.csods("note REF").by("m.reid").from("text: Rang.").done();
    let (reference, version) = (world.reference(), env!("CARGO_PKG_VERSION"));
    let note = world.case()["notes"][0]["id"].as_str().unwrap().to_owned();
    let wanted = format!(
        "{reference}: note\n\nCase: {reference}\nAction: note\nStage: initial_checks\n\
         Change: {reference} note {note}\nActor: m.reid\nRole: supervisor\nFormat: 1\nRules: 2\n\
         Csods: {version}\nClock: set by hand\n"
    );
    assert_eq!(world.git(&["log", "-1", "--format=%B"]).trim_end(), wanted.trim_end());
    assert_eq!(
        world.git(&["log", "-1", "--format=%an|%ae|%at"]).trim(),
        "M.REID|m.reid@example.org|1772452800"
    );
}
