//! The sheet: where things stand on A4 and how large they are. All lengths in points, 1/72 inch.

/// A millimetre.
const MM: f32 = 72.0 / 25.4;

/// A4 (ISO 216): 210 x 297 mm.
pub(super) const WIDTH: f32 = 210.0 * MM;
/// A4 (ISO 216): 210 x 297 mm.
pub(super) const HEIGHT: f32 = 297.0 * MM;
/// White at the left and right edge.
pub(super) const MARGIN: f32 = 25.0 * MM;
/// The width of the text.
pub(super) const MEASURE: f32 = WIDTH - 2.0 * MARGIN;
/// White at the head of a page, above the marking or what runs on.
pub(super) const HEAD: f32 = 11.0 * MM;
/// White at the foot of a page, below all that stands there.
pub(super) const FOOT: f32 = 10.0 * MM;

/// How long words across a page are at the most: they rise from the lower left corner to the upper right one.
pub(super) const ACROSS: f32 = 270.0 * MM;
/// How large they are at the most.
pub(super) const LARGEST_ACROSS: f32 = 60.0;
/// By how many degrees they are turned.
pub(super) const TURN: f32 = -54.7;

/// Where the folds come for an envelope DL: A4 in three.
pub(super) const FOLDS: [f32; 2] = [99.0 * MM, 198.0 * MM];

// The window. A DL envelope is 110 x 220 mm (ISO 269); its window in the United Kingdom is 35 mm high and 90 mm wide, 20 mm
// from the left edge and 18 mm from the lower one (the place for which BS 1808 puts the address on the sheet). The sheet,
// folded to 99 x 210 mm, has 11 and 10 mm to slide in. Resting on the lower edge, as it does in the post, it shows 46 to 81
// mm of its own height; pushed right up, 57 to 92 mm; from left to right always 20 to 100 mm. So an address between 57 and 81
// mm shows wherever the sheet slides, one between 48 and 81 mm as long as it rests; and nothing else may stand between 44 and
// 92 mm left of 110 mm.

/// The highest an address may begin.
pub(super) const WINDOW_TOP: f32 = 48.0 * MM;
/// Where an address begins when it is short.
pub(super) const WINDOW_SURE: f32 = 57.0 * MM;
/// Where an address ends.
pub(super) const WINDOW_BOTTOM: f32 = 81.0 * MM;
/// How wide an address may be: from the margin to 100 mm.
pub(super) const WINDOW_WIDTH: f32 = 100.0 * MM - MARGIN;
/// Where the name of the force ends at the latest.
pub(super) const NAME_BOTTOM: f32 = 44.0 * MM;
/// Where the right-hand column begins: the rest of the letterhead, the particulars.
pub(super) const ASIDE: f32 = 116.0 * MM;
/// How wide the right-hand column is.
pub(super) const ASIDE_WIDTH: f32 = WIDTH - MARGIN + 5.0 * MM - ASIDE;
/// How wide the name of the force may be.
pub(super) const NAME_WIDTH: f32 = ASIDE - 6.0 * MM - MARGIN;
/// Where a posted letter's own words begin at the earliest: below the window and the fold.
pub(super) const BODY_TOP: f32 = 101.0 * MM;

/// The sizes of the letters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sizes {
    /// Of the text.
    pub(super) body: f32,
    /// Of what stands at head and foot, and of the letterhead; in large print as large as the text.
    pub(super) small: f32,
    /// Of the name of the force.
    pub(super) name: f32,
    /// Of headings of the three levels.
    pub(super) headings: [f32; 3],
    /// The least size of an address that would not fit the window otherwise.
    pub(super) address: f32,
    /// How far lists and quotes stand in.
    pub(super) indent: f32,
}

/// Print for most people.
pub(super) const NORMAL: Sizes =
    Sizes { body: 11.0, small: 9.0, name: 17.0, headings: [16.0, 13.0, 11.0], address: 9.0, indent: 18.0 };
/// Large print: 18 points at least, but for an address that the window would cut off.
pub(super) const LARGE: Sizes =
    Sizes { body: 18.0, small: 18.0, name: 22.0, headings: [25.0, 21.0, 18.0], address: 11.0, indent: 26.0 };

/// The height of a line of letters of this size.
pub(super) fn leading(size: f32) -> f32 {
    (size * 1.36 * 4.0).round() / 4.0
}

/// How far below the top of its line the letters stand.
pub(super) fn baseline(size: f32) -> f32 {
    leading(size) / 2.0 + size * 0.36
}

/// The height of a line of an address.
pub(super) fn tight(size: f32) -> f32 {
    size * 1.25
}
