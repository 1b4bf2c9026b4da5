//! What the index keeps of a few cases that never change, byte for byte: a change of the encoding is seen, and with it
//! whether the fingerprint changed as well.

use std::fmt::Write;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::types::ValueRef;
use sha2::{Digest, Sha256};

use super::entry::Entry;
use super::file::{BY, TABLES};
use super::gather::{self, Gathered};
use super::put::Put;
use super::totals::{Totals, key};
use crate::domain::settings::Settings;
use crate::store::files;
use crate::store::id::BlobId;

const CASES: [(&str, &str); 2] = [
    ("cases/2025/9/EX-25-9QE0W2.yaml", include_str!("../../../tests/index/closed.yaml")),
    ("cases/2025/Q/EX-25-Q2XY3G.yaml", include_str!("../../../tests/index/open.yaml")),
];
const SETTINGS: &str = include_str!("../../../tests/index/csods.toml");
/// The fingerprint and the encoding that belong together, as recorded when the encoding last changed.
const RECORDED: &str = include_str!("../../../tests/index/encoding.txt");

/// An index of these cases, all of them merged but the last.
fn index() -> Connection {
    let settings =
        Settings { file: files::read_settings(SETTINGS.as_bytes()).unwrap(), calendars: Vec::new() };
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch(TABLES).unwrap();
    let mut put = Put::new(&connection, Totals::default()).unwrap();
    let mut merged = Gathered::default();
    for (doc, (path, text)) in (1..).zip(CASES) {
        let mut waiting = Gathered::default();
        let is_last = doc == CASES.len() as u32;
        let gathered = if is_last { &mut waiting } else { &mut merged };
        let entry = Entry::read(path, text.as_bytes(), &settings, doc, gathered).unwrap();
        put.case(doc, path, key(path, BlobId::of_blob(text.as_bytes())), entry).unwrap();
        if is_last {
            put.waiting(doc, &waiting).unwrap();
        }
    }
    put.unreadable("cases/spoilt.yaml", 1).unwrap();
    let mut totals = put.totals();
    drop(put);
    totals.vocabulary = gather::write(&connection, vec![merged.sorted()]).unwrap();
    let made = "INSERT INTO made VALUES (1, x'', x'', x'', 3, ?1)";
    connection.execute(made, [totals.write()]).unwrap();
    connection.execute_batch(BY).unwrap();
    connection
}

/// Every table with its definition and its rows.
fn everything(connection: &Connection) -> String {
    let mut text = String::new();
    let mut tables = connection.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name").unwrap();
    let mut tables = tables.query([]).unwrap();
    while let Some(table) = tables.next().unwrap() {
        let name: String = table.get(0).unwrap();
        writeln!(text, "{name}: {:?}", table.get::<_, Option<String>>(1).unwrap()).unwrap();
        let Ok(mut read) = connection.prepare(&format!("SELECT * FROM {name}")) else { continue };
        let columns = read.column_count();
        let mut rows = read.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for column in 0..columns {
                match row.get_ref(column).unwrap() {
                    ValueRef::Text(bytes) | ValueRef::Blob(bytes) => write!(text, "{bytes:02x?} "),
                    value => write!(text, "{value:?} "),
                }
                .unwrap();
            }
            text.push('\n');
        }
    }
    text
}

#[test]
fn the_encoding_is_the_recorded_one_or_the_fingerprint_changed_with_it() {
    let text = everything(&index());
    assert!(text.lines().count() > 100, "the tables are empty:\n{text}");
    let encoding: String = Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let (fingerprint, recorded) = RECORDED.trim().split_once(' ').unwrap();
    let now = env!("CSODS_INDEX_MEANING");
    if encoding != recorded {
        assert_ne!(
            now, fingerprint,
            "the index is encoded otherwise than before, but its fingerprint is the same: a program of today would read \
             an index of yesterday. Let src/build.rs count what decides the encoding"
        );
        let place = Path::new("tests/index/encoding.txt").display();
        panic!(
            "the index is encoded otherwise than before. The fingerprint changed as well, so no index of before is read. \
             If the change is meant, make this line the whole of {place}:\n{now} {encoding}"
        );
    }
}
