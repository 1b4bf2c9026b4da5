//! The shipped table against the rule that makes bank holidays, and what a calendar refuses.

use super::*;
use crate::domain::record;

/// The table that is built in.
const SHIPPED: &str = include_str!("../../../cases.example/calendars/england-and-wales.toml");

/// The shipped calendar, read as any other file is.
pub(crate) fn shipped() -> Calendar {
    let table: toml::Table = SHIPPED.parse().unwrap();
    record::read(&tree(&toml::Value::Table(table)), Reader::strict()).unwrap()
}

fn tree(value: &toml::Value) -> Node {
    match value {
        toml::Value::String(text) => Node::text(text.clone()),
        toml::Value::Integer(number) => Node::Number(*number),
        toml::Value::Float(_) => Node::OtherNumber,
        toml::Value::Boolean(value) => Node::Bool(*value),
        toml::Value::Datetime(stamp) => Node::Stamp(stamp.to_string()),
        toml::Value::Array(items) => Node::List(items.iter().map(tree).collect()),
        toml::Value::Table(entries) => Node::Map(
            entries
                .iter()
                .map(|(key, value)| (key.clone(), tree(value)))
                .collect(),
        ),
    }
}

pub(crate) fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// Easter Sunday, by the anonymous Gregorian algorithm.
fn easter(year: i32) -> Day {
    let (golden, century, of_century) = (year % 19, year / 100, year % 100);
    let moon = (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - moon - of_century % 4) % 7;
    let correction = (golden + 11 * moon + 22 * weekday) / 451;
    let month_and_day = moon + weekday - 7 * correction + 114;
    Day::new(year, (month_and_day / 31) as u32, (month_and_day % 31 + 1) as u32).unwrap()
}

/// The bank holidays of a year by rule: fixed days with their substitutes, Easter, the Mondays, and what was proclaimed.
fn by_rule(year: i32) -> Vec<Day> {
    let on = |month, day| Day::new(year, month, day).unwrap();
    let is_monday = |day: &Day| day.days_since(Day::new(2024, 1, 1).unwrap()).rem_euclid(7) == 0;
    let first_monday = |month| (1..8).map(|day| on(month, day)).find(is_monday).unwrap();
    let last_monday = |month| (25..32).map(|day| on(month, day)).find(is_monday).unwrap();
    let mut days = vec![easter(year).plus(-2), easter(year).plus(1), last_monday(8)];
    days.push(if year == 2020 { on(5, 8) } else { first_monday(5) });
    days.extend(match year {
        2012 => vec![on(6, 4), on(6, 5)],
        2022 => vec![on(6, 2), on(6, 3), on(9, 19)],
        2023 => vec![last_monday(5), on(5, 8)],
        _ => vec![last_monday(5)],
    });
    for fixed in [on(1, 1), on(12, 25), on(12, 26)] {
        let mut day = fixed;
        while day.is_weekend() || days.contains(&day) || (day != fixed && day == on(12, 26)) {
            day = day.plus(1);
        }
        days.push(day);
    }
    days.sort();
    days
}

#[test]
fn c7_the_shipped_table_names_its_source_its_date_and_its_last_day() {
    let calendar = shipped();
    assert_eq!(calendar.check(), []);
    assert_eq!(calendar.name, CalendarName::default());
    assert!(calendar.source.as_str().contains("www.gov.uk/bank-holidays"));
    assert!(calendar.source_date > day("2026-01-01"));
    assert_eq!(
        (calendar.first_day, calendar.last_day),
        (day("2012-01-01"), day("2028-12-31"))
    );
    assert!(calendar.holiday.iter().all(|holiday| !holiday.day.is_weekend()));
}

#[test]
fn c7_the_shipped_table_is_what_the_rule_and_the_proclamations_give() {
    let listed: Vec<Day> = shipped().holiday.iter().map(|holiday| holiday.day).collect();
    let ruled: Vec<Day> = (2012..=2028).flat_map(by_rule).collect();
    assert_eq!(listed.len(), 140);
    assert_eq!(listed, ruled);
}

#[test]
fn c7_a_substitute_day_says_so() {
    let calendar = shipped();
    for holiday in &calendar.holiday {
        let fixed = match (holiday.day.month(), holiday.name.as_str().split(" (").next()) {
            (1, Some("New Year's Day")) => 1,
            (12, Some("Christmas Day")) => 25,
            (12, Some("Boxing Day")) => 26,
            _ => continue,
        };
        let says_so = holiday.name.as_str().ends_with("(substitute day)");
        assert_eq!(says_so, holiday.day.day() != fixed, "{}", holiday.day);
    }
}

#[test]
fn c3_working_days() {
    let calendar = shipped();
    for (asked, works) in [
        ("2012-06-04", false), // moved to meet the Diamond Jubilee
        ("2012-06-05", false), // Diamond Jubilee
        ("2012-05-28", true),  // where the Spring holiday was moved from
        ("2020-05-04", true),  // where the Early May holiday was moved from
        ("2020-05-08", false), // VE day
        ("2022-06-02", false),
        ("2022-06-03", false),
        ("2022-05-30", true),
        ("2022-09-19", false), // State Funeral
        ("2023-05-08", false), // Coronation
        ("2026-12-26", false), // a Saturday
        ("2026-12-28", false), // its substitute
        ("2026-12-29", true),
        ("2024-02-29", true),
        ("2028-12-31", false), // the last day covered, a Sunday
        ("2012-01-01", false), // the first day covered, a Sunday
    ] {
        assert_eq!(calendar.is_working_day(day(asked)), Ok(works), "{asked}");
    }
}

#[test]
fn c7_a_day_that_is_not_covered_is_an_error_and_never_a_guess() {
    let calendar = shipped();
    for asked in ["2011-12-31", "2029-01-01", "2029-01-06"] {
        let gap = calendar.is_working_day(day(asked)).unwrap_err();
        assert_eq!((gap.day, gap.last_day), (day(asked), day("2028-12-31")));
        assert_eq!(gap.calendar.file(), "calendars/england-and-wales.toml");
    }
    assert_eq!(
        calendar.add_working_days(day("2028-12-28"), 1),
        Ok(day("2028-12-29"))
    );
    assert!(calendar.add_working_days(day("2028-12-28"), 2).is_err());
}

#[test]
fn c7_every_fault_of_a_table_is_found() {
    let mut calendar = shipped();
    calendar.format = 2;
    calendar.last_day = day("2028-12-25");
    calendar.holiday.swap(0, 1);
    calendar.holiday[10] = calendar.holiday[9].clone();
    let problems: Vec<String> = calendar.check().iter().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        [
            "format: must be 1",
            "holiday.1.day: must be later than the holiday before it",
            "holiday.10.day: must be later than the holiday before it",
            "holiday.139.day: must be between first_day and last_day (C7)",
        ]
    );
    calendar.last_day = day("2011-01-01");
    assert!(calendar.check().len() > 100);
}

#[test]
fn a_calendars_name_can_be_no_path() {
    for wrong in ["", "../x", "a/b", "A", "a.b", "-a", "a b", "é"] {
        assert!(CalendarName::new(wrong).is_err(), "{wrong}");
    }
    assert_eq!(
        CalendarName::new("scotland-2").unwrap().file(),
        "calendars/scotland-2.toml"
    );
}
