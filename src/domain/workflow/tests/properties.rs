//! Properties of the door, whatever is asked of it, by whom and in whatever order: the stages keep their order (S1), a
//! refusal changes nothing, every case it makes is consistent, is read as it was written, and is made again by replaying
//! what its files show; and no message holds a personal fact.

use proptest::prelude::*;
use proptest::strategy::ValueTree;

use super::attempts::{self, Assessors};
use super::changes::edit_action;
use super::given::*;
use crate::domain::action::{Action, ActionKind as A};
use crate::domain::case::{Case, Correction, Reopening, Rerouting, Route, Stage};
use crate::domain::clocks::Reading;
use crate::domain::history::{self, Named};
use crate::domain::node::Node;
use crate::domain::record::Part;
use crate::domain::row::Row;
use crate::domain::time::Instant;
use crate::domain::workflow::{Refusal, consistency};
use crate::domain::{deadlines, findings, story};
use crate::store::{files, yaml};

const ACTORS: &[&str] = &["all", "d.osei", "s.khan", "m.reid", "r.patel", "gone", "p.auditor"];

/// One step: what is tried (what the case needs next, or anything), by whom, with which of its answers, and how many hours after the step before.
#[derive(Debug, Clone)]
struct Step {
    guided: bool,
    kind: usize,
    actor: usize,
    variant: usize,
    hours: i64,
    late: i64,
    /// Whom the step names besides, where it names anybody.
    named: Option<usize>,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    // Most steps are tried by the one with every role, soon after the one before, and most are not entered late.
    let step = (
        prop::bool::weighted(0.6),
        0..STEPS.len(),
        0..20_usize,
        0..16_usize,
        0..40_i64,
        -4..60_i64,
        prop::option::weighted(0.2, 0..ACTORS.len()),
    )
        .prop_map(|(guided, kind, actor, variant, hours, late, named)| Step {
            guided,
            kind,
            actor,
            variant,
            hours,
            late,
            named,
        });
    prop::collection::vec(step, 1..60)
}

/// What may be tried, the work of the stages more than once so that lives get far.
const STEPS: &[A] = &[
    A::Check,
    A::Check,
    A::Check,
    A::Screen,
    A::Screen,
    A::Interview,
    A::Interview,
    A::Assess,
    A::Assess,
    A::Decide,
    A::Decide,
    A::Decide,
    A::Disclose,
    A::Disclose,
    A::Inform,
    A::Close,
    A::Urgent,
    A::Refer,
    A::Extend,
    A::Contact,
    A::Note,
    A::Withdraw,
    A::Reroute,
    A::Assign,
    A::Link,
    A::Letter,
    A::Sent,
    A::Reopen,
    A::Correct,
    A::Correct,
    A::Correct,
    A::Edit,
    A::Edit,
];

