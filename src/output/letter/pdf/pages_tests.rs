//! Pages end where they may, and lose nothing.

use proptest::prelude::{Strategy, any, prop, proptest};

use super::{Placed, pages};
use crate::output::letter::pdf::flow::{Flow, Piece};

fn piece(height: f32, keep: bool) -> Piece {
    Piece { height, keep, ..Piece::default() }
}

/// How many pieces stand on each page, without those that repeat.
fn counts(pages: &[Vec<Placed<'_>>]) -> Vec<usize> {
    pages.iter().map(|page| page.iter().filter(|placed| !placed.repeated).count()).collect()
}

fn flow(pieces: Vec<Piece>) -> Flow {
    Flow { pieces, heads: Vec::new() }
}

#[test]
fn pages_are_filled_from_the_top() {
    let of = |pieces: Vec<Piece>, first, other| counts(&pages(&flow(pieces), first, other));
    let plain = |count: usize| vec![piece(10.0, false); count];
    assert_eq!(of(plain(0), 30.0, 50.0), [0]);
    assert_eq!(of(plain(3), 30.0, 50.0), [3]);
    assert_eq!(of(plain(9), 30.0, 50.0), [3, 5, 1]);
}

#[test]
fn white_above_a_piece_is_left_out_at_the_top_of_a_page() {
    let spaced = Piece { before: 5.0, ..piece(10.0, false) };
    let flow = flow(vec![spaced; 4]);
    let pages = pages(&flow, 25.0, 25.0);
    assert_eq!(counts(&pages), [2, 2]);
    assert_eq!(pages[1].iter().map(|placed| placed.y).collect::<Vec<_>>(), [0.0, 15.0]);
}

#[test]
fn what_stands_together_goes_on_together() {
    // A heading at the foot goes on with the two lines that follow it.
    let mut pieces = vec![piece(10.0, false); 3];
    pieces.extend([piece(10.0, true), piece(10.0, true), piece(10.0, false)]);
    assert_eq!(counts(&pages(&flow(pieces), 50.0, 50.0)), [3, 3]);
    // Where the first page is too low for it, it begins on the second.
    let held = vec![piece(10.0, true), piece(10.0, true), piece(10.0, false)];
    assert_eq!(counts(&pages(&flow(held), 20.0, 50.0)), [0, 3]);
    // More than a page is cut all the same.
    let mut long = vec![piece(10.0, true); 12];
    long.push(piece(10.0, false));
    assert_eq!(counts(&pages(&flow(long), 50.0, 50.0)), [5, 5, 3]);
    // Even what is higher than a page.
    assert_eq!(counts(&pages(&flow(vec![piece(80.0, false), piece(10.0, false)]), 20.0, 50.0)), [0, 1, 1]);
}

#[test]
fn the_head_of_a_table_stands_on_each_of_its_pages() {
    let row = Piece { table: Some(0), ..piece(10.0, false) };
    let mut pieces = vec![piece(10.0, false), piece(8.0, true)];
    pieces.extend(vec![row; 7]);
    pieces.push(piece(10.0, false));
    let flow = Flow { pieces, heads: vec![vec![piece(8.0, true)]] };
    let pages = pages(&flow, 50.0, 50.0);
    assert_eq!(counts(&pages), [5, 4, 1]);
    let repeated: Vec<bool> = pages.iter().map(|page| page.iter().any(|placed| placed.repeated)).collect();
    assert_eq!(repeated, [false, true, false]);
    assert_eq!(pages[1][0].y, 0.0);
    assert_eq!(pages[1][1].y, 8.0);
}

fn random() -> impl Strategy<Value = Piece> {
    (1.0_f32..60.0, 0.0_f32..20.0, any::<bool>(), any::<bool>()).prop_map(|(height, before, keep, is_row)| {
        Piece { before, height, keep, table: is_row.then_some(0), ..Piece::default() }
    })
}

proptest! {
    #[test]
    fn nothing_is_lost_and_nothing_runs_off_the_page(
        pieces in prop::collection::vec(random(), 0..60), first in 0.0_f32..100.0, other in 60.0_f32..120.0,
    ) {
        let flow = Flow { pieces, heads: vec![vec![piece(9.0, true)]] };
        let first = first.min(other);
        let pages = pages(&flow, first, other);
        let shown: Vec<&Piece> = pages.iter().flatten().filter(|placed| !placed.repeated).map(|placed| placed.piece).collect();
        assert_eq!(shown, flow.pieces.iter().collect::<Vec<_>>());
        for (index, page) in pages.iter().enumerate() {
            let room = if index == 0 { first } else { other };
            let mut end = 0.0;
            for placed in page {
                assert!(placed.y >= end - 0.01, "pieces do not overlap");
                end = placed.y + placed.piece.height;
            }
            assert!(end <= room + 0.1, "page {index}");
            assert!(index == 0 || !page.is_empty());
        }
    }
}
