//! Very many actions as one change: each is tried on the case as those before it leave it, and nothing is written until all
//! of them are; then they come into history as one commit, or as one commit a case, all together.
//!
//! It is the same door as for one action ([`workflow::apply`]) and the same lock, taken once. What stands in memory does
//! not grow with the cases: they wait in the directory of the change (see [`place`]).

pub mod again;
pub mod key;
pub mod marks;
pub mod message;
pub mod place;
mod units;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use self::again::Asked;
use self::key::Key;
use self::marks::Marks;
use self::message::Done;
use self::place::Place;
use self::units::{Open, Unit};
use super::caseload::Caseload;
use super::change::{self, Planned};
use super::similar::{Others, WITHOUT_DAMAGED};
use super::{find, new};
use crate::context::{Context, Office};
use crate::domain::action::{Action, ActionKind};
use crate::domain::case::{Case, Stage};
use crate::domain::history::{self, Named};
use crate::domain::node::Node;
use crate::domain::reference::{Reference, Wanted};
use crate::domain::settings::Settings;
use crate::domain::workflow::{self, Moment, Refusal};
use crate::error::{Error, Kind};
use crate::store::{Change, CommitId, LARGEST, Snapshot, Step, files};

/// How a batch comes into history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// As one commit.
    OneCommit,
    /// As one commit for each case; cases that were linked have one together.
    PerCase,
}

/// A batch in the making. Dropped, it has changed nothing.
pub struct Batch<'o> {
    context: &'o Context,
    office: &'o Office,
    /// Who acts, and when: the same for all of it.
    pub moment: Moment,
    settings: Cow<'o, Settings>,
    /// The command, for the subject of its commits.
    word: &'static str,
    how: How,
    place: Place<'o>,
    marks: Marks,
    units: Vec<Unit>,
    open: HashMap<Reference, Open>,
    others: Others,
    /// What is to be said of cases that new ones could not be compared with.
    not_compared: Option<String>,
    notes: Vec<(&'static str, String)>,
    count: u64,
}

/// The case file is written out, to check its size, each time a batch has added this many bytes of text to it.
const MUCH_TEXT: usize = 1 << 14;
/// The most bytes of the file that one byte of a line can become, because of escapes and indentation.
const GROWTH: usize = 8;
/// The bytes that each line adds besides its text: the id, time and person of a record, with their keys.
const RECORD: usize = 64;

/// What was done to a case.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// The case.
    pub reference: Reference,
    /// Its stage before; `None` where it was opened.
    pub before: Option<Stage>,
    /// Its stage now.
    pub stage: Stage,
    /// Earlier cases that look alike (L1), where it was opened.
    pub similar: Box<[Reference]>,
    /// What its mark names (see [`again::made`]).
    made: Box<str>,
    /// Whether it was recorded with the time of its entry, because the time that was stated cannot be right (C10).
    pub retimed: bool,
    unit: usize,
}

/// An action that was done to a case.
struct Applied {
    named: Vec<Named>,
    before: Option<Stage>,
    after: Case,
}

/// The commits of a batch that was made.
#[derive(Debug)]
pub struct Commits {
    of_unit: Vec<CommitId>,
    /// All of them, in their order.
    pub all: Vec<CommitId>,
}

impl Commits {
    /// The commit in which something was recorded.
    pub fn of(&self, recorded: &Recorded) -> Option<CommitId> {
        self.of_unit.get(recorded.unit).copied()
    }
}

