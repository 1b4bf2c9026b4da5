//! The stages of a case, each answered at the prompt.

use super::recorded;
use super::terminal::*;
use crate::support::{At, World};

#[test]
fn d1_a_decision_presumes_nothing_and_asks_what_follows_from_it() {
    let world = World::at(At::Decision);
    let before = world.commits();
    let mut screen = world.csods("decide REF").by("m.reid").at_terminal(80);
    screen.sees("What is decided?").sees("Choose").sees("Nothing to disclose").types(ENTER).types(ENTER);
    // Enter chose nothing: the list still stands without a mark, and the first key marks its first item.
    screen.types(DOWN).sees("> Disclose: conviction").types(DOWN).types(DOWN).types(DOWN);
    screen.sees("> Nothing to disclose").types(ENTER);
    screen.sees("! something is held: where the tests are not met it is `do_not_disclose` (O1)");
    screen.chooses("so far: Nothing to disclose", "Disclose: conviction");
    screen.answers("Test (a)", "Without it the child stays alone with him.");
    screen.answers("Test (b)", "He lives there.").answers("Test (c)", "Least told.");
    screen.says("considered whether to ask the subject", "y").says("Were representations sought", "n");
    screen.chooses("Why were they not sought?", "Not safe").answers("The reason in full", "He would know.");
    screen.says("Which agencies were consulted?", "y").chooses("Which agency was consulted?", "social care");
    screen.answers("What is the agency's view?", "They agree.").says("another?", "n");
    screen.chooses("What is the recipient?", "A parent").answers("Family name", "Example");
    screen.answers("Given names", "Robin").answers("Why this person?", "Lives with the child.");
    screen.says("another?", "n").answers("The exact form of words", "He has a conviction.");
    screen.says("Will the subject be told", "n").answers("Why?", "Not safe.");
    screen.chooses("Your answers", "Record it");
    screen.done();
    recorded(&world, before);
    let case = world.case();
    let decision = &case["decision"];
    assert_eq!((&case["stage"], &decision["by"]), (&"outcome".into(), &"m.reid".into()));
    assert_eq!(decision["outcome"], "disclose");
    assert_eq!(decision["representations"]["why_not"], "not_safe");
    assert_eq!(decision["recipients"][0]["name"]["given"], "Robin");
    assert_eq!(decision["subject_told"]["reason"], "Not safe.");
}

#[test]
fn d2_representations_that_were_sought_are_told() {
    let world = World::at(At::Decision);
    let mut screen = world.csods("decide REF").by("m.reid").at_terminal(80);
    screen.chooses("What is decided?", "Do not disclose").answers("Test (a)", "a").answers("Test (b)", "b");
    screen.answers("Test (c)", "c").says("considered whether", "n");
    screen.says("must be considered (D2)", "y").says("Were representations sought", "y");
    screen
        .answers("On which day were they sought?", "1/3/2026")
        .answers("lies before the application was received", "\u{7f}2")
        .answers("How were they sought?", "By phone.");
    screen.answers("What did the subject say?", "He denies it.").answers("What weight", "Little.");
    screen.says("Which agencies were consulted?", "y").chooses("Which agency was consulted?", "social care");
    screen.answers("What is the agency's view?", "They agree.").says("another?", "n");
    screen.chooses("Your answers", "Record it");
    screen.done();
    assert_eq!(world.case()["decision"]["representations"]["sought_on"], "2026-03-02");
}

#[test]
fn r4_who_assessed_is_asked_nothing() {
    let world = World::at(At::Decision);
    let left = world.csods("decide REF").at_terminal(80).leaves();
    assert_eq!(left.code, Some(7), "{}", left.text);
    assert!(!left.text.contains("What is decided?"));
}

#[test]
fn i1_an_interview_is_recorded() {
    let world = World::at(At::Interview);
    let before = world.commits();
    let mut screen = world.csods("interview REF").at_terminal(80);
    screen.chooses("How was it held?", "In person").says("Which identity documents were seen?", "y");
    screen.chooses("Which document was seen?", "passport").says("another?", "n");
    screen.chooses("Which proof of address was seen?", "utility bill");
    screen.chooses("Which proof of the relationship", "birth certificate");
    screen
        .answers("The concern, in the applicant's words", "As before.")
        .says("Is the concern genuine?", "y");
    screen.says("information will be shared", "y").says("false information may be an offence", "n");
    screen.says("this warning must be given (I1)", "y").says("confidential?", "y");
    screen.says("Was the advice pack given?", "y").says("Was nothing about the subject said", "y");
    screen.chooses("Your answers", "Record it");
    screen.done();
    recorded(&world, before);
    let case = world.case();
    assert_eq!(
        (&case["stage"], &case["interview"]["address_proof"]),
        (&"assessment".into(), &"utility_bill".into())
    );
    assert_eq!(case["interview"]["identity"][0]["seen_by"], "d.osei");
}

