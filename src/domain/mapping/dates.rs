//! Dates as other systems write them, by a form that says where day, month and year stand.

use crate::domain::time::Day;

/// The months, as they are written out; their first three letters stand for them too.
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

/// The form of a written date: `%d/%m/%Y`, `%d %b %y`, `%Y-%m-%d %H:%M`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form(Vec<Token>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    /// A number: which part, and how many digits it has at least and at most.
    Number(Part, usize, usize),
    /// The name of the month, whole or its first three letters.
    MonthName,
    Letter(char),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Day,
    Month,
    Year,
    ShortYear,
    Hour,
    Minute,
    Second,
}

/// A day, and the second of that day where the form has a time.
pub type Moment = (Day, Option<u32>);

impl Form {
    /// Reads a form; the problem says what may stand in one.
    pub fn parse(text: &str) -> Result<Form, String> {
        let mut tokens = Vec::new();
        let mut letters = text.trim().chars();
        while let Some(letter) = letters.next() {
            tokens.push(match (letter, if letter == '%' { letters.next() } else { None }) {
                ('%', Some('d')) => Token::Number(Part::Day, 1, 2),
                ('%', Some('m')) => Token::Number(Part::Month, 1, 2),
                ('%', Some('Y')) => Token::Number(Part::Year, 4, 4),
                ('%', Some('y')) => Token::Number(Part::ShortYear, 2, 2),
                ('%', Some('b' | 'B')) => Token::MonthName,
                ('%', Some('H')) => Token::Number(Part::Hour, 1, 2),
                ('%', Some('M')) => Token::Number(Part::Minute, 2, 2),
                ('%', Some('S')) => Token::Number(Part::Second, 2, 2),
                ('%', _) => return Err("may hold %d %m %b %Y %y, and %H %M %S".to_owned()),
                (letter, _) => Token::Letter(letter),
            });
        }
        let form = Form(tokens);
        let has = |part| form.count(|token| matches!(token, Token::Number(of, ..) if of == part));
        let months = has(Part::Month) + form.count(|token| token == Token::MonthName);
        let years = has(Part::Year) + has(Part::ShortYear);
        if (has(Part::Day), months, years) != (1, 1, 1) {
            return Err("must have day, month and year, each once, such as %d/%m/%Y".to_owned());
        }
        if has(Part::Hour) > 1
            || has(Part::Minute) != has(Part::Hour)
            || has(Part::Second) > has(Part::Minute)
        {
            return Err("must have its time as %H:%M or %H:%M:%S".to_owned());
        }
        Ok(form)
    }

    fn count(&self, what: impl Fn(Token) -> bool) -> usize {
        self.0.iter().filter(|token| what(**token)).count()
    }

    /// Whether its years have two digits, so that it takes a pivot.
    pub fn has_short_year(&self) -> bool {
        self.count(|token| matches!(token, Token::Number(Part::ShortYear, ..))) > 0
    }

