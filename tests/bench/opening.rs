//! How an application comes in: people, contact, concern.

use csods::domain::case::*;
use csods::domain::record::OLDEST_FORMAT;
use csods::domain::scalars::{At, Line, Private, Prose};
use csods::domain::time::{Day, Instant};

use super::dice::Dice;
use super::{office, words};

/// Private text of any length.
#[expect(clippy::expect_used, reason = "the benchmark's own words are never blank")]
pub fn prose(text: impl Into<String>) -> Private<Prose> {
    Private::new(Prose::new(text).expect("text"))
}

/// Private text of one line.
#[expect(clippy::expect_used, reason = "the benchmark's own words are never blank, nor of many lines")]
pub fn line(text: impl Into<String>) -> Private<Line> {
    Private::new(Line::new(text).expect("a line"))
}

/// An application as it is told on the day `received`; `ending` is the early end that it is heading for.
pub fn opening(
    dice: &mut Dice,
    received: Instant,
    route: Route,
    ending: Option<ClosureReason>,
    signals: Vec<Signal>,
) -> Opening {
    let asks = route == Route::RightToAsk;
    let household = words::family(dice);
    let year = received.to_string().get(..4).and_then(|year| year.parse().ok()).unwrap_or(2016);
    let count =
        if ending == Some(ClosureReason::NoSpecificChild) { 0 } else { dice.pick(&[1, 1, 1, 1, 2, 3]) };
    let children = (0..count).map(|_| child(dice, year, &household)).collect();
    let channels: &[Channel] = if asks {
        &[Channel::Online, Channel::Phone, Channel::Phone, Channel::Station, Channel::Officer, Channel::Post]
    } else {
        &[Channel::Internal, Channel::Agency]
    };
    let unknown = ending == Some(ClosureReason::SubjectNotIdentifiable);
    Opening {
        route,
        received: Received {
            recorded_by: None,
            late: None,
            at: At(received),
            channel: dice.pick(channels),
            by: office::handler(dice),
        },
        owner: dice.per_mille(970).then(|| office::officer(dice).0),
        applicant: asks.then(|| applicant(dice, year, &household)),
        subject: subject(dice, year, unknown, asks),
        children: csods::domain::scalars::Stated(children),
        concern: prose(words::account(dice, words::CONCERNS)),
        signals,
    }
}

fn name(given: String, family: &str) -> PersonName {
    PersonName { family: Some(line(family)), given: Some(line(given)) }
}

fn born(dice: &mut Dice, first: i32, last: i32) -> Option<Private<Day>> {
    let span = usize::try_from(last - first).unwrap_or(0);
    let year = first + i32::try_from(dice.between(0, span)).unwrap_or(0);
    let (month, day) = (1 + dice.below(12), 1 + dice.below(28));
    Day::new(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?).map(Private::new)
}

fn applicant(dice: &mut Dice, year: i32, household: &str) -> Applicant {
    use RelationshipToChild as R;
    let relationship =
        dice.pick(&[R::Parent, R::Parent, R::Parent, R::Grandparent, R::Relative, R::Neighbour, R::Friend]);
    let family = if relationship <= R::Relative { household.to_owned() } else { words::family(dice) };
    let given = words::given(dice);
    let method = dice.pick(&[Method::Phone, Method::Phone, Method::Text, Method::Email]);
    Applicant {
        email: Some(line(format!("{}.{}@example.org", given.to_lowercase(), family.to_lowercase()))),
        name: name(given, &family),
        date_of_birth: born(dice, year - 70, year - 20),
        address: Some(line(words::address(dice))),
        phone: Some(line(words::phone(dice))),
        relationship_to_child: relationship,
        language: None,
        safe_contact: SafeContact {
            method,
            instructions: dice.per_mille(600).then(|| line(dice.pick(words::INSTRUCTIONS))),
            letters: dice.per_mille(250),
        },
    }
}

fn subject(dice: &mut Dice, year: i32, unknown: bool, asks: bool) -> Subject {
    use RelationshipToApplicant as R;
    let family = words::family(dice);
    let alias = dice.per_mille(200).then(|| name(words::given(dice), &family));
    let moved = Day::new(year - 1, 6, 1);
    Subject {
        name: (!unknown).then(|| name(words::given(dice), &family)),
        aliases: alias.into_iter().collect(),
        date_of_birth: if unknown || dice.per_mille(150) { None } else { born(dice, year - 65, year - 19) },
        addresses: vec![Address { text: line(words::address(dice)), from: moved, to: None }],
        occupation: dice.per_mille(600).then(|| line(dice.pick(words::OCCUPATIONS))),
        relationship_to_applicant: asks
            .then(|| dice.pick(&[R::Partner, R::FormerPartner, R::Neighbour, R::Friend, R::Unknown])),
        description: unknown.then(|| prose("About forty, drives a white van, known by a first name only.")),
    }
}

fn child(dice: &mut Dice, year: i32, household: &str) -> Child {
    use ChildContact as C;
    use RelationshipToSubject as R;
    let aware = [Aware::Yes, Aware::Yes, Aware::No, Aware::Unknown];
    Child {
        id: dice.item_id(),
        name: name(words::given(dice), household),
        date_of_birth: born(dice, year - 16, year - 1),
        address: None,
        contact: dice.pick(&[C::LivesWith, C::Regular, C::Regular, C::Occasional, C::Online, C::Planned]),
        relationship_to_subject: dice.pick(&[
            R::Unrelated,
            R::Unrelated,
            R::Stepchild,
            R::Relative,
            R::Pupil,
        ]),
        parents_aware: ParentsAware { mother: dice.pick(&aware), father: dice.pick(&aware) },
    }
}

/// The case that has just been opened so.
pub fn opened(reference: csods::domain::reference::Reference, guidance: Line, opening: Opening) -> Case {
    Case {
        format: OLDEST_FORMAT,
        reference,
        former_reference: None,
        route: opening.route,
        guidance,
        stage: Stage::InitialChecks,
        received: opening.received,
        imported: None,
        owner: opening.owner,
        applicant: opening.applicant,
        subject: opening.subject,
        children: opening.children.0,
        concern: opening.concern,
        checks: Vec::new(),
        screening: None,
        interview: None,
        assessment: None,
        decision: None,
        disclosures: Vec::new(),
        informed: None,
        closure: None,
        withdrawal: None,
        rerouted: Vec::new(),
        reopened: Vec::new(),
        urgent: Vec::new(),
        referrals: Vec::new(),
        extensions: Vec::new(),
        contacts: Vec::new(),
        notes: Vec::new(),
        links: Vec::new(),
        letters: Vec::new(),
        signals: opening.signals,
        corrections: Vec::new(),
        modeline: None,
    }
}
