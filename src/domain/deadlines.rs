//! The clocks of a case: which facts of it start, meet, extend and end each clock (C1-C6).

use super::calendar::Calendar;
use super::case::{Case, Route};
use super::clocks::{
    ClockError, ClockFacts, ClockName, ClockRule, ClockSet, ClockState, Dates, ExtensionFact, Reading,
    clock_dates, due, read_clock, rule_set_for,
};
use super::settings::Settings;
use super::time::{Day, Instant};
use super::workflow::closing;

/// Every clock of a case as it stands at `now`, with its arithmetic in words (C8).
pub fn readings(case: &Case, now: Instant, settings: &Settings) -> Result<Vec<Reading>, ClockError> {
    let read = |&name: &ClockName| {
        let rule = settings.rules_of(case)?.rule(name);
        let (calendar, facts) = (settings.calendar_of(rule), facts(case, name));
        read_clock(name, case.received.at.0, rule, &facts, now, settings.zone(), calendar)
    };
    ClockName::ALL.iter().map(read).collect()
}

/// The same without the arithmetic, for views of many cases.
pub fn brief_readings(case: &Case, now: Instant, settings: &Settings) -> Result<Vec<Reading>, ClockError> {
    Ok(dates(case, settings)?.iter().map(|dates| dates.at(now)).collect())
}

/// The dates of every clock, from which it can be read at any moment.
pub fn dates(case: &Case, settings: &Settings) -> Result<Vec<Dates>, ClockError> {
    let dates = |&name: &ClockName| {
        let rule = settings.rules_of(case)?.rule(name);
        let (calendar, facts) = (settings.calendar_of(rule), facts(case, name));
        clock_dates(name, case.received.at.0, rule, &facts, settings.zone(), calendar)
    };
    ClockName::ALL.iter().map(dates).collect()
}

/// The clock that matters most: the one that runs or is overdue and whose due comes first.
pub fn most_pressing(readings: &[Reading]) -> Option<&Reading> {
    let running = readings.iter().filter(|reading| reading.left_seconds.is_some());
    running.min_by_key(|reading| reading.due_that_counts())
}

/// Whether the clock is running late now.
pub fn is_overdue(reading: &Reading) -> bool {
    reading.state == ClockState::Overdue
}

/// What the clock `name` needs to know. The initial checks are done with the screening, the interview when it is held,
/// the whole case when everybody has been told, or else when it is closed.
fn facts(case: &Case, name: ClockName) -> ClockFacts {
    let closed_at = case.closure.as_ref().map(|closure| closure.at.0);
    let outside = case.screening.as_ref().filter(|screening| !screening.within_scheme);
    // No interview is held of a case that is outside the scheme (S6), nor once it goes on without its applicant (T3).
    let ends_interview = [
        outside.map(|screening| (screening.at.0, "screened as outside the scheme")),
        case.rerouted.first().map(|rerouting| (rerouting.at.0, "went on without the applicant")),
    ];
    let ends_interview = ends_interview.into_iter().flatten().filter(|_| name == ClockName::Interview);
    let ended = closed_at.map(|at| (at, "closed")).into_iter().chain(ends_interview).min();
    let met_at = match (name, closing::met_at(case, name)) {
        (ClockName::Whole, None) => closed_at,
        (_, met_at) => met_at,
    };
    // Whether a clock was met that the old system did not record, nobody can say.
    let unknown = met_at.is_none() && case.closed_before_import().is_some();
    let extensions = case.extensions.iter().filter(|extension| extension.clock == name);
    ClockFacts {
        needed: !unknown
            && (name != ClockName::Interview
                || case.route == Route::RightToAsk
                || !case.rerouted.is_empty()
                || met_at.is_some()),
        met_at,
        extensions: extensions
            .map(|extension| ExtensionFact {
                until: extension.until,
                at: extension.at.0,
                id: extension.id.as_str().to_owned(),
            })
            .collect(),
        ended,
    }
}

impl Settings {
    /// The clock rules for a case received on this local day, with their name (C2).
    pub fn rule_set(&self, received: Day) -> Result<(&str, &ClockSet), ClockError> {
        rule_set_for(self.clocks.iter(), received)
    }

    /// The clock rules that a case started on (C2).
    fn rules_of(&self, case: &Case) -> Result<&ClockSet, ClockError> {
        let name = case.guidance.as_str();
        self.clocks.get(name).ok_or_else(|| ClockError::NoRuleSet { name: name.to_owned() })
    }

    /// The calendar by which a rule counts working days, where it does.
    fn calendar_of(&self, rule: &ClockRule) -> Option<&Calendar> {
        let name = rule.calendar_name()?;
        self.calendars.iter().find(|calendar| calendar.name == name)
    }

    /// The last local day of a clock by its original rule (C5). An error where its calendar ends before (C7).
    pub fn last_day(&self, case: &Case, name: ClockName) -> Result<Day, ClockError> {
        let rule = self.rules_of(case)?.rule(name);
        let due = due(case.received.at.0, rule, self.zone(), self.calendar_of(rule))?;
        Ok(due.last_day.unwrap_or_else(|| self.zone().day(due.at)))
    }
}

#[cfg(test)]
mod tests;
