//! The clocks of the scheme as tables: facts in, due dates and states out.
//!
//! The clocks of 2026 go forward at 01:00 UTC on Sunday 29 March and back at 01:00 UTC on Sunday 25 October.

use super::*;
use crate::domain::calendar::tests::{day, shipped};

mod properties;
mod readings;

pub(super) const LONDON: Zone = Zone::LONDON;

pub(super) fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

pub(super) fn days(within: u32) -> ClockRule {
    ClockRule::new(within, Unit::Days)
}

fn working(within: u32) -> ClockRule {
    ClockRule::new(within, Unit::WorkingDays)
}

pub(super) fn hours(within: u32) -> ClockRule {
    ClockRule::new(within, Unit::Hours)
}

/// The day received counts as day 1.
fn day_one(rule: ClockRule) -> ClockRule {
    ClockRule { first_day: Some(1), ..rule }
}

fn until(cut_off: &str, rule: ClockRule) -> ClockRule {
    ClockRule { cut_off: Some(Line::new(cut_off).unwrap()), ..rule }
}

fn check(table: &[(&str, ClockRule, &str)]) {
    let calendar = shipped();
    for (start, rule, expected) in table {
        let due = due(at(start), rule, LONDON, Some(&calendar)).unwrap();
        assert_eq!(due.at, at(expected), "{start} {rule:?}");
        assert_eq!(due.last_day, (rule.unit != Unit::Hours).then(|| LONDON.day(due.at)), "{start} {rule:?}");
        // C8: one screen.
        assert!(due.steps.len() <= 20 && due.steps.iter().all(|step| step.len() <= 100), "{:?}", due.steps);
    }
}

#[test]
fn c2_hours_are_elapsed_hours_also_across_a_change_of_the_clocks() {
    check(&[
        ("2026-03-02T09:15:00Z", hours(24), "2026-03-03T09:15:00Z"),
        // Sat 28 March, 12:00 GMT to Sun 29 March, 13:00 BST.
        ("2026-03-28T12:00:00Z", hours(24), "2026-03-29T12:00:00Z"),
        ("2026-03-29T00:59:59Z", hours(24), "2026-03-30T00:59:59Z"),
        ("2026-03-29T01:00:00Z", hours(24), "2026-03-30T01:00:00Z"),
        // Sat 24 October, 13:00 BST to Sun 25 October, 12:00 GMT.
        ("2026-10-24T12:00:00Z", hours(24), "2026-10-25T12:00:00Z"),
        // Both instants of the hour that comes twice.
        ("2026-10-25T00:30:00Z", hours(24), "2026-10-26T00:30:00Z"),
        ("2026-10-25T01:30:00Z", hours(24), "2026-10-26T01:30:00Z"),
        ("2024-02-28T18:00:00Z", hours(24), "2024-02-29T18:00:00Z"),
        ("2026-12-31T23:59:59Z", hours(24), "2027-01-01T23:59:59Z"),
        ("2026-03-02T09:15:00Z", hours(1), "2026-03-02T10:15:00Z"),
    ]);
}

#[test]
fn c3_days_end_with_the_local_day_on_both_sides_of_a_change_of_the_clocks() {
    check(&[
        ("2026-03-02T09:15:00Z", days(10), "2026-03-12T23:59:59Z"),
        ("2026-03-02T09:15:00Z", days(28), "2026-03-30T22:59:59Z"),
        // The day on which the clocks change ends an hour sooner or later than a day of 24 hours would.
        ("2026-03-28T09:00:00Z", days(1), "2026-03-29T22:59:59Z"),
        ("2026-03-27T09:00:00Z", days(1), "2026-03-28T23:59:59Z"),
        ("2026-10-24T09:00:00Z", days(1), "2026-10-25T23:59:59Z"),
        ("2026-10-23T09:00:00Z", days(1), "2026-10-24T22:59:59Z"),
        ("2026-10-20T09:00:00Z", days(28), "2026-11-17T23:59:59Z"),
        // Both changes.
        ("2026-03-20T09:00:00Z", days(240), "2026-11-15T23:59:59Z"),
        // Leap day, and the year without.
        ("2024-02-28T09:00:00Z", days(1), "2024-02-29T23:59:59Z"),
        ("2024-02-01T09:00:00Z", days(28), "2024-02-29T23:59:59Z"),
        ("2025-02-01T09:00:00Z", days(28), "2025-03-01T23:59:59Z"),
        // The ends of years.
        ("2026-12-22T09:00:00Z", days(10), "2027-01-01T23:59:59Z"),
        ("2027-12-31T23:59:59Z", days(1), "2028-01-01T23:59:59Z"),
        // The rules before 3 April 2023.
        ("2023-04-02T22:59:59Z", days(45), "2023-05-17T22:59:59Z"),
    ]);
}

