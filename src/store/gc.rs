//! A history in many pieces is packed anew by `git gc`, which is safe beside changes and readers.
//!
//! A change writes one small pack and merges it with others of its size (see `git::pack_tiers`), so that its own packs are
//! few. What piles up are loose objects of plain git, and packs over the size that is merged.

use std::fs;
use std::process::{Command, Stdio};

use crate::error::{Error, Kind, words};

use super::Store;

/// With more loose objects, and with more packs, git itself tidies up where it is asked to (`gc.auto`, `gc.autoPackLimit`).
const LOOSE: usize = 6_700;
const PACKS: usize = 50;

/// What `git gc` is told whatever the store's own configuration says: it runs no other program.
const NO_PROGRAMS: [&str; 5] = [
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.pager=cat",
    "protocol.ext.allow=never",
    "gc.autoDetach=false",
];

/// In how many pieces a history lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pieces {
    /// About how many loose objects there are; git itself guesses it so.
    pub loose: usize,
    /// How many packs.
    pub packs: usize,
}

impl Pieces {
    /// Whether it is time to pack them anew.
    pub fn are_many(self) -> bool {
        self.loose > LOOSE || self.packs > PACKS
    }
}

impl Store {
    /// In how many pieces the history lies. Costs a look at two directories.
    pub fn pieces(&self) -> Pieces {
        let objects = self.repo.objects_dir();
        let sample = fs::read_dir(objects.join("17")).map_or(0, Iterator::count);
        let is_pack = |entry: &fs::DirEntry| entry.path().extension().is_some_and(|kind| kind == "pack");
        let packs = fs::read_dir(objects.join("pack"))
            .map_or(0, |names| names.filter_map(Result::ok).filter(is_pack).count());
        Pieces { loose: sample * 256, packs }
    }

    /// Packs the history anew by `git gc`. Others may read and change the store meanwhile. What no branch and no log of a
    /// branch names stays for two weeks, as git has it.
    ///
    /// # Errors
    /// `System` where git cannot be run or fails; the store is as it was.
    pub fn gc(&self) -> Result<(), Error> {
        let mut command = Command::new("git");
        command.current_dir(self.root()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"] {
            command.env_remove(name);
        }
        for setting in NO_PROGRAMS {
            command.args(["-c", setting]);
        }
        let refusal = |what: String| {
            Error::new(Kind::System, format!("the history was not packed anew: {what}"))
                .hint("`git gc` in the store says more; nothing was lost")
        };
        match command.args(["gc", "--quiet"]).status() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(refusal(format!("git gc ended with {status}"))),
            Err(error) => Err(refusal(format!("git cannot be run ({})", words(&error)))),
        }
    }
}
