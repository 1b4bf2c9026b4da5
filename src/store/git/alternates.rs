//! The directories of objects that a repository reads besides its own: its alternates, as `git clone --shared` and
//! `git clone --reference` leave them.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::error::{Error, Kind};
use crate::store::layout;

/// The list of alternates, below a directory of objects.
const LIST: &str = "info/alternates";
/// A longer list, in bytes, was not written by git.
const LONGEST: u64 = 1 << 16;
/// A repository does not have more directories of objects.
const MOST: usize = 100;

/// The directory `objects` and all its alternates, with theirs, as libgit2 finds them. One that is not there is left out.
///
/// # Errors
/// `Damaged` where a list of alternates is not a file, is longer than 64 KiB, or there are more than 100 directories.
pub(super) fn object_directories(objects: &Path) -> Result<Vec<PathBuf>, Error> {
    let (mut found, mut seen) = (Vec::new(), HashSet::new());
    let mut open = vec![objects.to_owned()];
    while let Some(dir) = open.pop() {
        let Ok(metadata) = fs::metadata(&dir) else { continue };
        if !seen.insert((metadata.dev(), metadata.ino())) {
            continue;
        }
        let list = dir.join(LIST);
        match layout::at(&list)? {
            None => {}
            Some(file) if file.is_file() && file.len() <= LONGEST => {
                open.extend(listed(&fs::read(&list)?, &dir));
            }
            Some(_) => return Err(unreadable(&list)),
        }
        found.push(dir);
        if found.len() > MOST {
            return Err(unreadable(&objects.join(LIST)));
        }
    }
    Ok(found)
}

/// The directories named by a list that lies in `dir`. A relative path begins with a dot, and is relative to `dir`.
fn listed(list: &[u8], dir: &Path) -> Vec<PathBuf> {
    let lines = list.split(|byte| matches!(byte, b'\r' | b'\n'));
    let paths = lines.filter(|line| !line.is_empty() && !line.starts_with(b"#"));
    let whole = |line: &[u8]| match Path::new(OsStr::from_bytes(line)) {
        path if line.starts_with(b".") => dir.join(path),
        path => path.to_owned(),
    };
    paths.map(whole).collect()
}

fn unreadable(list: &Path) -> Error {
    Error::new(Kind::Damaged, "the list of other directories of objects cannot be used")
        .hint("it must be a file of at most 64 KiB, and at most 100 directories in all; `git repack -a -d` copies their objects into this store, which then works without the list")
        .place(list.display().to_string())
}
