//! That pseudonyms give nothing away, in every field that a case has, and that tables hold every single value.

use std::collections::BTreeSet;

use super::pseudonym::outward;
use super::*;
use crate::domain::node::Node;
use crate::domain::record::{Field, Part, Shape};
use crate::domain::reference::Chance;

/// A tree of this shape with random values, and in `told` every text that says who somebody is or what somebody said.
fn random(shape: Shape, field: Option<&Field>, chance: &mut Chance, told: &mut BTreeSet<String>) -> Node {
    let mut word =
        |length: usize| -> String { (0..length).map(|_| (b'a' + chance.below(26) as u8) as char).collect() };
    let private = |text: String| Node::Text { text, private: true };
    let text = match shape {
        Shape::Record(fields) => {
            let below =
                |field: &Field| (field.key.to_owned(), random(field.shape, Some(field), chance, told));
            return Node::Map(fields.iter().map(below).collect());
        }
        Shape::List(item) => {
            return Node::List(
                (0..1 + chance.below(3)).map(|_| random(*item, field, chance, told)).collect(),
            );
        }
        Shape::Choice(words) => return Node::text(words[chance.below(words.len())].word),
        Shape::YesNo => return Node::Bool(chance.below(2) == 0),
        Shape::Count => return Node::Number(chance.below(100) as i64),
        Shape::Day => format!("19{:02}-0{}-1{}", chance.below(100), 1 + chance.below(9), chance.below(10)),
        Shape::Instant => {
            format!("20{:02}-03-1{}T09:{:02}:00Z", chance.below(90), chance.below(10), chance.below(60))
        }
        Shape::Item => format!("{}9{}", word(2), word(1)),
        Shape::Reference => format!("EX-26-{}", word(6).to_uppercase()),
        Shape::Line if field.is_some_and(|field| field.key == "path") => format!("notes.{}9x.text", word(2)),
        Shape::Line if field.is_some_and(|field| !field.private) => {
            return Node::text(format!("{}_{}", word(8), word(3)));
        }
        Shape::Line if field.is_some_and(|field| ["address", "text"].contains(&field.key)) => {
            let (street, inward) = (word(9), word(2).to_uppercase());
            told.extend([street.clone(), format!("1{inward}")]);
            format!("3 {street}, ZZ{} 1{inward}", chance.below(99))
        }
        _ => word(12),
    };
    told.insert(text.clone());
    match shape {
        Shape::Day | Shape::Instant => Node::Stamp(text),
        _ => private(text),
    }
}

fn texts(node: &Node, found: &mut Vec<String>) {
    match node {
        Node::Text { text, .. } | Node::Stamp(text) => found.push(text.clone()),
        Node::List(items) => items.iter().for_each(|item| texts(item, found)),
        Node::Map(entries) => entries.iter().for_each(|(_, value)| texts(value, found)),
        _ => {}
    }
}

fn key(text: &str) -> Key {
    Key::new(text.as_bytes()).unwrap()
}

#[test]
fn under_pseudonyms_nothing_is_left_of_any_private_value_of_any_field() {
    for seed in 0..60 {
        let mut told = BTreeSet::new();
        let tree = random(Exported::SHAPE, None, &mut Chance::from_seed(seed), &mut told);
        let hiding = Hiding { redacted: Vec::new(), key: Some(key(ONE)) };
        let hidden = hiding.tree(&tree, "EX-26-1W0BV0");
        let mut left = Vec::new();
        texts(&hidden, &mut left);
        assert!(left.len() > 50 && told.len() > 100);
        for text in left {
            // A word of four letters may stand in a longer one by chance.
            let holds = |told: &&String| {
                text.split(['.', ' ', ',']).any(|part| part == told.as_str())
                    || (told.len() > 5 && text.contains(told.as_str()))
            };
            assert_eq!(told.iter().find(holds), None, "{text} of seed {seed}");
        }
        // Nor of a path or a checksum, from which the reference or a letter could be found.
        let letters = hidden.at(&"case.letters.0".into()).unwrap();
        assert!(letters.get("path").is_none() && letters.get("sha256").is_none());
    }
}

#[test]
fn pseudonyms_are_stable_for_one_key_and_join_what_is_the_same() {
    let one = key(ONE);
    assert_eq!(one.name("family", "O'Example  Smith"), one.name("family", " o'example smith"));
    assert_eq!(one.phone("01632 960001"), one.phone("+44 (0)1632 960001"));
    assert_eq!(one.phone("0044 1632 960001"), one.phone("+441632960001"));
    assert_ne!(one.phone("01632 960001"), one.phone("01632 960002"));
    assert_ne!(one.name("family", "Sam"), one.name("given", "Sam").replace("given", "family"));
    assert_eq!(one.name("family", "Sam"), key(&format!("{ONE}\n")).name("family", "Sam"));
    assert_ne!(one.name("family", "Sam"), key(TWO).name("family", "Sam"));
    // RFC 4231 has no case of this form; worked out with Python's hmac.
    assert_eq!(one.pseudonym("case", "EX-26-1W0BV0"), PYTHONS);
    // What `head -c 32 /dev/urandom | base64` wrote goes on being a key.
    assert!(Key::new(b"GOmxwmkSfVbYaaTgp3ZkG6JqScvqkdgtFmWfW8eFZtE=\n").is_some());
    let made = Key::written(&std::array::from_fn(|at| (at as u8).wrapping_mul(151)));
    assert!(made.len() == 65 && Key::new(made.as_bytes()).is_some());
    let hex = |text: &str| text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
    for weak in [
        "",
        "short",
        "kept by the unit, never by the analyst",
        "correct horse battery staple abcd",
        &"0".repeat(64),
        &"0123456789abcdef".repeat(4),
        &hex("a sentence, encoded, is no chance"),
        &ONE[..62],
        &format!("{ONE}00"),
        "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=",
    ] {
        assert!(Key::new(weak.as_bytes()).is_none(), "{weak}");
    }
}

