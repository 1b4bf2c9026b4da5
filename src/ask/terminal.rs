//! The terminal on which a person is asked: dialoguer's lists and yes-or-no questions, and a line that wraps. Everything
//! is drawn on standard error; standard output is the answer's.

use std::ffi::OsString;
use std::fmt;
use std::io::{self, Write};
use std::path::PathBuf;

use dialoguer::console::{Term, style};
use dialoguer::theme::Theme;
use dialoguer::{Confirm, Select};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use super::editor;
use super::interrupt;
use super::line::{Drawing, PASTE_OFF, PASTE_ON, Pressed, Typed};
use crate::error::Error;
use crate::output::{Page, clean};

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

impl From<dialoguer::Error> for Stop {
    fn from(error: dialoguer::Error) -> Stop {
        let dialoguer::Error::IO(error) = error;
        error.into()
    }
}

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

/// What a conversation needs of a terminal.
pub trait Terminal {
    /// Its width in columns.
    fn width(&self) -> usize;
    /// Says something.
    fn say(&mut self, tone: Tone, text: &str) -> Result<(), Stop>;
    /// Lets a line be typed, beginning with `text`. Pasted line breaks stay where `breaks` says so.
    fn line(&mut self, text: &str, breaks: bool) -> Result<String, Stop>;
    /// Lets one of these be chosen, none of them beforehand; `None` goes back.
    fn choose(&mut self, labels: &[String]) -> Result<Option<usize>, Stop>;
    /// Lets yes or no be answered, neither of them beforehand; `None` goes back.
    fn yes_or_no(&mut self) -> Result<Option<bool>, Stop>;
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
        loop {
            let (height, width) = self.term.size();
            let drawing = typed.draw(usize::from(width), usize::from(height).saturating_sub(1));
            self.draw(&drawing, above)?;
            above = drawing.row;
            match typed.press(&self.term.read_key()?) {
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

    fn choose(&mut self, labels: &[String]) -> Result<Option<usize>, Stop> {
        self.begin()?;
        let (height, width) = self.term.size();
        let items: Vec<String> = labels.iter().map(|label| folded(label, usize::from(width))).collect();
        // dialoguer counts items, not rows: a page may hold so many that the highest of them would fit.
        let rows = items.iter().map(|item| item.lines().count()).max().unwrap_or(1);
        // The question stays in sight above it.
        let page = (usize::from(height).saturating_sub(5) / rows).max(1);
        let select = Select::with_theme(&Plain).with_prompt("Choose").items(&items).max_length(page + 2);
        let chosen = self.ended(select.report(false).interact_on_opt(&self.term))?;
        if let Some(label) = chosen.and_then(|index| labels.get(index)) {
            self.say(Tone::Plain, &format!("> {label}"))?;
        }
        Ok(chosen)
    }

    fn yes_or_no(&mut self) -> Result<Option<bool>, Stop> {
        self.begin()?;
        let answer = Confirm::with_theme(&Plain).with_prompt("").interact_on_opt(&self.term);
        self.ended(answer)
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

/// A label over as many rows as it needs, each of which dialoguer, which counts bytes, takes for one.
fn folded(label: &str, width: usize) -> String {
    let label = clean(label);
    let fold = |room: usize| Page::line(label.as_str()).text(room);
    let fits = |text: &String| text.lines().all(|line| line.len() + 2 < width);
    let text = (14..width.saturating_sub(3)).rev().map(fold).find(fits).unwrap_or_else(|| fold(14));
    text.trim_end().replace('\n', "\n  ")
}

/// A theme without colours and symbols: what is chosen has a mark before it.
struct Plain;

impl Theme for Plain {
    fn format_prompt(&self, f: &mut dyn fmt::Write, prompt: &str) -> fmt::Result {
        write!(f, "{prompt}")
    }

    fn format_confirm_prompt(&self, f: &mut dyn fmt::Write, _: &str, _: Option<bool>) -> fmt::Result {
        write!(f, "> (y/n) ")
    }

    fn format_confirm_prompt_selection(
        &self,
        f: &mut dyn fmt::Write,
        _: &str,
        answer: Option<bool>,
    ) -> fmt::Result {
        match answer {
            Some(true) => write!(f, "> yes"),
            Some(false) => write!(f, "> no"),
            None => write!(f, "> back"),
        }
    }

    fn format_select_prompt_item(&self, f: &mut dyn fmt::Write, text: &str, active: bool) -> fmt::Result {
        if active { write!(f, "> {}", style(text).for_stderr().bold()) } else { write!(f, "  {text}") }
    }
}

/// Keeps the terminal from showing what is typed between two prompts (dialoguer only does so within one), so that fast
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
        // Ctrl-C between two prompts waits in line like every key: the next prompt reads it.
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
