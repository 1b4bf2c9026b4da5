//! The figures for a monthly meeting: what is open, how old it is, what came and went, which clocks were kept, how cases
//! ended. Data for a page; how it looks is for whoever draws it. The two routes stand apart throughout (T2).

use super::facts::Facts;
use super::figures::Cell;
use super::measures::{BANDS, STANDS, Seen};
use super::period::{Period, Split};
use crate::domain::case::{ClosureReason, DecisionOutcome, Route, Stage};
use crate::domain::clocks::{ClockName, ClockState};
use crate::domain::time::{Day, Instant, MONTHS, Zone};

mod hidden;

/// How a chart is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A bar for each number, lying.
    Bars,
    /// A column for each number, standing, in the order of time.
    Columns,
    /// One bar for each category, cut into its series.
    Shares,
}

/// Numbers of one kind, one for each category of the chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// What they are.
    pub name: String,
    /// The numbers.
    pub cells: Vec<Cell>,
}

/// A chart with the table behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// A word that no other chart has.
    pub id: String,
    /// What it shows.
    pub title: String,
    /// What exactly is counted (N3).
    pub definition: String,
    /// How it is drawn.
    pub form: Form,
    /// What the categories are.
    pub what: String,
    /// The categories.
    pub categories: Vec<String>,
    /// What is drawn.
    pub series: Vec<Series>,
    /// What the table holds besides.
    pub besides: Vec<Series>,
    /// What is to be said of it.
    pub notes: Vec<String>,
}

/// All of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Meeting {
    /// The days that it looks back on.
    pub period: Period,
    /// The charts, in order.
    pub charts: Vec<Chart>,
}

/// The bands of ages of open cases: the label, and the last day.
const AGES: [(&str, i64); 5] = [
    ("0 to 10 days", 10),
    ("11 to 20 days", 20),
    ("21 to 28 days", 28),
    ("29 to 45 days", 45),
    ("over 45 days", i64::MAX),
];
/// At most so many columns of time.
const MOST_COLUMNS: i64 = 24;

/// The twelve months that end with this day.
pub fn last_twelve_months(today: Day) -> Option<Period> {
    let (year, month) = match today.month() {
        12 => (today.year(), 1),
        month => (today.year() - 1, month + 1),
    };
    Period::new(Day::new(year, month, 1)?, today)
}

/// How a route is called.
pub fn route_name(route: Route) -> &'static str {
    match route {
        Route::RightToAsk => "Right to ask",
        Route::RightToKnow => "Right to know",
    }
}

/// What the charts are made of.
struct Office<'f> {
    facts: &'f [Facts],
    seen: Vec<Seen<'f>>,
    period: Period,
    today: Day,
    zone: Zone,
}

impl Meeting {
    /// Counts for a period that ends today or earlier; counts below `under` are hidden.
    pub fn of(facts: &[Facts], period: Period, now: Instant, zone: Zone, under: Option<u32>) -> Meeting {
        let today = zone.day(now);
        let last = period.last.min(today);
        let first = match facts.iter().map(|facts| zone.day(facts.received)).min() {
            Some(received) if period.is_open_before() => received.min(last),
            None if period.is_open_before() => last,
            _ => period.first.min(last),
        };
        let period = Period { first, last };
        let seen = facts.iter().map(|facts| Seen::new(facts, now, zone)).collect();
        let office = Office { facts, seen, period, today, zone };
        let mut charts = vec![office.stages(), office.ages()];
        charts.extend(Route::ALL.iter().filter_map(|&route| office.months(route)));
        charts.extend(Route::ALL.iter().filter_map(|&route| office.clocks(route)));
        charts.push(office.decisions());
        charts.push(office.endings(under.is_some()));
        charts.push(office.times(under.is_some()));
        if let Some(under) = under {
            hidden::suppress(&mut charts, under);
        }
        Meeting { period, charts }
    }
}

