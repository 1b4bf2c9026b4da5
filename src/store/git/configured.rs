//! Git's own settings, where they say who acts.

use git2::Config;

use crate::store::Store;

/// The value of a key such as `user.email`, from the store's repository where there is one, else from the person's own
/// configuration.
pub fn configured(store: Option<&Store>, key: &str) -> Option<String> {
    let config = match store {
        Some(store) => store.repo.config().ok()?,
        None => Config::open_default().ok()?,
    };
    config.get_string(key).ok().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}
