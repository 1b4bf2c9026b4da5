//! `csods init`: makes a new store.

use std::path::PathBuf;

use serde_json::json;

use super::batch::key;
use crate::commands::commit_text::signed;
use crate::context::Context;
use crate::domain::record::OLDEST_FORMAT;
use crate::domain::reference::is_prefix;
use crate::domain::scalars::{Line, PersonId};
use crate::domain::settings::{DEFAULT, Role};
use crate::domain::time::Zone;
use crate::domain::workflow::Moment;
use crate::error::{Error, Kind};
use crate::output::{Page, Report};
use crate::store::{Author, Group, SETTINGS, Store, files};

/// The shipped bank holidays of England and Wales (C7).
pub const CALENDAR: &str = include_str!("../../cases.example/calendars/england-and-wales.toml");

/// Where the shipped calendar stands in a store.
pub const CALENDAR_PATH: &str = "calendars/england-and-wales.toml";

/// Makes a new store: settings, calendar, first commit
///
/// Whoever makes it is its first person, with every role, under the part of their e-mail address before the @.
///
/// Example: csods init cases --force "Example Police" --prefix EX
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The directory, absent or empty
    #[arg(value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    dir: PathBuf,
    /// The force's name
    #[arg(long, value_name = "NAME")]
    force: String,
    /// What references begin with: one to six capital letters or digits, a letter first
    #[arg(long, value_name = "PREFIX")]
    prefix: String,
    /// Share it with the accounts of a group, given by name or number
    ///
    /// Every member can then use and change it as you can. Without it the store is for your account alone.
    #[arg(long, value_name = "GROUP")]
    shared: Option<String>,
}

/// Makes the store.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    let email = context.email(None)?;
    let (id, name) = first_person(&email, context.author_name(None))?;
    let text = settings_text(&args.force, &args.prefix, Some((&id, &name, &email)))?;
    let text = key::with_new(&text, context)?;
    let dir = context.directory().join(&args.dir);
    let group = args.shared.as_deref().map(Group::find).transpose()?;
    if context.options.dry_run {
        return Ok(Report::new(
            json!({"version": 1, "action": "init", "commit": null, "dry_run": true}),
            Page::line(text),
        )
        .say("dry run: nothing was changed"));
    }
    let files =
        [(SETTINGS.to_owned(), text.into_bytes()), (CALENDAR_PATH.to_owned(), CALENDAR.as_bytes().to_vec())];
    let (store, commit) = make(context, &dir, &files, (&id, &name, &email), group)?;
    let json = json!({
        "version": 1, "action": "init", "store": store.root().display().to_string(), "commit": commit, "person": id.as_str(),
        "actor": id.as_str(), "shared": group.map(|group| group.to_string()),
    });
    let mut page = Page::line(format!("a new store for {} at {}", args.force, store.root().display()));
    page.say(format!("you are {id} in it, with every role; add the others with `csods person add`"));
    match group {
        None => page.say("nobody but your account can read it; `csods doctor` says how to share it"),
        Some(group) => page.say(format!("the accounts of group {group} can read and change it")),
    }
    page.say("next: csods new");
    Ok(Report::new(json, page))
}

/// Makes a store of these files, in one commit by this person.
pub fn make(
    context: &Context,
    dir: &std::path::Path,
    files: &[(String, Vec<u8>)],
    (id, name, email): (&PersonId, &str, &str),
    group: Option<Group>,
) -> Result<(Store, String), Error> {
    let trailers = vec![("Action", "init".to_owned())];
    let subject = "csods: init".to_owned();
    let text = signed(context, subject, trailers, id.as_str(), Role::Supervisor.word(), OLDEST_FORMAT);
    let now = context.entering(&Moment { now: context.now, actor: id.clone() })?.now;
    let author = Author {
        name: name.to_owned(),
        email: email.to_owned(),
        at_unix: now.unix(),
        offset_minutes: Zone::LONDON.offset_minutes(now),
    };
    let (store, commit) = match group {
        None => Store::init(dir, files, &text, &author)?,
        Some(group) => Store::init_shared(dir, files, &text, &author, group)?,
    };
    Ok((store, commit.to_string()))
}

/// The id and name of whoever makes a store.
fn first_person(email: &str, name: Option<String>) -> Result<(PersonId, String), Error> {
    let before = email.split('@').next().unwrap_or_default().to_lowercase();
    let id = PersonId::new(before).map_err(|_| {
        Error::new(Kind::Usage, "your e-mail address cannot be made into an id").hint(
            "set GIT_AUTHOR_EMAIL to one whose part before the @ is letters, digits, `.`, `_`, `+`, `-`",
        )
    })?;
    let name = name.unwrap_or_else(|| id.as_str().to_owned());
    Ok((id, name))
}

/// The settings of a new store, checked.
pub fn settings_text(
    force: &str,
    prefix: &str,
    person: Option<(&PersonId, &str, &str)>,
) -> Result<String, Error> {
    if !is_prefix(prefix) {
        return Err(Error::new(Kind::Usage, "the prefix cannot begin references")
            .hint("one to six capital letters or digits, a letter first: KP"));
    }
    if Line::new(force).is_err() {
        return Err(Error::new(Kind::Usage, "the force's name must be one line that is not blank"));
    }
    let people = person.map(|(id, name, email)| {
        let roles: Vec<String> = Role::ALL.iter().map(|role| format!("\"{role}\"")).collect();
        let (id, name, email) = (quoted(id.as_str()), quoted(name), quoted(email));
        format!("[people.{id}]\nname = {name}\nemail = {email}\nroles = [{}]\n", roles.join(", "))
    });
    let text = DEFAULT
        .replace("\"@NAME@\"", &quoted(force))
        .replace("@PREFIX@", prefix)
        .replace("@PEOPLE@\n", &people.unwrap_or_default());
    match files::read_settings(text.as_bytes()) {
        Ok(_) => Ok(text),
        Err(findings) => Err(files::damaged(SETTINGS, &findings)),
    }
}

/// A TOML string.
fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string().trim().to_owned()
}
