//! C10: records that lie ahead of the clock, because the clock of some machine is or was wrong. What is recorded anew never
//! does; what somebody else recorded so never stands in the way of a new record.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::changing::kept;
use super::consistency::moments;
use crate::domain::case::*;
use crate::domain::node::{Node, Path, Step};
use crate::domain::record::{self, Part, Problem, Reader};
use crate::domain::settings::Settings;
use crate::domain::time::{Day, Instant};

/// What is wrong with a time before the receipt.
pub const BEFORE_RECEIPT: &str = "lies before the application was received";

/// A moment or a day that lies in the future, by which it is counted.
type Ahead = BTreeMap<String, Vec<Path>>;

/// Nothing is recorded as done that has not happened yet: everything in the future that `case` has and `before` has not.
/// What moves within the case, as the records that are set aside do, is not new.
pub fn in_the_future(before: Option<&Case>, case: &Case, now: Instant, settings: &Settings) -> Vec<Problem> {
    let mut found = ahead(case, now, settings);
    if !found.is_empty() {
        let known = before.map(|before| ahead(before, now, settings)).unwrap_or_default();
        found.retain(|time, paths| known.get(time).map_or(0, Vec::len) < paths.len());
    }
    found.into_values().flatten().map(|path| Problem::invalid(path, "lies in the future")).collect()
}

/// The records of a stored case that lie ahead of the clock, each with the command that mends it.
pub fn stand_ahead(case: &Case, now: Instant, settings: &Settings) -> Vec<Problem> {
    let one = |path: Path| {
        let named = by_ids(case, &path);
        let mend = match kept(&named) {
            Some(_) => "it is right again once the clock has come so far".to_owned(),
            None => format!("`csods correct {} --path {named}` mends it", case.reference),
        };
        Problem::rule(path, "C10", format!("lies ahead of the clock; {mend}"))
    };
    ahead(case, now, settings).into_values().flatten().map(one).collect()
}

/// Everything of a case that lies in the future.
fn ahead(case: &Case, now: Instant, settings: &Settings) -> Ahead {
    let today = settings.zone().day(now);
    let mut found = Ahead::new();
    let mut add = |time: String, path: Path| found.entry(time).or_default().push(path);
    for (path, at) in after(case, now) {
        add(at.to_string(), path);
    }
    let seen = case.interview.iter().flat_map(|interview| &interview.identity).enumerate();
    for (index, identity) in seen.filter(|(_, identity)| identity.seen_on.0 > today) {
        let path = Path::from("interview.identity").index(index).key("seen_on");
        add(identity.seen_on.0.to_string(), path);
    }
    for (path, day) in births(case).into_iter().filter(|(_, day)| *day > today) {
        add(format!("born {day}"), path);
    }
    found
}

/// The moments of a case after `now`, with their places.
fn after(case: &Case, now: Instant) -> Vec<(Path, Instant)> {
    // Nearly always there is none, which is seen without a list of all.
    if case.latest().is_none_or(|latest| latest <= now) {
        return Vec::new();
    }
    moments(case).into_iter().filter(|(_, at)| *at > now).collect()
}

/// The path with items of lists by their ids, as `correct` takes it.
fn by_ids(case: &Case, path: &Path) -> Path {
    let tree = case.write().unwrap_or(Node::Null);
    let mut named = Path::root();
    for step in &path.0 {
        named = match (step, tree.at(&named)) {
            (Step::Index(index), Some(Node::List(items))) => {
                let id = items.get(*index).and_then(Node::id);
                id.map_or_else(|| named.index(*index), |id| named.key(id))
            }
            (Step::Index(index), _) => named.index(*index),
            (Step::Key(key), _) => named.key(key),
        };
    }
    named
}

/// The dates of birth of the people of a case, with their places in it.
fn births(case: &Case) -> Vec<(Path, Day)> {
    let applicant = case.applicant.as_ref().and_then(|applicant| applicant.date_of_birth.as_ref());
    let adults = [("applicant", applicant), ("subject", case.subject.date_of_birth.as_ref())];
    let adults = adults.into_iter().map(|(who, born)| (Path::root().key(who), born));
    let children = case.children.iter().enumerate();
    let children = children
        .map(|(index, child)| (Path::root().key("children").index(index), child.date_of_birth.as_ref()));
    let born = adults.chain(children);
    born.filter_map(|(path, born)| Some((path.key("date_of_birth"), *born?.open()))).collect()
}

/// The answers to an urgent action without a time that cannot be read: it gets that of its entry (C10).
pub fn readable_time(answers: &Node) -> Cow<'_, Node> {
    let stated = answers.get("at");
    if stated.is_none_or(|at| instant(at).is_some()) {
        return Cow::Borrowed(answers);
    }
    let mut answers = answers.clone();
    answers.remove(&Path::root().key("at"));
    Cow::Owned(answers)
}

/// Whether an urgent action whose answers state a time was recorded with that of its entry instead (C10).
pub fn is_time_of_entry(answers: &Node, recorded: &Case) -> bool {
    let at = recorded.urgent.last().map(|urgent| urgent.at.0);
    answers.get("at").is_some_and(|stated| instant(stated) != at)
}

/// What is said where it was.
pub const TIME_OF_ENTRY: &str =
    "the time that was stated cannot be right: recorded with the time of entry (C10)";

fn instant(node: &Node) -> Option<Instant> {
    node.as_text()?.parse().ok()
}

/// The case as a new record is judged that is done at `at`: whatever was recorded as done after `now` counts as done just
/// then, so that it neither comes too late nor makes the new record come too early. `None` where nothing lies ahead.
pub fn as_judged(case: &Case, at: Instant, now: Instant) -> Option<Case> {
    let ahead = after(case, now);
    if ahead.is_empty() {
        return None;
    }
    let mut tree = case.write()?;
    for (path, _) in ahead {
        tree.set(&path, Node::Stamp(at.to_string()));
    }
    let judged = record::read::<Case>(&tree, Reader::strict()).ok()?;
    Some(Case { modeline: case.modeline.clone(), ..judged })
}
