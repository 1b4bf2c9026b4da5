//! Who may read and write the files of a store, and putting that right (sharing G1, G2).
//!
//! The mode of the store's directory says who may use it; every file in it should let exactly these accounts do so. A
//! survey believes nothing that it finds and follows no link, so that it also works on a store that is refused.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags};

use crate::error::{Error, Kind};

use super::beneath::open::beneath;
use super::rights::{Access, Group, Rights, account};
use super::{Store, is_store, layout};

/// What is wrong with a file's rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// A link stands where csods writes.
    Link,
    /// It is neither a file nor a directory.
    Strange,
    /// It belongs to an account that has no part in the store.
    Foreign,
    /// Everybody may write to it.
    OpenToAll,
    /// Accounts may read it that may not read the store's directory.
    Readable,
    /// It lacks the group of the store's directory.
    Group,
    /// An account that may use the store cannot use it.
    Closed,
    /// Git's configuration does not say that the store is shared.
    Configuration,
}

impl Fault {
    /// Its word, for scripts.
    pub fn word(self) -> &'static str {
        match self {
            Fault::Link => "link",
            Fault::Strange => "no_file",
            Fault::Foreign => "owner",
            Fault::OpenToAll => "open_to_all",
            Fault::Readable => "readable",
            Fault::Group => "group",
            Fault::Closed => "closed",
            Fault::Configuration => "configuration",
        }
    }

    /// What it means.
    pub fn meaning(self) -> &'static str {
        match self {
            Fault::Link => "is a symbolic link, which csods does not follow there",
            Fault::Strange => "is neither a file nor a directory",
            Fault::Foreign => "belongs to an account that has no part in this store",
            Fault::OpenToAll => "can be changed by everybody on this machine",
            Fault::Readable => "can be read by accounts that may not read the store's directory",
            Fault::Group => "does not have the group of the store's directory",
            Fault::Closed => "cannot be used by every account that may use the store's directory",
            Fault::Configuration => "does not tell git that the store is shared (core.sharedRepository)",
        }
    }

    /// What `doctor --fix` does about it; `None` where a person has to decide.
    pub fn mended(self) -> Option<&'static str> {
        match self {
            Fault::Link | Fault::Strange | Fault::Foreign => None,
            Fault::OpenToAll => Some("take the right to write from everybody"),
            Fault::Readable => Some("take the right to read from the other accounts"),
            Fault::Group => Some("give it the group of the store's directory"),
            Fault::Closed => Some("give it the rights of the store's directory"),
            Fault::Configuration => Some("set core.sharedRepository to group"),
        }
    }
}

/// One fault, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What is wrong.
    pub fault: Fault,
    /// The path below the store; empty for the store's directory itself.
    pub path: PathBuf,
}

/// The state of a store's rights.
#[derive(Debug)]
pub struct Survey {
    /// The store's directory.
    pub root: PathBuf,
    /// The account that it belongs to.
    pub owner: String,
    /// The group that shares it.
    pub shared: Option<Group>,
    /// Whether accounts outside can read it: its directory and all above it let them.
    pub readable_outside: bool,
    /// Everything that is wrong, in the order of the directories.
    pub found: Vec<Found>,
    rights: Rights,
}

/// Directories below `.git/csods` that are for one account each.
fn is_own(name: &str) -> bool {
    name.starts_with("own-") || matches!(name, "drafts" | "edit")
}

impl Survey {
    /// Looks at the store that is meant, as [`Store::find`] finds it.
    ///
    /// # Errors
    /// `NotFound` where there is no store, `System` where a directory of it cannot be read.
    pub fn of(explicit: Option<&Path>, from_env: Option<&Path>, cwd: &Path) -> Result<Survey, Error> {
        let root = Store::place(explicit, from_env, cwd)?.canonicalize()?;
        Survey::at(root)
    }