impl Office<'_> {
    /// A number for each category and route.
    fn by_route(&self, categories: usize, counts: impl Fn(&Seen<'_>, usize) -> bool) -> Vec<Series> {
        let of = |&route: &Route| {
            let seen = || self.seen.iter().filter(move |seen| seen.facts.route == route);
            let count = |category| seen().filter(|seen| counts(seen, category)).count() as u64;
            let cells = (0..categories).map(|category| Cell::Count(count(category))).collect();
            Series { name: route_name(route).to_owned(), cells }
        };
        Route::ALL.iter().map(of).collect()
    }

    fn age(&self, facts: &Facts) -> i64 {
        self.today.days_since(self.zone.day(facts.received)).max(0)
    }

    fn within(&self, at: Instant) -> bool {
        self.period.holds(self.zone.day(at))
    }

    fn stages(&self) -> Chart {
        let open: Vec<Stage> = Stage::ALL.iter().copied().filter(|&stage| stage < Stage::Closed).collect();
        let at = |seen: &Seen<'_>, category: usize| Some(&seen.facts.stage) == open.get(category);
        let overdue = |seen: &Seen<'_>| seen.clocks.contains(&ClockState::Overdue);
        let mut besides = self.by_route(open.len(), |seen, category| at(seen, category) && overdue(seen));
        besides.iter_mut().for_each(|series| series.name = format!("{}, overdue", series.name));
        let oldest = |category: usize| {
            let ages = self.seen.iter().filter(|seen| at(seen, category)).map(|seen| self.age(seen.facts));
            ages.max().map_or(Cell::Nothing, |age| Cell::Days(age.unsigned_abs() * 10))
        };
        besides
            .push(Series { name: "Oldest, days".to_owned(), cells: (0..open.len()).map(oldest).collect() });
        Chart {
            id: "stages".to_owned(),
            title: "Open cases by stage".to_owned(),
            definition: "Every case that is not closed, by the stage it is at. Overdue: at least one of its clocks is \
                         past its original and any extended date. Days are counted from the day of receipt."
                .to_owned(),
            form: Form::Bars,
            what: "Stage".to_owned(),
            categories: open.iter().map(|stage| name(stage.word())).collect(),
            series: self.by_route(open.len(), at),
            besides,
            notes: Vec::new(),
        }
    }

    fn ages(&self) -> Chart {
        let band = |age: i64| AGES.iter().position(|(_, last)| age <= *last);
        let counts = |seen: &Seen<'_>, category: usize| {
            seen.facts.closed.is_none() && band(self.age(seen.facts)) == Some(category)
        };
        Chart {
            id: "ages".to_owned(),
            title: "Age of open cases".to_owned(),
            definition: "Every case that is not closed, by local calendar days since the day of receipt, which is day \
                         0."
            .to_owned(),
            form: Form::Bars,
            what: "Age".to_owned(),
            categories: AGES.iter().map(|(label, _)| (*label).to_owned()).collect(),
            series: self.by_route(AGES.len(), counts),
            besides: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn months(&self, route: Route) -> Option<Chart> {
        let of_route = || self.facts.iter().filter(move |facts| facts.route == route);
        of_route().next()?;
        let columns = |split: Split| {
            let (first, last) = (split.number(self.period.first), split.number(self.period.last));
            first.zip(last).map(|(first, last)| (split, first, last))
        };
        let few = |found: &(Split, i64, i64)| found.2 - found.1 < MOST_COLUMNS || found.0 == Split::Year;
        let (split, first, last) =
            [Split::Month, Split::Quarter, Split::Year].into_iter().filter_map(columns).find(few)?;
        let numbers: Vec<i64> = (first..=last).collect();
        let number = |at: Instant| split.number(self.zone.day(at));
        let happened = |at: fn(&Facts) -> Option<Instant>| -> Vec<Cell> {
            let within = |facts: &Facts| at(facts).filter(|&at| self.within(at)).and_then(number);
            let count = |wanted: &i64| of_route().filter(|facts| within(facts) == Some(*wanted)).count();
            numbers.iter().map(|wanted| Cell::Count(count(wanted) as u64)).collect()
        };
        let open_after = |&wanted: &i64| {
            let by = |at: Instant| number(at).is_some_and(|at| at <= wanted);
            let closed = |facts: &Facts| facts.closed.is_some_and(|(at, _)| by(at));
            Cell::Count(of_route().filter(|facts| by(facts.received) && !closed(facts)).count() as u64)
        };
        let series = |name: &str, cells| Series { name: name.to_owned(), cells };
        let label = |&number: &i64| match split {
            Split::Month => {
                let month = MONTHS.get(number.rem_euclid(12) as usize).copied().unwrap_or_default();
                format!("{} {}", month.get(..3).unwrap_or(month), number.div_euclid(12))
            }
            split => split.label(number),
        };
        let each = split.word();
        Some(Chart {
            id: format!("arrivals-{}", route.word()),
            title: format!("{}: received and closed, by {each}", route_name(route)),
            definition: format!(
                "Received: by the day of receipt. Closed: by the day of the closure, reopened cases left out. Only days \
                 of the period count. Open at the end: received by the end of that {each} and not closed by then, as \
                 it is recorded now."
            ),
            form: Form::Columns,
            what: name(each),
            categories: numbers.iter().map(label).collect(),
            series: vec![
                series("Received", happened(|facts| Some(facts.received))),
                series("Closed", happened(|facts| facts.closed.map(|(at, _)| at))),
            ],
            besides: vec![series("Open at the end", numbers.iter().map(open_after).collect())],
            notes: Vec::new(),
        })
    }

    fn clocks(&self, route: Route) -> Option<Chart> {
        let received = || {
            let of_route = self.seen.iter().filter(move |seen| seen.facts.route == route);
            of_route.filter(|seen| self.within(seen.facts.received))
        };
        received().next()?;
        let clocks: Vec<ClockName> = ClockName::ALL
            .iter()
            .copied()
            .filter(|&clock| route == Route::RightToAsk || clock != ClockName::Interview)
            .collect();
        let count = |fits: &dyn Fn(ClockState) -> bool| -> Vec<Cell> {
            let of = |clock: &ClockName| received().filter(|seen| fits(seen.clocks[*clock as usize])).count();
            clocks.iter().map(|clock| Cell::Count(of(clock) as u64)).collect()
        };
        let mut series: Vec<Series> = STANDS
            .iter()
            .map(|(_, state, label, _)| Series { name: name(label), cells: count(&|found| found == *state) })
            .collect();
        let counted = |state: ClockState| STANDS.iter().any(|(_, counted, ..)| *counted == state);
        series.push(Series {
            name: "Running, or not needed".to_owned(),
            cells: count(&|state| !counted(state)),
        });
        let words = STANDS
            .iter()
            .map(|(_, _, label, words)| format!("{}: it {words}.", name(label)))
            .collect::<Vec<_>>();
        Some(Chart {
            id: format!("clocks-{}", route.word()),
            title: format!("{}: clocks met and missed", route_name(route)),
            definition: format!(
                "Applications received in the period, by how each clock stands now, by the rules the case started on. {}",
                words.join(" ")
            ),
            form: Form::Shares,
            what: "Clock".to_owned(),
            categories: clocks.iter().map(|clock| name(clock.meaning())).collect(),
            series,
            besides: Vec::new(),
            notes: Vec::new(),
        })
    }

    fn decisions(&self) -> Chart {
        let labels = ["Disclose: conviction", "Disclose: other", "Do not disclose", "Nothing to disclose"];
        let counts = |seen: &Seen<'_>, category: usize| {
            let decided = seen.facts.decided.filter(|(at, _)| self.within(*at));
            decided.is_some_and(|(_, outcome)| Some(&outcome) == DecisionOutcome::ALL.get(category))
        };
        Chart {
            id: "decisions".to_owned(),
            title: "Decisions".to_owned(),
            definition: "Cases whose latest decision was made in the period, by what was decided. Conviction: for child \
                         sexual offences; cautions, reprimands and final warnings count. Other: other convictions or \
                         intelligence."
                .to_owned(),
            form: Form::Bars,
            what: "Decision".to_owned(),
            categories: labels.map(str::to_owned).to_vec(),
            series: self.by_route(labels.len(), counts),
            besides: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Where small counts are hidden every reason stands there: that one is left out would say that it is 0.
    fn endings(&self, every: bool) -> Chart {
        let closed = |seen: &Seen<'_>| seen.facts.closed.filter(|(at, _)| self.within(*at));
        let occurs = |reason: ClosureReason| {
            self.seen.iter().any(|seen| closed(seen).is_some_and(|(_, found)| found == reason))
        };
        let reasons: Vec<ClosureReason> =
            ClosureReason::ALL.iter().copied().filter(|&reason| every || occurs(reason)).collect();
        let counts = |seen: &Seen<'_>, category: usize| {
            closed(seen).is_some_and(|(_, reason)| Some(&reason) == reasons.get(category))
        };
        Chart {
            id: "endings".to_owned(),
            title: "How cases ended".to_owned(),
            definition: "Cases closed in the period and not reopened since, by the reason of the closure."
                .to_owned(),
            form: Form::Bars,
            what: "Reason".to_owned(),
            categories: reasons.iter().map(|reason| name(reason.word())).collect(),
            series: self.by_route(reasons.len(), counts),
            besides: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn times(&self, suppressed: bool) -> Chart {
        let complete = |seen: &Seen<'_>| seen.facts.completed().is_some_and(|at| self.within(at));
        let counts = |seen: &Seen<'_>, category: usize| {
            complete(seen) && BANDS.get(category).is_some_and(|(_, _, fits)| fits(seen))
        };
        let said = |&route: &Route| {
            let of_route = self.seen.iter().filter(|seen| seen.facts.route == route && complete(seen));
            let mut days: Vec<i64> = of_route.filter_map(|seen| seen.days).collect();
            days.sort_unstable();
            let (sum, many) = (days.iter().sum::<i64>(), days.len() as i64);
            let longest = *days.last()?;
            let low = days.get((days.len() - 1) / 2)?;
            let (mean, median) = ((sum * 20 + many) / (many * 2), (low + days.get(days.len() / 2)?) * 5);
            let tenths = |tenths: i64| format!("{}.{}", tenths / 10, tenths % 10);
            let (name, mean, median) = (route_name(route), tenths(mean), tenths(median));
            Some(format!("{name}: {many} complete; mean {mean} days, median {median}, longest {longest}."))
        };
        let notes = if suppressed { Vec::new() } else { Route::ALL.iter().filter_map(said).collect() };
        Chart {
            id: "times".to_owned(),
            title: "Time to complete".to_owned(),
            definition: "Cases that became complete in the period: everybody was told who was to be told, or, where \
                         nobody was, the case was closed. From the day of receipt, which is day 0, in local calendar \
                         days; nothing pauses it."
                .to_owned(),
            form: Form::Bars,
            what: "Days".to_owned(),
            categories: BANDS.iter().map(|(_, label, _)| format!("{label} days")).collect(),
            series: self.by_route(BANDS.len(), counts),
            besides: Vec::new(),
            notes,
        }
    }
}

/// A word of a case file as it is shown: `initial_checks` becomes `Initial checks`.
fn name(word: &str) -> String {
    let words = word.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
