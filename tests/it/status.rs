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

#[test]
fn names_what_an_editor_left_beside_a_case_and_never_takes_it_in() {
    let world = World::at(At::Opened);
    let path = world.case_path();
    let (directory, name) = path.rsplit_once('/').unwrap();
    let left = [format!("{directory}/.{name}.swp"), format!("{path}~")];
    for file in &left {
        world.write(&format!("store/{file}"), "format: 1\n");
    }
    // Also where git is told to pass over them.
    world.write("store/.git/info/exclude", "*.swp\n");
    let status = world.csods("status").beside_edits().json();
    let empty: [&str; 0] = [];
    assert_eq!((&status["clean"], &status["edited"]), (&true.into(), &empty.as_slice().into()));
    assert_eq!(status["left_by_editors"], serde_json::json!(left));
    let answer = world.csods("commit").beside_edits().json();
    assert_eq!(answer["commit"], serde_json::Value::Null);
    assert!(world.store().join(&left[1]).exists());
}
