//! References: the random name of a case, which carries no person's name and no count of cases (X1).
//!
//! `KP-26-7K3QF4` is the force's prefix, the year of receipt, five random characters of Crockford's base 32 and one
//! check character: Luhn modulo 32 over those five, the rightmost of the five doubled first.

use std::fmt;
use std::str::FromStr;

use super::node::Node;
use super::record::{Part, Reader, Shape};

/// Crockford's base 32, in the order that gives each character its value.
pub const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A source of chance that can be repeated: the same seed gives the same references and ids (SplitMix64).
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// Starts from a seed: random in earnest, fixed in tests.
    pub fn from_seed(seed: u64) -> Chance {
        Chance(seed)
    }

    /// A number below `bound`, which is a power of two.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) >> 40) as usize & (bound - 1)
    }
}

/// A whole, checked reference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference(String);

/// What somebody typed for a reference: enough to look for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The prefix, where given.
    pub prefix: Option<String>,
    /// The two digits of the year, where given.
    pub year: Option<String>,
    /// The beginning of the random part, check character included where all six are given.
    pub start: String,
}

impl Reference {
    /// A new one for a case received in `year` (four digits).
    pub fn random(prefix: &str, year: i32, chance: &mut Chance) -> Reference {
        let digits: Vec<usize> = (0..5).map(|_| chance.below(32)).collect();
        let random: String = digits.iter().map(|&digit| CROCKFORD[digit] as char).collect();
        let check = check_character(&random).unwrap_or('0');
        Reference(format!("{prefix}-{:02}-{random}{check}", year.rem_euclid(100)))
    }

    /// The reference as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The two digits of the year of receipt.
    pub fn year(&self) -> &str {
        let start = self.0.len() - 9;
        &self.0[start..start + 2]
    }

    /// The five random characters and the check character.
    pub fn random_part(&self) -> &str {
        &self.0[self.0.len() - 6..]
    }

    /// Where its case stands in a store.
    pub fn case_path(&self) -> String {
        format!("cases/20{}/{}/{}.yaml", self.year(), &self.random_part()[..1], self.0)
    }
}

impl FromStr for Reference {
    type Err = String;

    fn from_str(text: &str) -> Result<Reference, String> {
        let wrong = || "must be a reference like KP-26-7K3QF4".to_owned();
        let mut parts = text.split('-');
        let (Some(prefix), Some(year), Some(random), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(wrong());
        };
        let year_fits = year.len() == 2 && year.bytes().all(|byte| byte.is_ascii_digit());
        let random_fits = random.len() == 6 && random.bytes().all(|byte| CROCKFORD.contains(&byte));
        if !is_prefix(prefix) || !year_fits || !random_fits {
            return Err(wrong());
        }
        if check_character(&random[..5]) != random.chars().last() {
            return Err("has a wrong check character: one of its letters or digits is mistyped".to_owned());
        }
        Ok(Reference(text.to_owned()))
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Part for Reference {
    const SHAPE: Shape = Shape::Reference;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match node.as_text().map(str::parse) {
            Some(Ok(reference)) => Some(reference),
            Some(Err(what)) => reader.invalid(what),
            None => reader.invalid("must be a reference like KP-26-7K3QF4"),
        }
    }

    fn write(&self) -> Option<Node> {
        Some(Node::text(self.0.clone()))
    }
}

/// Whether `prefix` can begin references: one to six capital letters or digits, a letter first.
pub fn is_prefix(prefix: &str) -> bool {
    (1..=6).contains(&prefix.len())
        && prefix.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        && prefix.starts_with(|c: char| c.is_ascii_uppercase())
}

/// Luhn modulo 32: from the right, every other value is doubled, and doubled values add their two base-32 digits.
fn check_character(random: &str) -> Option<char> {
    let mut sum = 0;
    for (position, byte) in random.bytes().rev().enumerate() {
        let value = CROCKFORD.iter().position(|&letter| letter == byte)?;
        let value = if position % 2 == 0 { value * 2 } else { value };
        sum += value / 32 + value % 32;
    }
    Some(CROCKFORD[(32 - sum % 32) % 32] as char)
}

impl Wanted {
    /// Reads what a person typed: any case, `o` for `0`, `i` and `l` for `1`, with or without prefix and year, any
    /// beginning of the random part, the dashes as a word processor makes them. An error says what a reference looks
    /// like.
    pub fn parse(typed: &str) -> Result<Wanted, String> {
        let wrong = || {
            "a reference looks like KP-26-7K3QF4; any beginning of its last part will do, such as 7K3"
                .to_owned()
        };
        let dash = |c| if matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}') { '-' } else { c };
        let upper = typed.trim().chars().map(dash).collect::<String>().to_ascii_uppercase();
        if !upper.is_ascii() || upper.is_empty() || upper.len() > 20 {
            return Err(wrong());
        }
        let parts: Vec<&str> = upper.split('-').collect();
        let (prefix, year, start) = match parts[..] {
            [start] => (None, None, start),
            [before, start] if before.len() == 2 && forgive(before).bytes().all(|b| b.is_ascii_digit()) => {
                (None, Some(forgive(before)), start)
            }
            [prefix, start] if is_prefix(prefix) => (Some(prefix.to_owned()), None, start),
            [prefix, year, start] if is_prefix(prefix) && year.len() == 2 => {
                (Some(prefix.to_owned()), Some(forgive(year)), start)
            }
            _ => return Err(wrong()),
        };
        let start = forgive(start);
        if start.is_empty() || start.len() > 6 || !start.bytes().all(|byte| CROCKFORD.contains(&byte)) {
            return Err(wrong());
        }
        if start.len() == 6 && check_character(&start[..5]) != start.chars().last() {
            return Err(
                "that reference has a wrong check character: one of its letters or digits is mistyped"
                    .to_owned(),
            );
        }
        Ok(Wanted { prefix, year, start })
    }

