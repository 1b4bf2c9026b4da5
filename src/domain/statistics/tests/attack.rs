//! Attacks on hidden figures, by means that are not those of the defence: linear algebra, bounds narrowed until nothing
//! moves any more, and trying every table there is.

use super::suppression::{Relation, Table, hide};
use super::*;
use crate::domain::reference::Chance;

/// Unknowns with their factors, and what they come to.
type Equation = (Vec<(usize, i128)>, i128);

/// What an attacker writes down: an equation a relation, with an unknown of its own for what is left over.
fn equations(counts: &[u64], relations: &[Relation], hidden: &[bool]) -> (Vec<usize>, Vec<Equation>, usize) {
    let cells: Vec<usize> = (0..counts.len()).filter(|&cell| hidden[cell]).collect();
    let mut unknowns = cells.len();
    let mut all = Vec::new();
    for relation in relations {
        let (mut terms, mut sum) = (Vec::new(), 0);
        let sides = [(&relation.parts, 1), (&relation.whole, -1)];
        for (cell, factor) in
            sides.iter().flat_map(|(side, factor)| side.iter().map(move |cell| (cell, *factor)))
        {
            match cells.binary_search(cell) {
                Ok(unknown) => terms.push((unknown, factor)),
                Err(_) => sum -= factor * i128::from(counts[*cell]),
            }
        }
        if !relation.equal {
            terms.push((unknowns, 1));
            unknowns += 1;
        }
        all.push((terms, sum));
    }
    (cells, all, unknowns)
}

/// The hidden cells that linear algebra alone determines: those whose unit vector is a sum of equations.
fn determined(cells: &[usize], equations: &[Equation], unknowns: usize) -> Vec<usize> {
    const PRIME: i128 = 1_000_000_007;
    let inverse = |number: i128| {
        let (mut power, mut base, mut result) = (PRIME - 2, number, 1);
        while power > 0 {
            if power & 1 == 1 {
                result = result * base % PRIME;
            }
            base = base * base % PRIME;
            power >>= 1;
        }
        result
    };
    let row = |(terms, _): &Equation| {
        let mut row = vec![0_i128; unknowns];
        terms.iter().for_each(|(unknown, factor)| row[*unknown] = (row[*unknown] + factor).rem_euclid(PRIME));
        row
    };
    let mut rows: Vec<Vec<i128>> = equations.iter().map(row).collect();
    let mut next = 0;
    for column in 0..unknowns {
        let Some(pivot) = (next..rows.len()).find(|&row| rows[row][column] != 0) else { continue };
        rows.swap(next, pivot);
        let by = inverse(rows[next][column]);
        rows[next].iter_mut().for_each(|number| *number = *number * by % PRIME);
        let solved = rows[next].clone();
        for (_, other) in
            rows.iter_mut().enumerate().filter(|(row, other)| *row != next && other[column] != 0)
        {
            let times = other[column];
            other.iter_mut().zip(&solved).for_each(|(a, b)| *a = (*a - times * b).rem_euclid(PRIME));
        }
        next += 1;
    }
    let alone = |row: &&Vec<i128>| row.iter().filter(|number| **number != 0).count() == 1;
    let found = rows.iter().filter(alone).filter_map(|row| row.iter().position(|number| *number != 0));
    found.filter_map(|unknown| cells.get(unknown).copied()).collect()
}

/// The bounds of each unknown, narrowed by each equation in turn until nothing moves.
fn bounds(equations: &[Equation], unknowns: usize) -> Vec<(i128, i128)> {
    let mut bounds = vec![(0_i128, 1_000_000_i128); unknowns];
    for _ in 0..300 {
        let before = bounds.clone();
        for (terms, sum) in equations {
            let end = |(unknown, factor): &(usize, i128), low: bool| {
                let (least, most) = bounds[*unknown];
                factor * if (*factor > 0) == low { least } else { most }
            };
            let (low, high): (i128, i128) = (
                terms.iter().map(|term| end(term, true)).sum(),
                terms.iter().map(|term| end(term, false)).sum(),
            );
            let narrowed: Vec<(usize, i128, i128)> = terms
                .iter()
                .map(|term| {
                    let (least, most) = (sum - (high - end(term, false)), sum - (low - end(term, true)));
                    if term.1 > 0 { (term.0, least, most) } else { (term.0, -most, -least) }
                })
                .collect();
            for (unknown, least, most) in narrowed {
                bounds[unknown] = (bounds[unknown].0.max(least), bounds[unknown].1.min(most));
            }
        }
        if bounds == before {
            break;
        }
    }
    bounds
}

