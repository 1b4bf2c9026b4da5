//! Writes the pages down as a PDF, and has it checked against PDF/UA-1 while it is written.

use std::collections::BTreeMap;
use std::rc::Rc;

use krilla::action::LinkAction;
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::color::rgb;
use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::error::KrillaError;
use krilla::geom::{PathBuilder, Point, Quadrilateral, Rect, Transform};
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, SpanTag};
use krilla::text::{GlyphId, KrillaGlyph};
use krilla::{Document, SerializeSettings};

use super::fault::Fault;
use super::flow::Mark;
use super::fonts::{Fonts, Glyph};
use super::passage::{Link, Passage, Run};
use super::sheet;
use super::tags::{Slot, Tree};
use crate::domain::time::Day;

/// The properties of the file.
#[derive(Debug, Clone)]
pub(super) struct Paper {
    pub(super) title: String,
    pub(super) language: String,
    pub(super) author: String,
    pub(super) date: Day,
}

/// What something drawn is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// It is part of the letter.
    Letter,
    /// It stands at the head of each page.
    Head,
    /// It stands at the foot of each page.
    Foot,
    /// It repeats what stood on an earlier page.
    Repeated,
    /// It stands across the page, below its words, and is repeated from its head.
    Across,
    /// It says nothing.
    Ornament,
}

/// A page: what is drawn where, and the headings that begin on it.
#[derive(Debug, Default)]
pub(super) struct Drawing {
    marks: Vec<(Mark, Use)>,
    headings: Vec<(u16, String, f32)>,
}

impl Drawing {
    /// Adds marks in their place on the sheet.
    pub(super) fn add(&mut self, marks: &[Mark], used: Use) {
        self.marks.extend(marks.iter().map(|mark| (mark.clone(), used)));
    }

    /// Adds a heading.
    pub(super) fn heading(&mut self, level: u16, words: &str, y: f32) {
        self.headings.push((level, words.to_owned(), y));
    }
}

/// Links on one page, by their place in the structure: a link over several lines is one.
type Links = BTreeMap<Slot, (Link, Vec<Quadrilateral>)>;

/// The pages as a PDF.
pub(super) fn draw(
    paper: &Paper,
    fonts: &Fonts,
    mut tree: Tree,
    pages: &[Drawing],
) -> Result<Vec<u8>, Fault> {
    let configuration = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|_| Fault::Write)?;
    let mut file = Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    for drawing in pages {
        let settings = PageSettings::from_wh(sheet::WIDTH, sheet::HEIGHT).ok_or(Fault::Write)?;
        let mut page = file.start_page_with(settings);
        let mut links = Links::new();
        let mut surface = page.surface();
        for (mark, used) in &drawing.marks {
            let mut pen = Pen { surface: &mut surface, fonts, tree: &mut tree, links: &mut links };
            pen.mark(mark, *used);
        }
        surface.finish();
        for (slot, (link, corners)) in links {
            let target = Target::Action(LinkAction::new(link.target).into());
            let annotation = LinkAnnotation::new_with_quad_points(corners, target);
            let drawn = page.add_tagged_annotation(Annotation::new_link(annotation, Some(link.words)));
            tree.drawn(slot, drawn);
        }
        page.finish();
    }
    file.set_outline(outline(paper, pages));
    file.set_metadata(metadata(paper));
    file.set_tag_tree(tree.into_tags(&paper.language));
    file.finish().map_err(|error| match error {
        KrillaError::Validation(problems) => Fault::Check(problems.len()),
        KrillaError::Font(..) => Fault::Font,
        _ => Fault::Write,
    })
}

fn metadata(paper: &Paper) -> Metadata {
    let number = |number: u32| u8::try_from(number).unwrap_or(1);
    let date = DateTime::new(u16::try_from(paper.date.year()).unwrap_or_default())
        .month(number(paper.date.month()))
        .day(number(paper.date.day()));
    Metadata::new()
        .title(paper.title.clone())
        .authors(vec![paper.author.clone()].into_iter().filter(|author| !author.is_empty()).collect())
        .language(paper.language.clone())
        .creator("csods".to_owned())
        .creation_date(date)
}

/// The headings as a table of contents; the title where there are none.
fn outline(paper: &Paper, pages: &[Drawing]) -> Outline {
    let mut nodes: Vec<(u16, OutlineNode)> = Vec::new();
    // A heading takes in the deeper ones that follow it.
    let close = |nodes: &mut Vec<(u16, OutlineNode)>, level: u16| {
        while nodes.len() > 1 && nodes.last().is_some_and(|(last, _)| *last >= level.max(2)) {
            let Some((_, node)) = nodes.pop() else { break };
            match nodes.last_mut() {
                Some((_, parent)) => parent.push_child(node),
                None => nodes.push((1, node)),
            }
        }
    };
    let mut outline = Outline::new();
    for (index, page) in pages.iter().enumerate() {
        for (level, words, y) in &page.headings {
            close(&mut nodes, *level);
            if *level == 1 {
                nodes.drain(..).for_each(|(_, node)| outline.push_child(node));
            }
            let place = XyzDestination::new(index, Point::from_xy(0.0, (y - 10.0).max(0.0)));
            nodes.push((*level, OutlineNode::new(words.clone(), place).with_open(true)));
        }
    }
    close(&mut nodes, 1);
    if pages.iter().all(|page| page.headings.is_empty()) {
        let top = XyzDestination::new(0, Point::from_xy(0.0, 0.0));
        nodes.push((1, OutlineNode::new(paper.title.clone(), top)));
    }
    nodes.into_iter().for_each(|(_, node)| outline.push_child(node));
    outline
}

