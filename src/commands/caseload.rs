//! Reading many cases: from the index where it can be had, from their files where not. The answer is the same.
//!
//! Fails closed: one case that cannot be read, or a clock of it not be counted, makes the whole fail and is named, unless
//! `--allow-partial` asks for an answer without it; the answer then says so.

use std::collections::BTreeSet;

use crate::context::{Context, Office};
use crate::domain::case::Case;
use crate::domain::node::Node;
use crate::domain::query::{Narrow, Query};
use crate::domain::reference::Reference;
use crate::domain::row::Row;
use crate::domain::search::{self, Tally, Term};
use crate::domain::settings::Settings;
use crate::domain::similarity::{self, Alike, Compared};
use crate::domain::statistics::Facts;
use crate::domain::time::Instant;
use crate::error::Error;
use crate::output::{Bar, Report};
use crate::store::{Broken, CASES, Index, Snapshot, Sought, Store, files};

/// Whether an answer may leave out what cannot be read.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct Partial {
    /// Answer even where a case cannot be read; the answer says which cases it leaves out
    #[arg(long)]
    pub allow_partial: bool,
}

/// What was read, and the files that had to be left out.
pub struct Read<T> {
    /// The answer.
    pub found: T,
    /// The paths of what could not be read, in order.
    pub left_out: Vec<String>,
}

impl<T> Read<T> {
    /// Marks a report where something is left out.
    pub fn mark(&self, report: Report) -> Report {
        if self.left_out.is_empty() { report } else { report.partial(&self.left_out) }
    }
}

/// The cases of an office, to be asked.
pub struct Caseload<'o> {
    context: &'o Context,
    store: &'o Store,
    head: &'o Snapshot,
    settings: &'o Settings,
    partial: Partial,
}

