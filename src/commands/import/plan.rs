//! What becomes of each row of a table: a case, or the reasons why not.

use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::HashSet;
use std::rc::Rc;
use std::thread;

use super::Work;
use super::known::{self, Known, Similars};
use crate::domain::action::ActionKind;
use crate::domain::case::{Case, Stage};
use crate::domain::mapping::{Cell, Reading, Trouble, folded};
use crate::domain::node::{Node, Path, Step};
use crate::domain::record::OLDEST_FORMAT;
use crate::domain::record::{Fault, Problem};
use crate::domain::reference::{Chance, Reference};
use crate::domain::scalars::{Fill, Line};
use crate::domain::settings::Settings;
use crate::domain::similarity::Compared;
use crate::domain::time::Instant;
use crate::domain::workflow::{self, Moment, Refusal};
use crate::error::{Error, Kind};
use crate::output::Progress;
use crate::store::rows::{Row, Table};
use crate::store::{Change, Snapshot, files};

/// How often a reference that is taken already is drawn anew before something must be wrong.
const DRAWS: usize = 1_000;

/// What an import would do.
pub(super) struct Plan {
    /// The cases, in the order of the rows.
    pub(super) ready: Vec<Ready>,
    /// The rows that cannot be taken.
    pub(super) rejected: Vec<Rejected>,
    /// The numbers of the rows whose case is in the store already.
    pub(super) skipped: Vec<u32>,
    /// Cases that look alike (L1).
    pub(super) similar: Similars,
    /// The name of the file, where it can stand in history: nobody in it is called so.
    pub(super) source: Option<String>,
}

/// So much text a row may hold without being written at once, to see that its case does not become too large.
const MUCH_TEXT: usize = 1 << 16;
/// So many cases are written at a time.
const AT_A_TIME: usize = 1 << 9;

/// A case that can be imported.
pub(super) struct Ready {
    /// The position of its row.
    pub(super) row: usize,
    pub(super) reference: Reference,
    pub(super) stage: Stage,
    /// The number from which its ids are drawn.
    seed: u64,
}

/// A row that cannot be.
pub(super) struct Rejected {
    /// Its position.
    pub(super) row: usize,
    pub(super) troubles: Vec<Trouble>,
}

impl Rejected {
    /// What is wrong, by column or key; with the number of the row in front where it is `numbered`.
    pub(super) fn problems(&self, table: &Table, numbered: bool) -> Vec<Problem> {
        let number = table.rows[self.row].number;
        let one = |trouble: &Trouble| {
            let place = match trouble.column {
                Some(column) => table.headings[column].clone(),
                None if trouble.problem.path.0.is_empty() => String::new(),
                None => format!("key {}", trouble.problem.path),
            };
            let place = match (numbered, place.is_empty()) {
                (true, true) => format!("row {number}"),
                (true, false) => format!("row {number}, {place}"),
                (false, _) => place,
            };
            let path = if place.is_empty() { Path::root() } else { Path(vec![Step::Key(place)]) };
            Problem::new(path, trouble.problem.fault.clone())
        };
        self.troubles.iter().map(one).collect()
    }
}

/// Makes cases of rows.
struct Maker<'w> {
    table: &'w Table,
    moment: &'w Moment,
    sha256: &'w str,
    settings: &'w Settings,
    reading: Reading<'w>,
    source: Option<Line>,
}

/// A row with the reference that its case is to have.
struct Drawn {
    row: usize,
    reference: Reference,
    seed: u64,
}

impl Plan {
    /// What the import would do to the store at `head`.
    pub(super) fn of(work: &Work<'_>, head: &Snapshot, settings: &Settings) -> Result<Plan, Error> {
        let known = Known::read(head)?;
        let mut maker = Maker::of(work, settings);
        let mut plan = Plan {
            ready: Vec::new(),
            rejected: Vec::new(),
            skipped: Vec::new(),
            similar: Similars::default(),
            source: None,
        };
        let drawn = maker.draw(work, &known, &mut plan)?;
        maker.source = plan.source.clone().and_then(|name| Line::new(name).ok());
        let quiet = work.context.options.quiet;
        let progress = Progress::begin("rows read", quiet);
        let made = in_parallel(&drawn, |drawn| {
            progress.step();
            let row = &work.table.rows[drawn.row];
            let case = maker.make(row, &drawn.reference, drawn.seed, Vec::new())?;
            if row.cells.iter().map(Cell::length).sum::<usize>() > MUCH_TEXT {
                files::write_case(&case).map_err(|error| {
                    let problem = Problem::new(Path::root(), Fault::Invalid(error.message));
                    vec![Trouble { column: None, problem }]
                })?;
            }
            let people = super::super::similar::of_case(&case);
            let (row, stage, seed) = (drawn.row, case.stage, drawn.seed);
            Ok((Ready { row, reference: case.reference, stage, seed }, people))
        });
        drop(progress);
        let mut people: Vec<Compared> = Vec::new();
        for (drawn, made) in drawn.iter().zip(made) {
            match made {
                Ok((ready, persons)) => {
                    plan.ready.push(ready);
                    people.push(persons);
                }
                Err(troubles) => plan.rejected.push(Rejected { row: drawn.row, troubles }),
            }
        }
        plan.rejected.sort_by_key(|rejected| rejected.row);
        // A refused import points nothing out.
        if plan.rejected.is_empty() || work.args.accept_rest {
            let references: Vec<&Reference> = plan.ready.iter().map(|ready| &ready.reference).collect();
            plan.similar = known::similar(known, &references, people, quiet);
        }
        Ok(plan)
    }

