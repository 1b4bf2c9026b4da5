//! The fonts that are built in, and letters put together from them.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use harfrust::{Direction, FontRef, ShapeOptions, ShaperData, UnicodeBuffer};
use krilla::text::Font;
use unicode_segmentation::UnicodeSegmentation;

use super::fault::Fault;

static REGULAR: &[u8] = include_bytes!("fonts/NotoSans-Regular.ttf");
static BOLD: &[u8] = include_bytes!("fonts/NotoSans-Bold.ttf");
static ITALIC: &[u8] = include_bytes!("fonts/NotoSans-Italic.ttf");
static SYMBOLS: &[u8] = include_bytes!("fonts/DejaVuSans.ttf");

/// One of the fonts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Face {
    /// For most text.
    Regular,
    /// For what matters more, and headings.
    Bold,
    /// For what is stressed.
    Italic,
    /// For what the others lack: ticks, arrows, boxes, Armenian, Georgian.
    Symbols,
}

/// A glyph in its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Glyph {
    /// Its number in its font.
    pub(super) id: u32,
    /// Its font.
    pub(super) face: Face,
    /// How far it moves on, in the size of the letters.
    pub(super) advance: f32,
    /// How far to the right of its place it stands, in the size of the letters.
    pub(super) right: f32,
    /// How far above its place it stands, in the size of the letters.
    pub(super) up: f32,
    /// Which bytes of the text it prints, together with its neighbours of the same bytes.
    pub(super) range: Range<usize>,
}

struct Loaded {
    font: FontRef<'static>,
    shaper: ShaperData,
    embedded: Font,
}

impl Loaded {
    fn new(bytes: &'static [u8]) -> Result<Loaded, Fault> {
        let font = FontRef::new(bytes).map_err(|_| Fault::Font)?;
        let embedded = Font::new(bytes.into(), 0).ok_or(Fault::Font)?;
        Ok(Loaded { shaper: ShaperData::new(&font), font, embedded })
    }
}

type Known = HashMap<(Face, String), Rc<[Glyph]>>;

/// The fonts, and the words that were put together from them so far.
pub(super) struct Fonts {
    faces: [Loaded; 4],
    known: RefCell<Known>,
}

impl Fonts {
    /// Reads the fonts.
    pub(super) fn new() -> Result<Fonts, Fault> {
        let [regular, bold, italic, symbols] = [REGULAR, BOLD, ITALIC, SYMBOLS].map(Loaded::new);
        Ok(Fonts { faces: [regular?, bold?, italic?, symbols?], known: RefCell::default() })
    }

    fn loaded(&self, face: Face) -> &Loaded {
        let [regular, bold, italic, symbols] = &self.faces;
        match face {
            Face::Regular => regular,
            Face::Bold => bold,
            Face::Italic => italic,
            Face::Symbols => symbols,
        }
    }

    /// The font as it goes into the file.
    pub(super) fn embedded(&self, face: Face) -> Font {
        self.loaded(face).embedded.clone()
    }

    /// The glyphs of a word, from left to right; `None` where no font has all its characters.
    pub(super) fn word(&self, face: Face, word: &str) -> Option<Rc<[Glyph]>> {
        let key = (face, word.to_owned());
        if let Some(glyphs) = self.known.borrow().get(&key) {
            return Some(Rc::clone(glyphs));
        }
        let glyphs: Rc<[Glyph]> = match self.whole(face, word) {
            Some(glyphs) => glyphs.into(),
            None => self.pieces(face, word)?.into(),
        };
        self.known.borrow_mut().insert(key, Rc::clone(&glyphs));
        Some(glyphs)
    }

    /// What one font lacks is taken from the next, letter with its marks by letter.
    fn pieces(&self, face: Face, word: &str) -> Option<Vec<Glyph>> {
        let mut glyphs = Vec::new();
        for (at, letter) in word.grapheme_indices(true) {
            // The upright font stands in for the italic, where the two do not cover the same.
            let found =
                [face, Face::Regular, Face::Symbols].iter().find_map(|face| self.whole(*face, letter))?;
            let moved = |glyph: Glyph| Glyph { range: glyph.range.start + at..glyph.range.end + at, ..glyph };
            glyphs.extend(found.into_iter().map(moved));
        }
        Some(glyphs)
    }

    /// The glyphs of a word from one font; `None` where it lacks one.
    fn whole(&self, face: Face, word: &str) -> Option<Vec<Glyph>> {
        let Loaded { font, shaper, embedded } = self.loaded(face);
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(word);
        buffer.guess_segment_properties();
        buffer.set_direction(Direction::LeftToRight);
        let shaped = shaper.shaper(font).build().shape(buffer, ShapeOptions::new());
        let infos = shaped.glyph_infos();
        if infos.iter().any(|info| info.glyph_id == 0) {
            return None;
        }
        let scaled = |units: i32| units as f32 / embedded.units_per_em();
        let mut glyphs = Vec::with_capacity(infos.len());
        // From left to right the text goes on, so that what a glyph prints ends where the next one's begins.
        let (mut end, mut next) = (word.len(), word.len());
        for (info, position) in infos.iter().zip(shaped.glyph_positions()).rev() {
            let start = info.cluster as usize;
            if start < next {
                (end, next) = (next, start);
            }
            glyphs.push(Glyph {
                id: info.glyph_id,
                face,
                advance: scaled(position.x_advance),
                right: scaled(position.x_offset),
                up: scaled(position.y_offset),
                range: start..end,
            });
        }
        glyphs.reverse();
        Some(glyphs)
    }
}
