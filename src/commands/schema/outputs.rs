//! What commands answer under `--format json`. Every answer that the test suite sees is held against these.

use serde_json::{Value, json};

use super::build::{
    action, answer, count, day, flag, instant, list_of, next, object, or_null, problem, reference, text,
    warning,
};
use super::{batch, caseload, exports, letters, stores};
use crate::domain::case::{Case, LetterKind, Method, Route, Stage};
use crate::domain::clocks::{ClockName, ClockState};
use crate::domain::record::Part;
use crate::domain::schema::{self, For, word};
use crate::domain::settings::Role;
use crate::error::Kind;

/// An answer.
pub struct Answer {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    body: fn() -> Value,
}

impl Answer {
    /// Its schema.
    pub fn schema(&self) -> Value {
        (self.body)()
    }
}

/// Every answer.
pub const ALL: &[Answer] = &[
    Answer { name: "error", about: "an error, on standard error", body: error },
    Answer { name: "change", about: "a recorded change, or what would be recorded", body: change },
    Answer { name: "taken-in", about: "files edited by hand that were taken in", body: taken_in },
    Answer { name: "list", about: "`csods list`", body: caseload::list },
    Answer { name: "due", about: "`csods due`", body: caseload::due },
    Answer { name: "board", about: "`csods board`", body: caseload::board },
    Answer { name: "workload", about: "`csods workload`", body: caseload::workload },
    Answer { name: "search", about: "`csods search`", body: caseload::search },
    Answer { name: "similar", about: "`csods similar`", body: caseload::similar },
    Answer { name: "apply-line", about: "a line of what `csods apply` answers", body: batch::apply_line },
    Answer { name: "import", about: "`csods import`", body: batch::import },
    Answer { name: "import-suggest", about: "`csods import --suggest` into a file", body: batch::suggest },
    Answer { name: "show", about: "`csods show`", body: show },
    Answer { name: "explain", about: "`csods explain`", body: explain },
    Answer { name: "log", about: "`csods log`", body: log },
    Answer { name: "status", about: "`csods status`", body: stores::status },
    Answer { name: "doctor", about: "`csods doctor`", body: stores::doctor },
    Answer { name: "validate", about: "`csods validate`", body: validate },
    Answer { name: "settings-check", about: "`csods settings check`", body: settings_check },
    Answer { name: "stats", about: "`csods stats`", body: stats },
    Answer { name: "report", about: "`csods report`", body: report },
    Answer { name: "export", about: "what `csods export` wrote", body: exports::export },
    Answer { name: "export-key", about: "`csods export --new-key`", body: exports::new_key },
    Answer { name: "subject-access", about: "`csods subject-access`", body: exports::subject_access },
    Answer { name: "letter", about: "a letter that is shown", body: letters::shown },
    Answer { name: "letters", about: "`csods letters REF`", body: letters::of_case },
    Answer { name: "letters-due", about: "`csods letters due`", body: letters::due },
    Answer { name: "letters-made", about: "`csods letter --all-due`", body: letters::made },
    Answer { name: "templates", about: "`csods templates list`", body: templates },
    Answer { name: "template", about: "`csods templates show`", body: template },
    Answer { name: "templates-check", about: "`csods templates check`", body: templates_check },
    Answer { name: "template-ejected", about: "`csods templates eject`", body: template_ejected },
    Answer { name: "people", about: "`csods person list`", body: people },
    Answer { name: "person", about: "`csods person add` and `end`", body: person },
    Answer { name: "init", about: "`csods init`", body: init },
    Answer { name: "demo", about: "`csods demo`", body: demo },
    Answer { name: "exit-codes", about: "`csods exit-codes`", body: exit_codes },
    Answer { name: "schemas", about: "`csods schema` without a name", body: schemas },
];

