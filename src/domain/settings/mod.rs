//! What a force may set: `csods.toml`, typed. Every number of the scheme that is a setting is read from here.

use std::collections::BTreeSet;

use super::action::ActionKind;
use super::calendar::{Calendar, CalendarName};
use super::case::Modeline;
use super::clocks::{ClockName, ClockRule, ClockSet};
use super::node::{Node, Path};
use super::record::{Part, Problem};
use super::reference::is_prefix;
use super::scalars::{Line, Name, PersonId, Table};
use super::time::Zone;
use crate::record;

mod letters;
mod people;
mod stored;
#[cfg(test)]
mod tests;
mod version;

pub use letters::{LetterSettings, Letterhead};
pub use people::{OfficePerson, Role, is_email};
pub use stored::{AppliedSettings, CaseFileSettings, KEY_BYTES};
pub use version::Version;

/// The settings of a new store, with every number, its unit and its rule; `@NAME@`, `@PREFIX@` and `@PEOPLE@` are
/// filled in by `init`.
pub const DEFAULT: &str = include_str!("default.toml");

/// The proof of relationship that says the applicant is a third party (I1).
pub const THIRD_PARTY: &str = "none_third_party";

/// The highest count below which figures may be hidden (N3): with more, nothing would be left.
pub const MOST_SUPPRESSED: u32 = 100;

record! {
    /// The force.
    pub struct Force {
        /// The force's name
        pub name: Line,
        /// What its references begin with
        pub prefix: Line,
        /// The zone in which its days begin and end (C1)
        pub time_zone: Line,
    }
}

record! {
    /// Which checks are required, and for how long they are fresh (K2, K3).
    pub struct CheckSettings {
        /// Before screening
        pub initial: Vec<Name>,
        /// Before the assessment
        pub full: Vec<Name>,
        /// Other systems
        pub other: Vec<Name>,
        /// Days for which a result is fresh
        pub fresh_days: u32,
    }
}

record! {
    /// The documents an interview may list (I3).
    pub struct InterviewSettings {
        /// Of identity and address
        pub identity: Vec<Name>,
        /// Of the relationship to the child
        pub relationship: Vec<Name>,
    }
}

record! {
    /// Who must be consulted before a decision (D3).
    pub struct DecisionSettings {
        /// Always
        pub consult: Vec<Name>,
        /// Where the subject is a registered sex offender
        pub consult_if_registered: Vec<Name>,
    }
}

record! {
    /// Agencies that can be named.
    pub struct AgencySettings {
        /// The list
        pub known: Vec<Name>,
        /// The lines of their postal addresses, as they stand on an envelope, by agency
        pub addresses: Table<Vec<Line>>,
    }
}

record! {
    /// What holds for published figures (N3).
    pub struct StatisticsSettings {
        /// Counts below this are hidden; 0 hides none
        pub suppress_under: u32,
    }
}

record! {
    /// What the index may hold.
    pub struct IndexSettings {
        /// Whether it may hold names, and the words of free text, so that `search` and `similar` are quick
        pub personal: bool,
    }
}

/// The newest format of `csods.toml`, calendars and mappings that this version reads.
pub const FORMAT: u32 = 1;

record! {
    /// All of `csods.toml`.
    pub struct SettingsFile {
        /// The store's format
        pub format: u32,
        /// The oldest version of csods that may change the store
        pub needs: Option<Version>,
        /// The force
        pub force: Force,
        /// The people, by id
        pub people: Table<OfficePerson>,
        /// Which roles may do what
        pub permissions: Table<Vec<Role>>,
        /// Clock rules, by name
        pub clocks: Table<ClockSet>,
        /// Checks
        pub checks: CheckSettings,
        /// Interview
        pub interview: InterviewSettings,
        /// Decision
        pub decision: DecisionSettings,
        /// Agencies
        pub agencies: AgencySettings,
        /// Letters
        pub letters: Option<LetterSettings>,
        /// Figures for publication
        pub statistics: Option<StatisticsSettings>,
        /// The index
        pub index: Option<IndexSettings>,
        /// Case files
        pub case_files: Option<CaseFileSettings>,
        /// The ids of `apply`
        pub applied: Option<AppliedSettings>,
    }
}