#[test]
fn c1_c3_the_day_received_is_the_local_day() {
    check(&[
        // 23:30 in summer is 22:30 in UTC, the same day.
        ("2026-07-01T22:30:00Z", days(10), "2026-07-11T22:59:59Z"),
        // 00:30 in summer is 23:30 in UTC, the day before.
        ("2026-07-01T23:30:00Z", days(10), "2026-07-12T22:59:59Z"),
        ("2026-07-01T22:59:59Z", days(1), "2026-07-02T22:59:59Z"),
        ("2026-07-01T23:00:00Z", days(1), "2026-07-03T22:59:59Z"),
        // In winter both days are the same.
        ("2026-01-01T23:59:59Z", days(1), "2026-01-02T23:59:59Z"),
        ("2026-01-02T00:00:00Z", days(1), "2026-01-03T23:59:59Z"),
        // Just before and after the clocks go forward, and back.
        ("2026-03-29T00:30:00Z", days(1), "2026-03-30T22:59:59Z"),
        ("2026-03-29T23:30:00Z", days(1), "2026-03-31T22:59:59Z"),
        ("2026-10-24T23:30:00Z", days(1), "2026-10-26T23:59:59Z"),
        ("2026-10-25T23:30:00Z", days(1), "2026-10-26T23:59:59Z"),
    ]);
}

#[test]
fn c3_the_day_received_may_be_day_one() {
    check(&[
        ("2026-03-02T09:15:00Z", day_one(days(10)), "2026-03-11T23:59:59Z"),
        ("2026-03-02T09:15:00Z", day_one(days(1)), "2026-03-02T23:59:59Z"),
        ("2026-03-02T09:15:00Z", ClockRule { first_day: Some(0), ..days(10) }, "2026-03-12T23:59:59Z"),
        // Monday 2 March is working day 1.
        ("2026-03-02T09:15:00Z", day_one(working(5)), "2026-03-06T23:59:59Z"),
        ("2026-03-02T09:15:00Z", working(5), "2026-03-09T23:59:59Z"),
        // Saturday is none: day 1 is Monday either way.
        ("2026-02-28T09:15:00Z", day_one(working(1)), "2026-03-02T23:59:59Z"),
        ("2026-02-28T09:15:00Z", working(1), "2026-03-02T23:59:59Z"),
    ]);
}

#[test]
fn c3_a_cut_off_ends_the_last_day_early_whenever_the_application_came() {
    check(&[
        ("2026-03-02T09:15:00Z", until("17:00", days(10)), "2026-03-12T17:00:00Z"),
        // Received before, at and after that time of day: the last day is the same.
        ("2026-03-02T16:59:59Z", until("17:00", days(1)), "2026-03-03T17:00:00Z"),
        ("2026-03-02T17:00:00Z", until("17:00", days(1)), "2026-03-03T17:00:00Z"),
        ("2026-03-02T17:00:01Z", until("17:00", days(1)), "2026-03-03T17:00:00Z"),
        // A local time of day: an hour earlier in UTC once the clocks have gone forward.
        ("2026-03-27T09:00:00Z", until("17:00", days(1)), "2026-03-28T17:00:00Z"),
        ("2026-03-27T09:00:00Z", until("17:00", days(2)), "2026-03-29T16:00:00Z"),
        ("2026-10-23T12:00:00Z", until("13:00", working(10)), "2026-11-06T13:00:00Z"),
        // A time that does not come on that day, and one that comes twice.
        ("2026-03-27T09:00:00Z", until("01:30", days(2)), "2026-03-29T01:00:00Z"),
        ("2026-10-24T09:00:00Z", until("01:30", days(1)), "2026-10-25T01:30:00Z"),
        ("2026-07-01T09:00:00Z", until("00:00", days(1)), "2026-07-01T23:00:00Z"),
    ]);
}

