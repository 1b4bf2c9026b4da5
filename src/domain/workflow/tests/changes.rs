//! S1, X1: facts corrected, cases sent back, files edited by hand.

use super::given::*;
use crate::domain::action::{Action, ActionKind as A, EditReason};
use crate::domain::case::{Case, CorrectionCode, Modeline, Route, Stage};
use crate::domain::node::{Node, Path};
use crate::domain::record::Part;
use crate::domain::reference::Chance;
use crate::domain::scalars::{At, By, ItemId, Line, PersonId, Private, Prose};
use crate::domain::settings::CaseFileSettings;
use crate::domain::workflow::changing::differences;
use crate::domain::workflow::{Refusal, consistency};

const ASK: Route = Route::RightToAsk;

/// The edit that makes `edited` out of the case.
pub(crate) fn edit_action(case: &Case, edited: &Case, actor: &str, when: &str) -> Action {
    let reason = EditReason {
        by: By(PersonId::new(actor).unwrap()),
        at: At(at(when)),
        code: CorrectionCode::Mistake,
        reason: Private::new(Prose::new(SECRET).unwrap()),
    };
    let mut found = Vec::new();
    differences(&case.write().unwrap(), &edited.write().unwrap(), &Path::root(), &mut found);
    let mut chance = Chance::from_seed(99);
    let ids = found.iter().map(|_| ItemId::random(&mut chance)).collect();
    Action::Edit(Box::new(edited.clone()), Some(reason), ids)
}

/// Takes in the case as edited, on 25 March.
pub(crate) fn edit(given: &mut Given, actor: &str, edited: &Case) -> Result<Case, Refusal> {
    let action = edit_action(given.case(), edited, actor, "25 10:00");
    given.apply(actor, "25 10:00", &action)
}

