//! What is true of every case at any time, however it came to be: files edited by hand, corrected facts, files that
//! `csods validate` reads.

use std::collections::HashSet;

use super::ahead::BEFORE_RECEIPT;
use super::{checks, closing, importing, outcome, people, rules};
use crate::domain::case::*;
use crate::domain::letter::guards;
use crate::domain::node::{Node, Path, Step};
use crate::domain::record::{Part, Problem};
use crate::domain::scalars::ItemId;
use crate::domain::settings::Settings;
use crate::domain::time::Instant;

/// Every rule that a case breaks as it stands.
pub fn check(case: &Case, settings: &Settings) -> Vec<Problem> {
    let mut problems = Vec::new();
    let format = Part::format(case);
    if case.format != format {
        let what = format!("must be {format}: the oldest format that can hold what is recorded here");
        problems.push(Problem::invalid("format", what));
    }
    if settings.clocks.get(case.guidance.as_str()).is_none() {
        problems.push(Problem::rule("guidance", "C2", "is no set of clock rules in csods.toml"));
    }
    problems.extend(rules::people(case));
    problems.extend(ids(case));
    problems.extend(stage_records(case));
    problems.extend(importing::quoted(case));
    problems.extend(office(case, settings));
    for check in &case.checks {
        problems.extend(
            checks::check(check, settings).into_iter().map(|problem| below(problem, "checks", &check.id)),
        );
    }
    if let Some(screening) = &case.screening {
        problems.extend(rules::screening(case, screening));
    }
    if let Some(interview) = &case.interview
        && case.route == Route::RightToAsk
    {
        problems.extend(rules::interview(case, interview, settings));
    }
    if let Some(assessment) = &case.assessment {
        problems.extend(rules::assessment(case, assessment));
    }
    if let Some(decision) = &case.decision {
        problems.extend(outcome::decision(case, decision, settings));
        if case.assessment.as_ref().is_some_and(|assessment| assessment.by == decision.by) {
            problems.push(Problem::rule("decision.by", "R4", "wrote the assessment and may not decide"));
        }
    }
    for disclosure in &case.disclosures {
        let found = outcome::disclosure(case, disclosure, settings);
        problems.extend(found.into_iter().map(|problem| below(problem, "disclosures", &disclosure.id)));
    }
    if let Some(informed) = &case.informed {
        problems.extend(outcome::informed(case, informed));
    }
    if let Some(closure) = &case.closure {
        problems.extend(closing::closure(case, closure));
    }
    for letter in &case.letters {
        let found = guards::stored(case, letter, settings);
        problems.extend(found.into_iter().map(|problem| below(problem, "letters", &letter.id)));
    }
    for extension in &case.extensions {
        let found = rules::extended(case, extension, settings);
        problems.extend(found.into_iter().map(|problem| below(problem, "extensions", &extension.id)));
    }
    for referral in &case.referrals {
        let found = rules::agency("referral.to", &referral.to, settings);
        problems.extend(found.map(|problem| below(problem, "referrals", &referral.id)));
    }
    if let Some(rerouting) = case.rerouted.last() {
        problems.extend(closing::after_departure(case, "withdrawal", rerouting));
    }
    let ended_elsewhere = case.closed_before_import().is_some();
    if !ended_elsewhere {
        problems.extend(checks::never_answered(case, settings));
    }
    problems.extend(times(case));
    problems
}

/// A problem with one item of a list, where the item stands in the file.
fn below(problem: Problem, list: &str, id: &ItemId) -> Problem {
    let path = problem.path;
    let starts = path.0.first() == Some(&Step::Key(list.trim_end_matches('s').into()));
    if !starts {
        return Problem { path, ..problem };
    }
    let mut steps = Path::from(list).key(id.as_str());
    steps.0.extend(path.0.into_iter().skip(1));
    Problem { path: steps, ..problem }
}

