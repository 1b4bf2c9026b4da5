//! `csods subject-access`: everything that is held about one person, as one document for review.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{answers, export, find, show};
use crate::context::{Context, Office};
use crate::domain::action::ActionKind;
use crate::domain::case::{Case, PersonName, PersonRole};
use crate::domain::invisible;
use crate::domain::letter::as_typed;
use crate::domain::node::Node;
use crate::domain::record::{self, Field, Part, Reader, Shape};
use crate::domain::reference::Reference;
use crate::domain::scalars::Private;
use crate::domain::similarity::{self, Keys, Likeness, Someone};
use crate::domain::time::{Day, Zone};
use crate::domain::workflow;
use crate::error::{Error, Kind};
use crate::output::{Block, Page, Report, file};
use crate::record;
use crate::store::files;

record! {
    /// Who asks what is held about them.
    pub struct Asking {
        /// Their name
        pub name: PersonName,
        /// Their date of birth
        pub date_of_birth: Option<Private<Day>>,
    }
}

/// Makes one document of everything that is held about a person, in whatever role, for review before anything is released
///
/// Cases in which somebody has the same name and the same date of birth are in it. Others that are near are listed by
/// reference, with why; look at them, and add those that are about the same person by --include.
///
/// The document is OFFICIAL-SENSITIVE and for the officer who answers the request, not for release: it marks what is about
/// third parties and what in free text may be, and says what must be considered. Letters are named, not quoted. It takes the permission `export`.
///
/// --from takes: name: {family: ..., given: ...}, date_of_birth: 1988-04-17
///
/// Example: csods subject-access --from person.yaml --to ../request.md
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The person, as YAML or JSON; `-` for standard input. Names never stand on the command line
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    from: PathBuf,
    /// The file, outside the store; else the screen
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    to: Option<PathBuf>,
    /// Replace the file where it is there already
    #[arg(long)]
    force: bool,
    /// A case that is near, and is about the same person; may be given several times
    #[arg(long, value_name = "REF", add = super::complete::reference())]
    include: Vec<String>,
}

/// Where a person stands in a case: their role, and the path of their part.
struct Found {
    reference: Reference,
    role: PersonRole,
    place: String,
    reasons: Vec<Likeness>,
    case: Case,
}

impl Found {
    /// The same name and the same date of birth, and nothing else needed to say so.
    fn is_certain(&self) -> bool {
        self.reasons == [Likeness::SameName, Likeness::SameBirth]
    }

    fn json(&self) -> Value {
        let reasons: Vec<&str> = self.reasons.iter().map(|reason| reason.word()).collect();
        json!({"reference": self.reference.as_str(), "role": self.role.word(), "reasons": reasons})
    }
}

