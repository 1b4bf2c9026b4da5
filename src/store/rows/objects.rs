//! JSON of online forms: a list of objects, one object, or one a line; nested or flat. Each value becomes a column that is
//! called by the way to it: `applicant.name.family`, `children.0.name`.

use std::collections::HashMap;

use super::{Row, Table, WIDEST, bounded, unreadable};
use crate::domain::mapping::Cell;
use crate::domain::node::Node;
use crate::error::Error;
use crate::store::json;
use crate::store::yaml::Fault;

/// Reads objects; of a list they are numbered from 1, of lines by the line.
pub(super) fn read(bytes: &[u8]) -> Result<Table, Error> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    bounded(values(bytes))?;
    let mut headings: Vec<String> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut rows = Vec::new();
    for (number, object) in objects(bytes)? {
        let mut cells = Vec::new();
        if !matches!(object, Node::Map(_)) {
            return Err(unreadable(&format!("item {number} is no object")));
        }
        flatten(&object, "", &mut |name, cell| {
            let place = *places.entry(name.to_owned()).or_insert_with(|| {
                headings.push(name.to_owned());
                headings.len() - 1
            });
            if cells.len() <= place {
                cells.resize(place + 1, Cell::Empty);
            }
            cells[place] = cell;
        });
        if headings.len() > WIDEST {
            return Err(unreadable("it has more than 1,000 different keys"));
        }
        rows.push(Row { number, cells, wrong: None });
    }
    bounded(rows.len().saturating_mul(headings.len()))?;
    for row in &mut rows {
        row.cells.resize(headings.len(), Cell::Empty);
    }
    Ok(Table { headings, rows, sparse: true })
}

/// How many values these bytes hold at most, before they are read: each stands behind a comma or a bracket.
fn values(bytes: &[u8]) -> usize {
    let (mut count, mut in_text, mut escaped) = (0, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b',' | b'[' | b'{' if !in_text => count += 1,
            _ => {}
        }
    }
    count
}

fn objects(bytes: &[u8]) -> Result<Vec<(u32, Node)>, Error> {
    let number = |index: usize| u32::try_from(index + 1).unwrap_or(u32::MAX);
    let refused = |first: usize, fault: Fault| {
        let (line, column) = (first + fault.line, fault.column);
        unreadable(&format!("line {line}, column {column}: {}", fault.message))
    };
    if bytes.trim_ascii_start().starts_with(b"[") {
        return match json::parse_of_any_size(bytes).map_err(|fault| refused(0, fault))? {
            Node::List(items) => {
                Ok(items.into_iter().enumerate().map(|(index, item)| (number(index), item)).collect())
            }
            _ => Err(unreadable("it is no list of objects")),
        };
    }
    let lines: Vec<(usize, &[u8])> = bytes
        .split(|&byte| byte == b'\n')
        .enumerate()
        .filter(|(_, line)| !line.trim_ascii().is_empty())
        .collect();
    // An object that is written over several lines is one.
    if let [(_, first), _, ..] = lines[..]
        && json::parse(first).is_err()
        && let Ok(object) = json::parse(bytes)
    {
        return Ok(vec![(1, object)]);
    }
    lines
        .into_iter()
        .map(|(index, line)| Ok((number(index), json::parse(line).map_err(|fault| refused(index, fault))?)))
        .collect()
}

/// Every single value below, with the way to it.
fn flatten(node: &Node, name: &str, each: &mut impl FnMut(&str, Cell)) {
    let below = |key: &str| if name.is_empty() { key.to_owned() } else { format!("{name}.{key}") };
    match node {
        Node::Map(entries) => entries.iter().for_each(|(key, value)| flatten(value, &below(key), each)),
        Node::List(items) => {
            items.iter().enumerate().for_each(|(at, value)| flatten(value, &below(&at.to_string()), each));
        }
        Node::Null => each(name, Cell::Empty),
        Node::Bool(truth) => each(name, Cell::Truth(*truth)),
        Node::Number(number) => each(name, Cell::Text(number.to_string())),
        Node::OtherNumber => each(name, Cell::Unusable("is a number that is not whole; write it as text")),
        Node::Text { text, .. } | Node::Stamp(text) => each(name, Cell::of(text)),
    }
}