#[test]
fn s7_an_identity_that_cannot_be_confirmed_is_an_answer() {
    let world = World::at(At::Interview);
    let mut screen = world.csods("interview REF").at_terminal(80);
    screen.chooses("How was it held?", "By telephone").says("Which identity documents were seen?", "n");
    screen.answers("Why could the applicant's identity not be confirmed?", "Had none with them.");
    screen.chooses("Which proof of the relationship", "none third party");
    screen
        .answers("The concern, in the applicant's words", "As before.")
        .says("Is the concern genuine?", "y");
    screen.says("shared", "y").says("offence", "y").says("confidential?", "y").says("pack given?", "y");
    screen.says("Was nothing about the subject said", "y").chooses("Your answers", "Record it");
    screen.done();
    assert_eq!(world.case()["interview"]["identity_not_confirmed"], "Had none with them.");
}

#[test]
fn o4_a_disclosure_is_recorded() {
    let world = World::at(At::ToDisclose);
    let before = world.commits();
    let mut screen = world.csods("disclose REF").at_terminal(80);
    screen.chooses("To which recipient of the decision?", "The applicant");
    screen.says("Was the recipient's identity checked?", "y").answers("Where was it disclosed?", "Station");
    screen.answers("Questions the recipient asked", "").chooses("What became of the undertaking?", "Signed");
    screen.answers("The words used", "He has a conviction.").says("Was advice given?", "y");
    screen.says("Was the subject told?", "n").answers("What did the risk assessment say", "Not safe.");
    screen.answers("On which day will it be followed up?", "1 April 2026").sees("= Wed 1 April 2026");
    screen.chooses("Your answers", "Record it");
    screen.done();
    recorded(&world, before);
    let disclosure = &world.case()["disclosures"][0];
    assert_eq!(
        (&disclosure["follow_up"], &disclosure["undertaking"]["result"]),
        (&"2026-04-01".into(), &"signed".into())
    );
}

#[test]
fn o4_a_refused_undertaking_asks_who_authorised_it_and_not_what_was_said() {
    let world = World::at(At::ToDisclose);
    let mut screen = world.csods("disclose REF").at_terminal(80);
    screen.chooses("To which recipient of the decision?", "The applicant");
    screen.says("Was the recipient's identity checked?", "y").answers("Where was it disclosed?", "Station");
    screen.answers("Questions the recipient asked", "");
    screen.chooses("What became of the undertaking?", "Refused; not disclosed");
    screen.answers("Why did the recipient refuse", "They would tell him.");
    screen.chooses("Who authorised it?", "M.REID (m.reid)").says("Was advice given?", "y");
    screen
        .answers("On which day will it be followed up?", "1 April 2026")
        .chooses("Your answers", "Record it");
    screen.done();
    let disclosure = &world.case()["disclosures"][0];
    assert_eq!(disclosure["undertaking"]["authorised_by"], "m.reid");
    assert_eq!(disclosure.get("words_used"), None);
}

#[test]
fn advance_walks_a_case_through_its_checks_and_its_screening() {
    let world = World::at(At::Opened);
    let before = world.commits();
    for made in 1..=4 {
        let mut screen = world.csods("advance REF").at_terminal(80);
        screen.chooses("What was found?", "No trace").answers("The other system's reference", "");
        screen.chooses("Your answers", "Record it");
        screen.done();
        recorded(&world, before + made - 1);
    }
    let mut screen = world.csods("advance REF").at_terminal(80);
    screen.says("Is a child at immediate risk?", "n").says("within the scheme?", "y");
    screen.answers("Why?", "A named child.").chooses("Your answers", "Record it");
    screen.done();
    let case = world.case();
    let systems: Vec<_> = case["checks"].as_array().unwrap().iter().map(|check| &check["system"]).collect();
    assert_eq!(systems, ["pnc", "pnd", "visor", "local_intelligence"]);
    assert_eq!(case["stage"], "interview");
}