#[test]
fn c3_working_days_leave_out_weekends_and_bank_holidays() {
    check(&[
        // Two weeks on Monday; received on Friday, Saturday and Sunday.
        ("2023-06-05T13:00:00Z", working(10), "2023-06-19T22:59:59Z"),
        ("2023-06-09T13:00:00Z", working(10), "2023-06-23T22:59:59Z"),
        ("2023-06-10T13:00:00Z", working(10), "2023-06-23T22:59:59Z"),
        ("2023-06-11T13:00:00Z", working(10), "2023-06-23T22:59:59Z"),
        // Across both changes of the clocks; Good Friday is left out, in 2023 also Easter Monday.
        ("2023-03-24T13:00:00Z", working(10), "2023-04-11T22:59:59Z"),
        ("2023-10-27T12:00:00Z", working(10), "2023-11-10T23:59:59Z"),
        // Christmas 2026: Friday 25 December, and Monday 28 for Boxing Day.
        ("2026-12-24T10:00:00Z", working(1), "2026-12-29T23:59:59Z"),
        ("2026-12-23T10:00:00Z", working(5), "2027-01-04T23:59:59Z"),
        ("2026-12-18T10:00:00Z", working(10), "2027-01-06T23:59:59Z"),
        // Received on a bank holiday.
        ("2026-12-25T10:00:00Z", working(1), "2026-12-29T23:59:59Z"),
        // Easter 2026: 3 and 6 April.
        ("2026-04-02T10:00:00Z", working(1), "2026-04-07T22:59:59Z"),
        ("2026-03-30T10:00:00Z", working(10), "2026-04-15T22:59:59Z"),
        // VE day 2020: Friday 8 May in place of Monday 4 May.
        ("2020-05-01T10:00:00Z", working(1), "2020-05-04T22:59:59Z"),
        ("2020-05-07T10:00:00Z", working(1), "2020-05-11T22:59:59Z"),
        // June 2022: Thursday and Friday.
        ("2022-06-01T10:00:00Z", working(1), "2022-06-06T22:59:59Z"),
        ("2022-05-27T10:00:00Z", working(4), "2022-06-06T22:59:59Z"),
        // The State Funeral, Monday 19 September 2022.
        ("2022-09-16T10:00:00Z", working(1), "2022-09-20T22:59:59Z"),
        ("2024-02-28T10:00:00Z", working(1), "2024-02-29T23:59:59Z"),
    ]);
}

#[test]
fn c7_a_clock_that_runs_past_its_calendar_is_refused_and_says_what_to_bring_up_to_date() {
    let calendar = shipped();
    let error = due(at("2028-12-20T10:00:00Z"), &working(10), LONDON, Some(&calendar)).unwrap_err();
    assert!(matches!(&error, ClockError::CalendarGap(gap) if gap.day == day("2029-01-01")));
    let error = Error::from(error);
    assert_eq!(error.kind, Kind::Refused);
    assert_eq!(
        error.message,
        "the calendar england-and-wales does not cover 2029-01-01, and a clock in working days is not guessed (C7)"
    );
    assert_eq!(
        error.hint.unwrap(),
        "bring calendars/england-and-wales.toml up to date: it covers 2012-01-01 to 2028-12-31"
    );
    // The last day it covers may still be reached; before its first day nothing is known either.
    let last = due(at("2028-12-28T10:00:00Z"), &working(1), LONDON, Some(&calendar)).unwrap();
    assert_eq!(last.at, at("2028-12-29T23:59:59Z"));
    assert!(due(at("2011-12-01T10:00:00Z"), &working(1), LONDON, Some(&calendar)).is_err());
    // Clocks that count no working days run on.
    assert!(due(at("2028-12-20T10:00:00Z"), &days(28), LONDON, None).is_ok());
}

