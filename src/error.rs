//! What can go wrong, said so that a person can act on it: what was refused, what to do, and the exit code.
//!
//! No personal fact stands in any error: messages name references, paths inside a case and rules, never values.

use std::fmt;
use std::io::ErrorKind;

use crate::domain::record::Problem;

/// The kinds of failure. Their exit codes are frozen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A fault of the tool itself.
    Internal,
    /// The command line was wrong.
    Usage,
    /// There is no such case, template or store.
    NotFound,
    /// A reference that fits several cases.
    Ambiguous,
    /// The scheme's rules refuse it.
    Refused,
    /// Answers are missing or invalid.
    Answers,
    /// This person may not do it.
    NotPermitted,
    /// Another process holds the store.
    Busy,
    /// A stored file is damaged, or was edited by hand.
    Damaged,
    /// The case changed meanwhile.
    Conflict,
    /// What was asked about was found (`due --check`, `validate`).
    Found,
    /// Git, the disk or the network failed.
    System,
}

impl Kind {
    /// Every kind, in the order of the codes.
    pub const ALL: [Kind; 12] = [
        Kind::Internal,
        Kind::Usage,
        Kind::NotFound,
        Kind::Ambiguous,
        Kind::Refused,
        Kind::Answers,
        Kind::NotPermitted,
        Kind::Busy,
        Kind::Damaged,
        Kind::Conflict,
        Kind::Found,
        Kind::System,
    ];

    /// The exit code; frozen.
    pub fn code(self) -> u8 {
        match self {
            Kind::Internal => 1,
            Kind::Usage => 2,
            Kind::NotFound => 3,
            Kind::Ambiguous => 4,
            Kind::Refused => 5,
            Kind::Answers => 6,
            Kind::NotPermitted => 7,
            Kind::Busy => 8,
            Kind::Damaged => 9,
            Kind::Conflict => 10,
            Kind::Found => 11,
            Kind::System => 12,
        }
    }

    /// The name in JSON errors; frozen.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Internal => "internal",
            Kind::Usage => "usage",
            Kind::NotFound => "not_found",
            Kind::Ambiguous => "ambiguous",
            Kind::Refused => "refused",
            Kind::Answers => "missing_answers",
            Kind::NotPermitted => "not_permitted",
            Kind::Busy => "busy",
            Kind::Damaged => "damaged",
            Kind::Conflict => "conflict",
            Kind::Found => "found",
            Kind::System => "system",
        }
    }

    /// What the code means, for `csods exit-codes`.
    pub fn meaning(self) -> &'static str {
        match self {
            Kind::Internal => "internal fault",
            Kind::Usage => "wrong usage",
            Kind::NotFound => "nothing like that (case, template, store)",
            Kind::Ambiguous => "ambiguous reference",
            Kind::Refused => "the scheme's rules refuse it",
            Kind::Answers => "answers missing or invalid",
            Kind::NotPermitted => "not permitted to this person",
            Kind::Busy => "the store is busy",
            Kind::Damaged => {
                "a stored file is damaged, edited by hand, of a later csods, or not to be trusted"
            }
            Kind::Conflict => "conflict",
            Kind::Found => "found what was asked about",
            Kind::System => "git, disk or network failed",
        }
    }
}

/// A failure: what was refused and what to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Error {
    /// Which kind, and so which exit code.
    pub kind: Kind,
    /// What was refused, a lower-case sentence without a full stop.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// Each thing that is wrong, where several can be.
    pub problems: Vec<Problem>,
    /// The file that is meant and where in it, `cases/...yaml:12:3`, where there is one.
    pub place: Option<String>,
}

impl Error {
    /// An error of this kind.
    pub fn new(kind: Kind, message: impl Into<String>) -> Error {
        Error { kind, message: message.into(), hint: None, problems: Vec::new(), place: None }
    }

    /// With what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Error {
        self.hint = Some(hint.into());
        self
    }

    /// With everything that is wrong.
    #[must_use]
    pub fn problems(mut self, problems: Vec<Problem>) -> Error {
        self.problems = problems;
        self
    }

    /// With the place in a file.
    #[must_use]
    pub fn place(mut self, place: impl Into<String>) -> Error {
        self.place = Some(place.into());
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(f, "{place}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for Error {}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Error {
        // A refusal that came by a function of the disk.
        if let Some(refusal) = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
            return refusal.clone();
        }
        if matches!(error.raw_os_error(), Some(EMFILE | ENFILE)) {
            return too_many_files();
        }
        let hint = match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                "make room on the disk, then run the command again"
            }
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                "see who may write to the store's directory, and to .git in it"
            }
            _ => "`csods status` says how the store stands; the disk and its limits are the system's to mend",
        };
        Error::new(Kind::System, format!("the disk failed: {}", words(&error))).hint(hint)
    }
}

/// The numbers that Unix systems have for it: this process has too many files open, or the machine has.
const EMFILE: i32 = 24;
const ENFILE: i32 = 23;

/// The refusal where no more files can be opened.
pub fn too_many_files() -> Error {
    Error::new(Kind::System, "too many files are open")
        .hint("allow more by `ulimit -n 4096`, or close other programs, and run the command again")
}

/// What the system says of a failure, which is never anything of a file's.
pub fn words(error: &std::io::Error) -> String {
    let said = error.to_string();
    match (error.raw_os_error(), said.split_once(" (os error ")) {
        (Some(_), Some((words, _))) => words.to_lowercase(),
        _ => error.kind().to_string(),
    }
}
