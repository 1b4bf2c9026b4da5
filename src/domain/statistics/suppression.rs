//! Hiding small counts so that nobody can work them out (N3).
//!
//! A count below the threshold, zero included, is hidden. That alone hides little: a hidden count stands in sums whose
//! other parts and whose total are printed. So more counts are hidden until this holds of every hidden one: among the
//! tables of whole numbers that agree with everything printed there is one in which it is 0 and one in which it reaches
//! the threshold less one (for a count hidden only to protect others: two in which it differs). A reader cannot tell these
//! tables from the true one, so the hidden count cannot be recovered, nor narrowed down below the threshold.
//!
//! Each such table is found and checked in whole numbers; where none is found, more is hidden. What a reader is taken to
//! know of how counts hang together stands in `RELATIONS`; one that the figures themselves do not keep,
//! because a case was edited by hand, is left out.
//! What else somebody knows, such as figures published before with other filters, no table can take into account.

use super::figures::{Cell, Row, band_keys};
use super::measures::What;
use super::polytope::{Equation, Polytope};

/// With more columns than this no total is printed beside hidden counts: each column then stands for itself.
pub const MOST_COLUMNS: usize = 16;

/// A table of at most so many counts is small.
const SMALL: usize = 200;

/// How printed counts hang together: the first add up to the second, or to no more than them. Positions of counts.
#[derive(Debug, Clone)]
pub struct Relation {
    /// These.
    pub parts: Vec<usize>,
    /// And these.
    pub whole: Vec<usize>,
    /// Whether they are the same number; else the parts are at most the whole.
    pub equal: bool,
}

impl Relation {
    /// Whether it is so in these counts.
    pub fn holds(&self, counts: &[u64]) -> bool {
        let sum = |of: &[usize]| of.iter().map(|&at| counts[at]).sum::<u64>();
        let (parts, whole) = (sum(&self.parts), sum(&self.whole));
        if self.equal { parts == whole } else { parts <= whole }
    }

    fn cells(&self) -> impl Iterator<Item = usize> + '_ {
        self.parts.iter().chain(&self.whole).copied()
    }
}

/// The counts of a table with what is known of how they hang together.
pub struct Table {
    /// The rows that hold counts.
    counted: Vec<usize>,
    /// The counts, row by row.
    pub counts: Vec<u64>,
    /// The relations between them, by their positions in `counts`.
    pub relations: Vec<Relation>,
}

impl Table {
    /// Of these rows. The last column is the total of the others where `has_total`.
    pub fn of(rows: &[Row], has_total: bool) -> Table {
        let columns = rows.first().map_or(0, |row| row.cells.len());
        let value = |cell: &Cell| match cell {
            Cell::Count(count) => Some(*count),
            _ => None,
        };
        let counted: Vec<usize> =
            (0..rows.len()).filter(|&row| rows[row].cells.first().and_then(value).is_some()).collect();
        let counts: Vec<u64> =
            counted.iter().flat_map(|&row| rows[row].cells.iter().filter_map(value)).collect();
        let at = |key: &&str| counted.iter().position(|&row| rows[row].measure.key == *key);
        let mut relations = Vec::new();
        for (parts, whole, equal) in RELATIONS.iter().filter_map(|relation| words(relation)) {
            let parts: Vec<usize> = parts.iter().filter_map(at).collect();
            let whole: Vec<usize> = whole.iter().filter_map(at).collect();
            if parts.is_empty() || whole.is_empty() {
                continue;
            }
            let place = |rows: &[usize], column| rows.iter().map(|row| row * columns + column).collect();
            let relation =
                |column| Relation { parts: place(&parts, column), whole: place(&whole, column), equal };
            let each: Vec<Relation> = (0..columns).map(relation).collect();
            if each.iter().all(|relation| relation.holds(&counts)) {
                relations.extend(each);
            }
        }
        if has_total && columns > 1 {
            relations.extend((0..counted.len()).map(|row| Relation {
                parts: (0..columns - 1).map(|column| row * columns + column).collect(),
                whole: vec![row * columns + columns - 1],
                equal: true,
            }));
        }
        Table { counted, counts, relations }
    }
}

