//! Changed facts: one corrected by its path, or a whole file edited by hand. Either way the case records what each
//! fact was, what it is and why, and the history shows both values.

use super::closing::{returns_to, set_aside};
use super::consistency;
use crate::domain::action::EditReason;
use crate::domain::case::*;
use crate::domain::node::{Node, Path, Step};
use crate::domain::record::{self, Part, Problem, Reader};
use crate::domain::scalars::{ItemId, Line, quoted};
use crate::domain::settings::Settings;

/// The parts of a case that nobody changes by hand.
const KEPT: [&str; 7] = ["format", "reference", "route", "guidance", "imported", "corrections", "signals"];

/// Corrects one fact. `stage` sends an open case back (S1); a fact that is given no new value is taken out.
pub fn correct(
    case: &Case,
    correction: &Correction,
    settings: &Settings,
    problems: &mut Vec<Problem>,
) -> Option<Case> {
    let path = match Path::parse(correction.path.as_str()) {
        Ok(path) => path,
        Err(what) => {
            problems.push(Problem::invalid("correction.path", what));
            return None;
        }
    };
    if path == Path::from("stage") {
        return send_back(case, correction, problems);
    }
    if let Some(problem) = kept(&path) {
        problems.push(problem);
        return None;
    }
    let before = case.write()?;
    let was = before.at(&path).cloned().map(quoted);
    if Case::SHAPE.at(&path).is_none() || (was.is_none() && !has_parent(&before, &path)) {
        problems.push(Problem::invalid("correction.path", "is no place in this case"));
        return None;
    }
    let mut after = before.clone();
    match &correction.now {
        Some(now) => {
            after.set(&path, now.clone());
        }
        None => {
            after.remove(&path);
        }
    }
    let mut new = Case { modeline: case.modeline.clone(), ..reread(&after, "correction.now", problems)? };
    // As the case has it: the text of an answer is not marked as the same text of a case is, and would differ.
    let after = new.write()?;
    if after == before {
        problems.push(Problem::invalid("correction.now", "is what is recorded already"));
        return None;
    }
    let mut changes = Vec::new();
    differences(&before, &after, &Path::root(), &mut changes);
    let takes_out = correction.now.is_none();
    for change in &changes {
        problems.extend(kept(&change.path).map(|problem| Problem { path: change.path.clone(), ..problem }));
        problems.extend(own_command(change, takes_out));
    }
    new.guidance = started_on(case, &new, settings, problems);
    problems.extend(brought_about(case, &new, settings));
    new.corrections.push(Correction { was, now: correction.now.clone(), ..correction.clone() });
    Some(new)
}

/// What is wrong after a change that was not wrong before it: what the settings have come to ask for since a case was
/// recorded does not stand against correcting it.
fn brought_about(before: &Case, after: &Case, settings: &Settings) -> Vec<Problem> {
    let already = consistency::check(before, settings);
    let mut problems = consistency::check(after, settings);
    problems.retain(|problem| !already.contains(problem));
    problems
}

/// C2: the clock rules of a case after a change. A case keeps the set it started on; where the day on which it was
/// received was wrong, so may the set have been.
fn started_on(before: &Case, after: &Case, settings: &Settings, problems: &mut Vec<Problem>) -> Line {
    let of = |case: &Case| settings.rule_set(settings.zone().day(case.received.at.0));
    match (of(before), of(after)) {
        (Ok((was, _)), Ok((now, _))) if was != now => {
            Line::new(now).unwrap_or_else(|_| before.guidance.clone())
        }
        (Ok(_), Err(error)) => {
            problems.push(error.at("received.at"));
            before.guidance.clone()
        }
        _ => before.guidance.clone(),
    }
}