    /// Makes every case once more, now with those that it looks like, and puts its file into a change. So not all of them
    /// are in memory at once.
    pub(super) fn write(
        &self,
        work: &Work<'_>,
        settings: &Settings,
        change: &mut Change<'_>,
    ) -> Result<u32, Error> {
        let mut format = OLDEST_FORMAT;
        let mut maker = Maker::of(work, settings);
        maker.source = self.source.clone().and_then(|name| Line::new(name).ok());
        let progress = Progress::begin("cases written", work.context.options.quiet);
        let cases: Vec<(usize, &Ready)> = self.ready.iter().enumerate().collect();
        for part in cases.chunks(AT_A_TIME) {
            let written = in_parallel(part, |&(number, ready)| {
                let row = &work.table.rows[ready.row];
                let similar = self.similar.of(number).iter().map(|similar| self.similar.signal(similar));
                let made = maker.make(row, &ready.reference, ready.seed, similar.collect());
                let case = made.map_err(|_| Error::new(Kind::Internal, "a case could not be made twice"))?;
                Ok::<_, Error>((case.format, files::write_case(&case)?))
            });
            for ((_, ready), written) in part.iter().zip(written) {
                let (needed, bytes) = written?;
                format = format.max(needed);
                change.put_aside(&ready.reference.case_path(), &bytes)?;
                progress.step();
            }
        }
        Ok(format)
    }
}

