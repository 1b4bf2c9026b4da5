//! What `commit` and `edit` share: files changed by hand go through the one door and become one commit.

use serde_json::json;

use super::change::{self, holder};
use super::commit_text::About;
use super::hooks;
use crate::context::{Context, Office};
use crate::domain::action::{Action, ActionKind, EditReason};
use crate::domain::case::Case;
use crate::domain::findings;
use crate::domain::node::{Node, Path};
use crate::domain::record::Part;
use crate::domain::workflow::changing::differences;
use crate::domain::workflow::{Moment, apply, may_begin};
use crate::error::{Error, Kind};
use crate::output::{Block, Page, Report};
use crate::store::{Change, files};

/// A case as somebody edited it.
pub struct Taken {
    /// Its file.
    pub path: String,
    /// What they made of it.
    pub case: Case,
    /// The working file that was read, where the edit stands in the work tree.
    pub seen: Option<Vec<u8>>,
}

/// Takes cases or other files in, all in one commit or none. A file that goes has no bytes.
///
/// R6: a case is judged by the settings before the change, so both together are refused.
pub fn run(
    context: &Context,
    office: &Office,
    moment: &Moment,
    given: Node,
    cases: &[Taken],
    others: &[(String, Option<Vec<u8>>)],
) -> Result<Report, Error> {
    if !cases.is_empty() && !others.is_empty() {
        let others: Vec<&str> = others.iter().map(|(path, _)| path.as_str()).collect();
        let first = format!(
            "take in the other files first: `csods commit {}`; nothing was changed",
            others.join(" ")
        );
        let what = "cases and settings are not changed in one commit: a case is judged by the settings before it (R6)";
        return Err(Error::new(Kind::Refused, what).hint(first));
    }
    let kind = if cases.is_empty() { ActionKind::Settings } else { ActionKind::Edit };
    if !others.is_empty() {
        let refused = |refusal: crate::domain::workflow::Refusal| refusal.into_error(ActionKind::Settings);
        may_begin(None, ActionKind::Settings, &moment.actor, &office.settings).map_err(refused)?;
    }
    let mut actions = Vec::new();
    if !cases.is_empty() {
        let reason = change::collect_reason(context, office, moment, given)?;
        for taken in cases {
            actions.push(action_of(context, office, moment, taken, &reason)?);
        }
    }
    let edits: Vec<(&Taken, Action)> = cases.iter().zip(actions).collect();
    office.store.change_made(context.options.wait, &holder(moment, kind), |change| {
        let moment = &context.entering(moment)?;
        taken_in(context, office, moment, &edits, others, change)
    })
}

