//! R6: every field that names a person, tried with somebody whose roles do not allow it, by every way in.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use super::changes::edit_action;
use super::given::*;
use crate::domain::action::{Action, ActionKind as A};
use crate::domain::case::{Case, Route, Stage};
use crate::domain::importing::Importing;
use crate::domain::node::{Node, Path};
use crate::domain::record::{self, Part as _, Reader, Shape};
use crate::domain::reference::Chance;
use crate::domain::scalars::{Fill, PersonId};
use crate::domain::workflow::people::{self, Mention, part_of};
use crate::domain::workflow::{Moment, Refusal, apply, consistency};

/// The keys of every field of a shape that names a person.
fn fields(shape: Shape, keys: &mut Vec<&'static str>, found: &mut BTreeSet<Vec<&'static str>>) {
    match shape {
        Shape::Person => drop(found.insert(keys.clone())),
        Shape::List(item) | Shape::Table(item) => fields(*item, keys, found),
        Shape::Record(of) => {
            for field in of {
                keys.push(field.key);
                fields(field.shape, keys, found);
                keys.pop();
            }
        }
        _ => {}
    }
}

fn person_fields(shape: Shape) -> BTreeSet<Vec<&'static str>> {
    let mut found = BTreeSet::new();
    fields(shape, &mut Vec::new(), &mut found);
    found
}

#[test]
fn r6_of_every_field_that_names_a_person_it_is_said_what_they_do() {
    for shape in [Case::SHAPE, Importing::SHAPE] {
        let found = person_fields(shape);
        assert!(found.len() > 20, "{found:?}");
        for keys in found {
            assert!(part_of(&keys, false).is_some(), "{}", keys.join("."));
        }
    }
}

