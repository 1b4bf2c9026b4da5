//! What was done under an id of the giver's own, so that giving it again does no harm.
//!
//! It stands in the store itself, in the same commit as what was done: `applied/7/f3` holds a line for each id whose
//! SHA-1 begins with `7f3`. So it is found by reading one small file however many ids there are; a clone has it; and
//! where git takes a commit back, its ids go with it and may be given again.
//!
//! ```text
//! 7f3d0c... 91ab4e... KP-26-7K3QF4      the id's SHA-1, that of what was given, the case
//! ```
//! Neither the id nor what was given can be read off it.

use std::collections::BTreeMap;

use super::place::Place;
use crate::domain::node::Node;
use crate::domain::reference::Reference;
use crate::error::{Error, Kind};
use crate::store::{ObjectId, yaml};

/// The folder in the store.
pub const FOLDER: &str = "applied";

/// One id, what was given under it, and the case that it was about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    id: ObjectId,
    given: ObjectId,
    case: Reference,
}

type File = BTreeMap<ObjectId, (ObjectId, Reference)>;

/// The files that were looked into, with what this batch adds.
#[derive(Debug, Default)]
pub struct Marks {
    before: BTreeMap<String, File>,
    added: BTreeMap<String, File>,
}

impl Marks {
    /// The case that the same was done to before under this id; `Conflict` where it was something else.
    pub fn find(&mut self, place: &Place<'_>, id: &str, given: &Node) -> Result<Option<Reference>, Error> {
        let (id, given) = (name(id), digest(given));
        let path = path(id);
        self.load(place, &path)?;
        let found = |files: &BTreeMap<String, File>| files.get(&path).and_then(|file| file.get(&id)).cloned();
        match found(&self.added).or_else(|| found(&self.before)) {
            None => Ok(None),
            Some((before, case)) if before == given => Ok(Some(case)),
            Some((_, case)) => {
                Err(Error::new(Kind::Conflict, format!("something else was done under this id, to {case}"))
                    .hint("what is to be done now needs an id of its own; nothing was changed"))
            }
        }
    }

    /// Adds one.
    pub fn add(
        &mut self,
        place: &Place<'_>,
        id: &str,
        given: &Node,
        case: &Reference,
    ) -> Result<Mark, Error> {
        let mark = Mark { id: name(id), given: digest(given), case: case.clone() };
        let path = path(mark.id);
        self.load(place, &path)?;
        self.added.entry(path).or_default().insert(mark.id, (mark.given, mark.case.clone()));
        Ok(mark)
    }

    fn load(&mut self, place: &Place<'_>, path: &str) -> Result<(), Error> {
        if !self.before.contains_key(path) {
            let bytes = place.read(path)?.unwrap_or_default();
            let file = read(&bytes).ok_or_else(|| {
                Error::new(Kind::Damaged, "the file of ids cannot be read")
                    .place(path)
                    .hint("each line is two SHA-1s and a reference; where a merge left both sides, keep both")
            })?;
            self.before.insert(path.to_owned(), file);
        }
        Ok(())
    }

    /// The files that change, as they will be.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mut replay = self.replay();
        let all = self.added.values().flat_map(|file| file.iter());
        let marks: Vec<Mark> =
            all.map(|(id, (given, case))| Mark { id: *id, given: *given, case: case.clone() }).collect();
        replay.after(&marks)
    }

    /// The files as they were, to be changed once more in the order of the commits.
    pub fn replay(&self) -> Replay {
        Replay(self.before.clone())
    }
}

/// The files of ids between two commits of a batch.
pub struct Replay(BTreeMap<String, File>);

impl Replay {
    /// The files that these marks change, as they are with them.
    pub fn after(&mut self, marks: &[Mark]) -> Vec<(String, Vec<u8>)> {
        let mut paths: Vec<String> = Vec::new();
        for mark in marks {
            let path = path(mark.id);
            self.0.entry(path.clone()).or_default().insert(mark.id, (mark.given, mark.case.clone()));
            paths.push(path);
        }
        paths.sort();
        paths.dedup();
        let bytes = |path: String| {
            let text: String = self.0.get(&path).into_iter().flatten().map(line).collect();
            (path, text.into_bytes())
        };
        paths.into_iter().map(bytes).collect()
    }
}

/// What an id is known by.
fn name(id: &str) -> ObjectId {
    ObjectId::of_blob(id.as_bytes())
}

/// What was given, whatever the order of its keys and the format it came in.
fn digest(given: &Node) -> ObjectId {
    ObjectId::of_blob(yaml::write(&ordered(given)).as_bytes())
}

fn ordered(node: &Node) -> Node {
    match node {
        Node::Map(entries) => {
            let mut entries: Vec<_> =
                entries.iter().map(|(key, node)| (key.clone(), ordered(node))).collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Node::Map(entries)
        }
        Node::List(items) => Node::List(items.iter().map(ordered).collect()),
        Node::Stamp(text) => Node::text(text),
        other => other.clone(),
    }
}

fn path(id: ObjectId) -> String {
    let hex = id.to_string();
    format!("{FOLDER}/{}/{}", &hex[..1], &hex[1..3])
}

fn line((id, (given, case)): (&ObjectId, &(ObjectId, Reference))) -> String {
    format!("{id} {given} {case}\n")
}

