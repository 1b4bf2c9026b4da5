//! Text without what spelling leaves open (L1b): case, accents, apostrophes, invisible characters, and the several ways in
//! which Unicode writes one letter; cut into words.

use unicode_normalization::UnicodeNormalization;

use super::invisible::is_invisible;

/// Digits of a telephone number: fewer are a date or a house, more are something else.
const NUMBER: std::ops::RangeInclusive<usize> = 9..=15;

/// What a word that is a telephone number begins with.
pub const NUMBER_SIGN: char = '#';

/// Hands over every word of a text, folded. A word of several parts joined by hyphens comes in its parts and as one.
/// A telephone number, however it is spaced, comes once more as `#` and its digits as [`number`] has them.
pub fn words(text: &str, each: impl FnMut(&str)) {
    Cutter::default().words(text, each);
}

/// Cuts many texts into words: the word being read, and what it may be a part of.
#[derive(Default)]
pub struct Cutter {
    lower: String,
    word: String,
    joined: String,
    parts: usize,
    digits: String,
}

impl Cutter {
    /// As [`words`] does.
    pub fn words(&mut self, text: &str, mut each: impl FnMut(&str)) {
        if text.is_ascii() {
            return self.plain_words(text, &mut each);
        }
        for c in letters(text) {
            match c {
                c if is_apostrophe(c) => {}
                c if c.is_alphanumeric() => self.word.push(c),
                c => self.end(c, &mut each),
            }
        }
        // Nothing goes over into the next text.
        self.end('\n', &mut each);
    }

    /// The same for a text of ASCII alone, as most are: its words are cut out where they stand.
    fn plain_words(&mut self, text: &str, each: &mut impl FnMut(&str)) {
        let mut lower = std::mem::take(&mut self.lower);
        lower.clear();
        lower.push_str(text);
        lower.make_ascii_lowercase();
        let mut begin = 0;
        for (at, byte) in lower.bytes().enumerate() {
            if byte.is_ascii_lowercase() || byte.is_ascii_digit() {
                continue;
            }
            let before = &lower[begin..at];
            begin = at + 1;
            if matches!(byte, b'\'' | b'`') {
                self.word.push_str(before);
            } else if self.word.is_empty() {
                self.cut(before, char::from(byte), each);
            } else {
                self.word.push_str(before);
                self.end(char::from(byte), each);
            }
        }
        self.word.push_str(&lower[begin..]);
        self.end('\n', each);
        self.lower = lower;
    }

    /// The word being read ends before `sign`.
    fn end(&mut self, sign: char, each: &mut impl FnMut(&str)) {
        let mut word = std::mem::take(&mut self.word);
        self.cut(&word, sign, each);
        word.clear();
        self.word = word;
    }

    /// A word, or none, stands before `sign`.
    fn cut(&mut self, word: &str, sign: char, each: &mut impl FnMut(&str)) {
        if !word.is_empty() {
            each(word);
            match word.bytes().all(|byte| byte.is_ascii_digit()) {
                true => self.digits.push_str(word),
                false => self.end_number(each),
            }
            if sign == '-' || self.parts > 0 {
                self.joined.push_str(word);
                self.parts += 1;
            }
        }
        if sign != '-' && self.parts > 0 {
            if self.parts > 1 {
                each(&self.joined);
            }
            self.joined.clear();
            self.parts = 0;
        }
        if !matches!(sign, ' ' | '-' | '(' | ')' | '/' | '.' | '\u{a0}') {
            self.end_number(each);
        }
    }

    fn end_number(&mut self, each: &mut impl FnMut(&str)) {
        if self.digits.is_empty() {
            return;
        }
        if NUMBER.contains(&self.digits.len()) {
            each(&format!("{NUMBER_SIGN}{}", number(&self.digits)));
        }
        self.digits.clear();
    }
}

/// The digits of a telephone number without what dialling it from abroad or at home puts in front.
pub fn number(digits: &str) -> &str {
    let abroad = digits.strip_prefix("00").unwrap_or(digits);
    let home = if abroad.len() > 11 { abroad.strip_prefix("44").unwrap_or(abroad) } else { abroad };
    home.strip_prefix('0').unwrap_or(home)
}

/// The characters of a text, folded: in the compatible form (NFKC) and lower case, without accents and invisible
/// characters, every hyphen and dash as `-`. What stands between words is left.
pub fn letters(text: &str) -> impl Iterator<Item = char> {
    // Most names are ASCII, and there are many.
    let (ascii, other) = if text.is_ascii() { (text, "") } else { ("", text) };
    let seen = other.chars().filter(|c| !is_invisible(*c));
    let seen = seen.map(|c| if is_apostrophe(c) { '\'' } else { c });
    let composed = seen.nfkd().filter(|c| !is_accent(*c)).nfc();
    let folded = composed.flat_map(char::to_lowercase).filter(|c| !is_accent(*c)).flat_map(plain);
    ascii.chars().map(|c| c.to_ascii_lowercase()).chain(folded)
}

