//! Files below an opened directory, reached without following links.
//!
//! A store may have arrived on a stick or from a shared drive, with whatever its `.git` holds. A link in it must not
//! lead csods to a file elsewhere, and nobody outside may have put anything there. So [`Dir`] opens every file relative
//! to a directory that is open already, refuses links and names like `..` on the way, and looks at what it opened: a plain
//! file or directory, of an account that the store trusts ([`Rights::trusts`]), and never writable to everybody.
//!
//! What is refused is an [`io::Error`] that carries an [`Error`](crate::error::Error) of the kind `Damaged` (exit 9): `?`
//! passes it on whole.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;

use super::rights::{Access, Rights};
use refusal::{CLOSE, COPY, NO_FILE, OWNER, REMOVE, SECOND, refused, untrusted};

pub(super) mod open;
mod refusal;

/// An opened directory of a store.
#[derive(Debug)]
pub(super) struct Dir {
    fd: OwnedFd,
    path: PathBuf,
    rights: Rights,
    access: Access,
}

/// What is done with a file that is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum To {
    Read,
    /// Changed in place: it may have no second name, under which it would change too.
    Write,
}

const DIRECTORY: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY);

impl Dir {
    /// Opens a directory of a store; what is made below it is made for `access`. `path` itself may be no link.
    pub(super) fn open(path: &Path, rights: Rights, access: Access) -> io::Result<Dir> {
        let flags = DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let fd = rustix::fs::open(path, flags, Mode::empty()).map_err(|errno| {
            let link = errno == Errno::NOTDIR && open::is_link(rustix::fs::CWD, path);
            refused(if link { Errno::LOOP } else { errno }, path)
        })?;
        let dir = Dir { fd, path: path.to_owned(), rights, access };
        dir.trusted(&rustix::fs::fstat(&dir.fd)?, path)?;
        Ok(dir)
    }

    /// The same directory, where what is made is made for somebody else.
    pub(super) fn for_access(&self, access: Access) -> io::Result<Dir> {
        Ok(Dir { fd: self.fd.try_clone()?, path: self.path.clone(), rights: self.rights, access })
    }

    /// Where it lies, for messages and for libraries that take nothing but a path.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The rights that new files get.
    pub(super) fn rights(&self) -> Rights {
        self.rights
    }

    /// The directory at `below`; `None` where there is none.
    pub(super) fn dir(&self, below: &str) -> io::Result<Option<Dir>> {
        match self.existing(below) {
            Err(error) if is_absent(&error) => Ok(None),
            found => found.map(Some),
        }
    }

    /// The directory at `below`, made where it is absent, with those above it. Which directories got a new name in them
    /// is for [`Dir::made_dirs`] to say.
    pub(super) fn made_dir(&self, below: &str) -> io::Result<Dir> {
        self.made_dirs(below).map(|(dir, _)| dir)
    }

