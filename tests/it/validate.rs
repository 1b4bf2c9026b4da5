//! `csods validate`.

use crate::support::{At, World};

#[test]
fn every_life_that_csods_wrote_is_valid() {
    for at in [At::Empty, At::Opened, At::Decision, At::ToInform, At::Closed, At::Withdrawn, At::RightToKnow]
    {
        let world = World::at(at);
        let ran = world.csods("validate").run();
        assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{at:?}");
        assert!(ran.stderr.contains("no problem"), "{}", ran.stderr);
    }
}

#[test]
fn reports_every_problem_with_file_and_line() {
    let world = World::at(At::Decision);
    let spoilt = world
        .case_text()
        .replace("risk_to_child: high", "risk_to_child: huge")
        .replace("channel: online", "channel: pigeon");
    let file = world.write("spoilt.yaml", &spoilt);
    let ran = world.csods("validate --format=json").arg(file.display().to_string()).refused(11);
    let problems = &crate::support::json(&ran.stdout)["problems"];
    let paths: Vec<&str> =
        problems.as_array().unwrap().iter().map(|of| of["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["received.channel", "assessment.risk_to_child"]);
    let line = 1 + spoilt.lines().position(|line| line.contains("pigeon")).unwrap();
    assert_eq!((&problems[0]["line"], &problems[0]["column"]), (&line.into(), &12.into()));
    assert!(!ran.stdout.contains("pigeon"), "{}", ran.stdout);
}

#[test]
fn finds_broken_rules_and_writing_that_is_not_canonical() {
    let world = World::at(At::Decision);
    let broken = world.case_text().replace("stage: decision", "stage: interview");
    let file = world.write("broken.yaml", &broken);
    let ran = world.csods("validate").arg(file.display().to_string()).refused(11);
    assert!(ran.stdout.contains("stands at stage interview, which comes before it (S1)"), "{}", ran.stdout);
    let loose = world.case_text().replace("stage: decision", "stage:   decision");
    let file = world.write("loose.yaml", &loose);
    let ran = world.csods("validate").arg(file.display().to_string()).refused(11);
    assert!(ran.stdout.contains("loose.yaml:5:1: is not written as csods writes it"), "{}", ran.stdout);
    world.csods("validate nowhere.yaml").refused(3);
}
