//! Characters that nobody sees: where they are left out, and how they are shown.
//!
//! They come with text that is pasted from web pages, PDF files and chats, or are put in on purpose: two names that look
//! alike are then two texts. They are dropped when a fact is entered (L1b), never compared, and shown escaped.

use std::borrow::Cow;

use super::node::Node;

/// Whether a character has no shape of its own: soft hyphens, zero-width characters, marks of direction, variation
/// selectors, tags and the like (what Unicode calls default ignorable). Control characters are not among them.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a reader cannot see a character at its place: an invisible one, a control character, or a separator of lines
/// that is no line feed. A joiner between letters that need it is seen in their shape.
fn is_hidden(before: Option<char>, c: char, after: Option<char>) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control() && c != '\n';
    }
    let is_joined = || matches!(c, '\u{200c}' | '\u{200d}') && joins(before) && joins(after);
    let is_shape_of_symbol =
        || matches!(c, '\u{fe0e}' | '\u{fe0f}') && before.is_some_and(|before| before >= '\u{2190}');
    (is_invisible(c) || c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
        && !is_joined()
        && !is_shape_of_symbol()
}

/// Whether a character is of a script in which U+200C and U+200D change how letters are written: Arabic, Syriac, N'Ko,
/// the scripts of India and their relatives, Mongolian.
fn joins(c: Option<char>) -> bool {
    c.is_some_and(|c| {
        matches!(c,
            '\u{600}'..='\u{7ff}' | '\u{840}'..='\u{8ff}' | '\u{900}'..='\u{dff}' | '\u{1000}'..='\u{109f}'
            | '\u{1780}'..='\u{17ff}' | '\u{1800}'..='\u{18af}' | '\u{a840}'..='\u{a87f}' | '\u{a8e0}'..='\u{a8ff}'
            | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{11000}'..='\u{1137f}')
    })
}

/// Text as it is entered: without invisible characters, but for U+200C and U+200D between letters of scripts that need
/// them, and without control characters other than tabs and line breaks (L1b).
pub fn dropped(text: &str) -> Cow<'_, str> {
    let stays = |c: char| matches!(c, '\t' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
    replaced(text, |c, clean| {
        if stays(c) {
            clean.push(c);
        }
    })
}

/// Makes every text of a tree one that is entered: see [`dropped`].
pub fn drop_from(tree: &mut Node) {
    match tree {
        Node::Text { text, .. } => {
            if let Cow::Owned(clean) = dropped(text) {
                *text = clean;
            }
        }
        Node::List(items) => items.iter_mut().for_each(drop_from),
        Node::Map(entries) => entries.iter_mut().for_each(|(_, node)| drop_from(node)),
        _ => {}
    }
}

/// Text as it is shown: what cannot be seen stands there as its number, `<U+00AD>`, and a tab as a blank.
pub fn shown(text: &str) -> Cow<'_, str> {
    replaced(text, |c, clean| match c {
        '\t' => clean.push(' '),
        c => clean.push_str(&format!("<U+{:04X}>", u32::from(c))),
    })
}

/// Whether anything in a text cannot be seen.
pub fn is_any_hidden(text: &str) -> bool {
    first_hidden(text).is_some()
}

/// Text in which `replace` puts in what stands for each character that cannot be seen.
pub fn replaced(text: &str, mut replace: impl FnMut(char, &mut String)) -> Cow<'_, str> {
    let Some(first) = first_hidden(text) else { return Cow::Borrowed(text) };
    let mut clean = String::with_capacity(text.len() + 16);
    clean.push_str(&text[..first]);
    let mut before = text[..first].chars().next_back();
    let mut rest = text[first..].chars().peekable();
    while let Some(c) = rest.next() {
        match is_hidden(before, c, rest.peek().copied()) {
            true => replace(c, &mut clean),
            false => clean.push(c),
        }
        before = Some(c);
    }
    Cow::Owned(clean)
}

/// Where the first character stands that cannot be seen.
fn first_hidden(text: &str) -> Option<usize> {
    // Most text is plain: looked through byte by byte.
    if !text.bytes().any(|byte| byte >= 0x80 || (byte.is_ascii_control() && byte != b'\n')) {
        return None;
    }
    let mut before = None;
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        if is_hidden(before, c, rest.peek().map(|(_, c)| *c)) {
            return Some(at);
        }
        before = Some(c);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_shown_by_its_number_and_dropped_at_entry() {
        for (text, seen, entered) in [
            ("Alex Example", "Alex Example", "Alex Example"),
            ("Long\u{ad}bottom", "Long<U+00AD>bottom", "Longbottom"),
            ("Kowal\u{200b}ska", "Kowal<U+200B>ska", "Kowalska"),
            ("Abd\u{200c}al", "Abd<U+200C>al", "Abdal"),
            ("\u{61c}a\u{2060}\u{2064}", "<U+061C>a<U+2060><U+2064>", "a"),
            ("Sam\u{e0053}\u{e007f}", "Sam<U+E0053><U+E007F>", "Sam"),
            ("a\u{9b}31m\u{1b}[0m", "a<U+009B>31m<U+001B>[0m", "a31m[0m"),
            ("\u{202e}x\u{2066}y\u{feff}", "<U+202E>x<U+2066>y<U+FEFF>", "xy"),
            ("one\ttwo\nthree", "one two\nthree", "one\ttwo\nthree"),
            ("Zo\u{eb} \u{141}", "Zo\u{eb} \u{141}", "Zo\u{eb} \u{141}"),
            // Persian and Hindi need the joiners within words.
            (
                "\u{645}\u{6cc}\u{200c}\u{62e}",
                "\u{645}\u{6cc}\u{200c}\u{62e}",
                "\u{645}\u{6cc}\u{200c}\u{62e}",
            ),
            (
                "\u{915}\u{94d}\u{200d}\u{937}",
                "\u{915}\u{94d}\u{200d}\u{937}",
                "\u{915}\u{94d}\u{200d}\u{937}",
            ),
            ("\u{645}\u{200c}", "\u{645}<U+200C>", "\u{645}"),
        ] {
            assert_eq!(shown(text), seen, "{text:?}");
            assert_eq!(dropped(text), entered, "{text:?}");
            assert_eq!(is_any_hidden(text), text != seen, "{text:?}");
        }
    }
}