/// What is needed to draw.
struct Pen<'a, 's> {
    surface: &'a mut Surface<'s>,
    fonts: &'a Fonts,
    tree: &'a mut Tree,
    links: &'a mut Links,
}

impl Pen<'_, '_> {
    fn mark(&mut self, mark: &Mark, used: Use) {
        match mark {
            Mark::Stroke { x, y, weight } => {
                let colour = grey(if *weight > 0.5 { 60 } else { 150 });
                self.line((x.0, *y), (x.1, *y), *weight, colour);
            }
            Mark::Bar { x, y } => self.line((*x, y.0), (*x, y.1), 2.0, grey(150)),
            Mark::Words { passage, line, x, y, size } => {
                let mut x = *x;
                let glyphs = passage.glyphs.get(line.glyphs.clone()).unwrap_or_default();
                for glyphs in glyphs.chunk_by(|a, b| run(passage, a) == run(passage, b)) {
                    let width = glyphs.iter().map(|glyph| glyph.advance).sum::<f32>() * size;
                    self.run(passage, glyphs, (x, *y), *size, used);
                    x += width;
                }
            }
        }
    }

    /// Words that look the same and belong to one place of the structure.
    fn run(&mut self, passage: &Rc<Passage>, glyphs: &[Glyph], (x, y): (f32, f32), size: f32, used: Use) {
        let Some(run) = glyphs.first().and_then(|glyph| run(passage, glyph)) else { return };
        let link = run.link.and_then(|link| passage.links.get(link)).filter(|_| used == Use::Letter);
        let colour = match link {
            Some(_) => rgb::Color::new(0x1d, 0x4f, 0x91),
            None if used == Use::Across => grey(185),
            None => rgb::Color::black(),
        };
        if used == Use::Across {
            let turn = Transform::from_rotate_at(sheet::TURN, sheet::WIDTH / 2.0, sheet::HEIGHT / 2.0);
            self.surface.push_transform(&turn);
        }
        let tag = match used {
            Use::Letter => ContentTag::Span(SpanTag::empty()),
            Use::Head => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Header)),
            Use::Foot => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Footer)),
            Use::Repeated => ContentTag::Artifact(Artifact::with_kind(ArtifactType::PaginationOther)),
            Use::Across => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Watermark)),
            Use::Ornament => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)),
        };
        let drawn = self.surface.start_tagged(tag);
        self.surface.set_stroke(None);
        self.surface.set_fill(Some(Fill { paint: colour.into(), ..Fill::default() }));
        let mut at = x;
        for glyphs in glyphs.chunk_by(|a, b| a.face == b.face) {
            let Some(first) = glyphs.first() else { continue };
            let printed: Vec<KrillaGlyph> = glyphs.iter().map(printed).collect();
            let font = self.fonts.embedded(first.face);
            self.surface.draw_glyphs(Point::from_xy(at, y), &printed, font, &passage.text, size, false);
            at += glyphs.iter().map(|glyph| glyph.advance).sum::<f32>() * size;
        }
        self.surface.end_tagged();
        if used == Use::Across {
            self.surface.pop();
        }
        if used == Use::Letter {
            self.tree.drawn(run.slot, drawn);
        }
        if let Some(link) = link {
            let end = at - spaces(passage, glyphs) * size;
            let under = y + size * 0.14;
            self.line((x, under), (end, under), size * 0.055, colour);
            if let Some(corners) = Rect::from_ltrb(x, y - size * 0.85, end, y + size * 0.3) {
                let (_, all) = self.links.entry(link.slot).or_insert_with(|| (link.clone(), Vec::new()));
                all.push(corners.into());
            }
        }
    }

    /// A line, which says nothing.
    fn line(&mut self, from: (f32, f32), to: (f32, f32), weight: f32, colour: rgb::Color) {
        let mut path = PathBuilder::new();
        path.move_to(from.0, from.1);
        path.line_to(to.0, to.1);
        let Some(path) = path.finish() else { return };
        self.surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
        self.surface.set_fill(None);
        self.surface.set_stroke(Some(Stroke { paint: colour.into(), width: weight, ..Stroke::default() }));
        self.surface.draw_path(&path);
        self.surface.end_tagged();
    }
}

fn grey(lightness: u8) -> rgb::Color {
    rgb::Color::new(lightness, lightness, lightness)
}

/// The run that a glyph belongs to.
fn run<'a>(passage: &'a Passage, glyph: &Glyph) -> Option<&'a Run> {
    let after = passage.runs.partition_point(|run| run.range.end <= glyph.range.start);
    passage.runs.get(after)
}

/// How wide the spaces at the end are, in the size of the letters.
fn spaces(passage: &Passage, glyphs: &[Glyph]) -> f32 {
    let is_space = |glyph: &&Glyph| passage.text.get(glyph.range.clone()) == Some(" ");
    glyphs.iter().rev().take_while(is_space).map(|glyph| glyph.advance).sum()
}

fn printed(glyph: &Glyph) -> KrillaGlyph {
    let (id, range) = (GlyphId::new(glyph.id), glyph.range.clone());
    KrillaGlyph::new(id, glyph.advance, glyph.right, glyph.up, 0.0, range, None)
}