/// The document, and which cases are near.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    let office = context.office()?;
    let moment = context.moment(&office)?;
    let kind = ActionKind::Export;
    workflow::may_begin(None, kind, &moment.actor, &office.settings)
        .map_err(|refusal| refusal.into_error(kind))?;
    let given = answers::read_from(&args.from)?;
    let asking: Asking = record::read(&given, Reader::strict()).map_err(|problems| {
        Error::new(Kind::Answers, "it is not said who is meant")
            .problems(problems)
            .hint("--from FILE with name: {family: ..., given: ...} and date_of_birth; nothing was written")
    })?;
    let to = args.to.clone().unwrap_or_else(|| PathBuf::from("-"));
    let target = export::private_target(&to, args.force, context, &office)?;
    let included = args.include.iter().map(|typed| find::reference(&office.head, typed));
    let included: Vec<Reference> = included.collect::<Result<_, _>>()?;

    let mut near = similar_people(context, &office, &asking)?;
    near.sort_by(|a, b| (&a.reference, &a.place).cmp(&(&b.reference, &b.place)));
    if let Some(reference) =
        included.iter().find(|wanted| near.iter().all(|found| found.reference != **wanted))
    {
        return Err(Error::new(Kind::Refused, format!("nobody in {reference} is like this person"))
            .hint("leave it out of --include; nothing was written"));
    }
    let (about, candidates): (Vec<Found>, Vec<Found>) =
        near.into_iter().partition(|found| found.is_certain() || included.contains(&found.reference));

    let document = document(&about, &candidates, context, &office);
    let mut json = json!({
        "version": 1,
        "cases": about.iter().map(Found::json).collect::<Vec<_>>(),
        "candidates": candidates.iter().map(Found::json).collect::<Vec<_>>(),
        "dry_run": context.options.dry_run,
    });
    let mut report = match target {
        None => {
            json["markdown"] = json!(document);
            Report::new(json, Page(vec![Block::Verbatim(document)]))
        }
        Some(path) => {
            if !context.options.dry_run {
                file::write_private(&path, document.as_bytes())
                    .map_err(|error| export::unwritten(&path, &error))?;
            }
            json["output"] = json!(path.display().to_string());
            let place = match context.options.dry_run {
                true => "dry run: nothing was written".to_owned(),
                false => format!("written to {}, readable by you alone", path.display()),
            };
            Report::new(json, Page::line(format!("{} place(s) in the cases; {place}", about.len())))
        }
    };
    for found in &candidates {
        let reasons: Vec<&str> = found.reasons.iter().map(|reason| reason.meaning()).collect();
        report = report.say(format!(
            "near: the {} of {}: {}; look at it, then --include {}",
            found.role,
            found.reference,
            reasons.join(", "),
            found.reference
        ));
    }
    Ok(report)
}

/// Everybody in any case who is like the person. Fails closed.
fn similar_people(context: &Context, office: &Office, asking: &Asking) -> Result<Vec<Found>, Error> {
    // What they are in a case makes no difference to how they are compared.
    let wanted = Someone::new(PersonRole::Subject, &[&asking.name], asking.date_of_birth.as_ref()).keys();
    let found = files::every_case(&office.head, |case| {
        context.saw_receipt(case.received.at.0);
        let near = people(&case).into_iter().filter_map(|(role, place, keys)| {
            Some(Found {
                reference: case.reference.clone(),
                role,
                place,
                reasons: wanted.alike(&keys)?,
                case: case.clone(),
            })
        });
        let near: Vec<Found> = near.collect();
        Ok((!near.is_empty()).then_some(near))
    })?;
    Ok(found.into_iter().flatten().collect())
}

/// The people of a case, each with the path of what is recorded of them.
fn people(case: &Case) -> Vec<(PersonRole, String, Keys)> {
    let (mut people, mut children) = (Vec::new(), 0_usize);
    for someone in similarity::people(case) {
        let place = match someone.role {
            PersonRole::Child => {
                children += 1;
                format!("children.{}", children - 1)
            }
            role => role.word().to_owned(),
        };
        people.push((someone.role, place, someone.keys()));
    }
    let set_aside =
        case.reopened.iter().filter_map(|reopening| reopening.set_aside.as_ref()?.decision.as_ref());
    for recipient in case.decision.iter().chain(set_aside).flat_map(|decision| &decision.recipients) {
        if let Some(name) = &recipient.name {
            let place = format!("recipient {}", recipient.id);
            let someone = Someone::new(PersonRole::Recipient, &[name], None);
            people.push((PersonRole::Recipient, place, someone.keys()));
        }
    }
    people
}

const CONSIDER: &str = "\
- Is it certain who asks? Nothing is released before that (Data Protection Act 2018, section 52).
- Would the answer prejudice the prevention or detection of crime, or put a child or anybody else in danger? Then it is restricted, \
and why is recorded (section 45). Even that something is held can tell a subject that somebody asked.
- What is marked `[third party]` is about somebody else, what is marked `[officer]` about whoever did the work. It is left out, unless \
they agree or it is reasonable without.
- What is marked `[free text]` is in somebody's own words and may name anybody: every sentence is read.
- The applicant was promised confidence. Nothing in an answer to a subject may show who applied, nor to an applicant what is held \
about a subject that was not disclosed (O2, O3).
- The answer is due within a month of the request (section 54).
- Letters that are named here are read as well, with `csods letter REF ID --copy-for-file`.
";

