//! Tests of the numbers: facts and their line, what counts as what, and attacks on what is hidden.

use super::*;
use crate::domain::case::{Channel, ClosureReason, DecisionOutcome, Route, Stage};
use crate::domain::clocks::{ClockName, Dates};
use crate::domain::time::{Day, Instant, Zone};

mod attack;
mod counts;
mod lines;
mod meetings;

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// A right-to-ask case received at this moment, with nothing done.
fn received(text: &str) -> Facts {
    let start = at(text);
    let clock = |name: ClockName, hours: i64| Dates {
        name,
        start,
        due: start.plus_seconds(hours * 3_600),
        extended_to: None,
        needed: true,
        met_at: None,
        ended_at: None,
    };
    Facts {
        route: Route::RightToAsk,
        channel: Channel::Online,
        received: start,
        stage: Stage::InitialChecks,
        owner: None,
        screened: None,
        interviewed: None,
        third_party: false,
        assessed: None,
        registered: false,
        decided: None,
        decision_stands: false,
        disclosures: Vec::new(),
        urgent: Vec::new(),
        referrals: Vec::new(),
        extensions: Vec::new(),
        withdrawn: None,
        rerouted: None,
        reopened: Vec::new(),
        closed: None,
        clocks: [
            clock(ClockName::InitialChecks, 24),
            clock(ClockName::Interview, 240),
            clock(ClockName::Whole, 672),
        ],
    }
}

/// The same, complete and closed at this moment.
fn closed(facts: Facts, text: &str, reason: ClosureReason) -> Facts {
    let mut facts = Facts { closed: Some((at(text), reason)), stage: Stage::Closed, ..facts };
    facts.clocks[2].met_at = Some(at(text));
    facts.clocks.iter_mut().for_each(|clock| clock.ended_at = Some(at(text)));
    facts
}

fn question(basis: Basis, split: Split, period: (&str, &str)) -> Question {
    Question {
        period: Period::new(day(period.0), day(period.1)).unwrap(),
        basis,
        split,
        now: at("2026-06-30T12:00:00Z"),
        zone: Zone::LONDON,
        suppress_under: None,
    }
}

/// The figures of one row on one route.
fn row(figures: &Figures, route: Route, key: &str) -> Vec<Cell> {
    let block = figures.blocks.iter().find(|block| block.route == route).unwrap();
    block.rows.iter().find(|row| row.measure.key == key).unwrap().cells.clone()
}

#[test]
fn periods_are_whole_months_and_years() {
    let words = |period: Period| (period.first.to_string(), period.last.to_string());
    let is = |first: &str, last: &str| (first.to_owned(), last.to_owned());
    assert_eq!(words(Period::year("2025").unwrap()), is("2025-01-01", "2025-12-31"));
    assert_eq!(words(Period::month("2024-02").unwrap()), is("2024-02-01", "2024-02-29"));
    assert_eq!(words(Period::month("2025-12").unwrap()), is("2025-12-01", "2025-12-31"));
    assert_eq!(words(Period::month("2025-01").unwrap()), is("2025-01-01", "2025-01-31"));
    for wrong in ["25", "20255", "+025", "year", "0000", ""] {
        assert!(Period::year(wrong).is_err(), "{wrong}");
    }
    for wrong in ["2025-13", "2025", "2025-1", "2025-01-01", ""] {
        assert!(Period::month(wrong).is_err(), "{wrong}");
    }
    assert_eq!(Period::everything().unwrap().in_words(), "the whole record");
    assert_eq!(Period::year("2025").unwrap().in_words(), "1 January 2025 to 31 December 2025");
    let label = |split: Split, text: &str| split.label(split.number(day(text)).unwrap());
    assert_eq!(label(Split::Month, "2025-12-31"), "2025-12");
    assert_eq!(label(Split::Quarter, "2025-12-31"), "2025-Q4");
    assert_eq!(label(Split::Quarter, "2026-01-01"), "2026-Q1");
    assert_eq!(label(Split::Year, "2026-01-01"), "2026");
}

#[test]
fn every_count_has_a_key_of_its_own_and_a_definition() {
    for basis in Basis::ALL {
        let all = measures(*basis);
        let mut keys: Vec<&str> = all.iter().map(|measure| measure.key.as_str()).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), all.len());
        for measure in &all {
            assert!(measure.definition.ends_with('.') && measure.definition.len() > 15, "{}", measure.key);
        }
    }
}