#[test]
fn c3_the_calendar_must_be_the_one_that_the_rule_names() {
    let calendar = shipped();
    let other = CalendarName::new("scotland").unwrap();
    let rule = ClockRule { calendar: Some(other.clone()), ..working(1) };
    for (rule, given, named) in
        [(&rule, Some(&calendar), other), (&working(1), None, CalendarName::default())]
    {
        let error = due(at("2026-03-02T09:15:00Z"), rule, LONDON, given).unwrap_err();
        assert_eq!(error, ClockError::NoCalendar { calendar: named });
        assert_eq!(Error::from(error).kind, Kind::NotFound);
    }
}

#[test]
fn c2_a_rule_that_makes_no_sense_is_never_counted() {
    let hours_with_all =
        ClockRule { calendar: Some(CalendarName::default()), ..day_one(until("17:00", hours(24))) };
    for (rule, keys) in [
        (days(0), vec!["within"]),
        (hours(10_001), vec!["within"]),
        (ClockRule { first_day: Some(2), ..days(10) }, vec!["first_day"]),
        (until("24:00", days(10)), vec!["cut_off"]),
        (until("17:60", days(10)), vec!["cut_off"]),
        (until("5 pm", days(10)), vec!["cut_off"]),
        (until("+5:00", days(10)), vec!["cut_off"]),
        (hours_with_all, vec!["calendar", "first_day", "cut_off"]),
    ] {
        let wrong: Vec<String> =
            rule.check(&Path::root()).iter().map(|problem| problem.path.to_string()).collect();
        assert_eq!(wrong, keys);
        let error = due(at("2026-03-02T09:15:00Z"), &rule, LONDON, None).unwrap_err();
        assert!(matches!(error, ClockError::Rule(_)));
    }
    let set = ClockSet {
        applies_from: day("2023-04-03"),
        initial_checks: hours(24),
        interview: days(0),
        whole: days(28),
    };
    assert_eq!(set.check(&"clocks.of_2023".into())[0].path.to_string(), "clocks.of_2023.interview.within");
}

#[test]
fn c2_a_case_is_counted_by_the_set_that_applied_when_it_was_received() {
    let set = |from, whole| ClockSet {
        applies_from: day(from),
        initial_checks: hours(24),
        interview: days(10),
        whole: days(whole),
    };
    let sets = [
        ("2023", set("2023-04-03", 28)),
        ("before", set("2011-01-01", 45)),
        ("later", set("2027-01-01", 20)),
    ];
    let sets = || sets.iter().map(|(name, set)| (*name, set));
    for (received, expected, whole) in [
        ("2011-01-01T00:00:00Z", "before", 45),
        ("2023-04-02T22:59:59Z", "before", 45), // 23:59:59 on 2 April
        ("2023-04-02T23:00:00Z", "2023", 28),   // 00:00:00 on 3 April
        ("2026-12-31T23:59:59Z", "2023", 28),
        ("2027-01-01T00:00:00Z", "later", 20),
    ] {
        let (name, set) = rule_set_for(sets(), LONDON.day(at(received))).unwrap();
        assert_eq!((name, set.rule(ClockName::Whole).within), (expected, whole), "{received}");
    }
    let early = rule_set_for(sets(), day("2010-12-31")).unwrap_err();
    assert_eq!(
        early,
        ClockError::BeforeFirstRuleSet { day: day("2010-12-31"), first: Some(day("2011-01-01")) }
    );
    assert_eq!(Error::from(early).kind, Kind::Refused);
    assert!(rule_set_for(sets().take(0), day("2026-01-01")).is_err());
}

#[test]
fn clock_changes_are_found_to_the_second() {
    let change = |text, minutes| (at(text), minutes);
    let year = LONDON.clock_changes(at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
    assert_eq!(year, [change("2026-03-29T01:00:00Z", 60), change("2026-10-25T01:00:00Z", -60)]);
    let found = |from, to| LONDON.clock_changes(at(from), at(to)).len();
    assert_eq!(found("2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z"), 1);
    assert_eq!(found("2026-03-29T01:00:00Z", "2026-04-29T01:00:00Z"), 0);
    assert_eq!(found("2026-03-01T01:00:00Z", "2026-03-29T00:59:59Z"), 0);
}
