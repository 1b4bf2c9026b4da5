//! Tables as they come.

use super::*;

fn given(bytes: &[u8]) -> Given {
    let kind =
        if bytes.starts_with(b"[") || bytes.starts_with(b"{") { FileKind::Json } else { FileKind::Csv };
    Given { bytes: bytes.to_vec(), sha256: String::new(), kind }
}

fn read(bytes: &[u8]) -> (Vec<String>, Vec<(u32, Vec<String>)>) {
    let table = given(bytes).table(&Wanted { heading_row: 1, ..Wanted::default() }).unwrap();
    let text = |row: &Row| (row.number, row.cells.iter().map(Cell::text).collect());
    (table.headings.clone(), table.rows.iter().map(text).collect())
}

fn refused(bytes: &[u8]) -> String {
    let read = given(bytes).table(&Wanted { heading_row: 1, ..Wanted::default() });
    read.err().map(|error| error.message).unwrap_or_default()
}

fn row(number: u32, cells: &[&str]) -> (u32, Vec<String>) {
    (number, cells.iter().map(|cell| (*cell).to_owned()).collect())
}

#[test]
fn delimiters_and_byte_order_marks_are_found_out() {
    for text in ["a,b\n1,2\n", "a;b\r\n1;2\r\n", "a\tb\n1\t2", "\u{feff}a,b\n1,2\n", "\"a\",\"b\"\n\"1\",2\n"]
    {
        let (headings, rows) = read(text.as_bytes());
        assert_eq!(
            (headings, rows),
            (vec!["a".to_owned(), "b".to_owned()], vec![row(2, &["1", "2"])]),
            "{text:?}"
        );
    }
    // Semicolons within quoted headings are no delimiters.
    assert_eq!(read(b"\"a;b;c\",d\n1,2\n").0, ["a;b;c", "d"]);
    let utf16: Vec<u8> = "\u{feff}a\tb\n1\t2\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(read(&utf16).1, [row(2, &["1", "2"])]);
}

#[test]
fn rows_are_numbered_as_a_spreadsheet_does() {
    let text = "a,b\n1,\"x\ny\nz\"\n\n\n2,y\r\n3,\"\"\"q\"\"\"\n,\n4,z";
    let (_, rows) = read(text.as_bytes());
    let wanted =
        [row(2, &["1", "x\ny\nz"]), row(5, &["2", "y"]), row(6, &["3", "\"q\""]), row(8, &["4", "z"])];
    assert_eq!(rows, wanted);
}

#[test]
fn what_would_lose_rows_or_letters_is_refused() {
    let unclosed = refused(b"a,b\n1,\"x\n2,y\n3,z\n");
    assert_eq!(unclosed, "the file cannot be read: in row 2 a quotation mark is opened and never closed");
    assert_eq!(refused(b"a\ncaf\xe9\n"), "the file cannot be read: line 2 is not in UTF-8");
    let windows = Wanted { encoding: Some(Encoding::Windows), heading_row: 1, ..Wanted::default() };
    let table = given(b"a\ncaf\xe9 \x80\n").table(&windows).unwrap();
    assert_eq!(table.rows[0].cells[0].text(), "café \u{20ac}");
    let table = given(b"a,b\n1,2,3\n1,2,\n").table(&Wanted { heading_row: 1, ..Wanted::default() }).unwrap();
    assert_eq!(table.rows[0].wrong, Some("has more cells than there are headings"));
    assert_eq!(table.rows[1].wrong, None);
    assert_eq!(refused(b""), "the file cannot be read: it has no headings");
}

