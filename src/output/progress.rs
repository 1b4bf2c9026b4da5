//! How far something long has come, for a person who waits: on standard error, where that is a terminal, and nowhere else.
//! The only file that names indicatif.

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
        Bar { wanted: is_shown(quiet), begun: Instant::now(), bar: OnceCell::new() }
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

/// A line that says how many are done, where nobody knows how many there will be; gone when it is dropped.
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// Begins; nothing is shown where the person has asked for quiet.
    pub fn begin(what: &'static str, quiet: bool) -> Progress {
        let shown = is_shown(quiet);
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

fn is_shown(quiet: bool) -> bool {
    !quiet && io::stderr().is_terminal()
}
