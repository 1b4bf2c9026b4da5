//! Clocks in plain words: the arithmetic, line by line (C8), and the time that is left.

use super::reading::latest;
use super::{Calendar, ClockFacts, ClockRule, ClockState, Day, Instant, Reading, Unit, Zone, day_zero};

/// So many holidays, and changes of the clocks, are named; a clock of years would fill more than a screen (C8).
const NAMED_HOLIDAYS: usize = 8;
const NAMED_CHANGES: usize = 2;

/// `Mon 2 March 2026, 09:15 GMT (2026-03-02T09:15:00Z)`.
fn moment(at: Instant, zone: Zone) -> String {
    format!("{}, {} ({at})", zone.day(at).in_words(), zone.time_of_day(at))
}

/// `1 day`, `3 days`.
fn counted(number: i64, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

/// How `rule` makes `due` out of `start`.
pub(super) fn arithmetic(
    start: Instant,
    rule: &ClockRule,
    zone: Zone,
    calendar: Option<&Calendar>,
    due: (Instant, Option<Day>),
) -> Vec<String> {
    let (at, last_day) = due;
    let within = i64::from(rule.within);
    let mut steps = vec![format!("received {}", moment(start, zone))];
    match last_day {
        None => steps.push(format!("rule: {} from that moment", counted(within, "elapsed hour"))),
        Some(last) => {
            let unit = if rule.unit == Unit::WorkingDays { "working day" } else { "day" };
            steps.push(format!("rule: {}", counted(within, unit)));
            let (received, zero) = (zone.day(start), day_zero(zone.day(start), rule));
            steps.push(format!(
                "day {}: {}, the day received{}",
                rule.number_of_first_day(),
                received.in_words(),
                if zero == received {
                    "; counting begins the day after"
                } else {
                    ", is the first that can count"
                },
            ));
            if let (Unit::WorkingDays, Some(calendar)) = (rule.unit, calendar) {
                steps.extend(not_counted(zero.plus(1), last, calendar));
            }
            let ends = rule.cut_off.as_ref().map_or("the end of the day", |cut_off| cut_off.as_str());
            steps.push(format!("day {within}: {}, the last, until {ends}", last.in_words()));
        }
    }
    let changes = zone.clock_changes(start, at);
    for &(change, minutes) in changes.iter().take(NAMED_CHANGES) {
        steps.push(format!(
            "the clocks go {} {} on {}: {}",
            if minutes > 0 { "forward" } else { "back" },
            counted(i64::from(minutes.abs()), "minute"),
            zone.day(change).in_words(),
            if last_day.is_some() { "a local day still counts as one" } else { "elapsed hours are counted" },
        ));
    }
    if changes.len() > NAMED_CHANGES {
        steps.push(format!("the clocks change on {} later days", changes.len() - NAMED_CHANGES));
    }
    steps.push(format!("due {}", moment(at, zone)));
    steps
}

/// The days from `first` to `last` that are no working days.
fn not_counted(first: Day, last: Day, calendar: &Calendar) -> Vec<String> {
    let mut lines = vec![format!(
        "calendar {}, as of {}, covers {} to {}",
        calendar.name, calendar.source_date, calendar.first_day, calendar.last_day
    )];
    let weekend = (0..=last.days_since(first)).filter(|&days| first.plus(days).is_weekend()).count();
    if weekend > 0 {
        let days = i64::try_from(weekend).unwrap_or(i64::MAX);
        lines.push(format!("not counted: weekends, {}", counted(days, "day")));
    }
    let holidays = calendar.holidays_between(first, last).iter();
    let holidays: Vec<_> = holidays.filter(|holiday| !holiday.day.is_weekend()).collect();
    for holiday in holidays.iter().take(NAMED_HOLIDAYS) {
        lines.push(format!("not counted: {}, {}", holiday.day.in_words(), holiday.name));
    }
    if holidays.len() > NAMED_HOLIDAYS {
        lines.push(format!("not counted: {} more holidays", holidays.len() - NAMED_HOLIDAYS));
    }
    lines
}

/// What became of it: extensions (C5), and when it was met, or how long there is.
pub(super) fn outcome(reading: &Reading, facts: &ClockFacts, now: Instant, zone: Zone) -> Vec<String> {
    let mut steps = Vec::new();
    if let (Some(extension), Some(until)) = (latest(&facts.extensions), reading.extended_to) {
        steps.push(format!("extended to {} (extension {})", moment(until, zone), extension.id));
        let others = i64::try_from(facts.extensions.len() - 1).unwrap_or(i64::MAX);
        if others > 0 {
            steps.push(format!("{} recorded before it counts no more", counted(others, "extension")));
        }
    }
    let ended = facts.ended.map(|(at, how)| format!("{how} {}", moment(at, zone)));
    steps.push(match (reading.state, reading.met_at, ended) {
        (ClockState::NotNeeded, _, Some(ended)) if facts.needed => format!("{ended}, before it was due"),
        (ClockState::NotNeeded, ..) => "not needed in this case".to_owned(),
        (ClockState::Met, Some(met), _) => format!("met {}", moment(met, zone)),
        (ClockState::MetExtended, Some(met), _) => {
            format!("met {}, by the extended date and not the original", moment(met, zone))
        }
        (_, Some(met), _) => {
            let late = span(met.seconds_since(reading.due_that_counts()));
            format!("met {}, {late} late", moment(met, zone))
        }
        (_, None, Some(ended)) => format!("{ended} without it, after it was due"),
        (_, None, None) => format!("now {}: {}", moment(now, zone), reading.in_words(zone)),
    });
    steps
}

/// The time left until `due` in plain words: `3 days 4 hours left`, `due today by 23:59`, `overdue by 2 hours`.
/// Within the hour it counts minutes; today and tomorrow it names the time of day; late, it says by how much.
pub fn in_words(seconds_left: i64, due: Instant, zone: Zone) -> String {
    if seconds_left < 0 {
        return format!("overdue by {}", span(-seconds_left));
    }
    let today = zone.day(due.plus_seconds(-seconds_left));
    let by = zone.time_of_day(due);
    let by = by.split(' ').next().unwrap_or_default();
    match zone.day(due).days_since(today) {
        _ if seconds_left < 3_600 => format!("{} left", span(seconds_left)),
        0 => format!("due today by {by}"),
        1 => format!("due tomorrow by {by}"),
        _ => format!("{} left", span(seconds_left)),
    }
}

/// A length of time in its two largest units, days alone from a week on; what is begun is left out.
fn span(seconds: i64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    let (large, small) = match (days, hours, minutes) {
        (0, 0, 0) => return "less than a minute".to_owned(),
        (0, 0, minutes) => return counted(minutes, "minute"),
        (0, hours, minutes) => (counted(hours, "hour"), (minutes, "minute")),
        (7.., _, _) => return counted(days, "day"),
        (days, hours, _) => (counted(days, "day"), (hours, "hour")),
    };
    match small {
        (0, _) => large,
        (number, one) => format!("{large} {}", counted(number, one)),
    }
}
