//! A disk as a power cut leaves it: what was synced is there, and of the rest any part.
//!
//! A file's content is there as it was when the file was last synced; the names in a directory as they were when the
//! directory was last synced. That is all that POSIX promises. Real file systems keep more, each in its own way, so what
//! was not synced is lost in several ways.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use csods::store::ObjectId;

use crate::support::write;

use super::trace::{Call, Event};

/// The number of a file or directory, whatever its names.
pub type Number = usize;

#[derive(Debug, Clone)]
enum Node {
    File { now: Vec<u8>, synced: Vec<u8> },
    Dir { now: BTreeMap<String, Number>, synced: BTreeMap<String, Number> },
}

/// The files below one directory.
pub struct Disk {
    root: PathBuf,
    nodes: Vec<Node>,
    /// Where the next write through a descriptor goes.
    places: HashMap<u32, usize>,
    /// Syncs that began: what they will have synced.
    syncing: HashMap<usize, Vec<(Number, Node)>>,
}

/// What becomes of all that was not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    /// It is gone, names and contents.
    All,
    /// Names are kept, contents are gone: a file that was made since is empty.
    Contents,
    /// Names are kept, and zeros stand where contents were written.
    Zeroed,
    /// Of each directory and file by chance one or the other.
    Some(u64),
}

/// What a disk holds: directories, and files with their bytes. One file may have several names.
pub type Files = BTreeMap<PathBuf, (Number, Option<Vec<u8>>)>;

impl Disk {
    /// What lies below a directory, all of it synced.
    pub fn of(root: &Path) -> Disk {
        let mut disk = Disk {
            root: root.to_owned(),
            nodes: Vec::new(),
            places: HashMap::new(),
            syncing: HashMap::new(),
        };
        disk.scan(root);
        disk
    }

    fn scan(&mut self, path: &Path) -> Number {
        let number = self.nodes.len();
        if path.is_dir() {
            self.nodes.push(Node::Dir { now: BTreeMap::new(), synced: BTreeMap::new() });
            let mut names = BTreeMap::new();
            for entry in fs::read_dir(path).unwrap() {
                let entry = entry.unwrap();
                let below = self.scan(&entry.path());
                names.insert(entry.file_name().into_string().unwrap(), below);
            }
            self.nodes[number] = Node::Dir { now: names.clone(), synced: names };
        } else {
            let bytes = fs::read(path).unwrap();
            self.nodes.push(Node::File { now: bytes.clone(), synced: bytes });
        }
        number
    }

    fn find(&self, path: &Path) -> Option<Number> {
        let mut at = 0;
        for step in path.strip_prefix(&self.root).ok()? {
            let Node::Dir { now, .. } = &self.nodes[at] else { return None };
            at = *now.get(step.to_str().unwrap())?;
        }
        Some(at)
    }

    /// The names in the directory that a path lies in, and the last of its names.
    fn above(&mut self, path: &Path) -> (&mut BTreeMap<String, Number>, String) {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let dir =
            self.find(path.parent().unwrap()).unwrap_or_else(|| panic!("nothing is at {}", path.display()));
        match &mut self.nodes[dir] {
            Node::Dir { now, .. } => (now, name),
            Node::File { .. } => panic!("{} is no directory", path.display()),
        }
    }

    fn content(&mut self, path: &Path) -> &mut Vec<u8> {
        let number = self.find(path).unwrap_or_else(|| panic!("nothing is at {}", path.display()));
        match &mut self.nodes[number] {
            Node::File { now, .. } => now,
            Node::Dir { .. } => panic!("{} is a directory", path.display()),
        }
    }

    fn new_name(&mut self, path: &Path, node: Node) {
        self.nodes.push(node);
        let number = self.nodes.len() - 1;
        let (names, name) = self.above(path);
        assert!(names.insert(name, number).is_none(), "{} was there already", path.display());
    }

    /// A call begins. What is synced by it is what is there now.
    pub fn begin(&mut self, event: &Event) {
        let numbers: Vec<Number> = match &event.call {
            Call::Synced(path) => self.find(path).into_iter().collect(),
            Call::SyncedAll => (0..self.nodes.len()).collect(),
            _ => return,
        };
        self.syncing
            .insert(event.ended, numbers.into_iter().map(|one| (one, self.nodes[one].clone())).collect());
    }

