//! `csods log`.

use crate::support::{At, World};

#[test]
fn tells_a_case_from_its_first_day() {
    let world = World::at(At::Closed);
    let told = world.csods("log REF").json();
    let changes = told["changes"].as_array().unwrap();
    let actions: Vec<&str> = changes.iter().map(|change| change["action"].as_str().unwrap()).collect();
    assert_eq!((actions[0], actions[5], *actions.last().unwrap()), ("new", "screen", "close"));
    assert_eq!(changes[0]["clock_set_by_hand"], true);
    assert_eq!(changes.last().unwrap()["actor"], "m.reid");
    let text = world.csods("log REF").done().stdout;
    assert!(text.contains("M.REID (supervisor)") && text.lines().count() >= changes.len(), "{text}");
}

#[test]
fn says_where_the_history_of_a_copy_begins() {
    let world = World::at(At::Opened);
    world.csods("note REF").from("text: They rang.").done();
    let text = world.csods("log REF").done().stdout;
    assert!(text.contains("They rang. ["), "{text}");
    let from = format!("file://{}", world.store().display());
    let shallow = world.dir().join("shallow");
    world.git(&["clone", "-q", "--depth", "1", &from, &shallow.display().to_string()]);
    let text = world.csods("log REF --store").arg(shallow.display().to_string()).done().stdout;
    assert!(text.contains("is where the history in this copy of the store begins."), "{text}");
}

#[test]
fn tells_the_store_and_no_more_than_asked() {
    let world = World::at(At::Opened);
    let all = world.csods("log").json()["changes"].as_array().unwrap().len();
    assert_eq!(all, world.commits());
    let last = world.csods("log --limit 1").json();
    assert_eq!(last["changes"].as_array().unwrap().len(), 1);
    assert_eq!(last["changes"][0]["case"], world.reference());
    world.csods("log ZZZZZ").refused(3);
}

#[test]
fn many_changes_are_told_as_each_of_them_is() {
    let world = World::at(At::Decision);
    for text in ["First.", "Second.", "Third."] {
        world.csods("note REF").from(&format!("text: {text}")).recorded();
    }
    let told = || {
        let told = world.csods("log REF").json();
        let changes = told["changes"].as_array().unwrap().clone();
        changes.iter().map(|change| change["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let whole = told();
    // One at a time each stands alone.
    let alone = |number: usize| {
        let told = world.csods(&format!("log REF --limit {number}")).json();
        told["changes"][0]["text"].as_str().unwrap().to_owned()
    };
    let all: Vec<String> = (1..=whole.len()).rev().map(alone).collect();
    assert_eq!(whole, all);
    // A commit that says it is another than it is, amid others.
    let message = world.git(&["log", "-1", "--format=%B"]);
    let changed = world.case_text().replace("Second.", "Another.");
    world.write(&format!("store/{}", world.case_path()), &changed);
    world.git(&["commit", "-qam", &message]);
    for text in ["Fourth.", "Fifth."] {
        world.csods("note REF").from(&format!("text: {text}")).recorded();
    }
    let after = told();
    assert_eq!(after[..whole.len()], whole);
    assert!(after[whole.len()].contains("no action of csods"), "{after:?}");
    assert!(
        after[whole.len() + 1].contains("Fourth.") && after[whole.len() + 2].contains("Fifth."),
        "{after:?}"
    );
}
