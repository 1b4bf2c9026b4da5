//! Words become glyphs, or it is said where they cannot.

use super::Passage;
use crate::output::letter::document::Inline;
use crate::output::letter::pdf::fault::{Fault, Place};
use crate::output::letter::pdf::fonts::{Face, Fonts};
use crate::output::letter::pdf::tags::Tree;

fn passage(inlines: &[Inline]) -> Result<Passage, Fault> {
    let (mut tree, fonts) = (Tree::new(), Fonts::new().unwrap());
    Passage::new(inlines, Face::Regular, Tree::LETTER, &mut tree, &fonts, &Place::Body(vec![1]))
}

fn of(text: &str) -> Passage {
    passage(&[Inline::Text(text.to_owned())]).unwrap()
}

fn link(target: &str, words: &str) -> Passage {
    passage(&[Inline::Link(target.to_owned(), vec![Inline::Text(words.to_owned())])]).unwrap()
}

#[test]
fn what_is_typed_is_printed_but_for_what_cannot_be_seen() {
    for (typed, printed) in [
        ("one  two\n\tthree ", "one two three"),
        ("<b>*_[x](y)", "<b>*_[x](y)"),
        ("evil\u{202e}gnp\u{202c}.exe", "evilgnp.exe"),
        ("a\u{2066}b\u{2069}\u{feff}c\u{ad}d\u{200b}e", "abcde"),
        ("keep\u{a0}this", "keep\u{a0}this"),
        ("\u{200f}", ""),
    ] {
        assert_eq!(of(typed).text, printed, "{typed:?}");
    }
}

#[test]
fn every_letter_has_its_glyph_in_order() {
    for text in [
        "Siân Ŵyn Ŷ",
        "w\u{302}y\u{302}",
        "Ζωή Наталья Łukasz Nguyễn Thị Ánh",
        "☑ → ŵ",
        "Հայ ქართ",
        "e\u{301}\u{323}",
    ] {
        let passage = of(text);
        let covered: usize = passage.glyphs.last().map_or(0, |glyph| glyph.range.end);
        assert_eq!(covered, text.len(), "{text}");
        assert!(passage.glyphs.windows(2).all(|pair| pair[0].range.start <= pair[1].range.start), "{text}");
        assert!(passage.glyphs.iter().all(|glyph| glyph.id != 0), "{text}");
    }
    assert_eq!(of("☑ a").glyphs.first().map(|glyph| glyph.face), Some(Face::Symbols));
    // A letter with a mark of its own is one glyph where the font has it, whichever way it was typed.
    assert_eq!(
        of("w\u{302}").glyphs.first().map(|glyph| glyph.id),
        of("ŵ").glyphs.first().map(|glyph| glyph.id)
    );
}

#[test]
fn a_character_that_no_font_has_is_refused_by_its_place_alone() {
    for (text, word) in [
        ("Dear 李明", 2),
        ("مريم", 1),
        ("one two thr\u{1}ee four", 3),
        ("a \u{e000}", 2),
        ("fine 👪", 2),
        ("re\u{fffe}", 1),
    ] {
        let fault = passage(&[Inline::Text(text.to_owned())]).unwrap_err();
        assert_eq!(fault, Fault::Glyph { place: Place::Body(vec![1]), word }, "{text:?}");
        assert!(!text.split(' ').any(|word| word.len() > 3 && fault.to_string().contains(word)));
    }
    // Words in bold count on from those before.
    let bold = Inline::Strong(vec![Inline::Text("and 李".to_owned())]);
    let fault = passage(&[Inline::Text("one ".to_owned()), bold]).unwrap_err();
    assert_eq!(fault, Fault::Glyph { place: Place::Body(vec![1]), word: 3 });
}

#[test]
fn a_link_says_where_it_leads() {
    for (target, words, printed) in [
        ("https://www.example.org/", "www.example.org", "www.example.org"),
        ("https://www.example.org/a", "how it works", "how it works (www.example.org/a)"),
        ("mailto:ppu@example.org", "PPU@example.org", "PPU@example.org"),
        ("mailto:ppu@example.org", "write to us", "write to us (ppu@example.org)"),
        ("tel:+441632960001", "01632 960001", "01632\u{a0}960001"),
        ("https://example.org", "", "example.org"),
    ] {
        let passage = link(target, words);
        assert_eq!(passage.text, printed);
        assert_eq!(passage.links.len(), 1, "{target}");
        assert_eq!(passage.links[0].words, printed);
    }
    assert_eq!(link("https://example.org/ŵ b", "x").links[0].target, "https://example.org/%C5%B5%20b");
    for target in ["javascript:alert(1)", "file:///etc/passwd", "no address"] {
        assert!(link(target, "words").links.is_empty(), "{target}");
        assert_eq!(link(target, "words").text, format!("words ({target})"));
    }
}

#[test]
fn emphasis_too_deep_is_refused() {
    let mut inline = Inline::Text("deep".to_owned());
    for _ in 0..100 {
        inline = Inline::Strong(vec![inline]);
    }
    assert_eq!(passage(&[inline]).unwrap_err(), Fault::Depth(super::DEPTH));
}
