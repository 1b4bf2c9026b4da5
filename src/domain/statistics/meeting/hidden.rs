//! Hiding small counts in the charts of a meeting (N3).

use super::Chart;
use crate::domain::case::Route;
use crate::domain::statistics::figures::Cell;
use crate::domain::statistics::measures::STANDS;
use crate::domain::statistics::suppression::{Relation, hide};

/// Hides small counts, and what would betray them: the charts tell of the same cases, so that their sums agree.
pub(super) fn suppress(charts: &mut [Chart], under: u32) {
    let mut counts = Vec::new();
    let mut places: Vec<(usize, usize, usize)> = Vec::new();
    for (chart, of) in charts.iter().enumerate() {
        for (series, of) in of.series.iter().chain(&of.besides).enumerate() {
            for (category, cell) in of.cells.iter().enumerate() {
                if let Cell::Count(count) = cell {
                    counts.push(*count);
                    places.push((chart, series, category));
                }
            }
        }
    }
    let relations = relations(charts, &places);
    let relations: Vec<Relation> = relations.into_iter().filter(|relation| relation.holds(&counts)).collect();
    let hidden = hide(&counts, &relations, u64::from(under), &counts);
    for ((chart, series, category), _) in places.iter().zip(&hidden).filter(|(_, hidden)| **hidden) {
        let of = &mut charts[*chart];
        let drawn = of.series.len();
        let series = if *series < drawn { &mut of.series[*series] } else { &mut of.besides[*series - drawn] };
        series.cells[*category] = Cell::Hidden;
    }
    // The age of the oldest says whether there is any, and in which band.
    let besides = charts.iter_mut().flat_map(|chart| &mut chart.besides);
    for cell in besides.flat_map(|series| &mut series.cells).filter(|cell| !matches!(cell, Cell::Count(_))) {
        *cell = Cell::Hidden;
    }
}

/// How the counts of the charts hang together; what does not hold in the figures is left out afterwards.
fn relations(charts: &[Chart], places: &[(usize, usize, usize)]) -> Vec<Relation> {
    let chart = |id: &str| charts.iter().position(|chart| chart.id == id);
    let cells = |id: &str, series: usize| -> Vec<usize> {
        let of = chart(id).map_or(usize::MAX, |chart| chart);
        (0..places.len()).filter(|&at| places[at].0 == of && places[at].1 == series).collect()
    };
    let mut relations = Vec::new();
    for (number, route) in Route::ALL.iter().enumerate() {
        let mut equal = |parts: Vec<usize>, whole: Vec<usize>| {
            if !parts.is_empty() && !whole.is_empty() {
                relations.push(Relation { parts, whole, equal: true });
            }
        };
        let months = format!("arrivals-{route}");
        let (received, closed, open) = (cells(&months, 0), cells(&months, 1), cells(&months, 2));
        equal(cells("stages", number), cells("ages", number));
        equal(cells("stages", number), open.last().copied().into_iter().collect());
        equal(cells("ages", number), open.last().copied().into_iter().collect());
        equal(cells("endings", number), closed.clone());
        for index in 1..open.len() {
            equal(vec![open[index], closed[index]], vec![open[index - 1], received[index]]);
        }
        if let Some((open, (closed, received))) = open.first().zip(closed.first().zip(received.first())) {
            relations.push(Relation { parts: vec![*received], whole: vec![*open, *closed], equal: false });
        }
        let clocks = format!("clocks-{route}");
        let states: Vec<Vec<usize>> = (0..=STANDS.len()).map(|state| cells(&clocks, state)).collect();
        for clock in 0..states.first().map_or(0, Vec::len) {
            let parts = states.iter().filter_map(|state| state.get(clock).copied()).collect();
            relations.push(Relation { parts, whole: received.clone(), equal: true });
        }
        let overdue = cells("stages", number + Route::ALL.len());
        for (overdue, all) in overdue.into_iter().zip(cells("stages", number)) {
            relations.push(Relation { parts: vec![overdue], whole: vec![all], equal: false });
        }
    }
    relations
}