    fn at(root: PathBuf) -> Result<Survey, Error> {
        let found = fs::metadata(&root)?;
        let rights = Rights::of(&found);
        let mut survey = Survey {
            owner: account(found.uid()),
            shared: rights.shared().then(|| rights.group()),
            readable_outside: rights.readable_outside() && reachable(&root),
            found: Vec::new(),
            rights,
            root,
        };
        if rights.open_to_all() {
            survey.note(Fault::OpenToAll, PathBuf::new());
        }
        if rights.shared() && found.mode() & 0o2000 == 0 {
            survey.note(Fault::Closed, PathBuf::new());
        }
        survey.below(Path::new(""))?;
        if rights.shared() && !says_shared(&survey.root) {
            survey.note(Fault::Configuration, PathBuf::from(".git/config"));
        }
        Ok(survey)
    }

    fn note(&mut self, fault: Fault, path: PathBuf) {
        self.found.push(Found { fault, path });
    }

    fn below(&mut self, dir: &Path) -> Result<(), Error> {
        let names = match fs::read_dir(self.root.join(dir)) {
            // That it is closed to this account was noted.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Ok(()),
            names => names?,
        };
        let mut paths = Vec::new();
        for name in names {
            paths.push(dir.join(name?.file_name()));
        }
        paths.sort();
        for path in paths {
            let Some(found) = layout::at(&self.root.join(&path))? else { continue };
            if let Some(fault) = self.fault(&path, &found) {
                self.note(fault, path.clone());
            }
            // Hooks are git's own, and csods runs none.
            let looked_into = found.is_dir() && path != Path::new(".git/hooks");
            if looked_into && !(found.uid() != self.rights.me() && kept_for_one(&path)) {
                self.below(&path)?;
            }
        }
        Ok(())
    }

    /// What is wrong with what stands at a path.
    fn fault(&self, path: &Path, found: &fs::Metadata) -> Option<Fault> {
        let (rights, mode) = (self.rights, found.mode());
        let git = path.starts_with(".git");
        if !found.is_file() && !found.is_dir() {
            // In the work tree `csods status` shows it.
            return match git {
                true if found.is_symlink() => Some(Fault::Link),
                true => Some(Fault::Strange),
                false => None,
            };
        }
        if git && !rights.trusts(found.uid(), found.gid()) {
            return Some(Fault::Foreign);
        }
        if mode & 0o002 != 0 {
            return Some(Fault::OpenToAll);
        }
        if kept_for_one(path) {
            return (mode & 0o077 != 0).then_some(Fault::Readable);
        }
        let wanted = self.wanted(path, found);
        // What waits in the directory of a change has the rights of the place that it will come to.
        let kept = path.starts_with(".git/csods") && !path.starts_with(".git/csods/change/");
        if kept && path != Path::new(".git/csods/change") && mode & 0o777 & !wanted != 0 {
            return Some(Fault::Readable);
        }
        if rights.shared() && Some(Group::of(found.gid())) != self.shared {
            return Some(Fault::Group);
        }
        let set_group = if found.is_dir() { 0o2000 } else { 0 };
        (mode & wanted & (0o777 | set_group) != wanted & (0o777 | set_group)).then_some(Fault::Closed)
    }

    /// The mode that a file should have.
    fn wanted(&self, path: &Path, found: &fs::Metadata) -> u32 {
        if kept_for_one(path) {
            return if found.is_dir() { 0o700 } else { 0o600 };
        }
        let access = if path.starts_with(".git/csods") {
            Access::Kept
        } else if path.starts_with(".git/objects") {
            Access::Fixed
        } else {
            Access::Shown
        };
        if found.is_dir() {
            return self.rights.dir(access);
        }
        // Who may read a program may run it.
        let bits = self.rights.file(access);
        let run = if found.mode() & 0o100 == 0 { 0 } else { (bits & 0o444) >> 2 };
        bits | run
    }

    /// Opens the store's directory to a group and looks again: what is made there from now on is the group's, and what is
    /// there already is found wanting.
    ///
    /// # Errors
    /// `NotPermitted` where this account cannot.
    pub fn share(self, group: Group) -> Result<Survey, Error> {
        group.share(fs::File::open(&self.root)?)?;
        Survey::at(self.root)
    }

