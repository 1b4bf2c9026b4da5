//! What the commits of csods say (X1): who did what to which case, by which rules; nothing personal.
//!
//! ```text
//! KP-26-7K3QF4: decide
//!
//! Case: KP-26-7K3QF4
//! Action: decide
//! Stage: decision -> outcome
//! Change: KP-26-7K3QF4 decide decision
//! Actor: m.reid
//! Role: decision_maker
//! Format: 1
//! Rules: 2
//! Csods: 0.2.0
//! ```
//! There is a `Change:` for every action on a case: its item is what the action recorded (see
//! [`crate::domain::history`]).

use crate::context::Context;
use crate::domain::action::{Action, ActionKind};
use crate::domain::case::{Case, Stage};
use crate::domain::history::{self, Named};
use crate::domain::record::OLDEST_FORMAT;
use crate::domain::reference::Reference;
use crate::domain::settings::{Role, Settings, Version};
use crate::domain::workflow::{Moment, RULES, role_for};
use crate::store::{CommitText, Entry};

/// What one commit is about.
#[derive(Debug)]
pub struct About {
    subject: String,
    trailers: Vec<(&'static str, String)>,
    kinds: Vec<ActionKind>,
    format: u32,
}

impl About {
    /// A commit with this subject and an `Action:` of this word.
    pub fn new(subject: String, action: &str) -> About {
        let trailers = vec![("Action", action.to_owned())];
        About { subject, trailers, kinds: Vec::new(), format: OLDEST_FORMAT }
    }

    /// A commit about the store, or about many cases: `csods: import`.
    pub fn store(kind: ActionKind) -> About {
        About { kinds: vec![kind], ..About::new(format!("csods: {kind}"), kind.word()) }
    }

    /// A commit of one action on one case. Its `Change:` is added by [`About::change`].
    pub fn case(reference: &Reference, kind: ActionKind, before: Option<Stage>, after: Stage) -> About {
        let trailers = vec![
            ("Case", reference.to_string()),
            ("Action", kind.word().to_owned()),
            ("Stage", stage_trailer(before, after)),
        ];
        let subject = format!("{reference}: {kind}");
        About { subject, trailers, kinds: vec![kind], format: OLDEST_FORMAT }
    }

    /// One more trailer before those that say who acted and how. Nothing personal may stand in it.
    pub fn trailer(&mut self, key: &'static str, value: String) {
        self.trailers.push((key, value));
    }

    /// One more kind of thing that was done, for which the actor needs a role.
    pub fn kind(&mut self, kind: ActionKind) {
        if !self.kinds.contains(&kind) {
            self.kinds.push(kind);
        }
    }

    /// One more action on a case, by its name.
    pub fn named(&mut self, reference: &Reference, named: &Named) {
        let item = named.item.as_deref().unwrap_or_default();
        self.trailer("Change", format!("{reference} {} {item}", named.kind));
        self.kind(named.kind);
    }

    /// One more action, and the case that it made of `before`.
    pub fn change(&mut self, action: &Action, before: Option<&Case>, after: &Case) {
        history::names(action, before).iter().for_each(|named| self.named(&after.reference, named));
        self.file(after.format);
    }

    /// One more case file of this format.
    pub fn file(&mut self, format: u32) {
        self.format = self.format.max(format);
    }

