//! What was done under an id of the giver's own, so that giving it again does no harm.
//!
//! It stands in the store itself, in the same commit as what was done: `applied/7/f3` holds a line for each id whose
//! SHA-1 begins with `7f3`. So it is found by reading one small file however many ids there are; a clone has it; and
//! where git takes a commit back, its ids go with it and may be given again.
//!
//! ```text
//! 7f3d0c... k3q7 KP-26-7K3QF4           the id, by HMAC-SHA-256 with the key of the store; the record; the case
//! 7f3e91... 91ab4e... KP-26-4M1ZQM      an older mark: the id's SHA-1, that of what was given, the case
//! ```
//! Neither the id nor what was given can be read off a mark, nor tried out without the key (see [`super::key`]), and with
//! the key only the id can. A record that has no id of its own is named by the word of its action. Whether something else
//! was given under an id is told by the record itself (see [`super::again`]). A store that has no key yet gets older marks;
//! they hold in one that has.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use super::again::{Again, Asked};
use super::key::Key;
use super::place::Place;
use crate::domain::action::ActionKind;
use crate::domain::filled::Fill;
use crate::domain::node::Node;
use crate::domain::reference::Reference;
use crate::domain::scalars::ItemId;
use crate::error::{Error, Kind};
use crate::store::{ObjectId, yaml};

/// The folder in the store.
pub const FOLDER: &str = "applied";

/// What an id is known by: bytes whose order is that of their hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Name(Box<[u8]>);

/// What the mark of an id says of what was done.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Noted {
    what: What,
    case: Reference,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    /// The record, by its id or the word of its action.
    Made(Box<str>),
    /// The SHA-1 of what was given.
    Given(ObjectId),
}

/// The mark of one id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    name: Name,
    noted: Noted,
}

type File = BTreeMap<Name, Noted>;

/// The files that were looked into, with what this batch adds.
#[derive(Default)]
pub struct Marks {
    key: Option<Key>,
    before: BTreeMap<String, File>,
    added: BTreeMap<String, File>,
    /// What was given under the ids of this batch.
    given: HashMap<Name, ObjectId>,
    again: Again,
}

impl Marks {
    /// With the key of the store, where it has one.
    pub fn new(key: Option<Key>) -> Marks {
        Marks { key, ..Marks::default() }
    }

    /// The case that the same was done to before under this id; `Conflict` where it was something else.
    pub fn find(
        &mut self,
        place: &Place<'_>,
        id: &str,
        asked: &Asked<'_>,
        fill: &Fill,
    ) -> Result<Option<Reference>, Error> {
        let keyed = self.key.as_ref().map(|key| Name(key.mark(id).into()));
        for name in keyed.into_iter().chain([hashed(id)]) {
            let path = name.path();
            self.load(place, &path)?;
            let found = |files: &BTreeMap<String, File>| files.get(&path)?.get(&name).cloned();
            let Some(noted) = found(&self.added).or_else(|| found(&self.before)) else { continue };
            let same = match (self.given.get(&name), &noted.what) {
                (Some(given), _) | (None, What::Given(given)) => *given == digest(asked.content),
                (None, What::Made(made)) => self.again.same(place.head(), &noted.case, made, asked, fill)?,
            };
            if same {
                return Ok(Some(noted.case));
            }
            let what = format!("something else was done under this id, to {}", noted.case);
            return Err(Error::new(Kind::Conflict, what)
                .hint("what is to be done now needs an id of its own; nothing was changed"));
        }
        Ok(None)
    }

    /// Adds one: that this record (see [`super::again::made`]) was made of what was given.
    pub fn add(
        &mut self,
        place: &Place<'_>,
        id: &str,
        content: &Node,
        made: &str,
        case: &Reference,
    ) -> Result<Mark, Error> {
        let given = digest(content);
        let (name, what) = match &self.key {
            Some(key) => (Name(key.mark(id).into()), What::Made(made.into())),
            None => (hashed(id), What::Given(given)),
        };
        let mark = Mark { name, noted: Noted { what, case: case.clone() } };
        let path = mark.name.path();
        self.load(place, &path)?;
        self.given.insert(mark.name.clone(), given);
        self.added.entry(path).or_default().insert(mark.name.clone(), mark.noted.clone());
        Ok(mark)
    }

