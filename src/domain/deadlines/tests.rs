//! Which facts of a case meet, extend and end each clock.

use super::*;
use crate::domain::action::ActionKind as A;
use crate::domain::calendar::tests::shipped;
use crate::domain::calendar::{CalendarName, Holiday};
use crate::domain::case::Stage;
use crate::domain::clocks::Unit;
use crate::domain::scalars::Line;
use crate::domain::workflow::tests::given::*;

const ASK: Route = Route::RightToAsk;

fn reading(given: &Given, name: ClockName, when: &str) -> Reading {
    let all = readings(given.case(), at(when), &given.settings).unwrap();
    let brief = brief_readings(given.case(), at(when), &given.settings).unwrap();
    for (full, brief) in all.iter().zip(&brief) {
        assert_eq!(&Reading { steps: Vec::new(), ..full.clone() }, brief);
    }
    all.into_iter().find(|reading| reading.name == name).unwrap()
}

#[test]
fn c1_c2_every_clock_starts_at_receipt() {
    let given = Given::at(Stage::Interview, ASK);
    let due = ["2026-03-03T09:15:00Z", "2026-03-12T23:59:59Z", "2026-03-30T22:59:59Z"];
    for (name, due) in ClockName::ALL.iter().zip(due) {
        let reading = reading(&given, *name, "03 10:00");
        assert_eq!(reading.start.to_string(), "2026-03-02T09:15:00Z");
        assert_eq!(reading.due.to_string(), due, "{name}");
    }
}

#[test]
fn c2_what_meets_each_clock() {
    let given = Given::at(Stage::Outcome, ASK);
    let met = |name| reading(&given, name, "13 10:00").met_at;
    assert_eq!(met(ClockName::InitialChecks), Some(at("02 11:00")));
    assert_eq!(met(ClockName::Interview), Some(at("09 10:00")));
    assert_eq!(met(ClockName::Whole), None);
    let mut told = given.clone();
    told.done("d.osei", "13 10:00", A::Inform, "method: phone");
    assert_eq!(reading(&told, ClockName::Whole, "13 11:00").met_at, Some(at("13 10:00")));
    // Closing it later moves nothing.
    told.done("s.khan", "14 10:00", A::Close, "reason: nothing_to_disclose");
    assert_eq!(reading(&told, ClockName::Whole, "20 10:00").met_at, Some(at("13 10:00")));
}

#[test]
fn c2_a_disclosure_is_complete_when_the_last_recipient_was_told() {
    let mut given = Given::to_disclose();
    given.done("d.osei", "13 10:00", A::Disclose, &told("aaaa"));
    assert_eq!(reading(&given, ClockName::Whole, "13 11:00").met_at, None);
    given.done("d.osei", "15 10:00", A::Disclose, &told("bbbb"));
    assert_eq!(reading(&given, ClockName::Whole, "16 11:00").met_at, Some(at("15 10:00")));
    // Telling the applicant afterwards makes nothing late that was in time (C6).
    given.done("d.osei", "31 10:00", A::Inform, "method: phone");
    let whole = reading(&given, ClockName::Whole, "31 11:00");
    assert_eq!((whole.state, whole.met_at), (ClockState::Met, Some(at("15 10:00"))));
}

#[test]
fn t2_right_to_know_has_no_interview_clock() {
    let given = Given::at(Stage::Closed, Route::RightToKnow);
    assert_eq!(reading(&given, ClockName::Interview, "20 10:00").state, ClockState::NotNeeded);
    // With nobody to tell, it is complete when it is closed.
    assert_eq!(reading(&given, ClockName::Whole, "20 10:00").met_at, Some(at("14 10:00")));
}

#[test]
fn t3_the_interview_clock_of_a_case_that_went_on_without_its_applicant() {
    let mut given = Given::at(Stage::Interview, ASK);
    given.done("r.patel", "04 10:00", A::Withdraw, "{how: unreachable, reason: x}");
    assert_eq!(reading(&given, ClockName::Interview, "20 10:00").state, ClockState::Overdue);
    given.done("s.khan", "05 10:00", A::Reroute, "reason: x");
    assert_eq!(reading(&given, ClockName::Interview, "20 10:00").state, ClockState::NotNeeded);
    // An interview that was late before the case went on without the applicant was late.
    let mut late = Given::at(Stage::Interview, ASK);
    late.done("r.patel", "14 10:00", A::Withdraw, "{how: unreachable, reason: x}");
    late.done("s.khan", "15 10:00", A::Reroute, "reason: x");
    let missed = reading(&late, ClockName::Interview, "20 10:00");
    assert_eq!((missed.state, missed.met_original), (ClockState::Missed, Some(false)));
    let last = missed.steps.last().unwrap();
    assert!(
        last.starts_with("went on without the applicant Sun 15 March 2026")
            && last.ends_with("after it was due")
    );
    let mut met = Given::at(Stage::Assessment, ASK);
    met.done("r.patel", "10 10:00", A::Withdraw, "{how: unreachable, reason: x}");
    met.done("s.khan", "10 10:00", A::Reroute, "reason: x");
    assert_eq!(reading(&met, ClockName::Interview, "20 10:00").state, ClockState::Met);
}

