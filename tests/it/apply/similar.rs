//! The cases that look like those that a batch opens (L1): the same, however many it opens and however they are found.

use serde_json::{Value, json};

use super::{answers, apply, lines, new};
use crate::support::{At, World};

/// Families none of which is like another.
const FAMILIES: [[&str; 2]; 12] = [
    ["Anderton", "Mowbray"],
    ["Bickford", "Nettleship"],
    ["Cromwell", "Oakden"],
    ["Dunstable", "Pickering"],
    ["Everard", "Quimby"],
    ["Fothergill", "Rushton"],
    ["Grimsby", "Stoddart"],
    ["Huxtable", "Thwaite"],
    ["Inchbald", "Upshaw"],
    ["Jessop", "Vickers"],
    ["Kirkwall", "Wetherby"],
    ["Lomond", "Yardley"],
];

/// Twelve new lines: every second subject is that of the case in the store, the others are one another's.
fn twelve() -> Vec<Value> {
    let one = |(number, [applicant, child]): (usize, &[&str; 2])| {
        let mut line = new(&format!("n{number}"));
        let subject = if number.is_multiple_of(2) { "Placeholder" } else { "Zyxwvut" };
        let named = |family: &str, given: &str| json!({"family": family, "given": given});
        for (place, name) in [
            ("/data/applicant", named(applicant, "Kim")),
            ("/data/subject", named(subject, "Sam")),
            ("/data/children/0", named(child, "Jo")),
        ] {
            let person = line.pointer_mut(place).unwrap().as_object_mut().unwrap();
            person.insert("name".to_owned(), name);
            person.remove("date_of_birth");
        }
        line
    };
    FAMILIES.iter().enumerate().map(one).collect()
}

/// How many people of earlier cases each line is said to look like.
fn counts(world: &World, flags: &str, input: &[Value]) -> Vec<usize> {
    let ran = apply(world, flags, &lines(input)).done();
    let alike = |answer: &Value| answer["similar"].as_array().map_or(0, Vec::len);
    answers(&ran).iter().map(alike).collect()
}

#[test]
fn l1_few_and_many_new_cases_are_compared_alike() {
    let expected = [1, 0, 2, 1, 3, 2, 4, 3, 5, 4, 6, 5];
    for flags in ["--format=json", "--format=json --no-index"] {
        let world = World::at(At::Opened);
        assert_eq!(counts(&world, flags, &twelve()), expected, "{flags}");
        // Given again, they are like seven or six subjects, and like the applicant and the child of the first time.
        let mut again = twelve();
        again.truncate(2);
        assert_eq!(counts(&world, flags, &again), [9, 8], "{flags}");
        world.sound();
    }
}

#[test]
fn l1_a_case_that_an_earlier_line_corrects_is_compared_as_it_then_is() {
    let mut all = vec![json!({
        "case": "REF", "action": "correct",
        "data": {"path": "subject.name.family", "now": "Zyxwvut", "code": "mistake", "reason": "Misheard."},
    })];
    all.extend(twelve());
    for flags in ["--format=json --dry-run", "--format=json --dry-run --no-index"] {
        let world = World::at(At::Opened);
        all[0]["case"] = json!(world.reference());
        // The case in the store counts with the others now.
        assert_eq!(counts(&world, flags, &all), [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6], "{flags}");
    }
}
