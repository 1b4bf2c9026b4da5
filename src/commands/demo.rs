//! `csods demo`: example cases, and one application through its whole life.

mod files;
mod story;

use std::path::{Path, PathBuf};

use serde_json::json;

use self::files::FILES;
use self::story::{Done, Story};
use super::batch::key;
use super::init;
use crate::context::Context;
use crate::domain::reference::CROCKFORD;
use crate::domain::scalars::PersonId;
use crate::error::{Error, Kind};
use crate::output::{Block, Page, Report};
use crate::store::SETTINGS;

/// Makes a store of invented cases, and takes one more application through its whole life
///
/// The cases show every stage and every ending. Then each step of one application is done by the person whose work it
/// is, as a commit of its own, and the command that they would type is shown. At the end stands where to look.
///
/// Example: csods demo
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A directory, absent or empty; else a new one among the system's temporary files
    #[arg(value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    dir: Option<PathBuf>,
}

/// The texts of the example cases.
pub fn examples() -> impl Iterator<Item = &'static str> {
    FILES.iter().filter(|(path, _)| path.starts_with(crate::store::CASES)).map(|(_, text)| *text)
}

/// The one who brings in the example cases: a supervisor among the people of the store.
const FOUNDER: (&str, &str, &str) = ("j.ward", "J. Ward", "j.ward@example.org");

/// Makes the store, does the steps, and says where to look.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    let story = Story::read(context.now)?;
    let cases = FILES.iter().filter(|(path, _)| path.starts_with(crate::store::CASES)).count();
    let dir = match &args.dir {
        Some(dir) => context.directory().join(dir),
        None => unused(context)?,
    };
    if context.options.dry_run {
        let line =
            format!("would make a store of {cases} example cases, and do {} steps in it", story.steps.len());
        let json = json!({"version": 1, "action": "demo", "commit": null, "dry_run": true});
        return Ok(Report::new(json, Page::line(line)).say("dry run: nothing was changed"));
    }
    let (id, name, email) = FOUNDER;
    let before = story.begins().plus_seconds(-3_600);
    let with_key = |path: &str, text: &str| match path {
        SETTINGS => key::with_new(text, context),
        _ => Ok(text.to_owned()),
    };
    let files = FILES.iter().map(|(path, text)| Ok(((*path).to_owned(), with_key(path, text)?.into_bytes())));
    let files: Vec<(String, Vec<u8>)> = files.collect::<Result<_, Error>>()?;
    let person = PersonId::new(id).map_err(|_| Error::new(Kind::Internal, "the example names nobody"))?;
    let (store, _) =
        init::make(&context.acting(&dir, email, before), &dir, &files, (&person, name, email), None)?;
    let dir = store.root().to_owned();

    let mut page = Page::default();
    page.heading("AN EXAMPLE STORE");
    page.say(format!("{cases} invented cases at {}, in one commit", dir.display()));
    page.heading("ONE APPLICATION, FROM FIRST CALL TO CLOSURE");
    let mut reference = None;
    let mut steps = Vec::new();
    let mut scene = 0;
    for step in &story.steps {
        let done = step.run(context, &dir, reference.as_deref())?;
        reference = Some(done.reference.clone());
        if let Some(why) = &step.why {
            scene += 1;
            page.heading(format!("{scene}. {why}"));
        }
        told(&mut page, step, &done, context);
        steps.push(done.json);
    }
    let reference = reference.unwrap_or_default();
    let look = where_to_look(&dir, &reference);
    page.heading("WHERE TO LOOK");
    let lines = look.iter().map(|(command, what)| format!("{what}:\n  {command}\n"));
    page.0.push(Block::Verbatim(lines.collect()));
    let commands: Vec<&String> = look.iter().map(|(command, _)| command).collect();
    let json = json!({
        "version": 1, "action": "demo", "store": dir.display().to_string(), "reference": reference, "cases": cases + 1,
        "steps": steps, "look": commands,
    });
    Ok(Report::new(json, page))
}

/// One step on the page: when and who; the command; what it said.
fn told(page: &mut Page, step: &story::Step, done: &Done, context: &Context) {
    page.say(format!("  {}, {}", done.when, step.by));
    let width = context.output().width.saturating_sub(4);
    let mut lines = "  $".to_owned();
    let mut column = lines.len();
    for word in &done.command {
        if column + word.len() + 3 > width {
            lines.push_str(" \\\n     ");
            column = 5;
        }
        lines.push_str(&format!(" {word}"));
        column += word.len() + 1;
    }
    lines.push('\n');
    for line in done.report.talk.iter().chain([&done.report.page.text(width)]).flat_map(|text| text.lines()) {
        lines.push_str(&format!("    {line}\n"));
    }
    page.0.push(Block::Verbatim(lines));
}

/// What a person would look at next.
fn where_to_look(dir: &Path, reference: &str) -> Vec<(String, &'static str)> {
    let dir = dir.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    let dir = if dir.chars().all(plain) { dir } else { format!("'{}'", dir.replace('\'', "'\\''")) };
    let csods = |words: &str| format!("csods --store {dir} {words}");
    vec![
        (csods(&format!("show {reference}")), "the application above, on one screen"),
        (csods(&format!("explain {reference}")), "the arithmetic of its clocks"),
        (csods("list --open"), "the cases that are not closed"),
        (csods("due"), "what is overdue, and what is due this week"),
        (csods(&format!("log {reference}")), "who did what, when"),
        (format!("git -C {dir} log --stat"), "the same as git has it"),
        (
            format!("GIT_AUTHOR_EMAIL=d.osei@example.org {}", csods(&format!("advance {}", to_inform()))),
            "do the next step of a case yourself, as the officer whose case it is",
        ),
    ]
}

/// The example case whose applicant is still to be informed: a step that is quickly done.
fn to_inform() -> &'static str {
    let waits =
        |text: &str| text.contains("\nstage: outcome\n") && text.contains("  outcome: do_not_disclose\n");
    let found = FILES.iter().find(|(_, text)| waits(text)).map_or("", |(path, _)| *path);
    found.rsplit('/').next().and_then(|name| name.strip_suffix(".yaml")).unwrap_or_default()
}

/// A directory among the system's temporary files that is not there yet.
fn unused(context: &Context) -> Result<PathBuf, Error> {
    let mut chance = context.chance();
    for _ in 0..100 {
        let drawn: String =
            (0..6).map(|_| char::from(CROCKFORD[chance.below(32)]).to_ascii_lowercase()).collect();
        let dir = context.temporary().join(format!("csods-demo-{drawn}"));
        if dir.symlink_metadata().is_err() {
            return Ok(dir);
        }
    }
    Err(Error::new(Kind::System, "no free name was found among the temporary files").hint("name a directory"))
}

#[cfg(test)]
mod tests;
