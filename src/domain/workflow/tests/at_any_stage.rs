//! S3, S4, S8, C5, C7, L1: what can happen at any stage, as a table of action and stage.

use super::given::*;
use crate::domain::action::ActionKind as A;
use crate::domain::case::{Route, Stage};

const EXTEND: &str = "{clock: whole, until: 2026-04-10, reason: Zzyzx, authorised_by: m.reid, \
                      applicant_told: {told: true, method: phone}}";

/// An action, its answers, and the stages at which it is accepted.
type SideAction = (A, &'static str, fn(Stage) -> bool);

#[test]
fn s3_s4_side_actions_by_stage() {
    let open = |stage: Stage| stage < Stage::Closed;
    let always = |_: Stage| true;
    let contact = "{with: agency, method: phone, direction: outbound, summary: x}";
    let correct = "{path: concern, now: other, code: mistake, reason: x}";
    let table: [SideAction; 12] = [
        (A::Check, "{system: courts, phase: full, result: no_trace}", open),
        (A::Urgent, "action: Zzyzx", always),
        (A::Refer, "{to: police, reason: x, crime_or_breach: true}", always),
        (A::Extend, EXTEND, open),
        (A::Contact, contact, always),
        (A::Note, "text: x", always),
        (A::Withdraw, "{how: withdrawn, reason: x}", open),
        (A::Assign, "owner: d.osei", open),
        (A::Link, "{to: KP-26-000000, reason: x}", always),
        (A::Correct, correct, always),
        (A::Reopen, "{to: initial_checks, reason: x}", |stage| stage == Stage::Closed),
        (A::Reroute, "reason: x", |_| false),
    ];
    for (kind, answers, fits) in table {
        for stage in Stage::ALL {
            let mut given = Given::at(*stage, Route::RightToAsk);
            let tried = given.tried("all", "20 10:00", kind, answers);
            assert_eq!(tried.is_ok(), fits(*stage), "{kind} at {stage}: {:?}", tried.err());
            if let Ok(case) = tried
                && kind != A::Reopen
            {
                assert_eq!(case.stage, *stage, "{kind} moves nothing (S3)");
                assert_eq!(super::super::consistency::check(&case, &given.settings), [], "{kind} at {stage}");
            }
        }
    }
}

#[test]
fn s4_a_referral_goes_to_a_known_agency() {
    let mut given = Given::at(Stage::InitialChecks, Route::RightToAsk);
    says(
        &given.refused("d.osei", "03 10:00", A::Refer, "{to: ghosts, reason: x}"),
        &["referral.to", "must be one of"],
    );
    says(&given.refused("d.osei", "03 10:00", A::Refer, "{to: police}"), &["referral.reason: missing"]);
}

#[test]
fn c5_the_extension_refused() {
    let mut given = Given::at(Stage::Assessment, Route::RightToAsk);
    let table: [(&str, &str, &[&str]); 9] = [
        ("2026-04-10", "2026-03-30", &["extension.until", "original", "(C5)"]),
        ("m.reid", "d.osei", &["authorised_by", "may not authorise"]),
        ("m.reid", "nobody", &["authorised_by", "no person"]),
        ("authorised_by: m.reid,", "", &["authorised_by: missing"]),
        ("reason: Zzyzx,", "", &["extension.reason: missing"]),
        ("{told: true, method: phone}", "{told: true}", &["applicant_told.method: missing"]),
        ("{told: true, method: phone}", "{told: false}", &["applicant_told.reason: missing"]),
        ("method: phone", "method: letter", &["applicant_told.method", "(A1)"]),
        ("clock: whole", "clock: interview", &["met already", "(C5)"]),
    ];
    for (line, instead, words) in table {
        says(&given.refused("d.osei", "20 10:00", A::Extend, &but(EXTEND, line, instead)), words);
    }
    // 28 days after 2 March is 30 March: the day after is an extension.
    given.done("d.osei", "20 10:00", A::Extend, &but(EXTEND, "2026-04-10", "2026-03-31"));
}

#[test]
fn c5_each_extension_goes_further_than_the_one_before() {
    let mut given = Given::at(Stage::Assessment, Route::RightToAsk);
    given.done("d.osei", "20 10:00", A::Extend, EXTEND);
    says(&given.refused("d.osei", "21 10:00", A::Extend, EXTEND), &["extension before it", "(C5)"]);
    let earlier = but(EXTEND, "2026-04-10", "2026-04-20, at: 2026-03-19T10:00:00Z");
    says(&given.refused("d.osei", "21 10:00", A::Extend, &earlier), &["extension.at", "C5"]);
    given.done("d.osei", "21 10:00", A::Extend, &but(EXTEND, "2026-04-10", "2026-04-20"));
}

#[test]
fn c5_t2_an_extension_of_a_case_without_applicant() {
    let mut given = Given::at(Stage::Assessment, Route::RightToKnow);
    says(&given.refused("d.osei", "20 10:00", A::Extend, EXTEND), &["applicant_told", "(T2)"]);
    let untold = but(EXTEND, "{told: true, method: phone}", "{told: false, reason: no applicant}");
    says(
        &given.refused("d.osei", "20 10:00", A::Extend, &but(&untold, "clock: whole", "clock: interview")),
        &["extension.clock", "(T2)"],
    );
    given.done("d.osei", "20 10:00", A::Extend, &untold);
}

#[test]
fn c3_c7_a_clock_without_its_calendar_is_not_extended() {
    let mut given = Given::at(Stage::Assessment, Route::RightToAsk);
    let whole =
        &mut given.settings.file.clocks.0.iter_mut().find(|(name, _)| name == "2023").unwrap().1.whole;
    whole.unit = crate::domain::clocks::Unit::WorkingDays;
    says(&given.refused("d.osei", "20 10:00", A::Extend, EXTEND), &["extension.clock", "(C3)"]);
}

#[test]
fn l1_a_link_goes_to_another_case_once() {
    let mut given = Given::at(Stage::InitialChecks, Route::RightToAsk);
    says(&given.refused("d.osei", "03 10:00", A::Link, "{to: KP-26-7K3QF4, reason: x}"), &["itself", "(L1)"]);
    says(&given.refused("d.osei", "03 10:00", A::Link, "to: KP-26-000000"), &["link.reason: missing"]);
    given.done("d.osei", "03 10:00", A::Link, "{to: KP-26-000000, reason: x}");
    says(
        &given.refused("d.osei", "03 10:00", A::Link, "{to: KP-26-000000, reason: x}"),
        &["linked already", "(L1)"],
    );
}
