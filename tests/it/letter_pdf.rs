//! Letters as PDF: what other programs see in them. The files stay in the build's directory for temporary files
//! (`target/tmp/letters`), to be looked at.

mod letters;

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use csods::domain::time::Day;
use csods::error::Error;
use csods::output::letter::document::{Block, Document, Inline};
use csods::output::letter::pdf::{Fault, Look, Place, Print, pdf};
use serde_json::Value;

use crate::readers::{ask, ask_python};
use crate::tools::Tool;
use letters::{HOSTILE, acknowledgement, checks, held, hostile, letter, paragraph, summary, text};

/// Points of a millimetre.
const MM: f32 = 72.0 / 25.4;

fn made(document: &Document, print: Print) -> Result<Vec<u8>, Fault> {
    pdf(document, &Look { print, date: Day::new(2026, 3, 2).unwrap() })
}

/// The letter as a file, and its bytes.
#[expect(clippy::disallowed_methods, reason = "not a file of a store")]
fn written(name: &str, document: &Document, print: Print) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("letters");
    fs::create_dir_all(&folder).unwrap();
    let bytes = made(document, print).unwrap();
    fs::write(folder.join(format!("{name}.pdf")), &bytes).unwrap();
    bytes
}

/// A letter of these tests, as it was made.
struct Made {
    name: &'static str,
    document: Document,
    print: Print,
    bytes: Vec<u8>,
}

/// Every letter of these tests.
static ALL: LazyLock<Vec<Made>> = LazyLock::new(|| {
    let table = letter(vec![Block::Heading(1, text("Checks")), checks(90)]);
    let welsh = Document {
        language: "cy".to_owned(),
        title: "Rydym wedi cael eich cais".to_owned(),
        ..letter(vec![paragraph("Annwyl Siân Ŵyn, diolch am roi gwybod i ni. Ŷ ŷ ŵ ẃ ỳ â ê î ô û ï ö")])
    };
    let long = letter((0..10).flat_map(|_| summary().body).collect());
    let letters = [
        ("acknowledgement", acknowledgement(), Print::Normal),
        ("acknowledgement-large", acknowledgement(), Print::Large),
        ("summary", summary(), Print::Normal),
        ("summary-large", summary(), Print::Large),
        ("table", table, Print::Normal),
        ("held", held(), Print::Normal),
        ("held-large", held(), Print::Large),
        ("hostile", hostile(), Print::Normal),
        ("hostile-large", hostile(), Print::Large),
        ("welsh", welsh, Print::Normal),
        ("empty", letter(Vec::new()), Print::Normal),
        ("long", long, Print::Normal),
    ];
    let made = |(name, document, print)| {
        let bytes = written(name, &document, print);
        Made { name, document, print, bytes }
    };
    letters.map(made).into()
});

/// The letter of this name.
fn named(name: &str) -> &'static Made {
    ALL.iter().find(|made| made.name == name).unwrap()
}

/// The words of a file as `pdftotext` reads them: page, left, top, right, bottom, word.
fn words(bytes: &[u8]) -> Option<Vec<(usize, [f32; 4], String)>> {
    let answer = String::from_utf8(ask(Tool::Poppler, "pdftotext", &["-bbox", "-", "-"], bytes)?).unwrap();
    let mut page = 0;
    let mut words = Vec::new();
    for line in answer.lines().map(str::trim) {
        page += usize::from(line.starts_with("<page"));
        let Some(word) = line.strip_prefix("<word ") else { continue };
        let part = |name: &str| word.split(&format!("{name}=\"")).nth(1).unwrap().split('"').next().unwrap();
        let at = ["xMin", "yMin", "xMax", "yMax"].map(|name| part(name).parse().unwrap());
        let word = word.split_once('>').unwrap().1.trim_end_matches("</word>").to_owned();
        words.push((page, at, word));
    }
    Some(words)
}

/// The text of a file in the order of its structure, without any spaces.
fn read_aloud(bytes: &[u8]) -> Option<String> {
    let answer = String::from_utf8(ask(Tool::Poppler, "pdfinfo", &["-struct-text", "-"], bytes)?).unwrap();
    let spoken = |line: &str| Some(line.trim().strip_prefix('"')?.strip_suffix('"')?.to_owned());
    let text: String = answer.lines().filter_map(spoken).collect();
    Some(text.split_whitespace().collect())
}

