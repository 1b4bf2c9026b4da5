//! Git's own settings, where they say who acts.
//!
//! A store's own `.git/config` came with the store, from wherever that came. It must not say who its user is, where that
//! user has said so themselves.

use std::fs::File;
use std::io;

use git2::{Config, ConfigLevel};

use crate::error::{Error, Kind};
use crate::store::Store;

/// The value of a key such as `user.name`: the person's own, or the machine's; where there is none, that of the store's
/// repository.
pub fn configured(store: Option<&Store>, key: &str) -> Option<String> {
    let values = Values::of(store, key).ok()?;
    values.own.or(values.stores)
}

/// The e-mail address by which git knows who acts; `None` where it has none.
///
/// # Errors
/// `NotPermitted` where the store's own configuration names another address than the person's own, `System` where the
/// person's own cannot be read.
pub fn address(store: Option<&Store>) -> Result<Option<String>, Error> {
    readable()?;
    let values = Values::of(store, "user.email").unwrap_or_default();
    match (values.own, values.stores) {
        (Some(own), Some(stores)) if !own.eq_ignore_ascii_case(&stores) => Err(Error::new(
            Kind::NotPermitted,
            "it is not known who acts: the store's own git configuration has another e-mail address than yours",
        )
        .hint(
            "set GIT_AUTHOR_EMAIL to the address that you act by, or take the other one out: `git config --unset \
             user.email` in the store",
        )),
        (own, stores) => Ok(own.or(stores)),
    }
}

/// That the person's own settings can be read. libgit2 passes over a file that it may not read, and then the store's own
/// would say who acts.
fn readable() -> Result<(), Error> {
    for path in [Config::find_global(), Config::find_xdg()].into_iter().flatten() {
        if let Err(error) = File::open(&path)
            && error.kind() == io::ErrorKind::PermissionDenied
        {
            return Err(Error::new(Kind::System, "your own git configuration cannot be read")
                .hint(
                    "see who may read it by `ls -l`; or set GIT_AUTHOR_EMAIL to the address that you act by",
                )
                .place(path.display().to_string()));
        }
    }
    Ok(())
}

/// The values of a key.
#[derive(Default)]
struct Values {
    /// That of the machine or the person.
    own: Option<String>,
    /// That of the store's repository or work tree.
    stores: Option<String>,
}

impl Values {
    fn of(store: Option<&Store>, key: &str) -> Result<Values, git2::Error> {
        let config = match store {
            Some(store) => store.repo.config()?,
            None => Config::open_default()?,
        };
        let mut values = Values::default();
        let mut nearest = [ConfigLevel::ProgramData; 2];
        let entries = config.entries(Some(&format!("^{}$", key.replace('.', "\\."))))?;
        entries.for_each(|entry| {
            let Some(value) = entry.value().ok().map(str::trim).filter(|value| !value.is_empty()) else {
                return;
            };
            let is_stores = matches!(entry.level(), ConfigLevel::Local | ConfigLevel::Worktree);
            let (kept, level) = match is_stores {
                true => (&mut values.stores, &mut nearest[1]),
                false => (&mut values.own, &mut nearest[0]),
            };
            // Of one file the last line counts.
            if kept.is_none() || entry.level() as i32 >= *level as i32 {
                *kept = Some(value.to_owned());
                *level = entry.level();
            }
        })?;
        Ok(values)
    }
}