impl<'w> Maker<'w> {
    fn of(work: &'w Work<'w>, settings: &'w Settings) -> Maker<'w> {
        let reading = work.mapping.reading(&work.table.headings, settings.zone());
        let (table, moment, sha256) = (work.table, work.moment, work.sha256);
        Maker { table, moment, sha256, settings, reading, source: None }
    }

    /// Draws a reference for every row that can be read and is not known already (X1).
    fn draw(&self, work: &Work<'_>, known: &Known, plan: &mut Plan) -> Result<Vec<Drawn>, Error> {
        let zone = self.settings.zone();
        let mut chance = work.context.chance();
        let mut taken: HashSet<Reference> = known.people.references().cloned().collect();
        let mut former: HashMap<String, u32> = HashMap::new();
        let words: Vec<String> = work.name.iter().flat_map(|name| words_of(name)).collect();
        let mut names_somebody = false;
        let mut drawn = Vec::new();
        for (position, row) in self.table.rows.iter().enumerate() {
            let answers = match (row.wrong, self.reading.row(&row.cells)) {
                (Some(wrong), _) => {
                    let problem = Problem::invalid(Path::root(), wrong);
                    plan.rejected
                        .push(Rejected { row: position, troubles: vec![Trouble { column: None, problem }] });
                    continue;
                }
                (None, Err(troubles)) => {
                    plan.rejected.push(Rejected { row: position, troubles });
                    continue;
                }
                (None, Ok(answers)) => answers,
            };
            names_somebody |= !words.is_empty() && names(&answers.node, &words);
            let place = Path::from("former_reference");
            if let Some(text) = answers.node.at(&place).and_then(Node::as_text).map(folded) {
                if known.former.contains_key(&text) && work.args.skip_known {
                    plan.skipped.push(row.number);
                    continue;
                }
                let same = match (known.former.get(&text), former.get(&text)) {
                    (Some(case), _) => Some(format!("is that of {case}; --skip-known passes over it")),
                    (None, Some(other)) => Some(format!("is that of row {other} too")),
                    (None, None) => None,
                };
                former.entry(text).or_insert(row.number);
                if let Some(same) = same {
                    let column = answers.column(&place);
                    let problem = Problem::invalid(place, same);
                    plan.rejected
                        .push(Rejected { row: position, troubles: vec![Trouble { column, problem }] });
                    continue;
                }
            }
            let received = answers.node.at(&"received.at".into()).and_then(Node::as_text);
            let received = received.and_then(|text| text.parse::<Instant>().ok());
            let year = zone.day(received.unwrap_or(self.moment.now)).year();
            let prefix = self.settings.force.prefix.as_str();
            let free = (0..DRAWS)
                .map(|_| Reference::random(prefix, year, &mut chance))
                .find(|reference| !taken.contains(reference));
            let reference = free.ok_or_else(|| {
                Error::new(Kind::Internal, "no free reference was found; nothing was changed")
            })?;
            taken.insert(reference.clone());
            let seed = (0..3).fold(0, |seed, _| seed << 20 | chance.below(1 << 20) as u64);
            drawn.push(Drawn { row: position, reference, seed });
        }
        let fits = |name: &String| name.len() <= 100 && !name.contains(char::is_control);
        plan.source = work.name.clone().filter(|name| !names_somebody && fits(name));
        Ok(drawn)
    }

    /// The case of a row through the one door, its ids drawn from `seed`; or all that is wrong.
    fn make(
        &self,
        row: &Row,
        reference: &Reference,
        seed: u64,
        signals: Vec<Node>,
    ) -> Result<Case, Vec<Trouble>> {
        let mut answers = self.reading.row(&row.cells)?;
        let node = &mut answers.node;
        let imported = Path::from("imported");
        if let Some(source) = &self.source {
            node.set(&imported.key("source"), Node::text(source.as_str()));
        }
        node.set(&imported.key("sha256"), Node::text(self.sha256));
        node.set(&imported.key("row"), Node::Number(i64::from(row.number)));
        // What the old system had closed, it had at that stage.
        if node.get("closure").is_some() && node.at(&imported.key("stage")).is_none() {
            node.set(&imported.key("stage"), Node::text(Stage::Closed.word()));
        }
        if !signals.is_empty() {
            node.set(&Path::from("signals"), Node::List(signals));
        }
        let moment = self.moment;
        let fill = Fill {
            actor: moment.actor.clone(),
            now: moment.now,
            today: self.settings.zone().day(moment.now),
            chance: RefCell::new(Chance::from_seed(seed)),
            used: RefCell::default(),
            taken: Rc::default(),
        };
        let made = ActionKind::Import
            .read(node, &fill, Some(reference))
            .map_err(Refusal::Problems)
            .and_then(|action| workflow::apply(None, &action, moment, self.settings));
        let trouble = |problem: Problem| Trouble { column: answers.column(&problem.path), problem };
        made.map_err(|refusal| match refusal {
            Refusal::Problems(problems) => problems.into_iter().map(trouble).collect::<Vec<_>>(),
            Refusal::NotPermitted(why) => vec![trouble(Problem::invalid(Path::root(), why))],
        })
    }
}

/// The words of a name that are long enough to be somebody's.
fn words_of(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() > 2);
    words.map(str::to_lowercase).collect()
}

/// Whether somebody in the answers has one of these words in their name.
fn names(node: &Node, words: &[String]) -> bool {
    match node {
        Node::Map(entries) => entries.iter().any(|(key, value)| match value.as_text() {
            Some(text) if ["family", "given"].contains(&key.as_str()) => {
                words_of(text).iter().any(|word| words.contains(word))
            }
            _ => names(value, words),
        }),
        Node::List(items) => items.iter().any(|item| names(item, words)),
        _ => false,
    }
}

/// What `each` makes of the items, on all processors, in their order.
pub(super) fn in_parallel<T: Sync, R: Send>(items: &[T], each: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let each = &each;
    thread::scope(|scope| {
        let parts: Vec<_> = items
            .chunks(items.len().div_ceil(threads).max(1))
            .map(|part| {
                let work = move || part.iter().map(each).collect::<Vec<R>>();
                // Where no thread can be started, this one does its part.
                thread::Builder::new().spawn_scoped(scope, work).map_err(|_| work())
            })
            .collect();
        let joined =
            |part: Result<thread::ScopedJoinHandle<'_, Vec<R>>, Vec<R>>| match part.map(|part| part.join()) {
                Ok(Ok(made)) | Err(made) => made,
                Ok(Err(panic)) => std::panic::resume_unwind(panic),
            };
        parts.into_iter().flat_map(joined).collect()
    })
}
