//! `csods link`.

use crate::support::{APPLICATION, At, World, path_of};

#[test]
fn l1_links_both_ways_in_one_commit() {
    let world = World::at(At::Opened);
    let other = world.csods("new").from(APPLICATION).opened();
    world
        .csods("link REF")
        .arg(&other)
        .from("reason: The same household.")
        .would_write(&format!("to: {other}"));
    world.csods("link REF").arg(&other).from("reason: The same household.").recorded();
    let changed = world.git(&["diff", "--name-only", "HEAD~1"]);
    let mut wanted = [world.case_path(), path_of(&other)];
    wanted.sort();
    assert_eq!(changed.lines().collect::<Vec<_>>(), wanted);
    assert_eq!(world.case()["links"][0]["to"], other);
    let back = world.csods("show").arg(&other).json();
    assert_eq!(back["case"]["links"][0]["to"], world.reference());
    let again = world.csods("link").arg(&other).arg(world.reference()).from("reason: Again.").problems(5);
    assert_eq!(again, ["link.to: the two cases are linked already (L1)"]);
}

#[test]
fn refuses_itself_nobody_and_no_reason() {
    let world = World::at(At::Opened);
    let problems = world.csods("link REF REF").from("reason: Alike.").problems(5);
    assert_eq!(problems[0], "link.to: a case is not linked to itself (L1)");
    world.csods("link REF ZZZ").from("reason: Alike.").refused(3);
    let other = world.csods("new").from(APPLICATION).opened();
    assert_eq!(world.csods("link REF").arg(other).problems(6), ["link.reason: missing"]);
}

#[test]
fn l1_is_taken_out_of_both_cases_in_one_commit() {
    let world = World::at(At::Opened);
    let other = world.csods("new").from(APPLICATION).opened();
    world.csods("link REF").arg(&other).from("reason: The same household.").recorded();
    let id = |reference: &str| {
        let case = world.csods("show").arg(reference).json();
        case["case"]["links"][0]["id"].as_str().map(str::to_owned)
    };
    let (ours, theirs) = (id(world.reference()).unwrap(), id(&other).unwrap());
    let remove = format!("correct REF --path links.{ours} --remove --code mistake");
    world.csods(&remove).from("reason: Another family.").would_write(&format!("path: links.{theirs}"));
    let ran = world.csods(&remove).from("reason: Another family.").done();
    assert!(ran.stderr.contains(&format!("{other}: the link back is taken out as well")), "{}", ran.stderr);
    assert_eq!((id(world.reference()), id(&other)), (None, None));
    let mut wanted = [world.case_path(), path_of(&other)];
    wanted.sort();
    assert_eq!(world.git(&["diff", "--name-only", "HEAD~1"]).lines().collect::<Vec<_>>(), wanted);
    let back = world.csods("show").arg(&other).json()["case"]["corrections"][0].clone();
    assert_eq!((&back["was"]["to"], &back["code"]), (&world.reference().into(), &"mistake".into()));
    world.csods("validate").done();

    // All of them at once, and from a batch.
    let third = world.csods("new").from(APPLICATION).opened();
    for to in [&other, &third] {
        world.csods("link REF").arg(to).from("reason: Once more.").recorded();
    }
    let line = format!(
        "{{\"case\": \"{}\", \"action\": \"correct\", \"data\": {{\"path\": \"links\", \"remove\": true, \
         \"code\": \"mistake\", \"reason\": \"x\"}}}}\n",
        world.reference()
    );
    world.csods("apply -").input(&line).done();
    assert_eq!((id(world.reference()), id(&other), id(&third)), (None, None, None));
    world.sound();
}

#[test]
fn l1_is_not_taken_out_of_one_case_by_hand() {
    let world = World::at(At::Opened);
    let other = world.csods("new").from(APPLICATION).opened();
    world.csods("link REF").arg(&other).from("reason: The same household.").recorded();
    let links = world.case_text().split("links:\n").nth(1).unwrap().to_owned();
    world.edit_case(&format!("links:\n{links}"), "");
    let reason = "{code: mistake, reason: x}";
    let problems = world.csods("commit").beside_edits().by("m.reid").from(reason).problems(5);
    assert!(problems[0].contains("csods correct") && problems[0].ends_with("(L1)"), "{problems:?}");
}
