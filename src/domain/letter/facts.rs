//! The facts that letters can tell, and how each is read off a case. A template sees the facts that its kind declares, as
//! [`Value`]s; what a case does not have is [`Value::Absent`], which a template can ask for but never print.

use super::language;
use super::officers;
use crate::choice;
use crate::domain::case::*;
use crate::domain::clocks::ClockName;
use crate::domain::deadlines;
use crate::domain::scalars::{Line, Private};
use crate::domain::settings::Settings;
use crate::domain::time::{Day, Instant};

choice! {
    /// The facts, by the names that templates use.
    pub enum Fact {
        Reference = "reference" => "the reference of the case",
        Date = "date" => "the day of the letter",
        Force = "force" => "the force's name",
        Unit = "unit" => "the unit that writes",
        Phone = "phone" => "the unit's telephone number",
        Email = "email" => "the unit's e-mail address, where there is one",
        Hours = "hours" => "when the unit can be reached",
        Name = "name" => "the name of whoever the letter is for",
        Received = "received" => "the day on which the application was received",
        InterviewBy = "interview_by" => "the day by which the interview is due, while it is to come",
        Interviewed = "interviewed" => "whether the interview was held",
        AnswerBy = "answer_by" => "the day by which the whole case is due, while it is to come",
        ExtendedTo = "extended_to" => "the day to which the case was extended",
        EndReason = "end_reason" => "why it was closed early: a word of S6, such as employment_vetting",
        Agency = "agency" => "the agency's name",
        Officer = "officer" => "who looks after the case, where somebody does",
        ReplyBy = "reply_by" => "the day by which the agency, or the subject, is asked to answer",
        Subject = "subject" => "the subject: name, aliases, date_of_birth, addresses",
        Children = "children" => "each child: name, date_of_birth, address, contact",
        ReferredOn = "referred_on" => "the day of the referral",
        ReferralReason = "referral_reason" => "what is referred, and why",
        CrimeOrBreach = "crime_or_breach" => "whether a crime or a breach of conditions was found",
        UrgentActions = "urgent_actions" => "each urgent action: on, action",
        Recipients = "recipients" => "each recipient: name, role, reason",
        FormOfWords = "form_of_words" => "the exact form of words",
        Channel = "channel" => "how the application came",
        Route = "route" => "the route",
        Stage = "stage" => "the stage",
        Applicant = "applicant" => "the applicant: name, date_of_birth, address, relationship, contact, letters",
        Concern = "concern" => "the concern as received",
        Clocks = "clocks" => "each clock: name, stands, due",
        Warnings = "warnings" => "each warning, with its rule",
        Checks = "checks" => "each check: system, phase, on, result, summary, reason",
        Referrals = "referrals" => "each referral: to, on, reason",
        Screening = "screening" => "the screening: on, by, immediate_risk, within_scheme, reason",
        Interview = "interview" => "the interview: on, by, mode, concern, genuine, identity, identity_not_confirmed",
        Assessment = "assessment" => "the assessment: on, by, risk, convicted, registered, reason",
        Decision = "decision" => "the decision: on, by, outcome, the three tests, representations, consulted, recipients",
        Disclosures = "disclosures" => "each disclosure: on, by, place, undertaking, follow_up",
        Ending = "ending" => "how it ended: on, by, reason, note",
    }
}

/// The value of a fact.
#[derive(Clone, PartialEq)]
pub enum Value {
    /// The case does not have it.
    Absent,
    /// Text as it was typed.
    Text(String),
    /// Yes or no.
    Truth(bool),
    /// Several.
    List(Vec<Value>),
    /// Named parts.
    Record(Vec<(&'static str, Value)>),
}

/// What the facts of a letter are read off.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// The case.
    pub case: &'a Case,
    /// The settings.
    pub settings: &'a Settings,
    /// When the letter is made.
    pub at: Instant,
    /// To whom it goes; `None` for what is not sent.
    pub to: Option<&'a Addressee>,
    /// The language of its words.
    pub language: &'a str,
}

impl Value {
    /// Text.
    pub fn text(text: impl Into<String>) -> Value {
        Value::Text(text.into())
    }

    /// Text, or absent.
    pub fn maybe(text: Option<impl Into<String>>) -> Value {
        text.map_or(Value::Absent, Value::text)
    }

    /// What each item makes.
    pub fn list<T>(items: impl IntoIterator<Item = T>, each: impl Fn(T) -> Value) -> Value {
        Value::List(items.into_iter().map(each).collect())
    }
}

/// Never shows the fact itself: it may be a personal one.
impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if *self == Value::Absent { "(absent)" } else { "(private)" })
    }
}

