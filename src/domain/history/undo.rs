//! Undoing actions one by one, the last one first.

use super::{LINE_FOR_EDITORS, Named, WHOLE_FILE};
use crate::domain::action::{Action, ActionKind, Assignment, EditReason};
use crate::domain::case::*;
use crate::domain::importing::Importing;
use crate::domain::node::{Node, Path, Step};
use crate::domain::record::{Fields, Part, Shape};
use crate::domain::scalars::{ItemId, ItemRef, PersonId, Stated};
use crate::domain::workflow::stage_of;

/// A case on the way back from a commit to the one before it.
pub(super) struct Undoing<'a> {
    named: &'a [Named],
    before: Option<&'a Case>,
    /// The case as the actions that are not yet undone left it.
    pub case: Case,
}

/// Takes the last item off a list, where it is the one that is named.
macro_rules! last {
    ($list:expr, $item:expr) => {{
        let named = $list.last().is_some_and(|last| $item.is_none_or(|item| last.id.as_str() == item));
        if named { $list.pop()? } else { return None }
    }};
}

impl<'a> Undoing<'a> {
    pub(super) fn of(named: &'a [Named], before: Option<&'a Case>, after: &Case) -> Undoing<'a> {
        Undoing { named, before, case: after.clone() }
    }

    /// Undoes the action at `position`, which is the last one that is not undone: the action.
    pub(super) fn action(&mut self, position: usize) -> Option<Action> {
        let Named { kind, item } = self.named.get(position)?;
        let opens = position == 0 && self.before.is_none();
        let action = match kind {
            ActionKind::New | ActionKind::Import if !opens => return None,
            ActionKind::New => Action::New(self.case.reference.clone(), Box::new(opening(&self.case))),
            ActionKind::Import => {
                Action::Import(self.case.reference.clone(), Box::new(Importing::read_back(&self.case)?))
            }
            kind => self.later(*kind, item.as_deref(), position)?,
        };
        if !opens {
            self.case.stage = stage_of(&self.case);
        }
        Some(action)
    }

    /// Undoes an action to a case that was there.
    fn later(&mut self, kind: ActionKind, item: Option<&str>, position: usize) -> Option<Action> {
        let case = &mut self.case;
        Some(match kind {
            ActionKind::Check => Action::Check(last!(case.checks, item)),
            ActionKind::Screen => Action::Screen(case.screening.take()?),
            ActionKind::Interview => Action::Interview(case.interview.take()?),
            ActionKind::Assess => Action::Assess(case.assessment.take()?),
            ActionKind::Decide => Action::Decide(Box::new(case.decision.take()?)),
            ActionKind::Disclose => Action::Disclose(Box::new(last!(case.disclosures, item))),
            ActionKind::Inform => Action::Inform(case.informed.take()?),
            ActionKind::Close => Action::Close(case.closure.take()?),
            ActionKind::Urgent => Action::Urgent(last!(case.urgent, item)),
            ActionKind::Refer => Action::Refer(last!(case.referrals, item)),
            ActionKind::Extend => Action::Extend(last!(case.extensions, item)),
            ActionKind::Contact => Action::Contact(last!(case.contacts, item)),
            ActionKind::Note => Action::Note(last!(case.notes, item)),
            ActionKind::Withdraw => Action::Withdraw(case.withdrawal.take()?),
            ActionKind::Reroute => {
                let rerouting = last!(case.rerouted, item);
                case.route = rerouting.route_before?;
                Action::Reroute(rerouting)
            }
            ActionKind::Assign => self.assignment(item)?,
            ActionKind::Link => Action::Link(last!(case.links, item)),
            ActionKind::Letter if item.is_some() => Action::Letter(vec![last!(case.letters, item)]),
            ActionKind::Letter => Action::Letter(self.letters()?),
            ActionKind::Sent => Action::Sent(self.sent(item)?),
            ActionKind::Reopen => {
                let reopening = last!(case.reopened, item);
                put_back(case, reopening.set_aside.clone()?);
                Action::Reopen(reopening)
            }
            ActionKind::Correct => {
                let correction = last!(case.corrections, item);
                self.uncorrect(&correction, position)?;
                Action::Correct(correction)
            }
            ActionKind::New
            | ActionKind::Import
            | ActionKind::Edit
            | ActionKind::Settings
            | ActionKind::Person
            | ActionKind::Authorise
            | ActionKind::Export => return None,
        })
    }

    /// Whether undoing everything led to the case before.
    pub(super) fn arrived(mut self) -> bool {
        let Some(before) = self.before else { return true };
        // These follow from what is recorded and from the settings: they are no part of what an action did.
        self.case.format = before.format;
        self.case.guidance.clone_from(&before.guidance);
        self.case == *before
    }

    /// The trailer says who looked after the case before. In rule book 1 it does not: then only one assignment can be told.
    fn assignment(&mut self, item: Option<&str>) -> Option<Action> {
        let owner = self.case.owner.take()?;
        self.case.owner = match item {
            None => self.before?.owner.clone(),
            Some(item) => {
                let (from, to) = match item.split_once("->") {
                    Some((from, to)) => (Some(PersonId::new(from).ok()?), to),
                    None => (None, item),
                };
                if owner.as_str() != to {
                    return None;
                }
                from
            }
        };
        Some(Action::Assign(Assignment { owner }))
    }

    /// In rule book 1 several letters could be made by one action: all that the case did not have before.
    fn letters(&mut self) -> Option<Vec<Letter>> {
        let had = self.before?.letters.len();
        let new = self.case.letters.split_off(had.min(self.case.letters.len()));
        (!new.is_empty()).then_some(new)
    }

    /// The letter that was sent; in rule book 1 the one that is sent now and was not before.
    fn sent(&mut self, item: Option<&str>) -> Option<Dispatch> {
        let before = self.before;
        let unsent = |position: usize| {
            before.and_then(|case| case.letters.get(position)).is_none_or(|letter| letter.sent.is_none())
        };
        let mut letters = self.case.letters.iter_mut().enumerate();
        let (_, letter) = letters.find(|(position, letter)| match item {
            Some(item) => letter.id.as_str() == item,
            None => letter.sent.is_some() && unsent(*position),
        })?;
        let Sending { by, recorded_by, at, late } = letter.sent.take()?;
        Some(Dispatch { letter: ItemRef(letter.id.clone()), by, recorded_by, at, late })
    }

    /// Gives the corrected fact its old value. Only the field of the case in which it stands is looked at.
    fn uncorrect(&mut self, correction: &Correction, position: usize) -> Option<()> {
        let path = Path::recorded(correction.path.as_str());
        let Some(Step::Key(field)) = path.0.first() else { return None };
        if field == "stage" {
            let reopening = self.case.reopened.pop_if(|reopening| reopening.id == correction.id)?;
            put_back(&mut self.case, reopening.set_aside?);
            return Some(());
        }
        let written = self.case.write_field(field);
        let mut tree = Node::Map(written.into_iter().map(|value| (field.clone(), value)).collect());
        let above = path.above();
        let in_list = matches!(Case::SHAPE.at(&above), Some(Shape::List(_)));
        match (&correction.was, &correction.now) {
            (None, _) => {
                tree.remove(&path)?;
            }
            (Some(was), None) if in_list => {
                let place = self.place_in_list(&path, &tree, position);
                let list = tree.place(&above)?;
                if matches!(list, Node::Null) {
                    *list = Node::List(Vec::new());
                }
                let Node::List(items) = list else { return None };
                items.insert(place.min(items.len()), was.clone());
            }
            (Some(was), _) => tree.set(&path, was.clone()).then_some(())?,
        }
        self.case.read_field(field, tree.get(field))
    }

    /// Where in its list an item stood that a correction took out: before the items that came into the list later.
    fn place_in_list(&self, path: &Path, tree: &Node, position: usize) -> usize {
        let Some(Step::Key(taken)) = path.0.last() else {
            return match path.0.last() {
                Some(Step::Index(index)) => *index,
                _ => usize::MAX,
            };
        };
        let above = path.above();
        let ids = |node: Option<&Node>| match node {
            Some(Node::List(items)) => items.iter().filter_map(|item| item.id().map(str::to_owned)).collect(),
            _ => Vec::new(),
        };
        let field = path.0.first().and_then(|step| if let Step::Key(key) = step { Some(key) } else { None });
        let before = self.before.zip(field).and_then(|(case, field)| {
            let value = case.write_field(field)?;
            Some(Node::Map(vec![(field.clone(), value)]))
        });
        let had: Vec<String> = ids(before.as_ref().and_then(|tree| tree.at(&above)));
        let added = self.named[..position].iter().filter_map(|named| named.item.as_deref());
        let order: Vec<&str> = had.iter().map(String::as_str).chain(added).collect();
        let rank = |id: &str| order.iter().position(|known| *known == id).unwrap_or(usize::MAX);
        let here: Vec<String> = ids(tree.at(&above));
        here.iter().take_while(|id| rank(id) < rank(taken)).count()
    }
}

