//! `csods import`: the cases of another system, from a table or a file of forms.

mod known;
mod plan;
mod suggest;
mod told;

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Command, FromArgMatches};

use super::answers::keys_help;
use super::change::holder;
use super::hooks;
use crate::commands::commit_text::About;
use crate::context::{Context, Office};
use crate::domain::action::ActionKind;
use crate::domain::history::{self, Named};
use crate::domain::importing::Importing;
use crate::domain::mapping::Mapping;
use crate::domain::record::{Part, Problem};
use crate::domain::workflow::{self, Moment};
use crate::error::{Error, Kind};
use crate::output::Report;
use crate::store::rows::{self, Given, Table, Wanted};
use crate::store::{Change, files};

use plan::Plan;

/// Imports the cases of another system: CSV, XLSX, or the JSON of an online form
///
/// A mapping in TOML says which column is which key of a case, what words and dates mean, and which columns are left
/// out on purpose; `--suggest` writes a first one. Every row that cannot be taken is named with its column and reason,
/// and one of them stops the whole import, unless --accept-rest is given. All cases come in with one commit.
///
/// What the old system recorded in full (a screening, a check, a decision) stands under the keys of the case file and is
/// held to the rules. Of what it knew less, `imported.stage`, `imported.outcome` and the moments under `imported` keep
/// what it said. A case that was closed there needs nothing more than `closure` (S2).
///
/// Everybody whom a record names must hold a role that may do it. Records of a case that was closed there may name a person
/// added by `csods person add --archive`, who stands for the people of the old system (R6). The decision of an open case
/// is neither by the person who imports it nor imported by an author of its assessment (R4).
///
/// Exit codes: 6 where rows were rejected and nothing was imported, 11 where the others were taken.
///
/// Example: csods import register.csv --mapping register.toml --dry-run
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,
    /// The mapping, in TOML
    #[arg(long, value_name = "MAP.toml", value_hint = clap::ValueHint::FilePath)]
    #[arg(required_unless_present = "suggest", conflicts_with = "suggest")]
    mapping: Option<PathBuf>,
    /// Write a first mapping for the file instead of importing it
    #[arg(long)]
    suggest: bool,
    /// Where to write the mapping; standard output where left out
    #[arg(long, value_name = "MAP.toml", requires = "suggest", value_hint = clap::ValueHint::FilePath)]
    output: Option<PathBuf>,
    /// Which sheet of a spreadsheet; else what the mapping says, else the first
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// Take the rows that can be taken, and report the others
    #[arg(long)]
    accept_rest: bool,
    /// Write the rejected rows to a new file, readable by you alone, to be mended and imported again
    #[arg(long, value_name = "FILE.csv", value_hint = clap::ValueHint::FilePath)]
    rejects: Option<PathBuf>,
    /// Pass over rows whose former reference a case of the store has
    #[arg(long)]
    skip_known: bool,
    #[command(flatten)]
    keys: Keys,
}

/// The list of keys at the end of the help.
#[derive(Debug)]
struct Keys;

