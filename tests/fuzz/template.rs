//! Templates: whatever stands in one, it is refused by its lines or makes a letter.

use super::facts::Ground;
use super::{engine, tests as letters};
use crate::domain::case::LetterKind;
use crate::fuzz::{files, run};

const TEMPLATE: [&str; 20] = [
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    " if ",
    " else ",
    " endif ",
    " for x in ",
    " endfor ",
    " set ",
    " not ",
    "(",
    "+",
    "[",
    "|",
    "{% if subject_name %}",
    "{{ reference }}",
    "\u{202e}",
];

/// A template is refused by its lines or makes a letter, of every kind.
#[test]
fn template() {
    let mut all = files("tests/fuzz/corpus/template");
    all.extend(files("templates"));
    let grounds: Vec<_> = LetterKind::ALL.iter().map(|kind| (*kind, letters::case_for(*kind))).collect();
    let settings = letters::settings();
    let number = std::cell::Cell::new(0_usize);
    run("template", &all, &TEMPLATE, |input| {
        let (kind, case) = &grounds[number.replace(number.get() + 1) % grounds.len()];
        let source = String::from_utf8_lossy(input);
        let faults = engine::check(*kind, &source);
        let lines = source.split('\n').count();
        assert!(faults.iter().all(|fault| (1..=lines).contains(&fault.line)));
        let to = letters::to(*kind, case);
        let ground =
            Ground { case, settings: &settings, at: letters::now(), to: to.as_ref(), language: "en" };
        let said = engine::render(*kind, &source, &ground);
        assert!(faults.is_empty() || said.is_err());
    });
}