/// The settings of a store: `csods.toml` and the calendars beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// What `csods.toml` says.
    pub file: SettingsFile,
    /// The calendars of bank holidays (C7).
    pub calendars: Vec<Calendar>,
}

impl std::ops::Deref for Settings {
    type Target = SettingsFile;

    fn deref(&self) -> &SettingsFile {
        &self.file
    }
}

impl SettingsFile {
    /// The calendars by which some clock counts working days (C3), each once.
    pub fn calendars(&self) -> BTreeSet<CalendarName> {
        let rules = self.clocks.iter().flat_map(|(_, set)| ClockName::ALL.iter().map(|&name| set.rule(name)));
        rules.filter_map(ClockRule::calendar_name).collect()
    }
}

impl Settings {
    /// The local zone. Checked settings always name one; London otherwise.
    pub fn zone(&self) -> Zone {
        self.force.time_zone.as_str().parse().unwrap_or(Zone::LONDON)
    }

    /// Whether the index may hold names and the words of free text.
    pub fn keeps_personal(&self) -> bool {
        self.index.as_ref().is_none_or(|index| index.personal)
    }

    /// The line in front of a new case file, where one is set.
    pub fn modeline(&self) -> Option<Modeline> {
        let schema = self.case_files.as_ref()?.schema.as_ref()?;
        Modeline::of_setting(schema.as_str()).ok()
    }

    /// Everything that may change what a case means, as trees: all but who works here, what they may do, what new files
    /// look like, and the key of the marks of `apply`.
    pub fn substance(&self) -> Vec<Node> {
        let mut file = self.file.clone();
        file.people.0.clear();
        file.permissions.0.clear();
        file.case_files = None;
        file.applied = None;
        file.write().into_iter().chain(self.calendars.iter().filter_map(Part::write)).collect()
    }

    /// The person with this id.
    pub fn person(&self, id: &PersonId) -> Option<&OfficePerson> {
        self.people.get(id.as_str())
    }

    /// The person whose e-mail address this is, whatever its case.
    pub fn person_by_email(&self, email: &str) -> Option<(PersonId, &OfficePerson)> {
        let (id, person) =
            self.people.iter().find(|(_, person)| person.email.as_str().eq_ignore_ascii_case(email))?;
        Some((PersonId::new(id).ok()?, person))
    }

    /// The roles that may do `kind` (R3).
    pub fn permitted(&self, kind: ActionKind) -> Vec<Role> {
        match self.permissions.get(kind.word()) {
            Some(roles) => roles.clone(),
            None => default_permission(kind),
        }
    }

    /// Counts below this are hidden in what is published (N3); 5 where the settings do not say.
    pub fn suppress_under(&self) -> u32 {
        self.statistics.as_ref().map_or(5, |statistics| statistics.suppress_under)
    }

    /// Every system that may be searched.
    pub fn systems(&self) -> impl Iterator<Item = &Name> {
        self.checks.initial.iter().chain(&self.checks.full).chain(&self.checks.other)
    }

    /// The words of a list that a force sets, by the field that takes them.
    pub fn listed(&self, list: List) -> Vec<&str> {
        let names: Vec<&Name> = match list {
            List::Systems => self.systems().collect(),
            List::Agencies => self.agencies.known.iter().collect(),
            List::Identity => self.interview.identity.iter().collect(),
            List::Relationship => self.interview.relationship.iter().collect(),
        };
        let mut words: Vec<&str> = names.into_iter().map(Name::as_str).collect();
        if list == List::Relationship {
            words.push(THIRD_PARTY);
        }
        words
    }