impl<'o> Batch<'o> {
    /// Begins in a change that was begun; without one it is only tried, on the store as the command found it.
    pub fn begin(
        context: &'o Context,
        office: &'o Office,
        word: &'static str,
        how: How,
        change: Option<Change<'o>>,
    ) -> Result<Batch<'o>, Error> {
        let moment = context.moment(office)?;
        let place = change.map_or_else(|| Place::nowhere(&office.head), Place::change);
        let moment = context.entering(&moment)?;
        let settings = office.settings_at(place.head())?;
        Ok(Batch {
            context,
            office,
            moment,
            marks: Marks::new(Key::of(&settings)),
            settings,
            word,
            how,
            place,
            units: Vec::new(),
            open: HashMap::new(),
            others: Others::default(),
            not_compared: None,
            notes: Vec::new(),
            count: 0,
        })
    }

    /// What is to be said of cases that could not be read, and so not be compared with new ones.
    pub fn not_compared(&self) -> Option<String> {
        self.not_compared.clone()
    }

    /// The store as the batch found it.
    pub fn head(&self) -> &Snapshot {
        self.place.head()
    }

    /// The settings by which everything is judged.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// A trailer that every commit of the batch bears. Nothing personal may stand in it (X1).
    pub fn note(&mut self, key: &'static str, value: String) {
        self.notes.push((key, value));
    }

    /// The case that `typed` names, of the store or opened by this batch.
    pub fn find(&self, typed: &str) -> Result<Reference, Error> {
        let whole = Wanted::parse(typed).ok().and_then(|wanted| wanted.whole());
        match whole.filter(|whole| self.open.get(whole).is_some_and(|open| open.new)) {
            Some(whole) => Ok(whole),
            None => find::reference(self.head(), typed),
        }
    }

    /// A case as the batch leaves it so far.
    pub fn case(&mut self, reference: &Reference) -> Result<Option<Rc<Case>>, Error> {
        self.place.case(reference)
    }

    /// Does one action; for `link`, two, one on each case.
    ///
    /// # Errors
    /// What the action's own command would say; the batch stays as it was.
    pub fn add(&mut self, plan: Vec<Planned>) -> Result<Recorded, Error> {
        self.count += 1;
        let mut applied = Vec::new();
        let mut retimed = false;
        let brought = plan.iter().map(|planned| letters(&planned.given) + RECORD).sum();
        for Planned { reference, kind, mut given } in plan {
            let Some(before) = self.place.case(&reference)? else {
                return Err(Error::new(
                    Kind::NotFound,
                    format!("there is no case {reference} in this store"),
                ));
            };
            let ids = self.place.ids(&before);
            let (moment, settings) = (&self.moment, &*self.settings);
            let chance = self.context.chance_of(self.count);
            let (action, after, drawn) =
                change::unasked(kind, Some(&before), &mut given, moment, settings, |given| {
                    let fill = Context::fill_beside(chance.clone(), moment, settings, Rc::clone(&ids));
                    let action = kind.read(given, &fill, Some(&reference)).map_err(Refusal::Problems)?;
                    let after = workflow::apply(Some(&before), &action, moment, settings)?;
                    Ok((action, after, fill.used.into_inner()))
                })?;
            drop(ids);
            self.place.add_ids(&reference, drawn);
            retimed |= kind == ActionKind::Urgent && workflow::ahead::is_time_of_entry(&given, &after);
            let named = history::names(&action, Some(&before));
            applied.push(Applied { named, before: Some(before.stage), after });
        }
        self.record(applied, brought, Box::default()).map(|recorded| Recorded { retimed, ..recorded })
    }

    /// Opens a case under a free reference, pointing out those that look alike.
    ///
    /// # Errors
    /// What `csods new` would say; the batch stays as it was.
    pub fn open(&mut self, mut given: Node) -> Result<Recorded, Error> {
        self.count += 1;
        let kind = ActionKind::New;
        let chance = self.context.chance_of(self.count);
        // The year is known only with the answers: until then a reference of this year stands in.
        let stand_in = self.free_reference(self.settings.zone().day(self.moment.now).year(), 0)?;
        let (moment, settings) = (&self.moment, &*self.settings);
        let fill = || Context::fill_by(chance.clone(), moment, settings, None);
        let opening = change::unasked(kind, None, &mut given, moment, settings, |given| {
            let action = kind.read(given, &fill(), Some(&stand_in)).map_err(Refusal::Problems)?;
            workflow::apply(None, &action, moment, settings)?;
            match action {
                Action::New(_, opening) => Ok(opening),
                _ => Err(Refusal::Problems(Vec::new())),
            }
        });
        let mut opening = opening?;
        let fill = fill();
        // Its own items keep their ids.
        fill.used.borrow_mut().extend(opening.children.0.iter().map(|child| child.id.clone()));
        let caseload = Caseload::new(self.context, self.office, WITHOUT_DAMAGED);
        let caseload = caseload.at(self.place.head(), &self.settings);
        let similar = self.others.signals(&caseload, &fill, &opening)?;
        if self.not_compared.is_none() {
            self.not_compared = similar.not_compared();
        }
        opening.signals = similar.signals;
        let year = self.settings.zone().day(opening.received.at.0).year();
        let reference = self.free_reference(year, 1)?;
        let similar = opening.signals.iter().map(|signal| signal.to.clone()).collect();
        let action = Action::New(reference, opening);
        let case = workflow::apply(None, &action, &self.moment, &self.settings)
            .map_err(|refusal| refusal.into_error(kind))?;
        let brought = letters(&given) + RECORD;
        let named = history::names(&action, None);
        self.record(vec![Applied { named, before: None, after: case }], brought, similar)
    }

    fn free_reference(&self, year: i32, turn: u64) -> Result<Reference, Error> {
        let mut chance = self.context.chance_of(self.count << 1 | turn);
        let taken = |reference: &Reference| self.open.contains_key(reference);
        new::free_reference(self.context, self.office, self.head(), taken, year, &mut chance)
    }

    /// Takes in what was applied, the cases of one line.
    fn record(
        &mut self,
        applied: Vec<Applied>,
        brought: usize,
        similar: Box<[Reference]>,
    ) -> Result<Recorded, Error> {
        let mut rooms = Vec::new();
        for Applied { after, .. } in &applied {
            let (before, mut room) =
                self.open.get(&after.reference).map_or((0, MUCH_TEXT), |open| (open.brought, open.room));
            if before + brought > room {
                let size = files::write_case(after)?.len();
                // Until that much more has come it cannot be too large: most lines need not write all that is there.
                room = before + brought + (LARGEST as usize).saturating_sub(size) / GROWTH;
            }
            rooms.push(room);
        }
        let references: Vec<Reference> = applied.iter().map(|done| done.after.reference.clone()).collect();
        let unit = self.unit_for(&references);
        let mut recorded = None;
        for (Applied { named, before, after }, room) in applied.into_iter().zip(rooms) {
            let (reference, stage) = (after.reference.clone(), after.stage);
            let open = self.open.entry(reference.clone()).or_insert(Open {
                unit,
                new: before.is_none(),
                brought: 0,
                room,
            });
            open.unit = unit;
            open.room = room;
            open.brought += brought;
            let made = named.first().map(again::made).unwrap_or_default();
            if named.iter().any(|named| matches!(named.kind, ActionKind::New | ActionKind::Correct)) {
                self.others.keep(&after);
            }
            self.units[unit].done.extend(named.into_iter().map(|named| Done {
                line: self.count,
                reference: reference.clone(),
                named,
                before,
                after: stage,
                format: after.format,
            }));
            self.place.keep(after)?;
            recorded.get_or_insert(Recorded {
                reference,
                before,
                stage,
                similar: Box::default(),
                made,
                retimed: false,
                unit,
            });
        }
        let recorded = recorded.ok_or_else(|| Error::new(Kind::Internal, "nothing was to be done"))?;
        Ok(Recorded { similar, ..recorded })
    }

    /// What was done before under an id of the giver's own: the case, where it was what is asked; a conflict where it was
    /// something else.
    pub fn done_before(&mut self, id: &str, asked: &Asked<'_>) -> Result<Option<Reference>, Error> {
        let fill = Context::fill_by(self.context.chance(), &self.moment, &self.settings, None);
        self.marks.find(&self.place, id, asked, &fill)
    }

    /// Remembers, in the same commit, that this was done under an id of the giver's own.
    pub fn mark(&mut self, id: &str, content: &Node, recorded: &Recorded) -> Result<(), Error> {
        let mark = self.marks.add(&self.place, id, content, &recorded.made, &recorded.reference)?;
        self.units[recorded.unit].marks.push(mark);
        Ok(())
    }

    /// How many changes there are to how many cases.
    pub fn size(&self) -> (usize, usize) {
        (self.units.iter().map(|unit| message::lines(&unit.done)).sum(), self.open.len())
    }

    /// Makes the change.
    ///
    /// # Errors
    /// Nothing was changed, unless the message says otherwise.
    pub fn commit(mut self) -> Result<Commits, Error> {
        for (path, bytes) in self.marks.files() {
            self.place.put(&path, &bytes)?;
        }
        let author = self.context.author(&self.moment, &self.settings);
        let Some(mut change) = self.place.finish()? else {
            return Err(Error::new(Kind::Internal, "a batch that is only tried is not committed"));
        };
        let live: Vec<&Unit> = self.units.iter().filter(|unit| unit.joined.is_none()).collect();
        let (context, moment, settings) = (self.context, &self.moment, &*self.settings);
        let mut marks = self.marks.replay();
        let steps = live.iter().map(|unit| {
            let references: BTreeSet<&Reference> = unit.done.iter().map(|done| &done.reference).collect();
            let mut files: Vec<(String, Option<Vec<u8>>)> =
                references.into_iter().map(|reference| (reference.case_path(), None)).collect();
            files.extend(marks.after(&unit.marks).into_iter().map(|(path, bytes)| (path, Some(bytes))));
            let text = message::text(context, self.word, &unit.done, &self.notes, moment, settings);
            Ok(Step { text, files })
        });
        change.index_follows(settings);
        let all = change.commit_steps(steps, &author)?;
        let mut next = all.iter().copied();
        let mut of_unit: Vec<CommitId> = Vec::new();
        for unit in &self.units {
            of_unit.push(if unit.joined.is_none() { next.next() } else { None }.unwrap_or(CommitId::ZERO));
        }
        for (position, unit) in self.units.iter().enumerate().rev() {
            if let Some(with) = unit.joined {
                of_unit[position] = of_unit[with];
            }
        }
        Ok(Commits { of_unit, all })
    }
}

/// How much text there is in a tree.
fn letters(node: &Node) -> usize {
    match node {
        Node::Text { text, .. } => text.len(),
        Node::List(items) => items.iter().map(letters).sum(),
        Node::Map(entries) => entries.iter().map(|(key, node)| key.len() + letters(node)).sum(),
        _ => 8,
    }
}
