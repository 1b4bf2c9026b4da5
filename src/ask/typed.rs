//! From what a person types to a value: days and times as people write them, everything else by the readers that read
//! files, so that a prompt takes what a file takes.

use crate::domain::invisible;
use crate::domain::node::Node;
use crate::domain::record::{self, Part, Problem, Reader, Shape};
use crate::domain::reference::Reference;
use crate::domain::scalars::{ItemId, Line, PersonId, Prose};
use crate::domain::time::{Day, Instant, Zone};

/// What is typed for a value of this shape, said under its question.
pub fn how(shape: Shape) -> &'static str {
    match shape {
        Shape::Day => "a day, like 2026-03-02, 2/3/2026 or 2 March 2026",
        Shape::Instant => "a day and a local time, like 2026-03-02 09:15",
        Shape::Count => "a whole number",
        Shape::Person => "a person's id",
        Shape::Item => "an id of four letters and digits",
        Shape::Reference => "a reference, like KP-26-7K3QF4",
        _ => "",
    }
}

/// The value that `text` stands for, or what is wrong with it.
pub fn value(shape: Shape, text: &str, private: bool, zone: Zone) -> Result<Node, String> {
    let text = invisible::dropped(text);
    let trimmed = text.trim();
    let written = || Node::Text { text: trimmed.to_owned(), private };
    match shape {
        Shape::Day => day(trimmed).map(|day| Node::Stamp(day.to_string())),
        Shape::Instant => instant(trimmed, zone).map(|at| Node::Stamp(at.to_string())),
        Shape::Count => match trimmed.parse() {
            Ok(count) => checked::<u32>(Node::Number(count)),
            Err(_) => Err("must be a whole number".to_owned()),
        },
        Shape::Prose => checked::<Prose>(Node::Text { text: text.trim_end().to_owned(), private }),
        Shape::Person => checked::<PersonId>(written()),
        Shape::Item => checked::<ItemId>(written()),
        Shape::Reference => checked::<Reference>(Node::text(trimmed.to_uppercase())),
        Shape::Choice(words) => match words.iter().any(|word| word.word == trimmed) {
            true => Ok(written()),
            false => Err(record::one_of(words)),
        },
        Shape::YesNo => match trimmed.to_lowercase().as_str() {
            "y" | "yes" => Ok(Node::Bool(true)),
            "n" | "no" => Ok(Node::Bool(false)),
            _ => Err("must be yes or no".to_owned()),
        },
        _ => checked::<Line>(written()),
    }
}

/// Passes on what the reader of files would take.
fn checked<T: Part>(node: Node) -> Result<Node, String> {
    match record::read::<T>(&node, Reader::strict()) {
        Ok(_) => Ok(node),
        Err(problems) => Err(problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("; ")),
    }
}

/// A stored value as a person would have typed it, to be changed.
pub fn text(node: &Node, shape: Shape, zone: Zone) -> String {
    match node {
        Node::Text { text, .. } | Node::Stamp(text) => match (shape, text.parse::<Instant>()) {
            (Shape::Instant, Ok(at)) => zone.short(at),
            _ => text.clone(),
        },
        Node::Number(number) => number.to_string(),
        Node::Bool(true) => "yes".to_owned(),
        Node::Bool(false) => "no".to_owned(),
        _ => String::new(),
    }
}

/// A day as people in this country write it; the day stands before the month, the year in full.
pub fn day(text: &str) -> Result<Day, String> {
    if let Ok(day) = text.parse() {
        return Ok(day);
    }
    let parts: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || "/.-,".contains(c))
        .filter(|part| !part.is_empty())
        .collect();
    let parts: &[&str] = match parts.as_slice() {
        // A day of the week in front says nothing that the date does not.
        [name, rest @ ..] if rest.len() == 3 && name.chars().all(char::is_alphabetic) => rest,
        all => all,
    };
    let wrong = || format!("must be {}", how(Shape::Day));
    let &[first, second, third] = parts else { return Err(wrong()) };
    let (day, month, year) = if first.len() == 4 { (third, second, first) } else { (first, second, third) };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if digits(year) && year.len() == 2 {
        return Err("must have the year in full, like 2026".to_owned());
    }
    let day = ["st", "nd", "rd", "th"].iter().find_map(|ending| day.strip_suffix(ending)).unwrap_or(day);
    if !digits(day) || !digits(year) || year.len() != 4 {
        return Err(wrong());
    }
    let month = if digits(month) { month.parse().ok() } else { month_named(month) };
    let (Some(month), Ok(day), Ok(year)) = (month, day.parse(), year.parse()) else { return Err(wrong()) };
    Day::new(year, month, day).ok_or_else(|| "is no day of the calendar".to_owned())
}

fn month_named(name: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let name = name.to_lowercase();
    let named = |month: &&str| name.len() >= 3 && month.starts_with(&name);
    (1..)
        .zip(MONTHS)
        .find(|(_, month)| named(month) || (name == "sept" && *month == "september"))
        .map(|(n, _)| n)
}

