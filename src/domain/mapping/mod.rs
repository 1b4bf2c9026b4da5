//! How the columns of another system's table become keys of a case: the mapping file, and what it makes of a row.
//!
//! Nothing is lost silently: every column is mapped or named as ignored, and every cell that cannot be understood is a
//! problem with its column.

mod cell;
mod dates;
mod keys;
mod row;
mod suggest;
mod telephone;

use crate::domain::importing::Importing;
use crate::domain::node::{Node, Path, Step};
use crate::domain::record::{Field, Part, Problem, Shape, one_of};
use crate::domain::scalars::{Line, Table};
use crate::{choice, record};

pub use cell::{Cell, folded};
pub use keys::Several;
pub use row::{Answers, Reading, Trouble};
pub use suggest::suggest;

/// Columns whose heading begins so are notes of this program beside rejected rows; they are no part of a case.
pub const OWN: &str = "csods:";

choice! {
    /// The kinds of file that can be imported.
    pub enum FileKind {
        Csv = "csv" => "Text with delimiters",
        Xlsx = "xlsx" => "A spreadsheet",
        Json = "json" => "JSON: a list of objects, or an object a line",
    }
}

choice! {
    /// How the letters of a text file are written.
    pub enum Encoding {
        Utf8 = "utf-8" => "UTF-8, with or without a byte-order mark",
        Windows = "windows-1252" => "Windows-1252, as older office programs write it",
    }
}

choice! {
    /// In which order a whole name stands in one cell; a comma always follows the family name.
    pub enum NameOrder {
        GivenFirst = "given_family" => "Alex Example",
        FamilyFirst = "family_given" => "Example Alex",
    }
}

record! {
    /// How the file is read.
    pub struct FileForm {
        /// Its kind; told by its content where left out
        pub kind: Option<FileKind>,
        /// Its letters; UTF-8 where left out
        pub encoding: Option<Encoding>,
        /// What stands between cells: `,`, `;` or a tab; found out where left out
        pub delimiter: Option<Node>,
        /// Which sheet of a spreadsheet; the first where left out
        pub sheet: Option<Line>,
        /// In which row the headings stand; 1 where left out
        pub heading_row: Option<u32>,
    }
}

record! {
    /// What becomes of a column.
    pub struct Column {
        /// The key of the case that it fills, or several
        pub to: Several,
        /// What the words of the column mean
        pub values: Table<Node>,
        /// What every word means that `values` does not name
        pub other: Option<Node>,
        /// What an empty cell means
        pub empty: Option<Node>,
        /// How its dates are written, such as %d/%m/%Y; several are tried in their order
        pub date: Option<Several>,
        /// The last year of two digits that belongs to this century
        pub pivot: Option<u32>,
        /// The time of day, such as 09:00, where a date comes without one
        pub time: Option<Line>,
        /// The order of a whole name
        pub name: Option<NameOrder>,
    }
}

record! {
    /// A mapping file.
    pub struct Mapping {
        /// The form of this file
        pub format: u32,
        /// Headings of columns that are left out on purpose
        pub ignored: Vec<Line>,
        /// How the file is read
        pub file: Option<FileForm>,
        /// What every case has, unless a column says otherwise
        pub constants: Table<Node>,
        /// What becomes of each column, by its heading
        pub columns: Table<Column>,
    }
}

impl Mapping {
    /// Everything that is wrong with it beyond its form.
    pub fn check(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.format != 1 {
            problems.push(Problem::invalid("format", "must be 1"));
        }
        if let Some(form) = &self.file {
            if form.heading_row == Some(0) {
                problems.push(Problem::invalid("file.heading_row", "must be 1 or more"));
            }
            if form.delimiter.is_some() && self.delimiter().is_none() {
                problems.push(Problem::invalid("file.delimiter", "must be one of \",\", \";\" and a tab"));
            }
        }
        for (key, _) in self.constants.iter() {
            let place = Path::root().key("constants").key(key);
            match target(key) {
                Err(what) => problems.push(Problem::invalid(place, what)),
                Ok((_, Shape::Record(_))) => {
                    problems.push(Problem::invalid(place, "is not one value; name the keys below it"));
                }
                Ok(_) => {}
            }
        }
        let mut filled: Vec<&str> = Vec::new();
        for (heading, column) in self.columns.iter() {
            let place = Path::root().key("columns").key(heading);
            if self.ignored.iter().any(|ignored| ignored.as_str() == heading) {
                problems.push(Problem::invalid(place.clone(), "is both mapped and ignored"));
            }
            problems.extend(column.check(&place));
            for key in column.to.iter() {
                let joined = target(key).is_ok_and(|(path, shape)| joint(&path, shape).is_some());
                if filled.contains(&key) && !joined {
                    let what = "names a key that another column fills";
                    problems.push(Problem::invalid(place.key("to"), what));
                }
                filled.push(key);
            }
        }
        problems
    }

    /// What stands between cells, where the mapping says so.
    pub fn delimiter(&self) -> Option<u8> {
        match self.file.as_ref()?.delimiter.as_ref()?.as_text()? {
            "," => Some(b','),
            ";" => Some(b';'),
            "\t" | "tab" => Some(b'\t'),
            _ => None,
        }
    }

