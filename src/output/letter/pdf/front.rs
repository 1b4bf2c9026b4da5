//! What stands on the first page above the letter's own words, and what stands at the head and foot of every page.

use std::rc::Rc;

use super::fault::{Fault, Place};
use super::flow::{Layout, Mark};
use super::fonts::Face;
use super::lines::{Line, lines};
use super::passage::Passage;
use super::sheet;
use super::tags::{Role, Tree};
use crate::output::letter::document::{Document, Inline};

/// How long a protective marking may be, in characters: it takes room from every page.
const LONGEST_MARKING: usize = 120;

/// Marks with their place on the sheet, and where the sheet is free below them.
#[derive(Debug, Default)]
pub(super) struct Front {
    /// The marks.
    pub(super) marks: Vec<Mark>,
    /// The end of what stands there.
    pub(super) bottom: f32,
}

/// Where a line stands between the margins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Side {
    /// At the left.
    Left,
    /// In the middle.
    Middle,
    /// At the right.
    Right,
}

/// The passage in lines from `y` downwards.
fn stack(passage: Passage, size: f32, column: (f32, f32), y: f32, side: Side) -> Front {
    spaced(passage, (size, sheet::leading(size)), column, y, side)
}

/// The same with lines of another height.
fn spaced(passage: Passage, (size, leading): (f32, f32), column: (f32, f32), y: f32, side: Side) -> Front {
    let (x, width) = column;
    let passage = Rc::new(passage);
    let mut front = Front { marks: Vec::new(), bottom: y };
    for line in lines(&passage, size, width) {
        let spare = width - line.width;
        let x = match side {
            Side::Left => x,
            Side::Middle => x + spare / 2.0,
            Side::Right => x + spare,
        };
        let y = front.bottom + sheet::baseline(size);
        front.marks.push(Mark::Words { passage: Rc::clone(&passage), line, x, y, size });
        front.bottom += leading;
    }
    front
}

impl Front {
    /// Adds what stands below.
    fn add(&mut self, below: Front) {
        self.marks.extend(below.marks);
        self.bottom = below.bottom;
    }
}

/// That the letter is held, and the protective marking, in the middle of the sheet, from `y` downwards (A5, X3). Read aloud
/// where they stand first.
pub(super) fn marking(layout: &mut Layout<'_>, document: &Document, y: f32) -> Result<Front, Fault> {
    let marking = document.marking.as_deref().filter(|marking| !marking.trim().is_empty());
    if marking.is_some_and(|marking| marking.chars().count() > LONGEST_MARKING) {
        return Err(Fault::Marking(LONGEST_MARKING));
    }
    let mut front = Front { marks: Vec::new(), bottom: y };
    for words in document.held.as_deref().into_iter().chain(marking) {
        let passage = paragraph(layout, &[plain(words)], Face::Bold, &Place::Marking)?;
        let column = (sheet::MARGIN, sheet::MEASURE);
        front.add(stack(passage, layout.sizes.small, column, front.bottom, Side::Middle));
    }
    Ok(front)
}

/// Words across a whole page, laid out level in its middle: the pen turns them (A5).
pub(super) fn across(layout: &mut Layout<'_>, words: &str) -> Result<Vec<Mark>, Fault> {
    let passage = Rc::new(paragraph(layout, &[plain(words)], Face::Bold, &Place::Marking)?);
    let whole = |size: f32| lines(&passage, size, f32::MAX).into_iter().next();
    let width = whole(1.0).map_or(1.0, |line| line.width.max(1.0));
    let size = (sheet::ACROSS / width).min(sheet::LARGEST_ACROSS);
    let mark = |line: Line| {
        let (x, y) = ((sheet::WIDTH - line.width) / 2.0, sheet::HEIGHT / 2.0);
        Mark::Words { passage: Rc::clone(&passage), line, x, y, size }
    };
    Ok(whole(size).map(mark).into_iter().collect())
}

/// A line that runs along every page, at `y`; nothing where it is too wide for a line.
pub(super) fn running(layout: &mut Layout<'_>, words: &str, y: f32, side: Side) -> Result<Front, Fault> {
    let passage = paragraph(layout, &[plain(words)], Face::Regular, &Place::Sender(1))?;
    let front = stack(passage, layout.sizes.small, (sheet::MARGIN, sheet::MEASURE), y, side);
    Ok(if front.marks.len() > 1 { Front { marks: Vec::new(), bottom: y } } else { front })
}

/// How wide a line that runs along is.
pub(super) fn width(front: &Front) -> f32 {
    let width = |mark: &Mark| if let Mark::Words { line, .. } = mark { line.width } else { 0.0 };
    front.marks.iter().map(width).sum()
}

