//! Text without what spelling leaves open: case, accents, apostrophes; cut into words.

/// Digits of a telephone number: fewer are a date or a house, more are something else.
const NUMBER: std::ops::RangeInclusive<usize> = 9..=15;

/// What a word that is a telephone number begins with.
pub const NUMBER_SIGN: char = '#';

/// Hands over every word of a text, folded. A word of several parts joined by hyphens comes in its parts and as one.
/// A telephone number, however it is spaced, comes once more as `#` and its digits as [`number`] has them.
pub fn words(text: &str, mut each: impl FnMut(&str)) {
    let mut cutter = Cutter::default();
    for c in text.chars() {
        match c {
            c if c.is_ascii_lowercase() || c.is_ascii_digit() => cutter.word.push(c),
            c if c.is_ascii_uppercase() => cutter.word.push(c.to_ascii_lowercase()),
            // Accents written apart, and apostrophes, stand within a word.
            '\u{300}'..='\u{36f}' | '\'' | '\u{2018}' | '\u{2019}' | '\u{2bc}' | '`' => {}
            c if c.is_ascii() => cutter.end(c, &mut each),
            c => {
                for lower in c.to_lowercase() {
                    if lower.is_alphanumeric() {
                        cutter.word.extend(plain(lower));
                    } else if !('\u{300}'..='\u{36f}').contains(&lower) {
                        cutter.end(lower, &mut each);
                    }
                }
            }
        }
    }
    cutter.end('\n', &mut each);
}

/// The word being read, and what it may be a part of.
#[derive(Default)]
struct Cutter {
    word: String,
    joined: String,
    parts: usize,
    digits: String,
}

impl Cutter {
    /// The word ends before `sign`.
    fn end(&mut self, sign: char, each: &mut impl FnMut(&str)) {
        if !self.word.is_empty() {
            each(&self.word);
            match self.word.bytes().all(|byte| byte.is_ascii_digit()) {
                true => self.digits.push_str(&self.word),
                false => self.end_number(each),
            }
            if sign == '-' || self.parts > 0 {
                self.joined.push_str(&self.word);
                self.parts += 1;
            }
            self.word.clear();
        }
        if sign != '-' {
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

/// A letter without its accent; letters that stand for two become two.
pub fn plain(c: char) -> impl Iterator<Item = char> {
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
            ("01632 960001", "01632 960001 #1632960001"),
            ("rang 07700-900 123 twice", "rang 07700 900 07700900 123 twice #7700900123"),
            ("+44 (0)1632 960001", "44 0 1632 960001 #1632960001"),
            ("0044 1632 960001.", "0044 1632 960001 #1632960001"),
            ("on 2026-03-02, 1 Sample Street", "on 2026 03 02 20260302 1 sample street"),
            ("\u{41f}\u{435}\u{442}\u{440}", "\u{43f}\u{435}\u{442}\u{440}"),
        ] {
            let mut found = Vec::new();
            words(text, |word| found.push(word.to_owned()));
            let wanted: Vec<&str> = wanted.split_whitespace().collect();
            assert_eq!(found, wanted, "{text}");
        }
    }
}