/// Hides in a table what must be hidden. The last column is the total of the others where `has_total`.
pub fn suppress(rows: &mut [Row], under: u32, has_total: bool) {
    let columns = rows.first().map_or(0, |row| row.cells.len());
    let Table { counted, counts, relations } = Table::of(rows, has_total);
    // Totals are what is asked for most, the number received before all: they are hidden last.
    let cost = |index: usize| {
        let (row, column) = (index / columns, index % columns);
        let total = if has_total && columns > 1 && column + 1 == columns { 1_000_000 } else { 0 };
        let received = if row == 0 { 100_000 } else { 0 };
        counts[index] + total + received
    };
    let costs: Vec<u64> = (0..counts.len()).map(cost).collect();
    let hidden = hide(&counts, &relations, u64::from(under), &costs);
    for (index, _) in hidden.iter().enumerate().filter(|(_, hidden)| **hidden) {
        rows[counted[index / columns]].cells[index % columns] = Cell::Hidden;
    }
    for column in 0..columns {
        hide_derived(rows, column);
    }
}

/// Means and shares are hidden with what they are made of: a mean says nothing about hidden counts only where the number
/// and every band it is drawn from is printed.
fn hide_derived(rows: &mut [Row], column: usize) {
    let hidden =
        |key: &str| rows.iter().any(|row| row.measure.key == key && row.cells[column] == Cell::Hidden);
    let time = hidden("completed") || band_keys().any(hidden);
    let hide: Vec<bool> = rows
        .iter()
        .map(|row| match row.measure.what {
            What::Mean | What::Median | What::Longest => time,
            What::Share(part, whole) => hidden(part) || hidden(whole),
            _ => false,
        })
        .collect();
    for (row, _) in rows.iter_mut().zip(hide).filter(|(_, hide)| *hide) {
        row.cells[column] = Cell::Hidden;
    }
}

/// What a reader knows of how the counts of one column hang together.
const RELATIONS: &[&str] = &[
    "open + closed = received",
    "closed <= completed",
    "completed + whole_overdue <= received",
    "passed_screening <= received",
    "interviewed <= passed_screening",
    "third_party <= interviewed",
    "assessed <= passed_screening",
    "assessed <= interviewed + rerouted",
    "registered_sex_offender <= assessed",
    "decided <= assessed",
    "decided_disclose + decided_disclose_other + held_not_disclosed + nothing_to_disclose = decided",
    "disclosed_conviction + disclosed_other = disclosed",
    "disclosed <= decided",
    "disclosed_conviction <= decided_disclose",
    "disclosed_other <= decided_disclose_other",
    "urgent <= received",
    "referred <= received",
    "extended <= received",
    "withdrew <= received",
    "rerouted <= withdrew",
    "reopened <= received",
    "closed_early + decided <= received",
    "closed_withdrawn + closed_applicant_unreachable <= withdrew",
    "closed_early + closed_withdrawn + closed_applicant_unreachable + closed_safeguarding_action <= closed",
    "closed_no_specific_child + closed_subject_not_identifiable + closed_employment_vetting \
     + closed_identity_not_confirmed + closed_false_application + closed_transferred + closed_duplicate \
     = closed_early",
    "days_29_35 + days_36_45 + days_over_45 = over_28",
    "days_0_20 + days_21_28 + over_28 = completed",
    "whole_met_original + whole_met_extended + whole_missed = completed",
    "whole_met_extended <= extended",
    // These hold where every case is counted by a clock of 28 calendar days.
    "whole_met_original = days_0_20 + days_21_28",
    "whole_met_extended + whole_missed = over_28",
    "passed_screening <= initial_checks_met_original + initial_checks_met_extended + initial_checks_missed",
    "initial_checks_met_original + initial_checks_met_extended + initial_checks_missed \
     + initial_checks_overdue <= received",
    "interviewed <= interview_met_original + interview_met_extended + interview_missed",
    "interview_met_original + interview_met_extended + interview_missed + interview_overdue <= received",
    "disclosures_conviction + disclosures_other = disclosures",
];

