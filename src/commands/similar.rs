//! `csods similar`: other cases with the same people, as far as can be told (L1): a signal, never a merge.

use serde_json::{Value, json};

use super::caseload::{Caseload, Partial, Read};
use super::find;
use crate::context::{Context, Office};
use crate::domain::case::{Case, Opening, Signal};
use crate::domain::scalars::Fill;
use crate::domain::similarity::{self, Alike, Compared, Everybody, Pair};
use crate::error::Error;
use crate::output::{Block, Page, Report, Rows};

/// At most so many cases are pointed out when a case is opened, the likest first.
pub const MOST: usize = 10;

/// Shows other cases whose people are like those of a case, likest first (L1, L2)
///
/// Applicant, subject and children are compared with those of every other case, by name, spelling and date of birth. A
/// signal for a person to judge: `csods link` ties cases together, and nothing is ever merged.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which case: its reference, or any unique beginning of the last part
    #[arg(value_name = "REF", add = super::complete::reference())]
    case: String,
    #[command(flatten)]
    partial: Partial,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
}

/// The cases, and in what they are alike.
pub fn run(args: &Args, context: &Context) -> Result<Report, Error> {
    let office = context.office()?;
    let (reference, case) = find::case(&office.head, &args.case)?;
    let ours = similarity::alikes(&similarity::people(&case));
    let mut read = Caseload::new(context, &office, args.partial).alike(&ours)?;
    read.found.retain(|alike| alike.reference != reference);
    let total = read.found.len();
    read.found.truncate(args.limit);
    let header = vec!["reference", "its", "is like our", "in"];
    let cells = |alike: &Alike, pair: &Pair| {
        let meanings: Vec<&str> = pair.reasons.iter().map(|reason| reason.meaning()).collect();
        vec![
            alike.reference.as_str().to_owned(),
            pair.theirs.word().to_owned(),
            pair.ours.word().to_owned(),
            meanings.join(", "),
        ]
    };
    let each = read.found.iter().flat_map(|alike| alike.pairs.iter().map(move |pair| (alike, pair)));
    let rows: Vec<Vec<String>> = each.map(|(alike, pair)| cells(alike, pair)).collect();
    let one = |alike: &Alike| {
        let pairs: Vec<_> = alike.pairs.iter().map(pair_json).collect();
        json!({"reference": alike.reference.as_str(), "alike": pairs})
    };
    let cases: Vec<_> = read.found.iter().map(one).collect();
    let json = json!({"version": 1, "reference": reference.as_str(), "total": total, "cases": cases});
    let mut page = Page::default();
    match rows.is_empty() {
        true => page.say(format!("no other case is like {reference}")),
        false => page.0.push(Block::Table(header.clone(), rows.clone())),
    }
    let mut report = Report { rows: Some(Rows { header, rows }), ..Report::new(json, page) };
    if total > read.found.len() {
        report = report.say(format!("{} of {total} cases shown; --limit N shows more", read.found.len()));
    }
    Ok(read.mark(report))
}

/// Two roles whose people are alike, as JSON.
pub fn pair_json(pair: &Pair) -> Value {
    json!({
        "theirs": pair.theirs.word(),
        "ours": pair.ours.word(),
        "reasons": pair.reasons.iter().map(|reason| reason.word()).collect::<Vec<_>>(),
    })
}

/// The cases that look like a new one.
pub struct Similar {
    /// A signal for each pair of roles whose people are alike, those of one case together, the likest case first.
    pub signals: Vec<Signal>,
    /// How many cases besides are not pointed out, as they are less like it.
    pub more: usize,
    /// The paths of what could not be read, and was not compared.
    pub left_out: Vec<String>,
}

impl Similar {
    /// What is to be said of what was not compared; `None` where everything was.
    pub fn not_compared(&self) -> Option<String> {
        let first = self.left_out.first()?;
        let others = match self.left_out.len() - 1 {
            0 => String::new(),
            others => format!(" and {others} more"),
        };
        Some(format!(
            "not compared with {first}{others}, which cannot be read: `csods validate` says what is wrong"
        ))
    }
}

/// What cannot be read keeps no application from being opened: it is said to be left out.
pub const WITHOUT_DAMAGED: Partial = Partial { allow_partial: true };

/// The cases whose applicant, subject or children are like those of a new one.
pub fn signals(context: &Context, office: &Office, fill: &Fill, opening: &Opening) -> Result<Similar, Error> {
    let ours = similarity::alikes(&similarity::of_opening(opening));
    let read = Caseload::new(context, office, WITHOUT_DAMAGED).alike(&ours)?;
    Ok(pointed_out(read, fill))
}

/// So many new cases of a batch are compared one by one by way of the index; with more, everybody is read at once.
const FEW: usize = 8;

/// Who is like the cases that a batch opens. It has no `Debug`: it holds personal facts.
#[derive(Default)]
pub struct Others {
    /// The people of the cases that the batch opened or corrected; of all others too, once they were `read`.
    known: Everybody,
    /// What could not be read.
    left_out: Vec<String>,
    read: bool,
    asked: usize,
}

impl Others {
    /// The case as it stands from now on.
    pub fn keep(&mut self, case: &Case) {
        self.known.keep(case.reference.clone(), of_case(case));
    }

    /// The cases that are like a new one: of those before the batch, as the batch leaves them so far, and of its own.
    pub fn signals(
        &mut self,
        caseload: &Caseload<'_>,
        fill: &Fill,
        opening: &Opening,
    ) -> Result<Similar, Error> {
        let ours = similarity::alikes(&similarity::of_opening(opening));
        let found = self.alike(caseload, &ours)?;
        Ok(pointed_out(Read { found, left_out: self.left_out.clone() }, fill))
    }

    fn alike(&mut self, caseload: &Caseload<'_>, ours: &Compared) -> Result<Vec<Alike>, Error> {
        if !self.read && self.asked < FEW {
            self.asked += 1;
            if let Some(before) = caseload.alike_in_index(ours)? {
                self.left_out = before.left_out;
                let mut found = before.found;
                found.retain(|alike| !self.known.holds(&alike.reference));
                found.extend(self.known.alike(ours, usize::MAX));
                found.sort_by(Alike::order);
                return Ok(found);
            }
        }
        if !self.read {
            let read = caseload.people()?;
            self.left_out = read.left_out;
            for (reference, people) in read.found {
                if !self.known.holds(&reference) {
                    self.known.keep(reference, people);
                }
            }
            self.read = true;
        }
        Ok(self.known.alike(ours, usize::MAX))
    }
}

/// The people of a case, made ready to be compared.
pub fn of_case(case: &Case) -> Compared {
    similarity::alikes(&similarity::people(case))
}

/// The signals of the likest cases; they come likest first.
fn pointed_out(Read { found, left_out }: Read<Vec<Alike>>, fill: &Fill) -> Similar {
    let more = found.len().saturating_sub(MOST);
    let of_case = |alike: Alike| {
        let signal = move |pair: Pair| (alike.reference.clone(), pair);
        alike.pairs.into_iter().map(signal)
    };
    let signals = found.into_iter().take(MOST).flat_map(of_case);
    let signal =
        |(to, Pair { ours, theirs, reasons })| Signal { id: fill.item_id(), to, ours, theirs, reasons };
    Similar { signals: signals.map(signal).collect(), more, left_out }
}