/// Puts records back that a return to an earlier stage had set aside.
fn put_back(case: &mut Case, aside: SetAside) {
    fn back<T>(record: &mut Option<T>, aside: Option<T>) {
        if aside.is_some() {
            *record = aside;
        }
    }
    back(&mut case.screening, aside.screening);
    back(&mut case.interview, aside.interview);
    back(&mut case.assessment, aside.assessment);
    back(&mut case.decision, aside.decision);
    back(&mut case.informed, aside.informed);
    back(&mut case.closure, aside.closure);
    if !aside.disclosures.is_empty() {
        case.disclosures = aside.disclosures;
    }
}

/// A file that somebody edited by hand: the only action of its commit on that case.
pub(super) fn edited(before: Option<&Case>, after: &Case, item: Option<&str>) -> Option<Action> {
    let taken_in = |case: Case, reason, ids| Some(Action::Edit(Box::new(case), reason, ids));
    let Some(before) = before else {
        return item
            .is_none_or(|item| item == WHOLE_FILE)
            .then(|| after.clone())
            .and_then(|case| taken_in(case, None, Vec::new()));
    };
    let mut case = after.clone();
    let new = case.corrections.split_off(before.corrections.len().min(case.corrections.len()));
    if case.corrections != before.corrections {
        return None;
    }
    let ids: Vec<ItemId> = new.iter().map(|correction| correction.id.clone()).collect();
    let name = ids.first().map_or(LINE_FOR_EDITORS, |id| id.as_str());
    if item.is_some_and(|item| item != name) {
        return None;
    }
    let Some(first) = new.first() else {
        let same = case == Case { modeline: case.modeline.clone(), ..before.clone() };
        return (same && case.modeline != before.modeline)
            .then_some(case)
            .and_then(|case| taken_in(case, None, ids));
    };
    let reason = EditReason {
        by: first.by.clone(),
        at: first.at.clone(),
        code: first.code,
        reason: first.reason.clone(),
    };
    taken_in(case, Some(reason), ids)
}

/// What a case was opened with.
fn opening(case: &Case) -> Opening {
    Opening {
        route: case.route,
        received: case.received.clone(),
        owner: case.owner.clone(),
        applicant: case.applicant.clone(),
        subject: case.subject.clone(),
        children: Stated(case.children.clone()),
        concern: case.concern.clone(),
        signals: case.signals.clone(),
    }
}