const PYTHONS: &str = "case-94f6d56a9d2b16d0";
/// Keys as they stand in their files.
const ONE: &str = "b422594ffd0fe45d7aa5e360548270738496facc23742e7d16b3b76476e34b6b";
const TWO: &str = "c416d265af171503f8ef3112c8a048f4d3a116b8ca92a5f75d66ea4cf87674b1";

#[test]
fn of_an_address_its_outward_postcode_is_left_or_nothing() {
    for (address, outward_half) in [
        ("1 Sample Street, Maidstone, ME14 1AA", Some("ME14")),
        ("1 Sample Street, Maidstone, me141aa", Some("ME14")),
        ("Flat 2, 10 Sample Road, London W1A 1HQ, England", Some("W1A")),
        ("EC1A 1BB", Some("EC1A")),
        ("formerly CT1 2EH, now M1 1AE", Some("M1")),
        ("1 Sample Street, Maidstone, ME14", None),
        ("No fixed address", None),
        ("Caf\u{e9} 9AA, Sampl\u{e9}9AA", None),
        ("", None),
    ] {
        assert_eq!(outward(address).as_deref(), outward_half, "{address}");
    }
}

#[test]
fn each_kind_of_fact_can_be_left_out_wherever_it_stands() {
    let tree = |seed| random(Exported::SHAPE, None, &mut Chance::from_seed(seed), &mut BTreeSet::new());
    for (kind, gone, stays) in [
        (Redaction::Applicant, &["applicant"][..], &["subject", "concern"][..]),
        (Redaction::Subject, &["subject"], &["applicant.name", "children.0.name"]),
        (Redaction::Children, &["children"], &["applicant.name"]),
        (
            Redaction::Recipients,
            &["decision.recipients", "reopened.0.set_aside.decision.recipients"],
            &["decision.by"],
        ),
        (
            Redaction::Officers,
            &["owner", "received.by", "checks.0.agreed_by", "reopened.0.set_aside.decision.by"],
            &["received.at"],
        ),
        (
            Redaction::Names,
            &["applicant.name", "subject.aliases", "children.0.name", "decision.recipients.0.name"],
            &["applicant.phone"],
        ),
        (Redaction::DatesOfBirth, &["applicant.date_of_birth", "children.0.date_of_birth"], &["received.at"]),
        (
            Redaction::Addresses,
            &["applicant.address", "subject.addresses", "children.0.address"],
            &["applicant.phone"],
        ),
        (
            Redaction::ContactDetails,
            &["applicant.phone", "applicant.email", "applicant.safe_contact"],
            &["applicant.name"],
        ),
        (
            Redaction::FreeText,
            &["concern", "notes.0.text", "subject.occupation", "disclosures.0.place", "decision.necessity"],
            &["applicant.address", "checks.0.reference", "subject.addresses.0.text"],
        ),
    ] {
        let hiding = Hiding { redacted: vec![kind], key: None };
        let hidden = hiding.tree(&tree(3), "EX-26-1W0BV0");
        let at = |path: &str| hidden.at(&format!("case.{path}").as_str().into());
        for path in gone.iter().chain(&["corrections.0.was", "corrections.0.now"]) {
            assert!(at(path).is_none(), "{kind}: {path}");
        }
        for path in stays {
            assert!(at(path).is_some(), "{kind}: {path}");
        }
        assert!(hidden.get("clocks").is_some() && hidden.get("overdue").is_some());
    }
}

#[test]
fn tables_hold_every_single_value_but_what_was_set_aside() {
    fn single(node: &Node, found: &mut usize) {
        match node {
            Node::Map(entries) => {
                entries
                    .iter()
                    .filter(|(key, _)| key != "set_aside")
                    .for_each(|(_, value)| single(value, found));
            }
            Node::List(items) if items.iter().any(|item| matches!(item, Node::Map(_))) => {
                items.iter().for_each(|item| single(item, found));
            }
            _ => *found += 1,
        }
    }
    let tree = random(Exported::SHAPE, None, &mut Chance::from_seed(11), &mut BTreeSet::new());
    let (mut values, mut cells) = (0, 0);
    single(&tree, &mut values);
    let tables = tables();
    for table in &tables {
        let names: BTreeSet<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names.len(), table.columns.len(), "{}", table.name);
        assert!(table.name.len() <= 31, "{} is too long for a sheet", table.name);
        let made = |name: &str| {
            name.ends_with("_count")
                || name.contains("_clock_")
                || ["case_reference", "position"].contains(&name)
        };
        for row in table.rows(&tree) {
            assert_eq!(row.len(), table.columns.len());
            let own = row
                .iter()
                .zip(&table.columns)
                .filter(|(cell, column)| !made(&column.name) && **cell != Cell::Nothing);
            cells += own.count();
        }
    }
    assert_eq!(values, cells);
    let names: BTreeSet<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    assert!(
        names.len() == tables.len()
            && ["cases", "clocks", "children", "decision_recipients", "subject_addresses"]
                .iter()
                .all(|name| names.contains(name)),
        "{names:?}"
    );
}
