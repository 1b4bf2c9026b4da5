//! R6: everybody named by a new or changed record holds a role that may do what the record says they did.
//!
//! Which fields name a person follows from the shape of the case: see [`Mention`]. What each of them stands for is said
//! once, in [`part_of`].

mod mentions;

use std::collections::BTreeMap;

use super::closing;
use super::entering::{Differing, set_aside_from};
use crate::domain::action::{Action, ActionKind};
use crate::domain::case::{Case, Stage};
use crate::domain::importing::Importing;
use crate::domain::node::{Path, Step};
use crate::domain::record::{self, Fault, Part as _, Problem, Shape};
use crate::domain::scalars::PersonId;
use crate::domain::settings::{OfficePerson, Role, Settings};
use crate::domain::time::Instant;

pub use mentions::{Mention, When, named, named_in};
use mentions::{keys_of, mentions};

/// What a person does who is named in a field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Part {
    /// One of these actions.
    Acts(&'static [ActionKind]),
    /// Looks after the case.
    Owns,
    /// Entered the record (R4): csods itself says so.
    Enters,
}

/// The work of the stages: who may do some of it may look after a case.
const WORK: &[ActionKind] = &[
    ActionKind::Check,
    ActionKind::Screen,
    ActionKind::Interview,
    ActionKind::Assess,
    ActionKind::Decide,
    ActionKind::Disclose,
    ActionKind::Inform,
    ActionKind::Close,
];

/// What the person does who is named in the field with these keys; `None` for a field that is missing here, whose person
/// is then refused. `reopens` says whether a return to an earlier stage reopened a closed case (S1).
pub fn part_of(keys: &[&str], reopens: bool) -> Option<Part> {
    use ActionKind as A;
    // What a return set aside is still the record that it was.
    let keys = match keys {
        ["reopened", "set_aside", rest @ ..] => rest,
        keys => keys,
    };
    Some(Part::Acts(match keys {
        [.., "recorded_by"] => return Some(Part::Enters),
        ["owner"] => return Some(Part::Owns),
        ["received", "by"] => &[A::New],
        ["imported", "by"] => &[A::Import],
        ["checks", "by"] => &[A::Check],
        ["screening", "by"] => &[A::Screen],
        ["interview", "by"] | ["interview", "identity", "seen_by"] => &[A::Interview],
        ["assessment", "by"] => &[A::Assess],
        ["decision", "by"] => &[A::Decide],
        // An agency is consulted by the officers, or by the decision maker.
        ["decision", "consulted", "by"] => &[A::Contact, A::Decide],
        ["disclosures", "by"] => &[A::Disclose],
        ["informed", "by"] => &[A::Inform],
        ["closure", "by"] => &[A::Close],
        ["withdrawal", "by"] => &[A::Withdraw],
        ["rerouted", "by"] => &[A::Reroute],
        ["reopened", "by"] if reopens => &[A::Reopen],
        // An open case is sent back by a correction of its stage.
        ["reopened", "by"] => &[A::Correct],
        ["urgent", "by"] => &[A::Urgent],
        ["referrals", "by"] => &[A::Refer],
        ["extensions", "by"] => &[A::Extend],
        ["contacts", "by"] => &[A::Contact],
        ["notes", "by"] => &[A::Note],
        ["links", "by"] => &[A::Link],
        ["letters", "by"] => &[A::Letter],
        ["letters", "sent", "by"] => &[A::Sent],
        ["corrections", "by"] => &[A::Correct, A::Edit],
        ["checks", "agreed_by"]
        | ["disclosures", "undertaking", "authorised_by"]
        | ["extensions", "authorised_by"]
        | ["letters", "overriding", "authorised_by"]
        | [.., "late", "authorised_by"] => &[A::Authorise],
        _ => return None,
    }))
}

/// The key of the case under which the record of an action stands: nothing for `new`, which makes all of the case. `None`
/// where it leaves no record of its own.
pub fn recorded_under(kind: ActionKind) -> Option<&'static str> {
    let Shape::Record(fields) = Case::SHAPE else { return None };
    let stands = |key: &&str| matches!(part_of(&[key, "by"], true), Some(Part::Acts(&[by])) if by == kind);
    match kind {
        ActionKind::New => Some(""),
        ActionKind::Correct => Some("corrections"),
        ActionKind::Sent => Some("letters"),
        _ => fields.iter().map(|field| field.key).find(stands),
    }
}

