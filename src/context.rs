//! What every command works with: the options, the store, the moment and the person. The only reader of the clock, the
//! environment and git's idea of who acts; each is read once.

mod clock;

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeSet, HashSet};
use std::ffi::OsString;
use std::io::IsTerminal;
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::domain::case::Case;
use crate::domain::reference::Chance;
use crate::domain::scalars::{Fill, ItemId};
use crate::domain::settings::{Settings, Version};
use crate::domain::time::Instant;
use crate::domain::workflow::Moment;
use crate::error::{Error, Kind};
use crate::output::{Format, Output};
use crate::store::{Author, Snapshot, Store, Survey, files};
use clock::Seen;

/// The options that every command takes.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// `--store DIR`.
    pub store: Option<PathBuf>,
    /// `--format`.
    pub format: Format,
    /// `--quiet`.
    pub quiet: bool,
    /// `--no-input`.
    pub no_input: bool,
    /// `--dry-run`.
    pub dry_run: bool,
    /// `--no-index`.
    pub no_index: bool,
    /// `--wait SECONDS`.
    pub wait: Duration,
}

/// The options, the environment and the moment of one command.
pub struct Context {
    /// The options given.
    pub options: Options,
    /// The moment of the command.
    pub now: Instant,
    /// Whether `CSODS_NOW` or `CSODS_SEED` set the clock or the source of chance.
    pub set_by_hand: bool,
    /// Whether the moment is that of the machine's clock, which goes on.
    reads_clock: bool,
    seen: Seen,
    /// Whether it was the source of chance: what is drawn may have been drawn before.
    pub seed_by_hand: bool,
    seed: u64,
    environment: Environment,
    /// What must be known of the store besides the answer.
    warnings: Mutex<BTreeSet<String>>,
}

/// What the environment says, read once.
#[derive(Clone)]
struct Environment {
    store: Option<PathBuf>,
    author_email: Option<String>,
    author_name: Option<String>,
    editor: Option<OsString>,
    columns: Option<usize>,
    directory: PathBuf,
    temporary: PathBuf,
    own_configuration: Option<PathBuf>,
}

/// An open store with what it says at HEAD: its settings, and who acts.
pub struct Office {
    /// The directory and its history.
    pub store: Store,
    /// HEAD when the command began.
    pub head: Snapshot,
    /// The settings at HEAD.
    pub settings: Settings,
}

impl Office {
    /// The settings as `head` has them; read again only where HEAD has moved since the command began.
    pub fn settings_at(&self, head: &Snapshot) -> Result<Cow<'_, Settings>, Error> {
        if head.commit() == self.head.commit() {
            return Ok(Cow::Borrowed(&self.settings));
        }
        let settings = files::settings(head)?;
        may_write(&settings)?;
        Ok(Cow::Owned(settings))
    }
}

/// Refuses to change a store whose settings ask for a later version of csods (`needs`).
fn may_write(settings: &Settings) -> Result<(), Error> {
    let own = Version::own();
    match &settings.needs {
        Some(needs) if own.is_older_than(needs) => Err(Error::new(
            Kind::Damaged,
            format!("this store may be changed by csods {needs} or later only; this is csods {own}"),
        )
        .hint("install a later csods; this one still shows the store, and nothing was changed")),
        _ => Ok(()),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the environment and the clock"
)]
mod outside {
    use super::{Environment, Instant, OsString, PathBuf};

    pub(super) fn variable(name: &str) -> Option<OsString> {
        std::env::var_os(name).filter(|value| !value.is_empty())
    }

    pub(super) fn now() -> Instant {
        Instant::new(chrono::Utc::now())
    }

    /// Where a person's own configuration lies, as the XDG base directories say; a path that is not whole counts as none.
    fn own_configuration() -> Option<PathBuf> {
        let whole = |name| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let home = || whole("HOME").map(|home| home.join(".config"));
        whole("XDG_CONFIG_HOME").or_else(home).map(|dir| dir.join("csods/config.toml"))
    }

    pub(super) fn environment() -> Environment {
        let text = |name| variable(name).and_then(|value| value.into_string().ok());
        Environment {
            store: variable("CSODS_STORE").map(PathBuf::from),
            author_email: text("GIT_AUTHOR_EMAIL"),
            author_name: text("GIT_AUTHOR_NAME"),
            editor: variable("VISUAL").or_else(|| variable("EDITOR")),
            columns: text("COLUMNS").and_then(|columns| columns.parse().ok()),
            directory: std::env::current_dir().unwrap_or_else(|_| PathBuf::from(".")),
            temporary: std::env::temp_dir(),
            own_configuration: own_configuration(),
        }
    }
}

