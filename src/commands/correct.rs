//! `csods correct`: changes a recorded fact.

use super::answers::{Answers, scalar};
use super::change::{self, Planned};
use super::{find, link};
use crate::context::Context;
use crate::domain::action::ActionKind;
use crate::domain::case::{Case, Correction, Stage};
use crate::domain::node::{Node, Path};
use crate::domain::record::{Field, Part, Shape};
use crate::error::{Error, Kind};
use crate::output::Report;
use crate::store::files;

/// Changes a recorded fact, with a coded reason; the history shows both values (S1)
///
/// The fact is named by its path in the case, as `csods show --format json` has it: assessment.risk_to_child,
/// children.4h2m.contact. With the path `stage`, an open case is sent back to an earlier stage, and what was recorded
/// from there on is set aside on the file. A personal fact has no flag: give `now` with --from, or at the prompt.
///
/// Example: csods correct 7K3 --path assessment.risk_to_child --value high --code mistake --from reason.yaml
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which case: its reference, or any unique beginning of the last part
    #[arg(value_name = "REF", add = super::complete::reference())]
    case: String,
    /// What it is, where it is no personal fact
    #[arg(long, value_name = "VALUE", conflicts_with = "remove")]
    value: Option<String>,
    /// Take the fact out
    #[arg(long)]
    remove: bool,
    #[command(flatten)]
    answers: Answers<{ ActionKind::Correct as usize }>,
}

/// Records the correction and commits the change.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    let office = context.office()?;
    let (reference, case) = find::case(&office.head, &args.case)?;
    let mut given = args.answers.read()?;
    let path = given.get("path").and_then(Node::as_text).and_then(|path| Path::parse(path).ok());
    let shape = path.as_ref().and_then(shape_at);
    if let (Some(value), Some(path)) = (&args.value, &path) {
        // A place that no case has holds no personal fact, and is refused as what it is.
        if shape.is_some() && is_personal(&case, path) {
            return Err(Error::new(Kind::Usage, "a personal fact is not given on the command line")
                .hint("give it under the key `now` with --from, or at the prompt; nothing was changed"));
        }
        given.set(&Path::from("now"), scalar(shape.unwrap_or(Shape::Line), value));
    }
    let moment = context.moment(&office)?;
    let kind = ActionKind::Correct;
    let given = if given.get("now").is_some() || args.remove {
        change::collect(context, &office, &moment, kind, Some(&case), &reference, given)?
    } else {
        // Silence is no value: what the fact is now is asked for in the shape of the fact itself.
        let shape = with_value(shape.unwrap_or(Shape::Line));
        change::collect_shaped(context, &office, &moment, kind, shape, Some(&case), &reference, given)?
    };
    let plan =
        link::corrected(&case, given, |other| Ok(files::case(&office.head, other)?.map(|(case, _)| case)))?;
    let report = change::record(context, &office, &moment, &plan)?;
    let back = |report: Report, other: &Planned| {
        report.say(format!("{}: the link back is taken out as well", other.reference))
    };
    Ok(plan.iter().skip(1).fold(report, back))
}

/// The shape of a correction whose `now` is a value of the fact's own shape, and must be given. Made once for the one
/// command of the process, and so never given back.
fn with_value(shape: Shape) -> Shape {
    let fields = Correction::FIELDS.iter().map(|field| match field.key {
        "now" => Field { shape, required: true, ..*field },
        _ => *field,
    });
    Shape::Record(Vec::leak(fields.collect()))
}

/// The shape of the fact at a path; the stage is corrected to a stage.
fn shape_at(path: &Path) -> Option<Shape> {
    if *path == Path::from("stage") { Some(Stage::SHAPE) } else { Case::SHAPE.at(path) }
}

/// Whether what stands at the path may be a personal fact.
fn is_personal(case: &Case, path: &Path) -> bool {
    let field = Case::SHAPE.field_at(path);
    let stands = case.write().and_then(|tree| tree.at(path).map(Node::is_private));
    stands.unwrap_or(false) || field.is_none_or(|field| field.private)
}