    fn load(&mut self, place: &Place<'_>, path: &str) -> Result<(), Error> {
        if !self.before.contains_key(path) {
            let bytes = place.read(path)?.unwrap_or_default();
            let file = read(&bytes).ok_or_else(|| {
                Error::new(Kind::Damaged, "the file of ids cannot be read")
                    .place(path)
                    .hint("`csods validate` names the line; where a merge left both sides, keep both")
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
            all.map(|(name, noted)| Mark { name: name.clone(), noted: noted.clone() }).collect();
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
            let path = mark.name.path();
            self.0.entry(path.clone()).or_default().insert(mark.name.clone(), mark.noted.clone());
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

impl Name {
    fn read(hex: &str) -> Option<Name> {
        let fits = hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let pairs = hex.as_bytes().as_chunks::<2>().0.iter();
        let byte = |pair: &[u8; 2]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        (fits && matches!(hex.len(), 40 | 64))
            .then(|| pairs.map(byte).collect::<Option<_>>())
            .flatten()
            .map(Name)
    }

    fn is_keyed(&self) -> bool {
        self.0.len() == 32
    }

    fn path(&self) -> String {
        let hex = self.to_string();
        format!("{FOLDER}/{}/{}", &hex[..1], &hex[1..3])
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// What an id is known by in a store without a key.
fn hashed(id: &str) -> Name {
    let hash = ObjectId::of_blob(id.as_bytes()).to_string();
    Name::read(&hash).unwrap_or(Name(Box::default()))
}

/// What was given, whatever the order of its keys and the format it came in.
fn digest(given: &Node) -> ObjectId {
    ObjectId::of_blob(yaml::write(&ordered(given)).as_bytes())
}

/// The tree with its keys in order, and with days and instants as text: the same whatever the format it came in.
pub(super) fn ordered(node: &Node) -> Node {
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

fn line((name, noted): (&Name, &Noted)) -> String {
    match &noted.what {
        What::Made(made) => format!("{name} {made} {}\n", noted.case),
        What::Given(given) => format!("{name} {given} {}\n", noted.case),
    }
}

fn read(bytes: &[u8]) -> Option<File> {
    std::str::from_utf8(bytes).ok()?.lines().map(read_line).collect()
}

fn read_line(line: &str) -> Option<(Name, Noted)> {
    let mut words = line.split(' ');
    let (name, what, case) = (Name::read(words.next()?)?, words.next()?, words.next()?);
    if words.next().is_some() {
        return None;
    }
    let what = match name.is_keyed() {
        true if ItemId::new(what).is_ok() || ActionKind::of(what).is_some() => What::Made(what.into()),
        true => return None,
        false => What::Given(ObjectId::from_hex(what)?),
    };
    Some((name, Noted { what, case: case.parse().ok()? }))
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
            None => "is not the mark of an id; where a merge left both sides, keep both",
            Some((name, _)) if name.path() != place => "is an id that belongs into another file",
            Some((name, _)) if last.as_ref() == Some(&name) => {
                "is an id that stands here twice; keep what was done"
            }
            Some((name, _)) if last.as_ref().is_some_and(|last| *last > name) => {
                "is not in the order of the ids"
            }
            Some((_, noted)) if !stands(&noted.case) => "names a case that is not in the store",
            Some((name, noted)) if self::line((&name, &noted)) != line => {
                "is not written as csods writes it: lower case, and a line each"
            }
            Some((name, _)) => {
                last = Some(name);
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

    fn marks() -> [Mark; 2] {
        let case: Reference = "KP-26-7K3QF4".parse().unwrap();
        let given = What::Given(digest(&Node::text("b")));
        let keyed = Name((0..32).collect());
        [
            Mark { name: hashed("a"), noted: Noted { what: given, case: case.clone() } },
            Mark { name: keyed, noted: Noted { what: What::Made("k3q7".into()), case } },
        ]
    }

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        for mark in marks() {
            let (path, bytes) = Replay(BTreeMap::new()).after(std::slice::from_ref(&mark)).remove(0);
            let hex = mark.name.to_string();
            assert_eq!(path, format!("applied/{}/{}", &hex[..1], &hex[1..3]));
            assert_eq!(read(&bytes).unwrap().get(&mark.name), Some(&mark.noted));
            for damaged in [&b"x\n"[..], b"<<<<<<< HEAD\n", &bytes[..60], &bytes[1..], b"\xff"] {
                assert!(read(damaged).is_none());
            }
        }
    }

    #[test]
    fn a_mark_with_a_key_says_nothing_of_what_was_given() {
        let [_, mark] = marks();
        let text = line((&mark.name, &mark.noted));
        assert_eq!(text, format!("{} k3q7 KP-26-7K3QF4\n", mark.name));
        for (made, fits) in
            [("k3q7", true), ("screen", true), ("k3ql", false), ("91ab4e", false), ("", false)]
        {
            assert_eq!(read_line(&format!("{} {made} KP-26-7K3QF4", mark.name)).is_some(), fits, "{made}");
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
            ("applied/7/f3", format!("{good}<<<<<<< HEAD\n"), 3, "not the mark"),
            ("applied/7/f3", good.replace('7', "g"), 1, "not the mark"),
            ("applied/7/f3", format!("{good}{second} {first} {case}\n"), 3, "twice"),
            ("applied/7/f3", format!("{second} {first} {case}\n{first} {first} {case}\n"), 2, "order"),
            ("applied/7/f3", good.trim_end().to_owned(), 2, "as csods writes it"),
            ("applied/7/f3", good.replace("\n", "\r\n"), 1, "not the mark"),
            ("applied/7/f3", format!("{first} {first} {gone}\n"), 1, "not in the store"),
        ] {
            let found = what(path, &text);
            let (at, what) = found.first().unwrap();
            assert!(*at == line && what.contains(said), "{path}: {found:?}");
        }
        assert_eq!(faults("applied/7/f3", b"\xff", |_| true).len(), 1);
    }
}