/// That neither attack gets anywhere.
fn holds_out(counts: &[u64], relations: &[Relation], hidden: &[bool], under: u64, what: &str) {
    assert!(counts.iter().zip(hidden).all(|(count, hidden)| *hidden || *count >= under), "{what}");
    let (cells, equations, unknowns) = equations(counts, relations, hidden);
    assert_eq!(determined(&cells, &equations, unknowns), [0; 0], "{what}");
    for (unknown, (least, most)) in bounds(&equations, unknowns).into_iter().enumerate().take(cells.len()) {
        let count = counts[cells[unknown]];
        assert!(least < most, "{what}: {} is {count}", cells[unknown]);
        if count < under {
            let wide = least <= 0 && most >= i128::from(under) - 1;
            assert!(wide, "{what}: cell {} lies between {least} and {most}", cells[unknown]);
        }
    }
}

fn some(chance: &mut Chance, of: usize) -> bool {
    chance.below(of) == 0
}

/// A case that came some way.
fn case(chance: &mut Chance) -> Facts {
    let start = at("2025-01-01T09:00:00Z").plus_seconds(chance.below(365) as i64 * 86_400);
    let mut facts = received(&start.to_string());
    let mut now = start;
    let mut later = |chance: &mut Chance, days: usize| {
        now = now.plus_seconds((chance.below(days) as i64 + 1) * 43_200);
        Some(now)
    };
    facts.channel = Channel::ALL[chance.below(Channel::ALL.len())];
    facts.urgent = if some(chance, 9) { vec![start] } else { Vec::new() };
    facts.referrals = if some(chance, 3) { vec![start] } else { Vec::new() };
    if some(chance, 12) {
        facts.extensions = vec![start];
        facts.clocks[2].extended_to = Some(facts.clocks[2].due.plus_seconds(14 * 86_400));
    }
    facts.clocks[0].met_at = later(chance, 3);
    if some(chance, 4) {
        let end = later(chance, 3).unwrap().to_string();
        let reasons = &ClosureReason::ALL[ClosureReason::NoSpecificChild as usize..];
        return closed(facts, &end, reasons[chance.below(reasons.len())]);
    }
    facts.screened = facts.clocks[0].met_at;
    facts.stage = Stage::Interview;
    if some(chance, 8) {
        return facts;
    }
    facts.interviewed = later(chance, 25);
    facts.clocks[1].met_at = facts.interviewed;
    facts.third_party = some(chance, 3);
    facts.assessed = later(chance, 30);
    facts.registered = some(chance, 4);
    facts.stage = Stage::Decision;
    if some(chance, 7) {
        return facts;
    }
    let outcome = DecisionOutcome::ALL[chance.below(4)];
    facts.decided = later(chance, 12).zip(Some(outcome));
    facts.decision_stands = true;
    let end = later(chance, 40).unwrap();
    if outcome.is_disclosure() {
        facts.disclosures = vec![Made { at: end, conviction: outcome == DecisionOutcome::Disclose }];
    }
    closed(facts, &end.to_string(), ClosureReason::Disclosed)
}

#[test]
fn n3_no_attack_recovers_a_hidden_count_of_a_real_table() {
    let mut printed = 0;
    for (seed, (cases, split)) in [
        (3, Split::Route),
        (12, Split::Route),
        (60, Split::Route),
        (300, Split::Route),
        (700, Split::Route),
        (90, Split::Quarter),
        (700, Split::Quarter),
    ]
    .into_iter()
    .enumerate()
    {
        let mut chance = Chance::from_seed(seed as u64);
        let facts: Vec<Facts> = (0..cases).map(|_| case(&mut chance)).collect();
        for basis in [Basis::Received, Basis::Done] {
            let plain = question(basis, split, ("2025-01-01", "2025-12-31"));
            let open = count(facts.clone(), &plain).unwrap();
            let shut = count(facts.clone(), &Question { suppress_under: Some(5), ..plain }).unwrap();
            let (open, shut) = (&open.blocks[0].rows, &shut.blocks[0].rows);
            let table = Table::of(open, true);
            let counted = shut.iter().zip(open).filter(|(_, open)| matches!(open.cells[0], Cell::Count(_)));
            let hidden: Vec<bool> =
                counted.flat_map(|(shut, _)| shut.cells.iter().map(|cell| *cell == Cell::Hidden)).collect();
            let what = format!("{cases} cases by {split}, {basis}");
            holds_out(&table.counts, &table.relations, &hidden, 5, &what);
            printed += hidden.iter().filter(|hidden| !**hidden).count();
            // A mean tells of hidden counts only where one it is made of is hidden.
            for column in 0..shut[0].cells.len() {
                let cell = |key: &str| shut.iter().find(|row| row.measure.key == key).unwrap().cells[column];
                let bands =
                    ["completed", "days_0_20", "days_21_28", "days_29_35", "days_36_45", "days_over_45"];
                if bands.iter().any(|key| cell(key) == Cell::Hidden) {
                    assert_eq!(cell("mean_days"), Cell::Hidden, "{what}");
                    assert_eq!(cell("longest_days"), Cell::Hidden, "{what}");
                }
            }
        }
    }
    // Hiding everything would be no art.
    assert!(printed > 300, "{printed}");
}

