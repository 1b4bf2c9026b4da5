//! What the random lives try besides the ordinary work: other names, other spellings of a path, letters, files added by
//! hand. And what must be true of every case all the same, said without the rules' own words: who once assessed never
//! decides (R4), and nobody is named for what they may not do (R6).

use std::collections::BTreeSet;

use super::changes::edit_action;
use super::given::*;
use crate::domain::action::{Action, ActionKind as A};
use crate::domain::case::{Assessment, Case, Decision, Letter, LetterKind, Route, Stage};
use crate::domain::letter::made;
use crate::domain::node::{Node, Path};
use crate::domain::record::{self, Part, Reader};
use crate::domain::reference::Chance;
use crate::domain::scalars::{ItemId, PersonId};
use crate::domain::workflow::{Refusal, people};

/// Answers for `kind`, right and wrong ones.
pub fn answers(kind: A, variant: usize, case: &Case) -> String {
    let pick = |choices: &[&str]| choices[variant % choices.len()].to_owned();
    let recipient = |position: usize| {
        let recipients =
            case.decision.as_ref().map(|decision| decision.recipients.as_slice()).unwrap_or_default();
        recipients.get(position).map_or("cccc".to_owned(), |recipient| recipient.id.to_string())
    };
    match kind {
        A::Screen => pick(&[WITHIN, WITHIN, WITHIN, OUTSIDE, "{}"]),
        A::Interview => match variant {
            0 => but(MET, "genuine: true", "genuine: false"),
            1 => but(MET, "identity: [{kind: passport}]", "identity_not_confirmed: Zzyzx"),
            2 => but(MET, "pack_given: true", "pack_given: false"),
            _ => MET.to_owned(),
        },
        A::Assess => pick(&[CONVICTED, HELD_NOTHING]),
        A::Decide => match variant % 4 {
            0 | 1 => but(&but(DISCLOSE, "id: aaaa, ", ""), "id: bbbb, ", ""),
            2 => NOTHING.to_owned(),
            _ => but(NOTHING, "nothing_to_disclose", "do_not_disclose"),
        },
        A::Disclose if variant == 0 => {
            let refused = "{result: refused_not_disclosed, reason: x, authorised_by: all}";
            but(&told(&recipient(0)), "{result: signed}", refused)
        }
        A::Disclose => told(&recipient(variant % 3)),
        A::Inform => pick(&["method: phone", "method: letter", "method: in_person"]),
        A::Close => {
            let reason = crate::domain::case::ClosureReason::ALL[(variant * 3) % 14];
            let telling = ["", ", applicant_told: {told: false, reason: x}"][variant % 2];
            format!("{{reason: {reason}, note: Zzyzx, done_instead: x, no_child_at_risk: x{telling}}}")
        }
        A::Urgent => "action: Zzyzx".to_owned(),
        A::Refer => pick(&["{to: social_care, reason: Zzyzx}", "{to: Zzyzx, reason: x}"]),
        A::Extend => {
            let until = pick(&["2026-04-10", "2026-05-10", "2026-03-10", "2026-03-20"]);
            let clock = pick(&["whole", "whole", "interview"]);
            format!(
                "{{clock: {clock}, until: {until}, reason: Zzyzx, authorised_by: all, applicant_told: {{told: false, reason: x}}}}"
            )
        }
        A::Contact => pick(&[
            "{with: applicant, method: phone, direction: outbound, summary: Zzyzx}",
            "{with: agency, method: email, direction: inbound, summary: Zzyzx}",
        ]),
        A::Note => "text: Zzyzx".to_owned(),
        A::Withdraw => pick(&["{how: withdrawn, reason: Zzyzx}", "{how: unreachable, reason: Zzyzx}"]),
        A::Reroute => "reason: Zzyzx".to_owned(),
        A::Assign => pick(&["owner: d.osei", "owner: all", "owner: Zzyzx"]),
        A::Link => pick(&["{to: KP-26-000000, reason: Zzyzx}", "{to: KP-26-7K3QF4, reason: x}"]),
        A::Sent => {
            let letter = case.letters.get(variant % (case.letters.len() + 1));
            format!("{{letter: {}}}", letter.map_or("cccc", |letter| letter.id.as_str()))
        }
        A::Reopen => format!("{{to: {}, reason: Zzyzx}}", Stage::ALL[variant % 6]),
        A::Correct => pick(&[
            "{path: concern, now: Zzyzx again, code: mistake, reason: Zzyzx}",
            "{path: stage, now: assessment, code: mistake, reason: Zzyzx}",
            "{path: stage, now: initial_checks, code: mistake, reason: Zzyzx}",
            "{path: assessment.convicted, now: false, code: mistake, reason: Zzyzx}",
            "{path: withdrawal, code: mistake, reason: Zzyzx}",
            "{path: interview.at, now: 2026-03-03T12:00:00Z, code: mistake, reason: Zzyzx}",
            "{path: applicant.safe_contact.method, now: in_person, code: mistake, reason: Zzyzx}",
            "{path: checks.0, code: mistake, reason: Zzyzx}",
        ]),
        _ => String::new(),
    }
}

