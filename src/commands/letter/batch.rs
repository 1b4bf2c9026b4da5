//! Every letter that is due, of every case, in one commit.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::making::{self, Drawn, Made, Sources, letter_json};
use crate::commands::caseload::{Caseload, Partial};
use crate::commands::change::holder;
use crate::commands::commit_text::About;
use crate::commands::hooks;
use crate::context::{Context, Office};
use crate::domain::action::{Action, ActionKind};
use crate::domain::case::{Addressee, AddresseeRole, Case};
use crate::domain::findings;
use crate::domain::letter::due::{Due, State, due};
use crate::domain::letter::outgoing::Addressed;
use crate::domain::node::Node;
use crate::domain::record::Problem;
use crate::domain::reference::Reference;
use crate::domain::scalars::By;
use crate::domain::settings::Settings;
use crate::domain::workflow::{Moment, may_begin};
use crate::error::{Error, Kind};
use crate::output::{Block, Page, Report, Rows};
use crate::store::{Change, files};

/// The action.
const KIND: ActionKind = ActionKind::Letter;

/// What is due, by case.
pub type DueByCase = BTreeMap<Reference, Vec<Due>>;

/// Makes them all, or shows what would be made.
pub fn run(context: &Context, given: &Node) -> Result<Report, Error> {
    if matches!(given, Node::Map(entries) if !entries.is_empty()) {
        return Err(Error::new(Kind::Usage, "letters that are due take no answers")
            .hint("make one that needs answers by itself: csods letter REF KIND"));
    }
    let office = context.office()?;
    let moment = context.moment(&office)?;
    may_begin(None, KIND, &moment.actor, &office.settings).map_err(|refusal| refusal.into_error(KIND))?;
    let due = every(context, &office)?;
    let to_make = |dues: &Vec<Due>| dues.iter().any(|due| due.state == State::ToMake);
    let cases: Vec<&Reference> = due.iter().filter(|(_, dues)| to_make(dues)).map(|(case, _)| case).collect();
    let held = due.values().flatten().filter(|due| matches!(due.state, State::Held(..))).count();
    if context.options.dry_run || cases.is_empty() {
        let report =
            table(&due, |due| due.state == State::ToMake, json!({"action": KIND.word(), "commit": null}));
        let report = Report { json: dry(report.json, context.options.dry_run), ..report };
        let report =
            if context.options.dry_run { report.say("dry run: nothing was changed") } else { report };
        return Ok(with_held(report, held));
    }
    let holder = holder(&moment, KIND);
    let report = office.store.change_made(context.options.wait, &holder, |change| {
        recorded(context, &office, &context.entering(&moment)?, &cases, change)
    })?;
    Ok(with_held(report, held))
}

/// Makes the letters of these cases as a change found them, and commits it.
fn recorded(
    context: &Context,
    office: &Office,
    moment: &Moment,
    cases: &[&Reference],
    mut change: Change<'_>,
) -> Result<Report, Error> {
    let settings = office.settings_at(change.head())?.into_owned();
    let head = change.head().clone();
    let sources = Sources::new(&head);
    let mut about = About::store(KIND);
    let mut letters: Vec<Value> = Vec::new();
    let mut changed: Vec<Case> = Vec::new();
    for reference in cases {
        let Some((case, _)) = files::case(&head, reference)? else { continue };
        let (after, made) = made(context, &sources, &case, moment, &settings)
            .map_err(|error| Error { place: error.place.or(Some(reference.to_string())), ..error })?;
        for made in &made {
            letters.push(json!({"reference": reference.as_str(), "letter": letter_json(&made.letter)}));
        }
        let action = Action::Letter(made.iter().map(|made| made.letter.clone()).collect());
        about.change(&action, Some(&case), &after);
        if !made.is_empty() {
            making::files(&after, &made)?.into_iter().for_each(|(path, bytes)| change.put(&path, bytes));
            changed.push(after);
        }
    }
    let text = about.text(context, moment, &settings);
    change.index_follows(&settings);
    let commit_id = change.commit(&text, &context.author(moment, &settings))?;
    // A letter leaves the stage as it is.
    let told = |case: &Case| {
        hooks::of_case(case, Some(case), KIND, commit_id, findings::next(case, moment.now, &settings))
    };
    let told = hooks::told(office, moment, changed.iter().map(told).collect());
    let commit = commit_id.to_string();
    let short = commit.get(..10).unwrap_or(&commit);
    let mut page = Page::line(format!("{} letter(s) made ({short})", letters.len()));
    page.say("record each as sent once it went: `csods letters due` lists them");
    let json = json!({"version": 1, "action": KIND.word(), "commit": commit, "letters": letters});
    Ok(Report { told: Some(told), ..Report::new(json, page) })
}

