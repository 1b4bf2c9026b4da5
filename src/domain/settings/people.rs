//! The people of the unit and their roles (R3, R6).

use crate::domain::node::Path;
use crate::domain::record::Problem;
use crate::domain::scalars::{Line, PersonId, Table};
use crate::domain::time::Day;
use crate::{choice, record};

choice! {
    /// What a person in the office may be (R3).
    pub enum Role {
        CallHandler = "call_handler" => "Call handler",
        CaseOfficer = "case_officer" => "Case officer",
        Supervisor = "supervisor" => "Supervisor",
        DecisionMaker = "decision_maker" => "Decision maker",
        RecordsManager = "records_manager" => "Records manager",
        Auditor = "auditor" => "Auditor",
    }
}

record! {
    /// A person in the office (R3). Never removed, because history names them.
    pub struct OfficePerson {
        /// Their name
        pub name: Line,
        /// Their e-mail address, as git knows them
        pub email: Line,
        /// What they may do
        pub roles: Vec<Role>,
        /// Whether they stand for the people of another system: only records of cases that it had closed name them (R6)
        pub archive: Option<bool>,
        /// The day from which they act no more
        pub ended: Option<Day>,
    }
}

impl OfficePerson {
    /// Whether they stand for the people of another system and never act (R6).
    pub fn is_archive(&self) -> bool {
        self.archive == Some(true)
    }
}

/// Everything that is wrong with the people of a unit.
pub(super) fn check(people: &Table<OfficePerson>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (id, person) in people.iter() {
        let path = Path::from("people").key(id);
        if let Err(what) = PersonId::new(id) {
            problems.push(Problem::invalid(path.clone(), what));
        }
        if !is_email(person.email.as_str()) {
            problems.push(Problem::invalid(path.key("email"), "must be an e-mail address"));
        }
        let same = |other: &OfficePerson| other.email.as_str().eq_ignore_ascii_case(person.email.as_str());
        if people.iter().filter(|(_, other)| same(other)).count() > 1 {
            problems.push(Problem::invalid(path.key("email"), "is the address of two people"));
        }
        match (person.is_archive(), person.roles.is_empty()) {
            (false, true) => {
                problems.push(Problem::invalid(path.key("roles"), "must name at least one role"));
            }
            (true, false) => {
                let what = "belong to a person who acts; with `archive = true` there are none";
                problems.push(Problem::rule(path.key("roles"), "R6", what));
            }
            _ => {}
        }
    }
    problems
}

/// Whether it can stand in a commit as an address: one `@`, no blanks, no angle brackets.
pub fn is_email(text: &str) -> bool {
    let fits = |c: char| !c.is_whitespace() && !c.is_control() && !"<>,;".contains(c);
    matches!(text.split_once('@'), Some((before, after))
        if !before.is_empty() && !after.is_empty() && !after.contains('@') && text.chars().all(fits))
}
