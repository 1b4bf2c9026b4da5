//! Names without what spelling leaves open: case, accents, hyphens, apostrophes, spaces; and how near two are.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::domain::folding;

/// Letters beyond these are not compared.
pub(in crate::domain) const LONGEST: usize = 64;

/// A bit each.
const _: () = assert!(LONGEST <= 64);

/// So many slips a long name may hold.
const MOST_SLIPS: usize = 2;

/// How two parts of names compare.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Spelling {
    Same,
    /// A short form, or fewer forenames.
    Short,
    /// A letter or two apart.
    Near,
    /// The same, in a name long enough that it is hardly chance.
    NearAndLong,
    Different,
}

/// A family name or the given names, folded. It has no `Debug`: it is a personal fact.
pub(super) struct Folded {
    /// All letters, without the gaps between words.
    letters: Box<[char]>,
    /// A bit a letter: two names that differ in many of them are far apart.
    mask: u64,
    /// A bit for the last letter of each word.
    ends: u64,
    /// A bit for each group of [`SHORT_FORMS`] that the first word is in.
    forms: u64,
}

/// A name as far as two can be told apart at a glance.
///
/// Of these there are as many as names, several times over: they are as small as they can be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Outline {
    /// A bit for each letter.
    pub(super) mask: u32,
    pub(super) length: u8,
    /// Whether there are several words.
    pub(super) several: bool,
}

impl Outline {
    /// False only where [`Folded::family`] finds the two different.
    pub(super) fn may_be_near(self, other: Outline) -> bool {
        self.several || other.several || few_slips((self.mask, self.length), (other.mask, other.length))
    }
}

/// The given names as far as two can be told apart at a glance: by the first of them.
#[derive(Clone, Copy)]
pub(super) struct FirstName {
    forms: u64,
    mask: u32,
    /// The last byte of the first letter.
    initial: u8,
    length: u8,
}

impl FirstName {
    /// False only where [`Folded::given`] finds the two different.
    pub(super) fn may_be_near(self, other: FirstName) -> bool {
        // One that is the other, or begins it, begins with the same letter.
        self.initial == other.initial
            || self.forms & other.forms != 0
            || few_slips((self.mask, self.length), (other.mask, other.length))
    }
}

/// False only where [`near`] finds two words different, of which these are the letters and how many there are.
fn few_slips(one: (u32, u8), another: (u32, u8)) -> bool {
    let allowed = slips(usize::from(one.1.max(another.1))).unwrap_or(0);
    usize::from(one.1.abs_diff(another.1)) <= allowed
        && (one.0 ^ another.0).count_ones() as usize <= 2 * allowed
}

/// Given names and their short forms, where neither begins the other.
const SHORT_FORMS: &[&str] = &[
    "william will bill billy willie liam",
    "robert rob bob bobby robbie",
    "richard dick rick ricky",
    "margaret maggie peggy meg greta",
    "elizabeth liz lizzie beth betty libby lisa",
    "anthony antony tony",
    "james jim jimmy jamie",
    "john jack johnny jon",
    "edward ed eddie ted teddy ned",
    "henry harry",
    "harold harry",
    "charles charlie charley",
    "charlotte charlie lottie",
    "katherine catherine kathryn kate katie kathy cathy kitty",
    "michael mike mick micky",
    "mohammed mohammad muhammad mohamed mo",
    "david dave davey",
    "stephen steven steve",
    "nicholas nicolas nick nicky",
    "nicola nicky nikki",
    "thomas tom tommy",
    "andrew andy drew",
    "joseph joe joey",
    "terence terry",
    "lawrence laurence larry",
    "susan suzanne sue suzie",
    "victoria vicky tori",
    "deborah debra debbie",
    "jacqueline jackie",
    "patricia pat trish tricia",
    "patrick pat paddy",
    "rebecca becky becca",
    "alexander alex alec sandy xander",
    "alexandra alex sandra sandy",
    "geoffrey jeffrey geoff jeff",
    "gerald gerry jerry",
    "eleanor ellie nell",
    "dorothy dot dolly",
    "christine christina chris tina",
    "theodore theo ted",
    "albert bert",
    "francis frank",
];

