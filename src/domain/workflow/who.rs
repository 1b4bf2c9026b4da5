//! Who may do what (R3), and that the assessor never decides (R4).

use super::{Moment, Refusal, closing};
use crate::domain::action::{Action, ActionKind};
use crate::domain::case::{Case, Correction};
use crate::domain::node::{Path, Step};
use crate::domain::scalars::PersonId;
use crate::domain::settings::{Role, Settings};

/// The role by which `actor` may do `kind`, for the commit's trailer; `None` where no role of theirs may.
pub fn role_for(actor: &PersonId, kind: ActionKind, settings: &Settings) -> Option<Role> {
    let person = settings.person(actor).filter(|person| person.ended.is_none())?;
    settings.permitted(kind).into_iter().find(|role| person.roles.contains(role))
}

/// R3: the actor, and whoever the record says did it, hold a role that may; R4: who assessed never decides; S5: a
/// supervisor says why no child is at risk.
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
    let Some(case) = case else {
        return Ok(());
    };
    if let Action::Close(closure) = action
        && closing::needs_no_risk(case, closure)
        && settings.person(&closure.by.0).is_some_and(|person| !person.roles.contains(&Role::Supervisor))
    {
        let what =
            "closes without an assessment: that takes a supervisor's reason that no child is at risk (S5)";
        return Err(Refusal::NotPermitted(format!("{} {what}", closure.by)));
    }
    separate(case, action, actor, settings)
}

/// R4: who wrote the assessment neither decides, nor changes the decision, nor takes their own name off the assessment;
/// and whoever changes a decision may decide.
fn separate(case: &Case, action: &Action, actor: &PersonId, settings: &Settings) -> Result<(), Refusal> {
    let corrects = |correction: &Correction, part: &str| {
        Path::parse(correction.path.as_str()).0.first() == Some(&Step::Key(part.to_owned()))
    };
    let (decides, renames) = match action {
        Action::Decide(decision) => (Some(&decision.by.0), false),
        Action::Correct(correction) => {
            let renames = ["assessment", "assessment.by"].contains(&correction.path.as_str());
            (corrects(correction, "decision").then_some(actor), renames)
        }
        Action::Edit(edited, ..) => {
            let by = |case: &Case| case.assessment.as_ref().map(|assessment| assessment.by.clone());
            ((edited.decision != case.decision).then_some(actor), by(edited) != by(case))
        }
        _ => (None, false),
    };
    if let Some(decides) = decides
        && action.kind() != ActionKind::Decide
        && role_for(decides, ActionKind::Decide, settings).is_none()
    {
        return Err(Refusal::NotPermitted(may_not(decides, ActionKind::Decide, settings)));
    }
    match (assessor(Some(case)), decides) {
        (Some(assessor), Some(decides)) if decides == assessor || actor == assessor => {
            Err(assessor_decides(assessor))
        }
        (Some(assessor), _) if renames && actor == assessor => {
            let what = "wrote the assessment: somebody else must correct who wrote it (R4)";
            Err(Refusal::NotPermitted(format!("{assessor} {what}")))
        }
        _ => Ok(()),
    }
}

/// Who wrote the assessment.
pub(super) fn assessor(case: Option<&Case>) -> Option<&PersonId> {
    case?.assessment.as_ref().map(|assessment| &assessment.by.0)
}

/// That it is the assessor who would decide.
pub(super) fn assessor_decides(assessor: &PersonId) -> Refusal {
    let why = format!("{assessor} wrote the assessment and may not decide, nor record the decision (R4)");
    Refusal::NotPermitted(why)
}

/// That a person may not do it, with the roles that may.
pub(super) fn may_not(person: &PersonId, kind: ActionKind, settings: &Settings) -> String {
    let roles: Vec<&str> = settings.permitted(kind).iter().map(|role| role.word()).collect();
    format!("{person} may not {} (R3): that takes one of these roles: {}", kind.meaning(), roles.join(", "))
}
