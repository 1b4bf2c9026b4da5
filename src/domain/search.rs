//! Finding cases by what is written in them: names, addresses, telephone numbers, free text. Words may come in any order,
//! spelled nearly right, with or without accents; every word that is asked for must be somewhere in the case.
//!
//! What a case holds is its [`words`], each with the field it stands in; how well a word answers is [`Term::quality`];
//! [`Tally`] adds it up. Whoever finds the words, in the case files or in the index, the answer is the same.

use std::collections::HashMap;

use super::folding::{NUMBER_SIGN, number, words as cut};
use super::similarity::{LONGEST_WORD, forms, within};

mod fields;

use fields::weight;
pub use fields::{FieldId, Mask, each_word, names, words};

/// Words shorter than this are neither kept nor asked for.
const SHORTEST: usize = 2;
/// From this length on the beginning of a word will do.
const PREFIX: usize = 3;
/// So many digits of a telephone number will do.
const DIGITS: usize = 5;

/// A word that is asked for. It has no `Debug`: it may be a personal fact.
pub struct Term {
    word: String,
    letters: Vec<char>,
    /// A bit for each of its letters from a to z, that most other words can be ruled out by.
    mask: u32,
    forms: Vec<&'static str>,
    digits: bool,
}

/// The words that a person asks for; empty where there is none of two letters or more.
pub fn terms(text: &str) -> Vec<Term> {
    let mut found: Vec<String> = Vec::new();
    for piece in text.split_whitespace().map(|piece| piece.trim_matches(['"', '(', ')'])) {
        let mut parts = Vec::new();
        cut(piece, |word| parts.push(word.to_owned()));
        parts.retain(|word| !word.starts_with(NUMBER_SIGN));
        // What is joined by a hyphen is asked for in its parts: they find the whole too.
        let joined: String = parts.iter().take(parts.len().saturating_sub(1)).map(String::as_str).collect();
        if parts.len() > 2 && parts.last() == Some(&joined) {
            parts.pop();
        }
        found.extend(parts);
    }
    found = numbers(found);
    found.retain(|word| word.chars().count() >= SHORTEST);
    let mut seen = std::collections::HashSet::new();
    found.retain(|word| seen.insert(word.clone()));
    found.into_iter().map(Term::new).collect()
}

/// Neighbouring words of digits that make a telephone number become one.
fn numbers(words: Vec<String>) -> Vec<String> {
    let is_digits = |word: &String| word.bytes().all(|byte| byte.is_ascii_digit());
    let mut found = Vec::new();
    let mut words = words.into_iter().peekable();
    while let Some(word) = words.next() {
        if !is_digits(&word) {
            found.push(word);
            continue;
        }
        let mut run = vec![word];
        while let Some(next) = words.next_if(is_digits) {
            run.push(next);
        }
        let whole = run.concat();
        if (9..=15).contains(&whole.len()) {
            found.push(format!("{NUMBER_SIGN}{}", number(&whole)));
        } else {
            found.extend(run);
        }
    }
    found
}

impl Term {
    fn new(word: String) -> Term {
        let letters: Vec<char> = word.chars().take(LONGEST_WORD).collect();
        let forms = forms(&word).collect();
        let digits = word.chars().any(|c| c.is_ascii_digit());
        let mask = mask(word.bytes().take(LONGEST_WORD));
        Term { word, letters, mask, forms, digits }
    }

    /// How well a word of a case answers, from 100 for the word itself; `None` where it does not.
    pub fn quality(&self, word: &str) -> Option<u32> {
        if word == self.word {
            return Some(100);
        }
        if let Some(number) = word.strip_prefix(NUMBER_SIGN) {
            return self.part_of_number(number).then_some(80);
        }
        if self.letters.len() >= PREFIX && word.starts_with(&self.word) {
            return Some(80);
        }
        if self.digits {
            return None;
        }
        if self.forms.contains(&word) {
            return Some(70);
        }
        self.slips(word)
    }

    fn part_of_number(&self, whole: &str) -> bool {
        let asked = self.word.trim_start_matches(NUMBER_SIGN);
        let asked_at_home = asked.strip_prefix('0').unwrap_or(asked);
        asked.len() >= DIGITS
            && asked.bytes().all(|byte| byte.is_ascii_digit())
            && (whole.starts_with(asked_at_home) || whole.ends_with(asked))
    }

