//! Words as they will stand in lines: one text, cut into runs of the same look, with its glyphs.

use std::ops::Range;

use unicode_linebreak::{BreakOpportunity, linebreaks};

use super::fault::{Fault, Place};
use super::fonts::{Face, Fonts, Glyph};
use super::tags::{Group, Role, Slot, Tree};
use crate::output::letter::document::Inline;

/// How deep things may stand in one another.
pub(super) const DEPTH: usize = 32;

/// A link.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Link {
    /// Where to, in the characters that an address may have.
    pub(super) target: String,
    /// What is read aloud.
    pub(super) words: String,
    /// The place of the link itself in the structure.
    pub(super) slot: Slot,
}

/// A part of a text that looks the same and belongs to one place of the structure.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Run {
    /// Its bytes.
    pub(super) range: Range<usize>,
    face: Face,
    group: Group,
    /// Its place in the structure.
    pub(super) slot: Slot,
    /// The link it belongs to, by its number in the passage.
    pub(super) link: Option<usize>,
}

/// A text, and how it is printed.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Passage {
    /// Its words. A new line is a line feed, which has no glyph.
    pub(super) text: String,
    /// Its runs, in order, without gaps.
    pub(super) runs: Vec<Run>,
    /// Its glyphs, in order.
    pub(super) glyphs: Vec<Glyph>,
    /// Its links.
    pub(super) links: Vec<Link>,
    /// The bytes before which a line may end, and whether it must; the end of the text is the last.
    pub(super) breaks: Vec<(usize, bool)>,
}

impl Passage {
    /// The passage of some parts of a line; its words become children of `group`.
    pub(super) fn new(
        inlines: &[Inline],
        face: Face,
        group: Group,
        tree: &mut Tree,
        fonts: &Fonts,
        place: &Place,
    ) -> Result<Passage, Fault> {
        let mut passage = Passage::default();
        passage.add(inlines, Style { face, group, link: None }, 0, tree)?;
        while passage.text.ends_with([' ', '\n']) {
            passage.text.pop();
        }
        let end = passage.text.len();
        passage.runs.retain(|run| run.range.start < end);
        if let Some(run) = passage.runs.last_mut() {
            run.range.end = end;
        }
        passage.print(fonts, place)?;
        passage.breaks = linebreaks(&passage.text)
            .map(|(at, opportunity)| (at, opportunity == BreakOpportunity::Mandatory))
            .collect();
        Ok(passage)
    }

