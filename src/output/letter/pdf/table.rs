//! Tables: columns as wide as their words need, rows cut between pages, never within, unless one is taller than a page.

use std::rc::Rc;

use super::fault::Fault;
use super::flow::{Column, Layout, Mark, Piece};
use super::fonts::Face;
use super::lines::{extent, lines};
use super::passage::Passage;
use super::sheet;
use super::tags::{Group, Role};
use crate::output::letter::document::Inline;

/// White between columns.
const GUTTER: f32 = 10.0;
/// White above and below the words of a row.
const PADDING: f32 = 3.5;
/// The least width of a column, in the size of the letters.
const NARROWEST: f32 = 2.5;
/// A row taller than this may be cut between pages.
const TALLEST: f32 = sheet::HEIGHT / 3.0;

type Row = Vec<Rc<Passage>>;

/// Lays a table out.
pub(super) fn table(
    layout: &mut Layout<'_>,
    head: &[Vec<Inline>],
    rows: &[Vec<Vec<Inline>>],
    column: &Column,
) -> Result<(), Fault> {
    let columns = rows.iter().map(Vec::len).chain([head.len()]).max().unwrap_or(0);
    let size = layout.sizes.body;
    let room = ((column.width + GUTTER) / (size * NARROWEST + GUTTER)) as usize;
    if columns > room {
        return Err(Fault::Columns { columns, room });
    }
    if columns == 0 {
        return Ok(());
    }
    let group = layout.tree.group(column.group, Role::Table);
    let mut printed: Vec<Row> = Vec::new();
    let has_head = head.iter().any(|cell| !cell.is_empty());
    if has_head {
        printed.push(row(layout, head, columns, (group, Role::Column), column, 0)?);
    }
    for (index, cells) in rows.iter().enumerate() {
        printed.push(row(layout, cells, columns, (group, Role::Cell), column, index + 1)?);
    }
    let edges = edges(&printed, size, column);
    let table = layout.flow.heads.len();
    let mut head = Vec::new();
    for (index, row) in printed.iter().enumerate() {
        let is_head = has_head && index == 0;
        let mut pieces = slices(row, size, &edges, is_head);
        let is_tall = pieces.iter().map(|piece| piece.height).sum::<f32>() > TALLEST;
        let count = pieces.len();
        for (at, piece) in pieces.iter_mut().enumerate() {
            let within = at + 1 < count;
            piece.keep = is_head || (within && (!is_tall || at == 0 || at + 2 == count));
            piece.table = (!is_head).then_some(table);
        }
        if is_head {
            head.clone_from(&pieces);
        }
        layout.flow.pieces.extend(pieces);
    }
    // A head that would fill the page is not repeated.
    if head.iter().map(|piece| piece.height).sum::<f32>() > TALLEST {
        head.clear();
    }
    layout.flow.heads.push(head);
    Ok(())
}

fn row(
    layout: &mut Layout<'_>,
    cells: &[Vec<Inline>],
    columns: usize,
    (table, role): (Group, Role),
    column: &Column,
    number: usize,
) -> Result<Row, Fault> {
    let face = if role == Role::Column { Face::Bold } else { Face::Regular };
    let row = layout.tree.group(table, Role::Row);
    let mut printed = Vec::new();
    for index in 0..columns {
        let group = layout.tree.group(row, role.clone());
        let cell = cells.get(index).map_or(&[][..], Vec::as_slice);
        printed.push(layout.passage(cell, face, group, &column.place(&[number, index + 1]))?);
    }
    Ok(printed)
}

/// Where the columns begin and how wide they are. Each gets what its longest word needs, then what its longest text wants.
fn edges(rows: &[Row], size: f32, column: &Column) -> Vec<(f32, f32)> {
    let columns = rows.first().map_or(0, Vec::len);
    let room = column.width - GUTTER * columns.saturating_sub(1) as f32;
    let mut least = vec![size * NARROWEST; columns];
    let mut most = least.clone();
    for row in rows {
        for ((cell, least), most) in row.iter().zip(&mut least).zip(&mut most) {
            let (word, line) = extent(cell, size);
            *least = least.max(word.ceil());
            *most = most.max(line.ceil());
        }
    }
    let widths = match (least.iter().sum::<f32>() > room, most.iter().sum::<f32>() > room) {
        (true, _) => level(&vec![0.0; columns], &least, room),
        (false, true) => level(&least, &most, room),
        // All fit in one line: what is left over goes to all of them alike.
        (false, false) => {
            let spare = (room - most.iter().sum::<f32>()) / columns as f32;
            most.iter().map(|width| width + spare).collect()
        }
    };
    let mut x = column.x;
    let mut edges = Vec::new();
    for width in widths {
        edges.push((x, width));
        x += width + GUTTER;
    }
    edges
}

/// Widths that fill the room, each within its bounds, and alike where the bounds allow it: what wants little gets it, and the
/// rest share what remains.
fn level(least: &[f32], most: &[f32], room: f32) -> Vec<f32> {
    let at = |level: f32| {
        let within = |(least, most): (&f32, &f32)| level.clamp(*least, most.max(*least));
        least.iter().zip(most).map(within).collect::<Vec<f32>>()
    };
    let (mut low, mut high) = (0.0, room);
    for _ in 0..40 {
        let middle = (low + high) / 2.0;
        match at(middle).iter().sum::<f32>() <= room {
            true => low = middle,
            false => high = middle,
        }
    }
    at(low)
}

/// A row as pieces: the first lines of all cells, the second lines of all cells, and so on.
fn slices(row: &Row, size: f32, edges: &[(f32, f32)], is_head: bool) -> Vec<Piece> {
    let broken: Vec<_> = row.iter().zip(edges).map(|(cell, (_, width))| lines(cell, size, *width)).collect();
    let count = broken.iter().map(Vec::len).max().unwrap_or(0).max(1);
    let mut pieces = Vec::new();
    for at in 0..count {
        let mut piece = Piece { height: sheet::leading(size), ..Piece::default() };
        for ((cell, lines), (x, _)) in row.iter().zip(&broken).zip(edges) {
            if let Some(line) = lines.get(at) {
                let (passage, line) = (Rc::clone(cell), line.clone());
                piece.marks.push(Mark::Words { passage, line, x: *x, y: sheet::baseline(size), size });
            }
        }
        if at == 0 {
            piece.height += PADDING;
            piece.marks.iter_mut().for_each(|mark| mark.lower(PADDING));
        }
        if at + 1 == count {
            piece.height += PADDING;
            let from = edges.first().map_or(0.0, |(x, _)| *x);
            let to = edges.last().map_or(0.0, |(x, width)| x + width);
            let weight = if is_head { 1.2 } else { 0.5 };
            piece.marks.push(Mark::Stroke { x: (from, to), y: piece.height, weight });
        }
        pieces.push(piece);
    }
    pieces
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
