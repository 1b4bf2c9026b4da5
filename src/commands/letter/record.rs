//! One letter and its case, in one commit.

use serde_json::json;

use super::making::{self, Made, Sources, letter_json};
use crate::commands::change::{done, holder, unified};
use crate::commands::commit_text::About;
use crate::commands::{find, hooks};
use crate::context::{Context, Office};
use crate::domain::action::Action;
use crate::domain::action::ActionKind;
use crate::domain::case::{Case, LetterKind, LetterOrder};
use crate::domain::findings;
use crate::domain::reference::Reference;
use crate::domain::scalars::At;
use crate::domain::settings::Settings;
use crate::domain::workflow::{Moment, Refusal};
use crate::error::{Error, Kind};
use crate::output::{Block, Page, Report};
use crate::store::{Change, Snapshot};

/// The action.
const KIND: ActionKind = ActionKind::Letter;

/// Makes the letter under the store's lock, of the case as it then is, and commits both. With `--dry-run` it shows the
/// difference instead. Returns the words of the letter as well.
pub fn one(
    context: &Context,
    office: &Office,
    moment: &Moment,
    kind: LetterKind,
    reference: &Reference,
    order: &LetterOrder,
) -> Result<(Report, String), Error> {
    let wanted = Wanted { context, moment, kind, reference, order };
    if context.options.dry_run {
        return planned(&wanted, office);
    }
    office
        .store
        .change_made(context.options.wait, &holder(moment, KIND), |change| recorded(&wanted, office, change))
}

fn recorded(wanted: &Wanted<'_>, office: &Office, mut change: Change<'_>) -> Result<(Report, String), Error> {
    let Wanted { context, reference, .. } = *wanted;
    let moment = &context.entering(wanted.moment)?;
    // A letter is made when it is committed, unless another time was stated.
    let mut order = wanted.order.clone();
    if order.at.0 == wanted.moment.now {
        order.at = At(moment.now);
    }
    let wanted = &Wanted { moment, order: &order, ..*wanted };
    let settings = office.settings_at(change.head())?;
    let overtaken = change.head().commit() != office.head.commit();
    let Ready { after, made, files } =
        wanted.made(change.head(), &settings).map_err(|error| match error.kind {
            // What could be done a moment ago and cannot now was overtaken by somebody else's change.
            Kind::Refused | Kind::Answers if overtaken => Error { kind: Kind::Conflict, ..error },
            _ => error,
        })?;
    files.into_iter().for_each(|(path, bytes)| change.put(&path, bytes));
    let mut about = About::case(reference, KIND, Some(after.stage), after.stage);
    about.change(&Action::Letter(vec![made.letter.clone()]), Some(&after), &after);
    let text = about.text(context, moment, &settings);
    change.index_follows(&settings);
    let commit = change.commit(&text, &context.author(moment, &settings))?;
    crate::ask::forget_draft(
        &office.store.private_dir(),
        &crate::commands::change::draft_name(moment, KIND, Some(reference)),
    );
    // A letter leaves the stage as it is.
    let next = findings::next(&after, moment.now, &settings);
    let changes = vec![hooks::of_case(&after, Some(&after), KIND, commit, next)];
    let mut report = done(&after, KIND, &commit.to_string(), moment, &settings);
    report.told = Some(hooks::told(office, moment, changes));
    let letter = &made.letter;
    report.json["letter"] = letter_json(letter);
    report.page.say(format!("letter {}: {}", letter.id, letter.path));
    let goes = format!("record that it went by `csods letter {reference} --sent {}`", letter.id);
    Ok((report.say(goes), made.text))
}

struct Wanted<'a> {
    context: &'a Context,
    moment: &'a Moment,
    kind: LetterKind,
    reference: &'a Reference,
    order: &'a LetterOrder,
}

/// The case with the letter, the letter, and the files of both.
struct Ready {
    after: Case,
    made: Made,
    files: Vec<(String, Vec<u8>)>,
}

impl Wanted<'_> {
    fn made(&self, head: &Snapshot, settings: &Settings) -> Result<Ready, Error> {
        let (_, case) = find::case(head, self.reference.as_str())?;
        let refused = |refusal: Refusal| refusal.into_error(KIND);
        let drawn = making::drawn(self.kind, &case, self.order, settings).map_err(refused)?;
        let fill = self.context.fill(self.moment, settings, Some(&case));
        let made: Made = making::make(&Sources::new(head), &drawn, &case, settings, &self.order.by, &fill)?;
        let made = [made];
        let after = making::add(&case, &made, self.moment, settings).map_err(refused)?;
        let files = making::files(&after, &made)?;
        let [made] = made;
        Ok(Ready { after, made, files })
    }
}

fn planned(wanted: &Wanted<'_>, office: &Office) -> Result<(Report, String), Error> {
    let Ready { after, made, files } = wanted.made(&office.head, &office.settings)?;
    let mut diff = String::new();
    for (path, bytes) in &files {
        diff.push_str(&unified(path, &office.head.read(path)?.unwrap_or_default(), bytes));
    }
    let json = json!({
        "version": 1, "reference": after.reference.as_str(), "action": KIND.word(), "stage": after.stage.word(),
        "commit": null, "dry_run": true, "diff": diff, "letter": letter_json(&made.letter),
    });
    let report = Report::new(json, Page(vec![Block::Verbatim(diff)])).say("dry run: nothing was changed");
    Ok((report, made.text))
}
