//! One cell of a table, and what it says as a value of a case.

use std::fmt;

use super::dates::{self, Form};
use super::{Column, NameOrder, telephone};
use crate::domain::node::{Node, Path, Step};
use crate::domain::record::{Shape, Word};
use crate::domain::time::{Day, Instant, Zone};

/// One cell of a table of another system.
#[derive(Clone, PartialEq)]
pub enum Cell {
    /// Nothing, or only blanks.
    Empty,
    /// Text, as it stands.
    Text(String),
    /// A number.
    Number(f64),
    /// True or false.
    Truth(bool),
    /// A day and the second of it, of a spreadsheet's own date.
    Moment(Day, u32),
    /// What cannot be a value: says why.
    Unusable(&'static str),
}

/// Cells are not shown: they hold personal facts.
impl fmt::Debug for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Cell::Empty { "(empty)" } else { "(private)" })
    }
}

impl Cell {
    /// Text as a cell.
    pub fn of(text: &str) -> Cell {
        if text.trim().is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
    }

    /// How many bytes of text stand in it, about.
    pub fn length(&self) -> usize {
        match self {
            Cell::Text(text) => text.len(),
            _ => 8,
        }
    }

    /// What stands in it, as text; whole numbers without a fraction, dates in the form of the case file.
    pub fn text(&self) -> String {
        match self {
            Cell::Empty | Cell::Unusable(_) => String::new(),
            Cell::Text(text) => text.clone(),
            Cell::Number(number) => number.to_string(),
            Cell::Truth(truth) => truth.to_string(),
            Cell::Moment(day, 0) => day.to_string(),
            Cell::Moment(day, second) => {
                format!("{day} {:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
            }
        }
    }
}

/// Two texts are one word where only capitals and blanks around them differ.
pub fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// How the cells of a column are understood.
pub(super) struct Sense<'m> {
    pub(super) column: &'m Column,
    pub(super) forms: Vec<Form>,
    pub(super) zone: Zone,
}

impl Sense<'_> {
    /// What a cell says where a value of `shape` stands at `path`; `None` where it says nothing. The problem never names
    /// the value.
    pub(super) fn value(&self, cell: &Cell, shape: Shape, path: &Path) -> Result<Option<Node>, String> {
        if let Cell::Unusable(why) = cell {
            return Err((*why).to_owned());
        }
        let text = cell.text();
        if text.trim().is_empty() {
            return Ok(said(self.column.empty.as_ref()));
        }
        if !self.column.values.0.is_empty() {
            let word = folded(&text);
            if let Some((_, value)) = self.column.values.iter().find(|(from, _)| folded(from) == word) {
                return Ok(said(Some(value)));
            }
            if let Some(other) = &self.column.other {
                return Ok(said(Some(other)));
            }
            if let Shape::Choice(words) = shape
                && let Some(word) = choice(&text, words)
            {
                return Ok(Some(word));
            }
            return Err("is none of the values that the mapping names".to_owned());
        }
        if path.0.last() == Some(&Step::Key("phone".to_owned())) {
            return telephone::number(&text).map(|number| Some(private(&number)));
        }
        self.plain(cell, &text, shape).map(Some)
    }

    fn plain(&self, cell: &Cell, text: &str, shape: Shape) -> Result<Node, String> {
        match shape {
            Shape::Day => self.moment(cell, text).map(|(day, _)| Node::Stamp(day.to_string())),
            Shape::Instant => {
                if let Ok(at) = text.trim().parse::<Instant>() {
                    return Ok(Node::Stamp(at.to_string()));
                }
                let (day, second) = self.moment(cell, text)?;
                let otherwise = self.column.time.as_ref().and_then(|time| dates::time_of_day(time.as_str()));
                let at = self.zone.at(day, second.or(otherwise).unwrap_or(0));
                Ok(Node::Stamp(at.to_string()))
            }
            Shape::YesNo => match (cell, folded(text).as_str()) {
                (Cell::Truth(truth), _) => Ok(Node::Bool(*truth)),
                (_, "true" | "yes" | "y") => Ok(Node::Bool(true)),
                (_, "false" | "no" | "n") => Ok(Node::Bool(false)),
                _ => Err("must be yes or no; `values` in the mapping says what other words mean".to_owned()),
            },
            Shape::Choice(words) => choice(text, words).ok_or_else(|| {
                format!("{}; `values` in the mapping says what other words mean", super::one_of(words))
            }),
            Shape::Count => match text.trim().parse() {
                Ok(number) => Ok(Node::Number(number)),
                Err(_) => Err("must be a whole number".to_owned()),
            },
            Shape::Record(_) => Ok(name(text, self.column.name.unwrap_or(NameOrder::GivenFirst))),
            Shape::Prose => Ok(private(text.trim())),
            // What stood on several lines of a cell, such as an address, becomes one line.
            _ => {
                let lines = text.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']);
                let lines = lines.map(|line| line.trim().trim_end_matches(','));
                let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
                Ok(private(&lines.join(", ")))
            }
        }
    }

    /// The day, and the second of it where one is known.
    fn moment(&self, cell: &Cell, text: &str) -> Result<dates::Moment, String> {
        if let Cell::Moment(day, second) = cell {
            return Ok((*day, Some(*second).filter(|second| *second > 0)));
        }
        let pivot = self.column.pivot.unwrap_or(0);
        let own = self.forms.iter().find_map(|form| form.read(text, pivot));
        own.or_else(|| iso(text)).ok_or_else(|| match self.forms.len() {
            0 => {
                "must be a day like 2026-03-02; `date` in the mapping says how else it is written".to_owned()
            }
            _ => "is not written as `date` in the mapping says, or there is no such day".to_owned(),
        })
    }
}

