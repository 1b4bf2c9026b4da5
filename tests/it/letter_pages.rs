//! Every kind of letter as a page: `tests/letters/` holds what an example case gives as Markdown, HTML and text, exactly.
//!
//! To make the files anew after a change, run `CSODS_WRITE_LETTERS=1 cargo test letter_pages` and read the difference.

use std::collections::BTreeMap;
use std::fs;

use csods::domain::case::{Case, LetterKind, Method};
use csods::domain::letter::facts::Ground;
use csods::domain::letter::{addressee, made};
use csods::domain::scalars::Name;
use csods::domain::settings::Settings;
use csods::output::letter::{html, markdown, text};
use csods::store::files;

use crate::examples::collect;
use crate::office::{self, repository};

/// Of which case each letter is, and to whom.
const LETTERS: &[(&str, LetterKind, &str, &str)] = &[
    ("acknowledgement", LetterKind::Acknowledgement, "EX-26-CKFQ9E", ""),
    ("interview_invitation", LetterKind::InterviewInvitation, "EX-26-CKFQ9E", ""),
    ("outcome_no_disclosure", LetterKind::OutcomeNoDisclosure, "EX-26-HWY1SG", ""),
    ("extension_notice", LetterKind::ExtensionNotice, "EX-26-7AQVZZ", ""),
    ("agency_request", LetterKind::AgencyRequest, "EX-26-K4BMWJ", "health"),
    ("social_care_referral", LetterKind::SocialCareReferral, "EX-26-3PEGC0", ""),
    ("representations_invitation", LetterKind::RepresentationsInvitation, "EX-26-2Y3TT9", ""),
    ("undertaking", LetterKind::Undertaking, "EX-25-PK9SR4", ""),
    ("disclosure_script", LetterKind::DisclosureScript, "EX-25-PK9SR4", ""),
    ("case_summary", LetterKind::CaseSummary, "EX-25-PK9SR4", ""),
];

fn cases() -> BTreeMap<String, Case> {
    let mut found = BTreeMap::new();
    collect(&repository().join("cases.example/cases"), "", &mut found);
    let read = |bytes: &Vec<u8>| files::read_case(bytes).unwrap();
    found.values().map(read).map(|case| (case.reference.as_str().to_owned(), case)).collect()
}

fn settings() -> Settings {
    let bytes = fs::read(repository().join("cases.example/csods.toml")).unwrap();
    Settings { file: files::read_settings(&bytes).unwrap(), calendars: Vec::new() }
}

fn letter(kind: LetterKind, case: &Case, to: &str, settings: &Settings) -> String {
    let to = addressee::addressee(kind, case, Name::new(to).ok().as_ref(), settings).unwrap();
    let at = "2026-03-20T12:00:00Z".parse().unwrap();
    let ground = Ground { case, settings, at, to: to.as_ref(), language: "en" };
    let method = if kind.methods().contains(&Method::Letter) { Method::Letter } else { Method::InPerson };
    made::make(kind, made::built_in(kind), &ground, method).unwrap()
}

/// Every letter as Markdown, by its name: one of each kind, and `not_progressed` for each of its reasons.
fn letters() -> Vec<(String, String)> {
    let (cases, settings) = (cases(), settings());
    let one = |(name, kind, case, to): &(&str, LetterKind, &str, &str)| {
        ((*name).to_owned(), letter(*kind, &cases[*case], to, &settings))
    };
    let mut letters: Vec<(String, String)> = LETTERS.iter().map(one).collect();
    let early =
        cases.values().filter(|case| case.closure.as_ref().is_some_and(|closure| closure.reason.is_early()));
    for case in early {
        let reason = case.closure.as_ref().unwrap().reason;
        let name = format!("not_progressed.{reason}");
        if letters.iter().all(|(other, _)| *other != name) {
            letters.push((name, letter(LetterKind::NotProgressed, case, "", &settings)));
        }
    }
    letters
}

#[test]
fn letters_are_what_the_example_cases_give() {
    let mut wanted = BTreeMap::new();
    for (name, stored) in letters() {
        let page = markdown::read(&stored).unwrap();
        wanted.insert(format!("{name}.html"), html::html(&page, false));
        wanted.insert(format!("{name}.txt"), text::text(&page));
        wanted.insert(format!("{name}.md"), stored);
    }
    assert_eq!(wanted.len(), 3 * (10 + 7));
    let folder = repository().join("tests/letters");
    if office::asked("CSODS_WRITE_LETTERS") {
        fs::remove_dir_all(&folder).unwrap_or_default();
        wanted.iter().for_each(|(name, text)| office::write(&folder.join(name), text));
    }
    let mut kept = BTreeMap::new();
    collect(&folder, "", &mut kept);
    assert_eq!(kept.keys().collect::<Vec<_>>(), wanted.keys().collect::<Vec<_>>());
    for (name, text) in &wanted {
        assert_eq!(String::from_utf8_lossy(&kept[name]), *text, "tests/letters/{name}");
    }
}

#[test]
fn every_page_has_what_those_who_cannot_see_it_need() {
    for (name, stored) in letters() {
        let page = markdown::read(&stored).unwrap();
        for large in [false, true] {
            let html = html::html(&page, large);
            let once = |what: &str| assert_eq!(html.matches(what).count(), 1, "{name}: {what}");
            ["<html lang=\"en\">", "<title>", "<main>", "<header>", "<h1>", "name=\"viewport\""]
                .iter()
                .for_each(|what| once(what));
            assert!(!html.contains("http-equiv=\"refresh\"") && !html.contains("<script"), "{name}");
            // Headings go down one step at a time.
            let mut level = 0;
            for part in html.split("<h").skip(1) {
                let Some(next) = part.chars().next().and_then(|digit| digit.to_digit(10)) else { continue };
                assert!(next <= level + 1, "{name}: h{next} after h{level}");
                level = next;
            }
        }
    }
}

/// How hard the words of a letter are to read: the Flesch-Kincaid grade, which is about an age less five.
fn grade(text: &str) -> f64 {
    let sentences =
        text.split(['.', '?', '!', ':', '\n']).filter(|part| part.split_whitespace().count() > 1).count();
    let words: Vec<&str> =
        text.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).collect();
    let syllables = |word: &&str| {
        let low = word.to_lowercase();
        let vowel = |c: char| "aeiouy".contains(c);
        let starts = low.chars().zip(std::iter::once(' ').chain(low.chars()));
        let groups = starts.filter(|(c, before)| vowel(*c) && !vowel(*before)).count();
        let silent = usize::from(low.ends_with('e') && groups > 1);
        (groups - silent).max(1)
    };
    let (count, sentences) = (words.len() as f64, sentences.max(1) as f64);
    let syllables = words.iter().map(syllables).sum::<usize>() as f64;
    0.39 * count / sentences + 11.8 * syllables / count - 15.59
}

#[test]
fn letters_to_the_public_are_easy_to_read() {
    let public = letters()
        .into_iter()
        .filter(|(name, _)| LetterKind::of(name.split('.').next().unwrap()).unwrap().audience().is_public());
    for (name, stored) in public {
        let body = stored.rsplit("---\n").next().unwrap().replace(['#', '*', '\\'], "");
        let grade = grade(&body);
        assert!(grade < 6.5, "{name}: grade {grade:.1}");
        assert!(body.contains("999") || name.starts_with("representations"), "{name}");
    }
}
