//! R4, R6, C10: the rules look at what differs between two versions of a case. Whatever the case and the change are, they
//! answer as if they compared all of both.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::attempts;
use super::changes::edit_action;
use super::given::*;
use crate::domain::action::{Action, ActionKind as A};
use crate::domain::case::{Case, Correction, Note, Reopening, Route, Stage};
use crate::domain::node::Node;
use crate::domain::record::{self, Part as _, Reader};
use crate::domain::reference::Chance;
use crate::domain::scalars::{At, By, ItemId, PersonId, Private, Prose};
use crate::domain::settings::Settings;
use crate::domain::workflow::closing;
use crate::domain::workflow::consistency::{ids, moments};
use crate::domain::workflow::entering::{Differing, entered};
use crate::domain::workflow::people::{against_all, changed, named};

const ACTORS: [&str; 4] = ["d.osei", "all", "p.auditor", "gone"];

/// Cases with some of every record. Made once: only the changes are random.
fn cases() -> Vec<Case> {
    let mut convicted = Given::to_disclose();
    let recipients = |given: &Given| given.case().decision.as_ref().unwrap().recipients.clone();
    for recipient in recipients(&convicted) {
        convicted.done("d.osei", "20 10:00", A::Disclose, &told(recipient.id.as_str()));
    }
    let extend = "{clock: whole, until: 2026-04-10, reason: x, authorised_by: s.khan, applicant_told: {told: false, reason: x}}";
    let mut asked = Given::at(Stage::Assessment, Route::RightToAsk);
    asked.done("s.khan", "10 10:00", A::Extend, extend);
    for given in [&mut convicted, &mut asked] {
        given.done("d.osei", "20 10:00", A::Note, "{text: x, by: s.khan}");
        given.done("s.khan", "20 11:00", A::Note, "text: x");
        given.done("d.osei", "20 12:00", A::Urgent, "action: x");
        given.done("d.osei", "20 12:00", A::Refer, "{to: social_care, reason: x}");
        given.done(
            "d.osei",
            "20 12:00",
            A::Correct,
            "{path: subject.occupation, now: x, code: mistake, reason: x}",
        );
    }
    let mut sent_back = convicted.clone();
    let back = "{path: stage, now: assessment, code: mistake, reason: x}";
    sent_back.done("d.osei", "21 10:00", A::Correct, back);
    let closed = Given::at(Stage::Closed, Route::RightToAsk);
    [convicted, asked, sent_back, closed, attempts::imported(1)].map(|given| given.case().clone()).to_vec()
}

/// Makes one random change after the other.
struct Changes(Chance);

impl Changes {
    /// A number below `bound`, which is not 0.
    fn below(&mut self, bound: usize) -> usize {
        self.0.below(1 << 16) % bound
    }

    fn person(&mut self) -> PersonId {
        PersonId::new(ACTORS[self.below(ACTORS.len())]).unwrap()
    }

    fn id(&mut self) -> ItemId {
        ItemId::random(&mut self.0)
    }

    /// The case with one change, which need not be one that any command makes.
    fn change(&mut self, case: &Case) -> Case {
        let mut case = case.clone();
        match self.below(8) {
            0 => self.set_aside(&mut case),
            1 => {
                let (id, by, at) = (self.id(), By(self.person()), At(at("22 10:00")));
                let text = Private::new(Prose::new("x").unwrap());
                case.notes.push(Note { id, by, recorded_by: None, at, late: None, text });
            }
            2 => {
                let at = At(at(["01 08:00", "22 08:00", "30 08:00"][self.below(3)]));
                match self.below(3) {
                    0 => case.received.at = at,
                    1 => case.notes.iter_mut().for_each(|note| note.at = at.clone()),
                    _ => case.assessment.iter_mut().for_each(|record| record.at = at.clone()),
                }
            }
            3 | 4 => {
                let mut tree = case.write().unwrap();
                let named = named(&case);
                let mention = &named[self.below(named.len())];
                tree.set(&mention.path, Node::text(self.person().as_str()));
                return readable(&tree).unwrap_or(case);
            }
            _ => {
                let mut tree = case.write().unwrap();
                self.in_a_list(&mut tree);
                return readable(&tree).unwrap_or(case);
            }
        }
        case
    }

    /// A return to an earlier stage.
    fn set_aside(&mut self, case: &mut Case) {
        let reopening = Reopening {
            id: self.id(),
            by: By(self.person()),
            recorded_by: None,
            at: At(at("22 09:00")),
            late: None,
            to: Stage::ALL[self.below(5)],
            reason: Private::new(Prose::new("x").unwrap()),
            set_aside: None,
        };
        closing::set_aside(case, &reopening);
    }