/// The answers that a command can give.
pub fn of_command(command: &str) -> &'static [&'static str] {
    match command {
        "list" => &["list"],
        "due" => &["due"],
        "board" => &["board"],
        "workload" => &["workload"],
        "search" => &["search"],
        "similar" => &["similar"],
        "apply" => &["apply-line"],
        "import" => &["import", "import-suggest"],
        "show" => &["show"],
        "explain" => &["explain"],
        "log" => &["log"],
        "status" => &["status"],
        "doctor" => &["doctor"],
        "validate" => &["validate"],
        "settings" => &["settings-check"],
        "stats" => &["stats"],
        "report" => &["report"],
        "export" => &["export", "export-key"],
        "subject-access" => &["subject-access"],
        "letter" => &["change", "letter", "letters-made", "letters-due"],
        "letters" => &["letters", "letters-due"],
        "templates" => &["templates", "template", "templates-check", "template-ejected"],
        "person" => &["people", "person"],
        "init" => &["init"],
        "demo" => &["demo"],
        "commit" | "edit" => &["change", "taken-in"],
        "exit-codes" => &["exit-codes"],
        "schema" => &["schemas"],
        _ => &["change"],
    }
}

/// An error.
pub fn error() -> Value {
    let codes: Vec<u8> = Kind::ALL.iter().map(|kind| kind.code()).collect();
    let names: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    let inner = object(&[
        ("code", json!({"enum": codes})),
        ("kind", json!({"enum": names})),
        ("message", text()),
        ("problems", list_of(problem())),
        ("hint?", text()),
    ]);
    object(&[("error", inner), ("warnings?", list_of(warning()))])
}

fn change() -> Value {
    answer(&[
        ("reference", reference()),
        ("action", action()),
        ("stage", word(Stage::WORDS)),
        ("commit", or_null(text())),
        ("actor?", text()),
        ("next?", next()),
        ("letter?", letters::letter()),
        ("sent_unsafe?", list_of(problem())),
        ("dry_run?", json!({"const": true})),
        ("diff?", text()),
    ])
}

fn taken_in() -> Value {
    answer(&[
        ("reference?", reference()),
        ("action", action()),
        ("commit", or_null(text())),
        ("actor?", text()),
        ("dry_run?", json!({"const": true})),
        ("diff?", text()),
    ])
}

fn clock(more: &[(&str, Value)]) -> Value {
    let fields = [
        ("name", word(ClockName::WORDS)),
        ("due", instant()),
        ("met_at", or_null(instant())),
        ("state", word(ClockState::WORDS)),
        ("extended_to", or_null(instant())),
        ("met_original", or_null(flag())),
        ("met_extended", or_null(flag())),
        ("left_seconds", or_null(json!({"type": "integer"}))),
    ];
    object(&[&fields[..], more].concat())
}

fn show() -> Value {
    answer(&[
        ("case", schema::of(Case::SHAPE, For::Output)),
        ("clocks", list_of(clock(&[]))),
        ("warnings", list_of(object(&[("kind", text()), ("rule", text()), ("text", text())]))),
        ("next", next()),
        ("similar", caseload::pointed_out()),
    ])
}

fn explain() -> Value {
    let clocks = list_of(clock(&[("steps", list_of(text()))]));
    answer(&[("reference", reference()), ("guidance", text()), ("clocks", clocks)])
}

fn log() -> Value {
    let change = object(&[
        ("commit", text()),
        ("at", or_null(instant())),
        ("case", or_null(text())),
        ("action", or_null(text())),
        ("stage", or_null(text())),
        ("actor", or_null(text())),
        ("role", or_null(text())),
        ("clock_set_by_hand", flag()),
        ("text", or_null(text())),
    ]);
    answer(&[("changes", list_of(change))])
}

fn placed() -> Value {
    list_of(object(&[
        ("file", text()),
        ("line", count()),
        ("column", count()),
        ("path", text()),
        ("problem", text()),
    ]))
}

fn validate() -> Value {
    answer(&[("files", count()), ("problems", placed())])
}

