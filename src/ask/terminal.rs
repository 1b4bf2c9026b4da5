//! The terminal on which a person is asked: a list to choose from, and a line that wraps. Everything is drawn on standard
//! error; standard output is the answer's.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use dialoguer::console::{Key, Term, style};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use super::line::{Drawing, PASTE_OFF, PASTE_ON, Pressed, Typed};
use super::list::{self, List};
use super::{editor, interrupt};
use crate::error::Error;
use crate::output::{Page, clean};

/// The key, as the terminal sends it.
const CTRL_C: u8 = 3;

/// Why asking ended before it was done.
#[derive(Debug)]
pub enum Stop {
    /// The person stopped it: Ctrl-C, Ctrl-D, or the terminal went away.
    Left,
    /// Something failed.
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Failed(error)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Stop {
        match error.kind() {
            io::ErrorKind::Interrupted | io::ErrorKind::UnexpectedEof => Stop::Left,
            _ => Stop::Failed(error.into()),
        }
    }
}

/// After a line break, how long pasted text may take to go on. A person who types needs longer for the next key.
const PASTED_WITHIN: Duration = Duration::from_millis(20);

/// How something is said. Colour and weight only repeat what the words and their place say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Without any stress.
    Plain,
    /// Laid out for the width already: a table stays one.
    Laid,
    /// A question or a heading.
    Strong,
    /// What was wrong.
    Wrong,
    /// A hint.
    Quiet,
}

/// Said below pasted text whose last line break does not end the answer.
const ACCEPT: &str = "  (pasted; press Enter to accept it)";

/// What a conversation needs of a terminal.
pub trait Terminal {
    /// Its width in columns.
    fn width(&self) -> usize;
    /// Throws away what was typed before now: it was not meant for the question that comes next. Ctrl-C still counts.
    fn discard(&mut self) -> Result<(), Stop>;
    /// Says something.
    fn say(&mut self, tone: Tone, text: &str) -> Result<(), Stop>;
    /// Lets a line be typed, beginning with `text`. Pasted line breaks stay where `breaks` says so.
    fn line(&mut self, text: &str, breaks: bool) -> Result<String, Stop>;
    /// Lets one of these be chosen, none of them beforehand; `None` goes back.
    fn choose(&mut self, labels: &[String]) -> Result<Option<usize>, Stop>;
    /// Lets text be edited; `name` is that of the file. Refused text stays in the file.
    fn edit(&mut self, name: &str, text: &str) -> Result<String, Stop>;
}

/// The person's terminal.
pub struct Screen {
    term: Term,
    editor: Option<OsString>,
    private_dir: PathBuf,
    still: Still,
}

impl Screen {
    /// The terminal behind standard input and standard error.
    pub fn open(editor: Option<OsString>, private_dir: PathBuf) -> io::Result<Screen> {
        Ok(Screen { term: Term::stderr(), editor, private_dir, still: Still::new()? })
    }

    fn begin(&self) -> Result<(), Stop> {
        if interrupt::was_pressed() { Err(Stop::Left) } else { Ok(()) }
    }

    /// The terminal in order, whatever a prompt did with it.
    fn ended<T>(&self, result: Result<T, impl Into<Stop>>) -> Result<T, Stop> {
        let result = result.map_err(Into::into);
        if result.is_err() {
            self.term.show_cursor()?;
            writeln!(&self.term)?;
        }
        result
    }

    fn type_line(&self, typed: &mut Typed) -> Result<(), Stop> {
        let mut above = 0;
        // Whether text is being pasted into a terminal that does not say so, and whether that was so.
        let (mut pasting, mut pasted) = (false, false);
        loop {
            let (height, width) = self.term.size();
            let mut drawing = typed.draw(usize::from(width), usize::from(height).saturating_sub(2));
            if pasted {
                drawing.rows.push(style(ACCEPT).for_stderr().dim().to_string());
            }
            self.draw(&drawing, above)?;
            above = drawing.row;
            if pasting && !waiting(PASTED_WITHIN)? {
                (pasting, pasted) = (false, true);
                continue;
            }
            let key = self.term.read_key()?;
            if key == Key::Enter && !typed.is_pasting() {
                pasting = pasting || waiting(PASTED_WITHIN)?;
            }
            let pressed = match key {
                Key::Enter if pasting => typed.break_line(),
                key => typed.press(&key),
            };
            match pressed {
                Pressed::On => {}
                Pressed::End => return Err(Stop::Left),
                Pressed::Done => {
                    let below = drawing.rows.len() - drawing.row;
                    write!(&self.term, "{}", "\n".repeat(below))?;
                    return Ok(());
                }
            }
        }
    }

    fn move_mark(&self, list: &mut List) -> Result<Option<usize>, Stop> {
        let mut above = 0;
        loop {
            let mut rows = list.rows();
            rows.push(String::new());
            let drawing = Drawing { row: rows.len() - 1, column: 0, rows };
            self.draw(&drawing, above)?;
            above = drawing.row;
            let pressed = list.press(&self.term.read_key()?);
            let chosen = match pressed {
                list::Pressed::On => continue,
                list::Pressed::Back => None,
                // A line break at the beginning of pasted text.
                list::Pressed::Chosen(_) if waiting(PASTED_WITHIN)? => {
                    list.unmark();
                    continue;
                }
                list::Pressed::Chosen(at) => Some(at),
            };
            self.draw(&Drawing { rows: vec![String::new()], row: 0, column: 0 }, above)?;
            return Ok(chosen);
        }
    }