/// Takes the edits into a change and commits it.
fn taken_in(
    context: &Context,
    office: &Office,
    moment: &Moment,
    cases: &[(&Taken, Action)],
    others: &[(String, Option<Vec<u8>>)],
    mut change: Change<'_>,
) -> Result<Report, Error> {
    let kind = if cases.is_empty() { ActionKind::Settings } else { ActionKind::Edit };
    let mut settings = files::settings(change.head())?;
    // The index follows the settings that come in.
    if let Some((_, Some(bytes))) = others.iter().find(|(path, _)| path == crate::store::SETTINGS) {
        settings.file = files::read_settings(bytes)
            .map_err(|findings| files::damaged(crate::store::SETTINGS, &findings))?;
    }
    let mut diff = String::new();
    let mut first = None;
    let mut changed = Vec::new();
    for (taken, action) in cases {
        let stored = change.head().read(&taken.path)?;
        let before = last_readable(office, &taken.path, stored.as_deref())?;
        // A file that was damaged or taken out may be put back exactly as it was.
        let put_back = before.as_ref() == Some(&taken.case) && readable(stored.as_deref()).is_none();
        let case = if put_back {
            taken.case.clone()
        } else {
            apply(before.as_ref(), action, moment, &settings).map_err(|refusal| refusal.into_error(kind))?
        };
        let bytes = files::write_case(&case)?;
        diff.push_str(&change::unified(&taken.path, stored.as_deref().unwrap_or_default(), &bytes));
        match &taken.seen {
            Some(seen) => change.accept_edit(&taken.path, seen, bytes),
            None => change.put(&taken.path, bytes),
        }
        changed.push((case.clone(), before.clone()));
        first.get_or_insert(case);
    }
    for (path, bytes) in others {
        let new = bytes.as_deref().unwrap_or_default();
        diff.push_str(&change::unified(path, &change.head().read(path)?.unwrap_or_default(), new));
        match bytes {
            Some(bytes) => change.accept_edit(path, bytes, bytes.clone()),
            None => change.accept_deletion(path),
        }
    }
    if context.options.dry_run {
        let json =
            json!({"version": 1, "action": kind.word(), "commit": null, "dry_run": true, "diff": diff});
        return Ok(Report::new(json, Page(vec![Block::Verbatim(diff)])).say("dry run: nothing was changed"));
    }
    let mut about = match changed.as_slice() {
        [(case, before)] => {
            About::case(&case.reference, kind, before.as_ref().map(|case| case.stage), case.stage)
        }
        _ => About::store(kind),
    };
    for ((_, action), (case, before)) in cases.iter().zip(&changed) {
        about.change(action, before.as_ref(), case);
    }
    if !others.is_empty() {
        about.kind(ActionKind::Settings);
    }
    let text = about.text(context, moment, &office.settings);
    change.index_follows(&settings);
    let made = change.commit(&text, &context.author(moment, &office.settings))?;
    let commit = made.to_string();
    let mut changes: Vec<_> = changed
        .iter()
        .map(|(case, before)| {
            hooks::of_case(case, before.as_ref(), kind, made, findings::next(case, moment.now, &settings))
        })
        .collect();
    if !others.is_empty() {
        changes.push(hooks::of_no_case(ActionKind::Settings, made));
    }
    let told = Some(hooks::told(office, moment, changes));
    crate::ask::forget_draft(
        &office.store.private_dir(),
        &change::draft_name(moment, ActionKind::Edit, None),
    );
    let report = match first {
        Some(case) if cases.len() == 1 => change::done(&case, kind, &commit, moment, &settings),
        _ => {
            let json = json!({"version": 1, "action": kind.word(), "commit": commit});
            Report::new(json, Page::line(format!("{} file(s) taken in", cases.len() + others.len())))
        }
    };
    Ok(Report { told, ..report })
}

fn readable(stored: Option<&[u8]>) -> Option<Case> {
    stored.and_then(|bytes| files::read_case(bytes).ok())
}

/// The case as it is committed, or where that file is damaged or gone its last version that can be read: what was
/// recorded is compared with that, so that nothing comes in with a file put back that would be refused otherwise (R4, R6).
/// `None` for a file that the store never had.
fn last_readable(office: &Office, path: &str, stored: Option<&[u8]>) -> Result<Option<Case>, Error> {
    if let Some(case) = readable(stored) {
        return Ok(Some(case));
    }
    for entry in office.store.history(Some(path))? {
        let earlier = office.store.snapshot_at(&entry.commit)?.read(path)?;
        if let Some(case) = readable(earlier.as_deref()) {
            return Ok(Some(case));
        }
    }
    Ok(None)
}

/// The edit of one case, with an id for every fact that differs.
fn action_of(
    context: &Context,
    office: &Office,
    moment: &Moment,
    taken: &Taken,
    reason: &EditReason,
) -> Result<Action, Error> {
    let before = last_readable(office, &taken.path, office.head.read(&taken.path)?.as_deref())?;
    let mut changes = Vec::new();
    if let (Some(before), Some(after)) = (before.as_ref().and_then(Part::write), taken.case.write()) {
        differences(&before, &after, &Path::root(), &mut changes);
    }
    let fill = context.fill(moment, &office.settings, Some(&taken.case));
    let ids = changes.iter().map(|_| fill.item_id()).collect();
    Ok(Action::Edit(Box::new(taken.case.clone()), Some(reason.clone()), ids))
}
