//! How far a long command has come: on standard error, where that is a terminal, and nowhere else.

use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A line that says how far it has come; gone when it is dropped.
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// Begins; `shown` where the person has not asked for quiet.
    pub fn begin(what: &'static str, shown: bool) -> Progress {
        let shown = shown && io::stderr().is_terminal();
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        if shown {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        let progress = Progress { bar };
        progress.now(what);
        progress
    }

    /// What is done now.
    pub fn now(&self, what: &'static str) {
        let style = ProgressStyle::with_template("{spinner} {msg}: {human_pos} ({elapsed})");
        self.bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        self.bar.set_message(what);
    }

    /// One more is done.
    pub fn step(&self) {
        self.bar.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
