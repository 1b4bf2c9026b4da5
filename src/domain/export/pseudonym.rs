//! Keyed pseudonyms. One value always has the same pseudonym under the same key. Without the key nobody can work out whose
//! it is, nor find out by trying. A pseudonym is the first 64 bits of an HMAC-SHA-256.

use hmac::{Hmac, Mac};
use sha2::Sha256;

/// How many random bytes a key has.
pub const KEY_BYTES: usize = 32;
/// The longest key file, in bytes, without line ends after the key.
const LONGEST: usize = 128;
/// The least number of different bytes in a key. 32 random bytes have fewer less than once in 10^20 keys.
const DIFFERENT: usize = 16;

/// The key of pseudonyms. It has no `Debug` and is never written anywhere.
pub struct Key(Hmac<Sha256>);

impl Key {
    /// Reads a key file: 32 random bytes in hexadecimal digits, as [`Key::written`] writes them, or in base64. Line ends
    /// after them are ignored. Returns `None` where there are fewer or more bytes, or where they are not random: only a
    /// few different bytes, or encoded text.
    pub fn new(file: &[u8]) -> Option<Key> {
        let text = file.trim_ascii_end();
        let bytes = Some(text)
            .filter(|text| text.len() <= LONGEST)
            .and_then(|text| hex(text).or_else(|| base64(text)))?;
        let different: std::collections::BTreeSet<&u8> = bytes.iter().collect();
        let is_text = bytes.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ');
        let fits = bytes.len() == KEY_BYTES && different.len() >= DIFFERENT && !is_text;
        // The key is the text itself, not its bytes, as in older versions: the pseudonyms of an existing key stay the same.
        fits.then(|| Hmac::new_from_slice(text).ok()).flatten().map(Key)
    }

    /// The content of the key file for these random bytes.
    pub fn written(random: &[u8; KEY_BYTES]) -> String {
        let digits: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{digits}\n")
    }

    /// `person-1f6c0a93be24d781` for a value of this kind. Kinds are kept apart: an address and a name that read the same
    /// have different pseudonyms.
    pub fn pseudonym(&self, kind: &str, value: &str) -> String {
        let mut mac = self.0.clone();
        mac.update(kind.as_bytes());
        mac.update(&[0]);
        mac.update(value.as_bytes());
        let hex: String =
            mac.finalize().into_bytes().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        format!("{kind}-{hex}")
    }

    /// A name, whatever its capitals and blanks.
    pub fn name(&self, part: &str, name: &str) -> String {
        let words: Vec<String> = name.split_whitespace().map(str::to_lowercase).collect();
        self.pseudonym(part, &words.join(" "))
    }

    /// A telephone number, however it is grouped, with or without the prefix of the country.
    pub fn phone(&self, number: &str) -> String {
        let digits: String = number.replace("(0)", "").chars().filter(char::is_ascii_digit).collect();
        let international = number.trim_start().starts_with('+') || digits.starts_with("00");
        let digits = digits.trim_start_matches("00");
        let national = match digits.strip_prefix("44") {
            Some(rest) if international => format!("0{}", rest.trim_start_matches('0')),
            _ => digits.to_owned(),
        };
        self.pseudonym("phone", &national)
    }
}

/// The bytes that hexadecimal digits stand for.
fn hex(text: &[u8]) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).map(|digit| digit as u8);
    let digits: Vec<u8> = text.iter().map(digit).collect::<Option<_>>()?;
    digits.len().is_multiple_of(2).then(|| digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

/// The bytes that base64 stands for.
fn base64(text: &[u8]) -> Option<Vec<u8>> {
    base64::Engine::decode(&base64::prelude::BASE64_STANDARD, text).ok()
}

/// The outward half of the last postcode in an address: `ME14` of `1 Sample Street, Maidstone, ME14 1AA`.
pub fn outward(address: &str) -> Option<String> {
    let address = address.to_ascii_uppercase();
    let words: Vec<&str> =
        address.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let found = |(out, inward): &(&str, &str)| is_outward(out) && is_inward(inward);
    let mut apart = words.windows(2).map(|pair| (pair[0], pair[1]));
    let together = words.iter().filter(|word| word.len() >= 5);
    let mut together = together.map(|word| word.split_at(word.len() - 3));
    apart.rfind(found).or_else(|| together.rfind(found)).map(|(out, _)| out.to_owned())
}

/// `M1`, `B33`, `CR2`, `DN55`, `W1A`, `EC1A`.
fn is_outward(word: &str) -> bool {
    let letters = word.chars().take_while(char::is_ascii_uppercase).count();
    let rest: Vec<char> = word.chars().skip(letters).collect();
    (1..=2).contains(&letters)
        && match rest[..] {
            [first] => first.is_ascii_digit(),
            [first, second] => first.is_ascii_digit() && second.is_ascii_alphanumeric(),
            _ => false,
        }
}

/// `1AA`.
fn is_inward(word: &str) -> bool {
    let characters: Vec<char> = word.chars().collect();
    matches!(characters[..], [digit, a, b] if digit.is_ascii_digit() && a.is_ascii_uppercase() && b.is_ascii_uppercase())
}
