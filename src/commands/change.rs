//! What all changing commands share: load, collect the answers, apply, show or commit.

use serde_json::json;
use similar::TextDiff;

use crate::ask::{self, Conversation, Setting};
use crate::commands::commit_text::About;
use crate::commands::{answers, find, hooks, missing};
use crate::context::{Context, Office};
use crate::domain::action::{Action, ActionKind, EditReason};
use crate::domain::case::Case;
use crate::domain::findings;
use crate::domain::node::{Node, Path, Step};
use crate::domain::record::{self, Part, Problem, Reader, Shape};
use crate::domain::reference::Reference;
use crate::domain::settings::Settings;
use crate::domain::workflow::{self, Moment, Refusal, ahead};
use crate::error::{Error, Kind};
use crate::output::{Block, Page, Report, next_json};
use crate::store::{Change, files};

/// Does `kind` to the case that `typed` names, with these answers; prompts for what is missing where it may.
pub fn run(context: &Context, kind: ActionKind, typed: &str, given: Node) -> Result<Report, Error> {
    let office = context.office()?;
    let moment = context.moment(&office)?;
    let (reference, case) = find::case(&office.head, typed)?;
    let given = collect(context, &office, &moment, kind, Some(&case), &reference, given)?;
    record(context, &office, &moment, &[Planned { reference, kind, given }])
}

/// An action that is to be done, as its answers: the action is made of them where it is done, under the store's lock, so
/// that no id of it can be one that somebody else gave meanwhile.
pub struct Planned {
    /// The case.
    pub reference: Reference,
    /// What is done to it.
    pub kind: ActionKind,
    /// The answers.
    pub given: Node,
}

/// The answers to an action, complete: they are read, tried on the case, and asked for where they are missing and a
/// person can be asked. Nothing is changed.
pub fn collect(
    context: &Context,
    office: &Office,
    moment: &Moment,
    kind: ActionKind,
    case: Option<&Case>,
    reference: &Reference,
    given: Node,
) -> Result<Node, Error> {
    let shape = kind.answers().unwrap_or(Shape::Any);
    collect_shaped(context, office, moment, kind, shape, case, reference, given)
}

/// The same for answers of a shape of their own, all of whose required keys must be given.
#[expect(
    clippy::too_many_arguments,
    reason = "each is a different thing, and bundling them would name nothing"
)]
pub fn collect_shaped(
    context: &Context,
    office: &Office,
    moment: &Moment,
    kind: ActionKind,
    shape: Shape,
    case: Option<&Case>,
    reference: &Reference,
    given: Node,
) -> Result<Node, Error> {
    let settings = &office.settings;
    workflow::may_begin(case, kind, &moment.actor, settings).map_err(|refusal| refusal.into_error(kind))?;
    let recipients =
        case.and_then(|case| case.decision.as_ref()).map(|decision| decision.recipients.as_slice());
    let asking = Asking { context, office, moment, kind, shape, case, reference: case.map(|_| reference) };
    asking.converse(given, |given| {
        let no_such = match (kind, recipients) {
            (ActionKind::Disclose, Some(recipients)) => answers::recipient_by_role(given, recipients),
            _ => None,
        };
        let absent = absent(shape, given, kind);
        if !absent.is_empty() {
            return Err(Refusal::Problems(absent));
        }
        let action = made(context, moment, settings, case, kind, given, reference)
            .map_err(|refusal| answers::said_of_role(refusal, no_such))?;
        workflow::apply(case, &action, moment, settings)?;
        Ok(given.clone())
    })
}

/// The action that the answers make.
fn made(
    context: &Context,
    moment: &Moment,
    settings: &Settings,
    case: Option<&Case>,
    kind: ActionKind,
    given: &Node,
    reference: &Reference,
) -> Result<Action, Refusal> {
    let fill = context.fill(moment, settings, case);
    kind.read(given, &fill, Some(reference)).map_err(Refusal::Problems)
}

