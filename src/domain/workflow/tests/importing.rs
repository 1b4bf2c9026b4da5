//! Cases of another system (S2, C2).

use std::cell::RefCell;
use std::rc::Rc;

use super::given::{at, settings};
use crate::domain::action::{Action, ActionKind};
use crate::domain::case::{Case, DecisionOutcome, Stage};
use crate::domain::deadlines;
use crate::domain::findings;
use crate::domain::history::{self, Named};
use crate::domain::node::{Node, Path};
use crate::domain::record::Part;
use crate::domain::reference::{Chance, Reference};
use crate::domain::scalars::{Fill, PersonId};
use crate::domain::workflow::{Moment, Refusal, apply, consistency};
use crate::store::yaml;

const CLOSED: &str = r#"
former_reference: PPU/2014/017
route: right_to_ask
received: {at: 2014-02-03T09:00:00Z, channel: online, by: all}
imported: {sha256: "00", row: 2, stage: closed, outcome: disclose, told_at: 2014-03-14T12:00:00Z}
owner: gone
applicant:
  name: {family: Zzyzx}
  relationship_to_child: parent
  safe_contact: {method: in_person, letters: false}
subject: {name: {family: Zzyzx}}
children:
- {name: {family: Zzyzx}, contact: unknown, relationship_to_subject: unknown, parents_aware: {mother: unknown, father: unknown}}
concern: Zzyzx
closure: {by: all, at: 2014-03-20T17:00:00Z, reason: disclosed}
"#;

fn answers(changes: &[(&str, &str)]) -> Node {
    let mut answers = yaml::parse_answers(CLOSED.as_bytes()).unwrap();
    for (path, value) in changes {
        let path = Path::from(*path);
        match *value {
            "" => drop(answers.remove(&path)),
            value => {
                let value = yaml::parse_answers(format!("v: {value}").as_bytes()).unwrap();
                assert!(answers.set(&path, value.get("v").unwrap().clone()), "{path}");
            }
        }
    }
    answers
}

fn moment() -> Moment {
    Moment { now: at("10 12:00"), actor: PersonId::new("s.khan").unwrap() }
}

fn fill() -> Fill {
    let moment = moment();
    Fill {
        actor: moment.actor.clone(),
        now: moment.now,
        today: settings().zone().day(moment.now),
        chance: RefCell::new(Chance::from_seed(7)),
        used: RefCell::default(),
        taken: Rc::default(),
    }
}

fn import(changes: &[(&str, &str)]) -> Result<Case, Refusal> {
    let (moment, fill) = (moment(), fill());
    let reference = Reference::random("KP", 2014, &mut Chance::from_seed(9));
    let action =
        ActionKind::Import.read(&answers(changes), &fill, Some(&reference)).map_err(Refusal::Problems)?;
    apply(None, &action, &moment, &settings())
}

fn refused(changes: &[(&str, &str)]) -> Vec<String> {
    match import(changes) {
        Err(Refusal::Problems(problems)) => problems.iter().map(ToString::to_string).collect(),
        Err(Refusal::NotPermitted(why)) => vec![why],
        Ok(_) => Vec::new(),
    }
}

#[test]
fn s2_what_the_old_system_did_not_record_is_not_asked_for() {
    let case = import(&[]).unwrap();
    assert_eq!(case.stage, Stage::Closed);
    assert_eq!(consistency::check(&case, &settings()), []);
    assert_eq!(case.not_recorded(), ["screening", "interview", "assessment", "decision"]);
    assert_eq!((case.guidance.as_str(), case.outcome()), ("2010", Some(DecisionOutcome::Disclose)));
    let said = import(&[("imported.outcome", "")]).unwrap();
    assert_eq!(said.outcome(), Some(DecisionOutcome::Disclose));
    assert_eq!(import(&[("imported.outcome", ""), ("closure.reason", "withdrawn")]).unwrap().outcome(), None);
    let reopened = yaml::parse_answers(
        b"{id: 7b2k, by: s.khan, at: 2026-03-10T11:00:00Z, to: initial_checks, reason: x}",
    );
    let fill = fill();
    let reopen = ActionKind::Reopen.read(&reopened.unwrap(), &fill, None).unwrap();
    let reopened = apply(Some(&case), &reopen, &moment(), &settings()).unwrap();
    assert_eq!((reopened.outcome(), consistency::check(&reopened, &settings())), (None, Vec::new()));
}

#[test]
fn every_import_replays_to_the_same_case() {
    let check = "[{system: pnc, phase: initial, by: all, at: 2014-02-03T10:00:00Z, result: no_trace}]";
    let open = [("closure", ""), ("imported.stage", "interview"), ("owner", "all"), ("checks", check)];
    for changes in [&[][..], &[("checks", check)], &open] {
        let case = import(changes).unwrap();
        let named = Named { kind: ActionKind::Import, item: Some(history::IMPORTED.into()) };
        let told = history::told_apart(&[named], None, &case).unwrap().remove(0);
        assert_eq!(apply(None, &told.action, &moment(), &settings()), Ok(case));
    }
}