/// A letter of the case, as its command would make it.
pub fn letter(given: &Given, actor: &str, when: &str, variant: usize) -> Action {
    let case = given.case();
    let kinds = [LetterKind::Acknowledgement, LetterKind::AgencyRequest, LetterKind::ExtensionNotice];
    let kind = kinds[variant % kinds.len()];
    let to = if kind == LetterKind::AgencyRequest {
        "{role: agency, agency: health}"
    } else {
        "{role: applicant}"
    };
    let id = ItemId::random(&mut Chance::from_seed(1_000 + case.letters.len() as u64));
    let path = made::path(&case.reference, kind, given.settings.zone().day(at(when)), &id);
    let method = ["in_person", "in_person", "letter"][variant % 3];
    let text = format!(
        "{{id: {id}, by: {actor}, at: '{when}', kind: {kind}, to: {to}, method: {method}, language: en, \
         path: '{path}', template: built-in, sha256: '{}'}}",
        "0".repeat(64)
    );
    let read = record::read::<Letter>(&node(&text), Reader::strict());
    Action::Letter(vec![read.unwrap_or_else(|problems| panic!("{problems:?}"))])
}

/// A path in a spelling that is not its own.
pub fn misspelt(path: &str, variant: usize) -> String {
    match variant % 4 {
        0 => path.replacen('.', "..", 1) + if path.contains('.') { "" } else { "." },
        1 => format!(".{path}"),
        2 => format!("{path}."),
        _ => format!("{path}.."),
    }
}

/// A correction that names `person` in one of the case's fields; its path by ids or by positions.
pub fn correct_a_name(case: &Case, person: &str, variant: usize) -> (String, String) {
    let named = people::named(case);
    let mention = &named[(variant * 7) % named.len()];
    let path = if variant.is_multiple_of(2) { &mention.place } else { &mention.path };
    (path.to_string(), format!("{{path: '{path}', now: '{person}', code: mistake, reason: Zzyzx}}"))
}

/// An edit of the case's file that names `person` in one of its fields.
pub fn edit_a_name(case: &Case, person: &str, variant: usize, actor: &str, when: &str) -> Action {
    let named = people::named(case);
    let mention = &named[(variant * 5) % named.len()];
    let mut tree = case.write().unwrap();
    assert!(tree.set(&mention.path, Node::text(person)));
    let edited = record::read::<Case>(&tree, Reader::strict()).unwrap();
    edit_action(case, &edited, actor, when)
}

/// The file of the case taken into a store that does not have it.
pub fn added_by_hand(given: &Given, actor: &str, when: &str) -> Result<Case, Refusal> {
    let mut file = given.case().clone();
    without_recorders(&mut file);
    let action = edit_action(&file, &file, actor, when);
    let mut elsewhere = given.clone();
    elsewhere.case = None;
    elsewhere.apply(actor, when, &action)
}

