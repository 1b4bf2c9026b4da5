//! Several actions of one commit, each read back whatever came after it.

use super::{Named, WHOLE_FILE, names, told_apart};
use crate::domain::action::{Action, ActionKind as A};
use crate::domain::case::{Case, Route, Stage};
use crate::domain::scalars::PersonId;
use crate::domain::workflow::tests::given::*;

/// A commit in the making.
struct Commit {
    given: Given,
    before: Option<Case>,
    named: Vec<Named>,
    /// Who gives the command.
    actor: Option<String>,
}

impl Commit {
    fn on(given: Given) -> Commit {
        Commit { before: given.case.clone(), named: Vec::new(), actor: None, given }
    }

    fn add(&mut self, actor: &str, when: &str, kind: A, answers: &str) -> &mut Commit {
        let one = self.actor.get_or_insert_with(|| actor.to_owned());
        assert_eq!(one, actor, "a commit has one actor");
        let action = self.given.action(actor, when, kind, answers).unwrap();
        let after = self.given.apply(actor, when, &action).unwrap();
        self.named.extend(names(&action, self.given.case.as_ref()));
        self.given.case = Some(after);
        self
    }

    /// The actions as the history shows them, in words and with their stages.
    fn told(&self) -> Vec<String> {
        let told = told_apart(&self.named, self.before.as_ref(), self.given.case()).unwrap();
        // Done again, they give the case.
        let mut again = self.given.clone();
        again.case = self.before.clone();
        let actor = self.actor.as_deref().unwrap();
        for told in &told {
            again.case = Some(again.apply(actor, "30 10:00", &told.action).unwrap());
        }
        assert_eq!(again.case(), self.given.case());
        told.iter().map(|told| crate::domain::story::sentence(told, &self.given.settings)).collect()
    }
}

#[test]
fn two_assignments_of_one_case_are_told_apart() {
    let mut commit = Commit::on(Given::at(Stage::Interview, Route::RightToAsk));
    commit.add("s.khan", "20 10:00", A::Assign, "owner: d.osei");
    commit.add("s.khan", "20 10:01", A::Assign, "owner: all");
    let items: Vec<&str> = commit.named.iter().filter_map(|named| named.item.as_deref()).collect();
    assert_eq!(items, ["d.osei", "d.osei->all"]);
    assert_eq!(commit.told(), ["passed it to d.osei", "passed it from d.osei to all"]);
}

#[test]
fn an_opening_with_an_owner_and_an_assignment_are_told_apart() {
    let mut commit = Commit::on(Given::nothing());
    commit.add("all", "02 09:30", A::New, &format!("{}\nowner: d.osei", ASKED.trim_end()));
    commit.add("all", "02 09:31", A::Assign, "owner: all");
    let told = told_apart(&commit.named, None, commit.given.case()).unwrap();
    let Action::New(_, opening) = &told[0].action else { panic!("{:?}", told[0]) };
    assert_eq!(opening.owner.as_ref().map(PersonId::as_str), Some("d.osei"));
    assert_eq!(commit.told().len(), 2);
}

#[test]
fn records_that_a_return_set_aside_are_told_apart_from_those_made_again() {
    let mut commit = Commit::on(Given::at(Stage::InitialChecks, Route::RightToAsk));
    for system in INITIAL {
        let check = format!("{{system: {system}, phase: initial, result: no_trace}}");
        commit.add("all", "02 10:00", A::Check, &check);
    }
    commit.add("all", "02 11:00", A::Screen, "{immediate_risk: true, within_scheme: true, reason: x}");
    commit.add("all", "02 11:10", A::Correct, "{path: stage, now: initial_checks, code: mistake, reason: x}");
    commit.add("all", "02 11:20", A::Screen, WITHIN);
    let told = commit.told();
    assert!(told[4].starts_with("screened it: IMMEDIATE RISK, within the scheme"), "{told:?}");
    assert!(told[4].ends_with("the case went from initial_checks to interview"), "{told:?}");
    assert!(told[5].ends_with("the case went from interview to initial_checks"), "{told:?}");
    assert!(told[6].starts_with("screened it: no immediate risk"), "{told:?}");
}

