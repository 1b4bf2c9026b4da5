//! Places where a test may end the process, to prove that every one of them leaves the old state or the new one.
//!
//! Every write to the store is followed by a [`point`]. In a program built for tests (with debug assertions) it does nothing
//! unless [`kill_at`] was called: then the process is ended by `SIGKILL` at the point with that number. In a released
//! program it is nothing at all.

#[cfg(debug_assertions)]
use std::sync::atomic::{AtomicU64, Ordering};

/// How many points are left until the end; 0 means never.
#[cfg(debug_assertions)]
static LEFT: AtomicU64 = AtomicU64::new(0);

/// From now on, the `n`th point ends the process.
#[cfg(debug_assertions)]
pub fn kill_at(n: u64) {
    LEFT.store(n, Ordering::Relaxed);
}

/// One place where a crash is imagined; `_after` says what has just been done.
#[inline]
pub fn point(_after: &'static str) {
    #[cfg(debug_assertions)]
    if LEFT.load(Ordering::Relaxed) != 0 && LEFT.fetch_sub(1, Ordering::Relaxed) == 1 {
        // Cannot fail: the signal is valid and the process may signal itself. Were it to, the test would see it live.
        let _ = signal_hook::low_level::raise(signal_hook::consts::SIGKILL);
    }
}
