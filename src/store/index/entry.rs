//! What the index keeps of a case.

use crate::domain::row::Row;
use crate::domain::search::{self, FieldId};
use crate::domain::settings::Settings;
use crate::domain::similarity::{self, Mark, Someone};
use crate::domain::statistics::Facts;
use crate::error::Error;
use crate::store::files;

/// The numbers of the marks of people lie above those of the fields that are searched.
const MARKS: FieldId = 120;

/// What is kept of a case.
pub(super) struct Entry {
    pub(super) row: Row,
    /// What the numbers need of it; nothing personal.
    pub(super) facts: Facts,
    /// The words to search for and the marks of people; none where nothing personal may be kept.
    pub(super) words: Vec<(FieldId, Box<str>)>,
    pub(super) people: Vec<Someone>,
}

/// Whether a number is that of a field that is searched.
pub(super) fn is_searched(field: FieldId) -> bool {
    field < MARKS
}

/// How a mark of a person stands among the words.
pub(super) fn mark(mark: Mark, text: &str) -> (FieldId, String) {
    (MARKS + mark as FieldId, format!("!{text}"))
}

impl Entry {
    /// Of the case in the file at `path`. An error where the case cannot be read, or a clock of it not be counted.
    pub(super) fn read(path: &str, bytes: &[u8], settings: &Settings) -> Result<Entry, Error> {
        let (case, tree) = files::case_and_tree(path, bytes)?;
        let row = files::row(&case, settings)?;
        let facts = Facts::of(&case, settings).map_err(|error| Error::from(error).place(path))?;
        if !settings.keeps_personal() {
            return Ok(Entry { row, facts, words: Vec::new(), people: Vec::new() });
        }
        let mut words = search::words(&tree);
        let people = similarity::people(&case);
        let marks = people.iter().flat_map(|someone| someone.keys().marks());
        words.extend(marks.map(|(kind, text)| {
            let (field, word) = mark(kind, &text);
            (field, word.into_boxed_str())
        }));
        words.sort_unstable();
        words.dedup();
        Ok(Entry { row, facts, words, people })
    }
}
