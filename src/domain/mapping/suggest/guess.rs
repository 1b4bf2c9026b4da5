//! Which key a heading may mean, and which word of a list a word of the table.

use super::super::cell::folded;
use super::super::target;
use crate::domain::record::Word;

/// The words of a truth value.
pub(super) const YES_NO: &[Word] =
    &[Word { word: "true", meaning: "yes" }, Word { word: "false", meaning: "no" }];

/// What people are called in headings.
const PEOPLE: [(&str, &[&str]); 3] = [
    ("subject", &["subject", "offender", "nominal", "suspect", "poc", "concern about", "person of concern"]),
    ("children.0", &["child", "children", "minor"]),
    ("applicant", &["applicant", "app", "enquirer", "requester", "requestor", "caller", "your", "my"]),
];

/// What is known of a person, as headings say it, and the keys below that person. The longest words count first.
const FACTS: [(&[&str], &str); 12] = [
    (&["surname", "family name", "last name", "lastname", "familyname"], "name.family"),
    (
        &["forename", "forenames", "first name", "first names", "given name", "given names", "firstname"],
        "name.given",
    ),
    (&["date of birth", "dob", "birth date", "birthdate", "d o b", "born"], "date_of_birth"),
    (&["address", "home address", "postcode", "post code", "address line", "town"], "address"),
    (&["phone", "telephone", "mobile", "tel", "phone number", "telephone number", "mobile number"], "phone"),
    (&["email", "e mail", "email address"], "email"),
    (&["occupation", "job", "employment"], "occupation"),
    (&["relationship to child", "relationship to the child"], "relationship_to_child"),
    (&["relationship to applicant", "relationship to the applicant"], "relationship_to_applicant"),
    (&["relationship to subject", "relationship to the subject"], "relationship_to_subject"),
    (&["contact", "type of contact", "contact with subject", "access"], "contact"),
    (&["full name", "name", "names", "fullname", ""], "name"),
];

/// What headings say of the case, and its keys.
const CASE: [(&[&str], &str); 20] = [
    (
        &[
            "reference",
            "ref",
            "ref no",
            "reference number",
            "case number",
            "case ref",
            "case reference",
            "urn",
            "id",
        ],
        "former_reference",
    ),
    (&["route", "type", "application type", "type of application"], "route"),
    (
        &[
            "date received",
            "received",
            "received date",
            "date of application",
            "application date",
            "date of request",
            "date of contact",
            "submitted",
            "submitted at",
            "date submitted",
            "timestamp",
        ],
        "received.at",
    ),
    (
        &["channel", "how received", "method received", "method of contact", "received by channel", "origin"],
        "received.channel",
    ),
    (&["received by", "taken by"], "received.by"),
    (&["officer", "case officer", "owner", "allocated to", "allocated", "oic"], "owner"),
    (
        &["relationship", "applicant relationship", "relationship to child", "relationship to the child"],
        "applicant.relationship_to_child",
    ),
    (
        &["concern", "concerns", "reason for application", "reason for request", "details", "circumstances"],
        "concern",
    ),
    (&["stage", "status", "current status"], "imported.stage"),
    (&["outcome", "decision", "result"], "imported.outcome"),
    (&["rso", "registered sex offender"], "imported.registered_sex_offender"),
    (
        &[
            "date of initial checks",
            "initial checks",
            "initial checks date",
            "screened",
            "date screened",
            "screening date",
        ],
        "imported.screened_at",
    ),
    (
        &[
            "interview",
            "interview date",
            "date of interview",
            "face to face",
            "face to face date",
            "interviewed",
        ],
        "imported.interviewed_at",
    ),
    (
        &[
            "assessment date",
            "date of assessment",
            "risk assessment date",
            "full risk assessment",
            "assessed",
        ],
        "imported.assessed_at",
    ),
    (&["decision date", "date of decision", "date decided", "decided"], "imported.decided_at"),
    (
        &["date disclosed", "disclosure date", "date of disclosure", "date informed", "told", "informed"],
        "imported.told_at",
    ),
    (&["date closed", "closed", "closed date", "closure date", "date of closure"], "closure.at"),
    (&["closure reason", "reason closed", "reason for closure", "closing reason"], "closure.reason"),
    (&["closed by"], "closure.by"),
    (&["closure note", "closing note"], "closure.note"),
];

