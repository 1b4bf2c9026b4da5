//! A line that is given again: whether what it asks for is what was recorded under its id.
//!
//! The mark of an id says nothing of what was given, so that nobody can try it out. It names the case and the record. What
//! the line would record is compared with that record as it was made: corrections of it since are undone, and records that
//! a return to an earlier stage set aside count as well. What the line leaves to the tool (ids, `by`, `at`) is not compared.
//!
//! Two things leave no trace in a case, and are taken to be the same: who looked after it before somebody else did
//! (`assign`, and the `owner` of `new`).

use crate::commands::answers::recipient_by_role;
use crate::domain::action::ActionKind;
use crate::domain::case::{Case, Decision, Reopening};
use crate::domain::filled::Fill;
use crate::domain::history::Named;
use crate::domain::node::{Node, Path, Step};
use crate::domain::record::{Part, Shape};
use crate::domain::reference::Reference;
use crate::domain::scalars::ItemId;
use crate::domain::workflow::people;
use crate::error::Error;
use crate::store::{Snapshot, files};

/// What a line asks for.
pub struct Asked<'l> {
    /// The action.
    pub kind: ActionKind,
    /// The case; `None` where it opens one.
    pub case: Option<&'l Reference>,
    /// The answers.
    pub data: &'l Node,
    /// Everything that was given but the id, as older marks remember it.
    pub content: &'l Node,
}

/// What the mark of an id names in the case: the id of the record that was made, or where that kind of record has no id,
/// the word of the action. No such word has the form of an id.
pub fn made(named: &Named) -> Box<str> {
    // Of an assignment the trailer says who: that is what was given, and a short name might look like an id.
    let item = named.item.as_deref().filter(|_| named.kind != ActionKind::Assign);
    item.filter(|item| ItemId::new(*item).is_ok()).unwrap_or(named.kind.word()).into()
}

/// Compares lines with what was recorded; holds the case that was read last, because the lines of one often follow on one
/// another.
#[derive(Debug, Default)]
pub struct Again(Option<Read>);

/// A case as it stands in the store.
#[derive(Debug)]
struct Read {
    reference: Reference,
    tree: Node,
    /// What was corrected, and what it was before: the newest first.
    corrections: Vec<(Path, Option<Node>)>,
    /// The keys under which sets of records stand that were set aside.
    aside: Vec<Path>,
    decisions: Vec<Decision>,
}

impl Again {
    /// Whether what the line asks for is the record `made` of this case, which stands in the store.
    ///
    /// # Errors
    /// `Damaged` where the case cannot be read.
    pub fn same(
        &mut self,
        head: &Snapshot,
        case: &Reference,
        made: &str,
        asked: &Asked<'_>,
        fill: &Fill,
    ) -> Result<bool, Error> {
        if asked.case.is_some_and(|asked| asked != case) {
            return Ok(false);
        }
        let is_item = ItemId::new(made).is_ok();
        if !is_item && made != asked.kind.word() {
            return Ok(false);
        }
        if asked.kind == ActionKind::Assign {
            return Ok(true);
        }
        let read = match self.0.take().filter(|read| read.reference == *case) {
            Some(read) => read,
            None => match files::case(head, case)? {
                Some((found, _)) => Read::new(found),
                None => return Ok(false),
            },
        };
        let same = read.holds(is_item.then_some(made), asked, fill);
        self.0 = Some(read);
        Ok(same)
    }
}

impl Read {
    fn new(case: Case) -> Read {
        let tree = case.write().unwrap_or(Node::Null);
        let corrections = case.corrections.iter().rev().map(|correction| {
            (by_ids(&tree, &Path::recorded(correction.path.as_str())), correction.was.clone())
        });
        let path =
            |reopening: &Reopening| Path::root().key("reopened").key(reopening.id.as_str()).key("set_aside");
        let aside = |reopening: &Reopening| reopening.set_aside.as_ref()?.decision.clone();
        Read {
            corrections: corrections.collect(),
            aside: case.reopened.iter().map(path).collect(),
            decisions: case.decision.iter().cloned().chain(case.reopened.iter().filter_map(aside)).collect(),
            reference: case.reference,
            tree,
        }
    }

    /// Whether the case holds, or held, the record that is asked for.
    fn holds(&self, id: Option<&str>, asked: &Asked<'_>, fill: &Fill) -> bool {
        let Some(key) = people::recorded_under(asked.kind) else { return false };
        let place = |above: &Path| {
            let list = if key.is_empty() { above.clone() } else { above.key(key) };
            let item = id.map_or_else(|| list.clone(), |id| list.key(id));
            if asked.kind == ActionKind::Sent { item.key("sent") } else { item }
        };
        let now = place(&Path::root());
        let mut places = vec![now.clone()];
        if asked.kind != ActionKind::New {
            places.extend(self.aside.iter().map(place));
        }
        let given = self.given(asked);
        places.iter().any(|place| {
            let was = self.versions(place, &now);
            was.into_iter()
                .any(|record| given.iter().any(|given| self.equal(record.clone(), given, id, asked, fill)))
        })
    }

