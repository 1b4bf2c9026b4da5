//! Columns are as wide as their words need.

use super::level;
use crate::output::letter::document::{Block, Inline};
use crate::output::letter::pdf::fault::Fault;
use crate::output::letter::pdf::flow::{Column, Flow, Layout, Mark, Piece};
use crate::output::letter::pdf::fonts::Fonts;
use crate::output::letter::pdf::sheet;
use crate::output::letter::pdf::tags::Tree;

fn cell(text: &str) -> Vec<Inline> {
    vec![Inline::Text(text.to_owned())]
}

fn laid_out(head: &[&str], rows: &[&[&str]]) -> Result<Flow, Fault> {
    let row = |cells: &[&str]| cells.iter().map(|text| cell(text)).collect::<Vec<_>>();
    let table = Block::Table(row(head), rows.iter().map(|cells| row(cells)).collect());
    let (mut tree, fonts) = (Tree::new(), Fonts::new()?);
    let mut layout = Layout::new(&fonts, &sheet::NORMAL, &mut tree);
    layout.blocks(&[table], &Column::letter())?;
    Ok(layout.flow)
}

/// Where the cells of a piece begin and end.
fn spans(piece: &Piece) -> Vec<(f32, f32)> {
    let span = |mark: &Mark| match mark {
        Mark::Words { x, line, .. } => Some((*x, x + line.width)),
        _ => None,
    };
    piece.marks.iter().filter_map(span).collect()
}

#[test]
fn widths_fill_the_room_within_their_bounds() {
    for (least, most, room, expected) in [
        (&[10.0, 10.0][..], &[20.0, 300.0][..], 100.0, &[20.0, 80.0][..]),
        (&[10.0, 70.0], &[300.0, 300.0], 100.0, &[30.0, 70.0]),
        (&[0.0, 0.0, 0.0], &[500.0, 500.0, 20.0], 120.0, &[50.0, 50.0, 20.0]),
    ] {
        let widths = level(least, most, room);
        assert!(
            widths.iter().zip(expected).all(|(width, expected)| (width - expected).abs() < 0.01),
            "{widths:?}"
        );
    }
}

#[test]
fn no_cell_runs_into_the_next() {
    let long = "Llanfairpwllgwyngyll".repeat(10);
    let flow = laid_out(&["Name", "Day", "Note"], &[&[&long, "2 March 2026", "short"], &["a", &long, &long]])
        .unwrap();
    for piece in &flow.pieces {
        let spans = spans(piece);
        assert!(spans.windows(2).all(|pair| pair[0].1 < pair[1].0), "{spans:?}");
        assert!(spans.iter().all(|span| span.1 <= sheet::MARGIN + sheet::MEASURE + 0.01), "{spans:?}");
    }
}

#[test]
fn the_head_is_kept_with_the_first_row_and_rows_are_not_cut() {
    let flow = laid_out(&["A", "B"], &[&["one", &"many words ".repeat(40)], &["two", "few"]]).unwrap();
    assert!(flow.pieces[0].keep && flow.pieces[0].table.is_none());
    assert_eq!(flow.heads[0], [Piece { before: 0.0, ..flow.pieces[0].clone() }]);
    let rows = &flow.pieces[1..];
    assert!(rows.iter().all(|piece| piece.table == Some(0)));
    let ends = rows.iter().filter(|piece| !piece.keep).count();
    assert_eq!(ends, 2, "each row may end a page, none may be cut");
}

#[test]
fn a_row_taller_than_a_page_may_be_cut_but_leaves_no_line_alone() {
    let flow = laid_out(&["A"], &[&[&"many words ".repeat(2000)]]).unwrap();
    let row = &flow.pieces[1..];
    assert!(row.len() > 50);
    assert!(row[0].keep && row[row.len() - 2].keep && !row[1].keep);
}

#[test]
fn tables_without_head_or_rows_or_cells_are_laid_out() {
    assert!(laid_out(&[], &[]).unwrap().pieces.is_empty());
    assert_eq!(laid_out(&["A"], &[]).unwrap().pieces.len(), 1);
    let bare = laid_out(&[], &[&["a", "b"], &["c"], &[]]).unwrap();
    assert_eq!(bare.pieces.len(), 3);
    assert_eq!(bare.heads, [Vec::new()]);
}

#[test]
fn too_many_columns_are_refused() {
    let many = ["x"; 40];
    assert_eq!(laid_out(&many, &[]).unwrap_err(), Fault::Columns { columns: 40, room: 12 });
}
