//! The other cases that a case's page points at (L1): as all of them are now, where the index can say so at once, and as
//! they were when the case was opened.

use serde_json::{Value, json};

use crate::commands::caseload::{Caseload, Partial, Read};
use crate::commands::similar::{MOST, of_case, pair_json};
use crate::context::{Context, Office};
use crate::domain::case::{Case, Signal};
use crate::domain::findings::{Warning, similar_case};
use crate::domain::reference::Reference;
use crate::domain::similarity::{Alike, Pair};
use crate::output::Report;

/// The cases that look like one, each once; those that it is linked to are known already, and not among them.
pub struct Similar {
    cases: Vec<Pointed>,
    /// How many besides look like it now, less than these.
    more: usize,
    /// What could not be compared; `None` where nothing was compared now.
    left_out: Option<Vec<String>>,
}

/// A case that is pointed out.
struct Pointed {
    alike: Alike,
    /// Whether it looks like it as both are now, or only did when the case was opened.
    now: bool,
}

/// What looks like this case. It never fails: a case that cannot be read is said to be left out.
pub fn of(context: &Context, office: &Office, case: &Case) -> Similar {
    let read = Caseload::new(context, office, Partial::default()).alike_at_hand(&of_case(case));
    Similar::new(case, read)
}

impl Similar {
    fn new(case: &Case, read: Option<Read<Vec<Alike>>>) -> Similar {
        let known = |to: &Reference| *to == case.reference || case.links.iter().any(|link| link.to == *to);
        let (mut found, left_out) = match read {
            Some(read) => (read.found, Some(read.left_out)),
            None => (Vec::new(), None),
        };
        found.retain(|alike| !known(&alike.reference));
        let before = recorded(&case.signals).into_iter().filter(|before| {
            !known(&before.reference) && !found.iter().any(|now| now.reference == before.reference)
        });
        let before: Vec<Alike> = before.collect();
        let more = found.len().saturating_sub(MOST);
        found.truncate(MOST);
        let pointed = |now| move |alike| Pointed { alike, now };
        let cases = found.into_iter().map(pointed(true)).chain(before.into_iter().map(pointed(false)));
        Similar { cases: cases.collect(), more, left_out }
    }

    /// A warning for each.
    pub fn warnings(&self) -> Vec<Warning> {
        let compared = self.left_out.is_some();
        let one = |Pointed { alike, now }: &Pointed| {
            let words: Vec<String> = alike.pairs.iter().map(Pair::in_words).collect();
            let then = if compared && !now { " (so it was when this case was opened)" } else { "" };
            similar_case(format!("{}: {}{then}", alike.reference, words.join("; ")))
        };
        self.cases.iter().map(one).collect()
    }

    /// How many more there are, less like it than those of which there are warnings.
    pub fn more(&self) -> usize {
        self.more
    }

    /// As JSON.
    pub fn json(&self) -> Value {
        let one = |Pointed { alike, now }: &Pointed| {
            let pairs: Vec<_> = alike.pairs.iter().map(pair_json).collect();
            json!({"reference": alike.reference.as_str(), "now": now, "alike": pairs})
        };
        json!({
            "compared_now": self.left_out.is_some(),
            "total": self.cases.len() + self.more,
            "cases": self.cases.iter().map(one).collect::<Vec<_>>(),
            "left_out": self.left_out.iter().flatten().collect::<Vec<_>>(),
        })
    }

    /// Says what was not compared.
    pub fn mark(&self, report: Report, reference: &Reference) -> Report {
        match &self.left_out {
            None => report
                .say(format!("other cases were not compared just now: `csods similar {reference}` does")),
            Some(left_out) if left_out.is_empty() => report,
            Some(left_out) => {
                let count = left_out.len();
                report.say(format!(
                    "{count} case(s) cannot be read and were not compared: see `csods validate`"
                ))
            }
        }
    }
}

/// What was recorded when the case was opened: each case once.
fn recorded(signals: &[Signal]) -> Vec<Alike> {
    let mut cases: Vec<Alike> = Vec::new();
    for signal in signals {
        let pair = Pair { ours: signal.ours, theirs: signal.theirs, reasons: signal.reasons.clone() };
        match cases.iter_mut().find(|alike| alike.reference == signal.to) {
            Some(alike) => alike.pairs.push(pair),
            None => cases.push(Alike { reference: signal.to.clone(), pairs: vec![pair] }),
        }
    }
    cases
}
