//! `csods letter`: makes a letter from a template, commits it, makes pages of it, records that it was sent.

pub mod batch;
pub mod making;
pub mod page;
mod record;

use std::path::PathBuf;

use serde_json::json;

use super::answers::Answers;
use super::{change, find};
use crate::context::{Context, Office};
use crate::domain::action::ActionKind;
use crate::domain::case::{Case, LetterKind};
use crate::domain::letter::guards;
use crate::domain::letter::outgoing::{self, Addressed, Outgoing};
use crate::domain::node::{Node, Path};
use crate::domain::record::Problem;
use crate::domain::workflow::Refusal;
use crate::error::{Error, Kind};
use crate::output::{Report, problems_json};

use making::{Drawn, Sources};
use page::{Form, Target, Written};

/// Makes a letter, commits it with the case, and records that it was sent
///
/// The letter is made from the case and a template, as Markdown beside the case. A letter goes to nobody by a way that
/// they have not said is safe (A1), and by post to no address where a parent may not know of the application (A2): that
/// one guard can be set aside with --overriding-rule A2, --overriding-authorised-by and a reason in --from.
/// A letter that was made and may not go out any more, because contact became unsafe, the applicant left or the address
/// changed, is held: no page of it is made, except for the file with --copy-for-file (A5). One that went is always recorded;
/// where it should not have gone, speaking with the applicant becomes the next step.
/// The form of words and the summary of a case are for the officers: they are shown, never stored and never sent (O3).
///
/// Examples:
///   csods letter 7K3 acknowledgement
///   csods letter 7K3 acknowledgement --preview --as html --output letter.html
///   csods letter 7K3 --sent 9wq1
///   csods letter 7K3 9wq1 --copy-for-file --as pdf --output copy.pdf
///   csods letter --all-due --dry-run
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// Which case: its reference, or any unique beginning of the last part
    #[arg(value_name = "REF", add = super::complete::reference(), required_unless_present = "all_due")]
    case: Option<String>,
    /// Which kind (see `csods templates list`), or the id of a letter that the case has
    #[arg(value_name = "KIND", required_unless_present_any = ["sent", "all_due"])]
    kind: Option<String>,
    /// Shows the letter and changes nothing
    #[arg(long)]
    preview: bool,
    /// Makes a page of it
    #[arg(long = "as", value_name = "FORM", value_enum)]
    form: Option<Form>,
    /// Where the page goes: a file outside the store, that only you can read
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    output: Option<PathBuf>,
    /// Sets the page in letters of 18 points or more
    #[arg(long)]
    large_print: bool,
    /// Shows a letter of the case that is held, with HELD - NOT TO BE SENT across it (A5)
    #[arg(long, conflicts_with_all = ["sent", "all_due"])]
    copy_for_file: bool,
    /// Records that this letter of the case was sent or handed over
    #[arg(long, value_name = "ID", conflicts_with_all = ["kind", "preview", "form", "output", "all_due"])]
    sent: Option<String>,
    /// Makes every letter of every case that is due (see `csods letters due`), in one commit
    #[arg(long, conflicts_with_all = ["case", "kind", "preview", "form", "output"])]
    all_due: bool,
    #[command(flatten)]
    answers: Answers<{ ActionKind::Letter as usize }>,
}

/// Makes it, shows it or records it.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    let mut given = args.answers.read()?;
    if args.all_due {
        return batch::run(context, &given);
    }
    let typed = args.case.as_deref().unwrap_or_default();
    if let Some(id) = &args.sent {
        given.set(&Path::root().key("letter"), Node::text(id.as_str()));
        return change::run(context, ActionKind::Sent, typed, given)
            .and_then(|report| went(context, report, id));
    }
    let office = context.office()?;
    let (_, case) = find::case(&office.head, typed)?;
    let target = Target::new(args.form, args.output.as_deref(), args.large_print, context, &office)?;
    let word = args.kind.as_deref().unwrap_or_default();
    let kind = LetterKind::of(&word.replace('-', "_"));
    if kind.is_some() && args.copy_for_file {
        return Err(Error::new(Kind::Usage, "--copy-for-file is for a letter that was made before")
            .hint("name it by its id: `csods letters REF` lists them"));
    }
    match kind {
        Some(kind) if !kind.is_sent() => for_the_officers(context, &office, kind, &case, &given, &target),
        Some(kind) => to_somebody(args, context, &office, kind, &case, given, &target),
        None => again(args, &office, &case, word, &target),
    }
}

