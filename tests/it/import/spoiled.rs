//! What other programs spoiled before the import: quotation marks, telephone numbers, characters that nobody sees.

use rust_xlsxwriter::Workbook;

use super::{import, of_row, office, shown};

const MAPPING: &str = r#"
format = 1
[constants]
route = "right_to_ask"
"received.by" = "archive"
"received.channel" = "other"
"applicant.relationship_to_child" = "other"
"applicant.safe_contact.method" = "phone"
"applicant.safe_contact.letters" = false
"children.0.contact" = "unknown"
"children.0.relationship_to_subject" = "unknown"
"children.0.parents_aware.mother" = "unknown"
"children.0.parents_aware.father" = "unknown"
concern = "Not recorded."
[columns.Ref]
to = "former_reference"
[columns.Received]
to = "received.at"
[columns.Applicant]
to = "applicant.name"
[columns.Phone]
to = "applicant.phone"
[columns.Subject]
to = "subject.name"
[columns.Child]
to = "children.0.name"
"#;
const HEADINGS: [&str; 6] = ["Ref", "Received", "Applicant", "Phone", "Subject", "Child"];

fn csv(rows: &[&str]) -> String {
    format!("{}\n{}\n", HEADINGS.join(","), rows.join("\n"))
}

#[test]
fn a_row_with_a_stray_quotation_mark_is_rejected_and_kept_for_mending() {
    let world = office();
    let text = csv(&[
        "OLD/1,2015-03-02,\"Alex \"Lex\" Twelve\",,Sam Placeholder,Kim Example",
        "OLD/2,2015-03-02,\"Alex \"\"Lex\"\" Thirteen\",,Sam Placeholder,Kim Example",
    ]);
    let problems = import(&world, "a.csv", text.as_bytes(), MAPPING).problems(6);
    assert!(problems.len() == 1 && problems[0].starts_with("row 2: a quotation mark stands"), "{problems:?}");
    let rejects = world.dir().join("rejects.csv");
    let command = import(&world, "a.csv", text.as_bytes(), MAPPING).arg("--accept-rest").arg("--rejects");
    command.arg(rejects.to_str().unwrap()).run();
    let kept = std::fs::read_to_string(rejects).unwrap();
    assert!(kept.contains("OLD/1") && !kept.contains("OLD/2"), "{kept}");
    let names = world.csods("search Thirteen").json();
    assert_eq!(names["cases"].as_array().unwrap().len(), 1);
    assert_eq!(world.csods("search Twelve").json()["cases"].as_array().unwrap().len(), 0);
}

#[test]
fn a_telephone_number_without_its_digits_is_rejected_and_without_its_zero_mended() {
    let world = office();
    let lost = csv(&["OLD/1,2015-03-02,Alex Example,4.41632E+11,Sam Placeholder,Kim Example"]);
    let ran = import(&world, "a.csv", lost.as_bytes(), MAPPING).refused(6);
    assert!(
        ran.stderr.contains("row 2, Phone: ") && ran.stderr.contains("its digits are lost"),
        "{}",
        ran.stderr
    );
    assert!(!ran.stderr.contains("41632"), "{}", ran.stderr);

    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in (0..).zip(HEADINGS) {
        sheet.write(0, column, heading).unwrap();
    }
    for (row, number) in (1..).zip([1_632_960_777.0, 441_632_960_778.0]) {
        let cells = ["OLD", "2015-03-02", "Alex Example", "", "Sam Placeholder", "Kim Example"];
        for (column, cell) in (0..).zip(cells) {
            sheet
                .write(
                    row,
                    column,
                    format!("{cell}{}", if column == 0 { row.to_string() } else { String::new() }),
                )
                .unwrap();
        }
        sheet.write(row, 3, number).unwrap();
    }
    let book = book.save_to_buffer().unwrap();
    let answer = import(&world, "a.xlsx", &book, MAPPING).recorded();
    let phone = |row| shown(&world, &of_row(&answer, row))["case"]["applicant"]["phone"].clone();
    assert_eq!((phone(2), phone(3)), ("01632960777".into(), "+441632960778".into()));
    for number in ["01632 960777", "01632960778"] {
        let found = world.csods("search").arg(number).json();
        assert_eq!(found["cases"].as_array().unwrap().len(), 1, "{number}");
    }
}

#[test]
fn l1b_characters_that_nobody_sees_are_dropped() {
    let world = office();
    let row =
        "OLD/1,2015-03-02,Al\u{200b}ex Example,,S\u{e0061}am Kowal\u{ad}ska,\u{2066}Kim\u{2069} Example";
    let answer = import(&world, "a.csv", csv(&[row]).as_bytes(), MAPPING).recorded();
    let case = &shown(&world, &of_row(&answer, 2))["case"];
    assert_eq!(case["applicant"]["name"]["given"], "Alex");
    assert_eq!(case["subject"]["name"]["given"], "Sam");
    assert_eq!(case["subject"]["name"]["family"], "Kowalska");
    assert_eq!(case["children"][0]["name"]["given"], "Kim");
}
