//! Suggestions.

use super::*;

fn keys(headings: &[&str]) -> Vec<String> {
    let headings: Vec<String> = headings.iter().map(|heading| (*heading).to_owned()).collect();
    guess::keys(&headings).into_iter().map(Option::unwrap_or_default).collect()
}

#[test]
fn headings_are_understood_in_many_ways() {
    let wanted = [
        ("Ref", "former_reference"),
        ("Date Received", "received.at"),
        ("How received", "received.channel"),
        ("Applicant Surname", "applicant.name.family"),
        ("Forename(s)", "applicant.name.given"),
        ("Applicant's DOB", "applicant.date_of_birth"),
        ("Address", "applicant.address"),
        ("Postcode", "applicant.address"),
        ("Relationship to child", "applicant.relationship_to_child"),
        ("Subject name", "subject.name"),
        ("DOB", "subject.date_of_birth"),
        ("Subject Address", "subject.addresses.0.text"),
        ("Child 1 First Name", "children.0.name.given"),
        ("child1_surname", "children.0.name.family"),
        ("childTwo", ""),
        ("Child 2 - Date of Birth", "children.1.date_of_birth"),
        ("Outcome", "imported.outcome"),
        ("Date closed", "closure.at"),
        ("Shoe size", ""),
        ("applicant.phone", "applicant.phone"),
        ("applicant.emailAddress", "applicant.email"),
        ("children.2.firstName", "children.2.name.given"),
    ];
    let (headings, keys_wanted): (Vec<&str>, Vec<&str>) = wanted.into_iter().unzip();
    assert_eq!(keys(&headings), keys_wanted);
}

#[test]
fn bare_headings_go_to_one_person_after_another() {
    assert_eq!(
        keys(&["Surname", "DOB", "Surname (2)", "DOB (2)"]),
        ["applicant.name.family", "applicant.date_of_birth", "subject.name.family", "subject.date_of_birth"]
    );
    assert_eq!(keys(&["Applicant name", "Applicant surname"]), ["applicant.name", ""]);
}

fn one(heading: &str, texts: &[&str]) -> String {
    let cells: Vec<Cell> = texts.iter().map(|text| Cell::of(text)).collect();
    suggest(&[heading.to_owned()], &[cells.iter().collect()], None, None)
}

#[test]
fn forms_of_dates_are_recognised() {
    let received = |texts: &[&str]| one("Date received", texts);
    assert!(received(&["31/01/2014", "02/03/2014", ""]).contains("date = \"%d/%m/%Y\"\n# time"));
    assert!(received(&["01/31/2014", "02/03/2014"]).contains("date = \"%m/%d/%Y\"\n# time"));
    assert!(
        received(&["02/03/2014"])
            .contains("date = \"%d/%m/%Y\"\n# no date says whether the day or the month")
    );
    assert!(received(&["31/01/2014", "last week"]).contains("# 1 of 2 are not written so"));
    assert!(one("DOB", &["31/01/88"]).contains("date = \"%d/%m/%y\"\npivot = 25"));
    assert!(!received(&["2014-01-31"]).contains("\ndate ="));
    assert!(received(&["last week"]).contains("# date = "));
}

#[test]
fn only_words_of_lists_are_quoted() {
    let text = one("How received", &["Web", "web ", "101", "Carrier pigeon"]);
    for line in ["\"web\" = \"online\"", "\"101\" = \"phone\"", "# \"carrier pigeon\" = \"\""] {
        assert!(text.contains(line), "{text}");
    }
    for heading in ["Applicant surname", "Address", "Concern", "Officer", "Shoe size", "Ref"] {
        let text = one(heading, &["Placeholder"]);
        assert!(!text.to_lowercase().contains("placeholder"), "{text}");
    }
    let long = "a".repeat(SHORT + 1);
    assert!(!one("How received", &[long.as_str()]).contains(&long));
    let many: Vec<String> = (0..FEW + 1).map(|count| format!("word {count}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert!(!one("How received", &many).contains("word 3"));
}

#[test]
fn headings_cannot_break_the_file() {
    let text = one("a\"]\n[b]\u{1}", &[]);
    assert!(text.contains("# [columns.\"a\\\"]\\u000A[b]\\u0001\"]"), "{text}");
}