    /// Everything that is wrong with them beyond their form.
    pub fn check(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if !is_prefix(self.force.prefix.as_str()) {
            let what = "must be one to six capital letters or digits, a letter first";
            problems.push(Problem::invalid("force.prefix", what));
        }
        if let Err(what) = self.force.time_zone.as_str().parse::<Zone>() {
            problems.push(Problem::invalid("force.time_zone", what));
        }
        problems.extend(people::check(&self.people));
        for (key, roles) in self.permissions.iter() {
            let path = Path::from("permissions").key(key);
            if ActionKind::of(key).is_none() {
                problems.push(Problem::invalid(path, super::record::one_of(ActionKind::WORDS)));
            } else if roles.is_empty() {
                problems.push(Problem::invalid(path, "must name at least one role"));
            }
        }
        if self.clocks.0.is_empty() {
            problems.push(Problem::missing("clocks"));
        }
        for (name, set) in self.clocks.iter() {
            problems.extend(set.check(&Path::from("clocks").key(name)));
        }
        if self.checks.initial.is_empty() {
            problems.push(Problem::rule(
                "checks.initial",
                "K2",
                "must name the checks required before screening",
            ));
        }
        if !(1..=3650).contains(&self.checks.fresh_days) {
            problems.push(Problem::rule("checks.fresh_days", "K3", "must be between 1 and 3650 days"));
        }
        problems.extend(self.applied.as_ref().and_then(AppliedSettings::check));
        if self.suppress_under() > MOST_SUPPRESSED {
            problems.push(Problem::rule("statistics.suppress_under", "N3", "must be between 0 and 100"));
        }
        for (path, list) in [
            ("decision.consult", &self.decision.consult),
            ("decision.consult_if_registered", &self.decision.consult_if_registered),
        ] {
            if list.iter().any(|name| !self.agencies.known.contains(name)) {
                problems.push(Problem::rule(path, "D3", "names an agency that agencies.known does not"));
            }
        }
        for (agency, lines) in self.agencies.addresses.iter() {
            let path = Path::from("agencies.addresses").key(agency);
            if !self.agencies.known.iter().any(|known| known.as_str() == agency) {
                problems.push(Problem::invalid(
                    path,
                    "is the address of an agency that agencies.known does not name",
                ));
            } else if lines.is_empty() {
                problems.push(Problem::invalid(path, "must have at least one line"));
            }
        }
        problems.extend(self.letters.iter().flat_map(LetterSettings::check));
        let schema = self.case_files.as_ref().and_then(|files| files.schema.as_ref());
        if let Some(Err(what)) = schema.map(|schema| Modeline::of_setting(schema.as_str())) {
            problems.push(Problem::invalid("case_files.schema", what));
        }
        problems
    }
}

/// The lists that a force sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// Systems to search (K2).
    Systems,
    /// Agencies (D3, S4).
    Agencies,
    /// Documents of identity and address (I3).
    Identity,
    /// Documents of the relationship to the child (I3).
    Relationship,
}

/// The permissions that hold where the settings leave an action out; the same as in [`DEFAULT`].
fn default_permission(kind: ActionKind) -> Vec<Role> {
    use ActionKind as A;
    use Role::*;
    match kind {
        A::New => vec![CallHandler, CaseOfficer, Supervisor],
        A::Check | A::Screen => vec![CallHandler, CaseOfficer],
        A::Interview | A::Assess | A::Disclose | A::Inform => vec![CaseOfficer],
        A::Decide => vec![DecisionMaker],
        A::Close | A::Reroute | A::Assign | A::Reopen => vec![Supervisor],
        A::Urgent | A::Refer | A::Contact => vec![CallHandler, CaseOfficer, Supervisor, DecisionMaker],
        A::Extend => vec![CaseOfficer, Supervisor],
        A::Note => vec![CallHandler, CaseOfficer, Supervisor, DecisionMaker, RecordsManager],
        A::Withdraw => vec![CallHandler, CaseOfficer, Supervisor],
        A::Letter | A::Sent => vec![CallHandler, CaseOfficer, Supervisor],
        A::Link => vec![CallHandler, CaseOfficer, Supervisor, RecordsManager],
        A::Correct => vec![CaseOfficer, Supervisor, RecordsManager],
        A::Edit | A::Settings | A::Person | A::Import => vec![Supervisor, RecordsManager],
        A::Authorise => vec![Supervisor, DecisionMaker],
        A::Export => vec![Supervisor, RecordsManager],
    }
}
