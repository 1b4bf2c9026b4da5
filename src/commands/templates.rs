//! `csods templates`: which letters there are, what each may say, and a force's own words for them.

use serde_json::{Value, json};

use super::change::{holder, unified};
use super::demo;
use super::hooks;
use super::letter::making::{Template, template};
use super::show::choices;
use crate::commands::commit_text::About;
use crate::context::{Context, Office};
use crate::domain::action::ActionKind;
use crate::domain::case::{Case, LetterKind};
use crate::domain::letter::engine::{self, Fault};
use crate::domain::letter::facts::Ground;
use crate::domain::letter::{addressee, guards, made};
use crate::domain::scalars::Name;
use crate::domain::settings::Settings;
use crate::domain::workflow::{Moment, may_begin};
use crate::error::{Error, Kind};
use crate::output::{Block, Page, Report, Rows};
use crate::store::{Change, Snapshot, files};

/// Shows and checks the templates of letters, and copies one into the store to change
///
/// A store's own templates stand in templates/KIND.md, in another language in templates/KIND.cy.md. Whatever they say,
/// a letter sees only the facts that its kind may use (O2, O3).
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Which kinds there are, for whom, and whose words they use
    List,
    /// The template of a kind, and the facts that it may use
    Show(Which),
    /// Every problem of every template, built-in or changed, against example cases of every stage (exit code 11)
    Check,
    /// Copies the template of a kind into the store, to be changed there
    Eject(Which),
}

#[derive(Debug, clap::Args)]
struct Which {
    /// Which kind
    #[arg(value_name = "KIND", value_parser = choices(LetterKind::WORDS))]
    kind: String,
    /// In this language
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    language: Name,
}

impl Args {
    /// Whether it only lists the kinds: that answer has rows.
    pub fn only_lists(&self) -> bool {
        matches!(self.what, What::List)
    }
}

/// Lists, shows, checks or copies.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    let office = context.office()?;
    match &args.what {
        What::List => list(&office.head),
        What::Show(which) => show(&office.head, which),
        What::Check => check(&office),
        What::Eject(which) => eject(which, context, &office),
    }
}

impl Which {
    fn kind(&self) -> Result<LetterKind, Error> {
        LetterKind::of(&self.kind)
            .ok_or_else(|| Error::new(Kind::NotFound, "there is no such kind of letter"))
    }
}

/// The templates of a commit: the built-in ones, and those that the force has changed.
fn every(head: &Snapshot) -> Result<Vec<(LetterKind, Template)>, Error> {
    let mut found = Vec::new();
    for &kind in LetterKind::ALL {
        found.push((kind, template(head, kind, "en")?));
    }
    for name in head.names_in("templates")? {
        if let Some((kind, language)) = translated(&name) {
            found.push((kind, template(head, kind, language)?));
        }
    }
    found.sort_by(|a, b| (a.0, &a.1.path).cmp(&(b.0, &b.1.path)));
    Ok(found)
}

/// The kind and language of `acknowledgement.cy.md`.
fn translated(name: &str) -> Option<(LetterKind, &str)> {
    let (kind, language) = name.strip_suffix(".md")?.split_once('.')?;
    Some((LetterKind::of(kind)?, Name::new(language).is_ok().then_some(language)?))
}

fn list(head: &Snapshot) -> Result<Report, Error> {
    let templates = every(head)?;
    let header = vec!["kind", "for", "sent", "words", "about"];
    let mut rows = Vec::new();
    let mut kinds: Vec<Value> = Vec::new();
    for &kind in LetterKind::ALL {
        let own = templates.iter().filter(|(of, template)| *of == kind && template.is_changed);
        let own: Vec<&str> = own.map(|(_, template)| template.path.as_str()).collect();
        let words = if own.is_empty() { "built-in".to_owned() } else { own.join(", ") };
        let methods: Vec<&str> = kind.methods().iter().map(|method| method.word()).collect();
        let sent = if kind.is_sent() { methods.join(", ") } else { "never".to_owned() };
        let audience = kind.audience().meaning();
        kinds.push(json!({
            "kind": kind.word(), "for": audience, "is_sent": kind.is_sent(), "methods": methods, "changed": own,
            "about": kind.meaning(),
        }));
        rows.push(vec![kind.word().to_owned(), audience.to_owned(), sent, words, kind.meaning().to_owned()]);
    }
    let page = Page(vec![Block::Table(header.clone(), rows.clone())]);
    let json = json!({"version": 1, "templates": kinds});
    Ok(Report { rows: Some(Rows { header, rows }), ..Report::new(json, page) })
}

fn show(head: &Snapshot, which: &Which) -> Result<Report, Error> {
    let kind = which.kind()?;
    let template = template(head, kind, which.language.as_str())?;
    let facts: Vec<(&str, &str)> = engine::facts(kind).collect();
    let mut page = Page::default();
    page.heading(format!("{kind}, for {}: {}", kind.audience().meaning(), template.origin));
    let rows = facts.iter().map(|(name, what)| vec![(*name).to_owned(), (*what).to_owned()]).collect();
    page.0.push(Block::Table(vec!["fact", "what it is"], rows));
    page.heading("TEMPLATE");
    page.0.push(Block::Verbatim(template.source.clone()));
    let facts: Vec<Value> = facts.iter().map(|(name, what)| json!({"name": name, "about": what})).collect();
    let json = json!({
        "version": 1, "kind": kind.word(), "language": template.language, "template": template.origin, "facts": facts,
        "source": template.source,
    });
    Ok(Report::new(json, page))
}

