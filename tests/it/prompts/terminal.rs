//! A person at a terminal: the real program at a pseudo-terminal, what it draws, and the keys that are pressed.

use std::fs::File;
use std::io::{Read, Write};
use std::process::Stdio;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use rexpect::process::{PtyProcess, Signal, WaitStatus};

use crate::support::*;

/// How long anything may take to show on the screen.
const PATIENCE: Duration = Duration::from_secs(120);
/// The key.
pub const ENTER: &str = "\r";
/// The key.
pub const DOWN: &str = "\x1b[B";
/// The key.
pub const ESC: &str = "\x1b";
/// The keys.
pub const CTRL_C: &str = "\x03";
/// Takes away what stands on the line.
pub const CLEAR: &str = "\x15";

/// A terminal with a program on it.
pub struct Terminal {
    pty: PtyProcess,
    keys: File,
    output: Receiver<Vec<u8>>,
    bytes: Vec<u8>,
    /// How much of the text was looked at.
    seen: usize,
}

/// How a program left its terminal.
#[derive(Debug)]
pub struct Left {
    /// The exit code, or none where a signal ended it.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<Signal>,
    /// All that it wrote, without the sequences that steer the terminal.
    pub text: String,
    /// All that it wrote.
    pub bytes: String,
}

impl Csods<'_> {
    /// Runs it at a terminal of this many columns.
    pub fn at_terminal(self, columns: usize) -> Terminal {
        let script = format!("stty rows 40 cols {columns}; exec \"$@\"");
        let csods = self.through(&["sh", "-c", &script, "sh"]);
        let mut command = csods.command();
        if !command.get_envs().any(|(name, _)| name == "TERM") {
            command.env("TERM", "xterm-256color");
        }
        command.stdin(Stdio::inherit()).stdout(Stdio::inherit()).stderr(Stdio::inherit());
        let pty = PtyProcess::new(command).unwrap();
        let keys = pty.get_file_handle().unwrap();
        let mut drawn = pty.get_file_handle().unwrap();
        let (send, output) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            // At its end a terminal fails rather than ending.
            while let Ok(length @ 1..) = drawn.read(&mut buffer) {
                if send.send(buffer[..length].to_vec()).is_err() {
                    return;
                }
            }
        });
        Terminal { pty, keys, output, bytes: Vec::new(), seen: 0 }
    }
}

impl Terminal {
    /// Waits until these words are shown after what was seen last; blanks stand for any blanks and line breaks.
    pub fn sees(&mut self, words: &str) -> &mut Self {
        self.waits(words, |text| words_end(text, words));
        self
    }

    /// Presses keys.
    pub fn types(&mut self, keys: &str) -> &mut Self {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self
    }

    /// Answers the question with a line.
    pub fn answers(&mut self, question: &str, line: &str) -> &mut Self {
        self.sees(question).types(line).types(ENTER)
    }

    /// Answers the question with yes or no.
    pub fn says(&mut self, question: &str, answer: &str) -> &mut Self {
        self.sees(question).sees("(y or n, then Enter)").sees(">").types(answer).types(ENTER)
    }

    /// Chooses from the list below the question, going down it.
    pub fn chooses(&mut self, question: &str, label: &str) -> &mut Self {
        self.sees(question).sees("Choose");
        for _ in 0..60 {
            self.types(DOWN);
            let active = self.active();
            let active = active.trim_start();
            // A long one stands over several rows.
            if active.starts_with(label) || (active.len() > 20 && label.starts_with(active)) {
                self.types(ENTER);
                return self.sees(&format!("> {label}"));
            }
        }
        panic!("{label:?} cannot be chosen:\n{}", self.text());
    }

    /// The item with the mark before it, on the list drawn next.
    fn active(&mut self) -> String {
        let marked = |text: &str| {
            let start = text.find("\n> ")? + 3;
            let end = start + text[start..].find('\n')?;
            Some(end)
        };
        let found = self.waits("a marked item", marked);
        found.rsplit_once("\n> ").map(|(_, item)| item.to_owned()).unwrap_or_default()
    }

    /// Waits for the end of the program.
    pub fn leaves(mut self) -> Left {
        let end = Instant::now() + PATIENCE;
        loop {
            match self.output.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.bytes.extend(bytes),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it does not end:\n{}", self.text()),
            }
        }
        let (code, signal) = match self.pty.wait().unwrap() {
            WaitStatus::Exited(_, code) => (Some(code), None),
            WaitStatus::Signaled(_, signal, _) => (None, Some(signal)),
            other => panic!("{other:?}"),
        };
        Left { code, signal, text: self.text(), bytes: String::from_utf8_lossy(&self.bytes).into_owned() }
    }

    /// Waits for the end of a program that did what it was asked for.
    pub fn done(self) -> String {
        let left = self.leaves();
        assert_eq!(left.code, Some(0), "{}", left.text);
        left.text
    }

    /// Waits until `end` finds its end in the text that was not yet seen, which is then seen up to there.
    fn waits(&mut self, what: &str, end: impl Fn(&str) -> Option<usize>) -> String {
        let late = Instant::now() + PATIENCE;
        loop {
            let text = self.text();
            if let Some(end) = end(&text[self.seen..]) {
                let found = text[self.seen..self.seen + end].to_owned();
                self.seen += end;
                return found;
            }
            match self.output.recv_timeout(late.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.bytes.extend(bytes),
                Err(_) => panic!(
                    "{what:?} does not come after:\n{}\nbut:\n{}",
                    &text[..self.seen],
                    &text[self.seen..]
                ),
            }
        }
    }

    fn text(&self) -> String {
        plain(&self.bytes)
    }
}

/// Text without the sequences that steer a terminal. What is not whole yet is left for later.
pub fn plain(bytes: &[u8]) -> String {
    let whole = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap(),
    };
    let mut plain = String::new();
    let mut rest = whole.chars();
    while let Some(c) = rest.next() {
        match c {
            '\x1b' => {
                rest.by_ref().skip(1).find(char::is_ascii_alphabetic);
            }
            '\r' => {}
            c => plain.push(c),
        }
    }
    plain
}

/// Where the words end in the text, whatever blanks and breaks are between them.
fn words_end(text: &str, words: &str) -> Option<usize> {
    let words: Vec<&str> = words.split_whitespace().collect();
    let Some(first) = words.first() else { return Some(0) };
    text.match_indices(first).find_map(|(start, _)| {
        let mut at = start;
        for word in &words {
            let rest = text[at..].trim_start();
            at = text.len() - rest.len();
            at += rest.strip_prefix(word).map(|_| word.len())?;
        }
        Some(at)
    })
}
