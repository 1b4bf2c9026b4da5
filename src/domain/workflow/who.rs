//! Who may do what (R3), and that an assessor never decides (R4).

use std::collections::BTreeSet;
use std::iter;

use super::people::named_in;
use super::{Moment, Refusal, closing};
use crate::domain::action::{Action, ActionKind};
use crate::domain::case::{Assessment, Case, Decision};
use crate::domain::node::Path;
use crate::domain::record::Problem;
use crate::domain::scalars::PersonId;
use crate::domain::settings::{Role, Settings};

/// The role by which `actor` may do `kind`, for the commit's trailer; `None` where no role of theirs may.
pub fn role_for(actor: &PersonId, kind: ActionKind, settings: &Settings) -> Option<Role> {
    let person = settings.person(actor).filter(|person| person.ended.is_none())?;
    settings.permitted(kind).into_iter().find(|role| person.roles.contains(role))
}

/// R3: the actor, and who the record says did it, hold a role that may; S5: a supervisor says why no child is at risk.
pub(super) fn permitted(
    case: Option<&Case>,
    action: &Action,
    moment: &Moment,
    settings: &Settings,
) -> Result<(), Refusal> {
    let kind = action.kind();
    let actor = &moment.actor;
    if role_for(actor, kind, settings).is_none() {
        return Err(Refusal::NotPermitted(may_not(actor, kind, settings)));
    }
    if let Some((by, _)) = action.done()
        && let Some(person) = settings.person(by)
        && !settings.permitted(kind).iter().any(|role| person.roles.contains(role))
    {
        return Err(Refusal::NotPermitted(may_not(by, kind, settings)));
    }
    if let (Some(case), Action::Close(closure)) = (case, action)
        && closing::needs_no_risk(case, closure)
        && settings.person(&closure.by.0).is_some_and(|person| !person.roles.contains(&Role::Supervisor))
    {
        let what =
            "closes without an assessment: that takes a supervisor's reason that no child is at risk (S5)";
        return Err(Refusal::NotPermitted(format!("{} {what}", closure.by)));
    }
    Ok(())
}

/// R4: nobody who wrote or recorded an assessment of the case decides, or records, changes or takes out a decision, or
/// changes who wrote an assessment. R3: who changes a recorded decision may decide.
///
/// It compares the case before and after the action, so it does not matter how the action spells what it changes.
pub(super) fn separate(
    before: &Case,
    action: &Action,
    after: &Case,
    actor: &PersonId,
    settings: &Settings,
) -> Result<(), Refusal> {
    let assessors = assessors(after);
    let corrects = matches!(action, Action::Correct(_) | Action::Edit(..));
    if decisions(before) != decisions(after) {
        if corrects && role_for(actor, ActionKind::Decide, settings).is_none() {
            return Err(Refusal::NotPermitted(may_not(actor, ActionKind::Decide, settings)));
        }
        if assessors.contains(actor) {
            return Err(assessor_decides(actor));
        }
    }
    if corrects && assessors.contains(actor) && standing_authors(before) != standing_authors(after) {
        let what =
            "wrote or recorded an assessment of this case: somebody else must correct who wrote it (R4)";
        return Err(Refusal::NotPermitted(format!("{actor} {what}")));
    }
    // What stands already is not judged again.
    let before_it = self::assessors(before);
    let stood = assessed(before, &before_it);
    match assessed(after, &assessors).into_iter().find(|decider| !stood.contains(decider)) {
        Some(decider) => Err(assessor_decides(decider)),
        None => Ok(()),
    }
}

/// Who decided the case, or recorded the decision, and is one of its assessors.
fn assessed<'c>(case: &'c Case, assessors: &BTreeSet<PersonId>) -> Vec<&'c PersonId> {
    let decision = case.decision.iter();
    let deciders = decision.flat_map(|decision| iter::once(&decision.by.0).chain(&decision.recorded_by));
    deciders.filter(|decider| assessors.contains(decider)).collect()
}