/// A5: what is to be done where the letter that went should not have gone.
fn went(context: &Context, mut report: Report, id: &str) -> Result<Report, Error> {
    if report.json["commit"].is_null() {
        return Ok(report);
    }
    let office = context.office()?;
    let reference = report.json["reference"].as_str().unwrap_or_default().to_owned();
    let (_, case) = find::case(&office.head, &reference)?;
    let refused = outgoing::sent_unsafe(&case).into_iter().find(|(letter, _)| letter.id.as_str() == id);
    let problems = refused.map(|(_, problems)| problems).unwrap_or_default();
    report.json["sent_unsafe"] = problems_json(&problems);
    if problems.is_empty() {
        return Ok(report);
    }
    let why: Vec<String> = problems.iter().map(Problem::in_words).collect();
    Ok(report.say(format!("it is recorded, and it should not have gone: {}", why.join("; "))))
}

/// A letter of the case that was made before, as a page.
/// One that may not go out is refused, unless it is for the file (A5).
fn again(args: &Args, office: &Office, case: &Case, id: &str, target: &Target) -> Result<Report, Error> {
    let Some(letter) = case.letters.iter().find(|letter| letter.id.as_str() == id) else {
        return Err(Error::new(
            Kind::NotFound,
            "there is no such kind of letter, and the case has no letter of that id",
        )
        .hint("`csods templates list` shows the kinds, `csods letters REF` the letters of a case"));
    };
    let text = making::stored(&office.head, letter)?;
    let mut addressed = Addressed::default();
    addressed.add(letter, Some(&text));
    let problems = outgoing::against(case, &Outgoing::made(letter, &addressed), &office.settings);
    let written = match args.copy_for_file {
        true => Written::copy_for_file(&text),
        false if problems.is_empty() => Written::new(text),
        false => {
            return Err(Error::new(
                Kind::Refused,
                "the letter is held: it may not go out as the case stands (A5)",
            )
            .hint("--copy-for-file makes a copy for the file, which says so; nothing was changed")
            .problems(problems));
        }
    };
    let json = json!({
        "version": 1, "reference": case.reference.as_str(), "letter": making::letter_json(letter),
        "held": problems_json(&problems), "copy_for_file": args.copy_for_file, "markdown": written.text,
    });
    target.deliver(&written, json, None)
}

/// O3: what only officers may see goes to the screen, or to a file that nobody else can read.
fn for_the_officers(
    context: &Context,
    office: &Office,
    kind: LetterKind,
    case: &Case,
    given: &Node,
    target: &Target,
) -> Result<Report, Error> {
    let answered = matches!(given, Node::Map(entries) if !entries.is_empty());
    let conditions = guards::conditions(kind, case);
    if answered {
        return Err(Error::new(Kind::Refused, "it is for the officers: it is sent to nobody (O3)")
            .hint("leave the answers out; it is shown, or goes to a file by --output"));
    }
    if !conditions.is_empty() {
        return Err(Refusal::Problems(conditions).into_error(ActionKind::Letter));
    }
    target.private(context)?;
    let sources = Sources::new(&office.head);
    let drawn = Drawn { kind, to: None, method: kind.methods()[0], overriding: None, at: context.now };
    let (text, _) = making::render(&sources, &drawn, case, &office.settings)?;
    let json = json!({
        "version": 1, "reference": case.reference.as_str(), "kind": kind.word(), "commit": null, "markdown": text,
    });
    target.deliver(&Written::new(text), json, None)
}

/// A letter to somebody: guarded, made, and committed unless it is only looked at.
fn to_somebody(
    args: &Args,
    context: &Context,
    office: &Office,
    kind: LetterKind,
    case: &Case,
    given: Node,
    target: &Target,
) -> Result<Report, Error> {
    let moment = context.moment(office)?;
    let settings = &office.settings;
    let sources = Sources::new(&office.head);
    let (order, text) =
        change::collect_read(context, office, &moment, ActionKind::Letter, Some(case), given, |order| {
            let drawn = making::drawn(kind, case, &order, settings)?;
            Ok(making::render(&sources, &drawn, case, settings).map(|(text, _)| (order, text)))
        })??;
    // A page that cannot be made is said before anything is committed.
    let written = Written::new(text);
    let page = target.page(&written)?;
    if args.preview {
        let json = json!({
            "version": 1, "reference": case.reference.as_str(), "kind": kind.word(), "commit": null,
            "markdown": written.text,
        });
        return target.hand_over(&page, json, None);
    }
    let (report, made) = record::one(context, office, &moment, kind, &case.reference, &order)?;
    if context.options.dry_run || !target.is_wanted() {
        return Ok(report);
    }
    // The case may have been changed meanwhile: the page is that of the letter as it was committed.
    let page = if made == written.text { page } else { target.page(&Written::new(made))? };
    target.hand_over(&page, report.json.clone(), Some(report))
}
