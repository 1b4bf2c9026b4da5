//! Which letters should have gone out and have not: the acknowledgement, the notice of an extension that the applicant
//! was to be told of by letter, and the outcome where there is no disclosure. Only letters that may go at all: where the
//! applicant is reached by telephone, none is due (A1). One that was made and may not go out any more is held (A5).

use super::guards;
use super::outgoing::{Addressed, Standing};
use crate::domain::case::*;
use crate::domain::record::Problem;
use crate::domain::scalars::ItemId;
use crate::domain::settings::Settings;
use crate::domain::time::{Day, Instant};

/// A letter that should have gone out.
#[derive(Debug, Clone, PartialEq)]
pub struct Due {
    /// Which kind.
    pub kind: LetterKind,
    /// Since which day.
    pub since: Day,
    /// How it goes.
    pub method: Method,
    /// How it stands.
    pub state: State,
}

/// How a letter that is due stands.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// It can be made now.
    ToMake,
    /// It was made, and is not recorded as sent.
    ToSend(ItemId),
    /// Somebody must decide or answer something first; the letter, where it was made already.
    Held(Option<ItemId>, Vec<Problem>),
}

/// The kinds that become due by themselves, in the order of the work.
const KINDS: [LetterKind; 3] =
    [LetterKind::Acknowledgement, LetterKind::ExtensionNotice, LetterKind::OutcomeNoDisclosure];

/// The letters of a case that are due at `now`; `addressed` has the addresses of those that were made.
pub fn due(case: &Case, addressed: &Addressed, now: Instant, settings: &Settings) -> Vec<Due> {
    let today = settings.zone().day(now);
    let mut found = Vec::new();
    for kind in KINDS {
        let Some((since, cause)) = wanted(kind, case, settings).filter(|(since, _)| *since <= today) else {
            continue;
        };
        let made = case.letters.iter().rfind(|letter| letter.kind == kind && letter.at.0 >= cause);
        let made = made.map(|letter| (letter, Standing::of(case, letter, addressed, settings)));
        let due = match made {
            Some((_, Standing::Sent)) => None,
            Some((letter, Standing::ToSend)) => Some((letter.method, State::ToSend(letter.id.clone()))),
            // One that may go takes its place.
            Some((letter, Standing::Held(problems))) => match unmade(kind, case, now, settings) {
                Some((method, State::ToMake)) => Some((method, State::ToMake)),
                _ => Some((letter.method, State::Held(Some(letter.id.clone()), problems))),
            },
            None => unmade(kind, case, now, settings),
        };
        found.extend(due.map(|(method, state)| Due { kind, since, method, state }));
    }
    found
}

/// Whether a letter of this kind can be made, and how it goes; `None` where nothing written may reach the applicant.
fn unmade(kind: LetterKind, case: &Case, now: Instant, settings: &Settings) -> Option<(Method, State)> {
    let method = method(case)?;
    let to = Addressee { role: AddresseeRole::Applicant, recipient: None, agency: None };
    let state = match guards::before(kind, case, Some(&to), method, None, now, settings) {
        problems if problems.is_empty() => State::ToMake,
        problems => State::Held(None, problems),
    };
    Some((method, state))
}

/// A1, S5, T2: the way in which something written may reach the applicant; `None` where nothing written may.
fn method(case: &Case) -> Option<Method> {
    let asks = case.route == Route::RightToAsk && case.withdrawal.is_none();
    let safe = &case.applicant.as_ref().filter(|_| asks)?.safe_contact;
    match safe.method {
        _ if safe.letters => Some(Method::Letter),
        Method::Email => Some(Method::Email),
        _ => None,
    }
}

/// Since which day a letter of this kind is due, and the moment of what it is about.
fn wanted(kind: LetterKind, case: &Case, settings: &Settings) -> Option<(Day, Instant)> {
    let day = |at: Instant| settings.zone().day(at);
    match kind {
        LetterKind::Acknowledgement if case.stage <= Stage::Interview => {
            let received = case.received.at.0;
            Some((day(received).plus(settings.letterhead().acknowledge_days), received))
        }
        LetterKind::ExtensionNotice if case.stage < Stage::Closed => {
            let extension = case.extensions.last()?;
            let told = &extension.applicant_told;
            let in_writing = told.told && matches!(told.method, Some(Method::Letter | Method::Email));
            in_writing.then(|| (day(extension.at.0), extension.at.0))
        }
        LetterKind::OutcomeNoDisclosure if case.stage == Stage::Outcome => {
            let decision = case.decision.as_ref().filter(|decision| !decision.outcome.is_disclosure())?;
            let otherwise = case
                .informed
                .as_ref()
                .is_some_and(|informed| !matches!(informed.method, Method::Letter | Method::Email));
            (!otherwise).then(|| (day(decision.at.0), decision.at.0))
        }
        _ => None,
    }
}
