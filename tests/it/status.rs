//! `csods status`.

use crate::support::{At, World};

#[test]
fn a_clean_store_is_clean() {
    let world = World::at(At::Opened);
    let status = world.csods("status").json();
    assert_eq!((&status["clean"], &status["head"]), (&true.into(), &world.head().into()));
    assert!(world.csods("status").done().stdout.contains("clean: every file is as last committed"));
}

#[test]
fn names_files_edited_added_and_deleted_by_hand() {
    let world = World::at(At::Opened);
    world.edit_case("channel: online", "channel: phone");
    world.write("store/templates/note.md", "words\n");
    world.git(&["add", "templates"]);
    std::fs::remove_file(world.store().join("csods.toml")).unwrap();
    world.git(&["checkout", "-q", "csods.toml"]);
    let status = world.csods("status").beside_edits().json();
    let edited = status["edited"].as_array().unwrap();
    let told: Vec<(&str, &str, bool)> = edited
        .iter()
        .map(|of| {
            (of["path"].as_str().unwrap(), of["how"].as_str().unwrap(), of["staged"].as_bool().unwrap())
        })
        .collect();
    let path = world.case_path();
    assert_eq!(told, [(path.as_str(), "edited", false), ("templates/note.md", "added", true)]);
}