#[test]
fn the_same_letter_gives_the_same_bytes() {
    for Made { name, document, print, bytes } in &ALL[..] {
        assert!(bytes.starts_with(b"%PDF-1.7"), "{name}");
        assert!(*bytes == made(document, *print).unwrap(), "{name}");
    }
    let other_day = Look { print: Print::Normal, date: Day::new(2026, 3, 3).unwrap() };
    assert_ne!(
        pdf(&acknowledgement(), &other_day).unwrap(),
        made(&acknowledgement(), Print::Normal).unwrap()
    );
}

#[test]
fn no_word_runs_off_the_page() {
    for Made { name, bytes, .. } in &ALL[..] {
        let Some(words) = words(bytes) else { return };
        for (page, [left, top, right, bottom], word) in words {
            // The words across a copy that must not be sent reach into the margins, not over the edge.
            // Readers cut them up in their own ways; all other words are much lower.
            let across = name.starts_with("held") && bottom - top > 40.0;
            let fits = match across {
                true => left >= 0.0 && right <= 210.0 * MM && top >= 0.0 && bottom <= 297.0 * MM,
                false => left >= 24.9 * MM && right <= 190.5 * MM && top >= 8.0 * MM && bottom <= 292.0 * MM,
            };
            assert!(fits, "{name}, page {page}: {word}: {left} {top} {right} {bottom}");
        }
    }
}

#[test]
fn every_page_has_its_number_and_marking() {
    for name in ["summary", "summary-large"] {
        let Some(words) = words(&named(name).bytes) else { return };
        let pages = words.iter().map(|(page, ..)| *page).max().unwrap();
        assert!(pages >= 3, "{pages}");
        for page in 1..=pages {
            let on_page: Vec<&str> =
                words.iter().filter(|(on, ..)| *on == page).map(|(_, _, word)| word.as_str()).collect();
            let text = on_page.join(" ");
            assert!(text.contains(&format!("Page {page} of {pages}")), "{text}");
            let marked = words.iter().filter(|(on, _, word)| *on == page && word == "OFFICIAL-SENSITIVE");
            let heights: Vec<f32> = marked.map(|(_, at, _)| at[1]).collect();
            assert_eq!(heights.len(), 2, "page {page}");
            assert!(heights.iter().any(|y| *y < 20.0 * MM) && heights.iter().any(|y| *y > 270.0 * MM));
        }
    }
}

#[test]
fn the_address_and_nothing_else_shows_in_the_window() {
    let mut long = acknowledgement();
    long.recipient = [
        "Mx Alexandra Example-Placeholder",
        "Flat 12, The Sample Building",
        "1 Sample Street",
        "Sampleton",
        "Maidstone",
        "ME14 1AA",
    ]
    .map(str::to_owned)
    .to_vec();
    for (document, print, top) in [
        (acknowledgement(), Print::Normal, 57.0),
        (acknowledgement(), Print::Large, 46.0),
        (long.clone(), Print::Normal, 48.0),
        (long, Print::Large, 46.0),
    ] {
        let Some(words) = words(&made(&document, print).unwrap()) else { return };
        let address: Vec<&str> = document.recipient.iter().flat_map(|line| line.split(' ')).collect();
        let shown: Vec<&(usize, [f32; 4], String)> = words
            .iter()
            .filter(|(page, [left, y, _, bottom], _)| {
                *page == 1 && *left < 110.0 * MM && *bottom > 45.0 * MM && *y < 92.0 * MM
            })
            .collect();
        assert_eq!(shown.iter().map(|(_, _, word)| word.as_str()).collect::<Vec<_>>(), address);
        for (_, [left, y, right, bottom], word) in shown {
            let fits =
                *left >= 20.0 * MM && *right <= 100.0 * MM && *y >= (top - 0.2) * MM && *bottom <= 82.0 * MM;
            assert!(fits, "{word}: {left} {y} {right} {bottom}");
        }
    }
}

