//! The line in front of a case file that tells an editor of its schema.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::support::{APPLICATION, At, World, path_of};

const LINE: &str = "# yaml-language-server: $schema=../../../../case.schema.json\n";
const WHY: &str = "{code: mistake, reason: Mistyped.}";

/// Has the settings name a schema for case files.
fn set(world: &World, schema: &str) {
    let settings = world.git(&["show", "HEAD:csods.toml"]);
    let line = format!("[case_files]\nschema = \"{schema}\"\n");
    world.write("store/csods.toml", &settings.replacen("[case_files]\n", &line, 1));
}

/// A world whose settings name a schema, and the reference of a case that was opened there.
fn opened() -> (World, String) {
    let world = World::at(At::Opened);
    set(&world, "../case.schema.json");
    world.csods("commit").beside_edits().by("m.reid").done();
    let reference = world.csods("new").from(APPLICATION).opened();
    (world, reference)
}

fn text(world: &World, reference: &str) -> String {
    world.git(&["show", &format!("HEAD:{}", path_of(reference))])
}

/// What stands in the file of a case becomes this, by hand, and is taken in.
fn edited(world: &World, reference: &str, text: &str) -> crate::support::Ran {
    world.write(&format!("store/{}", path_of(reference)), text);
    world.csods("commit").beside_edits().by("m.reid").from(WHY).run()
}

#[test]
fn a_new_file_bears_it_and_keeps_it_and_files_that_were_there_stay_as_they_are() {
    let (world, reference) = opened();
    let first = text(&world, &reference);
    assert!(first.starts_with(&format!("{LINE}format: 1\n")), "{first}");
    for line in ["note REF", "correct REF", "link REF OTHER"] {
        let line = line.replace("REF", &reference).replace("OTHER", world.reference());
        let answers = match line.split(' ').next().unwrap() {
            "note" => "text: Rang back.",
            "correct" => "{path: received.channel, now: phone, code: mistake, reason: Mistyped.}",
            _ => "reason: The same household.",
        };
        world.csods(&line).from(answers).recorded();
        assert!(text(&world, &reference).starts_with(LINE), "{line}");
    }
    world.csods(&format!("note {}", world.reference())).from("text: Rang back.").recorded();
    assert!(world.case_text().starts_with("format: 1\n"));
    let shown = world.csods("show").arg(&reference).json();
    assert_eq!(shown["case"]["received"]["channel"], "phone");
    assert!(!shown.to_string().contains("yaml-language-server"));
    world.csods("validate").done();
    world.sound();
}

#[test]
fn it_is_put_in_and_taken_out_by_hand_and_no_other_is() {
    let (world, reference) = opened();
    let with = text(&world, &reference);
    let without = with.strip_prefix(LINE).unwrap().to_owned();
    assert_eq!(edited(&world, &reference, &without).code, 0);
    assert_eq!(text(&world, &reference), without);
    assert_eq!(edited(&world, &reference, &with).code, 0);
    assert_eq!(text(&world, &reference), with, "nothing of the case differs, so nothing is corrected");
    let told = world.csods("log").arg(&reference).json()["changes"].clone();
    for at in [1, 2] {
        assert!(told[at]["text"].as_str().unwrap().ends_with("and nothing of the case"), "{told}");
    }
    // An editor would fetch what it names.
    let other = with.replacen("../../../../case.schema.json", "https://example.org/steal", 1);
    let ran = edited(&world, &reference, &other);
    assert_eq!((ran.code, ran.commits), (6, 0), "{}", ran.stderr);
    assert!(ran.stderr.contains("case_files.schema"), "{}", ran.stderr);
    // Any other comment is still none.
    for comment in ["# hello\n", "# yaml-language-server: $schema=a b\n", &format!("{LINE}{LINE}")] {
        let ran = edited(&world, &reference, &format!("{comment}{without}"));
        assert_eq!((ran.code, ran.commits), (9, 0), "{comment}{}", ran.stderr);
    }
}

#[test]
fn an_editor_gets_it_and_problems_stand_where_they_are() {
    let (world, reference) = opened();
    let editor = |line: &str| {
        let path = world.write("editor", &format!("#!/bin/sh\n{line}\n"));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path.display().to_string()
    };
    let edit = |script: &str| world.csods("edit").arg(&reference).env("EDITOR", &editor(script)).from(WHY);
    edit(r#"head -1 "$1" | grep -q schema && sed -i 's/channel: online/channel: phone/' "$1""#).recorded();
    assert!(text(&world, &reference).starts_with(LINE));
    let line = 1 + text(&world, &reference).lines().position(|line| line == "  channel: phone").unwrap();
    let ran = edit(r#"sed -i 's/channel: phone/channel: pigeon/' "$1""#).refused(6);
    assert!(ran.stderr.contains(&format!("line {line}, column 12")), "line {line}: {}", ran.stderr);
    let spoilt = text(&world, &reference).replacen("  channel: phone", "  channel: &a phone", 1);
    let ran = edited(&world, &reference, &spoilt);
    assert!(ran.code == 9 && ran.stderr.contains(&format!(" {line}:12")), "{}", ran.stderr);
}

#[test]
fn a_setting_that_is_no_address_is_refused() {
    let world = World::at(At::Opened);
    for schema in ["", "two words.json"] {
        set(&world, schema);
        let ran = world.csods("commit").beside_edits().by("m.reid").run();
        assert!(ran.code == 9 && ran.commits == 0, "{schema:?}: {} {}", ran.code, ran.stderr);
    }
}