    /// One slip in words of four letters or more, two in words of eight.
    fn slips(&self, word: &str) -> Option<u32> {
        let ours = self.letters.len();
        // A letter has one to four bytes; most words are ruled out here.
        if ours < 4 || word.len() + 2 < ours || word.len() > (ours + 2) * 4 {
            return None;
        }
        // A slip takes away one letter at most: without more of ours it cannot be the word.
        if (self.mask & !mask(word.bytes())).count_ones() > 2 {
            return None;
        }
        let theirs: Vec<char> = word.chars().take(LONGEST_WORD).collect();
        let allowed = match ours.max(theirs.len()) {
            0..4 => return None,
            4..8 => 1,
            _ => 2,
        };
        let near = ours.abs_diff(theirs.len()) <= allowed
            && !word.contains(|c: char| c.is_ascii_digit())
            && within(&self.letters, &theirs, allowed);
        near.then_some(if allowed == 1 { 60 } else { 50 })
    }
}

/// A bit for each letter from a to z.
fn mask(word: impl Iterator<Item = u8>) -> u32 {
    let letters = word.filter(u8::is_ascii_lowercase);
    letters.fold(0, |mask, letter| mask | 1 << (letter - b'a'))
}

/// A case that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Its number among those that were searched.
    pub case: u32,
    /// The more the better.
    pub score: u32,
    /// In which fields.
    pub fields: Mask,
}

/// Adds up what answers. For each term in turn: [`Tally::next_term`], then every [`Tally::hit`].
#[derive(Default)]
pub struct Tally {
    terms: u32,
    cases: HashMap<u32, Sum>,
}

#[derive(Clone, Copy, Default)]
struct Sum {
    /// How many terms it answered, without a gap.
    answered: u32,
    score: u32,
    fields: Mask,
    /// The fields that answered every term before this one, and this one too.
    common_before: Mask,
    common: Mask,
    /// What this term has brought so far, and where.
    best: u32,
    here: Mask,
}

impl Tally {
    /// Goes on to the next term.
    pub fn next_term(&mut self) {
        self.terms += 1;
    }

    /// How many terms there were.
    pub fn terms(&self) -> usize {
        self.terms as usize
    }

    /// Whether nothing can be found any more.
    pub fn is_lost(&self) -> bool {
        self.terms > 0 && !self.cases.values().any(|sum| sum.answered == self.terms)
    }

    /// A word of a case's field answers the term so well.
    pub fn hit(&mut self, case: u32, field: FieldId, quality: u32) {
        if self.terms == 1 {
            self.cases.entry(case).or_default();
        }
        let Some(sum) = self.cases.get_mut(&case) else { return };
        if sum.answered + 1 == self.terms {
            sum.answered = self.terms;
            sum.common_before = if self.terms == 1 { Mask::MAX } else { sum.common };
            (sum.best, sum.here) = (0, 0);
        }
        // One that missed an earlier term is lost.
        if sum.answered == self.terms {
            let worth = quality * weight(field);
            sum.score += worth.saturating_sub(sum.best);
            sum.best = sum.best.max(worth);
            sum.here |= 1 << field;
            sum.fields |= 1 << field;
            sum.common = sum.common_before & sum.here;
        }
    }

    /// The cases that answered every term, best first; among equals as the cases are numbered.
    pub fn finish(self) -> Vec<Found> {
        let terms = self.terms;
        let whole = self.cases.into_iter().filter(|(_, sum)| terms > 0 && sum.answered == terms);
        let found = whole.map(|(case, sum)| {
            // All words in one field are more likely to be meant together.
            let together = terms > 1 && sum.common != 0;
            let score = if together { sum.score / 2 * 3 } else { sum.score };
            Found { case, score, fields: sum.fields }
        });
        let mut found: Vec<Found> = found.collect();
        found.sort_by_key(|found| (std::cmp::Reverse(found.score), found.case));
        found
    }
}

/// Adds to a tally what the words of one case answer to one term.
pub fn answer(tally: &mut Tally, term: &Term, case: u32, words: &[(FieldId, Box<str>)]) {
    for (field, word) in words {
        if let Some(quality) = term.quality(word) {
            tally.hit(case, *field, quality);
        }
    }
}

#[cfg(test)]
mod tests;
