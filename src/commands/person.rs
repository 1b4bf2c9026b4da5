//! `csods person`: who works in the unit (R3).

use serde_json::json;
use toml_edit::{Array, DocumentMut, Item, Table, value};

use super::change::holder;
use super::show::choices;
use crate::commands::commit_text::About;
use crate::commands::hooks;
use crate::context::{Context, Office};
use crate::domain::action::ActionKind;
use crate::domain::scalars::PersonId;
use crate::domain::settings::{Role, Settings, is_email};
use crate::domain::workflow::{Moment, may_begin};
use crate::error::{Error, Kind};
use crate::output::{Block, Page, Report, Rows};
use crate::store::{Change, SETTINGS, files};

/// Keeps the list of the people of the unit (R3)
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Adds a person, or gives one who is there another name, address or roles
    Add(Add),
    /// Shows everybody, also those who act no more
    List,
    /// From today a person acts no more; never removed, because history names them
    End {
        /// Who
        #[arg(value_name = "ID", add = super::complete::person())]
        id: String,
    },
}

#[derive(Debug, clap::Args)]
struct Add {
    /// A short id, such as d.osei: lower-case letters, digits, `.`, `_`, `+`, `-`
    #[arg(value_name = "ID")]
    id: String,
    /// The name
    #[arg(long, value_name = "NAME")]
    name: String,
    /// The e-mail address, as git knows it
    #[arg(long, value_name = "ADDRESS")]
    email: String,
    /// What they may do; may be given several times
    #[arg(long, value_name = "ROLE", required_unless_present = "archive", num_args = 1.., value_parser = choices(Role::WORDS))]
    role: Vec<String>,
    /// Stands for the people of another system: named only by records of cases that it had closed, and may do nothing (R6)
    #[arg(long, conflicts_with = "role")]
    archive: bool,
}

impl Args {
    /// Whether nobody is added or ended.
    pub fn only_lists(&self) -> bool {
        matches!(self.what, What::List)
    }
}

/// Lists, adds or ends.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    let office = context.office()?;
    match &args.what {
        What::List => Ok(list(&office)),
        What::Add(add) => {
            let id = checked_id(&add.id)?;
            if !is_email(&add.email) {
                return Err(Error::new(Kind::Usage, "that is no e-mail address"));
            }
            write(context, &office, &id, |person| {
                person["name"] = value(add.name.as_str());
                person["email"] = value(add.email.as_str());
                if add.archive {
                    person["archive"] = value(true);
                    person.remove("roles");
                } else {
                    person["roles"] = value(add.role.iter().collect::<Array>());
                    person.remove("archive");
                }
                person.remove("ended");
            })
        }
        What::End { id } => {
            let id = checked_id(id)?;
            if office.settings.person(&id).is_none() {
                return Err(Error::new(Kind::NotFound, format!("{id} is no person of this store"))
                    .hint("`csods person list` shows them"));
            }
            let today = office.settings.zone().day(context.now).to_string();
            write(context, &office, &id, |person| {
                if let Ok(day) = today.parse::<toml_edit::Datetime>() {
                    person["ended"] = value(day);
                }
            })
        }
    }
}

fn checked_id(text: &str) -> Result<PersonId, Error> {
    PersonId::new(text).map_err(|what| Error::new(Kind::Usage, format!("the id {what}")))
}

