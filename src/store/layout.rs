//! Where things lie in a store, which paths may be named, and the working files themselves.
//!
//! ```text
//! csods.toml             makes a git work tree a store
//! cases/YYYY/C/REF.yaml  the applications
//! applied/H/HH           what `apply` did under which id
//! .git/csods/            what csods keeps for this copy; who may read and write it follows the store's directory:
//!   lock                 held by whoever changes the store; says who that is
//!   journal              what a change under way is about to do; empty while there is none
//!   git-lock             git's locks are hard links to it while a change holds them
//!   change/              exists while a change is under way: its temporary files
//! ```

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::error::{Error, Kind};

/// The settings, whose presence makes a git work tree a store.
pub const SETTINGS: &str = "csods.toml";
/// The folder of the applications.
pub const CASES: &str = "cases";
/// The directory in git's where csods keeps what belongs to this copy alone.
pub(super) const KEPT: &str = "csods";
/// The directory of a change under way, in `.git/csods`.
pub(super) const CHANGE: &str = "change";
/// The file in `.git/csods` that git's locks are links to while a change holds them.
pub(super) const GIT_LOCK: &str = "git-lock";
/// Keeps git from changing line ends in stored files, whatever the user's own settings say.
pub(super) const ATTRIBUTES: &str = ".gitattributes";
/// The largest file a store takes, in bytes: a case file is hostile input.
pub const LARGEST: u64 = 1 << 20;

/// Refuses a path that could name anything outside the store, or inside git's own directory.
pub(super) fn check_path(path: &str) -> Result<(), Error> {
    let step_fits = |step: &str| {
        !matches!(step, "" | "." | "..")
            && !step.eq_ignore_ascii_case(".git")
            && step.len() < 256
            && !step.contains(|c: char| c.is_control() || c == '\\')
    };
    if path.len() < 2048 && path.split('/').all(step_fits) {
        Ok(())
    } else {
        Err(Error::new(
            Kind::Usage,
            "a path must stay inside the store: names separated by `/`, without `..` and `.git`",
        ))
    }
}

/// The directories above `path`, from the root inwards: `a/b/c` has `""`, `a` and `a/b`.
pub(super) fn above(path: &str) -> impl Iterator<Item = &str> {
    std::iter::once("").chain(path.match_indices('/').map(|(at, _)| &path[..at]))
}

/// What stands at a path, links not followed; `None` where nothing does.
pub(super) fn at(path: &Path) -> io::Result<Option<Metadata>> {
    match fs::symlink_metadata(path) {
        Ok(found) => Ok(Some(found)),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Where `path` lies in the work tree, when no directory on the way is a link or a file.
pub(super) fn place(root: &Path, path: &str) -> Result<PathBuf, Error> {
    check_path(path)?;
    for dir in above(path).skip(1) {
        match at(&root.join(dir))? {
            None => break,
            Some(found) if found.is_dir() => (),
            Some(_) => {
                return Err(Error::new(
                    Kind::Damaged,
                    "a directory of the store was replaced by something else",
                )
                .hint(format!("put a plain directory back at {dir}, or run `git restore {dir}`"))
                .place(dir));
            }
        }
    }
    Ok(root.join(path))
}

/// The bytes of a working file; `None` where there is none.
pub(super) fn working(root: &Path, path: &str) -> Result<Option<Vec<u8>>, Error> {
    let place = place(root, path)?;
    let Some(found) = at(&place)? else { return Ok(None) };
    let damaged = |what: &str| {
        Error::new(Kind::Damaged, what)
            .hint(format!("`git restore {path}` brings the last committed file back"))
            .place(path)
    };
    if !found.is_file() {
        return Err(damaged("the file was replaced by a link, a directory or a device"));
    }
    let file = match File::open(&place) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let opened = file.metadata()?;
    if (opened.dev(), opened.ino()) != (found.dev(), found.ino()) {
        return Err(damaged("the file was replaced while it was read"));
    }
    let mut bytes = Vec::with_capacity(opened.len().min(LARGEST) as usize + 1);
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(damaged("the file is larger than 1 MiB"));
    }
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_never_leave_the_store() {
        for path in [
            "",
            "/etc/passwd",
            "../x",
            "a/../b",
            "a//b",
            "./a",
            ".git/config",
            "a/.GIT/x",
            "a\\b",
            "a\nb",
            "a/",
        ] {
            assert!(check_path(path).is_err(), "{path:?}");
        }
        for path in ["csods.toml", "cases/2026/7/KP-26-7K3QF4.yaml", ".gitattributes", "a/.gitignore"] {
            assert!(check_path(path).is_ok(), "{path:?}");
        }
    }

    #[test]
    fn directories_above_a_path() {
        assert_eq!(above("a/b/c").collect::<Vec<_>>(), ["", "a", "a/b"]);
        assert_eq!(above("a").collect::<Vec<_>>(), [""]);
    }
}
