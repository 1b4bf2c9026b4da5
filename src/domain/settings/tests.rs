//! Tests of the settings: what a new store has, and each way in which they can be wrong.

use super::*;
use crate::domain::workflow::role_for;
use crate::store::files::{Finding, read_settings};

/// The settings of a new store with one person.
fn default() -> String {
    let people =
        "[people.\"d.osei\"]\nname = \"D. Osei\"\nemail = \"d.osei@example.org\"\nroles = [\"case_officer\"]";
    DEFAULT.replace("@NAME@", "Test Force").replace("@PREFIX@", "KP").replace("@PEOPLE@", people)
}

/// What is found in the settings with one text in place of another: the line, and the problem.
#[track_caller]
fn found(text: &str, instead: &str) -> Vec<(usize, String)> {
    assert!(default().contains(text), "{text} is not in the settings");
    findings(&default().replacen(text, instead, 1))
}

fn findings(text: &str) -> Vec<(usize, String)> {
    let one = |finding: Finding| (finding.line, finding.problem.to_string());
    read_settings(text.as_bytes()).err().unwrap_or_default().into_iter().map(one).collect()
}

/// The line of the settings that begins so.
fn line(start: &str) -> usize {
    default().lines().position(|line| line.starts_with(start)).unwrap() + 1
}

#[test]
fn the_default_is_valid() {
    assert_eq!(findings(&default()), []);
}

#[test]
fn r3_the_defaults_stand_in_the_table() {
    let file = read_settings(default().as_bytes()).unwrap();
    for kind in ActionKind::ALL {
        assert_eq!(file.permissions.get(kind.word()), Some(&default_permission(*kind)), "{kind}");
    }
    assert_eq!(file.permissions.0.len(), ActionKind::ALL.len());
    // An action that is left out has the roles of the default.
    let mut file = file;
    file.permissions.0.clear();
    let settings = Settings { file, calendars: Vec::new() };
    assert_eq!(settings.permitted(ActionKind::Decide), [Role::DecisionMaker]);
}

#[test]
fn each_wrong_value_is_reported_where_it_stands() {
    let table: &[(&str, &str, &str, &str)] = &[
        ("format = 1", "format = 2", "format = 1", "format: is newer than this version of csods reads"),
        ("prefix = \"KP\"", "prefix = \"kp\"", "prefix", "force.prefix"),
        ("prefix = \"KP\"", "prefix = \"1P\"", "prefix", "force.prefix"),
        ("Europe/London", "Europe/Maidstone", "time_zone", "force.time_zone: must be a time zone"),
        ("d.osei@example.org", "d.osei at example", "email", "people.d.osei.email: must be an e-mail"),
        ("suppress_under = 5", "suppress_under = 101", "suppress_under", "N3"),
        ("roles = [\"case_officer\"]", "roles = []", "roles", "roles: must name at least one role"),
        ("roles = [\"case_officer\"]", "roles = [\"chief\"]", "roles", "must be one of call_handler"),
        ("decide = [\"decision_maker\"]", "decide = []", "decide", "permissions.decide: must name"),
        ("decide = [\"decision_maker\"]", "decree = []", "decide", "must be one of new, check"),
        (
            "fresh_days = 28",
            "fresh_days = 0",
            "fresh_days",
            "checks.fresh_days: must be between 1 and 3650 days (K3)",
        ),
        ("fresh_days = 28", "fresh_days = 4000", "fresh_days", "checks.fresh_days"),
        ("fresh_days = 28", "fresh_days = -1", "fresh_days", "must be a whole number"),
        ("fresh_days = 28", "fresh_days = \"28\"", "fresh_days", "must be a whole number"),
        ("fresh_days = 28", "fresh_day = 28", "fresh_days", "unknown key"),
        (
            "initial = [\"pnc\", \"pnd\", \"visor\", \"local_intelligence\"]",
            "initial = []",
            "initial =",
            "(K2)",
        ),
        ("\"pnc\"", "\"P N C\"", "initial =", "must be a word of lower-case letters"),
        (
            "consult = [\"social_care\"]",
            "consult = [\"oracle\"]",
            "consult =",
            "decision.consult: names an agency",
        ),
        ("consult_if_registered = [\"off", "consult_if_registered = [\"un", "consult_if", "(D3)"),
        ("applies_from = 2010-08-01", "applies_from = \"2010\"", "applies_from", "must be a day"),
        (
            "initial_checks = {within = 24",
            "initial_checks = {within = 0",
            "initial_checks",
            "within: must be",
        ),
        ("unit = \"hours\"", "unit = \"moons\"", "initial_checks", "must be one of hours"),
    ];
    for (text, instead, start, words) in table {
        let found = found(text, instead);
        assert!(found.iter().any(|(_, problem)| problem.contains(words)), "{instead}: {found:?}");
        assert!(found.iter().any(|(at, _)| *at == line(start)), "{instead}: line {}: {found:?}", line(start));
    }
}

