//! What is said of a file that cannot be trusted, and what to do about it.

use std::io;
use std::path::Path;

use rustix::io::Errno;

use crate::error::{Error, Kind};

pub(super) const SECOND: &str = "has a second name elsewhere, which would be changed too";
pub(super) const NO_FILE: &str = "is neither a file nor a directory";
pub(super) const REMOVE: &str = "see what it is, and remove it";
pub(super) const COPY: &str = "replace it by a copy of its own: `cp -p FILE FILE.new && mv FILE.new FILE`";
pub(super) const CLOSE: &str = "if you know who made it: `csods doctor --fix`, or `chmod o-w` on it";
pub(super) const OWNER: &str =
    "`csods doctor` says who may use this store; in doubt make a copy of your own with `git clone`";
const LINK: &str = "csods follows no links there, because a copied store could lead it anywhere; see where it \
                    leads with `ls -l`, and remove it";

/// Said of what stands where only something trusted may stand.
pub(super) fn untrusted(path: &Path, what: &str, hint: &str) -> io::Error {
    io::Error::other(
        Error::new(Kind::Damaged, format!("this part of the store cannot be trusted: it {what}"))
            .hint(hint)
            .place(path.display().to_string()),
    )
}

pub(super) fn refused(errno: Errno, path: &Path) -> io::Error {
    match errno {
        Errno::LOOP => untrusted(path, "is a symbolic link, or lies behind one", LINK),
        Errno::XDEV => untrusted(path, "leads out of the store", LINK),
        other => other.into(),
    }
}
