//! `csods similar`.

use crate::support::{APPLICATION, At, World};

#[test]
fn l1_l2_shows_cases_with_the_same_people() {
    let world = World::at(At::Decision);
    let same = world.csods("new").from(APPLICATION).opened();
    let turned = APPLICATION
        .replace("family: Example, given: Alex", "family: Placeholder, given: Sam")
        .replace("1988-04-17", "1979-11-02")
        .replace("family: Example, given: Charlie", "family: Nobody, given: Else")
        .replacen(
            "subject:\n  name: {family: Placeholder, given: Sam}",
            "subject:\n  name: {family: Sole, given: Kim}",
            1,
        );
    let turned = world.csods("new").from(&turned).opened();
    for no_index in ["", " --no-index"] {
        let answer = world.csods(&format!("similar REF{no_index}")).json();
        let cases: Vec<&str> = answer["cases"]
            .as_array()
            .unwrap()
            .iter()
            .map(|case| case["reference"].as_str().unwrap())
            .collect();
        assert!(cases.contains(&same.as_str()) && cases.contains(&turned.as_str()), "{answer}");
        assert!(!cases.contains(&world.reference()));
        assert_eq!(answer["cases"][0]["alike"][0]["reasons"][0], "same_name");
    }
    let text = world.csods("similar REF").done().stdout;
    assert!(text.contains("the same name") && !text.contains("Placeholder"), "{text}");
    let one = world.csods("similar REF --limit 1").done();
    assert!(one.stderr.contains("1 of 2 cases shown"), "{}", one.stderr);
    let alone = World::at(At::Opened);
    assert!(alone.csods("similar REF").done().stdout.contains("no other case is like"));
    alone.csods("similar 999999").refused(3);
}