#[test]
fn more_lines_than_the_window_shows_can_be_read_all_the_same() {
    let mut document = acknowledgement();
    document.recipient = (1..=25).map(|line| format!("address-line-{line}")).collect();
    let Some(words) = words(&made(&document, Print::Normal).unwrap()) else { return };
    let place =
        |wanted: &str| words.iter().find(|(_, _, word)| word == wanted).map(|(page, at, _)| (*page, at[1]));
    for line in 2..=25 {
        assert!(place(&format!("address-line-{line}")) > place(&format!("address-line-{}", line - 1)));
    }
    assert!(place("Dear") > place("address-line-25"));
    document.recipient = (1..=90).map(|line| format!("address-line-{line}")).collect();
    assert_eq!(made(&document, Print::Normal).unwrap_err(), Fault::Front);
}

#[test]
fn a_letter_to_nobody_begins_higher() {
    let mut document = acknowledgement();
    let body = |document: &Document| {
        let words = words(&made(document, Print::Normal).unwrap())?;
        Some(words.iter().find(|(_, _, word)| word == "Dear").unwrap().1[1])
    };
    let posted = body(&document);
    document.recipient.clear();
    assert!(posted.is_none() || body(&document) < posted);
    document.sender.clear();
    document.particulars.clear();
    assert!(body(&document) < posted || posted.is_none());
}

/// The words of some parts of a line.
fn spoken(inlines: &[Inline]) -> String {
    let one = |inline: &Inline| match inline {
        Inline::Text(text) => text.clone(),
        Inline::Strong(held) | Inline::Emphasis(held) | Inline::Link(_, held) => spoken(held),
        Inline::Break => String::new(),
    };
    inlines.iter().map(one).collect::<String>().split_whitespace().collect()
}

#[test]
fn it_is_read_aloud_in_order() {
    let Some(aloud) = read_aloud(&named("acknowledgement").bytes) else { return };
    let document = acknowledgement();
    let mut at = 0;
    let parts = document.sender.iter().chain(&document.recipient).cloned();
    let body = document.body.iter().filter_map(|block| match block {
        Block::Heading(_, words) => Some(spoken(words)),
        Block::Paragraph(words) => Some(spoken(words.get(..1).unwrap_or_default())),
        _ => None,
    });
    for part in parts.map(|part| part.split_whitespace().collect::<String>()).chain(body) {
        let found = aloud[at..].find(&part);
        assert!(found.is_some(), "{part} after {at} of {aloud}");
        at += found.unwrap_or_default() + part.len();
    }
    // What only repeats is not read.
    let Some(aloud) = read_aloud(&named("summary").bytes) else { return };
    for once in ["OFFICIAL-SENSITIVE", "ExamplePolice", "CheckPhaseMadeonResult"] {
        assert_eq!(aloud.matches(once).count(), 1, "{once}");
    }
    assert!(!aloud.contains("Page1of"));
}

#[test]
fn hostile_text_is_printed_as_it_was_typed() {
    let Some(aloud) = read_aloud(&named("hostile").bytes) else { return };
    for typed in HOSTILE {
        let visible = |c: &char| !matches!(c, '\u{202e}' | '\u{202c}' | '\u{200b}') && !c.is_whitespace();
        let expected: String = typed.chars().filter(visible).collect();
        assert_eq!(aloud.matches(&expected).count(), 2, "{typed:?}");
    }
    assert_eq!(aloud.matches(&"Llanfairpwllgwyngyll".repeat(15)).count(), 7);
}

#[test]
fn all_fonts_are_embedded() {
    for Made { name, bytes, .. } in &ALL[..] {
        let Some(fonts) = ask(Tool::Poppler, "pdffonts", &["-"], bytes) else { return };
        let fonts = String::from_utf8(fonts).unwrap();
        let fonts: Vec<&str> = fonts.lines().skip(2).collect();
        assert!(
            !fonts.is_empty() && fonts.iter().all(|font| font.contains(" yes yes yes ")),
            "{name}: {fonts:?}"
        );
    }
}

/// What pikepdf sees.
fn structure(bytes: &[u8]) -> Option<Value> {
    let answer = ask_python(Tool::Pikepdf, include_str!("letter_pdf/structure.py"), bytes)?;
    Some(serde_json::from_slice(&answer).unwrap())
}

