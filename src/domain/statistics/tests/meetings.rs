//! The figures of a monthly meeting.

use super::meeting::{Meeting, last_twelve_months};
use super::*;

fn meeting(facts: &[Facts], period: (&str, &str), under: Option<u32>) -> Meeting {
    let question = question(Basis::Received, Split::Route, period);
    Meeting::of(facts, question.period, question.now, question.zone, under)
}

fn cells(meeting: &Meeting, chart: &str, series: &str) -> Vec<Cell> {
    let chart = meeting.charts.iter().find(|found| found.id == chart).unwrap();
    let series = chart.series.iter().chain(&chart.besides).find(|found| found.name == series);
    series.unwrap().cells.clone()
}

#[test]
fn it_looks_back_on_twelve_months() {
    let period = |text: &str| {
        let period = last_twelve_months(day(text)).unwrap();
        (period.first.to_string(), period.last.to_string())
    };
    assert_eq!(period("2026-03-20"), ("2025-04-01".to_owned(), "2026-03-20".to_owned()));
    assert_eq!(period("2025-12-31"), ("2025-01-01".to_owned(), "2025-12-31".to_owned()));
}

#[test]
fn it_says_what_is_open_how_old_and_what_came_and_went() {
    let facts = [
        received("2026-06-25T10:00:00Z"),
        Facts { stage: Stage::Decision, ..received("2026-04-02T10:00:00Z") },
        closed(received("2026-04-03T10:00:00Z"), "2026-05-04T10:00:00Z", ClosureReason::Duplicate),
        closed(received("2025-04-03T10:00:00Z"), "2025-05-04T10:00:00Z", ClosureReason::Withdrawn),
    ];
    let meeting = meeting(&facts, ("2026-04-01", "2026-06-30"), None);
    let count = |counts: &[u64]| counts.iter().map(|count| Cell::Count(*count)).collect::<Vec<_>>();
    assert_eq!(cells(&meeting, "stages", "Right to ask"), count(&[1, 0, 0, 1, 0]));
    assert_eq!(cells(&meeting, "stages", "Right to ask, overdue"), count(&[1, 0, 0, 1, 0]));
    assert_eq!(cells(&meeting, "stages", "Oldest, days")[3], Cell::Days(890));
    assert_eq!(cells(&meeting, "ages", "Right to ask"), count(&[1, 0, 0, 0, 1]));
    assert_eq!(cells(&meeting, "arrivals-right_to_ask", "Received"), count(&[2, 0, 1]));
    assert_eq!(cells(&meeting, "arrivals-right_to_ask", "Closed"), count(&[0, 1, 0]));
    assert_eq!(cells(&meeting, "arrivals-right_to_ask", "Open at the end"), count(&[2, 1, 2]));
    assert_eq!(cells(&meeting, "endings", "Right to ask"), count(&[1]));
    assert_eq!(cells(&meeting, "clocks-right_to_ask", "Missed"), count(&[1, 1, 1]));
    assert!(meeting.charts.iter().all(|chart| chart.id != "arrivals-right_to_know"));
}

#[test]
fn a_long_period_is_told_by_quarters_or_years() {
    let facts = [received("2015-02-03T10:00:00Z"), received("2026-02-03T10:00:00Z")];
    let columns = |period: (&str, &str)| {
        let meeting = meeting(&facts, period, None);
        meeting.charts.iter().find(|chart| chart.id == "arrivals-right_to_ask").unwrap().categories.clone()
    };
    assert_eq!(columns(("2024-07-01", "2026-06-30")).len(), 24);
    assert_eq!(columns(("2024-06-01", "2026-06-30")).len(), 9);
    assert_eq!(
        columns(("0001-01-01", "9999-12-31")),
        (2015..=2026).map(|y| y.to_string()).collect::<Vec<_>>()
    );
}

#[test]
fn n3_small_counts_are_hidden_and_so_is_what_would_betray_them() {
    let mut facts: Vec<Facts> = (0..20).map(|_| received("2026-06-25T10:00:00Z")).collect();
    facts.push(Facts { stage: Stage::Decision, ..received("2026-04-02T10:00:00Z") });
    let meeting = meeting(&facts, ("2026-04-01", "2026-06-30"), Some(5));
    let all = meeting.charts.iter().flat_map(|chart| chart.series.iter().chain(&chart.besides));
    for cell in all.flat_map(|series| &series.cells) {
        assert!(matches!(cell, Cell::Hidden | Cell::Count(5..)), "{cell:?}");
    }
    // Twenty-one open in all, of which twenty at one stage: one of the two must not stand there.
    let stages = cells(&meeting, "stages", "Right to ask");
    let open = cells(&meeting, "arrivals-right_to_ask", "Open at the end");
    assert!(stages[0] == Cell::Hidden || open[2] == Cell::Hidden, "{stages:?} {open:?}");
    assert!(meeting.charts.iter().all(|chart| chart.notes.is_empty()));
}