/// Whether a character is an apostrophe, or one of those that are typed for it. It stands within a word.
pub fn is_apostrophe(c: char) -> bool {
    matches!(c,
        '\'' | '`' | '\u{b4}' | '\u{b7}' | '\u{2b9}'..='\u{2bd}' | '\u{2018}'..='\u{201b}' | '\u{2032}' | '\u{5f3}'
        | '\u{a78c}')
}

/// Whether a character is an accent, or a vowel sign of Hebrew or Arabic, that is written apart from its letter.
fn is_accent(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}' | '\u{5c4}' | '\u{5c5}'
        | '\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}'
        | '\u{6d6}'..='\u{6dc}' | '\u{6df}'..='\u{6e8}' | '\u{6ea}'..='\u{6ed}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// A letter without its accent; letters that stand for two become two.
fn plain(c: char) -> impl Iterator<Item = char> {
    let (first, second) = match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' => ('a', None),
        'æ' => ('a', Some('e')),
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => ('c', None),
        'ď' | 'đ' | 'ð' => ('d', None),
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => ('e', None),
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => ('g', None),
        'ĥ' | 'ħ' => ('h', None),
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => ('i', None),
        'ĵ' => ('j', None),
        'ķ' => ('k', None),
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => ('l', None),
        'ñ' | 'ń' | 'ņ' | 'ň' => ('n', None),
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => ('o', None),
        'œ' => ('o', Some('e')),
        'ŕ' | 'ŗ' | 'ř' => ('r', None),
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => ('s', None),
        'ß' => ('s', Some('s')),
        'ţ' | 'ť' | 'ŧ' | 'ț' => ('t', None),
        'þ' => ('t', Some('h')),
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => ('u', None),
        'ŵ' => ('w', None),
        'ý' | 'ÿ' | 'ŷ' => ('y', None),
        'ź' | 'ż' | 'ž' => ('z', None),
        // Hyphens and dashes, as word processors write them, and the minus.
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2e3a}' | '\u{2e3b}' | '\u{5be}' => ('-', None),
        other => (other, None),
    };
    std::iter::once(first).chain(second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_and_folded() {
        for (text, wanted) in [
            ("", ""),
            ("Alex EXAMPLE", "alex example"),
            ("Zo\u{eb} Zoe\u{308} \u{d8}rsted Stra\u{df}e", "zoe zoe orsted strasse"),
            ("O'Brien, D\u{2019}Arcy", "obrien darcy"),
            ("Anne-Marie Sample", "anne marie annemarie sample"),
            ("alex.example@example.org", "alex example example org"),
            ("O'Brien-D'Arcy's `quoted' 'N'", "obrien darcys obriendarcys quoted n"),
            ("a-b-c d- -e --", "a b c abc d e"),
            ("rang 01632'960 001", "rang 01632960 001 #1632960001"),
            ("01632 960001", "01632 960001 #1632960001"),
            ("rang 07700-900 123 twice", "rang 07700 900 07700900 123 twice #7700900123"),
            ("+44 (0)1632 960001", "44 0 1632 960001 #1632960001"),
            ("0044 1632 960001.", "0044 1632 960001 #1632960001"),
            ("on 2026-03-02, 1 Sample Street", "on 2026 03 02 20260302 1 sample street"),
            ("\u{41f}\u{435}\u{442}\u{440}", "\u{43f}\u{435}\u{442}\u{440}"),
            // Invisible characters, whatever the script.
            ("Kowal\u{200b}ska Long\u{ad}bottom Abd\u{200c}al", "kowalska longbottom abdal"),
            ("\u{2066}Sam\u{2069} Pl\u{e0061}ace\u{2060}holder\u{61c}", "sam placeholder"),
            ("\u{645}\u{6cc}\u{200c}\u{62e}", "\u{645}\u{6cc}\u{62e}"),
            // One letter, several ways to write it; accents that the table does not name.
            ("\u{ff33}\u{ff41}\u{ff4d} \u{fb01}nch \u{1f1}", "sam finch dz"),
            ("Nguy\u{1ec5}n Nguye\u{302}\u{303}n \u{130}lker", "nguyen nguyen ilker"),
            ("\u{ff10}\u{ff11}632 960\u{a0}001", "01632 960 001 #1632960001"),
            ("\u{ac00}\u{b098} \u{1100}\u{1161}\u{1102}\u{1161}", "\u{ac00}\u{b098} \u{ac00}\u{b098}"),
            // Hyphens and apostrophes alike.
            ("Anne\u{2011}Marie Anne\u{2010}Marie", "anne marie annemarie anne marie annemarie"),
            ("Jo\u{2013}Ann Jo\u{2212}Ann", "jo ann joann jo ann joann"),
            ("O\u{2bc}Brien O\u{b4}Brien O\u{ff07}Brien O\u{201b}Brien", "obrien obrien obrien obrien"),
            ("Al\u{2bb}Sample \u{5d0}\u{5b7}\u{5d1}", "alsample \u{5d0}\u{5d1}"),
        ] {
            let mut found = Vec::new();
            words(text, |word| found.push(word.to_owned()));
            let wanted: Vec<&str> = wanted.split_whitespace().collect();
            assert_eq!(found, wanted, "{text}");
        }
    }
}
