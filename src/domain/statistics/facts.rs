//! What the numbers need of one case, and nothing else: no name, no address, no free text. Made from the whole case, or
//! read back from one short line, so that a year can be counted without opening a file.

use crate::domain::case::*;
use crate::domain::clocks::{ClockError, ClockName, ClockState, Dates};
use crate::domain::deadlines;
use crate::domain::scalars::PersonId;
use crate::domain::settings::{Settings, THIRD_PARTY};
use crate::domain::time::Instant;

/// A disclosure that was made (O4), and on which decision (O1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Made {
    /// When.
    pub at: Instant,
    /// Whether on a conviction for child sexual offences, cautions, reprimands and final warnings among them (D5).
    pub conviction: bool,
}

/// What the numbers need of one case. What was done once counts as done, also where the case was sent back later and
/// its record set aside (S1, C6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The route by which it came in; a change of route (T3) does not move it.
    pub route: Route,
    /// By which channel.
    pub channel: Channel,
    /// When it was received.
    pub received: Instant,
    /// The stage it is at.
    pub stage: Stage,
    /// Who looks after it.
    pub owner: Option<PersonId>,
    /// When it first passed the screening.
    pub screened: Option<Instant>,
    /// When the applicant was first interviewed.
    pub interviewed: Option<Instant>,
    /// Whether the latest interview recorded that the applicant is a third party (I1).
    pub third_party: bool,
    /// When it was first assessed.
    pub assessed: Option<Instant>,
    /// Whether the latest assessment says that the subject is a registered sex offender.
    pub registered: bool,
    /// The latest decision: when, and what (O1).
    pub decided: Option<(Instant, DecisionOutcome)>,
    /// Whether that decision still stands: it was not set aside.
    pub decision_stands: bool,
    /// Every disclosure that was made, in the order of the file.
    pub disclosures: Vec<Made>,
    /// When each urgent action was taken (S3).
    pub urgent: Vec<Instant>,
    /// When each referral was made (S4, S8).
    pub referrals: Vec<Instant>,
    /// When each extension was authorised (C5).
    pub extensions: Vec<Instant>,
    /// When the applicant withdrew or could not be reached (S5).
    pub withdrawn: Option<Instant>,
    /// When it went on under the right to know (T3).
    pub rerouted: Option<Instant>,
    /// When each return to an earlier stage was made (S1).
    pub reopened: Vec<Instant>,
    /// When and why it was closed, where it is closed (O6).
    pub closed: Option<(Instant, ClosureReason)>,
    /// Its clocks, in the order of [`ClockName::ALL`].
    pub clocks: [Dates; 3],
}

impl Facts {
    /// The facts of a case. An error where a clock of it cannot be counted (C7).
    pub fn of(case: &Case, settings: &Settings) -> Result<Facts, ClockError> {
        let dates = deadlines::dates(case, settings)?;
        let [checks, interview, whole] = dates[..] else {
            return Err(ClockError::Rule(Vec::new()));
        };
        let aside: Vec<&SetAside> =
            case.reopened.iter().filter_map(|reopening| reopening.set_aside.as_ref()).collect();
        let screenings = aside.iter().filter_map(|aside| aside.screening.as_ref()).chain(&case.screening);
        let interviews = || aside.iter().filter_map(|aside| aside.interview.as_ref()).chain(&case.interview);
        let assessments =
            || aside.iter().filter_map(|aside| aside.assessment.as_ref()).chain(&case.assessment);
        let decisions = aside.iter().filter_map(|aside| aside.decision.as_ref()).chain(&case.decision);
        Ok(Facts {
            route: case.rerouted.first().and_then(|first| first.route_before).unwrap_or(case.route),
            channel: case.received.channel,
            received: case.received.at.0,
            stage: case.stage,
            owner: case.owner.clone(),
            screened: screenings.filter(|screening| screening.within_scheme).map(|s| s.at.0).min(),
            interviewed: interviews().map(|interview| interview.at.0).min(),
            third_party: interviews()
                .last()
                .is_some_and(|interview| interview.relationship_proof.as_str() == THIRD_PARTY),
            assessed: assessments().map(|assessment| assessment.at.0).min(),
            registered: assessments().last().is_some_and(|assessment| assessment.registered_sex_offender),
            decided: decisions.last().map(|decision| (decision.at.0, decision.outcome)),
            decision_stands: case.decision.is_some(),
            disclosures: made(case, &aside),
            urgent: case.urgent.iter().map(|urgent| urgent.at.0).collect(),
            referrals: case.referrals.iter().map(|referral| referral.at.0).collect(),
            extensions: case.extensions.iter().map(|extension| extension.at.0).collect(),
            withdrawn: case.withdrawal.as_ref().map(|withdrawal| withdrawal.at.0),
            rerouted: case.rerouted.first().map(|rerouting| rerouting.at.0),
            reopened: case.reopened.iter().map(|reopening| reopening.at.0).collect(),
            closed: case.closure.as_ref().map(|closure| (closure.at.0, closure.reason)),
            clocks: [checks, interview, whole],
        })
    }

    /// When it was complete: everybody told who was to be told, or where nobody was, the case closed. The moment at
    /// which the clock of the whole case is met.
    pub fn completed(&self) -> Option<Instant> {
        self.clocks[ClockName::Whole as usize].met_at
    }

    /// From the first thing that happened, its receipt, to the last.
    pub fn span(&self) -> (Instant, Instant) {
        let once =
            [self.screened, self.interviewed, self.assessed, self.withdrawn, self.rerouted, self.completed()];
        let ends = [self.decided.map(|(at, _)| at), self.closed.map(|(at, _)| at)];
        let many = [&self.urgent, &self.referrals, &self.extensions, &self.reopened];
        let many = many.into_iter().flatten().copied().chain(self.disclosures.iter().map(|made| made.at));
        let all = once.into_iter().chain(ends).flatten().chain(many).chain([self.received]);
        let first = all.clone().min().unwrap_or(self.received);
        (first, all.max().unwrap_or(self.received))
    }

    /// How a clock stands at `now`.
    pub fn clock(&self, name: ClockName, now: Instant) -> ClockState {
        self.clocks[name as usize].at(now).state
    }
}

/// The disclosures that were made, those of decisions set aside included: what was told cannot be taken back. One that
/// was refused at the undertaking and not made is none (O4).
fn made(case: &Case, aside: &[&SetAside]) -> Vec<Made> {
    let told =
        |disclosure: &&Disclosure| disclosure.undertaking.result != UndertakingResult::RefusedNotDisclosed;
    let of = |disclosures: &[Disclosure], decision: Option<&Decision>| -> Vec<Made> {
        let conviction = decision.is_some_and(|decision| decision.outcome == DecisionOutcome::Disclose);
        disclosures.iter().filter(told).map(|made| Made { at: made.at.0, conviction }).collect()
    };
    let earlier = aside.iter().flat_map(|aside| of(&aside.disclosures, aside.decision.as_ref()));
    earlier.chain(of(&case.disclosures, case.decision.as_ref())).collect()
}