fn read(bytes: &[u8]) -> Option<File> {
    std::str::from_utf8(bytes).ok()?.lines().map(read_line).collect()
}

fn read_line(line: &str) -> Option<(ObjectId, (ObjectId, Reference))> {
    let mut words = line.split(' ');
    let (id, given, case) = (words.next()?, words.next()?, words.next()?);
    if words.next().is_some() {
        return None;
    }
    Some((ObjectId::from_hex(id)?, (ObjectId::from_hex(given)?, case.parse().ok()?)))
}

/// What is wrong with a file of ids, by line: of a store in which these cases `stand`.
pub fn faults(place: &str, bytes: &[u8], stands: impl Fn(&Reference) -> bool) -> Vec<(usize, &'static str)> {
    let digits = |text: &str, count| {
        text.len() == count && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let rest = place.strip_prefix(FOLDER).and_then(|rest| rest.strip_prefix('/'));
    if !rest.and_then(|rest| rest.split_once('/')).is_some_and(|(a, b)| digits(a, 1) && digits(b, 2)) {
        return vec![(1, "is no file of ids of `csods apply`: nothing else may stand in this folder")];
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return vec![(1, "is not text in UTF-8")] };
    let (mut faults, mut last) = (Vec::new(), None);
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let what = match read_line(line.trim_end_matches('\n')) {
            None => "is not two SHA-1s and a reference; where a merge left both sides, keep both",
            Some((id, _)) if path(id) != place => "is an id that belongs into another file",
            Some((id, _)) if last == Some(id) => "is an id that stands here twice; keep what was done",
            Some((id, _)) if last.is_some_and(|last| last > id) => "is not in the order of the ids",
            Some((_, (_, case))) if !stands(&case) => "names a case that is not in the store",
            Some((id, what)) if self::line((&id, &what)) != line => {
                "is not written as csods writes it: lower case, and a line each"
            }
            Some((id, _)) => {
                last = Some(id);
                continue;
            }
        };
        faults.push((number, what));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::answers::parse_any;

    #[test]
    fn the_order_of_keys_and_the_format_make_no_difference() {
        let one = parse_any(b"{\"case\": \"7K3\", \"data\": {\"text\": \"x\", \"list\": [1, 2]}}").unwrap();
        let same = parse_any(b"data:\n  list: [1, 2]\n  text: x\ncase: 7K3\n").unwrap();
        let other = parse_any(b"data:\n  list: [2, 1]\n  text: x\ncase: 7K3\n").unwrap();
        assert_eq!(digest(&one), digest(&same));
        assert_ne!(digest(&one), digest(&other));
    }

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        let mark =
            Mark { id: name("a"), given: digest(&Node::text("b")), case: "KP-26-7K3QF4".parse().unwrap() };
        let (path, bytes) = Replay(BTreeMap::new()).after(std::slice::from_ref(&mark)).remove(0);
        let hex = mark.id.to_string();
        assert_eq!(path, format!("applied/{}/{}", &hex[..1], &hex[1..3]));
        assert_eq!(read(&bytes).unwrap().get(&mark.id), Some(&(mark.given, mark.case)));
        for damaged in [&b"x\n"[..], b"<<<<<<< HEAD\n", &bytes[..60], b"\xff"] {
            assert!(read(damaged).is_none());
        }
    }

    #[test]
    fn what_is_wrong_with_a_file_is_told_by_line() {
        let (case, gone): (Reference, Reference) =
            ("KP-26-7K3QF4".parse().unwrap(), "KP-26-4M1ZQM".parse().unwrap());
        let [first, second] = ["7f3", "7f3a"].map(|start| format!("{start:0<40}"));
        let good = format!("{first} {second} {case}\n{second} {first} {case}\n");
        let what = |path: &str, text: &str| -> Vec<(usize, &'static str)> {
            faults(path, text.as_bytes(), |reference| *reference == case)
        };
        assert_eq!(what("applied/7/f3", &good), []);
        for (path, text, line, said) in [
            ("applied/7/f3.orig", good.clone(), 1, "no file of ids"),
            ("applied/notes.txt", String::new(), 1, "no file of ids"),
            ("applied/7/f4", good.clone(), 1, "another file"),
            ("applied/7/f3", format!("{good}<<<<<<< HEAD\n"), 3, "not two SHA-1s"),
            ("applied/7/f3", good.replace('7', "g"), 1, "not two SHA-1s"),
            ("applied/7/f3", format!("{good}{second} {first} {case}\n"), 3, "twice"),
            ("applied/7/f3", format!("{second} {first} {case}\n{first} {first} {case}\n"), 2, "order"),
            ("applied/7/f3", good.trim_end().to_owned(), 2, "as csods writes it"),
            ("applied/7/f3", good.replace("\n", "\r\n"), 1, "not two SHA-1s"),
            ("applied/7/f3", format!("{first} {first} {gone}\n"), 1, "not in the store"),
        ] {
            let found = what(path, &text);
            let (at, what) = found.first().unwrap();
            assert!(*at == line && what.contains(said), "{path}: {found:?}");
        }
        assert_eq!(faults("applied/7/f3", b"\xff", |_| true).len(), 1);
    }
}