    /// Whether it prints nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.glyphs.is_empty()
    }

    fn add(&mut self, inlines: &[Inline], style: Style, depth: usize, tree: &mut Tree) -> Result<(), Fault> {
        if depth > DEPTH {
            return Err(Fault::Depth(DEPTH));
        }
        for inline in inlines {
            match inline {
                Inline::Text(text) => self.words(text, style, tree),
                // The space parts the words where they are read aloud.
                Inline::Break if self.text.ends_with([' ', '\n']) => self.push("\n", style, tree),
                Inline::Break => self.push(" \n", style, tree),
                Inline::Strong(held) => {
                    let group = tree.group(style.group, Role::Strong);
                    self.add(held, Style { face: Face::Bold, group, ..style }, depth + 1, tree)?;
                }
                Inline::Emphasis(held) => {
                    let group = tree.group(style.group, Role::Emphasis);
                    let face = if style.face == Face::Regular { Face::Italic } else { style.face };
                    self.add(held, Style { face, group, ..style }, depth + 1, tree)?;
                }
                Inline::Link(target, held) => self.link(target, held, style, depth, tree)?,
            }
        }
        Ok(())
    }

    /// On paper nobody can follow a link: where its words do not say where to, that stands behind them.
    fn link(
        &mut self,
        target: &str,
        held: &[Inline],
        style: Style,
        depth: usize,
        tree: &mut Tree,
    ) -> Result<(), Fault> {
        let start = self.text.len();
        let mut style = style;
        if let (Some(address), None) = (address(target), style.link) {
            style.group = tree.group(style.group, Role::Link);
            style.link = Some(self.links.len());
            let slot = tree.slot(style.group);
            self.links.push(Link { target: address, words: String::new(), slot });
        }
        self.add(held, style, depth + 1, tree)?;
        let shown = readable(target);
        let said = self.text.get(start..).unwrap_or_default().trim().to_owned();
        if said.is_empty() {
            self.words(shown, style, tree);
        } else if !says(&said, target) {
            self.words(&format!(" ({shown})"), style, tree);
        }
        let words = self.text.get(start..).unwrap_or_default().trim().replace('\n', " ");
        if let Some(link) = style.link.and_then(|link| self.links.get_mut(link)) {
            link.words = if words.is_empty() { target.to_owned() } else { words };
        }
        Ok(())
    }

    /// Words with one space between them, and without what cannot be seen: marks that would turn the direction of the text, or
    /// join and part letters. What is printed is what was typed, in the order in which it was typed.
    fn words(&mut self, text: &str, style: Style, tree: &mut Tree) {
        // A number to call stays in one line.
        let called = style
            .link
            .and_then(|link| self.links.get(link))
            .is_some_and(|link| link.target.starts_with("tel:"));
        let space = if called { '\u{a0}' } else { ' ' };
        let mut cleaned = String::with_capacity(text.len());
        let mut after_space = self.text.is_empty() || self.text.ends_with([' ', '\n']);
        for c in text.chars().filter(|c| !is_invisible(*c)) {
            let is_space = matches!(
                c,
                ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
            );
            if !(is_space && after_space) {
                cleaned.push(if is_space { space } else { c });
            }
            after_space = is_space;
        }
        self.push(&cleaned, style, tree);
    }

    fn push(&mut self, text: &str, style: Style, tree: &mut Tree) {
        if text.is_empty() {
            return;
        }
        let start = self.text.len();
        self.text.push_str(text);
        let end = self.text.len();
        match self.runs.last_mut() {
            Some(run) if (Style { face: run.face, group: run.group, link: run.link }) == style => {
                run.range.end = end;
            }
            _ => {
                let slot = tree.slot(style.group);
                let Style { face, group, link } = style;
                self.runs.push(Run { range: start..end, face, group, slot, link });
            }
        }
    }

    /// The glyphs, word by word.
    fn print(&mut self, fonts: &Fonts, place: &Place) -> Result<(), Fault> {
        for run in &self.runs {
            let mut start = run.range.start;
            for word in self.text.get(run.range.clone()).unwrap_or_default().split_inclusive([' ', '\n']) {
                let printed = word.trim_end_matches('\n');
                let glyphs = fonts.word(run.face, printed).ok_or_else(|| {
                    let before = self.text.get(..start).unwrap_or_default();
                    let whole = before.ends_with([' ', '\n']) || before.is_empty();
                    let before = before.split_whitespace().count();
                    Fault::Glyph { place: place.clone(), word: before + usize::from(whole) }
                })?;
                let moved = |glyph: &Glyph| Glyph {
                    range: glyph.range.start + start..glyph.range.end + start,
                    ..glyph.clone()
                };
                self.glyphs.extend(glyphs.iter().map(moved));
                start += word.len();
            }
        }
        Ok(())
    }
}

/// How words style, and where in the structure they belong.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Style {
    face: Face,
    group: Group,
    link: Option<usize>,
}

/// Whether a character shows nothing and only steers others: directions, joiners, variation selectors, tags.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

/// The address as a PDF may hold it: only of the kinds that a letter needs, and in ASCII.
fn address(target: &str) -> Option<String> {
    let scheme = target.split_once(':')?.0.to_ascii_lowercase();
    if !["https", "http", "mailto", "tel"].contains(&scheme.as_str()) {
        return None;
    }
    let mut address = String::with_capacity(target.len());
    for byte in target.bytes() {
        match byte {
            b'!'..=b'~' => address.push(char::from(byte)),
            _ => address.push_str(&format!("%{byte:02X}")),
        }
    }
    Some(address)
}

/// The address as one would write it down.
fn readable(target: &str) -> &str {
    let schemes = ["https://", "http://", "mailto:", "tel:"];
    let shown = schemes.iter().find_map(|scheme| target.strip_prefix(scheme)).unwrap_or(target);
    shown.strip_suffix('/').unwrap_or(shown)
}

/// Whether the words of a link say where it leads.
fn says(words: &str, target: &str) -> bool {
    let is_number = target.starts_with("tel:") && words.contains(|c: char| c.is_ascii_digit());
    is_number || bare(words).contains(&bare(readable(target)))
}

/// What of an address or a number matters when two are compared.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
#[path = "passage_tests.rs"]
mod tests;
