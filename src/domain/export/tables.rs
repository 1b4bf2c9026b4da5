//! An exported case as rows of tables: one table of cases with every single value, and one for each list in a case. The
//! tables follow from the shape of [`Exported`].
//!
//! What a return to an earlier stage set aside is in no table: it would stand beside what replaced it and be counted
//! twice. It is in the JSON.

use super::Exported;
use crate::domain::node::Node;
use crate::domain::record::{Field, Shape};
use crate::domain::time::{Day, Instant};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A whole number.
    Count,
    /// True or false.
    YesNo,
    /// A day.
    Day,
    /// An instant.
    Instant,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// What it means.
    pub about: String,
    /// The words it can be, where they are fixed.
    pub words: Vec<&'static str>,
    from: From,
}

/// Where the value of a column comes from.
#[derive(Debug, Clone, PartialEq)]
enum From {
    /// The value under these keys.
    Keys(Vec<&'static str>),
    /// How many items stand under these keys.
    Length(Vec<&'static str>),
    /// The reference of the case.
    Case,
    /// The position of the item in its list, from 1.
    Position,
    /// A value of the clock of this name.
    Clock(&'static str, &'static str),
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// What a row is.
    pub about: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// The keys of the list whose items are its rows; none for the table of cases.
    list: Option<Vec<&'static str>>,
}

/// A value in a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Not known.
    Nothing,
    /// Text.
    Text(String),
    /// A whole number.
    Count(i64),
    /// True or false.
    YesNo(bool),
    /// A day.
    Day(Day),
    /// An instant.
    Instant(Instant),
}

/// The name of the first table.
pub const CASES: &str = "cases";

/// Every table, that of the cases first.
pub fn tables() -> Vec<Table> {
    let mut cases =
        Table { name: CASES.to_owned(), about: "The cases".to_owned(), columns: Vec::new(), list: None };
    let mut lists = Vec::new();
    flatten(Exported::FIELDS, &[], &mut cases.columns, &mut lists);
    let tables: Vec<Table> = lists.into_iter().map(list_table).collect();
    for table in tables.iter().filter(|table| table.name != "clocks") {
        let keys = table.list.clone().unwrap_or_default();
        let about = format!("How many rows of {} there are", table.name);
        cases.columns.push(Column {
            name: format!("{}_count", table.name),
            kind: Kind::Count,
            about,
            words: Vec::new(),
            from: From::Length(keys),
        });
    }
    for clock in super::ClockName::ALL {
        for field in super::ExportedClock::FIELDS.iter().filter(|field| field.key != "name") {
            let mut column = column(field, &[], From::Clock(clock.word(), field.key));
            column.name = format!("{}_clock_{}", clock.word(), field.key);
            column.about = format!("The clock of the {}: {}", clock.meaning(), column.about.to_lowercase());
            cases.columns.push(column);
        }
    }
    [vec![cases], tables].concat()
}

/// A list of records on the way: its keys, what it is, and the fields of an item.
type List = (Vec<&'static str>, &'static Field, &'static [Field]);

/// The single values of a record and of the records in it as columns; its lists of records are put aside.
fn flatten(
    fields: &'static [Field],
    above: &[&'static str],
    columns: &mut Vec<Column>,
    lists: &mut Vec<List>,
) {
    for field in fields.iter().filter(|field| field.key != "set_aside") {
        let keys = [above, &[field.key]].concat();
        match field.shape {
            Shape::Record(below) => flatten(below, &keys, columns, lists),
            Shape::List(Shape::Record(item)) => lists.push((keys, field, item)),
            _ => columns.push(column(field, above, From::Keys(keys))),
        }
    }
}

fn list_table((keys, field, item): List) -> Table {
    let own = |name: &str, kind, about: &str, from| Column {
        name: name.to_owned(),
        kind,
        about: about.to_owned(),
        words: Vec::new(),
        from,
    };
    let mut columns = vec![
        own("case_reference", Kind::Text, "Of which case: cases.reference", From::Case),
        own("position", Kind::Count, "Its place in the list, from 1", From::Position),
    ];
    // No item of a list holds a list of records itself, but for what was set aside.
    flatten(item, &[], &mut columns, &mut Vec::new());
    Table { name: name(&keys), about: field.question().to_owned(), columns, list: Some(keys) }
}

fn column(field: &'static Field, above: &[&'static str], from: From) -> Column {
    let kind = match field.shape {
        Shape::Count => Kind::Count,
        Shape::YesNo => Kind::YesNo,
        Shape::Day => Kind::Day,
        Shape::Instant => Kind::Instant,
        _ => Kind::Text,
    };
    let words = match field.shape {
        Shape::Choice(words) => words.iter().map(|word| word.word).collect(),
        _ => Vec::new(),
    };
    Column {
        name: name(&[above, &[field.key]].concat()),
        kind,
        about: field.question().to_owned(),
        words,
        from,
    }
}

/// `decision_outcome`; what is of the case itself has no word in front.
fn name(keys: &[&str]) -> String {
    let keys = if keys.len() > 1 { keys.strip_prefix(&["case"]).unwrap_or(keys) } else { keys };
    keys.join("_")
}

impl Table {
    /// The rows that an exported case has in this table.
    pub fn rows(&self, exported: &Node) -> Vec<Vec<Cell>> {
        match &self.list {
            None => vec![self.row(exported, exported, 0)],
            Some(keys) => match below(exported, keys) {
                Some(Node::List(items)) => {
                    items.iter().enumerate().map(|(index, item)| self.row(exported, item, index)).collect()
                }
                _ => Vec::new(),
            },
        }
    }

    fn row(&self, exported: &Node, item: &Node, index: usize) -> Vec<Cell> {
        let cell = |column: &Column| match &column.from {
            From::Keys(keys) => below(item, keys).map_or(Cell::Nothing, |value| cell(value, column.kind)),
            From::Length(keys) => match below(exported, keys) {
                Some(Node::List(items)) => Cell::Count(i64::try_from(items.len()).unwrap_or(i64::MAX)),
                _ => Cell::Count(0),
            },
            From::Case => {
                below(exported, &["case", "reference"]).map_or(Cell::Nothing, |value| cell(value, Kind::Text))
            }
            From::Position => Cell::Count(i64::try_from(index + 1).unwrap_or(i64::MAX)),
            From::Clock(name, key) => {
                let Some(Node::List(clocks)) = exported.get("clocks") else { return Cell::Nothing };
                let is = |clock: &&Node| clock.get("name").and_then(Node::as_text) == Some(name);
                let value = clocks.iter().find(is).and_then(|clock| clock.get(key));
                value.map_or(Cell::Nothing, |value| cell(value, column.kind))
            }
        };
        self.columns.iter().map(cell).collect()
    }
}

fn below<'n>(node: &'n Node, keys: &[&str]) -> Option<&'n Node> {
    keys.iter().try_fold(node, |node, key| node.get(key))
}

