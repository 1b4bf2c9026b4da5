//! Who may be written to, and when: every guard with the number of its rule. [`super::outgoing`] asks them together. The
//! summary and the script are for the officers and go nowhere, so they are not asked about those.

use super::Audience;
use super::made::path_fits;
use super::outgoing::{self, Outgoing};
use crate::domain::case::*;
use crate::domain::record::Problem;
use crate::domain::settings::Settings;
use crate::domain::time::Instant;
use crate::domain::workflow::people::authoriser;
use crate::domain::workflow::rules::{applicant_gone_by_now, safe_way};

/// Whether the case has come so far that a letter of this kind can be made.
pub fn conditions(kind: LetterKind, case: &Case) -> Vec<Problem> {
    let open = case.stage < Stage::Closed;
    let social_care = |referral: &Referral| referral.to.as_str() == "social_care";
    match kind {
        LetterKind::OutcomeNoDisclosure
        | LetterKind::RepresentationsInvitation
        | LetterKind::Undertaking
        | LetterKind::DisclosureScript => decided(kind, case.decision.as_ref()),
        LetterKind::Acknowledgement | LetterKind::AgencyRequest => {
            needs(open, "stage", "S1", "the case is closed")
        }
        LetterKind::InterviewInvitation => needs(
            case.stage == Stage::Interview,
            "stage",
            "S1",
            "the case is not at the stage of the interview",
        ),
        LetterKind::NotProgressed => {
            let early = case.closure.as_ref().is_some_and(|closure| closure.reason.is_early());
            needs(early, "closure.reason", "S6", "the case was not closed for one of the reasons of S6")
        }
        LetterKind::ExtensionNotice if !open => needs(open, "stage", "S1", "the case is closed"),
        LetterKind::ExtensionNotice => needs(
            !case.extensions.is_empty(),
            "extensions",
            "C5",
            "no extension is recorded; see `csods extend`",
        ),
        LetterKind::SocialCareReferral => {
            let referred = case.referrals.iter().any(social_care);
            needs(referred, "referrals", "S4", "no referral to social_care is recorded; see `csods refer`")
        }
        LetterKind::CaseSummary => Vec::new(),
    }
}

fn needs(fits: bool, path: &'static str, rule: &'static str, what: &'static str) -> Vec<Problem> {
    (!fits).then(|| Problem::rule(path, rule, what)).into_iter().collect()
}

/// Whether a letter of this kind goes only while a certain decision stands.
pub fn follows_decision(kind: LetterKind) -> bool {
    let kinds =
        [LetterKind::OutcomeNoDisclosure, LetterKind::Undertaking, LetterKind::RepresentationsInvitation];
    kinds.contains(&kind)
}

/// Whether this decision is one that a letter of this kind follows from.
pub fn decided(kind: LetterKind, decision: Option<&Decision>) -> Vec<Problem> {
    let discloses = decision.is_some_and(|decision| decision.outcome.is_disclosure());
    match kind {
        LetterKind::OutcomeNoDisclosure => {
            let fits = decision.is_some() && !discloses;
            needs(fits, "decision.outcome", "O2", "it was not decided that there is no disclosure")
        }
        LetterKind::RepresentationsInvitation => {
            let representations = decision.and_then(|decision| decision.representations.as_ref());
            let sought = representations.is_some_and(|of| of.sought);
            let what = "the decision does not say that representations are sought";
            needs(sought, "decision.representations.sought", "D2", what)
        }
        _ => needs(discloses, "decision.outcome", "O3", "it was not decided to disclose"),
    }
}

/// A1, A2, S5, T2: whether something that is made now may go to this person in this way.
pub fn reach(case: &Case, to: &Addressee, method: Method, overriding: Option<&Overriding>) -> Vec<Problem> {
    let mut problems = reach_standing(case, to, method, overriding);
    if overriding.is_some() && !is_blocked(case, to, method) {
        problems.push(Problem::invalid("letter.overriding.rule", "nothing of this rule stands against it"));
    }
    problems
}

/// A1, A2, S5, T2: the same for a letter that was made before. A guard that was set aside for it stays so.
pub fn reach_standing(
    case: &Case,
    to: &Addressee,
    method: Method,
    overriding: Option<&Overriding>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    if is_applicant(case, to) {
        problems.extend(applicant_gone_by_now("letter.to", case));
        if problems.is_empty() {
            problems.extend(safe_way("letter.method", method, case));
            problems.extend(address(case, method));
        }
    }
    if overriding.is_none() && is_blocked(case, to, method) {
        problems.push(unaware());
    }
    problems
}

/// A2: whether a letter to this person comes to an address where somebody may not know of the application.
pub fn is_blocked(case: &Case, to: &Addressee, method: Method) -> bool {
    method == Method::Letter && to.role == AddresseeRole::Applicant && !parents_aware(case)
}

/// A2: why such a letter is refused.
pub fn unaware() -> Problem {
    let what = "a parent does not know of the application, or may not: no letter goes to that address, \
                unless the guard is set aside with a reason";
    Problem::rule("letter.overriding", "A2", what)
}

