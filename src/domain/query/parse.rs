//! Reading an expression. What cannot be read is pointed at.

use super::{Compare, Days, Flag, Key, Query, Term, Test, days};
use crate::domain::action::ActionKind;
use crate::domain::case::{Channel, DecisionOutcome, Risk, Route, Stage};
use crate::domain::record::{Word, one_of};
use crate::domain::scalars::PersonId;
use crate::domain::time::Day;

/// What is wrong with an expression, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The first character that is meant, from 0.
    pub at: usize,
    /// How many characters are meant; at least one, also at the end.
    pub length: usize,
    /// What is wrong with it.
    pub what: String,
}

/// An expression as it is shown with a fault, and where in it the fault lies, and how long that is. What may be somebody's
/// name, typed where it does not belong, is left out: a word that is no flag, and the value of what is no key.
pub fn shown(text: &str, fault: &Fault) -> (String, usize, usize) {
    const LEFT_OUT: &str = "(...)";
    let (mut shown, mut at, mut length) = (String::new(), fault.at, fault.length);
    let mut end = 0;
    for word in text.split_whitespace() {
        let blanks = text.chars().skip(end).take_while(|c| c.is_whitespace()).count();
        let start = end + blanks;
        end = start + word.chars().count();
        if !shown.is_empty() {
            shown.push(' ');
        }
        let placed = shown.chars().count();
        let denied = word.len() - word.trim_start_matches('-').len();
        let key_end = word.find([':', '=', '<', '>', '!']).unwrap_or(word.len());
        let key = word.get(denied..key_end).unwrap_or_default();
        let is_known = key.is_empty() || Key::of(key).is_some() || Flag::of(key).is_some();
        let kept = match key.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
            _ if is_known => word.len(),
            // What stands before a sign is more likely a key that was mistyped.
            true if key_end < word.len() => key_end + 1,
            _ => denied,
        };
        shown.push_str(&word[..kept]);
        if kept < word.len() {
            shown.push_str(LEFT_OUT);
        }
        if (start..=end).contains(&fault.at) {
            let within = fault.at - start;
            let is_kept = within + fault.length <= word[..kept].chars().count() || is_known;
            (at, length) = match is_kept {
                true => (placed + within, fault.length),
                false => (placed + word[..kept].chars().count(), LEFT_OUT.len()),
            };
        }
    }
    (shown, at, length)
}

/// A piece of an expression, with the character at which it begins.
#[derive(Clone, Copy)]
struct Piece<'t> {
    at: usize,
    text: &'t str,
}

impl<'t> Piece<'t> {
    fn fault(self, what: impl Into<String>) -> Fault {
        Fault { at: self.at, length: self.text.chars().count().max(1), what: what.into() }
    }

    /// What stands before the byte `at`, and what from there on.
    fn split_at(self, at: usize) -> (Piece<'t>, Piece<'t>) {
        let (before, after) = self.text.split_at(at);
        let rest = Piece { at: self.at + before.chars().count(), text: after };
        (Piece { text: before, ..self }, rest)
    }

    /// The pieces between commas.
    fn values(self) -> Vec<Piece<'t>> {
        let mut rest = self;
        let mut values = Vec::new();
        while let Some(comma) = rest.text.find(',') {
            let (value, after) = rest.split_at(comma);
            values.push(value);
            rest = after.split_at(1).1;
        }
        values.push(rest);
        values
    }
}

/// Reads an expression. `today` is what that word means in it.
pub fn parse(text: &str, today: Day) -> Result<Query, Fault> {
    let mut terms = Vec::new();
    let mut rest = Piece { at: 0, text };
    loop {
        let blanks = rest.text.len() - rest.text.trim_start().len();
        rest = rest.split_at(blanks).1;
        if rest.text.is_empty() {
            return Ok(Query(terms));
        }
        let end = rest.text.find(char::is_whitespace).unwrap_or(rest.text.len());
        let (word, after) = rest.split_at(end);
        terms.push(term(word, today)?);
        rest = after;
    }
}

/// Whether a text begins with a word of an expression that is denied, such as `-urgent` or `-stage:closed`.
pub fn is_denial(text: &str) -> bool {
    let Some(word) = text.strip_prefix('-') else { return false };
    let end = word.find(|c: char| !(c.is_ascii_lowercase() || c == '_')).unwrap_or(word.len());
    let (key, rest) = word.split_at(end);
    match rest.chars().next() {
        None => Flag::of(key).is_some() || Key::of(key).is_some(),
        Some(c) if c.is_whitespace() => Flag::of(key).is_some(),
        Some(c) => ":=<>!".contains(c) && (Key::of(key).is_some() || Flag::of(key).is_some()),
    }
}

