//! Opening a repository, and making one.

use std::cell::{OnceCell, RefCell};
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use git2::{Config, Repository};

use crate::error::{Error, Kind};
use crate::store::beneath::Dir;
use crate::store::layout::KEPT;
use crate::store::rights::{Access, Rights};

use super::{Repo, failed, pack_checks};

/// The branch of a new store.
pub(in crate::store) const FIRST_BRANCH: &str = "refs/heads/main";

/// What plain git commits here reaches the disk too before git says so.
const NEW_CONFIG: &str = "[core]\n\
    \trepositoryformatversion = 0\n\
    \tfilemode = true\n\
    \tbare = false\n\
    \tlogallrefupdates = true\n\
    \tfsync = committed\n";

/// More than any path of a `.git` file has.
const LONGEST_LINK: u64 = 8192;

impl Repo {
    /// Opens the repository whose work tree is `root`.
    ///
    /// It is opened as a bare one: libgit2 would refuse the store of another account, or obey `safe.directory`. Whom csods
    /// trusts is for [`Rights`] to say, and it runs no program that a repository names.
    pub(in crate::store) fn open(root: &Path) -> Result<Repo, Error> {
        let root = root.canonicalize()?;
        let rights = Rights::of(&fs::metadata(&root)?);
        // Every object is checked against its id by `Repo::object`, with the processor's own SHA-1 instructions.
        git2::opts::strict_hash_verification(false);
        let place = place(&root)?;
        let private = Dir::open(&place.git_dir, rights, Access::Shown)?;
        private.check("HEAD")?;
        let git = handle(&root, &place.git_dir).map_err(|error| refusal(&root, error))?;
        if !place.linked {
            is_work_tree(&git, &root)?;
        }
        // Where it is not to be trusted, `Store::open` refuses it.
        let kept = private.for_access(Access::Kept)?.dir(KEPT).ok().flatten();
        pack_checks::check(&git.commondir().join("objects"), kept)?;
        let common = match place.linked {
            true => Dir::open(git.commondir(), rights, Access::Shown)?,
            false => private.for_access(Access::Shown)?,
        };
        let git = RefCell::new(Rc::new(git));
        Ok(Repo { git, root, private, common, kept: RefCell::default(), shallow: OnceCell::new() })
    }

    /// Makes an empty repository in the directory `root`: SHA-1, files for refs, no template, no hooks, whatever the
    /// user's own settings say. Where the directory is shared, git itself is told so.
    pub(in crate::store) fn create(root: &Path) -> Result<Repo, Error> {
        let rights = Rights::of(&fs::metadata(root)?);
        let git = Dir::open(root, rights, Access::Shown)?.new_dir(".git")?;
        for dir in ["objects", "objects/info", "objects/pack", "refs", "refs/heads", "refs/tags"] {
            git.made_dir(dir)?;
        }
        let head = format!("ref: {FIRST_BRANCH}\n");
        let shared = if rights.shared() { "\tsharedRepository = group\n" } else { "" };
        let config = format!("{NEW_CONFIG}{shared}");
        for (name, text) in [("HEAD", head), ("config", config)] {
            git.create(name, Access::Shown)?.write_all(text.as_bytes())?;
        }
        Repo::open(root)
    }
}

/// Where the git directory of a work tree lies.
struct Place {
    git_dir: PathBuf,
    /// Whether it is one of several work trees of one repository.
    linked: bool,
}

/// The git directory of `root`: `.git` in it, or, in a linked work tree, the one that `.git` names and that names it
/// back. A link, or a `.git` file that points at another repository, could make csods change that one.
fn place(root: &Path) -> Result<Place, Error> {
    let here = root.join(".git");
    let found = fs::symlink_metadata(&here)?;
    if found.is_dir() {
        return Ok(Place { git_dir: here, linked: false });
    }
    let elsewhere = |hint: &str| {
        Error::new(Kind::Damaged, "the store's .git is not its own: it leads to another directory")
            .hint(hint)
            .place(here.display().to_string())
    };
    let clone = "use the store from where its .git lies, or make a copy of your own with `git clone`";
    if !found.is_file() {
        return Err(elsewhere(clone));
    }
    let text = short(&here)?;
    let Some(named) = text.strip_prefix("gitdir:").map(str::trim) else {
        return Err(elsewhere(clone));
    };
    let git_dir = root
        .join(named)
        .canonicalize()
        .map_err(|_| elsewhere("`git worktree repair` in it, or make a copy with `git clone`"))?;
    // `git worktree add` notes in the repository where the work tree lies.
    let back = short(&git_dir.join("gitdir")).map_err(|_| elsewhere(clone))?;
    let back = git_dir.join(back.trim());
    match back.parent().is_some_and(|back| back.canonicalize().is_ok_and(|back| back == root)) {
        true => Ok(Place { git_dir, linked: true }),
        false => Err(elsewhere("`git worktree repair` in it, or make a copy with `git clone`")),
    }
}

fn short(path: &Path) -> io::Result<String> {
    let mut text = Vec::new();
    if fs::metadata(path)?.is_file() {
        fs::File::open(path)?.take(LONGEST_LINK).read_to_end(&mut text)?;
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// That the repository's own work tree is `root`.
fn is_work_tree(git: &Repository, root: &Path) -> Result<(), Error> {
    let config = git.config().map_err(failed)?;
    let bare = config.get_bool("core.bare") == Ok(true);
    let elsewhere = config.get_path("core.worktree").is_ok_and(|named| {
        let named = git.path().join(named);
        !named.canonicalize().is_ok_and(|named| named == root)
    });
    if !bare && !elsewhere {
        return Ok(());
    }
    Err(Error::new(Kind::System, "this git repository has no work tree here").hint(
        "a bare repository, or one whose `core.worktree` names another directory, is no store: clone it",
    ))
}

/// libgit2's handle of a repository. It is opened as a bare one: see [`Repo::open`].
pub(super) fn handle(root: &Path, git_dir: &Path) -> Result<Repository, git2::Error> {
    let git = Repository::open_bare(git_dir)?;
    git.set_workdir(root, false)?;
    Ok(git)
}

/// Why libgit2 would not open it, and what to do.
fn refusal(root: &Path, error: git2::Error) -> Error {
    if let Some(what) = foreign_format(root).unwrap_or(None) {
        return Error::new(Kind::System, format!("this repository is kept in git's {what} format, which is not supported"))
            .hint("make a new one by `git init --object-format=sha1 --ref-format=files`, and fetch the history into it");
    }
    failed(error)
}

/// What the configuration of the repository says of who shares it.
pub(in crate::store) fn shared_repository(root: &Path) -> Option<String> {
    let config = Config::open(&root.join(".git/config")).ok()?;
    config.get_string("core.sharedrepository").ok()
}

/// Notes in the configuration that a group shares the repository.
pub(in crate::store) fn share_repository(root: &Path) -> Result<(), git2::Error> {
    Config::open(&root.join(".git/config"))?.set_str("core.sharedRepository", "group")
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
