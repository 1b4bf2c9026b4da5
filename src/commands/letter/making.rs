//! From a case and a template to a letter, and the files that hold both.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::{Value, json};

use crate::domain::action::Action;
use crate::domain::case::{Addressee, Case, Letter, LetterKind, LetterOrder, Method, Overriding};
use crate::domain::letter::engine::{Fault, Wrong};
use crate::domain::letter::facts::Ground;
use crate::domain::letter::outgoing::{Addressed, Standing};
use crate::domain::letter::{addressee, guards, made};
use crate::domain::record::Problem;
use crate::domain::scalars::{At, By, Fill, Line, Name};
use crate::domain::settings::Settings;
use crate::domain::time::Instant;
use crate::domain::workflow::{Moment, Refusal, apply};
use crate::error::{Error, Kind};
use crate::output::problems_json;
use crate::store::{ObjectId, Snapshot, files};

/// A template, and where it comes from.
pub struct Template {
    /// Its file in the store, or in the program.
    pub path: String,
    /// Its text.
    pub source: String,
    /// The language of its words.
    pub language: String,
    /// Its file and version, as a letter records them.
    pub origin: String,
    /// Whether it is one that the force has changed.
    pub is_changed: bool,
}

/// The templates of a commit, each read once.
pub struct Sources<'s> {
    head: &'s Snapshot,
    read: RefCell<BTreeMap<(LetterKind, String), Rc<Template>>>,
}

impl<'s> Sources<'s> {
    /// Those of this commit.
    pub fn new(head: &'s Snapshot) -> Sources<'s> {
        Sources { head, read: RefCell::new(BTreeMap::new()) }
    }

    /// The commit.
    pub fn head(&self) -> &'s Snapshot {
        self.head
    }

    /// The template of a kind for people of this language: the force's own, in their language or in English, else the
    /// built-in one.
    pub fn template(&self, kind: LetterKind, language: &str) -> Result<Rc<Template>, Error> {
        let key = (kind, language.to_owned());
        if let Some(found) = self.read.borrow().get(&key) {
            return Ok(Rc::clone(found));
        }
        let found = Rc::new(template(self.head, kind, language)?);
        self.read.borrow_mut().insert(key, Rc::clone(&found));
        Ok(found)
    }
}

/// The template of a kind in this commit, for people of this language.
pub fn template(head: &Snapshot, kind: LetterKind, language: &str) -> Result<Template, Error> {
    for language in [language, "en"] {
        let path = kind.template_path(language);
        if let Some(blob) = head.blob(&path)? {
            let source = String::from_utf8(head.read_blob(blob)?).map_err(|_| {
                Error::new(Kind::Damaged, "the template is not text in UTF-8").place(path.clone())
            })?;
            let origin = format!("{path}@{blob}");
            return Ok(Template { path, source, language: language.to_owned(), origin, is_changed: true });
        }
    }
    let source = made::built_in(kind);
    let path = format!("built-in/{kind}.md");
    let origin = format!("{path}@{}", ObjectId::of_blob(source.as_bytes()));
    let language = "en".to_owned();
    Ok(Template { path, source: source.to_owned(), language, origin, is_changed: false })
}

/// What is to be made.
pub struct Drawn {
    /// The kind.
    pub kind: LetterKind,
    /// To whom; `None` for what is not sent.
    pub to: Option<Addressee>,
    /// How it goes to them.
    pub method: Method,
    /// The guard that is set aside for it.
    pub overriding: Option<Overriding>,
    /// When it is made.
    pub at: Instant,
}

/// What is to be made, once it is known to whom and nothing stands against it.
pub fn drawn(
    kind: LetterKind,
    case: &Case,
    order: &LetterOrder,
    settings: &Settings,
) -> Result<Drawn, Refusal> {
    let to = addressee::addressee(kind, case, order.to.as_ref(), settings)
        .map_err(|problem| Refusal::Problems(vec![problem]))?;
    let method = order.method.unwrap_or(kind.methods()[0]);
    let (overriding, at) = (order.overriding.clone(), order.at.0);
    match guards::before(kind, case, to.as_ref(), method, overriding.as_ref(), at, settings) {
        problems if problems.is_empty() => Ok(Drawn { kind, to, method, overriding, at }),
        problems => Err(Refusal::Problems(problems)),
    }
}

/// The words of a letter, and the template they were made from.
pub fn render(
    sources: &Sources<'_>,
    drawn: &Drawn,
    case: &Case,
    settings: &Settings,
) -> Result<(String, Rc<Template>), Error> {
    let spoken = case.applicant.as_ref().and_then(|applicant| applicant.language.as_ref());
    let spoken = spoken.filter(|_| drawn.to.as_ref().is_some_and(|to| guards::is_applicant(case, to)));
    let template = sources.template(drawn.kind, spoken.map_or("en", Name::as_str))?;
    let to = drawn.to.as_ref();
    let ground = Ground { case, settings, at: drawn.at, to, language: &template.language };
    let text = made::make(drawn.kind, &template.source, &ground, drawn.method)
        .map_err(|faults| faulty(&template.path, &faults))?;
    Ok((text, template))
}

/// A letter that is not yet stored: its record and its file.
pub struct Made {
    /// The record.
    pub letter: Letter,
    /// The file.
    pub text: String,
}

