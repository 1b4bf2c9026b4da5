//! Letters as PDF: what other programs see in them. Each of these that is missing on a machine is named and passed over;
//! the gate installs them. The files stay in the directory for temporary files of the build, to be looked at.

mod letters;

use std::fs;
use std::path::PathBuf;

use csods::domain::time::Day;
use csods::output::letter::document::Document;
use csods::output::letter::pdf::{Look, Print, pdf};

fn look(print: Print) -> Look {
    Look { print, date: Day::new(2026, 3, 2).unwrap() }
}

fn file(name: &str, document: &Document, print: Print) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("letters");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("{name}.pdf"));
    fs::write(&path, pdf(document, &look(print)).unwrap()).unwrap();
    path
}

#[test]
fn letters_are_made() {
    file("acknowledgement", &letters::acknowledgement(), Print::Normal);
    file("acknowledgement-large", &letters::acknowledgement(), Print::Large);
    file("summary", &letters::summary(), Print::Normal);
    file("summary-large", &letters::summary(), Print::Large);
    file("hostile", &letters::hostile(), Print::Normal);
}
