//! `csods doctor`: who may use the store, what is wrong with its files, and putting it right.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::batch::key;
use crate::context::{Context, Office};
use crate::error::{Error, Kind};
use crate::output::{Block, Page, Report};
use crate::store::{Fault, Group, Survey};

/// Says who may read and change the store, and what is wrong with the rights of its files
///
/// The mode of the store's directory decides: who may read or write it may read or write everything in it. With --fix,
/// the files are given these rights, after saying what will be done, and a change that a crash cut off is finished or
/// discarded. Only the owner of a file can change its rights: in a shared store each member may have to run it.
///
/// Example: csods doctor --fix --shared ppu
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Put right what can be
    #[arg(long)]
    fix: bool,
    /// Share the store with the accounts of a group, given by name or number; needs --fix, or --dry-run to see
    #[arg(long, value_name = "GROUP")]
    shared: Option<String>,
}

/// Looks, and mends where that is asked for.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    let group = args.shared.as_deref().map(Group::find).transpose()?;
    let fix = args.fix && !context.options.dry_run;
    if group.is_some() && !fix && !context.options.dry_run {
        return Err(Error::new(Kind::Usage, "--shared alone changes nothing")
            .hint("add --fix to share the store, or --dry-run to see what that would do"));
    }
    let mut survey = context.survey()?;
    if let Some(group) = group.filter(|group| survey.shared != Some(*group)) {
        if fix {
            let dir = survey.root.display().to_string();
            context
                .output()
                .say(&[format!("will give {dir} to group {group}, who can then read and change it")]);
            survey = survey.share(group)?;
        } else {
            survey = survey.as_if_shared(group)?;
        }
    }
    let mut fixed = 0;
    if fix {
        let before = survey.found.len();
        let plan = summary(&survey).into_iter().filter_map(|(fault, (count, first))| {
            Some(format!("will {}: {}", fault.mended()?, places(count, &first)))
        });
        context.output().say(&plan.collect::<Vec<_>>());
        survey = survey.put_right()?;
        fixed = before.saturating_sub(survey.found.len());
    }
    let mut warnings = Vec::new();
    if survey.readable_outside {
        warnings.push(outside());
    }
    // A store whose files are not to be trusted cannot be opened: that says enough.
    if let Ok(store) = context.store() {
        if let Some(what) = store.rewritten()? {
            warnings.push(format!("{what}: git shows another history than the one that was recorded"));
        }
        if fix {
            store.recover_if_needed()?;
        }
        if store.cut_off()? {
            warnings
                .push("a change was cut off: the next change, or --fix, finishes or discards it".to_owned());
        }
        match context.office() {
            Ok(office) => warnings.extend(key_of_marks(context, &office, fix)?),
            // `csods settings check` and `csods validate` say what is wrong with it.
            Err(error) => warnings.push(error.to_string()),
        }
    }
    Ok(report(&survey, &warnings, fixed, args.fix))
}

/// Gives a store the key of the marks in `applied/`, where it is an older one that has none. Returns what is to be said of
/// it.
fn key_of_marks(context: &Context, office: &Office, fix: bool) -> Result<Option<String>, Error> {
    if office.settings.applied.is_some() {
        return Ok(None);
    }
    if !fix {
        return Ok(Some(
            "the marks in applied/ have no key, so that the id of a line can be found by trying: \
             `csods doctor --fix`, by a person who may change the settings, makes one"
                .to_owned(),
        ));
    }
    match key::give(context, office) {
        Ok(made) => {
            if made.is_some() {
                let said = "made a key for the marks in applied/".to_owned();
                let actor = context.moment(office)?.actor;
                context.output().say(&[said, format!("recorded as {actor}")]);
            }
            Ok(None)
        }
        Err(error) if matches!(error.kind, Kind::NotPermitted | Kind::Damaged | Kind::Conflict) => {
            Ok(Some(format!("the marks in applied/ have no key, and it could not be made: {error}")))
        }
        Err(error) => Err(error),
    }
}

/// What is said where accounts outside can read the store (G2).
pub fn outside() -> String {
    "every account on this machine can read this store: `chmod o-rwx` on its directory closes it".to_owned()
}

/// Each kind of fault: how often, and where first.
fn summary(survey: &Survey) -> BTreeMap<Fault, (usize, String)> {
    let mut summary: BTreeMap<Fault, (usize, String)> = BTreeMap::new();
    for found in &survey.found {
        let path = match found.path.as_os_str().is_empty() {
            true => ".".to_owned(),
            false => found.path.display().to_string(),
        };
        summary.entry(found.fault).or_insert((0, path)).0 += 1;
    }
    summary
}

fn places(count: usize, first: &str) -> String {
    match count {
        1 => first.to_owned(),
        _ => format!("{first} and {} more", count - 1),
    }
}

fn report(survey: &Survey, warnings: &[String], fixed: usize, fix: bool) -> Report {
    let mut page = Page::default();
    page.say(format!("{} belongs to {}", survey.root.display(), survey.owner));
    match &survey.shared {
        Some(group) => page.say(format!("shared: the accounts of group {group} can read and change it")),
        None => page.say("not shared: only that account can change it"),
    }
    let summary = summary(survey);
    let problems: Vec<Value> = summary
        .iter()
        .map(|(fault, (count, first))| {
            json!({
                "kind": fault.word(), "problem": fault.meaning(), "count": count, "first": first, "fix": fault.mended(),
            })
        })
        .collect();
    if summary.is_empty() {
        page.say("every file has the rights that it should have");
    } else {
        let row = |(fault, (count, first)): (&Fault, &(usize, String))| {
            let what = match (fault.mended(), fix) {
                (None, _) => "see what it is; a person has to decide",
                (Some(_), true) => "its owner has to run `csods doctor --fix`",
                (Some(mended), false) => mended,
            };
            vec![places(*count, first), fault.meaning().to_owned(), what.to_owned()]
        };
        page.0.push(Block::Table(vec!["file", "problem", "to do"], summary.iter().map(row).collect()));
        if !fix && summary.keys().any(|fault| fault.mended().is_some()) {
            page.say("`csods doctor --fix` does it");
        }
    }
    warnings.iter().for_each(|warning| page.say(format!("warning: {warning}")));
    if fixed > 0 {
        page.say(format!("put right: {fixed}"));
    }
    let json = json!({
        "version": 1,
        "store": survey.root.display().to_string(),
        "owner": survey.owner,
        "shared": survey.shared.map(|group| group.to_string()),
        "problems": problems,
        "warnings": warnings,
        "fixed": fixed,
    });
    Report { found: !summary.is_empty(), ..Report::new(json, page) }
}
