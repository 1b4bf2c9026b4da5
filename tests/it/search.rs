//! `csods search`.

use crate::support::{APPLICATION, At, World};

/// What is found: the references, and the fields of the first.
fn found(world: &World, words: &str) -> (Vec<String>, Vec<String>) {
    let mut found = Vec::new();
    for no_index in ["", " --no-index"] {
        let answer = world.csods(&format!("search{no_index} {words}")).json();
        let cases = answer["cases"].as_array().unwrap().clone();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let references = cases.iter().map(|case| text(&case["reference"])).collect();
        let fields = cases.first().map(|case| case["fields"].as_array().unwrap().iter().map(text).collect());
        found.push((references, fields.unwrap_or_default()));
    }
    assert_eq!(found[0], found[1], "{words}");
    found.remove(0)
}

#[test]
fn finds_names_numbers_and_free_text_and_says_where() {
    let world = World::at(At::Decision);
    let other = APPLICATION.replace("Placeholder", "M\u{fc}ller-Sample").replace("960001", "960777");
    let other = world.csods("new").from(&other).opened();
    let first = world.reference().to_owned();
    for (words, case, field) in [
        ("placeholder", &first, "subject.name"),
        ("sam placehodler", &first, "subject.name"),
        ("muller", &other, "subject.name"),
        ("01632 960777", &other, "applicant.phone"),
        ("(01632)960777", &other, "applicant.phone"),
    ] {
        let (cases, fields) = found(&world, words);
        assert!(
            cases.first() == Some(case) && fields.contains(&field.to_owned()),
            "{words}: {cases:?} {fields:?}"
        );
    }
    world.csods("note REF").from("text: The grandmother collects from swimming.").recorded();
    assert_eq!(found(&world, "swiming grandmother"), (vec![first], vec!["notes.text".to_owned()]));
    assert_eq!(found(&world, "placeholder --stage closed").0.len(), 0);
    assert_eq!(found(&world, "maidstone --limit 1").0.len(), 1);
}

#[test]
fn shows_no_name_and_takes_the_words_from_standard_input() {
    let world = World::at(At::Decision);
    let mut child = world.csods("search -").command();
    child.stdin(std::process::Stdio::piped());
    let mut child = child.spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"placeholder\n").unwrap();
    let out = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(text.contains(world.reference()) && text.contains("subject.name"), "{text}");
    assert!(!text.to_lowercase().contains("placeholder"), "{text}");
    assert!(world.csods("search nobody").done().stdout.contains("no case has all of these words"));
    world.csods("search").refused(2);
    world.csods("search ?").refused(2);
    assert!(world.csods("search placeholder --format csv").done().stdout.starts_with("reference,stage"));
}

#[test]
fn fails_closed_and_says_what_a_partial_answer_leaves_out() {
    let world = World::at(At::Decision);
    let kept = world.csods("new").from(APPLICATION).opened();
    world.write(&format!("store/{}", world.case_path()), "format: 1\n");
    world.git(&["commit", "-qam", "spoil"]);
    let spoilt = world.case_path();
    for no_index in ["", " --no-index"] {
        let kept = &kept;
        for view in ["search placeholder", "list", "due", "board", "workload", &format!("similar {kept}")] {
            let line = format!("{view}{no_index}");
            let ran = world.csods(&line).refused(9);
            assert!(ran.stdout.is_empty() && ran.stderr.contains(&spoilt), "{line}: {}", ran.stderr);
            let answer = world.csods(&format!("{line} --allow-partial")).json();
            assert_eq!((&answer["partial"], &answer["left_out"][0]), (&true.into(), &spoilt.as_str().into()));
            let text = world.csods(&format!("{line} --allow-partial")).done().stdout;
            assert!(text.starts_with("PARTIAL: 1 case(s)") && text.contains(&spoilt), "{text}");
            let ran = world.csods(&format!("{line} --allow-partial --quiet --format csv")).done();
            assert!(ran.stderr.contains("PARTIAL") && !ran.stdout.contains("PARTIAL"), "{}", ran.stderr);
        }
    }
}

#[test]
fn l1b_names_are_found_however_their_letters_are_written() {
    let world = World::at(At::Empty);
    let named = |family: &str| {
        // As it stands in a file that was taken in before invisible characters were dropped.
        let reference = world.csods("new").from(&APPLICATION.replace("Placeholder", "Zzyzx")).opened();
        let path = world.store().join(crate::support::path_of(&reference));
        let text = std::fs::read_to_string(&path).unwrap();
        let text = text.replacen("family: Zzyzx", &format!("family: \"{family}\""), 1);
        crate::support::write(&path, text.as_bytes());
        world.git(&["commit", "-qam", "a name as another program wrote it"]);
        reference
    };
    for (stored, asked) in [
        ("Kowal\u{200b}ska", "Kowalska"),
        ("Long\u{ad}bottom", "Longbottom"),
        ("Abd\u{200c}al", "Abdal"),
        ("\u{ff33}mythe", "Smythe"),
        ("Nguy\u{1ec5}n", "Nguyen"),
        ("Quincey\u{2011}Browne", "quincey-browne"),
        ("O\u{2bc}Wrigley", "O'Wrigley"),
    ] {
        let reference = named(stored);
        assert!(found(&world, &format!("\"{asked}\"")).0.contains(&reference), "{stored:?}");
    }
    // At entry they are dropped: in answers, and from what is asked.
    let entered = world.csods("new").from(&APPLICATION.replace("Placeholder", "Thorn\u{2060}bury")).opened();
    assert_eq!(
        world.csods(&format!("show {entered}")).json()["case"]["subject"]["name"]["family"],
        "Thornbury"
    );
    assert!(found(&world, "Thorn\u{200b}bury").0.contains(&entered));
}