/// Tries answers to one of many actions, where nobody can be asked: what `attempt` makes of them, or the same error that
/// the command of that action gives.
pub fn unasked<T>(
    kind: ActionKind,
    case: Option<&Case>,
    given: &mut Node,
    moment: &Moment,
    settings: &Settings,
    attempt: impl Fn(&mut Node) -> Result<T, Refusal>,
) -> Result<T, Error> {
    workflow::may_begin(case, kind, &moment.actor, settings).map_err(|refusal| refusal.into_error(kind))?;
    if let Some(decision) = case.and_then(|case| case.decision.as_ref())
        && kind == ActionKind::Disclose
    {
        answers::recipient_by_role(given, &decision.recipients);
    }
    attempt(given).map_err(|refusal| match refusal {
        // What its command would say to do, flags and prompts, does not help here.
        Refusal::Problems(problems) => {
            let shape = kind.answers().unwrap_or(Shape::Any);
            let all = missing::all(kind, shape, given, problems, &attempt);
            // A line has no flags.
            let plain = |problem| Problem { flag: None, ..problem };
            let all = answers::with_flags(kind, all).into_iter().map(plain).collect();
            Error { hint: None, ..Refusal::Problems(all).into_error(kind) }
        }
        refusal => refusal.into_error(kind),
    })
}

/// Required keys of a shape that is not the action's own.
fn absent(shape: Shape, given: &Node, kind: ActionKind) -> Vec<Problem> {
    if kind.answers() == Some(shape) {
        return Vec::new();
    }
    let Shape::Record(fields) = shape else { return Vec::new() };
    let absent =
        fields.iter().filter(|field| field.required && !field.filled && given.get(field.key).is_none());
    absent.map(|field| Problem::missing(Path::from(kind.place()).key(field.key))).collect()
}

/// Why files were edited by hand: one reason for every fact that differs.
pub fn collect_reason(
    context: &Context,
    office: &Office,
    moment: &Moment,
    given: Node,
) -> Result<EditReason, Error> {
    collect_read(context, office, moment, ActionKind::Edit, None, given, Ok)
}

/// Answers of which the action is not made alone: they are read, `then` makes of them what is wanted or says what is
/// wrong, and a person is asked for what is missing where one can be asked.
pub fn collect_read<T: Part, U>(
    context: &Context,
    office: &Office,
    moment: &Moment,
    kind: ActionKind,
    case: Option<&Case>,
    given: Node,
    then: impl Fn(T) -> Result<U, Refusal>,
) -> Result<U, Error> {
    workflow::may_begin(case, kind, &moment.actor, &office.settings)
        .map_err(|refusal| refusal.into_error(kind))?;
    let reference = case.map(|case| &case.reference);
    let asking = Asking { context, office, moment, kind, shape: T::SHAPE, case, reference };
    asking.converse(given, |given| {
        let fill = context.fill(moment, &office.settings, case);
        let reader = Reader::filling(Path::from(kind.place()), &fill);
        record::read::<T>(given, reader).map_err(Refusal::Problems).and_then(&then)
    })
}

/// A command that needs answers.
struct Asking<'a> {
    context: &'a Context,
    office: &'a Office,
    moment: &'a Moment,
    kind: ActionKind,
    shape: Shape,
    case: Option<&'a Case>,
    reference: Option<&'a Reference>,
}

