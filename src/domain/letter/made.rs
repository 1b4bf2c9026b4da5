//! A letter as it is stored: a few lines that say what it is, then its words in Markdown. The same case, template and
//! day give the same bytes.

use sha2::{Digest, Sha256};

use super::addressee::window;
use super::engine::{self, Fault};
use super::facts::Ground;
use super::language;
use crate::domain::case::{LetterKind, Method};
use crate::domain::reference::Reference;
use crate::domain::scalars::ItemId;
use crate::domain::time::Day;

/// The built-in templates, in English.
const BUILT_IN: &[(LetterKind, &str)] = &[
    (LetterKind::Acknowledgement, include_str!("../../../templates/acknowledgement.md")),
    (LetterKind::InterviewInvitation, include_str!("../../../templates/interview_invitation.md")),
    (LetterKind::NotProgressed, include_str!("../../../templates/not_progressed.md")),
    (LetterKind::OutcomeNoDisclosure, include_str!("../../../templates/outcome_no_disclosure.md")),
    (LetterKind::ExtensionNotice, include_str!("../../../templates/extension_notice.md")),
    (LetterKind::AgencyRequest, include_str!("../../../templates/agency_request.md")),
    (LetterKind::SocialCareReferral, include_str!("../../../templates/social_care_referral.md")),
    (LetterKind::RepresentationsInvitation, include_str!("../../../templates/representations_invitation.md")),
    (LetterKind::Undertaking, include_str!("../../../templates/undertaking.md")),
    (LetterKind::DisclosureScript, include_str!("../../../templates/disclosure_script.md")),
    (LetterKind::CaseSummary, include_str!("../../../templates/case_summary.md")),
];

/// The built-in template of a kind.
pub fn built_in(kind: LetterKind) -> &'static str {
    BUILT_IN.iter().find(|(of, _)| *of == kind).map_or("", |(_, source)| source)
}

/// Makes the letter: the bytes of its file.
pub fn make(
    kind: LetterKind,
    source: &str,
    ground: &Ground<'_>,
    method: Method,
) -> Result<String, Vec<Fault>> {
    let body = engine::render(kind, source, ground)?;
    let letterhead = ground.settings.letterhead();
    let title = body.lines().next().unwrap_or_default().trim_start_matches("# ").to_owned();
    let mut text = String::from("---\n");
    let mut say = |key: &str, value: &str| {
        let value: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        text.push_str(&format!("{key}: {}\n", value.trim()));
    };
    say("kind", kind.word());
    say("language", ground.language);
    say("title", &title);
    if let Some(marking) = kind.marking(&letterhead) {
        say("marking", marking);
    }
    say("reference", ground.case.reference.as_str());
    say("date", &ground.day().to_string());
    letterhead.sender.iter().chain(&letterhead.address).for_each(|line| say("from", line));
    let (phone, email) = language::contact(ground.language);
    say("from", &format!("{phone}: {}", letterhead.phone));
    if let Some(address) = &letterhead.email {
        say("from", &format!("{email}: {address}"));
    }
    window(ground, method).iter().for_each(|line| say("to", line));
    text.push_str("---\n\n");
    text.push_str(&body);
    Ok(text)
}

/// The address lines of a letter's file, as it was made.
pub fn addressed(file: &str) -> Vec<String> {
    let head = file.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
    let lines = head.into_iter().flat_map(|(head, _)| head.lines());
    lines.filter_map(|line| line.strip_prefix("to: ")).map(str::to_owned).collect()
}

/// The SHA-256 of a letter's file, in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The folder of a case's letters.
pub fn folder(reference: &Reference) -> String {
    let path = reference.case_path();
    let path = path.strip_prefix("cases/").unwrap_or(&path);
    format!("letters/{}", path.strip_suffix(".yaml").unwrap_or(path))
}

/// The file of a new letter. Its id is in the name, so that no two letters ever have one file, also where they are made
/// in two copies of a store.
pub fn path(reference: &Reference, kind: LetterKind, day: Day, id: &ItemId) -> String {
    format!("{}/{day}-{kind}-{}.md", folder(reference), id.as_str())
}

/// Whether a path is one that a letter of this kind, day and id can have. Older letters have no id in their names: the
/// first of a kind and day has nothing there, a later one a number.
pub fn path_fits(path: &str, reference: &Reference, kind: LetterKind, day: Day, id: &ItemId) -> bool {
    let base = format!("{}/{day}-{kind}", folder(reference));
    let Some(rest) = path.strip_prefix(&base).and_then(|rest| rest.strip_suffix(".md")) else {
        return false;
    };
    let number =
        |rest: &str| rest.parse::<u32>().is_ok_and(|number| number > 1 && number.to_string() == rest);
    rest.is_empty() || rest.strip_prefix('-').is_some_and(|rest| rest == id.as_str() || number(rest))
}