/// Nobody says for csods who entered a record of a new file.
fn without_recorders(case: &mut Case) {
    fn walk(node: &mut Node) {
        match node {
            Node::Map(entries) => {
                entries.retain(|(key, _)| key != "recorded_by");
                entries.iter_mut().for_each(|(_, value)| walk(value));
            }
            Node::List(items) => items.iter_mut().for_each(walk),
            _ => {}
        }
    }
    let mut tree = case.write().unwrap();
    walk(&mut tree);
    *case = record::read::<Case>(&tree, Reader::strict()).unwrap();
    case.format = case.format();
}

/// A case as another system has it, which is imported: without what only csods makes.
pub fn as_answers(case: &Case) -> Node {
    let mut tree = case.write().unwrap();
    let made = [
        "format",
        "reference",
        "guidance",
        "stage",
        "rerouted",
        "reopened",
        "links",
        "letters",
        "corrections",
    ];
    for key in made {
        tree.remove(&Path::from(key));
    }
    tree.set(&Path::from("imported"), node("{sha256: '00', row: 2}"));
    tree
}

/// Everybody who ever had to do with an assessment of a case.
#[derive(Default)]
pub struct Assessors(BTreeSet<PersonId>);

impl Assessors {
    /// Follows one accepted action.
    pub fn follow(&mut self, before: Option<&Case>, after: &Case, actor: &str) {
        let actor = PersonId::new(actor).unwrap();
        let (were, are) = (before.map(assessments).unwrap_or_default(), assessments(after));
        if were != are {
            for assessment in were.iter().chain(&are) {
                self.0.insert(assessment.by.0.clone());
                self.0.extend(assessment.recorded_by.clone());
            }
            if are.len() > were.len() {
                self.0.insert(actor.clone());
            }
        }
        let decided = before.map(decisions).unwrap_or_default();
        if decided != decisions(after) && before.is_some() {
            assert!(!self.0.contains(&actor), "{actor} assessed and changed the decision");
        }
        if let Some(decision) = &after.decision {
            assert!(!self.0.contains(&decision.by.0), "{} assessed and decided", decision.by);
        }
    }
}

fn assessments(case: &Case) -> Vec<&Assessment> {
    let aside = case.reopened.iter().filter_map(|reopening| reopening.set_aside.as_ref());
    aside.filter_map(|aside| aside.assessment.as_ref()).chain(&case.assessment).collect()
}

fn decisions(case: &Case) -> Vec<&Decision> {
    let aside = case.reopened.iter().filter_map(|reopening| reopening.set_aside.as_ref());
    aside.filter_map(|aside| aside.decision.as_ref()).chain(&case.decision).collect()
}

/// R6: the auditor is named nowhere, and the call handler for none of what only others do.
pub fn check_names(case: &Case) {
    for mention in people::named(case) {
        let keys = mention.keys.join(".");
        let person = mention.person.as_str();
        assert_ne!(person, "p.auditor", "{keys}");
        let others =
            ["assessment.by", "decision.by", "interview.by", "seen_by", "closure.by", "disclosures.by"];
        let others = others.iter().any(|field| keys.ends_with(field)) || keys.ends_with("authorised_by");
        assert!(!(others && person == "r.patel"), "{keys}");
    }
}

/// A life that begins with a case of another system: at the assessment, at the decision or at the outcome.
pub fn imported(variant: usize) -> Given {
    let stage = [Stage::Assessment, Stage::Decision, Stage::Outcome][variant % 3];
    let answers = as_answers(Given::at(stage, Route::RightToAsk).case());
    let mut given = Given::nothing();
    let flow = crate::store::yaml::write(&answers);
    given.done("s.khan", "15 10:00", A::Import, &flow);
    given
}