fn term(word: Piece<'_>, today: Day) -> Result<Term, Fault> {
    let denied = word.text.starts_with('-');
    let word = word.split_at(usize::from(denied)).1;
    let key_end = word.text.find([':', '=', '<', '>', '!']).unwrap_or(word.text.len());
    let (key, rest) = word.split_at(key_end);
    if rest.text.is_empty() {
        return match (Flag::of(key.text), Key::of(key.text)) {
            (Some(flag), _) => Ok(Term { denied, test: Test::Flag(flag) }),
            (None, Some(_)) => {
                let after = Piece { at: key.at + key.text.chars().count(), text: "" };
                Err(after.fault(format!("a value is missing: `{}:` and what it must be", key.text)))
            }
            (None, None) => Err(unknown(key)),
        };
    }
    let (compare, length) = match rest.text {
        text if text.starts_with("<=") => (Compare::UpTo, 2),
        text if text.starts_with(">=") => (Compare::From, 2),
        text if text.starts_with('<') => (Compare::Before, 1),
        text if text.starts_with('>') => (Compare::After, 1),
        text if text.starts_with(':') || text.starts_with('=') => (Compare::Is, 1),
        _ => {
            let sign = rest.split_at(1).0;
            return Err(sign.fault("is no comparison; put `-` before the word to deny it"));
        }
    };
    let (sign, value) = rest.split_at(length);
    let Some(of) = Key::of(key.text) else {
        return Err(match Flag::of(key.text) {
            Some(_) => sign.fault(format!("`{}` stands alone, without a value", key.text)),
            None => unknown(key),
        });
    };
    if value.text.is_empty() {
        return Err(value.fault("a value is missing"));
    }
    Ok(Term { denied, test: test(of, (compare, sign), value, today)? })
}

fn unknown(key: Piece<'_>) -> Fault {
    let words = |words: &[Word]| words.iter().map(|word| word.word).collect::<Vec<_>>().join(", ");
    if key.text.is_empty() {
        return key.fault("a key is missing");
    }
    key.fault(format!("is no key ({}) and no flag ({})", words(Key::WORDS), words(Flag::WORDS)))
}

fn test(key: Key, compare: (Compare, Piece<'_>), value: Piece<'_>, today: Day) -> Result<Test, Fault> {
    let ordered = matches!(key, Key::Stage | Key::Risk | Key::Received | Key::Due | Key::Age);
    let (compare, sign) = compare;
    if compare != Compare::Is && !ordered {
        return Err(sign.fault(format!("`{key}` has no order: use `:`")));
    }
    let single = |values: &[Piece<'_>]| match (compare, values) {
        (Compare::Is, _) | (_, [_]) => Ok(()),
        (_, [_, second, ..]) => Err(second.fault("only `:` takes several values")),
        _ => Ok(()),
    };
    let values = value.values();
    single(&values)?;
    Ok(match key {
        Key::Stage => Test::Stage(compare, each(&values, |word| known(word, Stage::of, Stage::WORDS))?),
        Key::Route => Test::Route(each(&values, |word| known(word, Route::of, Route::WORDS))?),
        Key::Channel => Test::Channel(each(&values, |word| known(word, Channel::of, Channel::WORDS))?),
        Key::Owner => Test::Owner(each(&values, |word| match PersonId::new(word) {
            Ok(person) => Ok(person.as_str().to_owned()),
            Err(what) => Err(what),
        })?),
        Key::Outcome => Test::Outcome(each(&values, |word| {
            or_none(word, |word| known(word, DecisionOutcome::of, DecisionOutcome::WORDS))
        })?),
        Key::Next => Test::Next(each(&values, |word| {
            or_none(word, |word| known(word, ActionKind::of, ActionKind::WORDS))
        })?),
        Key::Risk => {
            let risks = each(&values, |word| or_none(word, |word| known(word, Risk::of, Risk::WORDS)))?;
            if compare != Compare::Is && risks.contains(&None) {
                return Err(value.fault("`none` has no order: use `:`"));
            }
            Test::Risk(compare, risks)
        }
        Key::Received => Test::Received(compare, stretch(compare, value, today)?),
        Key::Due => Test::Due(compare, stretch(compare, value, today)?),
        Key::Age => Test::Age(compare, age(compare, value)?),
    })
}

fn each<T>(values: &[Piece<'_>], read: impl Fn(&str) -> Result<T, String>) -> Result<Vec<T>, Fault> {
    let one = |value: &Piece<'_>| match value.text {
        "" => Err(value.fault("a value is missing")),
        text => read(text).map_err(|what| value.fault(what)),
    };
    values.iter().map(one).collect()
}

fn known<T>(word: &str, of: fn(&str) -> Option<T>, words: &[Word]) -> Result<T, String> {
    of(word).ok_or_else(|| one_of(words))
}

fn or_none<T>(word: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<Option<T>, String> {
    if word == "none" {
        return Ok(None);
    }
    read(word).map(Some).map_err(|what| format!("{what}, none"))
}

fn stretch(compare: Compare, value: Piece<'_>, today: Day) -> Result<Days, Fault> {
    if compare != Compare::Is && value.text.contains("..") {
        return Err(value.fault("only `:` takes days from one to another"));
    }
    days(value.text, Some(today)).map_err(|what| value.fault(what))
}

fn age(compare: Compare, value: Piece<'_>) -> Result<(i64, i64), Fault> {
    let wrong = || value.fault("must be whole days like 28, or days like 21..28");
    let number = |text: &str| text.parse::<u32>().map(i64::from).map_err(|_| wrong());
    match value.text.split_once("..") {
        Some((first, last)) if compare == Compare::Is => {
            let (first, last) = (number(first)?, number(last)?);
            if first <= last { Ok((first, last)) } else { Err(value.fault("must begin before it ends")) }
        }
        _ => number(value.text).map(|days| (days, days)),
    }
}