impl Asking<'_> {
    /// Tries the answers until they make what is wanted. What is missing or invalid is asked for where a person can be
    /// asked; otherwise one error names all of it.
    fn converse<T>(
        &self,
        mut given: Node,
        attempt: impl Fn(&mut Node) -> Result<T, Refusal>,
    ) -> Result<T, Error> {
        let mut conversation = match self.context.can_ask() {
            true => Some(Conversation::begin(self.setting(), &mut given)?),
            false => None,
        };
        loop {
            match (attempt(&mut given), &mut conversation) {
                (Ok(made), None) => return Ok(made),
                (Ok(made), Some(conversation)) => {
                    let certain = |given: &Node| missing::certain(self.kind, self.shape, given, &attempt);
                    if conversation.agreed(&mut given, &certain)? {
                        return Ok(made);
                    }
                }
                (Err(Refusal::Problems(problems)), Some(conversation))
                    if conversation.can_mend(&problems) =>
                {
                    let certain = |given: &Node| missing::certain(self.kind, self.shape, given, &attempt);
                    conversation.ask(&mut given, &problems, &certain)?;
                }
                (Err(Refusal::Problems(problems)), _) => {
                    let all = missing::all(self.kind, self.shape, &given, problems, &attempt);
                    let refusal = Refusal::Problems(answers::with_flags(self.kind, all));
                    return Err(refusal.into_error(self.kind));
                }
                (Err(refusal), _) => return Err(refusal.into_error(self.kind)),
            }
        }
    }

    fn setting(&self) -> Setting<'_> {
        Setting {
            kind: self.kind,
            shape: self.shape,
            place: Path::from(self.kind.place()),
            title: match self.reference {
                Some(reference) => format!("{reference}: {}", self.kind.word()),
                None => self.kind.word().to_owned(),
            },
            settings: &self.office.settings,
            case: self.case,
            editor: self.context.editor().cloned(),
            private_dir: self.office.store.private_dir(),
            draft_name: draft_name(self.moment, self.kind, self.reference),
        }
    }
}

/// The draft of one person's answers to one command on one case.
pub fn draft_name(moment: &Moment, kind: ActionKind, reference: Option<&Reference>) -> String {
    let case = reference.map(|reference| format!("-{reference}")).unwrap_or_default();
    format!("{}-{}{case}", moment.actor, kind.word())
}

/// Applies actions under the store's lock, all of them or none, and commits them as one change. With `--dry-run` it
/// shows the difference instead.
pub fn record(
    context: &Context,
    office: &Office,
    moment: &Moment,
    plan: &[Planned],
) -> Result<Report, Error> {
    if context.options.dry_run {
        return planned(context, office, moment, plan);
    }
    let kind = plan[0].kind;
    office.store.change_made(context.options.wait, &holder(moment, kind), |mut change| {
        let moment = &context.entering(moment)?;
        let settings = office.settings_at(change.head())?;
        let applied = apply_all(context, &change, office, moment, &settings, plan)?;
        let Applied { after: first, before, .. } = &applied[0];
        let mut about =
            About::case(&first.reference, kind, before.as_ref().map(|case| case.stage), first.stage);
        for Applied { action, before, after } in &applied {
            change.put(&after.reference.case_path(), files::write_case(after)?);
            about.change(action, before.as_ref(), after);
        }
        let text = about.text(context, moment, &settings);
        change.index_follows(&settings);
        let commit = change.commit(&text, &context.author(moment, &settings))?;
        let draft = draft_name(moment, kind, before.as_ref().map(|case| &case.reference));
        ask::forget_draft(&office.store.private_dir(), &draft);
        let next = |case: &Case| findings::next(case, moment.now, &settings);
        let one = |Applied { before, after, .. }: &Applied| {
            hooks::of_case(after, before.as_ref(), kind, commit, next(after))
        };
        let changes = applied.iter().map(one).collect();
        let report = done(first, kind, &commit.to_string(), moment, &settings);
        let report = Report { told: Some(hooks::told(office, moment, changes)), ..report };
        let retimed = kind == ActionKind::Urgent && ahead::is_time_of_entry(&plan[0].given, first);
        Ok(if retimed { report.say(ahead::TIME_OF_ENTRY) } else { report })
    })
}

/// Who holds the store, for those who wait.
pub fn holder(moment: &Moment, kind: ActionKind) -> String {
    format!("{} ({})", moment.actor, kind.word())
}

/// An action that was done to a case under the lock.
struct Applied {
    action: Action,
    before: Option<Case>,
    after: Case,
}

