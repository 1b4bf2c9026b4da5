//! The checks: what one must hold, which must have been made by when, and for how long they are fresh (K1-K3).

use super::rules::listed;
use crate::domain::case::*;
use crate::domain::record::Problem;
use crate::domain::scalars::Name;
use crate::domain::settings::{List, Settings};
use crate::domain::time::Instant;

/// K1, K2: one check.
pub fn check(check: &Check, settings: &Settings) -> Vec<Problem> {
    let mut problems = Vec::new();
    problems.extend(listed("check.system", &check.system, List::Systems, settings));
    let not_done = check.result == CheckResult::NotDone;
    if not_done && check.reason.is_none() {
        problems.push(Problem::missing("check.reason"));
    }
    // K1: "not done" must never look like "no trace", nor the other way round.
    let says_not_done =
        [("check.reason", check.reason.is_some()), ("check.agreed_by", check.agreed_by.is_some())];
    for (path, _) in says_not_done.iter().filter(|(_, given)| *given && !not_done) {
        problems.push(Problem::rule(*path, "K1", "belongs only to a check that was not done"));
    }
    if not_done && check.agreed_by.is_none() {
        problems.push(Problem::missing("check.agreed_by"));
    }
    let trace = matches!(check.result, CheckResult::TraceNotRelevant | CheckResult::TraceRelevant);
    if trace && check.summary.is_none() {
        problems.push(Problem::missing("check.summary"));
    }
    problems
}

/// The latest check of `system` made up to `until`.
pub fn latest_check<'c>(case: &'c Case, system: &Name, until: Instant) -> Option<&'c Check> {
    let of_system = |check: &&Check| check.system == *system && check.at.0 <= until;
    // The last of several at the same moment is the one recorded last.
    case.checks.iter().filter(of_system).max_by_key(|check| check.at.0)
}

/// How old a check may be and still count, at `at` (K3).
pub fn is_fresh(check: &Check, at: Instant, settings: &Settings) -> bool {
    let zone = settings.zone();
    zone.day(at).days_since(zone.day(check.at.0)) <= i64::from(settings.checks.fresh_days)
}

/// K2: the checks required before screening that are still missing.
pub fn initial_checks_missing(case: &Case, at: Instant, settings: &Settings) -> Vec<Problem> {
    let missing = settings.checks.initial.iter().filter_map(|system| {
        let what = match latest_check(case, system, at).map(|check| check.result) {
            None => format!("the check of {system} is missing"),
            Some(CheckResult::Awaiting) => format!("the check of {system} is still awaited"),
            Some(_) => return None,
        };
        Some(Problem::rule(format!("checks.{system}").as_str(), "K2", what))
    });
    missing.collect()
}

/// K2: the checks required before the assessment that are missing, awaited or no longer fresh.
pub fn full_checks_missing(case: &Case, at: Instant, settings: &Settings) -> Vec<Problem> {
    let required = settings.checks.initial.iter().chain(&settings.checks.full);
    let missing = required.filter_map(|system| {
        let what = match latest_check(case, system, at) {
            None => format!("the check of {system} is missing"),
            Some(check) if check.result == CheckResult::Awaiting => {
                format!("the check of {system} is still awaited")
            }
            Some(check) if !is_fresh(check, at, settings) => {
                format!("the check of {system} is no longer fresh")
            }
            Some(_) => return None,
        };
        Some(Problem::rule(format!("checks.{system}").as_str(), "K2", what))
    });
    missing.collect()
}

/// K3: the checks whose latest result is too old, or still awaited, at `at`.
pub fn stale_checks(case: &Case, at: Instant, settings: &Settings) -> Vec<Problem> {
    let mut systems: Vec<_> = case.checks.iter().map(|check| &check.system).collect();
    systems.sort();
    systems.dedup();
    let stale = systems.into_iter().filter_map(|system| {
        let check = latest_check(case, system, at)?;
        let what = match check.result {
            CheckResult::Awaiting => format!("the check of {system} is still awaited"),
            _ if is_fresh(check, at, settings) => return None,
            _ => format!(
                "the check of {system} is older than {} days and must be refreshed",
                settings.checks.fresh_days
            ),
        };
        Some(Problem::rule(format!("checks.{system}").as_str(), "K3", what))
    });
    stale.collect()
}

/// K2: the required checks of which no result had come by the time of the record that needs them. What came in later
/// about an earlier time, such as a late entry, never makes this worse, so it holds for a case at any time.
pub fn never_answered(case: &Case, settings: &Settings) -> Vec<Problem> {
    let screened = case.screening.as_ref().filter(|screening| screening.within_scheme);
    let initial = screened.map(|screening| (screening.at.0, &settings.checks.initial));
    let full = case.assessment.as_ref().map(|assessment| (assessment.at.0, &settings.checks.full));
    let required = initial.into_iter().chain(full);
    let required = required.flat_map(|(by, systems)| systems.iter().map(move |system| (by, system)));
    let missing = required.filter(|(by, system)| {
        let answered = |check: &Check| {
            check.system == **system && check.at.0 <= *by && check.result != CheckResult::Awaiting
        };
        !case.checks.iter().any(answered)
    });
    missing
        .map(|(_, system)| {
            let what = format!("the check of {system} is missing");
            Problem::rule(format!("checks.{system}").as_str(), "K2", what)
        })
        .collect()
}
