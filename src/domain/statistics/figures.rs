//! Counting: facts in, a table of figures out, the two routes apart (T2).

use std::collections::BTreeMap;

use super::facts::Facts;
use super::measures::{BANDS, Measure, Seen, What, measures};
use super::period::{Basis, Period, Split};
use super::suppression;
use crate::domain::case::{Channel, Route};
use crate::domain::time::{Day, Instant, Zone};

/// With more columns than this a table is refused: it would be a slip of the keyboard.
const MOST_COLUMNS: i64 = 1_200;

/// What is to be counted.
#[derive(Debug, Clone, Copy)]
pub struct Question {
    /// The local days that count.
    pub period: Period,
    /// What counts: applications, or what was done.
    pub basis: Basis,
    /// How it is split.
    pub split: Split,
    /// The moment for which it is counted.
    pub now: Instant,
    /// Where days begin and end.
    pub zone: Zone,
    /// Counts below this are hidden (N3); `None` where nothing is hidden.
    pub suppress_under: Option<u32>,
}

/// A figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// So many.
    Count(u64),
    /// Days, in tenths.
    Days(u64),
    /// A share, in tenths of a percent.
    Share(u64),
    /// There is nothing of which it could be a mean or a share.
    Nothing,
    /// It has no meaning on this route.
    NoMeaning,
    /// Hidden (N3).
    Hidden,
}

/// A measure with its figure in every column; the last is the total.
pub struct Row {
    /// What it is.
    pub measure: Measure,
    /// A figure a column, the total last.
    pub cells: Vec<Cell>,
}

/// The figures of one route. The routes are never added up (T2).
pub struct Block {
    /// Which.
    pub route: Route,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// The answer.
pub struct Figures {
    /// What stands over the columns, the total not among them.
    pub columns: Vec<String>,
    /// Whether the last figure of each row is a total that may be shown.
    pub has_total: bool,
    /// Right to ask, then right to know.
    pub blocks: Vec<Block>,
}

/// A column while it is counted.
#[derive(Default, Clone)]
struct Column {
    counts: Vec<u64>,
    days: Vec<i64>,
}

/// Counts every case that `facts` gives. An error says what is wrong with the question.
pub fn count(facts: impl IntoIterator<Item = Facts>, question: &Question) -> Result<Figures, String> {
    let all = measures(question.basis);
    let mut tallies = [Tally::new(all.len()), Tally::new(all.len())];
    for facts in facts {
        tallies[facts.route as usize].add(&facts, &all, question);
    }
    let numbers = column_numbers(&tallies, question)?;
    let columns: Vec<String> = match question.split {
        Split::Channel => Channel::ALL.iter().map(|channel| channel.word().to_owned()).collect(),
        split => numbers.iter().map(|&number| split.label(number)).collect(),
    };
    let has_total = question.suppress_under.is_none() || columns.len() <= suppression::MOST_COLUMNS;
    let mut blocks = Vec::new();
    for (&route, mut tally) in Route::ALL.iter().zip(tallies) {
        let mut columns: Vec<Column> =
            numbers.iter().map(|number| tally.columns.remove(number).unwrap_or_default()).collect();
        if has_total || columns.is_empty() {
            columns.push(tally.total);
        }
        let mut rows: Vec<Row> = measures(question.basis)
            .into_iter()
            .enumerate()
            .map(|(index, measure)| {
                let cell = |column: &Column| cell(&measure, index, column, &all, route);
                let cells = columns.iter().map(cell).collect();
                Row { measure, cells }
            })
            .collect();
        if let Some(under) = question.suppress_under {
            suppression::suppress(&mut rows, under, has_total);
        }
        blocks.push(Block { route, rows });
    }
    Ok(Figures { columns, has_total, blocks })
}

/// The counts of one route.
struct Tally {
    measures: usize,
    columns: BTreeMap<i64, Column>,
    total: Column,
}

impl Tally {
    fn new(measures: usize) -> Tally {
        Tally { measures, columns: BTreeMap::new(), total: Column::default() }
    }

