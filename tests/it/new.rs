//! `csods new`.

use crate::support::{APPLICATION, At, RECEIVED, RIGHT_TO_KNOW, World};

#[test]
fn opens_an_application_whose_clocks_run_from_receipt() {
    let world = World::at(At::Empty);
    let answer = world.csods("new").by("r.patel").from(APPLICATION).recorded();
    assert_eq!((&answer["stage"], &answer["next"]["action"]), (&"initial_checks".into(), &"check".into()));
    let reference = answer["reference"].as_str().unwrap();
    let shown = world.csods("show").arg(reference).json();
    assert_eq!(shown["case"]["received"]["at"], RECEIVED);
    assert_eq!(shown["case"]["received"]["by"], "r.patel");
    assert_eq!(shown["clocks"][0]["due"], "2026-03-03T09:15:00Z");
    assert_eq!(shown["case"]["guidance"], "2023");
}

#[test]
fn x1_references_are_never_drawn_twice() {
    let world = World::at(At::Empty);
    let drawn: Vec<String> = (0..4).map(|_| world.csods("new").from(APPLICATION).opened()).collect();
    let mut unique = drawn.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), drawn.len(), "{drawn:?}");
}

#[test]
fn x1_a_reference_whose_case_plain_git_took_out_is_not_given_again() {
    let world = World::at(At::Empty);
    let first = world.csods("new").from(APPLICATION).opened();
    world.git(&["revert", "--no-edit", "HEAD"]);
    world.csods("show").arg(&first).refused(3);
    assert_ne!(world.csods("new").from(APPLICATION).opened(), first);
}

#[test]
fn t1_t2_the_route_says_whether_there_is_an_applicant() {
    let world = World::at(At::Empty);
    let nobody = RIGHT_TO_KNOW.replace("right_to_know", "right_to_ask");
    let problems = world.csods("new").from(&nobody).problems(6);
    assert!(problems.iter().all(|problem| problem.starts_with("applicant.")), "{problems:?}");
    let somebody = APPLICATION.replace("right_to_ask", "right_to_know");
    let problems = world.csods("new").from(&somebody).problems(5);
    assert_eq!(problems, ["applicant: a right-to-know case has no applicant (T2)"]);
}

#[test]
fn l1_points_out_similar_cases_without_names() {
    let world = World::at(At::Opened);
    let ran = world.csods("new").from(APPLICATION).done();
    let wanted = format!("similar case: {}: its ", world.reference());
    assert!(ran.stderr.contains(&wanted), "{}", ran.stderr);
    assert!(!ran.stderr.contains("Placeholder"), "{}", ran.stderr);
}

#[test]
fn l1_says_in_which_of_its_people_a_case_is_alike() {
    let world = World::at(At::Opened);
    let ran = world.csods("new").from(APPLICATION).done();
    let found: Vec<&str> = ran.stderr.lines().filter(|line| line.starts_with("similar case")).collect();
    assert_eq!(found.len(), 1, "one line a case: {}", ran.stderr);
    for person in ["applicant", "subject", "child"] {
        let wanted =
            format!("its {person} is like the {person} of this case: the same name, the same date of birth");
        assert!(found[0].contains(&wanted), "{person}: {}", ran.stderr);
    }
}

#[test]
fn l1_the_same_person_comes_before_a_crowd_of_namesakes_and_the_rest_are_counted() {
    let world = World::at(At::Empty);
    let namesake = RIGHT_TO_KNOW.replace("{family: Instance, given: Kim}", "{family: Other, given: Jo}");
    for _ in 0..11 {
        world.csods("new").from(&namesake).opened();
    }
    let dated = namesake.replace("given: Robin}}", "given: Robin}, date_of_birth: 1979-11-02}");
    let same = world.csods("new").from(&dated).opened();
    let ran = world
        .csods("new")
        .from(&dated.replace("{family: Other, given: Jo}", "{family: New, given: Ash}"))
        .done();
    let first = ran.stderr.lines().find(|line| line.starts_with("similar case")).unwrap();
    assert!(first.starts_with(&format!("similar case: {same}: its subject")), "{}", ran.stderr);
    assert!(ran.stderr.contains("2 more similar case(s)"), "{}", ran.stderr);
}

#[test]
fn refuses_what_is_incomplete_or_lies_in_the_future() {
    let world = World::at(At::Empty);
    let problems = world.csods("new").problems(6);
    for path in ["route", "received.channel", "children", "concern"] {
        assert!(problems.contains(&format!("{path}: missing")), "{path}: {problems:?}");
    }
    let future = APPLICATION.replace(RECEIVED, "2026-03-03T09:15:00Z");
    assert_eq!(world.csods("new").from(&future).problems(6), ["received.at: lies in the future"]);
    world.csods("new").by("a.auditor").from(APPLICATION).refused(7);
    world.csods("new").from(APPLICATION).would_write("stage: initial_checks");
}
