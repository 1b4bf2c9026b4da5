//! Spreadsheets, forms, and files in other letters.

use std::fs;

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use serde_json::Value;

use super::{MAPPING, REGISTER, import, of_row, office, shown};
use crate::support::{At, World};

const FORMS: &str = include_str!("../../import/forms.json");
const FORMS_MAPPING: &str = include_str!("../../import/forms.toml");

/// The first and the last row of the register as a spreadsheet has them: real dates, a formula, a second sheet.
fn spreadsheet() -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Notes").unwrap().write(0, 0, "nothing here").unwrap();
    let sheet = book.add_worksheet().set_name("Register").unwrap();
    let day = Format::new().set_num_format("dd/mm/yyyy");
    for (at, heading) in REGISTER.lines().next().unwrap().split(',').enumerate() {
        sheet.write(0, u16::try_from(at).unwrap(), heading).unwrap();
    }
    for (column, cell) in [
        (0, "PPU/2014/017"),
        (2, "Web"),
        (3, "Example"),
        (4, "Alex"),
        (6, "1 Sample Street,\nMaidstone"),
        (7, "Mother"),
        (8, "Sam Placeholder"),
        (10, "Charlie Example"),
        (17, "Disclosed"),
        (20, "Disclosed"),
    ] {
        sheet.write(4, column, cell).unwrap();
    }
    let mut date = |column, year, month, on| {
        let date = ExcelDateTime::from_ymd(year, month, on).unwrap();
        sheet.write_datetime_with_format(4, column, &date, &day).unwrap();
    };
    date(1, 2014, 2, 3);
    date(5, 1988, 4, 17);
    date(9, 1979, 11, 2);
    date(18, 2014, 3, 14);
    sheet.write_formula_with_format(4, 19, Formula::new("=S5+6").set_result("41718"), &day).unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn a_spreadsheet_comes_in_like_a_register() {
    let world = office();
    let book = spreadsheet();
    let answer = import(&world, "register.xlsx", &book, MAPPING).arg("--sheet").arg("Register").recorded();
    let case = &shown(&world, &of_row(&answer, 5))["case"];
    assert_eq!(case["received"]["at"], "2014-02-03T09:00:00Z");
    assert_eq!(case["applicant"]["date_of_birth"], "1988-04-17");
    assert_eq!(case["applicant"]["address"], "1 Sample Street, Maidstone");
    // The value that the formula had.
    assert_eq!(case["closure"]["at"], "2014-03-20T17:00:00Z");
    // The first sheet is meant where none is named, and its columns are not those of the mapping.
    import(&world, "other.xlsx", &book, MAPPING).refused(6);
    let ran = import(&world, "other.xlsx", &book, MAPPING).arg("--sheet").arg("None such").refused(6);
    assert!(ran.stderr.contains("hint: it has: Notes, Register"), "{}", ran.stderr);
    let broken = import(&world, "broken.xlsx", &book[..book.len() / 2], MAPPING).refused(6);
    assert!(broken.stderr.contains("it is no whole XLSX file"), "{}", broken.stderr);
}

#[test]
fn forms_of_the_online_kind_come_in_nested_or_a_line_each() {
    let world = World::at(At::Empty);
    let answer = import(&world, "forms.json", FORMS.as_bytes(), FORMS_MAPPING).recorded();
    let case = &shown(&world, &of_row(&answer, 1))["case"];
    assert_eq!(case["received"]["at"], "2026-03-01T18:20:05Z");
    assert_eq!(case["children"].as_array().unwrap().len(), 2);
    assert_eq!(case["concern"], "He moved in.\nHe asks to be alone with them.");
    let other = &shown(&world, &of_row(&answer, 2))["case"];
    assert_eq!(other["children"].as_array().unwrap().len(), 1);
    assert_eq!(other["applicant"]["relationship_to_child"], "other");
    assert!(other["applicant"]["email"].is_null(), "{other}");
    let forms: Vec<Value> = serde_json::from_str(FORMS).unwrap();
    let lines: Vec<String> = forms.iter().map(|form| form.to_string().replace("F-00", "G-00")).collect();
    let answer = import(&world, "forms.ndjson", lines.join("\n").as_bytes(), FORMS_MAPPING).recorded();
    assert_eq!(answer["cases"][1]["row"], 2);
    // A key that the mapping does not know is not lost in silence.
    let more = FORMS.replace("\"safeToCall\": true", "\"safeToCall\": true, \"housing\": {\"tenant\": true}");
    let problems = import(&world, "more.json", more.as_bytes(), FORMS_MAPPING).problems(6);
    assert_eq!(problems, ["housing.tenant: is neither mapped nor ignored by the mapping"]);
}

#[test]
fn rejected_forms_can_be_mended_as_a_table() {
    let world = World::at(At::Empty);
    let wrong = FORMS.replace("\"2026-03-02T07:00:00Z\"", "\"yesterday\"");
    let rejects = world.dir().join("rejects.csv");
    let command = import(&world, "forms.json", wrong.as_bytes(), FORMS_MAPPING);
    let ran = command.arg("--accept-rest").arg("--rejects").arg(rejects.to_str().unwrap()).run();
    assert_eq!((ran.code, ran.commits), (11, 1), "{}{}", ran.stdout, ran.stderr);
    let mended = fs::read_to_string(&rejects).unwrap().replace("yesterday", "2026-03-02T07:00:00Z");
    let answer = import(&world, "mended.csv", mended.as_bytes(), FORMS_MAPPING).recorded();
    assert_eq!(answer["cases"].as_array().unwrap().len(), 1);
}

#[test]
fn older_letters_are_read_where_the_mapping_says_so() {
    let world = office();
    let row = REGISTER.lines().take(5).collect::<Vec<_>>().join("\n").replace("Alex", "Ren\u{e9}");
    let bytes: Vec<u8> = row.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let ran = import(&world, "old.csv", &bytes, MAPPING).refused(6);
    assert!(ran.stderr.contains("line 2 is not in UTF-8"), "{}", ran.stderr);
    let mapping = MAPPING.replace("[file]", "[file]\nencoding = \"windows-1252\"");
    let answer = import(&world, "old.csv", &bytes, &mapping).recorded();
    let case = &shown(&world, &of_row(&answer, 2))["case"];
    assert_eq!(case["applicant"]["name"]["given"], "Ren\u{e9}");
}