/// S1, R3: a stage's record, a disclosure and the like come in by their own commands, which ask who may and when; what
/// was set aside, and changes of route, stay. L1: a link is taken out of both cases, by a correction that `takes_out`.
fn own_command(change: &Difference, takes_out: bool) -> Option<Problem> {
    let Some(Step::Key(key)) = change.path.0.first() else {
        return None;
    };
    let whole = match change.path.0.len() {
        1 => true,
        2 => ["disclosures", "rerouted", "reopened"].contains(&key.as_str()),
        _ => false,
    };
    let recorded = [
        "screening",
        "interview",
        "assessment",
        "decision",
        "disclosures",
        "informed",
        "closure",
        "withdrawal",
    ];
    let stays = ["rerouted", "reopened"].contains(&key.as_str());
    let added = change.was.is_none() && (stays || recorded.contains(&key.as_str()));
    let is_link =
        key == "links" && (change.was.is_none() || change.path.0.last() == Some(&Step::Key("to".into())));
    let what = match () {
        () if key == "owner" => "is changed by its own command, `csods assign`",
        () if key == "links" && change.now.is_none() && !takes_out => {
            "goes both ways; take it out by `csods correct` with `--remove` and the path links.ID"
        }
        () if is_link => "goes both ways and is recorded by its own command, `csods link`",
        () if whole && added => "is recorded by its own command",
        () if whole && stays && change.now.is_none() => "is part of the history and stays",
        () => return None,
    };
    let rule = match key.as_str() {
        "owner" => "R3",
        "links" => "L1",
        _ => "S1",
    };
    Some(Problem::rule(change.path.clone(), rule, what))
}

/// S1: a correction of `stage` takes an open case back to an earlier stage.
fn send_back(case: &Case, correction: &Correction, problems: &mut Vec<Problem>) -> Option<Case> {
    let to = correction.now.as_ref().and_then(Node::as_text).and_then(Stage::of);
    // Screened as outside the scheme, a case stays at the initial checks until it is closed, or screened again.
    let again = case.stage == Stage::InitialChecks && case.screening.is_some();
    let back = |to: &Stage| *to < case.stage || (again && *to == case.stage);
    let Some(to) = to.filter(|to| back(to) && case.stage < Stage::Closed) else {
        let what = "an open case can only be sent back to an earlier stage; a closed one is reopened";
        problems.push(Problem::rule("correction.now", "S1", what));
        return None;
    };
    if let Some(what) = returns_to(case, to) {
        problems.push(Problem::rule("correction.now", "S1", what));
        return None;
    }
    let mut new = case.clone();
    let reopening = Reopening {
        id: correction.id.clone(),
        by: correction.by.clone(),
        recorded_by: correction.recorded_by.clone(),
        at: correction.at.clone(),
        late: correction.late.clone(),
        to,
        reason: correction.reason.clone(),
        set_aside: None,
    };
    set_aside(&mut new, &reopening);
    let word = |stage: Stage| Some(quoted(Node::text(stage.word())));
    new.corrections.push(Correction { was: word(case.stage), now: word(to), ..correction.clone() });
    Some(new)
}

/// Takes in a case as edited by hand: everything that differs becomes a correction with the one reason given.
pub fn edit(
    case: &Case,
    edited: &Case,
    reason: Option<&EditReason>,
    ids: &[ItemId],
    settings: &Settings,
    problems: &mut Vec<Problem>,
) -> Option<Case> {
    // The format of the file follows from what is recorded.
    let mut new = Case { format: case.format, ..edited.clone() };
    let guidance = started_on(case, edited, settings, problems);
    if edited.guidance == guidance {
        new.guidance.clone_from(&case.guidance);
    }
    let (before, after) = (case.write()?, new.write()?);
    let mut changes = Vec::new();
    differences(&before, &after, &Path::root(), &mut changes);
    if new.modeline.is_some() && new.modeline != case.modeline && new.modeline != settings.modeline() {
        problems.push(Problem::invalid(
            "",
            "the first line names another schema than case_files.schema in csods.toml",
        ));
    }
    if changes.is_empty() && new.modeline == case.modeline {
        problems.push(Problem::invalid("", "nothing differs from what is recorded"));
        return None;
    }
    for change in &changes {
        problems.extend(kept(&change.path).map(|problem| Problem { path: change.path.clone(), ..problem }));
        problems.extend(own_command(change, false));
        if change.path.0.first() == Some(&Step::Key("stage".into())) {
            let what = "a stage is not changed by editing; use the stage's command, `correct` or `reopen`";
            problems.push(Problem::rule("stage", "S1", what));
        }
    }
    if ids.len() < changes.len() {
        problems.push(Problem::invalid("", "the case was changed by somebody else meanwhile"));
    }
    new.guidance = guidance;
    problems.extend(brought_about(case, &new, settings));
    let Some(reason) = reason else {
        if !changes.is_empty() {
            problems.push(Problem::missing("correction.reason"));
        }
        return Some(new);
    };
    for (change, id) in changes.into_iter().zip(ids) {
        let Ok(path) = Line::new(change.path.to_string()) else {
            continue;
        };
        new.corrections.push(Correction {
            id: id.clone(),
            by: reason.by.clone(),
            recorded_by: None,
            at: reason.at.clone(),
            late: None,
            path,
            code: reason.code,
            reason: reason.reason.clone(),
            was: change.was.map(quoted),
            now: change.now.map(quoted),
        });
    }
    Some(new)
}

