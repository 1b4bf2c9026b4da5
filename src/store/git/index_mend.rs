//! Git's index is a cache of what was last committed, and of what a person has staged. Where it is lost it is made again
//! from HEAD; where it is older than HEAD, it is brought up to it, and what a person has staged is kept.
//!
//! The index is lost where the file is absent, not an index, or does not have the checksum at its end: nothing of it is
//! believed then, and a wrong checksum is never replaced by a right one over the same entries.
//!
//! An entry is older than HEAD where the working file is what HEAD has, and the entry is what some commit before HEAD had
//! at that path, or is absent. That is what a power cut, or `git update-ref`, leaves. Left so, the next plain `git commit`
//! would take the newer commits' changes out again. Every other difference is somebody's edit.
//!
//! In nearly every change the index's `TREE` extension says at once that all of it is HEAD's.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashSet};

use crate::error::Error;
use crate::store::id::{CommitId, ObjectId};
use crate::store::layout;

use super::Repo;
use super::cache_tree::Node;
use super::index::{Index, Staged, Stat, Unchanged};
use super::index_writer::Writer;
use super::tree::{DIRECTORY, Leaf, Rewritten};

/// A path of which the index and HEAD say different things.
struct Differing {
    indexed: Option<Leaf>,
    head: Option<Leaf>,
}

impl Index {
    /// Looks paths up, see [`Index::find`], after bringing the index up to a commit where it is lost or older. Returns what
    /// it has for the paths, and whether it was brought up.
    pub(in crate::store) fn find_at(
        &mut self,
        repo: &Repo,
        commit: CommitId,
        paths: &[&str],
    ) -> Result<(Vec<Option<ObjectId>>, bool), Error> {
        let tree = repo.tree_of(commit)?;
        let unhashed = || repo.flag("index.skiphash") == Some(true);
        if self.is_lost(unhashed)? {
            repo.check_size(tree)?;
            *self = Index::of_tree(repo, tree)?;
            return Ok((self.find(paths)?, true));
        }
        let found = self.find(paths)?;
        if self.root() == Some(tree) {
            return Ok((found, false));
        }
        match self.brought_up(repo, commit, tree)? {
            None => Ok((found, false)),
            Some(index) => {
                *self = index;
                Ok((self.find(paths)?, true))
            }
        }
    }

    /// The index of a tree. It remembers nothing of the working files: git looks at each once.
    fn of_tree(repo: &Repo, tree: ObjectId) -> Result<Index, Error> {
        let mut files = Vec::new();
        let node = list(repo, tree, &mut Vec::new(), Vec::new(), &mut files)?;
        let mut to = Writer::new(&[], 2, u32::try_from(files.len()).unwrap_or(u32::MAX));
        for (path, leaf) in files {
            to.entry(&path, leaf.mode, leaf.id, Stat::default());
        }
        Ok(Index::known(to.finish(None, true)?.whole(&[])?, node))
    }

    /// The index with the entries that are older than HEAD brought up to it; `None` where there are none.
    fn brought_up(&mut self, repo: &Repo, commit: CommitId, tree: ObjectId) -> Result<Option<Index>, Error> {
        repo.check_size(tree)?;
        let mut differing = self.differing(repo, tree)?;
        let all = differing.len();
        let root = repo.root();
        differing.retain(|path, of| {
            let working = layout::working(root, path);
            working.is_ok_and(|bytes| {
                bytes.map(|bytes| ObjectId::of_blob(&bytes)) == of.head.map(|leaf| leaf.id)
            })
        });
        let wanted = differing.iter().filter_map(|(path, of)| Some((path.as_str(), of.indexed?))).collect();
        let edits: BTreeSet<String> = not_in_history(repo, commit, wanted)?;
        differing.retain(|path, _| !edits.contains(path));
        if differing.is_empty() && all > 0 {
            return Ok(None);
        }
        let staged: Vec<Staged> = differing
            .iter()
            .map(|(path, of)| Staged {
                path: path.clone(),
                file: of.head.map(|leaf| (leaf.mode, leaf.id, Stat::default())),
            })
            .collect();
        let paths: Vec<&str> = differing.keys().map(String::as_str).collect();
        self.find(&paths)?;
        let nothing = Unchanged::unread(root);
        let bytes = self.lay_out(&staged, &Rewritten::default(), &nothing, true)?.whole(&staged)?;
        if differing.len() < all {
            return Ok(Some(Index::again(bytes)));
        }
        let node = list(repo, tree, &mut Vec::new(), Vec::new(), &mut Vec::new())?;
        Ok(Some(Index::known(bytes, node)))
    }

