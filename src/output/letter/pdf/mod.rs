//! A letter as a PDF that can be printed, posted in a window envelope, and read aloud: A4, tagged (PDF/UA-1), fonts embedded.
//! The same letter gives the same bytes.
//!
//! Words become passages of glyphs (`passage`, `fonts`), passages lines (`lines`), blocks and tables pieces that stand
//! below each other (`flow`, `table`), pieces pages (`pages`); what stands around them comes from `front`, and
//! `draw` writes it all down, with the structure that `tags` has kept meanwhile. `sheet` has the measures.
//! The layout is our own because a letter needs little of it: one column, lines to the left, no text from right to left.

mod draw;
mod fault;
mod flow;
mod fonts;
mod front;
mod lines;
mod pages;
mod passage;
mod sheet;
mod table;
mod tags;

pub use fault::{Fault, Place};

use crate::domain::time::Day;
use crate::output::letter::document::Document;

use draw::{Drawing, Paper, Use};
use flow::{Column, Layout, Mark};
use fonts::Fonts;
use front::{Front, Side};
use pages::Placed;
use sheet::Sizes;
use tags::Tree;

/// How large the letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Print {
    /// 11 points.
    #[default]
    Normal,
    /// 18 points at least; only an address that would not show in the window of its envelope is smaller.
    Large,
}

/// How a letter is to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// How large its letters are.
    pub print: Print,
    /// The day on which it is written, for the properties of the file.
    pub date: Day,
}

/// The letter as a PDF.
///
/// # Errors
/// A [`Fault`] where the letter cannot be printed as it stands, or the page does not pass its own check; never with a word
/// of the letter in it.
pub fn pdf(document: &Document, look: &Look) -> Result<Vec<u8>, Fault> {
    let paper = Paper {
        title: title(&document.title)?,
        language: language(&document.language)?,
        author: document.sender.first().map(|name| one_line(name)).unwrap_or_default(),
        date: look.date,
    };
    let fonts = Fonts::new()?;
    let sizes = match look.print {
        Print::Normal => sheet::NORMAL,
        Print::Large => sheet::LARGE,
    };
    let mut tree = Tree::new();
    let mut layout = Layout::new(&fonts, &sizes, &mut tree);
    let marking = front::marking(&mut layout, document, sheet::HEAD)?;
    let front = front::first_page(&mut layout, document, marking.bottom + sizes.small * 1.4)?;
    layout.blocks(&document.body, &Column::letter())?;
    let flow = layout.flow;
    let around = Around::new(&fonts, &sizes, document)?;
    if front.bottom > around.bottom - sheet::leading(sizes.body) {
        return Err(Fault::Front);
    }
    let pages = pages::pages(&flow, around.bottom - front.bottom, around.bottom - around.top);
    let count = pages.len();
    let mut drawings = Vec::new();
    for (index, placed) in pages.iter().enumerate() {
        let mut drawing = Drawing::default();
        drawing.add(&around.across, Use::Across);
        let (top, head) = match index {
            0 => {
                drawing.add(&marking.marks, Use::Letter);
                drawing.add(&front.marks, Use::Letter);
                if document.recipient.iter().any(|line| !line.trim().is_empty()) {
                    drawing.add(&front::folds(), Use::Ornament);
                }
                (front.bottom, &[][..])
            }
            _ => (around.top, &around.head[..]),
        };
        drawing.add(head, Use::Head);
        drawing.add(&around.foot, Use::Foot);
        drawing.add(&around.number(&fonts, &sizes, &paper.language, (index + 1, count))?.marks, Use::Foot);
        body(&mut drawing, placed, top);
        drawings.push(drawing);
    }
    draw::draw(&paper, &fonts, tree, &drawings)
}

