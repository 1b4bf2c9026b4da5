//! The secret key of the marks in `applied/` (see [`super::marks`]). It is in `csods.toml`: anybody who can read the cases can
//! read it.

use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::commands::commit_text::About;
use crate::context::{Context, Office};
use crate::domain::action::ActionKind;
use crate::domain::settings::{KEY_BYTES, Settings};
use crate::domain::workflow::may_begin;
use crate::error::{Error, Kind};
use crate::store::{Change, CommitId, SETTINGS, files};

/// The section of `csods.toml` that holds the key, up to the key itself.
const WHY: &str = "
[applied]
# The secret key of the marks that `csods apply` leaves in applied/, one for each line id. Anybody who has the key can test
# whether an id was used. Do not change it: with another key, `csods apply` would do lines again that it has already done.
";

/// The key of a store.
#[derive(Clone)]
pub struct Key(Hmac<Sha256>);

impl Key {
    /// The key in these settings; `None` in an older store that has none yet.
    pub fn of(settings: &Settings) -> Option<Key> {
        let bytes = settings.applied.as_ref()?.key()?;
        Hmac::new_from_slice(&bytes).ok().map(Key)
    }

    /// HMAC-SHA-256 of an id.
    pub fn mark(&self, id: &str) -> [u8; 32] {
        self.0.clone().chain_update(id.as_bytes()).finalize().into_bytes().into()
    }
}

/// The text of settings that have no key, with a new one at their end.
pub fn with_new(settings: &str, context: &Context) -> Result<String, Error> {
    let mut bytes = [0; KEY_BYTES];
    if context.seed_by_hand {
        let mut chance = context.chance();
        bytes.fill_with(|| chance.below(256) as u8);
    } else {
        getrandom::fill(&mut bytes)
            .map_err(|_| Error::new(Kind::System, "the system gave no random number"))?;
    }
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("{}\n{WHY}key = \"{hex}\"\n", settings.trim_end()))
}

/// Gives a key to a store that has none, as a commit of its own. `None` where it has one already.
///
/// # Errors
/// `NotPermitted` where this person may not change the settings (R3); `Conflict` where `csods.toml` was edited by hand and
/// not taken in yet. Nothing is changed then.
pub fn give(context: &Context, office: &Office) -> Result<Option<CommitId>, Error> {
    let kind = ActionKind::Settings;
    let moment = context.moment(office)?;
    may_begin(None, kind, &moment.actor, &office.settings).map_err(|refusal| refusal.into_error(kind))?;
    let holder = format!("{} ({})", moment.actor, kind.word());
    office.store.change_made(context.options.wait, &holder, |mut change: Change<'_>| {
        let moment = context.entering(&moment)?;
        if files::settings(change.head())?.applied.is_some() {
            return Ok(None);
        }
        let text = change.head().read(SETTINGS)?.unwrap_or_default();
        let new = with_new(&String::from_utf8_lossy(&text), context)?;
        files::read_settings(new.as_bytes()).map_err(|found| files::damaged(SETTINGS, &found))?;
        change.put(SETTINGS, new.into_bytes());
        let text = About::store(kind).text(context, &moment, &office.settings);
        change.commit(&text, &context.author(&moment, &office.settings)).map(Some)
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::commands::init::{make, settings_text};
    use crate::context::Options;
    use crate::domain::scalars::PersonId;

    #[test]
    fn an_older_store_is_given_a_key_once_by_a_commit_of_its_own() {
        let dir = tempfile::tempdir().unwrap();
        let (root, email) = (dir.path().join("store"), "m.reid@example.org");
        let options = Options { wait: Duration::from_secs(60), ..Options::default() };
        let context = Context::new(options).unwrap();
        let context = context.acting(&root, email, context.now);
        let id = PersonId::new("m.reid").unwrap();
        let text = settings_text("Example Police", "EX", Some((&id, "M. Reid", email))).unwrap();
        let files = [(SETTINGS.to_owned(), text.clone().into_bytes())];
        make(&context, &root, &files, (&id, "M. Reid", email), None).unwrap();
        let office = context.office().unwrap();
        assert!(Key::of(&office.settings).is_none());
        give(&context, &office).unwrap().unwrap();
        let given = context.office().unwrap();
        let key = Key::of(&given.settings).unwrap();
        assert_ne!(key.mark("a"), key.mark("b"));
        let new = String::from_utf8(given.head.read(SETTINGS).unwrap().unwrap()).unwrap();
        assert!(new.starts_with(text.trim_end()), "the settings before it stay as they are");
        // Once is enough, also for who saw the store as it was.
        assert_eq!(give(&context, &office).unwrap(), None);
        assert_eq!(context.office().unwrap().head.commit(), given.head.commit());
    }

    #[test]
    fn two_stores_have_two_keys() {
        let context = Context::new(Options::default()).unwrap();
        let of =
            |text: String| files::read_settings(text.as_bytes()).unwrap().applied.unwrap().key().unwrap();
        let text = settings_text("Example Police", "EX", None).unwrap();
        let keys = [0, 1].map(|_| of(with_new(&text, &context).unwrap()));
        assert_ne!(keys[0], keys[1]);
    }
}