/// The letterhead, the address in its window, the particulars beside it; from `y` downwards, drawn in the order in which it
/// is read.
pub(super) fn first_page(layout: &mut Layout<'_>, document: &Document, y: f32) -> Result<Front, Fault> {
    let beside = (sheet::ASIDE, sheet::ASIDE_WIDTH);
    let sizes = *layout.sizes;
    let mut front = name(layout, document, y)?;
    let mut aside = Front { marks: Vec::new(), bottom: y + 4.0 };
    for (index, line) in document.sender.iter().enumerate().skip(1) {
        let passage = paragraph(layout, &[contact(line)], Face::Regular, &Place::Sender(index + 1))?;
        aside.add(stack(passage, sizes.small, beside, aside.bottom, Side::Left));
    }
    front.marks.append(&mut aside.marks);
    let mut top = front.bottom;
    let recipient: Vec<(usize, &String)> =
        document.recipient.iter().enumerate().filter(|(_, line)| !line.trim().is_empty()).collect();
    if !recipient.is_empty() {
        let address = address(layout, &recipient, top + sizes.small)?;
        front.add(address);
        front.bottom = (front.bottom + sheet::leading(sizes.body) * 1.2).max(sheet::BODY_TOP);
        top = sheet::WINDOW_SURE;
    }
    aside.bottom = top.max(aside.bottom + sheet::leading(sizes.small));
    for (index, (label, value)) in document.particulars.iter().enumerate() {
        let words = particular(label, value);
        let passage = paragraph(layout, &words, Face::Regular, &Place::Particular(index + 1))?;
        aside.add(stack(passage, sizes.body, beside, aside.bottom, Side::Left));
        aside.bottom += sizes.body * 0.25;
    }
    front.bottom = front.bottom.max(aside.bottom + sheet::leading(sizes.body));
    front.marks.append(&mut aside.marks);
    Ok(front)
}

fn paragraph(layout: &mut Layout<'_>, words: &[Inline], face: Face, place: &Place) -> Result<Passage, Fault> {
    let group = layout.tree.group(Tree::LETTER, Role::Paragraph);
    Passage::new(words, face, group, layout.tree, layout.fonts, place)
}

fn plain(words: &str) -> Inline {
    Inline::Text(words.to_owned())
}

/// A line of the letterhead; a link where it is an address to write to.
fn contact(line: &str) -> Inline {
    let line = line.trim();
    let is_word = !line.contains(char::is_whitespace);
    match line.split_once('@') {
        Some((name, host)) if is_word && !name.is_empty() && host.contains('.') => {
            Inline::Link(format!("mailto:{line}"), vec![plain(line)])
        }
        _ if is_word && line.starts_with("www.") => {
            Inline::Link(format!("https://{line}"), vec![plain(line)])
        }
        _ if is_word && line.starts_with("https://") => Inline::Link(line.to_owned(), vec![plain(line)]),
        _ => plain(line),
    }
}

/// `Date: 2 March 2026`, the label in bold.
fn particular(label: &str, value: &str) -> [Inline; 2] {
    let label = label.trim();
    let colon = if label.is_empty() || label.ends_with([':', '?']) { "" } else { ":" };
    [Inline::Strong(vec![Inline::Text(format!("{label}{colon}"))]), Inline::Text(format!(" {value}"))]
}

/// The name of the force, so large that it ends above the window.
fn name(layout: &mut Layout<'_>, document: &Document, y: f32) -> Result<Front, Fault> {
    let Some(name) = document.sender.first() else {
        return Ok(Front { marks: Vec::new(), bottom: y });
    };
    let passage = paragraph(layout, &[plain(name)], Face::Bold, &Place::Sender(1))?;
    let height = |size: f32| lines(&passage, size, sheet::NAME_WIDTH).len() as f32 * sheet::leading(size);
    let size = largest(layout.sizes.name, layout.sizes.small, |size| y + height(size) <= sheet::NAME_BOTTOM);
    Ok(stack(passage, size, (sheet::MARGIN, sheet::NAME_WIDTH), y, Side::Left))
}

/// The address, so large that it shows in the window; lines for which it has no room run on below it.
fn address(layout: &mut Layout<'_>, recipient: &[(usize, &String)], top: f32) -> Result<Front, Fault> {
    let mut passages = Vec::new();
    for (index, line) in recipient {
        passages.push(paragraph(layout, &[plain(line)], Face::Regular, &Place::Recipient(index + 1))?);
    }
    let height = |size: f32| {
        let lines =
            passages.iter().map(|passage| lines(passage, size, sheet::WINDOW_WIDTH).len()).sum::<usize>();
        lines as f32 * sheet::tight(size)
    };
    let room = sheet::WINDOW_BOTTOM - sheet::WINDOW_TOP;
    let size = largest(layout.sizes.body, layout.sizes.address, |size| height(size) <= room);
    let start = (sheet::WINDOW_BOTTOM - height(size)).clamp(sheet::WINDOW_TOP, sheet::WINDOW_SURE).max(top);
    let mut front = Front { marks: Vec::new(), bottom: start };
    for passage in passages {
        let height = (size, sheet::tight(size));
        front.add(spaced(passage, height, (sheet::MARGIN, sheet::WINDOW_WIDTH), front.bottom, Side::Left));
    }
    Ok(front)
}

/// The largest size, in halves of a point, that fits; the least where none does.
fn largest(from: f32, least: f32, fits: impl Fn(f32) -> bool) -> f32 {
    let mut size = from;
    while size > least && !fits(size) {
        size -= 0.5;
    }
    size.max(least)
}

/// Short marks at the edge where the sheet is folded for its envelope.
pub(super) fn folds() -> Vec<Mark> {
    sheet::FOLDS.map(|y| Mark::Stroke { x: (10.0, 20.0), y, weight: 0.4 }).to_vec()
}
