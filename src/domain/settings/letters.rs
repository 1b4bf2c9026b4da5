//! What letters say besides the case: who writes, how to reach them, the marking, what counts as due.

use crate::domain::record::Problem;
use crate::domain::scalars::Line;
use crate::record;

use super::{Settings, is_email};

record! {
    /// The section `letters`. Every key may be left out, and so may the section: stores made before there were letters
    /// have none.
    pub struct LetterSettings {
        /// The letterhead, below the force's name
        pub sender: Vec<Line>,
        /// The lines of the unit's address
        pub address: Vec<Line>,
        /// The unit's telephone number
        pub phone: Option<Line>,
        /// The unit's e-mail address
        pub email: Option<Line>,
        /// When the unit can be reached
        pub hours: Option<Line>,
        /// The protective marking (X3)
        pub marking: Option<Line>,
        /// Whether letters to members of the public bear it (X3)
        pub mark_public: Option<bool>,
        /// Days after receipt on which the acknowledgement should go out
        pub acknowledge_days: Option<u32>,
        /// Days within which an agency, or the subject, is asked to answer
        pub reply_days: Option<u32>,
    }
}

impl LetterSettings {
    /// What is wrong with them beyond their form.
    pub fn check(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.email.as_ref().is_some_and(|email| !is_email(email.as_str())) {
            problems.push(Problem::invalid("letters.email", "must be an e-mail address"));
        }
        for (key, days, least) in
            [("acknowledge_days", self.acknowledge_days, 0), ("reply_days", self.reply_days, 1)]
        {
            if days.is_some_and(|days| !(least..=365).contains(&days)) {
                let what = format!("must be between {least} and 365 days");
                problems.push(Problem::invalid(format!("letters.{key}").as_str(), what));
            }
        }
        problems
    }
}

/// What letters say, with every default filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct Letterhead {
    /// Who writes: the force's name, and the lines of the letterhead.
    pub sender: Vec<String>,
    /// The lines of the unit's address.
    pub address: Vec<String>,
    /// The telephone number.
    pub phone: String,
    /// The e-mail address, where there is one.
    pub email: Option<String>,
    /// When the unit can be reached.
    pub hours: String,
    /// The protective marking (X3).
    pub marking: String,
    /// Whether letters to members of the public bear it (X3).
    pub mark_public: bool,
    /// Days after receipt on which the acknowledgement should go out.
    pub acknowledge_days: i64,
    /// Days within which an agency is asked to answer.
    pub reply_days: i64,
}

impl Settings {
    /// What letters say. The defaults are those of [`super::DEFAULT`].
    pub fn letterhead(&self) -> Letterhead {
        let set = self.letters.as_ref();
        let lines = |lines: &[Line]| lines.iter().map(ToString::to_string).collect::<Vec<_>>();
        let line = |line: Option<&Line>, otherwise: &str| line.map_or(otherwise, Line::as_str).to_owned();
        let days = |days: Option<u32>, otherwise: i64| days.map_or(otherwise, i64::from);
        let unit = set.map(|set| lines(&set.sender)).filter(|lines| !lines.is_empty());
        let unit = unit.unwrap_or_else(|| vec!["Public Protection Unit".to_owned()]);
        Letterhead {
            sender: std::iter::once(self.force.name.to_string()).chain(unit).collect(),
            address: set.map(|set| lines(&set.address)).unwrap_or_default(),
            phone: line(set.and_then(|set| set.phone.as_ref()), "101"),
            email: set.and_then(|set| set.email.as_ref()).map(ToString::to_string),
            hours: line(set.and_then(|set| set.hours.as_ref()), "Monday to Friday, 9am to 5pm"),
            marking: line(set.and_then(|set| set.marking.as_ref()), "OFFICIAL-SENSITIVE"),
            mark_public: set.and_then(|set| set.mark_public).unwrap_or(false),
            acknowledge_days: days(set.and_then(|set| set.acknowledge_days), 1),
            reply_days: days(set.and_then(|set| set.reply_days), 7),
        }
    }
}
