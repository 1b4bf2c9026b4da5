//! Facts as one line of text, and back: what an index keeps of a case, so that a year is counted without opening files.
//!
//! The line is no format for people and has no versions: the index, which stores it, is made again by every program that
//! might write it otherwise.

use std::fmt;
use std::str::{FromStr, Split};

use super::facts::{Facts, Made};
use crate::domain::clocks::{ClockName, Dates};
use crate::domain::scalars::PersonId;
use crate::domain::time::Instant;

/// An instant as seconds since 1970 in base 10; nothing for none.
struct At(Option<Instant>);

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |at| at.unix().fmt(f))
    }
}

/// Instants after one another.
struct Many<'f>(&'f [Instant]);

impl fmt::Display for Many<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, at) in self.0.iter().enumerate() {
            let gap = if position == 0 { "" } else { "," };
            write!(f, "{gap}{}", at.unix())?;
        }
        Ok(())
    }
}

/// The line: fields between `|`, in the order of [`Facts`].
impl fmt::Display for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flag = |set: bool| if set { "y" } else { "" };
        let (decided, outcome) = self.decided.map_or((None, ""), |(at, what)| (Some(at), what.word()));
        let (closed, reason) = self.closed.map_or((None, ""), |(at, why)| (Some(at), why.word()));
        write!(f, "{}|{}|{}|{}|", self.route, self.channel, self.received.unix(), self.stage)?;
        write!(f, "{}|", self.owner.as_ref().map_or("", PersonId::as_str))?;
        write!(f, "{}|{}|{}|", At(self.screened), At(self.interviewed), flag(self.third_party))?;
        write!(f, "{}|{}|", At(self.assessed), flag(self.registered))?;
        write!(f, "{}|{outcome}|{}|", At(decided), flag(self.decision_stands))?;
        for (position, made) in self.disclosures.iter().enumerate() {
            let gap = if position == 0 { "" } else { "," };
            write!(f, "{gap}{}{}", if made.conviction { "c" } else { "o" }, made.at.unix())?;
        }
        write!(f, "|{}|{}|{}|", Many(&self.urgent), Many(&self.referrals), Many(&self.extensions))?;
        write!(f, "{}|{}|{}|", At(self.withdrawn), At(self.rerouted), Many(&self.reopened))?;
        write!(f, "{}|{reason}", At(closed))?;
        for clock in &self.clocks {
            let (due, extended) = (clock.due.unix(), At(clock.extended_to));
            let (met, ended) = (At(clock.met_at), At(clock.ended_at));
            write!(f, "|{due},{extended},{met},{ended},{}", flag(clock.needed))?;
        }
        Ok(())
    }
}

/// Reads a line field by field; nothing where one is not what it should be.
struct Fields<'t>(Split<'t, char>);

impl<'t> Fields<'t> {
    fn text(&mut self) -> Option<&'t str> {
        self.0.next()
    }

    fn at(&mut self) -> Option<Option<Instant>> {
        optional(self.text()?)
    }

    fn flag(&mut self) -> Option<bool> {
        flag(self.text()?)
    }

    fn many<T>(&mut self, one: impl Fn(&'t str) -> Option<T>) -> Option<Vec<T>> {
        match self.text()? {
            "" => Some(Vec::new()),
            text => text.split(',').map(one).collect(),
        }
    }
}

fn instant(text: &str) -> Option<Instant> {
    text.parse().ok().and_then(Instant::from_unix)
}

fn optional(text: &str) -> Option<Option<Instant>> {
    if text.is_empty() { Some(None) } else { instant(text).map(Some) }
}

fn flag(text: &str) -> Option<bool> {
    match text {
        "" => Some(false),
        "y" => Some(true),
        _ => None,
    }
}

/// Both or neither.
fn pair<A, B>(first: Option<A>, second: Option<B>) -> Option<Option<(A, B)>> {
    match (first, second) {
        (None, None) => Some(None),
        (Some(first), Some(second)) => Some(Some((first, second))),
        _ => None,
    }
}

fn word<T: FromStr>(text: &str) -> Option<Option<T>> {
    if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) }
}

fn made(text: &str) -> Option<Made> {
    let conviction = match text.get(..1)? {
        "c" => true,
        "o" => false,
        _ => return None,
    };
    Some(Made { at: instant(&text[1..])?, conviction })
}

impl FromStr for Facts {
    type Err = String;

    fn from_str(line: &str) -> Result<Facts, String> {
        read(line).ok_or_else(|| "is no line of facts".to_owned())
    }
}

fn read(line: &str) -> Option<Facts> {
    let mut fields = Fields(line.split('|'));
    let (route, channel) = (fields.text()?.parse().ok()?, fields.text()?.parse().ok()?);
    let (received, stage) = (instant(fields.text()?)?, fields.text()?.parse().ok()?);
    let owner = match fields.text()? {
        "" => None,
        id => Some(PersonId::new(id).ok()?),
    };
    let (screened, interviewed, third_party) = (fields.at()?, fields.at()?, fields.flag()?);
    let (assessed, registered) = (fields.at()?, fields.flag()?);
    let decided = pair(fields.at()?, word(fields.text()?)?)?;
    let (decision_stands, disclosures) = (fields.flag()?, fields.many(made)?);
    let (urgent, referrals, extensions) =
        (fields.many(instant)?, fields.many(instant)?, fields.many(instant)?);
    let (withdrawn, rerouted, reopened) = (fields.at()?, fields.at()?, fields.many(instant)?);
    let closed = pair(fields.at()?, word(fields.text()?)?)?;
    let mut clock = |name| {
        let mut parts = Fields(fields.text()?.split(','));
        Some(Dates {
            name,
            start: received,
            due: instant(parts.text()?)?,
            extended_to: parts.at()?,
            met_at: parts.at()?,
            ended_at: parts.at()?,
            needed: parts.flag()?,
        })
    };
    let clocks = [clock(ClockName::InitialChecks)?, clock(ClockName::Interview)?, clock(ClockName::Whole)?];
    fields.text().is_none().then_some(())?;
    Some(Facts {
        route,
        channel,
        received,
        stage,
        owner,
        screened,
        interviewed,
        third_party,
        assessed,
        registered,
        decided,
        decision_stands,
        disclosures,
        urgent,
        referrals,
        extensions,
        withdrawn,
        rerouted,
        reopened,
        closed,
        clocks,
    })
}
