//! A letter that was made and may not go out any more is held; one that went although it should not have is known (A5).

use std::fs;

use serde_json::Value;

use crate::letter::world;
use crate::readers::ask;
use crate::support::World;
use crate::tools::Tool;

const ACROSS: &str = "HELD - NOT TO BE SENT";
const LATER: &str = "2026-03-04T09:00:00Z";

/// A world whose acknowledgement was made; its id.
fn made() -> (World, String) {
    let world = world();
    let made = world.csods("letter REF acknowledgement").recorded();
    let id = made["letter"]["id"].as_str().unwrap().to_owned();
    (world, id)
}

fn correct(world: &World, path: &str, now: &str) {
    let line = format!("correct REF --path {path} --code new_information");
    world.csods(&line).from(&format!("{{reason: They rang., now: {now}}}")).recorded();
}

fn withdraw(world: &World) {
    world.csods("withdraw REF").from("{how: withdrawn, reason: They rang.}").recorded();
}

/// Something that happens to the case of a world.
type Change = fn(&World);

/// What made a letter unsafe after it was made, by its rule.
fn changes() -> [(&'static str, Change); 4] {
    [
        ("(A1)", |world| correct(world, "applicant.safe_contact.letters", "false")),
        ("(S5)", withdraw),
        ("(A5)", |world| correct(world, "applicant.address", "\"9 New Street, Exampleton\"")),
        ("(A2)", |world| {
            let child = world.case()["children"][0]["id"].as_str().unwrap().to_owned();
            correct(world, &format!("children.{child}.parents_aware.father"), "\"no\"");
        }),
    ]
}

#[test]
fn a5_what_became_unsafe_holds_a_letter_wherever_it_is_listed() {
    for (rule, change) in changes() {
        let (world, id) = made();
        change(&world);
        let letters = world.csods("letters REF").json();
        assert_eq!(letters["letters"][0]["state"], "held", "{rule}");
        let held = letters["letters"][0]["held"][0]["problem"].as_str().unwrap().to_owned();
        assert!(held.ends_with(rule), "{rule}: {held}");
        let text = world.csods("letters REF").env("COLUMNS", "300").done().stdout;
        assert!(text.contains("HELD: ") && text.contains(rule), "{text}");
        let csv = world.csods("letters REF --format csv").done().stdout;
        assert!(csv.contains("HELD: ") && csv.contains(rule), "{csv}");
        let warnings = world.csods("show REF").json()["warnings"].clone();
        let warning = warnings.as_array().unwrap().iter().find(|of| of["kind"] == "letter_held").unwrap();
        assert!(
            warning["text"].as_str().unwrap().contains(&format!("letter {id} (acknowledgement) is HELD"))
        );
        // A letter to the new address may be made; nothing else that is written may go.
        let due = world.csods("letters due").now(LATER).json()["letters"].clone();
        let (state, made) = if rule == "(A5)" { ("to_make", Value::Null) } else { ("held", Value::from(id)) };
        assert_eq!((&due[0]["state"], &due[0]["id"]), (&state.into(), &made), "{rule}: {due}");
        world.csods("validate").done();
    }
}

#[test]
fn a5_what_is_due_says_which_letter_must_not_go_out() {
    let (world, id) = made();
    withdraw(&world);
    let text = world.csods("letters due").now(LATER).env("COLUMNS", "300").done().stdout;
    assert!(text.contains(&format!("{id} was made and must not go out; held: the applicant left")), "{text}");
    // Nothing is made of it.
    let ran = world.csods("letter --all-due").now(LATER).done();
    assert_eq!(ran.commits, 0, "{}", ran.stdout);
}

#[test]
fn a5_all_due_makes_a_letter_to_the_new_address() {
    let (world, _) = made();
    correct(&world, "applicant.address", "\"9 New Street, Exampleton\"");
    let answer = world.csods("letter --all-due").now(LATER).recorded();
    let id = answer["letters"][0]["letter"]["id"].as_str().unwrap().to_owned();
    let text = world.csods(&format!("letter REF {id}")).now(LATER).done().stdout;
    assert!(text.contains("9 New Street\nExampleton\n"), "{text}");
    let due = world.csods("letters due").now(LATER).json()["letters"].clone();
    assert_eq!((&due[0]["state"], &due[0]["id"]), (&"to_send".into(), &id.into()));
}

#[test]
fn a5_no_page_of_a_held_letter_but_a_copy_for_the_file_that_says_so() {
    for (rule, change) in changes() {
        let (world, id) = made();
        let line = format!("letter REF {id}");
        let fine = world.csods(&format!("{line} --as md")).done().stdout;
        change(&world);
        let page = world.dir().join("page.pdf");
        for form in ["", "--as txt", "--as md", "--as html", "--as html --large-print"] {
            let problems = world.csods(&format!("{line} {form}")).problems(5);
            assert!(problems[0].ends_with(rule), "{form}: {problems:?}");
        }
        let pdf = |flags: &str| {
            let line = format!("{line} {flags} --output {}", page.display());
            world.csods(&line)
        };
        pdf("").refused(5);
        pdf("--as pdf --large-print").refused(5);
        assert!(!page.exists());

        let copy = |form: &str| world.csods(&format!("{line} --copy-for-file {form}")).done().stdout;
        for form in ["", "--as txt", "--as md", "--as html"] {
            let text = copy(form);
            assert!(
                text.matches(ACROSS).count() >= 2 && text.contains("Dear Alex Example"),
                "{form}: {text}"
            );
        }
        assert!(copy("--as txt").starts_with('*'), "it stands above everything else");
        assert!(copy("--as html").contains("<p class=\"across\""));
        assert_ne!(copy("--as md"), fine);
        let json = world.csods(&format!("{line} --copy-for-file")).json();
        assert_eq!(json["copy_for_file"], true);
        assert!(json["held"][0]["problem"].as_str().unwrap().ends_with(rule));
        assert!(json["markdown"].as_str().unwrap().contains(ACROSS));
        pdf("--copy-for-file").done();
        across_every_page(&page);
        pdf("--copy-for-file --large-print --as pdf").done();
        across_every_page(&page);
        world.sound();
    }
}

/// That the words stand on every page, where a tool that reads a PDF is at hand.
fn across_every_page(page: &std::path::Path) {
    let bytes = fs::read(page).unwrap();
    assert!(bytes.starts_with(b"%PDF-"));
    let Some(text) = ask(Tool::Poppler, "pdftotext", &["-layout", "-", "-"], &bytes) else { return };
    let text = String::from_utf8_lossy(&text).into_owned();
    // At the head and at the foot; what is turned comes out letter by letter.
    for page in text.split('\u{c}').filter(|page| !page.trim().is_empty()) {
        assert!(page.matches(ACROSS).count() >= 2, "{page}");
    }
}

#[test]
fn a5_a_letter_of_which_a_page_is_made_at_once_is_asked_about_too() {
    let (world, _) = made();
    withdraw(&world);
    for flags in
        ["", "--preview", "--as html", "--preview --as txt", "--dry-run", "--at 2026-03-02T10:00:00Z"]
    {
        let problems = world.csods(&format!("letter REF acknowledgement {flags}")).problems(5);
        assert!(problems[0].ends_with("(S5)"), "{flags}: {problems:?}");
    }
}

#[test]
fn a5_a_copy_is_of_a_letter_that_was_made() {
    let (world, id) = made();
    world.csods("letter REF acknowledgement --copy-for-file").refused(2);
    world.csods(&format!("letter REF --sent {id} --copy-for-file")).refused(2);
    // Also of one that may go out.
    assert!(world.csods(&format!("letter REF {id} --copy-for-file")).done().stdout.contains(ACROSS));
}

#[test]
fn a5_a_sending_is_recorded_and_safe_contact_is_the_next_step() {
    for (rule, change) in changes() {
        let (world, id) = made();
        change(&world);
        let ran = world.csods(&format!("letter REF --sent {id}")).now(LATER).done();
        assert_eq!(ran.commits, 1, "{rule}");
        assert!(ran.stderr.contains("should not have gone"), "{rule}: {}", ran.stderr);
        let shown = world.csods("show REF").now(LATER).json();
        let warnings = shown["warnings"].as_array().unwrap();
        let unsafe_one = warnings.iter().find(|warning| warning["kind"] == "sent_unsafe");
        let text = unsafe_one.unwrap()["text"].as_str().unwrap();
        assert!(
            text.starts_with(&format!("letter {id} (acknowledgement) WENT OUT on 2026-03-04: ")),
            "{text}"
        );
        assert!(warnings.iter().all(|warning| warning["kind"] != "letter_held"));
        // Nobody speaks with an applicant who left (S5).
        let next = if rule == "(S5)" { "check" } else { "contact" };
        assert_eq!(shown["next"]["action"], next, "{rule}");
        assert_eq!(world.csods("list").now(LATER).json()["cases"][0]["next"], next);
        if rule == "(S5)" {
            continue;
        }
        world
            .csods("contact REF --with applicant --method phone --direction outbound")
            .now("2026-03-04T10:00:00Z")
            .from("summary: They have it and are safe.")
            .recorded();
        let shown = world.csods("show REF").now("2026-03-04T11:00:00Z").json();
        assert_eq!(shown["next"]["action"], "check", "{rule}");
        let warnings = shown["warnings"].as_array().unwrap();
        assert!(warnings.iter().all(|warning| warning["kind"] != "sent_unsafe"), "{rule}");
        world.csods("validate").now("2026-03-04T11:00:00Z").done();
    }
}

#[test]
fn a5_a_sending_that_was_safe_warns_of_nothing() {
    let (world, id) = made();
    let answer = world.csods(&format!("letter REF --sent {id}")).recorded();
    assert_eq!(answer["sent_unsafe"], serde_json::json!([]));
    assert_eq!(answer["next"]["action"], "check");
}
