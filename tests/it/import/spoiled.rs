//! What other programs spoiled before the import: quotation marks, telephone numbers, characters that nobody sees.

use rust_xlsxwriter::Workbook;

use super::{MAPPING, import, of_row, office, shown};
use crate::old_register::{headings, register};

/// The mapping of the register, with a telephone number.
fn mapping() -> String {
    format!("{MAPPING}\n[columns.Phone]\nto = \"applicant.phone\"\n")
}

/// A row whose applicant, telephone number, subject and child are these.
fn row<'c>(
    reference: &'c str,
    [applicant, phone, subject, child]: [&'c str; 4],
) -> Vec<(&'static str, &'c str)> {
    vec![
        ("Ref", reference),
        ("Date received", "02/03/2015"),
        ("How received", "Web"),
        ("Relationship", "Mother"),
        ("Applicant Forename", applicant),
        ("Phone", phone),
        ("Subject name", subject),
        ("Child 1", child),
    ]
}

#[test]
fn a_row_with_a_stray_quotation_mark_is_rejected_and_kept_for_mending() {
    let world = office();
    let text = register(&[
        row("OLD/1", ["\"Alex \"Lex\" Twelve\"", "", "Sam Placeholder", "Kim Example"]),
        row("OLD/2", ["\"Alex \"\"Lex\"\" Thirteen\"", "", "Sam Placeholder", "Kim Example"]),
    ]);
    let problems = import(&world, "a.csv", text.as_bytes(), &mapping()).problems(6);
    assert!(problems.len() == 1 && problems[0].starts_with("row 2: a quotation mark stands"), "{problems:?}");
    let rejects = world.dir().join("rejects.csv");
    let command = import(&world, "a.csv", text.as_bytes(), &mapping()).arg("--accept-rest").arg("--rejects");
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
    let lost = register(&[row("OLD/1", ["Alex Example", "4.41632E+11", "Sam Placeholder", "Kim Example"])]);
    let ran = import(&world, "a.csv", lost.as_bytes(), &mapping()).refused(6);
    assert!(
        ran.stderr.contains("row 2, Phone: ") && ran.stderr.contains("its digits are lost"),
        "{}",
        ran.stderr
    );
    assert!(!ran.stderr.contains("41632"), "{}", ran.stderr);

    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let numbers = [("OLD/1", 1_632_960_777.0), ("OLD/2", 441_632_960_778.0)];
    for (line, (reference, number)) in (1..).zip(numbers) {
        let cells = row(reference, ["Alex Example", "", "Sam Placeholder", "Kim Example"]);
        for (column, heading) in (0..).zip(headings().into_iter().chain(["Phone"])) {
            sheet.write(0, column, heading).unwrap();
            match cells.iter().find(|(of, _)| *of == heading) {
                Some(("Phone", _)) => sheet.write(line, column, number).unwrap(),
                Some((_, cell)) => sheet.write(line, column, *cell).unwrap(),
                None => sheet,
            };
        }
    }
    let book = book.save_to_buffer().unwrap();
    let answer = import(&world, "a.xlsx", &book, &mapping()).recorded();
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
    let names = ["Al\u{200b}ex", "", "S\u{e0061}am Kowal\u{ad}ska", "\u{2066}Kim\u{2069} Example"];
    let answer = import(&world, "a.csv", register(&[row("OLD/1", names)]).as_bytes(), &mapping()).recorded();
    let case = &shown(&world, &of_row(&answer, 2))["case"];
    assert_eq!(case["applicant"]["name"]["given"], "Alex");
    assert_eq!(case["subject"]["name"]["given"], "Sam");
    assert_eq!(case["subject"]["name"]["family"], "Kowalska");
    assert_eq!(case["children"][0]["name"]["given"], "Kim");
}
