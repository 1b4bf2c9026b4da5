//! TOML: the settings and the calendars, which people write by hand.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::yaml::{Fault, SIZE_LIMIT};
use crate::domain::node::{Node, Path, Step};

/// Reads a file of settings: the tree with keys in the order of the file, or everything that is wrong with its form.
/// Dates, times and both together become [`Node::Stamp`] as written; whether they are UTC is for the types to say.
pub fn parse(text: &str) -> Result<Node, Vec<Fault>> {
    if text.len() > SIZE_LIMIT {
        let message = "larger than 1 MiB; settings are a few thousand bytes";
        return Err(vec![Fault::at(text.as_bytes(), 0, message)]);
    }
    let (document, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Ok(table(document.get_ref()));
    }
    let mut faults: Vec<Fault> = errors
        .iter()
        .map(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            Fault::at(text.as_bytes(), offset, error.message())
        })
        .collect();
    faults.sort_by_key(|fault| (fault.line, fault.column));
    faults.dedup();
    Err(faults)
}

/// Line and column of what stands at `path`: of its value, or with `want_key` of its key. Where `path` is absent, the
/// key of the nearest thing around it that is there.
pub fn locate(text: &str, path: &Path, want_key: bool) -> Option<(usize, usize)> {
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() || text.len() > SIZE_LIMIT {
        return None;
    }
    let mut key_at = 0;
    let mut value_at = 0;
    let mut node: Option<&DeValue<'_>> = None;
    let mut absent = false;
    for (depth, step) in path.0.iter().enumerate() {
        let above = if depth == 0 { Some(document.get_ref()) } else { node.and_then(DeValue::as_table) };
        let next = match (above, node.and_then(DeValue::as_array), step) {
            (Some(table), _, step) => entry(table, step),
            (None, Some(items), Step::Index(index)) => {
                items.get(*index).map(|item| (item.span().start, item))
            }
            _ => None,
        };
        let Some((key, value)) = next else {
            absent = true;
            break;
        };
        key_at = key;
        value_at = value.span().start;
        node = Some(value.get_ref());
    }
    let offset = if want_key || absent { key_at } else { value_at };
    let place = Fault::at(text.as_bytes(), offset, "");
    Some((place.line, place.column))
}

/// Where a key stands, and its value.
fn entry<'t, 'd>(table: &'t DeTable<'d>, step: &Step) -> Option<(usize, &'t Spanned<DeValue<'d>>)> {
    let name = match step {
        Step::Key(key) => key.clone(),
        Step::Index(index) => index.to_string(),
    };
    table.iter().find(|(key, _)| *key.get_ref() == name).map(|(key, value)| (key.span().start, value))
}

/// The library sorts keys by name; their places give the order of the file back.
fn table(table: &DeTable<'_>) -> Node {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    Node::Map(
        entries.into_iter().map(|(key, value)| (key.get_ref().to_string(), node(value.get_ref()))).collect(),
    )
}

fn node(value: &DeValue<'_>) -> Node {
    match value {
        DeValue::String(text) => Node::text(text.as_ref()),
        DeValue::Integer(integer) => {
            i64::from_str_radix(integer.as_str(), integer.radix()).map_or(Node::OtherNumber, Node::Number)
        }
        DeValue::Float(_) => Node::OtherNumber,
        DeValue::Boolean(value) => Node::Bool(*value),
        DeValue::Datetime(stamp) => Node::Stamp(stamp.to_string()),
        DeValue::Array(items) => Node::List(items.iter().map(|item| node(item.get_ref())).collect()),
        DeValue::Table(below) => table(below),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: &str = "\
# a comment
format = 1
[force]
name = \"Kent Police\"
[clocks.\"2023\"]
applies_from = 2023-04-03
initial_checks = {within = 24, unit = \"hours\"}
changed = 2026-03-02T09:15:00Z
hex = 0x1F
many = 1_000
half = 0.5
list = [\"a\",
  \"b\"]
";

    #[test]
    fn reads_in_the_order_of_the_file() {
        let node = parse(SETTINGS).unwrap();
        assert_eq!(
            format!("{node:?}"),
            "{\"format\": 1, \"force\": {\"name\": \"Kent Police\"}, \"clocks\": {\"2023\": {\"applies_from\": \
             (day or instant), \"initial_checks\": {\"within\": 24, \"unit\": \"hours\"}, \"changed\": \
             (day or instant), \"hex\": 31, \"many\": 1000, \"half\": (number), \"list\": [\"a\", \"b\"]}}}"
        );
        let stamp = |path: &str| node.at(&path.into()).cloned();
        assert_eq!(stamp("clocks.2023.applies_from"), Some(Node::Stamp("2023-04-03".into())));
        assert_eq!(stamp("clocks.2023.changed"), Some(Node::Stamp("2026-03-02T09:15:00Z".into())));
    }

    #[test]
    fn tells_everything_that_is_wrong() {
        let faults = parse("a = \nb = 1\nb = 2\n[c]\nd = 1x\n[e\n").unwrap_err();
        let lines: Vec<usize> = faults.iter().map(|fault| fault.line).collect();
        assert_eq!(lines, [1, 3, 5, 6], "{faults:?}");
        assert!(parse(&"[".repeat(200_000)).is_err());
    }

    #[test]
    fn finds_places() {
        let at = |path: &str, want_key| locate(SETTINGS, &Path::from(path), want_key).unwrap();
        assert_eq!(at("format", false), (2, 10));
        assert_eq!(at("format", true), (2, 1));
        assert_eq!(at("clocks.2023.initial_checks.within", false), (7, 28));
        assert_eq!(at("clocks.2023.initial_checks.within", true), (7, 19));
        assert_eq!(at("clocks.2023.initial_checks.day", false), (7, 1));
        assert_eq!(at("clocks.2023.list.1", false), (13, 3));
        assert_eq!(at("force.name.x", false), (4, 1));
        assert_eq!(at("force.prefix", false), (3, 2));
        assert_eq!(at("nothing", false), (1, 1));
    }
}
