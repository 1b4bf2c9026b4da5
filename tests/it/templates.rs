//! `csods templates`.

use crate::letter::{safe, world};
use crate::support::{At, World};

const OWN: &str = "# Our own words\n\nDear {{ name }}, we have it since {{ received }}.\n";

/// Puts a template into the store by hand.
fn put(world: &World, name: &str, text: &str) {
    world.write(&format!("store/templates/{name}"), text);
}

#[test]
fn lists_every_kind_and_shows_what_each_may_say() {
    let world = World::at(At::Empty);
    let list = world.csods("templates list").json();
    let kinds: Vec<&str> =
        list["templates"].as_array().unwrap().iter().map(|of| of["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.len(), 11);
    for kind in kinds {
        let shown = world.csods(&format!("templates show {kind}")).json();
        let source = shown["source"].as_str().unwrap();
        assert!(source.starts_with("# ") && source.contains("{{ reference }}"), "{kind}");
        assert!(shown["facts"].as_array().unwrap().iter().any(|fact| fact["name"] == "reference"));
        assert_eq!(
            shown["facts"].as_array().unwrap().iter().any(|fact| fact["name"] == "form_of_words"),
            kind == "disclosure_script"
        );
    }
    assert!(world.csods("templates list").done().stdout.contains("never"));
    assert!(
        world.csods("templates list --format csv").done().stdout.starts_with("kind,for,sent,words,about\n")
    );
    world.csods("templates show letter").refused(2);
    let ran = world.csods("templates check").done();
    assert!(ran.stdout.is_empty() && ran.stderr.contains("11 template(s): no problem"), "{}", ran.stderr);
}

#[test]
fn ejects_a_template_and_takes_in_what_is_made_of_it() {
    let world = world();
    world.csods("templates eject acknowledgement").by("r.patel").refused(7);
    let answer = world.csods("templates eject acknowledgement").recorded();
    assert_eq!(answer["template"], "templates/acknowledgement.md");
    assert!(world.git(&["log", "-1", "--format=%B"]).contains("Action: settings\n"));
    world.csods("templates eject acknowledgement").refused(10);
    world.csods("templates eject acknowledgement --dry-run").refused(10);
    put(&world, "acknowledgement.md", OWN);
    let commit = world.csods("commit").beside_edits().arg("--format=json").done();
    assert_eq!(commit.commits, 1, "{}", commit.stderr);
    let letter = world.csods("letter REF acknowledgement").recorded()["letter"].clone();
    let blob = world.git(&["rev-parse", "HEAD:templates/acknowledgement.md"]);
    assert_eq!(letter["template"], format!("templates/acknowledgement.md@{}", blob.trim()));
    let text = world.csods(&format!("letter REF {}", letter["id"].as_str().unwrap())).done().stdout;
    assert!(
        text.contains(
            "Our own words\n=============\n\nDear Alex Example, we have it since Monday 2 March 2026."
        ),
        "{text}"
    );
    world.csods("validate").done();
    std::fs::remove_file(world.store().join("templates/acknowledgement.md")).unwrap();
    world.csods("commit").beside_edits().done();
    assert!(
        world
            .csods("letter REF acknowledgement --preview")
            .done()
            .stdout
            .contains("We have your application")
    );
    world.sound();
}

#[test]
fn o3_an_override_that_names_what_the_letter_may_not_use_is_refused() {
    let world = world();
    let secret = "# T\n\n{% if name == \"\" %}\n{{ form_of_words }}{% endif %}\n";
    put(&world, "outcome_no_disclosure.md", secret);
    let ran = world.csods("commit").env("COLUMNS", "200").beside_edits().refused(9);
    let wanted = "form_of_words is nothing that a letter of this kind may use (O2, O3)";
    assert!(
        ran.stderr.contains(&format!("templates/outcome_no_disclosure.md: 4:1: {wanted}")),
        "{}",
        ran.stderr
    );
    // Even where plain git put it there.
    put(&world, "acknowledgement.md", secret);
    world.git(&["add", "."]);
    world.git(&["commit", "-qm", "by hand"]);
    let ran = world.csods("letter REF acknowledgement --preview").refused(5);
    assert!(
        ran.stderr.contains("templates/acknowledgement.md:4") && ran.stderr.contains(wanted),
        "{}",
        ran.stderr
    );
    world.csods("letter REF acknowledgement").refused(5);
    world.csods("letter --all-due").now("2026-03-04T09:00:00Z").refused(5);
    let ran = world.csods("templates check").env("COLUMNS", "200").refused(11);
    assert!(ran.stdout.contains(&format!("templates/acknowledgement.md:4: {wanted}")), "{}", ran.stdout);
    let ran = world.csods("validate").env("COLUMNS", "200").refused(11);
    assert!(ran.stdout.contains(&format!("templates/acknowledgement.md:4:1: {wanted}")), "{}", ran.stdout);
}

#[test]
fn a_template_that_cannot_be_used_says_where_and_why() {
    let world = world();
    for (text, code, wanted) in [
        (
            "# T\n{{ email }}",
            6,
            "acknowledgement.md:2: the template asks for a fact that the case does not have",
        ),
        ("# T\n\n{% include \"/etc/passwd\" %}", 9, "acknowledgement.md:3: the template cannot be used"),
        ("no heading", 9, "must begin with a heading"),
        ("# T\n{% for x in name %}{{ x }}{% endfor %}{{ nmae }}", 5, "nmae is nothing"),
    ] {
        put(&world, "acknowledgement.md", text);
        world.git(&["add", "."]);
        world.git(&["commit", "-qm", "by hand"]);
        let ran = world.csods("letter REF acknowledgement --preview").refused(code);
        assert!(ran.stderr.contains(wanted), "{text}: {}", ran.stderr);
    }
    put(&world, "greeting.md", "# Hello\n");
    let ran = world.csods("commit").env("COLUMNS", "200").beside_edits().refused(9);
    assert!(ran.stderr.contains("is the template of no kind of letter"), "{}", ran.stderr);
}

#[test]
fn people_are_written_to_in_their_language_where_there_are_words_for_it() {
    let mut world = World::at(At::Empty);
    let welsh =
        safe().replace("  relationship_to_child: parent", "  relationship_to_child: parent\n  language: cy");
    world.reference = world.csods("new").from(&welsh).opened();
    let english = world.csods("letter REF acknowledgement --preview --as html").done().stdout;
    assert!(english.contains("<html lang=\"en\">"));
    world.csods("templates eject acknowledgement --language cy").recorded();
    put(
        &world,
        "acknowledgement.cy.md",
        "# Mae eich cais gyda ni\n\nAnnwyl {{ name }}\n\nDyddiad: {{ received }}\n",
    );
    world.csods("commit").beside_edits().done();
    let letter = world.csods("letter REF acknowledgement").recorded()["letter"].clone();
    assert_eq!(letter["language"], "cy");
    let page = world.csods(&format!("letter REF {} --as html", letter["id"].as_str().unwrap())).done().stdout;
    assert!(page.contains("<html lang=\"cy\">") && page.contains("<dt>Dyddiad</dt>"), "{page}");
    assert!(page.contains("dydd Llun 2 Mawrth 2026"), "{page}");
    let list = world.csods("templates list").done().stdout;
    assert!(list.contains("templates/acknowledgement.cy.md"), "{list}");
    world.csods("validate").done();
}
