//! Hostile names in every form of a letter: what was typed is printed as it was typed.

use super::*;
use crate::domain::scalars::{Line, Private, Prose};
use crate::output::letter::document::{Block, Inline};
use crate::output::letter::{html, markdown, text};

const HOSTILE: &[&str] = &[
    "<b>*_[x](y)",
    "{{ 7*7 }}",
    "{% for x in y %}",
    "# x",
    "1. x",
    "---",
    "===",
    "> x",
    "- x",
    "+ x",
    "a | b || c",
    "back\\slash\\",
    "`code` ``",
    "&amp; &lt; &#65; &nbsp;",
    "<script>alert(1)</script>",
    "![p](https://example.org/x.png)",
    "https://example.org www.example.org",
    "~~gone~~ ^up^ $x$ :smile:",
    "![[x]] [^1] [x]: y",
    "'\"><img src=x>",
    "O'Neill-Ó Briain",
    "Łukasz Müller 山田 Ωmega",
    "\\|",
    "\\\\|\\",
    "_____",
    "Name: ___",
    "***",
    "|---|",
    "* x",
    "12) y",
    "``` x",
    "~~~ x",
    "[x]",
    "x</p></main>",
];

/// Everything that the letter says, block by block.
fn said(blocks: &[Block], all: &mut Vec<String>) {
    let words = |words: &[Inline], all: &mut Vec<String>| all.push(markdown::plain(words));
    for block in blocks {
        match block {
            Block::Heading(_, inline) | Block::Paragraph(inline) => words(inline, all),
            Block::List(_, items) => items.iter().for_each(|item| said(item, all)),
            Block::Quote(inside) => said(inside, all),
            Block::Table(head, rows) => {
                head.iter().for_each(|cell| words(cell, all));
                rows.iter().flatten().for_each(|cell| words(cell, all));
            }
            Block::Field(label) => all.push(format!("(to fill in) {label}")),
            Block::Rule => {}
        }
    }
}

fn shape(blocks: &[Block]) -> Vec<String> {
    let kind = |block: &Block| match block {
        Block::Heading(level, _) => format!("h{level}"),
        Block::Paragraph(_) => "p".to_owned(),
        Block::List(_, items) => {
            format!("list {:?}", items.iter().map(|item| shape(item)).collect::<Vec<_>>())
        }
        Block::Quote(inside) => format!("quote {:?}", shape(inside)),
        Block::Table(head, rows) => {
            format!("table {} {:?}", head.len(), rows.iter().map(Vec::len).collect::<Vec<_>>())
        }
        Block::Field(label) => format!("field {label}"),
        Block::Rule => "rule".to_owned(),
    };
    blocks.iter().map(kind).collect()
}

/// The case with this for every personal text that a letter could print.
fn with(case: &Case, typed: &str) -> Case {
    let mut case = case.clone();
    let line = || Some(Private::new(Line::new(typed).unwrap()));
    let name = || PersonName { family: line(), given: None };
    let prose = || Private::new(Prose::new(typed).unwrap());
    case.subject.name = Some(name());
    case.subject.aliases = vec![name()];
    case.children.iter_mut().for_each(|child| child.name = name());
    case.urgent.iter_mut().for_each(|urgent| urgent.action = prose());
    case.referrals.iter_mut().for_each(|referral| referral.reason = prose());
    case.concern = prose();
    if let Some(applicant) = &mut case.applicant {
        applicant.name = name();
    }
    if let Some(decision) = &mut case.decision {
        decision.form_of_words = decision.form_of_words.as_ref().map(|_| prose());
        decision.recipients.iter_mut().for_each(|of| of.reason = prose());
        decision.recipients.iter_mut().filter(|of| of.name.is_some()).for_each(|of| of.name = Some(name()));
    }
    case.checks.iter_mut().for_each(|check| check.summary = Some(prose()));
    case
}

#[test]
fn a_hostile_name_prints_as_typed_in_every_form() {
    for &kind in LetterKind::ALL {
        let plain = with(&case_for(kind), "Plain");
        let model = markdown::read(&letter(kind, &plain)).unwrap();
        let mut wanted = Vec::new();
        said(&model.body, &mut wanted);
        for typed in HOSTILE {
            let page = markdown::read(&letter(kind, &with(&plain, typed))).unwrap();
            assert_eq!(shape(&page.body), shape(&model.body), "{kind} {typed:?}");
            let mut found = Vec::new();
            said(&page.body, &mut found);
            let wanted: Vec<String> = wanted.iter().map(|text| text.replace("Plain", typed)).collect();
            assert_eq!(found, wanted, "{kind} {typed:?}");
            let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            let (text, html) = (text::text(&page), html::html(&page, false));
            if wanted.iter().any(|said| said.contains(typed)) {
                assert!(flat(&text).contains(&flat(typed)), "{kind} {typed:?}\n{text}");
            }
            let escaped = typed.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            let escaped = escaped.replace('"', "&quot;").replace('\'', "&#39;");
            if wanted.iter().any(|said| said.contains(typed)) {
                assert!(html.contains(&escaped), "{kind} {typed:?}\n{html}");
            }
            assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("<b>"), "{html}");
        }
    }
}

#[test]
fn text_of_several_lines_stays_where_it_stands() {
    let typed = "First line\n\n# not a heading\n- not a list\n> not a quotation\n    not code\n1. no number";
    let case = with(&case_for(LetterKind::DisclosureScript), typed.lines().next().unwrap());
    let mut several = case.clone();
    several.decision.as_mut().unwrap().form_of_words = Some(Private::new(Prose::new(typed).unwrap()));
    let page = markdown::read(&letter(LetterKind::DisclosureScript, &several)).unwrap();
    let model = markdown::read(&letter(LetterKind::DisclosureScript, &case)).unwrap();
    assert_eq!(shape(&page.body), shape(&model.body));
    let mut found = Vec::new();
    said(&page.body, &mut found);
    let words = "First line \u{a0} # not a heading - not a list > not a quotation not code 1. no number";
    assert!(found.iter().any(|said| said == words), "{found:?}");
}

#[test]
fn a_hostile_address_cannot_write_the_letterhead() {
    let mut case = case_for(LetterKind::Acknowledgement);
    let applicant = case.applicant.as_mut().unwrap();
    applicant.address =
        Some(Private::new(Line::new("1 Row, marking: SECRET, ---, to: me, <b>x</b>").unwrap()));
    let page = markdown::read(&letter(LetterKind::Acknowledgement, &case)).unwrap();
    assert_eq!(page.recipient[1..], ["1 Row", "marking: SECRET", "---", "to: me", "<b>x</b>"]);
    assert_eq!(page.marking, None);
    assert!(html::html(&page, true).contains("&lt;b&gt;x&lt;/b&gt;"));
}
