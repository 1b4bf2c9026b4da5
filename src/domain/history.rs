//! Several actions that came into the history of a case at once, told apart again.

use super::action::{Action, ActionKind};
use super::case::Case;
use super::node::Path;
use super::record::{self, Part, Reader};
use super::settings::Settings;
use super::workflow::{self, Moment};

/// One of them, with the case before and after it.
pub struct Done {
    /// The case before it; `None` where it opened the case.
    pub before: Option<Case>,
    /// What was done.
    pub action: Action,
    /// The case after it.
    pub after: Case,
}

/// The actions of these kinds, in this order, that made `after` of `before`. `None` where the case does not show them:
/// where one of them took out what another had put in. Done again through the one door they give `after`.
pub fn told_apart(
    kinds: &[ActionKind],
    before: Option<&Case>,
    after: &Case,
    moment: &Moment,
    settings: &Settings,
) -> Option<Vec<Done>> {
    let mut done: Vec<Done> = Vec::new();
    for (position, kind) in kinds.iter().enumerate() {
        let now = done.last().map(|done| &done.after).or(before);
        let shown = as_it_was(kinds.get(position..)?, now, after)?;
        let action = kind.read_back(now, &shown)?;
        let new = workflow::apply(now, &action, moment, settings).ok()?;
        done.push(Done { before: now.cloned(), action, after: new });
    }
    (done.last().map(|done| &done.after) == Some(after)).then_some(done)
}

/// `after` without what the later of these kinds added to its lists, and with what the later corrections changed put
/// back, so that what the first of them did can be read off.
fn as_it_was(kinds: &[ActionKind], now: Option<&Case>, after: &Case) -> Option<Case> {
    let mut case = after.clone();
    let (first, later) = kinds.split_first()?;
    for _ in 0..later.iter().filter(|kind| **kind == ActionKind::Correct).count() {
        let correction = case.corrections.pop()?;
        let path = Path::parse(correction.path.as_str());
        if path == Path::from("stage") {
            return None;
        }
        let mut tree = case.write()?;
        match correction.was {
            Some(was) => {
                tree.set(&path, was);
            }
            None => {
                tree.remove(&path);
            }
        }
        case = record::read::<Case>(&tree, Reader::strict()).ok()?;
    }
    fn cut<T>(list: &mut Vec<T>, now: usize, one: bool) {
        list.truncate(now + usize::from(one));
    }
    let is = |kind| *first == kind;
    let had = |count: fn(&Case) -> usize| now.map_or(0, count);
    cut(&mut case.checks, had(|case| case.checks.len()), is(ActionKind::Check));
    cut(&mut case.disclosures, had(|case| case.disclosures.len()), is(ActionKind::Disclose));
    cut(&mut case.urgent, had(|case| case.urgent.len()), is(ActionKind::Urgent));
    cut(&mut case.referrals, had(|case| case.referrals.len()), is(ActionKind::Refer));
    cut(&mut case.extensions, had(|case| case.extensions.len()), is(ActionKind::Extend));
    cut(&mut case.contacts, had(|case| case.contacts.len()), is(ActionKind::Contact));
    cut(&mut case.notes, had(|case| case.notes.len()), is(ActionKind::Note));
    cut(&mut case.rerouted, had(|case| case.rerouted.len()), is(ActionKind::Reroute));
    cut(&mut case.reopened, had(|case| case.reopened.len()), is(ActionKind::Reopen));
    cut(&mut case.links, had(|case| case.links.len()), is(ActionKind::Link));
    Some(case)
}