    fn add(&mut self, facts: &Facts, all: &[Measure], question: &Question) {
        let seen = Seen::new(facts, question.now, question.zone);
        let day = |at: Instant| Some(question.zone.day(at)).filter(|&day| question.period.holds(day));
        let counted = match question.basis {
            Basis::Received => Some(facts.received),
            Basis::Done => facts.completed(),
        };
        let counted = counted.and_then(day);
        for (index, measure) in all.iter().enumerate() {
            let counts = match &measure.what {
                What::Cases(fits) => fits(&seen),
                What::Closed(reason) => facts.closed.is_some_and(|(_, closed)| closed == *reason),
                What::Clock(name, state) => seen.clocks[*name as usize] == *state,
                What::Happenings(of) => {
                    for day in of(&seen).into_iter().filter_map(day) {
                        self.each(day, facts, question.split, |column| column.counts[index] += 1);
                    }
                    false
                }
                What::Mean | What::Median | What::Longest | What::Share(..) => false,
            };
            if let Some(day) = counted.filter(|_| counts) {
                self.each(day, facts, question.split, |column| column.counts[index] += 1);
            }
        }
        if let Some((day, days)) = counted.zip(seen.days) {
            self.each(day, facts, question.split, |column| column.days.push(days));
        }
    }

    /// Changes the column of the day and the total.
    fn each(&mut self, day: Day, facts: &Facts, split: Split, change: impl Fn(&mut Column)) {
        let number = match split {
            Split::Channel => Some(facts.channel as i64),
            split => split.number(day),
        };
        let column = number.map(|number| self.columns.entry(number).or_default());
        for column in column.into_iter().chain([&mut self.total]) {
            column.counts.resize(self.measures, 0);
            change(column);
        }
    }
}

/// The numbers of the columns, without a gap: those of the period, as far as it has a beginning and an end, else as far
/// as anything was counted. None lies in the future.
fn column_numbers(tallies: &[Tally], question: &Question) -> Result<Vec<i64>, String> {
    if question.split == Split::Channel {
        return Ok((0..Channel::ALL.len() as i64).collect());
    }
    let counted = || tallies.iter().flat_map(|tally| tally.columns.keys().copied());
    let today = question.zone.day(question.now);
    let (first, last) = (question.period.first, question.period.last.min(today));
    let number = |day: Day| question.split.number(day);
    let first = if question.period.is_open_before() { counted().min() } else { number(first) };
    let last = if question.period.is_open_after() { counted().max() } else { number(last) };
    match first.zip(last.max(counted().max())) {
        Some((first, last)) if last - first >= MOST_COLUMNS => {
            Err(format!("there would be more than {MOST_COLUMNS} columns"))
        }
        Some((first, last)) => Ok((first..=last).collect()),
        None => Ok(Vec::new()),
    }
}

fn cell(measure: &Measure, index: usize, column: &Column, all: &[Measure], route: Route) -> Cell {
    let count = |index: usize| column.counts.get(index).copied().unwrap_or(0);
    let of_key = |key: &str| all.iter().position(|measure| measure.key == key).map_or(0, count);
    let days = || {
        let mut days: Vec<u64> = column.days.iter().map(|&days| days.max(0).unsigned_abs()).collect();
        days.sort_unstable();
        days
    };
    let tenths = |sum: u64, of: u64, scale: u64| (sum * scale * 2 + of) / (of * 2);
    match measure.what {
        _ if !measure.means_something(route) => Cell::NoMeaning,
        What::Mean if !column.days.is_empty() => {
            Cell::Days(tenths(days().iter().sum(), column.days.len() as u64, 10))
        }
        What::Median => {
            let days = days();
            let middle = |index: usize| days.get(index).copied();
            match middle(days.len().saturating_sub(1) / 2).zip(middle(days.len() / 2)) {
                Some((low, high)) => Cell::Days((low + high) * 5),
                None => Cell::Nothing,
            }
        }
        What::Longest => days().last().map_or(Cell::Nothing, |&longest| Cell::Days(longest * 10)),
        What::Share(part, whole) if of_key(whole) > 0 => {
            Cell::Share(tenths(of_key(part), of_key(whole), 1_000))
        }
        What::Mean | What::Share(..) => Cell::Nothing,
        _ => Cell::Count(count(index)),
    }
}

/// The keys of the bands, of which the mean, the median and the longest are made.
pub(super) fn band_keys() -> impl Iterator<Item = &'static str> {
    BANDS.iter().map(|(key, ..)| *key)
}