/// A relation in words: the keys of the parts, those of the whole, and whether it is an equality.
fn words(relation: &'static str) -> Option<(Vec<&'static str>, Vec<&'static str>, bool)> {
    let keys = |side: &'static str| side.split(" + ").map(str::trim).collect();
    let (parts, whole, equal) = match relation.split_once(" <= ") {
        Some((parts, whole)) => (parts, whole, false),
        None => relation.split_once(" = ").map(|(parts, whole)| (parts, whole, true))?,
    };
    Some((keys(parts), keys(whole), equal))
}

/// Which counts are hidden where all below `under` are, and no hidden one can be worked out. Where there is a choice, what
/// costs least is hidden.
pub fn hide(counts: &[u64], relations: &[Relation], under: u64, costs: &[u64]) -> Vec<bool> {
    let mut hidden: Vec<bool> = counts.iter().map(|&count| count < under).collect();
    // What could not be seen to be in danger at a glance is found by looking for tables.
    loop {
        hide_at_a_glance(counts, relations, under, costs, &mut hidden);
        let mut more = Vec::new();
        for component in components(relations, &hidden) {
            let open = in_danger(counts, &component, &hidden, under);
            let near = |cell: usize| {
                let of = component.iter().filter(move |relation| relation.cells().any(|at| at == cell));
                cheapest(of.flat_map(|relation| relation.cells()), &hidden, costs)
            };
            let anywhere =
                || cheapest(component.iter().flat_map(|relation| relation.cells()), &hidden, costs);
            more.extend(open.into_iter().filter_map(|cell| near(cell).or_else(anywhere)));
        }
        if more.is_empty() {
            break;
        }
        more.into_iter().for_each(|cell| hidden[cell] = true);
    }
    show_again(counts, relations, under, costs, &mut hidden);
    hidden
}

/// What was hidden on the way and turns out not to be needed is shown again, what costs most first. In a large table that
/// would take too long, and little would come of it.
fn show_again(counts: &[u64], relations: &[Relation], under: u64, costs: &[u64], hidden: &mut [bool]) {
    if counts.len() > SMALL {
        return;
    }
    let mut besides: Vec<usize> =
        (0..counts.len()).filter(|&cell| hidden[cell] && counts[cell] >= under).collect();
    besides.sort_by_key(|&cell| std::cmp::Reverse((costs[cell], cell)));
    for cell in besides {
        hidden[cell] = false;
        let safe = |component: &Vec<&Relation>| in_danger(counts, component, hidden, under).is_empty();
        if !components(relations, hidden).iter().all(safe) {
            hidden[cell] = true;
        }
    }
}

/// How high a hidden count must be able to reach.
fn reach(under: u64) -> u64 {
    under.saturating_sub(1).max(1)
}

fn cheapest(cells: impl Iterator<Item = usize>, hidden: &[bool], costs: &[u64]) -> Option<usize> {
    cells.filter(|&cell| !hidden[cell]).min_by_key(|&cell| (costs[cell], cell))
}

/// The plain cases: a sum of which one part alone is hidden, or whose hidden parts come to too little together.
fn hide_at_a_glance(counts: &[u64], relations: &[Relation], under: u64, costs: &[u64], hidden: &mut [bool]) {
    loop {
        let mut changed = false;
        for relation in relations {
            let of = |side: &[usize]| side.iter().filter(|&&at| hidden[at]).copied().collect::<Vec<_>>();
            let (parts, whole) = (of(&relation.parts), of(&relation.whole));
            let together: u64 = parts.iter().map(|&at| counts[at]).sum();
            let plain = match (parts.len(), whole.len()) {
                (0, 0) => false,
                (1, 0) | (0, 1) => relation.equal,
                (_, 0) => relation.equal && together < reach(under),
                _ => false,
            };
            if plain && let Some(cell) = cheapest(relation.cells(), hidden, costs) {
                hidden[cell] = true;
                changed = true;
            }
        }
        if !changed {
            return;
        }
    }
}

