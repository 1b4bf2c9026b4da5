//! What is counted, each with its definition in words (N1-N3). The words are part of the number: whoever reads it later
//! has nothing else to tell what was counted.

use super::facts::Facts;
use super::period::Basis;
use crate::choice;
use crate::domain::case::{ClosureReason, DecisionOutcome, Route};
use crate::domain::clocks::{ClockName, ClockState};
use crate::domain::time::{Instant, Zone};

choice! {
    /// The parts of a table of numbers.
    pub enum Section {
        Return = "yearly_return" => "The yearly return",
        Course = "course" => "How far they came",
        Decisions = "decisions" => "Decisions and disclosures",
        Along = "along_the_way" => "Along the way",
        Endings = "endings" => "How they ended",
        Time = "time_to_complete" => "Time to complete, in days",
        Clocks = "clocks" => "Clocks",
    }
}

/// A case as it is counted: its facts, with what follows from them at the moment that is counted for.
pub struct Seen<'f> {
    /// The facts.
    pub facts: &'f Facts,
    /// Local days from the day of receipt, which is day 0, to the day it was complete.
    pub days: Option<i64>,
    /// How its clocks stand, in the order of [`ClockName::ALL`].
    pub clocks: [ClockState; 3],
}

impl<'f> Seen<'f> {
    /// A case as it stands at `now`.
    pub fn new(facts: &'f Facts, now: Instant, zone: Zone) -> Seen<'f> {
        let days = |done| zone.day(done).days_since(zone.day(facts.received)).max(0);
        Seen {
            facts,
            days: facts.completed().map(days),
            clocks: [ClockName::InitialChecks, ClockName::Interview, ClockName::Whole]
                .map(|name| facts.clock(name, now)),
        }
    }

    fn took(&self, first: i64, last: i64) -> bool {
        self.days.is_some_and(|days| (first..=last).contains(&days))
    }

    fn outcome(&self) -> Option<DecisionOutcome> {
        self.facts.decided.map(|(_, outcome)| outcome)
    }
}

/// Whether a case is one of those that are counted.
pub type Fits = fn(&Seen<'_>) -> bool;

/// How a number comes about.
pub enum What {
    /// Cases for which this holds.
    Cases(Fits),
    /// Cases closed for this reason, which has not been undone.
    Closed(ClosureReason),
    /// Cases with a clock that stands so.
    Clock(ClockName, ClockState),
    /// Happenings, each at its moment.
    Happenings(fn(&Seen<'_>) -> Vec<Instant>),
    /// Days to complete: their mean, median or greatest.
    Mean,
    /// The middle one.
    Median,
    /// The greatest.
    Longest,
    /// The share that one count is of another, by their keys.
    Share(&'static str, &'static str),
}

/// A number with its name and its definition.
pub struct Measure {
    /// Its key in JSON and CSV; never changes its meaning.
    pub key: String,
    /// The part of the table it stands in.
    pub section: Section,
    /// What it is called.
    pub label: String,
    /// What exactly it is.
    pub definition: String,
    /// How it comes about.
    pub what: What,
    /// Whether it has no meaning on the right-to-know route, which has no applicant and no interview (T2).
    pub asks_only: bool,
}

impl Measure {
    /// Whether it is a number of cases or happenings, and not a time or a share.
    pub fn is_count(&self) -> bool {
        !matches!(self.what, What::Mean | What::Median | What::Longest | What::Share(..))
    }

    /// Whether it has a meaning for this route.
    pub fn means_something(&self, route: Route) -> bool {
        route == Route::RightToAsk || !self.asks_only
    }

    fn new(section: Section, key: &str, label: &str, definition: &str, what: What) -> Measure {
        let [key, label, definition] = [key, label, definition].map(str::to_owned);
        Measure { key, section, label, definition, what, asks_only: false }
    }

    fn of_applicants(self) -> Measure {
        Measure { asks_only: true, ..self }
    }
}

/// The bands of the time to complete (N2): key, label, first and last day.
pub const BANDS: [(&str, &str, Fits); 5] = [
    ("days_0_20", "0 to 20", |seen| seen.took(0, 20)),
    ("days_21_28", "21 to 28", |seen| seen.took(21, 28)),
    ("days_29_35", "29 to 35", |seen| seen.took(29, 35)),
    ("days_36_45", "36 to 45", |seen| seen.took(36, 45)),
    ("days_over_45", "over 45", |seen| seen.took(46, i64::MAX)),
];

/// The four ways in which a clock is counted (C5): the ending of the key, the state, and the words.
pub const STANDS: [(&str, ClockState, &str, &str); 4] = [
    ("met_original", ClockState::Met, "met original", "was done by the original due date"),
    (
        "met_extended",
        ClockState::MetExtended,
        "met extended",
        "was done after the original due date and by the date of the latest extension",
    ),
    (
        "missed",
        ClockState::Missed,
        "missed",
        "was done after the original and any extended date, or was still not done after them when the case was closed or it was no longer needed",
    ),
    (
        "overdue",
        ClockState::Overdue,
        "overdue",
        "is not done in an open case, and the original and any extended date are past",
    ),
];

/// Everything that is counted on this basis, in the order in which it is printed.
pub fn measures(basis: Basis) -> Vec<Measure> {
    match basis {
        Basis::Received => received(),
        Basis::Done => done(),
    }
}

fn received() -> Vec<Measure> {
    use DecisionOutcome as D;
    use Section::*;
    use What::Cases;
    let m = Measure::new;
    let mut all = vec![
        m(Return, "received", "received", "Applications received in the period by any channel, whenever they were picked up. A right-to-know case counts on the day recorded as its receipt. Each case counts once, by the route it came in by, also where it went on by the other.", Cases(|_| true)),
        m(Return, "registered_sex_offender", "concerned registered sex offenders", "Of those received: the latest assessment says that the subject is a registered sex offender. Not yet assessed counts as no.", Cases(|seen| seen.facts.registered)),
        m(Return, "disclosed", "led to disclosure", "Of those received: at least one disclosure was made to a recipient, by now. A case counts once, however many were told. A disclosure that was not made because the undertaking was refused does not count.", Cases(|seen| !seen.facts.disclosures.is_empty())),
        m(Course, "passed_screening", "passed screening", "Of those received: a screening found the application within the scheme.", Cases(|seen| seen.facts.screened.is_some())),
        m(Course, "interviewed", "reached interview", "Of those received: the interview with the applicant was held.", Cases(|seen| seen.facts.interviewed.is_some())).of_applicants(),
        m(Course, "third_party", "third parties", "Of those interviewed: the applicant has no relationship to the child, as recorded at the latest interview.", Cases(|seen| seen.facts.third_party)).of_applicants(),
        m(Course, "third_party_share", "third-party share", "Third parties as a percentage of those interviewed.", What::Share("third_party", "interviewed")).of_applicants(),
        m(Course, "assessed", "reached assessment", "Of those received: an assessment of the risk was recorded.", Cases(|seen| seen.facts.assessed.is_some())),
        m(Course, "decided", "reached decision", "Of those received: a decision was recorded.", Cases(|seen| seen.facts.decided.is_some())),
        m(Decisions, "decided_disclose", "decided: disclose", "The latest decision is to disclose a conviction for child sexual offences; cautions, reprimands and final warnings count as convictions.", Cases(|seen| seen.outcome() == Some(D::Disclose))),
        m(Decisions, "decided_disclose_other", "decided: disclose other", "The latest decision is to disclose other convictions or intelligence.", Cases(|seen| seen.outcome() == Some(D::DiscloseOther))),
        m(Decisions, "held_not_disclosed", "held but not disclosed", "The latest decision is not to disclose, though something is held, because the three tests are not met.", Cases(|seen| seen.outcome() == Some(D::DoNotDisclose))),
        m(Decisions, "nothing_to_disclose", "nothing to disclose", "The latest decision is that nothing is held that could be disclosed.", Cases(|seen| seen.outcome() == Some(D::NothingToDisclose))),
        m(Decisions, "disclosed_conviction", "disclosed: conviction", "Led to disclosure, the latest on a decision to disclose a conviction for child sexual offences.", Cases(|seen| seen.facts.disclosures.last().is_some_and(|made| made.conviction))),
        m(Decisions, "disclosed_other", "disclosed: other", "Led to disclosure, the latest on a decision to disclose other convictions or intelligence.", Cases(|seen| seen.facts.disclosures.last().is_some_and(|made| !made.conviction))),
        m(Along, "urgent", "with urgent action", "Of those received: urgent action on an immediate risk to a child was recorded.", Cases(|seen| !seen.facts.urgent.is_empty())),
        m(Along, "referred", "with a referral", "Of those received: at least one referral to children's social care or another agency was recorded.", Cases(|seen| !seen.facts.referrals.is_empty())),
        m(Along, "extended", "with an extension", "Of those received: at least one extension of a clock was authorised.", Cases(|seen| !seen.facts.extensions.is_empty())),
        m(Along, "withdrew", "applicant left", "Of those received: it is recorded that the applicant withdrew or cannot be reached.", Cases(|seen| seen.facts.withdrawn.is_some())).of_applicants(),
        m(Along, "rerouted", "went on as right to know", "Of those received: the applicant left and the police went on under the right to know.", Cases(|seen| seen.facts.rerouted.is_some())).of_applicants(),
        m(Along, "reopened", "went back a stage", "Of those received: the case was reopened, or sent back to an earlier stage. No clock restarts.", Cases(|seen| !seen.facts.reopened.is_empty())),
        m(Endings, "open", "still open", "Of those received: not closed now.", Cases(|seen| seen.facts.closed.is_none())),
        m(Endings, "closed", "closed", "Of those received: closed now. A case closed and reopened since is open.", Cases(|seen| seen.facts.closed.is_some())),
        m(Endings, "closed_early", "closed early", "Of those closed: by one of the early endings below, without going through the scheme.", Cases(|seen| seen.facts.closed.is_some_and(|(_, reason)| reason.is_early()))),
    ];
    all.extend(endings(|reason| reason.is_early()));
    all.extend(endings(|reason| {
        let left = [
            ClosureReason::Withdrawn,
            ClosureReason::ApplicantUnreachable,
            ClosureReason::SafeguardingAction,
        ];
        left.contains(&reason)
    }));
    all.extend(time("Of those received: everybody has been told who was to be told, or, where nobody was, the case is closed. Counted from the day of receipt, which is day 0, to that day, in local calendar days; nothing pauses it."));
    all.extend(clocks());
    all
}

fn endings(wanted: fn(ClosureReason) -> bool) -> impl Iterator<Item = Measure> {
    ClosureReason::ALL.iter().copied().filter(move |&reason| wanted(reason)).map(|reason| {
        let (key, label) =
            (format!("closed_{reason}"), format!("closed: {}", reason.word().replace('_', " ")));
        let definition = format!("Of those closed: for the reason \"{}\".", reason.meaning());
        let left = [ClosureReason::Withdrawn, ClosureReason::ApplicantUnreachable].contains(&reason);
        let measure = Measure::new(Section::Endings, &key, &label, &definition, What::Closed(reason));
        Measure { asks_only: left, ..measure }
    })
}

/// The time to complete: of how many, the bands, and what follows from them.
fn time(complete: &str) -> Vec<Measure> {
    let m = |key: &str, label: &str, words: &str, what| Measure::new(Section::Time, key, label, words, what);
    let mut all = vec![m("completed", "complete", complete, What::Cases(|seen| seen.days.is_some()))];
    for (key, label, fits) in BANDS {
        let words = format!("Complete in {label} days.");
        all.push(m(key, &format!("in {label} days"), &words, What::Cases(fits)));
    }
    let over = |seen: &Seen<'_>| seen.took(29, i64::MAX);
    all.push(m("over_28", "in over 28 days", "Complete in more than 28 days.", What::Cases(over)));
    all.push(m(
        "mean_days",
        "mean",
        "The days of all that are complete, added up and divided by their number.",
        What::Mean,
    ));
    all.push(m(
        "median_days",
        "median",
        "The days of the middle one of those complete, by length; between two middle ones, halfway.",
        What::Median,
    ));
    all.push(m(
        "longest_days",
        "longest",
        "The days of the one of those complete that took longest.",
        What::Longest,
    ));
    all
}

fn clocks() -> impl Iterator<Item = Measure> {
    ClockName::ALL.iter().flat_map(|&name| {
        let done = match name {
            ClockName::InitialChecks => "the screening",
            ClockName::Interview => "the interview",
            ClockName::Whole => "the whole case",
        };
        STANDS.map(|(ending, state, label, words)| {
            let (key, label) = (format!("{name}_{ending}"), format!("{}: {label}", name.meaning()));
            let definition =
                format!("Of those received: {done} {words}. By the clock rules the case started on.");
            let measure = Measure::new(Section::Clocks, &key, &label, &definition, What::Clock(name, state));
            Measure { asks_only: name == ClockName::Interview, ..measure }
        })
    })
}

fn done() -> Vec<Measure> {
    use Section::*;
    use What::Happenings;
    let m = Measure::new;
    let mut all = vec![
        m(
            Return,
            "received",
            "received",
            "Applications received in the period by any channel.",
            Happenings(|seen| vec![seen.facts.received]),
        ),
        m(
            Course,
            "screened_in",
            "passed screening",
            "Cases whose first screening within the scheme was made in the period.",
            Happenings(|seen| seen.facts.screened.into_iter().collect()),
        ),
        m(
            Course,
            "interviews",
            "interviews",
            "Cases whose first interview was held in the period.",
            Happenings(|seen| seen.facts.interviewed.into_iter().collect()),
        )
        .of_applicants(),
        m(
            Course,
            "assessments",
            "assessments",
            "Cases whose first assessment was recorded in the period.",
            Happenings(|seen| seen.facts.assessed.into_iter().collect()),
        ),
        m(
            Decisions,
            "decisions",
            "decisions",
            "Cases whose latest decision was made in the period.",
            Happenings(|seen| seen.facts.decided.map(|(at, _)| at).into_iter().collect()),
        ),
        m(
            Decisions,
            "disclosures",
            "disclosures",
            "Disclosures made in the period, each recipient told counting as one.",
            Happenings(|seen| seen.facts.disclosures.iter().map(|made| made.at).collect()),
        ),
        m(
            Decisions,
            "disclosures_conviction",
            "disclosures: conviction",
            "Disclosures on a decision to disclose a conviction for child sexual offences; cautions, reprimands and final warnings count as convictions.",
            Happenings(|seen| {
                seen.facts.disclosures.iter().filter(|made| made.conviction).map(|made| made.at).collect()
            }),
        ),
        m(
            Decisions,
            "disclosures_other",
            "disclosures: other",
            "Disclosures on a decision to disclose other convictions or intelligence.",
            Happenings(|seen| {
                seen.facts.disclosures.iter().filter(|made| !made.conviction).map(|made| made.at).collect()
            }),
        ),
        m(
            Along,
            "urgent_actions",
            "urgent actions",
            "Urgent actions on an immediate risk to a child taken in the period; a case may have several.",
            Happenings(|seen| seen.facts.urgent.clone()),
        ),
        m(
            Along,
            "referrals",
            "referrals",
            "Referrals made in the period to children's social care or another agency; a case may have several.",
            Happenings(|seen| seen.facts.referrals.clone()),
        ),
        m(
            Along,
            "extensions",
            "extensions",
            "Extensions of a clock authorised in the period; a case may have several.",
            Happenings(|seen| seen.facts.extensions.clone()),
        ),
        m(
            Along,
            "withdrawals",
            "applicants who left",
            "Applicants who withdrew or could not be reached, by the day recorded.",
            Happenings(|seen| seen.facts.withdrawn.into_iter().collect()),
        )
        .of_applicants(),
        m(
            Along,
            "returns",
            "returns to a stage",
            "Returns to an earlier stage made in the period, of closed and of open cases.",
            Happenings(|seen| seen.facts.reopened.clone()),
        ),
        m(
            Endings,
            "closures",
            "closed",
            "Cases closed in the period and not reopened since.",
            Happenings(|seen| seen.facts.closed.map(|(at, _)| at).into_iter().collect()),
        ),
    ];
    all.extend(time("Cases that became complete in the period: everybody was told who was to be told, or, where nobody was, the case was closed. Counted from the day of receipt, which is day 0, to that day, in local calendar days; nothing pauses it."));
    all
}
