//! How far something long has come, for a person who waits: on standard error, on a terminal alone. The only file that
//! names indicatif.

use std::cell::OnceCell;
use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// What is done sooner needs no bar.
const SOON: Duration = Duration::from_millis(300);

/// A bar that appears once something takes long, and goes when it is dropped.
pub struct Bar {
    wanted: bool,
    begun: Instant,
    bar: OnceCell<ProgressBar>,
}

impl Bar {
    /// None is shown where it is not wanted, or standard error is no terminal.
    pub fn new(quiet: bool) -> Bar {
        let wanted = !quiet && io::stderr().is_terminal();
        Bar { wanted, begun: Instant::now(), bar: OnceCell::new() }
    }

    /// So many of all are done.
    pub fn at(&self, done: usize, all: usize) {
        if !self.wanted || !done.is_multiple_of(100) || self.begun.elapsed() < SOON {
            return;
        }
        let bar = self.bar.get_or_init(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("reading cases for the index {bar:30} {pos} of {len}");
            bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

/// A line that says how far a command has come that does not know how much there is; gone when it is dropped.
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// Begins; none is shown where it is not wanted, or standard error is no terminal.
    pub fn begin(what: &'static str, quiet: bool) -> Progress {
        let shown = !quiet && io::stderr().is_terminal();
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        let style = ProgressStyle::with_template("{spinner} {msg}: {pos} ({elapsed})");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        if shown {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        bar.set_message(what);
        Progress { bar }
    }

    /// What is done now.
    pub fn now(&self, what: &'static str) {
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