/// The relations that hold hidden counts, in groups that share none.
fn components<'r>(relations: &'r [Relation], hidden: &[bool]) -> Vec<Vec<&'r Relation>> {
    let mut group_of: Vec<usize> = (0..hidden.len()).collect();
    fn root(group_of: &mut [usize], mut cell: usize) -> usize {
        while group_of[cell] != cell {
            group_of[cell] = group_of[group_of[cell]];
            cell = group_of[cell];
        }
        cell
    }
    let unknown = |relation: &Relation| relation.cells().filter(|&at| hidden[at]).collect::<Vec<_>>();
    for relation in relations {
        let cells = unknown(relation);
        for pair in cells.windows(2) {
            let (a, b) = (root(&mut group_of, pair[0]), root(&mut group_of, pair[1]));
            group_of[a] = b;
        }
    }
    let mut groups: std::collections::BTreeMap<usize, Vec<&Relation>> = std::collections::BTreeMap::new();
    for relation in relations {
        if let Some(&first) = unknown(relation).first() {
            groups.entry(root(&mut group_of, first)).or_default().push(relation);
        }
    }
    groups.into_values().collect()
}

/// The hidden counts of a group of relations for which no two tables were found that leave them open.
fn in_danger(counts: &[u64], component: &[&Relation], hidden: &[bool], under: u64) -> Vec<usize> {
    let mut cells: Vec<usize> =
        component.iter().flat_map(|relation| relation.cells()).filter(|&at| hidden[at]).collect();
    cells.sort_unstable();
    cells.dedup();
    let unknown = |cell: usize| cells.binary_search(&cell).ok();
    let mut unknowns = cells.len();
    let mut equations = Vec::new();
    for relation in component {
        let mut equation = Equation { terms: Vec::new(), sum: 0 };
        let sides = relation.parts.iter().map(|&at| (at, 1)).chain(relation.whole.iter().map(|&at| (at, -1)));
        for (cell, factor) in sides {
            match unknown(cell) {
                Some(unknown) => equation.terms.push((unknown, factor)),
                None => equation.sum -= factor * i64::try_from(counts[cell]).unwrap_or(i64::MAX / 4),
            }
        }
        if !relation.equal {
            equation.terms.push((unknowns, 1));
            unknowns += 1;
        }
        equations.push(equation);
    }
    let truth: Vec<i64> =
        cells.iter().map(|&cell| i64::try_from(counts[cell]).unwrap_or(i64::MAX / 4)).collect();
    let (mut least, mut most) = (truth.clone(), truth);
    let high = i64::try_from(reach(under)).unwrap_or(i64::MAX / 4);
    let small = |index: usize| counts[cells[index]] < under;
    let low_enough = |least: &[i64], most: &[i64], index: usize| match small(index) {
        true => least[index] <= 0,
        false => least[index] < most[index],
    };
    let high_enough = |least: &[i64], most: &[i64], index: usize| match small(index) {
        true => most[index] >= high,
        false => least[index] < most[index],
    };
    if let Some(mut body) = Polytope::new(&equations, unknowns) {
        for index in 0..cells.len() {
            for grow in [false, true] {
                let enough = |least: &[i64], most: &[i64]| match grow {
                    true => high_enough(least, most, index),
                    false => low_enough(least, most, index),
                };
                if enough(&least, &most) {
                    continue;
                }
                body.walk(index, grow, |table| {
                    for (position, &value) in table.iter().take(cells.len()).enumerate() {
                        least[position] = least[position].min(value);
                        most[position] = most[position].max(value);
                    }
                    enough(&least, &most)
                });
            }
        }
    }
    let open = |index: &usize| !(low_enough(&least, &most, *index) && high_enough(&least, &most, *index));
    (0..cells.len()).filter(open).map(|index| cells[index]).collect()
}