/// Whether it goes to the applicant, as such or as a recipient (R1).
pub fn is_applicant(case: &Case, to: &Addressee) -> bool {
    let recipients = case.decision.iter().flat_map(|decision| &decision.recipients);
    let mut applicants = recipients.filter(|recipient| recipient.role == RecipientRole::Applicant);
    to.role == AddresseeRole::Applicant
        || to.recipient.as_ref().is_some_and(|id| applicants.any(|applicant| applicant.id == id.0))
}

/// A2: whether every parent of every child knows.
pub fn parents_aware(case: &Case) -> bool {
    let knows =
        |child: &Child| child.parents_aware.mother == Aware::Yes && child.parents_aware.father == Aware::Yes;
    case.children.iter().all(knows)
}

/// A letter needs an address to go to.
fn address(case: &Case, method: Method) -> Option<Problem> {
    let applicant = case.applicant.as_ref()?;
    match method {
        Method::Letter if applicant.address.is_none() => Some(Problem::missing("applicant.address")),
        Method::Email if applicant.email.is_none() => Some(Problem::missing("applicant.email")),
        _ => None,
    }
}

/// Everything that stands against a letter of this kind, before it is made.
pub fn before(
    kind: LetterKind,
    case: &Case,
    to: Option<&Addressee>,
    method: Method,
    overriding: Option<&Overriding>,
    at: Instant,
    settings: &Settings,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    match to {
        None if overriding.is_some() => {
            problems.extend(conditions(kind, case));
            problems.push(Problem::invalid("letter.overriding", "nothing stands against it"));
        }
        None => problems.extend(conditions(kind, case)),
        Some(_) if !kind.methods().contains(&method) => {
            problems.extend(conditions(kind, case));
            let words: Vec<&str> = kind.methods().iter().map(|method| method.word()).collect();
            problems.push(Problem::invalid("letter.method", format!("must be one of {}", words.join(", "))));
        }
        Some(to) => {
            let outgoing = Outgoing::new(kind, to, method, overriding);
            problems.extend(outgoing::against(case, &outgoing, settings));
            let path = "letter.overriding.authorised_by";
            problems
                .extend(overriding.and_then(|aside| authoriser(path, &aside.authorised_by, at, settings)));
        }
    }
    problems
}

/// A letter that is added to a case.
pub fn letter(case: &Case, letter: &Letter, settings: &Settings) -> Vec<Problem> {
    let mut problems = stored(case, letter, settings);
    let overriding = letter.overriding.as_ref();
    let to = Some(&letter.to);
    problems.extend(before(letter.kind, case, to, letter.method, overriding, letter.at.0, settings));
    if case.letters.iter().any(|other| other.path == letter.path) {
        problems.push(Problem::invalid("letter.path", "is that of another letter"));
    }
    problems
}

/// What is true of a stored letter at any time.
pub fn stored(case: &Case, letter: &Letter, settings: &Settings) -> Vec<Problem> {
    let mut problems = Vec::new();
    if !letter.kind.is_sent() {
        let what = "is for the officers: it is neither stored nor sent";
        problems.push(Problem::rule("letter.kind", "O3", what));
    }
    if Audience::role(letter.kind.audience()).is_some_and(|role| role != letter.to.role) {
        problems.push(Problem::invalid("letter.to.role", "is not whom a letter of this kind is for"));
    }
    let day = settings.zone().day(letter.at.0);
    if !path_fits(letter.path.as_str(), &case.reference, letter.kind, day, &letter.id) {
        problems.push(Problem::invalid("letter.path", "is not where a letter of this kind and day stands"));
    }
    let sha256 = letter.sha256.as_str();
    if sha256.len() != 64 || !sha256.bytes().all(|c| c.is_ascii_digit() || (b'a'..=b'f').contains(&c)) {
        problems.push(Problem::invalid("letter.sha256", "must be 64 hexadecimal digits"));
    }
    if letter.sent.as_ref().is_some_and(|sent| sent.at.0 < letter.at.0) {
        problems.push(Problem::invalid("letter.sent.at", "lies before the letter was made"));
    }
    problems
}

/// That a letter of the case went out: once, and not before it was made. A letter that went is always recorded as sent;
/// [`outgoing::sent_unsafe`] says which should not have gone (A5).
pub fn sent(case: &Case, dispatch: &Dispatch) -> Vec<Problem> {
    let Some(letter) = case.letters.iter().find(|letter| letter.id == dispatch.letter.0) else {
        return vec![Problem::invalid("sent.letter", "is no letter of this case; see `csods letters`")];
    };
    if letter.sent.is_some() {
        return vec![Problem::rule("sent.letter", "X1", "was recorded as sent already")];
    }
    let early = dispatch.at.0 < letter.at.0;
    let early = early.then(|| Problem::invalid("sent.at", "lies before the letter was made"));
    early.into_iter().collect()
}