fn dry(mut json: Value, dry: bool) -> Value {
    if let Some(object) = json.as_object_mut().filter(|_| dry) {
        object.insert("dry_run".to_owned(), Value::Bool(true));
    }
    json
}

fn with_held(report: Report, held: usize) -> Report {
    match held {
        0 => report,
        held => report.say(format!("{held} more wait for somebody: `csods letters due` says why")),
    }
}

/// What is due in every case. Of a closed one nothing is, and where the index knows which those are they are not read.
pub fn every(context: &Context, office: &Office) -> Result<DueByCase, Error> {
    let (now, settings) = (context.now, &office.settings);
    let due_in = |case: Case| {
        context.saw_receipt(case.received.at.0);
        let any = !due(&case, &Addressed::default(), now, settings).is_empty();
        Ok(any.then_some(case))
    };
    let found = match Caseload::new(context, office, Partial::default()).open_at_hand() {
        Some(open) => files::cases(&office.head, &open, due_in)?,
        None => files::every_case(&office.head, due_in)?,
    };
    let due = |case: Case| {
        let addressed = making::addressed(&office.head, &case)?;
        Ok((case.reference.clone(), due(&case, &addressed, now, settings)))
    };
    found.into_iter().map(due).collect()
}

/// A case with all its letters that are due now.
fn made(
    context: &Context,
    sources: &Sources<'_>,
    case: &Case,
    moment: &Moment,
    settings: &Settings,
) -> Result<(Case, Vec<Made>), Error> {
    let fill = context.fill(moment, settings, Some(case));
    let by = By(moment.actor.clone());
    let mut letters = Vec::new();
    let addressed = making::addressed(sources.head(), case)?;
    for due in
        due(case, &addressed, moment.now, settings).into_iter().filter(|due| due.state == State::ToMake)
    {
        let to = Some(Addressee { role: AddresseeRole::Applicant, recipient: None, agency: None });
        let drawn = Drawn { kind: due.kind, to, method: due.method, overriding: None, at: moment.now };
        letters.push(making::make(sources, &drawn, case, settings, &by, &fill)?);
    }
    let after = match letters.is_empty() {
        true => case.clone(),
        false => making::add(case, &letters, moment, settings).map_err(|refusal| refusal.into_error(KIND))?,
    };
    Ok((after, letters))
}

/// The letters that are due and wanted, as a table.
pub fn table(due: &DueByCase, wanted: impl Fn(&Due) -> bool, head: Value) -> Report {
    let header = vec!["reference", "letter", "since", "how", "stands"];
    let rows: Vec<(&Reference, &Due)> =
        due.iter().flat_map(|(reference, dues)| dues.iter().map(move |due| (reference, due))).collect();
    let rows: Vec<(&Reference, &Due)> = rows.into_iter().filter(|(_, due)| wanted(due)).collect();
    let cells = rows.iter().map(|(reference, due)| {
        let (kind, since, method) = (due.kind.word(), due.since.to_string(), due.method.word());
        vec![reference.to_string(), kind.to_owned(), since, method.to_owned(), stands(&due.state)]
    });
    let cells: Vec<Vec<String>> = cells.collect();
    let one = |(reference, due): &(&Reference, &Due)| {
        let state = match &due.state {
            State::ToMake => "to_make",
            State::ToSend(_) => "to_send",
            State::Held(..) => "held",
        };
        let id = match &due.state {
            State::ToSend(id) | State::Held(Some(id), _) => Some(id.as_str()),
            State::ToMake | State::Held(None, _) => None,
        };
        json!({
            "reference": reference.as_str(), "kind": due.kind.word(), "since": due.since.to_string(),
            "method": due.method.word(), "state": state, "id": id, "stands": stands(&due.state),
        })
    };
    let mut json = json!({"version": 1, "letters": rows.iter().map(one).collect::<Vec<_>>()});
    if let (Some(json), Value::Object(head)) = (json.as_object_mut(), head) {
        json.extend(head);
    }
    let page = match cells.is_empty() {
        true => Page::line("no letter is due"),
        false => Page(vec![Block::Table(header.clone(), cells.clone())]),
    };
    Report { rows: Some(Rows { header, rows: cells }), ..Report::new(json, page) }
}

fn stands(state: &State) -> String {
    match state {
        State::ToMake => "to make".to_owned(),
        State::ToSend(id) => format!("made; to send, then --sent {id}"),
        State::Held(made, problems) => {
            let what: Vec<String> = problems.iter().map(Problem::in_words).collect();
            let made =
                made.as_ref().map(|id| format!("{id} was made and must not go out; ")).unwrap_or_default();
            format!("{made}held: {}", what.join("; "))
        }
    }
}
