//! How a clock stands, in states and in words.

use super::*;
use crate::domain::clocks::ClockState::*;

/// The clock of the whole case: received on 2 March, due at the end of 30 March 2026.
const START: &str = "2026-03-02T09:15:00Z";
const DUE: &str = "2026-03-30T22:59:59Z";
const EXTENDED: &str = "2026-04-10T22:59:59Z";

fn facts(met: &str, extended: &[(&str, &str)], closed: &str) -> ClockFacts {
    let stated = |text: &str| (!text.is_empty()).then(|| at(text));
    ClockFacts {
        needed: true,
        met_at: stated(met),
        extensions: extended
            .iter()
            .enumerate()
            .map(|(index, (until, recorded))| ExtensionFact {
                until: day(until),
                at: at(recorded),
                id: format!("4h2{index}"),
            })
            .collect(),
        ended: stated(closed).map(|at| (at, "closed")),
    }
}

fn read(facts: &ClockFacts, now: &str) -> Reading {
    let start = at(START);
    let reading = read_clock(ClockName::Whole, start, &days(28), facts, at(now), LONDON, None).unwrap();
    let briefly = clock_dates(ClockName::Whole, start, &days(28), facts, LONDON, None).unwrap().at(at(now));
    let mut without_words = reading.clone();
    without_words.steps.clear();
    assert_eq!(briefly, without_words);
    reading
}

#[test]
fn c5_an_extension_is_counted_beside_the_original() {
    let once = [("2026-04-10", "2026-03-28T10:00:00Z")];
    let late = "2026-04-20T10:00:00Z";
    for (met, extended, now, state, original, by_extension) in [
        ("", &[][..], START, Running, None, None),
        ("", &[], DUE, Running, None, None),
        ("", &[], "2026-03-30T23:00:00Z", Overdue, Some(false), None),
        (DUE, &[], late, Met, Some(true), None),
        ("2026-03-30T23:00:00Z", &[], late, Missed, Some(false), None),
        ("", &once, DUE, RunningExtended, None, None),
        ("", &once, "2026-03-30T23:00:00Z", RunningExtended, Some(false), None),
        ("", &once, EXTENDED, RunningExtended, Some(false), None),
        ("", &once, "2026-04-10T23:00:00Z", Overdue, Some(false), Some(false)),
        (DUE, &once, late, Met, Some(true), Some(true)),
        ("2026-03-30T23:00:00Z", &once, late, MetExtended, Some(false), Some(true)),
        (EXTENDED, &once, late, MetExtended, Some(false), Some(true)),
        ("2026-04-10T23:00:00Z", &once, late, Missed, Some(false), Some(false)),
    ] {
        let reading = read(&facts(met, extended, ""), now);
        assert_eq!(reading.state, state, "{met} {now}");
        assert_eq!((reading.met_original, reading.met_extended), (original, by_extension), "{met} {now}");
        assert_eq!(reading.due, at(DUE), "the original never moves");
        assert_eq!(reading.extended_to, (!extended.is_empty()).then(|| at(EXTENDED)));
        assert_eq!(reading.left_seconds.is_some(), met.is_empty());
    }
}

#[test]
fn c5_the_extension_recorded_last_counts() {
    let recorded = [("2026-04-20", "2026-03-20T10:00:00Z"), ("2026-04-10", "2026-03-28T10:00:00Z")];
    assert_eq!(read(&facts("", &recorded, ""), DUE).extended_to, Some(at(EXTENDED)));
    let entered_late = [recorded[1], recorded[0]];
    assert_eq!(read(&facts("", &entered_late, ""), DUE).extended_to, Some(at(EXTENDED)));
    let at_once = [("2026-04-20", "2026-03-28T10:00:00Z"), recorded[1]];
    assert_eq!(read(&facts("", &at_once, ""), DUE).extended_to, Some(at(EXTENDED)));
}

#[test]
fn c5_a_case_closed_without_it_is_late_only_if_it_was() {
    let once = [("2026-04-10", "2026-03-28T10:00:00Z")];
    let now = "2026-05-01T10:00:00Z";
    for (extended, closed, state, original) in [
        (&[][..], DUE, NotNeeded, None),
        (&[], "2026-03-30T23:00:00Z", Missed, Some(false)),
        (&once, EXTENDED, NotNeeded, None),
        (&once, "2026-04-10T23:00:00Z", Missed, Some(false)),
    ] {
        let reading = read(&facts("", extended, closed), now);
        assert_eq!((reading.state, reading.met_original), (state, original), "{closed}");
        assert_eq!(reading.left_seconds, None);
    }
    let met_and_closed = read(&facts(DUE, &[], "2026-04-01T10:00:00Z"), now);
    assert_eq!(met_and_closed.state, Met);
}

#[test]
fn t2_a_clock_that_is_not_needed_is_neither_met_nor_missed() {
    let reading = read(&ClockFacts::default(), "2027-01-01T10:00:00Z");
    assert_eq!((reading.state, reading.met_original, reading.left_seconds), (NotNeeded, None, None));
    assert_eq!(reading.in_words(LONDON), "not needed");
}

#[test]
fn c6_reopening_takes_up_the_clock_where_it_started() {
    let closed = read(&facts("", &[], "2026-03-10T10:00:00Z"), "2026-04-01T10:00:00Z");
    assert_eq!(closed.state, NotNeeded);
    let reopened = read(&facts("", &[], ""), "2026-04-01T10:00:00Z");
    assert_eq!((reopened.state, reopened.due), (Overdue, closed.due));
}