fn document(about: &[Found], candidates: &[Found], context: &Context, office: &Office) -> String {
    let zone = office.settings.zone();
    let mut text = format!(
        "OFFICIAL-SENSITIVE\n\n# What is held about one person\n\nFor review by the officer who answers the request. Not for \
         release as it stands.\n\nMade on {} from commit {}.\n\n## To consider before release\n\n{CONSIDER}",
        zone.in_words(context.now),
        office.head.commit(),
    );
    text.push_str("\n## Where the person is recorded\n\n");
    if about.is_empty() {
        text.push_str("Nowhere with this name and this date of birth.\n");
    }
    for found in about {
        text.push_str(&format!("- {}: as the {}\n", found.reference, found.role.meaning()));
    }
    if !candidates.is_empty() {
        text.push_str("\n## Near, and not in this document\n\n");
        for found in candidates {
            let reasons: Vec<&str> = found.reasons.iter().map(|reason| reason.meaning()).collect();
            text.push_str(&format!(
                "- {}: the {}: {}\n",
                found.reference,
                found.role.meaning(),
                reasons.join(", ")
            ));
        }
    }
    let mut told: Vec<&Reference> = Vec::new();
    for found in about {
        if told.contains(&&found.reference) {
            continue;
        }
        told.push(&found.reference);
        let places: Vec<&str> = about
            .iter()
            .filter(|other| other.reference == found.reference)
            .map(|other| other.place.as_str())
            .collect();
        text.push_str(&format!("\n## Case {}\n\n", found.reference));
        let tree = found.case.write().unwrap_or(Node::Null);
        lines(&tree, Case::FIELDS, "", None, &Whose { places: &places, zone }, &mut text);
    }
    text.push_str("\nOFFICIAL-SENSITIVE\n");
    text
}

/// Whose facts are told.
struct Whose<'a> {
    /// The paths of what is recorded of the person.
    places: &'a [&'a str],
    zone: Zone,
}

/// A line for each single value; `third` says whose part it stands in, where that is not the person's.
fn lines(
    value: &Node,
    fields: &'static [Field],
    above: &str,
    third: Option<&str>,
    whose: &Whose<'_>,
    text: &mut String,
) {
    for field in fields {
        let Some(value) = value.get(field.key) else { continue };
        let path = if above.is_empty() { field.key.to_owned() } else { format!("{above}.{}", field.key) };
        of_shape(value, field.shape, &path, third, whose, text);
    }
}

fn of_shape(
    value: &Node,
    shape: Shape,
    path: &str,
    third: Option<&str>,
    whose: &Whose<'_>,
    text: &mut String,
) {
    let own = whose.places.contains(&path)
        || value.id().is_some_and(|id| whose.places.contains(&format!("recipient {id}").as_str()));
    let person = match path.rsplit('.').find(|step| step.parse::<usize>().is_err()) {
        _ if own => None,
        Some("applicant") => Some("applicant"),
        Some("subject") => Some("subject"),
        Some("children") if path.starts_with("children.") => Some("child"),
        Some("recipients") => Some("recipient"),
        _ => third,
    };
    match (shape, value) {
        (Shape::Record(fields), _) => lines(value, fields, path, person, whose, text),
        (Shape::List(item), Node::List(items)) => {
            for (index, value) in items.iter().enumerate() {
                of_shape(value, *item, &format!("{path}.{index}"), person, whose, text);
            }
        }
        _ => {
            let mark = match (person, shape) {
                (Some(person), _) => format!("[third party: {person}] "),
                (None, Shape::Person) => "[officer] ".to_owned(),
                (None, Shape::Prose | Shape::Any) => "[free text] ".to_owned(),
                (None, _) => String::new(),
            };
            // Text of the case means nothing but itself in the document, as in letters: no link, no picture, no HTML.
            let value = as_typed(&invisible::shown(show::scalar(value, whose.zone).trim_end()));
            let value = value.replace('\n', "\n  ");
            text.push_str(&format!("- {path}: {mark}{value}\n"));
        }
    }
}