/// What words of a table often mean, by the words of our lists.
const WORDS: [(&str, &[&str]); 25] = [
    ("online", &["web", "website", "internet", "online form", "single online home", "soh"]),
    ("phone", &["101", "999", "telephone", "call", "phone call", "tel"]),
    ("station", &["counter", "front counter", "front desk", "front office", "enquiry office", "walk in"]),
    ("officer", &["in person", "police officer", "patrol"]),
    ("post", &["letter", "mail"]),
    ("email", &["e mail", "e-mail"]),
    ("agency", &["social services", "partner agency", "social care", "school"]),
    ("parent", &["mother", "father", "mum", "dad"]),
    ("grandparent", &["grandmother", "grandfather", "nan", "grandma", "grandad"]),
    ("relative", &["aunt", "uncle", "sister", "brother", "cousin", "family", "family member"]),
    ("guardian", &["legal guardian"]),
    ("carer", &["foster carer", "foster parent"]),
    ("friend", &["family friend"]),
    ("partner", &["husband", "wife", "boyfriend", "girlfriend", "current partner"]),
    ("former_partner", &["ex partner", "ex-partner", "ex husband", "ex wife", "ex"]),
    ("lives_with", &["resides with", "lives together", "same address"]),
    ("regular", &["weekly", "daily"]),
    ("right_to_ask", &["rta", "right to ask"]),
    ("right_to_know", &["rtk", "right to know"]),
    ("disclose", &["disclosed", "disclosure", "disclosure made"]),
    ("disclosed", &["disclosure", "disclosure made"]),
    ("nothing_to_disclose", &["nil", "nothing held", "nothing known"]),
    ("withdrawn", &["withdrew", "applicant withdrew"]),
    ("closed", &["complete", "completed", "finalised", "filed"]),
    ("transferred", &["transfer", "other force"]),
];

/// A key for each heading, or none; no key twice, but for those that take several columns.
pub(super) fn keys(headings: &[String]) -> Vec<Option<String>> {
    let mut taken: Vec<String> = Vec::new();
    // Whom the columns before were about.
    let mut about: Option<String> = None;
    let mut keys = Vec::new();
    for heading in headings {
        let mut words = words_of(heading);
        // In the way to a value of JSON positions count from 0, and in a heading from 1.
        if let Some(("children", rest)) = heading.split_once('.')
            && let Some((Ok(position), _)) =
                rest.split_once('.').map(|(at, rest)| (at.parse::<usize>(), rest))
        {
            words = words.replacen(&position.to_string(), &(position + 1).to_string(), 1);
        }
        about = person(&words).or(about);
        let mut wanted = candidates(heading, &words, about.as_deref());
        wanted.retain(|key| target(key).is_ok());
        let joined =
            |key: &String| target(key).is_ok_and(|(path, shape)| super::super::joint(&path, shape).is_some());
        // A whole name and its parts would say the same twice.
        let same = |key: &String, other: &String| {
            key == other || key.starts_with(&format!("{other}.")) || other.starts_with(&format!("{key}."))
        };
        let free = wanted.into_iter().find(|key| joined(key) || taken.iter().all(|other| !same(key, other)));
        taken.extend(free.clone());
        keys.push(free);
    }
    keys
}

