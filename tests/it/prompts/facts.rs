//! Facts that a conversation must not lose or mix up: what is recorded before a correction, answers that a changed answer
//! takes with it, keys that were meant for another question, and what each question is about.

use std::time::{Duration, Instant};

use super::recorded;
use super::terminal::*;
use crate::support::{At, World, write};

/// Begins the correction of a list that is recorded.
fn correction(world: &World, path: &str) -> Terminal {
    let mut screen = world.csods("correct REF --code mistake").arg("--path").arg(path).at_terminal(80);
    screen.answers("What is the reason in full?", "Left out.");
    screen
}

#[test]
fn a_correction_of_a_list_begins_with_what_is_recorded() {
    let world = World::at(At::Opened);
    let before = world.commits();
    let mut screen = correction(&world, "subject.addresses");
    screen
        .chooses("The subject's addresses", "Add one")
        .answers("The address, on one line", "3 Sample Street");
    screen.answers("Since when", "").answers("Until when", "").says("(2 so far): another?", "n");
    screen.chooses("3 Sample Street", "Record it");
    screen.done();
    recorded(&world, before);
    let addresses = &world.case()["subject"]["addresses"];
    assert_eq!(addresses[0]["text"], "2 Sample Street, Maidstone");
    assert_eq!(addresses[0]["from"], "2025-01-01");
    assert_eq!(addresses[1]["text"], "3 Sample Street");

    // An item keeps what is not changed, and its id.
    let child = world.case()["children"][0].clone();
    let mut screen = correction(&world, "children");
    screen
        .chooses("The children", "Change number 1: Charlie Example")
        .sees("[children 1 (Charlie Example) name]");
    screen.sees("> Example").types(ENTER).sees("> Charlie").types(CLEAR).types("Charley").types(ENTER);
    screen.sees("> 2018-06-30").types(ENTER).sees("so far: Lives with").chooses("", "Lives with");
    screen.chooses("What is the child to the subject?", "None").chooses("mother know", "Yes");
    screen.chooses("father know", "Not known").chooses("Your answers", "Record it");
    screen.done();
    let changed = &world.case()["children"][0];
    assert_eq!(changed["name"]["given"], "Charley");
    for key in ["id", "date_of_birth", "contact", "parents_aware", "relationship_to_subject"] {
        assert_eq!(changed[key], child[key], "{key}");
    }

    // A list with nothing in it yet, and a new item that needs an id.
    let mut screen = correction(&world, "subject.aliases");
    screen.says("Other names the subject uses or used: add one?", "y");
    screen.answers("Family name", "").answers("Given names", "Sammy").says("another?", "n");
    screen.chooses("Sammy", "Record it");
    screen.done();
    assert_eq!(world.case()["subject"]["aliases"][0]["given"], "Sammy");
    let mut screen = correction(&world, "children");
    screen.chooses("The children", "Add one").answers("Family name", "Example").answers("Given names", "Jo");
    screen
        .answers("date of birth", "")
        .chooses("What contact", "Lives with")
        .chooses("to the subject?", "None");
    screen.chooses("mother know", "Yes").chooses("father know", "Yes").says("another?", "n");
    screen.chooses("Your answers", "Record it");
    screen.done();
    let children = &world.case()["children"];
    assert_eq!(children.as_array().unwrap().len(), 2);
    assert_eq!(children[0]["id"], child["id"]);
    assert_eq!(children[1]["id"].as_str().unwrap().len(), 4);
}

#[test]
fn a_correction_of_a_record_offers_what_is_recorded() {
    let world = World::at(At::Opened);
    let mut screen = correction(&world, "applicant.safe_contact");
    screen.chooses("so far: Telephone", "Telephone");
    screen.sees("> weekdays before 3 pm").types(CLEAR).types("evenings").types(ENTER);
    screen.sees("May letters be sent to them?").says("so far: no", "no").chooses("Your answers", "Record it");
    screen.done();
    let contact = &world.case()["applicant"]["safe_contact"];
    assert_eq!(contact["instructions"], "evenings");
    assert_eq!((&contact["method"], &contact["letters"]), (&"phone".into(), &false.into()));
}

#[test]
fn another_path_begins_with_what_is_recorded_there() {
    let world = World::at(At::Opened);
    let mut screen = world.csods("correct REF --code mistake").at_terminal(80);
    screen.answers("Which fact", "subject.occupation").answers("reason in full?", "Left out.");
    screen.answers("What the subject does for a living", "driver");
    screen.chooses("Your answers", "Change an answer").chooses("Which answer?", "Which fact");
    screen.sees("> subject.occupation").types(CLEAR).types("subject.addresses").types(ENTER);
    screen.chooses("The subject's addresses", "Take out number 1: 2 Sample Street, Maidstone");
    screen.sees("Your answers").types(CTRL_C);
    assert!(!screen.leaves().text.rsplit("Your answers").next().unwrap().contains("driver"));
}