/// Draws the pieces of a page. A bar goes on through the white between two pieces that both have it.
fn body(drawing: &mut Drawing, placed: &[Placed<'_>], top: f32) {
    let mut bars: Vec<f32> = Vec::new();
    for Placed { piece, y, above, repeated } in placed {
        let y = top + y;
        if let Some((level, words)) = &piece.heading {
            drawing.heading(*level, words, y);
        }
        let mut here = Vec::new();
        for mark in &piece.marks {
            let mut mark = mark.clone();
            if let Mark::Bar { x, y } = &mut mark {
                here.push(*x);
                y.0 -= if bars.contains(x) { *above } else { 0.0 };
            }
            mark.lower(y);
            drawing.add(&[mark], if *repeated { Use::Repeated } else { Use::Letter });
        }
        bars = here;
    }
}

/// What stands around the letter's words on every page.
struct Around {
    /// Across every page, where the letter must not be sent.
    across: Vec<Mark>,
    /// At the head of every page but the first, whose marking is part of the letter.
    head: Vec<Mark>,
    /// At the foot, but for the number of the page.
    foot: Vec<Mark>,
    /// Where the number of the page stands.
    number: f32,
    /// Where the words begin on every page but the first.
    top: f32,
    /// Where the words end.
    bottom: f32,
}

impl Around {
    fn new(fonts: &Fonts, sizes: &Sizes, document: &Document) -> Result<Around, Fault> {
        // What is drawn here is no part of the letter, so that its structure is not kept.
        let mut tree = Tree::new();
        let mut layout = Layout::new(fonts, sizes, &mut tree);
        let line = sheet::leading(sizes.small);
        let marking = front::marking(&mut layout, document, sheet::HEAD)?;
        let height = marking.bottom - sheet::HEAD;
        let end = sheet::HEIGHT - sheet::FOOT - height;
        let foot = front::marking(&mut layout, document, end)?;
        let mut head = marking.marks;
        head.extend(running(&mut layout, document, marking.bottom + line * 0.3)?);
        let number = end - line;
        let bottom = number - line * 0.7;
        let across = match &document.held {
            Some(words) => front::across(&mut layout, words)?,
            None => Vec::new(),
        };
        Ok(Around { across, head, foot: foot.marks, number, top: marking.bottom + line * 2.4, bottom })
    }

    /// `Page 1 of 2`.
    fn number(
        &self,
        fonts: &Fonts,
        sizes: &Sizes,
        language: &str,
        (page, count): (usize, usize),
    ) -> Result<Front, Fault> {
        let words = match language.split('-').next() {
            Some("cy") => format!("Tudalen {page} o {count}"),
            _ => format!("Page {page} of {count}"),
        };
        let mut tree = Tree::new();
        front::running(&mut Layout::new(fonts, sizes, &mut tree), &words, self.number, Side::Right)
    }
}

/// Who writes and about what, as far as there is room for it in a line: for pages that have come apart.
fn running(layout: &mut Layout<'_>, document: &Document, y: f32) -> Result<Vec<Mark>, Fault> {
    let Some(name) = document.sender.first() else { return Ok(Vec::new()) };
    let name = front::running(layout, name, y, Side::Left)?;
    let room = sheet::MEASURE - front::width(&name) - layout.sizes.small * 2.0;
    let one =
        |(label, value): &(String, String)| format!("{} {value}", label.trim_end_matches(':').trim_end());
    let particulars: Vec<String> = document.particulars.iter().map(one).collect();
    let mut marks = name.marks;
    for words in std::iter::once(particulars.join("  ·  ")).chain(particulars.iter().rev().cloned()) {
        let front = front::running(layout, &words, y, Side::Right)?;
        if !front.marks.is_empty() && front::width(&front) <= room {
            marks.extend(front.marks);
            break;
        }
    }
    Ok(marks)
}

/// Text for the properties of the file, where control characters are not allowed.
fn one_line(text: &str) -> String {
    let is_text = |c: &char| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{feff}');
    let spaced = text.split_whitespace().collect::<Vec<_>>().join(" ");
    spaced.chars().filter(is_text).take(1000).collect()
}

fn title(title: &str) -> Result<String, Fault> {
    let title = one_line(title);
    if title.is_empty() { Err(Fault::Title) } else { Ok(title) }
}

/// A language tag: letters, then parts of letters and digits behind hyphens (RFC 3066).
fn language(language: &str) -> Result<String, Fault> {
    let is_part =
        |part: &str| (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric());
    let is_first =
        |part: &str| (2..=3).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphabetic());
    let (first, _) = language.split_once('-').unwrap_or((language, ""));
    if is_first(first) && language.split('-').all(is_part) {
        Ok(language.to_owned())
    } else {
        Err(Fault::Language)
    }
}
