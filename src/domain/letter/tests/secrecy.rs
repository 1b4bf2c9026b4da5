//! O2, O3: what no letter to a member of the public may say, for the example cases with every personal fact replaced.

use proptest::prelude::*;

use super::*;
use crate::domain::letter::guards;
use crate::domain::node::Node;
use crate::domain::record::Part;

/// Replaces every personal text by one that stands nowhere else; keys under `kept` at the top stay.
fn hide(node: &mut Node, kept: &[&str], seed: u32, hidden: &mut Vec<String>) {
    match node {
        Node::Text { text, private: true } => {
            *text = format!("Qz{seed}w{}v", hidden.len());
            hidden.push(text.clone());
        }
        Node::List(items) => items.iter_mut().for_each(|item| hide(item, kept, seed, hidden)),
        Node::Map(entries) => {
            for (_, value) in entries.iter_mut().filter(|(key, _)| !kept.contains(&key.as_str())) {
                hide(value, &[], seed, hidden);
            }
        }
        _ => {}
    }
}

/// The case with its personal facts replaced, and what stands for them. The applicant's stay, and so do corrections,
/// which quote what they were.
fn hidden(case: &Case, seed: u32) -> (Case, Vec<String>) {
    let mut tree = case.write().unwrap();
    let mut words = Vec::new();
    hide(&mut tree, &["applicant", "corrections"], seed, &mut words);
    (files::typed_case(&tree).unwrap(), words)
}

const SECRET_WORDS: &[&str] =
    &["trace", "convict", "sex", "registered", "intelligence", "probation", "high risk"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn o3_no_letter_to_the_public_says_what_was_found_thought_or_decided(
        which in 0..1000_usize, seed in 0..10_000_u32, outcome in 0..2_usize, ending in 7..14_usize,
    ) {
        let cases = cases();
        let (mut case, words) = hidden(&cases[which % cases.len()], seed);
        if let Some(decision) = case.decision.as_mut().filter(|decision| !decision.outcome.is_disclosure()) {
            decision.outcome =
                [DecisionOutcome::DoNotDisclose, DecisionOutcome::NothingToDisclose][outcome];
        }
        if let Some(closure) = case.closure.as_mut().filter(|closure| closure.reason.is_early()) {
            closure.reason = ClosureReason::ALL[ending];
        }
        for &kind in LetterKind::ALL.iter().filter(|kind| kind.audience().is_public()) {
            let needs_applicant = kind.audience() == crate::domain::letter::Audience::Applicant;
            if !guards::conditions(kind, &case).is_empty() || (needs_applicant && case.applicant.is_none()) {
                continue;
            }
            let name = case.subject.name.as_ref().map(PersonName::in_full).unwrap_or_default();
            let recipients = case.decision.iter().flat_map(|of| &of.recipients);
            let recipients: Vec<_> = recipients.map(|of| of.name.as_ref().map(PersonName::in_full)).collect();
            if kind == LetterKind::Undertaking && recipients.len() != 1 {
                continue;
            }
            let said = letter(kind, &case);
            for word in &words {
                let theirs = match kind {
                    LetterKind::RepresentationsInvitation => name.contains(word),
                    LetterKind::Undertaking => recipients.iter().flatten().any(|name| name.contains(word)),
                    _ => false,
                };
                prop_assert!(theirs || !said.contains(word.as_str()), "{kind} says {word}:\n{said}");
            }
            let low = said.to_lowercase();
            for word in SECRET_WORDS {
                prop_assert!(!low.contains(word), "{kind} says {word}:\n{said}");
            }
            let days = case.subject.date_of_birth.iter().chain(case.children.iter().flat_map(|of| &of.date_of_birth));
            for day in days {
                let day = crate::domain::letter::language::day(*day.open(), "en");
                prop_assert!(!said.contains(day.split_once(' ').unwrap().1), "{kind} says a day of birth");
            }
        }
    }
}

#[test]
fn the_example_cases_have_a_letter_of_every_public_kind_to_hide_things_from() {
    let (case, words) = hidden(&case("PK9SR4"), 1);
    assert!(words.len() > 20 && !words.contains(&case.applicant.as_ref().unwrap().name.in_full()));
    assert!(letter(LetterKind::DisclosureScript, &case).contains("Qz1w"), "what is hidden can be found");
    for kind in LetterKind::ALL.iter().filter(|kind| kind.audience().is_public()) {
        let made = cases().iter().filter(|case| guards::conditions(*kind, case).is_empty()).count();
        assert!(made > 0, "{kind}");
    }
}

#[test]
fn o2_one_letter_for_both_outcomes() {
    let held = case_for(LetterKind::OutcomeNoDisclosure);
    assert_eq!(held.decision.as_ref().unwrap().outcome, DecisionOutcome::DoNotDisclose);
    let mut nothing = held.clone();
    nothing.decision.as_mut().unwrap().outcome = DecisionOutcome::NothingToDisclose;
    nothing.decision.as_mut().unwrap().representations = None;
    nothing.assessment.as_mut().unwrap().convicted = false;
    nothing.assessment.as_mut().unwrap().risk_to_child = Risk::Low;
    nothing.checks.clear();
    let kind = LetterKind::OutcomeNoDisclosure;
    assert_eq!(letter(kind, &held), letter(kind, &nothing));
    // Two cases that differ in everything but the words: names, days and the reference aside they are the same.
    let other = cases().into_iter().find(|case| {
        case.decision.as_ref().is_some_and(|decision| decision.outcome == DecisionOutcome::NothingToDisclose)
            && case.applicant.is_some()
            && case.reference != held.reference
    });
    let blank = |case: &Case| {
        let settings = settings();
        let day = |at| crate::domain::letter::language::day(settings.zone().day(at), "en");
        let mut text = letter(kind, case);
        for (own, instead) in [
            (case.reference.as_str().to_owned(), "REFERENCE"),
            (case.applicant.as_ref().unwrap().name.in_full(), "NAME"),
            (day(case.received.at.0), "DAY"),
        ] {
            text = text.replace(&own, instead);
        }
        text.lines().filter(|line| !line.starts_with("to: ")).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(blank(&held), blank(&other.unwrap()));
}

#[test]
fn d2_the_invitation_names_neither_applicant_nor_child_nor_any_address() {
    for part in ["2Y3TT9", "PK9SR4"] {
        let mut case = case(part);
        case.subject.addresses.push(Address {
            text: crate::domain::scalars::Private::new(
                crate::domain::scalars::Line::new("9 Proof Row").unwrap(),
            ),
            from: None,
            to: None,
        });
        let said = letter(LetterKind::RepresentationsInvitation, &case);
        let names = case.applicant.iter().map(|of| &of.name).chain(case.children.iter().map(|of| &of.name));
        let names = names.flat_map(|name| name.family.iter().chain(&name.given));
        for name in names.map(|name| name.open().as_str().to_owned()) {
            let subject = case.subject.name.as_ref().unwrap().in_full();
            assert!(subject.contains(&name) || !said.contains(&name), "{said}");
        }
        assert!(!said.contains("Proof Row") && !said.contains("child") && !said.contains("\nto:"), "{said}");
    }
}
