//! The ids of lines: what is given again is not done again.

use serde_json::{Value, json};

use super::{SECRET, answers, apply, check, fate, fates, lines, new, note, with};
use crate::support::{APPLICATION, At, World};

#[test]
fn the_same_id_is_done_once_and_something_else_under_it_is_refused() {
    let mut world = World::at(At::Opened);
    let all: Vec<Value> = [new("a"), check("@a", "pnc"), note(world.reference(), SECRET)]
        .into_iter()
        .enumerate()
        .map(|(number, line)| with(line, "id", &format!("form {number} {SECRET}")))
        .collect();
    apply(&world, "", &lines(&all)).done();
    // Nothing of the ids can be read in the store, and they stand in its history.
    let tree = world.git(&["ls-tree", "-r", "--name-only", "HEAD", "applied"]);
    assert_eq!(tree.lines().count(), 3, "{tree}");
    for path in tree.lines() {
        assert!(!world.git(&["show", &format!("HEAD:{path}")]).contains(SECRET));
    }
    // Again as YAML, in a clone that has tidied up, at another time.
    world.git(&["gc", "-q", "--prune=now"]);
    let clone = world.dir().join("clone");
    world.git(&["clone", "-q", ".", &clone.display().to_string()]);
    std::fs::remove_dir_all(world.store()).unwrap();
    std::fs::rename(&clone, world.store()).unwrap();
    let yaml: Vec<String> = all.iter().map(|line| format!("---\n{}\n", to_yaml(line))).collect();
    let ran = apply(&world, "--format=json", &yaml.concat()).now("2026-03-03T12:00:00Z").done();
    assert_eq!(ran.commits, 0);
    assert!(
        fates(&ran).iter().all(|(_, result, code)| result == "done_before" && *code == 0),
        "{}",
        ran.stdout
    );
    assert_eq!(answers(&ran)[2]["case"], world.reference());
    let new = answers(&ran)[0]["case"].as_str().unwrap().to_owned();
    // A part of them again with something new, twice in one file.
    let more = with(note("@a", "x"), "id", "another");
    let ran = apply(&world, "--format=json", &lines(&[all[0].clone(), more.clone(), more])).done();
    assert_eq!(fates(&ran), [fate(1, "done_before", 0), fate(2, "done", 0), fate(3, "done_before", 0)]);
    world.reference = new;
    assert_eq!(world.case()["notes"].as_array().unwrap().len(), 1);
    let mut else_ = all[1].clone();
    else_["data"]["system"] = json!("pnd");
    apply(&world, "", &lines(&[all[0].clone(), else_])).refused(10);
    // Where the commit is taken back, so are its ids.
    world.git(&["revert", "--no-edit", "HEAD"]);
    let ran =
        apply(&world, "--format=json", &lines(&[all[0].clone(), with(note("@a", "x"), "id", "another")]))
            .done();
    assert_eq!(fates(&ran), [fate(1, "done_before", 0), fate(2, "done", 0)]);
    world.sound();
}

fn to_yaml(line: &Value) -> String {
    let node = csods::store::json::parse(line.to_string().as_bytes()).unwrap();
    csods::store::yaml::write(&node)
}

#[test]
fn ids_hold_case_by_case_too() {
    let world = World::at(At::Opened);
    let other = world.csods("new").from(APPLICATION).opened();
    let input: Vec<Value> = (0..40)
        .map(|number| {
            let case = if number % 2 == 0 { world.reference() } else { &other };
            with(note(case, &number.to_string()), "id", &number.to_string())
        })
        .collect();
    let before = world.commits();
    for round in 0..2 {
        let ran =
            apply(&world, "--per-case --format=json", &lines(&input)).start().wait_with_output().unwrap();
        assert!(ran.status.success());
        assert_eq!(world.commits() - before, 2, "round {round}");
    }
    // Each commit brought the ids of its own case.
    let first = world.git(&["show", "--format=", "HEAD~1"]);
    assert!(first.contains(world.reference()) && !first.contains(&format!("+{other}")));
    let ids = first.lines().filter(|line| line.starts_with('+') && line.ends_with(world.reference())).count();
    assert_eq!(ids, 20, "{first}");
    world.sound();
}