    /// What stands in the way of reading a table with these headings: columns that are neither mapped nor ignored, and
    /// mapped columns that are not there (which a table of `sparse` rows may do without).
    pub fn fits(&self, headings: &[String], sparse: bool) -> Vec<Problem> {
        let column = |heading: &str| Path(vec![Step::Key(heading.to_owned())]);
        let ignored = |heading: &str| self.ignored.iter().any(|ignored| ignored.as_str() == heading);
        let unknown = headings.iter().filter(|heading| {
            self.columns.get(heading).is_none() && !ignored(heading) && !heading.starts_with(OWN)
        });
        let mut problems: Vec<Problem> = unknown
            .map(|heading| Problem::invalid(column(heading), "is neither mapped nor ignored by the mapping"))
            .collect();
        let there = |heading: &str| headings.iter().any(|other| other == heading);
        if !sparse {
            let gone = self.columns.iter().filter(|(heading, _)| !there(heading));
            problems.extend(gone.map(|(heading, _)| {
                Problem::invalid(column(heading), "is mapped, but the file has no such column")
            }));
        }
        problems
    }
}

impl Column {
    fn check(&self, place: &Path) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut wrong = |key: &str, what: &str| problems.push(Problem::invalid(place.key(key), what));
        if self.to.iter().next().is_none() {
            wrong("to", "must name a key of the case");
        }
        for key in self.to.iter() {
            let shape = match target(key) {
                Ok((_, shape)) => shape,
                Err(what) => {
                    wrong("to", &what);
                    continue;
                }
            };
            let is_date = matches!(shape, Shape::Day | Shape::Instant);
            if self.date.is_some() && !is_date {
                wrong("date", "belongs only to a key that is a day or a moment");
            }
            if self.time.is_some() && shape != Shape::Instant {
                wrong("time", "belongs only to a key that is a moment");
            }
            if self.name.is_some() && !matches!(shape, Shape::Record(_)) {
                wrong("name", "belongs only to a whole name, such as applicant.name");
            }
            if let Shape::Choice(words) = shape {
                let unknown = |node: &&Node| {
                    let text = node.as_text().unwrap_or("?");
                    !text.trim().is_empty() && words.iter().all(|word| word.word != text)
                };
                let values = self.values.iter().map(|(_, value)| value);
                if values.chain(&self.other).chain(&self.empty).any(|node| unknown(&node)) {
                    wrong("values", &one_of(words));
                }
            }
        }
        let mut short = false;
        for form in self.date.iter().flat_map(Several::iter) {
            match dates::Form::parse(form) {
                Ok(form) => short |= form.has_short_year(),
                Err(what) => wrong("date", &what),
            }
        }
        match self.pivot {
            None if short => {
                wrong("pivot", "is missing: the last year of two digits that is of this century");
            }
            Some(_) if !short => wrong("pivot", "belongs only to years of two digits"),
            Some(pivot) if pivot > 99 => wrong("pivot", "must be a year of two digits"),
            _ => {}
        }
        if self.time.as_ref().is_some_and(|time| dates::time_of_day(time.as_str()).is_none()) {
            wrong("time", "must be a time of day like 09:00");
        }
        if self.other.is_some() && self.values.0.is_empty() {
            wrong("other", "belongs only where `values` stands");
        }
        problems
    }
}

/// What stands between the texts of several columns for one key, where it can take several: long text and addresses.
fn joint(path: &Path, shape: Shape) -> Option<&'static str> {
    let key = |step: &Step| matches!(step, Step::Key(key) if key == "address" || key == "addresses");
    match shape {
        Shape::Prose => Some("\n\n"),
        Shape::Line if path.0.iter().any(key) => Some(", "),
        _ => None,
    }
}

/// The place and the shape that a key names: one value of a case, or a whole name.
fn target(key: &str) -> Result<(Path, Shape), String> {
    let path = Path::parse(key)?;
    let mut shape = Importing::SHAPE;
    for step in &path.0 {
        let field = match (shape, step) {
            (Shape::Record(fields), Step::Key(name)) => {
                fields.iter().find(|field: &&Field| field.key == name)
            }
            (Shape::List(item), Step::Index(_)) => {
                shape = *item;
                continue;
            }
            (Shape::List(_), Step::Key(_)) => {
                return Err("must give the position in a list, from 0".to_owned());
            }
            _ => None,
        };
        let Some(field) = field else {
            return Err("is no key of a case; `csods import --help` lists them".to_owned());
        };
        if field.made {
            return Err("is filled in by the import itself".to_owned());
        }
        shape = field.shape;
    }
    let name = |fields: &[Field]| fields.iter().all(|field| ["family", "given"].contains(&field.key));
    match shape {
        _ if path.0.is_empty() => Err("must name a key of the case".to_owned()),
        Shape::List(_) => Err("is a list: give the position in it, from 0".to_owned()),
        Shape::Record(fields) if !name(fields) => Err("is not one value; name a key below it".to_owned()),
        shape => Ok((path, shape)),
    }
}

#[cfg(test)]
mod tests;