    /// The whole text, with who acted, in which roles, in which format and by which rules.
    pub fn text(self, context: &Context, moment: &Moment, settings: &Settings) -> CommitText {
        let mut roles: Vec<&str> = Vec::new();
        for kind in self.kinds {
            let role = role_for(&moment.actor, kind, settings).map_or("none", Role::word);
            if !roles.contains(&role) {
                roles.push(role);
            }
        }
        signed(context, self.subject, self.trailers, moment.actor.as_str(), &roles.join(", "), self.format)
    }
}

/// A commit's text, with the trailers that every commit ends with.
pub fn signed(
    context: &Context,
    subject: String,
    mut trailers: Vec<(&'static str, String)>,
    actor: &str,
    roles: &str,
    format: u32,
) -> CommitText {
    trailers.push(("Actor", actor.to_owned()));
    trailers.push(("Role", roles.to_owned()));
    trailers.push(("Format", format.to_string()));
    trailers.push(("Rules", RULES.to_string()));
    trailers.push(("Csods", Version::own().to_string()));
    if context.set_by_hand {
        trailers.push(("Clock", "set by hand".to_owned()));
    }
    CommitText { subject, trailers }
}

/// `decision -> outcome`, or the stage alone where it stays.
pub fn stage_trailer(before: Option<Stage>, after: Stage) -> String {
    match before {
        Some(before) if before != after => format!("{before} -> {after}"),
        _ => after.to_string(),
    }
}

/// The actions that a commit says it did to a case, in their order.
///
/// Commits of rule book 1 name no items. One of them that held several actions had a line for each kind and stage
/// instead, with some cases on each: `Change: check initial_checks: KP-26-7K3QF4 KP-26-4M1ZQM`.
pub fn named(entry: &Entry, reference: &Reference) -> Vec<Named> {
    let named = |(key, value): &(String, String)| match key.as_str() {
        "Change" => named_in(value, reference),
        _ => None,
    };
    let found: Vec<Named> = entry.trailers.iter().filter_map(named).collect();
    match entry.trailer("Action").and_then(ActionKind::of) {
        Some(kind) if found.is_empty() => vec![Named { kind, item: None }],
        _ => found,
    }
}

fn named_in(value: &str, reference: &Reference) -> Option<Named> {
    if let Some((what, cases)) = value.split_once(": ") {
        let kind = ActionKind::of(what.split(' ').next()?)?;
        let is_named = cases.split(' ').any(|case| case == reference.as_str());
        return is_named.then_some(Named { kind, item: None });
    }
    let mut words = value.split(' ');
    let is_named = words.next() == Some(reference.as_str());
    let kind = ActionKind::of(words.next()?)?;
    let item = words.next().filter(|item| !item.is_empty())?;
    (is_named && words.next().is_none()).then(|| Named { kind, item: Some(item.into()) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::CommitId;

    fn entry(trailers: &[(&str, &str)]) -> Entry {
        let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        Entry {
            commit: CommitId::ZERO,
            at_unix: 0,
            offset_minutes: 0,
            author_name: String::new(),
            author_email: String::new(),
            subject: String::new(),
            trailers: trailers.iter().map(owned).collect(),
            parents: Vec::new(),
            file: None,
            file_before: None,
        }
    }

    #[test]
    fn the_actions_on_a_case_are_read_off_commits_of_every_rule_book() {
        let reference: Reference = "KP-26-7K3QF4".parse().unwrap();
        let read = |trailers: &[(&str, &str)]| {
            let words = |named: Named| (named.kind.word(), named.item.map(String::from));
            named(&entry(trailers), &reference).into_iter().map(words).collect::<Vec<_>>()
        };
        let item = |text: &str| Some(text.to_owned());
        assert_eq!(read(&[("Case", "KP-26-7K3QF4"), ("Action", "decide")]), [("decide", None)]);
        let several = [
            ("Action", "apply"),
            ("Change", "check initial_checks: KP-25-4M1ZQM KP-26-7K3QF4"),
            ("Change", "note initial_checks: KP-25-4M1ZQM"),
            ("Change", "screen initial_checks -> interview: KP-26-7K3QF4"),
        ];
        assert_eq!(read(&several), [("check", None), ("screen", None)]);
        let now = [
            ("Action", "apply"),
            ("Change", "KP-26-7K3QF4 check 9wq1"),
            ("Change", "KP-25-4M1ZQM note 7b2k"),
            ("Change", "KP-26-7K3QF4 assign d.osei->m.reid"),
        ];
        assert_eq!(read(&now), [("check", item("9wq1")), ("assign", item("d.osei->m.reid"))]);
        for bad in
            ["KP-26-7K3QF4", "KP-26-7K3QF4 check", "KP-26-7K3QF4 check 9wq1 x", "KP-26-7K3QF4 fly 9wq1", ""]
        {
            assert_eq!(read(&[("Action", "apply"), ("Change", bad)]), [], "{bad}");
        }
    }
}