/// The action of a step; checks come for a whole phase at a time so that lives get far.
fn actions(given: &mut Given, kind: A, step: &Step, when: &str, actor: &str) -> Vec<Result<Action, Refusal>> {
    let case = given.case().clone();
    let at = at(when).plus_seconds(-step.late.max(50).saturating_sub(50) * 3_600);
    match kind {
        A::Check => {
            let result = ["no_trace", "no_trace", "no_trace", "awaiting"][step.variant % 4];
            let systems = if step.variant.is_multiple_of(2) { INITIAL } else { FULL };
            let check =
                |system: &&str| format!("{{system: {system}, phase: full, result: {result}, at: {at}}}");
            systems.iter().map(|system| given.action(actor, when, kind, &check(system))).collect()
        }
        A::Letter => vec![Ok(attempts::letter(given, actor, when, step.variant))],
        A::Edit => {
            if let Some(person) = step.named {
                return vec![Ok(attempts::edit_a_name(&case, ACTORS[person], step.variant, actor, when))];
            }
            let mut edited = case.clone();
            edited.subject.description = Some(case.concern.clone());
            if step.variant.is_multiple_of(2) {
                edited.notes.pop();
            }
            vec![Ok(edit_action(&case, &edited, actor, when))]
        }
        A::Correct => {
            let text = match step.named {
                Some(person) => attempts::correct_a_name(&case, ACTORS[person], step.variant).1,
                None => attempts::answers(kind, step.variant, &case),
            };
            vec![given.action(actor, when, kind, &text)]
        }
        A::Assign | A::Close | A::Reopen => {
            vec![given.action(actor, when, kind, &attempts::answers(kind, step.variant, &case))]
        }
        _ => {
            let text = attempts::answers(kind, step.variant, &case);
            let by = step.named.map(|person| format!("by: {}", ACTORS[person]));
            let by_whom = step.named.map_or("all", |person| ACTORS[person]);
            let text = text.replace("authorised_by: all", &format!("authorised_by: {by_whom}"));
            let text = match (text.strip_prefix('{'), by) {
                (Some("}"), _) => text,
                (Some(flow), None) => format!("{{at: {at}, {flow}"),
                (Some(flow), Some(by)) => format!("{{at: {at}, {by}, {flow}"),
                (None, by) => format!("at: {at}\n{}\n{text}", by.unwrap_or_default()),
            };
            vec![given.action(actor, when, kind, &text)]
        }
    }
}

/// S1: what one accepted action may make of the stage.
fn follows(before: &Case, kind: A, after: &Case) -> bool {
    match kind {
        A::Screen | A::Interview | A::Assess | A::Decide => {
            after.stage >= before.stage && after.stage < Stage::Closed
        }
        A::Close => after.stage == Stage::Closed,
        A::Reopen => before.stage == Stage::Closed && after.stage < Stage::Closed,
        A::Reroute => {
            after.stage == before.stage
                || (before.stage, after.stage) == (Stage::Interview, Stage::Assessment)
        }
        A::Correct => after.stage <= before.stage,
        _ => after.stage == before.stage,
    }
}

fn holds_no_secret(text: &str) {
    assert!(!text.contains(SECRET), "a personal fact in: {text}");
}

fn check_accepted(given: &Given, before: &Case, action: &Action, after: &Case, actor: &str, when: &str) {
    let kind = action.kind();
    assert!(follows(before, kind, after), "{kind}: {} to {}", before.stage, after.stage);
    let problems = consistency::check(after, &given.settings);
    assert_eq!(problems, [], "after {kind}");
    // Saved and read, it is the same, to the byte.
    let bytes = files::write_case(after).unwrap();
    let read = files::read_case(&bytes).unwrap();
    assert_eq!(&read, after);
    assert_eq!(yaml::write(&read.write().unwrap()).as_bytes(), bytes);
    // What the two files show, done again, gives the same.
    let named = history::names(action, Some(before));
    let told =
        history::told_apart(&named, Some(before), after).unwrap_or_else(|| panic!("{kind} is not shown"));
    let mut again = given.clone();
    for told in &told {
        again.case = Some(again.apply(actor, when, &told.action).unwrap());
    }
    assert_eq!(again.case(), after, "replaying {kind}");
    // Every view of it can be made.
    let now = at(when);
    findings::next(after, now, &given.settings);
    findings::warnings(after, now, &given.settings);
    deadlines::readings(after, now, &given.settings).unwrap();
    assert!(told.iter().all(|told| !story::sentence(told, &given.settings).is_empty()));
    row_stands_as_the_case(after, now, given);
    holds_no_secret(&format!("{after:?} {action:?}"));
}

/// All that was done to a case, as if it had been done in one commit.
struct Batch {
    before: Case,
    named: Vec<Named>,
    done: Vec<Action>,
}

impl Batch {
    /// One more action. An edit has a commit of its own: what comes after it is a new batch.
    fn add(&mut self, action: &Action, before: &Case, after: &Case) {
        if action.kind() == A::Edit {
            *self = Batch::after(after);
            return;
        }
        let named = history::names(action, Some(before));
        // As it is read back alone: then it says who entered its record (R4).
        let told = history::told_apart(&named, Some(before), after).unwrap();
        self.done.extend(told.into_iter().map(|told| told.action));
        self.named.extend(named);
    }