#[test]
fn c5_an_extension_stands_beside_the_original_date() {
    let mut given = Given::at(Stage::Outcome, ASK);
    let extend = "{clock: whole, until: 2026-04-10, reason: x, authorised_by: m.reid, applicant_told: {told: true, method: phone}}";
    given.done("d.osei", "20 10:00", A::Extend, extend);
    let running = reading(&given, ClockName::Whole, "31 10:00");
    assert_eq!(running.due.to_string(), "2026-03-30T22:59:59Z");
    assert_eq!(running.extended_to.unwrap().to_string(), "2026-04-10T22:59:59Z");
    assert_eq!((running.state, running.met_original), (ClockState::RunningExtended, Some(false)));
    assert!(!is_overdue(&running));
    assert_eq!(reading(&given, ClockName::Interview, "31 10:00").extended_to, None);
    given.done("d.osei", "31 10:00", A::Inform, "method: phone");
    let met = reading(&given, ClockName::Whole, "31 10:00");
    assert_eq!(
        (met.state, met.met_original, met.met_extended),
        (ClockState::MetExtended, Some(false), Some(true))
    );
}

#[test]
fn c6_neither_reopening_nor_passing_on_restarts_a_clock() {
    let mut given = Given::at(Stage::Closed, ASK);
    given.done("s.khan", "20 10:00", A::Reopen, "{to: decision, reason: x}");
    given.done("s.khan", "20 10:00", A::Assign, "owner: d.osei");
    let whole = reading(&given, ClockName::Whole, "21 10:00");
    assert_eq!((whole.start, whole.met_at), (at("02 09:15"), None));
    assert_eq!(whole.due.to_string(), "2026-03-30T22:59:59Z");
    assert!(is_overdue(&reading(&given, ClockName::Whole, "31 10:00")));
}

#[test]
fn s6_a_case_closed_early_and_in_time_is_late_with_nothing() {
    let mut given = Given::at(Stage::InitialChecks, ASK);
    given.done("r.patel", "02 11:00", A::Screen, OUTSIDE);
    // There will be no interview of a case outside the scheme: it is late with nothing before it is closed either.
    let outside = reading(&given, ClockName::Interview, "31 10:00");
    assert_eq!((outside.state, outside.left_seconds), (ClockState::NotNeeded, None));
    assert!(outside.steps.last().unwrap().starts_with("screened as outside the scheme Mon 2 March 2026"));
    let close = "{reason: duplicate, note: x, done_instead: x, applicant_told: {told: false, reason: x}}";
    given.done("s.khan", "02 12:00", A::Close, close);
    assert_eq!(reading(&given, ClockName::Interview, "31 10:00").state, ClockState::NotNeeded);
    assert_eq!(reading(&given, ClockName::Whole, "31 10:00").met_at, Some(at("02 12:00")));
    let all = readings(given.case(), at("31 10:00"), &given.settings).unwrap();
    assert_eq!(most_pressing(&all), None);
}

#[test]
fn c2_the_clock_that_presses_most_comes_first() {
    let given = Given::at(Stage::Interview, ASK);
    let all = readings(given.case(), at("03 10:00"), &given.settings).unwrap();
    assert_eq!(most_pressing(&all).unwrap().name, ClockName::Interview);
}

#[test]
fn c2_a_set_of_rules_that_is_gone_is_an_error() {
    let mut given = Given::at(Stage::Interview, ASK);
    given.settings.file.clocks.0.retain(|(name, _)| name != "2023");
    assert!(readings(given.case(), at("03 10:00"), &given.settings).is_err());
    assert!(given.settings.last_day(given.case(), ClockName::Whole).is_err());
}

#[test]
fn c3_a_clock_counts_by_the_calendar_that_its_rule_names() {
    let mut given = Given::at(Stage::Assessment, ASK);
    let england = shipped();
    let name = |text: &str| CalendarName::new(text).unwrap();
    let holiday =
        Holiday { day: "2026-03-03".parse().unwrap(), name: Line::new("St Example's Day").unwrap() };
    let elsewhere = Calendar { name: name("elsewhere"), holiday: vec![holiday], ..england.clone() };
    let last_day = |given: &Given| given.settings.last_day(given.case(), ClockName::Whole);
    let rule =
        |calendar: &str| ClockRule { calendar: Some(name(calendar)), ..ClockRule::new(2, Unit::WorkingDays) };
    for calendars in [[england.clone(), elsewhere.clone()], [elsewhere, england]] {
        given.settings.calendars = calendars.to_vec();
        // Received on Monday 2 March 2026.
        for (calendar, day) in [("england-and-wales", "2026-03-04"), ("elsewhere", "2026-03-05")] {
            given.settings.file.clocks.0.iter_mut().for_each(|(_, set)| set.whole = rule(calendar));
            assert_eq!(last_day(&given).unwrap().to_string(), day, "{calendar}");
        }
        given.settings.file.clocks.0.iter_mut().for_each(|(_, set)| set.whole = rule("nowhere"));
        assert_eq!(last_day(&given), Err(ClockError::NoCalendar { calendar: name("nowhere") }));
    }
    given.settings.calendars.clear();
    given.settings.file.clocks.0.iter_mut().for_each(|(_, set)| set.whole = ClockRule::new(2, Unit::Days));
    assert_eq!(last_day(&given).unwrap().to_string(), "2026-03-04");
}
