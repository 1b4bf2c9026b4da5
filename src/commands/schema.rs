//! `csods schema`: what answers, files and errors look like, for programs and editors.

use serde_json::{Value, json};

use crate::context::Context;
use crate::domain::action::ActionKind;
use crate::domain::case::Case;
use crate::domain::export::Exported;
use crate::domain::record::Part;
use crate::domain::schema::{self, DIALECT, For};
use crate::domain::settings::SettingsFile;
use crate::error::{Error, Kind};
use crate::output::export::sqlite;
use crate::output::{Block, Page, Report, Rows};

mod batch;
mod build;
mod caseload;
mod exports;
mod letters;
mod outputs;
mod stores;

pub use outputs::of_command;

/// Prints the JSON Schema of an answer, of a file, or of what a command takes; without a name, which there are
///
/// Answers (draft 2020-12): keys are only ever added, so that a schema of an answer allows those it does not know. Files and what
/// commands take allow no unknown key. `sqlite` is the SQL of the database that `csods export` makes.
///
/// For editors that know YAML: csods schema case > case.schema.json, then map it to `cases/**/*.yaml` in the editor's settings. A
/// file for --from may begin with the line `# yaml-language-server: $schema=answers-decide.schema.json`; a case file holds no
/// comments.
///
/// Example: csods schema case > case.schema.json
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which
    #[arg(value_name = "NAME")]
    name: Option<String>,
}

/// One schema, or which there are.
pub fn run(args: &Args, _: &Context) -> Result<Report, Error> {
    let Some(name) = args.name.as_deref() else { return Ok(all()) };
    if name == SQLITE {
        return Ok(Report::raw(sqlite::schema()));
    }
    let schema = of(name).ok_or_else(|| {
        Error::new(Kind::NotFound, "there is no schema of that name").hint("`csods schema` lists them")
    })?;
    Ok(Report::raw(format!("{schema:#}\n")))
}

const SQLITE: &str = "sqlite";
const LINE: &str = "-line";
/// What may be exported, by what is kept back from it.
const EXPORTED: [(&str, For, &str); 3] = [
    ("exported", For::Output, ", where nothing is kept back"),
    ("exported-redacted", For::Redacted, " with --redact"),
    ("exported-pseudonymised", For::Pseudonymised, " with --pseudonymise"),
];
const ANSWERS: &str = "answers-";

/// Every name, with what it describes.
fn names() -> Vec<(String, String)> {
    let own = |name: &str, about: &str| (name.to_owned(), about.to_owned());
    let mut names = vec![
        own("case", "a case file"),
        own("settings", "csods.toml"),
        own("action", "an action on a case, with its answers"),
    ];
    let answered = ActionKind::ALL.iter().filter(|kind| kind.answers().is_some());
    names.extend(
        answered.map(|kind| (format!("{ANSWERS}{kind}"), format!("what is given to {}", kind.meaning()))),
    );
    names.extend(outputs::ALL.iter().map(|output| own(output.name, output.about)));
    for (name, _, kept_back) in EXPORTED {
        names.push(own(name, &format!("the JSON of `csods export`{kept_back}")));
        names.push(own(&format!("{name}{LINE}"), &format!("a line of its NDJSON{kept_back}")));
    }
    names.push(own(SQLITE, "its database, as SQL"));
    names
}

/// The schema of this name, whole; `None` where there is none.
pub fn of(name: &str) -> Option<Value> {
    let body = match name {
        "case" => schema::of(Case::SHAPE, For::File),
        "settings" => schema::of(SettingsFile::SHAPE, For::File),
        "action" => schema::action(),
        _ if let Some(body) = exported(name) => body,
        _ => match name.strip_prefix(ANSWERS) {
            Some(kind) => schema::of(ActionKind::of(kind)?.answers()?, For::Answers),
            None => outputs::ALL.iter().find(|output| output.name == name)?.schema(),
        },
    };
    let about = names().into_iter().find(|(known, _)| known == name).map(|(_, about)| about);
    let mut whole = json!({"$schema": DIALECT, "title": format!("csods: {}", about.unwrap_or_default())});
    if let (Some(whole), Value::Object(body)) = (whole.as_object_mut(), body) {
        whole.extend(body);
    }
    Some(whole)
}

/// The schema of what is exported under this name.
fn exported(name: &str) -> Option<Value> {
    let (form, is_line) = name.strip_suffix(LINE).map_or((name, false), |form| (form, true));
    let (_, purpose, _) = EXPORTED.iter().find(|(known, ..)| *known == form)?;
    let case = schema::of(Exported::SHAPE, *purpose);
    Some(if is_line { exports::exported_line(case) } else { exports::exported(case) })
}

fn all() -> Report {
    let names = names();
    let header = vec!["schema", "of"];
    let rows: Vec<Vec<String>> =
        names.iter().map(|(name, about)| vec![name.clone(), about.clone()]).collect();
    let one = |(name, about): &(String, String)| json!({"name": name, "about": about});
    let json = json!({"version": 1, "schemas": names.iter().map(one).collect::<Vec<_>>()});
    let page = Page(vec![Block::Table(header.clone(), rows.clone())]);
    Report { rows: Some(Rows { header, rows }), ..Report::new(json, page) }
}