    /// Nothing was done yet to this case.
    fn after(case: &Case) -> Batch {
        Batch { before: case.clone(), named: Vec::new(), done: Vec::new() }
    }

    /// Every action is read back as it was done, whatever came after it.
    fn told_apart(&self, after: &Case) {
        let told = history::told_apart(&self.named, Some(&self.before), after)
            .unwrap_or_else(|| panic!("{:?} are not told apart", self.named));
        for (told, done) in told.iter().zip(&self.done) {
            assert_eq!(kept(&told.action), kept(done));
        }
        assert_eq!(told.len(), self.done.len());
    }
}

/// An action without what the case says of it only once it is recorded.
fn kept(action: &Action) -> Action {
    match action.clone() {
        Action::Reopen(reopening) => Action::Reopen(Reopening { set_aside: None, ..reopening }),
        Action::Correct(correction) => Action::Correct(Correction { was: None, ..correction }),
        Action::Reroute(rerouting) => {
            Action::Reroute(Rerouting { route_before: None, route_after: None, ..rerouting })
        }
        action => action,
    }
}

/// What a row says at any moment is what the case itself says then.
fn row_stands_as_the_case(case: &Case, now: Instant, given: &Given) {
    let (settings, zone) = (&given.settings, given.settings.zone());
    let row = Row::of(case, settings).unwrap();
    let days = (-2..70).step_by(3).map(|days| now.plus_seconds(days * 86_400));
    let turning = row.turns.iter().filter_map(|turn| turn.from).flat_map(|at| [at, at.plus_seconds(-1)]);
    for at in days.chain(turning) {
        let readings = deadlines::readings(case, at, settings).unwrap();
        let pressing = deadlines::most_pressing(&readings);
        let standing = row.standing(at, zone);
        assert_eq!(row.pressing.map(|pressing| pressing.clock), pressing.map(|reading| reading.name));
        assert_eq!(row.pressing.map(|pressing| pressing.due), pressing.map(Reading::due_that_counts));
        assert_eq!(standing.overdue, readings.iter().any(deadlines::is_overdue));
        assert_eq!(standing.stands, pressing.map(|reading| reading.in_words(zone)).unwrap_or_default());
        assert_eq!(standing.next, findings::next(case, at, settings).action, "{} at {at}", case.stage);
    }
}

/// A refusal holds no personal fact, whatever is made of it.
fn check_refused(refusal: Refusal, kind: A) {
    holds_no_secret(&format!("{refusal:?}"));
    let error = refusal.into_error(kind);
    let problems: Vec<String> = error.problems.iter().map(ToString::to_string).collect();
    holds_no_secret(&format!("{error} {error:?} {problems:?}"));
}