impl Ground<'_> {
    /// The local day of the letter.
    pub fn day(&self) -> Day {
        self.settings.zone().day(self.at)
    }

    /// A day in the letter's language.
    pub(super) fn in_words(&self, day: Day) -> String {
        language::day(day, self.language)
    }

    /// The local day of a moment, in the letter's language.
    pub(super) fn on(&self, at: Instant) -> Value {
        Value::Text(language::date(self.settings.zone().day(at), self.language))
    }

    /// The day by which a clock is due, while the letter comes before it.
    fn due(&self, name: ClockName) -> Value {
        let readings = deadlines::brief_readings(self.case, self.at, self.settings).unwrap_or_default();
        let due =
            readings.iter().find(|reading| reading.name == name).map(|reading| reading.due_that_counts());
        let day = due.map(|due| self.settings.zone().day(due)).filter(|day| *day >= self.day());
        Value::maybe(day.map(|day| self.in_words(day)))
    }

    /// The recipient of the decision to whom the letter goes.
    pub(super) fn recipient(&self) -> Option<&Recipient> {
        let wanted = &self.to?.recipient.as_ref()?.0;
        self.case.decision.as_ref()?.recipients.iter().find(|recipient| recipient.id == *wanted)
    }

    /// The name of whoever the letter is for.
    pub fn name(&self) -> Option<String> {
        let applicant = || self.case.applicant.as_ref().map(|applicant| applicant.name.in_full());
        match self.to?.role {
            AddresseeRole::Applicant => applicant(),
            AddresseeRole::Subject => self.case.subject.name.as_ref().map(PersonName::in_full),
            AddresseeRole::Recipient => match self.recipient()? {
                recipient if recipient.role == RecipientRole::Applicant => applicant(),
                recipient => recipient.name.as_ref().map(PersonName::in_full),
            },
            AddresseeRole::Agency => self.to?.agency.as_ref().map(|agency| in_words(agency.as_str())),
        }
    }

    /// The latest referral to the agency that the letter goes to (S4).
    pub(super) fn referral(&self) -> Option<&Referral> {
        let agency = self.to?.agency.as_ref()?;
        self.case.referrals.iter().filter(|referral| referral.to == *agency).max_by_key(|of| of.at.0)
    }

    /// A fact. Which of them a letter may see is for its kind to say: see [`super::engine`].
    pub(super) fn value(&self, fact: Fact) -> Value {
        let case = self.case;
        let letterhead = || self.settings.letterhead();
        match fact {
            Fact::Reference => Value::text(case.reference.as_str()),
            Fact::Date => Value::Text(self.in_words(self.day())),
            Fact::Force => Value::text(self.settings.force.name.as_str()),
            Fact::Unit => Value::maybe(letterhead().sender.get(1).cloned()),
            Fact::Phone => Value::Text(letterhead().phone),
            Fact::Email => Value::maybe(letterhead().email),
            Fact::Hours => Value::Text(letterhead().hours),
            Fact::Name => Value::maybe(self.name()),
            Fact::Received => Value::Text(self.in_words(self.settings.zone().day(case.received.at.0))),
            Fact::InterviewBy => self.due(ClockName::Interview),
            Fact::Interviewed => Value::Truth(case.interview.is_some()),
            Fact::AnswerBy => self.due(ClockName::Whole),
            Fact::ExtendedTo => {
                Value::maybe(case.extensions.last().map(|extension| self.in_words(extension.until)))
            }
            Fact::EndReason => Value::maybe(case.closure.as_ref().map(|closure| closure.reason.word())),
            Fact::Agency => {
                Value::maybe(self.to.and_then(|to| to.agency.as_ref()).map(|of| in_words(of.as_str())))
            }
            Fact::Officer => {
                Value::maybe(case.owner.as_ref().map(|owner| officers::person(self.settings, owner)))
            }
            Fact::ReplyBy => Value::Text(self.in_words(self.day().plus(letterhead().reply_days))),
            Fact::Subject => self.subject(),
            Fact::Children => Value::list(&case.children, |child| self.child(child)),
            Fact::ReferredOn => self.referral().map_or(Value::Absent, |referral| self.on(referral.at.0)),
            Fact::ReferralReason => {
                Value::maybe(self.referral().map(|referral| referral.reason.open().as_str()))
            }
            Fact::CrimeOrBreach => {
                Value::Truth(self.referral().is_some_and(|referral| referral.crime_or_breach == Some(true)))
            }
            Fact::UrgentActions => Value::list(&case.urgent, |urgent| {
                Value::Record(vec![
                    ("on", self.on(urgent.at.0)),
                    ("action", Value::text(urgent.action.open().as_str())),
                ])
            }),
            of_the_officers => officers::value(self, of_the_officers),
        }
    }

    fn subject(&self) -> Value {
        let subject = &self.case.subject;
        Value::Record(vec![
            ("name", Value::maybe(subject.name.as_ref().map(PersonName::in_full))),
            ("aliases", Value::list(&subject.aliases, |alias| Value::Text(alias.in_full()))),
            ("date_of_birth", self.birth(subject.date_of_birth.as_ref())),
            ("addresses", Value::list(&subject.addresses, |address| line(Some(&address.text)))),
        ])
    }

    fn child(&self, child: &Child) -> Value {
        Value::Record(vec![
            ("name", Value::Text(child.name.in_full())),
            ("date_of_birth", self.birth(child.date_of_birth.as_ref())),
            ("address", line(child.address.as_ref())),
            ("contact", Value::text(child.contact.meaning())),
        ])
    }

    /// A date of birth.
    pub(super) fn birth(&self, day: Option<&Private<Day>>) -> Value {
        Value::maybe(day.map(|day| language::date(*day.open(), self.language)))
    }
}

/// A private line, opened for the letter.
pub(super) fn line(line: Option<&Private<Line>>) -> Value {
    Value::maybe(line.map(|line| line.open().as_str()))
}

/// A word of a list, for people: `social_care` is `Social care`, `pnc` is `PNC`.
pub(super) fn in_words(word: &str) -> String {
    if !word.contains(['a', 'e', 'i', 'o', 'u', 'y', '_']) {
        return word.to_uppercase();
    }
    let word = word.replace('_', " ");
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