fn cell(value: &Node, kind: Kind) -> Cell {
    match (value, kind) {
        (Node::Bool(value), _) => Cell::YesNo(*value),
        (Node::Number(value), _) => Cell::Count(*value),
        // Under pseudonyms a month stands for a day and an instant: that is text.
        (Node::Stamp(text), Kind::Day) => text.parse().map_or_else(|_| Cell::Text(text.clone()), Cell::Day),
        (Node::Stamp(text), Kind::Instant) => {
            text.parse().map_or_else(|_| Cell::Text(text.clone()), Cell::Instant)
        }
        (Node::Null, _) => Cell::Nothing,
        (value, _) => Cell::Text(plain(value)),
    }
}

/// A value in one cell: lists with commas, keys with colons.
fn plain(value: &Node) -> String {
    match value {
        Node::Null | Node::OtherNumber => String::new(),
        Node::Bool(value) => value.to_string(),
        Node::Number(value) => value.to_string(),
        Node::Text { text, .. } | Node::Stamp(text) => text.clone(),
        Node::List(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Node::Map(entries) => {
            let entry = |(key, value): &(String, Node)| format!("{key}: {}", plain(value));
            entries.iter().map(entry).collect::<Vec<_>>().join("; ")
        }
    }
}

impl Cell {
    /// Its text, with days and instants as they stand in files; nothing for what is not known.
    pub fn text(&self) -> String {
        match self {
            Cell::Nothing => String::new(),
            Cell::Text(text) => text.clone(),
            Cell::Count(count) => count.to_string(),
            Cell::YesNo(value) => value.to_string(),
            Cell::Day(day) => day.to_string(),
            Cell::Instant(at) => at.to_string(),
        }
    }
}
