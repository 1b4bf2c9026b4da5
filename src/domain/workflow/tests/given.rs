//! Cases at each stage, made through the door itself, from answers as a person would give them.

use std::cell::RefCell;
use std::rc::Rc;

use crate::domain::action::{Action, ActionKind};
use crate::domain::case::{Case, Route, Stage};
use crate::domain::node::Node;
use crate::domain::reference::{Chance, Reference};
use crate::domain::scalars::{Fill, PersonId};
use crate::domain::settings::{DEFAULT, Settings};
use crate::domain::time::Instant;
use crate::domain::workflow::{Moment, Refusal, apply};
use crate::store::{files, yaml};

/// The people of the tests: one a role, and one with every role.
const PEOPLE: &str = r#"
[people."r.patel"]
name = "R. Patel"
email = "r.patel@example.org"
roles = ["call_handler"]
[people."d.osei"]
name = "D. Osei"
email = "d.osei@example.org"
roles = ["case_officer"]
[people."s.khan"]
name = "S. Khan"
email = "s.khan@example.org"
roles = ["supervisor"]
[people."m.reid"]
name = "M. Reid"
email = "m.reid@example.org"
roles = ["decision_maker"]
[people."a.king"]
name = "A. King"
email = "a.king@example.org"
roles = ["records_manager"]
[people."p.auditor"]
name = "P. Auditor"
email = "p.auditor@example.org"
roles = ["auditor"]
[people."all"]
name = "Every Role"
email = "all@example.org"
roles = ["call_handler", "case_officer", "supervisor", "decision_maker", "records_manager", "auditor"]
[people."gone"]
name = "G. One"
email = "gone@example.org"
roles = ["case_officer", "supervisor", "decision_maker"]
ended = 2026-03-05
"#;

/// A word that stands in every personal fact of these cases, and so must stand in no message.
pub(crate) const SECRET: &str = "Zzyzx";

/// The text of the tests' settings.
pub(crate) fn settings_text() -> String {
    DEFAULT.replace("@NAME@", "Test Force").replace("@PREFIX@", "KP").replace("@PEOPLE@", PEOPLE)
}

/// The tests' settings.
pub(crate) fn settings() -> Settings {
    let file = files::read_settings(settings_text().as_bytes()).unwrap();
    Settings { file, calendars: Vec::new() }
}

/// An instant of March 2026, `"09 10:00"`, or one written out.
pub(crate) fn at(text: &str) -> Instant {
    let whole =
        if text.len() > 8 { text.to_owned() } else { format!("2026-03-{}:00Z", text.replace(' ', "T")) };
    whole.parse().unwrap()
}

/// Answers written in YAML.
pub(crate) fn node(yaml: &str) -> Node {
    yaml::parse_answers(yaml.as_bytes()).unwrap_or_else(|fault| panic!("{fault:?} in\n{yaml}"))
}

/// A case under way: what happens to it, and the settings.
#[derive(Clone)]
pub(crate) struct Given {
    /// The case; none yet before `new`.
    pub case: Option<Case>,
    /// The settings.
    pub settings: Settings,
    seed: u64,
}

impl Given {
    /// No case yet.
    pub fn nothing() -> Given {
        Given { case: None, settings: settings(), seed: 1 }
    }

    /// This case, under these settings.
    pub fn of(case: Case, settings: Settings) -> Given {
        Given { case: Some(case), settings, seed: 1 }
    }