/// Makes a letter of a case.
pub fn make(
    sources: &Sources<'_>,
    drawn: &Drawn,
    case: &Case,
    settings: &Settings,
    by: &By,
    fill: &Fill,
) -> Result<Made, Error> {
    let (text, template) = render(sources, drawn, case, settings)?;
    let line = |text: String| {
        Line::new(text).map_err(|what| Error::new(Kind::Internal, format!("a letter's record {what}")))
    };
    let Some(to) = drawn.to.clone() else {
        return Err(Error::new(Kind::Internal, "a letter to nobody is not stored"));
    };
    let id = fill.item_id();
    let path = made::path(&case.reference, drawn.kind, settings.zone().day(drawn.at), &id);
    let letter = Letter {
        id,
        by: by.clone(),
        recorded_by: None,
        at: At(drawn.at),
        late: None,
        kind: drawn.kind,
        to,
        method: drawn.method,
        language: Name::new(template.language.as_str())
            .map_err(|what| Error::new(Kind::Internal, format!("a letter's language {what}")))?,
        path: line(path)?,
        template: line(template.origin.clone())?,
        sha256: line(made::sha256(text.as_bytes()))?,
        overriding: drawn.overriding.clone(),
        sent: None,
    };
    Ok(Made { letter, text })
}

/// The case with these letters, through the one door.
pub fn add(case: &Case, made: &[Made], moment: &Moment, settings: &Settings) -> Result<Case, Refusal> {
    let letters = made.iter().map(|made| made.letter.clone()).collect();
    apply(Some(case), &Action::Letter(letters), moment, settings)
}

/// The files of a case and its new letters.
pub fn files(case: &Case, made: &[Made]) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let mut written = vec![(case.reference.case_path(), files::write_case(case)?)];
    written.extend(made.iter().map(|made| (made.letter.path.to_string(), made.text.clone().into_bytes())));
    Ok(written)
}

/// The file of a letter that was made before: what was made then, or an error.
pub fn stored(head: &Snapshot, letter: &Letter) -> Result<String, Error> {
    let path = letter.path.as_str();
    let damaged = |what: &str| {
        Error::new(Kind::Damaged, what)
            .hint(format!("`git log -- {path}` shows what happened to it; a letter is never changed by hand"))
            .place(path)
    };
    let bytes = head.read(path)?.ok_or_else(|| damaged("the letter is not in the store's last commit"))?;
    if made::sha256(&bytes) != letter.sha256.as_str() {
        return Err(damaged("the letter is not the one that was made: its SHA-256 differs"));
    }
    String::from_utf8(bytes).map_err(|_| damaged("the letter is not text in UTF-8"))
}

/// The addresses of the letters of a case that were made for the post and are not recorded as sent.
pub fn addressed(head: &Snapshot, case: &Case) -> Result<Addressed, Error> {
    let mut addressed = Addressed::default();
    let posted = |letter: &&Letter| letter.method == Method::Letter && letter.sent.is_none();
    for letter in case.letters.iter().filter(posted) {
        match stored(head, letter) {
            Ok(file) => addressed.add(letter, Some(&file)),
            Err(error) if error.kind == Kind::Damaged => addressed.add(letter, None),
            Err(error) => return Err(error),
        }
    }
    Ok(addressed)
}

/// What is wrong with a template, as an error with its first line.
pub fn faulty(path: &str, faults: &[Fault]) -> Error {
    let problems: Vec<Problem> = faults
        .iter()
        .map(|fault| {
            let what = format!("line {}: {}", fault.line, fault.wrong);
            Problem::invalid("", what)
        })
        .collect();
    let any = |fits: fn(&Wrong) -> bool| faults.iter().any(|fault| fits(&fault.wrong));
    let (kind, what) = match () {
        () if any(|wrong| matches!(wrong, Wrong::Forbidden(_))) => {
            (Kind::Refused, "the template names what a letter of this kind may not use (O2, O3)")
        }
        () if any(|wrong| matches!(wrong, Wrong::Broken(_))) => {
            (Kind::Damaged, "the template cannot be used")
        }
        () => (Kind::Answers, "the template asks for a fact that the case does not have"),
    };
    let line = faults.first().map_or(1, |fault| fault.line);
    Error::new(kind, what)
        .hint("nothing was changed; `csods templates check` reports every problem, `csods templates show KIND` the facts")
        .place(format!("{path}:{line}"))
        .problems(problems)
}

/// A letter as JSON, and how it stands.
pub fn standing_json(letter: &Letter, standing: &Standing) -> Value {
    let mut json = letter_json(letter);
    let held = if let Standing::Held(problems) = standing { problems.as_slice() } else { &[] };
    json["state"] = json!(standing.word());
    json["held"] = problems_json(held);
    json
}

/// A letter as JSON.
pub fn letter_json(letter: &Letter) -> Value {
    json!({
        "id": letter.id.as_str(),
        "kind": letter.kind.word(),
        "at": letter.at.0.to_string(),
        "to": letter.to.role.word(),
        "recipient": letter.to.recipient.as_ref().map(|id| id.0.as_str()),
        "agency": letter.to.agency.as_ref().map(Name::as_str),
        "method": letter.method.word(),
        "language": letter.language.as_str(),
        "path": letter.path.as_str(),
        "template": letter.template.as_str(),
        "sha256": letter.sha256.as_str(),
        "sent_at": letter.sent.as_ref().map(|sent| sent.at.0.to_string()),
    })
}
