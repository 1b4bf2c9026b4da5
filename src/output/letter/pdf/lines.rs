//! Where lines end.

use std::ops::Range;

use super::fonts::Glyph;
use super::passage::Passage;

/// A line: which glyphs of its passage stand in it, with the spaces at its end.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    /// The glyphs.
    pub(super) glyphs: Range<usize>,
    /// How wide they are without the spaces at the end.
    pub(super) width: f32,
}

/// The lines of a passage in letters of this size, none wider than `width`: broken between words, and within a word only
/// where it is wider than a line of its own. A letter is never parted from its marks. An empty passage has no line.
pub(super) fn lines(passage: &Passage, size: f32, width: f32) -> Vec<Line> {
    if passage.is_empty() {
        return Vec::new();
    }
    let width = width / size;
    let mut lines = Vec::new();
    // Where the line begins, and where it may end, as far as is known.
    let (mut start, mut at) = (0, 0);
    for (offset, must) in &passage.breaks {
        let end = passage.glyphs.partition_point(|glyph| glyph.range.start < *offset);
        if at > start && fitting(passage, start..end, width) < end {
            lines.push(start..at);
            start = at;
        }
        loop {
            let fits = fitting(passage, start..end, width);
            if fits == end {
                break;
            }
            lines.push(start..fits);
            start = fits;
        }
        at = end;
        if *must {
            lines.push(start..at);
            start = at;
        }
    }
    let line = |glyphs: Range<usize>| Line { width: ink(passage, glyphs.clone()) * size, glyphs };
    lines.into_iter().map(line).collect()
}

/// How wide the widest word is, and how wide all of it would be in one line.
pub(super) fn extent(passage: &Passage, size: f32) -> (f32, f32) {
    let mut extent = (0.0_f32, 0.0_f32);
    let (mut word, mut line) = (0, 0);
    for (offset, must) in &passage.breaks {
        let end = passage.glyphs.partition_point(|glyph| glyph.range.start < *offset);
        extent.0 = extent.0.max(ink(passage, word..end));
        word = end;
        if *must {
            extent.1 = extent.1.max(ink(passage, line..end));
            line = end;
        }
    }
    (extent.0 * size, extent.1 * size)
}

/// How wide some glyphs are without the spaces at the end, in the size of the letters.
fn ink(passage: &Passage, range: Range<usize>) -> f32 {
    passage.glyphs.get(shown(passage, range)).unwrap_or_default().iter().map(|glyph| glyph.advance).sum()
}

/// Some glyphs without the spaces at the end.
fn shown(passage: &Passage, range: Range<usize>) -> Range<usize> {
    let is_space = |glyph: &Glyph| passage.text.get(glyph.range.clone()) == Some(" ");
    let glyphs = passage.glyphs.get(range.clone()).unwrap_or_default();
    let count = glyphs.iter().rposition(|glyph| !is_space(glyph)).map_or(0, |last| last + 1);
    range.start..range.start + count
}

/// The end of the letters that fit, at least one of them; spaces at the end always fit.
fn fitting(passage: &Passage, range: Range<usize>, width: f32) -> usize {
    let shown = shown(passage, range.clone());
    let mut used = 0.0;
    let mut at = shown.start;
    while let Some(first) = passage.glyphs.get(at).filter(|_| at < shown.end) {
        let rest = passage.glyphs.get(at..shown.end).unwrap_or_default();
        let letter = rest.iter().take_while(|glyph| glyph.range.start == first.range.start);
        let (count, advance) = letter.fold((0, 0.0), |(count, sum), glyph| (count + 1, sum + glyph.advance));
        if used + advance > width && at > shown.start {
            return at;
        }
        used += advance;
        at += count;
    }
    range.end
}

#[cfg(test)]
#[path = "lines_tests.rs"]
mod tests;