#[test]
fn a_stray_quotation_mark_is_wrong_with_its_row() {
    let wrong = |line: &str| {
        let text = format!("a,b\n1,x\n{line}\n3,z\n");
        let table = given(text.as_bytes()).table(&Wanted { heading_row: 1, ..Wanted::default() }).unwrap();
        let wrong: Vec<u32> =
            table.rows.iter().filter(|row| row.wrong.is_some()).map(|row| row.number).collect();
        wrong
    };
    for line in [
        "2,\"Alex \"Lex\" Twelve\"",
        "2,\"Alex\" Twelve",
        "2,Alex \"Lex\" Twelve",
        "2, \"Alex\"",
        "2,\"Alex\" ",
        "\"2\"x,\"\"",
        "2,5'10\"",
    ] {
        assert_eq!(wrong(line), [3], "{line}");
    }
    for line in
        ["2,\"Alex \"\"Lex\"\" Twelve\"", "2,\"\"\"\"", "2,\"\"", "\"2\",\"x\ny\"", "2,Alex 'Lex' Twelve"]
    {
        assert_eq!(wrong(line), [0; 0], "{line}");
    }
    // A quotation mark that is opened by mistake takes the rows below it with it, up to the next.
    assert_eq!(wrong("2,\"Alex\n2,y\n2,\"Bob\""), [3]);
    let headings = refused(b"a,\"b\"c\n1,2\n");
    assert!(
        headings.contains("in row 1, the headings, a quotation mark stands where none may"),
        "{headings}"
    );
}

#[test]
fn every_column_has_a_name_of_its_own() {
    let (headings, _) = read(b"DOB, DOB ,,\"Date\nof birth\",DOB (2),\n1,2,3,4,5,\n");
    assert_eq!(headings, ["DOB", "DOB (2)", "column C", "Date of birth", "DOB (2) (2)"]);
    assert_eq!(
        (letters(0), letters(25), letters(26), letters(701), letters(702)),
        ("A".into(), "Z".into(), "AA".into(), "ZZ".into(), "AAA".into())
    );
}

#[test]
fn headings_may_stand_lower_down() {
    let wanted = Wanted { heading_row: 3, ..Wanted::default() };
    let table = given(b"Register of 2014\n\na,b\n1,2\n").table(&wanted).unwrap();
    assert_eq!((table.headings[0].as_str(), table.rows[0].number), ("a", 4));
}

#[test]
fn objects_are_flattened() {
    let list = br#"[{"a": {"b": "x", "c": [true, {"d": 7}]}}, {"e": null, "a": {"b": "y"}}]"#;
    let (headings, rows) = read(list);
    assert_eq!(headings, ["a.b", "a.c.0", "a.c.1.d", "e"]);
    assert_eq!(rows, [row(1, &["x", "true", "7", ""]), row(2, &["y", "", "", ""])]);
    assert_eq!(read(b"{\"a\": \"x\"}\n\n{\"b\": \"y\"}\n").1, [row(1, &["x", ""]), row(3, &["", "y"])]);
    assert_eq!(read(b"{\n\"a\": \"x\"\n}\n").1, [row(1, &["x"])]);
    assert!(refused(b"{\"a\": 1}\n{\"a\": 1,}\n").contains("line 2, column"));
    assert_eq!(refused(b"[1]"), "the file cannot be read: item 1 is no object");
}

#[test]
fn rejected_rows_can_be_read_again_as_they_were() {
    let table =
        given(b"a,b\n+44 1632,=1+1\n'=x,\"y\nz\"\n").table(&Wanted { heading_row: 1, ..Wanted::default() });
    let table = table.unwrap();
    let rows: Vec<(&Row, String)> = table.rows.iter().map(|row| (row, "b: missing".to_owned())).collect();
    let written = rejected(&table.headings, &rows);
    assert!(String::from_utf8_lossy(&written).contains("'+44 1632,'=1+1,2,b: missing"));
    let (headings, rows) = read(&written);
    assert_eq!(headings, ["a", "b", "csods: row", "csods: problem"]);
    assert_eq!(rows[0], row(2, &["+44 1632", "=1+1", "2", "b: missing"]));
    assert_eq!(rows[1], row(3, &["'=x", "y\nz", "3", "b: missing"]));
}
