//! Ctrl-C. While a person is asked, it does not end the process at once: the prompt returns, the terminal is put in
//! order, the draft stays, the error says so, and only then `main` ends the process as Ctrl-C would have.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use signal_hook::consts::SIGINT;
use signal_hook::{flag, low_level};

struct Watch {
    /// Whether Ctrl-C was pressed.
    pressed: Arc<AtomicBool>,
    /// Whether nobody is being asked, so that Ctrl-C ends the process as it always does.
    unheld: Arc<AtomicBool>,
}

static WATCH: OnceLock<Watch> = OnceLock::new();
static HELD: AtomicUsize = AtomicUsize::new(0);

/// As long as one lives, Ctrl-C is noted and does not end the process.
#[derive(Debug)]
pub struct Hold(());

impl Hold {
    /// Holds Ctrl-C back from now on.
    pub fn new() -> std::io::Result<Hold> {
        let watch = match WATCH.get() {
            Some(watch) => watch,
            None => {
                let (pressed, unheld) = (Arc::default(), Arc::new(AtomicBool::new(false)));
                // In this order: where nobody is asked, the default comes first.
                flag::register_conditional_default(SIGINT, Arc::clone(&unheld))?;
                flag::register(SIGINT, Arc::clone(&pressed))?;
                WATCH.get_or_init(|| Watch { pressed, unheld })
            }
        };
        HELD.fetch_add(1, Ordering::SeqCst);
        watch.unheld.store(false, Ordering::SeqCst);
        Ok(Hold(()))
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        if HELD.fetch_sub(1, Ordering::SeqCst) == 1
            && let Some(watch) = WATCH.get()
        {
            watch.unheld.store(true, Ordering::SeqCst);
        }
    }
}

/// Acts on a Ctrl-C that was typed while the terminal did not make a signal of it.
pub fn press() -> std::io::Result<()> {
    low_level::raise(SIGINT)
}

/// Whether Ctrl-C was pressed while a person was asked.
pub fn was_pressed() -> bool {
    WATCH.get().is_some_and(|watch| watch.pressed.load(Ordering::SeqCst))
}

/// Ctrl-C in another program on the same terminal (the editor) was not meant for us.
pub fn was_meant_for_another() {
    if let Some(watch) = WATCH.get() {
        watch.pressed.store(false, Ordering::SeqCst);
    }
}

/// Ends the process by SIGINT where Ctrl-C ended the conversation, so that whoever runs `csods` sees that it was stopped.
/// For `main`, after the error was printed and everything was dropped; returns where Ctrl-C was not pressed.
pub fn end_if_interrupted() {
    if was_pressed() {
        // It returns only where the signal cannot be raised; then the exit code says what happened.
        let _ = low_level::emulate_default_handler(SIGINT);
    }
}
