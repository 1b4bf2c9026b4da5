//! A case stays in the oldest format that can hold it, whichever way a fact of a newer one comes and goes.

use super::changes::{edit, edit_refused};
use super::given::*;
use crate::domain::action::ActionKind as A;
use crate::domain::case::{Case, FORMAT, Late, Route, Stage};
use crate::domain::record::OLDEST_FORMAT;
use crate::domain::scalars::PersonId;
use crate::domain::workflow::{Refusal, consistency, settled};
use crate::store::files;

/// A case whose screening was entered by somebody else than who screened, and late.
fn newer() -> Given {
    let mut given = Given::at(Stage::Assessment, Route::RightToAsk);
    let mut case = given.case().clone();
    let screening = case.screening.as_mut().unwrap();
    screening.recorded_by = Some(PersonId::new("d.osei").unwrap());
    screening.late = Some(Late { entered: at("05 10:00"), reason: None, authorised_by: None });
    given.case = Some(settled(case));
    given
}

#[test]
fn a_case_without_newer_keys_is_written_in_format_1() {
    for stage in [Stage::InitialChecks, Stage::Decision, Stage::Closed] {
        let given = Given::at(stage, Route::RightToAsk);
        assert_eq!(given.case().format, OLDEST_FORMAT);
        let text = files::case_text(given.case()).unwrap();
        assert!(text.starts_with("format: 1\n") && !text.contains("recorded_by"), "{text}");
    }
}

#[test]
fn newer_keys_make_it_format_2_and_read_back_the_same() {
    let given = newer();
    assert_eq!(given.case().format, 2);
    let bytes = files::write_case(given.case()).unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(text.starts_with("format: 2\n"), "{text}");
    let screening = "screening:\n  by: r.patel\n  recorded_by: d.osei\n  at: 2026-03-02T11:00:00Z\n  late:\n    entered: 2026-03-05T10:00:00Z\n";
    assert!(text.contains(screening), "{text}");
    assert_eq!(&files::read_case(&bytes).unwrap(), given.case());
    assert_eq!(consistency::check(given.case(), &given.settings), []);
}

#[test]
fn a_later_change_keeps_the_format_that_the_case_needs() {
    let mut given = newer();
    given.done("d.osei", "12 10:00", A::Note, "text: Zzyzx");
    assert_eq!(given.case().format, FORMAT);
    let mut given = Given::at(Stage::Assessment, Route::RightToAsk);
    given.done("d.osei", "12 10:00", A::Note, "text: Zzyzx");
    assert_eq!(given.case().format, OLDEST_FORMAT);
}

#[test]
fn a_file_that_says_another_format_than_it_needs_is_a_problem() {
    for (given, said) in [(newer(), 1), (Given::at(Stage::Assessment, Route::RightToAsk), 2)] {
        let case = Case { format: said, ..given.case().clone() };
        let problems = consistency::check(&case, &given.settings);
        assert_eq!(problems.len(), 1, "{problems:?}");
        let needed = given.case().format;
        assert!(problems[0].to_string().starts_with(&format!("format: must be {needed}: the oldest")));
    }
}

#[test]
fn the_format_of_an_edited_file_follows_from_what_is_in_it() {
    let mut given = newer();
    let mut edited = given.case().clone();
    edited.subject.occupation = None;
    edited.concern =
        crate::domain::scalars::Private::new(crate::domain::scalars::Prose::new("Other words.").unwrap());
    edited.format = 1;
    let case = edit(&mut given, "s.khan", &edited).unwrap();
    assert_eq!(case.format, 2);
}

#[test]
fn r4_c9_what_the_tool_records_of_an_entry_is_neither_given_nor_changed_by_hand() {
    let mut given = Given::at(Stage::Assessment, Route::RightToAsk);
    for answers in ["{text: x, recorded_by: s.khan}", "{text: x, late: {entered: 2026-03-05T10:00:00Z}}"] {
        says(
            &given.refused("d.osei", "12 10:00", A::Note, answers),
            &["is recorded by csods itself; leave it out"],
        );
    }
    for path in ["screening.recorded_by", "screening.late", "screening.late.entered"] {
        let answers = format!("{{path: {path}, now: s.khan, code: mistake, reason: x}}");
        says(&newer().refused("s.khan", "12 10:00", A::Correct, &answers), &["is kept as it is"]);
    }
    let mut given = newer();
    let mut edited = given.case().clone();
    edited.screening.as_mut().unwrap().recorded_by = None;
    says(&edit_refused(&mut given, "s.khan", &edited), &["screening.recorded_by", "is kept as it is"]);
    let mut answered = Given::at(Stage::InitialChecks, Route::RightToAsk);
    let refused = answered.tried("r.patel", "02 11:00", A::Screen, "{recorded_by: r.patel}").unwrap_err();
    assert!(matches!(refused, Refusal::Problems(_)));
}
