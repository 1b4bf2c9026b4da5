//! What the index keeps of a case.

use crate::domain::search;
use crate::domain::settings::Settings;
use crate::domain::similarity;
use crate::domain::statistics::Facts;
use crate::error::Error;
use crate::store::files;

use super::gather::Gathered;
use super::pack::{self, Pack};

/// What is kept of a case besides its words; the bytes are sealed for the key of its row when they are put there.
pub(super) struct Entry {
    pub(super) open: bool,
    /// When its most pressing clock runs out, in seconds since 1970.
    pub(super) due: Option<i64>,
    /// When it was received, in seconds since 1970.
    pub(super) received: i64,
    pub(super) row: Pack,
    /// The first and the last second at which something happened that is counted.
    pub(super) span: (i64, i64),
    /// What the numbers need of it; nothing personal.
    pub(super) facts: Pack,
    /// None where nothing personal may be kept.
    pub(super) people: Option<Pack>,
}

impl Entry {
    /// Of the case in the file at `path`; its words and marks, under the number `doc`, go to `gathered`, none where nothing
    /// personal may be kept. An error, and no words, where the case cannot be read, or a clock of it not be counted.
    pub(super) fn read(
        path: &str,
        bytes: &[u8],
        settings: &Settings,
        doc: u32,
        gathered: &mut Gathered,
    ) -> Result<Entry, Error> {
        let (case, tree) = files::case_and_tree(path, bytes)?;
        let row = files::row(&case, settings)?;
        let facts = Facts::of(&case, settings).map_err(|error| Error::from(error).place(path))?;
        let (first, last) = facts.span();
        let mut kept = None;
        if settings.keeps_personal() {
            search::each_word(&tree, |field, word| gathered.word(doc, field, word));
            let people = similarity::people(&case);
            for (mark, text, sketch) in people.iter().flat_map(|someone| someone.keys().marks()) {
                gathered.mark(doc, mark, &text, sketch);
            }
            kept = Some(pack::people(&people));
        }
        Ok(Entry {
            open: row.is_open(),
            due: row.pressing.map(|pressing| pressing.due.unix()),
            received: row.received.unix(),
            row: pack::row(&row),
            span: (first.unix(), last.unix()),
            facts: pack::facts(&facts),
            people: kept,
        })
    }
}