/// The groups of [`SHORT_FORMS`] that a name is in, a bit each.
static GROUPS: LazyLock<HashMap<&str, u64>> = LazyLock::new(|| {
    let mut groups = HashMap::new();
    for (group, names) in SHORT_FORMS.iter().enumerate() {
        for name in names.split(' ') {
            *groups.entry(name).or_insert(0) |= 1 << group;
        }
    }
    groups
});

/// A bit each.
const _: () = assert!(SHORT_FORMS.len() <= 64);

/// The short forms of a given name and the names it may be a short form of; itself among them.
pub(in crate::domain) fn forms(name: &str) -> impl Iterator<Item = &'static str> + use<> {
    let groups = GROUPS.get(name).copied().unwrap_or(0);
    let named = SHORT_FORMS.iter().enumerate().filter(move |(group, _)| groups & (1 << group) != 0);
    named.flat_map(|(_, names)| names.split(' '))
}

impl Folded {
    /// Folds a text; `None` where no letter is left.
    pub(super) fn new(text: &str) -> Option<Folded> {
        let mut letters = Vec::with_capacity(text.len().min(LONGEST));
        let mut ends = Vec::new();
        for c in folding::letters(text) {
            match c {
                // Apostrophes stand within a word.
                '.' => {}
                c if folding::is_apostrophe(c) => {}
                c if c.is_alphanumeric() => letters.push(c),
                _ => ends.extend((ends.last() != Some(&letters.len())).then_some(letters.len())),
            }
        }
        letters.truncate(LONGEST);
        ends.push(letters.len());
        ends.retain(|&end| end > 0 && end <= letters.len());
        ends.dedup();
        let first: String = letters.get(..*ends.first()?)?.iter().collect();
        let forms = GROUPS.get(first.as_str()).copied().unwrap_or(0);
        let mask = mask(&letters);
        let ends = ends.into_iter().fold(0, |ends, end| ends | 1 << (end - 1));
        Some(Folded { letters: letters.into(), mask, ends, forms })
    }

    pub(super) fn is_same(&self, other: &Folded) -> bool {
        self.mask == other.mask && self.letters == other.letters
    }

    /// All letters, as one text: what [`Folded::is_same`] compares.
    pub(super) fn whole(&self) -> String {
        self.letters.iter().collect()
    }

    /// All its letters.
    pub(super) fn letters(&self) -> &[char] {
        &self.letters
    }

    /// What [`Outline::may_be_near`] goes by: a bit for each letter, and whether there are several words.
    pub(super) fn outline(&self) -> Outline {
        Outline { mask: small(self.mask), length: length(&self.letters), several: self.has_several() }
    }

    /// What [`FirstName::may_be_near`] goes by.
    pub(super) fn first_name(&self) -> FirstName {
        let first = self.first_word();
        let initial = first.first().map_or(0, |c| *c as u32 as u8);
        FirstName { forms: self.forms, mask: small(mask(first)), initial, length: length(first) }
    }

    fn words(&self) -> impl Iterator<Item = &[char]> {
        let ends = (1..=self.letters.len()).filter(|end| self.ends & 1 << (end - 1) != 0);
        let starts = std::iter::once(0).chain(ends.clone());
        starts.zip(ends).filter_map(|(start, end)| self.letters.get(start..end))
    }

    fn first_word(&self) -> &[char] {
        let end = self.ends.trailing_zeros() as usize + 1;
        self.letters.get(..end).unwrap_or_default()
    }

    fn has_several(&self) -> bool {
        self.ends.count_ones() > 1
    }

    /// Compares two family names: a letter apart, or a double-barrelled name with one of its halves.
    pub(super) fn family(&self, other: &Folded) -> Spelling {
        if self.is_same(other) {
            return Spelling::Same;
        }
        let several = self.has_several() || other.has_several();
        if several && self.words().any(|word| word.len() >= 4 && other.words().any(|another| another == word))
        {
            return Spelling::NearAndLong;
        }
        near(&self.letters, &other.letters, self.mask ^ other.mask)
    }

