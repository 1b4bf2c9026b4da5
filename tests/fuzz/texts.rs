//! Texts that people write or give: case files, settings, mappings, queries.

use super::{cases, files as corpus, run};
use crate::domain::case::Modeline;
use crate::domain::mapping::Cell;
use crate::domain::query;
use crate::domain::record::Part;
use crate::domain::time::{Instant, Zone};
use crate::store::files;

/// Every finding is at a place in the input.
fn in_the_input(findings: &[files::Finding], input: &[u8]) {
    assert!(!findings.is_empty());
    let lines = input.split(|byte| *byte == b'\n').count();
    assert!(findings.iter().all(|finding| (1..=lines).contains(&finding.line) && finding.column >= 1));
}

/// What is read is written so that it is read as the same; what is not is refused at its place.
#[test]
fn case_file() {
    run("case_file", &cases(), &super::YAML, |input| match files::read_case(input) {
        Ok(case) => {
            let written = files::write_case(&case).unwrap();
            assert!(files::read_case(&written).unwrap() == case);
        }
        Err(findings) => in_the_input(&findings, input),
    });
}

const TOML: [&str; 16] = [
    "[",
    "]",
    "[[",
    "=",
    "\"",
    "\"\"\"",
    "'",
    "{",
    "}",
    ".",
    "\n",
    "#",
    "0x",
    "1979-05-27",
    "true",
    "a.b.c = 1\n",
];

#[test]
fn settings() {
    let mut all = corpus("tests/fuzz/corpus/settings");
    all.push(include_bytes!("../../cases.example/csods.toml").to_vec());
    run("settings", &all, &TOML, |input| match files::read_settings(input) {
        Ok(settings) => assert!(settings.write().is_some()),
        Err(findings) => in_the_input(&findings, input),
    });
}

#[test]
fn mapping() {
    let mut all = corpus("tests/fuzz/corpus/mapping");
    all.extend(
        corpus("tests/import")
            .into_iter()
            .filter(|input| input.starts_with(b"format") || input.starts_with(b"#")),
    );
    let headings: Vec<String> = ["Reference", "Received", "Applicant", "Notes"].map(str::to_owned).into();
    let cells: Vec<Cell> = ["A-1", "02/03/2026 09:15", "Alex Example", ""].map(Cell::of).into();
    run("mapping", &all, &TOML, |input| match files::read_mapping(input) {
        Ok(mapping) => {
            let _ = mapping.fits(&headings, false);
            let _ = mapping.reading(&headings, Zone::LONDON).row(&cells);
        }
        Err(findings) => in_the_input(&findings, input),
    });
}

const QUERY: [&str; 16] = [
    "-",
    ":",
    ",",
    "..",
    "<",
    ">=",
    "\"",
    "(",
    ")",
    " or ",
    "stage:",
    "received:",
    "due:<",
    "owner:none",
    "2026-02-30",
    "é",
];

/// What is wrong with a query is told by characters that it has.
#[test]
fn queries() {
    let now: Instant = "2026-03-20T12:00:00Z".parse().unwrap();
    let today = Zone::LONDON.day(now);
    run("query", &corpus("tests/fuzz/corpus/query"), &QUERY, |input| {
        let text = String::from_utf8_lossy(input);
        match query::parse(&text, today) {
            Ok(query) => drop(query.narrow(now)),
            Err(fault) => {
                let length = text.chars().count();
                assert!(fault.length >= 1 && fault.at <= length && fault.at + fault.length <= length + 1);
            }
        }
    });
}

/// A line is read as it is written, and the rest is left as it is.
#[test]
fn modeline() {
    let words = ["# yaml-language-server: $schema=", "\n", "://", "../", " ", "\u{e9}", "#"];
    run("modeline", &corpus("tests/fuzz/corpus/modeline"), &words, |input| {
        let (line, rest) = Modeline::at_head_of(input);
        let again = match &line {
            Some(line) => [format!("{line}\n").as_bytes(), rest].concat(),
            None => rest.to_vec(),
        };
        assert!(again == input);
        if let Ok(setting) = std::str::from_utf8(input)
            && let Ok(set) = Modeline::of_setting(setting)
        {
            assert!(Modeline::at_head_of(format!("{set}\nx").as_bytes()) == (Some(set), b"x"));
        }
    });
}
