//! What an import did, or would do.

use std::collections::HashMap;

use serde_json::json;

use super::Work;
use super::plan::{Plan, Ready, Rejected};
use crate::domain::action::ActionKind;
use crate::domain::case::Stage;
use crate::output::{Change, Page, Report, Rows};
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
    let rows: HashMap<_, _> = plan.ready.iter().map(|ready| (&ready.reference, number(ready.row))).collect();
    if !plan.similar.is_empty() {
        page.say(format!("{} look like an earlier case; nothing was merged (L1)", alike(plan)));
        for similar in plan.similar.iter().take(LISTED) {
            let row = rows.get(&similar.reference).copied().unwrap_or_default();
            page.item(2, format!("  row {row}, {}: {}", similar.reference, similar.in_words()));
        }
        if plan.similar.len() > LISTED {
            page.say(format!("  and {} more: --format json tells all", plan.similar.len() - LISTED));
        }
    }
    if !plan.rejected.is_empty() {
        page.say(format!("{} rows rejected", plan.rejected.len()));
        for problem in plan.rejected.iter().flat_map(|rejected| rejected.problems(table, true)) {
            page.item(2, format!("  {problem}"));
        }
    }
    let cases: Vec<_> = plan
        .ready
        .iter()
        .map(|ready| {
            json!({"row": number(ready.row), "reference": ready.reference.as_str(), "stage": ready.stage.word()})
        })
        .collect();
    let similar: Vec<_> = plan
        .similar
        .iter()
        .map(|similar| {
            json!({
                "row": rows.get(&similar.reference),
                "reference": similar.reference.as_str(),
                "to": similar.to.as_str(),
                "ours": similar.pair.ours.word(),
                "theirs": similar.pair.theirs.word(),
                "reasons": similar.pair.reasons.iter().map(|reason| reason.word()).collect::<Vec<_>>(),
            })
        })
        .collect();
    let mut json = json!({
        "version": 1,
        "action": "import",
        "commit": commit,
        "source": plan.source,
        "sha256": work.sha256,
        "cases": cases,
        "skipped": plan.skipped,
        "rejected": plan.rejected.iter().flat_map(|rejected| troubles(work, rejected)).collect::<Vec<_>>(),
        "similar": similar,
    });
    if dry && let Some(object) = json.as_object_mut() {
        object.insert("dry_run".to_owned(), json!(true));
    }
    let lines = plan.ready.iter().map(|ready| {
        vec![number(ready.row).to_string(), ready.reference.to_string(), ready.stage.word().to_owned()]
    });
    let rows = Rows { header: vec!["row", "reference", "stage"], rows: lines.collect() };
    let mut report = Report::new(json, page);
    report.rows = Some(rows);
    report.found = !plan.rejected.is_empty();
    if plan.source.is_none() {
        let talk = "the name of the file may be somebody's: history keeps its SHA-256 alone";
        report = report.say(talk);
    }
    if dry { report.say("dry run: nothing was changed") } else { report }
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
    let mut alike: Vec<_> = plan.similar.iter().map(|similar| &similar.reference).collect();
    alike.dedup();
    alike.len()
}

fn troubles(work: &Work<'_>, rejected: &Rejected) -> Vec<serde_json::Value> {
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