    /// The same, with the directories whose lists of names changed and are to be synced.
    pub(super) fn made_dirs(&self, below: &str) -> io::Result<(Dir, Vec<PathBuf>)> {
        let mut at = self.for_access(self.access)?;
        let mut changed = Vec::new();
        for step in steps(below)? {
            at = match at.step(step) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    if at.make_one(step)? {
                        changed.push(at.path.clone());
                    }
                    at.step(step)?
                }
                there => there?,
            };
        }
        Ok((at, changed))
    }

    /// Makes a new directory, which must be absent.
    pub(super) fn new_dir(&self, name: &str) -> io::Result<Dir> {
        match self.make_one(name)? {
            true => self.step(name),
            false => Err(io::ErrorKind::AlreadyExists.into()),
        }
    }

    /// Makes the directory `name`; false where something of that name is there.
    fn make_one(&self, name: &str) -> io::Result<bool> {
        let mode = self.rights.dir(self.access);
        match rustix::fs::mkdirat(&self.fd, one_step(name)?, Mode::from_raw_mode(mode)) {
            Err(Errno::EXIST) => return Ok(false),
            done => done?,
        }
        let fd = self.fd_at(name, DIRECTORY, Mode::empty())?;
        self.rights.give(&fd, mode)?;
        Ok(true)
    }

    /// Opens a file for reading; `None` where there is none.
    pub(super) fn read(&self, below: &str) -> io::Result<Option<File>> {
        // A pipe is not waited for: `plain` refuses it.
        match self.fd_at(below, OFlags::RDONLY | OFlags::NONBLOCK, Mode::empty()) {
            Err(error) if is_absent(&error) => Ok(None),
            fd => self.plain(fd?, below, To::Read).map(Some),
        }
    }

    /// The bytes of a file, at most so many; `None` where there is none.
    pub(super) fn bytes(&self, below: &str, most: u64) -> io::Result<Option<Vec<u8>>> {
        let Some(file) = self.read(below)? else { return Ok(None) };
        let mut bytes = Vec::new();
        io::Read::read_to_end(&mut io::Read::take(file, most), &mut bytes)?;
        Ok(Some(bytes))
    }

    /// Makes a new file, for reading and writing. `AlreadyExists` where anything of that name is there, be it a link.
    pub(super) fn create(&self, below: &str, access: Access) -> io::Result<File> {
        let (parent, name) = self.parent(below)?;
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL;
        let mode = parent.rights.file(access);
        let fd = parent.fd_at(name, flags, Mode::from_raw_mode(mode | 0o200))?;
        parent.rights.give(&fd, mode)?;
        Ok(File::from(fd))
    }

    /// Opens a file to change it in place, making it where it is absent.
    pub(super) fn open_or_create(&self, below: &str, access: Access) -> io::Result<File> {
        let (parent, name) = self.parent(below)?;
        loop {
            match parent.fd_at(name, OFlags::RDWR | OFlags::NONBLOCK, Mode::empty()) {
                Err(error) if is_absent(&error) => match parent.create(name, access) {
                    // Somebody was quicker.
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                    made => return made,
                },
                fd => return parent.plain(fd?, name, To::Write),
            }
        }
    }

    /// Opens a file to add to its end, making it where it is absent.
    pub(super) fn append(&self, below: &str, access: Access) -> io::Result<File> {
        let file = self.open_or_create(below, access)?;
        let flags = rustix::fs::fcntl_getfl(&file)?;
        rustix::fs::fcntl_setfl(&file, flags | OFlags::APPEND)?;
        Ok(file)
    }

    /// What stands at `below`, a link itself and not what it leads to; `None` where nothing does. It is not checked.
    pub(super) fn stat(&self, below: &str) -> io::Result<Option<Stat>> {
        let (parent, name) = match self.parent(below) {
            Err(error) if is_absent(&error) => return Ok(None),
            parent => parent?,
        };
        match rustix::fs::statat(&parent.fd, name, AtFlags::SYMLINK_NOFOLLOW) {
            Err(Errno::NOENT | Errno::NOTDIR) => Ok(None),
            found => Ok(Some(found?)),
        }
    }

    /// Removes a file, or a link and not what it leads to. It may be absent.
    pub(super) fn remove(&self, below: &str) -> io::Result<()> {
        let (parent, name) = match self.parent(below) {
            Err(error) if is_absent(&error) => return Ok(()),
            parent => parent?,
        };
        match rustix::fs::unlinkat(&parent.fd, name, AtFlags::empty()) {
            Err(Errno::NOENT) => Ok(()),
            done => Ok(done?),
        }
    }

    /// Fills a new file with these bytes and gives it this mode. `AlreadyExists` where anything of that name is there.
    /// Not synced.
    pub(super) fn fill(&self, name: &str, bytes: &[u8], mode: u32) -> io::Result<()> {
        let mut file = self.create(name, Access::Kept)?;
        file.write_all(bytes)?;
        self.rights.give(&file, mode)
    }

    /// Renames a file of this directory, in place of what has the name `new` in the directory `to`. A link there is
    /// replaced itself and not what it leads to.
    pub(super) fn rename(&self, name: &str, to: &Dir, new: &str) -> io::Result<()> {
        Ok(rustix::fs::renameat(&self.fd, one_step(name)?, &to.fd, one_step(new)?)?)
    }

    /// The same to a path of the work tree, whose directories were looked at.
    pub(super) fn rename_out(&self, name: &str, to: &Path) -> io::Result<()> {
        Ok(rustix::fs::renameat(&self.fd, one_step(name)?, rustix::fs::CWD, to)?)
    }

    /// Gives a file of this directory a second name in the directory `to`. `AlreadyExists` where that name is taken.
    pub(super) fn link(&self, name: &str, to: &Dir, new: &str) -> io::Result<()> {
        Ok(rustix::fs::linkat(&self.fd, one_step(name)?, &to.fd, one_step(new)?, AtFlags::empty())?)
    }

    /// Removes all files in this directory.
    pub(super) fn clear(&self) -> io::Result<()> {
        let remove = |name: OsString| rustix::fs::unlinkat(&self.fd, name, AtFlags::empty());
        Ok(self.names()?.into_iter().try_for_each(remove)?)
    }

    /// Removes an empty directory.
    pub(super) fn remove_dir(&self, name: &str) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(&self.fd, one_step(name)?, AtFlags::REMOVEDIR)?)
    }

    /// The names in this directory, in no order.
    pub(super) fn names(&self) -> io::Result<Vec<OsString>> {
        let mut names = Vec::new();
        for entry in rustix::fs::Dir::read_from(&self.fd)? {
            let name = entry?.file_name().to_bytes().to_vec();
            if name != b"." && name != b".." {
                names.push(OsString::from_vec(name));
            }
        }
        Ok(names)
    }

    /// That what stands at `below`, if anything does, is a trusted file or directory behind no link: for what is written
    /// at a moment at which it is too late to refuse.
    pub(super) fn check(&self, below: &str) -> io::Result<()> {
        let (parent, name) = match self.parent(below) {
            Err(error) if is_absent(&error) => return Ok(()),
            parent => parent?,
        };
        parent.check_one(name.as_ref()).map(drop)
    }

    /// The same for a file that is changed in place.
    pub(super) fn check_log(&self, below: &str) -> io::Result<()> {
        let (parent, name) = match self.parent(below) {
            Err(error) if is_absent(&error) => return Ok(()),
            parent => parent?,
        };
        match parent.check_one(name.as_ref())? {
            Some(found) if found.st_nlink > 1 && FileType::from_raw_mode(found.st_mode).is_file() => {
                Err(untrusted(&self.path.join(below), SECOND, COPY))
            }
            _ => Ok(()),
        }
    }

    fn check_one(&self, name: &OsStr) -> io::Result<Option<Stat>> {
        let path = self.path.join(name);
        let found = match rustix::fs::statat(&self.fd, name, AtFlags::SYMLINK_NOFOLLOW) {
            Err(Errno::NOENT) => return Ok(None),
            found => found?,
        };
        match FileType::from_raw_mode(found.st_mode) {
            FileType::RegularFile | FileType::Directory => self.trusted(&found, &path)?,
            FileType::Symlink => return Err(refused(Errno::LOOP, &path)),
            _ => return Err(untrusted(&path, NO_FILE, REMOVE)),
        }
        Ok(Some(found))
    }

    /// That nothing in this directory is a link, or was put there by an account that has no part in the store.
    pub(super) fn all_trusted(&self) -> io::Result<()> {
        self.names()?.iter().try_for_each(|name| self.check_one(name).map(drop))
    }

    /// Makes the directory `name` for this account alone, where it is absent.
    pub(super) fn made_own(&self, name: &str) -> io::Result<()> {
        match rustix::fs::mkdirat(&self.fd, one_step(name)?, Mode::RWXU) {
            Err(Errno::EXIST) => self.own_is_mine(name),
            done => Ok(done?),
        }
    }

    /// That the directory `name`, where there is one, belongs to this account and is closed to all others.
    pub(super) fn own_is_mine(&self, name: &str) -> io::Result<()> {
        let Some(found) = self.stat(name)? else { return Ok(()) };
        if found.st_uid != self.rights.me() || found.st_mode & 0o077 != 0 {
            return Err(untrusted(&self.path.join(name), "is meant for you alone, and is not", REMOVE));
        }
        Ok(())
    }

    /// This directory itself, as the system numbers it: device and inode.
    pub(super) fn identity(&self) -> io::Result<(u64, u64)> {
        let found = rustix::fs::fstat(&self.fd)?;
        Ok((found.st_dev, found.st_ino))
    }

    /// The directory above `below`, each step on the way looked at, and the last name.
    fn parent<'b>(&self, below: &'b str) -> io::Result<(Dir, &'b str)> {
        let (above, name) = below.rsplit_once('/').unwrap_or(("", below));
        one_step(name)?;
        let mut at = self.for_access(self.access)?;
        for step in if above.is_empty() { Vec::new() } else { steps(above)? } {
            at = at.step(step)?;
        }
        Ok((at, name))
    }

    fn existing(&self, below: &str) -> io::Result<Dir> {
        let mut at = self.for_access(self.access)?;
        for step in steps(below)? {
            at = at.step(step)?;
        }
        Ok(at)
    }

    fn step(&self, name: &str) -> io::Result<Dir> {
        let fd = self.fd_at(name, DIRECTORY, Mode::empty())?;
        let path = self.path.join(name);
        self.trusted(&rustix::fs::fstat(&fd)?, &path)?;
        Ok(Dir { fd, path, rights: self.rights, access: self.access })
    }

    fn fd_at(&self, below: &str, flags: OFlags, mode: Mode) -> io::Result<OwnedFd> {
        steps(below)?;
        open::beneath(&self.fd, below, flags, mode).map_err(|errno| {
            // Where a directory was asked for, some systems say of a link that it is none.
            let link = errno == Errno::NOTDIR && open::is_link(&self.fd, below);
            refused(if link { Errno::LOOP } else { errno }, &self.path.join(below))
        })
    }

    /// A file that was opened, where it is a plain one that is trusted.
    fn plain(&self, fd: OwnedFd, below: &str, to: To) -> io::Result<File> {
        let (found, path) = (rustix::fs::fstat(&fd)?, self.path.join(below));
        match FileType::from_raw_mode(found.st_mode) {
            FileType::RegularFile => {}
            FileType::Directory => return Err(io::ErrorKind::IsADirectory.into()),
            _ => return Err(untrusted(&path, NO_FILE, REMOVE)),
        }
        self.trusted(&found, &path)?;
        if to == To::Write && found.st_nlink > 1 {
            return Err(untrusted(&path, SECOND, COPY));
        }
        let flags = rustix::fs::fcntl_getfl(&fd)?;
        rustix::fs::fcntl_setfl(&fd, flags - OFlags::NONBLOCK)?;
        Ok(File::from(fd))
    }

    /// That nobody outside may have put it there, or may change it.
    fn trusted(&self, found: &Stat, path: &Path) -> io::Result<()> {
        if found.st_mode & 0o002 != 0 {
            return Err(untrusted(path, "can be changed by everybody on this machine", CLOSE));
        }
        if !self.rights.trusts(found.st_uid, found.st_gid) {
            return Err(untrusted(path, "belongs to an account that has no part in this store", OWNER));
        }
        Ok(())
    }
}

/// Whether there is nothing of that name. A directory may be missing on the way, or a file stand in its place.
pub(super) fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// The names on the way to `below`, none of which may lead out.
fn steps(below: &str) -> io::Result<Vec<&str>> {
    below.split('/').map(one_step).collect()
}

fn one_step(name: &str) -> io::Result<&str> {
    match name {
        "" | "." | ".." => Err(io::ErrorKind::InvalidInput.into()),
        name if name.contains(['/', '\0']) => Err(io::ErrorKind::InvalidInput.into()),
        name => Ok(name),
    }
}

#[cfg(test)]
mod tests;