/// Where the record of an action stands in a case: the keys down to it.
fn home(kind: ActionKind) -> &'static [&'static str] {
    use ActionKind as A;
    match kind {
        A::Check => &["checks"],
        A::Screen => &["screening"],
        A::Interview => &["interview"],
        A::Assess => &["assessment"],
        A::Decide => &["decision"],
        A::Disclose => &["disclosures"],
        A::Inform => &["informed"],
        A::Close => &["closure"],
        A::Urgent => &["urgent"],
        A::Refer => &["referrals"],
        A::Extend => &["extensions"],
        A::Contact => &["contacts"],
        A::Note => &["notes"],
        A::Withdraw => &["withdrawal"],
        A::Reroute => &["rerouted"],
        A::Link => &["links"],
        A::Letter => &["letters"],
        A::Sent => &["letters", "sent"],
        A::Reopen => &["reopened"],
        A::New
        | A::Import
        | A::Assign
        | A::Correct
        | A::Edit
        | A::Settings
        | A::Person
        | A::Authorise
        | A::Export => &[],
    }
}

/// Whether a person who acts today may be named in a field of the answers to an action, or at a place of the case where a
/// correction gives it a new value: whom a prompt offers.
pub fn may_be_named(person: &OfficePerson, kind: ActionKind, path: &Path, settings: &Settings) -> bool {
    let answered = kind.answers().and_then(|answers| keys_of(path, answers));
    let keys = match answered {
        Some((rest, _)) => [home(kind), &rest].concat(),
        None => keys_of(path, Case::SHAPE).map(|(keys, _)| keys).unwrap_or_default(),
    };
    let may = part_of(&keys, true).is_none_or(|part| part.refuses(person, settings).is_none());
    person.ended.is_none() && !person.is_archive() && may
}

/// R6: what stands against the people whom an action names anew in a case, judged by the settings before it. `after` is
/// the case as it would stand, and `differing` what differs between the two. Whom the same field named before is not
/// checked again: people change roles. An import is judged by [`imported`].
pub(super) fn changed(
    before: Option<&Case>,
    action: &Action,
    after: &Case,
    differing: &Differing,
    settings: &Settings,
) -> Vec<Problem> {
    let problems = against_all(before, differing, action, after, settings);
    if problems.is_empty() || before.is_none() {
        return problems;
    }
    // Their places count the items of the whole case.
    let whole = Differing { before: before.and_then(record::Part::write), after: after.write() };
    against_all(before, &whole, action, after, settings)
}

/// As [`changed`], but the places of the problems count the items of `differing`, not those of the case.
pub(super) fn against_all(
    before: Option<&Case>,
    differing: &Differing,
    action: &Action,
    after: &Case,
    settings: &Settings,
) -> Vec<Problem> {
    let stood =
        mentions(differing.before.as_ref(), Case::SHAPE).into_iter().map(|old| (old.place, old.person));
    let stood: BTreeMap<Path, PersonId> = stood.collect();
    let mut problems = Vec::new();
    for mention in mentions(differing.after.as_ref(), Case::SHAPE) {
        let as_before = |place: &Path| stood.get(place) == Some(&mention.person);
        // What a return set aside stood elsewhere before it.
        let aside = set_aside_from(&mention.place).is_some_and(|earlier| as_before(&earlier));
        if aside || as_before(&mention.place) {
            continue;
        }
        let wrong =
            against(&mention, elsewhere(after), settings).or_else(|| supervised(&mention, after, settings));
        // That nobody has the id is said of a whole case by its consistency.
        let whole = matches!(action, Action::Correct(_) | Action::Edit(..));
        let unknown = settings.person(&mention.person).is_none();
        let shown = shown(&mention, action, before);
        problems.extend(wrong.filter(|_| !(whole && unknown)).map(|fault| Problem::new(shown, fault)));
    }
    problems.dedup();
    problems
}

/// R6: what stands against the people whom an imported case names. Each problem lies where the answers name them.
pub(super) fn imported(importing: &Importing, settings: &Settings) -> Vec<Problem> {
    let elsewhere = (importing.imported.stage == Some(Stage::Closed)).then_some(importing.imported.at.0);
    let wrong = |mention: Mention| {
        let fault = match part_of(&mention.keys, false) {
            Some(Part::Enters) => Fault::Invalid("is recorded by csods itself; leave it out".to_owned()),
            _ => against(&mention, elsewhere, settings)?,
        };
        Some(Problem::new(mention.path, fault))
    };
    mentions(importing.write().as_ref(), Importing::SHAPE).into_iter().filter_map(wrong).collect()
}

