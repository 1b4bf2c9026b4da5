//! Searching, as tables.

use super::*;
use crate::domain::node::Node;
use crate::store::yaml;

const CASE: &str = "
applicant: {name: {family: \"O'Brien\", given: Anne-Marie}, phone: 01632 960001, address: \"1 Sample Street, Maidstone\"}
subject: {name: {family: Placeholder, given: Robert}, aliases: [{family: Müller, given: Bob}]}
children: [{name: {family: Example, given: Charlie}}, {name: {family: Example, given: Zoë}}]
owner: d.osei
concern: |
  He collects the children from school; rang from +44 7700 900123 twice.
notes: [{text: The school rang back.}]
";

fn case() -> Vec<(FieldId, Box<str>)> {
    words(&yaml::parse_answers(CASE.as_bytes()).unwrap())
}

/// The fields in which the words are found, or nothing.
fn found(asked: &str) -> Option<(u32, Vec<&'static str>)> {
    let mut tally = Tally::default();
    for term in terms(asked) {
        tally.next_term();
        answer(&mut tally, &term, 7, &case());
    }
    let found = tally.finish();
    assert!(found.len() <= 1);
    found.first().map(|found| (found.score, names(found.fields)))
}

#[test]
fn words_are_found_whatever_their_order_spelling_and_accents() {
    for (asked, fields) in [
        ("placeholder", &["subject.name"][..]),
        ("Robert PLACEHOLDER", &["subject.name", "subject.aliases"]),
        ("placeholder, robe", &["subject.name"]),
        ("placehol", &["subject.name"]),
        ("plaecholder", &["subject.name"]),
        ("placeholdre", &["subject.name"]),
        ("obrien", &["applicant.name"]),
        ("O\u{2019}Brien", &["applicant.name"]),
        ("annemarie", &["applicant.name"]),
        ("anne-marie obrien", &["applicant.name"]),
        ("muller", &["subject.aliases"]),
        ("m\u{fc}ller", &["subject.aliases"]),
        ("zoe", &["children.name"]),
        ("rob", &["subject.name", "subject.aliases"]),
        ("school rang", &["concern", "notes.text"]),
        ("sample street maidstone", &["applicant.address"]),
        ("01632960001", &["applicant.phone"]),
        ("+44 1632 960001", &["applicant.phone"]),
        ("960001", &["applicant.phone"]),
        ("96000", &["applicant.phone"]),
        ("07700 900 123", &["concern"]),
    ] {
        assert_eq!(found(asked).map(|(_, fields)| fields), Some(fields.to_vec()), "{asked}");
    }
    for asked in ["nobody", "placeholder nobody", "xy", "osei", "60002", "01632 960002", "zob", "schule"] {
        assert_eq!(found(asked), None, "{asked}");
    }
}

#[test]
fn the_word_itself_comes_before_its_kin_and_one_field_before_several() {
    let score = |asked| found(asked).unwrap().0;
    assert!(score("placeholder") > score("placehold"));
    assert!(score("placehold") > score("placeholdre"));
    assert!(score("robert") > score("school"));
    assert!(score("robert placeholder") > score("robert example"));
}

#[test]
fn what_is_too_short_is_not_asked_for() {
    assert!(terms("").is_empty() && terms(" a - ! ").is_empty());
    assert_eq!(terms("a school, a School").len(), 1);
    assert_eq!(terms("07700-900-123").len(), 1);
    assert_eq!(terms("anne-marie").len(), 2);
}

#[test]
fn cases_that_miss_a_word_are_not_found() {
    let words = |text: &str| words(&Node::Map(vec![("concern".to_owned(), Node::text(text))]));
    let cases = [words("red van school"), words("red van"), words("school red")];
    let mut tally = Tally::default();
    for term in terms("red school van") {
        tally.next_term();
        for (number, words) in cases.iter().enumerate() {
            answer(&mut tally, &term, number as u32, words);
        }
    }
    assert_eq!(tally.finish().iter().map(|found| found.case).collect::<Vec<_>>(), [0]);
}
