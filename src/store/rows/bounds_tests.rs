//! Tables of which a little would become a great deal are refused before they do.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

fn refused(kind: FileKind, bytes: &[u8]) -> String {
    let given = Given { bytes: bytes.to_vec(), sha256: String::new(), kind };
    let read = given.table(&Wanted { heading_row: 1, ..Wanted::default() });
    read.err()
        .map(|error| error.message.trim_start_matches("the file cannot be read: ").to_owned())
        .unwrap_or_default()
}

#[test]
fn text_is_bounded_in_lines_rows_columns_and_cells() {
    let csv = |text: &str| refused(FileKind::Csv, text.as_bytes());
    assert_eq!(csv(&format!("a,b\n1,{}\n", "x".repeat(2 << 20))), "line 2 is longer than 1 MiB");
    assert_eq!(csv(&format!("a,b\n1,\"{}\"\n", "x\n".repeat(600_000))), "row 2 is longer than 1 MiB");
    assert_eq!(csv(&format!("a,b\n{}\n", ",".repeat(1_000))), "row 2 has more than 1,000 cells");
    let wide = vec!["h"; 1_000].join(",");
    assert_eq!(csv(&format!("{wide}\n{}", "1\n".repeat(2_001))), "it has more than 2,000,000 cells");
    assert_eq!(csv(&format!("{wide}\n{}", "1\n".repeat(1_999))), "");
}

#[test]
fn objects_are_bounded_before_they_are_read() {
    let json = |text: &str| refused(FileKind::Json, text.as_bytes());
    assert_eq!(json(&format!("[{}0]", "0,".repeat(2_000_000))), "it has more than 2,000,000 cells");
    // Commas of a text are no values.
    assert_eq!(json(&format!("[{{\"a\": \"{}\"}}]", ",[{\\\"".repeat(300_000))), "");
}

/// A workbook of one sheet with these rows, these shared texts and, where there is one, another part.
fn workbook(sheet: &str, texts: &str, other: Option<&[u8]>) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let parts = [
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}\">\
                 <Relationship Id=\"r1\" Type=\"{relation}/officeDocument\" Target=\"xl/workbook.xml\"/>\
                 </Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{relation}\"><sheets>\
                 <sheet name=\"one\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}\">\
                 <Relationship Id=\"r1\" Type=\"{relation}/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
                 <Relationship Id=\"r2\" Type=\"{relation}/sharedStrings\" Target=\"sharedStrings.xml\"/>\
                 </Relationships>"
            ),
        ),
        ("xl/sharedStrings.xml", format!("<sst xmlns=\"{main}\">{texts}</sst>")),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{main}\"><sheetData>{sheet}</sheetData></worksheet>"),
        ),
    ];
    for (name, text) in parts {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    if let Some(bytes) = other {
        zip.start_file("xl/media/image1.png", SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_workbook_is_bounded_in_what_it_unpacks_to_and_what_it_holds() {
    let xlsx = |bytes: &[u8]| refused(FileKind::Xlsx, bytes);
    let head = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>";
    let text = |length: usize| format!("<si><t>{}</t></si>", "x".repeat(length));
    assert_eq!(xlsx(&workbook(head, &text(5), None)), "");
    let large = workbook(head, &text(5), Some(&vec![0; 130 << 20]));
    assert!(large.len() < 1 << 20, "{}", large.len());
    assert_eq!(xlsx(&large), "it unpacks to more than 128 MiB");
    // Both of its headers say that it is small.
    let size = (130_u32 << 20).to_le_bytes();
    let mut lying = large;
    let places: Vec<usize> =
        lying.windows(4).enumerate().filter(|(_, four)| *four == size).map(|(at, _)| at).collect();
    assert!(!places.is_empty());
    places.into_iter().for_each(|at| lying[at..at + 4].copy_from_slice(&10_u32.to_le_bytes()));
    assert_ne!(xlsx(&lying), "");
    let texts = "<si/>".repeat(4_000_000);
    assert_eq!(xlsx(&workbook(head, &texts, None)), "it lists more than 4,000,000 things beside its sheets");
    let rows = |count: usize, column: &str| -> String {
        let row =
            |number| format!("<row r=\"{number}\"><c r=\"{column}{number}\" t=\"s\"><v>0</v></c></row>");
        (1..=count).map(row).collect()
    };
    assert_eq!(xlsx(&workbook(&rows(80, "A"), &text(900 << 10), None)), "its cells hold more than 64 MiB");
    assert_eq!(xlsx(&workbook(head, &text(2 << 20), None)), "a cell of row 1 is longer than 1 MiB");
    // ALL is the thousandth column.
    assert_eq!(xlsx(&workbook(&rows(2_001, "ALL"), &text(5), None)), "it has more than 2,000,000 cells");
    assert_eq!(xlsx(&workbook(&rows(1, "ALM"), &text(5), None)), "it has more than 1,000 columns");
    assert_eq!(xlsx(b"PK\x03\x04 and nothing more"), "it is no whole XLSX file");
}
