//! `csods subject-access`: everything about one person, nothing about others unmarked, nobody by mistake.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use crate::support::{APPLICATION, At, Csods, RIGHT_TO_KNOW, World};

fn ask<'w>(world: &'w World, line: &str, person: &str) -> Csods<'w> {
    world.csods(&format!("subject-access {line}")).by("m.reid").from(person)
}

const SAM: &str = "name: {family: placeholder, given: SAM}\ndate_of_birth: 1979-11-02\n";

/// The lines of a document that tell of a case.
fn told<'d>(document: &'d str, part: &str) -> Vec<&'d str> {
    document.lines().filter(|line| line.starts_with(&format!("- {part}"))).collect()
}

#[test]
fn one_document_holds_everything_with_third_parties_marked() {
    let world = World::at(At::Closed);
    let answer = ask(&world, "", SAM).json();
    assert_eq!(answer["cases"][0]["reference"], world.reference());
    assert_eq!(
        (&answer["cases"][0]["role"], answer["cases"].as_array().unwrap().len()),
        (&"subject".into(), 1)
    );
    let document = answer["markdown"].as_str().unwrap();
    assert!(document.starts_with("OFFICIAL-SENSITIVE\n") && document.ends_with("OFFICIAL-SENSITIVE\n"));
    assert!(document.contains("## To consider before release") && document.contains("section 45"));
    let own = told(document, "subject.");
    assert!(
        own.contains(&"- subject.name.family: Placeholder")
            && own.contains(&"- subject.date_of_birth: 1979-11-02"),
        "{own:?}"
    );
    for part in ["applicant.", "children."] {
        let third = told(document, part);
        assert!(!third.is_empty() && third.iter().all(|line| line.contains(": [third party: ")), "{third:?}");
    }
    assert!(
        told(document, "concern: [free text] ").len() == 1
            && told(document, "received.by: [officer] ").len() == 1
    );
    let shown = world.case();
    for words in
        [&shown["decision"]["necessity"], &shown["assessment"]["reason"], &shown["interview"]["concern"]]
    {
        assert!(document.contains(words.as_str().unwrap().lines().next().unwrap()), "{words}");
    }

    let charlie = "name: {family: Example, given: Charlie}\ndate_of_birth: 2018-06-30\n";
    let answer = ask(&world, "", charlie).json();
    assert_eq!(answer["cases"][0]["role"], "child");
    let document = answer["markdown"].as_str().unwrap();
    assert!(told(document, "children.0.name.given: Charlie").len() == 1, "{document}");
    assert!(told(document, "subject.").iter().all(|line| line.contains("[third party: subject]")));
}

#[test]
fn who_is_only_near_is_a_candidate_until_somebody_has_looked() {
    let world = World::at(At::Opened);
    let reference = world.reference().to_owned();
    for near in [
        "name: {family: Placeholder, given: Sam}\n",
        "name: {family: Placeholder, given: Sam}\ndate_of_birth: 1979-02-11\n",
        "name: {family: Placehoulder, given: Sam}\ndate_of_birth: 1979-11-02\n",
    ] {
        let ran = ask(&world, "", near).done();
        assert!(
            ran.stderr.contains(&format!("--include {reference}")) && !ran.stderr.contains("Placeh"),
            "{}",
            ran.stderr
        );
        assert!(
            ran.stdout.contains("Nowhere with this name") && !ran.stdout.contains("## Case "),
            "{}",
            ran.stdout
        );
        let answer = ask(&world, "--include REF", near).json();
        assert_eq!(
            (&answer["cases"][0]["reference"], answer["candidates"].as_array().unwrap().len()),
            (&reference.as_str().into(), 0)
        );
    }
    let nobody = "name: {family: Unheardof, given: Zephyr}\ndate_of_birth: 1950-01-01\n";
    let answer = ask(&world, "", nobody).json();
    assert!(
        answer["cases"].as_array().unwrap().is_empty() && answer["candidates"].as_array().unwrap().is_empty()
    );
    assert!(ask(&world, "--include REF", nobody).refused(5).stderr.contains("nobody in"));
}