#[test]
fn time_left_in_words() {
    for (now, due, words) in [
        ("2026-03-27T18:59:59Z", DUE, "3 days 4 hours left"),
        ("2026-03-02T09:15:00Z", DUE, "28 days left"),
        ("2026-03-23T22:59:59Z", DUE, "7 days left"),
        ("2026-03-28T22:59:59Z", DUE, "2 days left"),
        ("2026-03-28T23:59:59Z", DUE, "1 day 23 hours left"),
        // The local day decides: 00:00 BST on 29 March is not until 01:00 UTC.
        ("2026-03-29T00:00:00Z", DUE, "due tomorrow by 23:59"),
        ("2026-03-29T22:59:59Z", DUE, "due tomorrow by 23:59"),
        ("2026-03-29T23:00:00Z", DUE, "due today by 23:59"),
        ("2026-03-30T21:59:59Z", DUE, "due today by 23:59"),
        ("2026-03-30T22:00:00Z", DUE, "59 minutes left"),
        ("2026-03-30T22:58:59Z", DUE, "1 minute left"),
        ("2026-03-30T22:59:00Z", DUE, "less than a minute left"),
        (DUE, DUE, "less than a minute left"),
        ("2026-03-30T23:00:00Z", DUE, "overdue by less than a minute"),
        ("2026-03-31T00:59:59Z", DUE, "overdue by 2 hours"),
        ("2026-03-31T01:29:59Z", DUE, "overdue by 2 hours 30 minutes"),
        ("2026-03-31T23:59:59Z", DUE, "overdue by 1 day 1 hour"),
        ("2026-04-30T01:29:59Z", DUE, "overdue by 30 days"),
        (START, "2026-03-03T09:15:00Z", "due tomorrow by 09:15"),
        ("2026-07-01T12:00:00Z", "2026-07-01T16:00:00Z", "due today by 17:00"),
    ] {
        assert_eq!(in_words(at(due).seconds_since(at(now)), at(due), LONDON), words, "{now}");
    }
}

fn explained(name: ClockName, start: &str, rule: &ClockRule, facts: &ClockFacts, now: &str) -> String {
    let calendar = shipped();
    let reading = read_clock(name, at(start), rule, facts, at(now), LONDON, Some(&calendar)).unwrap();
    assert!(reading.steps.len() <= 20 && reading.steps.iter().all(|step| step.len() <= 100));
    reading.steps.join("\n")
}

#[test]
fn c8_the_arithmetic_of_a_clock_in_hours() {
    let steps = explained(
        ClockName::InitialChecks,
        "2026-03-28T12:00:00Z",
        &hours(24),
        &facts("", &[], ""),
        "2026-03-29T13:00:00Z",
    );
    assert_eq!(
        steps,
        "\
received Sat 28 March 2026, 12:00 GMT (2026-03-28T12:00:00Z)
rule: 24 elapsed hours from that moment
the clocks go forward 60 minutes on Sun 29 March 2026: elapsed hours are counted
due Sun 29 March 2026, 13:00 BST (2026-03-29T12:00:00Z)
now Sun 29 March 2026, 14:00 BST (2026-03-29T13:00:00Z): overdue by 1 hour"
    );
}

#[test]
fn c8_the_arithmetic_of_a_clock_in_days_with_extensions() {
    let extended = [("2026-04-05", "2026-03-20T10:00:00Z"), ("2026-04-10", "2026-03-28T10:00:00Z")];
    let steps = explained(
        ClockName::Whole,
        START,
        &days(28),
        &facts("2026-04-09T10:00:00Z", &extended, ""),
        "2026-05-01T10:00:00Z",
    );
    assert_eq!(
        steps,
        "\
received Mon 2 March 2026, 09:15 GMT (2026-03-02T09:15:00Z)
rule: 28 days
day 0: Mon 2 March 2026, the day received; counting begins the day after
day 28: Mon 30 March 2026, the last, until the end of the day
the clocks go forward 60 minutes on Sun 29 March 2026: a local day still counts as one
due Mon 30 March 2026, 23:59 BST (2026-03-30T22:59:59Z)
extended to Fri 10 April 2026, 23:59 BST (2026-04-10T22:59:59Z) (extension 4h21)
1 extension recorded before it counts no more
met Thu 9 April 2026, 11:00 BST (2026-04-09T10:00:00Z), by the extended date and not the original"
    );
}

#[test]
fn c8_the_arithmetic_of_a_clock_in_working_days() {
    let rule = until("17:00", day_one(working(10)));
    let steps = explained(
        ClockName::Interview,
        "2026-12-18T10:00:00Z",
        &rule,
        &facts("", &[], ""),
        "2026-12-20T10:00:00Z",
    );
    assert_eq!(
        steps,
        "\
received Fri 18 December 2026, 10:00 GMT (2026-12-18T10:00:00Z)
rule: 10 working days
day 1: Fri 18 December 2026, the day received, is the first that can count
calendar england-and-wales, as of 2026-08-21, covers 2012-01-01 to 2028-12-31
not counted: weekends, 6 days
not counted: Fri 25 December 2026, Christmas Day
not counted: Mon 28 December 2026, Boxing Day (substitute day)
not counted: Fri 1 January 2027, New Year's Day
day 10: Tue 5 January 2027, the last, until 17:00
due Tue 5 January 2027, 17:00 GMT (2027-01-05T17:00:00Z)
now Sun 20 December 2026, 10:00 GMT (2026-12-20T10:00:00Z): 16 days left"
    );
    let long = explained(ClockName::Whole, START, &working(600), &facts("", &[], ""), START);
    assert!(long.contains("not counted: 12 more holidays"), "{long}");
}
