//! Who may read and write what csods makes: the mode of the store's directory decides, neither the umask nor
//! `.git/config` (sharing G1).
//!
//! | the store's directory | git's files, working files | `.git/csods` |
//! |---|---|---|
//! | `0700` | `0700`, `0600` | `0700`, `0600` |
//! | `0750` | `0750`, `0640` | `0750`, `0640` |
//! | `0755` | `0755`, `0644` | `0700`, `0600` |
//! | `2770`, any that its group may write to | `2770`, `0660` | `2770`, `0660` |
//! | `2775` | `2775`, `0664` | `2770`, `0660` |
//!
//! A directory that everybody may read was made by an ordinary umask. What csods keeps for itself stays closed then, and
//! other accounts read the cases instead of the index. Nothing is ever made that everybody may write to.

use std::fmt;
use std::fs::Metadata;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::fs::Mode;
use rustix::io::Errno;
use rustix::process::{Gid, geteuid};

use crate::error::{Error, Kind};

const GROUP_WRITES: u32 = 0o020;
const OTHERS: u32 = 0o007;
const SET_GROUP: u32 = 0o2000;

/// For whom a file or directory is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// For csods alone: below `.git/csods`.
    Kept,
    /// For git and people too: refs, logs, the index, working files.
    Shown,
    /// As `Shown`, and nobody ever writes to it: objects, packs.
    Fixed,
}

/// The rights that a store's directory gives, and whom it trusts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rights {
    /// The bits of read, write and search of the store's directory.
    bits: u32,
    owner: u32,
    group: u32,
    /// Who runs this process.
    me: u32,
}

impl Rights {
    /// Those of the directory of a store.
    pub(super) fn of(root: &Metadata) -> Rights {
        Rights { bits: root.mode() & 0o777, owner: root.uid(), group: root.gid(), me: geteuid().as_raw() }
    }

    /// Whether several accounts share the store: its group may write to its directory.
    pub(super) fn shared(self) -> bool {
        self.bits & GROUP_WRITES != 0
    }

    /// Whether everybody may write to the store's directory, and so replace anything in it.
    pub(super) fn open_to_all(self) -> bool {
        self.bits & 0o002 != 0
    }

    /// Whether accounts outside the group may read the store's directory.
    pub(super) fn readable_outside(self) -> bool {
        self.bits & 0o004 != 0
    }

    /// The account that runs this process.
    pub(super) fn me(self) -> u32 {
        self.me
    }

    /// The group of the store's directory.
    pub(super) fn group(self) -> Group {
        Group(self.group)
    }

    /// Those of the same directory, shared with a group.
    pub(super) fn shared_with(self, group: Group) -> Rights {
        Rights { bits: 0o770, group: group.0, ..self }
    }

    /// Whether this account may change the store: its directory belongs to this account, or is shared.
    pub(super) fn mine(self) -> bool {
        self.owner == self.me || self.shared()
    }

    /// Whether what `uid` put there may be believed: it is this account, root, or the owner of the store's directory, or
    /// the store is shared and the file has its group. Only a member can give a file the group, so that nobody else's
    /// file has it.
    pub(super) fn trusts(self, uid: u32, gid: u32) -> bool {
        uid == self.me || uid == 0 || uid == self.owner || (self.shared() && gid == self.group)
    }

    /// The mode of a new file.
    pub(super) fn file(self, access: Access) -> u32 {
        let bits = self.granted(access);
        match access {
            Access::Kept | Access::Shown => bits & 0o664 | 0o600,
            Access::Fixed => bits & 0o444 | 0o400,
        }
    }

    /// The mode of a new directory.
    pub(super) fn dir(self, access: Access) -> u32 {
        let bits = self.granted(access) & 0o775;
        // Who may read a directory may search it.
        let search = (bits & 0o444) >> 2;
        bits | search | 0o700 | if self.shared() { SET_GROUP } else { 0 }
    }

    /// Gives a file or directory that was just made this mode, whatever the umask, and in a shared store its group.
    ///
    /// # Errors
    /// Where this account is no member of the group: the others could not open the file.
    pub(super) fn give(self, made: impl AsFd, mode: u32) -> io::Result<()> {
        if self.shared() && rustix::fs::fstat(&made)?.st_gid != self.group {
            rustix::fs::fchown(&made, None, Some(Gid::from_raw(self.group)))?;
        }
        Ok(rustix::fs::fchmod(&made, Mode::from_raw_mode(mode))?)
    }

