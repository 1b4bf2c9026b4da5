//! Who may be written to, and when: every guard with the number of its rule. Nothing that these refuse is ever rendered
//! for sending; the summary and the script for the officers pass them by, because they go nowhere.

use super::Audience;
use super::made::path_fits;
use crate::domain::case::*;
use crate::domain::record::Problem;
use crate::domain::settings::Settings;
use crate::domain::time::Instant;
use crate::domain::workflow::people::authoriser;
use crate::domain::workflow::rules::{applicant_gone, safe_way};

/// Whether the case has come so far that a letter of this kind can be made.
pub fn conditions(kind: LetterKind, case: &Case) -> Vec<Problem> {
    let open = case.stage < Stage::Closed;
    let decision = case.decision.as_ref();
    let discloses = decision.is_some_and(|decision| decision.outcome.is_disclosure());
    let sought = decision.and_then(|decision| decision.representations.as_ref()).is_some_and(|of| of.sought);
    let social_care = |referral: &Referral| referral.to.as_str() == "social_care";
    let needs = |fits: bool, path: &'static str, rule: &'static str, what: &'static str| {
        (!fits).then(|| Problem::rule(path, rule, what)).into_iter().collect()
    };
    match kind {
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
        LetterKind::OutcomeNoDisclosure => {
            let fits = decision.is_some() && !discloses;
            needs(fits, "decision.outcome", "O2", "it was not decided that there is no disclosure")
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
        LetterKind::RepresentationsInvitation => {
            let what = "the decision does not say that representations are sought";
            needs(sought, "decision.representations.sought", "D2", what)
        }
        LetterKind::Undertaking | LetterKind::DisclosureScript => {
            needs(discloses, "decision.outcome", "O3", "it was not decided to disclose")
        }
        LetterKind::CaseSummary => Vec::new(),
    }
}

/// A1, A2, S5, T2: whether a letter may go to this person in this way.
pub fn reach(
    case: &Case,
    to: &Addressee,
    method: Method,
    overriding: Option<&Overriding>,
    at: Instant,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    if is_applicant(case, to) {
        problems.extend(applicant_gone("letter.to", case, at));
        if problems.is_empty() {
            problems.extend(safe_way("letter.method", method, case));
            problems.extend(address(case, method));
        }
    }
    let unaware = method == Method::Letter && to.role == AddresseeRole::Applicant && !parents_aware(case);
    match overriding {
        None if unaware => {
            let what = "a parent does not know of the application, or may not: no letter goes to that address, \
                        unless the guard is set aside with a reason";
            problems.push(Problem::rule("letter.overriding", "A2", what));
        }
        None => {}
        Some(_) if !unaware => {
            problems
                .push(Problem::invalid("letter.overriding.rule", "nothing of this rule stands against it"));
        }
        Some(_) => {}
    }
    problems
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
    let mut problems = conditions(kind, case);
    match to {
        None if overriding.is_some() => {
            problems.push(Problem::invalid("letter.overriding", "nothing stands against it"));
        }
        None => {}
        Some(_) if !kind.methods().contains(&method) => {
            let words: Vec<&str> = kind.methods().iter().map(|method| method.word()).collect();
            problems.push(Problem::invalid("letter.method", format!("must be one of {}", words.join(", "))));
        }
        Some(to) => {
            problems.extend(reach(case, to, method, overriding, at));
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

/// That a letter of the case went out: once, not before it was made, and only where it may still go (A1, A2, S5). A
/// letter that follows from the decision goes only while that decision stands.
pub fn sent(case: &Case, dispatch: &Dispatch) -> Vec<Problem> {
    let Some(letter) = case.letters.iter().find(|letter| letter.id == dispatch.letter.0) else {
        return vec![Problem::invalid("sent.letter", "is no letter of this case; see `csods letters`")];
    };
    if letter.sent.is_some() {
        return vec![Problem::rule("sent.letter", "X1", "was recorded as sent already")];
    }
    let mut problems = Vec::new();
    if dispatch.at.0 < letter.at.0 {
        problems.push(Problem::invalid("sent.at", "lies before the letter was made"));
    }
    let decided = matches!(
        letter.kind,
        LetterKind::OutcomeNoDisclosure | LetterKind::Undertaking | LetterKind::RepresentationsInvitation
    );
    if decided {
        problems.extend(conditions(letter.kind, case));
    }
    let overriding = letter.overriding.as_ref();
    problems.extend(reach(case, &letter.to, letter.method, overriding, dispatch.at.0));
    problems
}
