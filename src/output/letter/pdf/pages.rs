//! Which piece stands on which page, and where.

use super::flow::{Flow, Piece};

/// A piece in its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Placed<'a> {
    /// The piece.
    pub(super) piece: &'a Piece,
    /// How far below the top of the page's own room it begins.
    pub(super) y: f32,
    /// The white above it.
    pub(super) above: f32,
    /// Whether it repeats what stood on an earlier page.
    pub(super) repeated: bool,
}

/// Rounding of many heights together.
const SLACK: f32 = 0.01;

/// The pieces page by page, where the first page has room for `first` points and each other for `other`. There is always one
/// page. Pieces that must stand together do, unless they are more than a page holds.
pub(super) fn pages(flow: &Flow, first: f32, other: f32) -> Vec<Vec<Placed<'_>>> {
    let mut pages: Vec<Vec<Placed<'_>>> = Vec::new();
    let mut start = 0;
    while start < flow.pieces.len() || pages.is_empty() {
        let room = if pages.is_empty() { first } else { other };
        let mut page = head(flow, start, room);
        let mut y = page.last().map_or(0.0, |placed| placed.y + placed.piece.height);
        let repeated = page.len();
        let mut kept = 0;
        for piece in flow.pieces.get(start..).unwrap_or_default() {
            let above = if page.is_empty() || page.len() == repeated { 0.0 } else { piece.before };
            if y + above + piece.height > room + SLACK {
                break;
            }
            y += above;
            page.push(Placed { piece, y, above, repeated: false });
            y += piece.height;
            if !piece.keep {
                kept = page.len() - repeated;
            }
        }
        let held = page.len() - repeated;
        let rest = start + held < flow.pieces.len();
        // What must stand together and does not fit here goes on whole, if the next page has more room than this one.
        let count = match rest {
            true if kept > 0 => kept,
            true if room < other && pages.is_empty() => 0,
            _ => held,
        };
        page.truncate(repeated + count);
        if count == 0 {
            page.clear();
            let stuck = room >= other || !pages.is_empty();
            if let (true, Some(piece)) = (stuck, flow.pieces.get(start)) {
                page.push(Placed { piece, y: 0.0, above: 0.0, repeated: false });
                start += 1;
            }
        }
        start += count;
        pages.push(page);
    }
    pages
}

/// The head of the table in whose midst a page begins.
fn head(flow: &Flow, start: usize, room: f32) -> Vec<Placed<'_>> {
    let table = |index: usize| flow.pieces.get(index).and_then(|piece| piece.table);
    let Some(number) = table(start) else { return Vec::new() };
    // The first row follows the head itself.
    let pieces = flow.heads.get(number).map_or(&[][..], Vec::as_slice);
    let height: f32 = pieces.iter().map(|piece| piece.height).sum();
    if height > room / 2.0 {
        return Vec::new();
    }
    let mut y = 0.0;
    let mut placed = Vec::new();
    for piece in pieces {
        placed.push(Placed { piece, y, above: 0.0, repeated: true });
        y += piece.height;
    }
    placed
}

#[cfg(test)]
#[path = "pages_tests.rs"]
mod tests;
