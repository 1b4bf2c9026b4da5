//! Places where a test may end the process, to prove that every one of them leaves the old state or the new one.
//!
//! Every write to the store is followed by a [`point`]. It does nothing (one relaxed load) unless [`kill_at`] was
//! called: then the process is ended by `SIGKILL` at the point with that number.

use std::sync::atomic::{AtomicU64, Ordering};

/// How many points are left until the end; 0 means never.
static LEFT: AtomicU64 = AtomicU64::new(0);
/// How many points were passed since [`kill_at`].
static PASSED: AtomicU64 = AtomicU64::new(0);

/// From now on, the `n`th point ends the process. `u64::MAX` only counts.
pub fn kill_at(n: u64) {
    PASSED.store(0, Ordering::Relaxed);
    LEFT.store(n, Ordering::Relaxed);
}

/// How many points were passed since [`kill_at`].
pub fn count() -> u64 {
    PASSED.load(Ordering::Relaxed)
}

/// One place where a crash is imagined; `_after` says what has just been done.
#[inline]
pub fn point(_after: &'static str) {
    if LEFT.load(Ordering::Relaxed) != 0 {
        passed();
    }
}

#[cold]
fn passed() {
    PASSED.fetch_add(1, Ordering::Relaxed);
    if LEFT.fetch_sub(1, Ordering::Relaxed) == 1 {
        // Cannot fail: the signal is valid and the process may signal itself. Were it to, the test would see it live.
        let _ = signal_hook::low_level::raise(signal_hook::consts::SIGKILL);
    }
}