    /// The same for a directory at a path.
    pub(super) fn give_dir(self, made: &Path) -> io::Result<()> {
        self.give(std::fs::File::open(made)?, self.dir(Access::Shown))
    }

    fn granted(self, access: Access) -> u32 {
        match access {
            Access::Kept if self.shared() || self.bits & OTHERS == 0 => self.bits & 0o770,
            Access::Kept => 0o700,
            Access::Shown | Access::Fixed => self.bits,
        }
    }
}

/// A group of accounts of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group(u32);

impl Group {
    /// That of this number.
    pub(super) fn of(gid: u32) -> Group {
        Group(gid)
    }

    /// The group of this name or number.
    ///
    /// # Errors
    /// `NotFound` where there is no such name; a number need not have one.
    pub fn find(named: &str) -> Result<Group, Error> {
        if let Ok(number) = named.parse() {
            return Ok(Group(number));
        }
        match nix::unistd::Group::from_name(named) {
            Ok(Some(found)) => Ok(Group(found.gid.as_raw())),
            Ok(None) => Err(Error::new(Kind::NotFound, format!("this machine has no group {named}")).hint(
                "`id` names the groups that you are in; whoever runs the machine makes one: `groupadd`",
            )),
            Err(errno) => Err(io::Error::from(errno).into()),
        }
    }

    /// Opens a directory to the group: its members may read and write it, and what is made in it is the group's too.
    ///
    /// # Errors
    /// `NotPermitted` where this account is no member, or does not own the directory.
    pub(super) fn share(self, dir: impl AsFd) -> Result<(), Error> {
        let refusal = |error: Errno| match error {
            Errno::PERM => {
                Error::new(Kind::NotPermitted, format!("you cannot give a directory to group {self}"))
                    .hint("only its owner can, to a group that the owner is in; `id` names yours")
            }
            other => io::Error::from(other).into(),
        };
        rustix::fs::fchown(&dir, None, Some(Gid::from_raw(self.0))).map_err(refusal)?;
        rustix::fs::fchmod(&dir, Mode::from_raw_mode(0o2770)).map_err(refusal)
    }
}

impl fmt::Display for Group {
    /// Its name, or its number where it has none.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match nix::unistd::Group::from_gid(self.0.into()) {
            Ok(Some(group)) => f.write_str(&group.name),
            _ => write!(f, "{}", self.0),
        }
    }
}

/// The name of an account, or its number where it has none.
pub(super) fn account(uid: u32) -> String {
    match nix::unistd::User::from_uid(uid.into()) {
        Ok(Some(user)) => user.name,
        _ => format!("number {uid}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_directory_decides() {
        for (root, shown, kept, fixed) in [
            (0o700, (0o700, 0o600), (0o700, 0o600), 0o400),
            (0o750, (0o750, 0o640), (0o750, 0o640), 0o440),
            (0o755, (0o755, 0o644), (0o700, 0o600), 0o444),
            (0o770, (0o2770, 0o660), (0o2770, 0o660), 0o440),
            (0o775, (0o2775, 0o664), (0o2770, 0o660), 0o444),
            (0o777, (0o2775, 0o664), (0o2770, 0o660), 0o444),
            (0o000, (0o700, 0o600), (0o700, 0o600), 0o400),
        ] {
            let rights = Rights { bits: root, owner: 1, group: 2, me: 1 };
            let made = |access| (rights.dir(access), rights.file(access));
            assert_eq!(made(Access::Shown), shown, "{root:o}");
            assert_eq!(made(Access::Kept), kept, "{root:o}");
            assert_eq!(rights.file(Access::Fixed), fixed, "{root:o}");
        }
    }

    #[test]
    fn only_members_are_believed() {
        let rights = |bits| Rights { bits, owner: 1001, group: 7777, me: 1002 };
        let (private, shared) = (rights(0o750), rights(0o770));
        for (uid, gid, alone, together) in [
            (1002, 1, true, true),
            (1001, 1, true, true),
            (0, 0, true, true),
            (1003, 7777, false, true),
            (1003, 1, false, false),
        ] {
            assert_eq!((private.trusts(uid, gid), shared.trusts(uid, gid)), (alone, together), "{uid} {gid}");
        }
        assert!(!private.mine() && shared.mine());
    }
}