    /// The moment that `text` writes in this form. Years of two digits up to `pivot` are those of this century.
    pub fn read(&self, text: &str, pivot: u32) -> Option<Moment> {
        let (mut day, mut month, mut year) = (0, 0, 0);
        let mut time = [None; 3];
        let mut rest = text.trim();
        for token in &self.0 {
            match *token {
                Token::Letter(letter) if letter.is_whitespace() => {
                    let trimmed = rest.trim_start();
                    if trimmed.len() == rest.len() {
                        return None;
                    }
                    rest = trimmed;
                }
                Token::Letter(letter) => rest = rest.strip_prefix(letter)?,
                Token::MonthName => {
                    let length = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
                    let name = rest[..length].to_ascii_lowercase();
                    let named = |long: &str| *long == *name || (name.len() == 3 && long.starts_with(&name));
                    let position = MONTHS.iter().position(|long| named(long))?;
                    month = u32::try_from(position).ok()? + 1;
                    rest = &rest[length..];
                }
                Token::Number(part, least, most) => {
                    let digits = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
                    if digits < least {
                        return None;
                    }
                    let number: u32 = rest[..digits].parse().ok()?;
                    rest = &rest[digits..];
                    match part {
                        Part::Day => day = number,
                        Part::Month => month = number,
                        Part::Year => year = number,
                        Part::ShortYear => year = if number <= pivot { 2000 } else { 1900 } + number,
                        Part::Hour => time[0] = Some(number).filter(|hour| *hour < 24),
                        Part::Minute => time[1] = Some(number).filter(|minute| *minute < 60),
                        Part::Second => time[2] = Some(number).filter(|second| *second < 60),
                    }
                }
            }
        }
        let day = Day::new(i32::try_from(year).ok()?, month, day)?;
        let wants_time = self.count(|token| matches!(token, Token::Number(Part::Hour, ..))) > 0;
        let wants_seconds = self.count(|token| matches!(token, Token::Number(Part::Second, ..))) > 0;
        let second = match (wants_time, wants_seconds) {
            (false, _) => None,
            (true, false) => Some(time[0]? * 3600 + time[1]? * 60),
            (true, true) => Some(time[0]? * 3600 + time[1]? * 60 + time[2]?),
        };
        rest.is_empty().then_some((day, second))
    }
}

/// A time of day, `09:15`, as seconds after midnight.
pub fn time_of_day(text: &str) -> Option<u32> {
    let (hour, minute) = text.split_once(':')?;
    let number = |text: &str, below: u32| {
        let fits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u32>().ok().filter(|number| fits && *number < below)
    };
    Some(number(hour, 24)? * 3600 + number(minute, 60)? * 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_by_their_form_and_no_other() {
        for (form, text, wanted) in [
            ("%d/%m/%Y", "02/03/2014", Some("2014-03-02")),
            ("%d/%m/%Y", "2/3/2014", Some("2014-03-02")),
            ("%m/%d/%Y", "02/03/2014", Some("2014-02-03")),
            ("%d/%m/%Y", "02/13/2014", None),
            ("%d/%m/%Y", "31/02/2014", None),
            ("%d/%m/%Y", "02/03/14", None),
            ("%d/%m/%Y", "02/03/2014 10:00", None),
            ("%d/%m/%y", "02/03/14", Some("2014-03-02")),
            ("%d/%m/%y", "02/03/30", Some("2030-03-02")),
            ("%d/%m/%y", "02/03/31", Some("1931-03-02")),
            ("%d %b %Y", "2 Mar 2014", Some("2014-03-02")),
            ("%d %B %Y", "02 march 2014", Some("2014-03-02")),
            ("%d-%b-%y", "02-SEP-14", Some("2014-09-02")),
            ("%d %b %Y", "2 Marc 2014", None),
            ("%Y%m%d", "20140302", Some("2014-03-02")),
            ("%d/%m/%Y", "", None),
            ("%d/%m/%Y", "\u{662}/03/2014", None),
        ] {
            let form = Form::parse(form).unwrap();
            let read = form.read(text, 30).map(|(day, _)| day.to_string());
            assert_eq!(read.as_deref(), wanted, "{form:?} {text}");
        }
    }

    #[test]
    fn times_are_read_with_their_date() {
        let form = Form::parse("%d/%m/%Y %H:%M").unwrap();
        let second = |text| form.read(text, 0).map(|(_, second)| second);
        assert_eq!(second("02/03/2014 09:15"), Some(Some(33_300)));
        assert_eq!((second("02/03/2014 24:00"), second("02/03/2014")), (None, None));
        assert_eq!(
            (time_of_day("09:15"), time_of_day("9:15"), time_of_day("09:60")),
            (Some(33_300), None, None)
        );
    }

    #[test]
    fn a_form_has_day_month_and_year_once() {
        for form in ["%d/%m", "%d/%m/%Y %Y", "%d/%b/%m/%Y", "%q", "%", "", "%d/%m/%Y %H", "%d/%m/%Y %M"] {
            assert!(Form::parse(form).is_err(), "{form}");
        }
        assert!(Form::parse("%d.%m.%y").unwrap().has_short_year());
    }
}
