//! Days and labels in the languages of letters: English and Welsh.

use crate::domain::time::Day;

const ENGLISH: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const WELSH: [&str; 7] = ["Llun", "Mawrth", "Mercher", "Iau", "Gwener", "Sadwrn", "Sul"];
const MONTHS: [(&str, &str); 12] = [
    ("January", "Ionawr"),
    ("February", "Chwefror"),
    ("March", "Mawrth"),
    ("April", "Ebrill"),
    ("May", "Mai"),
    ("June", "Mehefin"),
    ("July", "Gorffennaf"),
    ("August", "Awst"),
    ("September", "Medi"),
    ("October", "Hydref"),
    ("November", "Tachwedd"),
    ("December", "Rhagfyr"),
];

/// `Monday 2 March 2026`, `dydd Llun 2 Mawrth 2026`.
pub fn day(day: Day, language: &str) -> String {
    let date = date(day, language);
    match language {
        "cy" => format!("dydd {} {date}", WELSH[day.weekday()]),
        _ => format!("{} {date}", ENGLISH[day.weekday()]),
    }
}

/// `2 March 2026`, `2 Mawrth 2026`.
pub(super) fn date(day: Day, language: &str) -> String {
    let (english, welsh) = MONTHS[day.month() as usize - 1];
    let month = if language == "cy" { welsh } else { english };
    format!("{} {month} {}", day.day(), day.year())
}

/// The labels of a letter's date and reference.
pub fn labels(language: &str) -> (&'static str, &'static str) {
    match language {
        "cy" => ("Dyddiad", "Ein cyfeirnod"),
        _ => ("Date", "Our reference"),
    }
}

/// The labels of a telephone number and an e-mail address.
pub(super) fn contact(language: &str) -> (&'static str, &'static str) {
    match language {
        "cy" => ("Ffôn", "E-bost"),
        _ => ("Phone", "Email"),
    }
}
