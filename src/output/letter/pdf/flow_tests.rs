//! Blocks become pieces that know what must stand together.

use super::{Column, Flow, Layout, Mark};
use crate::output::letter::document::{Block, Inline};
use crate::output::letter::pdf::fault::Fault;
use crate::output::letter::pdf::fonts::Fonts;
use crate::output::letter::pdf::sheet;
use crate::output::letter::pdf::tags::Tree;

fn laid_out(blocks: &[Block]) -> Result<Flow, Fault> {
    let (mut tree, fonts) = (Tree::new(), Fonts::new()?);
    let mut layout = Layout::new(&fonts, &sheet::NORMAL, &mut tree);
    layout.blocks(blocks, &Column::letter())?;
    Ok(layout.flow)
}

fn paragraph(words: &str) -> Block {
    Block::Paragraph(vec![Inline::Text(words.to_owned())])
}

fn heading(level: u8) -> Block {
    Block::Heading(level, vec![Inline::Text("What happens next".to_owned())])
}

/// Whether each piece must stand with the next.
fn keeps(blocks: &[Block]) -> Vec<bool> {
    laid_out(blocks).unwrap().pieces.iter().map(|piece| piece.keep).collect()
}

const LINE: &str =
    "some words that fill a line of the letter nearly up to its end, so that they stand alone ";

#[test]
fn no_paragraph_leaves_one_line_alone() {
    let tail = paragraph("the end");
    for (lines, expected) in [
        (1, vec![false]),
        (2, vec![true, false]),
        (3, vec![true, true, false]),
        (5, vec![true, false, false, true, false]),
    ] {
        let block = paragraph(&LINE.repeat(lines));
        let keeps = keeps(&[block, tail.clone(), tail.clone()]);
        assert_eq!(keeps[..keeps.len() - 2], expected);
    }
}

#[test]
fn headings_announcements_and_closings_are_not_left_alone() {
    let plain = paragraph("plain");
    assert_eq!(keeps(&[heading(1), plain.clone(), plain.clone(), plain.clone()]), [true, false, true, false]);
    assert!(keeps(&[paragraph("These:"), plain.clone(), plain.clone()])[0]);
    let fields = ["Signed", "Date"].map(|label| Block::Field(label.to_owned()));
    let keeps =
        keeps(&[plain.clone(), plain.clone(), fields[0].clone(), fields[1].clone(), plain.clone(), plain]);
    assert_eq!(keeps, [false, true, true, false, true, false]);
}

#[test]
fn lines_broken_by_hand_stand_together() {
    let words = |words: &str| Inline::Text(words.to_owned());
    let mut closing = Vec::new();
    for _ in 0..5 {
        closing.extend([words("line"), Inline::Break]);
    }
    closing.push(words("last"));
    assert_eq!(keeps(&[Block::Paragraph(closing)]), [true, true, true, true, true, false]);
}

#[test]
fn levels_of_headings_are_not_skipped() {
    let flow = laid_out(&[heading(3), heading(3), heading(1), heading(0), heading(3), heading(9)]).unwrap();
    let levels: Vec<u16> = flow.pieces.iter().filter_map(|piece| Some(piece.heading.as_ref()?.0)).collect();
    assert_eq!(levels, [1, 2, 1, 1, 2, 3]);
}

#[test]
fn items_stand_in_however_deep_and_never_run_off_the_page() {
    let mut list = paragraph(LINE);
    for _ in 0..14 {
        list = Block::List(Some(u64::MAX), vec![vec![list], Vec::new()]);
    }
    let flow = laid_out(&[list]).unwrap();
    for mark in flow.pieces.iter().flat_map(|piece| &piece.marks) {
        if let Mark::Words { x, line, .. } = mark {
            assert!(x + line.width <= sheet::MARGIN + sheet::MEASURE + 0.01);
        }
    }
    let mut deep = paragraph("deep");
    for _ in 0..60 {
        deep = Block::Quote(vec![deep]);
    }
    assert!(matches!(laid_out(&[deep]), Err(Fault::Depth(_))));
}

#[test]
fn an_empty_letter_has_no_pieces() {
    let empty = [
        paragraph(" "),
        Block::Quote(Vec::new()),
        Block::List(None, Vec::new()),
        Block::Heading(1, Vec::new()),
    ];
    assert!(laid_out(&empty).unwrap().pieces.is_empty());
}