    /// Takes an item out of a list, moves it, adds it once more, or takes out or adds who recorded it.
    fn in_a_list(&mut self, tree: &mut Node) {
        let Node::Map(entries) = tree else { panic!("a case is a map") };
        let mut lists: Vec<&mut Vec<Node>> = entries
            .iter_mut()
            .filter_map(|(_, value)| match value {
                Node::List(items) if !items.is_empty() => Some(items),
                _ => None,
            })
            .collect();
        let chosen = self.below(lists.len());
        let items = &mut *lists[chosen];
        let (from, to) = (self.below(items.len()), self.below(items.len()));
        match self.below(5) {
            0 => drop(items.remove(from)),
            1 => items.swap(from, to),
            2 => {
                let mut item = items[from].clone();
                item.set(&"id".into(), Node::text(self.id().as_str()));
                items.insert(to, item);
            }
            3 => drop(items[from].remove(&"recorded_by".into())),
            _ => drop(items[from].set(&"recorded_by".into(), Node::text(self.person().as_str()))),
        }
    }
}

fn readable(tree: &Node) -> Option<Case> {
    record::read::<Case>(tree, Reader::strict()).ok()
}

/// What could have changed `before` into `after`: it says where a problem is shown, and what is judged elsewhere.
fn actions(before: &Case, after: &Case) -> Vec<Action> {
    let mut actions = vec![edit_action(before, after, "all", "25 10:00")];
    actions.extend(after.corrections.last().cloned().map(Action::Correct));
    actions.extend(after.notes.last().cloned().map(Action::Note));
    actions.extend(after.checks.last().cloned().map(Action::Check));
    actions
}

/// Compares every answer about this change; whether anybody was refused, and whether a `recorded_by` was set.
fn compare(before: &Case, after: &Case, actor: &PersonId, settings: &Settings) -> (bool, bool) {
    let whole = || Differing { before: before.write(), after: after.write() };
    let reduced = || Differing::between(Some(before), after);
    let mut refused = false;
    for action in actions(before, after) {
        let answer = changed(Some(before), &action, after, &reduced(), settings);
        assert_eq!(answer, against_all(Some(before), &whole(), &action, after, settings), "R6");
        refused |= !answer.is_empty();
    }
    let by_reduced = entered(Some(before), after.clone(), reduced(), actor);
    assert_eq!(by_reduced, entered(None, after.clone(), whole(), actor), "R4");
    (refused, by_reduced != *after)
}

/// C10: no moment of the case lies after its latest.
fn latest_is_latest(case: &Case) {
    let latest = moments(case).into_iter().map(|(_, at)| at).max();
    assert!(case.latest() >= latest, "{:?} {latest:?}", case.latest());
}

/// The ids that are given one by one are those that stand in the file.
fn ids_are_those_of_the_file(case: &Case) {
    fn walk(node: &Node, found: &mut Vec<String>) {
        match node {
            Node::Map(entries) => {
                found.extend(node.id().map(str::to_owned));
                entries.iter().for_each(|(_, value)| walk(value, found));
            }
            Node::List(items) => items.iter().for_each(|item| walk(item, found)),
            _ => {}
        }
    }
    // A correction may quote records with ids of their own.
    let quotes = |correction: &Correction| Correction { was: None, now: None, ..correction.clone() };
    let case = Case { corrections: case.corrections.iter().map(quotes).collect(), ..case.clone() };
    let (mut given, mut written) = (Vec::new(), Vec::new());
    case.each_id(None, &mut |_, id| given.push(id.to_owned()));
    walk(&case.write().unwrap(), &mut written);
    given.sort();
    written.sort();
    assert_eq!(given, written);
}

/// Compares the answers for a random change of each case: how many were compared, refused, and given a `recorded_by`.
fn compare_random(cases: &[Case], seed: u64, counts: &mut [usize; 3]) {
    let (mut changes, settings) = (Changes(Chance::from_seed(seed)), settings());
    for case in cases {
        let mut before = case.clone();
        for _ in 0..changes.below(3) {
            before = changes.change(&before);
        }
        let mut after = before.clone();
        for _ in 0..=changes.below(4) {
            after = changes.change(&after);
        }
        latest_is_latest(&after);
        ids_are_those_of_the_file(&after);
        // Any other is refused, whoever stands in it.
        if ids(&before).is_empty() && ids(&after).is_empty() {
            let (refused, entered) = compare(&before, &after, &changes.person(), &settings);
            counts[0] += 1;
            counts[1] += usize::from(refused);
            counts[2] += usize::from(entered);
        }
    }
}

static CASES: LazyLock<Vec<Case>> = LazyLock::new(cases);

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn r4_r6_what_differs_is_judged_as_the_whole_case(seed in any::<u64>()) {
        compare_random(&CASES, seed, &mut [0; 3]);
    }
}

/// The comparison is worth something only where much is compared, refused and entered.
#[test]
fn random_changes_ask_much() {
    let mut counts = [0; 3];
    (0..32).for_each(|seed| compare_random(&CASES, seed, &mut counts));
    let [compared, refused, entered] = counts;
    assert!(compared > 100 && refused > 40 && entered > 40, "{counts:?}");
}
