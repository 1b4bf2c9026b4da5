//! `csods import --suggest`.

use std::fs;

use super::{REGISTER, beside, import, office};

#[test]
fn a_suggestion_needs_only_what_nobody_can_guess() {
    let world = office();
    let file = beside(&world, "register.csv", REGISTER.as_bytes());
    let map = world.dir().join("suggested.toml");
    let file = file.to_str().unwrap();
    world.csods("import --suggest").arg(file).arg("--output").arg(map.to_str().unwrap()).done();
    let text = fs::read_to_string(&map).unwrap();
    // No name, no address, no date, no text, no officer.
    for value in ["Placeholder", "Sample Street", "Charlie", "1988", "17/04", "quiet", "Osei", "PPU", "Rang"]
    {
        assert!(!text.to_lowercase().contains(&value.to_lowercase()), "{value}: {text}");
    }
    assert!(
        text.contains("date = \"%d/%m/%Y\"") && text.contains("date = \"%d/%m/%y\"\npivot = 25"),
        "{text}"
    );
    // What is left to a person: who took and closed what nobody recorded, who the officers are, a few words, and the
    // column of notes.
    let mended = text
        .replace("# \"received.by\" = \"\"", "\"received.by\" = \"archive\"")
        .replace("# \"closure.by\" = \"\"", "\"closure.by\" = \"archive\"")
        .replace("# its words must be ids", "values = {\"D Osei\" = \"d.osei\"}  #")
        .replace("# \"nothing known\" = \"\"", "\"nothing known\" = \"nothing_to_disclose\"")
        .replace("ignored = []", "ignored = [\"Notes\"]");
    let answer = import(&world, "register.csv", REGISTER.as_bytes(), &mended).recorded();
    assert_eq!(answer["cases"].as_array().unwrap().len(), 4);
    world.csods("validate").done();
}

#[test]
fn a_suggestion_goes_to_standard_output_and_needs_no_store() {
    let world = crate::support::World::bare();
    let file = beside(&world, "forms.json", include_bytes!("../../import/forms.json"));
    let text = world.csods("import --suggest").arg(file.to_str().unwrap()).done().stdout;
    for line in ["to = \"children.1.name.given\"", "to = \"received.at\"", "\"mother\" = \"parent\""] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(!text.contains("Kim") && !text.contains("gate"), "{text}");
}

#[test]
fn older_letters_are_found_out() {
    let world = crate::support::World::bare();
    let file = beside(&world, "old.csv", b"Applicant surname,Prot\xe9g\xe9\nExample,x\n");
    let text = world.csods("import --suggest").arg(file.to_str().unwrap()).done().stdout;
    assert!(text.contains("[file]\nencoding = \"windows-1252\""), "{text}");
    assert!(text.contains("# [columns.\"Prot\u{e9}g\u{e9}\"]"), "{text}");
}
