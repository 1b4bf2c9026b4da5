//! Lines are as wide as they may be, and lose nothing.

use super::{extent, lines};
use crate::output::letter::document::Inline;
use crate::output::letter::pdf::fault::Place;
use crate::output::letter::pdf::fonts::{Face, Fonts};
use crate::output::letter::pdf::passage::Passage;
use crate::output::letter::pdf::tags::Tree;

fn of(inlines: &[Inline]) -> Passage {
    let (mut tree, fonts) = (Tree::new(), Fonts::new().unwrap());
    Passage::new(inlines, Face::Regular, Tree::LETTER, &mut tree, &fonts, &Place::Marking).unwrap()
}

fn text(text: &str) -> Passage {
    of(&[Inline::Text(text.to_owned())])
}

/// The words of each line.
fn broken(passage: &Passage, width: f32) -> Vec<String> {
    let mut words = Vec::new();
    let mut end = 0;
    for line in lines(passage, 10.0, width) {
        assert!(line.glyphs.is_empty() || line.glyphs.start == end, "no glyph is left out");
        assert!(line.width <= width + 0.01 || line.glyphs.len() == 1);
        end = line.glyphs.end.max(end);
        let glyphs = &passage.glyphs[line.glyphs.clone()];
        let range = glyphs.first().map_or(0, |glyph| glyph.range.start)
            ..glyphs.last().map_or(0, |glyph| glyph.range.end);
        words.push(passage.text[range].trim_end().to_owned());
    }
    assert_eq!(end, passage.glyphs.len(), "no glyph is left out");
    words
}

#[test]
fn lines_end_between_words() {
    let passage = text("the quick brown fox jumps over the lazy dog");
    let lines = broken(&passage, 110.0);
    assert!(lines.len() > 1);
    assert_eq!(lines.join(" "), passage.text);
    assert_eq!(broken(&passage, 1000.0), [passage.text.as_str()]);
    assert_eq!(broken(&text("a-very-long-name"), 45.0).concat(), "a-very-long-name");
    assert!(broken(&text("a\u{a0}b\u{a0}c"), 22.0).iter().all(|line| !line.is_empty()));
}

#[test]
fn spaces_at_the_end_take_no_room() {
    let passage = text("aaaa aaaa");
    let (word, _) = extent(&text("aaaa"), 10.0);
    assert_eq!(broken(&passage, word + 0.1), ["aaaa", "aaaa"]);
}

#[test]
fn a_word_wider_than_a_line_is_broken_between_letters() {
    let word = "Llanfairpwllgwyngyll".repeat(15);
    for width in [300.0, 100.0, 12.0, 0.5] {
        assert_eq!(broken(&text(&word), width).concat(), word);
    }
    let before = broken(&text(&format!("see {word}")), 100.0);
    assert_eq!(before.first().map(String::as_str), Some("see"));
    // Never between a letter and its marks, which no font has as one.
    let marked = "x\u{301}\u{323}".repeat(30);
    for line in broken(&text(&marked), 40.0) {
        assert!(line.starts_with('x'), "{line}");
    }
}

#[test]
fn lines_end_where_they_must() {
    let words = |word: &str| Inline::Text(word.to_owned());
    let passage = of(&[words("one"), Inline::Break, Inline::Break, words("two"), Inline::Break]);
    assert_eq!(broken(&passage, 500.0), ["one", "", "two"]);
    assert!(broken(&text(""), 500.0).is_empty());
    assert!(broken(&of(&[Inline::Break, words(" ")]), 500.0).is_empty());
}

#[test]
fn a_hundred_thousand_letters_without_a_space_end() {
    let passage = text(&"abcdefghij".repeat(10_000));
    assert!(lines(&passage, 11.0, 450.0).len() > 1000);
}

#[test]
fn extents_are_those_of_the_widest_word_and_line() {
    let (word, line) = extent(&text("a bbbbbb c"), 10.0);
    assert_eq!(word, extent(&text("bbbbbb"), 10.0).0);
    assert!(line > word);
    assert_eq!(extent(&text(""), 10.0), (0.0, 0.0));
}
