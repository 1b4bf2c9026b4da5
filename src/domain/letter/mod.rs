//! Letters: what each kind is, who may get it, when it may be made, and which facts of a case it may see.
//!
//! A kind declares its facts in [`LetterKind::facts`]; the [`engine`] gives a template those and no others, whoever wrote
//! the template. What a letter must never say (O2, O3) it cannot say, because it never sees it. [`guards`] hold who may be
//! written to, [`outgoing`] asks them of everything that is to go out, [`due`] says what should have gone out.

pub mod addressee;
pub mod due;
pub mod engine;
pub mod facts;
pub mod guards;
pub mod language;
pub mod made;
mod officers;
pub mod outgoing;
mod scan;

#[cfg(test)]
#[path = "../../../tests/fuzz/template.rs"]
mod fuzz;
#[cfg(test)]
mod tests;

pub use engine::as_typed;
pub use facts::Fact;

use super::case::{AddresseeRole, LetterKind, Method};
use super::settings::Letterhead;

/// For whom a kind of letter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The applicant.
    Applicant,
    /// A recipient of the decision.
    Recipient,
    /// The subject.
    Subject,
    /// A partner agency.
    Agency,
    /// The officers of the unit. Such a letter is never stored and never sent.
    Officers,
}

impl Audience {
    /// Whether it is a member of the public.
    pub fn is_public(self) -> bool {
        matches!(self, Audience::Applicant | Audience::Recipient | Audience::Subject)
    }

    /// The role that its letters go to; `None` for what is not sent.
    pub fn role(self) -> Option<AddresseeRole> {
        match self {
            Audience::Applicant => Some(AddresseeRole::Applicant),
            Audience::Recipient => Some(AddresseeRole::Recipient),
            Audience::Subject => Some(AddresseeRole::Subject),
            Audience::Agency => Some(AddresseeRole::Agency),
            Audience::Officers => None,
        }
    }

    /// In words.
    pub fn meaning(self) -> &'static str {
        match self {
            Audience::Applicant => "the applicant",
            Audience::Recipient => "a recipient",
            Audience::Subject => "the subject",
            Audience::Agency => "a partner agency",
            Audience::Officers => "the officers",
        }
    }
}

/// The facts that every letter may see: nothing of them is about anybody's case.
const EVERY: &[Fact] =
    &[Fact::Reference, Fact::Date, Fact::Force, Fact::Unit, Fact::Phone, Fact::Email, Fact::Hours];

impl LetterKind {
    /// For whom it is.
    pub fn audience(self) -> Audience {
        match self {
            LetterKind::Acknowledgement
            | LetterKind::InterviewInvitation
            | LetterKind::NotProgressed
            | LetterKind::OutcomeNoDisclosure
            | LetterKind::ExtensionNotice => Audience::Applicant,
            LetterKind::Undertaking => Audience::Recipient,
            LetterKind::RepresentationsInvitation => Audience::Subject,
            LetterKind::AgencyRequest | LetterKind::SocialCareReferral => Audience::Agency,
            LetterKind::DisclosureScript | LetterKind::CaseSummary => Audience::Officers,
        }
    }

    /// Whether it may be stored and sent. What is for the officers goes to the screen or a private file (O3).
    pub fn is_sent(self) -> bool {
        self.audience() != Audience::Officers
    }

    /// How it goes out, the usual way first. Representations are asked for in person, because a letter to the subject
    /// might be opened by those who must not know; an undertaking is signed where the disclosure is made (O3).
    pub fn methods(self) -> &'static [Method] {
        match self.audience() {
            Audience::Applicant => &[Method::Letter, Method::Email, Method::InPerson],
            Audience::Agency => &[Method::Email, Method::Letter, Method::InPerson],
            Audience::Recipient | Audience::Subject | Audience::Officers => &[Method::InPerson],
        }
    }

    /// Its protective marking (X3).
    pub fn marking(self, letterhead: &Letterhead) -> Option<&str> {
        let marked = letterhead.mark_public || !self.audience().is_public();
        marked.then_some(letterhead.marking.as_str())
    }

    /// The file of its template, in this language; that of the built-in one is in English.
    pub fn template_path(self, language: &str) -> String {
        match language {
            "en" => format!("templates/{self}.md"),
            language => format!("templates/{self}.{language}.md"),
        }
    }

    /// The facts that a template of this kind may use (O2, O3): everything else is unknown to it.
    pub fn facts(self) -> impl Iterator<Item = Fact> + Clone {
        EVERY.iter().chain(self.own_facts()).copied()
    }

    fn own_facts(self) -> &'static [Fact] {
        match self {
            LetterKind::Acknowledgement => {
                &[Fact::Name, Fact::Received, Fact::InterviewBy, Fact::AnswerBy, Fact::Interviewed]
            }
            LetterKind::InterviewInvitation => &[Fact::Name, Fact::Received, Fact::InterviewBy],
            LetterKind::NotProgressed => &[Fact::Name, Fact::Received, Fact::EndReason],
            LetterKind::OutcomeNoDisclosure => &[Fact::Name, Fact::Received],
            LetterKind::ExtensionNotice => &[Fact::Name, Fact::Received, Fact::ExtendedTo],
            LetterKind::Undertaking => &[Fact::Name],
            LetterKind::RepresentationsInvitation => &[Fact::Name, Fact::ReplyBy],
            LetterKind::AgencyRequest => {
                &[Fact::Agency, Fact::Officer, Fact::ReplyBy, Fact::Subject, Fact::Children]
            }
            LetterKind::SocialCareReferral => &[
                Fact::Agency,
                Fact::Officer,
                Fact::Subject,
                Fact::Children,
                Fact::ReferredOn,
                Fact::ReferralReason,
                Fact::CrimeOrBreach,
                Fact::UrgentActions,
            ],
            LetterKind::DisclosureScript => {
                &[Fact::Officer, Fact::Subject, Fact::Children, Fact::Recipients, Fact::FormOfWords]
            }
            LetterKind::CaseSummary => &[
                Fact::Officer,
                Fact::Received,
                Fact::Channel,
                Fact::Route,
                Fact::Stage,
                Fact::Applicant,
                Fact::Subject,
                Fact::Children,
                Fact::Concern,
                Fact::Clocks,
                Fact::Warnings,
                Fact::Checks,
                Fact::UrgentActions,
                Fact::Referrals,
                Fact::Screening,
                Fact::Interview,
                Fact::Assessment,
                Fact::Decision,
                Fact::Disclosures,
                Fact::Ending,
            ],
        }
    }
}