    /// What stands at `place`, and what stood there before each correction of it. What was corrected before it was set
    /// aside was corrected at `before`.
    fn versions(&self, place: &Path, before: &Path) -> Vec<Node> {
        let mut now = self.tree.at(place).cloned();
        let mut all: Vec<Node> = now.iter().cloned().collect();
        for (path, was) in &self.corrections {
            let rest = |inner: &Path, outer: &Path| Path(inner.0[outer.0.len()..].to_vec());
            let Some(target) =
                [place, before].into_iter().find(|of| path.is_within(of) || of.is_within(path))
            else {
                continue;
            };
            if !path.is_within(target) {
                now = was.as_ref().and_then(|was| was.at(&rest(target, path))).cloned();
            } else if path == target {
                now.clone_from(was);
            } else if let Some(now) = &mut now {
                let inner = rest(path, target);
                match was {
                    Some(was) => {
                        now.set(&inner, was.clone());
                    }
                    None => {
                        now.remove(&inner);
                    }
                }
            }
            all.extend(now.clone());
        }
        all
    }

    /// The answers of the line. A recipient may be named by a role, which meant somebody only by the decision of then.
    fn given(&self, asked: &Asked<'_>) -> Vec<Node> {
        let mut data = asked.data.clone();
        match asked.kind {
            ActionKind::Disclose => {
                let by_decision = self.decisions.iter().map(|decision| {
                    let mut data = data.clone();
                    recipient_by_role(&mut data, &decision.recipients);
                    data
                });
                by_decision.collect()
            }
            // Taken out is what has no new value.
            ActionKind::Correct => {
                data.remove(&Path::from("remove"));
                vec![data]
            }
            _ => vec![data],
        }
    }

    /// Whether these answers, completed by what the tool filled in then, make this record.
    fn equal(
        &self,
        mut record: Node,
        given: &Node,
        id: Option<&str>,
        asked: &Asked<'_>,
        fill: &Fill,
    ) -> bool {
        let Some(shape @ Shape::Record(fields)) = asked.kind.answers() else { return false };
        let mut given = given.clone();
        match asked.kind {
            ActionKind::Sent => {
                record.set(&Path::from("letter"), Node::text(id.unwrap_or_default()));
            }
            ActionKind::New => {
                if let Some(route) = record.at(&Path::from("rerouted.0.route_before")).cloned() {
                    record.set(&Path::from("route"), route);
                }
                for tree in [&mut record, &mut given] {
                    tree.remove(&Path::from("owner"));
                }
            }
            _ => {}
        }
        if let Node::Map(entries) = &mut record {
            entries.retain(|(key, _)| fields.iter().any(|field| field.key == key));
        }
        without_entered(shape, &mut record);
        complete(shape, &mut given, &record);
        let read = |node: &Node| asked.kind.read(&super::marks::ordered(node), fill, Some(&self.reference));
        match (read(&record), read(&given)) {
            (Ok(record), Ok(given)) => record == given,
            _ => false,
        }
    }
}

/// Takes out what the tool recorded of how the record was entered (R4, C9).
fn without_entered(shape: Shape, record: &mut Node) {
    match (shape, record) {
        (Shape::Record(fields), Node::Map(entries)) => {
            let field = |key: &str| fields.iter().find(|field| field.key == key);
            entries.retain(|(key, _)| field(key).is_none_or(|field| !field.entered));
            for (key, node) in entries {
                if let Some(field) = field(key) {
                    without_entered(field.shape, node);
                }
            }
        }
        (Shape::List(item), Node::List(items)) => {
            items.iter_mut().for_each(|node| without_entered(*item, node));
        }
        _ => {}
    }
}

/// Takes over from `record` what the tool makes, and what it fills in where `given` does not say it.
fn complete(shape: Shape, given: &mut Node, record: &Node) {
    match shape {
        Shape::Record(fields) => {
            for field in fields {
                let path = Path::root().key(field.key);
                if field.made {
                    given.remove(&path);
                }
                match (given.get(field.key).is_some(), record.get(field.key)) {
                    (false, Some(value)) if field.made || field.filled => {
                        given.set(&path, value.clone());
                    }
                    (true, Some(value)) => {
                        if let Some(below) = given.place(&path) {
                            complete(field.shape, below, value);
                        }
                    }
                    _ => {}
                }
            }
        }
        Shape::List(item) => {
            if let (Node::List(given), Node::List(record)) = (given, record) {
                given.iter_mut().zip(record).for_each(|(given, record)| complete(*item, given, record));
            }
        }
        _ => {}
    }
}

/// The path with items named by their ids.
fn by_ids(tree: &Node, path: &Path) -> Path {
    let mut named = Path::root();
    for step in &path.0 {
        let id = match step {
            Step::Index(_) => {
                tree.at(&Path([named.0.as_slice(), std::slice::from_ref(step)].concat())).and_then(Node::id)
            }
            Step::Key(_) => None,
        };
        named.0.push(id.map_or_else(|| step.clone(), |id| Step::Key(id.to_owned())));
    }
    named
}
