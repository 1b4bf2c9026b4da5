//! What a letter says, as pieces one below the other: lines of text, rules, fields, rows of tables. No piece is ever cut.

use std::rc::Rc;

use super::fault::{Fault, Place};
use super::fonts::{Face, Fonts};
use super::lines::{Line, lines};
use super::passage::{DEPTH, Passage};
use super::sheet::{self, Sizes};
use super::table;
use super::tags::{Group, Role, Tree};
use crate::output::letter::document::{Block, Inline};

/// Up to so many lines stand together where somebody has broken them by hand.
const BY_HAND: usize = 8;

/// Something to draw in a piece. Its place is measured from the left edge of the sheet and the top of the piece.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Mark {
    /// A line of text.
    Words {
        /// The passage it is of.
        passage: Rc<Passage>,
        /// Which of its lines.
        line: Line,
        /// Where it begins.
        x: f32,
        /// Where its letters stand.
        y: f32,
        /// The size of its letters.
        size: f32,
    },
    /// A line across.
    Stroke {
        /// From and to.
        x: (f32, f32),
        /// At which height.
        y: f32,
        /// How thick.
        weight: f32,
    },
    /// A bar beside the whole piece, drawn up to the piece above where that has it as well.
    Bar {
        /// Where it stands.
        x: f32,
        /// From and to.
        y: (f32, f32),
    },
}

/// A piece.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Piece {
    /// White above it, unless it stands at the top of a page.
    pub(super) before: f32,
    /// Its height.
    pub(super) height: f32,
    /// Whether the next piece must stand on the same page.
    pub(super) keep: bool,
    /// What it shows.
    pub(super) marks: Vec<Mark>,
    /// The table it is a row of, by its number: where it begins a page, the head of the table stands above it.
    pub(super) table: Option<usize>,
    /// The heading that begins here: its level and words.
    pub(super) heading: Option<(u16, String)>,
}

/// All pieces of a letter.
#[derive(Debug, Default)]
pub(super) struct Flow {
    /// The pieces.
    pub(super) pieces: Vec<Piece>,
    /// The heads of its tables, to be repeated.
    pub(super) heads: Vec<Vec<Piece>>,
}

/// Where something is laid out.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// Its left edge.
    pub(super) x: f32,
    /// Its width.
    pub(super) width: f32,
    /// Its part of the structure.
    pub(super) group: Group,
    /// Its place in the letter.
    path: Vec<usize>,
}

impl Column {
    /// The column of the letter's own text.
    pub(super) fn letter() -> Column {
        Column { x: sheet::MARGIN, width: sheet::MEASURE, group: Tree::LETTER, path: Vec::new() }
    }

    /// Where it is, for a person.
    pub(super) fn place(&self, path: &[usize]) -> Place {
        Place::Body([&self.path[..], path].concat())
    }

    /// The part of it with this number, farther in; no farther than leaves room for words.
    fn inner(&self, indent: f32, number: usize, group: Group) -> Column {
        let indent = indent.min((self.width - sheet::MEASURE / 3.0).max(0.0));
        let path = [&self.path[..], &[number]].concat();
        Column { x: self.x + indent, width: self.width - indent, group, path }
    }
}

/// Lays a letter out.
pub(super) struct Layout<'a> {
    /// The fonts.
    pub(super) fonts: &'a Fonts,
    /// The sizes.
    pub(super) sizes: &'a Sizes,
    /// The structure.
    pub(super) tree: &'a mut Tree,
    /// What has been laid out.
    pub(super) flow: Flow,
    level: u16,
}

