//! Journals: one that was cut off or damaged is none, and none names a file outside the store.

use super::parse;
use crate::fuzz::{files, run};
use crate::store::layout::check_path;

#[test]
fn journal() {
    let words = ["file - - - ", "../", "/", ".git/", "end\n", "\n", "\0", "-", "refs/heads/main"];
    run("journal", &files("tests/fuzz/corpus/journal"), &words, |input| {
        let Ok(text) = std::str::from_utf8(input) else { return };
        let Some(journal) = parse(text) else { return };
        assert!(journal.files.iter().all(|file| check_path(&file.path).is_ok()));
        assert!(parse(&journal.write()) == Some(journal));
    });
}
