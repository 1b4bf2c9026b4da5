//! Something wrong, and where. Never holds a value: it may be a personal fact.

use super::node::Path;

/// What is wrong with the value at a path. Never holds the value: it may be a personal fact.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// A required value is absent.
    Missing,
    /// The value is not of the kind that is needed; says what is.
    Invalid(String),
    /// A key that means nothing here; the keys that do.
    UnknownKey(Vec<&'static str>),
    /// A rule of the scheme is not met; the rule's number and what it asks for.
    Rule(&'static str, String),
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Fault::Missing => f.write_str("missing"),
            Fault::Invalid(what) => f.write_str(what),
            Fault::UnknownKey(allowed) => {
                write!(f, "unknown key; allowed here: {}", allowed.join(", "))
            }
            Fault::Rule(rule, what) => write!(f, "{what} ({rule})"),
        }
    }
}

/// Something wrong, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// Where it stands; for a missing value, where it would stand.
    pub path: Path,
    /// What is wrong.
    pub fault: Fault,
    /// The flag by which a command takes the value, where there is one.
    pub flag: Option<String>,
}

impl Problem {
    /// Something wrong at a path.
    pub fn new(path: impl Into<Path>, fault: Fault) -> Problem {
        Problem { path: path.into(), fault, flag: None }
    }

    /// A value that a rule of the scheme asks for and that is not there.
    pub fn missing(path: impl Into<Path>) -> Problem {
        Problem::new(path, Fault::Missing)
    }

    /// A value that cannot be what is meant.
    pub fn invalid(path: impl Into<Path>, what: impl Into<String>) -> Problem {
        Problem::new(path, Fault::Invalid(what.into()))
    }

    /// A rule of the scheme that is not met.
    pub fn rule(path: impl Into<Path>, rule: &'static str, what: impl Into<String>) -> Problem {
        Problem::new(path, Fault::Rule(rule, what.into()))
    }
}

impl Problem {
    /// For people who see it beside the thing that it is about: a rule says itself where it stands.
    pub fn in_words(&self) -> String {
        match &self.fault {
            Fault::Rule(..) => self.fault.to_string(),
            _ => self.to_string(),
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.path.0.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        self.fault.fmt(f)?;
        self.flag.as_ref().map_or(Ok(()), |flag| write!(f, " ({flag})"))
    }
}