/// An instant: a day and a local time of day in the store's zone (C1), or the stored form in UTC.
pub fn instant(text: &str, zone: Zone) -> Result<Instant, String> {
    if let Ok(at) = text.parse() {
        return Ok(at);
    }
    let wrong = || format!("must be {}", how(Shape::Instant));
    let (date, time) = text.rsplit_once(|c: char| c.is_whitespace() || c == 'T').ok_or_else(wrong)?;
    let date = date.trim_end_matches(|c: char| c == ',' || c.is_whitespace());
    let date = date.strip_suffix(" at").unwrap_or(date);
    let (hours, minutes) = time.split_once([':', '.']).ok_or_else(wrong)?;
    let number = |text: &str, length: std::ops::RangeInclusive<usize>, below: u32| {
        let digits = length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u32>().ok().filter(|number| digits && *number < below)
    };
    let hours = number(hours, 1..=2, 24).ok_or_else(wrong)?;
    let minutes = number(minutes, 2..=2, 60).ok_or_else(wrong)?;
    let day = day(date.trim())?;
    let at = zone.at(day, hours * 3600 + minutes * 60);
    if zone.short(at) != format!("{day} {hours:02}:{minutes:02}") {
        return Err("is no time of that day: the clocks go forward over it".to_owned());
    }
    Ok(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_as_people_write_them() {
        for typed in [
            "2026-03-02",
            "2/3/2026",
            "02/03/2026",
            "2.3.2026",
            "2-3-2026",
            "2 March 2026",
            "2 mar 2026",
            "2nd March 2026",
            "Mon 2 March 2026",
            "Monday, 2 March, 2026",
            "2026/03/02",
            "2026-3-2",
        ] {
            assert_eq!(day(typed).map(|day| day.to_string()).as_deref(), Ok("2026-03-02"), "{typed}");
        }
        assert_eq!(day("1 sept 2026").unwrap().to_string(), "2026-09-01");
        assert_eq!(day("29/2/2024").unwrap().to_string(), "2024-02-29");
        for (typed, what) in [
            ("2/3/26", "must have the year in full, like 2026"),
            ("29/2/2026", "is no day of the calendar"),
            ("3/22/2026", "is no day of the calendar"),
            ("31 June 2026", "is no day of the calendar"),
            ("0/1/2026", "is no day of the calendar"),
        ] {
            assert_eq!(day(typed), Err(what.to_owned()), "{typed}");
        }
        for typed in ["", "tomorrow", "2", "2 ma 2026", "2 March", "+2/3/2026", "2/3/20266", "2 3 2026 09:15"]
        {
            assert!(day(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn instants_are_local_or_utc() {
        for (typed, stored) in [
            ("2026-03-02 09:15", "2026-03-02T09:15:00Z"),
            ("2026-03-02T09:15:00Z", "2026-03-02T09:15:00Z"),
            ("2026-03-02T09:15", "2026-03-02T09:15:00Z"),
            ("2/3/2026 9:15", "2026-03-02T09:15:00Z"),
            ("2 March 2026, 9.15", "2026-03-02T09:15:00Z"),
            ("2 March 2026 at 09:15", "2026-03-02T09:15:00Z"),
            ("2026-07-01 00:30", "2026-06-30T23:30:00Z"),
            // The clocks go back: the later of the two.
            ("2026-10-25 01:30", "2026-10-25T01:30:00Z"),
        ] {
            let at = instant(typed, Zone::LONDON).map(|at| at.to_string());
            assert_eq!(at.as_deref(), Ok(stored), "{typed}");
        }
        let gap = Err("is no time of that day: the clocks go forward over it".to_owned());
        assert_eq!(instant("2026-03-29 01:30", Zone::LONDON), gap);
        for typed in
            ["", "09:15", "2026-03-02", "2026-03-02 24:00", "2026-03-02 9:60", "2026-03-02 9:5", "x 09:15"]
        {
            assert!(instant(typed, Zone::LONDON).is_err(), "{typed}");
        }
    }

    #[test]
    fn what_a_file_refuses_a_prompt_refuses() {
        let read = |shape, text| value(shape, text, true, Zone::LONDON);
        assert_eq!(read(Shape::Line, "   "), Err("must not be blank".to_owned()));
        assert_eq!(read(Shape::Line, " Alex "), Ok(Node::Text { text: "Alex".into(), private: true }));
        assert_eq!(read(Shape::Count, "-1"), Err("must be a whole number".to_owned()));
        assert_eq!(read(Shape::Count, "12"), Ok(Node::Number(12)));
        assert_eq!(read(Shape::YesNo, "Yes"), Ok(Node::Bool(true)));
        assert_eq!(read(Shape::YesNo, "perhaps"), Err("must be yes or no".to_owned()));
        assert_eq!(
            read(Shape::Prose, "one\ntwo\n"),
            Ok(Node::Text { text: "one\ntwo".into(), private: true })
        );
        assert!(read(Shape::Reference, "KP-26-7K3QF5").is_err());
    }

    #[test]
    fn a_stored_instant_is_offered_as_it_is_typed() {
        let stored = Node::Stamp("2026-07-01T08:15:00Z".into());
        let typed = text(&stored, Shape::Instant, Zone::LONDON);
        assert_eq!(typed, "2026-07-01 09:15");
        assert_eq!(value(Shape::Instant, &typed, false, Zone::LONDON), Ok(stored));
    }
}