/// A day in the form of the case file, with or without a time after it: there is no other way to read it.
pub(super) fn iso(text: &str) -> Option<dates::Moment> {
    let text = text.trim().trim_end_matches(".000");
    let (day, time) = text.split_at_checked(10)?;
    let day: Day = day.parse().ok()?;
    let time = time.strip_prefix(['T', ' ']).unwrap_or(time);
    match (time.len(), time.get(..5).and_then(dates::time_of_day)) {
        (0, _) => Some((day, None)),
        (5, Some(second)) => Some((day, Some(second))),
        (8, Some(minute)) => {
            let seconds = time[5..].strip_prefix(':')?.parse::<u32>().ok().filter(|second| *second < 60)?;
            Some((day, Some(minute + seconds)))
        }
        _ => None,
    }
}

/// A value of the mapping; a blank word says nothing.
fn said(value: Option<&Node>) -> Option<Node> {
    value.filter(|value| value.as_text().is_none_or(|text| !text.trim().is_empty())).cloned()
}

fn choice(text: &str, words: &[Word]) -> Option<Node> {
    let typed = folded(text);
    let fits = |word: &&Word| word.word == typed.replace([' ', '-'], "_") || folded(word.meaning) == typed;
    words.iter().find(fits).map(|word| Node::text(word.word))
}

fn private(text: &str) -> Node {
    Node::Text { text: text.to_owned(), private: true }
}

/// Titles are no part of a name.
const TITLES: [&str; 9] = ["mr", "mrs", "ms", "miss", "mx", "dr", "rev", "prof", "master"];
/// Words with which a family name of several words begins.
const PARTICLES: [&str; 18] = [
    "van", "von", "de", "der", "den", "del", "della", "di", "da", "dos", "du", "la", "le", "el", "al", "bin",
    "bint", "ter",
];

/// A whole name in one cell, taken apart. A comma always parts the family name from the given ones.
fn name(text: &str, order: NameOrder) -> Node {
    let word = |word: &&str| !TITLES.contains(&word.trim_end_matches('.').to_lowercase().as_str());
    let (family, given) = if let Some((family, given)) = text.split_once(',') {
        let words = |text: &str| text.split_whitespace().filter(word).collect::<Vec<_>>().join(" ");
        (words(family), words(given))
    } else {
        let words: Vec<&str> = text.split_whitespace().filter(word).collect();
        let particle = |word: &&str| PARTICLES.contains(&word.to_lowercase().as_str());
        let (family, given) = match order {
            NameOrder::GivenFirst => {
                let before = &words[..words.len().saturating_sub(1)];
                let particles = before.iter().rev().take_while(|word| particle(word)).count();
                // A name is not all family name where it begins like one.
                let start = before.len() - if particles == before.len() { 0 } else { particles };
                (&words[start..], &words[..start])
            }
            NameOrder::FamilyFirst => {
                let particles = words.iter().take_while(|word| particle(word)).count();
                let end = (particles + 1).min(words.len());
                (&words[..end], &words[end..])
            }
        };
        (family.join(" "), given.join(" "))
    };
    let parts = [("family", family), ("given", given)].into_iter().filter(|(_, part)| !part.is_empty());
    Node::Map(parts.map(|(key, part)| (key.to_owned(), private(&part))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str, order: NameOrder) -> (String, String) {
        let name = name(text, order);
        let part = |key| name.get(key).and_then(Node::as_text).unwrap_or("").to_owned();
        (part("family"), part("given"))
    }

    #[test]
    fn whole_names_are_taken_apart() {
        for (text, family, given) in [
            ("Alex Example", "Example", "Alex"),
            ("Mr. Alex  John Example", "Example", "Alex John"),
            ("Example, Alex", "Example", "Alex"),
            ("Example, Dr Alex", "Example", "Alex"),
            ("Sam van der Sample", "van der Sample", "Sam"),
            ("Van Sample", "Sample", "Van"),
            ("Example", "Example", ""),
        ] {
            assert_eq!(parts(text, NameOrder::GivenFirst), (family.to_owned(), given.to_owned()), "{text}");
        }
        assert_eq!(
            parts("de Sample Sam Robin", NameOrder::FamilyFirst),
            ("de Sample".into(), "Sam Robin".into())
        );
        assert_eq!(parts("Mrs", NameOrder::GivenFirst), (String::new(), String::new()));
    }

    #[test]
    fn days_of_the_case_file_are_always_read() {
        let second = |text: &str| iso(text).map(|(day, second)| (day.to_string(), second));
        assert_eq!(second("2014-03-02"), Some(("2014-03-02".into(), None)));
        assert_eq!(second("2014-03-02 09:15"), Some(("2014-03-02".into(), Some(33_300))));
        assert_eq!(second("2014-03-02T09:15:01.000"), Some(("2014-03-02".into(), Some(33_301))));
        for text in ["2014-3-2", "2014-03-02 9:15", "2014-03-02x", "2014-03-02T09:15:61", "é"] {
            assert_eq!(iso(text), None, "{text}");
        }
    }

    #[test]
    fn cells_do_not_show_themselves() {
        assert_eq!(format!("{:?}", Cell::Text("Placeholder".into())), "(private)");
        assert_eq!((Cell::Number(7.0).text(), Cell::Number(0.5).text()), ("7".into(), "0.5".into()));
    }
}