    /// A case of this route at this stage: the ordinary way there, `nothing_to_disclose` at the outcome.
    pub fn at(stage: Stage, route: Route) -> Given {
        let mut given = Given::nothing();
        let ask = route == Route::RightToAsk;
        given.done("r.patel", "02 09:30", ActionKind::New, if ask { ASKED } else { KNOWN });
        if stage > Stage::InitialChecks {
            given.checks(INITIAL, "02 10:00");
            given.done("r.patel", "02 11:00", ActionKind::Screen, WITHIN);
        }
        if stage > Stage::Interview && ask {
            given.done("d.osei", "09 10:00", ActionKind::Interview, MET);
        }
        if stage > Stage::Assessment {
            given.checks(FULL, "10 10:00");
            given.done("d.osei", "11 10:00", ActionKind::Assess, HELD_NOTHING);
        }
        if stage > Stage::Decision {
            given.done("m.reid", "12 10:00", ActionKind::Decide, NOTHING);
        }
        if stage > Stage::Outcome {
            if ask {
                given.done("d.osei", "13 10:00", ActionKind::Inform, "method: phone");
            }
            given.done("s.khan", "14 10:00", ActionKind::Close, "reason: nothing_to_disclose");
        }
        assert_eq!(
            given.case().stage,
            stage.max(if ask || stage != Stage::Interview { stage } else { Stage::Assessment })
        );
        given
    }

    /// A right-to-ask case whose subject is convicted, at the decision.
    pub fn convicted() -> Given {
        let mut given = Given::at(Stage::Assessment, Route::RightToAsk);
        given.checks(FULL, "10 10:00");
        given.done("d.osei", "11 10:00", ActionKind::Assess, CONVICTED);
        given
    }

    /// The same, decided to disclose to the applicant and to a carer.
    pub fn to_disclose() -> Given {
        let mut given = Given::convicted();
        given.done("m.reid", "12 10:00", ActionKind::Decide, DISCLOSE);
        given
    }

    /// The case.
    pub fn case(&self) -> &Case {
        self.case.as_ref().unwrap()
    }

    /// Records a check of each system with nothing found.
    pub fn checks(&mut self, systems: &[&str], when: &str) {
        for system in systems {
            self.done(
                "d.osei",
                when,
                ActionKind::Check,
                &format!("{{system: {system}, phase: full, result: no_trace}}"),
            );
        }
    }

    /// The action that these answers make.
    pub fn action(
        &mut self,
        actor: &str,
        when: &str,
        kind: ActionKind,
        answers: &str,
    ) -> Result<Action, Refusal> {
        self.seed += 1;
        let now = at(when);
        let used = self.case.as_ref().map(Case::item_ids).unwrap_or_default();
        let fill = Fill {
            actor: PersonId::new(actor).unwrap(),
            now,
            today: self.settings.zone().day(now),
            chance: RefCell::new(Chance::from_seed(self.seed)),
            used: RefCell::default(),
            taken: Rc::new(used),
        };
        let reference: Reference = "KP-26-7K3QF4".parse().unwrap();
        kind.read(&node(answers), &fill, Some(&reference)).map_err(Refusal::Problems)
    }

    /// Tries an action: the case as it then stands.
    pub fn tried(
        &mut self,
        actor: &str,
        when: &str,
        kind: ActionKind,
        answers: &str,
    ) -> Result<Case, Refusal> {
        let action = self.action(actor, when, kind, answers)?;
        self.apply(actor, when, &action)
    }

    /// The same with an action that is made already.
    pub fn apply(&self, actor: &str, when: &str, action: &Action) -> Result<Case, Refusal> {
        let moment = Moment { now: at(when), actor: PersonId::new(actor).unwrap() };
        apply(self.case.as_ref(), action, &moment, &self.settings)
    }

    /// Does an action, which must be accepted.
    pub fn done(&mut self, actor: &str, when: &str, kind: ActionKind, answers: &str) -> &mut Given {
        match self.tried(actor, when, kind, answers) {
            Ok(case) => self.case = Some(case),
            Err(refusal) => panic!("{} refused: {refusal:#?}", kind.word()),
        }
        self
    }

    /// Does an action, which must be refused: each problem as `path: what`, or why this person may not.
    pub fn refused(&mut self, actor: &str, when: &str, kind: ActionKind, answers: &str) -> Vec<String> {
        match self.tried(actor, when, kind, answers) {
            Ok(_) => panic!("{} was accepted: {answers}", kind.word()),
            Err(Refusal::NotPermitted(why)) => vec![why],
            Err(Refusal::Problems(problems)) => problems.iter().map(ToString::to_string).collect(),
        }
    }
}