    /// Draws over what was drawn before, whose cursor is `above` rows below its first.
    fn draw(&self, drawing: &Drawing, above: usize) -> Result<(), Stop> {
        let mut out = moved(above, 'A');
        out.push_str("\r\x1b[J");
        out.push_str(&drawing.rows.join("\n"));
        out.push_str(&moved(drawing.rows.len() - 1 - drawing.row, 'A'));
        out.push('\r');
        out.push_str(&moved(drawing.column, 'C'));
        (&self.term).write_all(out.as_bytes())?;
        Ok(())
    }
}

/// The sequence that moves the cursor this far; a terminal would take 0 for 1.
fn moved(by: usize, direction: char) -> String {
    if by == 0 { String::new() } else { format!("\x1b[{by}{direction}") }
}

impl Terminal for Screen {
    fn width(&self) -> usize {
        usize::from(self.term.size().1).clamp(20, 100)
    }

    fn say(&mut self, tone: Tone, text: &str) -> Result<(), Stop> {
        let text = match tone {
            Tone::Wrong => format!("! {text}"),
            _ => text.to_owned(),
        };
        let text = match tone {
            Tone::Laid => clean(&text),
            _ => Page::line(text).text(self.width()),
        };
        for line in text.lines() {
            match tone {
                Tone::Plain | Tone::Laid => writeln!(&self.term, "{line}")?,
                Tone::Strong => writeln!(&self.term, "{}", style(line).for_stderr().bold())?,
                Tone::Wrong => writeln!(&self.term, "{}", style(line).for_stderr().red())?,
                Tone::Quiet => writeln!(&self.term, "{}", style(line).for_stderr().dim())?,
            }
        }
        Ok(())
    }

    fn line(&mut self, text: &str, breaks: bool) -> Result<String, Stop> {
        self.begin()?;
        let mut typed = Typed::new(text, breaks);
        write!(&self.term, "{PASTE_ON}")?;
        let result = self.type_line(&mut typed);
        write!(&self.term, "{PASTE_OFF}")?;
        self.ended(result)?;
        Ok(typed.text())
    }

    fn discard(&mut self) -> Result<(), Stop> {
        while waiting(Duration::ZERO)? {
            let mut keys = [0; 256];
            let count = rustix::io::read(io::stdin(), &mut keys).map_err(io::Error::from)?;
            if count == 0 {
                return Err(Stop::Left);
            }
            if keys[..count].contains(&CTRL_C) {
                interrupt::press()?;
                return Err(Stop::Left);
            }
        }
        Ok(())
    }

    fn choose(&mut self, labels: &[String]) -> Result<Option<usize>, Stop> {
        self.begin()?;
        let (height, width) = self.term.size();
        let items = labels.iter().map(|label| folded(label, usize::from(width))).collect();
        // The question stays in sight above it.
        let mut list = List::new(items, usize::from(height).saturating_sub(3));
        self.term.hide_cursor()?;
        let chosen = self.move_mark(&mut list);
        self.term.show_cursor()?;
        let chosen = self.ended(chosen)?;
        if let Some(label) = chosen.and_then(|index| labels.get(index)) {
            self.say(Tone::Plain, &format!("> {label}"))?;
        }
        Ok(chosen)
    }

    fn edit(&mut self, name: &str, text: &str) -> Result<String, Stop> {
        self.begin()?;
        self.still.rest()?;
        let edited = editor::edit_text(self.editor.as_deref(), &self.private_dir, name, text);
        self.still.resume()?;
        let edited = edited?;
        editor::forget_edit(&self.private_dir, name);
        Ok(edited)
    }
}

/// A label on as many rows as it needs beside the mark.
fn folded(label: &str, width: usize) -> String {
    Page::line(clean(label)).text(width.saturating_sub(3).max(14)).trim_end().to_owned()
}

/// Whether a key waits to be read, or comes within this time.
fn waiting(within: Duration) -> io::Result<bool> {
    let stdin = io::stdin();
    let mut keys = [PollFd::new(&stdin, PollFlags::IN)];
    let within = Timespec { tv_sec: 0, tv_nsec: within.subsec_nanos().into() };
    match poll(&mut keys, Some(&within)) {
        Ok(ready) => Ok(ready > 0),
        // A signal: the prompt that comes next sees whether it was Ctrl-C.
        Err(rustix::io::Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Keeps the terminal from showing what is typed between two prompts (reading a key does so only while it waits), so that fast
/// typing and pasted text do not spoil the screen. Ends with its life.
struct Still {
    before: Termios,
}

impl Still {
    fn new() -> io::Result<Still> {
        let still = Still { before: tcgetattr(io::stdin())? };
        still.resume()?;
        Ok(still)
    }

    fn resume(&self) -> io::Result<()> {
        let mut quiet = self.before.clone();
        // Ctrl-C between two prompts waits in line like every key: the next question, or its prompt, reads it.
        quiet.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
        Ok(tcsetattr(io::stdin(), OptionalActions::Drain, &quiet)?)
    }

    fn rest(&self) -> io::Result<()> {
        Ok(tcsetattr(io::stdin(), OptionalActions::Drain, &self.before)?)
    }
}

impl Drop for Still {
    fn drop(&mut self) {
        // A terminal that is gone needs no order.
        let _ = self.rest();
    }
}