impl<'o> Caseload<'o> {
    /// The cases at HEAD as the command began.
    pub fn new(context: &'o Context, office: &'o Office, partial: Partial) -> Caseload<'o> {
        let Office { store, head, settings } = office;
        Caseload { context, store, head, settings, partial }
    }

    /// The same at a commit that came later, with the settings that hold there.
    pub fn at(self, head: &'o Snapshot, settings: &'o Settings) -> Caseload<'o> {
        Caseload { head, settings, ..self }
    }

    /// The rows that fit, in no order.
    pub fn rows(&self, query: &Query) -> Result<Read<Vec<Row>>, Error> {
        let (now, zone) = (self.context.now, self.settings.zone());
        let fits = |row: &Row| query.fits(row, now, zone);
        if let Some(read) = self.ask(|index| index.rows(query.narrow(now), fits))? {
            return Ok(read);
        }
        self.every(|_, _, row| fits(&row).then_some(row))
    }

    /// The cases that answer the terms and fit, best first, at most so many; and how many there are in all.
    pub fn search(
        &self,
        terms: &[Term],
        query: &Query,
        most: usize,
    ) -> Result<Read<(Vec<Sought>, usize)>, Error> {
        let (now, zone) = (self.context.now, self.settings.zone());
        let fits = |row: &Row| query.fits(row, now, zone);
        let keep = (!query.0.is_empty()).then_some(&fits as &dyn Fn(&Row) -> bool);
        if let Some(read) = self.ask(|index| index.search(terms, most, keep))? {
            return Ok(read);
        }
        let read = self.every(|_, tree, row| {
            let words = search::words(tree);
            let mut tally = Tally::default();
            for term in terms {
                tally.next_term();
                search::answer(&mut tally, term, 0, &words);
            }
            let found = tally.finish().into_iter().next().filter(|_| fits(&row))?;
            Some(Sought { row, score: found.score, fields: found.fields })
        })?;
        let mut found = read.found;
        let total = found.len();
        found.sort_by(Sought::order);
        found.truncate(most);
        Ok(Read { found: (found, total), left_out: read.left_out })
    }

    /// The cases with somebody like one of these people, in no order; `None` where the index has no answer (L1).
    pub fn alike_in_index(&self, ours: &Compared) -> Result<Option<Read<Vec<Alike>>>, Error> {
        self.ask(|index| index.alike(ours))
    }

    /// The people of every case, made ready to be compared.
    pub fn people(&self) -> Result<Read<Vec<(Reference, Compared)>>, Error> {
        if let Some(read) = self.ask(Index::people)? {
            return Ok(read);
        }
        self.every(|case, _, row| Some((row.reference, similarity::alikes(&similarity::people(case)))))
    }

    /// The cases with somebody like one of these people, likest first (L1).
    pub fn alike(&self, ours: &Compared) -> Result<Read<Vec<Alike>>, Error> {
        let read = match self.alike_in_index(ours)? {
            Some(read) => read,
            None => self.every(|case, _, row| {
                let theirs = similarity::alikes(&similarity::people(case));
                let pairs = similarity::pairs(ours, &theirs);
                (!pairs.is_empty()).then_some(Alike { reference: row.reference, pairs })
            })?,
        };
        let mut found = read.found;
        found.sort_by(Alike::order);
        Ok(Read { found, left_out: read.left_out })
    }

    /// The same without those that cannot be read, where the index can say it at once; else `None`.
    pub fn alike_at_hand(&self, ours: &Compared) -> Option<Read<Vec<Alike>>> {
        let mut read = self.ask_at_hand(|index| {
            let left_out = index.unreadable()?;
            Ok(Read { found: index.alike(ours)?, left_out })
        })?;
        read.found.sort_by(Alike::order);
        Some(read)
    }

    /// The cases that are not closed, where the index can say it at once and every case can be read; else `None`.
    pub fn open_at_hand(&self) -> Option<BTreeSet<Reference>> {
        let open = |index: &Index| match index.unreadable()?.is_empty() {
            true => index.rows(Narrow { open: true, due_before: None }, Row::is_open),
            false => Err(Broken::Unusable),
        };
        let rows = self.ask_at_hand(open)?;
        Some(rows.into_iter().map(|row| row.reference).collect())
    }

    /// What the numbers need of the cases of which something happened between two instants; `None` where the index has
    /// no answer.
    pub fn facts(&self, from: Option<Instant>, to: Option<Instant>) -> Result<Option<Vec<Facts>>, Error> {
        Ok(self.ask(|index| index.facts(from, to))?.map(|read| read.found))
    }

    /// Asks the index only where it can answer at once.
    fn ask_at_hand<T>(&self, ask: impl Fn(&Index) -> Result<T, Broken>) -> Option<T> {
        let (store, head, settings) = (self.store, self.head, self.settings);
        let ask = |index: &Index| {
            self.saw_newest(index)?;
            ask(index)
        };
        (!self.context.options.no_index).then(|| store.ask_index_at_hand(head, settings, ask))?
    }

    /// C10: notes when the newest application was received.
    fn saw_newest(&self, index: &Index) -> Result<(), Broken> {
        if let Some(at) = index.newest_receipt()? {
            self.context.saw_receipt(at);
        }
        Ok(())
    }

    /// Asks the index; `None` where it has no answer.
    fn ask<T>(&self, ask: impl Fn(&Index) -> Result<T, Broken>) -> Result<Option<Read<T>>, Error> {
        if self.context.options.no_index {
            return Ok(None);
        }
        let bar = Bar::new(self.context.options.quiet);
        let progress = |done, all| bar.at(done, all);
        let answer = self.store.ask_index(self.head, self.settings, &progress, |index| {
            self.saw_newest(index)?;
            // What is left out is asked for first: without leave there is no answer at all.
            let left_out = index.unreadable()?;
            let found =
                if left_out.is_empty() || self.partial.allow_partial { Some(ask(index)?) } else { None };
            Ok((found, left_out))
        });
        match answer {
            Some((Some(found), left_out)) => Ok(Some(Read { found, left_out })),
            Some((None, left_out)) => self.refuse(&left_out),
            None => Ok(None),
        }
    }

    /// Says what is wrong with the first case that cannot be read.
    fn refuse<T>(&self, paths: &[String]) -> Result<Option<T>, Error> {
        for path in paths {
            let bytes = self.head.read(path)?.unwrap_or_default();
            files::row(&files::case_at(path, &bytes)?, self.settings)?;
        }
        Ok(None)
    }

    /// Reads every case; what `each` makes of them, in the order of their paths.
    fn every<T: Send>(
        &self,
        each: impl Fn(&Case, &Node, Row) -> Option<T> + Sync,
    ) -> Result<Read<Vec<T>>, Error> {
        let (head, settings) = (self.head, self.settings);
        let (mut found, mut left_out) = (Vec::new(), Vec::new());
        let mut first_failed: Option<(usize, Error)> = None;
        let one = |path: &str, bytes: &[u8]| {
            files::case_and_tree(path, bytes).and_then(|(case, tree)| {
                self.context.saw_receipt(case.received.at.0);
                let row = files::row(&case, settings)?;
                Ok(each(&case, &tree, row))
            })
        };
        let paths = if self.partial.allow_partial {
            let entries = head.entries_below(CASES)?;
            left_out.extend(entries.foreign.into_iter().filter_map(|error| error.place));
            entries.files
        } else {
            head.case_paths()?
        };
        head.read_each(&paths, one, |position, made| {
            match made {
                Ok(made) => found.extend(made.map(|made| (position, made))),
                Err(_) if self.partial.allow_partial => left_out.push(paths[position].0.clone()),
                // Of many that cannot be read the first by path is named, in whichever order they are read.
                Err(error) if first_failed.as_ref().is_none_or(|(first, _)| position < *first) => {
                    first_failed = Some((position, error));
                }
                Err(_) => {}
            }
            Ok::<(), Error>(())
        })?;
        if let Some((_, error)) = first_failed {
            return Err(error);
        }
        found.sort_unstable_by_key(|(position, _)| *position);
        left_out.sort_unstable();
        let found = found.into_iter().map(|(_, made)| made).collect();
        Ok(Read { found, left_out })
    }
}