    /// The paths at which the index differs from a tree. Directories of which the `TREE` extension says that they are the
    /// same are not looked at.
    fn differing(&self, repo: &Repo, tree: ObjectId) -> Result<BTreeMap<String, Differing>, Error> {
        let (mut same, mut files) = (HashSet::new(), BTreeMap::new());
        gather(repo, self.node().as_ref(), tree, "", &mut same, &mut files)?;
        let mut differing = BTreeMap::new();
        self.each_leaf(|name, leaf| {
            let Ok(path) = std::str::from_utf8(name) else { return };
            if layout::above(path).any(|dir| same.contains(dir)) {
                return;
            }
            let head = files.remove(path);
            if head != Some(leaf) {
                differing.insert(path.to_owned(), Differing { indexed: Some(leaf), head });
            }
        })?;
        let absent = |(path, leaf)| (path, Differing { indexed: None, head: Some(leaf) });
        differing.extend(files.into_iter().map(absent));
        Ok(differing)
    }
}

/// The files of a tree in the order of an index, and what the `TREE` extension says of it.
fn list(
    repo: &Repo,
    tree: ObjectId,
    dir: &mut Vec<u8>,
    name: Vec<u8>,
    files: &mut Vec<(Vec<u8>, Leaf)>,
) -> Result<Node, Error> {
    let before = files.len();
    let mut below = Vec::new();
    for line in repo.tree(tree)? {
        let length = dir.len();
        dir.extend_from_slice(&line.name);
        if line.mode == DIRECTORY {
            dir.push(b'/');
            below.push(list(repo, line.id, dir, line.name, files)?);
        } else {
            files.push((dir.clone(), Leaf { mode: line.mode, id: line.id }));
        }
        dir.truncate(length);
    }
    Ok(Node::of(name, (files.len() - before) as i64, tree, below))
}

/// The files of a tree, but for directories that the `TREE` extension gives the same tree: those are named in `same`.
fn gather(
    repo: &Repo,
    node: Option<&Node>,
    tree: ObjectId,
    dir: &str,
    same: &mut HashSet<String>,
    files: &mut BTreeMap<String, Leaf>,
) -> Result<(), Error> {
    if node.and_then(Node::is) == Some(tree) {
        same.insert(dir.to_owned());
        return Ok(());
    }
    for line in repo.tree(tree)? {
        let Ok(name) = std::str::from_utf8(&line.name) else { continue };
        let path = if dir.is_empty() { name.to_owned() } else { format!("{dir}/{name}") };
        if line.mode == DIRECTORY {
            gather(repo, node.and_then(|node| node.child(&line.name)), line.id, &path, same, files)?;
        } else {
            files.insert(path, Leaf { mode: line.mode, id: line.id });
        }
    }
    Ok(())
}

/// Of these entries, those that no commit before this one had at their paths.
fn not_in_history(
    repo: &Repo,
    commit: CommitId,
    mut wanted: BTreeMap<&str, Leaf>,
) -> Result<BTreeSet<String>, Error> {
    let mut seen = HashSet::from([commit]);
    let mut waiting = BinaryHeap::from([(0, commit)]);
    while let (Some((_, next)), false) = (waiting.pop(), wanted.is_empty()) {
        let next = repo.commit(next)?;
        let mut found = Vec::new();
        for (path, leaf) in &wanted {
            let line = repo.lookup(next.tree, path)?;
            if line.is_some_and(|line| (line.mode, line.id) == (leaf.mode, leaf.id)) {
                found.push(*path);
            }
        }
        wanted.retain(|path, _| !found.contains(path));
        for parent in next.parents.into_iter().filter(|parent| seen.insert(*parent)) {
            waiting.push((repo.commit(parent)?.committer.at_unix, parent));
        }
    }
    Ok(wanted.into_keys().map(str::to_owned).collect())
}