/// R4 for a case that comes in whole, by an import or as a file added by hand: its decision maker neither wrote an
/// assessment nor brings the case in, because that records the assessment; and an author of an assessment does not bring
/// in the decision. What another system had closed is judged by [`super::consistency`] alone.
pub(super) fn separate_when_taken_in(case: &Case, actor: &PersonId) -> Vec<Problem> {
    let (Some(decision), None) = (&case.decision, case.closed_before_import()) else {
        return Vec::new();
    };
    let authors = authors(case);
    let decider = &decision.by.0;
    let mut problems = Vec::new();
    if authors.contains(decider) && standing_authors(case).last() != Some(&decider) {
        problems.push(Problem::rule(
            "decision.by",
            "R4",
            "wrote an assessment of this case and may not decide",
        ));
    }
    if decider == actor && !authors.is_empty() {
        let what = "records the assessment by taking in this case, and so may not be its decision maker";
        problems.push(Problem::rule("decision.by", "R4", what));
    }
    if authors.contains(actor) && decider != actor {
        let what = "must be taken in by somebody who wrote no assessment of this case";
        problems.push(Problem::rule("decision", "R4", what));
    }
    problems
}

/// The decisions of a case, in the order in which they were recorded; a return only moves them.
fn decisions(case: &Case) -> Vec<&Decision> {
    let aside = case.reopened.iter().filter_map(|reopening| reopening.set_aside.as_ref());
    aside.filter_map(|aside| aside.decision.as_ref()).chain(&case.decision).collect()
}

/// The assessments of a case, likewise.
fn assessments(case: &Case) -> impl Iterator<Item = &Assessment> {
    let aside = case.reopened.iter().filter_map(|reopening| reopening.set_aside.as_ref());
    aside.filter_map(|aside| aside.assessment.as_ref()).chain(&case.assessment)
}

/// Who wrote the assessments of a case, as they stand today.
fn standing_authors(case: &Case) -> Vec<&PersonId> {
    assessments(case).map(|assessment| &assessment.by.0).collect()
}

/// Whom the field `key` of an assessment named that was corrected later.
fn corrected<'c>(case: &'c Case, key: &'c str) -> impl Iterator<Item = PersonId> + 'c {
    let were = case.corrections.iter().filter_map(|correction| Some((correction, correction.was.as_ref()?)));
    let named = were.flat_map(|(correction, was)| named_in(was, &Path::recorded(correction.path.as_str())));
    named
        .filter(move |mention| matches!(mention.keys[..], [.., "assessment", last] if last == key))
        .map(|mention| mention.person)
}

/// R4: everybody who wrote an assessment of the case: the present one, one that was set aside, or one whose author was
/// corrected later.
fn authors(case: &Case) -> BTreeSet<PersonId> {
    corrected(case, "by").chain(standing_authors(case).into_iter().cloned()).collect()
}

/// R4: everybody who wrote or recorded an assessment of the case, none of whom may decide. Whoever imported an
/// assessment recorded it.
pub fn assessors(case: &Case) -> BTreeSet<PersonId> {
    let mut assessors = authors(case);
    assessors.extend(corrected(case, "recorded_by"));
    assessors.extend(assessments(case).filter_map(|assessment| assessment.recorded_by.clone()));
    let importer = case.imported.as_ref().filter(|imported| {
        let mut assessments = assessments(case);
        assessments.any(|assessment| assessment.at.0 <= imported.at.0)
    });
    assessors.extend(importer.map(|imported| imported.by.0.clone()));
    assessors
}

/// That it is an assessor who would decide.
pub(super) fn assessor_decides(assessor: &PersonId) -> Refusal {
    let why = "wrote or recorded an assessment of this case, and may neither decide nor record or change the decision (R4)";
    Refusal::NotPermitted(format!("{assessor} {why}"))
}

/// That a person may not do it, with the roles that may.
pub(super) fn may_not(person: &PersonId, kind: ActionKind, settings: &Settings) -> String {
    let roles: Vec<&str> = settings.permitted(kind).iter().map(|role| role.word()).collect();
    format!("{person} may not {} (R3): that takes one of these roles: {}", kind.meaning(), roles.join(", "))
}