#[test]
fn it_is_found_in_every_case_and_role_and_written_for_one_pair_of_eyes() {
    let world = World::at(At::Opened);
    let swapped = APPLICATION
        .replace("family: Example, given: Alex", "family: Placeholder, given: Sam")
        .replace("1988-04-17", "1979-11-02");
    let other = world.csods("new").from(&swapped).opened();
    world.csods("new").from(RIGHT_TO_KNOW).opened();
    let answer = ask(&world, "--to ../request.md", SAM).json();
    let found: Vec<(&str, &str)> = answer["cases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["reference"].as_str().unwrap(), one["role"].as_str().unwrap()))
        .collect();
    assert!(
        found.contains(&(world.reference(), "subject"))
            && found.contains(&(&other, "applicant"))
            && found.contains(&(&other, "subject")),
        "{found:?}"
    );
    assert!(answer.get("markdown").is_none());
    let path = world.dir().join("request.md");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(fs::read_to_string(&path).unwrap().contains(&format!("## Case {other}")));
    ask(&world, "--to ../request.md", SAM).refused(10);
    ask(&world, "--to request.md", SAM).refused(2);
    world.csods("subject-access").by("r.patel").from(SAM).refused(7);
    assert_eq!(ask(&world, "", "date_of_birth: yesterday").problems(6).len(), 2);
    ask(&world, "", "name: {family: X}\nshoe: 9").refused(6);
    world.csods("subject-access").by("m.reid").refused(2);
    world.write(&format!("store/{}", world.case_path()), "format: 1\n");
    world.git(&["commit", "-qam", "spoil"]);
    ask(&world, "", SAM).refused(9);
}

#[test]
fn a_dry_run_prints_the_document_but_not_into_a_file_that_others_can_read() {
    let world = World::at(At::Opened);
    let person = world.write("person.yaml", SAM);
    let asked = |line: &str| {
        let line = format!("subject-access {line} --from");
        world.csods(&line).arg(person.to_str().unwrap()).by("m.reid")
    };
    assert!(asked("--dry-run").done().stdout.contains("OFFICIAL-SENSITIVE"));
    let into_open_file = |line: &str| {
        let out = world.write("open.md", "");
        fs::set_permissions(&out, fs::Permissions::from_mode(0o644)).unwrap();
        let mut command = asked(line).command();
        let ran = command.stdout(fs::File::create(&out).unwrap()).stderr(Stdio::piped()).output().unwrap();
        (ran.status.code(), String::from_utf8(ran.stderr).unwrap(), fs::read_to_string(&out).unwrap())
    };
    const REFUSED: &str = "error: this would be printed into a file that others can read\n";
    for (line, hint) in [
        ("", "hint: nothing was printed; --to FILE makes a file that only you can read"),
        ("--dry-run", "hint: a dry run prints it too: with --to FILE it only says what it would write"),
    ] {
        let (code, said, written) = into_open_file(line);
        assert_eq!((code, written.as_str()), (Some(5), ""), "{line}");
        assert!(said.starts_with(REFUSED) && said.contains(hint) && !said.contains("written"), "{said}");
    }
    // As the hint says.
    let (code, said, written) = into_open_file("--dry-run --to ../request.md");
    assert_eq!((code, said.as_str()), (Some(0), ""));
    assert_eq!(written, "1 place(s) in the cases; dry run: nothing was written\n");
    assert!(!world.dir().join("request.md").exists());
}

#[test]
fn text_of_a_case_means_nothing_but_itself_in_the_document() {
    let world = World::at(At::Opened);
    let hostile = "<img src=https://example.org/x> ![x](https://example.org/y) [z](javascript:1) *b* `c` # d";
    let name = APPLICATION.replace("given: Sam}", &format!("given: \"Sam {hostile}\"}}"));
    let concern = "\\u001b[31mred\\u0007 <script>x</script>\\n# Heading\\n- item\\n1. one\\n    code\\n<https://example.org>";
    let name = name.replace(
        "concern: He moved in and asks to be alone with Charlie.",
        &format!("concern: \"{concern}\""),
    );
    world.csods("new").from(&name).opened();
    let document = ask(&world, "", "name: {family: Example, given: Alex}\ndate_of_birth: 1988-04-17\n");
    let document = document.json()["markdown"].as_str().unwrap().to_owned();
    assert!(document.contains("\\<img src"), "{document}");
    assert!(!document.contains(['\u{1b}', '\u{7}']), "{document:?}");
    let mut inside = Vec::new();
    let cases = document.split_once("\n## Case ").unwrap().1;
    for event in pulldown_cmark::Parser::new(cases) {
        use pulldown_cmark::{Event, Tag};
        match event {
            Event::Html(html) | Event::InlineHtml(html) => inside.push(html.to_string()),
            Event::Start(Tag::Image { dest_url, .. } | Tag::Link { dest_url, .. }) => {
                inside.push(dest_url.to_string());
            }
            Event::Code(code) => inside.push(code.to_string()),
            Event::Start(Tag::CodeBlock(_) | Tag::Emphasis) => inside.push("code or stress".to_owned()),
            _ => {}
        }
    }
    assert_eq!(inside, [""; 0], "{document}");
    let headings = document.lines().filter(|line| line.starts_with('#')).count();
    assert_eq!(document.lines().filter(|line| line.trim_start().starts_with('#')).count(), headings);
}