fn list(office: &Office) -> Report {
    let people: Vec<_> = office.settings.people.iter().collect();
    let roles = |roles: &[Role]| roles.iter().map(|role| role.word()).collect::<Vec<_>>();
    let cells: Vec<Vec<String>> = people
        .iter()
        .map(|(id, person)| {
            let ended = person.ended.map(|day| format!("ended {day}")).unwrap_or_default();
            let (name, email) = (person.name.to_string(), person.email.to_string());
            let roles =
                if person.is_archive() { "archive".to_owned() } else { roles(&person.roles).join(", ") };
            vec![(*id).to_owned(), name, email, roles, ended]
        })
        .collect();
    let object = |(id, person): &(&str, &crate::domain::settings::OfficePerson)| {
        json!({
            "id": id, "name": person.name.as_str(), "email": person.email.as_str(),
            "roles": roles(&person.roles), "archive": person.is_archive(), "ended": person.ended.map(|day| day.to_string()),
        })
    };
    let json = json!({"version": 1, "people": people.iter().map(object).collect::<Vec<_>>()});
    let header = vec!["id", "name", "email", "roles", "ended"];
    let page = Page(vec![Block::Table(header.clone(), cells.clone())]);
    Report { rows: Some(Rows { header, rows: cells }), ..Report::new(json, page) }
}

/// Changes one person in the settings, whose comments and order stay as they are, and commits that.
fn write(
    context: &Context,
    office: &Office,
    id: &PersonId,
    change_person: impl Fn(&mut Table),
) -> Result<Report, Error> {
    let moment = context.moment(office)?;
    let kind = ActionKind::Person;
    may_begin(None, kind, &moment.actor, &office.settings).map_err(|refusal| refusal.into_error(kind))?;
    office.store.change_made(context.options.wait, &holder(&moment, kind), |change| {
        let moment = context.entering(&moment)?;
        written(context, office, &moment, id, &change_person, change)
    })
}

fn written(
    context: &Context,
    office: &Office,
    moment: &Moment,
    id: &PersonId,
    change_person: &impl Fn(&mut Table),
    mut change: Change<'_>,
) -> Result<Report, Error> {
    let kind = ActionKind::Person;
    let text = change.head().read(SETTINGS)?.unwrap_or_default();
    let text = String::from_utf8_lossy(&text).into_owned();
    let mut document: DocumentMut = text.parse().map_err(|_| {
        Error::new(Kind::Damaged, "csods.toml cannot be read").hint("`csods settings check` says why")
    })?;
    let people = document.entry("people").or_insert_with(|| {
        let mut people = Table::new();
        people.set_implicit(true);
        Item::Table(people)
    });
    if let Some(people) = people.as_table_mut() {
        let person = people.entry(id.as_str()).or_insert_with(|| Item::Table(Table::new()));
        if let Some(person) = person.as_table_mut() {
            change_person(person);
        }
    }
    let new = document.to_string();
    let file = files::read_settings(new.as_bytes()).map_err(|findings| {
        let problems = findings.into_iter().map(|finding| finding.problem).collect();
        Error::new(Kind::Answers, "the person cannot be kept so")
            .hint("nothing was changed")
            .problems(problems)
    })?;
    let after = Settings { file, calendars: Vec::new() };
    let permitted = after.permitted(kind);
    let somebody_left = after.people.iter().any(|(_, person)| {
        person.ended.is_none() && permitted.iter().any(|role| person.roles.contains(role))
    });
    if !somebody_left {
        return Err(Error::new(Kind::Refused, "nobody would be left who may keep the list of people (R3)")
            .hint("give somebody else that role first; nothing was changed"));
    }
    let json = |commit: Option<String>| json!({"version": 1, "action": kind.word(), "person": id.as_str(), "commit": commit});
    if context.options.dry_run {
        let diff = similar::TextDiff::from_lines(&text, &new);
        let diff = diff.unified_diff().header("a/csods.toml", "b/csods.toml").to_string();
        return Ok(
            Report::new(json(None), Page(vec![Block::Verbatim(diff)])).say("dry run: nothing was changed")
        );
    }
    change.put(SETTINGS, new.into_bytes());
    let text = About::store(kind).text(context, moment, &office.settings);
    let commit = change.commit(&text, &context.author(moment, &office.settings))?;
    let page = Page::line(format!("{id}: recorded; `csods person list` shows everybody"));
    let told = hooks::told(office, moment, vec![hooks::of_no_case(kind, commit)]);
    Ok(Report { told: Some(told), ..Report::new(json(Some(commit.to_string())), page) })
}