/// S1: the stage is the one that the records have reached: nothing before it is missing, nothing after it stands.
fn stage_records(case: &Case) -> Vec<Problem> {
    let screened = case.screening.as_ref().is_some_and(|record| record.within_scheme);
    let asks = case.route == Route::RightToAsk;
    let records = [
        (Stage::InitialChecks, "screening", screened, true),
        (Stage::Interview, "interview", case.interview.is_some(), asks),
        (Stage::Assessment, "assessment", case.assessment.is_some(), true),
        (Stage::Decision, "decision", case.decision.is_some(), true),
    ];
    let mut problems = Vec::new();
    // What an old system did not record of a case that it had closed stays unrecorded.
    let records = if case.closed_before_import().is_some() { &[][..] } else { &records[..] };
    // A closed case may have ended early, but nothing stands in it after a gap.
    let last = records.iter().filter(|(.., stands, _)| *stands).map(|(stage, ..)| *stage).max();
    for &(stage, path, stands, needed) in records {
        let reached = match case.stage {
            Stage::Closed => last.is_some_and(|last| last > stage),
            open => open > stage,
        };
        if reached && needed && !stands {
            problems.push(Problem::rule(path, "S2", format!("is missing at stage {}", case.stage)));
        }
        if case.stage <= stage && stands && needed {
            let what = format!("stands at stage {}, which comes before it", case.stage);
            problems.push(Problem::rule(path, "S1", what));
        }
    }
    let outcome = !case.disclosures.is_empty() || case.informed.is_some();
    if outcome && case.decision.is_none() && case.closed_before_import().is_none() {
        problems.push(Problem::rule("decision", "S2", "is missing, yet somebody was told"));
    }
    if (case.stage == Stage::Closed) != case.closure.is_some() {
        let what = "a closed case has a closure, and no other case has";
        problems.push(Problem::rule("closure", "S1", what));
    }
    problems
}

/// R3: everybody whom the case names is a person of the store. Their roles are asked when they are named, never again (R6).
fn office(case: &Case, settings: &Settings) -> Vec<Problem> {
    let unknown =
        people::named(case).into_iter().filter(|mention| settings.person(&mention.person).is_none());
    let what = "is no person of this store; see `csods person list`";
    unknown.map(|mention| Problem::invalid(mention.path, what)).collect()
}

/// Every moment at which something was done, with its place in the case.
pub fn moments(case: &Case) -> Vec<(Path, Instant)> {
    fn walk(node: &Node, path: &Path, found: &mut Vec<(Path, Instant)>) {
        match node {
            Node::Map(entries) => {
                for (key, value) in entries {
                    match value.as_text().map(str::parse) {
                        Some(Ok(at)) if key == "at" => found.push((path.key(key), at)),
                        _ if key == "was" || key == "now" => {}
                        _ => walk(value, &path.key(key), found),
                    }
                }
            }
            Node::List(items) => {
                items.iter().enumerate().for_each(|(index, item)| walk(item, &path.index(index), found));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    if let Some(tree) = case.write() {
        walk(&tree, &Path::root(), &mut found);
    }
    found
}

/// C1: nothing is recorded as done before the application was received.
fn times(case: &Case) -> Vec<Problem> {
    let early = moments(case).into_iter().filter(|(_, at)| *at < case.received.at.0);
    early.map(|(path, _)| Problem::invalid(path, BEFORE_RECEIPT)).collect()
}

/// The ids of the items of a case are unique in it.
pub fn ids(case: &Case) -> Vec<Problem> {
    let (mut seen, mut twice) = (HashSet::new(), 0);
    // What corrections quote are copies of facts that stand elsewhere under the same ids, and a case sent back shares its
    // correction's id with the record of the return.
    case.each_id(None, &mut |field, id| {
        twice += usize::from(field != Some("corrections") && !seen.insert(id));
    });
    let corrections: HashSet<_> = case.corrections.iter().map(|correction| correction.id.as_str()).collect();
    twice += case.corrections.len() - corrections.len();
    if twice > 0 {
        vec![Problem::invalid("id", "two items of the case have the same id")]
    } else {
        Vec::new()
    }
}
