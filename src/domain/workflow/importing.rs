//! Cases of another system (S2, C2): what is asked of one that goes on here, and of one that had ended there.
//!
//! A case that goes on is taken through the stages by the records it brings, by the same rules as every other. Of one
//! that the old system had closed nobody can ask any more for what was not recorded then: the records it has are held
//! to their rules, the gaps between them are said to be gaps, and nothing is made up to fill them.

use super::ahead::BEFORE_RECEIPT;
use super::{people, rules, who};
use crate::domain::action::Action;
use crate::domain::case::*;
use crate::domain::importing::Importing;
use crate::domain::node::{Path, Step};
use crate::domain::record::Problem;
use crate::domain::reference::Reference;
use crate::domain::scalars::PersonId;
use crate::domain::settings::Settings;

/// Imports a case under a new reference. Its clocks run by the rules of the day it was received (C2).
pub fn import(
    reference: &Reference,
    importing: &Importing,
    actor: &PersonId,
    settings: &Settings,
    problems: &mut Vec<Problem>,
) -> Option<Case> {
    if importing.received.at.0 > importing.imported.at.0 {
        problems.push(Problem::invalid("received.at", "lies in the future"));
        return None;
    }
    let mut case = rules::open(reference, &importing.opening(), settings, problems)?;
    case.former_reference = importing.former_reference.clone();
    case.imported = Some(importing.imported.clone());
    case.owner = importing.owner.clone();
    let actions = importing.actions();
    problems.extend(people::imported(importing, settings));
    let ended = case.closed_before_import().is_some();
    if ended {
        importing.put_into(&mut case);
        case.stage = Stage::Closed;
        problems.extend(named(&case, settings));
    } else {
        for (path, action) in &actions {
            let mut found = Vec::new();
            let next = super::change(&case, action, settings, &mut found);
            let refused = !found.is_empty();
            problems.extend(found.into_iter().map(|problem| placed(problem, action, path)));
            // What comes after a record that cannot be would only be found wrong because of it.
            case = super::settled(next.filter(|_| !refused)?);
        }
    }
    problems.extend(who::separate_when_taken_in(&case, actor));
    let known = problems.clone();
    let broken = super::consistency::check(&case, settings);
    // What is said already of an item by its place in the answers is not said again by its id.
    let said = |problem: &Problem| {
        let same =
            |known: &Problem| known.fault == problem.fault && known.path.0.first() == problem.path.0.first();
        known.contains(problem) || (known.iter().any(same) && problem.path.0.len() > 1)
    };
    problems.extend(broken.into_iter().filter(|problem| !said(problem)));
    Some(case)
}

/// A problem with an action's record, where the record stands in the answers.
fn placed(problem: Problem, action: &Action, path: &Path) -> Problem {
    let place = action.kind().place();
    match problem.path.0.split_first() {
        Some((Step::Key(first), rest)) if first == place => {
            Problem { path: Path(path.0.iter().chain(rest).cloned().collect()), ..problem }
        }
        _ => problem,
    }
}

/// R3, S4: the people and agencies that an ended case names are those of the settings; nothing else asks for them.
fn named(case: &Case, settings: &Settings) -> Vec<Problem> {
    let referrals = case.referrals.iter().enumerate();
    let agencies = referrals.filter_map(|(index, referral)| {
        rules::agency(&format!("referrals.{index}.to"), &referral.to, settings)
    });
    agencies.collect()
}

/// S1, O6, C1: what the old system said fits together, and with what is recorded.
pub fn quoted(case: &Case) -> Vec<Problem> {
    let Some(imported) = &case.imported else {
        return Vec::new();
    };
    let mut problems = Vec::new();
    for (key, at) in imported.moments() {
        let what = match at {
            Some(at) if at < case.received.at.0 => BEFORE_RECEIPT,
            Some(at) if at > imported.at.0 => "lies in the future",
            _ => continue,
        };
        problems.push(Problem::invalid(Path::root().key("imported").key(key), what));
    }
    if imported.interviewed_at.is_some() && case.route == Route::RightToKnow {
        let what = "a right-to-know case has no interview";
        problems.push(Problem::rule("imported.interviewed_at", "T2", what));
    }
    if let (Some(said), Some(decision)) = (imported.outcome, &case.decision)
        && said != decision.outcome
        && case.closed_before_import().is_some()
    {
        let what = "is not what the decision says";
        problems.push(Problem::rule("imported.outcome", "O1", what));
    }
    problems
}

/// O6: the closure of a case that had ended in the old system. What it takes beyond its reason was asked for there or
/// never; that it follows from what was decided can still be seen.
pub fn closure(case: &Case, closure: &Closure) -> Option<Problem> {
    use ClosureReason as R;
    use DecisionOutcome as D;
    let outcome = case.outcome()?;
    let follows = match closure.reason {
        R::Disclosed => outcome == D::Disclose,
        R::DisclosedOther => outcome == D::DiscloseOther,
        // Also where every recipient refused the undertaking and was not told.
        R::NotDisclosed => outcome != D::NothingToDisclose,
        R::NothingToDisclose => outcome == D::NothingToDisclose,
        _ => true,
    };
    (!follows).then(|| Problem::rule("closure.reason", "O6", "does not follow from the decision"))
}
