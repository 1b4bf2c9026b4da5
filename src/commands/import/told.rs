//! What an import did, or would do.

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::Work;
use super::known::Similar;
use super::plan::{Plan, Ready, Rejected};
use crate::domain::action::ActionKind;
use crate::domain::case::Stage;
use crate::output::{Change, Format, Page, Report, Rows, visible};
use crate::store::CommitId;

/// So many similar cases are listed for people; scripts are told all.
const LISTED: usize = 20;

/// The answer. Without a commit nothing was changed.
pub(super) fn report(work: &Work<'_>, plan: &Plan, commit: Option<&str>) -> Report {
    let table = work.table;
    let number = |row: usize| table.rows[row].number;
    let dry = work.context.options.dry_run;
    let closed = plan.ready.iter().filter(|ready| ready.stage == Stage::Closed).count();
    let open = plan.ready.len() - closed;
    let mut page = Page::default();
    let short = commit.map(|commit| format!(" ({})", commit.get(..10).unwrap_or(commit))).unwrap_or_default();
    let would = if dry { "to import" } else { "imported" };
    page.say(format!("{} cases {would}: {open} open, {closed} closed{short}", plan.ready.len()));
    if !plan.skipped.is_empty() {
        page.say(format!("{} rows passed over: their cases are here already", plan.skipped.len()));
    }
    let similar = plan.similar.all();
    if !similar.is_empty() {
        page.say(format!("{} look like an earlier case; nothing was merged (L1)", alike(plan)));
        for similar in similar.iter().take(LISTED) {
            let (case, words) = (&plan.ready[similar.case as usize], plan.similar.in_words(similar));
            page.item(2, format!("  row {}, {}: {words}", number(case.row), case.reference));
        }
        if similar.len() > LISTED {
            page.say(format!("  and {} more: --format json tells all", similar.len() - LISTED));
        }
    }
    if !plan.rejected.is_empty() {
        page.say(format!("{} rows rejected", plan.rejected.len()));
        for problem in plan.rejected.iter().flat_map(|rejected| rejected.problems(table, true)) {
            page.item(2, format!("  {problem}"));
        }
    }
    let head = json!({"version": 1, "action": "import", "commit": commit, "source": plan.source, "sha256": work.sha256});
    let mut report = match work.context.options.format {
        Format::Json => Report { raw: Some(whole(work, plan, &head)), ..Report::new(head, page) },
        Format::Text | Format::Csv => Report::new(head, page),
    };
    let lines = plan.ready.iter().map(|ready| {
        vec![number(ready.row).to_string(), ready.reference.to_string(), ready.stage.word().to_owned()]
    });
    if work.context.options.format == Format::Csv {
        report.rows = Some(Rows { header: vec!["row", "reference", "stage"], rows: lines.collect() });
    }
    report.found = !plan.rejected.is_empty();
    if plan.source.is_none() {
        let talk = "the name of the file may be somebody's: history keeps its SHA-256 alone";
        report = report.say(talk);
    }
    if dry { report.say("dry run: nothing was changed") } else { report }
}

/// The answer for scripts, as text: of very many cases it would be many times as large as values.
fn whole(work: &Work<'_>, plan: &Plan, head: &Value) -> String {
    let number = |row: usize| work.table.rows[row].number;
    let case = |ready: &Ready| json!({"row": number(ready.row), "reference": ready.reference.as_str(), "stage": ready.stage.word()});
    let similar = |similar: &Similar| {
        let (case, (to, pair)) = (&plan.ready[similar.case as usize], plan.similar.told(similar));
        json!({
            "row": number(case.row),
            "reference": case.reference.as_str(),
            "to": to.as_str(),
            "ours": pair.ours.word(),
            "theirs": pair.theirs.word(),
            "reasons": pair.reasons.iter().map(|reason| reason.word()).collect::<Vec<_>>(),
        })
    };
    let answer = Answer {
        head,
        cases: Each(|| plan.ready.iter().map(case)),
        skipped: &plan.skipped,
        rejected: Each(|| plan.rejected.iter().flat_map(|rejected| troubles(work, rejected))),
        similar: Each(|| plan.similar.all().iter().map(similar)),
        dry_run: work.context.options.dry_run.then_some(true),
    };
    // Text is made of values without fail.
    serde_json::to_string_pretty(&answer).map(|text| visible(&text).into_owned() + "\n").unwrap_or_default()
}

#[derive(Serialize)]
struct Answer<'a, C: Serialize, R: Serialize, S: Serialize> {
    #[serde(flatten)]
    head: &'a Value,
    cases: C,
    skipped: &'a [u32],
    rejected: R,
    similar: S,
    #[serde(skip_serializing_if = "Option::is_none")]
    dry_run: Option<bool>,
}

/// A list whose items are made when it is their turn.
struct Each<F>(F);

impl<I: Iterator<Item: Serialize>, F: Fn() -> I> Serialize for Each<F> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq((self.0)())
    }
}

/// The cases that came in, for hooks.
pub(super) fn changes(plan: &Plan, commit: CommitId) -> Vec<Change> {
    let change = |ready: &Ready| Change {
        reference: Some(ready.reference.to_string()),
        action: ActionKind::Import,
        before: None,
        stage: Some(ready.stage),
        commit: commit.to_string(),
        next: None,
    };
    plan.ready.iter().map(change).collect()
}

/// How many of the cases look like an earlier one.
fn alike(plan: &Plan) -> usize {
    plan.similar.all().chunk_by(|one, next| one.case == next.case).count()
}

fn troubles(work: &Work<'_>, rejected: &Rejected) -> Vec<Value> {
    let one = |trouble: &crate::domain::mapping::Trouble| {
        json!({
            "row": work.table.rows[rejected.row].number,
            "column": trouble.column.map(|column| &work.table.headings[column]),
            "key": trouble.problem.path.to_string(),
            "problem": trouble.problem.fault.to_string(),
        })
    };
    rejected.troubles.iter().map(one).collect()
}
