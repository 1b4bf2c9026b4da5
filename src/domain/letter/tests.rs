//! Letters of the example cases, which show every stage and every ending.

mod due;
mod engine;
mod guards;
mod outgoing;
mod pages;
mod secrecy;

use super::facts::Ground;
use super::{addressee, made};
use crate::commands::demo;
use crate::domain::case::*;
use crate::domain::scalars::Name;
use crate::domain::settings::Settings;
use crate::domain::time::Instant;
use crate::store::files;

/// When the example cases are looked at.
pub(super) const NOW: &str = "2026-03-20T12:00:00Z";

pub(super) fn now() -> Instant {
    NOW.parse().unwrap()
}

/// The settings of the example cases.
pub(super) fn settings() -> Settings {
    let text = include_str!("../../../cases.example/csods.toml");
    Settings { file: files::read_settings(text.as_bytes()).unwrap(), calendars: Vec::new() }
}

/// Every example case.
pub(super) fn cases() -> Vec<Case> {
    demo::examples().map(|text| files::read_case(text.as_bytes()).unwrap()).collect()
}

/// The example case whose reference has this in it.
pub(super) fn case(part: &str) -> Case {
    cases().into_iter().find(|case| case.reference.as_str().contains(part)).unwrap()
}

/// An example case of which a letter of this kind can be made.
pub(super) fn case_for(kind: LetterKind) -> Case {
    let part = match kind {
        LetterKind::Acknowledgement | LetterKind::InterviewInvitation => "CKFQ9E",
        LetterKind::NotProgressed => "ZR7AHE",
        LetterKind::OutcomeNoDisclosure => "HWY1SG",
        LetterKind::ExtensionNotice => "7AQVZZ",
        LetterKind::AgencyRequest => "K4BMWJ",
        LetterKind::SocialCareReferral => "3PEGC0",
        LetterKind::RepresentationsInvitation => "2Y3TT9",
        LetterKind::Undertaking | LetterKind::DisclosureScript | LetterKind::CaseSummary => "PK9SR4",
    };
    case(part)
}

/// Whom a letter goes to where nobody else is named.
pub(super) fn to(kind: LetterKind, case: &Case) -> Option<Addressee> {
    let health = Name::new("health").unwrap();
    let named = (kind == LetterKind::AgencyRequest).then_some(&health);
    addressee::addressee(kind, case, named, &settings()).unwrap()
}

/// The file of a letter in the usual way, whatever stands against it.
pub(super) fn letter(kind: LetterKind, case: &Case) -> String {
    let (settings, to) = (settings(), to(kind, case));
    let ground = Ground { case, settings: &settings, at: now(), to: to.as_ref(), language: "en" };
    made::make(kind, made::built_in(kind), &ground, kind.methods()[0]).unwrap()
}
