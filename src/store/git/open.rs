//! Opening a repository, and making one.

use std::cell::RefCell;
use std::fs;
use std::io;
use std::path::Path;

use git2::{Config, ErrorCode, Repository};

use crate::error::{Error, Kind};
use crate::store::disk;

use super::{Repo, failed, pack_checks};

/// The branch of a new store.
pub(in crate::store) const FIRST_BRANCH: &str = "refs/heads/main";

const NEW_CONFIG: &[u8] = b"[core]\n\
    \trepositoryformatversion = 0\n\
    \tfilemode = true\n\
    \tbare = false\n\
    \tlogallrefupdates = true\n";

impl Repo {
    /// Opens the repository whose work tree is `root`.
    pub(in crate::store) fn open(root: &Path) -> Result<Repo, Error> {
        let root = root.canonicalize()?;
        // Every object is checked against its id by `Repo::object`, with the processor's own SHA-1 instructions.
        git2::opts::strict_hash_verification(false);
        let git = Repository::open(&root).map_err(|error| refusal(&root, error))?;
        let same = |dir: &Path| dir.canonicalize().is_ok_and(|dir| dir == root);
        if !git.workdir().is_some_and(same) {
            return Err(Error::new(Kind::System, "this git repository has no work tree here")
                .hint("a bare repository, or one whose `core.worktree` names another directory, is no store: clone it"));
        }
        let (private, common) = (git.path().to_owned(), git.commondir().to_owned());
        pack_checks::check(&common.join("objects"), &private.join("csods"))?;
        Ok(Repo { git, root, private, common, kept: RefCell::default() })
    }

    /// Makes an empty repository in the directory `root`: SHA-1, files for refs, no template, no hooks, whatever the
    /// user's own settings say.
    pub(in crate::store) fn create(root: &Path) -> Result<Repo, Error> {
        let git = root.join(".git");
        for dir in ["", "objects", "objects/info", "objects/pack", "refs", "refs/heads", "refs/tags"] {
            fs::create_dir(git.join(dir))?;
        }
        disk::fill(&git.join("HEAD"), format!("ref: {FIRST_BRANCH}\n").as_bytes(), None)?;
        disk::fill(&git.join("config"), NEW_CONFIG, None)?;
        Repo::open(root)
    }
}

/// Why libgit2 would not open it, and what to do.
fn refusal(root: &Path, error: git2::Error) -> Error {
    if error.code() == ErrorCode::Owner {
        return Error::new(Kind::System, "this store belongs to another user of the machine").hint(format!(
            "if that is as it should be: `git config --global --add safe.directory {}`",
            root.display()
        ));
    }
    if let Some(what) = foreign_format(root).unwrap_or(None) {
        return Error::new(Kind::System, format!("this repository is kept in git's {what} format, which is not supported"))
            .hint("make a new one by `git init --object-format=sha1 --ref-format=files`, and fetch the history into it");
    }
    failed(error)
}

/// The format extension that libgit2 does not read.
fn foreign_format(root: &Path) -> io::Result<Option<&'static str>> {
    let Ok(config) = Config::open(&root.join(".git/config")) else {
        return Ok(None);
    };
    let is =
        |key: &str, word: &str| config.get_string(key).is_ok_and(|value| value.eq_ignore_ascii_case(word));
    Ok(if is("extensions.refstorage", "reftable") {
        Some("reftable")
    } else if is("extensions.objectformat", "sha256") {
        Some("SHA-256")
    } else {
        None
    })
}