impl<'a> Layout<'a> {
    /// A letter of which nothing has been laid out.
    pub(super) fn new(fonts: &'a Fonts, sizes: &'a Sizes, tree: &'a mut Tree) -> Layout<'a> {
        Layout { fonts, sizes, tree, flow: Flow::default(), level: 0 }
    }

    /// Lays out some blocks.
    pub(super) fn blocks(&mut self, blocks: &[Block], column: &Column) -> Result<(), Fault> {
        if column.path.len() > DEPTH {
            return Err(Fault::Depth(DEPTH));
        }
        let mut above = 0.0;
        for (index, block) in blocks.iter().enumerate() {
            let (first, next) = (self.flow.pieces.len(), blocks.get(index + 1));
            self.block(block, index + 1, column)?;
            let gap = self.gap(block);
            let follows_heading = index > 0 && matches!(blocks.get(index - 1), Some(Block::Heading(..)));
            if let Some(piece) = self.flow.pieces.get_mut(first) {
                piece.before = if follows_heading { gap / 2.0 } else { gap.max(above) };
            }
            above = match block {
                Block::Quote(_) | Block::Table(..) | Block::List(..) | Block::Rule | Block::Field(_) => gap,
                Block::Heading(..) | Block::Paragraph(_) => 0.0,
            };
            let leads = matches!(block, Block::Heading(..)) || ends_with_colon(block);
            // Nobody signs a page that says nothing, and no page holds a closing alone.
            let signed = matches!(next, Some(Block::Field(_)));
            let closes = column.path.is_empty() && index + 2 == blocks.len();
            if (leads || signed || closes) && self.flow.pieces.len() > first {
                self.keep_last();
            }
        }
        Ok(())
    }

    fn keep_last(&mut self) {
        if let Some(piece) = self.flow.pieces.last_mut() {
            piece.keep = true;
        }
    }

    fn gap(&self, block: &Block) -> f32 {
        let line = sheet::leading(self.sizes.body);
        line * match block {
            Block::Heading(1, _) => 1.3,
            Block::Heading(..) => 1.1,
            Block::Field(_) => 0.2,
            Block::Rule => 0.8,
            Block::Table(..) | Block::Quote(_) => 0.7,
            Block::List(..) => 0.5,
            Block::Paragraph(_) => 0.6,
        }
    }

    fn block(&mut self, block: &Block, number: usize, column: &Column) -> Result<(), Fault> {
        match block {
            Block::Heading(level, words) => self.heading(*level, words, number, column),
            Block::Paragraph(words) => {
                let group = self.tree.group(column.group, Role::Paragraph);
                let passage = self.passage(words, Face::Regular, group, &column.place(&[number]))?;
                let pieces = self.text(&passage, self.sizes.body, column);
                self.flow.pieces.extend(pieces);
                Ok(())
            }
            Block::List(from, items) => self.list(*from, items, &column.inner(0.0, number, column.group)),
            Block::Table(head, rows) => {
                table::table(self, head, rows, &column.inner(0.0, number, column.group))
            }
            Block::Quote(blocks) => {
                let group = self.tree.group(column.group, Role::Quote);
                let first = self.flow.pieces.len();
                self.blocks(blocks, &column.inner(self.sizes.indent, number, group))?;
                for piece in self.flow.pieces.get_mut(first..).unwrap_or_default() {
                    piece.marks.push(Mark::Bar { x: column.x + 2.0, y: (0.0, piece.height) });
                }
                Ok(())
            }
            Block::Field(label) => self.field(label, number, column),
            Block::Rule => {
                let marks =
                    vec![Mark::Stroke { x: (column.x, column.x + column.width), y: 0.0, weight: 0.7 }];
                self.flow.pieces.push(Piece { height: 1.0, marks, ..Piece::default() });
                Ok(())
            }
        }
    }

    /// The passage of some words.
    pub(super) fn passage(
        &mut self,
        words: &[Inline],
        face: Face,
        group: Group,
        place: &Place,
    ) -> Result<Rc<Passage>, Fault> {
        Passage::new(words, face, group, self.tree, self.fonts, place).map(Rc::new)
    }

    /// The lines of a passage: the first two stand together, and the last two; all of them where somebody has broken a few
    /// lines by hand, as at the end of a letter.
    pub(super) fn text(&self, passage: &Rc<Passage>, size: f32, column: &Column) -> Vec<Piece> {
        let lines = lines(passage, size, column.width);
        let count = lines.len();
        let by_hand = count <= BY_HAND && passage.text.contains('\n');
        let piece = |(index, line): (usize, Line)| {
            let keep = (index == 0 && count > 1) || index + 2 == count || (by_hand && index + 1 < count);
            let (x, y) = (column.x, sheet::baseline(size));
            let marks = vec![Mark::Words { passage: Rc::clone(passage), line, x, y, size }];
            Piece { height: sheet::leading(size), keep, marks, ..Piece::default() }
        };
        lines.into_iter().enumerate().map(piece).collect()
    }

    /// A heading. Levels of the structure are never skipped, whatever the looks.
    fn heading(&mut self, level: u8, words: &[Inline], number: usize, column: &Column) -> Result<(), Fault> {
        let look = usize::from(level.clamp(1, 3)) - 1;
        let size = self.sizes.headings.get(look).copied().unwrap_or(self.sizes.body);
        let level = u16::from(level.clamp(1, 3)).min(self.level + 1);
        // The words of a heading are known once they are laid out, and its part of the structure needs them.
        let place = column.place(&[number]);
        let draft = Passage::new(words, Face::Bold, Tree::LETTER, &mut Tree::new(), self.fonts, &place)?;
        if draft.is_empty() {
            return Ok(());
        }
        self.level = level;
        let title = draft.text.replace('\n', " ");
        let group = self.tree.group(column.group, Role::Heading(level, title.clone()));
        let passage = self.passage(words, Face::Bold, group, &place)?;
        let mut pieces = self.text(&passage, size, column);
        pieces.iter_mut().for_each(|piece| piece.keep = true);
        if let Some(piece) = pieces.first_mut() {
            piece.heading = Some((level, title));
        }
        self.flow.pieces.extend(pieces);
        Ok(())
    }

    fn list(&mut self, from: Option<u64>, items: &[Vec<Block>], column: &Column) -> Result<(), Fault> {
        let list = self.tree.group(column.group, Role::List(from.is_some()));
        let size = self.sizes.body;
        let mut labels = Vec::new();
        for index in 0..items.len() {
            let item = self.tree.group(list, Role::Item);
            let label = self.tree.group(item, Role::Label);
            let held = self.tree.group(item, Role::Held);
            let text = match from {
                Some(from) => format!("{}.", from.saturating_add(index as u64)),
                None => "•".to_owned(),
            };
            let place = column.place(&[index + 1]);
            let passage = self.passage(&[Inline::Text(text)], Face::Regular, label, &place)?;
            let width = super::lines::extent(&passage, size).1;
            labels.push((passage, width, held));
        }
        let widest = labels.iter().fold(0.0_f32, |widest, (_, width, _)| widest.max(*width));
        let indent = self.sizes.indent.max(widest + size * 0.5);
        for (index, (item, (passage, _, held))) in items.iter().zip(labels).enumerate() {
            let inner = column.inner(indent, index + 1, held);
            let first = self.flow.pieces.len();
            self.blocks(item, &inner)?;
            if self.flow.pieces.len() == first {
                let height = sheet::leading(size);
                self.flow.pieces.push(Piece { height, ..Piece::default() });
            }
            let loose = item.len() > 1 || items.iter().any(|item| item.len() > 1);
            let gap = sheet::leading(size) * if loose { 0.5 } else { 0.2 };
            let line = lines(&passage, size, f32::MAX).into_iter().next();
            if let (Some(piece), Some(line)) = (self.flow.pieces.get_mut(first), line) {
                piece.before = gap;
                piece
                    .marks
                    .insert(0, Mark::Words { passage, line, x: column.x, y: sheet::baseline(size), size });
            }
        }
        Ok(())
    }

    /// A line to write on, beside what is to be written there: high enough for a hand.
    fn field(&mut self, label: &str, number: usize, column: &Column) -> Result<(), Fault> {
        let size = self.sizes.body;
        let group = self.tree.group(column.group, Role::Paragraph);
        let words = [Inline::Text(label.to_owned())];
        let passage = self.passage(&words, Face::Regular, group, &column.place(&[number]))?;
        let gutter = size * 0.8;
        let narrow = Column { width: column.width * 0.34 - gutter, ..column.clone() };
        let mut pieces = self.text(&passage, size, &narrow);
        if pieces.is_empty() {
            pieces.push(Piece { height: sheet::leading(size), ..Piece::default() });
        }
        pieces.iter_mut().for_each(|piece| piece.keep = true);
        if let Some(last) = pieces.last_mut() {
            last.keep = false;
            let x = (column.x + column.width * 0.34, column.x + column.width);
            last.marks.push(Mark::Stroke { x, y: sheet::baseline(size) + 2.5, weight: 0.6 });
        }
        let room = sheet::leading(size) * 0.9;
        if let Some(first) = pieces.first_mut() {
            first.height += room;
            first.marks.iter_mut().for_each(|mark| mark.lower(room));
        }
        self.flow.pieces.extend(pieces);
        Ok(())
    }
}

impl Mark {
    /// Puts it this much lower in its piece.
    pub(super) fn lower(&mut self, by: f32) {
        match self {
            Mark::Words { y, .. } | Mark::Stroke { y, .. } => *y += by,
            Mark::Bar { y, .. } => *y = (y.0 + by, y.1 + by),
        }
    }
}

/// Whether a paragraph ends by announcing what follows.
fn ends_with_colon(block: &Block) -> bool {
    let Block::Paragraph(words) = block else { return false };
    matches!(words.last(), Some(Inline::Text(text)) if text.trim_end().ends_with(':'))
}

#[cfg(test)]
#[path = "flow_tests.rs"]
mod tests;
