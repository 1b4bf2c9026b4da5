//! A case of very many records: an action looks at what it adds, not at all that stands there.

use super::given::*;
use crate::domain::action::ActionKind as A;
use crate::domain::case::{Case, Note, Route, Stage};
use crate::domain::node::Node;
use crate::domain::record::{self, ITEMS_WRITTEN, Part as _, Reader};
use crate::domain::scalars::{ItemId, Private, Prose};
use crate::domain::workflow::consistency;

/// How many values a tree holds.
fn values(node: &Node) -> usize {
    match node {
        Node::Map(entries) => entries.iter().map(|(_, value)| values(value)).sum(),
        Node::List(items) => items.iter().map(values).sum(),
        _ => 1,
    }
}

/// The same case with its first note so many times, each with an id of its own.
fn with_notes(case: &Case, count: usize) -> Case {
    let mut case = case.clone();
    let note = case.notes[0].clone();
    case.notes = (0..count)
        .map(|n| {
            let id = ItemId::new(format!("{:04x}", n + 0x2000)).unwrap();
            Note { id, ..note.clone() }
        })
        .collect();
    case
}

#[test]
fn what_an_action_adds_is_all_that_differs_however_large_the_case_is() {
    let mut given = Given::at(Stage::InitialChecks, Route::RightToAsk);
    given.done("d.osei", "10 09:00", A::Note, "text: First.");
    let added: Vec<usize> = [1, 10, 1_000]
        .into_iter()
        .map(|count| {
            let before = with_notes(given.case(), count);
            let mut given = Given::of(before.clone(), given.settings.clone());
            given.done("d.osei", "10 10:00", A::Note, "text: Second.");
            let after = given.case();
            assert_eq!(after.notes.len(), count + 1);
            let differing = after.write_differing(&before).unwrap();
            assert!(matches!(differing.get("notes"), Some(Node::List(notes)) if notes.len() == 1));
            values(&differing)
        })
        .collect();
    assert!(added.iter().all(|count| *count == added[0]), "{added:?}");
}

/// What is added to a case of any size, by its own person and by somebody else (R4, R6).
const ADDED: &[(A, &str)] = &[
    (A::Note, "text: Second."),
    (A::Note, "{text: Second., by: s.khan}"),
    (A::Check, "{system: pnc, phase: full, result: no_trace}"),
    (A::Urgent, "action: Visited."),
    (A::Refer, "{to: social_care, reason: Seen.}"),
    (A::Contact, "{with: agency, method: email, direction: inbound, summary: Seen.}"),
    (
        A::Extend,
        "{clock: whole, until: 2026-04-10, reason: Late., authorised_by: s.khan, applicant_told: {told: false, reason: Late.}}",
    ),
    (A::Assign, "owner: d.osei"),
];

#[test]
fn an_action_writes_out_no_more_of_a_larger_case() {
    let mut given = Given::at(Stage::InitialChecks, Route::RightToAsk);
    given.done("d.osei", "10 09:00", A::Note, "text: First.");
    for (kind, answers) in ADDED {
        let written = [10, 1_000].map(|count| {
            let mut given = Given::of(with_notes(given.case(), count), given.settings.clone());
            let action = given.action("all", "10 10:00", *kind, answers).unwrap();
            let before = ITEMS_WRITTEN.get();
            given.apply("all", "10 10:00", &action).unwrap();
            ITEMS_WRITTEN.get() - before
        });
        assert_eq!(written[0], written[1], "{kind}: items written of a case of 10 and of 1,000 notes");
    }
}

#[test]
fn what_differs_is_put_where_it_stood() {
    let mut given = Given::at(Stage::InitialChecks, Route::RightToAsk);
    given.done("d.osei", "10 09:00", A::Note, "text: First.");
    let before = with_notes(given.case(), 3);
    let mut after = before.clone();
    after.notes[1].text = Private::new(Prose::new("Changed.").unwrap());
    let tree = after.write_differing(&before).unwrap();
    let read: Case = record::read(&tree, Reader::strict()).unwrap();
    assert_eq!(read.notes.len(), 1);
    let mut put = after.clone();
    put.put_differing(&before, read);
    assert_eq!(put, after);
}

#[test]
fn the_latest_moment_is_that_of_the_latest_record() {
    for stage in [Stage::InitialChecks, Stage::Assessment, Stage::Outcome, Stage::Closed] {
        let given = Given::at(stage, Route::RightToAsk);
        let case = given.case();
        let latest = consistency::moments(case).into_iter().map(|(_, at)| at).max();
        assert!(case.latest() >= latest && latest.is_some(), "{stage:?}");
    }
}

#[test]
fn every_id_of_a_case_is_given_once() {
    let mut given = Given::at(Stage::Outcome, Route::RightToAsk);
    given.done("d.osei", "20 09:00", A::Note, "text: First.");
    let case = given.case();
    let mut fields = Vec::new();
    case.each_id(None, &mut |field, id| fields.push((field.unwrap(), id.to_owned())));
    assert!(fields.contains(&("notes", case.notes[0].id.to_string())), "{fields:?}");
    assert_eq!(fields.iter().filter(|(field, _)| *field == "checks").count(), case.checks.len());
    assert_eq!(case.item_ids().len(), fields.len());
}