/// Keys that a heading may mean, the likeliest first.
fn candidates(heading: &str, words: &str, about: Option<&str>) -> Vec<String> {
    let own = heading.trim().to_lowercase();
    if target(&own).is_ok() {
        return vec![own];
    }
    let (fact, whole) = without_person(words);
    let stands = |names: &&[&str]| names.contains(&fact.as_str());
    let of_person = FACTS.iter().find(|(names, _)| stands(names)).map(|(_, key)| *key);
    let of_case = CASE.iter().find(|(names, _)| names.contains(&words)).map(|(_, key)| (*key).to_owned());
    let mut found: Vec<String> = of_case.into_iter().collect();
    if let Some(key) = of_person {
        // Somebody who is named in the heading is meant; else whoever came before, and then the others in turn.
        let turn = ["applicant", "subject", "children.0", "children.1", "children.2"];
        let named = person(words).filter(|_| whole);
        let others = about.into_iter().chain(turn).map(str::to_owned);
        let people: Vec<String> = named.map_or_else(|| others.collect(), |person| vec![person]);
        found.extend(people.iter().map(|person| key_of(person, key)));
    }
    found
}

fn key_of(person: &str, key: &str) -> String {
    match (person, key) {
        ("subject", "address") => "subject.addresses.0.text".to_owned(),
        _ => format!("{person}.{key}"),
    }
}

/// Whom a heading names: `children.1` for `Child 2 DOB`.
fn person(words: &str) -> Option<String> {
    let padded = format!(" {words} ");
    let at = |name: &str| padded.find(&format!(" {name} "));
    let named = PEOPLE
        .iter()
        .filter_map(|(person, names)| Some((names.iter().filter_map(|name| at(name)).min()?, *person)));
    // In `applicant relationship to child` it is the first that counts.
    let (_, person) = named.min()?;
    let number = words.split(' ').find_map(|word| word.parse::<usize>().ok());
    Some(match (person, number) {
        ("children.0", Some(number @ 1..=10)) => format!("children.{}", number - 1),
        (person, _) => person.to_owned(),
    })
}

/// The words without those that name a person, and whether there were any.
fn without_person(words: &str) -> (String, bool) {
    let mut rest = format!(" {words} ");
    let mut names: Vec<&str> = PEOPLE.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let start = names.iter().find(|name| rest.starts_with(&format!(" {name} ")));
    let whole = start.is_some() || person(words).is_some();
    if let Some(name) = start {
        rest = rest.replacen(&format!(" {name} "), " ", 1);
    } else if let Some(name) = names.iter().find(|name| rest.ends_with(&format!(" of {name} "))) {
        rest = rest.replacen(&format!(" of {name} "), " ", 1);
    }
    let kept = rest.split_whitespace().filter(|word| word.parse::<usize>().is_err() && *word != "s");
    (kept.collect::<Vec<_>>().join(" "), whole)
}

/// A heading as words: `childDateOfBirth`, `child_date_of_birth` and `Child - Date of Birth` are the same.
fn words_of(heading: &str) -> String {
    let mut words = String::new();
    let mut last = ' ';
    for c in heading.chars() {
        if c.is_uppercase() && last.is_lowercase() {
            words.push(' ');
        }
        if c.is_numeric() != last.is_numeric() && (c.is_numeric() || last.is_numeric()) {
            words.push(' ');
        }
        words.push(if c.is_alphanumeric() { c } else { ' ' });
        last = c;
    }
    folded(&words)
}

/// The word of a list that a word of the table may mean.
pub(super) fn word(text: &str, words: &[Word]) -> Option<&'static str> {
    let typed = folded(text);
    let plain = typed.replace([' ', '-'], "_");
    if words == YES_NO {
        return match typed.as_str() {
            "yes" | "y" | "true" | "1" => Some("true"),
            "no" | "n" | "false" | "0" => Some("false"),
            _ => None,
        };
    }
    let same = words.iter().find(|word| word.word == plain || folded(word.meaning) == typed);
    same.map(|word| word.word).or_else(|| {
        let means = WORDS.iter().filter(|(_, others)| others.contains(&typed.as_str()));
        let known = means.map(|(word, _)| *word).find(|word| words.iter().any(|other| other.word == *word));
        known.or_else(|| {
            (typed == "not known").then_some("unknown").filter(|_| words.iter().any(|w| w.word == "unknown"))
        })
    })
}