/// One problem of several holds all these words.
#[track_caller]
pub(crate) fn says(problems: &[String], words: &[&str]) {
    let all = |problem: &String| words.iter().all(|word| problem.contains(word));
    assert!(problems.iter().any(all), "none says {words:?}: {problems:#?}");
}

/// The checks required before screening.
pub(crate) const INITIAL: &[&str] = &["pnc", "pnd", "visor", "local_intelligence"];
/// The checks required besides them before the assessment.
pub(crate) const FULL: &[&str] = &["social_care", "probation", "education", "health"];

/// An application of a member of the public.
pub(crate) const ASKED: &str = "
route: right_to_ask
received: {at: 2026-03-02T09:15:00Z, channel: online}
applicant:
  name: {family: Zzyzx, given: Alex}
  phone: 01632 Zzyzx
  relationship_to_child: parent
  safe_contact: {method: phone, letters: false, instructions: Zzyzx}
subject: {name: {family: Zzyzx, given: Sam}}
children:
- name: {family: Zzyzx, given: Charlie}
  contact: lives_with
  relationship_to_subject: none
  parents_aware: {mother: yes, father: unknown}
concern: Zzyzx
";

/// Information that the police hold.
pub(crate) const KNOWN: &str = "
route: right_to_know
received: {at: 2026-03-02T09:15:00Z, channel: internal}
subject: {name: {family: Zzyzx, given: Sam}}
children:
- name: {family: Zzyzx, given: Charlie}
  contact: lives_with
  relationship_to_subject: none
  parents_aware: {mother: yes, father: yes}
concern: Zzyzx
";

/// Screened as within the scheme.
pub(crate) const WITHIN: &str = "{immediate_risk: false, within_scheme: true, reason: Zzyzx}";
/// Screened as outside the scheme.
pub(crate) const OUTSIDE: &str = "{immediate_risk: false, within_scheme: false, reason: Zzyzx}";

/// An interview with everything in order.
pub(crate) const MET: &str = "
mode: in_person
identity: [{kind: passport}]
address_proof: utility_bill
relationship_proof: birth_certificate
concern: Zzyzx
genuine: true
warnings: {information_sharing: true, false_information: true, confidentiality: true}
pack_given: true
nothing_disclosed: true
";

/// Nothing is held.
pub(crate) const HELD_NOTHING: &str =
    "{risk_to_child: low, convicted: false, registered_sex_offender: false, reason: Zzyzx}";
/// Convicted and registered.
pub(crate) const CONVICTED: &str =
    "{risk_to_child: high, convicted: true, registered_sex_offender: true, reason: Zzyzx}";

/// A decision that there is nothing to disclose.
pub(crate) const NOTHING: &str = "
outcome: nothing_to_disclose
necessity: Zzyzx
pressing_need: Zzyzx
proportionality: Zzyzx
consulted: [{agency: social_care, view: Zzyzx}]
";

/// A decision to disclose to the applicant and to a carer.
pub(crate) const DISCLOSE: &str = "
outcome: disclose
necessity: Zzyzx
pressing_need: Zzyzx
proportionality: Zzyzx
representations: {considered: true, sought: false, why_not: not_safe, reason: Zzyzx}
consulted: [{agency: social_care, view: Zzyzx}, {agency: offender_management, view: Zzyzx}]
recipients:
- {id: aaaa, role: applicant, reason: Zzyzx}
- {id: bbbb, role: carer, name: {family: Zzyzx}, reason: Zzyzx}
form_of_words: Zzyzx
subject_told: {told: false, reason: Zzyzx}
";

/// A disclosure to the recipient of this id.
pub(crate) fn told(recipient: &str) -> String {
    format!(
        "
recipient: {recipient}
identity_checked: true
place: Zzyzx
words_used: Zzyzx
undertaking: {{result: signed}}
advice_given: true
subject_told: {{told: false, risk_assessment: Zzyzx}}
follow_up: 2026-06-01
"
    )
}

/// The answers with one line in place of another that stands in them.
#[track_caller]
pub(crate) fn but(answers: &str, line: &str, instead: &str) -> String {
    assert!(answers.contains(line), "{line} does not stand in {answers}");
    answers.replace(line, instead)
}