/// Every problem of one template: by itself, and on every example case of which such a letter can be made.
pub fn problems(kind: LetterKind, source: &str, language: &str, settings: &Settings) -> Vec<Fault> {
    let mut faults = engine::check(kind, source);
    if !faults.is_empty() {
        return faults;
    }
    for case in examples() {
        if !guards::conditions(kind, &case).is_empty() {
            continue;
        }
        let recipients = case.decision.iter().flat_map(|decision| &decision.recipients);
        let mut to: Vec<Option<Name>> =
            recipients.filter_map(|of| Name::new(of.id.as_str()).ok()).map(Some).collect();
        let agency = settings.agencies.known.first().filter(|_| kind == LetterKind::AgencyRequest);
        to.extend([agency.cloned()]);
        for to in to {
            let Ok(to) = addressee::addressee(kind, &case, to.as_ref(), settings) else { continue };
            let at = case.received.at.0.plus_seconds(86_400 * 60);
            let ground = Ground { case: &case, settings, at, to: to.as_ref(), language };
            // Nobody asked, so there is nobody to write to (T2).
            if to.is_some() && ground.name().is_none() {
                continue;
            }
            faults.extend(made::make(kind, source, &ground, kind.methods()[0]).err().into_iter().flatten());
        }
    }
    faults.sort_by_key(|fault| (fault.line, fault.wrong.to_string()));
    faults.dedup();
    faults
}

/// The example cases that are built in: they show every stage and every ending.
fn examples() -> impl Iterator<Item = Case> {
    demo::examples().filter_map(|text| files::read_case(text.as_bytes()).ok())
}

fn check(office: &Office) -> Result<Report, Error> {
    let (head, settings) = (&office.head, &office.settings);
    let mut page = Page::default();
    let mut found: Vec<Value> = Vec::new();
    let mut report = |file: &str, line: usize, what: &str| {
        page.say(format!("{file}:{line}: {what}"));
        found.push(json!({"file": file, "line": line, "problem": what}));
    };
    let templates = every(head)?;
    for (kind, template) in &templates {
        for fault in problems(*kind, &template.source, &template.language, settings) {
            report(&template.path, fault.line, &fault.wrong.to_string());
        }
    }
    for name in head.names_in("templates")? {
        if !is_template(&name) {
            report(&format!("templates/{name}"), 1, NO_TEMPLATE);
        }
    }
    let summary = format!(
        "{} template(s): {}",
        templates.len(),
        match found.len() {
            0 => "no problem".to_owned(),
            problems => format!("{problems} problem(s)"),
        }
    );
    let json = json!({"version": 1, "templates": templates.len(), "problems": found});
    Ok(Report { found: !found.is_empty(), ..Report::new(json, page) }.say(summary))
}

/// Said of a file among the templates that is none.
pub const NO_TEMPLATE: &str = "is the template of no kind of letter: KIND.md, or KIND.LANGUAGE.md";

/// Whether a file of this name can be a template.
pub fn is_template(name: &str) -> bool {
    kind_of(name).is_some()
}

/// The kind and language of the template in a file of this name.
pub fn kind_of(name: &str) -> Option<(LetterKind, &str)> {
    let english = || Some((LetterKind::of(name.strip_suffix(".md")?)?, "en"));
    translated(name).or_else(english)
}

fn eject(which: &Which, context: &Context, office: &Office) -> Result<Report, Error> {
    let moment = context.moment(office)?;
    let action = ActionKind::Settings;
    may_begin(None, action, &moment.actor, &office.settings).map_err(|refusal| refusal.into_error(action))?;
    office.store.change_made(context.options.wait, &holder(&moment, action), |change| {
        let moment = context.entering(&moment)?;
        ejected(which, context, office, &moment, change)
    })
}

fn ejected(
    which: &Which,
    context: &Context,
    office: &Office,
    moment: &Moment,
    mut change: Change<'_>,
) -> Result<Report, Error> {
    let (kind, action) = (which.kind()?, ActionKind::Settings);
    let path = kind.template_path(which.language.as_str());
    if change.head().read(&path)?.is_some() {
        return Err(Error::new(Kind::Conflict, "the store has that template already")
            .hint("change it in an editor; `csods commit` takes it in")
            .place(path));
    }
    let source = template(change.head(), kind, "en")?.source;
    let json = |commit: Option<String>| json!({"version": 1, "action": action.word(), "template": path, "commit": commit});
    if context.options.dry_run {
        let diff = unified(&path, b"", source.as_bytes());
        let page = Page(vec![Block::Verbatim(diff)]);
        return Ok(Report::new(json(None), page).say("dry run: nothing was changed"));
    }
    change.put(&path, source.into_bytes());
    let text = About::store(action).text(context, moment, &office.settings);
    let commit = change.commit(&text, &context.author(moment, &office.settings))?;
    let told = hooks::told(office, moment, vec![hooks::of_no_case(action, commit)]);
    let mut page = Page::line(format!("{path} holds the template now"));
    page.say(
        "change it in an editor, look at it with `csods letter REF KIND --preview` after `csods commit`",
    );
    Ok(Report { told: Some(told), ..Report::new(json(Some(commit.to_string())), page) })
}