/// The same, which must be refused.
pub(crate) fn edit_refused(given: &mut Given, actor: &str, edited: &Case) -> Vec<String> {
    match edit(given, actor, edited).unwrap_err() {
        Refusal::NotPermitted(why) => vec![why],
        Refusal::Problems(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

pub(crate) fn correction(path: &str, now: &str) -> String {
    format!("{{path: {path}, now: {now}, code: mistake, reason: Zzyzx}}")
}

#[test]
fn s1_a_correction_keeps_both_values() {
    let mut given = Given::at(Stage::Decision, ASK);
    given.done("d.osei", "20 10:00", A::Correct, &correction("assessment.risk_to_child", "high"));
    let made = &given.case().corrections[0];
    assert_eq!(made.was.as_ref().and_then(Node::as_text), Some("low"));
    assert_eq!(made.now.as_ref().and_then(Node::as_text), Some("high"));
    assert_eq!(given.case().assessment.as_ref().unwrap().risk_to_child, crate::domain::case::Risk::High);
    says(
        &given.refused("d.osei", "20 10:00", A::Correct, &correction("assessment.risk_to_child", "high")),
        &["is what is recorded already"],
    );
}

#[test]
fn x1_what_is_kept_is_not_corrected() {
    let child = Given::at(Stage::Decision, ASK).case().children[0].id.clone();
    for path in [
        "reference",
        "route",
        "guidance",
        "format",
        "corrections",
        "signals",
        &format!("children.{child}.id"),
    ] {
        let found =
            Given::at(Stage::Decision, ASK).refused("d.osei", "20 10:00", A::Correct, &correction(path, "x"));
        says(&found, &["(X1)"]);
    }
}

#[test]
fn a_correction_names_a_place_and_a_value_that_fits_it() {
    let mut given = Given::at(Stage::Decision, ASK);
    for (path, now, words) in [
        ("nowhere", "x", ["correction.path", "no place"]),
        ("assessment.colour", "x", ["correction.path", "no place"]),
        ("decision.necessity", "x", ["correction.path", "no place"]),
        ("assessment.convicted", "perhaps", ["correction.now", "true or false"]),
        ("received.at", "2026-03-02T11:30:00Z", ["at", "before the application was received"]),
        ("interview.at", "2026-03-12T10:00:00Z", ["assessment.at", "S1"]),
        ("assessment.at", "2026-03-28T10:00:00Z", ["assessment.at", "future"]),
        ("screening.within_scheme", "false", ["screening", "S2"]),
    ] {
        let found = given.refused("d.osei", "20 10:00", A::Correct, &correction(path, now));
        says(&found, &words);
    }
}

#[test]
fn s1_records_come_in_by_their_own_commands() {
    let mut given = Given::at(Stage::Outcome, ASK);
    let informed = "{by: d.osei, at: 2026-03-13T10:00:00Z, method: phone}";
    says(
        &given.refused("d.osei", "20 10:00", A::Correct, &correction("informed", informed)),
        &["own command", "(S1)"],
    );
    let left = "{by: d.osei, at: 2026-03-13T10:00:00Z, how: withdrawn, reason: x}";
    says(&given.refused("d.osei", "20 10:00", A::Correct, &correction("withdrawal", left)), &["own command"]);
    let mut given = Given::at(Stage::Assessment, ASK);
    let closure = "{by: s.khan, at: 2026-03-13T10:00:00Z, reason: duplicate}";
    says(&given.refused("d.osei", "20 10:00", A::Correct, &correction("closure", closure)), &["own command"]);
}

#[test]
fn s5_an_applicant_who_came_back_is_a_correction() {
    let mut given = Given::at(Stage::Interview, ASK);
    given.done("r.patel", "03 10:00", A::Withdraw, "{how: withdrawn, reason: x}");
    given.done("d.osei", "04 10:00", A::Correct, "{path: withdrawal, code: new_information, reason: x}");
    given.done("d.osei", "09 10:00", A::Interview, MET);
}

#[test]
fn s1_an_open_case_is_sent_back_with_a_reason() {
    let mut given = Given::at(Stage::Outcome, ASK);
    for to in ["outcome", "closed", "nowhere"] {
        says(
            &given.refused("d.osei", "20 10:00", A::Correct, &correction("stage", to)),
            &["correction.now", "(S1)"],
        );
    }
    given.done("d.osei", "20 10:00", A::Correct, &correction("stage", "assessment"));
    let case = given.case();
    assert_eq!(case.stage, Stage::Assessment);
    let aside = case.reopened[0].set_aside.as_ref().unwrap();
    assert!(aside.assessment.is_some() && aside.decision.is_some() && case.interview.is_some());
    assert_eq!(case.corrections[0].was.as_ref().and_then(Node::as_text), Some("outcome"));
    let mut closed = Given::at(Stage::Closed, ASK);
    says(
        &closed.refused("d.osei", "20 10:00", A::Correct, &correction("stage", "decision")),
        &["reopened", "(S1)"],
    );
    let mut known = Given::at(Stage::Decision, Route::RightToKnow);
    says(
        &known.refused("d.osei", "20 10:00", A::Correct, &correction("stage", "interview")),
        &["no interview"],
    );
}

#[test]
fn s1_what_was_set_aside_stays() {
    let mut given = Given::at(Stage::Decision, ASK);
    given.done("d.osei", "20 10:00", A::Correct, &correction("stage", "assessment"));
    let id = given.case().reopened[0].id.clone();
    let remove = "{path: reopened, code: mistake, reason: x}";
    for path in ["reopened".to_owned(), format!("reopened.{id}")] {
        let remove = remove.replace("reopened", &path);
        says(&given.refused("s.khan", "20 11:00", A::Correct, &remove), &["history", "(S1)"]);
    }
    says(&given.refused("d.osei", "20 11:00", A::Correct, remove), &["d.osei wrote or recorded", "(R4)"]);
}

#[test]
fn new_settings_do_not_stand_against_correcting_an_old_case() {
    let mut given = Given::at(Stage::Decision, ASK);
    given.settings.file.checks.initial.push(crate::domain::scalars::Name::new("courts").unwrap());
    given.settings.file.interview.identity.remove(0);
    assert_eq!(consistency::check(given.case(), &given.settings).len(), 2);
    given.done("d.osei", "20 10:00", A::Correct, &correction("assessment.risk_to_child", "high"));
    let pnc = given.case().checks[0].id.clone();
    let remove = format!("{{path: checks.{pnc}, code: mistake, reason: x}}");
    says(&given.refused("d.osei", "20 11:00", A::Correct, &remove), &["checks.pnc", "(K2)"]);
}

#[test]
fn an_edit_becomes_a_correction_for_each_fact() {
    let mut given = Given::at(Stage::Decision, ASK);
    let mut edited = given.case().clone();
    edited.concern = Private::new(Prose::new("edited").unwrap());
    edited.subject.description = Some(Private::new(Prose::new("tall").unwrap()));
    edited.children[0].contact = crate::domain::case::ChildContact::Regular;
    let case = edit(&mut given, "s.khan", &edited).unwrap();
    let paths: Vec<&str> = case.corrections.iter().map(|made| made.path.as_str()).collect();
    let child = format!("children.{}.contact", case.children[0].id);
    assert_eq!(paths, ["subject.description", &child, "concern"]);
    assert!(case.corrections[0].was.is_none());
    let unchanged = given.case().clone();
    says(&edit_refused(&mut given, "s.khan", &unchanged), &["nothing differs"]);
}

/// A change by hand, and the rule that refuses it.
type ByHand = (fn(&mut Case), &'static str);

#[test]
fn s1_x1_an_edit_moves_no_stage_and_changes_nothing_kept() {
    let mut given = Given::at(Stage::Outcome, ASK);
    let original = given.case().clone();
    let changes: [ByHand; 5] = [
        (|case| case.stage = Stage::Closed, "(S1)"),
        (|case| case.route = Route::RightToKnow, "(X1)"),
        (|case| case.reference = "KP-26-000000".parse().unwrap(), "(X1)"),
        (|case| case.assessment = None, "(S2)"),
        (|case| case.children.clear(), "(R2)"),
    ];
    for (change, rule) in changes {
        let mut edited = original.clone();
        change(&mut edited);
        says(&edit_refused(&mut given, "s.khan", &edited), &[rule]);
    }
}

#[test]
fn an_edit_of_a_case_that_changed_meanwhile_loses_no_fact() {
    let given = Given::at(Stage::Decision, ASK);
    let mut edited = given.case().clone();
    edited.concern = Private::new(Prose::new("edited").unwrap());
    let Action::Edit(edited, reason, _) = edit_action(given.case(), &edited, "s.khan", "25 10:00") else {
        panic!()
    };
    let refused = given.apply("s.khan", "25 10:00", &Action::Edit(edited, reason, Vec::new())).unwrap_err();
    assert!(format!("{refused:?}").contains("meanwhile"));
}

#[test]
fn an_edit_takes_the_first_line_that_is_set_or_keeps_or_drops_what_it_has() {
    const OTHER_SCHEMA: &str = "names another schema than case_files.schema";
    let line = |schema: &str| Some(Modeline::of_setting(schema).unwrap());
    let (set, old, other) = (line("../case.json"), line("../old.json"), line("../other.json"));
    let mut given = Given::at(Stage::Decision, ASK);
    let schema = Some(Line::new("../case.json").unwrap());
    given.settings.file.case_files = Some(CaseFileSettings { schema });
    for (before, after, refused) in [
        (&None, &set, false),
        (&None, &other, true),
        (&old, &old, false),
        (&old, &set, false),
        (&old, &None, false),
        (&old, &other, true),
        (&set, &None, false),
        (&set, &other, true),
    ] {
        given.case = Some(Case { modeline: before.clone(), ..given.case().clone() });
        // Alone, and together with a fact.
        let mut edited = Case { modeline: after.clone(), ..given.case().clone() };
        if before != after {
            let Action::Edit(alone, _, ids) = edit_action(given.case(), &edited, "s.khan", "25 10:00") else {
                panic!()
            };
            let tried = given.apply("s.khan", "25 10:00", &Action::Edit(alone, None, ids));
            assert_eq!(tried.is_err(), refused, "{before:?} {after:?}");
            assert!(tried.is_err() || tried == Ok(edited.clone()));
        }
        edited.concern = Private::new(Prose::new("edited").unwrap());
        match refused {
            true => says(&edit_refused(&mut given, "s.khan", &edited), &[OTHER_SCHEMA]),
            false => assert_eq!(&edit(&mut given, "s.khan", &edited).unwrap().modeline, after),
        }
    }
}

#[test]
fn an_edited_fact_has_a_reason_and_an_id_of_its_own() {
    let given = Given::at(Stage::Decision, ASK);
    let mut edited = given.case().clone();
    edited.concern = Private::new(Prose::new("edited").unwrap());
    let Action::Edit(edited, reason, ids) = edit_action(given.case(), &edited, "s.khan", "25 10:00") else {
        panic!()
    };
    let tried = |reason: &Option<EditReason>, ids: &[ItemId]| {
        given.apply("s.khan", "25 10:00", &Action::Edit(edited.clone(), reason.clone(), ids.to_vec()))
    };
    let Err(Refusal::Problems(problems)) = tried(&None, &ids) else { panic!("accepted without a reason") };
    assert_eq!(problems, [crate::domain::record::Problem::missing("correction.reason")]);
    assert!(tried(&reason, &[]).is_err());
    let more = [ids.clone(), vec![ItemId::new("zzzz").unwrap()]].concat();
    for ids in [ids, more] {
        let case = tried(&reason, &ids).unwrap();
        assert_eq!(case.corrections.len(), 1);
        assert_eq!(case.corrections[0].id, ids[0]);
    }
}

#[test]
fn c5_r6_a_correction_smuggles_in_no_extension_or_referral_that_its_command_refuses() {
    let mut given = Given::at(Stage::Outcome, ASK);
    let extend = "{id: aaaa, clock: whole, until: 2026-04-10, reason: x, authorised_by: m.reid, applicant_told: {told: true, method: phone}}";
    given.done("d.osei", "20 10:00", A::Extend, extend);
    given.done("d.osei", "20 10:00", A::Refer, "{id: bbbb, to: police, reason: x}");
    for (path, now, words) in [
        ("extensions.aaaa.until", "2026-03-30", ["extensions.aaaa.until", "(C5)"]),
        ("extensions.aaaa.authorised_by", "d.osei", ["extensions.aaaa.authorised_by", "(R6)"]),
        ("referrals.bbbb.to", "nobody", ["referrals.bbbb.to", "must be one of"]),
    ] {
        says(&given.refused("d.osei", "20 11:00", A::Correct, &correction(path, now)), &words);
    }
    given.done("d.osei", "20 11:00", A::Correct, &correction("extensions.aaaa.until", "2026-04-12"));
}

#[test]
fn r6_a_correction_names_nobody_who_might_not_have_done_it() {
    let mut given = Given::at(Stage::Closed, ASK);
    given.done("d.osei", "20 10:00", A::Note, "{id: aaaa, text: x}");
    let mut edited = given.case().clone();
    for (path, person) in [
        ("decision.by", "r.patel"),
        ("interview.by", "r.patel"),
        ("closure.by", "d.osei"),
        ("notes.aaaa.by", "p.auditor"),
        ("received.by", "m.reid"),
    ] {
        let found = given.refused("all", "20 11:00", A::Correct, &correction(path, person));
        says(&found, &[path, "may not", "(R6)"]);
    }
    given.done("s.khan", "20 11:00", A::Correct, &correction("closure.by", "all"));
    edited.notes.push(crate::domain::case::Note {
        id: ItemId::new("cccc").unwrap(),
        by: By(PersonId::new("p.auditor").unwrap()),
        ..edited.notes[0].clone()
    });
    says(&edit_refused(&mut given, "s.khan", &edited), &["notes.cccc.by", "(R6)"]);
}

#[test]
fn r3_l1_owner_and_links_change_by_their_own_commands() {
    let mut given = Given::at(Stage::Decision, ASK);
    given.done("s.khan", "20 10:00", A::Assign, "owner: d.osei");
    given.done("d.osei", "20 10:00", A::Link, "{id: aaaa, to: KP-25-000000, reason: x}");
    let remove = "{path: owner, code: mistake, reason: x}";
    says(&given.refused("d.osei", "20 11:00", A::Correct, remove), &["csods assign", "(R3)"]);
    says(&given.refused("d.osei", "20 11:00", A::Correct, &correction("owner", "r.patel")), &["(R3)"]);
    let to = given.case().reference.to_string();
    says(&given.refused("d.osei", "20 11:00", A::Correct, &correction("links.aaaa.to", &to)), &["(L1)"]);
    given.done("d.osei", "20 11:00", A::Correct, &correction("links.aaaa.reason", "Zzyzx again"));
}

#[test]
fn c2_the_clock_rules_follow_a_corrected_day_of_receipt() {
    let mut given = Given::nothing();
    given.done("r.patel", "02 09:30", A::New, &but(ASKED, "2026-03-02T09:15:00Z", "2023-04-02T23:00:00Z"));
    assert_eq!(given.case().guidance.as_str(), "2023");
    given.done("d.osei", "20 10:00", A::Correct, &correction("received.at", "2023-04-02T22:59:59Z"));
    assert_eq!(given.case().guidance.as_str(), "2010");
    let mut edited = given.case().clone();
    edited.received.at = At(at("2023-04-03T08:00:00Z"));
    let edited = edit(&mut given, "s.khan", &edited).unwrap();
    assert_eq!(edited.guidance.as_str(), "2023");
    assert_eq!(edited.corrections.len(), 2, "the rules follow by themselves");
    let early = correction("received.at", "2009-01-01T00:00:00Z");
    says(&given.refused("d.osei", "20 10:00", A::Correct, &early), &["received.at", "(C2)"]);
}

#[test]
fn nobody_is_born_in_the_future() {
    let mut given = Given::at(Stage::Decision, ASK);
    for (path, place) in [
        ("subject.date_of_birth", "subject.date_of_birth"),
        ("applicant.date_of_birth", "applicant.date_of_birth"),
        (&format!("children.{}.date_of_birth", given.case().children[0].id), "children.0.date_of_birth"),
    ] {
        let found = given.refused("d.osei", "20 10:00", A::Correct, &correction(path, "2026-03-21"));
        assert_eq!(found, [format!("{place}: lies in the future")]);
        given.done("d.osei", "20 10:00", A::Correct, &correction(path, "2026-03-20"));
    }
}

#[test]
fn t3_a_case_that_went_on_without_its_applicant_keeps_that_they_left() {
    let mut given = Given::at(Stage::Interview, ASK);
    given.done("r.patel", "04 10:00", A::Withdraw, "{how: unreachable, reason: x}");
    given.done("s.khan", "05 10:00", A::Reroute, "reason: x");
    let remove = "{path: withdrawal, code: mistake, reason: x}";
    says(&given.refused("d.osei", "20 10:00", A::Correct, remove), &["withdrawal", "(T3)"]);
    let later = correction("withdrawal.at", "2026-03-05T11:00:00Z");
    says(&given.refused("d.osei", "20 10:00", A::Correct, &later), &["withdrawal", "(T3)"]);
    given.done("d.osei", "20 10:00", A::Correct, &correction("withdrawal.at", "2026-03-05T09:00:00Z"));
}
