//! `csods decide`.

use crate::support::{At, DISCLOSE, NOTHING_TO_DISCLOSE, World};

#[test]
fn records_the_decision_and_leaves_its_stage() {
    let world = World::at(At::Decision);
    let answer = world.csods("decide REF").by("m.reid").from(DISCLOSE).recorded();
    assert_eq!((&answer["stage"], &answer["next"]["action"]), (&"outcome".into(), &"disclose".into()));
    let message = world.git(&["log", "-1", "--format=%an <%ae>%n%B"]);
    for line in ["M.REID <m.reid@example.org>", "Action: decide", "Actor: m.reid", "Role: decision_maker"] {
        assert!(message.lines().any(|of| of == line), "{line}: {message}");
    }
}

#[test]
fn d1_nothing_is_presumed() {
    let world = World::at(At::Decision);
    let problems = world.csods("decide REF").by("m.reid").problems(6);
    // D3 asks for the consultation whatever the decision will be, so it is named with the rest (S2).
    let missing = [
        "decision.outcome: missing",
        "decision.necessity: missing",
        "decision.pressing_need: missing",
        "decision.proportionality: missing",
        "decision.consulted: social_care was not consulted (D3)",
    ];
    assert_eq!(problems, missing);
}

#[test]
fn r4_who_assessed_never_decides_nor_records_the_decision() {
    let world = World::at(At::Decision);
    let osei = "decision_maker case_officer supervisor";
    world
        .csods(&format!("person add d.osei --name D --email d.osei@example.org --role {osei}"))
        .by("m.reid")
        .done();
    let ran = world.csods("decide REF").from(DISCLOSE).refused(7);
    assert!(ran.stderr.contains("d.osei wrote or recorded an assessment of this case"), "{}", ran.stderr);
    let ran = world.csods("decide REF --by d.osei").by("m.reid").from(DISCLOSE).refused(7);
    assert!(ran.stderr.contains("(R4)"), "{}", ran.stderr);
    world.csods("decide REF").by("r.patel").from(DISCLOSE).refused(7);
}

#[test]
fn names_everything_that_a_disclosure_needs() {
    let world = World::at(At::Decision);
    let bare = "{outcome: disclose, necessity: a, pressing_need: b, proportionality: c}";
    let problems = world.csods("decide REF").by("m.reid").from(bare).problems(6);
    let wanted = [
        "decision.representations.considered: missing",
        "decision.representations.sought: missing",
        "decision.consulted: social_care was not consulted (D3)",
        "decision.recipients: missing",
        "decision.form_of_words: missing",
        "decision.subject_told.told: missing",
        "decision.subject_told.reason: missing",
    ];
    assert_eq!(problems, wanted);
}

#[test]
fn o1_the_outcome_fits_what_is_held() {
    let world = World::at(At::Decision);
    let problems = world.csods("decide REF").by("m.reid").from(NOTHING_TO_DISCLOSE).problems(5);
    let wanted =
        "decision.outcome: something is held: where the tests are not met it is `do_not_disclose` (O1)";
    assert_eq!(problems, [wanted]);
    world.csods("decide REF").by("m.reid").from(DISCLOSE).would_write("outcome: disclose");
}