fn apply_all(
    context: &Context,
    change: &Change<'_>,
    office: &Office,
    moment: &Moment,
    settings: &Settings,
    plan: &[Planned],
) -> Result<Vec<Applied>, Error> {
    let overtaken = change.head().commit() != office.head.commit();
    let apply = |Planned { reference, kind, given }: &Planned| {
        let before = files::case(change.head(), reference)?.map(|(case, _)| case);
        let refused = |refusal: Refusal| {
            let error = refusal.into_error(*kind);
            // What could be done a moment ago and cannot now was overtaken by somebody else's change.
            if overtaken { Error { kind: Kind::Conflict, ..error } } else { error }
        };
        let action = made(context, moment, settings, before.as_ref(), *kind, given, reference);
        let action = action.map_err(refused)?;
        let after = workflow::apply(before.as_ref(), &action, moment, settings).map_err(refused)?;
        Ok(Applied { action, before, after })
    };
    plan.iter().map(apply).collect()
}

/// The answer to a change that was made.
pub fn done(case: &Case, kind: ActionKind, commit: &str, moment: &Moment, settings: &Settings) -> Report {
    let next = findings::next(case, moment.now, settings);
    let json = json!({
        "version": 1,
        "reference": case.reference.as_str(),
        "action": kind.word(),
        "stage": case.stage.word(),
        "commit": commit,
        "next": next_json(&next),
    });
    let short = commit.get(..10).unwrap_or(commit);
    let mut page = Page::line(format!("{}: {}, stage {} ({short})", case.reference, kind.done(), case.stage));
    // Which checks are still to be made; everything else that is missing `show` says.
    let checks: Vec<&str> = next.missing.iter().filter_map(missing_check).collect();
    let checks = if checks.is_empty() { String::new() } else { format!(": {}", checks.join(", ")) };
    page.say(format!("next: {}{checks}", next.why));
    Report::new(json, page)
}

/// The system whose check is missing.
fn missing_check(problem: &Problem) -> Option<&str> {
    match problem.path.0.as_slice() {
        [Step::Key(list), Step::Key(system)] if list == "checks" => Some(system),
        _ => None,
    }
}

/// What the actions would change, as a difference in YAML; nothing is committed.
fn planned(context: &Context, office: &Office, moment: &Moment, plan: &[Planned]) -> Result<Report, Error> {
    let mut text = String::new();
    let mut first = None;
    for Planned { reference, kind, given } in plan {
        let found = files::case(&office.head, reference)?;
        let before = found.as_ref().map(|(case, _)| case);
        let case = made(context, moment, &office.settings, before, *kind, given, reference)
            .and_then(|action| workflow::apply(before, &action, moment, &office.settings))
            .map_err(|refusal| refusal.into_error(*kind))?;
        let old = found.as_ref().map(|(_, bytes)| bytes.as_slice()).unwrap_or_default();
        text.push_str(&unified(&reference.case_path(), old, &files::write_case(&case)?));
        first.get_or_insert((case, *kind));
    }
    let Some((case, kind)) = first else { return Ok(Report::default()) };
    let json = json!({
        "version": 1,
        "reference": case.reference.as_str(),
        "action": kind.word(),
        "stage": case.stage.word(),
        "commit": null,
        "dry_run": true,
        "diff": text,
        "next": next_json(&findings::next(&case, moment.now, &office.settings)),
    });
    Ok(Report::new(json, Page(vec![Block::Verbatim(text)])).say("dry run: nothing was changed"))
}

/// The difference between two versions of a file, as `git diff` shows it.
pub fn unified(path: &str, old: &[u8], new: &[u8]) -> String {
    let (old, new) = (String::from_utf8_lossy(old), String::from_utf8_lossy(new));
    let diff = TextDiff::from_lines(old.as_ref(), new.as_ref());
    diff.unified_diff().header(&format!("a/{path}"), &format!("b/{path}")).to_string()
}