#[test]
fn the_structure_is_that_of_the_letter() {
    for Made { name, document, bytes, .. } in &ALL[..] {
        let Some(seen) = structure(bytes) else { return };
        assert_eq!(seen["language"], document.language, "{name}");
        assert_eq!(seen["title"], document.title, "{name}");
        for promised in ["shows_title", "marked", "outline"] {
            assert_eq!(seen[promised], true, "{name}: {promised}");
        }
        assert_eq!(seen["part"], "1", "{name}");
        // Versions of pikepdf differ in the last apostrophe.
        let created = seen["created"].as_str().unwrap().trim_end_matches('\'');
        assert_eq!(created, "D:20260302000000+00'00", "{name}");
        assert_eq!(seen["problems"], serde_json::json!([]), "{name}");
        // All that is drawn belongs to a part of the structure or is named as none.
        assert_eq!((&seen["undrawn"], &seen["outside"]), (&Value::from(0), &Value::from(0)), "{name}");
    }
    let Some(seen) = structure(&named("summary").bytes) else { return };
    let roles: Vec<&str> =
        seen["roles"].as_array().unwrap().iter().map(|role| role.as_str().unwrap()).collect();
    let count = |wanted: &str| roles.iter().filter(|role| **role == wanted).count();
    let wanted = [
        ("H1", 1),
        ("H2", 6),
        ("H3", 1),
        ("Table", 1),
        ("TR", 10),
        ("TH", 4),
        ("TD", 36),
        ("L", 2),
        ("LI", 5),
    ];
    for (role, number) in wanted.into_iter().chain([("BlockQuote", 1)]) {
        assert_eq!(count(role), number, "{role}");
    }
}

#[test]
fn large_print_is_large() {
    let Some(seen) = structure(&named("summary-large").bytes) else { return };
    assert!(
        seen["sizes"].as_array().unwrap().iter().all(|size| size.as_f64() >= Some(18.0)),
        "{}",
        seen["sizes"]
    );
    let Some(seen) = structure(&named("acknowledgement-large").bytes) else { return };
    assert!(
        seen["sizes"].as_array().unwrap().iter().all(|size| size.as_f64() >= Some(18.0)),
        "{}",
        seen["sizes"]
    );
    let Some(seen) = structure(&named("acknowledgement").bytes) else { return };
    assert!(seen["sizes"].as_array().unwrap().contains(&Value::from(11.0)), "{}", seen["sizes"]);
}

#[test]
fn links_lead_only_where_letters_lead() {
    let Some(seen) = structure(&named("hostile").bytes) else { return };
    let links = seen["links"].as_array().unwrap();
    assert_eq!(links.len(), 2);
    assert!(links[0].as_str().unwrap().ends_with("?a=%C5%B5%20b"));
    assert_eq!(links[1], "mailto:ppu@example.org");
}

#[test]
fn a_fault_names_the_place_and_not_the_words() {
    let mut document = acknowledgement();
    document.recipient[1] = "Sample House 中文".to_owned();
    document.body.clear();
    for (document, expected) in [
        (document, Fault::Glyph { place: Place::Recipient(2), word: 3 }),
        (Document { title: " ".to_owned(), ..acknowledgement() }, Fault::Title),
        (Document { language: "English".to_owned(), ..acknowledgement() }, Fault::Language),
        (Document { marking: Some("SECRET ".repeat(50)), ..acknowledgement() }, Fault::Marking(120)),
        (
            letter(vec![
                paragraph("a"),
                Block::List(None, vec![vec![paragraph("b"), paragraph("not 中文")]]),
            ]),
            Fault::Glyph { place: Place::Body(vec![2, 1, 2]), word: 2 },
        ),
    ] {
        let fault = made(&document, Print::Normal).unwrap_err();
        assert_eq!(fault, expected);
        let said = format!("{fault} {:?}", Error::from(fault.clone()));
        assert!(!said.contains("Sample") && !said.contains('中'), "{said}");
    }
}

#[test]
fn a_letter_may_have_many_pages() {
    let Some(words) = words(&named("long").bytes) else { return };
    assert!(words.iter().any(|(_, _, word)| word == "25"));
}