impl Context {
    /// Reads the clock and the environment. `CSODS_NOW` sets the moment, `CSODS_SEED` the source of chance.
    pub fn new(options: Options) -> Result<Context, Error> {
        let hand_now = outside::variable("CSODS_NOW");
        let hand_seed = outside::variable("CSODS_SEED");
        let seed_by_hand = hand_seed.is_some();
        let reads_clock = hand_now.is_none();
        let set_by_hand = hand_now.is_some() || seed_by_hand;
        let now = match hand_now {
            None => outside::now(),
            Some(text) => text.to_str().and_then(|text| text.parse().ok()).ok_or_else(|| {
                Error::new(Kind::Usage, "CSODS_NOW must be an instant in UTC like 2026-03-02T09:15:00Z")
                    .hint("set it so, or unset it")
            })?,
        };
        let seed = match hand_seed {
            None => {
                getrandom::u64().map_err(|_| Error::new(Kind::System, "the system gave no random number"))?
            }
            Some(text) => text.to_str().and_then(|text| text.parse().ok()).ok_or_else(|| {
                Error::new(Kind::Usage, "CSODS_SEED must be a whole number").hint("set it so, or unset it")
            })?,
        };
        #[cfg(debug_assertions)]
        if let Some(point) =
            outside::variable("CSODS_FAULT_POINT").and_then(|value| value.to_str()?.parse().ok())
        {
            crate::store::fault::kill_at(point);
        }
        let environment = outside::environment();
        Ok(Context {
            options,
            now,
            set_by_hand,
            reads_clock,
            seen: Seen::default(),
            seed_by_hand,
            seed,
            environment,
            warnings: Mutex::default(),
        })
    }

    /// The same in another store, as another person at another moment, who cannot be asked: for `demo`. What is made so
    /// says that its clock was set by hand.
    #[must_use]
    pub fn acting(&self, store: &std::path::Path, email: &str, now: Instant) -> Context {
        let options = Options { store: Some(store.to_owned()), no_input: true, ..self.options.clone() };
        let environment = Environment {
            author_email: Some(email.to_owned()),
            author_name: None,
            ..self.environment.clone()
        };
        // Each moment draws ids of its own.
        let seed = self.seed.wrapping_add_signed(now.unix());
        Context {
            options,
            now,
            set_by_hand: true,
            reads_clock: false,
            seen: Seen::default(),
            seed_by_hand: self.seed_by_hand,
            seed,
            environment,
            warnings: Mutex::default(),
        }
    }

    /// Where and how answers are printed.
    pub fn output(&self) -> Output {
        Output { format: self.options.format, quiet: self.options.quiet, width: self.width() }
    }

    /// The width of the page: that of the terminal, else `COLUMNS`, else 100.
    fn width(&self) -> usize {
        let terminal = std::io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
        let columns = terminal.map(|(width, _)| usize::from(width.0)).or(self.environment.columns);
        columns.unwrap_or(100).clamp(20, 400)
    }

    /// Whether a person can be asked: standard input and standard error are terminals, and `--no-input` is absent.
    pub fn can_ask(&self) -> bool {
        !self.options.no_input && std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
    }

    /// Whether standard output goes into a file that others than its owner may read.
    pub fn prints_into_open_file(&self) -> bool {
        let out = std::io::stdout().as_fd().try_clone_to_owned().map(std::fs::File::from);
        out.and_then(|file| file.metadata()).is_ok_and(|file| file.is_file() && file.mode() & 0o077 != 0)
    }

    /// The editor that the person chose.
    pub fn editor(&self) -> Option<&OsString> {
        self.environment.editor.as_ref()
    }

    /// The working directory.
    pub fn directory(&self) -> &PathBuf {
        &self.environment.directory
    }

    /// The person's own configuration, where there may be one.
    pub fn own_configuration(&self) -> Option<&PathBuf> {
        self.environment.own_configuration.as_ref()
    }

    /// The system's directory for temporary files; only example data goes there.
    pub fn temporary(&self) -> &PathBuf {
        &self.environment.temporary
    }

    /// Opens the store that is meant. What a crash left is for the next change to settle.
    pub fn store(&self) -> Result<Store, Error> {
        let (explicit, environment) = (self.options.store.as_deref(), self.environment.store.as_deref());
        let store = Store::find(explicit, environment, &self.environment.directory)?;
        if let Some(what) = store.rewritten()? {
            self.warn(format!(
                "{what}: git shows another history than the one that was recorded, which is what you see here"
            ));
        }
        Ok(store)
    }

