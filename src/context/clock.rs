//! C10: the machine's clock may be wrong. When a change is entered, and what shows that this clock, or that of another
//! machine, cannot be right.

use std::sync::atomic::{AtomicI64, Ordering};

use super::{Context, outside};
use crate::domain::findings::Warning;
use crate::domain::time::Instant;
use crate::domain::workflow::Moment;
use crate::error::{Error, Kind};
use crate::store::Snapshot;

/// By how much `CSODS_NOW` may lie ahead of the machine's clock where something is changed, in seconds.
const A_DAY: i64 = 86_400;
/// By how much the last commit or a receipt may lie in the future before it is said, in seconds.
const TOLERANCE: i64 = 600;

/// The latest moments that a command has met, in seconds since 1970.
pub(super) struct Seen {
    commit: AtomicI64,
    receipt: AtomicI64,
}

impl Default for Seen {
    fn default() -> Seen {
        Seen { commit: AtomicI64::new(i64::MIN), receipt: AtomicI64::new(i64::MIN) }
    }
}

impl Context {
    /// The moment at which a change is entered: the clock is read again once the store's lock is held, so that what
    /// somebody else recorded meanwhile does not lie in the future.
    ///
    /// # Errors
    /// `Refused` where `CSODS_NOW` lies more than a day ahead of the machine's clock, unless the ids are repeatable as well
    /// or nothing is changed: such a record would lie in everybody's future.
    pub fn entering(&self, moment: &Moment) -> Result<Moment, Error> {
        let clock = outside::now();
        if self.reads_clock {
            return Ok(Moment { now: clock.max(moment.now), actor: moment.actor.clone() });
        }
        if moment.now > clock.plus_seconds(A_DAY) && !self.seed_by_hand && !self.options.dry_run {
            let what = "CSODS_NOW lies more than a day ahead of this machine's clock: nothing is recorded in the \
                        future (C10)";
            return Err(Error::new(Kind::Refused, what)
                .hint("unset CSODS_NOW, or try it with --dry-run; nothing was changed"));
        }
        Ok(moment.clone())
    }

    /// Notes when the last commit was made.
    pub fn saw_commit(&self, head: &Snapshot) {
        self.seen.commit.fetch_max(head.committed_at(), Ordering::Relaxed);
    }

    /// Notes when an application was received.
    pub fn saw_receipt(&self, at: Instant) {
        self.seen.receipt.fetch_max(at.unix(), Ordering::Relaxed);
    }

    /// What the command has met that lies more than ten minutes in the future.
    pub fn clock_warnings(&self) -> Vec<Warning> {
        let ahead = |of: &AtomicI64| {
            let at = of.load(Ordering::Relaxed);
            (at > self.now.unix().saturating_add(TOLERANCE)).then(|| Instant::from_unix(at)).flatten()
        };
        let whose = if self.reads_clock { "this machine's clock" } else { "CSODS_NOW" };
        let warning = |what: &str, at: Instant| Warning {
            kind: "clock",
            rule: "C10",
            text: format!(
                "{what} lies in the future, at {at}: {whose}, which says {}, or that of another machine is wrong; \
                 what is overdue may look in time; `csods validate` names the records that lie ahead",
                self.now
            ),
        };
        let commit = ahead(&self.seen.commit).map(|at| warning("the last commit", at));
        let receipt = ahead(&self.seen.receipt).map(|at| warning("the receipt of an application", at));
        commit.into_iter().chain(receipt).collect()
    }
}