#[test]
fn k2_a_screening_without_its_checks_is_told_so_at_once() {
    let world = World::at(At::Opened);
    let mut screen = world.csods("screen REF").at_terminal(80);
    screen.says("Is a child at immediate risk?", "n").says("within the scheme?", "y");
    screen.sees("the check of pnc is missing (K2)").sees("nothing can be recorded yet").sees("Why?");
    screen.types(CTRL_C).sees("your answers are kept");
}

#[test]
fn k3_a_disclosure_on_stale_checks_asks_nothing() {
    let world = World::at(At::ToDisclose);
    let left = world.csods("disclose REF").now("2026-05-04T12:00:00Z").at_terminal(80).leaves();
    assert_eq!(left.code, Some(5), "{}", left.text);
    assert!(left.text.contains("must be refreshed") && !left.text.contains("To which recipient"));
}

#[test]
fn k1_a_check_that_was_not_done_asks_why_and_who_agreed() {
    let world = World::at(At::Opened);
    let mut screen = world.csods("check REF --system pnc --phase initial").at_terminal(40);
    screen.chooses("What was found?", "NOT DONE").answers("The other system's reference", "");
    screen.answers("Why was it not done?", "The system is down.").chooses("Who agreed", "M.REID (m.reid)");
    screen.chooses("Your answers", "Record it");
    screen.done();
    assert_eq!(world.case()["checks"][0]["agreed_by"], "m.reid");
}

#[test]
fn forty_columns_are_enough() {
    let world = World::at(At::Decision);
    let long =
        "Without it the child stays alone with him every weekend, and nobody else would see it. ".repeat(3);
    let mut screen = world.csods("decide REF").by("m.reid").at_terminal(40);
    screen.chooses("What is decided?", "Do not disclose: something is held").answers("Test (a)", long.trim());
    screen.answers("Test (b)", "b").answers("Test (c)", "c").says("considered whether", "y");
    screen.says("Were representations sought", "n").chooses("Why were they not sought?", "Not needed");
    screen.answers("The reason in full", "Nothing new.").says("Which agencies were consulted?", "y");
    screen.chooses("Which agency was consulted?", "social care").answers("view?", "They agree.");
    screen.says("another?", "n").chooses("Your answers", "Record it");
    let left = screen.leaves();
    assert_eq!(left.code, Some(0), "{}", left.text);
    for line in plain(left.bytes.replace('\r', "\n").as_bytes()).lines() {
        assert!(line.chars().count() <= 40, "{line:?}");
    }
    assert_eq!(world.case()["decision"]["necessity"], long.trim());
}

#[test]
fn a_correction_shows_what_stands() {
    let world = World::at(At::Decision);
    let mut screen = world.csods("correct REF").at_terminal(80);
    screen.answers("Which fact", "assessment.risk").sees("! is no place in this case");
    screen.types(CLEAR).types("assessment.risk_to_child").types(ENTER);
    screen.chooses("Why is it changed?", "It was recorded wrongly").answers("reason in full?", "Mistyped.");
    screen.chooses("so far: High", "Low").chooses("Your answers", "Record it");
    screen.done();
    assert_eq!(world.case()["assessment"]["risk_to_child"], "low");
}

#[test]
fn escape_goes_back_from_a_list_and_answers_can_be_changed_at_the_end() {
    let world = World::at(At::Opened);
    let mut screen = world.csods("check REF --phase initial").at_terminal(80);
    screen.chooses("Which system was searched?", "pnd").sees("What was found?").sees("NOT DONE").types(ESC);
    screen.sees("so far: pnd").chooses("", "pnc").chooses("What was found?", "Trace, not relevant");
    screen
        .answers("The other system's reference", "PNC/1")
        .answers("A summary of what was found", "One entry.");
    screen
        .chooses("Your answers", "Change an answer")
        .chooses("Which answer?", "The other system's reference");
    screen.sees("The other system's reference").sees("> PNC/1").types("23").types(ENTER);
    screen.chooses("PNC/123", "Record it");
    screen.done();
    let check = &world.case()["checks"][0];
    assert_eq!((&check["system"], &check["reference"]), (&"pnc".into(), &"PNC/123".into()));
}