/// A fact that differs between two versions of a case.
pub struct Difference {
    /// Where it stands; items of lists by their ids.
    pub path: Path,
    /// What it was; `None` where it was absent.
    pub was: Option<Node>,
    /// What it is; `None` where it is taken out.
    pub now: Option<Node>,
}

/// Everything in which two trees differ, in the order of the second.
pub fn differences(was: &Node, now: &Node, path: &Path, found: &mut Vec<Difference>) {
    match (was, now) {
        (Node::Map(before), Node::Map(after)) => {
            for (key, node) in after {
                sides(was.get(key), Some(node), &path.key(key), found);
            }
            for (key, node) in before.iter().filter(|(key, _)| now.get(key).is_none()) {
                sides(Some(node), None, &path.key(key), found);
            }
        }
        (Node::List(before), Node::List(after)) if by_id(before) && by_id(after) => {
            let find = |items: &[Node], id| items.iter().find(|item| item.id() == id).cloned();
            for item in after {
                sides(
                    find(before, item.id()).as_ref(),
                    Some(item),
                    &path.key(item.id().unwrap_or("")),
                    found,
                );
            }
            for item in before.iter().filter(|item| find(after, item.id()).is_none()) {
                sides(Some(item), None, &path.key(item.id().unwrap_or("")), found);
            }
        }
        _ if was == now => {}
        _ => found.push(Difference { path: path.clone(), was: Some(was.clone()), now: Some(now.clone()) }),
    }
}

fn sides(was: Option<&Node>, now: Option<&Node>, path: &Path, found: &mut Vec<Difference>) {
    match (was, now) {
        (Some(was), Some(now)) => differences(was, now, path, found),
        (None, None) => {}
        (was, now) => found.push(Difference { path: path.clone(), was: was.cloned(), now: now.cloned() }),
    }
}

fn by_id(items: &[Node]) -> bool {
    items.iter().all(|item| item.id().is_some())
}

/// X1, C2, R4, C9: what nobody changes by hand: what the tool itself records. Of a letter that is all but when it was
/// sent, because its words are a file of their own.
pub(super) fn kept(path: &Path) -> Option<Problem> {
    let first = path.0.first();
    let is_letter = first == Some(&Step::Key("letters".into()));
    let is_kept = (is_letter && path.0.get(2) != Some(&Step::Key("sent".into())))
        || KEPT.iter().any(|key| first == Some(&Step::Key((*key).into())))
        || path.0.last() == Some(&Step::Key("id".into()))
        || Case::SHAPE.is_made(path)
        || first.is_none();
    let what = "is kept as it is; it cannot be changed by hand";
    is_kept.then(|| Problem::rule("correction.path", "X1", what))
}

fn has_parent(tree: &Node, path: &Path) -> bool {
    let above = &path.0[..path.0.len().saturating_sub(1)];
    matches!(tree.at(&Path(above.to_vec())), Some(Node::Map(_) | Node::List(_)))
}

/// The typed case of a changed tree; its problems are those of the new value.
fn reread(tree: &Node, at: &str, problems: &mut Vec<Problem>) -> Option<Case> {
    match record::read::<Case>(tree, Reader::strict()) {
        Ok(case) => Some(case),
        Err(found) => {
            problems.extend(found.into_iter().map(|problem| Problem { path: at.into(), ..problem }));
            None
        }
    }
}