    /// The reference itself, where all of it was given.
    pub fn whole(&self) -> Option<Reference> {
        let (prefix, year) = (self.prefix.as_ref()?, self.year.as_ref()?);
        format!("{prefix}-{year}-{}", self.start).parse().ok()
    }

    /// Whether `reference` is one that may be meant.
    pub fn fits(&self, reference: &Reference) -> bool {
        reference.random_part().starts_with(&self.start)
            && self.year.as_deref().is_none_or(|year| year == reference.year())
            && self.prefix.as_deref().is_none_or(|prefix| reference.0.starts_with(&format!("{prefix}-")))
    }
}

/// Letters that are mistaken for digits become those digits.
fn forgive(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x1_check_character_is_luhn_modulo_32() {
        // 7K3QF: values 7 19 3 23 15; from the right 15*2=30, 23, 3*2=6, 19, 7*2=14: 92; 92 mod 32 = 28; 4.
        assert_eq!(check_character("7K3QF"), Some('4'));
        assert_eq!(check_character("00000"), Some('0'));
        // Z doubled is 62 = 1*32 + 30, whose digits add up to 31.
        assert_eq!(check_character("0000Z"), Some('1'));
    }

    #[test]
    fn x1_every_single_mistype_and_most_swaps_are_found() {
        let mut chance = Chance::from_seed(7);
        for _ in 0..200 {
            let reference = Reference::random("KP", 2026, &mut chance);
            let good = reference.as_str().to_owned();
            assert_eq!(good.parse::<Reference>().as_ref(), Ok(&reference));
            for position in good.len() - 6..good.len() {
                for &letter in CROCKFORD {
                    let mut bytes = good.clone().into_bytes();
                    if bytes[position] != letter {
                        bytes[position] = letter;
                        let typed = String::from_utf8(bytes).unwrap();
                        assert!(typed.parse::<Reference>().is_err(), "{typed} passed for {good}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_person_may_type_it_in_many_ways() {
        let reference: Reference = "KP-26-7K3QF4".parse().unwrap();
        for typed in [
            "KP-26-7K3QF4",
            "kp-26-7k3qf4",
            "7k3qf4",
            "26-7k3",
            "kp-7k3",
            "7",
            " 7K3QF4 ",
            "KP\u{2011}26\u{2013}7K3",
        ] {
            assert!(Wanted::parse(typed).unwrap().fits(&reference), "{typed}");
        }
        let with_digits = Reference::from_str("KP-10-000000").unwrap();
        for typed in ["kp-lo-oooooo", "KP-I0-OO", "o", "io-0"] {
            assert!(Wanted::parse(typed).unwrap().fits(&with_digits), "{typed}");
        }
        for typed in ["", "7k3qf5", "../../etc", "KP-26-", "7K3QF4X", "a-b-c-d", "\u{e9}", "U"] {
            assert!(Wanted::parse(typed).is_err(), "{typed}");
        }
        assert!(!Wanted::parse("25-7k3").unwrap().fits(&reference));
        assert!(!Wanted::parse("XX-7k3").unwrap().fits(&reference));
    }

    #[test]
    fn the_path_is_year_and_first_random_character() {
        let reference: Reference = "KP-26-7K3QF4".parse().unwrap();
        assert_eq!(reference.case_path(), "cases/2026/7/KP-26-7K3QF4.yaml");
    }
}