/// Puts `value` at `path` of a case, which must have a place for it.
fn with(case: &Case, changes: &[(&str, &str)]) -> Case {
    let mut tree = case.write().unwrap();
    for (path, value) in changes {
        let value = node(&format!("v: {value}"));
        assert!(tree.set(&Path::from(*path), value.get("v").unwrap().clone()), "{path}");
    }
    record::read::<Case>(&tree, Reader::strict()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

const LETTER: &str = "
- id: tttt
  by: d.osei
  at: '2026-03-12T09:00:00Z'
  kind: acknowledgement
  to: {role: applicant}
  method: letter
  language: en
  path: letters/2026/7/KP-26-7K3QF4/2026-03-12-acknowledgement.md
  template: acknowledgement built-in
  sha256: '0000000000000000000000000000000000000000000000000000000000000000'
  overriding: {rule: A2, reason: Zzyzx, authorised_by: s.khan}
  sent: {by: d.osei, at: '2026-03-12T10:00:00Z'}
";

/// Cases that together hold every record there is.
fn lives() -> Vec<Case> {
    let mut told = Given::at(Stage::Assessment, Route::RightToAsk);
    told.checks(FULL, "10 10:00");
    let not_done = "{system: courts, phase: full, result: not_done, reason: Zzyzx, agreed_by: s.khan}";
    told.done("d.osei", "10 11:00", A::Check, not_done);
    told.done("d.osei", "10 11:00", A::Urgent, "action: Zzyzx");
    told.done("d.osei", "10 11:00", A::Refer, "{to: social_care, reason: Zzyzx}");
    told.done(
        "d.osei",
        "10 11:00",
        A::Contact,
        "{with: agency, method: email, direction: inbound, summary: Zzyzx}",
    );
    told.done("d.osei", "10 11:00", A::Note, "text: Zzyzx");
    told.done("d.osei", "10 11:00", A::Link, "{to: KP-26-000000, reason: Zzyzx}");
    told.done("s.khan", "10 11:00", A::Assign, "owner: d.osei");
    let extend = "{clock: whole, until: 2026-04-10, reason: Zzyzx, authorised_by: s.khan, \
                  applicant_told: {told: true, method: phone}}";
    told.done("d.osei", "10 11:00", A::Extend, extend);
    told.done("d.osei", "11 10:00", A::Assess, CONVICTED);
    told.case = Some(with(told.case(), &[("letters", LETTER)]));
    told.done("m.reid", "12 10:00", A::Decide, DISCLOSE);
    told.done("d.osei", "13 10:00", A::Disclose, &super::given::told("aaaa"));
    let refused = "{result: refused_disclosed, reason: Zzyzx, authorised_by: s.khan}";
    told.done(
        "d.osei",
        "13 10:00",
        A::Disclose,
        &but(&super::given::told("bbbb"), "{result: signed}", refused),
    );
    told.done("d.osei", "14 10:00", A::Withdraw, "{how: withdrawn, reason: Zzyzx}");
    told.done("s.khan", "15 10:00", A::Reroute, "reason: Zzyzx");
    told.done("s.khan", "16 10:00", A::Close, "{reason: disclosed}");
    let mut again = Given::at(Stage::Closed, Route::RightToAsk);
    again.done("s.khan", "15 10:00", A::Reopen, "{to: decision, reason: Zzyzx}");
    again.done(
        "d.osei",
        "16 10:00",
        A::Correct,
        "{path: stage, now: assessment, code: mistake, reason: Zzyzx}",
    );
    again.done("d.osei", "17 10:00", A::Assess, HELD_NOTHING);
    again.done("m.reid", "18 10:00", A::Decide, NOTHING);
    again.done("d.osei", "19 10:00", A::Inform, "method: phone");
    again.done("s.khan", "20 10:00", A::Close, "{reason: nothing_to_disclose}");
    vec![entered_late(told.case()), entered_late(again.case())]
}

/// The case with every record entered late.
fn entered_late(case: &Case) -> Case {
    fn walk(node: &mut Node, shape: Shape) {
        match (shape, node) {
            (Shape::Record(of), node @ Node::Map(_)) => {
                if of.iter().any(|field| field.key == "late") {
                    let late = "{entered: '2026-03-27T10:00:00Z', reason: Zzyzx, authorised_by: s.khan}";
                    node.set(&Path::from("late"), super::given::node(late));
                }
                let Node::Map(entries) = node else { return };
                for (key, value) in entries {
                    let field = of.iter().find(|field| field.key == key);
                    field.into_iter().for_each(|field| walk(value, field.shape));
                }
            }
            (Shape::List(item), Node::List(items)) => items.iter_mut().for_each(|node| walk(node, *item)),
            _ => {}
        }
    }
    let mut tree = case.write().unwrap();
    walk(&mut tree, Case::SHAPE);
    let mut case = record::read::<Case>(&tree, Reader::strict()).unwrap();
    case.format = case.format();
    case
}

/// A person of the tests who acts, and may not do what is done in this field.
pub(super) fn outsider(mention: &Mention) -> PersonId {
    let settings = settings();
    let kinds: &[A] = match part_of(&mention.keys, mention.reopens).unwrap() {
        people::Part::Acts(kinds) => kinds,
        people::Part::Owns => &[A::Check, A::Decide],
        people::Part::Enters => &[],
    };
    let people = ["r.patel", "d.osei", "m.reid", "a.king", "p.auditor"].map(|id| PersonId::new(id).unwrap());
    let may = |id: &PersonId| {
        let roles = &settings.person(id).unwrap().roles;
        kinds.iter().any(|kind| settings.permitted(*kind).iter().any(|role| roles.contains(role)))
    };
    people.into_iter().find(|id| !may(id)).unwrap()
}

pub(super) fn said(refusal: Result<Case, Refusal>) -> Vec<String> {
    match refusal {
        Ok(_) => Vec::new(),
        Err(Refusal::NotPermitted(why)) => vec![why],
        Err(Refusal::Problems(problems)) => problems.iter().map(ToString::to_string).collect(),
    }
}

pub(super) fn moment(actor: &str) -> Moment {
    Moment { now: at("28 10:00"), actor: PersonId::new(actor).unwrap() }
}

pub(super) fn fill() -> Fill {
    let Moment { now, actor } = moment("s.khan");
    let today = settings().zone().day(now);
    Fill {
        actor,
        now,
        today,
        chance: RefCell::new(Chance::from_seed(5)),
        used: RefCell::default(),
        taken: Rc::default(),
    }
}

/// The case with somebody else named in one field.
fn renamed(case: &Case, mention: &Mention, person: &PersonId) -> Case {
    with(case, &[(&mention.path.to_string(), &format!("'{person}'"))])
}

/// Whether a problem says of this place that a role is missing.
pub(super) fn refuses(problems: &[String], place: &Path) -> bool {
    problems
        .iter()
        .any(|problem| problem.starts_with(&format!("{place}: may not")) && problem.contains("(R6)"))
}

#[test]
fn r6_no_field_takes_a_person_whose_roles_do_not_allow_it() {
    let mut tried = BTreeSet::new();
    for case in lives() {
        let given = Given::of(case.clone(), settings());
        assert_eq!(consistency::check(&case, &settings()), []);
        // Added by hand as it stands it is taken, so what is refused below is refused for the one name.
        let added = |case: &Case| {
            apply(None, &edit_action(case, case, "a.king", "28 10:00"), &moment("a.king"), &settings())
        };
        assert_eq!(said(added(&case)), [""; 0]);
        for mention in people::named(&case) {
            tried.insert(mention.keys.clone());
            let person = outsider(&mention);
            let other = renamed(&case, &mention, &person);
            assert!(
                refuses(&said(added(&other)), &mention.path),
                "{} added: {:?}",
                mention.path,
                said(added(&other))
            );
            let action = edit_action(&case, &other, "a.king", "28 10:00");
            let edited = said(given.apply("a.king", "28 10:00", &action));
            let text = format!("{{path: {}, now: '{person}', code: mistake, reason: x}}", mention.place);
            let corrected =
                said(Given::of(case.clone(), settings()).tried("all", "28 10:00", A::Correct, &text));
            for (way, found) in [("edit", &edited), ("correct", &corrected)] {
                // Some fields are not changed at all, or only by their own command.
                let kept = found.iter().any(|said| said.contains("(X1)") || said.contains("own command"));
                // A decision is changed only by who may decide.
                let decides = found.iter().any(|said| said.contains("may not record the decision (R3)"));
                assert!(
                    kept || decides || refuses(found, &mention.place),
                    "{way} {}: {found:?}",
                    mention.place
                );
            }
        }
    }
    let mut wanted = person_fields(Case::SHAPE);
    // Only imported cases have `imported`; csods itself says who entered a record (R4); and what a return sets aside is
    // what stood before, of which the cases have some.
    wanted.retain(|keys| {
        let aside = keys[..2.min(keys.len())] == ["reopened", "set_aside"];
        keys[0] != "imported" && keys.last() != Some(&"recorded_by") && !aside
    });
    let missing: Vec<_> = wanted.difference(&tried).collect();
    assert!(missing.is_empty(), "not tried: {missing:?}");
}

#[test]
fn r6_who_changed_roles_since_stands_where_they_stood() {
    let given = Given::at(Stage::Outcome, Route::RightToAsk);
    let mut later = given;
    for (_, person) in &mut later.settings.file.people.0 {
        person.roles.retain(|role| person.email.as_str().starts_with("all@") || role.word() == "auditor");
        if person.roles.is_empty() {
            person.roles.push(crate::domain::settings::Role::Auditor);
        }
    }
    assert_eq!(consistency::check(later.case(), &later.settings), []);
    later.done("all", "13 10:00", A::Inform, "method: phone");
    later.done("all", "14 10:00", A::Correct, "{path: stage, now: decision, code: mistake, reason: x}");
    let mut edited = later.case().clone();
    edited.concern = later.case().screening.as_ref().unwrap().reason.clone();
    edited.subject.description = Some(edited.concern.clone());
    let Action::Edit(..) = edit_action(later.case(), &edited, "all", "15 10:00") else { panic!() };
    let action = edit_action(later.case(), &edited, "all", "15 10:00");
    assert!(later.apply("all", "15 10:00", &action).is_ok());
}