#[test]
fn r1_a_recipient_who_becomes_the_applicant_loses_the_name_of_another() {
    let world = World::at(At::Decision);
    let mut screen = world.csods("decide REF").by("m.reid").at_terminal(80);
    screen.chooses("What is decided?", "Disclose: conviction");
    screen.answers("Test (a)", "a").answers("Test (b)", "b").answers("Test (c)", "c");
    screen.says("considered whether", "yes").says("Were representations sought", "YES");
    screen.answers("On which day", "2/3/2026").answers("How were they sought?", "By telephone.");
    screen.answers("What did the subject say?", "Nothing.").answers("What weight", "None.");
    screen.says("Which agencies were consulted?", "y").chooses("Which agency was consulted?", "social care");
    screen.sees("[consulted 1 (social care)]").answers("What is the agency's view?", "They agree.");
    screen.says("another?", "n");
    screen.chooses("What is the recipient?", "A parent").answers("Family name", "Example");
    screen.answers("Given names", "Robin").sees("[recipients 1 (Robin Example)]");
    screen.answers("Why this person?", "Lives with the child.").says("another?", "n");
    screen.answers("The exact form of words", "He has a conviction.");
    screen.says("Will the subject be told", "n").answers("Why?", "Not safe.");
    screen.chooses("Your answers", "Change an answer").chooses("Which answer?", "What is the recipient?");
    screen.chooses("so far: A parent", "The applicant");
    screen.sees("Taken out, as it no longer applies: The recipient's name");
    screen
        .chooses("Your answers", "Change an answer")
        .chooses("Which answer?", "Were representations sought");
    screen.says("so far: yes", "n").sees("Taken out, as it no longer applies: On which day");
    screen.chooses("Why were they not sought?", "Not safe").answers("The reason in full", "He would know.");
    screen.chooses("Your answers", "Record it");
    screen.done();
    let decision = &world.case()["decision"];
    assert_eq!(decision["recipients"][0]["role"], "applicant");
    assert_eq!(decision["recipients"][0].get("name"), None);
    let representations = &decision["representations"];
    assert_eq!(representations["why_not"], "not_safe");
    for key in ["sought_on", "how", "said", "weight"] {
        assert_eq!(representations.get(key), None, "{key}");
    }
}

#[test]
fn what_is_typed_before_a_question_answers_nothing() {
    let world = World::at(At::Checked);
    let mut screen = world.csods("screen REF").at_terminal(80);
    // One write: the rest comes with the word, and belongs to this answer, which it makes unreadable.
    screen.sees("Is a child at immediate risk?").sees(">").types("no\ry\rn\r");
    screen
        .sees("no y n")
        .sees("press Enter to accept it")
        .types(ENTER)
        .sees("enter yes or no")
        .sees(">")
        .types("No")
        .types(ENTER);
    screen.says("within the scheme?", "yes").sees("Why?").sees(">");
    screen.types("First.\rSecond.\r").sees("Second.").sees("press Enter to accept it").types(ENTER);
    screen.sees("Your answers").sees("Choose").types("k j Record it\r").types(DOWN).types("x\r").types(DOWN);
    screen.sees("> Record it").types(ENTER);
    screen.done();
    let screening = &world.case()["screening"];
    assert_eq!((&screening["immediate_risk"], &screening["within_scheme"]), (&false.into(), &true.into()));
    assert_eq!(screening["reason"], "First.\nSecond.");
}

#[test]
fn what_is_typed_while_csods_works_is_thrown_away() {
    let world = World::at(At::Opened);
    // The editor gives the person time to type what nobody asked for yet.
    let (begun, typed) = (world.dir().join("begun"), world.dir().join("typed"));
    let waits = format!("while [ ! -e '{}' ]; do sleep 0.01; done", typed.display());
    let line = format!("echo typed > \"$1\"; touch '{}'; {waits}", begun.display());
    let mut screen = world.csods("note REF").env("EDITOR", &super::editor(&world, &line)).at_terminal(80);
    screen.answers("The note", "");
    let late = Instant::now() + Duration::from_secs(20);
    while !begun.exists() {
        assert!(Instant::now() < late, "the editor does not begin");
        std::thread::sleep(Duration::from_millis(5));
    }
    screen.types("lost words\r");
    write(&typed, b"");
    screen.chooses("Your answers", "Record it");
    screen.done();
    assert_eq!(world.case()["notes"][0]["text"], "typed");
}

#[test]
fn k1_every_question_of_a_check_says_of_which_system() {
    let world = World::at(At::Opened);
    world.csods("check REF --system pnc --phase initial --result no_trace").from("{}").recorded();
    let mut screen = world.csods("advance REF").at_terminal(80);
    screen.chooses("[pnd] What was found?", "NOT DONE").answers("[pnd] The other system's reference", "");
    screen.answers("[pnd] Why was it not done?", "The line was down.");
    screen.chooses("[pnd] Who agreed", "M.REID (m.reid)").chooses("Your answers", "Change an answer");
    screen.chooses("Which answer?", "What was found?").chooses("so far: NOT DONE", "No trace");
    screen.sees("Taken out, as it no longer applies: Why was it not done?");
    screen.chooses("Your answers", "Record it");
    screen.done();
    let check = &world.case()["checks"][1];
    assert_eq!((&check["system"], &check["result"]), (&"pnd".into(), &"no_trace".into()));
    assert_eq!((check.get("reason"), check.get("agreed_by")), (None, None));
}