fn settings_check() -> Value {
    answer(&[("problems", placed())])
}

fn period(day: &Value) -> Value {
    object(&[("from", day.clone()), ("to", day.clone())])
}

/// Commits whose dates run backwards.
fn backward() -> Value {
    let time = || or_null(instant());
    list_of(object(&[("commit", text()), ("at", time()), ("after", time())]))
}

fn stats() -> Value {
    let value = object(&[("value", or_null(json!({"type": "number"}))), ("hidden", flag())]);
    let figure = object(&[
        ("key", text()),
        ("section", text()),
        ("label", text()),
        ("definition", text()),
        ("unit", text()),
        ("total", or_null(value.clone())),
        ("values", list_of(value)),
    ]);
    let route = object(&[("route", word(Route::WORDS)), ("counts", list_of(figure))]);
    answer(&[
        ("count", text()),
        ("period", period(&or_null(day()))),
        ("counted_at", instant()),
        ("commit", text()),
        ("backward", backward()),
        ("filters", list_of(text())),
        ("suppressed", flag()),
        ("suppressed_under", or_null(count())),
        ("by", text()),
        ("columns", list_of(text())),
        ("routes", list_of(route)),
    ])
}

fn report() -> Value {
    answer(&[
        ("output", text()),
        ("bytes", count()),
        ("period", period(&day())),
        ("counted_at", instant()),
        ("commit", text()),
        ("backward", backward()),
        ("suppressed", flag()),
        ("suppressed_under", or_null(count())),
        ("dry_run", flag()),
    ])
}

fn templates() -> Value {
    let template = object(&[
        ("kind", word(LetterKind::WORDS)),
        ("for", text()),
        ("is_sent", flag()),
        ("methods", list_of(word(Method::WORDS))),
        ("changed", list_of(text())),
        ("about", text()),
    ]);
    answer(&[("templates", list_of(template))])
}

fn template() -> Value {
    answer(&[
        ("kind", word(LetterKind::WORDS)),
        ("language", text()),
        ("template", text()),
        ("facts", list_of(object(&[("name", text()), ("about", text())]))),
        ("source", text()),
    ])
}

fn templates_check() -> Value {
    let problem = object(&[("file", text()), ("line", count()), ("problem", text())]);
    answer(&[("templates", count()), ("problems", list_of(problem))])
}

fn template_ejected() -> Value {
    answer(&[("action", action()), ("template", text()), ("commit", or_null(text())), ("actor?", text())])
}

fn people() -> Value {
    let person = object(&[
        ("id", text()),
        ("name", text()),
        ("email", text()),
        ("roles", list_of(word(Role::WORDS))),
        ("archive", flag()),
        ("ended", or_null(day())),
    ]);
    answer(&[("people", list_of(person))])
}

fn person() -> Value {
    answer(&[("action", action()), ("person", text()), ("commit", or_null(text())), ("actor?", text())])
}

fn init() -> Value {
    answer(&[
        ("action", json!({"const": "init"})),
        ("store?", text()),
        ("commit", or_null(text())),
        ("actor?", text()),
        ("shared?", or_null(text())),
        ("person?", text()),
        ("dry_run?", json!({"const": true})),
    ])
}

fn demo() -> Value {
    answer(&[
        ("action", json!({"const": "demo"})),
        ("store?", text()),
        ("reference?", reference()),
        ("cases?", count()),
        ("steps?", list_of(json!({"type": "object"}))),
        ("look?", list_of(text())),
        ("commit?", json!({"type": "null"})),
        ("dry_run?", json!({"const": true})),
    ])
}

fn exit_codes() -> Value {
    let code = object(&[("code", count()), ("kind", text()), ("meaning", text())]);
    answer(&[("exit_codes", list_of(code))])
}

fn schemas() -> Value {
    answer(&[("schemas", list_of(object(&[("name", text()), ("about", text())])))])
}