#[test]
fn a_fact_corrected_twice_keeps_each_of_its_values() {
    let mut commit = Commit::on(Given::at(Stage::Decision, Route::RightToAsk));
    for risk in ["high", "medium"] {
        let answers = format!("{{path: assessment.risk_to_child, now: {risk}, code: mistake, reason: x}}");
        commit.add("d.osei", "20 10:00", A::Correct, &answers);
    }
    commit.add("d.osei", "20 10:00", A::Note, "text: Rang.");
    let told = commit.told();
    assert!(told[0].contains("from \"low\" to \"high\"") && told[1].contains("from \"high\" to \"medium\""));
}

#[test]
fn an_item_that_was_added_and_taken_out_again_had_its_place() {
    let mut commit = Commit::on(Given::at(Stage::Interview, Route::RightToAsk));
    for text in ["One", "Two", "Three"] {
        commit.add("d.osei", "20 10:00", A::Note, &format!("text: {text}"));
    }
    let middle = commit.given.case().notes[1].id.clone();
    let answers = format!("{{path: notes.{middle}, code: mistake, reason: x}}");
    commit.add("d.osei", "20 10:00", A::Correct, &answers);
    assert_eq!(&commit.told()[..3], ["noted: One", "noted: Two", "noted: Three"]);
}

#[test]
fn a_corrected_day_of_receipt_may_change_the_clock_rules_and_is_told_apart() {
    let mut commit = Commit::on(Given::at(Stage::Interview, Route::RightToAsk));
    let day = "{path: received.at, now: 2022-03-02T09:15:00Z, code: mistake, reason: x}";
    commit.add("d.osei", "20 10:00", A::Correct, day);
    commit.add("d.osei", "20 10:01", A::Note, "text: Rang.");
    assert_eq!(commit.given.case().guidance.as_str(), "2010");
    assert_eq!(commit.told().len(), 2);
}

#[test]
fn what_a_commit_names_and_the_case_does_not_show_is_not_told() {
    let mut commit = Commit::on(Given::at(Stage::Interview, Route::RightToAsk));
    commit.add("d.osei", "20 10:00", A::Note, "text: One").add("d.osei", "20 10:00", A::Note, "text: Two");
    let (before, after) = (commit.before.as_ref(), commit.given.case());
    let named = |number: usize, kind, item: &str| {
        let mut named = commit.named.clone();
        named[number] = Named { kind, item: Some(item.into()) };
        named
    };
    let real = commit.named[1].item.clone().unwrap();
    let wrong = [
        named(1, A::Note, "zzzz"),
        named(1, A::Urgent, &real),
        named(0, A::Note, &real),
        named(1, A::New, "received"),
        named(1, A::Edit, "file"),
        commit.named[..1].to_vec(),
        commit.named[1..].to_vec(),
        commit.named.iter().rev().cloned().collect(),
        Vec::new(),
    ];
    for wrong in wrong {
        assert!(told_apart(&wrong, before, after).is_none(), "{wrong:?}");
    }
    assert!(told_apart(&commit.named, before, after).is_some());
}

#[test]
fn a_file_added_by_hand_is_read_back_whole() {
    let file = Given::at(Stage::Decision, Route::RightToAsk);
    let named = [Named { kind: A::Edit, item: Some(WHOLE_FILE.into()) }];
    let told = |given: &Given| told_apart(&named, None, given.case()).unwrap().remove(0);
    let mut given = Given::nothing();
    given.case = Some(given.apply("s.khan", "30 10:00", &told(&file).action).unwrap());
    // As it is committed it says who took it in (R4), and is taken in again as it is.
    let mut again = Given::nothing();
    again.case = Some(again.apply("s.khan", "30 10:00", &told(&given).action).unwrap());
    assert_eq!(again.case(), given.case());
    assert!(told_apart(&named, Some(given.case()), given.case()).is_none());
}

/// Undoing an action looks at its own record, not at all of them: so the whole takes time in proportion to their number.
#[test]
fn the_work_grows_with_the_number_of_actions() {
    let mut given = Given::at(Stage::Interview, Route::RightToAsk);
    given.done("d.osei", "20 10:00", A::Note, "text: One");
    let before = given.case().clone();
    let note = before.notes[0].clone();
    let mut chance = crate::domain::reference::Chance::from_seed(5);
    let mut after = before.clone();
    let mut named = Vec::new();
    for _ in 0..20_000 {
        let id = crate::domain::scalars::ItemId::random(&mut chance);
        named.push(Named { kind: A::Note, item: Some(id.as_str().into()) });
        after.notes.push(crate::domain::case::Note { id, ..note.clone() });
    }
    let told = told_apart(&named, Some(&before), &after).unwrap();
    assert_eq!(told.len(), 20_000);
}
