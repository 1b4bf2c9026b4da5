//! How far a long piece of work has come, on standard error where that is a terminal.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicUsize, Ordering};

/// How often it is said: after so many steps.
const EVERY: usize = 250;

/// Work of so many steps; what was said of it is wiped out when it is over.
pub struct Progress {
    what: &'static str,
    total: usize,
    done: AtomicUsize,
    shown: bool,
}

impl Progress {
    /// Begins. Nothing is said where it is not `wanted`, or nobody watches.
    pub fn begin(what: &'static str, total: usize, wanted: bool) -> Progress {
        let shown = wanted && total > EVERY && io::stderr().is_terminal();
        Progress { what, total, done: AtomicUsize::new(0), shown }
    }

    /// One step is done, on whichever thread.
    pub fn step(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if self.shown && done.is_multiple_of(EVERY) {
            let mut err = io::stderr().lock();
            let _ = write!(err, "\r{}: {done} of {}", self.what, self.total).and_then(|()| err.flush());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            let mut err = io::stderr().lock();
            let _ = write!(err, "\r{:60}\r", "").and_then(|()| err.flush());
        }
    }
}
