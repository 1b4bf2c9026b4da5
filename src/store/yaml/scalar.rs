//! How one text is written: plain where every reader takes it for the same text, as a block below `|` where it has
//! several lines, else in double quotes.
//!
//! What counts is not our own reader but all of them: YAML 1.1 takes `no`, `12:30`, `1_000` and `2026-01-02` for a
//! boolean, a number of seconds, a number and a date.

use std::fmt::Write;

/// Whether a text may stand without quotes.
pub fn is_plain(text: &str) -> bool {
    let begins_well = |first: char| first.is_alphanumeric() || "(/$£€_".contains(first);
    text.starts_with(begins_well)
        && !text.ends_with(|last: char| last == ':' || last.is_whitespace())
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.contains(['\n', '\t'])
        && text.chars().all(stands_raw)
        && !is_word(text)
        && !is_numeric(text)
}

/// Whether it is of the form of a day or an instant, which alone are written plain although YAML 1.1 has a type for
/// them.
pub fn is_stamp(text: &str) -> bool {
    let form: &[u8] = match text.len() {
        10 => b"0000-00-00",
        _ => b"0000-00-00T00:00:00Z",
    };
    text.len() == form.len()
        && text.bytes().zip(form).all(|(byte, &like)| match like {
            b'0' => byte.is_ascii_digit(),
            _ => byte == like,
        })
}

/// The words that some reader takes for a boolean, nothing, or no number.
fn is_word(text: &str) -> bool {
    const WORDS: [&str; 12] =
        ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity"];
    WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Whether some reader may take it for a number, a time or a date; generous, since quotes do no harm.
fn is_numeric(text: &str) -> bool {
    if !text.starts_with(|first: char| first.is_ascii_digit()) {
        return false;
    }
    let only = |characters: &str, text: &str| text.chars().all(|one| characters.contains(one));
    let lower = text.to_ascii_lowercase();
    let based = ["0x", "0o", "0b"].iter().find_map(|base| lower.strip_prefix(base));
    only("0123456789_.,:+-e", &lower)
        || based.is_some_and(|rest| only("0123456789abcdef_.", rest))
        || text.len() > 7
            && text.is_char_boundary(8)
            && only("0123456789-", &text[..8])
            && text[4..].starts_with('-')
}

/// Whether a character may stand in the file as it is. Control characters, line breaks that only some readers know,
/// the byte-order mark and code points that are no characters are written as escapes.
fn stands_raw(character: char) -> bool {
    let number = u32::from(character);
    let no_character = (0xfdd0..=0xfdef).contains(&number) || number & 0xfffe == 0xfffe;
    let special = matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}');
    // What turns the direction of writing would let a line in a diff look like another.
    let turns = matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    character == '\n' || character == '\t' || !(character.is_control() || no_character || special || turns)
}

/// The text as a block below `|`, each line indented by `indent` spaces; `None` where that would not be exact for
/// every reader. A text that ends in several line breaks is not one: the breaks would stand as blank lines at the end
/// of the block, where editors and git take them away.
pub fn block(text: &str, indent: usize) -> Option<String> {
    let body = text.strip_suffix('\n').unwrap_or(text);
    let mut lines = body.split('\n');
    let first = lines.clone().find(|line| !line.is_empty())?;
    let awkward = |line: &str| {
        line.starts_with('\t') || !line.is_empty() && line.bytes().all(|byte| matches!(byte, b' ' | b'\t'))
    };
    if !text.contains('\n') || body.ends_with('\n') || lines.any(awkward) || !text.chars().all(stands_raw) {
        return None;
    }
    let digit = if first.starts_with(' ') { "2" } else { "" };
    let chomp = if body.len() == text.len() { "-" } else { "" };
    let mut block = format!("|{digit}{chomp}");
    for line in body.split('\n') {
        block.push('\n');
        if !line.is_empty() {
            block.extend(std::iter::repeat_n(' ', indent));
            block.push_str(line);
        }
    }
    Some(block)
}

/// The text in double quotes, on one line.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            other if stands_raw(other) => out.push(other),
            other => {
                let number = u32::from(other);
                // Writing to a String does not fail.
                let _ = match number {
                    0..=0xff => write!(out, "\\x{number:02x}"),
                    0x100..=0xffff => write!(out, "\\u{number:04x}"),
                    _ => write!(out, "\\U{number:08x}"),
                };
            }
        }
    }
    out.push('"');
    out
}