    /// Looks at the rights of the files of the store that is meant, which is not opened and may be one that is refused.
    pub fn survey(&self) -> Result<Survey, Error> {
        let (explicit, environment) = (self.options.store.as_deref(), self.environment.store.as_deref());
        Survey::of(explicit, environment, &self.environment.directory)
    }

    /// Notes something that must be known besides the answer.
    pub fn warn(&self, what: String) {
        self.noted().insert(what);
    }

    /// What was noted so.
    pub fn warnings(&self) -> Vec<String> {
        self.noted().iter().cloned().collect()
    }

    fn noted(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens the store and reads its settings from HEAD.
    pub fn office(&self) -> Result<Office, Error> {
        let store = self.store()?;
        let head = store.head()?;
        self.saw_commit(&head);
        let settings = files::settings(&head)?;
        Ok(Office { store, head, settings })
    }

    /// The e-mail address of who acts: `GIT_AUTHOR_EMAIL`, else git's `user.email`. One that only the store's own
    /// configuration has counts; one that differs from the person's own is refused.
    pub fn email(&self, store: Option<&Store>) -> Result<String, Error> {
        let email = match &self.environment.author_email {
            Some(email) => Some(email.clone()),
            None => crate::store::address(store)?,
        };
        email.ok_or_else(|| {
            Error::new(Kind::NotPermitted, "it is not known who acts: git has no e-mail address for you")
                .hint("git config --global user.email YOU@EXAMPLE.ORG, or set GIT_AUTHOR_EMAIL")
        })
    }

    /// The name of whoever acts, as git knows it.
    pub fn author_name(&self, store: Option<&Store>) -> Option<String> {
        self.environment.author_name.clone().or_else(|| crate::store::configured(store, "user.name"))
    }

    /// Who acts, and when, for a change.
    ///
    /// # Errors
    /// `NotPermitted` for an address that is no person of the store (R3); `Damaged` where the store needs a later csods.
    pub fn moment(&self, office: &Office) -> Result<Moment, Error> {
        may_write(&office.settings)?;
        let email = self.email(Some(&office.store))?;
        match office.settings.person_by_email(&email) {
            Some((actor, person)) if person.ended.is_none() => Ok(Moment { now: self.now, actor }),
            Some((actor, _)) => {
                Err(Error::new(Kind::NotPermitted, format!("{actor} acts no more in this store"))
                    .hint("a supervisor or records manager can change that with `csods person add`"))
            }
            None => Err(Error::new(
                Kind::NotPermitted,
                "your e-mail address is that of no person of this store",
            )
            .hint(
                "a supervisor or records manager adds you with `csods person add`; see `csods person list`",
            )),
        }
    }

    /// A source of chance for one purpose.
    pub fn chance(&self) -> Chance {
        Chance::from_seed(self.seed)
    }

    /// The same for one of many actions of one command.
    pub fn chance_of(&self, number: u64) -> Chance {
        Chance::from_seed(self.seed.wrapping_add(number << 20))
    }

    /// What answers may leave out, for a case that has `case`'s ids already.
    pub fn fill(&self, moment: &Moment, settings: &Settings, case: Option<&Case>) -> Fill {
        Context::fill_by(self.chance(), moment, settings, case)
    }

    /// The same, with ids drawn from a source of their own.
    pub fn fill_by(chance: Chance, moment: &Moment, settings: &Settings, case: Option<&Case>) -> Fill {
        Context::fill_beside(chance, moment, settings, Rc::new(case.map(Case::item_ids).unwrap_or_default()))
    }

    /// The same for a case of which the ids are known.
    pub fn fill_beside(
        chance: Chance,
        moment: &Moment,
        settings: &Settings,
        taken: Rc<HashSet<ItemId>>,
    ) -> Fill {
        Fill {
            actor: moment.actor.clone(),
            now: moment.now,
            today: settings.zone().day(moment.now),
            chance: RefCell::new(chance),
            used: RefCell::default(),
            taken,
        }
    }

    /// The author of a commit: the actor, at the moment of the change, in the store's zone.
    pub fn author(&self, moment: &Moment, settings: &Settings) -> Author {
        let Moment { now, actor } = moment;
        let person = settings.person(actor);
        Author {
            name: person.map_or(actor.as_str(), |person| person.name.as_str()).to_owned(),
            email: person.map_or("", |person| person.email.as_str()).to_owned(),
            at_unix: now.unix(),
            offset_minutes: settings.zone().offset_minutes(*now),
        }
    }
}