#[test]
fn an_open_case_says_that_it_had_come_farther() {
    let case = import(&[("closure", ""), ("imported.stage", "assessment"), ("owner", "all")]).unwrap();
    assert_eq!(case.stage, Stage::InitialChecks);
    let warnings = findings::warnings(&case, at("10 12:00"), &settings());
    let text = "the old system had it at assessment; the records it brought reach initial_checks";
    assert!(warnings.iter().any(|warning| warning.text == text), "{warnings:?}");
}

#[test]
fn what_an_imported_case_must_fit() {
    for (changes, wanted) in [
        (&[("owner", "nobody")][..], &["owner: is no person of this store; see `csods person list`"][..]),
        (&[("closure", "")], &["closure: a closed case has a closure, and no other case has (S1)"]),
        (
            &[("closure", ""), ("imported.stage", "decision")],
            &["owner: acts no more; see `csods person list`"],
        ),
        (&[("closure.by", "")], &["closure.by: missing"]),
        (&[("received.by", "")], &["received.by: missing"]),
        (
            &[("closure.reason", "not_disclosed"), ("imported.outcome", "nothing_to_disclose")],
            &["closure.reason: does not follow from the decision (O6)"],
        ),
        (
            &[("imported.told_at", "2014-01-01T00:00:00Z")],
            &["imported.told_at: lies before the application was received"],
        ),
        (&[("imported.told_at", "2027-01-01T00:00:00Z")], &["imported.told_at: lies in the future"]),
        (
            &[("closure.at", "2014-01-01T00:00:00Z")],
            &["closure.at: lies before the application was received"],
        ),
        (&[("received.at", "2027-01-01T00:00:00Z")], &["received.at: lies in the future"]),
        (&[("subject.name", "")], &["subject.name: missing"]),
        (
            &[("referrals", "[{to: nowhere, by: all, at: 2014-02-05T00:00:00Z, reason: x}]")],
            &[
                "referrals.0.to: must be one of social_care, offender_management, probation, education, health, police, \
             other_force, dbs, nspcc, other",
            ],
        ),
        // A record in full is held to its rules.
        (
            &[(
                "checks",
                "[{system: pnc, phase: initial, by: all, at: 2014-02-05T00:00:00Z, result: not_done}]",
            )],
            &["checks", "checks"],
        ),
    ] {
        let found = refused(changes);
        assert_eq!(found.len(), wanted.len(), "{changes:?}: {found:?}");
        assert!(found.iter().zip(wanted).all(|(found, wanted)| found.starts_with(wanted)), "{found:?}");
    }
}

#[test]
fn r4_the_assessor_did_not_decide_in_the_old_system_either() {
    let assessment = "{by: all, at: 2014-02-20T10:00:00Z, risk_to_child: high, convicted: true, \
                      registered_sex_offender: false, reason: x}";
    let decision = "{by: all, at: 2014-03-10T10:00:00Z, outcome: nothing_to_disclose, necessity: x, pressing_need: x, \
                    proportionality: x, consulted: [{agency: social_care, at: 2014-03-01T10:00:00Z, by: all, view: x}]}";
    let found = refused(&[("assessment", assessment), ("decision", decision), ("imported.outcome", "")]);
    assert!(
        found.contains(&"decision.by: wrote the assessment and may not decide (R4)".to_owned()),
        "{found:?}"
    );
    assert!(
        found.contains(&"closure.reason: does not follow from the decision (O6)".to_owned()),
        "{found:?}"
    );
}

#[test]
fn c2_clocks_that_nobody_recorded_are_neither_met_nor_missed() {
    let case = import(&[]).unwrap();
    let readings = deadlines::readings(&case, at("10 12:00"), &settings()).unwrap();
    let stand: Vec<String> =
        readings.iter().map(|reading| format!("{} {}", reading.name, reading.state)).collect();
    assert_eq!(stand, ["initial_checks not_needed", "interview not_needed", "whole met"]);
    let screened = import(&[("imported.screened_at", "2014-02-05T00:00:00Z")]).unwrap();
    let readings = deadlines::readings(&screened, at("10 12:00"), &settings()).unwrap();
    assert_eq!(readings[0].state.word(), "missed");
}

#[test]
fn a_quoted_past_is_not_corrected() {
    let case = import(&[]).unwrap();
    let correct = |path: &str, now: &str| {
        let text = format!("{{path: {path}, now: {now}, code: mistake, reason: x}}");
        let answers = yaml::parse_answers(text.as_bytes()).unwrap();
        let action: Action = ActionKind::Correct.read(&answers, &fill(), None).unwrap();
        apply(Some(&case), &action, &moment(), &settings())
    };
    assert!(correct("imported.outcome", "do_not_disclose").is_err());
    let corrected = correct("former_reference", "PPU/2014/018").unwrap();
    assert!(corrected.former_reference.write().is_some_and(|node| node.as_text() == Some("PPU/2014/018")));
}