/// Lives a random life: how far it came, and whether it was decided on the way.
fn live(mut given: Given, steps: &[Step]) -> (Stage, bool) {
    let mut now = given.case().imported.as_ref().map_or(at("02 09:30"), |imported| imported.at.0);
    let mut farthest = Stage::InitialChecks;
    let mut decided = false;
    let mut batch = Batch::after(given.case());
    let mut assessors = Assessors::default();
    let importer = given.case().imported.as_ref().map_or("all", |imported| imported.by.0.as_str()).to_owned();
    assessors.follow(None, given.case(), &importer);
    for step in steps {
        now = now.plus_seconds(step.hours * 1_800);
        let when = now.to_string();
        let next = findings::next(given.case(), now, &given.settings).action;
        let kind = next.filter(|_| step.guided).unwrap_or(STEPS[step.kind]);
        let actor = ACTORS.get(step.actor).copied().unwrap_or("d.osei");
        let actor = if kind == A::Decide && step.actor > 6 { "m.reid" } else { actor };
        let actor = match kind {
            A::Close | A::Reopen | A::Reroute | A::Assign | A::Edit if step.actor > 6 => "s.khan",
            _ => actor,
        };
        // No path passes in another spelling, whoever writes it.
        if kind == A::Correct {
            let (path, _) = attempts::correct_a_name(given.case(), "all", step.variant);
            let path = attempts::misspelt(&path, step.variant);
            let text = format!("{{path: '{path}', now: all, code: mistake, reason: Zzyzx}}");
            assert!(given.tried(actor, &when, A::Correct, &text).is_err(), "{path}");
        }
        for action in actions(&mut given, kind, step, &when, actor) {
            let before = given.case().clone();
            let tried =
                action.and_then(|action| given.apply(actor, &when, &action).map(|case| (action, case)));
            match tried {
                Ok((action, after)) => {
                    check_accepted(&given, &before, &action, &after, actor, &when);
                    batch.add(&action, &before, &after);
                    assessors.follow(Some(&before), &after, actor);
                    attempts::check_names(&after);
                    farthest = farthest.max(after.stage);
                    decided |= kind == A::Decide;
                    given.case = Some(after);
                    batch.told_apart(given.case());
                }
                Err(refusal) => {
                    assert_eq!(given.case(), &before);
                    check_refused(refusal, kind);
                }
            }
        }
        // At times the file moves to a store that does not have it, and the life goes on there.
        if step.variant == 15 && kind == A::Edit {
            match attempts::added_by_hand(&given, actor, &when) {
                Ok(case) => {
                    assert_eq!(consistency::check(&case, &given.settings), []);
                    assessors.follow(None, &case, actor);
                    attempts::check_names(&case);
                    batch = Batch::after(&case);
                    given.case = Some(case);
                }
                Err(refusal) => check_refused(refusal, A::Edit),
            }
        }
    }
    (farthest, decided)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn s1_whatever_happens_right_to_ask_stays_in_order(steps in steps()) {
        live(Given::at(Stage::InitialChecks, Route::RightToAsk), &steps);
    }

    #[test]
    fn s1_whatever_happens_right_to_know_stays_in_order(steps in steps()) {
        live(Given::at(Stage::InitialChecks, Route::RightToKnow), &steps);
    }

    #[test]
    fn r4_r6_whatever_happens_to_an_imported_case_nobody_decides_who_assessed(steps in steps(), at in 0..3_usize) {
        live(attempts::imported(at), &steps);
    }
}

/// The random lives are worth something only where many of them come far.
#[test]
fn random_lives_come_far() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut closed, mut decisions) = (0, 0);
    for _ in 0..8 {
        let life = prop::collection::vec(steps(), 3).new_tree(&mut runner).unwrap().current().concat();
        let (farthest, decided) = live(Given::at(Stage::InitialChecks, Route::RightToAsk), &life);
        closed += usize::from(farthest == Stage::Closed);
        decisions += usize::from(decided);
    }
    assert!(closed > 1 && decisions > 1, "{closed} closed, {decisions} decided");
}

#[test]
fn o3_x1_no_part_of_a_case_is_shown_by_debug() {
    let given = Given::at(Stage::Closed, Route::RightToAsk);
    holds_no_secret(&format!("{:?}", given.case()));
    fn private(node: &Node) -> usize {
        match node {
            Node::Map(entries) => entries.iter().map(|(_, node)| private(node)).sum(),
            Node::List(items) => items.iter().map(private).sum(),
            Node::Text { text, private } if text.contains(SECRET) => {
                assert!(*private);
                1
            }
            _ => 0,
        }
    }
    let tree = given.case().write().unwrap();
    assert!(private(&tree) > 10);
}

#[test]
fn a_new_case_is_shown_by_its_file() {
    let mut given = Given::nothing();
    given.done("r.patel", "02 09:30", A::New, ASKED);
    let named = Named { kind: A::New, item: Some("received".into()) };
    let shown = history::told_apart(&[named], None, given.case()).unwrap().remove(0);
    let again = Given::nothing().apply("r.patel", "02 09:30", &shown.action).unwrap();
    assert_eq!(&again, given.case());
}