/// Whether some table agrees with what is printed and has this in the cell.
fn possible(equations: &[Equation], values: &mut Vec<Option<i128>>, most: i128) -> bool {
    let open = |terms: &[(usize, i128)], values: &[Option<i128>]| {
        terms.iter().filter(|(unknown, _)| values[*unknown].is_none()).count()
    };
    for (terms, sum) in equations {
        let known: i128 = terms.iter().filter_map(|(unknown, factor)| Some(values[*unknown]? * factor)).sum();
        if open(terms, values) == 0 && known != *sum {
            return false;
        }
    }
    // The equation with the fewest unknowns is tried first.
    let next = equations.iter().filter(|(terms, _)| open(terms, values) > 0);
    let Some((terms, sum)) = next.min_by_key(|(terms, _)| open(terms, values)) else { return true };
    let Some(&(unknown, factor)) = terms.iter().find(|(unknown, _)| values[*unknown].is_none()) else {
        return true;
    };
    let tried: Vec<i128> = if open(terms, values) == 1 {
        let known: i128 = terms.iter().filter_map(|(unknown, factor)| Some(values[*unknown]? * factor)).sum();
        vec![(sum - known) / factor]
    } else {
        (0..=most).collect()
    };
    tried.into_iter().filter(|value| *value >= 0).any(|value| {
        values[unknown] = Some(value);
        let found = possible(equations, values, most);
        values[unknown] = None;
        found
    })
}

#[test]
fn n3_every_small_table_leaves_every_hidden_count_open() {
    for seed in 0..400_u64 {
        let mut chance = Chance::from_seed(seed);
        // Two kinds in three columns with all sums, and a third that is at most the first.
        let mut cell = |most: usize| chance.below(most) as u64;
        let top = [3, 6, 12][cell(3) as usize];
        let columns: Vec<[u64; 4]> = (0..3)
            .map(|_| {
                let (first, second) = (cell(top), cell(top));
                [first, second, first + second, cell(first as usize + 1)]
            })
            .collect();
        let row = |kind: usize| columns.iter().map(|column| column[kind]).collect::<Vec<_>>();
        let rows: Vec<Vec<u64>> =
            (0..4).map(row).map(|row| [row.clone(), vec![row.iter().sum()]].concat()).collect();
        let counts: Vec<u64> = rows.concat();
        let mut relations = Vec::new();
        for column in 0..4 {
            relations.push(Relation {
                parts: vec![column, 4 + column],
                whole: vec![8 + column],
                equal: true,
            });
            relations.push(Relation { parts: vec![12 + column], whole: vec![column], equal: false });
        }
        for row in 0..4 {
            let parts = (0..3).map(|column| row * 4 + column).collect();
            relations.push(Relation { parts, whole: vec![row * 4 + 3], equal: true });
        }
        let under = 3;
        let hidden = hide(&counts, &relations, under, &counts);
        holds_out(&counts, &relations, &hidden, under, &format!("seed {seed}: {rows:?}"));
        let (cells, equations, unknowns) = equations(&counts, &relations, &hidden);
        for (unknown, &cell) in cells.iter().enumerate().filter(|(_, cell)| counts[**cell] < under) {
            for value in [0, i128::from(under) - 1] {
                let mut values = vec![None; unknowns];
                values[unknown] = Some(value);
                let found = possible(&equations, &mut values, 14);
                assert!(found, "seed {seed}: cell {cell} cannot be {value} in {rows:?}, hidden {hidden:?}");
            }
        }
    }
}

#[test]
fn nothing_is_hidden_without_need() {
    let sum = Relation { parts: vec![0, 1, 2], whole: vec![3], equal: true };
    let table = [
        (vec![10, 20, 30, 60], [false, false, false, false]),
        // One small part takes another with it, the cheapest; two that come to enough take none.
        (vec![3, 20, 30, 53], [true, true, false, false]),
        (vec![3, 4, 30, 37], [true, true, false, false]),
        (vec![0, 0, 30, 30], [true, true, true, false]),
        (vec![1, 1, 1, 3], [true, true, true, true]),
    ];
    for (counts, expected) in table {
        assert_eq!(hide(&counts, std::slice::from_ref(&sum), 5, &counts), expected, "{counts:?}");
    }
    assert_eq!(hide(&[1, 2, 3, 6], &[sum], 0, &[1, 2, 3, 6]), [false; 4]);
}
