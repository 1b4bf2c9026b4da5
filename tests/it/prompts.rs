//! The prompts of the real program, at a pseudo-terminal.

mod facts;
mod stages;
mod terminal;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use rexpect::process::Signal;

use crate::support::{At, World};
use terminal::*;

/// An editor that runs a line of shell on the file.
fn editor(world: &World, line: &str) -> String {
    let path = world.write("editor", &format!("#!/bin/sh\n{line}\n"));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path.display().to_string()
}

/// What is kept of answers that are not recorded: drafts and edited text.
fn kept(world: &World) -> Vec<PathBuf> {
    let dirs = ["drafts", "edit"].map(|dir| world.store().join(".git/csods").join(dir));
    let files = dirs.iter().filter_map(|dir| fs::read_dir(dir).ok()).flatten();
    files.map(|entry| entry.unwrap().path()).collect()
}

/// That the one commit was made since there were `before`, and nothing is kept of the answers.
fn recorded(world: &World, before: usize) {
    assert_eq!(world.commits(), before + 1);
    assert_eq!(kept(world), Vec::<PathBuf>::new());
    assert_eq!(world.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_new_application_is_answered_from_first_to_last() {
    let world = World::at(At::Empty);
    let before = world.commits();
    let mut screen = world.csods("new").at_terminal(80);
    screen.sees("`<` goes back one question, `?` explains it.");
    screen.chooses("By which route did it come?", "Right to ask");
    screen.sees("When was the application received?").sees("Enter: now");
    screen.answers(">", "31 June 2026 09:15").sees("is no day of the calendar");
    screen.types(CLEAR).types("2 March 2026 09:15").types(ENTER).sees("= Mon 2 March 2026, 09:15 GMT");
    screen.chooses("By which channel?", "Telephone");
    screen.sees("[applicant name]").answers("Family name", "Exampel");
    screen.answers("Given names", "<").sees("Family name").sees("> Exampel");
    screen.types(CLEAR).types("Example").types(ENTER);
    screen.answers("Given names", "Alex");
    screen.answers("The applicant's date of birth", "31/6/1988").sees("is no day of the calendar");
    screen.types(CLEAR).types("17/4/1988").types(ENTER).sees("= Sun 17 April 1988");
    screen.answers("The applicant's address", "?").sees("In a file: applicant.address");
    screen.sees("It may be left out").types(ENTER);
    screen.answers("The applicant's telephone number", "01632 960001");
    screen.answers("The applicant's e-mail address", "");
    screen.chooses("What is the applicant to the child?", "Parent");
    screen.chooses("Which way of reaching them is safe?", "Telephone");
    screen.answers("When, and what to beware of", "weekdays");
    screen.says("May letters be sent to them?", "n");
    screen.answers("Family name", "Placeholder").answers("Given names", "Sam");
    screen.says("Other names the subject uses or used: add one?", "n");
    screen.answers("The subject's date of birth", "").says("The subject's addresses: add one?", "y");
    screen.answers("The address, on one line", "2 Sample Street").answers("Since when", "");
    screen.answers("Until when", "").says("1 so far): another?", "n");
    screen.answers("What the subject does for a living", "driver");
    screen.chooses("What is the subject to the applicant?", "Partner");
    screen.says("The children: one or more", "y");
    for (name, another) in [("Charlie", "y"), ("Jo", "n")] {
        screen.answers("Family name", "Example").answers("Given names", name);
        screen.answers("The child's date of birth", "");
        screen.chooses("What contact does the subject have", "Lives with");
        screen.chooses("What is the child to the subject?", "None");
        screen.chooses("Does the child's mother know", "Yes");
        screen.chooses("Does the child's father know", "Not known");
        screen.says("another?", another);
    }
    screen.answers("The concern", "He asks to be alone with them.");
    screen.sees("Your answers (new)").sees("Mon 2 March 2026, 09:15 GMT").sees("The concern");
    assert_eq!(world.commits(), before, "nothing is recorded before it is agreed to");
    screen.chooses("He asks to be alone with them.", "Record it");
    let text = screen.done();
    recorded(&world, before);
    let reference = text.rsplit("KP-26-").next().unwrap();
    let case = &world.csods(&format!("show KP-26-{}", &reference[..6])).json()["case"];
    for (path, value) in [
        ("/received/at", "2026-03-02T09:15:00Z"),
        ("/received/channel", "phone"),
        ("/applicant/name/family", "Example"),
        ("/applicant/date_of_birth", "1988-04-17"),
        ("/subject/addresses/0/text", "2 Sample Street"),
        ("/subject/relationship_to_applicant", "partner"),
        ("/children/0/name/given", "Charlie"),
        ("/children/1/name/given", "Jo"),
        ("/children/1/parents_aware/father", "unknown"),
        ("/concern", "He asks to be alone with them."),
    ] {
        assert_eq!(case.pointer(path).and_then(|value| value.as_str()), Some(value), "{path}");
    }
    assert_eq!(case.pointer("/applicant/address"), None, "what was left out is absent");
    assert_eq!(case.pointer("/applicant/safe_contact/letters"), Some(&false.into()));
}

#[test]
fn ctrl_c_keeps_the_answers_and_the_next_run_goes_on() {
    let world = World::at(At::Checked);
    let before = world.commits();
    let mut screen = world.csods("screen REF").at_terminal(80);
    screen.says("Is a child at immediate risk?", "n").says("within the scheme?", "y");
    screen.sees("Why?").sees(">").types("half a sen").types(CTRL_C);
    let left = screen.leaves();
    assert_eq!((left.code, left.signal), (None, Some(Signal::SIGINT)), "a shell sees 130");
    assert!(left.text.contains("error: stopped: nothing was recorded"), "{}", left.text);
    assert!(left.text.contains("the same command again goes on"), "{}", left.text);
    assert_eq!(world.commits(), before);
    assert_eq!(world.git(&["status", "--porcelain"]), "");
    let drafts = kept(&world);
    assert_eq!(drafts.len(), 1);
    assert_eq!(fs::metadata(&drafts[0]).unwrap().permissions().mode() & 0o777, 0o600);

    let mut screen = world.csods("screen REF").at_terminal(80);
    screen.chooses("Answers that you gave earlier were kept.", "Go on with them");
    screen.answers("Why?", "A named child.").chooses("A named child.", "Record it");
    screen.done();
    recorded(&world, before);
    let screening = &world.case()["screening"];
    assert_eq!((&screening["within_scheme"], &screening["immediate_risk"]), (&true.into(), &false.into()));
}

#[test]
fn answers_can_be_thrown_away() {
    let world = World::at(At::Checked);
    let mut screen = world.csods("screen REF").at_terminal(80);
    screen.says("Is a child at immediate risk?", "n").says("within the scheme?", "y").answers("Why?", "x");
    screen.chooses("Your answers", "Stop, throw the answers away");
    assert_eq!(screen.leaves().code, Some(6));
    assert_eq!(kept(&world), Vec::<PathBuf>::new());
    let mut screen = world.csods("screen REF").at_terminal(80);
    screen.says("Is a child at immediate risk?", "n").sees("within the scheme?").types(CTRL_C);
    assert_eq!(screen.leaves().signal, Some(Signal::SIGINT));
    let mut screen = world.csods("screen REF").at_terminal(80);
    screen.chooses("were kept.", "Throw them away").sees("Is a child at immediate risk?").types(CTRL_C);
    screen.leaves();
    assert_eq!(kept(&world), Vec::<PathBuf>::new());
}

#[test]
fn long_text_comes_from_the_editor_and_a_failing_one_loses_nothing() {
    let world = World::at(At::Checked);
    let before = world.commits();
    let fails = editor(&world, "echo 'half of it' > \"$1\"; exit 1");
    let mut screen = world.csods("screen REF").env("EDITOR", &fails).at_terminal(80);
    screen.says("Is a child at immediate risk?", "n").says("within the scheme?", "y").answers("Why?", "");
    screen.sees("! the editor failed").sees("the text is kept in").sees("Type it on one line.");
    screen.sees(">").types(CTRL_C);
    assert_eq!(screen.leaves().signal, Some(Signal::SIGINT));
    let texts: Vec<String> = kept(&world).iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    assert!(texts.contains(&"half of it\n".to_owned()), "{texts:?}");

    let works = editor(&world, "printf 'One line.\\nAnother line.\\n' > \"$1\"");
    let mut screen = world.csods("screen REF").env("EDITOR", &works).at_terminal(80);
    screen.chooses("were kept.", "Go on with them").answers("Why?", "").sees("Another line.");
    screen.chooses("Your answers", "Record it");
    screen.done();
    recorded(&world, before);
    assert_eq!(world.case()["screening"]["reason"], "One line.\nAnother line.");
}

#[test]
fn a_pasted_text_is_one_answer() {
    let world = World::at(At::Checked);
    let mut screen = world.csods("screen REF").at_terminal(80);
    screen.says("Is a child at immediate risk?", "n").says("within the scheme?", "y").sees("Why?").sees(">");
    screen.types("\x1b[200~One line.\rAnother line.\x1b[201~").sees("Another line.").types(ENTER);
    screen.chooses("Your answers", "Record it");
    screen.done();
    assert_eq!(world.case()["screening"]["reason"], "One line.\nAnother line.");
}

#[test]
fn what_is_given_whole_asks_nothing_and_no_input_never_asks() {
    let world = World::at(At::Checked);
    let before = world.commits();
    let left = world.csods("screen REF --no-input").at_terminal(80).leaves();
    assert_eq!(left.code, Some(6));
    assert!(left.text.contains("screening.within_scheme: missing"), "{}", left.text);
    let file = world.write("screening.yaml", crate::answers::SCREENING);
    let screen = world.csods("screen REF --from").arg(file.display().to_string()).at_terminal(80);
    let text = screen.done();
    assert!(!text.contains("Your answers") && text.contains("screening recorded"), "{text}");
    recorded(&world, before);
}

#[test]
fn without_colours_the_words_say_it_all() {
    for (name, value) in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let world = World::at(At::Empty);
        let mut screen = world.csods("new").env(name, value).at_terminal(80);
        screen.chooses("By which route did it come?", "Right to know");
        screen.answers("When was the application received?", "today").sees("! must be a day").types(CTRL_C);
        let left = screen.leaves();
        assert_eq!(left.signal, Some(Signal::SIGINT), "{}", left.text);
        let painted = left.bytes.split("\x1b[").skip(1).any(|rest| {
            let code = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
            code.starts_with('m')
        });
        assert!(!painted, "{name}: {:?}", left.bytes);
    }
}

#[test]
fn refused_text_is_edited_again() {
    let world = World::at(At::Opened);
    let before = world.commits();
    let turns = "if grep -q pigeon \"$1\"; then sed -i s/pigeon/post/ \"$1\"; \
                 else sed -i 's/channel: online/channel: pigeon/' \"$1\"; fi";
    let editor = editor(&world, turns);
    let mut screen = world.csods("edit REF").env("EDITOR", &editor).at_terminal(80);
    screen.sees("the text cannot be taken in").sees("line").says("Edit it again?", "n");
    let left = screen.leaves();
    assert_eq!(left.code, Some(6));
    assert!(left.text.contains("your text is kept"), "{}", left.text);
    assert_eq!(world.commits(), before);
    // The editor is given the refused text, and mends it.
    let mut screen = world.csods("edit REF").env("EDITOR", &editor).at_terminal(80);
    screen.chooses("Why is it changed?", "It was recorded wrongly");
    screen.answers("What is the reason in full?", "Mistyped.").chooses("Your answers", "Record it");
    screen.done();
    recorded(&world, before);
    assert_eq!(world.case()["received"]["channel"], "post");
}