    /// Compares given names by the first of them: further forenames are often left out.
    pub(super) fn given(&self, other: &Folded) -> Spelling {
        if self.is_same(other) {
            return Spelling::Same;
        }
        let (one, another) = (self.first_word(), other.first_word());
        let (short, long) = if one.len() <= another.len() { (one, another) } else { (another, one) };
        if one == another || self.forms & other.forms != 0 || (short.len() >= 3 && long.starts_with(short)) {
            return Spelling::Short;
        }
        let several = self.has_several() || other.has_several();
        near(one, another, if several { 0 } else { self.mask ^ other.mask })
    }
}

/// The bits of the letters a to z, and six for all others: never more of them differ than in the whole.
fn small(mask: u64) -> u32 {
    let others = (0..7).fold(0, |others, turn| others | mask >> (26 + 6 * turn));
    (mask & ((1 << 26) - 1)) as u32 | ((others & 0x3f) as u32) << 26
}

fn length(letters: &[char]) -> u8 {
    u8::try_from(letters.len()).unwrap_or(u8::MAX)
}

/// A bit for each letter.
fn mask(letters: &[char]) -> u64 {
    let bit = |c: &char| if c.is_ascii_lowercase() { *c as u32 - 'a' as u32 } else { 26 + *c as u32 % 38 };
    letters.iter().fold(0, |mask, c| mask | (1 << bit(c)))
}

/// How many slips are allowed in two words of which the longer one is so long; `None` where they must be the same.
fn slips(longer: usize) -> Option<usize> {
    match longer {
        0..4 => None,
        4..8 => Some(1),
        _ => Some(MOST_SLIPS),
    }
}

/// One slip in names of four letters or more, two in names of eight; `unshared` has a bit for each letter that only one
/// of them has.
fn near(one: &[char], another: &[char], unshared: u64) -> Spelling {
    let longer = one.len().max(another.len());
    let Some(allowed) = slips(longer) else { return Spelling::Different };
    if one.len().abs_diff(another.len()) > allowed
        || unshared.count_ones() as usize > 2 * allowed
        || !within(one, another, allowed)
    {
        Spelling::Different
    } else if longer < 5 {
        Spelling::Near
    } else {
        Spelling::NearAndLong
    }
}

/// Whether at most `allowed` slips lie between two words: a letter more, less or other, or two neighbours exchanged
/// (optimal string alignment).
pub(in crate::domain) fn within(one: &[char], another: &[char], allowed: usize) -> bool {
    let common = one.iter().zip(another).take_while(|(a, b)| a == b).count();
    let (one, another) = (&one[common..], &another[common..]);
    let common = one.iter().rev().zip(another.iter().rev()).take_while(|(a, b)| a == b).count();
    let (one, another) = (&one[..one.len() - common], &another[..another.len() - common]);
    let width = another.len() + 1;
    let mut rows = [[0_usize; LONGEST + 1]; 3];
    for (column, cell) in rows[0].iter_mut().enumerate().take(width) {
        *cell = column;
    }
    for (row, letter) in one.iter().enumerate() {
        let (current, above, two_above) = ((row + 1) % 3, row % 3, (row + 2) % 3);
        rows[current][0] = row + 1;
        let mut least = row + 1;
        for (column, other) in another.iter().enumerate() {
            let replaced = rows[above][column] + usize::from(letter != other);
            let mut slips = replaced.min(rows[above][column + 1] + 1).min(rows[current][column] + 1);
            if row > 0 && column > 0 && *letter == another[column - 1] && one[row - 1] == *other {
                slips = slips.min(rows[two_above][column - 1] + 1);
            }
            rows[current][column + 1] = slips;
            least = least.min(slips);
        }
        if least > allowed {
            return false;
        }
    }
    rows[one.len() % 3][width - 1] <= allowed
}