/// When a case was imported that another system had closed; `None` for every other.
fn elsewhere(case: &Case) -> Option<Instant> {
    let imported = case.imported.as_ref().filter(|imported| imported.stage == Some(Stage::Closed))?;
    Some(imported.at.0)
}

/// What stands against naming this person there. `elsewhere` is when a case was imported that another system had closed.
fn against(mention: &Mention, elsewhere: Option<Instant>, settings: &Settings) -> Option<Fault> {
    let Some(person) = settings.person(&mention.person) else {
        return Some(Fault::Invalid("is no person of this store; see `csods person list`".to_owned()));
    };
    let day = mention.at.map(|at| match at {
        When::At(at) => settings.zone().day(at),
        When::On(day) => day,
    });
    // What the old system recorded, not what was done to the case since.
    let old = elsewhere.is_some_and(|imported| match mention.at {
        Some(When::At(at)) => at <= imported && mention.keys != ["imported", "by"],
        Some(When::On(day)) => day <= settings.zone().day(imported),
        None => true,
    });
    if person.is_archive() {
        let what = "stands for the people of another system; only records of a case that it had closed may name them";
        return (!old).then(|| Fault::Rule("R6", what.to_owned()));
    }
    let part = part_of(&mention.keys, mention.reopens);
    if part == Some(Part::Owns) && old {
        return None;
    }
    match (person.ended, day) {
        (Some(ended), Some(day)) if ended <= day => {
            return Some(Fault::Invalid("acted no more then; see `csods person list`".to_owned()));
        }
        (Some(_), None) => return Some(Fault::Invalid("acts no more; see `csods person list`".to_owned())),
        _ => {}
    }
    match part {
        Some(part) => part.refuses(person, settings).map(|what| Fault::Rule("R6", what)),
        None => Some(Fault::Rule("R6", "may be named here by nobody".to_owned())),
    }
}

/// R6, A2: what stands against this person as the one who authorised something at that moment.
pub fn authoriser(path: &str, person: &PersonId, at: Instant, settings: &Settings) -> Option<Problem> {
    let keys = vec!["letters", "overriding", "authorised_by"];
    let (path, at, person) = (Path::from(path), Some(When::At(at)), person.clone());
    let mention = Mention { place: path.clone(), path, keys, person, at, reopens: false };
    against(&mention, None, settings).map(|fault| Problem::new(mention.path, fault))
}

impl Part {
    /// Why this person may not; `None` where they may.
    fn refuses(self, person: &OfficePerson, settings: &Settings) -> Option<String> {
        let (kinds, what) = match self {
            Part::Acts(kinds) => (kinds, kinds.first().map_or("", |kind| kind.meaning())),
            Part::Owns => (WORK, "look after a case"),
            Part::Enters => return None,
        };
        let mut roles: Vec<Role> = kinds.iter().flat_map(|kind| settings.permitted(*kind)).collect();
        if roles.iter().any(|role| person.roles.contains(role)) {
            return None;
        }
        roles.sort();
        roles.dedup();
        let roles: Vec<&str> = roles.iter().map(|role| role.word()).collect();
        Some(format!("may not {what}: that takes one of these roles: {}", roles.join(", ")))
    }
}

/// S5: a case that ends without an assessment is closed by a supervisor.
fn supervised(mention: &Mention, case: &Case, settings: &Settings) -> Option<Fault> {
    let closure = case.closure.as_ref().filter(|_| mention.keys == ["closure", "by"])?;
    let needed = case.closed_before_import().is_none() && closing::needs_no_risk(case, closure);
    let supervisor = settings.person(&mention.person)?.roles.contains(&Role::Supervisor);
    let what = "closes without an assessment: that takes a supervisor";
    (needed && !supervisor).then(|| Fault::Rule("S5", what.to_owned()))
}

/// Where the problem with a field is shown: in the answers of an action, or in the case where that is what was given.
fn shown(mention: &Mention, action: &Action, before: Option<&Case>) -> Path {
    let home = home(action.kind());
    match action {
        Action::Edit(..) if before.is_none() => mention.path.clone(),
        _ if home.is_empty() => mention.place.clone(),
        _ if mention.keys.starts_with(home) => {
            let steps = &mention.path.0;
            let mut keys = 0;
            let after_home = |step: &&Step| {
                keys += usize::from(matches!(step, Step::Key(_)));
                keys <= home.len()
            };
            let skipped = steps.iter().take_while(after_home).count();
            let mut path = Path::from(action.kind().place());
            path.0.extend(steps[skipped..].iter().cloned());
            path
        }
        _ => mention.place.clone(),
    }
}