impl clap::Args for Keys {
    fn augment_args(command: Command) -> Command {
        command.after_long_help(keys_help("Keys of a case, for `to` and [constants]", Some(Importing::SHAPE)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Keys {
    fn from_arg_matches(_: &ArgMatches) -> Result<Self, clap::Error> {
        Ok(Keys)
    }

    fn update_from_arg_matches(&mut self, _: &ArgMatches) -> Result<(), clap::Error> {
        Ok(())
    }
}

/// A table that is to be imported, with how it is understood.
struct Work<'w> {
    context: &'w Context,
    office: &'w Office,
    moment: &'w Moment,
    args: &'w Args,
    mapping: &'w Mapping,
    table: &'w Table,
    /// The name of the file, as far as it can stand in history.
    name: Option<String>,
    sha256: &'w str,
}

/// Suggests a mapping, or imports.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    let given = Given::read(&args.file)?;
    let Some(path) = &args.mapping else {
        return suggest::run(args, &given);
    };
    let office = context.office()?;
    let moment = context.moment(&office)?;
    let kind = ActionKind::Import;
    workflow::may_begin(None, kind, &moment.actor, &office.settings)
        .map_err(|refusal| refusal.into_error(kind))?;
    let mapping = mapping(path)?;
    let mut wanted = Wanted::of(&mapping);
    wanted.sheet = args.sheet.clone().or(wanted.sheet);
    let table = given.table(&wanted)?;
    let unfit = mapping.fits(&table.headings, table.sparse);
    if !unfit.is_empty() {
        return Err(Error::new(Kind::Answers, "the mapping does not fit the columns of the file")
            .hint("map each column under [columns], or name it in `ignored`; nothing was changed")
            .problems(unfit));
    }
    let name = args.file.file_name().and_then(|name| name.to_str()).map(str::to_owned);
    // The table holds all that was in it.
    let sha256 = given.sha256.clone();
    drop(given);
    let (mapping, table, sha256) = (&mapping, &table, sha256.as_str());
    let work = Work { context, office: &office, moment: &moment, args, mapping, table, name, sha256 };
    import(&work)
}

fn mapping(path: &Path) -> Result<Mapping, Error> {
    let bytes = files::named(path, "the mapping").map_err(|error| match error.kind {
        Kind::NotFound => error.hint("`csods import FILE --suggest` writes a first one; nothing was changed"),
        _ => error,
    })?;
    files::read_mapping(&bytes).map_err(|findings| {
        let shown = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let error = files::damaged(&shown, &findings);
        Error { kind: Kind::Answers, message: "the mapping cannot be used".to_owned(), ..error }
            .hint("mend the mapping; nothing was changed")
    })
}

/// Plans the import on what the store held when the command began, and makes it if that has not changed; else it plans
/// again, while nobody else can change anything.
fn import(work: &Work<'_>) -> Result<Report, Error> {
    let (context, kind) = (work.context, ActionKind::Import);
    let mut plan = Plan::of(work, &work.office.head, &work.office.settings)?;
    rejected(work, &plan)?;
    if plan.ready.is_empty() || context.options.dry_run {
        return Ok(told::report(work, &plan, None));
    }
    let holder = holder(work.moment, kind);
    work.office.store.change_made(context.options.wait, &holder, |change| imported(work, &mut plan, change))
}

/// Puts what was planned into a change and commits it; plans again where the store is no more what it was planned on.
fn imported(work: &Work<'_>, plan: &mut Plan, mut change: Change<'_>) -> Result<Report, Error> {
    let (context, kind) = (work.context, ActionKind::Import);
    let settings = work.office.settings_at(change.head())?;
    if change.head().commit() != work.office.head.commit() {
        *plan = Plan::of(work, change.head(), &settings)?;
        refused(work, plan)?;
    }
    let format = plan.write(work, &settings, &mut change)?;
    let mut about = About::store(kind);
    let digest = format!("sha256:{}", work.sha256);
    let source = plan.source.as_ref().map_or(digest.clone(), |name| format!("{name} {digest}"));
    about.trailer("Source", source);
    about.trailer("Cases", plan.ready.len().to_string());
    let imported = Named { kind, item: Some(history::IMPORTED.into()) };
    plan.ready.iter().for_each(|ready| about.named(&ready.reference, &imported));
    about.file(format);
    let moment = &context.entering(work.moment)?;
    let text = about.text(context, moment, &settings);
    let commit = change.commit(&text, &context.author(moment, &settings))?;
    let mut report = told::report(work, plan, Some(&commit.to_string()));
    report.told = Some(hooks::told(work.office, work.moment, told::changes(plan, commit)));
    Ok(report)
}

/// Writes the rejected rows where they are wanted, and refuses where they are not accepted.
fn rejected(work: &Work<'_>, plan: &Plan) -> Result<(), Error> {
    let written = !plan.rejected.is_empty() && !work.context.options.dry_run;
    if let Some(path) = work.args.rejects.as_ref().filter(|_| written) {
        let why =
            |troubles: &[Problem]| troubles.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        let rows: Vec<_> = plan
            .rejected
            .iter()
            .map(|rejected| (&work.table.rows[rejected.row], why(&rejected.problems(work.table, false))))
            .collect();
        new_file(path, &rows::rejected(&work.table.headings, &rows))?;
    }
    refused(work, plan)
}

fn refused(work: &Work<'_>, plan: &Plan) -> Result<(), Error> {
    if plan.rejected.is_empty() || work.args.accept_rest {
        return Ok(());
    }
    let (bad, all) = (plan.rejected.len(), work.table.rows.len());
    let problems = plan.rejected.iter().flat_map(|rejected| rejected.problems(work.table, true));
    Err(Error::new(Kind::Answers, format!("{bad} of {all} rows cannot be imported"))
        .hint(
            "mend the rows or the mapping; --accept-rest takes the other rows, and --rejects FILE writes out \
             these; nothing was changed",
        )
        .problems(problems.collect()))
}

/// Writes a file that was not there before, for this user alone.
fn new_file(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let mut file = opened.map_err(|error| {
        let hint = match error.kind() {
            std::io::ErrorKind::AlreadyExists => "name a file that does not exist yet; nothing was changed",
            _ => "name a file in a directory that you may write to; nothing was changed",
        };
        Error::new(Kind::System, format!("the file could not be written: {}", crate::error::words(&error)))
            .hint(hint)
    })?;
    Ok(file.write_all(bytes).and_then(|()| file.sync_all())?)
}
