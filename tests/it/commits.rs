//! What a commit of each kind says (X1), and that the history of such commits replays.

use serde_json::json;

use csods::domain::action::ActionKind;

use crate::old_register;
use crate::replay::replayed;
use crate::support::{APPLICATION, At, World, path_of};

/// The last commit's subject and trailers, without who acted and by which program.
fn said(world: &World) -> Vec<String> {
    let text = world.git(&["log", "-1", "--format=%B"]);
    let kept = |line: &&str| !line.is_empty() && !line.starts_with("Clock") && !line.starts_with("Csods");
    text.replace(world.reference(), "REF").lines().filter(kept).map(str::to_owned).collect()
}

#[test]
fn every_kind_of_commit_says_what_it_recorded_and_replays() {
    let world = World::at(At::Opened);
    let posted =
        APPLICATION.replace("letters: false", "letters: true").replace("father: unknown", "father: \"yes\"");
    let other = world.csods("new").from(&posted).opened();
    let id = |list: &str| {
        let case = world.case();
        case[list].as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned()
    };

    world.csods("note REF").from("text: Rang.").recorded();
    let note = format!("Change: REF note {}", id("notes"));
    let ends = ["Actor: d.osei", "Role: call_handler", "Format: 1", "Rules: 2"];
    let single = ["REF: note", "Case: REF", "Action: note", "Stage: initial_checks", &note];
    assert_eq!(said(&world), [&single[..], &ends].concat());

    let lines = format!(
        "{}{}{}",
        json!({"case": world.reference(), "action": "note", "data": {"text": "One."}}).to_string() + "\n",
        json!({"case": other, "action": "note", "data": {"text": "Two."}}).to_string() + "\n",
        json!({"case": world.reference(), "action": "note", "data": {"text": "Three."}}).to_string() + "\n",
    );
    world.csods("apply -").input(&lines).done();
    let batch = said(&world);
    assert_eq!(batch[..2], ["apply: 3 changes to 2 cases", "Action: apply"]);
    assert!(
        batch[2].starts_with("Change: REF note ") && batch[3].starts_with(&format!("Change: {other} note "))
    );
    assert!(batch[4].starts_with("Change: REF note ") && batch[4] != batch[2], "{batch:?}");

    world.csods(&format!("link REF {other}")).from("reason: One street.").recorded();
    let link = said(&world);
    assert_eq!(link[4], format!("Change: REF link {}", id("links")));
    assert!(link[5].starts_with(&format!("Change: {other} link ")), "{link:?}");

    world.csods("letter REF acknowledgement --method in_person").recorded();
    assert_eq!(said(&world)[4], format!("Change: REF letter {}", id("letters")));
    let letter = id("letters");
    world.csods(&format!("letter REF --sent {letter}")).recorded();
    assert_eq!(said(&world)[4], format!("Change: REF sent {letter}"));

    world.csods("letter --all-due").now("2026-03-04T12:00:00Z").done();
    let letters = said(&world);
    assert_eq!(letters[..2], ["csods: letter", "Action: letter"]);
    assert!(letters[2].starts_with(&format!("Change: {other} letter ")), "{letters:?}");

    let row = |reference, received, family, child| {
        vec![
            ("Ref", reference),
            ("Date received", received),
            ("How received", "Web"),
            ("Applicant Surname", family),
            ("Applicant Forename", "Ann"),
            ("DOB", "17/04/88"),
            ("Relationship", "Mother"),
            ("Subject name", "Cy Charlie"),
            ("Subject DOB", "02/11/79"),
            ("Child 1", child),
        ]
    };
    let rows =
        [row("OLD/1", "02/03/2015", "Alpha", "Dee Delta"), row("OLD/2", "03/03/2015", "Beta", "Dee Drum")];
    let register = old_register::register(&rows);
    let mapping = old_register::MAPPING.replace("\"archive\"", "\"d.osei\"");
    let (register, mapping) = (world.write("old.csv", &register), world.write("map.toml", &mapping));
    let import = format!("import {} --mapping {}", register.display(), mapping.display());
    world.csods(&import).by("m.reid").now("2026-03-04T13:00:00Z").done();
    let imported = said(&world);
    assert_eq!(imported[..2], ["csods: import", "Action: import"]);
    let changes =
        imported.iter().filter(|line| line.starts_with("Change: ") && line.ends_with(" import imported"));
    assert_eq!(changes.count(), 2, "{imported:?}");

    world.edit_case("channel: online", "channel: phone");
    world
        .csods("commit")
        .by("m.reid")
        .now("2026-03-04T13:00:00Z")
        .from("{code: mistake, reason: Misread.}")
        .done();
    assert_eq!(said(&world)[4], format!("Change: REF edit {}", id("corrections")));

    world.edit_case("channel: phone", "channel: online");
    let second = path_of(&other);
    let text = world.git(&["show", &format!("HEAD:{second}")]).replace("channel: online", "channel: phone");
    world.write(&format!("store/{second}"), &text);
    world
        .csods("commit")
        .by("m.reid")
        .now("2026-03-04T13:00:00Z")
        .from("{code: mistake, reason: Misread.}")
        .done();
    let edits = said(&world);
    assert_eq!(edits[..2], ["csods: edit", "Action: edit"]);
    assert_eq!(edits.iter().filter(|line| line.contains(" edit ")).count(), 2, "{edits:?}");

    let added = world.git(&["show", &format!("HEAD:{}", world.case_path())]);
    let added = added.replace(world.reference(), "KP-26-7K3QF4");
    let mine = added.split("links:").next().unwrap().to_owned();
    world.write("store/cases/2026/7/KP-26-7K3QF4.yaml", &mine);
    world
        .csods("commit")
        .by("m.reid")
        .now("2026-03-04T13:00:00Z")
        .from("{code: mistake, reason: Found on paper.}")
        .done();
    assert_eq!(said(&world)[4], "Change: KP-26-7K3QF4 edit file");

    let settings = world.git(&["show", "HEAD:csods.toml"]).replace("fresh_days = 28", "fresh_days = 21");
    world.write("store/csods.toml", &settings);
    world.csods("commit").by("m.reid").now("2026-03-04T13:00:00Z").done();
    assert_eq!(said(&world)[..2], ["csods: settings", "Action: settings"]);
    assert!(!said(&world).iter().any(|line| line.starts_with("Change")), "{:?}", said(&world));
    world
        .csods("person add n.new --name N --email n.new@example.org --role auditor")
        .by("m.reid")
        .now("2026-03-04T13:00:00Z")
        .done();
    assert_eq!(said(&world)[..2], ["csods: person", "Action: person"]);

    let counts = replayed(&world.store(), 0);
    for kind in [ActionKind::New, ActionKind::Note, ActionKind::Link, ActionKind::Letter, ActionKind::Sent] {
        assert!(counts.contains_key(&kind), "{kind}: {counts:?}");
    }
    assert_eq!((counts[&ActionKind::Import], counts[&ActionKind::Edit]), (2, 4));
}