#[test]
fn what_is_missing_is_named() {
    let at =
        |found: &[(usize, String)], words: &str| found.iter().any(|(_, problem)| problem.contains(words));
    assert!(at(&found("fresh_days = 28", ""), "checks.fresh_days: missing"));
    assert!(at(&found("name = \"Test Force\"", ""), "force.name: missing"));
    let start = default().find("[clocks").unwrap();
    let end = default().find("[checks]").unwrap();
    let none = format!("{}{}", &default()[..start], &default()[end..]);
    assert!(at(&findings(&none), "clocks: missing"));
}

#[test]
fn every_problem_is_reported_at_once() {
    let text = default()
        .replace("prefix = \"KP\"", "prefix = \"kp\"")
        .replace("fresh_days = 28", "fresh_days = 0")
        .replace("consult = [\"social_care\"]", "consult = [\"oracle\"]");
    let found = findings(&text);
    assert_eq!(found.len(), 3, "{found:?}");
    let text = default().replace("fresh_days = 28", "fresh_days = true").replace("2010-08-01", "2010-02-30");
    assert!(!findings(&text).is_empty());
}

#[test]
fn r3_two_people_have_two_addresses() {
    let second = "[people.other]\nname = \"O\"\nemail = \"D.Osei@Example.org\"\nroles = [\"auditor\"]\n\n# Which roles";
    let found = found("# Which roles", second);
    assert_eq!(found.iter().filter(|(_, problem)| problem.contains("address of two people")).count(), 2);
    let wrong = "[people.\"Dr Osei\"]\nname = \"O\"\nemail = \"o@example.org\"\nroles = [\"auditor\"]\n\n# Which roles";
    assert!(self::found("# Which roles", wrong)[0].1.contains("must be a person's id"));
}

#[test]
fn r3_people_who_ended_stay_known_and_act_no_more() {
    let text =
        default().replacen("roles = [\"case_officer\"]", "roles = [\"case_officer\"]\nended = 2026-03-05", 1);
    let settings = Settings { file: read_settings(text.as_bytes()).unwrap(), calendars: Vec::new() };
    let person = PersonId::new("d.osei").unwrap();
    assert!(settings.person(&person).is_some());
    assert_eq!(settings.person_by_email("D.OSEI@example.org").unwrap().0, person);
    assert_eq!(role_for(&person, ActionKind::Interview, &settings), None);
}

#[test]
fn i1_a_third_party_is_always_a_proof_of_relationship() {
    let settings = Settings { file: read_settings(default().as_bytes()).unwrap(), calendars: Vec::new() };
    assert_eq!(settings.listed(List::Relationship).last(), Some(&THIRD_PARTY));
    assert!(settings.listed(List::Systems).contains(&"courts"));
}

#[test]
fn an_address_can_stand_in_a_commit() {
    for good in ["a@b", "d.osei@example.org", "a+b@c-d.example"] {
        assert!(is_email(good), "{good}");
    }
    for bad in ["", "a", "@b", "a@", "a@b@c", "a b@c", "<a@b>", "a@b\n", "a@b,c@d"] {
        assert!(!is_email(bad), "{bad}");
    }
}

#[test]
fn an_address_is_of_a_known_agency_and_has_lines() {
    let addresses = |lines: &str| format!("{}\n[agencies.addresses]\n{lines}\n", default());
    assert_eq!(findings(&addresses("health = [\"Sample Hospital\", \"ZZ1 1ZZ\"]")), []);
    let last = default().lines().count() + 3;
    let unknown = "agencies.addresses.nobody: is the address of an agency that agencies.known does not name";
    assert_eq!(findings(&addresses("nobody = [\"ZZ1 1ZZ\"]")), [(last, unknown.to_owned())]);
    let none = "agencies.addresses.health: must have at least one line";
    assert_eq!(findings(&addresses("health = []")), [(last, none.to_owned())]);
}

#[test]
fn the_key_of_marks_is_64_digits() {
    let with = |key: &str| format!("{}\n[applied]\nkey = \"{key}\"\n", default());
    let good = "0123456789abcdef".repeat(4);
    let file = read_settings(with(&good).as_bytes()).unwrap();
    assert_eq!(file.applied.unwrap().key().unwrap()[..4], [0x01, 0x23, 0x45, 0x67]);
    for bad in [
        "0123",
        &good[1..],
        &format!("{good}0"),
        &format!("{good}00"),
        &good.replace('a', "A"),
        &good.replace('a', "g"),
    ] {
        let found = findings(&with(bad));
        assert!(found.len() == 1 && found[0].1.starts_with("applied.key: must be 64"), "{found:?}");
        assert!(!found[0].1.contains("123"), "{found:?}");
    }
}