    /// What it would be for a group: see [`Survey::share`].
    pub fn as_if_shared(mut self, group: Group) -> Result<Survey, Error> {
        self.rights = self.rights.shared_with(group);
        self.shared = Some(group);
        self.found.clear();
        self.note(Fault::Closed, PathBuf::new());
        self.below(Path::new(""))?;
        if !says_shared(&self.root) {
            self.note(Fault::Configuration, PathBuf::from(".git/config"));
        }
        Ok(self)
    }

    /// Puts right what can be, and looks again: what is left. Only its owner can change the rights of a file.
    pub fn put_right(self) -> Result<Survey, Error> {
        let root = fs::File::open(&self.root)?;
        if self.found.iter().any(|found| found.fault == Fault::Configuration) {
            // A new file takes the place of the old one.
            say_shared(&self.root).and_then(|()| self.mend(&root, Path::new(".git/config")))?;
        }
        for Found { path, .. } in self.found.iter().filter(|found| found.fault.mended().is_some()) {
            match self.mend(&root, path) {
                // It stays among what is found, or is gone.
                Err(error)
                    if matches!(
                        error.kind(),
                        io::ErrorKind::PermissionDenied
                            | io::ErrorKind::NotFound
                            | io::ErrorKind::InvalidInput
                    ) => {}
                done => done?,
            }
        }
        Survey::at(self.root)
    }

    fn mend(&self, root: &fs::File, path: &Path) -> io::Result<()> {
        if path.as_os_str().is_empty() {
            let mode = root.metadata()?.mode() & 0o775;
            let set_group = if self.rights.shared() { 0o2000 } else { 0 };
            return Ok(rustix::fs::fchmod(root, Mode::from_raw_mode(mode | set_group))?);
        }
        let below = path.to_str().ok_or(io::ErrorKind::InvalidInput)?;
        let file = fs::File::from(beneath(root, below, OFlags::RDONLY | OFlags::NONBLOCK, Mode::empty())?);
        let wanted = self.wanted(path, &file.metadata()?);
        match kept_for_one(path) {
            true => Ok(rustix::fs::fchmod(&file, Mode::from_raw_mode(wanted))?),
            false => self.rights.give(&file, wanted),
        }
    }
}

/// Whether a path lies in a directory below `.git/csods` that is for one account.
fn kept_for_one(path: &Path) -> bool {
    path.strip_prefix(".git/csods").ok().and_then(|below| below.iter().next()?.to_str()).is_some_and(is_own)
}

/// Whether every directory above lets everybody through.
pub(super) fn reachable(root: &Path) -> bool {
    root.ancestors().skip(1).all(|dir| fs::metadata(dir).is_ok_and(|found| found.mode() & 0o001 != 0))
}

/// Whether git's configuration says that the store is shared.
fn says_shared(root: &Path) -> bool {
    super::git::shared_repository(root).is_some_and(|value| {
        matches!(value.to_ascii_lowercase().as_str(), "group" | "true" | "1" | "all" | "world" | "everybody")
            || value.starts_with('0')
    })
}

fn say_shared(root: &Path) -> io::Result<()> {
    super::git::share_repository(root).map_err(io::Error::other)
}

impl Store {
    /// The directory of the store that is meant: see [`Store::find`].
    pub(super) fn place(
        explicit: Option<&Path>,
        from_env: Option<&Path>,
        cwd: &Path,
    ) -> Result<PathBuf, Error> {
        let absent = |what: String, hint: &str| Err(Error::new(Kind::NotFound, what).hint(hint));
        if let Some(dir) = explicit.or(from_env) {
            let dir = cwd.join(dir);
            return match is_store(&dir) {
                true => Ok(dir),
                false => absent(
                    format!("there is no store at {}", dir.display()),
                    "name the directory that holds csods.toml, or make a store there by `csods init`",
                ),
            };
        }
        match cwd.ancestors().find(|dir| is_store(dir)) {
            Some(dir) => Ok(dir.to_owned()),
            None => absent(
                "there is no store here or in any directory above".to_owned(),
                "name one by `--store DIR` or CSODS_STORE, or make one by `csods init DIR`",
            ),
        }
    }
}