    /// A call has ended; whether that changed anything that a power cut leaves.
    pub fn end(&mut self, event: &Event) -> bool {
        match &event.call {
            Call::Opened { path, fd, made, emptied } => {
                self.places.insert(*fd, 0);
                let new = *made && path.starts_with(&self.root) && self.find(path).is_none();
                if new {
                    self.new_name(path, Node::File { now: Vec::new(), synced: Vec::new() });
                } else if *emptied && self.find(path).is_some() {
                    self.content(path).clear();
                }
                return new || *emptied;
            }
            Call::Wrote { path, fd, at, appended, bytes } => {
                if self.find(path).is_none() {
                    return false;
                }
                let length = self.content(path).len();
                let start = at.unwrap_or(if *appended { length } else { self.places[fd] });
                let content = self.content(path);
                content.resize(length.max(start + bytes.len()), 0);
                content[start..start + bytes.len()].copy_from_slice(bytes);
                if at.is_none() {
                    self.places.insert(*fd, start + bytes.len());
                }
            }
            Call::Renamed(from, to) => {
                let (names, name) = self.above(from);
                let number = names.remove(&name).unwrap();
                let (names, name) = self.above(to);
                names.insert(name, number);
            }
            Call::Linked(from, to) => {
                let number = self.find(from).unwrap();
                let (names, name) = self.above(to);
                names.insert(name, number);
            }
            Call::Removed(path) => {
                let (names, name) = self.above(path);
                names.remove(&name).unwrap();
            }
            Call::MadeDir(path) => {
                self.new_name(path, Node::Dir { now: BTreeMap::new(), synced: BTreeMap::new() });
            }
            Call::Cut(path, length) => self.content(path).truncate(*length),
            Call::Synced(_) | Call::SyncedAll => {
                for (number, then) in self.syncing.remove(&event.ended).unwrap() {
                    match (&mut self.nodes[number], then) {
                        (Node::File { synced, .. }, Node::File { now, .. }) => *synced = now,
                        (Node::Dir { synced, .. }, Node::Dir { now, .. }) => *synced = now,
                        _ => unreachable!(),
                    }
                }
            }
        }
        true
    }

    /// What a power cut leaves now.
    pub fn after_a_cut(&self, lost: Lost) -> Files {
        let mut files = Files::new();
        let mut chance = match lost {
            Lost::Some(seed) => seed | 1,
            _ => 1,
        };
        let mut one_of = |many: u64| {
            chance ^= chance << 13;
            chance ^= chance >> 7;
            chance ^= chance << 17;
            chance % many
        };
        // Decided for each node once, however many names it has.
        let contents: Vec<Option<Vec<u8>>> = self
            .nodes
            .iter()
            .map(|node| match node {
                Node::Dir { .. } => None,
                Node::File { now, synced } => {
                    let zeroed = || {
                        let kept = |at: usize| synced.get(at) == now.get(at);
                        (0..now.len()).map(|at| if kept(at) { now[at] } else { 0 }).collect()
                    };
                    Some(match (lost, one_of(3)) {
                        (Lost::All | Lost::Contents, _) | (Lost::Some(_), 0) => synced.clone(),
                        (Lost::Zeroed, _) | (Lost::Some(_), 1) => zeroed(),
                        (Lost::Some(_), _) => now.clone(),
                    })
                }
            })
            .collect();
        let mut waiting = vec![(PathBuf::new(), 0)];
        while let Some((path, number)) = waiting.pop() {
            files.insert(path.clone(), (number, contents[number].clone()));
            if let Node::Dir { now, synced } = &self.nodes[number] {
                let kept = match lost {
                    Lost::All => synced,
                    Lost::Contents | Lost::Zeroed => now,
                    Lost::Some(_) => {
                        if one_of(2) == 0 {
                            synced
                        } else {
                            now
                        }
                    }
                };
                waiting.extend(kept.iter().map(|(name, below)| (path.join(name), *below)));
            }
        }
        files
    }
}

/// Writes what a disk holds below a directory, which must be empty. After a power cut a directory is the one that it was:
/// so the journal of the store there names the new directory.
pub fn lay_out(files: &Files, root: &Path) {
    write_all(files, root);
    let kept = root.join("store/.git/csods");
    let journal = fs::read_to_string(kept.join("journal")).unwrap_or_default();
    let Some((above, end)) = journal.split_once("\nend ") else { return };
    if end.trim_end() != ObjectId::of_blob(format!("{above}\n").as_bytes()).to_string() {
        // It is not whole, and must stay so.
        return;
    }
    let found = fs::metadata(&kept).unwrap();
    let lines = above.lines().map(|line| match line.starts_with("dir ") {
        true => format!("dir {} {}\n", found.dev(), found.ino()),
        false => format!("{line}\n"),
    });
    let text: String = lines.collect();
    let sum = ObjectId::of_blob(text.as_bytes());
    write(&kept.join("journal"), format!("{text}end {sum}\n").as_bytes());
}

fn write_all(files: &Files, root: &Path) {
    let mut first: HashMap<Number, &Path> = HashMap::new();
    for (path, (number, content)) in files {
        match (content, first.get(number)) {
            (None, _) => fs::create_dir_all(root.join(path)).unwrap(),
            (Some(_), Some(other)) => fs::hard_link(root.join(other), root.join(path)).unwrap(),
            (Some(bytes), None) => {
                write(&root.join(path), bytes);
                first.insert(*number, path);
            }
        }
    }
}
