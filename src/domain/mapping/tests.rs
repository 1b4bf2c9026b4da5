//! Mappings: what a row becomes.

use super::*;
use crate::domain::record::{self, Reader};
use crate::domain::time::Zone;
use crate::store::toml;

fn mapping(text: &str) -> Mapping {
    let mapping =
        record::read::<Mapping>(&toml::parse(&format!("format = 1\n{text}")).unwrap(), Reader::strict());
    let mapping = mapping.unwrap();
    assert_eq!(mapping.check(), [], "{text}");
    mapping
}

fn row(text: &str, cells: &[(&str, Cell)]) -> Result<Node, Vec<Trouble>> {
    let mapping = mapping(text);
    let headings: Vec<String> = cells.iter().map(|(heading, _)| (*heading).to_owned()).collect();
    let cells: Vec<Cell> = cells.iter().map(|(_, cell)| cell.clone()).collect();
    mapping.reading(&headings, Zone::LONDON).row(&cells).map(|answers| answers.node)
}

fn text(node: &Node, path: &str) -> Option<String> {
    node.at(&path.into()).and_then(Node::as_text).map(str::to_owned)
}

#[test]
fn constants_belong_to_parts_that_a_row_has() {
    let map = "[constants]\nroute = \"right_to_ask\"\n\"children.0.contact\" = \"unknown\"\n\
               \"children.1.contact\" = \"unknown\"\n\"closure.by\" = \"archive\"\n\
               [columns]\nA = {to = \"children.0.name\"}\nB = {to = \"children.1.name\"}\nC = {to = \"closure.reason\"}\n";
    let second = [("A", Cell::Empty), ("B", Cell::of("Kim Example")), ("C", Cell::of(" "))];
    let node = row(map, &second).unwrap();
    // The second child is the only one, and so the first of the case.
    assert_eq!(text(&node, "children.0.name.family").as_deref(), Some("Example"));
    assert_eq!(text(&node, "children.0.contact").as_deref(), Some("unknown"));
    assert_eq!(node.at(&"children.1".into()), None);
    assert_eq!(node.get("closure"), None);
    assert_eq!(text(&node, "route").as_deref(), Some("right_to_ask"));
    let closed = [("A", Cell::Empty), ("B", Cell::Empty), ("C", Cell::of("Withdrawn"))];
    let node = row(map, &closed).unwrap();
    assert_eq!((node.get("children"), text(&node, "closure.by").as_deref()), (None, Some("archive")));
}

#[test]
fn a_column_goes_before_a_constant() {
    let map = "[constants]\nconcern = \"Not recorded.\"\n[columns]\nA = {to = \"concern\"}\nB = {to = \"concern\"}\n";
    let concern =
        |a: &str, b: &str| text(&row(map, &[("A", Cell::of(a)), ("B", Cell::of(b))]).unwrap(), "concern");
    assert_eq!(concern("One.\nTwo. ", "Three.").as_deref(), Some("One.\nTwo.\n\nThree."));
    assert_eq!(concern("", " ").as_deref(), Some("Not recorded."));
}

#[test]
fn words_mean_what_the_mapping_says() {
    let map = "[columns.A]\nto = \"received.channel\"\nvalues = {\"Web \" = \"online\", \"n/a\" = \"\"}\n\
               empty = \"other\"\n[columns.B]\nto = \"screening.immediate_risk\"\nvalues = {Risk = true}\nother = false\n";
    let both = |a: Cell, b: Cell| row(map, &[("A", a), ("B", b)]);
    let channel = |a: &str| text(&both(Cell::of(a), Cell::Empty).unwrap(), "received.channel");
    assert_eq!(channel("WEB").as_deref(), Some("online"));
    // A word of the scheme itself is always one.
    assert_eq!(channel("Online form").as_deref(), Some("online"));
    assert_eq!(channel("").as_deref(), Some("other"));
    assert_eq!(channel("N/A"), None);
    let risk = |b: Cell| both(Cell::Empty, b).unwrap().at(&"screening.immediate_risk".into()).cloned();
    assert_eq!(risk(Cell::of("risk")), Some(Node::Bool(true)));
    assert_eq!(risk(Cell::Truth(true)), Some(Node::Bool(false)));
    let troubles = both(Cell::of("Zzyzx"), Cell::Unusable("holds an error of the spreadsheet")).unwrap_err();
    let said: Vec<String> = troubles.iter().map(|trouble| trouble.problem.to_string()).collect();
    assert_eq!(
        said,
        [
            "received.channel: is none of the values that the mapping names",
            "screening.immediate_risk: holds an error of the spreadsheet",
        ]
    );
}

#[test]
fn c1_days_become_moments_of_the_local_day() {
    let map = |more: &str| format!("[columns.A]\nto = \"received.at\"\ndate = \"%d/%m/%Y\"\n{more}");
    let at = |more: &str, cell: Cell| text(&row(&map(more), &[("A", cell)]).unwrap(), "received.at").unwrap();
    assert_eq!(at("", Cell::of("02/07/2014")), "2014-07-01T23:00:00Z");
    assert_eq!(at("time = \"09:00\"\n", Cell::of("02/07/2014")), "2014-07-02T08:00:00Z");
    assert_eq!(at("time = \"09:00\"\n", Cell::of("2014-01-02 10:30")), "2014-01-02T10:30:00Z");
    assert_eq!(at("time = \"09:00\"\n", Cell::of("2014-07-02T10:30:00Z")), "2014-07-02T10:30:00Z");
    let day = crate::domain::time::Day::new(2014, 7, 2).unwrap();
    assert_eq!(at("time = \"09:00\"\n", Cell::Moment(day, 0)), "2014-07-02T08:00:00Z");
    assert_eq!(at("time = \"09:00\"\n", Cell::Moment(day, 60)), "2014-07-01T23:01:00Z");
}

#[test]
fn one_column_may_fill_several_keys_and_several_an_address() {
    let map = "[columns]\nA = {to = [\"received.by\", \"owner\"]}\nB = {to = \"subject.addresses.0.text\"}\n\
               C = {to = \"subject.addresses.0.text\"}\n";
    let node = row(
        map,
        &[("A", Cell::of("d.osei")), ("B", Cell::of("1 Sample St,\r\n Town")), ("C", Cell::of("ME1"))],
    );
    let node = node.unwrap();
    assert_eq!(text(&node, "owner"), text(&node, "received.by"));
    assert_eq!(text(&node, "subject.addresses.0.text").as_deref(), Some("1 Sample St, Town, ME1"));
}
